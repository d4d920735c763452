//! SPEC §23 leansig.
//!
//! Verification of signatures of scheme `leansig_dim64`, scalar and without threads. What depends
//! on nothing but the scheme (the sizes of the layers of the hypercube, the powers of p modulo
//! their total, the capacity of the leaf's sponge) is computed once, at first use.

mod aggregation;
pub mod hypercube;
pub mod integer;
pub mod statement;

use std::fmt;
use std::sync::LazyLock;

use p3_field::PrimeCharacteristicRing;

use crate::field::{F, from_canonical, to_canonical};
use crate::permutation::{DIGEST, Digest, compress_16, permute_24};

pub use aggregation::{
    Aggregate, AggregateError, MAX_CLAIMS, Order, SCHEME, order, program, verify_aggregate,
    verify_aggregate_with_cost,
};
pub use statement::{Claim, PUBLIC_ELEMENTS, public_input};

pub use hypercube::{CHAINS, FINAL_LAYER, GREATEST, MESSAGE_HASH, TARGET_SUM, hypercube_vector};

/// Elements of the public parameter.
pub const PARAMETER: usize = 5;
/// Elements of the randomness.
pub const RANDOMNESS: usize = 7;
/// The number of levels of the tree.
pub const LEVELS: usize = 32;
/// Bytes of a message.
pub const MESSAGE_BYTES: usize = 32;
/// Bytes of a public key.
pub const PUBLIC_KEY_BYTES: usize = 4 * (DIGEST + PARAMETER);
/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 4 * (3 + RANDOMNESS + DIGEST * (LEVELS + CHAINS));

/// Elements of a message.
const MESSAGE: usize = 9;
/// Rate of the sponge that hashes the chain ends.
const RATE: usize = 15;
const WIDTH_16: usize = 16;
const WIDTH_24: usize = 24;

/// Why a signature is refused. When several could apply, it is the first in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VerificationError {
    /// The public key does not have 52 bytes.
    PublicKeyLength,
    /// The signature does not have 3112 bytes.
    SignatureLength,
    /// An offset in the signature is not the one that its encoding has.
    SignatureOffset,
    /// A word of the public key or of the signature that should be a field element is at least p.
    ElementNotCanonical,
    /// The coordinates of the encoded message do not sum to 375: the randomness does not fit the
    /// message, the slot and the parameter.
    TargetSum,
    /// The path does not arrive at the root.
    RootMismatch,
}

impl VerificationError {
    /// The name in SPEC §23.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PublicKeyLength => "public-key-length",
            Self::SignatureLength => "signature-length",
            Self::SignatureOffset => "signature-offset",
            Self::ElementNotCanonical => "element-not-canonical",
            Self::TargetSum => "target-sum",
            Self::RootMismatch => "root-mismatch",
        }
    }
}

impl fmt::Display for VerificationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::PublicKeyLength => "the public key does not have 52 bytes",
            Self::SignatureLength => "the signature does not have 3112 bytes",
            Self::SignatureOffset => "an offset in the signature is not the one of its encoding",
            Self::ElementNotCanonical => "a word that should be a field element is not below p",
            Self::TargetSum => {
                "the encoded message misses the target sum: another message, slot, key or randomness"
            }
            Self::RootMismatch => "the path does not arrive at the root of the public key",
        })
    }
}

impl std::error::Error for VerificationError {}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The root of the tree.
    pub root: Digest,
    /// The public parameter.
    pub parameter: [F; PARAMETER],
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The randomness.
    pub randomness: [F; RANDOMNESS],
    /// The siblings of the path, that of the leaf first.
    pub path: [Digest; LEVELS],
    /// One value of each chain.
    pub hashes: [Digest; CHAINS],
}

/// Reads words from the front of a byte string.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// The next word, or `None` at the end.
    fn word(&mut self) -> Option<u32> {
        let (word, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*word))
    }

    fn offset(&mut self, expected: u32, short: VerificationError) -> Result<(), VerificationError> {
        if self.word().ok_or(short)? == expected {
            Ok(())
        } else {
            Err(VerificationError::SignatureOffset)
        }
    }

    fn elements<const N: usize>(
        &mut self,
        short: VerificationError,
    ) -> Result<[F; N], VerificationError> {
        let mut elements = [F::ZERO; N];
        for element in &mut elements {
            let word = self.word().ok_or(short)?;
            // §23.4.
            *element = from_canonical(word).ok_or(VerificationError::ElementNotCanonical)?;
        }
        Ok(elements)
    }

    fn digests<const N: usize>(
        &mut self,
        short: VerificationError,
    ) -> Result<[Digest; N], VerificationError> {
        let mut digests = [[F::ZERO; DIGEST]; N];
        for digest in &mut digests {
            *digest = self.elements(short)?;
        }
        Ok(digests)
    }
}

impl PublicKey {
    /// Reads the 52 bytes of a public key.
    ///
    /// # Errors
    /// Another length, an element that is not canonical.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VerificationError> {
        if bytes.len() != PUBLIC_KEY_BYTES {
            return Err(VerificationError::PublicKeyLength);
        }
        let mut reader = Reader(bytes);
        Ok(Self {
            root: reader.elements(VerificationError::PublicKeyLength)?,
            parameter: reader.elements(VerificationError::PublicKeyLength)?,
        })
    }
}

impl PublicKey {
    /// The 52 bytes that [`PublicKey::from_bytes`] reads.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; PUBLIC_KEY_BYTES] {
        let mut bytes = [0; PUBLIC_KEY_BYTES];
        let elements = self.root.iter().chain(&self.parameter);
        for (to, from) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(elements) {
            *to = to_canonical(*from).to_le_bytes();
        }
        bytes
    }
}

impl Signature {
    /// Checks length and offsets of the bytes of a signature.
    fn check_form(bytes: &[u8]) -> Result<(), VerificationError> {
        let short = VerificationError::SignatureLength;
        // §23.2.
        if bytes.len() != SIGNATURE_BYTES {
            return Err(short);
        }
        // §23.3.
        let mut reader = Reader(bytes);
        reader.offset(36, short)?;
        for _ in 0..RANDOMNESS {
            reader.word();
        }
        reader.offset(1064, short)?;
        reader.offset(4, short)
    }

    /// Reads the 3112 bytes of a signature.
    ///
    /// # Errors
    /// Another length, other offsets, an element that is not canonical.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VerificationError> {
        Self::check_form(bytes)?;
        let short = VerificationError::SignatureLength;
        let mut reader = Reader(bytes);
        reader.offset(36, short)?;
        let randomness = reader.elements(short)?;
        reader.offset(1064, short)?;
        reader.offset(4, short)?;
        Ok(Self {
            randomness,
            path: reader.digests(short)?,
            hashes: reader.digests(short)?,
        })
    }
}

/// Reads a public key and a signature, checking the form of both before any element.
///
/// # Errors
/// All of [`VerificationError`] but the target sum and the root.
pub fn decode(
    public_key: &[u8],
    signature: &[u8],
) -> Result<(PublicKey, Signature), VerificationError> {
    // §23.1.
    if public_key.len() != PUBLIC_KEY_BYTES {
        return Err(VerificationError::PublicKeyLength);
    }
    Signature::check_form(signature)?;
    Ok((
        PublicKey::from_bytes(public_key)?,
        Signature::from_bytes(signature)?,
    ))
}

/// The concatenation of the parts, padded by zeros.
fn concatenate<const N: usize>(parts: &[&[F]]) -> [F; N] {
    let mut padded = [F::ZERO; N];
    for (to, from) in padded.iter_mut().zip(parts.iter().copied().flatten()) {
        *to = *from;
    }
    padded
}

/// full_24: permute_24(x) + x.
fn compress_24_in_full(input: &[F; WIDTH_24]) -> [F; WIDTH_24] {
    let mut state = *input;
    permute_24(&mut state);
    for (x, y) in state.iter_mut().zip(input) {
        *x += *y;
    }
    state
}

/// The first elements of a list.
fn first<const N: usize, const M: usize>(list: &[F; M]) -> [F; N] {
    const { assert!(N <= M) };
    concatenate(&[list])
}

/// digits(tweak, 2) of a tweak below p^2.
fn tweak(integer: u64) -> [F; 2] {
    let modulus = u64::from(crate::field::MODULUS);
    [
        F::from_u64(integer % modulus),
        F::from_u64(integer / modulus),
    ]
}

fn to_u64(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The tweak of the message hash.
pub fn message_tweak(slot: u32) -> [F; 2] {
    tweak((u64::from(slot) << 8) + 2)
}

/// The tweak of step `step` of chain `index`.
pub fn chain_tweak(slot: u32, index: usize, step: usize) -> [F; 2] {
    tweak((u64::from(slot) << 24) + (to_u64(index) << 16) + (to_u64(step) << 8))
}

/// The tweak of the leaf.
pub fn leaf_tweak(slot: u32) -> [F; 2] {
    tweak((u64::from(slot) << 8) + 1)
}

/// The tweak of the parent at `position`, whose children are `level` levels above the leaves.
pub fn node_tweak(level: usize, position: u64) -> [F; 2] {
    tweak(((to_u64(level) + 1) << 40) + (position << 8) + 1)
}

/// The elements of a message: digits(m, 9).
pub fn message_elements(message: &[u8; MESSAGE_BYTES]) -> [F; MESSAGE] {
    let modulus = u64::from(crate::field::MODULUS);
    let mut words = [0_u32; MESSAGE_BYTES / 4];
    for (word, bytes) in words.iter_mut().zip(message.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    std::array::from_fn(|_| {
        let mut remainder = 0;
        for word in words.iter_mut().rev() {
            let dividend = (remainder << 32) + u64::from(*word);
            *word = u32::try_from(dividend / modulus).unwrap_or(u32::MAX);
            remainder = dividend % modulus;
        }
        F::from_u64(remainder)
    })
}

/// §23.5: the hash of a message.
pub fn message_hash(
    key: &PublicKey,
    slot: u32,
    message: &[u8; MESSAGE_BYTES],
    randomness: &[F; RANDOMNESS],
) -> [F; MESSAGE_HASH] {
    let input = concatenate(&[
        randomness,
        &key.parameter,
        &message_tweak(slot),
        &message_elements(message),
    ]);
    first(&compress_24_in_full(&input))
}

/// The encoding of a message: the digits x_1, …, x_64.
///
/// # Errors
/// [`VerificationError::TargetSum`] unless they sum to 375.
pub fn encode(
    key: &PublicKey,
    slot: u32,
    message: &[u8; MESSAGE_BYTES],
    randomness: &[F; RANDOMNESS],
) -> Result<[usize; CHAINS], VerificationError> {
    let vector = hypercube_vector(&message_hash(key, slot, message, randomness));
    // §23.8.
    if vector.iter().sum::<usize>() == TARGET_SUM {
        Ok(vector)
    } else {
        Err(VerificationError::TargetSum)
    }
}

/// §23.9: step `step` of chain `index`.
pub fn chain_step(
    parameter: &[F; PARAMETER],
    slot: u32,
    index: usize,
    step: usize,
    value: &Digest,
) -> Digest {
    let input: [F; WIDTH_16] = concatenate(&[parameter, &chain_tweak(slot, index, step), value]);
    compress_16(&input)
}

/// The capacity of the sponge of a leaf before the first block.
static LEAF_CAPACITY: LazyLock<[F; WIDTH_24 - RATE]> = LazyLock::new(|| {
    // a = ((5·2^32 + 2)·2^32 + 64)·2^32 + 8, below 2^100.
    let modulus = u128::from(crate::field::MODULUS);
    let mut a = (5 << 96) + (2 << 64) + (64 << 32) + 8_u128;
    let digits = std::array::from_fn(|_| {
        let digit = F::from_u128(a % modulus);
        a /= modulus;
        digit
    });
    first(&compress_24_in_full(&digits))
});

/// The capacity of the sponge of a leaf before the first block: full_24(digits(a, 24))[0..9].
pub fn leaf_capacity() -> [F; WIDTH_24 - RATE] {
    *LEAF_CAPACITY
}

/// §23.10: the leaf of a slot, from the ends of its chains.
pub fn leaf(parameter: &[F; PARAMETER], slot: u32, ends: &[Digest; CHAINS]) -> Digest {
    let mut state = [F::ZERO; WIDTH_24];
    for (to, from) in state.iter_mut().skip(RATE).zip(LEAF_CAPACITY.iter()) {
        *to = *from;
    }
    let input: [F; INPUT_OF_LEAF] =
        concatenate(&[parameter, &leaf_tweak(slot), ends.as_flattened()]);
    for block in input.as_chunks::<RATE>().0 {
        for (x, y) in state.iter_mut().zip(block) {
            *x += *y;
        }
        permute_24(&mut state);
    }
    first(&state)
}

/// Elements that the leaf's sponge absorbs, a multiple of the rate.
const INPUT_OF_LEAF: usize = (PARAMETER + 2 + CHAINS * DIGEST).next_multiple_of(RATE);

/// The parent of two nodes that are `level` levels above the leaves.
pub fn parent(
    parameter: &[F; PARAMETER],
    level: usize,
    position: u64,
    left: &Digest,
    right: &Digest,
) -> Digest {
    let input = concatenate(&[parameter, &node_tweak(level, position), left, right]);
    first(&compress_24_in_full(&input))
}

/// §23.11: the nodes from a leaf to the root, the leaf first, the root last.
pub fn nodes(
    parameter: &[F; PARAMETER],
    slot: u32,
    leaf: &Digest,
    path: &[Digest; LEVELS],
) -> [Digest; LEVELS + 1] {
    let mut nodes = [*leaf; LEVELS + 1];
    let mut node = *leaf;
    let mut position = u64::from(slot);
    for ((level, sibling), to) in path.iter().enumerate().zip(nodes.iter_mut().skip(1)) {
        let (left, right) = if position & 1 == 0 {
            (node, *sibling)
        } else {
            (*sibling, node)
        };
        position >>= 1;
        node = parent(parameter, level, position, &left, &right);
        *to = node;
    }
    nodes
}

/// Verifies a signature of `message` for `slot`.
///
/// # Errors
/// The first of [`VerificationError`] that applies.
pub fn verify(
    public_key: &[u8],
    slot: u32,
    message: &[u8; MESSAGE_BYTES],
    signature: &[u8],
) -> Result<(), VerificationError> {
    let (key, signature) = decode(public_key, signature)?;
    let vector = encode(&key, slot, message, &signature.randomness)?;
    let mut ends = signature.hashes;
    for ((index, value), digit) in ends.iter_mut().enumerate().zip(vector) {
        for step in digit + 1..=GREATEST {
            *value = chain_step(&key.parameter, slot, index, step, value);
        }
    }
    let leaf = leaf(&key.parameter, slot, &ends);
    let [.., root] = nodes(&key.parameter, slot, &leaf, &signature.path);
    // §23.12.
    if root == key.root {
        Ok(())
    } else {
        Err(VerificationError::RootMismatch)
    }
}
