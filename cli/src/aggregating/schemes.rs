//! The two schemes, as the commands need them.

use std::fmt::Display;

use leanvm_fast::aggregation::{AggregationError, Options, Report, aggregate_with_report};
use leanvm_fast::leansig;
use leanvm_fast::merging::Claim;
use leanvm_fast::xmss::{self, Message, PublicKey};

use crate::signature::claims::{Claims, Signed};

/// Proof bytes and report, or why there are none.
type Aggregated<R> = Result<(Vec<u8>, Report<R>), AggregationError<R>>;

/// Signatures of a scheme.
pub(crate) trait Signatures {
    /// Why a signature is refused.
    type Refusal: Display;

    /// The name of a refusal.
    fn name(refusal: &Self::Refusal) -> &'static str;
    /// Makes an aggregate.
    fn aggregate(&self, options: &Options<'_>) -> Aggregated<Self::Refusal>;
    /// The claims of the signatures, except those at some indices.
    fn claims(&self, without: &[usize]) -> Claims;
}

/// Signatures of `leanxmss42`, of one message for one slot.
pub(crate) struct Leanxmss42 {
    pub(crate) message: Message,
    pub(crate) message_bytes: Vec<u8>,
    pub(crate) slot: u32,
    pub(crate) signatures: Vec<(PublicKey, xmss::Signature)>,
}

impl Signatures for Leanxmss42 {
    type Refusal = xmss::VerificationError;

    fn name(refusal: &Self::Refusal) -> &'static str {
        refusal.name()
    }

    fn aggregate(&self, options: &Options<'_>) -> Aggregated<Self::Refusal> {
        aggregate_with_report(&self.message, self.slot, &self.signatures, options)
            .map(|(aggregate, report)| (aggregate.to_bytes(), report))
    }

    fn claims(&self, without: &[usize]) -> Claims {
        let keys = others(&self.signatures, without).map(|(key, _)| *key);
        Claims::Leanxmss42(vec![Signed {
            message_bytes: self.message_bytes.clone(),
            claim: Claim {
                slot: self.slot,
                message: self.message,
                keys: keys.collect(),
            },
        }])
    }
}

/// Signatures of `leansig-dim64`, each with its claim.
pub(crate) struct LeansigDim64(pub(crate) Vec<(leansig::Claim, leansig::Signature)>);

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

/// The entries of a list except those at some indices.
fn others<'a, T>(list: &'a [T], without: &'a [usize]) -> impl Iterator<Item = &'a T> {
    let kept = |(index, _): &(usize, &T)| without.binary_search(index).is_err();
    list.iter().enumerate().filter(kept).map(|(_, one)| one)
}
