//! One proof of many signatures of the scheme `leansig_dim64`, SPEC §23 leansig.

use std::fmt;
use std::sync::LazyLock;

use super::{Claim, MESSAGE_BYTES, PUBLIC_ELEMENTS, PUBLIC_KEY_BYTES, public_input};
use crate::aggregation::form::{self, FormError};
use crate::aggregation::order::{Duplicate, canonical};
use crate::cost::{Cost, Permutations};
use crate::field::to_canonical;
use crate::isa::Program;
use crate::parameters::ParameterSet;
use crate::rejection::Error;
use crate::verifier::Announced;

/// The second byte of an aggregate.
pub const SCHEME: u8 = 64;
/// Most claims of an aggregate. So many fit at every rate, whatever their slots.
pub const MAX_CLAIMS: usize = 256;

static PROGRAM: LazyLock<Result<Program, Error>> =
    LazyLock::new(|| Program::decode(leanvm_programs::artefacts::LEANSIG_DIM64.program));

/// The program whose executions aggregates prove: that of `programs/leansig_dim64.py`.
///
/// # Errors
/// Never: the bytes are part of the library.
pub fn program() -> Result<&'static Program, Error> {
    PROGRAM.as_ref().map_err(Clone::clone)
}

/// Why an aggregate is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AggregateError {
    /// The bytes are not an aggregate of this scheme.
    Form(FormError),
    /// The list of claims is empty.
    NoClaims,
    /// More than [`MAX_CLAIMS`].
    TooManyClaims {
        /// The number of claims.
        given: usize,
    },
    /// A claim stands in the list twice: whoever counts the entries would count it twice.
    DuplicateClaim {
        /// Index of the first.
        first: usize,
        /// Index of the second.
        second: usize,
    },
    /// The proof is not one of this list.
    Proof(Error),
}

impl AggregateError {
    /// The name of SPEC §23.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Form(error) => error.name(),
            Self::NoClaims => "no-claims",
            Self::TooManyClaims { .. } => "too-many-claims",
            Self::DuplicateClaim { .. } => "duplicate-claim",
            Self::Proof(_) => "proof",
        }
    }
}

impl fmt::Display for AggregateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(error) => write!(formatter, "{error}"),
            Self::NoClaims => write!(formatter, "the list of claims is empty"),
            Self::TooManyClaims { given } => {
                write!(formatter, "{given} claims, {MAX_CLAIMS} fit")
            }
            Self::DuplicateClaim { first, second } => {
                write!(formatter, "claims {first} and {second} are equal")
            }
            Self::Proof(error) => write!(formatter, "{error}"),
        }
    }
}

impl std::error::Error for AggregateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Proof(error) => Some(error),
            Self::Form(error) => Some(error),
            _ => None,
        }
    }
}

impl From<FormError> for AggregateError {
    fn from(error: FormError) -> Self {
        Self::Form(error)
    }
}

/// Many signatures of `leansig_dim64` as one proof; [`verify_aggregate`] says of which claims.
pub type Aggregate = form::Aggregate<SCHEME>;

/// A claim's place in the canonical order: slot, message, encoded key.
pub type Order = (u32, [u8; MESSAGE_BYTES], [u8; PUBLIC_KEY_BYTES]);

/// The place of a claim in the canonical order.
#[must_use]
pub fn order(claim: &Claim) -> Order {
    (claim.slot, claim.message, claim.key.to_bytes())
}

/// Verifies that each claim of the list has a signature. The order of the list does not matter.
///
/// Claims are not signers: one key may stand in two claims of one slot, under two messages. Who
/// counts signers looks for that.
///
/// What is wrong with the bytes themselves is found before any work that grows with the list.
///
/// # Errors
/// [`AggregateError::NoClaims`], [`AggregateError::TooManyClaims`], [`AggregateError::Proof`] for
/// what the header of the proof announces, [`AggregateError::DuplicateClaim`], then
/// [`AggregateError::Proof`]: the first that applies.
///
/// # Soundness
/// That of the parameter set `production`: appendix B of SPEC.md.
pub fn verify_aggregate(claims: &[Claim], aggregate: &Aggregate) -> Result<(), AggregateError> {
    verify_aggregate_with_cost(claims, aggregate).map(drop)
}

/// [`verify_aggregate`], which also tells what it has taken.
///
/// # Errors
/// Those of [`verify_aggregate`].
pub fn verify_aggregate_with_cost(
    claims: &[Claim],
    aggregate: &Aggregate,
) -> Result<Cost, AggregateError> {
    if claims.is_empty() {
        // §23.17.
        return Err(AggregateError::NoClaims);
    }
    if claims.len() > MAX_CLAIMS {
        let given = claims.len();
        // §23.18.
        return Err(AggregateError::TooManyClaims { given });
    }
    let program = program().map_err(AggregateError::Proof)?;
    let set = ParameterSet::Production;
    // §23.19.
    let announced = Announced::read(program, PUBLIC_ELEMENTS, aggregate.proof(), set)
        .map_err(AggregateError::Proof)?;
    // §23.20.
    let claims = canonical(claims.iter().cloned(), order)
        .map_err(|Duplicate { first, second }| AggregateError::DuplicateClaim { first, second })?;
    let public: Vec<u32> = public_input(&claims)
        .into_iter()
        .map(to_canonical)
        .collect();
    let list = Permutations {
        width_16: claims.len(),
        width_24: claims.len(),
    };
    // §23.21.
    announced
        .verify(&public, false)
        .map(|verified| verified.cost.with_list(list))
        .map_err(AggregateError::Proof)
}
