//! Inputs that cannot be used, and files that are not there, end with exit code 2, and nothing is
//! written.

use crate::common::{ADDER, Case, Folder, leanvm, text};

#[test]
fn input_files_that_cannot_be_used() {
    for (input, place) in [
        (
            "{\"public\": [1, 2, 2130706433]}",
            "place: public[2] reason: 2130706433 is",
        ),
        (
            "{\"public\": [1, 2, 4294967299]}",
            "place: public[2] reason: 4294967299 is",
        ),
        (
            "{\"private\": {\"a\": [[0], [1, 2130706433]]}}",
            "place: private.a[1][1] reason: 2130706433 is",
        ),
        ("{\"public\": [1, 2, -3]}", "line 1 column"),
        ("{\"public\": [1, 2, 3.0]}", "line 1 column"),
        ("{\"public\": [1,\n 2, x]}", "line 2 column"),
        ("{\"public\": [1, 2, 3], \"more\": 1}", "no field `more`"),
        (
            "{\"private\": {\"a\": [], \"a\": []}}",
            "the name `a` is given twice",
        ),
        ("[1, 2, 3]", "sequence, where an object is expected"),
        ("", "in the middle of a value"),
    ] {
        let case = Case::new(ADDER, input);
        case.run(&[]).unusable(&case.input).mentions(place);
    }
}

#[test]
fn private_input_that_is_missing_or_left_over() {
    let program = "hint witness \"a\", fp\nadd m[fp], 0, 5\nhalt\n";
    let case = Case::new(program, "{\"private\": {\"b\": [[5]]}}");
    case.run(&[])
        .unusable(&case.input)
        .mentions("witness-missing (31)")
        .mentions("\"private\"");
    let case = Case::new(program, "{\"private\": {\"a\": [[5], [6]]}}");
    case.run(&[])
        .unusable(&case.input)
        .mentions("witness-left-over (32)")
        .mentions("\"private\"");
    Case::new(program, "{\"private\": {\"a\": [[5]]}}")
        .run(&[])
        .accepted();
}

#[test]
fn public_input_beyond_its_cap() {
    let numbers = vec!["0"; (1 << 20) + 1].join(",");
    let case = Case::new("halt\n", &format!("{{\"public\": [{numbers}]}}"));
    case.run(&[])
        .unusable(&case.input)
        .mentions("public-input-too-long (35)");
}

#[test]
fn files_that_are_not_there() {
    let case = Case::new(ADDER, "{\"public\": [1, 2, 3]}");
    let (program, input, absent) = (
        text(&case.program),
        text(&case.input),
        case.folder.path("absent"),
    );
    let absent_text = text(&absent);
    let output = case.folder.path("out");
    let output_text = text(&output);
    for arguments in [
        vec!["asm", absent_text, "-o", output_text],
        vec!["disasm", absent_text],
        vec!["run", absent_text, "-i", input],
        vec!["run", program, "-i", absent_text],
        vec!["prove", absent_text, "-i", input, "-o", output_text],
        vec!["prove", program, "-i", absent_text, "-o", output_text],
        vec!["verify", absent_text, program, "-i", input],
        vec!["verify", program, absent_text, "-i", input],
        vec!["verify", program, program, "-i", absent_text],
    ] {
        leanvm(&arguments).unusable(&absent);
    }
    assert_eq!(case.folder.names(), ["input.json", "program"]);
    // A directory where a file should be.
    let directory = case
        .folder
        .path("input.json")
        .parent()
        .expect("a folder")
        .to_owned();
    leanvm(["run", program, "-i", text(&directory)]).unusable(&directory);
}

#[test]
fn an_output_directory_that_is_not_there() {
    let case = Case::new(ADDER, "{\"public\": [1, 2, 3]}");
    let (program, input) = (text(&case.program), text(&case.input));
    let output = case.folder.path("absent/out");
    leanvm(["asm", program, "-o", text(&output)])
        .unusable(&output)
        .mentions("does not exist");
    leanvm([
        "prove",
        program,
        "-i",
        input,
        "-o",
        text(&output),
        "--params",
        "tiny",
    ])
    .unusable(&output)
    .mentions("does not exist");
    let directory = case
        .folder
        .path("input.json")
        .parent()
        .expect("a folder")
        .to_owned();
    leanvm(["asm", program, "-o", text(&directory)])
        .unusable(&directory)
        .mentions("is a directory");
}

#[test]
fn an_output_file_stays_as_it_is_when_the_command_fails() {
    let case = Case::new(ADDER, "{\"public\": [1, 2, 4]}");
    let output = case.folder.write("out", "as before");
    leanvm([
        "prove",
        text(&case.program),
        "-i",
        text(&case.input),
        "-o",
        text(&output),
    ])
    .rejected("relation-violated (20)");
    let broken = case.folder.write("broken.lasm", "add 1\nhalt\n");
    leanvm(["asm", text(&broken), "-o", text(&output)]).unusable(&broken);
    assert_eq!(std::fs::read(&output).expect("it is there"), b"as before");
    assert_eq!(
        case.folder.names(),
        ["broken.lasm", "input.json", "out", "program"]
    );
    leanvm(["asm", text(&case.program), "-o", text(&output)]).accepted();
    assert!(
        std::fs::read(&output)
            .expect("it is there")
            .starts_with(b"LVM1")
    );
}

#[test]
fn a_program_may_be_run_without_an_input() {
    let folder = Folder::new();
    let program = folder.write("p.lasm", "halt\n");
    let proof = folder.path("proof");
    let prove = [
        "prove",
        text(&program),
        "-o",
        text(&proof),
        "--params",
        "tiny",
    ];
    leanvm(["run", text(&program)]).accepted();
    leanvm(["profile", text(&program)]).accepted();
    leanvm(prove).accepted();
    leanvm(["verify", text(&program), text(&proof), "--params", "tiny"]).accepted();
    // What it lacks is asked for.
    let witness = folder.write("w.lasm", "hint witness \"a\", fp\nadd m[fp], 0, 5\nhalt\n");
    let outcome = leanvm(["run", text(&witness)]).mentions("witness-missing (31)");
    assert_eq!(outcome.code, 2);
    outcome.mentions("add `a` under \"private\"");
}

/// A program that reads public values which nobody has given is told how to get them; other
/// failures are not of that kind.
#[test]
fn public_values_are_asked_for_where_the_input_is_left_out() {
    let folder = Folder::new();
    let guest = "def main():\n    p = 0\n    assert p[0] == 5\n    return\n";
    let reads = folder.write("reads.py", guest);
    let reads_not = folder.write("reads_not.lasm", "add 1, 1, 3\nhalt\n");
    let tested = folder.write("tested.py", format!("# public: 0\n{guest}"));
    let empty = folder.write("empty.json", "{}");
    let proof = folder.path("proof");
    let remedy = "without --input all public values are 0";
    let (reads, proof) = (text(&reads), text(&proof));
    for engine in ["fast", "spec"] {
        leanvm(["run", reads, "--engine", engine])
            .rejected("relation-violated (20)")
            .mentions(remedy);
    }
    leanvm(["profile", reads]).mentions(remedy);
    leanvm(["prove", reads, "-o", proof, "--params", "tiny"]).mentions(remedy);
    for arguments in [
        &["run", reads, "-i", text(&empty)][..],
        &["run", text(&reads_not)],
        &["run", reads, "--max-cycles", "1"],
        &["test", text(&tested)],
    ] {
        let outcome = leanvm(arguments);
        assert_eq!(outcome.code, 1, "{outcome:?}");
        let shown = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!shown.contains("public values"), "{outcome:?}");
    }
}
