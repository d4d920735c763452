//! SPEC §13 lookup: the fractional sum of random fractions.

use p3_field::{Field, PackedValue, PrimeCharacteristicRing};

use super::{Boundary, LeafClaim, LeafLayout, Leaves};
use crate::commitment::TableShape;
use crate::field::{EF, F, PackedEF, PackedF, from_coordinates, to_canonical};
use crate::multilinear::scaled_eq_table;
use crate::rejection::Rejection;
use crate::sumcheck::weights::Lanes;
use crate::tables::TableId;
use crate::transcript::{ProverTranscript, VerifierTranscript};
use crate::tuning::{LANES, LOG_LANES, Tuning};

fn base(seed: usize) -> F {
    F::from_usize(seed * 7919 + 13).exp_const_u64::<3>()
}

fn element(seed: usize) -> EF {
    from_coordinates(std::array::from_fn(|i| base(5 * seed + i)))
}

/// Fractions of which the last make the sum `start`⁻¹·(−1) + `end`⁻¹, and the same in lists of
/// lanes.
fn fractions(log_leaves: usize, used: usize, boundary: &Boundary) -> (Vec<F>, Vec<EF>, Leaves) {
    let mut p: Vec<F> = (0..used).map(base).collect();
    let mut q: Vec<EF> = (0..used).map(|i| element(i + 3)).collect();
    p[used - 1] = F::ONE;
    let sum: EF = (0..used - 1).map(|i| q[i].inverse() * p[i]).sum();
    q[used - 1] = (boundary.end.inverse() - boundary.start.inverse() - sum).inverse();
    p.resize(used.next_multiple_of(LANES), F::ZERO);
    q.resize(used.next_multiple_of(LANES), EF::ONE);
    let leaves = Leaves {
        log_leaves,
        numerators: p.chunks(LANES).map(|c| *PackedF::from_slice(c)).collect(),
        denominators: q
            .chunks(LANES)
            .map(|c| PackedEF::from_lanes(|i| c[i]))
            .collect(),
    };
    p.resize(1 << log_leaves, F::ZERO);
    q.resize(1 << log_leaves, EF::ONE);
    (p, q, leaves)
}

fn boundary() -> Boundary {
    Boundary {
        start: element(1000),
        end: element(1001),
    }
}

fn prove(leaves: &Leaves, tuning: &Tuning) -> (LeafClaim, Vec<u32>) {
    let mut transcript = ProverTranscript::new(false);
    let claim = super::prove(leaves, tuning, &mut transcript);
    let proof = transcript.finish().0;
    (claim, proof.into_iter().map(to_canonical).collect())
}

#[test]
fn claims_are_the_values_of_the_leaves() {
    for log_leaves in (LOG_LANES + 2).max(4)..12 {
        let half = 1 << (log_leaves - 1);
        for used in [half + 1, half + half / 2 - 3, half + half / 2 + 3, 2 * half] {
            let (p, q, leaves) = fractions(log_leaves, used, &boundary());
            let (claim, proof) = prove(&leaves, &Tuning::default());
            assert_eq!(
                prove(&leaves, &Tuning::smallest()),
                (claim.clone(), proof.clone())
            );
            let weights = scaled_eq_table(&claim.point, EF::ONE, &Tuning::default());
            let numerator: EF = weights.iter().zip(&p).map(|(w, p)| *w * *p).sum();
            let denominator: EF = weights.iter().zip(&q).map(|(w, q)| *w * *q).sum();
            assert_eq!(
                (claim.numerator, claim.denominator),
                (numerator, denominator)
            );
            let mut transcript = VerifierTranscript::new(&proof, false);
            let verified = super::verify(log_leaves, &boundary(), &mut transcript);
            assert_eq!(verified, Ok(claim));
            transcript.finish().unwrap();
        }
    }
}

#[test]
fn each_changed_word_is_rejected() {
    let log_leaves = LOG_LANES + 2;
    let (_, _, leaves) = fractions(log_leaves, 3 << LOG_LANES, &boundary());
    let (_, proof) = prove(&leaves, &Tuning::default());
    let verify = |words: &[u32], boundary: &Boundary| {
        let mut transcript = VerifierTranscript::new(words, false);
        super::verify(log_leaves, boundary, &mut transcript).map_err(|e| e.rejection)
    };
    for i in 0..proof.len() {
        let mut changed = proof.clone();
        changed[i] ^= 1;
        let expected = if i < 20 {
            Rejection::LookupRoot
        } else {
            Rejection::LookupLayer
        };
        assert_eq!(verify(&changed, &boundary()), Err(expected), "word {i}");
        assert_eq!(
            verify(&proof[..i], &boundary()),
            Err(Rejection::ProofTruncated)
        );
    }
    let other = Boundary {
        start: boundary().end,
        end: boundary().start,
    };
    assert_eq!(verify(&proof, &other), Err(Rejection::LookupRoot));
}

#[test]
fn zero_denominators_are_rejected() {
    let log_leaves = LOG_LANES + 2;
    let (_, _, mut leaves) = fractions(log_leaves, 3 << LOG_LANES, &boundary());
    leaves.denominators[0] = PackedEF::ZERO;
    leaves.numerators[0] = PackedF::ZERO;
    let (_, proof) = prove(&leaves, &Tuning::default());
    let mut transcript = VerifierTranscript::new(&proof, false);
    let rejected = super::verify(log_leaves, &boundary(), &mut transcript);
    assert_eq!(rejected.unwrap_err().rejection, Rejection::LookupRoot);
}

#[test]
fn layout_is_by_falling_height() {
    let tables = [
        (TableId::Bytecode, 5),
        (TableId::Memory, 30),
        (TableId::Add, 17),
        (TableId::Mul, 9),
    ]
    .map(|(table, rows)| TableShape {
        table,
        rows,
        columns: table.num_columns(),
    });
    let layout = LeafLayout::new(&tables).unwrap();
    let order: Vec<_> = layout.blocks.iter().map(|b| (b.table, b.first)).collect();
    let expected = [
        (TableId::Memory, 0),
        (TableId::Add, 11),
        (TableId::Mul, 34),
        (TableId::Bytecode, 80),
    ];
    assert_eq!(order, expected);
    assert_eq!((layout.total, layout.log_leaves), (648, 10));
    let point: Vec<EF> = (0..10).map(element).collect();
    for blocks in &layout.blocks {
        let table = scaled_eq_table(
            &point[..10 - blocks.log_height],
            EF::ONE,
            &Tuning::default(),
        );
        let expected = &table[blocks.first..blocks.first + blocks.interactions];
        assert_eq!(layout.weights(blocks, &point), expected);
    }
}
