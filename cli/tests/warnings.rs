//! Warnings about guest programs: where they are printed, and how they are silenced.

use crate::common::{Folder, leanvm, text};

/// Line 3 has a variable that is never read, line 5 a hint that nothing constrains, line 8 bits
/// that may be any elements; line 12 is never called.
const PROGRAM: &str = "def main():
    public = 0
    forgotten = public[0]
    chosen = Array(1)
    hint_inverse(public[0], chosen)
    print(chosen[0])
    bits = Array(2)
    hint_decompose_bits(public[0], bits, 2)
    assert 2 * bits[0] + bits[1] == public[0]
    return

def unneeded():
    return
";

const LINTS: [(&str, u64); 4] = [
    ("unused-variable", 3),
    ("unconstrained-hint", 5),
    ("unchecked-bits", 8),
    ("unused-function", 12),
];

fn folder(program: &str) -> Folder {
    let folder = Folder::new();
    folder.write("guest.py", program);
    folder.write("input.json", r#"{"public": [3]}"#);
    folder.write("other.json", r#"{"public": [9]}"#);
    folder
}

#[test]
fn every_command_that_compiles_warns() {
    let folder = folder(PROGRAM);
    let [program, input, other] =
        ["guest.py", "input.json", "other.json"].map(|name| folder.path(name));
    let [program, input, other] = [&program, &input, &other].map(|path| text(path));
    let output = folder.path("out");
    let output = text(&output);
    for arguments in [
        vec!["compile", program, "-o", output],
        vec!["run", program, "--input", input],
        vec!["run", program, "--input", input, "--engine", "spec"],
        vec!["run", program, "--input", input, "--engine", "interpreter"],
        vec!["profile", program, "--input", input],
        vec![
            "prove", program, "--input", input, "--params", "tiny", "-o", output,
        ],
    ] {
        let mut outcome = leanvm(&arguments).accepted();
        for (lint, line) in LINTS {
            outcome = outcome
                .mentions(&format!("warning[{lint}]: "))
                .mentions(&format!("guest.py:{line}:"));
        }
        let json = leanvm(arguments.iter().chain(&["--json"])).accepted();
        assert_eq!(json.stderr, "");
        let json = json.json();
        let warnings = json["warnings"].as_array().expect("a list");
        let found: Vec<(&str, u64)> = warnings
            .iter()
            .map(|warning| {
                let lint = warning["lint"].as_str().expect("a name");
                (lint, warning["line"].as_u64().expect("a line"))
            })
            .collect();
        assert_eq!(found, LINTS, "{arguments:?}");
    }
    // The exit code and the first line are those of the run; the list is there too.
    for engine in ["fast", "spec", "interpreter"] {
        let run = ["run", program, "--input", other, "--engine", engine];
        let outcome = leanvm(run);
        assert_eq!(outcome.code, 1, "{outcome:?}");
        assert!(outcome.stderr.starts_with("rejected: "), "{outcome:?}");
        outcome.mentions("warning[unused-variable]: ");
        let json = leanvm(run.iter().chain(&["--json"])).json();
        assert_eq!(json["warnings"].as_array().map(Vec::len), Some(LINTS.len()));
    }
}

#[test]
fn warnings_are_allowed_by_flags_and_comments() {
    let folder = folder(PROGRAM);
    let [program, input] = ["guest.py", "input.json"].map(|name| folder.path(name));
    let run = ["run", text(&program), "--input", text(&input)];
    let allow = LINTS.iter().flat_map(|(lint, _)| ["--allow", lint]);
    let outcome = leanvm(run.into_iter().chain(allow.clone())).accepted();
    assert_eq!(outcome.stderr, "");
    let outcome = leanvm(run.into_iter().chain(allow.skip(2))).accepted();
    assert_eq!(outcome.stderr.matches("warning[").count(), 1);
    let outcome = leanvm(run.iter().chain(&["--allow", "unused"]));
    assert_eq!(outcome.code, 2);
    outcome.mentions("unused-variable, unused-function, unconstrained-hint, unchecked-bits");

    let commented = PROGRAM
        .replace("= public[0]\n", "= public[0]  # allow: unused-variable\n")
        .replace(
            "    hint_inverse",
            "    # allow: unchecked-bits, unconstrained-hint\n    hint_inverse",
        )
        .replace("bits, 2)\n", "bits, 2)  # allow: unused-variable\n");
    let program = folder.write("guest.py", commented);
    let outcome = leanvm(["run", text(&program), "--input", text(&input)]).accepted();
    assert_eq!(outcome.stderr.matches("warning[").count(), 2);
    outcome
        .mentions("warning[unchecked-bits]: ")
        .mentions("warning[unused-function]: ");
}
