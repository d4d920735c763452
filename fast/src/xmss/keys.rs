//! SPEC §22 xmss: secret keys.
//!
//! Leaves are computed by the packed permutation, one slot a lane, on threads; the tree above them
//! keeps every node with an active slot below it. Source of the construction: XMSS (RFC 8391); the
//! target sum: ePrint 2025/055.
//!
//! A [`Seed`] is wiped when it is dropped, and so are the buffers of values derived from it, and
//! the states of the permutation, from which its inputs could be computed back. What the compiler
//! keeps in registers and moves on the stack is beyond that.

use std::fmt;
use std::ops::{ControlFlow, Range, RangeInclusive};

use p3_field::PackedValue;
use p3_symmetric::Permutation;
use rayon::prelude::*;
use zeroize::{Zeroize, Zeroizing};

use super::encoding::{TweakType, chain_sub, first_of, leaf_start, parent, tweak_words};
use super::uses::Uses;
use super::{
    CHAIN_LENGTH, Digest, NUM_CHAINS, NUM_LEVELS, PublicKey, SlotSet, VerificationError,
    hash_of_bytes, wipe,
};
use crate::field::{F, PackedF, from_canonical, to_canonical};
use crate::permutation::{permute_16, poseidon2_16};
use crate::processor::Processor;

/// Lanes of the packed field.
pub(super) const LANES: usize = PackedF::WIDTH;
/// Most active slots of a key: its tree takes 2 GiB.
pub const MAX_ACTIVE_SLOTS: u64 = 1 << 26;
/// Slots of one task of a thread, and between two calls of the progress function.
const SLOTS_PER_TASK: usize = 64;

/// Why a key cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// No slot is made active.
    NoSlots,
    /// Slots beyond 2^32.
    SlotsOutOfRange {
        /// One beyond the last slot asked for.
        end: u64,
    },
    /// More than [`MAX_ACTIVE_SLOTS`].
    TooManySlots {
        /// The number asked for.
        count: u64,
    },
    /// The operating system gives no random bytes.
    NoRandomness(String),
    /// A word of a seed is not below p, or a string for a seed is too long.
    SeedMalformed,
    /// The work was given up.
    Cancelled,
    /// A secret for a seed is so short that it can be guessed.
    SecretTooShort {
        /// Its bytes, of at least [`MIN_SECRET_BYTES`].
        bytes: usize,
    },
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSlots => write!(formatter, "a key has at least one active slot"),
            Self::SlotsOutOfRange { end } => {
                write!(formatter, "slots end at 2^32 = 4294967296, not at {end}")
            }
            Self::TooManySlots { count } => write!(
                formatter,
                "{count} active slots are more than {MAX_ACTIVE_SLOTS}"
            ),
            Self::NoRandomness(detail) => {
                write!(
                    formatter,
                    "the operating system gives no random bytes: {detail}"
                )
            }
            Self::Cancelled => write!(formatter, "the work was cancelled"),
            Self::SeedMalformed => write!(formatter, "a seed is 8 words below p"),
            Self::SecretTooShort { bytes } => write!(
                formatter,
                "a secret of {bytes} bytes can be guessed: a seed is made from at least {MIN_SECRET_BYTES}"
            ),
        }
    }
}

impl std::error::Error for KeyError {}

/// Least number of bytes of a secret that a seed is made from.
pub const MIN_SECRET_BYTES: usize = 32;

/// What all secrets of a key are derived from: 8 elements, wiped on drop, never shown.
///
/// One seed is for one [`SecretKey`], and [`Seed::random`] makes sure of it. Whoever makes a seed
/// from bytes or words has to: two keys of equal seeds do not know of each other's signatures.
pub struct Seed(Zeroizing<[u32; 8]>);

impl fmt::Debug for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Seed(..)")
    }
}

impl Seed {
    /// A uniform seed from the operating system's generator.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn random() -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 8]);
        for word in seed.iter_mut() {
            // Uniform below p: 31 random bits until they are.
            loop {
                let mut bytes = Zeroizing::new([0; 4]);
                getrandom::fill(bytes.as_mut())
                    .map_err(|error| KeyError::NoRandomness(error.to_string()))?;
                *word = u32::from_le_bytes(*bytes) >> 1;
                if from_canonical(*word).is_some() {
                    break;
                }
            }
        }
        Ok(Self(seed))
    }

    /// The seed of secret random bytes, of which it is a hash: it is as secret and as random as
    /// they are.
    ///
    /// # Errors
    /// [`KeyError::SecretTooShort`] if there are fewer than [`MIN_SECRET_BYTES`],
    /// [`KeyError::SeedMalformed`] if there are 2^25 or more.
    pub fn from_secret_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() < MIN_SECRET_BYTES {
            return Err(KeyError::SecretTooShort { bytes: bytes.len() });
        }
        Self::of_known_bytes(bytes)
    }

    /// The seed of a known string: for tests and benchmarks only, as it is as secret as the string.
    ///
    /// # Errors
    /// [`KeyError::SeedMalformed`] if there are 2^25 bytes or more.
    pub fn of_known_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let mut elements = hash_of_bytes(bytes).map_err(|_| KeyError::SeedMalformed)?;
        let words = Zeroizing::new(elements.map(to_canonical));
        wipe(&mut elements);
        Ok(Self(words))
    }

    /// The seed of canonical words, which are the secret itself: only uniform random ones make a
    /// key that nobody can guess.
    ///
    /// # Errors
    /// [`KeyError::SeedMalformed`] if a word is not below p.
    pub fn from_words(words: &[u32; 8]) -> Result<Self, KeyError> {
        if words.iter().any(|word| from_canonical(*word).is_none()) {
            return Err(KeyError::SeedMalformed);
        }
        Ok(Self(Zeroizing::new(*words)))
    }

    /// prf(kind, a, b).
    pub(super) fn prf(&self, kind: u32, a: u32, b: u32) -> [F; 8] {
        let mut input = [F::new(0); 16];
        for (to, word) in input.iter_mut().zip(self.0.iter()) {
            *to = F::new(*word);
        }
        for (to, word) in input[8..].iter_mut().zip([kind, a >> 16, a & 0xffff, b]) {
            *to = F::new(word);
        }
        compress_wiped(&mut input)
    }

    /// prf(kind, a, b), a of its own in each lane.
    pub(super) fn prf_packed(&self, kind: u32, a: &[u32; LANES], b: u32) -> [PackedF; 8] {
        let mut input = [PackedF::default(); 16];
        for (to, word) in input.iter_mut().zip(self.0.iter()) {
            *to = PackedF::from_fn(|_| F::new(*word));
        }
        input[8] = PackedF::from_fn(|_| F::new(kind));
        input[9] = PackedF::from_fn(|lane| F::new(a[lane] >> 16));
        input[10] = PackedF::from_fn(|lane| F::new(a[lane] & 0xffff));
        input[11] = PackedF::from_fn(|_| F::new(b));
        let result = compress_packed(&input);
        wipe(&mut input);
        result
    }
}

/// compress_16 of secrets, which are wiped.
pub(super) fn compress_wiped(input: &mut [F; 16]) -> [F; 8] {
    let mut state = *input;
    permute_16(&mut state);
    let result = std::array::from_fn(|i| state[i] + input[i]);
    wipe(&mut state);
    wipe(input);
    result
}

/// compress_16 in each lane.
pub(super) fn compress_packed(input: &[PackedF; 16]) -> [PackedF; 8] {
    let mut state = *input;
    poseidon2_16().permute_mut(&mut state);
    let result = std::array::from_fn(|i| state[i] + input[i]);
    wipe(&mut state);
    result
}

/// The leaves of LANES slots.
fn leaves(seed: &Seed, parameter: &Digest, slots: &[u32; LANES]) -> [Digest; LANES] {
    let mut input = [PackedF::default(); 16];
    let mut ends = [[PackedF::default(); 4]; NUM_CHAINS];
    for (i, end) in (0..).zip(&mut ends) {
        let mut start = seed.prf_packed(1, slots, i);
        end.copy_from_slice(&start[..4]);
        wipe(&mut start);
        input[2..4].fill(PackedF::default());
        for (to, element) in input[8..12].iter_mut().zip(parameter) {
            *to = PackedF::from_fn(|_| *element);
        }
        input[12..].fill(PackedF::default());
        for step in 1..CHAIN_LENGTH {
            let tweaks = slots.map(|slot| tweak_words(TweakType::Chain, slot, chain_sub(i, step)));
            for word in 0..2 {
                input[word] = PackedF::from_fn(|lane| F::new(tweaks[lane][word]));
            }
            input[4..8].copy_from_slice(end);
            end.copy_from_slice(&compress_packed(&input)[..4]);
        }
    }
    wipe(&mut input);
    let starts = slots.map(|slot| leaf_start(parameter, slot));
    let input: [PackedF; 16] = std::array::from_fn(|i| PackedF::from_fn(|lane| starts[lane][i]));
    let mut state = compress_packed(&input);
    for pair in ends.as_chunks::<2>().0 {
        let input: [PackedF; 16] = std::array::from_fn(|i| match i {
            0..8 => state[i],
            8..12 => pair[0][i - 8],
            _ => pair[1][i - 12],
        });
        state = compress_packed(&input);
    }
    std::array::from_fn(|lane| std::array::from_fn(|i| state[i].as_slice()[lane]))
}

/// A secret key, which knows the slots that it has signed for.
///
/// Two handles of one key would each sign for a slot, and two signatures of one slot let others
/// sign for it. So the key is not `Clone`, its bytes leave it only for a [key
/// file](super::keyfile::KeyFile), which is locked while it is open, and [`Seed`] is not `Clone`
/// either:
///
/// ```compile_fail,E0599
/// # use leanvm_fast::xmss::{SecretKey, Seed};
/// let key = SecretKey::generate(0..1, Seed::random().unwrap()).unwrap();
/// let second = key.clone();
/// ```
///
/// What remains is up to the caller: never make two keys from one secret or from the same words.
pub struct SecretKey {
    pub(super) seed: Seed,
    first: u32,
    last: u32,
    public_key: PublicKey,
    /// levels\[l\]: the nodes (l, first >> l), …, (l, last >> l).
    levels: Vec<Vec<Digest>>,
    pub(super) uses: Uses,
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SecretKey")
            .field("public_key", &self.public_key)
            .field("slots", &self.slots())
            .field("used", self.used())
            .finish_non_exhaustive()
    }
}

/// The first and the last of a range of slots.
fn bounds(slots: &Range<u64>) -> Result<(u32, u32), KeyError> {
    if slots.is_empty() {
        return Err(KeyError::NoSlots);
    }
    let out_of_range = |_| KeyError::SlotsOutOfRange { end: slots.end };
    let first = u32::try_from(slots.start).map_err(out_of_range)?;
    let last = u32::try_from(slots.end - 1).map_err(out_of_range)?;
    let count = slots.end - slots.start;
    if count > MAX_ACTIVE_SLOTS {
        return Err(KeyError::TooManySlots { count });
    }
    Ok((first, last))
}

impl SecretKey {
    /// The key of a seed whose active slots are `slots`. Time and memory are in proportion to their
    /// number.
    ///
    /// # Errors
    /// [`KeyError::NoSlots`], [`KeyError::SlotsOutOfRange`], [`KeyError::TooManySlots`].
    pub fn generate(slots: Range<u64>, seed: Seed) -> Result<Self, KeyError> {
        Self::generate_with(slots, seed, &|_| ())
    }

    /// [`SecretKey::generate`], which tells `progress` now and then how many further leaves are
    /// done; it is called on any thread.
    ///
    /// # Errors
    /// As [`SecretKey::generate`].
    pub fn generate_with(
        slots: Range<u64>,
        seed: Seed,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Self, KeyError> {
        Self::generate_while(slots, seed, &|leaves| {
            progress(leaves);
            ControlFlow::Continue(())
        })
    }

    /// [`SecretKey::generate_with`], of which `Break` ends the work.
    ///
    /// # Errors
    /// As [`SecretKey::generate`], and [`KeyError::Cancelled`].
    pub fn generate_while(
        slots: Range<u64>,
        seed: Seed,
        progress: &(dyn Fn(u64) -> ControlFlow<()> + Sync),
    ) -> Result<Self, KeyError> {
        let (first, last) = bounds(&slots)?;
        Processor::warn_once();
        let parameter = first_of(&seed.prf(0, 0, 0));
        let count = (last - first) as usize + 1;
        let mut leaves_of_key = vec![Digest::default(); count];
        let done = leaves_of_key
            .par_chunks_mut(SLOTS_PER_TASK)
            .enumerate()
            .try_for_each(|(task, chunk)| {
                for (block, to) in chunk.chunks_mut(LANES).enumerate() {
                    let offset = task * SLOTS_PER_TASK + block * LANES;
                    // Lanes beyond the last slot repeat it and are dropped.
                    let slots =
                        std::array::from_fn(|lane| first + (offset + lane).min(count - 1) as u32);
                    let block = leaves(&seed, &parameter, &slots);
                    to.copy_from_slice(&block[..to.len()]);
                }
                progress(chunk.len() as u64)
            });
        if done.is_break() {
            return Err(KeyError::Cancelled);
        }
        Ok(Self::from_leaves(first, last, seed, leaves_of_key))
    }

    /// The key whose active leaves are these.
    pub(super) fn from_leaves(first: u32, last: u32, seed: Seed, leaves: Vec<Digest>) -> Self {
        let parameter = first_of(&seed.prf(0, 0, 0));
        let mut levels = vec![leaves];
        for level in 0..NUM_LEVELS as u32 {
            let below = &levels[level as usize];
            let (begin, end) = (first >> level, last >> level);
            // The child (level, v), active or not.
            let child = |v: u32| {
                if (begin..=end).contains(&v) {
                    below[(v - begin) as usize]
                } else {
                    first_of(&seed.prf(2, v, level))
                }
            };
            let above = (0..(end >> 1) - (begin >> 1) + 1)
                .into_par_iter()
                .with_min_len(SLOTS_PER_TASK)
                .map(|offset| {
                    let v = (begin >> 1) + offset;
                    parent(&parameter, level, v, &child(2 * v), &child(2 * v + 1))
                })
                .collect();
            levels.push(above);
        }
        let root = levels[NUM_LEVELS][0];
        Self {
            seed,
            first,
            last,
            public_key: PublicKey { root, parameter },
            levels,
            uses: Uses::default(),
        }
    }

    /// The public key.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The active slots.
    #[must_use]
    pub const fn slots(&self) -> RangeInclusive<u32> {
        self.first..=self.last
    }

    /// The slots that it has signed for.
    #[must_use]
    pub const fn used(&self) -> &SlotSet {
        self.uses.slots()
    }

    /// The leaves of the active slots, which are public.
    pub(super) fn leaves(&self) -> &[Digest] {
        &self.levels[0]
    }

    /// The node (level, v).
    pub(super) fn node(&self, level: usize, v: u32) -> Digest {
        if (self.first >> level..=self.last >> level).contains(&v) {
            self.levels[level][(v - (self.first >> level)) as usize]
        } else {
            first_of(&self.seed.prf(2, v, level as u32))
        }
    }

    /// The encoding: seed, first and last active slot, in canonical words. The slots that are used
    /// are not of it.
    pub(super) fn to_bytes(&self) -> Zeroizing<[u8; SECRET_KEY_BYTES]> {
        let mut bytes = Zeroizing::new([0; SECRET_KEY_BYTES]);
        let words = self.seed.0.iter().chain([&self.first, &self.last]);
        for (to, word) in bytes.chunks_exact_mut(4).zip(words) {
            to.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }
}

/// Bytes of an encoded secret key.
pub(super) const SECRET_KEY_BYTES: usize = 40;

/// What an encoded secret key says.
pub(super) struct DecodedSecretKey {
    pub(super) seed: Seed,
    /// The first active slot.
    pub(super) first: u32,
    /// The last active slot.
    pub(super) last: u32,
}

/// Decodes a secret key.
///
/// # Errors
/// [`VerificationError::Malformed`] for another length or last < first,
/// [`VerificationError::ElementNotCanonical`].
pub(super) fn decode_secret_key(bytes: &[u8]) -> Result<DecodedSecretKey, VerificationError> {
    if bytes.len() != SECRET_KEY_BYTES {
        return Err(VerificationError::Malformed);
    }
    let mut words = Zeroizing::new([0; 10]);
    for (word, from) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*from);
    }
    let [.., first, last] = *words;
    let mut seed = [0; 8];
    seed.copy_from_slice(&words[..8]);
    let result = Seed::from_words(&seed).map_err(|_| VerificationError::ElementNotCanonical);
    seed.zeroize();
    if last < first {
        return Err(VerificationError::Malformed);
    }
    let seed = result?;
    Ok(DecodedSecretKey { seed, first, last })
}
