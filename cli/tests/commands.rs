//! The shape of the command line: help, JSON, exit codes, security.

use leanvm_fast::processor::Processor;
use serde_json::json;

use crate::common::{Folder, leanvm, leanvm_with, processor, text};

#[test]
fn every_command_explains_itself() {
    let help = leanvm(["--help"]).accepted().stdout;
    for expected in [
        "asm",
        "compile",
        "disasm",
        "run",
        "profile",
        "prove",
        "verify",
        "security",
        "merge",
        "serve",
        "Exit codes",
        "LEANVM_LEVEL",
        "\"public\"",
    ] {
        assert!(help.contains(expected), "{expected} in {help}");
    }
    for command in [
        "asm", "compile", "disasm", "run", "profile", "prove", "verify", "security", "bench",
        "merge", "serve",
    ] {
        let help = leanvm([command, "--help"]).accepted().stdout;
        assert!(help.contains("Usage: leanvm"), "{help}");
    }
    let unknown = leanvm(["frobnicate"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("frobnicate"));
}

#[test]
fn values_outside_their_range_are_unusable() {
    for arguments in [
        vec!["prove", "p", "-i", "i", "-o", "o", "--log-inv-rate", "5"],
        vec!["prove", "p", "-i", "i", "-o", "o", "--threads", "0"],
        vec!["prove", "p", "-i", "i", "-o", "o", "--params", "huge"],
        vec!["run", "p", "-i", "i", "--max-cells", "67108865"],
    ] {
        assert_eq!(leanvm(&arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn json_is_one_object_for_success_and_for_errors() {
    let folder = Folder::new();
    let program = folder.write("p.lasm", "hint print 7\nadd 1, 1, 3\nhalt\n");
    let input = folder.write("i.json", "{}");
    let outcome = leanvm(["run", text(&program), "-i", text(&input), "--json"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    outcome.has(json!({
        "command": "run", "status": "rejected", "code": 20, "name": "relation-violated",
    }));

    let program = folder.write("p.lasm", "hint print 7\nadd 1, 2, 3\nhalt\n");
    leanvm(["run", text(&program), "-i", text(&input), "--json"])
        .accepted()
        .has(json!({ "command": "run", "status": "ok", "cycles": 1, "printed": [7] }));

    let outcome = leanvm(["run", "absent.lasm", "-i", text(&input), "--json"]);
    assert_eq!(outcome.code, 2);
    outcome.has(json!({ "status": "unusable", "file": "absent.lasm" }));
}

/// JSON says which vector instructions are in use; text has a note where the processor has better
/// ones.
#[test]
fn long_work_tells_of_the_processor() {
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
    let outcome = leanvm(prove.iter().chain(&["--json"])).accepted();
    assert_eq!(outcome.stderr, "");
    outcome.has(json!({ "processor": processor() }));
    let here = Processor::here();
    let note = here
        .unused()
        .map_or_else(String::new, |_| format!("note: {here}\n"));
    assert_eq!(leanvm(prove).accepted().stderr, note);
    let level = here.level.strip_prefix("x86-64-").unwrap_or("baseline");
    for (forced, expected) in [(level, ""), ("v5", &note)] {
        let outcome = leanvm_with(&[("LEANVM_LEVEL", forced)], prove);
        assert_eq!(outcome.accepted().stderr, expected, "{forced}");
    }
}

#[test]
fn the_version_says_what_the_build_is_for() {
    let processor = processor();
    let [level, used] = ["level", "used"].map(|name| processor[name].as_str().expect(name));
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        leanvm(["--version"]).accepted().stdout,
        format!("leanvm {version} for {level} ({used})\n")
    );
}

#[test]
fn security_is_at_least_124_bits_in_each_step_at_production() {
    for rate in ["1", "2", "3", "4"] {
        let json = leanvm(["security", "--log-inv-rate", rate, "--json"])
            .accepted()
            .json();
        let weakest = json["bits"]["weakest_step"].as_f64().expect("a number");
        assert!(weakest >= 124.0, "{weakest} bits at rate {rate}");
        assert!(json["bits"]["union"].as_f64().expect("a number") <= weakest);
        assert_eq!(json["bits"]["hash_collision"], 123.9);
        assert_eq!(json["bits"]["total"], 123.9);
        for step in json["steps"].as_array().expect("a list") {
            let folds = step["step"]
                .as_str()
                .expect("a name")
                .starts_with("opening.fold, round");
            assert_eq!(step["basis"] == "correlated agreement", folds, "{step}");
        }
        assert!(json["steps"].as_array().expect("a list").len() >= 15);
    }
    let table = leanvm(["security"]).accepted().stdout;
    for expected in [
        "lookup.alpha",
        "opening.queries, round 0",
        "weakest step",
        "union of all steps",
        "hash collision",
        "least of steps and hash",
    ] {
        assert!(table.contains(expected), "{expected} in {table}");
    }
    assert!(
        leanvm(["security", "--params", "tiny"])
            .accepted()
            .stdout
            .contains("for tests")
    );
    let outcome = leanvm(["security", "--params", "tiny", "--stack", "28"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.mentions("choose --stack").stdout.is_empty());
}

/// Lines of a report that a terminal of 80 columns would break.
fn too_wide(text: &str) -> Vec<&str> {
    let lines = text.lines();
    lines.filter(|line| line.chars().count() > 80).collect()
}

#[test]
fn a_report_says_first_that_the_program_accepted_and_fits_into_80_columns() {
    let folder = Folder::new();
    let source = "def main():\n    for i in unroll(0, 3):\n        print(\"i\", i)\n    return\n";
    let program = folder.write("a_program_with_a_rather_long_name_of_its_own.py", source);
    let run = leanvm(["run", text(&program)]).accepted().stdout;
    assert!(run.starts_with("i 0\ni 1\ni 2\n\nprogram"), "{run}");
    let position = |text: &str| run.find(text).unwrap_or_else(|| panic!("{text} in {run}"));
    assert!(position("accepted") < position("cycles"));
    for internal in ["second pass", "naive"] {
        assert!(!run.contains(internal), "{run}");
        let verbose = leanvm(["run", text(&program), "--verbose"])
            .accepted()
            .stdout;
        assert!(verbose.contains(internal), "{verbose}");
    }
    let path = |name: &str| text(&folder.path(name)).to_owned();
    let (program, proof, binary) = (text(&program), path("p"), path("p.lvm"));
    let (alice, key, public) = (path("alice"), path("alice.key"), path("alice.pub"));
    let (signature, at_signature) = (path("s.json"), format!("@{}", path("s.json")));
    let commands: [&[&str]; 12] = [
        &["run", program, "-v"],
        &["profile", program],
        &["prove", program, "-o", &proof, "--params", "tiny"],
        &["verify", program, &proof, "--params", "tiny"],
        &["compile", program, "-o", &binary],
        &["security"],
        &["xmss", "keygen", "--slots", "0..2", "-o", &alice],
        &["xmss", "inspect", &key],
        &["xmss", "inspect", &public],
        &[
            "xmss",
            "sign",
            "--key",
            &key,
            "--slot",
            "1",
            "--message",
            "00",
            "-o",
            &signature,
        ],
        &["xmss", "inspect", &signature],
        &["xmss", "verify", "--signature", &at_signature],
    ];
    for command in commands {
        let outcome = leanvm(command).accepted();
        assert_eq!(too_wide(&outcome.stdout), [""; 0], "{command:?}");
    }
}

#[test]
fn figures_stand_one_below_the_other() {
    let folder = Folder::new();
    let program = folder.write("p.lasm", "halt\n");
    let table = leanvm(["run", text(&program), "-v"]).accepted().stdout;
    let figures = table.lines().filter(|line| !line.contains("accepted"));
    let widths: std::collections::BTreeSet<usize> =
        figures.map(|line| line.chars().count()).collect();
    assert_eq!(widths.len(), 1, "{table}");
}

#[test]
fn words_of_the_standard_library_are_not_shown() {
    let folder = Folder::new();
    let program = folder.write("p.lasm", "halt\n");
    let program = text(&program);
    let latin = folder.write("latin.py", b"# \xe9\n");
    for (arguments, expected) in [
        (&["run", "absent"][..], "there is no such file"),
        (&["run", program, "-i", "absent"], "there is no such file"),
        (&["run", text(&latin)], "it is not UTF-8 text"),
        (
            &["run", program, "--max-cycles", "many"],
            "give a whole number from 1 to",
        ),
        (
            &["run", program, "--max-cells", "7"],
            "give a whole number from 8 to 67108864",
        ),
        (
            &["prove", program, "-o", "o", "--threads", "0"],
            "give a whole number from 1 to 1024",
        ),
        (
            &["prove", program, "-o", "o", "--log-inv-rate", "5"],
            "give a whole number from 1 to 4",
        ),
        (
            &["security", "--stack", "1.5"],
            "give a whole number from 8 to 28",
        ),
        (
            &["aggregate", "--signatures", "0"],
            "give a whole number from 1 to 1048576",
        ),
        (
            &["aggregate", "--signatures", "1", "--threads", "0"],
            "give a whole number from 1 to 1024",
        ),
        (
            &[
                "xmss",
                "sign",
                "--key",
                "k",
                "--slot",
                "x",
                "--message",
                "",
                "-o",
                "o",
            ],
            "give a whole number from 0 to 4294967295",
        ),
        (
            &["xmss", "keygen", "--slots", "0..x", "-o", "o"],
            "give a whole number from 0 to 4294967296",
        ),
    ] {
        let outcome = leanvm(arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}");
        for leak in [
            "os error",
            "non-zero type",
            "invalid digit",
            "ParseIntError",
            "u64",
            "usize",
        ] {
            assert!(!outcome.stderr.contains(leak), "{leak} in {outcome:?}");
        }
        outcome.mentions(expected);
    }
}
