//! Keys and signatures on the command line: what works and what is refused.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::common::{Folder, Outcome, leanvm, text};

/// A folder with the key `alice` of the slots 4..8.
pub(crate) struct Alice {
    pub(crate) folder: Folder,
    pub(crate) key: PathBuf,
    pub(crate) public: PathBuf,
}

impl Alice {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        keygen(&folder, "alice", "4..8").accepted();
        let (key, public) = (folder.path("alice.key"), folder.path("alice.pub"));
        Self {
            folder,
            key,
            public,
        }
    }

    pub(crate) fn sign_arguments(&self, slot: u32, message: &str, output: &Path) -> Vec<String> {
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
    pub(crate) fn sign(&self, slot: u32, message: &str, name: &str) -> Outcome {
        leanvm(self.sign_arguments(slot, message, &self.folder.path(name)))
    }

    pub(crate) fn verify(&self, slot: u32, message: &str, name: &str) -> Outcome {
        let signature = format!("@{}", text(&self.folder.path(name)));
        let public = format!("@{}", text(&self.public));
        verify("leanxmss42", &public, slot, message, &signature)
    }

    pub(crate) fn used(&self) -> serde_json::Value {
        leanvm(["xmss", "inspect", text(&self.key), "--json"])
            .accepted()
            .json()["used_ranges"]
            .clone()
    }
}

pub(crate) fn keygen(folder: &Folder, name: &str, slots: &str) -> Outcome {
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
    assert_eq!(alice.used(), json!([[5, 5], [7, 7]]));
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
    with(&["--json"])
        .accepted()
        .has(json!({ "public_key": public, "slot": 5, "message": "c0ffee" }));
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
    leanvm(["xmss", "inspect", text(&record), "--json"])
        .accepted()
        .has(json!({
            "kind": "signature_record",
            "scheme": "leanxmss42",
            "public_key": public,
            "slot": 5,
            "message": "c0ffee",
            "bytes": 1208,
        }));
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
    .accepted();
    let signature = std::fs::read(alice.folder.path("a.sig")).expect("it was written");
    let public = hex_of(&std::fs::read(&alice.public).expect("it was written"));
    signed.has(json!({
        "command": "xmss sign",
        "signature": hex_of(&signature),
        "slot": 6,
        "public_key": public,
    }));
    let inspect = |name: &str| {
        leanvm(["xmss", "inspect", text(&alice.folder.path(name)), "--json"]).accepted()
    };
    inspect("alice.key").has(json!({
        "command": "xmss inspect",
        "kind": "key_file",
        "scheme": "leanxmss42",
        "public_key": public,
        "first_slot": 4,
        "end_slot": 8,
        "used_slots": 1,
        "first_slot_not_used": 4,
    }));
    inspect("alice.pub").has(json!({ "kind": "public_key", "public_key": public }));
    inspect("a.sig").has(json!({ "kind": "signature" }));
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
    refused.has(json!({ "status": "rejected", "name": "target-sum", "code": null }));
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
