//! Keys and signatures on the command line: what works, what is refused, and that no slot is signed for twice whatever happens.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{Folder, Outcome, leanvm, text};

/// A folder with the key `alice` of the slots 4..8.
struct Alice {
    folder: Folder,
    key: PathBuf,
    public: PathBuf,
}

impl Alice {
    fn new() -> Self {
        let folder = Folder::new();
        keygen(&folder, "alice", "4..8").accepted();
        let (key, public) = (folder.path("alice.key"), folder.path("alice.pub"));
        Self {
            folder,
            key,
            public,
        }
    }

    fn sign_arguments(&self, slot: u32, message: &str, output: &Path) -> Vec<String> {
        [
            "xmss",
            "sign",
            "--key",
            text(&self.key),
            "--slot",
            &slot.to_string(),
            "--message",
            message,
            "-o",
            text(output),
        ]
        .map(str::to_owned)
        .to_vec()
    }

    /// Signs into the file NAME.
    fn sign(&self, slot: u32, message: &str, name: &str) -> Outcome {
        leanvm(self.sign_arguments(slot, message, &self.folder.path(name)))
    }

    fn verify(&self, slot: u32, message: &str, name: &str) -> Outcome {
        let signature = format!("@{}", text(&self.folder.path(name)));
        let public = format!("@{}", text(&self.public));
        verify("leanxmss42", &public, slot, message, &signature)
    }

    fn used(&self) -> serde_json::Value {
        leanvm(["xmss", "inspect", text(&self.key), "--json"])
            .accepted()
            .json()["used_ranges"]
            .clone()
    }
}

fn keygen(folder: &Folder, name: &str, slots: &str) -> Outcome {
    let name = folder.path(name);
    leanvm([
        "xmss",
        "keygen",
        "--slots",
        slots,
        "-o",
        text(&name),
        "--seed",
        "0badc0de",
        "--insecure-test-seed",
    ])
}

fn verify(scheme: &str, public: &str, slot: u32, message: &str, signature: &str) -> Outcome {
    leanvm([
        "xmss",
        "verify",
        "--scheme",
        scheme,
        "--public-key",
        public,
        "--slot",
        &slot.to_string(),
        "--message",
        message,
        "--signature",
        signature,
    ])
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_key_signs_and_the_signature_verifies() {
    let alice = Alice::new();
    assert_eq!(
        alice.folder.names(),
        [
            "alice.key",
            "alice.key.cache",
            "alice.key.lock",
            "alice.pub"
        ]
    );
    let signed = alice.sign(5, "00ff10", "a.sig").accepted();
    assert!(signed.stdout.contains("signing"), "{signed:?}");
    let signature = std::fs::read(alice.folder.path("a.sig")).expect("it was written");
    let public = std::fs::read(&alice.public).expect("it was written");
    assert_eq!((signature.len(), public.len()), (1208, 32));
    alice.verify(5, "00ff10", "a.sig").accepted();
    alice.verify(5, "0x00FF10", "a.sig").accepted();
    let (public, signature) = (hex_of(&public), hex_of(&signature));
    verify("leanxmss42", &public, 5, "00ff10", &signature).accepted();
    // A message and a signature in files, as bytes or as digits.
    let bytes = alice.folder.write("message", [0, 0xff, 0x10]);
    let message = format!("@{}", text(&bytes));
    alice.verify(5, &message, "a.sig").accepted();
    let digits = alice.folder.write("digits", format!("{signature}\n"));
    let digits = format!("hex@{}", text(&digits));
    verify("leanxmss42", &public, 5, "00ff10", &digits).accepted();
    for (slot, message) in [(4, "00ff10"), (5, "00ff11"), (5, ""), (5, "00ff1000")] {
        alice.verify(slot, message, "a.sig").rejected("target-sum");
    }
    alice.sign(7, "", "empty.sig").accepted();
    alice.verify(7, "", "empty.sig").accepted();
    assert_eq!(alice.used(), serde_json::json!([[5, 5], [7, 7]]));
}

#[test]
fn keys_of_the_system_differ_and_a_seed_repeats() {
    let folder = Folder::new();
    let keygen = |name: &str, seed: &[&str]| {
        let name = folder.path(name);
        let mut arguments = vec![
            "xmss",
            "keygen",
            "--slots",
            "0..2",
            "-o",
            text(&name),
            "--json",
        ];
        arguments.extend(seed);
        leanvm(arguments)
    };
    let key = |name: &str, seed: &[&str], secret: &str| {
        let made = keygen(name, seed).accepted().json();
        assert_eq!(made["secret"], secret);
        made["public_key"].clone()
    };
    let test = |name, digits| {
        let seed = ["--seed", digits, "--insecure-test-seed"];
        key(name, &seed, "insecure_test_seed")
    };
    assert_ne!(key("a", &[], "system"), key("b", &[], "system"));
    assert_eq!(test("c", "01"), test("d", "01"));
    assert_ne!(test("e", "01"), test("f", "0100"));
    let long = "5a".repeat(32);
    assert_eq!(key("g", &["--seed", &long], "seed"), test("h", &long));
    // What can be guessed is no secret.
    let names = folder.names();
    folder.write("nothing", "");
    let nothing = format!("@{}", text(&folder.path("nothing")));
    for seed in ["", "01", &long[2..], &nothing] {
        let outcome = keygen("i", &["--seed", seed]);
        assert_eq!(outcome.code, 2, "{outcome:?}");
        let said = outcome.json()["detail"].to_string();
        assert!(said.contains("can be guessed"), "{said}");
    }
    let outcome = keygen("i", &["--insecure-test-seed"]);
    assert_eq!(outcome.code, 2, "a test seed is given: {outcome:?}");
    std::fs::remove_file(folder.path("nothing")).expect("it is there");
    assert_eq!(folder.names(), names);
}

#[test]
fn the_message_of_a_file_is_its_bytes() {
    let alice = Alice::new();
    let at = |prefix: &str, name: &str| format!("{prefix}{}", text(&alice.folder.path(name)));
    for (slot, name, content) in [
        (4, "a", "c0ffee"),
        (5, "b", "c0ffee\n"),
        (6, "c", "0xc0ffee"),
    ] {
        alice.folder.write(name, content);
        alice.sign(slot, &at("@", name), "a.sig").accepted();
        alice.verify(slot, &at("@", name), "a.sig").accepted();
        alice
            .verify(slot, &hex_of(content.as_bytes()), "a.sig")
            .accepted();
        alice.verify(slot, "c0ffee", "a.sig").rejected("target-sum");
        alice
            .verify(slot, &at("hex@", name), "a.sig")
            .rejected("target-sum");
    }
    alice.sign(7, "c0ffee", "a.sig").accepted();
    for name in ["a", "b", "c"] {
        alice.verify(7, &at("hex@", name), "a.sig").accepted();
    }
    let text = alice.folder.write("text", "block 1");
    alice
        .verify(7, &at("hex@", "text"), "a.sig")
        .unusable(&text)
        .mentions("--message @");
}

#[test]
fn the_json_of_a_signature_is_read_by_verify_and_inspect() {
    let alice = Alice::new();
    alice.sign(5, "c0ffee", "a.json").accepted();
    let record = alice.folder.path("a.json");
    let signature = format!("@{}", text(&record));
    let with = |extra: &[&str]| {
        let mut arguments = vec!["xmss", "verify", "--signature", &signature];
        arguments.extend(extra);
        leanvm(arguments)
    };
    let public = hex_of(&std::fs::read(&alice.public).expect("it was written"));
    let shown = with(&["--json"]).accepted().json();
    assert_eq!(shown["public_key"], public);
    assert_eq!(
        (&shown["slot"], &shown["message"]),
        (&5.into(), &"c0ffee".into())
    );
    with(&[
        "--public-key",
        &public,
        "--slot",
        "5",
        "--message",
        "c0ffee",
    ])
    .accepted();
    // What is said on the command line holds.
    with(&["--slot", "6"]).rejected("target-sum");
    with(&["--message", "c0ffef"]).rejected("target-sum");
    with(&["--public-key", &"00".repeat(32)]).rejected("target-sum");
    with(&["--scheme", "leanxmss42"]).accepted();
    assert_eq!(with(&["--scheme", "leansig-dim64"]).code, 2);
    let inspected = leanvm(["xmss", "inspect", text(&record), "--json"])
        .accepted()
        .json();
    for (member, expected) in [
        ("kind", serde_json::json!("signature_record")),
        ("scheme", "leanxmss42".into()),
        ("public_key", public.into()),
        ("slot", 5.into()),
        ("message", "c0ffee".into()),
        ("bytes", 1208.into()),
    ] {
        assert_eq!(inspected[member], expected, "{member}");
    }
    // Without it nothing may be left out.
    alice.sign(5, "c0ffee", "a.sig").accepted();
    let raw = format!("@{}", text(&alice.folder.path("a.sig")));
    let outcome = leanvm(["xmss", "verify", "--signature", &raw]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    outcome.mentions("--public-key is missing");
    for content in ["{}", "{\"scheme\": 1}", "{"] {
        std::fs::write(&record, content).expect("the folder is writable");
        with(&[])
            .unusable(&record)
            .mentions("leanvm xmss sign -o NAME.json");
    }
}

#[test]
fn the_same_message_is_signed_again_and_no_other() {
    let alice = Alice::new();
    alice.sign(5, "00", "a.sig").accepted();
    let again = alice.sign(5, "00", "b.sig").accepted();
    assert!(again.stdout.contains("again"), "{again:?}");
    let signatures = ["a.sig", "b.sig"]
        .map(|name| std::fs::read(alice.folder.path(name)).expect("it was written"));
    assert_eq!(signatures[0], signatures[1]);
    alice
        .sign(5, "01", "c.sig")
        .unusable(&alice.key)
        .mentions("slot 5 is used already");
    assert!(!alice.folder.path("c.sig").exists());
    assert_eq!(alice.used(), serde_json::json!([[5, 5]]));
}

#[test]
fn a_restored_key_is_refused_until_it_is_recovered() {
    let alice = Alice::new();
    let backup = std::fs::read(&alice.key).expect("it was written");
    alice.sign(5, "00", "a.sig").accepted();
    std::fs::write(&alice.key, &backup).expect("it is writable");
    let command = format!("leanvm xmss recover --key {} --skip-to 6", text(&alice.key));
    alice
        .sign(5, "01", "b.sig")
        .unusable(&alice.key)
        .mentions("older than the record of its used slots")
        .mentions(&command);
    let inspected = leanvm(["xmss", "inspect", text(&alice.key), "--json"])
        .accepted()
        .json();
    let fault = inspected["fault"].as_str().expect("a fault");
    assert!(fault.contains("older than the record"), "{fault}");
    let recover = |slot: &str| {
        leanvm([
            "xmss",
            "recover",
            "--key",
            text(&alice.key),
            "--skip-to",
            slot,
            "--json",
        ])
    };
    for slot in ["5", "9"] {
        let outcome = recover(slot);
        assert_eq!(outcome.code, 2, "{outcome:?}");
        let said = outcome.json()["detail"].to_string();
        assert!(said.contains("only to one of"), "{said}");
    }
    let recovered = recover("6").accepted().json();
    assert_eq!(recovered["used_ranges"], serde_json::json!([[4, 5]]));
    assert_eq!(recovered["first_slot_not_used"], 6);
    alice.sign(5, "01", "b.sig").unusable(&alice.key);
    assert!(!alice.folder.path("b.sig").exists());
    alice.sign(6, "01", "b.sig").accepted();
    // Without the record nobody knows.
    std::fs::remove_file(alice.folder.path("alice.key.lock")).expect("it is there");
    alice
        .sign(7, "01", "c.sig")
        .unusable(&alice.key)
        .mentions("is missing")
        .mentions("--skip-to SLOT");
    recover("7").accepted();
    alice.sign(7, "01", "c.sig").accepted();
}

#[cfg(unix)]
#[test]
fn keys_that_others_may_read_and_what_is_no_file() {
    use std::os::unix::fs::PermissionsExt;
    let alice = Alice::new();
    let set = |mode| {
        std::fs::set_permissions(&alice.key, std::fs::Permissions::from_mode(mode))
            .expect("it is mine");
    };
    set(0o644);
    for outcome in [
        alice.sign(5, "00", "a.sig"),
        leanvm(["xmss", "inspect", text(&alice.key)]),
    ] {
        outcome
            .unusable(&alice.key)
            .mentions("mode 0644")
            .mentions(&format!("chmod 600 {}", text(&alice.key)));
    }
    set(0o600);
    alice.sign(5, "00", "a.sig").accepted();
    let pipe = alice.folder.path("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo starts").success());
    let before = alice.folder.names();
    for path in [&pipe, &alice.folder.path("alice.key.lock/..")] {
        let arguments = ["xmss", "sign", "--key", text(path), "--slot", "5"];
        let output = alice.folder.path("b.sig");
        let rest = ["--message", "00", "-o", text(&output)];
        let outcome = leanvm(arguments.iter().chain(&rest));
        assert_eq!(outcome.code, 2, "{outcome:?}");
    }
    assert_eq!(alice.folder.names(), before);
}

#[test]
fn keys_and_signatures_fit_into_80_columns() {
    let alice = Alice::new();
    alice.sign(5, "00", "a.sig").accepted();
    alice.sign(5, "00", "a.json").accepted();
    let inspect = |name: &str| leanvm(["xmss", "inspect", text(&alice.folder.path(name))]);
    let folder = text(alice.key.parent().expect("a folder")).to_owned();
    let mut lines = 0;
    for outcome in [
        keygen(&alice.folder, "bob", "0..2"),
        inspect("alice.key"),
        inspect("alice.pub"),
        inspect("a.sig"),
        inspect("a.json"),
        alice.sign(6, "00", "b.sig"),
        alice.verify(6, "00", "b.sig"),
        {
            std::fs::remove_file(alice.folder.path("alice.key.lock")).expect("it is there");
            inspect("alice.key")
        },
    ] {
        for line in outcome.accepted().stdout.lines() {
            // The names of files are the user's.
            if !line.contains(&folder) {
                assert!(line.chars().count() <= 80, "{line}");
                lines += 1;
            }
        }
    }
    assert!(lines > 25, "{lines} lines");
}

#[test]
fn json_for_programs() {
    let alice = Alice::new();
    let signed = leanvm(
        alice
            .sign_arguments(6, "aa", &alice.folder.path("a.sig"))
            .into_iter()
            .chain(["--json".to_owned()]),
    )
    .accepted()
    .json();
    let signature = std::fs::read(alice.folder.path("a.sig")).expect("it was written");
    assert_eq!(signed["command"], "xmss sign");
    assert_eq!(signed["signature"], hex_of(&signature));
    assert_eq!(signed["slot"], 6);
    let public = hex_of(&std::fs::read(&alice.public).expect("it was written"));
    assert_eq!(signed["public_key"], public);
    let inspect = |name: &str| {
        leanvm(["xmss", "inspect", text(&alice.folder.path(name)), "--json"])
            .accepted()
            .json()
    };
    let key = inspect("alice.key");
    for (member, expected) in [
        ("command", serde_json::json!("xmss inspect")),
        ("kind", "key_file".into()),
        ("scheme", "leanxmss42".into()),
        ("public_key", public.clone().into()),
        ("first_slot", 4.into()),
        ("end_slot", 8.into()),
        ("used_slots", 1.into()),
        ("first_slot_not_used", 4.into()),
    ] {
        assert_eq!(key[member], expected, "{member}");
    }
    assert_eq!(inspect("alice.pub")["public_key"], public);
    assert_eq!(inspect("a.sig")["kind"], "signature");
    let refused = leanvm([
        "xmss",
        "verify",
        "--public-key",
        &public,
        "--slot",
        "6",
        "--message",
        "ab",
        "--signature",
        &hex_of(&signature),
        "--json",
    ]);
    assert_eq!(refused.code, 1);
    let refused = refused.json();
    assert_eq!(refused["status"], "rejected");
    assert_eq!(refused["name"], "target-sum");
    assert_eq!(refused["code"], serde_json::Value::Null);
}

#[test]
fn the_secret_is_not_printed() {
    let alice = Alice::new();
    let key = std::fs::read(&alice.key).expect("it was written");
    // The seed follows magic, version, scheme and public key.
    let seed = &key[44..76];
    for outcome in [
        leanvm(["xmss", "inspect", text(&alice.key)]),
        leanvm(["xmss", "inspect", text(&alice.key), "--json"]),
        alice.sign(4, "00", "a.sig"),
    ] {
        for word in seed.as_chunks::<4>().0 {
            let shown = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(!shown.contains(&hex_of(word)), "{shown}");
        }
    }
}

#[test]
fn slots_are_refused_with_a_remedy() {
    let alice = Alice::new();
    alice.sign(4, "00", "a.sig").accepted();
    let before = std::fs::read(&alice.key).expect("it was written");
    alice
        .sign(4, "01", "b.sig")
        .unusable(&alice.key)
        .mentions("slot 4 is used already")
        .mentions("the first slot that is not used is 5");
    for slot in [3, 8, u32::MAX] {
        alice
            .sign(slot, "01", "b.sig")
            .unusable(&alice.key)
            .mentions("is not active: the key signs for 4 to 7");
    }
    for slot in 5..8 {
        alice.sign(slot, "01", "c.sig").accepted();
    }
    alice
        .sign(4, "02", "b.sig")
        .unusable(&alice.key)
        .mentions("every slot of this key is used");
    assert!(!alice.folder.path("b.sig").exists());
    assert_ne!(std::fs::read(&alice.key).expect("it was written"), before);
}

#[test]
fn reasons_of_verification() {
    let alice = Alice::new();
    alice.sign(5, "00", "a.sig").accepted();
    let signature = std::fs::read(alice.folder.path("a.sig")).expect("it was written");
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = signature.clone();
        change(&mut bytes);
        alice.folder.write("b.sig", bytes);
        alice.verify(5, "00", "b.sig")
    };
    changed(&|bytes| bytes.truncate(1207))
        .rejected("malformed")
        .mentions("b.sig");
    changed(&|bytes| bytes.push(0)).rejected("malformed");
    changed(&|bytes| bytes.clear()).rejected("malformed");
    changed(&|bytes| bytes[3] = 0xff).rejected("element-not-canonical");
    changed(&|bytes| bytes[1207] = 0xff).rejected("element-not-canonical");
    changed(&|bytes| bytes[0] ^= 1).rejected("target-sum");
    changed(&|bytes| bytes[24] ^= 1).rejected("root-mismatch");
    changed(&|bytes| bytes[1204] ^= 1).rejected("root-mismatch");
    changed(&|_| ()).accepted();
    let other_key = alice.folder.path("bob");
    leanvm(["xmss", "keygen", "--slots", "4..8", "-o", text(&other_key)]).accepted();
    let other_key = format!("@{}.pub", text(&other_key));
    let raw = format!("@{}", text(&alice.folder.path("a.sig")));
    verify("leanxmss42", &other_key, 5, "00", &raw)
        .rejected("target-sum")
        .mentions("not a signature of this message for this slot by this public key");
    let signature = format!("@{}", text(&alice.folder.path("a.sig")));
    verify("leanxmss42", "00", 5, "00", &signature).rejected("malformed");
    let outcome = verify("leanxmss42", "0", 5, "00", &signature);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    outcome.mentions("--public-key is not an even number of hexadecimal digits");
    verify("leanxmss42", "@nowhere", 5, "00", &signature).unusable(Path::new("nowhere"));
}

#[test]
fn key_files_that_are_damaged_or_foreign() {
    let alice = Alice::new();
    let good = std::fs::read(&alice.key).expect("it was written");
    let with = |change: &dyn Fn(&mut Vec<u8>), expected: &str| {
        let mut bytes = good.clone();
        change(&mut bytes);
        std::fs::write(&alice.key, &bytes).expect("the folder is writable");
        alice
            .sign(5, "00", "a.sig")
            .unusable(&alice.key)
            .mentions(expected);
        if bytes.starts_with(&good[..4]) {
            leanvm(["xmss", "inspect", text(&alice.key)])
                .unusable(&alice.key)
                .mentions(expected);
        }
        assert!(!alice.folder.path("a.sig").exists());
        let after = std::fs::read(&alice.key).expect("it is there");
        assert_eq!(after, bytes, "nothing is written to it");
    };
    with(&|bytes| bytes.truncate(bytes.len() - 1), "cut short");
    with(&|bytes| bytes.truncate(50), "cut short");
    with(&|bytes| bytes.push(0), "cut short or with bytes left over");
    with(&|bytes| bytes[4] = 9, "version 9");
    with(&|bytes| bytes[8] = 64, "a key of the scheme 64");
    with(&|bytes| bytes[60] ^= 1, "the checksum is wrong");
    with(&|bytes| bytes[0] ^= 1, "not a key file");
    with(&|bytes| bytes.clear(), "cut short");
    std::fs::write(&alice.key, &good).expect("the folder is writable");
    alice.sign(5, "00", "a.sig").accepted();
}

#[test]
fn nothing_is_overwritten() {
    let alice = Alice::new();
    let key = std::fs::read(&alice.key).expect("it was written");
    keygen(&alice.folder, "alice", "0..1")
        .unusable(&alice.key)
        .mentions("exists already");
    alice
        .sign(5, "00", "alice.key")
        .unusable(&alice.key)
        .mentions("is an input of this command");
    assert_eq!(std::fs::read(&alice.key).expect("it was written"), key);
    std::fs::remove_file(&alice.key).expect("it is there");
    keygen(&alice.folder, "alice", "0..1").unusable(&alice.public);
    assert!(!alice.key.exists());
    let folder = Folder::new();
    let outcome = keygen(&folder, "none/bob", "0..1");
    outcome.unusable(&folder.path("none/bob.pub"));
    assert_eq!(folder.names(), [""; 0]);
    for slots in ["1..1", "2..1", "0..4294967297", "7"] {
        let outcome = keygen(&folder, "bob", slots);
        assert_eq!(outcome.code, 2, "{outcome:?}");
    }
    keygen(&folder, "bob", "0..4294967296").mentions("more than 67108864");
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn a_second_signer_is_told_that_the_key_is_locked() {
    let alice = Alice::new();
    let lock = std::fs::File::open(alice.folder.path("alice.key.lock")).expect("it was made");
    lock.lock().expect("it is free");
    alice
        .sign(5, "00", "a.sig")
        .unusable(&alice.key)
        .mentions("locked: another signer has it open");
    assert!(!alice.folder.path("a.sig").exists());
    drop(lock);
    alice.sign(5, "00", "a.sig").accepted();
}

#[test]
fn of_many_signers_at_once_one_gets_the_slot() {
    let alice = Alice::new();
    let children: Vec<_> = (0..6)
        .map(|i| {
            let output = alice.folder.path(&format!("{i}.sig"));
            Command::new(env!("CARGO_BIN_EXE_leanvm"))
                .args(alice.sign_arguments(5, &format!("0{i}"), &output))
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .expect("leanvm starts")
        })
        .collect();
    let codes: Vec<_> = children
        .into_iter()
        .map(|mut child| child.wait().expect("it ends").code())
        .collect();
    let signed = codes.iter().filter(|code| **code == Some(0)).count();
    let refused = codes.iter().filter(|code| **code == Some(2)).count();
    assert_eq!((signed, refused), (1, 5), "{codes:?}");
    let signatures = alice
        .folder
        .names()
        .into_iter()
        .filter(|name| name.ends_with(".sig"));
    assert_eq!(signatures.count(), 1);
    assert_eq!(alice.used(), serde_json::json!([[5, 5]]));
}

/// Runs `leanvm` where no file may grow beyond `blocks`; with `ignored`, writing fails instead of killing the process.
#[cfg(unix)]
fn with_full_disk(blocks: u32, ignored: bool, arguments: &[String]) -> std::process::Output {
    let trap = if ignored { "trap '' XFSZ; " } else { "" };
    Command::new("sh")
        .arg("-c")
        .arg(format!("{trap}ulimit -f {blocks}; exec \"$@\""))
        .arg("sh")
        .arg(env!("CARGO_BIN_EXE_leanvm"))
        .args(arguments)
        .output()
        .expect("sh starts")
}

#[cfg(unix)]
#[test]
fn a_full_disk_or_a_killed_process_while_signing() {
    let alice = Alice::new();
    let before = std::fs::read(&alice.key).expect("it was written");
    let output = alice.folder.path("a.sig");
    let arguments = alice.sign_arguments(5, "00", &output);
    // The slot cannot be recorded: no signature.
    let full = with_full_disk(0, true, &arguments);
    let said = String::from_utf8_lossy(&full.stderr).replace("\n    ", " ");
    assert_eq!(full.status.code(), Some(2), "{said}");
    assert!(said.contains("recording the slot failed"), "{said}");
    assert!(said.contains("space on the disk"), "{said}");
    assert_eq!(std::fs::read(&alice.key).expect("it is there"), before);
    assert!(!output.exists());
    // The process dies while it records.
    let killed = with_full_disk(0, false, &arguments);
    assert_eq!(killed.status.code(), None, "{killed:?}");
    assert_eq!(std::fs::read(&alice.key).expect("it is there"), before);
    assert!(!output.exists());
    assert_eq!(alice.used(), serde_json::json!([]));
    // The slot is recorded and the signature cannot be written.
    let full = with_full_disk(1, true, &arguments);
    let said = String::from_utf8_lossy(&full.stderr).replace("\n    ", " ");
    assert_eq!(full.status.code(), Some(2), "{said}");
    assert!(said.contains("slot 5 is recorded as used"), "{said}");
    assert!(!output.exists());
    assert_eq!(alice.used(), serde_json::json!([[5, 5]]));
    alice.sign(5, "01", "a.sig").unusable(&alice.key);
    assert!(!output.exists());
    // The signature that was lost is made again.
    alice.sign(5, "00", "a.sig").accepted();
    alice.verify(5, "00", "a.sig").accepted();
    alice.sign(6, "00", "a.sig").accepted();
    alice.verify(6, "00", "a.sig").accepted();
}

#[test]
fn signatures_of_the_other_scheme() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/leansig.json");
    let file = std::fs::read_to_string(path).expect("the vectors are in the repository");
    let file: serde_json::Value = serde_json::from_str(&file).expect("they are JSON");
    let mut accepted = 0;
    for case in file["cases"].as_array().expect("cases") {
        let member = |name: &str| case[name].as_str().expect("a string");
        if member("base").is_empty() && member("result") == "accepted" {
            let slot = u32::try_from(case["slot"].as_u64().expect("a number")).expect("a slot");
            let (public, message) = (member("public_key"), member("message"));
            let check = |slot, message: &str| {
                verify("leansig-dim64", public, slot, message, member("signature"))
            };
            check(slot, message).accepted();
            check(slot ^ 1, message).rejected("target-sum");
            let outcome = check(slot, &message[2..]);
            assert_eq!(outcome.code, 2, "{outcome:?}");
            outcome.mentions("a message of leansig-dim64 has 32 bytes");
            verify("leanxmss42", public, slot, message, member("signature")).rejected("malformed");
            accepted += 1;
        }
    }
    assert!(accepted >= 3, "{accepted} signatures");
}
