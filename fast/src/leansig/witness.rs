//! The private input of the guest `leansig_dim64`, SPEC §23 leansig: lists by the names of the
//! guest's hints, signature after signature.

use std::collections::BTreeMap;

use p3_field::PrimeCharacteristicRing;

use super::hypercube::{CHAINS, GREATEST, TABLES};
use super::integer::{LIMBS, U192};
use super::statement::{Claim, PIECES, TARGET_DISTANCE, coefficient, constant, lowered};
use super::{LEVELS, Signature, VerificationError, chain_step, encode, leaf, message_hash, nodes};
use crate::aggregation::InvalidSignature;
use crate::field::{F, MODULUS, to_canonical};

/// Lists of private input by name.
pub type PrivateInput = BTreeMap<String, Vec<Vec<F>>>;

/// The levels of the tree at which the position of a node changes both digits of its tweak.
const LARGE_POSITIONS: usize = 9;

/// An element as (a, b, c) with a + 2^bits·b + 2^(2·bits)·c its canonical form, a ≤ 2^bits, b <
/// 2^bits, c < (p − 1)/2^(2·bits).
fn pieces(canonical: u32, bits: u32) -> [u32; PIECES] {
    let mask = (1 << bits) - 1;
    if canonical == MODULUS - 1 {
        [1 << bits, mask, (canonical >> (2 * bits)) - 1]
    } else {
        [
            canonical & mask,
            (canonical >> bits) & mask,
            canonical >> (2 * bits),
        ]
    }
}

#[derive(Default)]
struct Writer(PrivateInput);

impl Writer {
    fn elements(&mut self, name: &str, list: Vec<F>) {
        self.0.entry(name.to_owned()).or_default().push(list);
    }

    fn words(&mut self, name: &str, list: impl IntoIterator<Item = u32>) {
        self.elements(name, list.into_iter().map(F::from_u32).collect());
    }

    /// The digits of level·2^40 + position·2^8 + kind.
    fn tweak(&mut self, level: u64, position: u64, kind: u64) {
        let modulus = u64::from(MODULUS);
        let integer = (level << 40) + (position << 8) + kind;
        let (first, second) = ((integer % modulus) as u32, (integer / modulus) as u32);
        let [a, b, c] = pieces(first, 12);
        let carry = u64::from(a + (b << 12) + second) > (integer & 0xff_ffff);
        self.words("tweak", [a, b, c, u32::from(carry), second]);
    }

    /// The digits of slot·2^24, and where steps carry.
    fn chain_tweak(&mut self, slot: u32) {
        let modulus = u64::from(MODULUS);
        let integer = u64::from(slot) << 24;
        let (first, second) = ((integer % modulus) as u32, (integer / modulus) as u32);
        let [a, b, c] = pieces(first, 12);
        let rest = a + (b << 12);
        let carry = (rest + second) >> 24;
        let (low, high) = (second & 0xffff, second >> 16);
        let middle = (c + carry + 127 * low) >> 16;
        self.words("chain_tweak", [a, b, c, carry, low, high, middle]);
        if c != 126 {
            return;
        }
        for index in 0..CHAINS as u32 {
            for step in 1..=GREATEST as u32 {
                let sum = rest + (index << 16) + (step << 8);
                let carry = sum > 1 << 24;
                let room = if carry {
                    sum - (1 << 24) - 1
                } else {
                    (1 << 24) - sum
                };
                let (low, high) = if room == 1 << 24 {
                    (4096, 4095)
                } else {
                    (room & 4095, room >> 12)
                };
                self.words("step_carry", [u32::from(carry), low, high]);
            }
        }
    }

    /// The pieces of h and −q, the digits, the carries of the sum that must vanish.
    fn encoding(&mut self, hash: &[F], digits: &[usize; CHAINS]) {
        let tables = &**TABLES;
        // Σ pieces·coefficient + Σ V(i, d_i), as an integer and limb by limb.
        let mut sum = U192::default();
        let mut limbs = [0_i64; LIMBS];
        let mut add = |term: [u32; LIMBS], factor: u32| {
            for (limb, x) in limbs.iter_mut().zip(term) {
                *limb += i64::from(x) * i64::from(factor);
            }
            let integer = term.iter().rev().fold(U192::default(), |sum, limb| {
                sum.shift(14).wrapping_add(U192::from(u64::from(*limb)))
            });
            sum = sum.wrapping_add(integer.multiply(factor));
        };
        let mut list = Vec::new();
        for (element, value) in hash.iter().enumerate() {
            for (piece, word) in pieces(to_canonical(*value), 10).into_iter().enumerate() {
                add(coefficient(tables, element, piece), word);
                list.push(F::from_u32(word));
            }
        }
        let mut distance = TARGET_DISTANCE;
        for (i, digit) in (2..=CHAINS).zip(digits) {
            distance -= GREATEST - digit;
            add(lowered(tables, i, distance).limbs(), 1);
        }
        let (q, _) = sum.wrapping_sub(constant(tables)).divide(tables.total());
        list.push(-F::from_u64(q));
        self.elements("pieces", list);
        self.words("digits", digits.iter().map(|digit| *digit as u32));

        let mut carries = Vec::new();
        let mut carry = 0;
        let subtracted = tables
            .total()
            .limbs()
            .into_iter()
            .zip(constant(tables).limbs());
        for (limb, (total, constant)) in limbs.iter().zip(subtracted).take(LIMBS - 1) {
            carry += limb - i64::from(total) * q as i64 - i64::from(constant);
            carry >>= 14;
            let shifted = (carry + (1 << 16)) as u32;
            carries.extend([shifted & 0xffff, shifted >> 16]);
        }
        self.words("carries", carries);
    }

    fn signature(&mut self, claim: &Claim, signature: &Signature) -> Result<(), VerificationError> {
        let Claim { key, slot, message } = claim;
        let digits = encode(key, *slot, message, &signature.randomness)?;
        self.elements("root", key.root.to_vec());
        self.elements("entry", claim.entry().to_vec());
        self.words("slot", (0..LEVELS).rev().map(|bit| (slot >> bit) & 1));
        self.tweak(0, u64::from(*slot), 2);
        self.elements("randomness", signature.randomness.to_vec());
        let hash = message_hash(key, *slot, message, &signature.randomness);
        self.encoding(&hash, &digits);
        self.tweak(0, u64::from(*slot), 1);
        self.chain_tweak(*slot);

        let mut ends = signature.hashes;
        for ((index, value), digit) in ends.iter_mut().enumerate().zip(digits) {
            self.elements("chain", value.to_vec());
            for step in digit + 1..=GREATEST {
                *value = chain_step(&key.parameter, *slot, index, step, value);
            }
        }
        let nodes = nodes(
            &key.parameter,
            *slot,
            &leaf(&key.parameter, *slot, &ends),
            &signature.path,
        );
        for (level, (node, sibling)) in nodes.iter().zip(&signature.path).enumerate() {
            if level < LARGE_POSITIONS {
                self.tweak(level as u64 + 1, u64::from(*slot) >> (level + 1), 1);
            }
            let children = if (slot >> level) & 1 == 0 {
                [*node, *sibling]
            } else {
                [*sibling, *node]
            };
            self.elements("path", children.concat());
        }
        if nodes.last() == Some(&key.root) {
            Ok(())
        } else {
            Err(VerificationError::RootMismatch)
        }
    }
}

/// What the guest is told of one signature.
///
/// # Errors
/// The signature does not verify.
pub(super) fn witness(
    claim: &Claim,
    signature: &Signature,
) -> Result<PrivateInput, VerificationError> {
    let mut writer = Writer::default();
    writer.signature(claim, signature)?;
    Ok(writer.0)
}

/// The lists of all signatures, one signature after the other.
pub(super) fn join(witnesses: impl IntoIterator<Item = PrivateInput>) -> PrivateInput {
    let mut joined = PrivateInput::new();
    for (name, lists) in witnesses.into_iter().flatten() {
        joined.entry(name).or_default().extend(lists);
    }
    joined
}

/// The private input with which the guest accepts [`super::public_input`] of these claims.
///
/// # Errors
/// The first signature that does not verify.
pub fn private_input(
    signed: &[(Claim, Signature)],
) -> Result<PrivateInput, InvalidSignature<VerificationError>> {
    let mut writer = Writer::default();
    for (index, (claim, signature)) in signed.iter().enumerate() {
        writer
            .signature(claim, signature)
            .map_err(|reason| InvalidSignature { index, reason })?;
    }
    Ok(writer.0)
}
