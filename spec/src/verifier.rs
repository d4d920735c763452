//! SPEC §21 verifier.

use crate::commitment::{self, Claims};
use crate::execution::num_public_cells;
use crate::field::Felt;
use crate::isa::Program;
use crate::memory::MAX_PUBLIC_INPUT;
use crate::parameters::ParameterSet;
use crate::proof::{Header, Sizes, Statement, Summary};
use crate::rejection::{Error, Rejection};
use crate::transcript::{Event, VerifierTranscript};
use crate::{lookup, poseidon, zerocheck};

/// How to verify.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VerifyOptions {
    /// The parameter set that a proof must have.
    pub set: ParameterSet,
    /// Whether the events of the transcript are wanted.
    pub record_events: bool,
}

/// A proof that has been verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// The events of the transcript, if they were wanted.
    pub events: Vec<Event>,
    /// What was proved, in numbers.
    pub summary: Summary,
}

/// The elements of the public input (§21.4).
fn public_input(words: &[u32]) -> Result<Vec<Felt>, Error> {
    let mut public = Vec::new();
    for (i, &word) in words.iter().enumerate() {
        let element = Felt::from_canonical(word).ok_or_else(|| {
            let detail = format!("public input {i}: {word}");
            Error::new(Rejection::ElementNotCanonical, detail)
        })?;
        public.push(element);
    }
    Ok(public)
}

/// The words of a proof file (§19.1).
fn proof_words(proof: &[u8]) -> Result<Vec<u32>, Error> {
    let chunks = proof.chunks_exact(4);
    if !chunks.remainder().is_empty() {
        let detail = format!("{} bytes are not words", proof.len());
        return Err(Error::new(Rejection::ProofTruncated, detail));
    }
    let word = |chunk: &[u8]| u32::from_le_bytes(core::array::from_fn(|i| chunk[i]));
    Ok(chunks.map(word).collect())
}

/// The header and the sizes of a proof, and the words behind the header: §21.1 to §21.3, which do
/// not need the public input itself.
///
/// # Errors
/// 35, 40 to 44, the first in the order of SPEC §21.
pub fn announced(
    program: &Program,
    public_elements: usize,
    proof: &[u8],
    required: ParameterSet,
) -> Result<(Header, Sizes, Vec<u32>), Error> {
    // §21.1.
    if public_elements > MAX_PUBLIC_INPUT {
        let detail = format!("{public_elements} elements");
        return Err(Error::new(Rejection::PublicInputTooLong, detail));
    }
    // §21.2.
    let words = proof_words(proof)?;
    let (header, elements) = Header::decode(&words, required)?;
    // §21.3.
    let num_instructions = program.instructions().len();
    let sizes = Sizes::new(&header, num_instructions, num_public_cells(public_elements))?;
    Ok((header, sizes, elements.to_vec()))
}

/// Verifies that the program, started on the public input, reaches HALT in its first frame.
///
/// # Errors
/// 8, 35, 40 to 52, the first in the order of SPEC §21.
///
/// # Soundness
/// That of the parameter set: only `production` has any.
pub fn verify(
    program: &Program,
    public: &[u32],
    proof: &[u8],
    options: &VerifyOptions,
) -> Result<Verified, Error> {
    let (header, sizes, elements) = announced(program, public.len(), proof, options.set)?;
    let public = public_input(public)?;
    let statement = Statement {
        program,
        public: &public,
    };
    let public_cells = statement.public_cells();

    let mut transcript = VerifierTranscript::new(&elements, options.record_events);
    // §21.5.
    for (label, list) in statement.absorbed(&header) {
        transcript.absorb(label, &list);
    }
    // §21.6.
    let parameters = &header.parameters;
    let stacking = sizes.stacking.clone();
    let commitment = commitment::receive_commitment(parameters, stacking, &mut transcript)?;
    // §21.7.
    let fp_0 = public_cells.len() as u32;
    let leaf_claim = lookup::verify(program.halt_pc(), fp_0, &sizes.leaves, &mut transcript)?;
    // §21.8.
    let permutations = poseidon::verify(&sizes.tables, &leaf_claim.point, &mut transcript)?;
    // §21.9.
    let column_claims = zerocheck::verify(
        program,
        &sizes.tables,
        &sizes.leaves,
        &leaf_claim,
        &permutations,
        &mut transcript,
    )?;
    // §21.10.
    let claims = Claims {
        point: &column_claims.point,
        column_values: &column_claims.values,
        public_cells: &public_cells,
    };
    commitment::verify_opening(parameters, &commitment, &claims, &mut transcript)?;
    // §21.11.
    Ok(Verified {
        events: transcript.finish()?,
        summary: Summary::new(parameters, &sizes),
    })
}

#[cfg(test)]
pub(crate) mod tests;
