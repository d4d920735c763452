//! SPEC §23 leansig, §24 aggregation, §26 merging: the bytes of an aggregate, which begin alike
//! but for the second one.

use std::fmt;

/// The first byte of an aggregate.
pub const VERSION: u8 = 1;
/// Most bytes of an aggregate.
pub const MAX_BYTES: usize = 1 << 19;

/// Why bytes are not an aggregate of a scheme, or not a merge.
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
    /// Neither an aggregate of signatures nor a merge.
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
            Self::ProgramClaim { .. } => 12,
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
            Self::ProgramClaim { .. } => "program-claim",
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
