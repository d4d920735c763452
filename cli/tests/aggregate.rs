//! Aggregates on the command line: from keys in files to one proof that another process verifies,
//! and what is refused.

use std::path::{Path, PathBuf};

use crate::common::{Folder, Outcome, leanvm, processor, text};
use serde_json::{Value, json};

const MESSAGE: &str = "00112233";

/// A folder with signatures of some signers for slot 5.
struct Signatures {
    folder: Folder,
    path: PathBuf,
}

impl Signatures {
    fn of(names: &[&str]) -> Self {
        let folder = Folder::new();
        let path = folder.path("signatures");
        std::fs::create_dir(&path).unwrap();
        let signatures = Self { folder, path };
        for name in names {
            let base = signatures.folder.path(name);
            let seed = format!("{}00", hex(name));
            leanvm([
                "xmss",
                "keygen",
                "--slots",
                "4..8",
                "-o",
                text(&base),
                "--seed",
                &seed,
                "--insecure-test-seed",
            ])
            .accepted();
            signatures.sign(name, 5, MESSAGE, name).accepted();
        }
        signatures
    }

    fn sign(&self, key: &str, slot: u32, message: &str, name: &str) -> Outcome {
        let key = self.folder.path(&format!("{key}.key"));
        let output = self.file(name);
        let slot = slot.to_string();
        leanvm([
            "xmss",
            "sign",
            "--key",
            text(&key),
            "--slot",
            &slot,
            "--message",
            message,
            "-o",
            text(&output),
        ])
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.json"))
    }

    /// Changes the JSON of a signature.
    fn change(&self, name: &str, change: impl FnOnce(&mut Value)) {
        let mut record = read(&self.file(name));
        change(&mut record);
        std::fs::write(self.file(name), record.to_string()).unwrap();
    }

    fn aggregate(&self) -> Outcome {
        self.aggregate_with(&[])
    }

    fn aggregate_with(&self, more: &[&str]) -> Outcome {
        let (output, signers) = (self.folder.path("a.agg"), self.folder.path("signers.json"));
        let arguments = [
            "aggregate",
            "--input",
            text(&self.path),
            "-o",
            text(&output),
            "--signers",
            text(&signers),
            "--json",
        ];
        leanvm(arguments.iter().chain(more))
    }

    /// The aggregate is refused for an unusable input, and nothing is written.
    fn unusable(&self, expected: &str) {
        self.fails(2, expected);
    }

    fn fails(&self, code: u8, expected: &str) {
        self.fails_with(&[], code, expected);
    }

    fn fails_with(&self, more: &[&str], code: u8, expected: &str) {
        let outcome = self.aggregate_with(more);
        assert_eq!(outcome.code, i32::from(code), "{}", outcome.stdout);
        assert!(
            outcome.stdout.contains(expected),
            "{expected} in {}",
            outcome.stdout
        );
        for name in ["a.agg", "signers.json"] {
            assert!(!self.folder.path(name).exists(), "{name}");
        }
    }
}

fn hex(name: &str) -> String {
    name.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn verify(aggregate: &Path, signers: &Path) -> Outcome {
    leanvm([
        "verify-aggregate",
        text(aggregate),
        "--input",
        text(signers),
        "--json",
    ])
}

#[test]
fn from_keys_to_an_aggregate_that_another_process_verifies() {
    let signatures = Signatures::of(&["alice", "bobby"]);
    let folder = &signatures.folder;
    let (aggregate, signers) = (folder.path("a.agg"), folder.path("signers.json"));
    let report = signatures
        .aggregate()
        .accepted()
        .has(json!({ "signatures": 2, "processor": processor() }));
    // Message, slot and keys are in the file; the bytes alone need a list.
    let file = std::fs::read(&aggregate).unwrap();
    assert_eq!(file[..2], [1, 44]);
    assert_eq!(report["file_bytes"], json!(file.len()));
    let by_itself = leanvm(["verify-aggregate", text(&aggregate), "--json"]);
    by_itself.accepted().has(json!({
        "valid": true, "signers": 2, "slot": 5, "claims": 1, "claims_of": "file",
    }));
    verify(&aggregate, &signers).accepted();
    let report = signatures
        .aggregate_with(&["--bytes-only"])
        .accepted()
        .has(json!({ "signatures": 2, "file_bytes": null }));
    let bytes = std::fs::read(&aggregate).unwrap();
    assert!(file.ends_with(&bytes));
    assert_eq!(report["aggregate_bytes"], json!(bytes.len()));
    assert!(bytes.len() < 1 << 19);
    verify(&aggregate, &signers)
        .accepted()
        .has(json!({ "valid": true, "signers": 2 }));

    the_order_of_the_list_does_not_matter(folder);
    other_statements_are_refused(folder);
    other_bytes_are_refused(folder);
}

fn the_order_of_the_list_does_not_matter(folder: &Folder) {
    let list = read(&folder.path("signers.json"));
    let mut reversed = list.clone();
    reversed["public_keys"].as_array_mut().unwrap().reverse();
    assert_ne!(reversed, list);
    let reversed = folder.write("reversed.json", reversed.to_string());
    verify(&folder.path("a.agg"), &reversed).accepted();
}

fn other_statements_are_refused(folder: &Folder) {
    let (aggregate, list) = (folder.path("a.agg"), read(&folder.path("signers.json")));
    let refused = |change: &dyn Fn(&mut Value), code: i32, name: &str| {
        let mut changed = list.clone();
        change(&mut changed);
        let outcome = verify(
            &aggregate,
            &folder.write("changed.json", changed.to_string()),
        );
        assert_eq!(outcome.code, code, "{}", outcome.stdout);
        assert!(
            outcome.stdout.contains(name),
            "{name} in {}",
            outcome.stdout
        );
    };
    let keys = |change: &mut Value| change["public_keys"].as_array_mut().unwrap().clone();
    let plain = "does not show that these signers signed this message for this slot";
    refused(&|list| list["slot"] = json!(6), 1, plain);
    refused(&|list| list["message"] = json!("00112234"), 1, plain);
    refused(&|list| list["message"] = json!("00112234"), 1, "\"proof\"");
    refused(
        &|list| drop(list["public_keys"].as_array_mut().unwrap().pop()),
        1,
        "\"proof\"",
    );
    refused(&|list| list["public_keys"] = json!([]), 2, "no-signers");
    refused(
        &|list| list["public_keys"] = json!([keys(list)[0], keys(list)[0]]),
        2,
        "duplicate-key",
    );
    refused(
        &|list| list["public_keys"][1] = json!("00"),
        2,
        "public_keys[1]: malformed",
    );
    refused(
        &|list| list["public_keys"][0] = json!("ff".repeat(32)),
        2,
        "public_keys[0]: element-not-canonical",
    );
    refused(
        &|list| list["public_keys"][0] = json!("0g"),
        2,
        "hexadecimal",
    );
    refused(&|list| list["scheme"] = json!("other"), 2, "scheme other");
    refused(
        &|list| list["scheme"] = json!("leansig-dim64"),
        2,
        "unknown field",
    );
    refused(&|list| list["slot"] = json!(-1), 2, "expected u32");
    refused(&|list| list["other"] = json!(1), 2, "other");
}

fn other_bytes_are_refused(folder: &Folder) {
    let signers = folder.path("signers.json");
    let bytes = std::fs::read(folder.path("a.agg")).unwrap();
    let refused = |bytes: &[u8], name: &str| {
        let path = folder.path("changed.agg");
        std::fs::write(&path, bytes).unwrap();
        let outcome = verify(&path, &signers);
        assert_eq!(outcome.code, 1, "{}", outcome.stdout);
        assert!(
            outcome.stdout.contains(name),
            "{name} in {}",
            outcome.stdout
        );
    };
    for version in [0, 255] {
        let mut changed = bytes.clone();
        changed[0] = version;
        refused(&changed, "\"version\"");
    }
    let mut changed = bytes.clone();
    changed[1] = 0;
    refused(&changed, "\"scheme\"");
    let mut changed = bytes.clone();
    changed[5000] ^= 1;
    refused(&changed, "this aggregate is damaged");
    refused(&changed, "\"proof\"");
    refused(&[], "\"truncated\"");
    refused(&bytes[..bytes.len() - 4], "proof-truncated");
    refused(&[bytes.clone(), vec![0; 4]].concat(), "proof-left-over");
    refused(&vec![1; (1 << 19) + 1], "\"too-long\"");
}

#[test]
fn signatures_that_cannot_be_aggregated() {
    let signatures = Signatures::of(&["alice", "bobby"]);
    let bobby = text(&signatures.file("bobby")).to_owned();
    let good = read(&signatures.file("bobby"));
    let restore = || std::fs::write(signatures.file("bobby"), good.to_string()).unwrap();

    // Not valid: exit code 1, the file and the reason are named.
    signatures.change("bobby", break_path);
    signatures.fails(1, "\"root-mismatch\"");
    assert!(signatures.aggregate().stdout.contains(&bobby));
    signatures.change("bobby", |record| {
        let digits = record["signature"].as_str().unwrap().to_owned();
        record["signature"] = json!(format!("00000000{}", &digits[8..]));
    });
    signatures.fails(1, "\"target-sum\"");
    restore();
    // Under the key of another; then that signature itself.
    let alice = read(&signatures.file("alice"));
    signatures.change("bobby", |record| {
        record["public_key"] = alice["public_key"].clone();
    });
    signatures.fails(1, "\"target-sum\"");
    signatures.change("bobby", |record| *record = alice.clone());
    signatures.unusable("are of one public key");
    restore();

    // Malformed, or of something else.
    signatures.change("bobby", |record| record["slot"] = json!(6));
    signatures.unusable("for slot 6");
    restore();
    signatures.change("bobby", |record| record["message"] = json!("00"));
    signatures.unusable("another message");
    restore();
    signatures.change("bobby", |record| record["scheme"] = json!("other"));
    signatures.unusable("of the scheme other, not leanxmss42");
    restore();
    for change in [json!("00"), json!("ff".repeat(1208)), json!("zz"), json!(1)] {
        signatures.change("bobby", |record| record["signature"] = change);
        signatures.unusable(&bobby);
        restore();
    }
    std::fs::write(signatures.file("bobby"), "{").unwrap();
    signatures.unusable(&bobby);
    std::fs::remove_file(signatures.file("alice")).unwrap();
    std::fs::remove_file(signatures.file("bobby")).unwrap();
    signatures.unusable("there is no signature in it");
}

/// Breaks the last sibling of a path.
fn break_path(record: &mut Value) {
    let digits = record["signature"].as_str().unwrap();
    let changed = if digits.ends_with("00") { "01" } else { "00" };
    record["signature"] = json!(format!("{}{changed}", &digits[..digits.len() - 2]));
}

#[test]
fn all_bad_signatures_are_named_or_skipped() {
    let signatures = Signatures::of(&["alice", "bobby", "carol", "david"]);
    let names_of = |outcome: &Outcome, names: &[&str]| {
        for name in ["alice", "bobby", "carol", "david"] {
            let file = text(&signatures.file(name)).to_owned();
            let named = outcome.stdout.contains(&file);
            assert_eq!(named, names.contains(&name), "{name} in {}", outcome.stdout);
        }
    };
    signatures.change("alice", break_path);
    signatures.change("carol", break_path);
    signatures.fails(1, "2 of 4 signatures are not valid");
    names_of(&signatures.aggregate(), &["alice", "carol"]);
    // What cannot be read comes first.
    std::fs::write(signatures.file("bobby"), "{").unwrap();
    signatures.fails(2, "ends in the middle");
    names_of(&signatures.aggregate(), &["bobby"]);
    signatures.change("david", |record| record["slot"] = json!("six"));
    signatures.fails(2, "2 of 4 signatures cannot be used");
    names_of(&signatures.aggregate(), &["bobby", "david"]);
    // Nothing is left to aggregate.
    signatures.fails_with(&["--skip-invalid"], 1, "2 of 2 signatures are not valid");

    signatures.sign("alice", 6, MESSAGE, "alice").accepted();
    signatures.change("alice", |record| record["slot"] = json!(6));
    let report = signatures
        .aggregate_with(&["--skip-invalid", "--slot", "6", "--message", MESSAGE])
        .accepted()
        .has(json!({ "signatures": 1 }));
    let skipped = report["skipped"].as_array().unwrap();
    let files: Vec<_> = skipped
        .iter()
        .map(|one| one["file"].as_str().unwrap())
        .collect();
    let expected = ["bobby", "carol", "david"].map(|name| signatures.file(name));
    assert_eq!(files, expected.each_ref().map(|path| text(path)));
    let folder = &signatures.folder;
    let (aggregate, signers) = (folder.path("a.agg"), folder.path("signers.json"));
    assert_eq!(read(&signers)["public_keys"].as_array().unwrap().len(), 1);
    verify(&aggregate, &signers).accepted();
    // A copy of a good signature is named too, and does not stop the work.
    std::fs::copy(signatures.file("alice"), signatures.file("carol")).unwrap();
    for output in [&aggregate, &signers] {
        std::fs::remove_file(output).unwrap();
    }
    for name in ["bobby", "david"] {
        std::fs::remove_file(signatures.file(name)).unwrap();
    }
    signatures.fails(2, "are of one public key");
    let report = signatures
        .aggregate_with(&["--skip-invalid"])
        .accepted()
        .has(json!({ "signatures": 1 }));
    let skipped = report["skipped"].as_array().unwrap();
    let copy = signatures.file("carol");
    assert_eq!(skipped.len(), 1, "{skipped:?}");
    assert_eq!(skipped[0]["file"], json!(text(&copy)));
    assert_eq!(read(&signers)["public_keys"].as_array().unwrap().len(), 1);
    verify(&aggregate, &signers).accepted();
}

/// Who may add a file to the folder does not decide what the signatures of all others are about.
#[test]
fn the_first_signature_does_not_decide_for_the_others_that_are_skipped() {
    let signatures = Signatures::of(&["alice", "bobby"]);
    let stranger = Signatures::of(&["mallory"]);
    stranger.sign("mallory", 6, MESSAGE, "!").accepted();
    std::fs::copy(stranger.file("!"), signatures.file("!")).unwrap();
    let skip = ["--skip-invalid", "--slot", "5", "--message", MESSAGE];
    signatures.fails_with(&skip[..1], 2, "--slot and --message");
    signatures.fails_with(&skip[1..], 2, "where the wanted is for slot 5");
    // Another message than all signatures have; a slot without a message.
    let other = ["--skip-invalid", "--slot", "5", "--message", "00"];
    signatures.fails_with(&other, 2, "3 of 3 signatures cannot be used");
    assert_eq!(signatures.aggregate_with(&skip[..3]).code, 2);
    let aggregate = signatures.folder.path("a.agg");
    let report = signatures.aggregate_with(&skip).accepted();
    let report = report.has(json!({ "signatures": 2 }));
    let stranger = signatures.file("!");
    assert_eq!(report["skipped"][0]["file"], json!(text(&stranger)));
    verify(&aggregate, &signatures.folder.path("signers.json")).accepted();
}

#[test]
fn limits_of_time_and_memory_are_kept() {
    let signatures = Signatures::of(&["alice"]);
    signatures.fails_with(&["--deadline", "0"], 2, "the deadline passed");
    signatures.fails_with(&["--memory-limit", "1"], 2, "of memory");
    for (option, value) in [
        ("--deadline", "-1"),
        ("--deadline", "soon"),
        ("--deadline", "nan"),
        ("--memory-limit", "1G"),
        ("--memory-limit", "18446744073709551615"),
    ] {
        let outcome = signatures.aggregate_with(&[option, value]);
        assert_eq!(outcome.code, 2, "{option} {value}");
    }
    let generous = [
        "--deadline",
        "1e300",
        "--memory-limit",
        "100000",
        "--threads",
        "1000",
    ];
    // More seconds than a time can have are refused, as many as it can are no limit.
    assert_eq!(signatures.aggregate_with(&generous).code, 2);
    let generous = [
        "--deadline",
        "1e15",
        "--memory-limit",
        "100000",
        "--threads",
        "1000",
    ];
    signatures.aggregate_with(&generous).accepted();
}

/// Control-C while signatures are read: the command ends by the signal, and nothing is there that
/// was not before.
#[cfg(unix)]
#[test]
fn an_interrupted_command_leaves_nothing() {
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    let folder = Folder::new();
    let (pipe, output) = (folder.path("pipe"), folder.path("a.agg"));
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let mut child = Command::new(env!("CARGO_BIN_EXE_leanvm"))
        .args(["aggregate", "--input", text(&pipe), "-o", text(&output)])
        .spawn()
        .unwrap();
    // It waits for a writer, which comes now: so it has looked at its outputs.
    let writer = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    let id = child.id().to_string();
    // Not the signal of Ctrl-C, which shells let their background ignore; the command treats both
    // alike.
    let sent = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(sent.success());
    assert_eq!(child.wait().unwrap().signal(), Some(15));
    drop(writer);
    assert_eq!(folder.names(), ["pipe"]);
}

#[test]
fn a_sample_is_kept_and_is_as_large_as_asked() {
    let folder = Folder::new();
    let run = |arguments: &[&str]| {
        let mut all = vec!["aggregate", "--json", "--threads", "2"];
        all.extend(arguments);
        crate::common::leanvm_with(&[("XDG_CACHE_HOME", text(&folder.path("cache")))], all)
    };
    let output = folder.path("a.agg");
    let arguments = ["--signatures", "2", "--seed", "test", "-o", text(&output)];
    run(&arguments).accepted().has(json!({ "signatures": 2 }));
    let first = std::fs::read(&output).unwrap();
    let kept: Vec<_> = std::fs::read_dir(folder.path("cache/leanvm"))
        .unwrap()
        .collect();
    assert_eq!(kept.len(), 1);
    let kept = kept[0].as_ref().unwrap().path();
    assert_eq!(std::fs::metadata(&kept).unwrap().len(), 2 * 1240);
    // Kept or not, and whatever the kept file has become: the same bytes.
    std::fs::write(&kept, [1; 2480]).unwrap();
    run(&arguments).accepted();
    assert_eq!(std::fs::read(&output).unwrap(), first);
    assert_ne!(std::fs::read(&kept).unwrap(), [1; 2480]);

    for (arguments, expected) in [
        (vec!["--signatures", "0"], "--signatures"),
        (vec!["--signatures", "1000000"], "fit"),
        (
            vec!["--signatures", "1", "--log-inv-rate", "5"],
            "--log-inv-rate",
        ),
        (vec!["--signatures", "1", "--input", "x"], "--input"),
        (vec![], "--signatures"),
        (vec!["--input", "absent"], "absent"),
    ] {
        let outcome = run(&arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}");
        let all = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(all.contains(expected), "{expected} in {all}");
    }
}
