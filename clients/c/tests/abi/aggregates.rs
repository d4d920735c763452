//! Aggregates, merges and files of them, threads and stacks.

use super::*;

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
