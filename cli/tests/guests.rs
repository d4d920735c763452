//! Each guest is accepted with its input and rejected, with the documented code, with its failing
//! input; in both engines, and as a proof.

use crate::common::{Folder, leanvm, text};
use leanvm_programs::{ALL, find};
use serde_json::json;

fn rejection_line(code: u32) -> String {
    let name = match code {
        20 => "relation-violated",
        24 => "address-out-of-range",
        31 => "witness-missing",
        33 => "hint-failed",
        _ => panic!("a code without a name here"),
    };
    format!("{name} ({code})")
}

#[test]
fn guests_run_and_fail_as_documented_in_both_engines() {
    let folder = Folder::new();
    for guest in ALL {
        let program = folder.write(&format!("{}.lasm", guest.name), guest.source);
        let input = folder.write(&format!("{}.json", guest.name), guest.input);
        folder.run_both(&program, &input, &[]).accepted();
        let failing = folder.write(&format!("{}.fail.json", guest.name), guest.failing_input);
        let outcome = folder.run_both(&program, &failing, &[]);
        let rejection = rejection_line(guest.rejection_code);
        let name = guest.name;
        assert_eq!(outcome.rejection(), Some(rejection.as_str()), "{name}");
        // A list that is missing is a fault of the input file; the others are claims that do not
        // hold.
        assert_eq!(
            outcome.code,
            if guest.rejection_code == 31 { 2 } else { 1 },
            "{}",
            guest.name
        );
        assert!(
            guest.source.contains(&rejection),
            "{}.lasm documents {rejection}",
            guest.name
        );
    }
}

#[test]
fn guests_are_the_same_program_as_text_and_binary_and_canonical_text() {
    let folder = Folder::new();
    for guest in ALL {
        let program = folder.write("guest.lasm", guest.source);
        let (binary, again) = (folder.path("guest.lvm"), folder.path("again.lvm"));
        leanvm(["asm", text(&program), "-o", text(&binary)]).accepted();
        let canonical = leanvm(["disasm", text(&binary)]).accepted().stdout;
        leanvm([
            "asm",
            text(&folder.write("canonical.lasm", &canonical)),
            "-o",
            text(&again),
        ])
        .accepted();
        assert_eq!(
            std::fs::read(&binary).expect("written"),
            std::fs::read(&again).expect("written"),
            "{}",
            guest.name
        );
        let input = folder.write("guest.json", guest.input);
        folder.run_both(&binary, &input, &[]).accepted();
    }
}

#[test]
fn guests_are_proved_at_the_test_parameters_and_both_verifiers_accept() {
    let folder = Folder::new();
    for guest in ALL {
        let program = folder.write("guest.lasm", guest.source);
        let input = folder.write("guest.json", guest.input);
        let proof = folder.path("guest.proof");
        let proved = leanvm([
            "prove",
            text(&program),
            "-i",
            text(&input),
            "-o",
            text(&proof),
            "--params",
            "small",
            "--json",
        ])
        .accepted();
        let length = std::fs::metadata(&proof).expect("written").len();
        proved.has(json!({ "status": "ok", "proof_bytes": length }));
        for engine in ["fast", "spec"] {
            leanvm([
                "verify",
                text(&program),
                text(&proof),
                "-i",
                text(&input),
                "--params",
                "small",
                "--engine",
                engine,
            ])
            .accepted();
        }
    }
}

#[test]
fn both_engines_and_any_number_of_threads_write_the_same_proof() {
    let folder = Folder::new();
    let guest = find("switch").expect("a guest");
    let program = folder.write("guest.lasm", guest.source);
    let input = folder.write("guest.json", guest.input);
    let proof = |name: &str, extra: &[&str]| {
        let path = folder.path(name);
        let mut arguments = vec![
            "prove",
            text(&program),
            "-i",
            text(&input),
            "-o",
            text(&path),
            "--params",
            "tiny",
        ];
        arguments.extend(extra);
        leanvm(arguments).accepted();
        std::fs::read(&path).expect("the proof is written")
    };
    let expected = proof("fast", &["--threads", "1"]);
    assert!(expected.len() > 1000);
    assert_eq!(proof("three", &["--threads", "3"]), expected);
    assert_eq!(proof("spec", &["--engine", "spec"]), expected);
    assert_ne!(proof("rate", &["--log-inv-rate", "2"]), expected);
}
