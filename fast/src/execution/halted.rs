//! SPEC §6 execution: what is left of a run that reached HALT.

use p3_field::PrimeCharacteristicRing;

use crate::execution::Cycle;
use crate::field::F;
use crate::isa::Program;
use crate::layout::Allocation;
use crate::parameters::Parameters;
use crate::permutation::Digest;

/// A halted execution. It is of one program and one public input, and nobody can alter it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    pub(crate) program: Digest,
    pub(crate) public: Vec<F>,
    pub(crate) fp_0: u32,
    pub(crate) memory: Vec<F>,
    pub(crate) used_cells: usize,
    pub(crate) cycles: Vec<Cycle>,
    pub(crate) allocations: Vec<Allocation>,
    pub(crate) printed: Vec<F>,
    pub(crate) first_cells: usize,
    pub(crate) first_used_cells: usize,
    pub(crate) naive_cells: u64,
}

impl Execution {
    /// Whether this is an execution of the program: of one with the same digest, which is that of
    /// the instructions.
    #[must_use]
    pub fn is_of(&self, program: &Program) -> bool {
        self.program == program.digest()
    }

    /// The public input.
    pub fn public(&self) -> &[F] {
        &self.public
    }

    /// The first frame pointer: 8K, the cells of the public region.
    #[must_use]
    pub const fn fp_0(&self) -> u32 {
        self.fp_0
    }

    /// The M cells, undefined ones as 0.
    pub fn memory(&self) -> &[F] {
        &self.memory
    }

    /// Number of cells defined at HALT.
    #[must_use]
    pub const fn used_cells(&self) -> usize {
        self.used_cells
    }

    /// The cycles, in order.
    pub fn cycles(&self) -> &[Cycle] {
        &self.cycles
    }

    /// The allocations, in order.
    #[must_use]
    pub fn allocations(&self) -> &[Allocation] {
        &self.allocations
    }

    /// The printed values.
    pub fn printed(&self) -> &[F] {
        &self.printed
    }

    /// M of the first run.
    #[must_use]
    pub const fn first_cells(&self) -> usize {
        self.first_cells
    }

    /// Number of cells defined at the end of the first run.
    #[must_use]
    pub const fn first_used_cells(&self) -> usize {
        self.first_used_cells
    }

    /// Cells of the naive layout.
    #[must_use]
    pub const fn naive_cells(&self) -> u64 {
        self.naive_cells
    }

    /// Extends the memory by undefined cells to what the parameter set has at least.
    pub fn extend_memory(&mut self, parameters: &Parameters) {
        let cells = self.memory.len().max(parameters.min_cells());
        self.memory.resize(cells, F::ZERO);
    }
}
