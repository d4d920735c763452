//! The public input of the guest `leansig_dim64`, SPEC §23 leansig. The coefficients of which it
//! consists are public for the prover.

use std::sync::LazyLock;

use p3_field::PrimeCharacteristicRing;

use super::hypercube::{CHAINS, FINAL_LAYER, MESSAGE_HASH, TABLES, Tables};
use super::integer::{LIMBS, U192};
use super::{
    MESSAGE_BYTES, PublicKey, concatenate, leaf_capacity, message_elements, message_tweak,
};
use crate::field::F;
use crate::permutation::{Digest, compress_16, compress_24};

/// The pieces of an element of h.
pub const PIECES: usize = 3;
/// The distance from the top of all vectors of the target sum.
pub const TARGET_DISTANCE: usize = 73;

/// Coefficients: those of the pieces, N, and the constant.
const COEFFICIENTS: usize = PIECES * MESSAGE_HASH + 2;
const LIST: usize = 8;
const ONES: usize = 16;
const CAPACITY: usize = 80;
const COEFFICIENTS_LOW: usize = 96;
const COEFFICIENTS_HIGH: usize = 336;
const COUNTS: usize = 576;
const ROW: usize = LIMBS * (TARGET_DISTANCE + 1);
/// Elements of the public input.
pub const PUBLIC_ELEMENTS: usize = COUNTS + ROW * (CHAINS - 1);

/// What a signature is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The key.
    pub key: PublicKey,
    /// The slot.
    pub slot: u32,
    /// The message.
    pub message: [u8; MESSAGE_BYTES],
}

impl Claim {
    /// parameter ‖ digits(slot·2^8 + 2, 2) ‖ digits(m, 9).
    pub fn entry(&self) -> [F; 16] {
        concatenate(&[
            &self.key.parameter,
            &message_tweak(self.slot),
            &message_elements(&self.message),
        ])
    }
}

/// The limbs of the coefficient of piece `piece` of element `element` of h.
#[must_use]
pub fn coefficient(tables: &Tables, element: usize, piece: usize) -> [u32; LIMBS] {
    let power = tables
        .powers
        .get(MESSAGE_HASH - 1 - element)
        .copied()
        .unwrap_or_default();
    let shifted = power.shift(10 * u32::try_from(piece).unwrap_or(0));
    shifted.divide(tables.total()).1.limbs()
}

/// C: the index of the last vector of the target sum.
#[must_use]
pub fn constant(tables: &Tables) -> U192 {
    tables
        .below(CHAINS, TARGET_DISTANCE)
        .wrapping_add(tables.below(CHAINS - 1, TARGET_DISTANCE + 1))
        .wrapping_sub(U192::from(1))
}

/// V(i, d): the number of vectors of length 65 − i within distance d whose first coordinate is not
/// the greatest.
#[must_use]
pub fn lowered(tables: &Tables, i: usize, distance: usize) -> U192 {
    let within = |length: usize| tables.below(length, distance + 1);
    within(CHAINS + 1 - i).wrapping_sub(within(CHAINS - i))
}

/// Writes a list from a place on.
fn write(public: &mut [F], place: usize, list: &[F]) {
    for (to, from) in public.iter_mut().skip(place).zip(list) {
        *to = *from;
    }
}

/// All that does not depend on the list.
static CONSTANTS: LazyLock<Vec<F>> = LazyLock::new(|| {
    const { assert!(TARGET_DISTANCE <= FINAL_LAYER) };
    let tables = &**TABLES;
    let mut public = vec![F::ZERO; PUBLIC_ELEMENTS];
    write(&mut public, ONES, &[F::ONE; CHAINS]);
    write(&mut public, CAPACITY, &leaf_capacity());
    for i in 0..COEFFICIENTS {
        let limbs = match i.checked_sub(PIECES * MESSAGE_HASH) {
            None => coefficient(tables, i / PIECES, i % PIECES).map(F::from_u32),
            Some(0) => tables.total().limbs().map(F::from_u32),
            Some(_) => constant(tables).limbs().map(|limb| -F::from_u32(limb)),
        };
        let (low, high) = limbs.split_at(LIMBS / 2);
        write(&mut public, COEFFICIENTS_LOW + low.len() * i, low);
        write(&mut public, COEFFICIENTS_HIGH + high.len() * i, high);
    }
    for i in 2..=CHAINS {
        for distance in 0..=TARGET_DISTANCE {
            let limbs = lowered(tables, i, distance).limbs().map(F::from_u32);
            write(
                &mut public,
                COUNTS + ROW * (i - 2) + LIMBS * distance,
                &limbs,
            );
        }
    }
    public
});

/// The public input of the guest for a list of claims.
#[must_use]
pub fn public_input(claims: &[Claim]) -> Vec<F> {
    let mut list: Digest = [F::ZERO; 8];
    list[0] = F::from_usize(claims.len());
    let mut public = CONSTANTS.clone();
    write(&mut public, 0, &list);
    for claim in claims {
        let entry = compress_24(&concatenate(&[&claim.key.root, &claim.entry()]));
        list = compress_16(&concatenate(&[&list, &entry]));
    }
    write(&mut public, LIST, &list);
    public
}
