//! SPEC §22 xmss: keys, messages, signatures, their encodings, and the reasons for which they are
//! refused.

use std::fmt;

use super::{
    DIGEST_ELEMENTS, Digest, MAX_BYTES_OF_MESSAGE, MESSAGE_BYTES, MESSAGE_ELEMENTS, NUM_CHAINS,
    NUM_LEVELS, PUBLIC_KEY_BYTES, RANDOMNESS_ELEMENTS, SIGNATURE_BYTES,
};
use crate::field::{F, from_canonical, to_canonical};
use crate::permutation::hash_in;

/// Why a signature, or an encoding, is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u32)]
pub enum VerificationError {
    /// A wrong length.
    Malformed = 1,
    /// A word that is not below p.
    ElementNotCanonical = 2,
    /// An element of the encoding's hash is p − 1.
    EncodingLimb = 3,
    /// The digits do not sum to 184.
    TargetSum = 4,
    /// The path does not end in the root.
    RootMismatch = 5,
}

impl VerificationError {
    /// Every reason, by code.
    pub const ALL: [Self; 5] = [
        Self::Malformed,
        Self::ElementNotCanonical,
        Self::EncodingLimb,
        Self::TargetSum,
        Self::RootMismatch,
    ];

    /// The code of SPEC §22.
    #[must_use]
    pub const fn code(self) -> u32 {
        match self {
            Self::Malformed => 1,
            Self::ElementNotCanonical => 2,
            Self::EncodingLimb => 3,
            Self::TargetSum => 4,
            Self::RootMismatch => 5,
        }
    }

    /// The name of SPEC §22.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::ElementNotCanonical => "element-not-canonical",
            Self::EncodingLimb => "encoding-limb",
            Self::TargetSum => "target-sum",
            Self::RootMismatch => "root-mismatch",
        }
    }
}

impl fmt::Display for VerificationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Malformed => "malformed: a wrong length",
            Self::ElementNotCanonical => "element-not-canonical: a word that is not below p",
            Self::EncodingLimb => "encoding-limb: an element of the encoding's hash is p - 1",
            Self::TargetSum => "target-sum: the digits do not sum to 184",
            Self::RootMismatch => "root-mismatch: the path does not end in the root",
        })
    }
}

impl std::error::Error for VerificationError {}

/// A public key: 8 elements, 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PublicKey {
    /// The root of the tree.
    pub root: Digest,
    /// The parameter, which separates the hashes of a key from those of others.
    pub parameter: Digest,
}

/// A message: 8 elements. That of any bytes is made by [`Message::from_bytes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Message(pub [F; MESSAGE_ELEMENTS]);

/// A signature for one slot: 302 elements, 1208 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    /// What makes the encoding reach the target sum.
    pub randomness: [F; RANDOMNESS_ELEMENTS],
    /// The value of each chain at its digit.
    pub chains: [Digest; NUM_CHAINS],
    /// The siblings of the path, level 0 first.
    pub path: [Digest; NUM_LEVELS],
}

/// Reads canonical words one after another.
struct Reader<'a>(std::slice::ChunksExact<'a, u8>);

impl<'a> Reader<'a> {
    /// # Errors
    /// [`VerificationError::Malformed`] unless there are `length` bytes.
    fn new(bytes: &'a [u8], length: usize) -> Result<Self, VerificationError> {
        // §22.1.
        if bytes.len() != length {
            return Err(VerificationError::Malformed);
        }
        Ok(Self(bytes.chunks_exact(4)))
    }

    fn array<const N: usize>(&mut self) -> Result<[F; N], VerificationError> {
        let mut result = [F::new(0); N];
        for to in &mut result {
            let word = self.0.next().ok_or(VerificationError::Malformed)?;
            let word = <[u8; 4]>::try_from(word).map_err(|_| VerificationError::Malformed)?;
            // §22.2.
            *to = from_canonical(u32::from_le_bytes(word))
                .ok_or(VerificationError::ElementNotCanonical)?;
        }
        Ok(result)
    }
}

fn write<'a, const N: usize>(elements: impl IntoIterator<Item = &'a F>) -> [u8; N] {
    let mut bytes = [0; N];
    for (to, element) in bytes.chunks_exact_mut(4).zip(elements) {
        to.copy_from_slice(&to_canonical(*element).to_le_bytes());
    }
    bytes
}

impl PublicKey {
    /// root ‖ parameter.
    pub fn elements(&self) -> [F; 8] {
        let mut result = [F::new(0); 8];
        for (to, from) in result
            .iter_mut()
            .zip(self.root.iter().chain(&self.parameter))
        {
            *to = *from;
        }
        result
    }

    /// The encoding: root ‖ parameter in canonical words.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; PUBLIC_KEY_BYTES] {
        write(self.root.iter().chain(&self.parameter))
    }

    /// Reads an encoding.
    ///
    /// # Errors
    /// Unless it is 32 bytes of canonical words.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VerificationError> {
        let mut reader = Reader::new(bytes, PUBLIC_KEY_BYTES)?;
        Ok(Self {
            root: reader.array()?,
            parameter: reader.array()?,
        })
    }
}

impl Message {
    /// The message of any bytes: a hash of their number and of themselves, message_of_bytes of SPEC
    /// §22.
    ///
    /// # Errors
    /// [`VerificationError::Malformed`] if there are 2^25 bytes or more.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VerificationError> {
        hash_of_bytes(bytes).map(Self)
    }

    /// The encoding in canonical words. [`Message::from_canonical_bytes`] reads it,
    /// [`Message::from_bytes`] would hash it.
    #[must_use]
    pub fn to_canonical_bytes(&self) -> [u8; MESSAGE_BYTES] {
        write(&self.0)
    }

    /// Reads the encoding of [`Message::to_canonical_bytes`]. It is not for a hash or a root of
    /// another kind, of which it refuses almost all: those are bytes like any other, for
    /// [`Message::from_bytes`].
    ///
    /// # Errors
    /// Unless it is 32 bytes of canonical words.
    pub fn from_canonical_bytes(bytes: &[u8]) -> Result<Self, VerificationError> {
        Reader::new(bytes, MESSAGE_BYTES)?.array().map(Self)
    }
}

/// message_of_bytes of SPEC §22.
///
/// # Errors
/// `malformed` if there are more bytes than a message may have.
pub fn hash_of_bytes(bytes: &[u8]) -> Result<[F; 8], VerificationError> {
    if bytes.len() >= MAX_BYTES_OF_MESSAGE {
        return Err(VerificationError::Malformed);
    }
    let length = u32::try_from(bytes.len()).map_err(|_| VerificationError::Malformed)?;
    let words = bytes.chunks(3).map(|group| {
        group
            .iter()
            .rev()
            .fold(0, |word, byte| (word << 8) | u32::from(*byte))
    });
    // Of its final size from the start, as an exact iterator has it: the bytes may be secret.
    let mut list: Vec<F> = std::iter::once(length).chain(words).map(F::new).collect();
    let result = hash_wiped(&mut [F::new(0); 24], &list);
    wipe(&mut list);
    Ok(result)
}

/// The hash of a list that may be secret, by a state that is overwritten afterwards.
fn hash_wiped(state: &mut [F; 24], list: &[F]) -> [F; 8] {
    let result = hash_in(state, list);
    wipe(state);
    result
}

#[cfg(test)]
#[test]
fn no_state_of_a_secret_is_left() {
    let secret = [1, 2, 3].map(F::new);
    let zeros = [F::new(0); 24];
    let mut state = zeros;
    let result = hash_in(&mut state, &secret);
    assert_ne!(state, zeros);
    state = zeros;
    assert_eq!(hash_wiped(&mut state, &secret), result);
    assert_eq!(state, zeros);
}

/// Overwrites secrets with zeros in a way that the compiler may not leave out.
pub fn wipe<T: Copy + Default>(list: &mut [T]) {
    list.fill(T::default());
    std::hint::black_box(list);
}

impl Signature {
    /// The encoding: randomness ‖ chains ‖ path in canonical words.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; SIGNATURE_BYTES] {
        let digests = self.chains.iter().chain(&self.path).flatten();
        write(self.randomness.iter().chain(digests))
    }

    /// Reads an encoding.
    ///
    /// # Errors
    /// Unless it is 1208 bytes of canonical words.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VerificationError> {
        let mut reader = Reader::new(bytes, SIGNATURE_BYTES)?;
        let randomness = reader.array()?;
        let mut chains = [[F::new(0); DIGEST_ELEMENTS]; NUM_CHAINS];
        let mut path = [[F::new(0); DIGEST_ELEMENTS]; NUM_LEVELS];
        for digest in chains.iter_mut().chain(&mut path) {
            *digest = reader.array()?;
        }
        Ok(Self {
            randomness,
            chains,
            path,
        })
    }
}
