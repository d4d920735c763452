//! SPEC §22 xmss: tweaks, the tweaked hashes, and the digits of a message.

use super::{Digest, Message, NUM_CHAINS, RANDOMNESS_ELEMENTS, TARGET_SUM, VerificationError};
use crate::field::{F, to_canonical};
use crate::permutation::compress_16;

/// What a tweak is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum TweakType {
    /// A chain step.
    Chain,
    /// The public key of a slot.
    PublicKey,
    /// A Merkle node.
    Merkle,
    /// The encoding of a message.
    Encoding,
}

/// tweak(type, x, sub) = (type·2^26 + ⌊x/2^16⌋·2^10 + sub, x mod 2^16), for sub < 2^10, as
/// integers.
#[must_use]
pub const fn tweak_words(kind: TweakType, v: u32, sub: u32) -> [u32; 2] {
    let kind = match kind {
        TweakType::Chain => 0,
        TweakType::PublicKey => 1,
        TweakType::Merkle => 2,
        TweakType::Encoding => 3,
    };
    [(kind << 26) | ((v >> 16) << 10) | sub, v & 0xffff]
}

/// [`tweak_words`] as elements.
pub const fn tweak(kind: TweakType, v: u32, sub: u32) -> [F; 2] {
    let [first, second] = tweak_words(kind, v, sub);
    [F::new(first), F::new(second)]
}

/// The lists joined, then zeros up to 16 elements; what is beyond is dropped.
fn block<const N: usize>(parts: [&[F]; N]) -> [F; 16] {
    let mut result = [F::new(0); 16];
    for (to, from) in result.iter_mut().zip(parts.into_iter().flatten()) {
        *to = *from;
    }
    result
}

/// The first N elements.
pub fn first_of<const N: usize>(list: &[F; 8]) -> [F; N] {
    let mut result = [F::new(0); N];
    for (to, from) in result.iter_mut().zip(list) {
        *to = *from;
    }
    result
}

const ZEROS: &[F] = &[F::new(0); 2];

/// The sub of the tweak of a chain step: 8·i + step.
pub const fn chain_sub(i: u32, step: u32) -> u32 {
    8 * i + step
}

/// The value at position `step` of chain i, from that at position step − 1.
pub fn chain_step(parameter: &Digest, slot: u32, i: u32, step: u32, value: &Digest) -> Digest {
    first_of(&compress_16(&chain_input(parameter, slot, i, step, value)))
}

/// What [`chain_step`] compresses.
pub fn chain_input(parameter: &Digest, slot: u32, i: u32, step: u32, value: &Digest) -> [F; 16] {
    let tweak = tweak(TweakType::Chain, slot, chain_sub(i, step));
    block([&tweak, ZEROS, value, parameter])
}

/// The input of the first compression of a leaf.
pub fn leaf_start(parameter: &Digest, slot: u32) -> [F; 16] {
    block([&tweak(TweakType::PublicKey, slot, 0), ZEROS, parameter])
}

/// The leaf of a slot, from its 42 chain ends.
pub fn leaf(parameter: &Digest, slot: u32, ends: &[Digest; NUM_CHAINS]) -> Digest {
    let mut state = compress_16(&leaf_start(parameter, slot));
    let (pairs, _) = ends.as_chunks::<2>();
    for [left, right] in pairs {
        state = compress_16(&leaf_input(&state, left, right));
    }
    first_of(&state)
}

/// The input of the compressions of a leaf after the first, for two chain ends.
pub fn leaf_input(state: &[F; 8], left: &Digest, right: &Digest) -> [F; 16] {
    block([state, left, right])
}

/// The node (level + 1, v), from its children (level, 2v) and (level, 2v + 1).
pub fn parent(parameter: &Digest, level: u32, v: u32, left: &Digest, right: &Digest) -> Digest {
    first_of(&compress_16(&parent_input(
        parameter, level, v, left, right,
    )))
}

/// What [`parent`] compresses.
pub fn parent_input(
    parameter: &Digest,
    level: u32,
    v: u32,
    left: &Digest,
    right: &Digest,
) -> [F; 16] {
    let tweak = tweak(TweakType::Merkle, v, level);
    block([&tweak, ZEROS, parameter, left, right])
}

/// A message as digits, with the elements that they are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// The inner hash, of message, randomness and tweak.
    pub inner: [F; 8],
    /// The hash of the inner hash and the parameter (§22.3): limb_l = low_l + 2^24·high_l.
    pub limbs: [F; 8],
    /// low_l, below 2^24.
    pub lows: [u32; 8],
    /// high_l, below 127.
    pub highs: [u32; 8],
    /// The digits, below 8, with the sum 184.
    pub digits: [u32; NUM_CHAINS],
}

impl Encoding {
    /// The encoding of a message for a slot.
    ///
    /// # Errors
    /// [`VerificationError::EncodingLimb`] and [`VerificationError::TargetSum`].
    pub fn new(
        parameter: &Digest,
        slot: u32,
        message: &Message,
        randomness: &[F; RANDOMNESS_ELEMENTS],
    ) -> Result<Self, VerificationError> {
        let inner = compress_16(&Self::inner_input(slot, message, randomness));
        let limbs = compress_16(&block([&inner, parameter]));
        Self::of_limbs(inner, limbs)
    }

    /// The input of the inner hash: message ‖ randomness ‖ tweak(3, slot, 0).
    pub fn inner_input(
        slot: u32,
        message: &Message,
        randomness: &[F; RANDOMNESS_ELEMENTS],
    ) -> [F; 16] {
        let tweak = tweak(TweakType::Encoding, slot, 0);
        block([&message.0, randomness, &tweak])
    }

    /// The encoding whose hashes are these.
    ///
    /// # Errors
    /// `encoding-limb` if the high part of a limb is 127, `target-sum` if the digits have another
    /// sum.
    pub fn of_limbs(inner: [F; 8], limbs: [F; 8]) -> Result<Self, VerificationError> {
        let words = limbs.map(to_canonical);
        let lows = words.map(|word| word & 0xff_ffff);
        let highs = words.map(|word| word >> 24);
        // §22.4.
        if highs.contains(&127) {
            return Err(VerificationError::EncodingLimb);
        }
        // §22.5.
        let mut digits = [0; NUM_CHAINS];
        let groups = lows
            .iter()
            .flat_map(|low| (0..8).map(move |j| (low >> (3 * j)) & 7));
        for (digit, group) in digits.iter_mut().zip(groups) {
            *digit = group;
        }
        if digits.iter().sum::<u32>() != TARGET_SUM {
            return Err(VerificationError::TargetSum);
        }
        Ok(Self {
            inner,
            limbs,
            lows,
            highs,
            digits,
        })
    }
}
