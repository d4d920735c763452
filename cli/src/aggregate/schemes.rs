//! The two schemes, as the commands need them.

use std::fmt::Display;

use leanvm_fast::aggregation::{
    self, AggregateError, AggregationError, Aggregator, Options, Report, verify_aggregate,
};
use leanvm_fast::leansig;
use leanvm_fast::rejection::Error;
use leanvm_fast::xmss::{self, Message, PublicKey};

use crate::xmss::Scheme;

/// Proof bytes and report, or why there are none.
type Aggregated<R> = Result<(Vec<u8>, Report<R>), AggregationError<R>>;

/// Signatures of a scheme.
pub(super) trait Signatures {
    /// Why a signature is refused.
    type Refusal: Display;

    /// The name of a refusal.
    fn name(refusal: &Self::Refusal) -> &'static str;
    /// Makes an aggregate.
    fn aggregate(&self, options: &Options<'_>) -> Aggregated<Self::Refusal>;
    /// What the signatures are of, without those at some indices.
    fn claims(&self, without: &[usize]) -> Claims;
}

/// Signatures of `leanxmss42`, of one message for one slot.
pub(super) struct Leanxmss42 {
    pub(super) message: Message,
    pub(super) message_bytes: Vec<u8>,
    pub(super) slot: u32,
    pub(super) signatures: Vec<(PublicKey, xmss::Signature)>,
}

impl Signatures for Leanxmss42 {
    type Refusal = xmss::VerificationError;

    fn name(refusal: &Self::Refusal) -> &'static str {
        refusal.name()
    }

    fn aggregate(&self, options: &Options<'_>) -> Aggregated<Self::Refusal> {
        Aggregator::new()
            .aggregate_with_report(&self.message, self.slot, &self.signatures, options)
            .map(|(aggregate, report)| (aggregate.to_bytes(), report))
    }

    fn claims(&self, without: &[usize]) -> Claims {
        Claims::Leanxmss42 {
            message: self.message,
            message_bytes: self.message_bytes.clone(),
            slot: self.slot,
            keys: others(&self.signatures, without)
                .map(|(key, _)| *key)
                .collect(),
        }
    }
}

/// Signatures of `leansig-dim64`, each of its claim.
pub(super) struct LeansigDim64(pub(super) Vec<(leansig::Claim, leansig::Signature)>);

impl Signatures for LeansigDim64 {
    type Refusal = leansig::VerificationError;

    fn name(refusal: &Self::Refusal) -> &'static str {
        refusal.name()
    }

    fn aggregate(&self, options: &Options<'_>) -> Aggregated<Self::Refusal> {
        leansig::aggregate_with_report(&self.0, options)
            .map(|(aggregate, report)| (aggregate.to_bytes(), report))
    }

    fn claims(&self, without: &[usize]) -> Claims {
        let claims = others(&self.0, without).map(|(claim, _)| claim.clone());
        Claims::LeansigDim64(claims.collect())
    }
}

/// The entries of a list but for those at some indices.
fn others<'a, T>(list: &'a [T], without: &'a [usize]) -> impl Iterator<Item = &'a T> {
    let kept = |(index, _): &(usize, &T)| without.binary_search(index).is_err();
    list.iter().enumerate().filter(kept).map(|(_, one)| one)
}

/// What an aggregate states.
pub(super) enum Claims {
    /// That keys have signed a message for a slot.
    Leanxmss42 {
        message: Message,
        message_bytes: Vec<u8>,
        slot: u32,
        keys: Vec<PublicKey>,
    },
    /// That keys have signed messages for slots.
    LeansigDim64(Vec<leansig::Claim>),
}

/// Why an aggregate does not show its claims.
pub(super) enum Refused {
    /// The bytes are no aggregate of the scheme.
    Form { name: &'static str, reason: String },
    /// The list cannot be one of an aggregate.
    List { name: &'static str, reason: String },
    /// The proof is not one of these claims.
    Proof(Error),
}

impl Claims {
    /// The scheme.
    pub(super) const fn scheme(&self) -> Scheme {
        match self {
            Self::Leanxmss42 { .. } => Scheme::Leanxmss42,
            Self::LeansigDim64(_) => Scheme::LeansigDim64,
        }
    }

    /// Their number.
    pub(super) const fn len(&self) -> usize {
        match self {
            Self::Leanxmss42 { keys, .. } => keys.len(),
            Self::LeansigDim64(claims) => claims.len(),
        }
    }

    /// Verifies an aggregate.
    pub(super) fn verify(&self, bytes: &[u8]) -> Result<(), Refused> {
        match self {
            Self::Leanxmss42 {
                message,
                slot,
                keys,
                ..
            } => aggregation::Aggregate::from_bytes(bytes)
                .and_then(|aggregate| verify_aggregate(message, *slot, keys, &aggregate))
                .map_err(|error| {
                    let (name, reason) = (error.name(), error.to_string());
                    match error {
                        AggregateError::Proof(error) => Refused::Proof(error),
                        AggregateError::NoSigners
                        | AggregateError::TooManySigners { .. }
                        | AggregateError::DuplicateKey { .. } => Refused::List { name, reason },
                        _ => Refused::Form { name, reason },
                    }
                }),
            Self::LeansigDim64(claims) => leansig::Aggregate::from_bytes(bytes)
                .and_then(|aggregate| leansig::verify_aggregate(claims, &aggregate))
                .map_err(|error| {
                    let (name, reason) = (error.name(), error.to_string());
                    match error {
                        leansig::AggregateError::Proof(error) => Refused::Proof(error),
                        leansig::AggregateError::NoClaims
                        | leansig::AggregateError::TooManyClaims { .. }
                        | leansig::AggregateError::DuplicateClaim { .. } => {
                            Refused::List { name, reason }
                        }
                        _ => Refused::Form { name, reason },
                    }
                }),
        }
    }
}
