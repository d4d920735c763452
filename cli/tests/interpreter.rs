//! `leanvm run --engine interpreter`: guest programs in the reference interpreter, reported as the
//! engines report them.

use serde_json::json;

use crate::common::{Folder, leanvm, text};

const GUEST: &str = r#"def main():
    p = 0
    x = p[0]
    print("x =", x)
    check(x, p[1])
    secret = Array(1)
    hint_witness("secret", secret)  # allow: unconstrained-hint
    print("secret", secret[0])
    return

@inline
def check(x, bound):
    debug_assert(x <= bound, "above the bound")
    assert x != 4, "four"
    return
"#;

#[test]
fn prints_and_failures_are_as_those_of_the_engines() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    let path = text(&program);
    let input = folder.write(
        "input.json",
        "{\"public\": [4, 9], \"private\": {\"secret\": [[1]]}}",
    );
    let run = |engine: &str| leanvm(["run", path, "-i", text(&input), "--engine", engine]);
    let (interpreted, fast) = (run("interpreter"), run("fast"));
    assert_eq!((interpreted.code, &interpreted.stdout), (1, &fast.stdout));
    assert_eq!(fast.stdout, "x = 4\n");
    // Between the line and the stack stands what only one of them knows: codes, or the name of the
    // outcome.
    let trace = |text: &str| {
        let (_, from_message) = text.split_once("\n  message: ").expect("a message");
        let (line, rest) = from_message.split_once("\n  file: ").expect("a file");
        let (_, stack) = rest.split_once("\n  stack").expect("a stack");
        (line.to_owned(), stack.to_owned())
    };
    assert_eq!(trace(&interpreted.stderr), trace(&fast.stderr));
    interpreted
        .rejected("Equal")
        .mentions("two values that have to differ are equal")
        .mentions(&format!("{path}:14:5 in check [inline]"));

    let json = leanvm([
        "run",
        path,
        "-i",
        text(&input),
        "--engine",
        "interpreter",
        "--json",
    ])
    .has(json!({ "status": "rejected", "name": "Equal", "message": "four" }));
    assert_eq!(json["prints"][0]["text"], "x = 4");
    assert_eq!(json["stack"].as_array().map(Vec::len), Some(2));
}

/// The bound is known at run time only, so that the compiled program does not check the order.
#[test]
fn every_debug_assert_is_checked() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    let input = folder.write(
        "input.json",
        "{\"public\": [9, 8], \"private\": {\"secret\": [[5]]}}",
    );
    let run = |engine: &str| {
        leanvm([
            "run",
            text(&program),
            "-i",
            text(&input),
            "--engine",
            engine,
        ])
    };
    run("fast").accepted();
    run("interpreter")
        .rejected("DebugAssertion")
        .mentions("message: above the bound");
    let holds = folder.write(
        "holds.json",
        "{\"public\": [9, 9], \"private\": {\"secret\": [[5]]}}",
    );
    let outcome = leanvm([
        "run",
        text(&program),
        "-i",
        text(&holds),
        "--engine",
        "interpreter",
    ]);
    assert!(outcome.accepted().stdout.starts_with("x = 9\nsecret 5\n\n"));
}

#[test]
fn what_it_cannot_run_is_told() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    let assembly = folder.write("p.lasm", "halt\n");
    let run = |program, input| leanvm(["run", program, "-i", input, "--engine", "interpreter"]);
    let input = folder.write("input.json", "{\"public\": [1, 9]}");
    let outcome = run(text(&assembly), text(&input));
    assert_eq!(outcome.code, 2);
    outcome.mentions("p.lasm is no guest program");
    run(text(&program), text(&input))
        .unusable(&input)
        .mentions("WitnessMissing")
        .mentions("the program takes a list of `secret`, which the input does not have");
    let private = "{\"public\": [1, 9], \"private\": {\"secret\": [[1], [2]]}}";
    let input = folder.write("input.json", private);
    let outcome = run(text(&program), text(&input)).unusable(&input);
    assert!(!outcome.stderr.contains("stack"), "{outcome:?}");
    outcome.mentions("the program takes 1 of the 2 lists of `secret`: list 2, 1 value, is the first that is left");
    let hostile = folder.write("loop.py", "def main():\n    main_loop(0)\n    return\n\ndef main_loop(x):\n    for i in range(0, 0 - 1):\n        print(1)\n    return\n");
    let input = folder.write("empty.json", "{}");
    leanvm([
        "run",
        text(&hostile),
        "-i",
        text(&input),
        "--engine",
        "interpreter",
        "--max-cycles",
        "100",
    ])
    .rejected("StepLimit");
}
