//! Key files on the command line: no slot is ever signed for twice with different messages.

use std::process::Command;

use crate::common::{Folder, leanvm, text};
use crate::xmss::{Alice, keygen};

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

#[test]
fn a_record_of_uses_survives_a_new_key_and_the_key_file_of_another() {
    let alice = Alice::new();
    alice.sign(5, "00", "a.sig").accepted();
    let lock = alice.folder.path("alice.key.lock");
    let record = std::fs::read(&lock).expect("it was written");
    let key = std::fs::read(&alice.key).expect("it was written");
    let public = std::fs::read(&alice.public).expect("it was written");
    for path in [&alice.key, &alice.public] {
        std::fs::remove_file(path).expect("it is there");
    }
    let names = alice.folder.names();
    for slots in ["4..8", "0..1"] {
        keygen(&alice.folder, "alice", slots)
            .unusable(&alice.key)
            .mentions("alice.key.lock is the record of used slots")
            .mentions("put the key file back beside it");
        assert_eq!(alice.folder.names(), names);
        assert_eq!(std::fs::read(&lock).expect("it is there"), record);
    }
    keygen(&alice.folder, "bob", "0..1").accepted();
    std::fs::rename(alice.folder.path("bob.key"), &alice.key).expect("the folder is writable");
    for arguments in [
        &["recover", "--skip-to", "1"][..],
        &["sign", "--slot", "0", "--message", "00", "-o", "/dev/null"],
    ] {
        let key = ["--key", text(&alice.key)];
        leanvm(["xmss"].iter().chain(arguments).chain(&key))
            .unusable(&alice.key)
            .mentions("is of another key")
            .mentions("put the .lock file of this key beside it, and that of the other");
        assert_eq!(std::fs::read(&lock).expect("it is there"), record);
    }
    std::fs::write(&alice.key, key).expect("it is writable");
    std::fs::write(&alice.public, public).expect("it is writable");
    alice.sign(5, "00", "b.sig").accepted();
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

/// Runs `leanvm` where no file may grow beyond `blocks`; with `ignored`, writing fails instead of
/// killing the process.
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
fn what_a_killed_run_left_is_collected() {
    let alice = Alice::new();
    alice.folder.write(".leanvm-killed.part", "half of a");
    let running = alice.folder.write(".leanvm-running.part", "half of a");
    let held = std::fs::File::open(&running).expect("it was written");
    held.lock().expect("it is free");
    alice.folder.write(".leanvm-other", "not of leanvm");
    alice.folder.write("alice.key.tmp", "half of a key");
    alice.sign(5, "00", "a.sig").accepted();
    let left = |name: &&String| !name.starts_with("alice.");
    let names = alice.folder.names();
    let names: Vec<&String> = names.iter().filter(left).collect();
    assert_eq!(names, [".leanvm-other", ".leanvm-running.part", "a.sig"]);
    assert!(!alice.folder.path("alice.key.tmp").exists());
}
