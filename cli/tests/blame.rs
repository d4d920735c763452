//! A rejection that a list of the private input causes names the list, and no assertion that held.

use std::path::Path;

use crate::common::{Folder, Outcome, leanvm, text};

const GUEST: &str = r#"def main():
    p = 0
    secret = Array(3)
    hint_witness("secret", secret)
    assert secret[0] == 7, "seven"
    other = Array(1)
    hint_witness("other", other)
    x = secret[2]
    y = x + other[0]
    assert secret[1] * y != p[0], "held"
    return
"#;

/// Runs a guest in both engines on a private input; they say the same about it.
fn run(folder: &Folder, program: &Path, private: &str) -> Outcome {
    let input = folder.write("input.json", format!("{{\"private\": {{{private}}}}}"));
    let outcomes = ["fast", "spec"]
        .map(|engine| leanvm(["run", text(program), "-i", text(&input), "--engine", engine]));
    let [fast, spec] = outcomes;
    assert_eq!(fast.code, spec.code);
    // The place and what stands in parentheses are the engine's own.
    let shared = |outcome: &Outcome| {
        let words: Vec<&str> = outcome.stderr.split_whitespace().collect();
        let text = words.join(" ");
        let reason = text.split_once("reason: ").map(|(_, reason)| reason);
        let reason = reason.and_then(|reason| reason.split(" (").next());
        reason.map(str::to_owned)
    };
    if fast.stderr.contains("`secret`") {
        assert_eq!(shared(&fast), shared(&spec));
    }
    fast
}

#[test]
fn lists_that_are_left_over_are_named_and_no_assertion_is() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    run(
        &folder,
        &program,
        "\"secret\": [[7, 1, 1]], \"other\": [[1]]",
    )
    .accepted();
    let outcome = run(
        &folder,
        &program,
        "\"secret\": [[7, 1, 1], [4, 5]], \"other\": [[1]]",
    );
    let outcome = outcome
        .unusable(&folder.path("input.json"))
        .mentions("witness-left-over (32)")
        .mentions("the program takes 1 of the 2 lists of `secret`: list 2, 2 values, is the first that is left");
    for wrong in ["message", "stack", "held", "seven"] {
        assert!(!outcome.stderr.contains(wrong), "{wrong} in {outcome:?}");
    }
    run(
        &folder,
        &program,
        "\"secret\": [[7, 1, 1]], \"other\": [[1]], \"secrte\": [[1]]",
    )
    .unusable(&folder.path("input.json"))
    .mentions("the program has no private list `secrte`; it has other, secret")
    .mentions("remedy: did you mean `secret`?");
}

#[test]
fn a_missing_list_is_told_with_those_that_there_are() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    run(&folder, &program, "\"secrets\": [[7, 1, 1]], \"other\": [[1]]")
        .unusable(&folder.path("input.json"))
        .mentions("witness-missing (31)")
        .mentions("the program takes a list of `secret`, which the input does not have; its private lists are other, secrets")
        .mentions("remedy: did you mean `secret` where the input has `secrets`?")
        .mentions("hint_witness(\"secret\", secret)");
    run(&folder, &program, "\"secret\": [[7, 1, 1]], \"other\": []")
        .unusable(&folder.path("input.json"))
        .mentions("the program takes list 1 of `other`, of which the input has 0");
    run(&folder, &program, "")
        .unusable(&folder.path("input.json"))
        .mentions("it has no private lists")
        .mentions("remedy: add `secret` under \"private\" of the file given by --input");
    leanvm(["run", text(&program)])
        .mentions("it has no private lists")
        .mentions("remedy: add `secret` under \"private\" of the file given by --input");
}

#[test]
fn any_names_and_any_number_of_them_are_told_in_a_line() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    let names: Vec<String> = (100..150).map(|i| format!("\"n{i}\\u001b\": []")).collect();
    let outcome = run(&folder, &program, &names.join(", "))
        .unusable(&folder.path("input.json"))
        .mentions("its private lists are n100\\u{1b}, n101\\u{1b}, ")
        .mentions(", n111\\u{1b}, and 38 more\n");
    assert!(!outcome.stderr.contains('\u{1b}'), "{outcome:?}");
}

#[test]
fn a_short_list_is_named_with_the_value_that_is_needed() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    run(&folder, &program, "\"secret\": [[7, 1]], \"other\": [[1]]")
        .rejected("operand-undefined (21)")
        .mentions("list 1 of `secret` has 2 values, and value 3 is needed here")
        .mentions(&format!(
            "at least 3 values; it is taken at {}:4",
            text(&program)
        ))
        .mentions("y = x + other[0]");
    run(
        &folder,
        &program,
        "\"secret\": [[7, 1, 2]], \"other\": [[]]",
    )
    .rejected("operand-undefined (21)")
    .mentions("list 1 of `other` has 0 values, and value 1 is needed here");
}

/// A run of hashes reads some cells and writes others: only a cell that it reads is needed.
#[test]
fn the_cells_that_a_run_of_hashes_writes_are_not_needed() {
    let folder = Folder::new();
    let source = r#"def main():
    context = Array(8)
    chains = Array(16)
    for i in unroll(0, 4):
        context[i] = i
        context[4 + i] = i
        chains[i] = i
    digits = Array(3)
    hint_witness("digits", digits)
    hint_witness("start", chains + 8)
    poseidon16_chain(context, chains, 8, digits, 2)
    return
"#;
    let program = folder.write("guest.py", source);
    let given = |start: &str| format!("\"digits\": [[55, 6]], \"start\": [{start}]");
    run(&folder, &program, &given("[1, 2, 3, 4]")).accepted();
    run(&folder, &program, &given("[1, 2, 3]"))
        .rejected("operand-undefined (21)")
        .mentions("list 1 of `start` has 3 values, and value 4 is needed here");
    run(
        &folder,
        &program,
        "\"digits\": [[55]], \"start\": [[1, 2, 3, 4]]",
    )
    .rejected("operand-undefined (21)")
    .mentions("list 1 of `digits` has 1 value, and value 2 is needed here");
}

/// Through a pointer, in an array that is allocated where the program runs, and through a copy that
/// is joined with the cell.
#[test]
fn a_short_list_is_found_through_pointers_and_copies() {
    let folder = Folder::new();
    let source = r#"def main():
    p = 0
    n = p[0]
    lists = Array(2)
    for i in range(0, 2):
        list = Array(n + 4)
        hint_witness("secret", list)
        lists[i] = list
    copy = Array(n + 4)
    for i in range(0, 4):
        copy[i] = lists[1][i]
    total = sum(copy)
    assert total != 1
    return

def sum(list):
    s: Mut = 0
    for i in range(0, 4):
        s += list[i]
    return s
"#;
    let program = folder.write("guest.py", source);
    run(
        &folder,
        &program,
        "\"secret\": [[1, 2, 3, 4], [5, 6, 7, 8]]",
    )
    .accepted();
    run(&folder, &program, "\"secret\": [[1], [5, 6, 7]]")
        .rejected("operand-undefined (21)")
        .mentions("list 2 of `secret` has 3 values, and value 4 is needed here");
    // An undefined cell that no list would reach is blamed on none.
    let source = "def main():\n    a = Array(1)\n    hint_witness(\"secret\", a)\n    b = Array(1)\n    assert b[0] + 1 != a[0]\n    return\n";
    let program = folder.write("undefined.py", source);
    let outcome = run(&folder, &program, "\"secret\": [[1]]").rejected("operand-undefined (21)");
    assert!(!outcome.stderr.contains("`secret`"), "{outcome:?}");
}

#[test]
fn a_list_that_is_longer_than_its_array_is_named() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    let outcome = run(
        &folder,
        &program,
        "\"secret\": [[7, 1, 1, 9]], \"other\": [[1]]",
    );
    assert_eq!(outcome.code, 1, "{outcome:?}");
    outcome.mentions("list 1 of `secret` has 4 values, its array 3 cells");
}
