//! SPEC §23 leansig, §24 aggregation, §26 merging: the bytes of an aggregate, which begin alike
//! but for the second one.

use std::fmt;

use super::MAX_SIGNERS;
use crate::merging::{MAX_CLAIMS, MAX_MESSAGE_BYTES};

/// The first byte of an aggregate.
pub const VERSION: u8 = 1;
/// Most bytes of an aggregate.
pub const MAX_BYTES: usize = 1 << 19;

/// Why bytes are not an aggregate of a scheme, a merge, or a file of either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormError {
    /// Fewer bytes than version and scheme take.
    Truncated,
    /// More than [`MAX_BYTES`].
    TooLong {
        /// The number of bytes.
        bytes: usize,
    },
    /// A version that this library does not know.
    Version(u8),
    /// Another scheme.
    Scheme {
        /// The byte that is there.
        found: u8,
        /// The byte of the scheme.
        expected: u8,
    },
    /// Neither an aggregate of signatures nor a merge, which may be in a file.
    Kind {
        /// The byte that is there.
        found: u8,
    },
    /// Fewer bytes than version, kind and program claim of a merge take.
    MergeTruncated {
        /// The number of bytes.
        bytes: usize,
    },
    /// A word of the program claim of a merge is not below p.
    ProgramClaim {
        /// Its index among the words of the claim.
        word: usize,
    },
    /// A file ends in the middle of a field.
    FileTruncated {
        /// The index of the claim of the field; none for the number of claims.
        claim: Option<usize>,
    },
    /// A file has no claims.
    NoClaims,
    /// A file has more than [`MAX_CLAIMS`] claims.
    TooManyClaims {
        /// The number of claims.
        given: u32,
    },
    /// A message of a file has more than [`MAX_MESSAGE_BYTES`].
    FileMessage {
        /// The index of the claim.
        claim: usize,
        /// The number of bytes.
        bytes: usize,
    },
    /// A claim of a file has no keys.
    NoSigners {
        /// The index of the claim.
        claim: usize,
    },
    /// A file has more than [`MAX_SIGNERS`] keys.
    TooManySigners {
        /// The number of keys up to the claim that has too many.
        given: usize,
    },
    /// A key of a file is no encoding of one.
    FileKey {
        /// The index of the claim.
        claim: usize,
        /// The index of the key in it.
        key: usize,
    },
    /// A claim of a file, or a key of a claim, does not come after the one before.
    FileOrder {
        /// The index of the claim.
        claim: usize,
        /// The index of the key in it, if it is a key.
        key: Option<usize>,
    },
}

impl FormError {
    /// The code of SPEC §24 and §26.
    #[must_use]
    pub const fn code(self) -> u32 {
        match self {
            Self::Truncated | Self::MergeTruncated { .. } => 1,
            Self::TooLong { .. } => 2,
            Self::Version(_) => 3,
            Self::Scheme { .. } | Self::Kind { .. } => 4,
            Self::NoSigners { .. } => 5,
            Self::TooManySigners { .. } => 6,
            Self::NoClaims => 9,
            Self::TooManyClaims { .. } => 10,
            Self::ProgramClaim { .. } => 12,
            Self::FileTruncated { .. } => 14,
            Self::FileMessage { .. } => 15,
            Self::FileKey { .. } => 16,
            Self::FileOrder { .. } => 17,
        }
    }

    /// The name of SPEC §23, §24 and §26.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Truncated | Self::MergeTruncated { .. } => "truncated",
            Self::TooLong { .. } => "too-long",
            Self::Version(_) => "version",
            Self::Scheme { .. } | Self::Kind { .. } => "scheme",
            Self::NoSigners { .. } => "no-signers",
            Self::TooManySigners { .. } => "too-many-signers",
            Self::NoClaims => "no-claims",
            Self::TooManyClaims { .. } => "too-many-claims",
            Self::ProgramClaim { .. } => "program-claim",
            Self::FileTruncated { .. } => "file-truncated",
            Self::FileMessage { .. } => "file-message",
            Self::FileKey { .. } => "file-key",
            Self::FileOrder { .. } => "file-order",
        }
    }
}

impl fmt::Display for FormError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => write!(formatter, "an aggregate has at least two bytes"),
            Self::TooLong { bytes } => write!(formatter, "{bytes} bytes, at most {MAX_BYTES}"),
            Self::Version(version) => write!(formatter, "version {version}, known is {VERSION}"),
            Self::Scheme { found, expected } => {
                write!(formatter, "scheme {found}, expected is {expected}")
            }
            Self::Kind { found } => {
                write!(formatter, "kind {found}, known are 42 and 43")
            }
            Self::MergeTruncated { bytes } => {
                write!(formatter, "{bytes} bytes, a merge has at least 422")
            }
            Self::ProgramClaim { word } => {
                write!(formatter, "word {word} of the program claim is not below p")
            }
            Self::FileTruncated { claim: None } => {
                write!(formatter, "the bytes end in the number of claims")
            }
            Self::FileTruncated { claim: Some(claim) } => {
                write!(formatter, "the bytes end in claim {claim}")
            }
            Self::NoClaims => write!(formatter, "there is no claim"),
            Self::TooManyClaims { given } => {
                write!(formatter, "{given} claims, at most {MAX_CLAIMS}")
            }
            Self::FileMessage { claim, bytes } => write!(
                formatter,
                "the message of claim {claim} has {bytes} bytes, at most {MAX_MESSAGE_BYTES}"
            ),
            Self::NoSigners { claim } => write!(formatter, "claim {claim} has no keys"),
            Self::TooManySigners { given } => {
                write!(formatter, "{given} keys, at most {MAX_SIGNERS}")
            }
            Self::FileKey { claim, key } => {
                write!(
                    formatter,
                    "key {key} of claim {claim} has a word that is not below p"
                )
            }
            Self::FileOrder { claim, key: None } => write!(
                formatter,
                "claim {claim} does not come after the one before it"
            ),
            Self::FileOrder {
                claim,
                key: Some(key),
            } => write!(
                formatter,
                "key {key} of claim {claim} does not come after the one before it"
            ),
        }
    }
}

impl std::error::Error for FormError {}

/// The second byte, and the bytes behind it.
///
/// # Errors
/// What is wrong with their number or with the version.
pub(crate) fn head(bytes: &[u8]) -> Result<(u8, &[u8]), FormError> {
    let &[version, found, ref rest @ ..] = bytes else {
        // §23.13, §24.1, §26.1.
        return Err(FormError::Truncated);
    };
    if bytes.len() > MAX_BYTES {
        // §23.14, §24.2, §26.2.
        return Err(FormError::TooLong { bytes: bytes.len() });
    }
    if version != VERSION {
        // §23.15, §24.3, §26.3.
        return Err(FormError::Version(version));
    }
    Ok((found, rest))
}

/// Many signatures of a scheme as one proof. It holds any bytes behind a known version and the
/// scheme until it is verified.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Aggregate<const SCHEME: u8> {
    /// The proof of SPEC §19.
    proof: Vec<u8>,
}

impl<const SCHEME: u8> Aggregate<SCHEME> {
    /// Version, scheme, proof.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [[VERSION, SCHEME].as_slice(), &self.proof].concat()
    }

    /// Reads the bytes of [`Aggregate::to_bytes`].
    ///
    /// # Errors
    /// The first of [`FormError`] that applies.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormError> {
        let (found, proof) = head(bytes)?;
        if found != SCHEME {
            // §23.16, §24.4.
            let expected = SCHEME;
            return Err(FormError::Scheme { found, expected });
        }
        Ok(Self {
            proof: proof.to_vec(),
        })
    }

    /// Version and scheme of this library before a proof, which is not looked at.
    #[must_use]
    pub const fn of_proof(proof: Vec<u8>) -> Self {
        Self { proof }
    }

    /// The proof of SPEC §19 inside.
    #[must_use]
    pub fn proof(&self) -> &[u8] {
        &self.proof
    }
}
