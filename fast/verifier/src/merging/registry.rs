//! SPEC §26 merging: the keys of a claim as bits over a registry.
//!
//! Clients that number all keys, as those of validators, tell signers by a bit for each: bit i of a
//! registry is bit i mod 8, the lowest first, of byte ⌊i/8⌋.

use std::collections::BTreeMap;
use std::fmt;

use super::Claim;
use crate::xmss::{Message, PublicKey};

/// What is wrong with keys, bits and a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistryError {
    /// Another number of bytes than the registry has bits for.
    Length {
        /// The number of bytes.
        given: usize,
        /// The number for the registry.
        expected: usize,
    },
    /// A bit behind the last key is 1.
    NoKey {
        /// The bit.
        bit: usize,
    },
    /// A key is not in the registry.
    Unknown {
        /// Its index in the claim.
        key: usize,
    },
}

impl fmt::Display for RegistryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { given, expected } => {
                write!(formatter, "{given} bytes of bits, {expected} are expected")
            }
            Self::NoKey { bit } => write!(formatter, "bit {bit} is 1, of which there is no key"),
            Self::Unknown { key } => write!(formatter, "key {key} is not in the registry"),
        }
    }
}

impl std::error::Error for RegistryError {}

/// Whether bit `index` is 1.
fn is_set(bits: &[u8], index: usize) -> bool {
    bits.get(index / 8)
        .is_some_and(|byte| (byte >> (index % 8)) & 1 == 1)
}

impl Claim {
    /// The claim that the keys of a registry whose bits are 1 have signed a message for a slot.
    ///
    /// # Errors
    /// [`RegistryError::Length`], [`RegistryError::NoKey`].
    pub fn of_bits(
        slot: u32,
        message: Message,
        registry: &[PublicKey],
        bits: &[u8],
    ) -> Result<Self, RegistryError> {
        let (given, expected) = (bits.len(), registry.len().div_ceil(8));
        if given != expected {
            return Err(RegistryError::Length { given, expected });
        }
        let mut behind = registry.len()..registry.len().next_multiple_of(8);
        if let Some(bit) = behind.find(|bit| is_set(bits, *bit)) {
            return Err(RegistryError::NoKey { bit });
        }
        let keys = registry.iter().enumerate();
        let keys = keys.filter(|(index, _)| is_set(bits, *index));
        Ok(Self {
            slot,
            message,
            keys: keys.map(|(_, key)| *key).collect(),
        })
    }

    /// The bits of the keys in a registry. Of a key that is there several times the first is taken.
    ///
    /// # Errors
    /// [`RegistryError::Unknown`]: the first key that is not there.
    pub fn to_bits(&self, registry: &[PublicKey]) -> Result<Vec<u8>, RegistryError> {
        let numbered = registry.iter().enumerate().rev();
        let index_of: BTreeMap<_, _> = numbered
            .map(|(index, key)| (key.to_bytes(), index))
            .collect();
        let mut bits = vec![0; registry.len().div_ceil(8)];
        for (key, public_key) in self.keys.iter().enumerate() {
            let index = index_of.get(&public_key.to_bytes());
            let index = *index.ok_or(RegistryError::Unknown { key })?;
            if let Some(byte) = bits.get_mut(index / 8) {
                *byte |= 1 << (index % 8);
            }
        }
        Ok(bits)
    }
}

#[cfg(test)]
mod tests {
    use p3_field::PrimeCharacteristicRing;

    use super::*;
    use crate::field::F;

    fn key(number: u32) -> PublicKey {
        PublicKey {
            root: [F::from_u32(number); 4],
            parameter: [F::ONE; 4],
        }
    }

    fn claim(keys: &[u32]) -> Claim {
        Claim {
            slot: 7,
            message: Message([F::TWO; 8]),
            keys: keys.iter().map(|number| key(*number)).collect(),
        }
    }

    #[test]
    fn claims_are_bits_over_a_registry() {
        let registry: Vec<PublicKey> = (0..11).map(key).collect();
        let of = |bits: &[u8]| Claim::of_bits(7, Message([F::TWO; 8]), &registry, bits);
        assert_eq!(of(&[0, 0]), Ok(claim(&[])));
        assert_eq!(of(&[0b1000_0001, 0b110]), Ok(claim(&[0, 7, 9, 10])));
        assert_eq!(
            claim(&[10, 7, 9, 0]).to_bits(&registry),
            Ok(vec![0b1000_0001, 0b110])
        );
        for (given, bits) in [(0, &[][..]), (1, &[1]), (3, &[1, 0, 0])] {
            let expected = 2;
            assert_eq!(of(bits), Err(RegistryError::Length { given, expected }));
        }
        assert_eq!(of(&[0, 0b1000]), Err(RegistryError::NoKey { bit: 11 }));
        assert_eq!(of(&[0, 0b1000_0000]), Err(RegistryError::NoKey { bit: 15 }));
        assert_eq!(
            claim(&[3, 11]).to_bits(&registry),
            Err(RegistryError::Unknown { key: 1 })
        );
        let twice = [key(1), key(2), key(1)];
        assert_eq!(claim(&[1]).to_bits(&twice), Ok(vec![1]));
        assert_eq!(claim(&[]).to_bits(&[]), Ok(vec![]));
    }
}
