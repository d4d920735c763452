//! Keys and their files.

use super::*;

fn path_of(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).expect("no zero")
}

fn open(path: &Path) -> (Status, Key) {
    let mut key = Key { id: 1 };
    // SAFETY: the text ends, the place is a variable.
    let status = unsafe { leanvm_key_open(path_of(path).as_ptr(), &mut key) };
    assert_eq!(status == Status::Ok, key != Key::default());
    (status, key)
}

fn create(path: &Path, first: u64, count: u64) -> (Status, Key) {
    let mut key = Key { id: 1 };
    // SAFETY: as above.
    let status = unsafe { leanvm_key_create(path_of(path).as_ptr(), first, count, &mut key) };
    assert_eq!(status == Status::Ok, key != Key::default());
    (status, key)
}

fn is_used(key: Key, slot: u32) -> bool {
    let mut used = false;
    // SAFETY: the place is a variable.
    ok(unsafe { leanvm_key_is_used(key, slot, &mut used) });
    used
}

#[test]
fn a_key_file_records_what_it_signs() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("alice.key");
    let (one, two) = (message(b"one"), message(b"two"));
    let (status, key) = create(&path, 3, 8);
    ok(status);
    let (mut first, mut last) = (0, 0);
    // SAFETY: the places are variables.
    ok(unsafe { leanvm_key_slots(key, &mut first, &mut last) });
    assert_eq!((first, last), (3, 10));
    // Asking signs nothing, nor does a buffer that is too small.
    let mut buffer = [0; SIGNATURE];
    for capacity in [0, SIGNATURE - 1] {
        let start = if capacity == 0 {
            null_mut()
        } else {
            buffer.as_mut_ptr()
        };
        // SAFETY: the buffer is of the capacity.
        let status =
            unsafe { leanvm_key_sign(key, 5, one.as_ptr(), 32, start, capacity, null_mut()) };
        assert_eq!(status == Status::Ok, capacity == 0);
        assert!(!is_used(key, 5));
    }
    let signature = sign_at(key, 5, &one).expect("signs");
    ok(verify_signature(&public(key), 5, &one, &signature));
    assert!(is_used(key, 5));
    assert_eq!(sign_at(key, 5, &one), Ok(signature.clone()));
    assert_eq!(sign_at(key, 5, &two), Err(Status::Refused));
    assert!(last_error().contains("slot 5 is used already"));
    assert_eq!(sign_at(key, 2, &two), Err(Status::OutOfRange));
    fails(open(&path).0, Status::Refused, "alice.key: locked");
    fails(
        create(&path, 0, 8).0,
        Status::Refused,
        "alice.key: exists already",
    );
    let backup = fs::read(&path).expect("the file");
    sign_at(key, 9, &two).expect("signs");
    ok(leanvm_key_free(key));

    let (status, key) = open(&path);
    ok(status);
    assert!(is_used(key, 5) && is_used(key, 9) && !is_used(key, 6));
    assert_eq!(sign_at(key, 5, &two), Err(Status::Refused));
    ok(leanvm_key_free(key));

    fs::write(&path, backup).expect("writes");
    fails(open(&path).0, Status::Refused, "older than the record");
    let recover = |skip_to| {
        let mut key = Key::default();
        // SAFETY: the text ends, the place is a variable.
        let status = unsafe { leanvm_key_recover(path_of(&path).as_ptr(), skip_to, &mut key) };
        (status, key)
    };
    fails(recover(9).0, Status::OutOfRange, "only to one of 10 to 11");
    let (status, key) = recover(10);
    ok(status);
    assert!(is_used(key, 9) && is_used(key, 8) && !is_used(key, 10));
    ok(leanvm_key_free(key));
}

#[test]
fn what_cannot_be_a_key_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bob.key");
    fails(open(&path).0, Status::System, "bob.key: opening failed");
    fs::write(&path, b"no key").expect("writes");
    // Others may not read a key.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("changes");
    fails(open(&path).0, Status::Malformed, "bob.key: ");
    fails(open(folder.path()).0, Status::Refused, "is a directory");
    fails(
        open(Path::new("")).0,
        Status::InvalidArgument,
        "path: it is empty",
    );
    let path = Path::new(std::ffi::OsStr::from_bytes(b"bob\xff.key"));
    fails(open(path).0, Status::InvalidArgument, "path: invalid utf-8");
    fails(
        create(path, 0, 8).0,
        Status::InvalidArgument,
        "path: invalid utf-8",
    );
    for (first, count, text) in [
        (0, 0, "at least one active slot"),
        (1 << 32, 1, "slots end at 2^32"),
        (u64::MAX, u64::MAX, "at least one active slot"),
        (1, u64::MAX, "slots end at 2^32"),
        (0, (1 << 26) + 1, "more than 67108864"),
    ] {
        let mut key = Key { id: 1 };
        // SAFETY: the place is a variable.
        let status = unsafe { leanvm_key_generate(first, count, &mut key) };
        fails(status, Status::OutOfRange, text);
        assert_eq!(key, Key::default());
    }
}
