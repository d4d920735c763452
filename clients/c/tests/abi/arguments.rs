//! Arguments that are no good, and what is not valid.

use super::*;

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
