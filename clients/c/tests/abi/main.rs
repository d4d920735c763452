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

mod aggregates;
mod arguments;
mod handles;
mod keys;
mod options;

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
