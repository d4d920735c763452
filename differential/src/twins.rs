//! The two implementations behind one trait that speaks words and bytes.

pub mod fast;
pub mod spec;

use crate::canonical::{
    Case, Decoded, Evaluation, Event, Executed, Operation, Outcome, Proved, Table,
};

/// A parameter set and a rate, with the arrangements of a prover that must not change a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The id of the parameter set of SPEC §18.
    pub set: u32,
    /// log_inv_rate.
    pub log_inv_rate: u32,
    /// The number of threads of a prover that has threads.
    pub threads: usize,
    /// Whether the size thresholds of a prover that has some are as low as they go.
    pub smallest_tuning: bool,
}

impl Options {
    /// The set `tiny` at rate 1/2 on one thread.
    pub const TINY: Self = Self {
        set: 1,
        log_inv_rate: 1,
        threads: 1,
        smallest_tuning: false,
    };
}

/// One implementation of SPEC.md.
pub trait Twin: Sync {
    /// The name of the crate.
    fn name(&self) -> &'static str;
    /// Decodes a binary program, encodes it again, disassembles it, hashes it.
    ///
    /// # Errors
    /// The name of the rejection.
    fn decode(&self, program: &[u8]) -> Outcome<Decoded>;
    /// The bytes of an assembly text.
    ///
    /// # Errors
    /// The name of the rejection.
    fn assemble(&self, text: &str) -> Outcome<Vec<u8>>;
    /// Decodes and executes.
    ///
    /// # Errors
    /// The name of the rejection.
    fn execute(&self, case: &Case) -> Outcome<Executed>;
    /// Decodes and executes; what is printed until HALT or a rejection.
    ///
    /// # Errors
    /// The name of the rejection of what cannot be executed at all.
    fn printed(&self, case: &Case) -> Outcome<Vec<u32>>;
    /// The tables of the trace when proving with a parameter set.
    ///
    /// # Errors
    /// The name of the rejection.
    fn tables(&self, case: &Case, options: &Options) -> Outcome<Vec<Table>>;
    /// Constraints and interactions of a row, whose number is `row`; `program` is the six fields of
    /// the instruction of that number.
    fn evaluate(&self, table: usize, columns: &[u32], row: u32, program: &[u32; 6]) -> Evaluation;
    /// Proves tables that need not be those of an execution.
    ///
    /// # Errors
    /// The name of the rejection of the program, of the parameters or of the sizes.
    fn prove_tables(
        &self,
        program: &[u8],
        public: &[u32],
        tables: &[Table],
        options: &Options,
    ) -> Outcome<Proved>;
    /// Decodes, executes and proves.
    ///
    /// # Errors
    /// The name of the rejection.
    fn prove(&self, case: &Case, options: &Options) -> Outcome<Proved>;
    /// Decodes the program and verifies.
    ///
    /// # Errors
    /// The name of the rejection.
    fn verify(&self, program: &[u8], public: &[u32], proof: &[u8], set: u32)
    -> Outcome<Vec<Event>>;
    /// The elements of the proof and the events of a prover's transcript.
    fn prover_transcript(&self, operations: &[Operation]) -> (Vec<u32>, Vec<Event>);
    /// The events of the verifier's transcript; of the lists that the prover sent only the lengths
    /// are used.
    ///
    /// # Errors
    /// The name of the rejection.
    fn verifier_transcript(&self, operations: &[Operation], proof: &[u32]) -> Outcome<Vec<Event>>;
    /// (code, name) of every rejection.
    fn rejections(&self) -> Vec<(u32, &'static str)>;
    /// The permutation of width 16 or 24.
    fn permute(&self, state: &mut [u32]);
    /// The compression of width 16 or 24.
    fn compress(&self, input: &[u32]) -> Vec<u32>;
    /// The hash of a list.
    fn hash(&self, elements: &[u32]) -> Vec<u32>;
}

/// The executable specification.
pub const SPEC: &dyn Twin = &spec::Spec;
/// The production twin.
pub const FAST: &dyn Twin = &fast::Fast;
/// Both, `spec` first.
pub const BOTH: [&dyn Twin; 2] = [SPEC, FAST];
