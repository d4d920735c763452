//! A rejected execution names the line of the program, the message of the assertion, and the
//! functions that are active.

use serde_json::json;

use crate::common::{Folder, leanvm, text};

const GUEST: &str = r#"from snark_lib import *

def main():
    p = 0
    for i in range(0, p[0]):
        check(i, p[1])
    return

def check(x, bound):
    if x == bound:
        refuse(x)
    return

@inline
def refuse(x):
    never(x + 1, x)
    return

@inline
def never(a, b):
    assert a == b, "not # the [same"
    return
"#;

#[test]
fn a_failed_assertion_shows_its_line_its_message_and_the_stack() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    let input = folder.write("input.json", "{\"public\": [5, 3]}");
    for engine in ["fast", "spec"] {
        let outcome = leanvm([
            "run",
            text(&program),
            "-i",
            text(&input),
            "--engine",
            engine,
        ])
        .rejected("relation-violated (20)");
        let path = text(&program);
        let expected = format!(
            "\n  stack, innermost first:\
             \n    {path}:21:5 in never [inline]\n      assert a == b, \"not # the [same\"\
             \n    {path}:16:5 in refuse [inline]\n      never(x + 1, x)\
             \n    {path}:11:9 in check\n      refuse(x)\
             \n    {path}:6:9 in main\n      check(i, p[1])\n"
        );
        let (_, shown) = outcome
            .stderr
            .split_at(outcome.stderr.find("\n  stack").expect("a stack"));
        assert_eq!(shown, expected);
        // What failed comes first, then the numbers of the machine.
        assert!(
            outcome.stderr.contains(&format!(
                "\n  assert a == b failed: a = 4, b = 3\
                 \n  message: not # the [same\
                 \n  at {path}:21:5: assert a == b, \"not # the [same\"\
                 \n  file: "
            )),
            "{outcome:?}"
        );
    }
    let json = leanvm(["run", text(&program), "-i", text(&input), "--json"]).json();
    assert_eq!(json["message"], "not # the [same");
    let stack = json["stack"].as_array().expect("a stack");
    let functions: Vec<_> = stack
        .iter()
        .map(|entry| entry["function"].as_str())
        .collect();
    assert_eq!(functions, ["never", "refuse", "check", "main"].map(Some));
    assert_eq!(stack[0]["line"], 21);
    assert_eq!(stack[0]["column"], 5);
    assert_eq!(stack[0]["inline"], true);
    assert_eq!(stack[2]["inline"], false);

    let accepted = folder.write("accepted.json", "{\"public\": [3, 3]}");
    leanvm(["run", text(&program), "-i", text(&accepted)]).accepted();
}

/// The kinds of failure, each at its line of `main`.
#[test]
fn every_failure_of_a_guest_names_its_line() {
    let folder = Folder::new();
    let input = folder.write("input.json", "{\"public\": [7]}");
    for (line, message) in [
        ("assert p[0] == 8, \"equal\"", Some("equal")),
        ("assert p[0] != 7, \"different\"", Some("different")),
        ("assert p[0] < 7, \"below\"", Some("below")),
        ("assert p[0] <= 6, 'at most'", Some("at most")),
        ("assert False, \"never\"", Some("never")),
        ("assert p[0] == 8", None),
        ("x = 1 / (p[0] - 7)", None),
        ("hint_decompose_bits(p[0], Array(2), 2)", None),
    ] {
        let source = format!("def main():\n    p = 0\n    y = p[0]\n    {line}\n    return\n");
        let program = folder.write("guest.py", source);
        let arguments = ["run", text(&program), "-i", text(&input), "--json"];
        let outcome = leanvm(arguments);
        assert_eq!(outcome.code, 1, "{line}: {outcome:?}");
        let json = outcome.json();
        assert_eq!(json["stack"][0]["line"], 4, "{line}: {json}");
        assert_eq!(json["stack"][0]["text"], line, "{json}");
        assert_eq!(json["message"].as_str(), message, "{json}");
    }
}

#[test]
fn deep_stacks_are_shown_in_part() {
    let folder = Folder::new();
    let source = "def main():\n    p = 0\n    x = down(p[0])\n    print(x)\n    return\n\ndef down(n):\n    assert n != 0, \"bottom\"\n    r = down(n - 1)\n    return r + 1\n";
    let program = folder.write("guest.py", source);
    let input = folder.write("input.json", "{\"public\": [1000]}");
    let outcome = leanvm(["run", text(&program), "-i", text(&input)]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    // 1001 activations of `down` and `main`, of which 24 are shown.
    let outcome = outcome
        .mentions("\n    … 978 more\n")
        .mentions("message: bottom");
    assert_eq!(outcome.stderr.matches(" in down\n").count(), 23);
    assert!(
        outcome
            .stderr
            .ends_with("guest.py:3:9 in main\n      x = down(p[0])\n")
    );
}

#[test]
fn assembly_names_the_line_and_the_label() {
    let folder = Folder::new();
    let source = "; a comment\nadd 1, 2, m[fp]\n\nagain: add m[fp], 0, 3\ncheck:\n  hint print 1\n  add m[fp], 0, 4 ; fails\nhalt\n";
    let program = folder.write("p.lasm", source);
    let input = folder.write("input.json", "{}");
    let path = text(&program);
    leanvm(["run", path, "-i", text(&input)])
        .rejected("relation-violated (20)")
        .mentions(&format!(
            "\n    {path}:7:1 in check\n      add m[fp], 0, 4\n"
        ));
    let binary = folder.path("p.lvm");
    leanvm(["asm", path, "-o", text(&binary)]).accepted();
    leanvm(["run", text(&binary), "-i", text(&input)])
        .rejected("relation-violated (20)")
        .mentions("p.lvm:5:1 in start\n");

    let source = "add 1, 2, m[fp]\nhint print 1\nhint bits m[fp], fp+1, 1\nadd 0, 0, 0\nhalt\n";
    let program = folder.write("q.lasm", source);
    leanvm(["run", text(&program), "-i", text(&input)])
        .rejected("hint-failed (33)")
        .mentions("q.lasm:3:1 in start\n      hint bits m[fp], fp+1, 1\n");
}

/// A program with these lines in `main`.
fn guest_with(lines: &str) -> String {
    let body: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "N = 4\nTABLE = [5, 6, 7]\ndef main():\n    p = 0\n    x = p[0]\n    n = p[1]\n    z = p[2]\n{body}    return\n\n\
         def check(value, k: Const):\n    for i in unroll(0, k):\n        assert value != k + 9 + i\n    return value\n\n\
         @inline\ndef boolean(b):\n    assert b * (1 - b) == 0\n    return\n"
    )
}

/// What a run on the public input 12, 10, 0, … says of the line of `main` that fails.
fn explained(lines: &str) -> (String, String) {
    let folder = Folder::new();
    let source = guest_with(lines);
    let program = folder.write("guest.py", source);
    let input = folder.write("input.json", "{\"public\": [12, 10]}");
    let arguments = ["run", text(&program), "-i", text(&input), "--json"];
    let outcome = leanvm(arguments);
    assert_eq!(outcome.code, 1, "{lines}: {outcome:?}");
    let json = outcome.json();
    let line = json["stack"][0]["text"].as_str().expect("a line");
    let explanation = json["explanation"].as_str().unwrap_or_default();
    (explanation.to_owned(), line.to_owned())
}

/// What LANGUAGE.md says of a value that has no cell and of stores: the numbers are in the reason.
#[test]
fn what_no_cell_has_is_in_the_reason() {
    for (lines, reason) in [
        ("print(x)\nassert x == n", "cell 1 is 10, not 12"),
        ("print(n)\nassert x == n", "cell 0 is 12, not 10"),
        ("assert x == n", "cell 0 is 12, not 10"),
        ("p[1] = 2 * x", "cell 1 is 10, not 24"),
        ("a = Array(1)\na[0] = x\na[0] = 2", "2 + 0 is not 12"),
    ] {
        let folder = Folder::new();
        let program = folder.write("guest.py", guest_with(lines));
        let input = folder.write("input.json", "{\"public\": [12, 10]}");
        leanvm(["run", text(&program), "-i", text(&input)])
            .rejected("relation-violated (20)")
            .mentions(&format!("reason: {reason}\n"));
    }
}

/// Lines of a program, and what is said of the assertion in them that fails.
const EXPLANATIONS: &[(&str, &str)] = &[
    (
        // `n` is used here only and is the cell that the assertion reads: it has no value of its
        // own.
        "print(x)\nassert x == n",
        "assert x == n failed: x = 12",
    ),
    ("assert x != 12", "assert x != 12 failed: x = 12"),
    ("assert x < n", "assert x < n failed: x = 12, n = 10"),
    ("assert x <= 11", "assert x <= 11 failed: x = 12"),
    ("assert 12 < x", "assert 12 < x failed: x = 12"),
    (
        "assert z - 1 < n",
        "assert z - 1 < n failed: z - 1 = -1, n = 10, z = 0",
    ),
    (
        "assert x - n < 2",
        "assert x - n < 2 failed: x - n = 2, x = 12, n = 10",
    ),
    (
        "assert x * z != n * z",
        "assert x * z != n * z failed: x * z = 0, n * z = 0, x = 12, z = 0, n = 10",
    ),
    (
        "assert p[0] == p[1]",
        "assert p[0] == p[1] failed: p[1] = 10",
    ),
    (
        "assert 2 * x == n + 1",
        "assert 2 * x == n + 1 failed: n + 1 = 11, x = 12, n = 10",
    ),
    ("assert N == 5", "assert N == 5 failed: N = 4"),
    (
        "a = Array(2)\na[0] = x\na[1] = n\nassert a[0] == a[1]",
        "assert a[0] == a[1] failed: a[0] = 12, a[1] = 10",
    ),
    ("y = n / z\nprint(y)", "division by z: z = 0"),
    (
        "y = x / (n - 10)\nprint(y)",
        "division by (n - 10): (n - 10) = 0, n = 10",
    ),
    (
        "debug_assert(x == n)",
        "debug_assert(x == n) failed: x = 12, n = 10",
    ),
    ("debug_assert(x < 5)", "debug_assert(x < 5) failed: x = 12"),
    (
        "match x:\n    case 0:\n        print(0)\n    case 1:\n        print(1)",
        "no case for x, the cases are 0 to 1: x = 12",
    ),
    (
        "match x - n:\n    case 0:\n        print(0)\n    case 1:\n        print(1)",
        "no case for x - n, the cases are 0 to 1: x - n = 2, x = 12, n = 10",
    ),
    (
        "print(match_range(x, range(0, 3), lambda i: i))",
        "no case for x, the cases are 0 to 2: x = 12",
    ),
    (
        "print(match_range(x, range(20, 60), lambda i: i))",
        "no case for x, the cases are 20 to 59: x = 12",
    ),
    (
        "for i in dynamic_unroll(0, x, 3):\n    print(i)",
        "a `dynamic_unroll` of 2^3 iterations or more: x = 12",
    ),
    (
        "for i in unroll(0, 3):\n    assert x != TABLE[i] + 6",
        "assert x != TABLE[i] + 6 failed: x = 12, TABLE[i] + 6 = 12, i = 1",
    ),
    (
        "for i in unroll(0, 5):\n    for j in unroll(0, 3):\n        assert x != 4 * i + j",
        "assert x != 4 * i + j failed: x = 12, 4 * i + j = 12, i = 3, j = 0",
    ),
    (
        "for i in unroll(0, 3):\n    assert x != TABLE[0] + 7",
        "assert x != TABLE[0] + 7 failed: x = 12, TABLE[0] + 7 = 12, where i = 0",
    ),
    (
        "for i in range(0, 9):\n    assert i + 1 != 8",
        "assert i + 1 != 8 failed: i + 1 = 8, i = 7",
    ),
    (
        "y = check(x, 2)\nprint(y)",
        "assert value != k + 9 + i failed: value = 12, k + 9 + i = 12, k = 2, i = 1",
    ),
    ("boolean(n)", "assert b * (1 - b) == 0 failed: b = 10"),
    (
        "for i in range(0, n):\n    assert i != 7",
        "assert i != 7 failed: i = 7",
    ),
    (
        "for i in range(0, n):\n    assert i + n != 13",
        "assert i + n != 13 failed: i + n = 13, i = 3, n = 10",
    ),
    (
        "for i in range(0, n):\n    for j in range(0, n):\n        assert i * x + j < 30",
        "assert i * x + j < 30 failed: i * x + j = 30, i = 2, x = 12, j = 6",
    ),
    (
        "u = Array(1)\nassert u[0] < n",
        "assert u[0] < n failed: u[0] has no value, n = 10",
    ),
];

#[test]
fn failed_assertions_are_explained_in_the_words_of_the_program() {
    for (lines, expected) in EXPLANATIONS {
        let (explanation, line) = explained(lines);
        assert_eq!(explanation, *expected, "{lines} at {line}");
    }
}

/// A limit that is reached behind an assertion that holds is not its failure.
#[test]
fn a_limit_is_not_explained_by_an_assertion_that_holds() {
    let folder = Folder::new();
    let source = "def main():\n    p = 0\n    n = p[0]\n    for i in range(0, n):\n        assert i != n\n    return\n";
    let program = folder.write("guest.py", source);
    let input = folder.write("input.json", "{\"public\": [9]}");
    for cycles in 5..15 {
        let cycles = cycles.to_string();
        let arguments = [
            "run",
            text(&program),
            "-i",
            text(&input),
            "--json",
            "--max-cycles",
            &cycles,
        ];
        leanvm(arguments).has(json!({ "name": "cycle-limit", "explanation": null }));
    }
}
