//! SPEC §17 commitment: the stack, oracle 0 and its out-of-domain samples.

use p3_field::PrimeCharacteristicRing;
use rayon::prelude::*;

use super::oracle::Oracle;
use super::stacking::Stacking;
use super::vector::Vector;
use crate::allocator::large;
use crate::field::{EF, F};
use crate::multilinear::scaled_eq_table;
use crate::parameters::Parameters;
use crate::transcript::ProverTranscript;
use crate::tuning::Tuning;

/// An out-of-domain sample of the stack.
#[derive(Clone, Debug)]
pub struct Sample {
    /// z.
    pub point: Vec<EF>,
    /// Σ_lo eq(z_lo, lo)·S(hi, lo), by block hi.
    pub partials: Vec<EF>,
}

/// What the prover keeps of a commitment.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The parameters.
    pub parameters: Parameters,
    /// The stacking.
    pub stacking: Stacking,
    /// S up to the last block that has a cell.
    pub stack: Vec<F>,
    /// Oracle 0.
    pub oracle: Oracle,
    /// The out-of-domain samples.
    pub samples: Vec<Sample>,
}

/// The stack, from the columns of each present table: n_T cells each.
fn fill<C: AsRef<[F]> + Sync>(stacking: &Stacking, columns: &[&[C]], tuning: &Tuning) -> Vec<F> {
    let mut stack = large(F::zero_vec(stacking.width() << stacking.log_block()));
    let mut rest = stack.as_mut_slice();
    let mut tasks = Vec::new();
    for rectangle in stacking.rectangles() {
        for column in 0..1 << rectangle.log_columns {
            let (cells, after) = rest.split_at_mut(1 << rectangle.log_rows);
            rest = after;
            let source = columns[rectangle.position][rectangle.first_column + column].as_ref();
            tasks.push((cells, source.get(rectangle.first_row..).unwrap_or(&[])));
        }
    }
    let copy = |(cells, source): (&mut [F], &[F])| {
        let count = cells.len().min(source.len());
        cells[..count].copy_from_slice(&source[..count]);
    };
    if tuning.is_parallel(stacking.cells()) {
        tasks.into_par_iter().for_each(copy);
    } else {
        tasks.into_iter().for_each(copy);
    }
    stack
}

/// Commits to the columns of the present tables, in the order of the stacking; column k of a table
/// has n_T cells.
///
/// # Panics
/// If the columns do not fit the stacking.
#[must_use]
pub fn commit<C: AsRef<[F]> + Sync>(
    parameters: &Parameters,
    stacking: &Stacking,
    columns: &[&[C]],
    transcript: &mut ProverTranscript,
    tuning: &Tuning,
) -> Committed {
    assert_eq!(columns.len(), stacking.tables().len());
    for (columns, shape) in columns.iter().zip(stacking.tables()) {
        assert_eq!(columns.len(), shape.columns);
        assert!(columns.iter().all(|c| c.as_ref().len() == shape.rows));
    }
    let stack = fill(stacking, columns, tuning);
    let log_block = stacking.log_block();
    let oracle = Oracle::of_base(&stack, log_block, parameters.log_inv_rate(), tuning);
    transcript.send("commitment.root", oracle.root());
    let samples = (0..parameters.out_of_domain_samples())
        .map(|_| {
            let point = transcript.sample_point("commitment.ood_point", stacking.log_cells());
            let (high, low) = point.split_at(stacking.fold());
            let kernel = Vector::eq(low, EF::ONE, tuning);
            let mut partials: Vec<EF> = if tuning.is_parallel(stack.len()) {
                stack
                    .par_chunks(1 << log_block)
                    .map(|block| kernel.dot_base(block))
                    .collect()
            } else {
                stack
                    .chunks(1 << log_block)
                    .map(|block| kernel.dot_base(block))
                    .collect()
            };
            partials.resize(1 << stacking.fold(), EF::ZERO);
            let answer = scaled_eq_table(high, EF::ONE, tuning)
                .iter()
                .zip(&partials)
                .map(|(weight, partial)| *weight * *partial)
                .sum();
            transcript.send_extension("commitment.ood_answer", &[answer]);
            Sample { point, partials }
        })
        .collect();
    Committed {
        parameters: *parameters,
        stacking: stacking.clone(),
        stack,
        oracle,
        samples,
    }
}
