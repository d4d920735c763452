//! SPEC §23 aggregation: tests of what a caller may choose.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::*;

#[test]
fn invalid_signatures_are_skipped_if_asked() {
    let (signers, aggregate) = &*SIGNED;
    let options = Options::default().skip_invalid();
    let attempt =
        |list: &[Signer]| Aggregator::new().aggregate_with_report(&message(), SLOT, list, &options);
    // Bad signatures, of which one is under the key of an honest signer.
    let mut list = signers.clone();
    list.insert(1, super::signers(4, SLOT)[3].clone());
    list[1].1.path[0][0] += F::ONE;
    list.push(signers[0].clone());
    list[4].1.randomness[0] += F::ONE;
    let skipped = vec![
        InvalidSignature {
            index: 1,
            reason: VerificationError::RootMismatch,
        },
        InvalidSignature {
            index: 4,
            reason: VerificationError::TargetSum,
        },
    ];
    let (without, report) = attempt(&list).unwrap();
    assert_eq!((&without, &report.skipped), (aggregate, &skipped));
    // Indices are those of the list given, also of a key that stands there twice.
    list.push(signers[2].clone());
    assert_eq!(
        attempt(&list).map(drop),
        Err(AggregationError::Duplicate {
            first: 3,
            second: 5
        })
    );
    let bad = [list[1].clone()];
    assert!(matches!(attempt(&bad), Err(AggregationError::Invalid(list)) if list.len() == 1));
}

#[test]
fn bytes_do_not_depend_on_the_order_of_the_signatures() {
    let (signers, aggregate) = &*SIGNED;
    let mut reversed = signers.clone();
    reversed.reverse();
    let again = Aggregator::new()
        .aggregate(&message(), SLOT, &reversed, &Options::default())
        .unwrap();
    assert_eq!(&again, aggregate);
}

#[test]
fn work_is_given_up_between_phases() {
    let signers = &SIGNED.0;
    let phases = [
        "checking",
        "execution",
        "trace",
        "commitment",
        "leaves",
        "lookup",
        "zerocheck",
        "opening",
    ];
    // Cancelled by whoever hears that a phase has ended.
    for last in phases {
        let (cancel, told) = (AtomicBool::new(false), Mutex::new(Vec::new()));
        let listen = |progress| {
            if let Progress::Phase(phase) = progress {
                told.lock().unwrap().push(phase);
                cancel.store(phase == last, Ordering::Relaxed);
            }
        };
        let options = Options::default().progress(&listen).cancel(&cancel);
        let result = Aggregator::new().aggregate(&message(), SLOT, signers, &options);
        assert_eq!(
            result,
            Err(AggregationError::Stopped {
                cause: Stop::Cancelled,
                phase: last
            })
        );
        assert_eq!(told.lock().unwrap().last(), Some(&last));
    }
    // Before a signature is looked at: by a deadline that is past.
    let listen = |progress| panic!("{progress:?}");
    let options = Options::default()
        .progress(&listen)
        .deadline(Instant::now());
    assert_eq!(
        Aggregator::new().aggregate(&message(), SLOT, signers, &options),
        Err(AggregationError::Stopped {
            cause: Stop::Deadline,
            phase: "checking"
        })
    );
}

#[test]
fn work_that_needs_more_memory_than_allowed_is_not_begun() {
    let signers = &SIGNED.0;
    let needed = memory_needed(3, 4).unwrap();
    let attempt = |limit| {
        let options = Options::default().log_inv_rate(4).memory_limit(limit);
        Aggregator::new().aggregate(&message(), SLOT, signers, &options)
    };
    let limit = needed - 1;
    assert_eq!(
        attempt(limit),
        Err(AggregationError::Memory { needed, limit })
    );
    assert!(attempt(needed).is_ok());
    for rate in 1..=4 {
        let needs = [1, 64, capacity(rate).unwrap()].map(|n| memory_needed(n, rate).unwrap());
        assert!(needs.is_sorted_by(|a, b| a < b), "{needs:?}");
        assert!(memory_needed(1 << 20, rate).is_err());
    }
    assert!(memory_needed(1, 5).is_err());
}
