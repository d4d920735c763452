//! SPEC §24 aggregation.
//!
//! A proof that many signatures of the scheme `leanxmss42` for one message and slot are valid is
//! checked against the verifier's own list of public keys. The order of the list does not matter.

use std::fmt;
use std::sync::LazyLock;

use crate::cost::{Cost, Permutations};
use crate::field::{F, to_canonical};
use crate::isa::Program;
use crate::merging::MAX_CLAIMS;
use crate::parameters::ParameterSet;
use crate::permutation::{Digest, hash_pair};
use crate::rejection::Error;
use crate::verifier::Announced;
use crate::xmss::{Message, PublicKey, SCHEME_ID};

pub mod form;
pub mod order;

pub use form::{FormError, MAX_BYTES, VERSION};
use order::{Duplicate, canonical};

/// The second byte of an aggregate: the scheme of its signatures, [`SCHEME_ID`].
pub const SCHEME: u8 = 42;
/// Most keys of a list. No proof holds so many.
pub const MAX_SIGNERS: usize = 1 << 16;
/// Elements of the public input.
pub const PUBLIC_ELEMENTS: usize = 24;

const _: () = assert!(SCHEME_ID == 42);

/// The program that verifies signatures.
static PROGRAM: LazyLock<Result<Program, Error>> =
    LazyLock::new(|| Program::decode(leanvm_programs::artefacts::LEANXMSS42.program));

/// The program whose executions aggregates prove: that of `programs/leanxmss42.py`.
///
/// # Errors
/// Never: the bytes are part of the library.
pub fn program() -> Result<&'static Program, Error> {
    PROGRAM.as_ref().map_err(Clone::clone)
}

/// Why an aggregate, or a merge, is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AggregateError {
    /// The bytes are not an aggregate of this scheme, or not a merge.
    Form(FormError),
    /// The list of keys is empty.
    NoSigners,
    /// A claim has no keys.
    NoSignersOfClaim {
        /// Index of the claim.
        claim: usize,
    },
    /// More than [`MAX_SIGNERS`] keys, of all claims.
    TooManySigners {
        /// The number of keys.
        given: usize,
    },
    /// A key stands in the list twice.
    DuplicateKey {
        /// Index of the first.
        first: usize,
        /// Index of the second.
        second: usize,
    },
    /// A key stands in the list of a claim twice.
    DuplicateKeyOfClaim {
        /// Index of the claim.
        claim: usize,
        /// Index of the first key in its list.
        first: usize,
        /// Index of the second.
        second: usize,
    },
    /// The proof is not one of this message, slot and list, or of these claims.
    Proof(Error),
    /// The list of claims is empty.
    NoClaims,
    /// More than [`MAX_CLAIMS`] claims.
    TooManyClaims {
        /// The number of claims.
        given: usize,
    },
    /// Two claims are of one slot and message.
    DuplicateClaim {
        /// Index of the first.
        first: usize,
        /// Index of the second.
        second: usize,
    },
    /// The program claim of a merge does not hold.
    ProgramClaim,
    /// More than one claim, for an aggregate of one.
    ClaimCount {
        /// The number of claims.
        given: usize,
    },
}

impl AggregateError {
    /// The code of SPEC §24 and §26.
    #[must_use]
    pub const fn code(&self) -> u32 {
        match self {
            Self::Form(error) => error.code(),
            Self::NoSigners | Self::NoSignersOfClaim { .. } => 5,
            Self::TooManySigners { .. } => 6,
            Self::DuplicateKey { .. } | Self::DuplicateKeyOfClaim { .. } => 7,
            Self::Proof(_) => 8,
            Self::NoClaims => 9,
            Self::TooManyClaims { .. } => 10,
            Self::DuplicateClaim { .. } => 11,
            Self::ProgramClaim => 12,
            Self::ClaimCount { .. } => 13,
        }
    }

    /// The name of SPEC §24 and §26.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Form(error) => error.name(),
            Self::NoSigners | Self::NoSignersOfClaim { .. } => "no-signers",
            Self::TooManySigners { .. } => "too-many-signers",
            Self::DuplicateKey { .. } | Self::DuplicateKeyOfClaim { .. } => "duplicate-key",
            Self::Proof(_) => "proof",
            Self::NoClaims => "no-claims",
            Self::TooManyClaims { .. } => "too-many-claims",
            Self::DuplicateClaim { .. } => "duplicate-claim",
            Self::ProgramClaim => "program-claim",
            Self::ClaimCount { .. } => "claim-count",
        }
    }
}

impl fmt::Display for AggregateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(error) => write!(formatter, "{error}"),
            Self::NoSigners => write!(formatter, "the list of keys is empty"),
            Self::NoSignersOfClaim { claim } => write!(formatter, "claim {claim} has no keys"),
            Self::TooManySigners { given } => {
                write!(formatter, "{given} keys, at most {MAX_SIGNERS}")
            }
            Self::DuplicateKey { first, second } => {
                write!(formatter, "keys {first} and {second} of the list are equal")
            }
            Self::DuplicateKeyOfClaim {
                claim,
                first,
                second,
            } => write!(
                formatter,
                "keys {first} and {second} of claim {claim} are equal"
            ),
            Self::Proof(error) => write!(formatter, "{error}"),
            Self::NoClaims => write!(formatter, "the list of claims is empty"),
            Self::TooManyClaims { given } => {
                write!(formatter, "{given} claims, at most {MAX_CLAIMS}")
            }
            Self::DuplicateClaim { first, second } => write!(
                formatter,
                "claims {first} and {second} are of one slot and message"
            ),
            Self::ProgramClaim => write!(formatter, "the program claim does not hold"),
            Self::ClaimCount { given } => {
                write!(formatter, "{given} claims, the aggregate is of one")
            }
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

/// Many signatures of `leanxmss42` as one proof; [`verify_aggregate`] says of which keys.
pub type Aggregate = form::Aggregate<SCHEME>;

/// The hash of a list of keys: h = (n, 0, …, 0); for each key h ← hash_pair(h, key).
pub fn list_hash(keys: &[PublicKey]) -> Digest {
    let mut start = Digest::default();
    let number = u32::try_from(keys.len()).unwrap_or(u32::MAX);
    if let Some(first) = start.first_mut() {
        *first = F::new(number);
    }
    keys.iter()
        .fold(start, |hash, key| hash_pair(&hash, &key.elements()))
}

/// The public input: (n, ⌊slot/2^16⌋, slot mod 2^16, 0, …, 0), the message, the hash of the keys,
/// which are in canonical order.
#[must_use]
pub fn public_input(message: &Message, slot: u32, keys: &[PublicKey]) -> Vec<u32> {
    let number = u32::try_from(keys.len()).unwrap_or(u32::MAX);
    [number, slot >> 16, slot & 0xffff, 0, 0, 0, 0, 0]
        .into_iter()
        .chain(
            message
                .0
                .iter()
                .chain(&list_hash(keys))
                .map(|x| to_canonical(*x)),
        )
        .collect()
}

/// Verifies that each key of the list has a signature of the message for the slot. The order of the
/// list does not matter.
///
/// What is wrong with the bytes themselves is found before any work that grows with the list.
///
/// # Errors
/// [`AggregateError::NoSigners`], [`AggregateError::TooManySigners`], [`AggregateError::Proof`] for
/// what the header of the proof announces, [`AggregateError::DuplicateKey`], then
/// [`AggregateError::Proof`]: the first that applies.
///
/// # Soundness
/// That of the parameter set `production`: appendix B of SPEC.md.
pub fn verify_aggregate(
    message: &Message,
    slot: u32,
    keys: &[PublicKey],
    aggregate: &Aggregate,
) -> Result<(), AggregateError> {
    verify_aggregate_with_cost(message, slot, keys, aggregate).map(drop)
}

/// [`verify_aggregate`], which also tells what it has taken.
///
/// # Errors
/// Those of [`verify_aggregate`].
pub fn verify_aggregate_with_cost(
    message: &Message,
    slot: u32,
    keys: &[PublicKey],
    aggregate: &Aggregate,
) -> Result<Cost, AggregateError> {
    if keys.is_empty() {
        // §24.5.
        return Err(AggregateError::NoSigners);
    }
    if keys.len() > MAX_SIGNERS {
        // §24.6.
        return Err(AggregateError::TooManySigners { given: keys.len() });
    }
    let program = program().map_err(AggregateError::Proof)?;
    let set = ParameterSet::Production;
    // §24.7.
    let announced = Announced::read(program, PUBLIC_ELEMENTS, aggregate.proof(), set)
        .map_err(AggregateError::Proof)?;
    // §24.8.
    let keys = canonical(keys.iter().copied(), PublicKey::to_bytes)
        .map_err(|Duplicate { first, second }| AggregateError::DuplicateKey { first, second })?;
    let list = Permutations {
        width_16: keys.len(),
        width_24: 0,
    };
    // §24.9.
    announced
        .verify(&public_input(message, slot, &keys), false)
        .map(|verified| verified.cost.with_list(list))
        .map_err(AggregateError::Proof)
}
