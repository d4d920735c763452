//! SPEC §26 merging: the bytes of a merge, and of an aggregate of either kind.

use crate::aggregation::form::{FormError, MAX_BYTES, VERSION, head};
use crate::aggregation::{Aggregate, SCHEME};
use crate::field::{DIMENSION, F, coordinates, from_canonical, from_coordinates, to_canonical};
use crate::recursion::ProgramClaim;

/// The second byte of a merge.
pub const KIND: u8 = 43;
/// Variables of a program claim: b + 3 + h.
pub const VARIABLES: usize = 1 + 3 + 16;
/// Words of a program claim: of its point and its value.
pub(super) const CLAIM_WORDS: usize = DIMENSION * (VARIABLES + 1);
/// Bytes of a program claim.
const CLAIM_BYTES: usize = 4 * CLAIM_WORDS;

const _: () = assert!(2 + CLAIM_BYTES == 422 && 422 < MAX_BYTES);

/// Many claims as one proof, beside a claim on the programs. It holds any bytes behind the program
/// claim until it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The claim on P_0 and P_1.
    program_claim: ProgramClaim,
    /// The proof of SPEC §19.
    proof: Vec<u8>,
}

impl Merge {
    /// A program claim, of [`VARIABLES`] coordinates, before a proof. Neither is looked at.
    #[must_use]
    pub const fn of_proof(program_claim: ProgramClaim, proof: Vec<u8>) -> Self {
        Self {
            program_claim,
            proof,
        }
    }

    /// The claim on P_0 and P_1.
    #[must_use]
    pub const fn program_claim(&self) -> &ProgramClaim {
        &self.program_claim
    }

    /// The proof of SPEC §19 inside.
    #[must_use]
    pub fn proof(&self) -> &[u8] {
        &self.proof
    }

    /// Version, kind, program claim, proof.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let claim = &self.program_claim;
        let elements = claim.point.iter().chain([&claim.value]);
        let words = elements.flat_map(|element| coordinates(*element));
        let words = words.flat_map(|word| to_canonical(word).to_le_bytes());
        [VERSION, KIND]
            .into_iter()
            .chain(words)
            .chain(self.proof.iter().copied())
            .collect()
    }

    /// Reads the bytes of [`Merge::to_bytes`].
    ///
    /// # Errors
    /// The first of [`FormError`] that applies.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormError> {
        match head(bytes)? {
            (KIND, rest) => Self::behind_head(rest),
            (found, _) => Err(FormError::Scheme {
                found,
                expected: KIND,
            }),
        }
    }

    /// Reads the bytes behind version and kind.
    fn behind_head(rest: &[u8]) -> Result<Self, FormError> {
        let Some((claim, proof)) = rest.split_at_checked(CLAIM_BYTES) else {
            // §26.5.
            let bytes = rest.len().saturating_add(2);
            return Err(FormError::MergeTruncated { bytes });
        };
        Ok(Self {
            program_claim: program_claim(claim)?,
            proof: proof.to_vec(),
        })
    }
}

/// The program claim of its bytes.
fn program_claim(bytes: &[u8]) -> Result<ProgramClaim, FormError> {
    let (words, _) = bytes.as_chunks::<4>();
    let words = words
        .iter()
        .enumerate()
        .map(|(word, bytes)| {
            // §26.6.
            from_canonical(u32::from_le_bytes(*bytes)).ok_or(FormError::ProgramClaim { word })
        })
        .collect::<Result<Vec<F>, _>>()?;
    let (elements, _) = words.as_chunks::<DIMENSION>();
    let mut elements = elements.iter().map(|element| from_coordinates(*element));
    let point = elements.by_ref().take(VARIABLES).collect();
    let value = elements.next().unwrap_or_default();
    Ok(ProgramClaim { point, value })
}

/// What proves claims: an aggregate of section 24, of one claim, or a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnyAggregate {
    /// Signatures of one message for one slot.
    Signatures(Aggregate),
    /// Any claims.
    Merge(Merge),
}

impl AnyAggregate {
    /// The bytes of either.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Signatures(aggregate) => aggregate.to_bytes(),
            Self::Merge(merge) => merge.to_bytes(),
        }
    }

    /// Reads the bytes of [`AnyAggregate::to_bytes`].
    ///
    /// # Errors
    /// The first of [`FormError`] that applies.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormError> {
        match head(bytes)? {
            (SCHEME, proof) => Ok(Self::Signatures(Aggregate::of_proof(proof.to_vec()))),
            (KIND, rest) => Merge::behind_head(rest).map(Self::Merge),
            // §26.4.
            (found, _) => Err(FormError::Kind { found }),
        }
    }
}

impl From<Aggregate> for AnyAggregate {
    fn from(aggregate: Aggregate) -> Self {
        Self::Signatures(aggregate)
    }
}

impl From<Merge> for AnyAggregate {
    fn from(merge: Merge) -> Self {
        Self::Merge(merge)
    }
}
