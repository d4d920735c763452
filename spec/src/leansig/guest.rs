//! The public input of the guest `leansig_dim64`, SPEC §23 leansig.

use super::{
    CHAINS, DIGEST, Integer, MESSAGE, PublicKey, digits, leaf_capacity, tweak, vectors_by_distance,
    words,
};
use crate::field::{Felt, MODULUS};
use crate::permutation::{compress_16, compress_24};

/// Limbs of an integer, in base 2^14.
const LIMBS: usize = 10;
/// Elements of the public input.
pub const PUBLIC_ELEMENTS: usize = 576 + 740 * 63;

/// What a signature is for: a key, a slot and a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The key.
    pub key: PublicKey,
    /// The slot.
    pub slot: u32,
    /// The message.
    pub message: [u8; 32],
}

/// The hash of the list of claims.
pub fn list_hash(claims: &[Claim]) -> [Felt; DIGEST] {
    let mut list = [Felt::ZERO; DIGEST];
    list[0] = Felt::new(claims.len() as u64);
    for claim in claims {
        let mut entry = claim.key.root.to_vec();
        entry.extend(claim.key.parameter);
        entry.extend(tweak(u64::from(claim.slot) * (1 << 8) + 2));
        entry.extend(digits(&Integer::from_words(words(&claim.message)), MESSAGE));
        let hash = compress_24(&core::array::from_fn(|i| entry[i]));
        list = compress_16(&core::array::from_fn(|i| {
            if i < DIGEST {
                list[i]
            } else {
                hash[i - DIGEST]
            }
        }));
    }
    list
}

/// The digits of an integer below 2^140 in base 2^14, the lowest first.
fn limbs(integer: &Integer) -> Vec<Felt> {
    let mut rest = integer.clone();
    let mut limbs = Vec::new();
    for _ in 0..LIMBS {
        let (quotient, limb) = rest.divide_by_word(1 << 14);
        limbs.push(Felt::new(u64::from(limb)));
        rest = quotient;
    }
    limbs
}

/// within(n, d): the number of vectors of {0..7}^n within distance d of the top, entry \[n\]\[d\].
fn vectors_within_distance() -> Vec<Vec<Integer>> {
    let mut within = Vec::new();
    for counts in vectors_by_distance() {
        let mut sum = Integer::from(0);
        let mut row = Vec::new();
        for count in &counts {
            sum = sum.add(count);
            row.push(sum.clone());
        }
        within.push(row);
    }
    within
}

/// The public input of the guest.
pub fn public_input(claims: &[Claim]) -> Vec<Felt> {
    let within = vectors_within_distance();
    let total = &within[CHAINS][77];
    let mut public = vec![Felt::ZERO; PUBLIC_ELEMENTS];
    public[0] = Felt::new(claims.len() as u64);
    public[8..16].copy_from_slice(&list_hash(claims));
    public[16..80].fill(Felt::ONE);
    public[80..89].copy_from_slice(&leaf_capacity());

    // Coefficient 3k + e is p^(14−k)·2^(10e) mod total; 45 is the total; 46 is the constant, its
    // limbs negated.
    let mut coefficients = Vec::new();
    for k in 0..15 {
        let mut coefficient = Integer::from(1);
        for _ in 0..14 - k {
            coefficient = coefficient.multiply_add(MODULUS as u32, 0).remainder(total);
        }
        for _ in 0..3 {
            coefficients.push(limbs(&coefficient));
            coefficient = coefficient.multiply_add(1 << 10, 0).remainder(total);
        }
    }
    coefficients.push(limbs(total));
    let constant = within[64][72]
        .add(&within[63][73])
        .subtract(&Integer::from(1));
    coefficients.push(limbs(&constant).into_iter().map(|limb| -limb).collect());
    for (i, coefficient) in coefficients.iter().enumerate() {
        for j in 0..5 {
            public[96 + 5 * i + j] = coefficient[j];
            public[336 + 5 * i + j] = coefficient[5 + j];
        }
    }

    // lowered(i, d) = within(65 − i, d) − within(64 − i, d).
    for i in 2..=64 {
        for d in 0..=73 {
            let lowered = within[65 - i][d].subtract(&within[64 - i][d]);
            for (l, limb) in limbs(&lowered).into_iter().enumerate() {
                public[576 + 740 * (i - 2) + 10 * d + l] = limb;
            }
        }
    }
    public
}
