//! Merging on the command line: from aggregates and late signatures to one proof that another
//! process verifies, and what is refused.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::common::{Folder, Outcome, leanvm, processor, text};
use serde_json::{Value, json};

const BLOCK: &str = "c0ffee";
const OTHER: &str = "c0ffef";
const CHECKPOINT: &str = "00";

/// Aggregates, late signatures and a merge of them, which all tests share.
struct Made {
    folder: Folder,
    /// What the merge of all reported.
    report: Outcome,
    /// The keys of alice, bobby, carol and david.
    keys: Vec<Value>,
}

static MADE: LazyLock<Made> = LazyLock::new(Made::new);

impl Made {
    fn new() -> Self {
        let folder = Folder::new();
        for name in ["alice", "bobby", "carol", "david"] {
            keygen(&folder, name, name);
        }
        // With this key of the same seed, alice signs another message for a slot.
        keygen(&folder, "twice", "alice");
        for (name, slot, message, to) in [
            ("alice", 5, BLOCK, "a"),
            ("bobby", 5, BLOCK, "a"),
            ("bobby", 5, BLOCK, "b"),
            ("carol", 5, BLOCK, "b"),
            ("alice", 5, BLOCK, "late"),
            ("david", 5, BLOCK, "late"),
            ("twice", 5, OTHER, "late"),
            ("david", 6, CHECKPOINT, "late"),
        ] {
            sign(&folder, name, slot, message, to);
        }
        for (name, more) in [
            ("a", &["--log-inv-rate", "1"][..]),
            ("b", &["--log-inv-rate", "4"]),
            ("bare", &["--log-inv-rate", "4", "--bytes-only"]),
        ] {
            let from = folder.path(if name == "bare" { "a" } else { name });
            let output = folder.path(&format!("{name}.agg"));
            let arguments = ["aggregate", "-i", text(&from), "-o", text(&output)];
            leanvm(arguments.iter().chain(more)).accepted();
        }
        let path = |name: &str| text(&folder.path(name)).to_owned();
        let report = leanvm([
            "merge",
            &path("a.agg"),
            &path("b.agg"),
            "--input",
            &path("late"),
            "-o",
            &path("slot.agg"),
            "--signers",
            &path("signers.json"),
            "--log-inv-rate",
            "2",
            "--json",
        ])
        .accepted();
        let key = |name: &str| {
            let bytes = std::fs::read(folder.path(&format!("{name}.pub"))).unwrap();
            json!(hex(&bytes))
        };
        let keys = ["alice", "bobby", "carol", "david"].map(key).to_vec();
        Self {
            folder,
            report,
            keys,
        }
    }

    fn path(&self, name: &str) -> String {
        text(&self.folder.path(name)).to_owned()
    }

    /// `leanvm merge` of files of the folder.
    fn merge(&self, files: &[&str], more: &[&str]) -> Outcome {
        let files: Vec<String> = files.iter().map(|name| self.path(name)).collect();
        let mut arguments = vec!["merge"];
        arguments.extend(files.iter().map(String::as_str));
        arguments.extend(more);
        leanvm(arguments)
    }

    /// A changed copy of a file.
    fn changed(&self, name: &str, to: &str, change: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
        let mut bytes = std::fs::read(self.folder.path(name)).unwrap();
        change(&mut bytes);
        self.folder.write(to, bytes)
    }

    /// The list of signers, changed.
    fn list(&self, to: &str, change: impl FnOnce(&mut Value)) -> PathBuf {
        let mut list = read(&self.folder.path("signers.json"));
        change(&mut list);
        self.folder.write(to, list.to_string())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn keygen(folder: &Folder, name: &str, seed: &str) {
    let (base, seed) = (folder.path(name), format!("{}00", hex(seed.as_bytes())));
    let slots = ["xmss", "keygen", "--slots", "4..8", "-o", text(&base)];
    let seed = ["--seed", &seed, "--insecure-test-seed"];
    leanvm(slots.into_iter().chain(seed)).accepted();
}

/// Signs into a folder.
fn sign(folder: &Folder, name: &str, slot: u32, message: &str, to: &str) {
    std::fs::create_dir_all(folder.path(to)).unwrap();
    let key = folder.path(&format!("{name}.key"));
    let output = folder.path(&format!("{to}/{name}-{slot}.json"));
    let slot = slot.to_string();
    let key = ["xmss", "sign", "--key", text(&key), "--slot", &slot];
    let of = ["--message", message, "-o", text(&output)];
    leanvm(key.into_iter().chain(of)).accepted();
}

fn verify(aggregate: &Path, list: Option<&Path>) -> Outcome {
    let mut arguments = vec!["verify-aggregate", text(aggregate)];
    if let Some(list) = list {
        arguments.extend(["--input", text(list)]);
    }
    leanvm(arguments)
}

/// Exit code 2, with what is wrong and what to do; nothing is written.
#[track_caller]
fn unusable(outcome: Outcome, expected: &str) {
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(outcome.stderr.contains("remedy: "), "{outcome:?}");
    outcome.mentions(expected);
    assert!(!MADE.folder.path("out.agg").exists());
}

#[test]
fn claims_of_one_slot_and_message_are_united_and_others_stay_apart() {
    let made = &*MADE;
    let report = made.report.has(json!({
        "command": "merge",
        "status": "ok",
        "children": 5,
        "claims": 3,
        "signatures": 6,
        "late": { "given": 4, "held": 1, "not_kept": 0, "skipped": 0 },
        "skipped": [],
        "log_inv_rate": 2,
        "processor": processor(),
        "output": made.path("slot.agg"),
        "signers": made.path("signers.json"),
    }));
    for path in [
        "/cycles",
        "/seconds/check",
        "/seconds/execute",
        "/seconds/verify",
    ] {
        assert!(report.pointer(path).is_some_and(Value::is_number), "{path}");
    }
    assert!(report["seconds"]["phases"]["opening"].is_number());
    let file = std::fs::read(made.folder.path("slot.agg")).unwrap();
    assert_eq!(report["file_bytes"], json!(file.len()));
    assert!(report["aggregate_bytes"].as_u64().unwrap() < 1 << 19);

    let [alice, .., david] = made.keys.as_slice() else {
        panic!("four keys");
    };
    let list = read(&made.folder.path("signers.json"));
    assert_eq!(list["scheme"], "leanxmss42");
    let claims = list["claims"].as_array().unwrap();
    let claim = |slot: u32, message: &str| {
        let of = |one: &&Value| (&one["slot"], &one["message"]) == (&json!(slot), &json!(message));
        let keys = &claims.iter().find(of).unwrap()["public_keys"];
        keys.as_array().unwrap().clone()
    };
    assert_eq!(claims.len(), 3);
    let mut all = made.keys.clone();
    all.sort_by_key(|key| key.as_str().map(str::to_owned));
    assert_eq!(claim(5, BLOCK), all);
    assert_eq!(claim(5, OTHER), std::slice::from_ref(alice));
    assert_eq!(claim(6, CHECKPOINT), std::slice::from_ref(david));

    // alice has signed two messages for slot 5.
    let equivocations = report["equivocations"].as_array().unwrap();
    assert_eq!(equivocations.len(), 1);
    let of = &equivocations[0];
    assert_eq!((&of["public_key"], &of["slot"]), (alice, &json!(5)));
    let mut messages: Vec<_> = of["messages"].as_array().unwrap().iter().collect();
    messages.sort_by_key(|message| message.as_str());
    assert_eq!(messages, [&json!(BLOCK), &json!(OTHER)]);
}

#[test]
fn another_process_verifies_the_list_or_the_claims_of_the_file() {
    let made = &*MADE;
    let (file, list) = (
        made.folder.path("slot.agg"),
        made.folder.path("signers.json"),
    );
    let by_list = verify(&file, Some(&list)).accepted();
    assert!(!by_list.stdout.contains("the file's own"), "{by_list:?}");
    // Neither the order of claims nor that of keys matters.
    let turned = made.list("turned.json", |list| {
        let claims = list["claims"].as_array_mut().unwrap();
        claims.reverse();
        for claim in claims {
            claim["public_keys"].as_array_mut().unwrap().reverse();
        }
    });
    verify(&file, Some(&turned)).accepted();
    let own = verify(&file, None).accepted();
    for expected in ["these claims are the file's own", BLOCK, OTHER, "--input"] {
        assert!(own.stdout.contains(expected), "{expected} in {own:?}");
    }
    let json = leanvm(["verify-aggregate", text(&file), "--json"]).accepted();
    let json = json.has(json!({
        "valid": true, "claims": 3, "signers": 6, "claims_of": "file", "slot": null,
    }));
    let stated = json["claim_list"].as_array().unwrap();
    let keys = stated
        .iter()
        .map(|one| one["public_keys"].as_array().unwrap().len());
    assert_eq!(keys.sum::<usize>(), 6);
}

/// The keys in the file are not trusted where a list is given.
#[test]
fn the_list_decides() {
    let made = &*MADE;
    let file = made.folder.path("slot.agg");
    let not_shown = "does not show that these signers signed these messages for these slots";
    let keys = |list: &mut Value| -> Value {
        let claims = list["claims"].as_array_mut().unwrap();
        let largest = claims
            .iter_mut()
            .max_by_key(|one| one["public_keys"].as_array().unwrap().len());
        largest.unwrap()["public_keys"].take()
    };
    let with = |change: &dyn Fn(&mut Vec<Value>)| {
        made.list("changed.json", |list| {
            let mut changed = keys(list).as_array().unwrap().clone();
            change(&mut changed);
            let claims = list["claims"].as_array_mut().unwrap();
            let empty = claims.iter_mut().find(|one| one["public_keys"].is_null());
            empty.unwrap()["public_keys"] = json!(changed);
        })
    };
    let outcome = verify(&file, Some(&with(&|keys| drop(keys.pop()))));
    outcome
        .rejected("proof")
        .mentions(not_shown)
        .mentions("signers only in the list: 0, only in the file: 1");
    let stranger = json!("01000000".repeat(8));
    let outcome = verify(&file, Some(&with(&|keys| keys.push(stranger.clone()))));
    outcome
        .rejected("proof")
        .mentions("signers only in the list: 1, only in the file: 0");
    let list = with(&|keys| keys.push(keys[0].clone()));
    let outcome = verify(&file, Some(&list));
    outcome.unusable(&list).mentions("duplicate-key");
    let list = made.list("changed.json", |list| {
        let claims = list["claims"].as_array_mut().unwrap();
        claims.push(claims[0].clone());
    });
    let outcome = verify(&file, Some(&list));
    outcome.unusable(&list).mentions("duplicate-claim");
    let list = made.list("changed.json", |list| list["claims"] = json!([]));
    let outcome = verify(&file, Some(&list));
    outcome.unusable(&list).mentions("no-claims");
    let list = made.list("changed.json", |list| {
        drop(list["claims"][1].as_object_mut().unwrap().remove("slot"))
    });
    verify(&file, Some(&list)).unusable(&list).mentions("slot");
    let list = made.list("changed.json", |list| {
        list["claims"][1]["public_keys"][0] = json!("00")
    });
    let outcome = verify(&file, Some(&list)).unusable(&list);
    outcome.mentions("claims[1].public_keys[0]: malformed");
    // An aggregate is of one claim only.
    let list = made.folder.path("signers.json");
    let outcome = verify(&made.folder.path("a.agg"), Some(&list));
    outcome.unusable(&list).mentions("claim-count");
}

#[test]
fn bare_bytes_need_a_list() {
    let made = &*MADE;
    let bare = made.folder.path("bare.agg");
    let outcome = verify(&bare, None).unusable(&bare);
    outcome.mentions("give the list of signers by --input");
    // The list of one claim has the form that it always had.
    let list = json!({
        "scheme": "leanxmss42", "slot": 5, "message": BLOCK, "public_keys": made.keys[..2],
    });
    let list = made.folder.write("one.json", list.to_string());
    verify(&bare, Some(&list)).accepted();
    verify(&made.folder.path("a.agg"), Some(&list)).accepted();
    let outcome = made.merge(&["b.agg", "bare.agg"], &[]).unusable(&bare);
    outcome.mentions("without --bytes-only");
}

/// A merge is merged with itself, and one claim is kept of it.
#[test]
fn identical_children_and_one_claim() {
    let made = &*MADE;
    let message = format!("slot=5,message={OTHER}");
    let (one, signers) = (made.path("one.agg"), made.path("one-signers.json"));
    let to = ["-o", &one, "--signers", &signers, "--bytes-only"];
    let keep = ["--keep", &message, "--keep", &message];
    let more: Vec<&str> = keep.into_iter().chain(to).collect();
    let outcome = made.merge(&["slot.agg", "slot.agg"], &more).accepted();
    assert!(outcome.stdout.contains("children"), "{outcome:?}");
    let outcome = outcome.mentions("warning: a key has signed several messages for one slot");
    assert!(outcome.stderr.contains(made.keys[0].as_str().unwrap()));
    let list = json!({
        "scheme": "leanxmss42", "slot": 5, "message": OTHER, "public_keys": made.keys[..1],
    });
    assert_eq!(read(Path::new(&signers)), list);
    verify(Path::new(&one), Some(Path::new(&signers))).accepted();
    assert_eq!(std::fs::read(&one).unwrap()[..2], [1, 43]);
    // A merge without its claims is no child.
    let outcome = made.merge(&["one.agg"], &[]).unusable(Path::new(&one));
    outcome.mentions("`leanvm merge` writes without --bytes-only");
}

#[test]
fn one_child_and_signatures_that_it_has() {
    let made = &*MADE;
    let (held, again) = (made.path("late/alice-5.json"), made.path("again.agg"));
    let list = made
        .folder
        .write("held.json", json!([read(Path::new(&held))]).to_string());
    let more = ["-i", text(&list), "-o", &again, "--json", "--threads", "2"];
    let outcome = made.merge(&["a.agg"], &more).accepted();
    outcome.has(json!({
        "children": 1,
        "claims": 1,
        "signatures": 2,
        "late": { "given": 1, "held": 1, "not_kept": 0, "skipped": 0 },
        "equivocations": [],
        "signers": null,
    }));
    verify(Path::new(&again), None).accepted();
}

#[test]
fn files_that_are_no_children() {
    let made = &*MADE;
    let refused = |file: PathBuf, expected: &str| {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let output = made.path("out.agg");
        let outcome = made.merge(&["b.agg", &name], &["-o", &output]);
        unusable(outcome.unusable(&file), expected);
    };
    let changed = |change: &dyn Fn(&mut Vec<u8>)| made.changed("a.agg", "changed.agg", change);
    refused(
        changed(&|bytes| bytes.truncate(60)),
        "the bytes end in claim 0",
    );
    refused(changed(&|bytes| bytes.truncate(1)), "at least two bytes");
    refused(changed(&|bytes| bytes.clear()), "at least two bytes");
    refused(changed(&|bytes| bytes[0] = 0), "version 0, known is 1");
    refused(changed(&|bytes| bytes[1] = 64), "leansig-dim64");
    refused(changed(&|bytes| bytes[1] = 7), "kind 7");
    refused(
        changed(&|bytes| bytes[10..14].fill(0xff)),
        "the message of claim 0",
    );
    refused(made.folder.path("alice.pub"), "not an aggregate");
    refused(
        made.folder.path("signers.json"),
        "this is a list of signers",
    );
    refused(made.folder.path("absent.agg"), "there is no such file");
    let key = made.folder.path("alice.key");
    made.merge(&["alice.key"], &[])
        .unusable(&key)
        .mentions("this is a secret key");
}

/// Before anything is proved, and with the name of the child.
#[test]
fn children_that_do_not_show_their_claims() {
    let made = &*MADE;
    let output = made.path("out.agg");
    let refused = |change: &dyn Fn(&mut Vec<u8>), expected: &str| {
        let file = made.changed("a.agg", "changed.agg", change);
        let outcome = made.merge(&["b.agg", "changed.agg"], &["-o", &output]);
        let outcome = outcome.rejected("proof").mentions(expected);
        assert!(outcome.stderr.contains(text(&file)), "{outcome:?}");
        assert!(!Path::new(&output).exists());
    };
    let own = "does not show the claims that are in its own file";
    refused(&|bytes| bytes[6] ^= 1, own);
    let damaged = "an aggregate is damaged";
    refused(&|bytes| bytes[9000] ^= 1, damaged);
    refused(&|bytes| drop(bytes.split_off(9000)), damaged);
    // By itself, too.
    let file = made.changed("a.agg", "by-itself.agg", |bytes| bytes[6] ^= 1);
    verify(&file, None).rejected("proof").mentions(own);
}

#[test]
fn lists_of_children_that_cannot_be_merged() {
    let made = &*MADE;
    unusable(leanvm(["merge"]), "there is nothing to merge");
    let output = made.path("out.agg");
    let to = ["-o", output.as_str()];
    unusable(made.merge(&["a.agg"; 17], &to), "17 aggregates");
    // Those that signatures are made of count as well.
    let late = made.path("late");
    let with_late = [to[0], to[1], "-i", &late];
    unusable(
        made.merge(&["a.agg"; 14], &with_late),
        "17 aggregates (14 files, 3 made of signatures first)",
    );
    let file = made.path("a.agg");
    let outcome = made.merge(&["b.agg", "a.agg"], &["-o", &file]);
    outcome
        .unusable(Path::new(&file))
        .mentions("is an input of this command");
    let outcome = made.merge(&["a.agg"], &["-o", &output, "--signers", &output]);
    outcome.unusable(Path::new(&output)).mentions("two outputs");
    let deadline = ["-o", &output, "--deadline", "0"];
    unusable(made.merge(&["a.agg"], &deadline), "the deadline passed");
    for flag in ["--bytes-only", "--skip-invalid"] {
        assert_eq!(made.merge(&["a.agg"], &[flag]).code, 2, "{flag}");
    }
}

#[test]
fn claims_to_keep() {
    let made = &*MADE;
    let output = made.path("out.agg");
    let keep = |keep: &str| made.merge(&["slot.agg"], &["-o", &output, "--keep", keep]);
    for malformed in ["", "5", "slot=x", "slot=5,c0ffee", "message=00"] {
        let outcome = keep(malformed);
        assert_eq!(outcome.code, 2, "{malformed}");
        outcome.mentions("give slot=SLOT or slot=SLOT,message=HEX");
    }

    for (asked, expected) in [
        ("slot=9", "a claim for slot 9, which --keep asks for"),
        ("slot=6,message=c0ffee", "for slot 6 with that message"),
        ("slot=5,message=@absent", "there is no such file"),
        ("slot=5,message=0", "hexadecimal"),
    ] {
        unusable(keep(asked), expected);
    }
    // What there is to keep is named.
    keep("slot=9").mentions(&format!("slot=5,message={OTHER}"));
    // The file of a message is not overwritten.
    let message = made.folder.write("message", [0xc0, 0xff, 0xee]);
    let asked = format!("slot=5,message=@{}", text(&message));
    let outcome = made.merge(&["slot.agg"], &["-o", text(&message), "--keep", &asked]);
    outcome
        .unusable(&message)
        .mentions("is an input of this command");
}

#[test]
fn late_signatures_that_are_bad() {
    let made = &*MADE;
    let output = made.path("out.agg");
    let mut record = read(&made.folder.path("late/david-6.json"));
    record["slot"] = json!(7);
    let bad = made.folder.write("bad.json", json!([record]).to_string());
    let more = ["-i", text(&bad), "-o", &output];
    let outcome = made.merge(&["a.agg"], &more);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    outcome
        .mentions("1 of 1 signatures are not valid")
        .mentions(text(&bad));
    let skip = [&more[..], &["--skip-invalid"]].concat();
    unusable(made.merge(&[], &skip), "none of 1 signatures is valid");
    record["signature"] = json!("00");
    let bad = made.folder.write("bad.json", json!([record]).to_string());
    let more = ["-i", text(&bad), "-o", &output];
    made.merge(&["a.agg"], &more).unusable(&bad);
    let empty = made.folder.path("empty");
    std::fs::create_dir_all(&empty).unwrap();
    let more = ["-i", text(&empty), "-o", &output];
    made.merge(&["a.agg"], &more)
        .unusable(&empty)
        .mentions("there is no signature in it");
}
