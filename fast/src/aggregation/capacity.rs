//! SPEC §24 aggregation: how many signatures fit.
//!
//! The rows of an execution are at most a fixed number and so many a signature; the caps of SPEC
//! §18 and the length of a proof follow from them.

use super::{MAX_BYTES, PUBLIC_ELEMENTS};
use crate::execution::MAX_CYCLES;
use crate::field::DIMENSION;
use crate::isa::Program;
use crate::memory::CHUNK_CELLS;
use crate::parameters::{ParameterSet, Parameters};
use crate::permutation::DIGEST;
use crate::poseidon::{DEGREE, LOG_BLOCK, NUM_LAYERS, SKIP_DEGREE};
use crate::proof::{HEADER_WORDS, Header, Sizes, log_public_chunks};
use crate::rejection::Error;
use crate::tables::{Rows, TableId, log_height};
use crate::zerocheck;

/// How much of everything the signatures of a scheme take.
#[derive(Debug)]
pub(crate) struct Bounds {
    /// Elements of the public input.
    pub(crate) public_elements: usize,
    /// Most signatures that a verifier takes.
    pub(crate) most: u32,
    /// Most rows of a table: those of an execution without signatures, those of one signature. None
    /// in the other tables.
    pub(crate) rows: &'static [(TableId, u32, u32)],
}

/// Those of `leanxmss42`.
pub(super) const LEANXMSS42: Bounds = Bounds {
    public_elements: PUBLIC_ELEMENTS,
    most: MAX_CYCLES as u32,
    rows: &[
        (TableId::Memory, 76, 81),
        (TableId::Add, 348, 34),
        (TableId::Mul, 152, 10),
        (TableId::Deref, 38, 35),
        (TableId::Jump, 12, 3),
        (TableId::Poseidon16, 0, 3),
        (TableId::Chain, 0, 1),
        (TableId::ChainTerm, 0, 42),
        (TableId::ChainStep, 0, 110),
        (TableId::Path, 0, 1),
        (TableId::PathStep, 0, 32),
        (TableId::Sponge, 0, 2),
        (TableId::SpongeStep, 0, 22),
    ],
};

/// Elements of E that the layers of the permutation take in a proof (SPEC §14).
fn layers(sizes: &Sizes) -> usize {
    let (mut values, mut rounds) = (0, None);
    for (id, rows) in TableId::ALL.into_iter().zip(sizes.rows) {
        if let (Some(hash), 1..) = (id.hash(), rows) {
            values += hash.y + hash.s + hash.inputs + (NUM_LAYERS - 1) * hash.width;
            rounds = rounds.max(Some(log_height(rows) - LOG_BLOCK));
        }
    }
    let of_layer = |rounds: usize| SKIP_DEGREE + DEGREE * rounds;
    values + NUM_LAYERS * rounds.map_or(0, of_layer)
}

/// Most bytes of a proof of these sizes.
fn bytes(sizes: &Sizes, parameters: &Parameters) -> usize {
    let log_rows = sizes.leaves.blocks.iter().map(|b| b.log_height).max();
    let columns: usize = TableId::ALL
        .into_iter()
        .zip(sizes.rows)
        .filter(|(_, rows)| *rows > 0)
        .map(|(id, _)| id.num_columns())
        .sum();
    let leaves = sizes.leaves.log_leaves;
    // Elements of E: lookup (SPEC §13), layers of the permutation (§14), zerocheck (§15).
    let mut extension = 4 + leaves * (leaves + 1) + 4 * leaves;
    extension += layers(sizes);
    extension += zerocheck::DEGREE * log_rows.unwrap_or(0) + columns;
    let mut base = HEADER_WORDS;
    // The opening (§17): a root, an answer, the rounds of folding, a nonce each, the rows and the
    // siblings.
    for (t, round) in parameters
        .schedule(sizes.stacking.log_cells())
        .into_iter()
        .enumerate()
    {
        let width = if t == 0 {
            sizes.stacking.width()
        } else {
            DIMENSION << round.fold
        };
        extension += 1 + 2 * round.fold;
        base += 8 + round.fold + 1 + round.queries * width;
        base += (0..round.log_rows)
            .map(|level| 8 * round.queries.min(1 << level))
            .sum::<usize>();
        if round.last {
            let left = round.variables - round.fold;
            extension += (1 << left) + 2 * left;
        }
    }
    4 * (base + DIMENSION * extension)
}

/// Bytes of a process that does nothing, with what does not grow with the number of signatures.
const MEMORY_OF_NOTHING: usize = 11 << 20;

impl Bounds {
    /// Most rows of the announced tables for n signatures, and most cycles.
    pub(super) fn rows(&self, signatures: u32) -> ([u32; TableId::COUNT - 1], u32) {
        let mut rows = [0; TableId::COUNT - 1];
        let mut cycles: u32 = 0;
        for (id, fixed, each) in self.rows {
            let number = each.saturating_mul(signatures).saturating_add(*fixed);
            if let Some(to) = id.index().checked_sub(1).and_then(|i| rows.get_mut(i)) {
                *to = number;
            }
            if matches!(id.shape().rows, Rows::Cycles(_)) {
                cycles = cycles.saturating_add(number);
            }
        }
        (rows, cycles)
    }

    /// The greatest sizes of a proof of n signatures, and most cycles.
    fn sizes(
        &self,
        program: &Program,
        signatures: u32,
        parameters: Parameters,
    ) -> Result<(Sizes, u32), Error> {
        let (rows, cycles) = self.rows(signatures);
        let mut header = Header { parameters, rows };
        if let Some(chunks) = header.rows.first_mut() {
            let least = u32::try_from(parameters.min_cells() / CHUNK_CELLS).unwrap_or(u32::MAX);
            *chunks = (*chunks).max(least);
        }
        let public_cells = CHUNK_CELLS << log_public_chunks(self.public_elements)?;
        Ok((Sizes::new(&header, program, public_cells)?, cycles))
    }

    /// Whether n signatures fit.
    fn fits(&self, program: &Program, signatures: u32, parameters: Parameters) -> bool {
        self.sizes(program, signatures, parameters)
            .is_ok_and(|(sizes, cycles)| {
                u64::from(cycles) <= MAX_CYCLES && 2 + bytes(&sizes, &parameters) <= MAX_BYTES
            })
    }

    /// Whether so many signatures fit, as [`capacity`](Self::capacity) says but without a search.
    pub(super) fn take(
        &self,
        program: &Program,
        signatures: usize,
        log_inv_rate: u32,
    ) -> Result<bool, Error> {
        let parameters = Parameters::new(ParameterSet::Production, log_inv_rate)?;
        let signatures = u32::try_from(signatures).unwrap_or(u32::MAX);
        Ok(signatures <= self.most && self.fits(program, signatures, parameters))
    }

    /// Whether an execution of n signatures stays within the bounds.
    pub(super) fn hold(
        &self,
        program: &Program,
        execution: &crate::execution::Execution,
        signatures: usize,
    ) -> bool {
        let (rows, cycles) = self.rows(u32::try_from(signatures).unwrap_or(u32::MAX));
        let found = crate::tables::Plan::new(program, execution).row_counts();
        let within = |(found, bound): (usize, u32)| u32::try_from(found).is_ok_and(|n| n <= bound);
        within((execution.cycles().len(), cycles))
            && found.into_iter().skip(1).zip(rows).all(within)
    }

    /// The greatest number of signatures of one aggregate.
    pub(crate) fn capacity(&self, program: &Program, log_inv_rate: u32) -> Result<usize, Error> {
        let parameters = Parameters::new(ParameterSet::Production, log_inv_rate)?;
        let (mut fitting, mut too_many) = (0, self.most + 1);
        while too_many - fitting > 1 {
            let middle = fitting.midpoint(too_many);
            if self.fits(program, middle, parameters) {
                fitting = middle;
            } else {
                too_many = middle;
            }
        }
        Ok(usize::try_from(fitting).unwrap_or(usize::MAX))
    }

    /// About the most bytes of memory that an aggregation of n signatures has at a time: at the
    /// lookup, where the columns, the stack, oracle 0, the leaves, and the layer below them are
    /// there (or all the others, which are as large).
    pub(crate) fn memory_needed(
        &self,
        program: &Program,
        signatures: usize,
        log_inv_rate: u32,
    ) -> Result<usize, Error> {
        let parameters = Parameters::new(ParameterSet::Production, log_inv_rate)?;
        let signatures = u32::try_from(signatures).unwrap_or(u32::MAX);
        let (sizes, _) = self.sizes(program, signatures, parameters)?;
        let element = size_of::<crate::field::F>();
        let fraction = 2 * DIMENSION * element;
        let columns = element * sizes.stacking.cells();
        let oracle = columns << parameters.log_inv_rate();
        let leaves = (1 + DIMENSION) * element * sizes.leaves.total;
        let layer = fraction << sizes.leaves.log_leaves.saturating_sub(1);
        let tree =
            (2 * DIGEST * element) << (sizes.stacking.log_block() + parameters.log_inv_rate());
        let known = MEMORY_OF_NOTHING + 2 * columns + oracle + tree + leaves + layer;
        // For all that is small.
        Ok(known + known / 16)
    }
}

/// The greatest number of signatures of one aggregate at a rate of 2^−log_inv_rate.
///
/// # Errors
/// `parameters` if log_inv_rate is not 1, 2, 3 or 4.
pub fn capacity(log_inv_rate: u32) -> Result<usize, Error> {
    LEANXMSS42.capacity(super::program()?, log_inv_rate)
}

/// About how many bytes of memory [`super::aggregate`] needs at most for so many
/// signatures at a rate of 2^−log_inv_rate.
///
/// An estimate from the sizes of the tables: for 8 to 256 signatures at rates 1/2 and 1/16 it lies
/// up to a tenth above the greatest memory that a process had. Where the allocator keeps freed
/// memory, a process that aggregates again and again may come to half as much again:
/// [`crate::allocator::give_back_memory`].
///
/// # Errors
/// `parameters` if log_inv_rate is not 1, 2, 3 or 4, `size-cap` for more signatures than fit.
pub fn memory_needed(signatures: usize, log_inv_rate: u32) -> Result<usize, Error> {
    LEANXMSS42.memory_needed(super::program()?, signatures, log_inv_rate)
}
