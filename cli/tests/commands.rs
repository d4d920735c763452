//! The shape of the command line: help, JSON, exit codes, security.

use crate::common::{Folder, leanvm, text};

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
        "Exit codes",
        "\"public\"",
    ] {
        assert!(help.contains(expected), "{expected} in {help}");
    }
    for command in [
        "asm", "compile", "disasm", "run", "profile", "prove", "verify", "security",
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
        vec!["run", "p"],
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
    let json = outcome.json();
    assert_eq!(
        (&json["command"], &json["status"]),
        (&"run".into(), &"rejected".into())
    );
    assert_eq!(
        (&json["code"], &json["name"]),
        (&20.into(), &"relation-violated".into())
    );

    let program = folder.write("p.lasm", "hint print 7\nadd 1, 2, 3\nhalt\n");
    let json = leanvm(["run", text(&program), "-i", text(&input), "--json"])
        .accepted()
        .json();
    assert_eq!(
        (&json["status"], &json["cycles"], &json["printed"]),
        (&"ok".into(), &1.into(), &vec![7].into())
    );

    let outcome = leanvm(["run", "absent.lasm", "-i", text(&input), "--json"]);
    assert_eq!(
        (outcome.code, &outcome.json()["status"]),
        (2, &"unusable".into())
    );
    assert_eq!(outcome.json()["file"], "absent.lasm");
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
        assert!(json["steps"].as_array().expect("a list").len() >= 15);
    }
    let table = leanvm(["security"]).accepted().stdout;
    for expected in [
        "lookup.alpha",
        "opening.queries, round 0",
        "weakest step",
        "union of all steps",
        "hash collision",
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
