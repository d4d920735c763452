//! SPEC §24 aggregation: tests of what a caller may choose.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::super::capacity::Bounds;
use super::super::work;
use super::*;
use crate::isa::Program;

#[test]
fn invalid_signatures_are_skipped_if_asked() {
    let (signers, expected) = &*SIGNED;
    let options = Options::default().skip_invalid();
    let attempt = |list: &[Signer]| aggregate_with_report(&message(), SLOT, list, &options);
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
    assert_eq!((&without, &report.skipped), (expected, &skipped));
    assert_eq!(report.repeated, []);
    // Copies are no reason to stop either. Indices are those of the list given.
    list.extend([signers[2].clone(), signers[0].clone(), signers[2].clone()]);
    let (without, report) = attempt(&list).unwrap();
    assert_eq!((&without, &report.skipped), (expected, &skipped));
    let repeated = [(3, 5), (0, 6), (3, 7)];
    let repeated = repeated.map(|(first, second)| Repetition { first, second });
    assert_eq!(report.repeated, repeated);
    // Unless it is asked, they are refused.
    let copies = &list[5..];
    let result = aggregate(&message(), SLOT, copies, &Options::default());
    let (first, second) = (0, 2);
    assert_eq!(result, Err(AggregationError::Duplicate { first, second }));
    let bad = [list[1].clone()];
    assert!(matches!(attempt(&bad), Err(AggregationError::Invalid(list)) if list.len() == 1));
}

/// Statements of which so many signatures fit.
struct Small<'a>(Statement<'a>, Bounds);

impl Scheme for Small<'_> {
    type Signed = Signer;
    type Order = <Statement<'static> as Scheme>::Order;
    type Witness = Witness;
    type Refusal = VerificationError;

    fn program(&self) -> Result<&'static Program, Error> {
        self.0.program()
    }

    fn bounds(&self) -> &Bounds {
        &self.1
    }

    fn order(&self, signed: &Signer) -> Self::Order {
        self.0.order(signed)
    }

    fn witnesses(&self, signed: &[Signer]) -> Vec<Result<Witness, VerificationError>> {
        self.0.witnesses(signed)
    }

    fn input(&self, signed: Vec<(&Signer, Witness)>) -> Result<Input, Error> {
        self.0.input(signed)
    }
}

#[test]
fn only_signatures_that_are_proved_count() {
    let signers = &SIGNED.0;
    let message = message();
    let attempt = |most, list: &[Signer], options: Options<'_>| {
        let statement = Statement {
            message: &message,
            slot: SLOT,
        };
        let small = Small(statement, Bounds { most, ..LEANXMSS42 });
        work::aggregate(&small, list, &options).map(drop)
    };
    let skip = Options::default().skip_invalid();
    let too_many = |given, capacity| Err(AggregationError::TooMany { given, capacity });
    let mut bad = signers[0].clone();
    bad.1.randomness[0] += F::ONE;
    // One that is not valid, three that are, a copy.
    let list = [&[bad.clone()][..], signers, &signers[..1]].concat();
    assert_eq!(attempt(3, &list, skip), Ok(()));
    assert_eq!(attempt(2, &list, skip), too_many(3, 2));
    assert_eq!(attempt(3, &list, Options::default()), too_many(5, 3));
    let needed = memory_needed(3, 1).unwrap();
    let limit = needed - 1;
    let memory = Err(AggregationError::Memory { needed, limit });
    assert_eq!(attempt(9, &list, skip.memory_limit(needed)), Ok(()));
    assert_eq!(attempt(9, &list, skip.memory_limit(limit)), memory);
    // More than fit, one valid, and behind the others.
    let capacity = capacity(1).unwrap();
    let mut many = vec![bad.clone(); capacity];
    many.push(signers[1].clone());
    let (_, report) = aggregate_with_report(&message, SLOT, &many, &skip).unwrap();
    assert_eq!(report.skipped.len(), capacity);
    let (given, capacity) = (work::MAX_GIVEN + 1, work::MAX_GIVEN);
    let enough = vec![(); given];
    let result = work::aggregate(&Nothing, &enough, &skip).map(drop);
    assert_eq!(result, Err(AggregationError::TooMany { given, capacity }));
    for (options, list) in [(skip, &[][..]), (skip.log_inv_rate(5), &list)] {
        let plain = Options {
            skip_invalid: false,
            ..options
        };
        assert_eq!(attempt(3, list, options), attempt(3, list, plain));
    }
}

/// Signatures that take no memory, and are not looked at.
struct Nothing;

impl Scheme for Nothing {
    type Signed = ();
    type Order = ();
    type Witness = ();
    type Refusal = VerificationError;

    fn program(&self) -> Result<&'static Program, Error> {
        program()
    }

    fn bounds(&self) -> &Bounds {
        &LEANXMSS42
    }

    fn order(&self, (): &()) {}

    fn witnesses(&self, _: &[()]) -> Vec<Result<(), VerificationError>> {
        panic!("too many to be looked at")
    }

    fn input(&self, _: Vec<(&(), ())>) -> Result<Input, Error> {
        panic!("nothing is proved")
    }
}

#[test]
fn bytes_do_not_depend_on_the_order_of_the_signatures() {
    let (signers, expected) = &*SIGNED;
    let mut reversed = signers.clone();
    reversed.reverse();
    let again = aggregate(&message(), SLOT, &reversed, &Options::default()).unwrap();
    assert_eq!(&again, expected);
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
        "permutations",
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
        let result = aggregate(&message(), SLOT, signers, &options);
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
        aggregate(&message(), SLOT, signers, &options),
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
        aggregate(&message(), SLOT, signers, &options)
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
