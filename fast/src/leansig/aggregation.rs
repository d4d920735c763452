//! One proof of many signatures of the scheme `leansig_dim64`, SPEC §22 leansig.

#![cfg_attr(
    not(test),
    deny(
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        unsafe_code
    )
)]

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use super::{Claim, public_input};
use crate::field::to_canonical;
use crate::isa::Program;
#[cfg(feature = "prover")]
use crate::prover::ProveError;
use crate::rejection::Error;
use crate::verifier::{self, VerifyOptions};

/// The first byte of an aggregate.
pub const VERSION: u8 = 1;
/// The second byte of an aggregate.
pub const SCHEME: u8 = 64;
/// Most bytes of an aggregate.
pub const MAX_BYTES: usize = 1 << 19;
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

/// Why an aggregate is refused, by its form, its list or its proof, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AggregateError {
    /// Fewer bytes than version and scheme take.
    Truncated,
    /// More than [`MAX_BYTES`].
    TooLong {
        /// The number of bytes.
        bytes: usize,
    },
    /// A version that this library does not know.
    Version(u8),
    /// A scheme that is not [`SCHEME`].
    Scheme(u8),
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
    /// The name of SPEC §22.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::TooLong { .. } => "too-long",
            Self::Version(_) => "version",
            Self::Scheme(_) => "scheme",
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
            Self::Truncated => write!(formatter, "an aggregate has at least two bytes"),
            Self::TooLong { bytes } => write!(formatter, "{bytes} bytes, at most {MAX_BYTES}"),
            Self::Version(version) => write!(formatter, "version {version}, known is {VERSION}"),
            Self::Scheme(scheme) => write!(formatter, "scheme {scheme}, expected is {SCHEME}"),
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
            _ => None,
        }
    }
}

/// Many signatures as one proof. It holds any bytes behind a known version and scheme until [`verify_aggregate`] has looked at them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Aggregate {
    pub(super) proof: Vec<u8>,
}

impl Aggregate {
    /// Version, scheme, proof.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [[VERSION, SCHEME].as_slice(), &self.proof].concat()
    }

    /// Reads the bytes of [`Aggregate::to_bytes`].
    ///
    /// # Errors
    /// [`AggregateError::Truncated`], [`AggregateError::TooLong`], [`AggregateError::Version`], [`AggregateError::Scheme`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AggregateError> {
        let &[version, scheme, ref proof @ ..] = bytes else {
            return Err(AggregateError::Truncated);
        };
        if bytes.len() > MAX_BYTES {
            return Err(AggregateError::TooLong { bytes: bytes.len() });
        }
        if version != VERSION {
            return Err(AggregateError::Version(version));
        }
        if scheme != SCHEME {
            return Err(AggregateError::Scheme(scheme));
        }
        Ok(Self {
            proof: proof.to_vec(),
        })
    }
}

/// Refuses an empty list, one that is too long, and one in which a claim stands twice.
pub(super) fn check_list<'a>(
    claims: impl ExactSizeIterator<Item = &'a Claim>,
) -> Result<(), AggregateError> {
    let given = claims.len();
    if given == 0 {
        return Err(AggregateError::NoClaims);
    }
    if given > MAX_CLAIMS {
        return Err(AggregateError::TooManyClaims { given });
    }
    let mut places = BTreeMap::new();
    for (second, claim) in claims.enumerate() {
        let key = (
            claim.key.root.map(to_canonical),
            claim.key.parameter.map(to_canonical),
            claim.slot,
            claim.message,
        );
        if let Some(first) = places.insert(key, second) {
            return Err(AggregateError::DuplicateClaim { first, second });
        }
    }
    Ok(())
}

/// Verifies that each claim of the list, in its order, has a signature.
///
/// # Errors
/// Those of the list, then [`AggregateError::Proof`].
///
/// # Soundness
/// That of the parameter set `production`: appendix B of SPEC.md.
pub fn verify_aggregate(claims: &[Claim], aggregate: &Aggregate) -> Result<(), AggregateError> {
    check_list(claims.iter())?;
    let public: Vec<u32> = public_input(claims).into_iter().map(to_canonical).collect();
    let program = program().map_err(AggregateError::Proof)?;
    verifier::verify(
        program,
        &public,
        &aggregate.proof,
        &VerifyOptions::default(),
    )
    .map(drop)
    .map_err(AggregateError::Proof)
}

/// Why there is no aggregate.
#[cfg(feature = "prover")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AggregationError {
    /// The list of claims would be refused.
    List(AggregateError),
    /// A signature does not verify; no time was spent on a proof.
    Signature(super::Refused),
    /// An unknown rate; otherwise the machine refuses, which it does not for valid signatures.
    Machine(Error),
    /// The prover ends without a proof, which it does not for valid signatures.
    Prover(ProveError),
}

#[cfg(feature = "prover")]
impl fmt::Display for AggregationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(error) => write!(formatter, "{error}"),
            Self::Signature(refused) => write!(formatter, "{refused}"),
            Self::Machine(error) => write!(formatter, "{error}"),
            Self::Prover(error) => write!(formatter, "{error}"),
        }
    }
}

#[cfg(feature = "prover")]
impl std::error::Error for AggregationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::List(error) => Some(error),
            Self::Signature(refused) => Some(refused),
            Self::Machine(error) => Some(error),
            Self::Prover(error) => Some(error),
        }
    }
}

/// One proof of all signatures, at a rate of 2^−log_inv_rate, 1 to 4. Its verifier needs the claims in this order. Same input, same bytes.
///
/// # Errors
/// A list that is refused, the first signature that does not verify, with its index, an unknown rate; all before a proof is begun.
#[cfg(feature = "prover")]
pub fn aggregate(
    signed: &[(Claim, super::Signature)],
    log_inv_rate: u32,
) -> Result<Aggregate, AggregationError> {
    use crate::execution::{Input, Limits, execute};
    use crate::parameters::{ParameterSet, Parameters};
    use crate::prover::{ProveOptions, prove};

    check_list(signed.iter().map(|(claim, _)| claim)).map_err(AggregationError::List)?;
    Parameters::new(ParameterSet::Production, log_inv_rate).map_err(AggregationError::Machine)?;
    let private = super::private_input(signed).map_err(AggregationError::Signature)?;
    let claims: Vec<Claim> = signed.iter().map(|(claim, _)| claim.clone()).collect();
    let input = Input {
        public: public_input(&claims),
        private,
    };
    let options = ProveOptions {
        log_inv_rate,
        ..ProveOptions::default()
    };
    let program = program().map_err(AggregationError::Machine)?;
    let execution = execute(program, &input, &Limits::default())
        .map_err(|stopped| AggregationError::Machine(stopped.error))?;
    prove(program, &execution, &options)
        .map(|proved| Aggregate {
            proof: proved.proof,
        })
        .map_err(AggregationError::Prover)
}
