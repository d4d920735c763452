//! Claims of SPEC §26 as both twins verify them.

use leanvm_fast::aggregation::AggregateError;
use leanvm_fast::isa::Program;
use leanvm_fast::merging as fast;
use leanvm_fast::xmss as fast_xmss;
use leanvm_spec::isa::Program as SpecProgram;
use leanvm_spec::merging as spec;
use leanvm_spec::xmss as spec_xmss;

use crate::aggregation::{Question as One, Verdict, refusal_of_fast, refusal_of_spec};

/// A claim, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The slot.
    pub slot: u32,
    /// The encoded message.
    pub message: Vec<u8>,
    /// The encoded public keys.
    pub keys: Vec<Vec<u8>>,
}

/// What a verifier is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The claims.
    pub claims: Vec<Claim>,
    /// The bytes of an aggregate or a merge.
    pub bytes: Vec<u8>,
}

impl From<One> for Question {
    fn from(one: One) -> Self {
        let One {
            message,
            slot,
            keys,
            aggregate: bytes,
        } = one;
        let claims = vec![Claim {
            slot,
            message,
            keys,
        }];
        Self { claims, bytes }
    }
}

impl Claim {
    /// As `spec` has it.
    ///
    /// # Panics
    /// If the message or a key is not an encoding.
    #[must_use]
    pub fn of_spec(&self) -> spec::Claim {
        let key = |key: &Vec<u8>| spec_xmss::PublicKey::decode(key).expect("a key");
        spec::Claim {
            slot: self.slot,
            message: spec_xmss::decode_message(&self.message).expect("a message"),
            keys: self.keys.iter().map(key).collect(),
        }
    }

    /// As `fast` has it.
    ///
    /// # Panics
    /// If the message or a key is not an encoding.
    #[must_use]
    pub fn of_fast(&self) -> fast::Claim {
        let key = |key: &Vec<u8>| fast_xmss::PublicKey::from_bytes(key).expect("a key");
        fast::Claim {
            slot: self.slot,
            message: fast_xmss::Message::from_canonical_bytes(&self.message).expect("a message"),
            keys: self.keys.iter().map(key).collect(),
        }
    }
}

impl From<&spec::Claim> for Claim {
    fn from(claim: &spec::Claim) -> Self {
        Self {
            slot: claim.slot,
            message: spec_xmss::encode_message(&claim.message),
            keys: claim.keys.iter().map(|key| key.encode()).collect(),
        }
    }
}

impl From<&fast::Claim> for Claim {
    fn from(claim: &fast::Claim) -> Self {
        Self {
            slot: claim.slot,
            message: claim.message.to_canonical_bytes().to_vec(),
            keys: claim
                .keys
                .iter()
                .map(|key| key.to_bytes().to_vec())
                .collect(),
        }
    }
}

/// P_0 and P_1 as both twins have them.
pub struct Programs {
    /// As `fast` has them.
    pub fast: [Program; 2],
    /// As `spec` has them.
    pub spec: [SpecProgram; 2],
}

impl Programs {
    /// The programs of these bytes.
    ///
    /// # Panics
    /// If they are none.
    #[must_use]
    pub fn decode(bytes: [&[u8]; 2]) -> Self {
        Self {
            fast: bytes.map(|bytes| Program::decode(bytes).expect("a program")),
            spec: bytes.map(|bytes| SpecProgram::decode(bytes).expect("a program")),
        }
    }

    /// The verdict of `spec`.
    ///
    /// # Errors
    /// The refusal.
    pub fn spec_verdict(&self, question: &Question) -> Verdict {
        let claims: Vec<_> = question.claims.iter().map(Claim::of_spec).collect();
        spec::verify_claims(self.spec.each_ref(), &claims, &question.bytes)
            .map_err(|error| refusal_of_spec(&error))
    }

    /// The verdict of `fast`.
    ///
    /// # Errors
    /// The refusal.
    pub fn fast_verdict(&self, question: &Question) -> Verdict {
        let claims: Vec<_> = question.claims.iter().map(Claim::of_fast).collect();
        fast::AnyAggregate::from_bytes(&question.bytes)
            .map_err(AggregateError::from)
            .and_then(|any| fast::verify_claims_of(self.fast.each_ref(), &claims, &any))
            .map(drop)
            .map_err(|error| refusal_of_fast(&error))
    }

    /// The verdict of both.
    ///
    /// # Errors
    /// Their refusal.
    ///
    /// # Panics
    /// If they differ.
    pub fn verdict(&self, question: &Question) -> Verdict {
        let fast = self.fast_verdict(question);
        assert_eq!(self.spec_verdict(question), fast, "the twins differ");
        fast
    }
}
