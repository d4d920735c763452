//! SPEC §23 leansig.
//!
//! Verification of XMSS signatures of scheme `leansig_dim64`: a hash tree of 2^32 one-time keys,
//! each of 64 hash chains of length 8; the message is encoded by a vector of the hypercube
//! {0..7}^64 of coordinate sum 375 (Khovratovich, Kudinov, Wagner,
//! <https://eprint.iacr.org/2025/889>).

mod aggregate;
mod guest;
mod integer;

pub use aggregate::{AggregateError, verify_aggregate};
pub use guest::{Claim, PUBLIC_ELEMENTS, list_hash, public_input};
pub use integer::Integer;

use crate::field::{Felt, MODULUS};
use crate::permutation::{compress_16, permute_24};

/// Elements of a digest.
pub const DIGEST: usize = 8;
/// Elements of the public parameter.
pub const PARAMETER: usize = 5;
/// Elements of the randomness.
pub const RANDOMNESS: usize = 7;
/// Elements of a message.
pub const MESSAGE: usize = 9;
/// Elements of the hash of a message.
pub const MESSAGE_HASH: usize = 15;
/// The number of chains.
pub const CHAINS: usize = 64;
/// The greatest value of a coordinate.
pub const GREATEST: usize = 7;
/// The sum of the coordinates of a valid encoding.
pub const TARGET_SUM: usize = 375;
/// The last layer of the hypercube that a hash may be mapped to.
pub const FINAL_LAYER: usize = 77;
/// The number of levels of the tree.
pub const LEVELS: usize = 32;
/// Bytes of a public key.
pub const PUBLIC_KEY_BYTES: usize = 4 * (DIGEST + PARAMETER);
/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 4 * (3 + RANDOMNESS + DIGEST * (LEVELS + CHAINS));

/// Why a signature is refused. The order is that of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationError {
    /// The public key does not have 52 bytes.
    PublicKeyLength,
    /// The signature does not have 3112 bytes.
    SignatureLength,
    /// An offset in the signature is not the one that its encoding has.
    SignatureOffset,
    /// A word of the public key or of the signature that should be a field element is at least p.
    ElementNotCanonical,
    /// The coordinates of the encoded message do not sum to 375.
    TargetSum,
    /// The path does not arrive at the root.
    RootMismatch,
}

impl VerificationError {
    /// The name in SPEC §23.
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

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The root of the tree.
    pub root: [Felt; DIGEST],
    /// The public parameter.
    pub parameter: [Felt; PARAMETER],
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The randomness.
    pub randomness: [Felt; RANDOMNESS],
    /// The siblings of the path, that of the leaf first.
    pub path: Vec<[Felt; DIGEST]>,
    /// One value of each chain.
    pub hashes: Vec<[Felt; DIGEST]>,
}

impl PublicKey {
    /// The 52 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for element in self.root.iter().chain(&self.parameter) {
            bytes.extend(element.value().to_le_bytes());
        }
        bytes
    }
}

/// Little-endian words.
fn words(bytes: &[u8]) -> Vec<u32> {
    let mut words = Vec::new();
    for word in bytes.chunks_exact(4) {
        words.push(u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
    }
    words
}

/// The elements whose canonical forms are the words.
fn elements(words: &[u32]) -> Result<Vec<Felt>, VerificationError> {
    let mut elements = Vec::new();
    for word in words {
        elements.push(Felt::from_canonical(*word).ok_or(VerificationError::ElementNotCanonical)?);
    }
    Ok(elements)
}

/// The list as an array.
fn array<const N: usize>(list: &[Felt]) -> [Felt; N] {
    core::array::from_fn(|i| list[i])
}

/// The digests that a list is made of.
fn digests(list: &[Felt]) -> Vec<[Felt; DIGEST]> {
    list.chunks_exact(DIGEST).map(array).collect()
}

/// Reads a public key and a signature.
///
/// # Errors
/// The first refusal in the order of [`VerificationError`], but the target sum and the root, which
/// are not of decoding.
pub fn decode(
    public_key: &[u8],
    signature: &[u8],
) -> Result<(PublicKey, Signature), VerificationError> {
    // §23.1.
    if public_key.len() != PUBLIC_KEY_BYTES {
        return Err(VerificationError::PublicKeyLength);
    }
    // §23.2.
    if signature.len() != SIGNATURE_BYTES {
        return Err(VerificationError::SignatureLength);
    }
    // Words of a signature: 0 offset, 1..8 randomness, 8 offset, 9 offset, 10..266 path, 266..778
    // hashes.
    let words_of_signature = words(signature);
    let (path, hashes) = (10, 10 + LEVELS * DIGEST);
    // §23.3.
    if words_of_signature[0] != 36 || words_of_signature[8] != 1064 || words_of_signature[9] != 4 {
        return Err(VerificationError::SignatureOffset);
    }
    // §23.4.
    let key = elements(&words(public_key))?;
    let randomness = elements(&words_of_signature[1..8])?;
    let path = elements(&words_of_signature[path..hashes])?;
    let hashes = elements(&words_of_signature[hashes..])?;
    Ok((
        PublicKey {
            root: array(&key),
            parameter: array(&key[DIGEST..]),
        },
        Signature {
            randomness: array(&randomness),
            path: digests(&path),
            hashes: digests(&hashes),
        },
    ))
}

/// full_24(x): x and zeros up to width 24, permuted, plus the input.
fn compress_24_in_full(input: &[Felt]) -> [Felt; 24] {
    let mut padded = [Felt::ZERO; 24];
    padded[..input.len()].copy_from_slice(input);
    let mut state = padded;
    permute_24(&mut state);
    core::array::from_fn(|i| state[i] + padded[i])
}

/// The first 8 elements of full_16(x), for x of at most 16 elements.
fn compress_16_padded(input: &[Felt]) -> [Felt; DIGEST] {
    let mut padded = [Felt::ZERO; 16];
    padded[..input.len()].copy_from_slice(input);
    compress_16(&padded)
}

/// digits(x, n).
pub fn digits(integer: &Integer, count: usize) -> Vec<Felt> {
    let mut rest = integer.clone();
    let mut digits = Vec::new();
    for _ in 0..count {
        let (quotient, digit) = rest.divide_by_word(MODULUS as u32);
        digits.push(Felt::new(u64::from(digit)));
        rest = quotient;
    }
    digits
}

/// digits(tweak, 2).
fn tweak(integer: u64) -> Vec<Felt> {
    digits(&Integer::from(integer), 2)
}

/// §23.5: the hash of a message.
pub fn message_hash(
    key: &PublicKey,
    slot: u32,
    message: &[u8; 32],
    randomness: &[Felt; RANDOMNESS],
) -> [Felt; MESSAGE_HASH] {
    let mut input = Vec::new();
    input.extend(randomness);
    input.extend(key.parameter);
    input.extend(tweak(u64::from(slot) * (1 << 8) + 2));
    input.extend(digits(&Integer::from_words(words(message)), MESSAGE));
    array(&compress_24_in_full(&input))
}

/// The number of vectors of {0..7}^length at each distance from the top: entry
/// \[length\]\[distance\] for lengths 0 to 64 and distances 0 to 77.
pub fn vectors_by_distance() -> Vec<Vec<Integer>> {
    let mut shorter = vec![Integer::from(0); FINAL_LAYER + 1];
    shorter[0] = Integer::from(1);
    let mut counts = vec![shorter];
    for length in 1..=CHAINS {
        let mut row = vec![Integer::from(0); FINAL_LAYER + 1];
        for (distance, count) in row.iter_mut().enumerate() {
            for j in 0..=GREATEST.min(distance) {
                *count = count.add(&counts[length - 1][distance - j]);
            }
        }
        counts.push(row);
    }
    counts
}

/// The vector of {0..7}^64 that a message hash is mapped to.
pub fn hypercube_vector(hash: &[Felt; MESSAGE_HASH]) -> Vec<usize> {
    // §23.6: the integer whose base-p digits are the elements of the hash, the first the most
    // significant.
    let mut integer = Integer::from(0);
    for element in hash {
        integer = integer.multiply_add(MODULUS as u32, element.value());
    }
    // The layer d and the index in it.
    let counts = vectors_by_distance();
    let layers = &counts[CHAINS];
    let mut total = Integer::from(0);
    for layer in layers {
        total = total.add(layer);
    }
    let mut index = integer.remainder(&total);
    let mut distance = 0;
    while index >= layers[distance] {
        index = index.subtract(&layers[distance]);
        distance += 1;
    }
    // §23.7, coordinate by coordinate: those with j at this place come before those with j + 1.
    let mut vector = Vec::new();
    for i in 1..CHAINS {
        let rest = CHAINS - i;
        let mut j = distance.saturating_sub(GREATEST * rest);
        while index >= counts[rest][distance - j] {
            index = index.subtract(&counts[rest][distance - j]);
            j += 1;
        }
        vector.push(GREATEST - j);
        distance -= j;
    }
    vector.push(GREATEST - distance);
    vector
}

/// The encoding of a message.
///
/// # Errors
/// `target-sum` unless the coordinates sum to 375 (§23.8).
pub fn encode(
    key: &PublicKey,
    slot: u32,
    message: &[u8; 32],
    randomness: &[Felt; RANDOMNESS],
) -> Result<Vec<usize>, VerificationError> {
    let vector = hypercube_vector(&message_hash(key, slot, message, randomness));
    if vector.iter().sum::<usize>() == TARGET_SUM {
        Ok(vector)
    } else {
        Err(VerificationError::TargetSum)
    }
}

/// §23.9: the value of a chain at position `to`, from that at position `from`.
pub fn chain(
    parameter: &[Felt; PARAMETER],
    slot: u32,
    index: usize,
    start: &[Felt; DIGEST],
    from: usize,
    to: usize,
) -> [Felt; DIGEST] {
    let mut value = *start;
    for step in from + 1..=to {
        let mut input = parameter.to_vec();
        let place = (index as u64) * (1 << 16) + (step as u64) * (1 << 8);
        input.extend(tweak(u64::from(slot) * (1 << 24) + place));
        input.extend(value);
        value = compress_16_padded(&input);
    }
    value
}

/// The capacity of the sponge of a leaf: it says what is hashed, a = ((5·2^32 + 2)·2^32 + 64)·2^32
/// + 8, lowest word first.
pub fn leaf_capacity() -> [Felt; 9] {
    let lengths = Integer::from_words(vec![DIGEST as u32, CHAINS as u32, 2, PARAMETER as u32]);
    array(&compress_24_in_full(&digits(&lengths, 24)))
}

/// §23.10: the leaf of a slot, from the ends of its chains.
pub fn leaf(parameter: &[Felt; PARAMETER], slot: u32, ends: &[[Felt; DIGEST]]) -> [Felt; DIGEST] {
    let mut state = [Felt::ZERO; 24];
    state[15..].copy_from_slice(&leaf_capacity());

    let mut input = parameter.to_vec();
    input.extend(tweak(u64::from(slot) * (1 << 8) + 1));
    for end in ends {
        input.extend(end);
    }
    while !input.len().is_multiple_of(15) {
        input.push(Felt::ZERO);
    }
    for block in input.chunks_exact(15) {
        for (x, y) in state.iter_mut().zip(block) {
            *x += *y;
        }
        permute_24(&mut state);
    }
    array(&state)
}

/// §23.11: the root of the tree, from the leaf of a slot and its path.
pub fn root(
    parameter: &[Felt; PARAMETER],
    slot: u32,
    leaf: &[Felt; DIGEST],
    path: &[[Felt; DIGEST]],
) -> [Felt; DIGEST] {
    let mut node = *leaf;
    let mut position = u64::from(slot);
    for (level, sibling) in path.iter().enumerate() {
        let (left, right) = if position.is_multiple_of(2) {
            (node, *sibling)
        } else {
            (*sibling, node)
        };
        position /= 2;
        let mut input = parameter.to_vec();
        input.extend(tweak(
            (level as u64 + 1) * (1 << 40) + position * (1 << 8) + 1,
        ));
        input.extend(left);
        input.extend(right);
        node = array(&compress_24_in_full(&input));
    }
    node
}

/// Verifies a signature of `message` for `slot`.
///
/// # Errors
/// The first refusal in the order of [`VerificationError`].
pub fn verify(
    public_key: &[u8],
    slot: u32,
    message: &[u8; 32],
    signature: &[u8],
) -> Result<(), VerificationError> {
    let (key, signature) = decode(public_key, signature)?;
    let vector = encode(&key, slot, message, &signature.randomness)?;
    let mut ends = Vec::new();
    for (i, value) in signature.hashes.iter().enumerate() {
        ends.push(chain(&key.parameter, slot, i, value, vector[i], GREATEST));
    }
    let leaf = leaf(&key.parameter, slot, &ends);
    // §23.12.
    if root(&key.parameter, slot, &leaf, &signature.path) == key.root {
        Ok(())
    } else {
        Err(VerificationError::RootMismatch)
    }
}

#[cfg(test)]
mod tests;
