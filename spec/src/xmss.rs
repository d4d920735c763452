//! SPEC §22 xmss.
//!
//! The signature scheme `leanxmss42`: 42 Winternitz chains of 8 positions whose digits sum to 184,
//! 2^32 slots under a Merkle tree, all hashed by compress_16. A [`SecretKey`] is its seed: every
//! node is computed again where it is needed.

use core::fmt;

use crate::field::Felt;
use crate::permutation::{compress_16, hash};

/// Number of chains.
pub const NUM_CHAINS: usize = 42;
/// Number of positions of a chain, 0..8.
pub const CHAIN_LENGTH: u32 = 8;
/// What the digits of an encoding sum to.
pub const TARGET_SUM: u32 = 184;
/// Number of levels of the tree above the leaves.
pub const NUM_LEVELS: usize = 32;
/// Most attempts at an encoding when signing.
pub const MAX_ATTEMPTS: u32 = 1 << 16;

/// Four elements: a chain value, a node, the parameter of a key.
pub type Digest = [Felt; 4];

/// Why a signature, or one of the encodings, is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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
    /// Every error, by code.
    pub const ALL: [Self; 5] = [
        Self::Malformed,
        Self::ElementNotCanonical,
        Self::EncodingLimb,
        Self::TargetSum,
        Self::RootMismatch,
    ];

    /// The code.
    pub fn code(self) -> u32 {
        self as u32
    }

    /// The name.
    pub fn name(self) -> &'static str {
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
        formatter.write_str(self.name())
    }
}

/// A public key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PublicKey {
    /// The root of the tree.
    pub root: Digest,
    /// The parameter.
    pub parameter: Digest,
}

/// A message.
pub type Message = [Felt; 8];

/// A signature for one slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// What makes the encoding reach the target sum.
    pub randomness: [Felt; 6],
    /// The value of each chain at its digit.
    pub chains: Vec<Digest>,
    /// The siblings of the path, level 0 first.
    pub path: Vec<Digest>,
}

/// A secret key: the seed and the active slots first..=last.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey {
    /// The seed.
    pub seed: [Felt; 8],
    /// The first active slot.
    pub first: u32,
    /// The last active slot.
    pub last: u32,
}

fn felt(integer: u32) -> Felt {
    Felt::new(u64::from(integer))
}

/// `parts` joined, then zeros up to 16 elements.
fn block(parts: &[&[Felt]]) -> [Felt; 16] {
    let joined = parts.concat();
    core::array::from_fn(|i| joined.get(i).copied().unwrap_or(Felt::ZERO))
}

/// The first elements of a longer list.
fn first_of<const N: usize>(list: &[Felt]) -> [Felt; N] {
    core::array::from_fn(|i| list[i])
}

/// The first 4 elements of compress_16(x).
pub fn digest(input: &[Felt; 16]) -> Digest {
    first_of(&compress_16(input))
}

/// tweak(type, x, sub) = (type·2^26 + ⌊x/2^16⌋·2^10 + sub, x mod 2^16).
pub fn tweak(kind: u32, x: u32, sub: u32) -> [Felt; 2] {
    [
        felt(kind * (1 << 26) + (x / (1 << 16)) * (1 << 10) + sub),
        felt(x % (1 << 16)),
    ]
}

/// The value at position `step` of chain i of a slot, from that at position step − 1.
pub fn chain_step(parameter: &Digest, slot: u32, i: usize, step: u32, value: &Digest) -> Digest {
    let tweak = tweak(0, slot, 8 * i as u32 + step);
    digest(&block(&[&tweak, &[Felt::ZERO; 2], value, parameter]))
}

/// The leaf of a slot, from the values of its 42 chains at position 7.
pub fn leaf(parameter: &Digest, slot: u32, ends: &[Digest]) -> Digest {
    let mut state = compress_16(&block(&[&tweak(1, slot, 0), &[Felt::ZERO; 2], parameter]));
    for pair in ends.chunks(2) {
        state = compress_16(&block(&[&state, &pair[0], &pair[1]]));
    }
    first_of(&state)
}

/// The node (level + 1, x), from its children (level, 2x) and (level, 2x + 1).
pub fn parent(parameter: &Digest, level: usize, x: u32, left: &Digest, right: &Digest) -> Digest {
    let tweak = tweak(2, x, level as u32);
    digest(&block(&[&tweak, &[Felt::ZERO; 2], parameter, left, right]))
}

/// The 42 digits of a message.
///
/// # Errors
/// `encoding-limb` (§22.4), `target-sum` (§22.5).
pub fn encode(
    parameter: &Digest,
    slot: u32,
    message: &Message,
    randomness: &[Felt; 6],
) -> Result<Vec<u32>, VerificationError> {
    // §22.3.
    let inner = compress_16(&block(&[message, randomness, &tweak(3, slot, 0)]));
    let limbs = compress_16(&block(&[&inner, parameter]));
    // §22.4: a limb is low + 2^24·high, and no high is 127.
    for limb in limbs {
        if limb.value() >> 24 == 127 {
            return Err(VerificationError::EncodingLimb);
        }
    }
    // §22.5: digit_(8l+j) is the bits 3j..3j+3 of the low of limb l.
    let mut digits = Vec::new();
    for i in 0..NUM_CHAINS {
        let low = limbs[i / 8].value() % (1 << 24);
        digits.push((low >> (3 * (i % 8))) % CHAIN_LENGTH);
    }
    if digits.iter().sum::<u32>() != TARGET_SUM {
        return Err(VerificationError::TargetSum);
    }
    Ok(digits)
}

/// Whether a signature of a message for a slot is of a key.
///
/// # Errors
/// `malformed` for other numbers of chains or nodes, then those of [`encode`], then
/// `root-mismatch`.
pub fn verify(
    key: &PublicKey,
    slot: u32,
    message: &Message,
    signature: &Signature,
) -> Result<(), VerificationError> {
    if signature.chains.len() != NUM_CHAINS || signature.path.len() != NUM_LEVELS {
        return Err(VerificationError::Malformed);
    }
    let parameter = &key.parameter;
    let digits = encode(parameter, slot, message, &signature.randomness)?;
    // §22.6.
    let mut ends = Vec::new();
    for (i, digit) in digits.iter().enumerate() {
        let mut value = signature.chains[i];
        for step in digit + 1..CHAIN_LENGTH {
            value = chain_step(parameter, slot, i, step, &value);
        }
        ends.push(value);
    }
    // §22.7.
    let mut node = leaf(parameter, slot, &ends);
    let mut index = slot;
    for (level, sibling) in signature.path.iter().enumerate() {
        let x = index / 2;
        node = if index.is_multiple_of(2) {
            parent(parameter, level, x, &node, sibling)
        } else {
            parent(parameter, level, x, sibling, &node)
        };
        index = x;
    }
    // §22.8.
    if node == key.root {
        Ok(())
    } else {
        Err(VerificationError::RootMismatch)
    }
}

/// The same on encodings: public key, message, signature.
///
/// # Errors
/// Those of decoding the key, the message and the signature, in this order, then those of
/// [`verify`].
pub fn verify_bytes(
    key: &[u8],
    slot: u32,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerificationError> {
    let key = PublicKey::decode(key)?;
    let message = decode_message(message)?;
    let signature = Signature::decode(signature)?;
    verify(&key, slot, &message, &signature)
}

/// The message of a byte string of fewer than 2^25 bytes, or `None` if it is longer.
pub fn message_of_bytes(bytes: &[u8]) -> Option<Message> {
    if bytes.len() >= 1 << 25 {
        return None;
    }
    let mut list = vec![Felt::new(bytes.len() as u64)];
    for group in bytes.chunks(3) {
        let mut word = 0;
        for (k, byte) in group.iter().enumerate() {
            word += u32::from(*byte) << (8 * k);
        }
        list.push(felt(word));
    }
    Some(hash(&list))
}

/// prf(key, kind, a, b) = compress_16(key ‖ kind, ⌊a/2^16⌋, a mod 2^16, b, 0^4).
fn prf(key: &[Felt; 8], kind: u32, a: u32, b: u32) -> [Felt; 8] {
    let input = [kind, a / (1 << 16), a % (1 << 16), b].map(felt);
    compress_16(&block(&[key, &input]))
}

impl SecretKey {
    /// The parameter of the key.
    pub fn parameter(&self) -> Digest {
        first_of(&prf(&self.seed, 0, 0, 0))
    }

    /// The value of chain i of a slot at a position.
    fn chain_value(&self, slot: u32, i: usize, position: u32) -> Digest {
        let parameter = self.parameter();
        let mut value = first_of(&prf(&self.seed, 1, slot, i as u32));
        for step in 1..=position {
            value = chain_step(&parameter, slot, i, step, &value);
        }
        value
    }

    /// The node (level, x).
    fn node(&self, level: usize, x: u32) -> Digest {
        // The slots below it are x·2^level .. (x + 1)·2^level. §22.9.
        let begin = u64::from(x) << level;
        let end = begin + (1 << level);
        if end <= u64::from(self.first) || begin > u64::from(self.last) {
            return first_of(&prf(&self.seed, 2, x, level as u32));
        }
        let parameter = self.parameter();
        if level == 0 {
            let mut ends = Vec::new();
            for i in 0..NUM_CHAINS {
                ends.push(self.chain_value(x, i, CHAIN_LENGTH - 1));
            }
            return leaf(&parameter, x, &ends);
        }
        let left = self.node(level - 1, 2 * x);
        let right = self.node(level - 1, 2 * x + 1);
        parent(&parameter, level - 1, x, &left, &right)
    }

    /// The public key.
    pub fn public_key(&self) -> PublicKey {
        PublicKey {
            root: self.node(NUM_LEVELS, 0),
            parameter: self.parameter(),
        }
    }

    /// The signature of a message for a slot; `None` if the slot is not active, or no attempt
    /// succeeds.
    ///
    /// It keeps no state: its caller signs once for a slot.
    pub fn sign(&self, slot: u32, message: &Message) -> Option<Signature> {
        if slot < self.first || slot > self.last {
            return None;
        }
        // §22.10.
        let key = compress_16(&block(&[&prf(&self.seed, 3, slot, 0), message]));
        // §22.11.
        for attempt in 0..MAX_ATTEMPTS {
            let randomness = first_of(&prf(&key, 4, attempt, 0));
            let Ok(digits) = encode(&self.parameter(), slot, message, &randomness) else {
                continue;
            };
            // §22.12.
            let mut chains = Vec::new();
            for (i, digit) in digits.iter().enumerate() {
                chains.push(self.chain_value(slot, i, *digit));
            }
            let mut path = Vec::new();
            for level in 0..NUM_LEVELS {
                path.push(self.node(level, (slot >> level) ^ 1));
            }
            return Some(Signature {
                randomness,
                chains,
                path,
            });
        }
        None
    }
}

/// The canonical words of a list, little-endian.
fn bytes_of(list: &[Felt]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for element in list {
        bytes.extend(element.value().to_le_bytes());
    }
    bytes
}

/// `count` elements from their canonical words.
fn elements_of(bytes: &[u8], count: usize) -> Result<Vec<Felt>, VerificationError> {
    // §22.1.
    if bytes.len() != 4 * count {
        return Err(VerificationError::Malformed);
    }
    let mut list = Vec::new();
    for word in bytes.chunks(4) {
        let word = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
        // §22.2.
        list.push(Felt::from_canonical(word).ok_or(VerificationError::ElementNotCanonical)?);
    }
    Ok(list)
}

/// A message from 8 words.
///
/// # Errors
/// `malformed` (§22.1), `element-not-canonical` (§22.2).
pub fn decode_message(bytes: &[u8]) -> Result<Message, VerificationError> {
    Ok(first_of(&elements_of(bytes, 8)?))
}

/// A message as 8 words.
pub fn encode_message(message: &Message) -> Vec<u8> {
    bytes_of(message)
}

impl PublicKey {
    /// root ‖ parameter from 8 words.
    ///
    /// # Errors
    /// `malformed` (§22.1), `element-not-canonical` (§22.2).
    pub fn decode(bytes: &[u8]) -> Result<Self, VerificationError> {
        let list = elements_of(bytes, 8)?;
        Ok(Self {
            root: first_of(&list),
            parameter: first_of(&list[4..]),
        })
    }

    /// root ‖ parameter as 8 words.
    pub fn encode(&self) -> Vec<u8> {
        bytes_of(&[self.root, self.parameter].concat())
    }
}

impl Signature {
    /// randomness ‖ chains ‖ path from 302 words.
    ///
    /// # Errors
    /// `malformed` (§22.1), `element-not-canonical` (§22.2).
    pub fn decode(bytes: &[u8]) -> Result<Self, VerificationError> {
        let list = elements_of(bytes, 6 + 4 * NUM_CHAINS + 4 * NUM_LEVELS)?;
        let (randomness, digests) = list.split_at(6);
        let digests: Vec<Digest> = digests.chunks(4).map(first_of).collect();
        let (chains, path) = digests.split_at(NUM_CHAINS);
        Ok(Self {
            randomness: first_of(randomness),
            chains: chains.to_vec(),
            path: path.to_vec(),
        })
    }

    /// randomness ‖ chains ‖ path as 302 words.
    pub fn encode(&self) -> Vec<u8> {
        let digests = [&self.chains[..], &self.path[..]].concat().concat();
        bytes_of(&[&self.randomness[..], &digests[..]].concat())
    }
}

#[cfg(test)]
mod tests;
