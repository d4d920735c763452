//! SPEC §21 verifier.
//!
//! Scalar and sequential. Any bytes give a verdict: sizes are checked against the caps before
//! anything is allocated by them.

use p3_field::PrimeCharacteristicRing;

use crate::commitment::{self, Claims};
use crate::cost::Cost;
use crate::field::F;
use crate::isa::Program;
use crate::lookup::{self, Boundary};
use crate::memory::CHUNK_CELLS;
use crate::parameters::ParameterSet;
use crate::proof::{
    Header, PublicCells, Sizes, Statement, Summary, log_public_chunks, public_elements, words,
};
use crate::rejection::Error;
use crate::transcript::{Event, VerifierTranscript};
use crate::{poseidon, zerocheck};

/// How to verify.
#[derive(Clone, Copy, Debug)]
pub struct VerifyOptions {
    /// The parameter set that a proof must have.
    pub set: ParameterSet,
    /// Whether the events of the transcript are kept.
    pub record_events: bool,
}

impl Default for VerifyOptions {
    /// The set `production`, without events.
    fn default() -> Self {
        Self {
            set: ParameterSet::Production,
            record_events: false,
        }
    }
}

/// An accepted proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The events of the transcript, if they were asked for.
    pub events: Vec<Event>,
    /// The announced sizes; no times.
    pub summary: Summary,
    /// The permutations that it has taken.
    pub cost: Cost,
}

/// What a proof announces, within the caps: all of SPEC §21 that the public input is not needed
/// for, so it comes before the work of making one.
#[derive(Clone, Debug)]
pub(crate) struct Announced<'a> {
    program: &'a Program,
    public_elements: usize,
    header: Header,
    sizes: Sizes,
    /// The words behind the header.
    elements: Vec<u32>,
}

impl<'a> Announced<'a> {
    /// §21.1 to §21.3.
    pub(crate) fn read(
        program: &'a Program,
        public_elements: usize,
        proof: &[u8],
        required: ParameterSet,
    ) -> Result<Self, Error> {
        // §21.1.
        let log_chunks = log_public_chunks(public_elements)?;
        // §21.2.
        let words = words(proof)?;
        let (header, elements) = Header::decode(&words, required)?;
        // §21.3.
        let sizes = Sizes::new(&header, program, CHUNK_CELLS << log_chunks)?;
        Ok(Self {
            program,
            public_elements,
            header,
            sizes,
            elements: elements.to_vec(),
        })
    }

    /// §21.4 to §21.11, on a public input of the announced length.
    pub(crate) fn verify(self, public: &[u32], record_events: bool) -> Result<Verified, Error> {
        debug_assert_eq!(public.len(), self.public_elements);
        let Self {
            program,
            header,
            sizes,
            elements,
            ..
        } = self;
        let parameters = &header.parameters;
        // §21.4.
        let public = PublicCells::new(&public_elements(public)?)?;
        // §21.5.
        let mut transcript = VerifierTranscript::new(&elements, record_events);
        let statement = Statement {
            program,
            public: &public,
        };
        for (label, list) in statement.absorbed(&header) {
            transcript.absorb(label, &list);
        }
        transcript.end_phase("statement");
        // §21.6.
        let commitment =
            commitment::receive_commitment(parameters, &sizes.stacking, &mut transcript)?;
        transcript.end_phase("commitment");
        // §21.7.
        let fingerprint = lookup::fingerprint(&mut transcript)?;
        let boundary = Boundary {
            start: fingerprint.state(F::ZERO, public.fp_0()),
            end: fingerprint.state(F::from_u32(program.halt_pc()), public.fp_0()),
        };
        let leaves = lookup::verify(sizes.leaves.log_leaves, &boundary, &mut transcript)?;
        transcript.end_phase("lookup");
        // §21.8.
        let permutations = poseidon::verify(&sizes.rows, &leaves.point, &mut transcript)?;
        transcript.end_phase("permutations");
        // §21.9.
        let column_claims = zerocheck::verify(
            program,
            &sizes.rows,
            &sizes.leaves,
            &fingerprint,
            &leaves,
            &permutations,
            &mut transcript,
        )?;
        transcript.end_phase("zerocheck");
        // §21.10.
        let claims = Claims {
            point: &column_claims.point,
            column_values: &column_claims.values,
            public_cells: &public.cells,
        };
        commitment::verify_opening(
            parameters,
            &sizes.stacking,
            &commitment,
            &claims,
            &mut transcript,
        )?;
        transcript.end_phase("opening");
        // §21.11.
        Ok(Verified {
            summary: sizes.summary(parameters),
            cost: transcript.cost(),
            events: transcript.finish()?,
        })
    }
}

/// Verifies that `program` started on the public input reaches its halt pc in its first frame.
///
/// ```
/// use leanvm_verifier::assembly::assemble;
/// use leanvm_verifier::verifier::{VerifyOptions, verify};
///
/// let program = assemble("add 1, 2, 3\nhalt")?;
/// // Where a proof comes from: `leanvm_fast::prover::prove`.
/// let not_a_proof = [0; 64];
/// let error = verify(&program, &[], &not_a_proof, &VerifyOptions::default()).unwrap_err();
/// assert_eq!(error.rejection.name(), "proof-magic");
/// # Ok::<(), leanvm_verifier::rejection::Error>(())
/// ```
///
/// # Errors
/// The rejection of the first check of SPEC §21 that fails.
///
/// # Soundness
/// At the set `production`, see appendix B of SPEC.md; the other sets have no security.
pub fn verify(
    program: &Program,
    public: &[u32],
    proof: &[u8],
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    Announced::read(program, public.len(), proof, options.set)?
        .verify(public, options.record_events)
}
