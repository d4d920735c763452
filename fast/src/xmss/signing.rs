//! SPEC §22 xmss: signing.
//!
//! Attempts at an encoding are made LANES at a time; the first that succeeds is taken, as if they
//! were made one by one.

use std::fmt;

use p3_field::PackedValue;
use zeroize::Zeroizing;

use super::encoding::{Encoding, chain_input, first_of};
use super::keys::{LANES, SecretKey, Seed, compress_packed, compress_wiped};
use super::uses::MAX_REMEMBERED;
use super::{Digest, Message, NUM_CHAINS, NUM_LEVELS, RANDOMNESS_ELEMENTS, Signature, wipe};
use crate::field::{F, PackedF, to_canonical};
use crate::processor::Processor;

/// Most attempts at an encoding.
const MAX_ATTEMPTS: u32 = 1 << 16;

/// Why a key does not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningError {
    /// The slot is not active.
    NotActive {
        /// The slot asked for.
        slot: u32,
        /// The first active slot.
        first: u32,
        /// The last active slot.
        last: u32,
    },
    /// The slot is used for another message, or for one that is not remembered: a second message
    /// would reveal its chains.
    Used {
        /// The slot asked for.
        slot: u32,
    },
    /// No attempt reaches the target sum; this has probability below 2^−100.
    NoEncoding {
        /// The slot asked for.
        slot: u32,
    },
}

impl fmt::Display for SigningError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotActive { slot, first, last } => write!(
                formatter,
                "slot {slot} is not active: the key signs for {first} to {last}"
            ),
            Self::Used { slot } => write!(
                formatter,
                "slot {slot} is used already, for another message than this or before the latest {MAX_REMEMBERED} signatures"
            ),
            Self::NoEncoding { slot } => {
                write!(
                    formatter,
                    "no attempt reaches the target sum for slot {slot}"
                )
            }
        }
    }
}

impl std::error::Error for SigningError {}

impl SecretKey {
    /// Signs a message for a slot. The slot is used from then on: it is signed for no other
    /// message. The same message gives the same signature again, as long as it is one of the latest
    /// [`MAX_REMEMBERED`] that the key has signed.
    ///
    /// Only this value remembers that: a key that outlives the process belongs in a [key
    /// file](super::keyfile::KeyFile).
    ///
    /// # Errors
    /// [`SigningError`]; then the slot is as used as before.
    pub fn sign(&mut self, slot: u32, message: &Message) -> Result<Signature, SigningError> {
        if !self.slots().contains(&slot) {
            return Err(SigningError::NotActive {
                slot,
                first: *self.slots().start(),
                last: *self.slots().end(),
            });
        }
        if !self.uses.permit(slot, message) {
            return Err(SigningError::Used { slot });
        }
        Processor::warn_once();
        let (randomness, encoding) = self
            .attempts(slot, message)
            .ok_or(SigningError::NoEncoding { slot })?;
        let mut chains = [Digest::default(); NUM_CHAINS];
        for ((i, value), digit) in (0..).zip(&mut chains).zip(encoding.digits) {
            let mut start = self.seed.prf(1, slot, i);
            // The values before the last are as secret as the first.
            *value = first_of(&start);
            for step in 1..=digit {
                let mut input = chain_input(&self.public_key().parameter, slot, i, step, value);
                start = compress_wiped(&mut input);
                *value = first_of(&start);
            }
            wipe(&mut start);
        }
        let mut path = [Digest::default(); NUM_LEVELS];
        for (level, sibling) in path.iter_mut().enumerate() {
            *sibling = self.node(level, (slot >> level) ^ 1);
        }
        self.uses.insert(slot, message);
        Ok(Signature {
            randomness,
            chains,
            path,
        })
    }

    /// The randomness of the first attempt that has an encoding.
    fn attempts(
        &self,
        slot: u32,
        message: &Message,
    ) -> Option<([F; RANDOMNESS_ELEMENTS], Encoding)> {
        let key = self.attempts_key(slot, message)?;
        let parameter = &self.public_key().parameter;
        for block in (0..MAX_ATTEMPTS).step_by(LANES) {
            // MAX_ATTEMPTS is a multiple of LANES.
            let attempts = std::array::from_fn(|lane| block + lane as u32);
            let mut randomness = key.prf_packed(4, &attempts, 0);
            let of_lane = |randomness: &[PackedF; 8], lane: usize| {
                std::array::from_fn(|i| randomness[i].as_slice()[lane])
            };
            let mut inputs: [[F; 16]; LANES] = std::array::from_fn(|lane| {
                Encoding::inner_input(slot, message, &of_lane(&randomness, lane))
            });
            let mut input: [PackedF; 16] =
                std::array::from_fn(|i| PackedF::from_fn(|lane| inputs[lane][i]));
            let inner = compress_packed(&input);
            input[..8].copy_from_slice(&inner);
            for (to, element) in input[8..12].iter_mut().zip(parameter) {
                *to = PackedF::from_fn(|_| *element);
            }
            input[12..].fill(PackedF::default());
            let limbs = compress_packed(&input);
            let found = (0..LANES).find_map(|lane| {
                let [inner, limbs] =
                    [&inner, &limbs].map(|state| state.map(|packed| packed.as_slice()[lane]));
                let encoding = Encoding::of_limbs(inner, limbs).ok()?;
                Some((of_lane(&randomness, lane), encoding))
            });
            // Attempts that are not taken would tell more of the key than a signature does.
            wipe(&mut randomness);
            wipe(&mut input);
            inputs.iter_mut().for_each(|input| wipe(input));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The key for the randomness of a slot and message.
    fn attempts_key(&self, slot: u32, message: &Message) -> Option<Seed> {
        let mut input = [F::new(0); 16];
        let mut first = self.seed.prf(3, slot, 0);
        input[..8].copy_from_slice(&first);
        input[8..].copy_from_slice(&message.0);
        wipe(&mut first);
        let mut key = compress_wiped(&mut input);
        let words = Zeroizing::new(key.map(to_canonical));
        wipe(&mut key);
        Seed::from_words(&words).ok()
    }
}
