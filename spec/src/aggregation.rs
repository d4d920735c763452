//! SPEC §24 aggregation.
//!
//! The verifier of an aggregate: one proof that each key of a list has a signature of one message
//! for one slot. The program is given, since a verifier knows it: it is the file
//! `programs/artefacts/leanxmss42.lvm`.

use core::fmt;

use crate::field::Felt;
use crate::isa::Program;
use crate::parameters::ParameterSet;
use crate::permutation::hash_pair;
use crate::rejection::Error;
use crate::verifier::{self, VerifyOptions};
use crate::xmss::{Message, PublicKey};

/// The first byte of an aggregate.
pub const VERSION: u8 = 1;
/// The second byte: the id of the scheme of its signatures.
pub const SCHEME: u8 = 42;
/// Most bytes of an aggregate.
pub const MAX_BYTES: usize = 1 << 19;
/// Most keys of a list.
pub const MAX_SIGNERS: usize = 1 << 16;
/// Elements of the public input.
const PUBLIC_ELEMENTS: usize = 24;

/// Why an aggregate, or a merge, is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AggregateError {
    /// Fewer than two bytes, or than a merge begins with.
    Truncated,
    /// More than 2^19 bytes.
    TooLong,
    /// Another version.
    Version,
    /// Another scheme, or kind.
    Scheme,
    /// An empty list.
    NoSigners,
    /// A claim without keys: its index.
    NoSignersOfClaim(usize),
    /// More than 2^16 keys.
    TooManySigners,
    /// A key stands in the list twice: the first such pair, by the second index.
    DuplicateKey {
        /// The first index.
        first: usize,
        /// The second index.
        second: usize,
    },
    /// A key stands in a claim twice: the first such claim, and its first such pair, by the second
    /// index.
    DuplicateKeyOfClaim {
        /// The index of the claim.
        claim: usize,
        /// The first index.
        first: usize,
        /// The second index.
        second: usize,
    },
    /// The proof is not one of this message, slot and list, or of these claims.
    Proof(Error),
    /// An empty list of claims.
    NoClaims,
    /// More than 2^8 claims.
    TooManyClaims,
    /// Two claims of one slot and message: the first such pair, by the second index.
    DuplicateClaim {
        /// The first index.
        first: usize,
        /// The second index.
        second: usize,
    },
    /// A program claim of words that are not canonical, or that does not hold.
    ProgramClaim,
    /// More than one claim for an aggregate of one.
    ClaimCount,
    /// A file with fewer bytes than its fields take.
    FileTruncated,
    /// A message of a file with more than 2^16 bytes: the index of its claim.
    FileMessage(usize),
    /// A key of a file that is no encoding of one.
    FileKey {
        /// The index of the claim.
        claim: usize,
        /// The index of the key in it.
        key: usize,
    },
    /// A claim of a file, or a key of a claim, that does not come after the one before.
    FileOrder {
        /// The index of the claim.
        claim: usize,
        /// The index of the key in it, if it is a key.
        key: Option<usize>,
    },
}

impl AggregateError {
    /// The code.
    pub fn code(&self) -> u32 {
        match self {
            Self::Truncated => 1,
            Self::TooLong => 2,
            Self::Version => 3,
            Self::Scheme => 4,
            Self::NoSigners | Self::NoSignersOfClaim(_) => 5,
            Self::TooManySigners => 6,
            Self::DuplicateKey { .. } | Self::DuplicateKeyOfClaim { .. } => 7,
            Self::Proof(_) => 8,
            Self::NoClaims => 9,
            Self::TooManyClaims => 10,
            Self::DuplicateClaim { .. } => 11,
            Self::ProgramClaim => 12,
            Self::ClaimCount => 13,
            Self::FileTruncated => 14,
            Self::FileMessage(_) => 15,
            Self::FileKey { .. } => 16,
            Self::FileOrder { .. } => 17,
        }
    }

    /// The name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::TooLong => "too-long",
            Self::Version => "version",
            Self::Scheme => "scheme",
            Self::NoSigners | Self::NoSignersOfClaim(_) => "no-signers",
            Self::TooManySigners => "too-many-signers",
            Self::DuplicateKey { .. } | Self::DuplicateKeyOfClaim { .. } => "duplicate-key",
            Self::Proof(_) => "proof",
            Self::NoClaims => "no-claims",
            Self::TooManyClaims => "too-many-claims",
            Self::DuplicateClaim { .. } => "duplicate-claim",
            Self::ProgramClaim => "program-claim",
            Self::ClaimCount => "claim-count",
            Self::FileTruncated => "file-truncated",
            Self::FileMessage(_) => "file-message",
            Self::FileKey { .. } => "file-key",
            Self::FileOrder { .. } => "file-order",
        }
    }
}

impl fmt::Display for AggregateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSignersOfClaim(claim)
            | Self::FileMessage(claim)
            | Self::FileOrder { claim, key: None } => {
                write!(formatter, "{}: claim {claim}", self.name())
            }
            Self::DuplicateKey { first, second } | Self::DuplicateClaim { first, second } => {
                write!(formatter, "{}: {first} and {second}", self.name())
            }
            Self::DuplicateKeyOfClaim {
                claim,
                first,
                second,
            } => {
                let name = self.name();
                write!(formatter, "{name}: {first} and {second} of claim {claim}")
            }
            Self::FileKey { claim, key }
            | Self::FileOrder {
                claim,
                key: Some(key),
            } => write!(formatter, "{}: key {key} of claim {claim}", self.name()),
            Self::Proof(error) => write!(formatter, "{}: {error}", self.name()),
            _ => formatter.write_str(self.name()),
        }
    }
}

/// list_hash(keys).
pub fn list_hash(keys: &[PublicKey]) -> [Felt; 8] {
    let mut hash = [Felt::ZERO; 8];
    hash[0] = Felt::new(keys.len() as u64);
    for key in keys {
        let mut elements = [Felt::ZERO; 8];
        elements[..4].copy_from_slice(&key.root);
        elements[4..].copy_from_slice(&key.parameter);
        hash = hash_pair(&hash, &elements);
    }
    hash
}

/// The public input of the program for keys in canonical order, in words.
pub fn public_input(message: &Message, slot: u32, keys: &[PublicKey]) -> Vec<u32> {
    let mut words = vec![keys.len() as u32, slot / 65536, slot % 65536, 0, 0, 0, 0, 0];
    for element in message {
        words.push(element.value());
    }
    for element in list_hash(keys) {
        words.push(element.value());
    }
    words
}

/// Verifies an aggregate.
///
/// # Errors
/// The first error, in the order of SPEC §24.
pub fn verify_aggregate(
    program: &Program,
    message: &Message,
    slot: u32,
    keys: &[PublicKey],
    bytes: &[u8],
) -> Result<(), AggregateError> {
    // §24.1.
    if bytes.len() < 2 {
        return Err(AggregateError::Truncated);
    }
    // §24.2.
    if bytes.len() > MAX_BYTES {
        return Err(AggregateError::TooLong);
    }
    // §24.3.
    if bytes[0] != VERSION {
        return Err(AggregateError::Version);
    }
    // §24.4.
    if bytes[1] != SCHEME {
        return Err(AggregateError::Scheme);
    }
    // §24.5.
    if keys.is_empty() {
        return Err(AggregateError::NoSigners);
    }
    // §24.6.
    if keys.len() > MAX_SIGNERS {
        return Err(AggregateError::TooManySigners);
    }
    // §24.7.
    let proof = &bytes[2..];
    let options = VerifyOptions {
        set: ParameterSet::Production,
        record_events: false,
    };
    verifier::announced(program, PUBLIC_ELEMENTS, proof, options.set)
        .map_err(AggregateError::Proof)?;
    // §24.8.
    for second in 0..keys.len() {
        for first in 0..second {
            if keys[first] == keys[second] {
                return Err(AggregateError::DuplicateKey { first, second });
            }
        }
    }
    // §24.9, of the keys in canonical order.
    let mut sorted = keys.to_vec();
    sorted.sort_by_key(PublicKey::encode);
    let public = public_input(message, slot, &sorted);
    verifier::verify(program, &public, proof, &options)
        .map(|_| ())
        .map_err(AggregateError::Proof)
}
