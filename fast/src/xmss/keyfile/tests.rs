//! Tests of key files.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tempfile::TempDir;

use super::format::{CHECKSUM_BYTES, VERSION, checksum, decode};
use super::*;
use crate::xmss::{Seed, SigningError};

/// How writing ends at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The system reports an error.
    Failure,
    /// The process stops: nothing after it runs.
    Crash,
}

thread_local! {
    static END: Cell<Option<(usize, End)>> = const { Cell::new(None) };
}

pub(super) fn point() -> io::Result<()> {
    match END.get() {
        Some((0, end)) => {
            END.set(None);
            assert!(end == End::Failure, "a crash was asked for");
            Err(io::Error::other("asked for by a test"))
        }
        Some((points, end)) => {
            END.set(Some((points - 1, end)));
            Ok(())
        }
        None => Ok(()),
    }
}

pub(super) fn secret(slots: std::ops::Range<u64>) -> SecretKey {
    let seed = Seed::of_known_bytes(b"key files").expect("a short string");
    SecretKey::generate(slots, seed).expect("slots within the lifetime")
}

pub(super) fn message(text: &str) -> Message {
    Message::from_bytes(text.as_bytes()).expect("a short text")
}

/// A folder with the key file `key` of the slots 10..14.
pub(super) fn made() -> (TempDir, PathBuf, KeyFile) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("key");
    let file = KeyFile::create(&path, secret(10..14)).expect("the folder is writable");
    (folder, path, file)
}

pub(super) fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).expect("the folder is there");
    let mut names: Vec<String> = entries
        .map(|entry| {
            let name = entry.expect("an entry").file_name();
            name.into_string().expect("ASCII")
        })
        .collect();
    names.sort();
    names
}

/// Whether slot 11 is refused as used.
pub(super) fn used(outcome: &Result<Signature, KeyFileError>) -> bool {
    matches!(
        outcome,
        Err(KeyFileError::Signing(SigningError::Used { slot: 11 }))
    )
}

fn fault(path: &Path) -> KeyFileFault {
    match KeyFile::open(path) {
        Err(KeyFileError::Invalid(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn slots_are_recorded_and_never_signed_for_again() {
    let (folder, path, mut file) = made();
    let public = *file.key().public_key();
    let signature = file.sign(11, &message("one")).expect("it is active");
    assert_eq!(verify(&public, 11, &message("one"), &signature), Ok(()));
    assert!(used(&file.sign(11, &message("two"))));
    let again = file.sign(11, &message("one")).expect("its own message");
    assert_eq!(again, signature);
    drop(file);
    let mut file = KeyFile::open(&path).expect("it was written");
    assert_eq!(*file.key().public_key(), public);
    assert_eq!(file.key().used().ranges(), [(11, 11)]);
    let again = file.sign(11, &message("one")).expect("its own message");
    assert_eq!(again, signature);
    for (slot, error) in [
        (11, SigningError::Used { slot: 11 }),
        (
            9,
            SigningError::NotActive {
                slot: 9,
                first: 10,
                last: 13,
            },
        ),
        (
            14,
            SigningError::NotActive {
                slot: 14,
                first: 10,
                last: 13,
            },
        ),
    ] {
        match file.sign(slot, &message("two")) {
            Err(KeyFileError::Signing(found)) => assert_eq!(found, error),
            other => panic!("{other:?}"),
        }
    }
    file.sign(10, &message("two")).expect("it is active");
    file.sign(13, &message("two")).expect("it is active");
    drop(file);
    let summary = inspect(&path).expect("it was written");
    assert_eq!(summary.used.ranges(), [(10, 11), (13, 13)]);
    assert_eq!((summary.first, summary.last), (10, 13));
    assert_eq!(summary.public_key, public);
    assert_eq!(names(&folder), ["key", "key.cache", "key.lock"]);
}

#[test]
fn a_failure_or_a_crash_at_any_point_loses_nothing() {
    /// Four until the key file is replaced, then the directory and the record.
    const POINTS: usize = 6;
    for end in [End::Failure, End::Crash] {
        for points in 0..=POINTS {
            let (folder, path, mut file) = made();
            file.sign(10, &message("before")).expect("it is active");
            let before = fs::read(&path).expect("it was written");
            END.set(Some((points, end)));
            let outcome = catch_unwind(AssertUnwindSafe(|| file.sign(11, &message("during"))));
            END.set(None);
            let given = matches!(outcome, Ok(Ok(_)));
            assert_eq!(given, points == POINTS, "{end:?} {points}: {outcome:?}");
            match &outcome {
                Ok(Err(KeyFileError::Io { action, .. })) => {
                    assert_eq!((end, *action), (End::Failure, "recording the slot"));
                }
                Ok(Ok(_)) => (),
                Ok(other) => panic!("{other:?}"),
                Err(_) => assert_eq!(end, End::Crash),
            }
            // This signer has the slot as used, whatever the disk says.
            assert!(used(&file.sign(11, &message("other"))), "{end:?} {points}");
            drop(file);
            let recorded = points >= POINTS - 2;
            let after = fs::read(&path).expect("it is still there");
            assert_eq!(after == before, !recorded, "{end:?} {points}");
            let mut file = KeyFile::open(&path).expect("the old or the new file");
            let used: &[(u32, u32)] = if recorded { &[(10, 11)] } else { &[(10, 10)] };
            assert_eq!(file.key().used().ranges(), used, "{end:?} {points}");
            file.sign(12, &message("after")).expect("it is active");
            drop(file);
            assert_eq!(names(&folder), ["key", "key.cache", "key.lock"]);
            assert_eq!(inspect(&path).expect("it was written").fault, None);
        }
    }
}

#[test]
fn a_signature_that_was_withheld_is_made_again_once_it_is_recorded() {
    for points in 0..6 {
        let (_folder, path, mut file) = made();
        END.set(Some((points, End::Failure)));
        let failed = file.sign(11, &message("one"));
        assert!(matches!(failed, Err(KeyFileError::Io { .. })), "{failed:?}");
        let signature = file.sign(11, &message("one")).expect("its own message");
        drop(file);
        let mut file = KeyFile::open(&path).expect("it was written");
        assert!(used(&file.sign(11, &message("two"))), "{points}");
        let again = file.sign(11, &message("one")).expect("its own message");
        assert_eq!(again, signature, "{points}");
    }
}

#[test]
fn what_a_killed_signer_left_is_collected() {
    let (folder, path, file) = made();
    drop(file);
    for name in ["key.tmp", "key.cache.tmp"] {
        fs::write(folder.path().join(name), b"half of a").expect("the folder is writable");
    }
    KeyFile::open(&path).expect("it is a key file");
    assert_eq!(names(&folder), ["key", "key.cache", "key.lock"]);
}

#[test]
fn the_secret_is_not_shown() {
    let (_folder, path, file) = made();
    let shown = format!("{file:?}");
    assert!(shown.contains("public_key"), "{shown}");
    let bytes = fs::read(path).expect("it was written");
    let list = |bytes: &[u8]| format!("{bytes:?}").trim_matches(['[', ']']).to_owned();
    for word in bytes[44..76].as_chunks::<4>().0 {
        let value = u32::from_le_bytes(*word).to_string();
        assert!(!shown.contains(&value), "{shown}");
        assert!(!shown.contains(&list(word)), "{shown}");
    }
}

#[test]
fn one_signer_at_a_time_and_one_name() {
    let (folder, path, file) = made();
    assert!(matches!(KeyFile::open(&path), Err(KeyFileError::Locked)));
    inspect(&path).expect("looking takes no lock");
    #[cfg(unix)]
    {
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).expect("a link");
        assert!(matches!(KeyFile::open(&link), Err(KeyFileError::Locked)));
        drop(file);
        let mut file = KeyFile::open(&link).expect("it is free");
        file.sign(12, &message("through a link"))
            .expect("it is active");
        drop(file);
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
        let summary = inspect(&path).expect("it was written");
        assert_eq!(summary.used.ranges(), [(12, 12)]);
        fs::hard_link(&path, folder.path().join("second")).expect("a second name");
        assert!(matches!(
            KeyFile::open(&path),
            Err(KeyFileError::SecondName)
        ));
    }
    assert!(matches!(
        KeyFile::create(&path, secret(0..1)),
        Err(KeyFileError::Exists)
    ));
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path, mut file) = made();
    for _ in 0..2 {
        for suffix in ["", ".lock"] {
            let metadata = fs::metadata(disk::beside(&path, suffix)).expect("it was written");
            assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{suffix}");
        }
        let _ = file.sign(10, &message("again"));
    }
}

#[test]
fn bytes_that_are_not_a_key_file_are_refused() {
    let (_folder, path, mut file) = made();
    file.sign(12, &message("a")).expect("it is active");
    drop(file);
    let good = fs::read(&path).expect("it was written");
    let refused = |bytes: &[u8]| decode(bytes).map(drop).expect_err("it is changed");
    assert!(decode(&good).is_ok());
    for length in 0..good.len() {
        assert_eq!(
            refused(&good[..length]),
            KeyFileFault::Length,
            "{length} bytes"
        );
    }
    for bit in 0..8 * good.len() {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let expected = match bit / 8 {
            0..4 => KeyFileFault::Magic,
            4..8 => KeyFileFault::Version(VERSION ^ 1 << (bit % 32)),
            8..12 => KeyFileFault::Scheme(42 ^ 1 << (bit % 32)),
            92..100 => KeyFileFault::Length,
            _ => KeyFileFault::Checksum,
        };
        assert_eq!(refused(&bytes), expected, "bit {bit}");
    }
    // With a checksum that fits.
    let changed = |place: usize, word: u32| {
        let mut bytes = good.clone();
        bytes[place..place + 4].copy_from_slice(&word.to_le_bytes());
        let end = bytes.len() - CHECKSUM_BYTES;
        let sum = checksum(&bytes[..end]).expect("a short file");
        bytes[end..].copy_from_slice(&sum);
        bytes
    };
    for (place, word) in [
        (12, u32::MAX),
        (44, u32::MAX),
        (76, 14),
        (80, 11),
        (80, u32::MAX),
        (100, 13),
        (104, 14),
        (108, 13),
        (112, u32::MAX),
    ] {
        assert_eq!(
            refused(&changed(place, word)),
            KeyFileFault::Content,
            "byte {place}"
        );
    }
    for (place, word) in [(44, 1), (76, 11)] {
        fs::write(&path, changed(place, word)).expect("the folder is writable");
        assert_eq!(fault(&path), KeyFileFault::PublicKey, "byte {place}");
    }
    fs::write(&path, &good[..good.len() - 1]).expect("the folder is writable");
    assert_eq!(fault(&path), KeyFileFault::Length);
    fs::write(&path, &good).expect("the folder is writable");
    KeyFile::open(&path).expect("it is the good file again");
}

#[test]
fn a_cache_is_only_a_cache() {
    let (folder, path, file) = made();
    let public = *file.key().public_key();
    drop(file);
    let cache = folder.path().join("key.cache");
    let good = fs::read(&cache).expect("it was written");
    assert_eq!(good.len(), cache::HEADER_BYTES + 4 * 16);
    let rebuilt_with = |bytes: Option<&[u8]>| {
        match bytes {
            Some(bytes) => fs::write(&cache, bytes).expect("the folder is writable"),
            None => fs::remove_file(&cache).expect("it is there"),
        }
        let leaves = std::sync::atomic::AtomicU64::new(0);
        let file = KeyFile::open_with(&path, &|done, total| {
            assert_eq!(total, 4);
            leaves.fetch_add(done, std::sync::atomic::Ordering::Relaxed);
        })
        .expect("the cache does not matter");
        assert_eq!(*file.key().public_key(), public);
        assert_eq!(fs::read(&cache).expect("it is written again"), good);
        leaves.into_inner()
    };
    assert_eq!(rebuilt_with(Some(&good)), 0, "a good cache is used");
    assert_eq!(rebuilt_with(None), 4);
    assert_eq!(rebuilt_with(Some(&[])), 4);
    assert_eq!(rebuilt_with(Some(&good[..good.len() - 1])), 4);
    for place in [0, 4, 8, 39, cache::HEADER_BYTES, good.len() - 1] {
        let mut bytes = good.clone();
        bytes[place] ^= 0x81;
        assert_eq!(rebuilt_with(Some(&bytes)), 4, "byte {place}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("none").join("key");
    for outcome in [
        KeyFile::create(&path, secret(0..1)).map(drop),
        KeyFile::open(&path).map(drop),
        inspect(&path).map(drop),
    ] {
        assert!(
            matches!(outcome, Err(KeyFileError::Io { .. })),
            "{outcome:?}"
        );
    }
    assert_eq!(names(&folder), [""; 0]);
}
