//! What a call through the C interface costs beside one in Rust.

use std::hint::black_box;
use std::ptr::null;
use std::time::{Duration, Instant};

use leanvm_c::*;
use leanvm_fast::aggregation::{self, Options as AggregationOptions};
use leanvm_fast::merging::{AnyAggregate, verify_claims};
use leanvm_fast::xmss::{Message, SecretKey, Seed};

/// The median time of so many runs.
fn median(runs: usize, mut run: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<_> = (0..runs).map(|_| run()).collect();
    times.sort_unstable();
    times[runs / 2]
}

/// Nanoseconds of a call that takes few of them.
fn nanoseconds(mut call: impl FnMut()) -> f64 {
    const CALLS: u32 = 100_000;
    let time = median(9, || {
        let start = Instant::now();
        for _ in 0..CALLS {
            call();
        }
        start.elapsed()
    });
    time.as_secs_f64() * 1e9 / f64::from(CALLS)
}

fn timed(call: impl FnOnce()) -> Duration {
    let start = Instant::now();
    call();
    start.elapsed()
}

fn small() {
    let version = nanoseconds(|| {
        black_box(leanvm_abi_version());
    });
    let mut cancel = Cancel::default();
    // SAFETY: the place is a variable.
    unsafe { leanvm_cancel_new(&mut cancel) };
    let lookup = nanoseconds(|| {
        black_box(leanvm_cancel_set(black_box(cancel)));
    });
    let failure = nanoseconds(|| {
        black_box(leanvm_cancel_set(black_box(Cancel { id: 1 })));
    });
    leanvm_cancel_free(cancel);
    println!("leanvm_abi_version                  {version:8.1} ns");
    println!("leanvm_cancel_set: a lookup         {lookup:8.1} ns");
    println!("leanvm_cancel_set: a failure        {failure:8.1} ns");
}

fn verification(signatures: usize) -> Result<(), Box<dyn std::error::Error>> {
    let (slot, message) = (1, Message::from_bytes(b"block")?);
    let mut signed = Vec::new();
    for _ in 0..signatures {
        let mut key = SecretKey::generate(0..2, Seed::random()?)?;
        signed.push((*key.public_key(), key.sign(slot, &message)?));
    }
    let options = AggregationOptions::default();
    let bytes = aggregation::aggregate(&message, slot, &signed, &options)?.to_bytes();
    let keys: Vec<_> = signed.iter().map(|(key, _)| *key).collect();
    let encoded: Vec<u8> = keys.iter().flat_map(|key| key.to_bytes()).collect();
    let claims = [leanvm_fast::merging::Claim {
        slot,
        message,
        keys,
    }];
    let claim = Claim {
        slot,
        message: message.to_canonical_bytes(),
        keys: encoded.as_ptr(),
        keys_len: encoded.len(),
    };
    let in_rust = || {
        let aggregate = AnyAggregate::from_bytes(&bytes).expect("an aggregate");
        verify_claims(&claims, &aggregate).expect("is valid");
    };
    // SAFETY: the lengths are those of the slices.
    let in_c = || unsafe {
        let status = leanvm_verify(&claim, 1, bytes.as_ptr(), bytes.len());
        assert_eq!(status, Status::Ok);
    };
    // In turns.
    let mut rust = Vec::new();
    let c = median(41, || {
        rust.push(timed(in_rust));
        timed(in_c)
    });
    rust.sort_unstable();
    let rust = rust[rust.len() / 2];
    println!("verify {signatures} signatures, in Rust: {rust:?}, by leanvm_verify: {c:?}");
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    small();
    let empty = nanoseconds(|| {
        // SAFETY: null with the length 0.
        black_box(unsafe { leanvm_verify(null(), 0, null(), 0) });
    });
    println!("leanvm_verify of nothing            {empty:8.1} ns");
    verification(2)?;
    verification(256)
}
