//! SPEC §23 leansig, §24 aggregation: the bytes of an aggregate, which are those of both schemes
//! but for the second one.

use std::fmt;

/// The first byte of an aggregate.
pub const VERSION: u8 = 1;
/// Most bytes of an aggregate.
pub const MAX_BYTES: usize = 1 << 19;

/// Why bytes are not an aggregate of a scheme.
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
}

impl FormError {
    /// The code of SPEC §24.
    #[must_use]
    pub const fn code(self) -> u32 {
        match self {
            Self::Truncated => 1,
            Self::TooLong { .. } => 2,
            Self::Version(_) => 3,
            Self::Scheme { .. } => 4,
        }
    }

    /// The name of SPEC §23 and §24.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::TooLong { .. } => "too-long",
            Self::Version(_) => "version",
            Self::Scheme { .. } => "scheme",
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
        }
    }
}

impl std::error::Error for FormError {}

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
        let &[version, found, ref proof @ ..] = bytes else {
            // §23.13, §24.1.
            return Err(FormError::Truncated);
        };
        if bytes.len() > MAX_BYTES {
            // §23.14, §24.2.
            return Err(FormError::TooLong { bytes: bytes.len() });
        }
        if version != VERSION {
            // §23.15, §24.3.
            return Err(FormError::Version(version));
        }
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
