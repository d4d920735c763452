//! Guest programs in the guest language through `leanvm`: they run, fail, prove and compile.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{Folder, leanvm, text};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs")
}

/// The guests `NAME.py` that have an input.
fn guests() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "py"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .filter(|name| folder().join(format!("{name}.json")).exists())
        .collect();
    names.sort();
    assert!(names.len() >= 8, "{names:?}");
    names
}

#[test]
fn guests_run_and_fail_in_both_engines() {
    let work = Folder::new();
    for name in guests() {
        let program = folder().join(format!("{name}.py"));
        let input = folder().join(format!("{name}.json"));
        work.run_both(&program, &input, &[]).accepted();
        let failing = folder().join(format!("{name}.fail.json"));
        let outcome = work.run_both(&program, &failing, &[]);
        assert!(matches!(outcome.code, 1 | 2), "{name}: {outcome:?}");
    }
}

#[test]
fn a_guest_is_proven_and_both_engines_write_the_same_bytes() {
    let work = Folder::new();
    let program = folder().join("merkle_path.py");
    let input = folder().join("merkle_path.json");
    let proofs = ["fast", "spec"].map(|engine| {
        let proof = work.path(&format!("{engine}.proof"));
        leanvm([
            "prove",
            text(&program),
            "--input",
            text(&input),
            "-o",
            text(&proof),
            "--params",
            "small",
            "--engine",
            engine,
        ])
        .accepted();
        fs::read(proof).unwrap()
    });
    assert_eq!(proofs[0], proofs[1]);
}

#[test]
fn compiling_is_reproducible_and_its_errors_are_unusable_input() {
    let work = Folder::new();
    let binaries = ["a.lvm", "b.lvm"].map(|name| {
        let binary = work.path(name);
        let program = folder().join("fibonacci.py");
        let out = leanvm(["compile", text(&program), "-o", text(&binary)]).accepted();
        assert!(out.stdout.contains("digest"), "{out:?}");
        fs::read(binary).unwrap()
    });
    assert_eq!(binaries[0], binaries[1]);

    let bad = work.write("bad.py", "def main():\n    x = 5\n    x = 6\n    return\n");
    let output = work.path("bad.lvm");
    let outcome = leanvm(["compile", text(&bad), "-o", text(&output)]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(
        outcome.stderr.contains("error[AssignedTwice]"),
        "{outcome:?}"
    );
    assert!(outcome.stderr.contains("bad.py:3:5"), "{outcome:?}");
    assert!(!output.exists());
    let missing = work.path("missing.py");
    let outcome = leanvm(["compile", text(&missing), "-o", text(&output)]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
}

/// The listing of a guest has its lines as comments, and assembles to the bytes that the compiler
/// writes.
#[test]
fn listings_show_the_source_and_assemble_to_the_same_bytes() {
    let work = Folder::new();
    for name in guests() {
        let program = folder().join(format!("{name}.py"));
        let (binary, again) = (work.path("a.lvm"), work.path("b.lvm"));
        leanvm(["compile", text(&program), "-o", text(&binary)]).accepted();
        for engine in ["fast", "spec"] {
            let listing = leanvm(["disasm", text(&program), "--engine", engine])
                .accepted()
                .stdout;
            assert!(listing.contains("\n; function main\n"), "{name}: {listing}");
            let source = fs::read_to_string(&program).unwrap();
            let prefix = format!("; {}:", program.display());
            let mut shown = 0;
            for line in listing
                .lines()
                .filter_map(|line| line.strip_prefix(&prefix))
            {
                let (number, line) = line.split_once(": ").expect("a number and a line");
                let number: usize = number.parse().expect("a number");
                assert_eq!(source.lines().nth(number - 1).map(str::trim), Some(line));
                shown += 1;
            }
            assert!(shown >= 5, "{name}: {listing}");
            let text_file = work.write("listing.lasm", listing);
            leanvm([
                "asm",
                text(&text_file),
                "-o",
                text(&again),
                "--engine",
                engine,
            ])
            .accepted();
            assert_eq!(
                fs::read(&binary).unwrap(),
                fs::read(&again).unwrap(),
                "{name}"
            );
        }
    }
}
