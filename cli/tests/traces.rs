//! A rejected execution names the line of the program, the message of the assertion, and the functions that are active.

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
            "\n  message: not # the [same\
             \n  stack, innermost first:\
             \n    {path}:21:5 in never [inline]\n      assert a == b, \"not # the [same\"\
             \n    {path}:16:5 in refuse [inline]\n      never(x + 1, x)\
             \n    {path}:11:9 in check\n      refuse(x)\
             \n    {path}:6:9 in main\n      check(i, p[1])\n"
        );
        let (_, shown) = outcome
            .stderr
            .split_at(outcome.stderr.find("\n  message").expect("a message"));
        assert_eq!(shown, expected);
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
    let source = "def main():\n    p = 0\n    x = down(p[0])\n    return\n\ndef down(n):\n    assert n != 0, \"bottom\"\n    r = down(n - 1)\n    return r + 1\n";
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
