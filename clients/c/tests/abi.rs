//! The functions of the header, called as C calls them.

#![cfg(unix)]

use std::ffi::{CStr, CString};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::ptr::{null, null_mut};
use std::sync::LazyLock;
use std::time::Duration;
use std::{fs, thread};

use leanvm_c::*;
use leanvm_fast::merging::{AggregateFile, AnyAggregate, FileClaim};
use leanvm_fast::xmss::PublicKey;

const SLOT: u32 = 5;
const KEY: usize = LEANVM_PUBLIC_KEY_BYTES;
const SIGNATURE: usize = LEANVM_SIGNATURE_BYTES;

fn last_error() -> String {
    let mut length = 0;
    // SAFETY: the pointers are those of the arguments beside them, or null.
    unsafe {
        assert_eq!(leanvm_last_error(null_mut(), 0, &mut length), Status::Ok);
        let mut text = vec![0_u8; length];
        let (start, capacity) = (text.as_mut_ptr().cast(), text.len());
        assert_eq!(leanvm_last_error(start, capacity, &mut length), Status::Ok);
        let text = CStr::from_bytes_with_nul(&text).expect("one zero, at the end");
        text.to_str().expect("UTF-8").to_owned()
    }
}

#[track_caller]
fn fails(status: Status, expected: Status, text: &str) {
    assert_eq!(status, expected, "{}", last_error());
    let error = last_error();
    assert!(error.contains(text), "{error}");
}

#[track_caller]
fn ok(status: Status) {
    assert_eq!(status, Status::Ok, "{}", last_error());
}

/// Asks for the size, then for the bytes; one byte less is refused and nothing is written.
#[track_caller]
fn filled(fill: impl Fn(*mut u8, usize, *mut usize) -> Status) -> Vec<u8> {
    let mut length = 0;
    ok(fill(null_mut(), 0, &mut length));
    let needed = length;
    let mut bytes = vec![7_u8; needed];
    let short = needed - 1;
    fails(
        fill(bytes.as_mut_ptr(), short, &mut length),
        Status::BufferTooSmall,
        &format!("a capacity of {short}, {needed} are needed"),
    );
    assert_eq!((length, &bytes), (needed, &vec![7; needed]));
    fails(
        fill(null_mut(), needed, &mut length),
        Status::InvalidArgument,
        "buffer: a null pointer",
    );
    ok(fill(bytes.as_mut_ptr(), needed, null_mut()));
    bytes
}

fn message(bytes: &[u8]) -> [u8; 32] {
    let filled = filled(|buffer, capacity, length| {
        // SAFETY: lengths are those of the slices and buffers.
        unsafe { leanvm_message_of_bytes(bytes.as_ptr(), bytes.len(), buffer, capacity, length) }
    });
    filled.try_into().expect("32 bytes")
}

fn generated() -> Key {
    let mut key = Key::default();
    // SAFETY: the place is a variable.
    ok(unsafe { leanvm_key_generate(0, 8, &mut key) });
    key
}

fn public(key: Key) -> Vec<u8> {
    filled(|buffer, capacity, length| {
        // SAFETY: the buffer is of the capacity.
        unsafe { leanvm_key_public(key, buffer, capacity, length) }
    })
}

fn sign_at(key: Key, slot: u32, message: &[u8]) -> Result<Vec<u8>, Status> {
    let mut signature = vec![0; SIGNATURE];
    // SAFETY: lengths are those of the slices.
    let status = unsafe {
        leanvm_key_sign(
            key,
            slot,
            message.as_ptr(),
            message.len(),
            signature.as_mut_ptr(),
            SIGNATURE,
            null_mut(),
        )
    };
    match status {
        Status::Ok => Ok(signature),
        other => Err(other),
    }
}

fn verify_signature(key: &[u8], slot: u32, message: &[u8], signature: &[u8]) -> Status {
    // SAFETY: lengths are those of the slices.
    unsafe {
        leanvm_verify_signature(
            key.as_ptr(),
            key.len(),
            slot,
            message.as_ptr(),
            message.len(),
            signature.as_ptr(),
            signature.len(),
        )
    }
}

/// Keys and signatures of so many new keys.
fn signed(number: usize, message: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut keys, mut signatures) = (Vec::new(), Vec::new());
    for _ in 0..number {
        let key = generated();
        keys.extend(public(key));
        signatures.extend(sign_at(key, SLOT, message).expect("signs"));
        ok(leanvm_key_free(key));
    }
    (keys, signatures)
}

fn aggregate(
    message: &[u8],
    keys: &[u8],
    signatures: &[u8],
    options: *const Options,
) -> (Status, Aggregate) {
    // Not none: a failure has to write that.
    let mut aggregate = Aggregate { id: 1 };
    // SAFETY: lengths are those of the slices.
    let status = unsafe {
        leanvm_aggregate_signatures(
            SLOT,
            message.as_ptr(),
            message.len(),
            keys.as_ptr(),
            keys.len(),
            signatures.as_ptr(),
            signatures.len(),
            options,
            &mut aggregate,
        )
    };
    assert_eq!(status == Status::Ok, aggregate != Aggregate::default());
    (status, aggregate)
}

fn merge(children: &[Aggregate], keep: &[Claim], options: *const Options) -> (Status, Aggregate) {
    let keep_start = if keep.is_empty() {
        null()
    } else {
        keep.as_ptr()
    };
    let mut merged = Aggregate { id: 1 };
    // SAFETY: lengths are those of the slices.
    let status = unsafe {
        leanvm_merge(
            children.as_ptr(),
            children.len(),
            keep_start,
            keep.len(),
            options,
            &mut merged,
        )
    };
    assert_eq!(status == Status::Ok, merged != Aggregate::default());
    (status, merged)
}

fn claim(message: [u8; 32], keys: &[u8]) -> Claim {
    Claim {
        slot: SLOT,
        message,
        keys: keys.as_ptr(),
        keys_len: keys.len(),
    }
}

fn verify(claims: &[Claim], bytes: &[u8]) -> Status {
    // SAFETY: lengths are those of the slices, whose claims are of live keys.
    unsafe { leanvm_verify(claims.as_ptr(), claims.len(), bytes.as_ptr(), bytes.len()) }
}

fn bytes_of(aggregate: Aggregate) -> Vec<u8> {
    filled(|buffer, capacity, length| {
        // SAFETY: the buffer is of the capacity.
        unsafe { leanvm_aggregate_to_bytes(aggregate, buffer, capacity, length) }
    })
}

fn keys_of(aggregate: Aggregate, index: usize) -> (Claim, Vec<u8>) {
    let mut claim = claim([0; 32], &[]);
    let mut length = 0;
    // SAFETY: the buffer is of the capacity.
    unsafe {
        ok(leanvm_aggregate_claim(
            aggregate,
            index,
            &mut claim,
            null_mut(),
            0,
            &mut length,
        ));
        assert_eq!((claim.keys, claim.keys_len), (null(), 0));
        let mut keys = vec![0; length];
        ok(leanvm_aggregate_claim(
            aggregate,
            index,
            &mut claim,
            keys.as_mut_ptr(),
            keys.len(),
            null_mut(),
        ));
        assert_eq!((claim.keys, claim.keys_len), (keys.as_ptr(), keys.len()));
        (claim, keys)
    }
}

fn options() -> Options {
    Options::default()
}

/// What several tests begin with: it takes a proof.
struct Parts {
    message: [u8; 32],
    keys: Vec<u8>,
    signatures: Vec<u8>,
    aggregate: Aggregate,
    bytes: Vec<u8>,
}

static PARTS: LazyLock<Parts> = LazyLock::new(|| {
    let message = message(b"block 1");
    let (keys, signatures) = signed(2, &message);
    let (status, aggregate) = aggregate(&message, &keys, &signatures, null());
    ok(status);
    let bytes = bytes_of(aggregate);
    Parts {
        message,
        keys,
        signatures,
        aggregate,
        bytes,
    }
});

#[test]
fn names_and_versions() {
    let name = |status| {
        // SAFETY: the name is static.
        unsafe { CStr::from_ptr(leanvm_status_name(status)) }
    };
    assert_eq!(name(Status::Ok as i32), c"ok");
    assert_eq!(name(Status::Internal as i32), c"internal");
    for status in [-1, 12, i32::MAX, i32::MIN] {
        assert_eq!(name(status), c"unknown");
    }
    assert_eq!(leanvm_abi_version(), LEANVM_ABI_VERSION);
    // SAFETY: as above.
    let version = unsafe { CStr::from_ptr(leanvm_version()) };
    assert_eq!(version.to_str(), Ok(env!("CARGO_PKG_VERSION")));
    let told = leanvm_give_back_memory();
    let glibc = cfg!(all(target_os = "linux", target_env = "gnu"));
    assert_eq!(told == Status::Ok, glibc);
    // No call before, so no message.
    let text = thread::spawn(last_error).join().expect("no panic");
    assert_eq!(text, "");
}

#[test]
fn null_pointers_are_refused_and_named() {
    let one = [0_u8; 32];
    let refused = |status, name: &str| {
        fails(
            status,
            Status::InvalidArgument,
            &format!("{name}: a null pointer"),
        );
    };
    let key = generated();
    let mut slot = 0;
    // SAFETY: null pointers, and pointers to variables with their lengths.
    unsafe {
        let none = null();
        refused(
            leanvm_message_of_bytes(none, 1, null_mut(), 0, null_mut()),
            "bytes",
        );
        refused(
            leanvm_key_generate(0, 8, null_mut()),
            "the place of the handle",
        );
        refused(leanvm_cancel_new(null_mut()), "the place of the handle");
        let mut made = Key { id: 1 };
        refused(leanvm_key_create(null(), 0, 8, &mut made), "path");
        assert_eq!(made, Key::default());
        refused(leanvm_key_open(null(), &mut made), "path");
        refused(leanvm_key_recover(null(), 0, &mut made), "path");
        refused(leanvm_key_slots(key, null_mut(), &mut slot), "first");
        refused(leanvm_key_slots(key, &mut slot, null_mut()), "last");
        refused(leanvm_key_is_used(key, 0, null_mut()), "used");
        refused(
            leanvm_key_sign(key, 0, none, 32, null_mut(), 0, null_mut()),
            "message",
        );
        for (place, name) in ["public_key", "message", "signature"].iter().enumerate() {
            let at = |i| if i == place { null() } else { one.as_ptr() };
            let (a, b, c) = (at(0), at(1), at(2));
            let status = leanvm_verify_signature(a, 32, 0, b, 32, c, SIGNATURE);
            if place < 2 {
                refused(status, name);
            }
        }
        refused(verify_null_keys(), "claim 0: keys");
        refused(leanvm_verify(null(), 1, [1, 42].as_ptr(), 2), "claims");
        refused(leanvm_verify(null(), 0, null(), 2), "bytes");
        let mut made = Aggregate { id: 1 };
        let merged = leanvm_merge(null(), 1, null(), 0, null(), &mut made);
        refused(merged, "children");
        assert_eq!(made, Aggregate::default());
        let merged = leanvm_merge(null(), 0, null(), 3, null(), &mut made);
        refused(merged, "claims");
        refused(
            leanvm_aggregate_claims(PARTS.aggregate, null_mut()),
            "count",
        );
        refused(
            leanvm_aggregate_claim(PARTS.aggregate, 0, null_mut(), null_mut(), 0, null_mut()),
            "claim",
        );
    }
    ok(leanvm_key_free(key));
}

/// A claim of keys that are not there.
fn verify_null_keys() -> Status {
    let mut claim = claim(PARTS.message, &PARTS.keys);
    claim.keys = null();
    verify(&[claim], &PARTS.bytes)
}

#[test]
fn lengths_that_lie_are_refused() {
    let Parts {
        message,
        keys,
        signatures,
        bytes,
        ..
    } = &*PARTS;
    let argument = Status::InvalidArgument;
    let aggregate = |message: &[u8], keys: &[u8], signatures: &[u8]| {
        aggregate(message, keys, signatures, null()).0
    };
    for cut in [0, 31] {
        let status = aggregate(&message[..cut], keys, signatures);
        fails(
            status,
            argument,
            &format!("message: {cut} bytes, where there are 32"),
        );
    }
    let status = aggregate(message, &keys[..KEY], signatures);
    fails(status, argument, "1 keys and 2 signatures");
    let status = aggregate(message, &keys[1..], signatures);
    fails(status, argument, "1 keys and 2 signatures");
    let status = aggregate(message, &[keys.as_slice(), &[0]].concat(), signatures);
    fails(status, argument, "key: 65 bytes are not a multiple of 32");
    let longer = [signatures.as_slice(), &[0]].concat();
    let status = aggregate(message, keys, &longer);
    fails(
        status,
        argument,
        "signature: 2417 bytes are not a multiple of 1208",
    );
    let status = aggregate(message, &[], &[]);
    fails(status, Status::OutOfRange, "there is no signature");
    let (key, signature) = (&keys[..KEY], &signatures[..SIGNATURE]);
    ok(verify_signature(key, SLOT, message, signature));
    let cut = |status, name: &str| {
        fails(status, argument, &format!("{name} bytes, where there are"));
    };
    cut(
        verify_signature(&key[1..], SLOT, message, signature),
        "public_key: 31",
    );
    cut(
        verify_signature(key, SLOT, &message[1..], signature),
        "message: 31",
    );
    cut(
        verify_signature(key, SLOT, message, &signature[1..]),
        "signature: 1207",
    );
    // Lengths that are beyond what there can be: nothing is read.
    // SAFETY: the library refuses the lengths before it reads, which is what is tested.
    unsafe {
        let start = keys.as_ptr();
        for length in [usize::MAX, usize::MAX / 2 + 1, usize::MAX - 7] {
            let status = leanvm_message_of_bytes(start, length, null_mut(), 0, null_mut());
            fails(status, argument, "is beyond the memory");
        }
        let status = leanvm_message_of_bytes(start, 1 << 25, null_mut(), 0, null_mut());
        fails(status, Status::OutOfRange, "at most 33554431");
        // The size of 2^62 claims overflows.
        let claims = [claim(*message, keys)];
        let status = leanvm_verify(claims.as_ptr(), 1 << 62, bytes.as_ptr(), bytes.len());
        fails(
            status,
            argument,
            "claims: the length 4611686018427387904 is beyond",
        );
        let status = leanvm_verify(claims.as_ptr(), 257, bytes.as_ptr(), bytes.len());
        fails(
            status,
            Status::OutOfRange,
            "claims: the length is 257, at most 256",
        );
        let status = leanvm_verify(claims.as_ptr(), 1, bytes.as_ptr(), 1 << 30);
        fails(
            status,
            Status::OutOfRange,
            "bytes: the length is 1073741824",
        );
        let mut many = claims;
        many[0].keys_len = 1 << 40;
        fails(
            verify(&many, bytes),
            Status::OutOfRange,
            "claim 0: keys: the length",
        );
        let children = [PARTS.aggregate];
        let mut made = Aggregate::default();
        for (length, status) in [(17, Status::OutOfRange), (usize::MAX, argument)] {
            let merged = leanvm_merge(children.as_ptr(), length, null(), 0, null(), &mut made);
            fails(merged, status, "children: the length");
        }
    }
}

#[test]
fn malformed_bytes_are_named() {
    let parts = &*PARTS;
    let mut keys = parts.keys.clone();
    keys[KEY..KEY + 4].fill(0xff);
    let (status, _) = aggregate(&parts.message, &keys, &parts.signatures, null());
    fails(status, Status::Malformed, "key 1: element-not-canonical");
    let mut signatures = parts.signatures.clone();
    signatures[..4].fill(0xff);
    let (status, _) = aggregate(&parts.message, &parts.keys, &signatures, null());
    fails(
        status,
        Status::Malformed,
        "signature 0: element-not-canonical",
    );
    let (status, _) = aggregate(&[0xff; 32], &parts.keys, &parts.signatures, null());
    fails(status, Status::Malformed, "message: element-not-canonical");
    let claims = [claim(parts.message, &parts.keys)];
    for (bytes, text) in [
        (&[][..], "at least two bytes"),
        (&[2, 42], "version 2"),
        (&[1, 41], "kind 41"),
        (&[1, 43, 0], "a merge has at least 422"),
    ] {
        fails(verify(&claims, bytes), Status::Malformed, text);
    }
    let status = verify(&[claim([0xff; 32], &parts.keys)], &parts.bytes);
    fails(
        status,
        Status::Malformed,
        "claim 0: message: element-not-canonical",
    );
}

#[test]
fn what_is_not_valid_is_not_accepted() {
    let parts = &*PARTS;
    ok(verify(&[claim(parts.message, &parts.keys)], &parts.bytes));
    let not_valid = |status| fails(status, Status::NotValid, "");
    not_valid(verify(
        &[claim(parts.message, &parts.keys[..KEY])],
        &parts.bytes,
    ));
    not_valid(verify(
        &[claim(message(b"other"), &parts.keys)],
        &parts.bytes,
    ));
    let mut other_slot = claim(parts.message, &parts.keys);
    other_slot.slot += 1;
    not_valid(verify(&[other_slot], &parts.bytes));
    not_valid(verify(
        &[claim(parts.message, &parts.keys), other_slot],
        &parts.bytes,
    ));
    not_valid(verify(&[claim(parts.message, &parts.keys)], &[1, 42]));
    let mut changed = parts.bytes.clone();
    *changed.last_mut().expect("bytes") ^= 1;
    not_valid(verify(&[claim(parts.message, &parts.keys)], &changed));
    // A handle of false claims can be made, and is not valid.
    let claims = [claim(message(b"other"), &parts.keys)];
    let mut read = Aggregate::default();
    // SAFETY: lengths are those of the slices.
    ok(unsafe {
        leanvm_aggregate_from_bytes(
            parts.bytes.as_ptr(),
            parts.bytes.len(),
            claims.as_ptr(),
            1,
            &mut read,
        )
    });
    not_valid(leanvm_aggregate_verify(read));
    fails(
        merge(&[parts.aggregate, read], &[], null()).0,
        Status::NotValid,
        "child 1: ",
    );
    ok(leanvm_aggregate_free(read));
    let twice = [claim(parts.message, &parts.keys); 2];
    fails(
        verify(&twice, &parts.bytes),
        Status::InvalidArgument,
        "claims 0 and 1",
    );
    let keys = [&parts.keys[..KEY], &parts.keys[..KEY]].concat();
    let status = verify(&[claim(parts.message, &keys)], &parts.bytes);
    fails(
        status,
        Status::InvalidArgument,
        "keys 0 and 1 of claim 0 are equal",
    );
    fails(
        verify(&[], &parts.bytes),
        Status::OutOfRange,
        "claims is empty",
    );
    fails(
        verify(&[claim(parts.message, &[])], &parts.bytes),
        Status::OutOfRange,
        "no keys",
    );
}

#[test]
fn handles_are_found_out() {
    let invalid = |status, text: &str| fails(status, Status::InvalidHandle, text);
    let key = generated();
    let again = key;
    ok(leanvm_key_free(key));
    invalid(
        leanvm_key_free(again),
        "the handle of a key is freed already",
    );
    assert_eq!(sign_at(key, 0, &PARTS.message), Err(Status::InvalidHandle));
    ok(leanvm_key_free(Key::default()));
    ok(leanvm_aggregate_free(Aggregate::default()));
    ok(leanvm_cancel_free(Cancel::default()));
    invalid(leanvm_cancel_set(Cancel::default()), "is none (all zero)");
    for id in [1, 2, u64::MAX, PARTS.bytes.as_ptr() as u64] {
        invalid(leanvm_aggregate_verify(Aggregate { id }), "was never made");
        invalid(leanvm_cancel_free(Cancel { id }), "was never made");
    }
    // Of another kind: neither used nor freed.
    let id = PARTS.aggregate.id;
    invalid(
        leanvm_key_free(Key { id }),
        "is of an aggregate, where a key is expected",
    );
    invalid(
        leanvm_cancel_set(Cancel { id }),
        "where a cancel flag is expected",
    );
    let key = generated();
    invalid(
        leanvm_aggregate_verify(Aggregate { id: key.id }),
        "is of a key",
    );
    ok(leanvm_key_free(key));
    ok(leanvm_aggregate_verify(PARTS.aggregate));
    let (status, _) = merge(&[PARTS.aggregate, Aggregate { id: 1 }], &[], null());
    invalid(status, "child 1: the handle of an aggregate");
}

#[test]
fn handles_are_never_used_again() {
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..1000 {
        let mut cancel = Cancel::default();
        // SAFETY: the place is a variable.
        ok(unsafe { leanvm_cancel_new(&mut cancel) });
        ok(leanvm_cancel_free(cancel));
        assert!(seen.insert(cancel.id));
    }
}

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

#[test]
fn options_are_checked() {
    let parts = &*PARTS;
    let with = |options: *const Options| {
        aggregate(&parts.message, &parts.keys, &parts.signatures, options).0
    };
    let argument = Status::InvalidArgument;
    let size = options().struct_size;
    for struct_size in [0, size - 1, 1 << 13, usize::MAX] {
        let options = Options {
            struct_size,
            ..options()
        };
        fails(with(&options), argument, "LEANVM_OPTIONS_INIT");
    }
    fails(
        with(&Options {
            reserved: 1,
            ..options()
        }),
        argument,
        "reserved is 0",
    );
    fails(
        with(&Options {
            skip_invalid: 2,
            ..options()
        }),
        argument,
        "skip_invalid is 0 or 1",
    );
    let five = Options {
        log_inv_rate: 5,
        ..options()
    };
    fails(
        with(&five),
        Status::OutOfRange,
        "log_inv_rate is 1, 2, 3 or 4, not 5",
    );
    let little = Options {
        memory_limit: 1,
        ..options()
    };
    fails(with(&little), Status::Limit, "MiB of memory");
    let soon = Options {
        deadline_ms: 1,
        ..options()
    };
    fails(with(&soon), Status::Limit, "the deadline passed");
    let none = Options {
        cancel: Cancel { id: 3 },
        ..options()
    };
    fails(with(&none), Status::InvalidHandle, "a cancel flag");

    // Of a later version, which asks for nothing more, then for something.
    #[repr(C)]
    struct Later {
        options: Options,
        more: [u64; 2],
    }
    let mut later = Later {
        options: options(),
        more: [0, 1],
    };
    later.options.struct_size = size_of::<Later>();
    later.options.memory_limit = 1;
    let start = (&raw const later).cast();
    fails(
        with(start),
        argument,
        "this version of the library does not know",
    );
    later.more = [0; 2];
    let start = (&raw const later).cast();
    fails(with(start), Status::Limit, "MiB of memory");
}

/// Arguments need no alignment.
#[test]
fn nothing_has_to_be_aligned() {
    let parts = &*PARTS;
    let mut bytes = [0_u8; 64];
    for offset in 0..8 {
        let place = &mut bytes[offset..];
        // SAFETY: within the array, which is large enough.
        unsafe {
            let handle = place.as_mut_ptr().cast::<Cancel>();
            ok(leanvm_cancel_new(handle));
            let with = Options {
                cancel: handle.read_unaligned(),
                log_inv_rate: 9,
                ..options()
            };
            let place = place.as_mut_ptr().cast::<Options>();
            place.write_unaligned(with);
            let (status, _) = aggregate(&parts.message, &parts.keys, &parts.signatures, place);
            fails(status, Status::OutOfRange, "not 9");
            ok(leanvm_cancel_free(with.cancel));
        }
    }
}

#[test]
fn invalid_signatures_are_named_or_skipped() {
    let message = message(b"block 3");
    let (mut keys, mut signatures) = signed(2, &message);
    // A signature of another key, and a copy of the first.
    keys.extend(signed(1, &message).0);
    signatures.extend_from_within(..SIGNATURE);
    keys.extend_from_within(..KEY);
    signatures.extend_from_within(..SIGNATURE);
    let (status, _) = aggregate(&message, &keys, &signatures, null());
    fails(status, Status::NotValid, "signature 2 is not valid: ");
    let skip = Options {
        skip_invalid: 1,
        ..options()
    };
    let (status, aggregate) = aggregate(&message, &keys, &signatures, &skip);
    ok(status);
    let mut skipped = [0_usize; 2];
    let mut length = 0;
    // SAFETY: the buffer is of the capacity.
    unsafe {
        let short = leanvm_aggregate_skipped(aggregate, skipped.as_mut_ptr(), 1, &mut length);
        assert_eq!((short, length), (Status::BufferTooSmall, 2));
        let status = leanvm_aggregate_skipped(aggregate, skipped.as_mut_ptr(), 2, &mut length);
        ok(status);
    }
    assert_eq!(skipped, [2, 3]);
    let (_, stated) = keys_of(aggregate, 0);
    assert_eq!(stated.len(), 2 * KEY);
    ok(verify(
        &[claim(message, &keys[..2 * KEY])],
        &bytes_of(aggregate),
    ));
    ok(leanvm_aggregate_verify(aggregate));
    ok(leanvm_aggregate_free(aggregate));
}

#[test]
fn aggregates_are_merged_and_state_their_claims() {
    let parts = &*PARTS;
    let other = message(b"block 2");
    let (keys, signatures) = signed(1, &other);
    let (status, second) = aggregate(&other, &keys, &signatures, null());
    ok(status);
    // As from elsewhere.
    let claims = [claim(parts.message, &parts.keys)];
    let (bytes, mut first) = (&parts.bytes, Aggregate::default());
    // SAFETY: lengths are those of the slices.
    ok(unsafe {
        leanvm_aggregate_from_bytes(bytes.as_ptr(), bytes.len(), claims.as_ptr(), 1, &mut first)
    });
    ok(leanvm_aggregate_verify(first));
    let (status, merged) = merge(&[first, second], &[], null());
    ok(status);
    ok(leanvm_aggregate_free(first));
    ok(leanvm_aggregate_free(second));
    ok(leanvm_aggregate_verify(merged));
    let mut count = 0;
    // SAFETY: the place is a variable.
    ok(unsafe { leanvm_aggregate_claims(merged, &mut count) });
    assert_eq!(count, 2);
    let stated: Vec<_> = (0..count).map(|index| keys_of(merged, index)).collect();
    let mut lengths: Vec<_> = stated.iter().map(|(_, keys)| keys.len()).collect();
    lengths.sort_unstable();
    assert_eq!(lengths, [KEY, 2 * KEY]);
    let claims: Vec<_> = stated.iter().rev().map(|(claim, _)| *claim).collect();
    let bytes = bytes_of(merged);
    ok(verify(&claims, &bytes));
    fails(verify(&claims[..1], &bytes), Status::NotValid, "");
    let mut none = claims[0];
    // SAFETY: as above.
    let status = unsafe { leanvm_aggregate_claim(merged, 2, &mut none, null_mut(), 0, null_mut()) };
    fails(status, Status::OutOfRange, "claim 2: there are 2");

    // Work that another thread cancels, which has a phase to end before it looks.
    let mut cancel = Cancel::default();
    // SAFETY: the place is a variable.
    ok(unsafe { leanvm_cancel_new(&mut cancel) });
    let with = Options {
        cancel,
        ..options()
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(20));
            ok(leanvm_cancel_set(cancel));
        });
        let (status, _) = merge(&[merged], &[], &with);
        fails(status, Status::Cancelled, "the work was cancelled");
    });
    ok(leanvm_cancel_free(cancel));

    let absent = claim(message(b"nothing"), &parts.keys);
    let (status, _) = merge(&[merged], &[absent], null());
    fails(status, Status::InvalidArgument, "no child has a claim");
    // One key of one claim is kept. The place of the result may be that of the child.
    let keep = [claim(parts.message, &parts.keys[KEY..])];
    let mut place = [merged];
    let children = place.as_mut_ptr();
    // SAFETY: one child, which is the place as well.
    ok(unsafe { leanvm_merge(children, 1, keep.as_ptr(), 1, null(), children) });
    assert_ne!(place[0], merged);
    ok(verify(&keep, &bytes_of(place[0])));
    ok(leanvm_aggregate_free(place[0]));
    ok(leanvm_aggregate_free(merged));
}

#[test]
fn aggregate_files_have_their_claims() {
    let parts = &*PARTS;
    let key = |bytes| PublicKey::from_bytes(bytes).expect("a key");
    let keys = parts.keys.chunks(KEY).map(key).collect();
    let claim = FileClaim::new(SLOT, b"block 1".to_vec(), keys).expect("short");
    let inside = AnyAggregate::from_bytes(&parts.bytes).expect("an aggregate");
    let file = AggregateFile::new(vec![claim], inside).expect("claims");
    let bytes = file.to_bytes();
    let read = |bytes: &[u8]| {
        let mut read = Aggregate { id: 1 };
        // SAFETY: the length is that of the slice.
        let status = unsafe { leanvm_aggregate_from_file(bytes.as_ptr(), bytes.len(), &mut read) };
        assert_eq!(status == Status::Ok, read != Aggregate::default());
        (status, read)
    };
    let (status, aggregate) = read(&bytes);
    ok(status);
    ok(leanvm_aggregate_verify(aggregate));
    assert_eq!(bytes_of(aggregate), parts.bytes);
    let (claim, _) = keys_of(aggregate, 0);
    assert_eq!((claim.slot, claim.message), (SLOT, parts.message));
    ok(leanvm_aggregate_free(aggregate));
    fails(read(&bytes[..5]).0, Status::Malformed, "file: ");
    fails(read(&parts.bytes).0, Status::Malformed, "file: ");
    fails(
        read(&vec![0; 1 << 25]).0,
        Status::OutOfRange,
        "bytes: the length",
    );
}

/// Several threads make, use and free at once; one handle is freed while the others use it.
#[test]
fn threads_work_at_once() {
    let parts = &*PARTS;
    let mut shared = Aggregate::default();
    let claims = [claim(parts.message, &parts.keys)];
    let (start, length) = (parts.bytes.as_ptr(), parts.bytes.len());
    // SAFETY: lengths are those of the slices.
    ok(unsafe { leanvm_aggregate_from_bytes(start, length, claims.as_ptr(), 1, &mut shared) });
    let work = |number: u8| {
        ok(leanvm_aggregate_verify(PARTS.aggregate));
        let message = message(&[number]);
        let (keys, signatures) = signed(1, &message);
        // Each second thread has threads of its own.
        let threads = u32::from(number % 2);
        let options = Options {
            threads,
            ..options()
        };
        let (status, aggregate) = aggregate(&message, &keys, &signatures, &options);
        ok(status);
        ok(leanvm_aggregate_verify(aggregate));
        ok(leanvm_aggregate_free(aggregate));
        // An error of this thread alone.
        let text = "the handle of an aggregate is freed already";
        fails(
            leanvm_aggregate_free(aggregate),
            Status::InvalidHandle,
            text,
        );
        let used = leanvm_aggregate_verify(shared);
        assert!(matches!(used, Status::Ok | Status::InvalidHandle));
        // One of all succeeds.
        usize::from(leanvm_aggregate_free(shared) == Status::Ok)
    };
    let freed: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|number| scope.spawn(move || work(number)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .sum()
    });
    assert_eq!(freed, 1);
}

/// A caller needs 64 KiB of stack, whatever it calls.
#[test]
fn a_small_stack_is_enough() {
    let parts = &*PARTS;
    let work = || {
        ok(leanvm_aggregate_verify(parts.aggregate));
        let (keys, signatures) = signed(1, &parts.message);
        let (status, made) = aggregate(&parts.message, &keys, &signatures, null());
        ok(status);
        let (status, merged) = merge(&[made, parts.aggregate], &[], null());
        ok(status);
        ok(leanvm_aggregate_verify(merged));
        ok(leanvm_aggregate_free(made));
        ok(leanvm_aggregate_free(merged));
    };
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(64 << 10);
        let thread = builder.spawn_scoped(scope, work).expect("a thread");
        thread.join().expect("no panic");
    });
}
