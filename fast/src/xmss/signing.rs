//! SPEC §21 xmss: signing.
//!
//! Attempts at an encoding are made LANES at a time; the first that succeeds is taken, as if they were made one by one.

use std::fmt;

use p3_field::PackedValue;

use super::encoding::{Encoding, chain_step, first_of};
use super::keys::{LANES, SecretKey, Seed, compress_packed, wipe};
use super::{Digest, Message, NUM_CHAINS, NUM_LEVELS, RANDOMNESS_ELEMENTS, Signature};
use crate::field::{F, PackedF, to_canonical};
use crate::permutation::compress_16;

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
    /// The key has signed for the slot already: a second message would reveal its chains.
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
            Self::Used { slot } => write!(formatter, "slot {slot} is used already"),
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
    /// Signs a message for a slot, once.
    ///
    /// The key remembers the slot, but only this value does: a key that outlives the process belongs in a
    /// [key file](super::keyfile::KeyFile).
    ///
    /// # Errors
    /// [`SigningError`]; then the slot is not used.
    pub fn sign(&mut self, slot: u32, message: &Message) -> Result<Signature, SigningError> {
        if !self.slots().contains(&slot) {
            return Err(SigningError::NotActive {
                slot,
                first: *self.slots().start(),
                last: *self.slots().end(),
            });
        }
        if self.used.contains(slot) {
            return Err(SigningError::Used { slot });
        }
        let (randomness, encoding) = self
            .attempts(slot, message)
            .ok_or(SigningError::NoEncoding { slot })?;
        let mut chains = [Digest::default(); NUM_CHAINS];
        for ((i, value), digit) in (0..).zip(&mut chains).zip(encoding.digits) {
            let mut start = self.seed.prf(1, slot, i);
            *value = first_of(&start);
            wipe(&mut start);
            for step in 1..=digit {
                *value = chain_step(&self.public_key().parameter, slot, i, step, value);
            }
        }
        let mut path = [Digest::default(); NUM_LEVELS];
        for (level, sibling) in path.iter_mut().enumerate() {
            *sibling = self.node(level, (slot >> level) ^ 1);
        }
        self.used.insert(slot);
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
        let mut input = [F::new(0); 16];
        input[..8].copy_from_slice(&self.seed.prf(3, slot, 0));
        input[8..].copy_from_slice(&message.0);
        let key = compress_16(&input).map(to_canonical);
        wipe(&mut input);
        let key = Seed::from_words(&key).ok()?;
        let parameter = &self.public_key().parameter;
        for block in (0..MAX_ATTEMPTS).step_by(LANES) {
            // MAX_ATTEMPTS is a multiple of LANES.
            let attempts = std::array::from_fn(|lane| block + lane as u32);
            let randomness = key.prf_packed(4, &attempts, 0);
            let of_lane = |lane: usize| std::array::from_fn(|i| randomness[i].as_slice()[lane]);
            let inputs: [[F; 16]; LANES] =
                std::array::from_fn(|lane| Encoding::inner_input(slot, message, &of_lane(lane)));
            let mut input: [PackedF; 16] =
                std::array::from_fn(|i| PackedF::from_fn(|lane| inputs[lane][i]));
            let inner = compress_packed(&input);
            input[..8].copy_from_slice(&inner);
            for (to, element) in input[8..12].iter_mut().zip(parameter) {
                *to = PackedF::from_fn(|_| *element);
            }
            input[12..].fill(PackedF::default());
            let limbs = compress_packed(&input);
            for lane in 0..LANES {
                let [inner, limbs] =
                    [&inner, &limbs].map(|state| state.map(|packed| packed.as_slice()[lane]));
                if let Ok(encoding) = Encoding::of_limbs(inner, limbs) {
                    return Some((of_lane(lane), encoding));
                }
            }
        }
        None
    }
}
