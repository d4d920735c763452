//! Verification of an aggregate of signatures, SPEC §23 leansig.

use super::{Claim, PUBLIC_ELEMENTS, public_input};
use crate::isa::Program;
use crate::parameters::ParameterSet;
use crate::rejection::Error;
use crate::verifier::{self, VerifyOptions};

/// Why an aggregate is refused. The order is that of the checks, except that what the header of the
/// proof announces is checked before a claim is looked for twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AggregateError {
    /// Fewer than 2 bytes.
    Truncated,
    /// More than 2^19 bytes.
    TooLong,
    /// Another version.
    Version,
    /// Another scheme.
    Scheme,
    /// An empty list.
    NoClaims,
    /// More than 256 claims.
    TooManyClaims,
    /// A claim stands in the list twice.
    DuplicateClaim,
    /// The proof is rejected.
    Proof(Error),
}

impl AggregateError {
    /// The name in SPEC §23.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::TooLong => "too-long",
            Self::Version => "version",
            Self::Scheme => "scheme",
            Self::NoClaims => "no-claims",
            Self::TooManyClaims => "too-many-claims",
            Self::DuplicateClaim => "duplicate-claim",
            Self::Proof(_) => "proof",
        }
    }
}

/// Verifies an aggregate of a list of claims. The program is that of `programs/leansig_dim64.py`,
/// which a verifier knows.
///
/// # Errors
/// The first refusal in the order of SPEC §23.
pub fn verify_aggregate(
    program: &Program,
    claims: &[Claim],
    bytes: &[u8],
) -> Result<(), AggregateError> {
    // §23.13.
    if bytes.len() < 2 {
        return Err(AggregateError::Truncated);
    }
    // §23.14.
    if bytes.len() > 1 << 19 {
        return Err(AggregateError::TooLong);
    }
    // §23.15.
    if bytes[0] != 1 {
        return Err(AggregateError::Version);
    }
    // §23.16.
    if bytes[1] != 64 {
        return Err(AggregateError::Scheme);
    }
    // §23.17.
    if claims.is_empty() {
        return Err(AggregateError::NoClaims);
    }
    // §23.18.
    if claims.len() > 256 {
        return Err(AggregateError::TooManyClaims);
    }
    // §23.19.
    let proof = &bytes[2..];
    let options = VerifyOptions {
        set: ParameterSet::Production,
        record_events: false,
    };
    verifier::announced(program, PUBLIC_ELEMENTS, proof, options.set)
        .map_err(AggregateError::Proof)?;
    // §23.20.
    for (i, claim) in claims.iter().enumerate() {
        if claims[..i].contains(claim) {
            return Err(AggregateError::DuplicateClaim);
        }
    }
    // §23.21.
    let mut sorted = claims.to_vec();
    sorted.sort_by_key(|claim| (claim.slot, claim.message, claim.key.encode()));
    let mut public = Vec::new();
    for element in public_input(&sorted) {
        public.push(element.value());
    }
    verifier::verify(program, &public, proof, &options).map_err(AggregateError::Proof)?;
    Ok(())
}
