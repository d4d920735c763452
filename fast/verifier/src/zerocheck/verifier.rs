//! SPEC §15 zerocheck, the verifier's half.

use std::ops::Range;

use p3_field::PrimeCharacteristicRing;

use super::{ColumnClaims, Combiners, DEGREE, RowSum, RowWeights, dot};
use crate::field::EF;
use crate::isa::Program;
use crate::lookup::{Fingerprint, LeafClaim, LeafLayout};
use crate::multilinear::{activity, eq, eq_table, row};
use crate::poseidon::PermutationClaims;
use crate::rejection::{Error, Rejection};
use crate::sumcheck;
use crate::tables::{TableId, log_height};
use crate::transcript::VerifierTranscript;

/// Verifies the zerocheck of the tables with `rows` rows each, whose leaves have the claim
/// `leaves` and whose permutations the claims `permutations`.
///
/// # Errors
/// `proof-truncated`, `element-not-canonical`, `constraint`.
///
/// # Soundness
/// The values of the columns that it returns are claims: the opening has to prove them.
pub fn verify(
    program: &Program,
    rows: &[usize; TableId::COUNT],
    layout: &LeafLayout,
    fingerprint: &Fingerprint,
    leaves: &LeafClaim,
    permutations: &PermutationClaims,
    transcript: &mut VerifierTranscript<'_>,
) -> Result<ColumnClaims, Error> {
    // §15.1.
    let lambda = transcript.sample("zerocheck.lambda");
    let gamma = transcript.sample("zerocheck.gamma");
    let weights = RowWeights::of_all(
        layout,
        &leaves.point,
        fingerprint,
        Combiners { lambda, gamma },
    );
    let present = || TableId::ALL.into_iter().zip(rows).filter(|(_, n)| **n > 0);
    let height = present().map(|(_, n)| log_height(*n)).max().unwrap_or(0);

    // §15.2: plain sumcheck.
    let mut claim = leaves.numerator + lambda * (leaves.denominator - EF::ONE);
    for (id, weights) in &weights {
        let of_table = permutations
            .tables
            .iter()
            .find(|claims| claims.table == *id);
        if let (Some(weights), Some(claims)) = (&weights.hash, of_table) {
            claim += weights.claim(claims);
        }
    }
    let mut point = Vec::with_capacity(height);
    for _ in 0..height {
        let coefficients = transcript.receive_extension("zerocheck.round", DEGREE)?;
        let challenge = transcript.sample("zerocheck.challenge");
        claim = sumcheck::plain_next(claim, &coefficients, challenge);
        point.push(challenge);
    }

    // §15.3, a list for each table: the values c̃(ρ_T); and §15.4: Σ_T 2^(h_T − H)·F_T at them.
    let mut expected = EF::ZERO;
    let mut values = Vec::with_capacity(weights.len());
    for ((id, rows), (_, weights)) in present().zip(&weights) {
        let committed = transcript.receive_extension("zerocheck.columns", id.num_columns())?;
        let own = last(&point, log_height(*rows));
        let mut full = committed.clone();
        full.extend(virtual_values(id, program, own));
        let mut sum = eq(last(&leaves.point, own.len()), own) * activity(*rows, own);
        sum *= RowSum::evaluate(id, &full, weights);
        if let Some(hash) = &weights.hash {
            let columns = |range: Range<usize>| committed.get(range).unwrap_or(&[]);
            sum += permutations.s_point.kernel_at(own)
                * dot(&hash.s, columns(hash.columns.s_range()))
                + permutations.input_point.kernel_at(own)
                    * dot(&hash.inputs, columns(hash.columns.input_range()));
        }
        for _ in own.len()..height {
            sum = sum.halve();
        }
        expected += sum;
        values.push(committed);
    }
    // §15.5.
    if expected != claim {
        return Err(Rejection::Constraint.at(format!(
            "zerocheck.columns: constraints and leaves are {expected} at the last point, the claim is {claim}"
        )));
    }
    Ok(ColumnClaims { point, values })
}

/// The last `count` coordinates.
fn last(point: &[EF], count: usize) -> &[EF] {
    point
        .split_at_checked(point.len().saturating_sub(count))
        .map_or(point, |(_, last)| last)
}

/// The values of the virtual columns at a point of h_T coordinates: row(ρ_T), and the six program
/// columns.
fn virtual_values(id: TableId, program: &Program, point: &[EF]) -> Vec<EF> {
    let mut values = Vec::with_capacity(id.num_virtual_columns());
    if id.num_virtual_columns() > 0 {
        values.push(row(point));
    }
    if id == TableId::Bytecode {
        values.extend(program_values(program, point));
    }
    values
}

/// The six program columns, extended by zero rows, at a point: Σ_pc eq(ρ, pc)·field.
pub(crate) fn program_values(program: &Program, point: &[EF]) -> [EF; 6] {
    // Rows in blocks of 2^8: the weights of a block's rows once, times the block's weight.
    let (high, low) = point
        .split_at_checked(point.len().saturating_sub(8))
        .unwrap_or((&[], point));
    let inner = eq_table(low);
    let outer = eq_table(high);
    let mut values = [EF::ZERO; 6];
    for (block, weight) in program.instructions().chunks(inner.len()).zip(outer) {
        let mut sums = [EF::ZERO; 6];
        for (instruction, weight) in block.iter().zip(&inner) {
            for (sum, field) in sums.iter_mut().zip(instruction.fields()) {
                *sum += *weight * field;
            }
        }
        for (value, sum) in values.iter_mut().zip(sums) {
            *value += weight * sum;
        }
    }
    values
}
