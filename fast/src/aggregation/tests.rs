//! SPEC §24 aggregation: tests.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{LazyLock, Mutex};

use p3_field::PrimeCharacteristicRing;

use super::capacity::LEANXMSS42;
use super::prover::Statement;
use super::work::Scheme;
use super::*;
use crate::execution::{Execution, Input, Limits, execute};
use crate::field::{F, to_canonical};
use crate::permutation::compress_16;
use crate::proof::HEADER_WORDS;
use crate::rejection::{Error, Rejection};
use crate::tables::{Plan, TableId};
use crate::xmss::encoding::{chain_step, leaf, parent};
use crate::xmss::{
    Encoding, Message, PublicKey, SecretKey, Seed, Signature, VerificationError, Witness, witness,
};

mod options;

const SLOT: u32 = 0xa5c3_1e87;

type Signer = (PublicKey, Signature);

fn message() -> Message {
    Message::from_bytes(b"a message").unwrap()
}

/// Keys and signatures of the message for a slot.
fn signers(number: u8, slot: u32) -> Vec<Signer> {
    (0..number)
        .map(|i| {
            let seed = Seed::of_known_bytes(&[1, i]).unwrap();
            let slots = u64::from(slot)..u64::from(slot) + 1;
            let mut key = SecretKey::generate(slots, seed).unwrap();
            (*key.public_key(), key.sign(slot, &message()).unwrap())
        })
        .collect()
}

fn keys(signers: &[Signer]) -> Vec<PublicKey> {
    signers.iter().map(|(key, _)| *key).collect()
}

fn witnesses(slot: u32, signers: &[Signer]) -> Vec<Witness> {
    signers
        .iter()
        .map(|(key, signature)| witness(key, slot, &message(), signature).unwrap())
        .collect()
}

/// What the program is run on, for signers in the given order.
fn input(
    message: &Message,
    slot: u32,
    signers: &[Signer],
    witnesses: &[Witness],
) -> Result<Input, Error> {
    let signed = signers.iter().zip(witnesses.iter().cloned()).collect();
    Statement { message, slot }.input(signed)
}

/// Three signers and their aggregate.
static SIGNED: LazyLock<(Vec<Signer>, Aggregate)> = LazyLock::new(|| {
    let signers = signers(3, SLOT);
    let aggregate = aggregate(&message(), SLOT, &signers, &Options::default()).unwrap();
    (signers, aggregate)
});

fn rejection(result: Result<(), AggregateError>) -> Option<Rejection> {
    match result {
        Err(AggregateError::Proof(error)) => Some(error.rejection),
        _ => None,
    }
}

#[test]
fn aggregates_verify_for_what_they_state_and_nothing_else() {
    let (signers, aggregate) = &*SIGNED;
    let keys = keys(signers);
    let verify = |message: &Message, slot, keys: &[PublicKey]| {
        verify_aggregate(message, slot, keys, aggregate)
    };
    assert_eq!(verify(&message(), SLOT, &keys), Ok(()));
    let decoded = Aggregate::from_bytes(&aggregate.to_bytes()).unwrap();
    assert_eq!(&decoded, aggregate);

    let other = Message::from_bytes(b"another message").unwrap();
    let stranger = super::tests::signers(4, SLOT)[3].0;
    let [a, b, c] = keys[..] else { panic!() };
    for (what, result) in [
        ("message", verify(&other, SLOT, &keys)),
        ("slot", verify(&message(), SLOT ^ 1, &keys)),
        (
            "high half of the slot",
            verify(&message(), SLOT ^ (1 << 16), &keys),
        ),
        ("one key less", verify(&message(), SLOT, &[a, b])),
        (
            "one key more",
            verify(&message(), SLOT, &[a, b, c, stranger]),
        ),
        ("another key", verify(&message(), SLOT, &[a, b, stranger])),
    ] {
        // The challenges follow from the statement, so the lookup is the first that fails.
        assert_eq!(rejection(result), Some(Rejection::LookupRoot), "{what}");
    }
    for order in [[a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]] {
        assert_eq!(verify(&message(), SLOT, &order), Ok(()));
    }
    assert_eq!(
        verify(&message(), SLOT, &[]),
        Err(AggregateError::NoSigners)
    );
    assert_eq!(
        verify(&message(), SLOT, &[a, b, c, b]),
        Err(AggregateError::DuplicateKey {
            first: 1,
            second: 3
        })
    );
    assert_eq!(
        verify(&message(), SLOT, &vec![a; MAX_SIGNERS + 1]),
        Err(AggregateError::TooManySigners {
            given: MAX_SIGNERS + 1
        })
    );
}

#[test]
fn encodings_of_aggregates() {
    let bytes = SIGNED.1.to_bytes();
    assert_eq!(bytes[..2], [1, 42]);
    assert!(bytes.len() <= MAX_BYTES);
    for length in [0, 1] {
        assert_eq!(
            Aggregate::from_bytes(&bytes[..length]),
            Err(FormError::Truncated)
        );
    }
    for version in [0, 2, 255] {
        let mut changed = bytes.clone();
        changed[0] = version;
        assert_eq!(
            Aggregate::from_bytes(&changed),
            Err(FormError::Version(version))
        );
    }
    for scheme in [0, 41, 64, 255] {
        let mut changed = bytes.clone();
        changed[1] = scheme;
        assert_eq!(
            Aggregate::from_bytes(&changed),
            Err(FormError::Scheme {
                found: scheme,
                expected: 42
            })
        );
    }
    let mut long = bytes.clone();
    long.resize(MAX_BYTES + 1, 0);
    assert_eq!(
        Aggregate::from_bytes(&long),
        Err(FormError::TooLong {
            bytes: MAX_BYTES + 1
        })
    );
    let keys = keys(&SIGNED.0);
    let verdict = |bytes: &[u8]| {
        let aggregate = Aggregate::from_bytes(bytes).unwrap();
        rejection(verify_aggregate(&message(), SLOT, &keys, &aggregate))
    };
    let mut left_over = bytes.clone();
    left_over.extend([0; 4]);
    assert_eq!(verdict(&left_over), Some(Rejection::ProofLeftOver));
    for length in [2, 3, 6, bytes.len() - 4, bytes.len() - 1] {
        assert_eq!(
            verdict(&bytes[..length]),
            Some(Rejection::ProofTruncated),
            "{length}"
        );
    }
    // The set of a proof is part of its header: the third word.
    let mut tiny = bytes.clone();
    tiny[2 + 8] = 1;
    assert_eq!(verdict(&tiny), Some(Rejection::Parameters));
    for place in (2..bytes.len()).step_by(bytes.len() / 23) {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(verdict(&changed).is_some(), "byte {place} is not bound");
    }
}

#[test]
fn bad_signatures_are_named_before_a_proof_is_begun() {
    let aggregate = |slot, signers: &[Signer], rate| {
        let phases = Mutex::new(Vec::new());
        let listen = |progress| {
            if let Progress::Phase(phase @ ("execution" | "trace")) = progress {
                phases.lock().unwrap().push(phase);
            }
        };
        let options = Options::default().log_inv_rate(rate).progress(&listen);
        let error = aggregate(&message(), slot, signers, &options).unwrap_err();
        assert_eq!(*phases.lock().unwrap(), [""; 0], "{error}");
        error
    };
    let invalid = |list: &[(usize, VerificationError)]| {
        let one = |&(index, reason): &_| InvalidSignature { index, reason };
        AggregationError::Invalid(list.iter().map(one).collect())
    };
    let good = &SIGNED.0;
    assert_eq!(aggregate(SLOT, &[], 1), AggregationError::NoSignatures);
    for rate in [0, 5, u32::MAX] {
        assert_eq!(
            aggregate(SLOT, good, rate),
            AggregationError::LogInvRate(rate)
        );
    }
    let mut twice = good.clone();
    twice.push(good[1].clone());
    assert_eq!(
        aggregate(SLOT, &twice, 1),
        AggregationError::Duplicate {
            first: 1,
            second: 3
        }
    );
    // Another slot: the encoding is another one, which hits the target sum in one case of 834.
    let sum = VerificationError::TargetSum;
    assert_eq!(
        aggregate(SLOT + 1, good, 1),
        invalid(&[(0, sum), (1, sum), (2, sum)])
    );
    // All are named, and before a key that stands there twice.
    let mut changed = twice.clone();
    changed[1].1.path[31][3] += F::ONE;
    changed[2].1.randomness[0] += F::ONE;
    assert_eq!(
        aggregate(SLOT, &changed, 1),
        invalid(&[(1, VerificationError::RootMismatch), (2, sum)])
    );
    // The signature of another key: its encoding is of another parameter.
    let mut swapped = good.clone();
    swapped[2].0 = super::tests::signers(4, SLOT)[3].0;
    assert_eq!(aggregate(SLOT, &swapped, 1), invalid(&[(2, sum)]));
}

/// What the bytes announce is looked at before the list is: each of these lists has a key twice.
#[test]
fn cheap_refusals_come_before_those_that_grow_with_the_list() {
    let (signers, aggregate) = &*SIGNED;
    let twice = vec![signers[0].0; 2];
    let verdict = |bytes: &[u8]| {
        let aggregate = Aggregate::from_bytes(bytes).unwrap();
        verify_aggregate(&message(), SLOT, &twice, &aggregate)
    };
    let bytes = aggregate.to_bytes();
    let header = &bytes[..2 + 4 * HEADER_WORDS];
    for (place, value, expected) in [
        (2, 0, Rejection::ProofMagic),
        (2 + 4, 9, Rejection::ProofMagic),
        (2 + 8, 1, Rejection::Parameters),
        (2 + 12, 5, Rejection::Parameters),
        (2 + 19, 0xff, Rejection::SizeCap),
        (2 + 16, 0, Rejection::SizeCap),
    ] {
        let mut changed = header.to_vec();
        changed[place] = value;
        if expected == Rejection::SizeCap && value == 0 {
            changed[2 + 16..2 + 20].fill(0);
        }
        assert_eq!(rejection(verdict(&changed)), Some(expected), "byte {place}");
    }
    for length in [2, 3, header.len() - 4, header.len() - 1] {
        let verdict = rejection(verdict(&header[..length]));
        assert_eq!(verdict, Some(Rejection::ProofTruncated), "{length} bytes");
    }
    let duplicate = AggregateError::DuplicateKey {
        first: 0,
        second: 1,
    };
    assert_eq!(verdict(header), Err(duplicate));
}

#[test]
fn more_than_fit_are_refused_with_the_number_that_fits() {
    let mut fitting = Vec::new();
    for rate in 1..=4 {
        let capacity = capacity(rate).unwrap();
        assert!(capacity < MAX_SIGNERS);
        println!("rate 2^-{rate}: {capacity} signatures");
        let take = |number| LEANXMSS42.take(program().unwrap(), number, rate);
        assert_eq!((take(capacity), take(capacity + 1)), (Ok(true), Ok(false)));
        let signature = &SIGNED.0[0];
        let many = vec![signature.clone(); capacity + 1];
        assert_eq!(
            aggregate(
                &message(),
                SLOT,
                &many,
                &Options::default().log_inv_rate(rate)
            ),
            Err(AggregationError::TooMany {
                given: capacity + 1,
                capacity
            })
        );
        fitting.push(capacity);
    }
    assert!(fitting.iter().all(|number| *number >= 1024), "{fitting:?}");
    assert!(fitting.is_sorted_by(|a, b| a >= b));
}

#[test]
fn rows_are_within_the_bounds_of_the_capacity() {
    for (number, slot) in [(1, 0), (2, SLOT), (5, u32::MAX)] {
        let signers = signers(number, slot);
        let input = input(&message(), slot, &signers, &witnesses(slot, &signers)).unwrap();
        let execution = outcome(&input).unwrap();
        let (bounds, cycles) = LEANXMSS42.rows(u32::from(number));
        let found = Plan::new(program().unwrap(), &execution).row_counts();
        for ((id, found), bound) in TableId::ALL.into_iter().zip(found).skip(1).zip(bounds) {
            let slack = (bound as usize).checked_sub(found);
            assert!(
                slack.is_some_and(|slack| slack <= 16 + 4 * usize::from(number)),
                "{number} signatures: {found} rows of {}, bound {bound}",
                id.name()
            );
        }
        assert!(execution.cycles.len() <= cycles as usize);
        let hash_rows = TableId::ALL.into_iter().filter(|id| id.hash().is_some());
        let hashes: usize = hash_rows.map(|id| found[id.index()]).sum();
        assert_eq!(hashes, 167 * usize::from(number));
        println!(
            "{number} signatures: {} cycles, {} of {} cells",
            execution.cycles.len(),
            execution.used_cells,
            execution.memory.len()
        );
    }
}

#[test]
fn proofs_do_not_depend_on_threads_and_stay_below_the_cap() {
    let (signers, expected) = &*SIGNED;
    let (two, report) = aggregate_with_report(
        &message(),
        SLOT,
        signers,
        &Options::default().threads(NonZeroUsize::new(2).unwrap()),
    )
    .unwrap();
    assert_eq!(&two, expected);
    assert!(report.used_cells <= report.memory_cells);
    assert_eq!(
        report.summary.rows[TableId::Memory.index()] * 8,
        report.summary.memory_cells
    );
    let small = aggregate(
        &message(),
        SLOT,
        &signers[..1],
        &Options::default().log_inv_rate(4),
    )
    .unwrap();
    assert!(small.to_bytes().len() < expected.to_bytes().len());
    let keys = keys(&signers[..1]);
    assert_eq!(verify_aggregate(&message(), SLOT, &keys, &small), Ok(()));
}

fn outcome(input: &Input) -> Result<Execution, Rejection> {
    execute(program().unwrap(), input, &Limits::default())
        .map_err(|stopped| stopped.error.rejection)
}

/// Every cell that the program is told is bound: another value has no run.
#[test]
fn each_hinted_cell_is_constrained() {
    let signers = signers(2, SLOT);
    let input = input(&message(), SLOT, &signers, &witnesses(SLOT, &signers)).unwrap();
    assert!(outcome(&input).is_ok());
    let mut changed = input.clone();
    let mut cells = 0;
    let mut codes = BTreeSet::new();
    for (name, lists) in &input.private {
        for (i, list) in lists.iter().enumerate().take(lists.len() / 2) {
            for (j, old) in list.iter().enumerate() {
                let cell = &mut changed.private.get_mut(name).unwrap()[i][j];
                *cell += F::ONE;
                match outcome(&changed) {
                    Ok(_) => panic!("{name} {i}: element {j} is free"),
                    Err(rejection) => codes.insert(rejection.code()),
                };
                changed.private.get_mut(name).unwrap()[i][j] = *old;
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 8 + 6 + 42 + 8 + 42 * 8 + 32 * 4);
    println!("{cells} cells, rejections {codes:?}");
    for i in 0..PUBLIC_ELEMENTS {
        let mut changed = input.clone();
        changed.public[i] += F::ONE;
        assert!(outcome(&changed).is_err(), "public {i}");
    }
}

/// A key made for one signature with these digits: arbitrary chain values and siblings, whatever
/// root they lead to.
fn forge(
    slot: u32,
    parameter: [F; 4],
    randomness: [F; 6],
    encoding: Encoding,
) -> (Signer, Witness) {
    let mut starts = [[F::ZERO; 4]; 42];
    let mut ends = starts;
    for (i, digit) in (0..).zip(encoding.digits) {
        let start = [F::from_u32(i), F::ONE, F::TWO, F::from_u32(digit)];
        let step = |value, step| chain_step(&parameter, slot, i, step, &value);
        starts[i as usize] = start;
        ends[i as usize] = (digit + 1..8).fold(start, step);
    }
    let path: [[F; 4]; 32] = std::array::from_fn(|level| [F::from_usize(level); 4]);
    let mut node = leaf(&parameter, slot, &ends);
    for (level, sibling) in (0..).zip(&path) {
        let (left, right) = if (slot >> level) & 1 == 0 {
            (node, *sibling)
        } else {
            (*sibling, node)
        };
        let v = u64::from(slot) >> (level + 1);
        node = parent(&parameter, level, v as u32, &left, &right);
    }
    let key = PublicKey {
        root: node,
        parameter,
    };
    let signature = Signature {
        randomness,
        chains: starts,
        path,
    };
    ((key, signature), Witness { encoding, ends })
}

/// The hashes of an encoding, and digits read from them with low_0 + `carry` and high_0 +
/// 127·`carry`.
fn split(slot: u32, parameter: &[F; 4], randomness: &[F; 6], carry: u32) -> Encoding {
    let tweak = crate::xmss::encoding::tweak(crate::xmss::encoding::TweakType::Encoding, slot, 0);
    let mut block: Vec<F> = message().0.to_vec();
    block.extend(randomness);
    block.extend(tweak);
    let inner = compress_16(&block.try_into().unwrap());
    let mut block = inner.to_vec();
    block.extend(parameter);
    block.resize(16, F::ZERO);
    let limbs = compress_16(&block.try_into().unwrap());
    let words = limbs.map(to_canonical);
    let mut lows = words.map(|word| word & 0xff_ffff);
    let mut highs = words.map(|word| word >> 24);
    lows[0] += carry;
    highs[0] += 127 * carry;
    let digits = std::array::from_fn(|i| (lows[i / 8] >> (3 * (i % 8))) & 7);
    Encoding {
        inner,
        limbs,
        lows,
        highs,
        digits,
    }
}

/// The program itself refuses what the native verification refuses, and splits of limbs that are
/// not the canonical ones.
#[test]
fn the_program_refuses_other_sums_and_other_splits() {
    let parameter = [F::ONE, F::TWO, F::ZERO, F::NEG_ONE];
    let run_of = |randomness, encoding| {
        let (signer, witness) = forge(SLOT, parameter, randomness, encoding);
        outcome(&input(&message(), SLOT, &[signer], &[witness]).unwrap())
    };
    let mut seen = [0; 3];
    for attempt in 0..200_000 {
        let randomness = [
            F::from_u32(attempt),
            F::ZERO,
            F::ONE,
            F::ZERO,
            F::ONE,
            F::TWO,
        ];
        let honest = split(SLOT, &parameter, &randomness, 0);
        let carried = split(SLOT, &parameter, &randomness, 1);
        let sum = |encoding: &Encoding| encoding.digits.iter().sum::<u32>();
        if sum(&honest) == 184 {
            seen[0] += 1;
            if seen[0] == 1 {
                assert!(
                    run_of(randomness, honest).is_ok(),
                    "a key of its own is as good as any"
                );
            }
        } else if (180..188).contains(&sum(&honest)) && seen[1] < 8 {
            seen[1] += 1;
            assert_eq!(
                run_of(randomness, honest).err(),
                Some(Rejection::RelationViolated)
            );
        } else if sum(&carried) == 184 && carried.lows[0] < 1 << 24 && seen[2] < 2 {
            // low_0 + 1 + 2^24·(high_0 + 127) is the same element: only the bound on the high part
            // tells.
            seen[2] += 1;
            assert_eq!(
                run_of(randomness, carried).err(),
                Some(Rejection::AddressOutOfRange)
            );
        }
        if seen[0] > 0 && seen[1] == 8 && seen[2] == 2 {
            break;
        }
    }
    assert!(seen[0] > 0 && seen[1] == 8 && seen[2] == 2, "{seen:?}");
}

#[test]
fn the_program_is_that_of_the_artefact() {
    let digest = program().unwrap().digest().map(to_canonical);
    assert_eq!(digest, leanvm_programs::artefacts::LEANXMSS42.digest);
}
