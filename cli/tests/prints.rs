//! What a program prints is shown as Python would show it, also when it fails later.

use crate::common::{Folder, leanvm, text};

const GUEST: &str = r#"def main():
    p = 0
    x = p[0]
    print("start")
    print("x =", x, "x - 6 =", x - 6)
    for i in range(0, x):
        show(i)
    print(x, x)
    assert x != 3, "three"
    print("not reached by 3")
    bits = Array(2)
    hint_decompose_bits(x, bits, 2)
    print("at the end", bits[0], "and")
    return

def show(i):
    if i == 1:
        print("one")
    return
"#;

const PRINTED: &str = "start\nx = 3 x - 6 = -3\none\n3 3\n";

#[test]
fn a_failed_run_shows_what_it_printed_before() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    let input = folder.write("input.json", "{\"public\": [3]}");
    let proof = folder.path("proof");
    let prove = ["-o", text(&proof), "--params", "tiny"];
    for (command, extra) in [
        ("run", &["--engine", "fast"][..]),
        ("run", &["--engine", "spec"]),
        ("prove", &prove),
        ("profile", &[]),
    ] {
        let arguments = [command, text(&program), "-i", text(&input)];
        let arguments: Vec<&str> = arguments.iter().chain(extra).copied().collect();
        let outcome = leanvm(&arguments).mentions("message: three");
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, PRINTED));
        let json = leanvm(arguments.iter().chain(&["--json"])).json();
        assert_eq!(json["status"], "rejected");
        let negative = 2_130_706_430_u32;
        assert_eq!(json["printed"], serde_json::json!([3, negative, 3, 3]));
        assert_eq!(json["prints"].as_array().map(Vec::len), Some(4), "{json}");
        let line = serde_json::json!({
            "text": "x = 3 x - 6 = -3", "values": [3, negative], "file": text(&program), "line": 5,
        });
        assert_eq!(json["prints"][1], line);
    }
    assert!(!proof.exists());
}

/// A hint that cannot be computed ends a run before what is printed after it, in the same cycle or
/// not.
#[test]
fn nothing_is_printed_behind_a_hint_that_fails() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    let input = folder.write("input.json", "{\"public\": [4]}");
    let outcome = leanvm(["run", text(&program), "-i", text(&input)]);
    let expected = "start\nx = 4 x - 6 = -2\none\n4 4\nnot reached by 3\n";
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, expected));

    let source = "def main():\n    p = 0\n    print(\"before\")\n    hint_decompose_bits(p[0], Array(2), 2)\n    print(\"after\")\n    return\n";
    let program = folder.write("adjacent.py", source);
    let outcome = leanvm(["run", text(&program), "-i", text(&input)]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, "before\n"));
}

#[test]
fn an_accepted_run_shows_its_lines_first() {
    let folder = Folder::new();
    let program = folder.write("guest.py", GUEST);
    let input = folder.write("input.json", "{\"public\": [2]}");
    let proof = folder.path("proof");
    let prove = ["-o", text(&proof), "--params", "tiny"];
    for (command, extra) in [("run", &[][..]), ("prove", &prove), ("profile", &[])] {
        let arguments = [command, text(&program), "-i", text(&input)];
        let arguments: Vec<&str> = arguments.iter().chain(extra).copied().collect();
        let outcome = leanvm(&arguments).accepted();
        let expected = "start\nx = 2 x - 6 = -4\none\n2 2\nnot reached by 3\nat the end 1 and\n\n";
        assert!(outcome.stdout.starts_with(expected), "{outcome:?}");
        let json = leanvm(arguments.iter().chain(&["--json"])).json();
        assert_eq!(json["printed"].as_array().map(Vec::len), Some(5), "{json}");
    }
}

#[test]
fn assembly_prints_a_line_for_each_value() {
    let folder = Folder::new();
    let source = "hint print 1\nhint print -1\nadd 0, 0, 0\nhint print 7\nadd 0, 0, 1\nhalt\n";
    let program = folder.write("p.lasm", source);
    let input = folder.write("input.json", "{}");
    for engine in ["fast", "spec"] {
        let arguments = [
            "run",
            text(&program),
            "-i",
            text(&input),
            "--engine",
            engine,
        ];
        let outcome = leanvm(arguments).rejected("relation-violated (20)");
        assert_eq!(outcome.stdout, "1\n-1\n7\n");
    }
}

/// What LANGUAGE.md says about its example.
#[test]
fn the_example_of_the_reference_prints_its_lines() {
    let chapter = include_str!("../../compiler/LANGUAGE.md");
    let (_, rest) = chapter
        .split_once("`print(e, …)` shows a line")
        .expect("the section");
    let (_, rest) = rest.split_once("```python\n").expect("an example");
    let (example, rest) = rest.split_once("```\n").expect("its end");
    let sentence = rest.trim_start().lines().next().expect("a sentence");
    let expected: Vec<&str> = sentence.split('`').skip(1).step_by(2).collect();
    let folder = Folder::new();
    let program = folder.write("guest.py", example);
    let input = folder.write("input.json", "{\"public\": [5]}");
    let outcome = leanvm(["run", text(&program), "-i", text(&input)]).accepted();
    let lines: Vec<&str> = outcome.stdout.lines().take(expected.len()).collect();
    assert_eq!(lines, expected);
    assert_eq!(expected.len(), 2);
}
