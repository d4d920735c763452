//! Handles that are freed, of another kind, or none.

use super::*;

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
