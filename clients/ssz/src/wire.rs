//! The types of the schema, with the encoding and the hash tree root that the crate `libssz` gives
//! them. They hold any words and any order: [`Ssz::from_wire`](crate::Ssz::from_wire) checks.

use leanvm_verifier::aggregation::{MAX_BYTES, MAX_SIGNERS};
use leanvm_verifier::merging::MAX_CLAIMS;
use leanvm_verifier::xmss::{MESSAGE_BYTES, PUBLIC_KEY_BYTES, SIGNATURE_BYTES};
use libssz_derive::{HashTreeRoot, SszDecode, SszEncode};
use libssz_types::SszList;

/// The words of a public key. Bytes have the encoding and the root of `Vector[uint32, 8]`.
pub type PublicKey = [u8; PUBLIC_KEY_BYTES];
/// The words of a message. Bytes have the encoding and the root of `Vector[uint32, 8]`.
pub type Message = [u8; MESSAGE_BYTES];
/// The words of a signature. Bytes have the encoding and the root of `Vector[uint32, 302]`.
pub type Signature = [u8; SIGNATURE_BYTES];
/// The bytes of an aggregate or a merge.
pub type Aggregate = SszList<u8, MAX_BYTES>;
/// The keys of a claim.
pub type Keys = SszList<PublicKey, MAX_SIGNERS>;
/// A list of claims.
pub type Claims = SszList<Claim, MAX_CLAIMS>;
/// A list of signed messages.
pub type SignedMessages = SszList<SignedMessage, MAX_SIGNERS>;

/// A signature, and what it is of.
#[derive(Clone, Debug, PartialEq, Eq, SszEncode, SszDecode, HashTreeRoot)]
pub struct SignedMessage {
    /// The slot.
    pub slot: u32,
    /// The message.
    pub message: Message,
    /// The key.
    pub key: PublicKey,
    /// The signature.
    pub signature: Signature,
}

/// That each key has a signature of the message for the slot.
#[derive(Clone, Debug, PartialEq, Eq, SszEncode, SszDecode, HashTreeRoot)]
pub struct Claim {
    /// The slot.
    pub slot: u32,
    /// The message.
    pub message: Message,
    /// The keys.
    pub keys: Keys,
}

/// Claims, and what shows them, if it does.
#[derive(Clone, Debug, PartialEq, Eq, SszEncode, SszDecode, HashTreeRoot)]
pub struct AggregateWithClaims {
    /// The claims.
    pub claims: Claims,
    /// The bytes of an aggregate or a merge.
    pub aggregate: Aggregate,
}
