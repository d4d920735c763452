//! `leanvm test`: guest programs do what their headers say.

use std::path::Path;

use serde_json::json;

use crate::common::{Folder, leanvm, text};

const PASSING: &str = "# public: 3\n# private w: 4\n# placeholder N_PLACEHOLDER: 2\n# prints: 3 -1\ndef main():\n    p = 0\n    w = Array(1)\n    hint_witness(\"w\", w)\n    print(p[0], p[0] - w[0])\n    assert N_PLACEHOLDER == 2\n    return\n";

#[test]
fn programs_are_run_by_their_headers_in_every_engine() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path("b/c")).expect("a folder");
    folder.write("b/c/passing.py", PASSING);
    folder.write("a.py", "# outcome: NotEqual\n# prints: 1\ndef main():\n    x = 1\n    print(x)\n    assert x == x + 1\n    return\n");
    folder.write(
        "b/refused.py",
        "# error: UnknownName\ndef main():\n    print(x)\n    return\n",
    );
    folder.write("b/library.py", "N = 3\n");
    folder.write("b/other.txt", "# public: x\n");
    for engine in ["fast", "spec", "interpreter"] {
        let outcome = leanvm(["test", text(&folder.path("")), "--engine", engine]).accepted();
        let shown: Vec<String> = outcome.stdout.lines().map(str::to_owned).collect();
        let line = |verdict: &str, name: &str| {
            format!("{verdict:<9}  {}", folder.path("").join(name).display())
        };
        let expected = [
            line("passed", "a.py"),
            line("passed", "b/c/passing.py"),
            line("no header", "b/library.py"),
            line("passed", "b/refused.py"),
            String::new(),
            "3 passed, 0 failed, 1 without a header, of which nothing is expected".to_owned(),
        ];
        assert_eq!(shown, expected);
        let outcome = leanvm(["test", text(&folder.path("")), "--engine", engine, "--json"]);
        let json = outcome.has(json!({
            "passed": 3, "failed": 0, "without_header": 1, "engine": engine,
        }));
        assert_eq!(json["programs"][2]["result"], "no header");
    }
}

const MAIN: &str = "def main():\n    p = 0\n    x = p[0]\n    print(\"x\", x)\n    assert x != 5, \"five\"\n    debug_assert(x < p[1] + 1)\n    return\n";

/// Names and headers of programs with [`MAIN`], and what is said of the difference.
const DIFFERENCES: &[(&str, &str, &[&str])] = &[
    (
        "prints",
        "# public: 1 9\n# prints: 2\n",
        &["prints 1\n", "expected 2\n"],
    ),
    ("extra", "# public: 1 9\n", &["prints 1\n", "expected \n"]),
    (
        "fails",
        "# public: 5 9\n# prints: 5\n",
        &["rejected: ", "message: five"],
    ),
    (
        "accepted",
        "# public: 1 9\n# prints: 1\n# outcome: Equal\n",
        &["succeeds; Equal is expected\n"],
    ),
    (
        "otherwise",
        "# public: 5 9\n# prints: 5\n# outcome: Undefined\n",
        &["fails otherwise than by Undefined\n", "message: five"],
    ),
    (
        "no_error",
        "# error: Shadowing\n",
        &["is accepted; Shadowing is expected\n"],
    ),
    (
        "missing_list",
        "# public: 1 9\n# prints: 1\n# private w: 1\n",
        &["the program has no private list `w`; it has none"],
    ),
];

#[test]
fn every_kind_of_difference_fails() {
    let folder = Folder::new();
    for (name, header, expected) in DIFFERENCES {
        let program = folder.write(&format!("{name}.py"), format!("{header}{MAIN}"));
        for engine in ["fast", "interpreter"] {
            let outcome = leanvm(["test", text(&program), "--engine", engine]);
            assert_eq!(outcome.code, 1, "{name}: {outcome:?}");
            assert!(outcome.stdout.starts_with("failed "), "{name}: {outcome:?}");
            let shown = outcome.stdout.replace("    ", "");
            for expected in *expected {
                assert!(shown.contains(expected), "{name}: {expected} in {shown}");
            }
            assert!(
                outcome.stdout.ends_with("\n0 passed, 1 failed\n"),
                "{outcome:?}"
            );
            outcome.mentions("1 program does not do what the header says");
        }
    }
}

#[test]
fn programs_that_do_not_compile_fail() {
    let folder = Folder::new();
    let program = folder.write(
        "wrong_error.py",
        "# error: Shadowing\ndef main():\n    print(x)\n    return\n",
    );
    let outcome = leanvm(["test", text(&program)]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome
            .stdout
            .contains("is refused otherwise than by Shadowing"),
        "{outcome:?}"
    );
    assert!(outcome.stdout.contains("error[UnknownName]"), "{outcome:?}");
    let program = folder.write(
        "does_not_compile.py",
        "# public: 1\ndef main():\n    print(x)\n    return\n",
    );
    let outcome = leanvm(["test", text(&program), "--json"]);
    assert_eq!(outcome.code, 1);
    let json = outcome.has(json!({ "status": "rejected", "failed": 1 }));
    let difference = json["programs"][0]["difference"].as_str().expect("a text");
    assert!(difference.contains("error[UnknownName]"), "{json}");
}

#[test]
fn an_order_that_only_the_interpreter_checks_is_told() {
    let folder = Folder::new();
    let order = "# public: 9 8\n# outcome: DebugAssertion\n# prints: 9\n";
    let program = folder.write("order.py", format!("{order}{MAIN}"));
    let outcome = leanvm(["test", text(&program)]);
    assert!(
        outcome.stdout.contains("`--engine interpreter` checks"),
        "{outcome:?}"
    );
    leanvm(["test", text(&program), "--engine", "interpreter"]).accepted();
}

#[test]
fn what_cannot_be_tested_is_unusable() {
    let folder = Folder::new();
    let plain = folder.write("plain.py", "def main():\n    return\n");
    leanvm(["test", text(&plain)])
        .unusable(&plain)
        .mentions("no guest program with a header");
    let bad = folder.write(
        "bad.py",
        "# public: 1\n# outcome: Equals\ndef main():\n    return\n",
    );
    leanvm(["test", text(&folder.path(""))])
        .unusable(&bad)
        .mentions(
            "place: line 2 reason: there is no outcome `Equals`; the outcomes are InputRefused, NotEqual, ",
        );
    let assembly = folder.write("p.lasm", "halt\n");
    leanvm(["test", text(&assembly)]).unusable(&assembly);
    let missing = folder.path("missing.py");
    leanvm(["test", text(&missing)]).unusable(&missing);
}

/// The conformance programs of the compiler, through the command.
#[test]
fn the_conformance_programs_pass() {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/tests/programs");
    let outcome = leanvm(["test", text(&programs), "--json"]).accepted();
    let json = outcome.json();
    assert!(json["passed"].as_u64() > Some(90), "{json}");
}
