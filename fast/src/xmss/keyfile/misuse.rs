//! What is done to the files of a key while it is open, or between two uses: no slot is signed for
//! twice.

use std::fs;
use std::path::Path;

use super::disk::beside;
use super::tests::{made, message, names, secret, used};
use super::*;

/// Does something to the files of a key, and says by which name the key is found then.
type Meddling = fn(&Path) -> PathBuf;

fn rename(from: &Path, to: &Path) {
    fs::rename(from, to).expect("the folder is writable");
}

fn remove_lock(path: &Path) -> PathBuf {
    fs::remove_file(beside(path, ".lock")).expect("it is there");
    path.to_owned()
}

fn make_lock_anew(path: &Path) -> PathBuf {
    let lock = beside(path, ".lock");
    fs::copy(&lock, beside(path, ".copy")).expect("it is there");
    rename(&beside(path, ".copy"), &lock);
    path.to_owned()
}

fn move_key(path: &Path) -> PathBuf {
    let other = path.with_file_name("other");
    rename(path, &other);
    other
}

fn move_key_and_lock(path: &Path) -> PathBuf {
    let other = move_key(path);
    rename(&beside(path, ".lock"), &beside(&other, ".lock"));
    other
}

#[cfg(unix)]
fn link_key(path: &Path) -> PathBuf {
    let other = path.with_file_name("other");
    fs::hard_link(path, &other).expect("the folder is writable");
    other
}

#[cfg(unix)]
fn link_key_and_copy_lock(path: &Path) -> PathBuf {
    let other = link_key(path);
    fs::copy(beside(path, ".lock"), beside(&other, ".lock")).expect("it is there");
    other
}

fn copy_key_over_itself(path: &Path) -> PathBuf {
    let other = path.with_file_name("other");
    fs::copy(path, &other).expect("it is there");
    rename(&other, path);
    path.to_owned()
}

/// Both signers want slot 11, for different messages; the second comes after the meddling.
#[cfg(unix)]
#[test]
fn while_a_key_is_open_nobody_else_signs_whatever_is_done_to_the_names() {
    let cases: [(&str, Meddling, &str, &str); 7] = [
        ("rm K.lock", remove_lock, "locked", "was moved, removed"),
        (
            "K.lock anew",
            make_lock_anew,
            "locked",
            "was moved, removed",
        ),
        ("mv K", move_key, "locked", "was moved, removed"),
        (
            "mv K K.lock",
            move_key_and_lock,
            "locked",
            "was moved, removed",
        ),
        ("ln K", link_key, "locked", "second name"),
        (
            "ln K, cp K.lock",
            link_key_and_copy_lock,
            "locked",
            "second name",
        ),
        (
            "cp K over K",
            copy_key_over_itself,
            "locked",
            "was moved, removed",
        ),
    ];
    for (name, meddle, said_to_second, said_to_first) in cases {
        let (_folder, path, mut first) = made();
        let before = fs::read(&path).expect("it was written");
        let found = meddle(&path);
        let second = KeyFile::open(&found).expect_err(name).to_string();
        assert!(second.contains(said_to_second), "{name}: {second}");
        let outcome = first.sign(11, &message("first")).expect_err(name);
        let outcome = outcome.to_string();
        assert!(outcome.contains(said_to_first), "{name}: {outcome}");
        assert_eq!(fs::read(&found).expect("it is there"), before, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_is_changed_in_place_while_it_is_open_is_not_written_over() {
    let (_folder, path, mut file) = made();
    let old = fs::read(&path).expect("it was written");
    file.sign(10, &message("a")).expect("it is active");
    fs::write(&path, &old).expect("it is writable");
    let outcome = file.sign(11, &message("b"));
    assert!(
        matches!(outcome, Err(KeyFileError::Replaced { .. })),
        "{outcome:?}"
    );
    assert_eq!(fs::read(&path).expect("it is there"), old);
}

#[test]
fn a_restored_key_file_is_refused_until_it_skips_what_is_used() {
    let (_folder, path, mut file) = made();
    file.sign(10, &message("before")).expect("it is active");
    let backup = fs::read(&path).expect("it was written");
    file.sign(11, &message("since")).expect("it is active");
    drop(file);
    fs::write(&path, &backup).expect("it is writable");
    let newer = RecordFault::Newer { end: 12 };
    let outcome = KeyFile::open(&path).map(drop);
    assert!(
        matches!(outcome, Err(KeyFileError::Record(fault)) if fault == newer),
        "{outcome:?}"
    );
    let summary = inspect(&path).expect("it is a key file");
    assert_eq!(summary.fault, Some(newer));
    assert_eq!(summary.used.ranges(), [(10, 10)]);
    let recover = |slot| KeyFile::recover(&path, slot, &|_, _| ());
    for slot in [0, 11, 15, u64::MAX] {
        match recover(slot).map(drop) {
            Err(KeyFileError::SkipTo {
                slot: refused,
                least,
                greatest: 14,
            }) => {
                assert_eq!(refused, slot);
                assert!(least <= 12, "{least}");
            }
            other => panic!("{slot}: {other:?}"),
        }
        assert_eq!(fs::read(&path).expect("it is there"), backup);
    }
    let mut file = recover(12).expect("all that is used is below");
    assert_eq!(file.key().used().ranges(), [(10, 11)]);
    assert!(used(&file.sign(11, &message("other"))));
    // Its message is forgotten, that of the backup is not.
    assert!(used(&file.sign(11, &message("since"))));
    file.sign(10, &message("before")).expect("its own message");
    file.sign(12, &message("other")).expect("it is active");
    drop(file);
    let file = KeyFile::open(&path).expect("key and record belong together");
    assert_eq!(file.key().used().ranges(), [(10, 12)]);
    drop(file);
    recover(14).expect("all slots are used");
    let summary = inspect(&path).expect("it was written");
    assert_eq!((summary.used.count(), summary.fault), (4, None));
}

#[test]
fn a_key_file_without_its_record_is_refused() {
    let (folder, path, mut file) = made();
    file.sign(10, &message("a")).expect("it is active");
    drop(file);
    let lock = beside(&path, ".lock");
    let good = fs::read(&lock).expect("it was written");
    let both_damaged = good.iter().map(|byte| byte ^ 1).collect();
    for (bytes, fault) in [
        (None, RecordFault::Missing),
        (Some(vec![]), RecordFault::Missing),
        (Some(vec![0; 7]), RecordFault::Damaged),
        (Some(both_damaged), RecordFault::Damaged),
    ] {
        match &bytes {
            Some(bytes) => fs::write(&lock, bytes).expect("it is writable"),
            None => fs::remove_file(&lock).expect("it is there"),
        }
        let before = names(&folder);
        let outcome = KeyFile::open(&path).map(drop);
        assert!(
            matches!(&outcome, Err(KeyFileError::Record(found)) if *found == fault),
            "{fault:?}: {outcome:?}"
        );
        assert_eq!(names(&folder), before);
        assert_eq!(inspect(&path).expect("a key file").fault, Some(fault));
        let low = KeyFile::recover(&path, 10, &|_, _| ()).map(drop);
        assert!(
            matches!(
                low,
                Err(KeyFileError::SkipTo {
                    slot: 10,
                    least: 11,
                    greatest: 14
                })
            ),
            "{fault:?}: {low:?}"
        );
        assert_eq!(names(&folder), before);
        let file = KeyFile::recover(&path, 11, &|_, _| ()).expect("all that is used is below");
        assert_eq!(file.key().used().ranges(), [(10, 10)]);
        drop(file);
        KeyFile::open(&path).expect("key and record belong together");
    }
}

/// Opens a key file that is refused for its record, with the reason.
fn record_fault(path: &Path) -> RecordFault {
    match KeyFile::open(path) {
        Err(KeyFileError::Record(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_record_of_another_key_is_kept_and_its_key_is_not_recovered() {
    let (_folder, path, mut file) = made();
    file.sign(10, &message("a")).expect("it is active");
    drop(file);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let other = folder.path().join("key");
    let mut file = KeyFile::create(&other, secret(10..13)).expect("the folder is writable");
    file.sign(12, &message("a")).expect("it is active");
    drop(file);
    let (lock, key) = (beside(&path, ".lock"), fs::read(&path).expect("a file"));
    let own = fs::read(&lock).expect("it was written");
    let of_other = fs::read(beside(&other, ".lock")).expect("it was written");
    fs::write(&lock, &of_other).expect("it is writable");
    assert_eq!(record_fault(&path), RecordFault::OtherKey);
    let summary = inspect(&path).expect("a key file");
    assert_eq!(summary.fault, Some(RecordFault::OtherKey));
    for skip_to in [11, 14] {
        let outcome = KeyFile::recover(&path, skip_to, &|_, _| ()).map(drop);
        let other_key = KeyFileError::Record(RecordFault::OtherKey).to_string();
        assert_eq!(outcome.expect_err("refused").to_string(), other_key);
    }
    assert_eq!(fs::read(&lock).expect("it is there"), of_other);
    assert_eq!(fs::read(&path).expect("it is there"), key);
    fs::write(&lock, &own).expect("it is writable");
    KeyFile::open(&path).expect("its own record");
}

#[test]
fn nothing_that_a_recovery_does_not_know_of_is_accepted_after_it() {
    // Slots in the order of their use; the key files before the second one and after the last but
    // one survive.
    for slots in [[10, 11, 12], [12, 10, 11]] {
        for record_survives in [false, true] {
            let (_folder, path, mut file) = made();
            let lock = beside(&path, ".lock");
            let mut backups = vec![];
            for slot in slots {
                file.sign(slot, &message("first")).expect("it is active");
                let files = [&path, &lock].map(|path| fs::read(path).expect("a file"));
                backups.push(files);
            }
            drop(file);
            let [old, old_record] = &backups[0];
            fs::write(&path, old).expect("it is writable");
            if record_survives {
                // Both come from the backup, and the slot is from elsewhere.
                fs::write(&lock, old_record).expect("it is writable");
            } else {
                fs::remove_file(&lock).expect("it is there");
            }
            let file = KeyFile::recover(&path, 13, &|_, _| ()).expect("beyond all that is used");
            assert_eq!(file.key().used().ranges(), [(10, 12)]);
            drop(file);
            let record = fs::read(&lock).expect("it was written");
            for [backup, _] in &backups {
                fs::write(&path, backup).expect("it is writable");
                let newer = RecordFault::Newer { end: 13 };
                assert_eq!(record_fault(&path), newer, "{slots:?}");
                assert_eq!(fs::read(&lock).expect("it is there"), record, "{slots:?}");
            }
        }
    }
}

#[test]
fn a_recovery_is_later_than_one_before_of_which_it_does_not_know() {
    let (_folder, path, file) = made();
    drop(file);
    let lock = beside(&path, ".lock");
    let old = fs::read(&path).expect("it was written");
    let recover_old = |skip_to| {
        fs::write(&path, &old).expect("it is writable");
        fs::remove_file(&lock).expect("it is there");
        KeyFile::recover(&path, skip_to, &|_, _| ()).expect("beyond all that is used")
    };
    let mut file = recover_old(11);
    file.sign(13, &message("first")).expect("it is active");
    let backup = fs::read(&path).expect("it was written");
    file.sign(11, &message("first")).expect("it is active");
    drop(file);
    drop(recover_old(14));
    fs::write(&path, &backup).expect("it is writable");
    assert_eq!(record_fault(&path), RecordFault::Newer { end: 14 });
}

#[test]
fn a_later_generation_does_not_help_a_file_that_lacks_used_slots() {
    let (_folder, path, mut file) = made();
    file.sign(10, &message("a")).expect("it is active");
    let mut record = record_of(file.key(), file.generation);
    for (generation, end) in [(0, 12), (file.generation, 12), (file.generation - 1, 14)] {
        (record.generation, record.end) = (generation, end);
        file.lock.write(&record).expect("it is writable");
        // The one before is in the other place.
        record.generation = generation.wrapping_sub(1);
        file.lock.write(&record).expect("it is writable");
        assert_eq!(
            inspect(&path).expect("a key file").fault,
            Some(RecordFault::Newer { end })
        );
    }
}

#[test]
fn a_record_without_its_key_file_is_not_destroyed_by_a_new_key() {
    let (folder, path, mut file) = made();
    file.sign(11, &message("a")).expect("it is active");
    drop(file);
    fs::remove_file(&path).expect("it is there");
    let lock = beside(&path, ".lock");
    let good = fs::read(&lock).expect("it was written");
    let refused = |slots, bytes: &[u8]| {
        fs::write(&lock, bytes).expect("it is writable");
        let before = names(&folder);
        let outcome = KeyFile::create(&path, secret(slots)).map(drop);
        assert!(
            matches!(&outcome, Err(KeyFileError::RecordLeft { path }) if *path == fs::canonicalize(&lock).expect("it is there")),
            "{outcome:?}"
        );
        assert_eq!(fs::read(&lock).expect("it is there"), bytes);
        assert_eq!(names(&folder), before);
    };
    // The same key, another key, and bytes that may have been a record.
    refused(10..14, &good);
    refused(10..13, &good);
    refused(10..14, &good[..good.len() / 2 - 1]);
    refused(10..14, b"x");
    // Of another key that has signed for nothing.
    let (_other_folder, other, file) = made();
    drop(file);
    let unused = fs::read(beside(&other, ".lock")).expect("it was written");
    refused(10..13, &unused);
    // That of this key says that nothing is lost, and so does an empty file.
    for bytes in [&unused[..], &[]] {
        fs::write(&lock, bytes).expect("it is writable");
        drop(KeyFile::create(&path, secret(10..14)).expect("nothing is used"));
        assert_eq!(inspect(&path).expect("a key file").fault, None);
        fs::remove_file(&path).expect("it is there");
    }
}

#[test]
fn a_key_that_is_made_again_is_later_than_its_files_of_before() {
    let (_folder, path, mut file) = made();
    file.sign(11, &message("a")).expect("it is active");
    drop(file);
    let backup = fs::read(&path).expect("it was written");
    for file in [&path, &beside(&path, ".lock")] {
        fs::remove_file(file).expect("it is there");
    }
    drop(KeyFile::create(&path, secret(10..14)).expect("the folder is writable"));
    fs::write(&path, &backup).expect("it is writable");
    assert_eq!(record_fault(&path), RecordFault::Newer { end: 0 });
}

#[test]
fn of_two_records_one_may_be_damaged() {
    let (_folder, path, mut file) = made();
    file.sign(10, &message("a")).expect("it is active");
    drop(file);
    let lock = beside(&path, ".lock");
    let good = fs::read(&lock).expect("it was written");
    for place in [0, good.len() / 2, good.len() - 1] {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        fs::write(&lock, &bytes).expect("it is writable");
        let file = KeyFile::open(&path).expect("the other record is good");
        drop(file);
        assert_eq!(inspect(&path).expect("a key file").fault, None);
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_and_nothing_is_left_beside_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    let made = std::process::Command::new("mkfifo")
        .arg(at("pipe"))
        .status()
        .expect("mkfifo starts");
    assert!(made.success());
    fs::create_dir(at("directory")).expect("the folder is writable");
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).expect("a socket");
    std::os::unix::fs::symlink(at("pipe"), at("to-pipe")).expect("a link");
    std::os::unix::fs::symlink(at("nowhere"), at("to-nowhere")).expect("a link");
    let before = names(&folder);
    for name in ["pipe", "directory", "socket", "to-pipe", "to-nowhere"] {
        let path = at(name);
        for outcome in [
            KeyFile::open(&path).map(drop),
            KeyFile::recover(&path, 0, &|_, _| ()).map(drop),
            inspect(&path).map(drop),
        ] {
            let expected = match &outcome {
                Err(KeyFileError::NotRegular { .. }) => name != "to-nowhere",
                Err(KeyFileError::Io { .. }) => name == "to-nowhere",
                _ => false,
            };
            assert!(expected, "{name}: {outcome:?}");
        }
        let outcome = KeyFile::create(&path, secret(0..1)).map(drop);
        assert!(
            matches!(outcome, Err(KeyFileError::Exists)),
            "{name}: {outcome:?}"
        );
        assert!(!is_key_file(&path).unwrap_or(false), "{name}");
        assert_eq!(names(&folder), before, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_beside_a_key_file_does_not_hold_it_up() {
    let (_folder, path, file) = made();
    drop(file);
    for suffix in [".cache", ".lock"] {
        let side = beside(&path, suffix);
        fs::remove_file(&side).expect("it is there");
        let made = std::process::Command::new("mkfifo")
            .arg(&side)
            .status()
            .expect("mkfifo starts");
        assert!(made.success());
        let outcome = KeyFile::open(&path).map(drop);
        match suffix {
            ".cache" => outcome.expect("the leaves are computed"),
            _ => assert!(
                matches!(outcome, Err(KeyFileError::NotRegular { .. })),
                "{outcome:?}"
            ),
        }
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path, file) = made();
    drop(file);
    let set = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is mine");
    };
    for suffix in ["", ".lock"] {
        let file = beside(&path, suffix);
        for mode in [0o640, 0o604, 0o620, 0o666] {
            set(&file, mode);
            let outcome = KeyFile::open(&path).map(drop);
            assert!(
                matches!(outcome, Err(KeyFileError::OpenToOthers { mode: found, .. }) if found == mode),
                "{outcome:?}"
            );
        }
        set(&file, 0o600);
        KeyFile::open(&path).expect("only its owner reads it");
    }
}
