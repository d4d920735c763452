//! SPEC §24 aggregation: from signatures of the scheme `leanxmss42` to a proof.

use std::collections::BTreeMap;

use super::capacity::{Bounds, LEANXMSS42};
use super::options::{AggregationError, Options, Report};
use super::work::{self, Scheme};
use super::{Aggregate, program, public_input};
use crate::execution::Input;
use crate::field::F;
use crate::isa::Program;
use crate::proof::public_elements;
use crate::rejection::Error;
use crate::xmss::{
    CHAIN_LENGTH, Message, PUBLIC_KEY_BYTES, PublicKey, Signature, VerificationError, Witness,
    witnesses,
};

/// One proof of all signatures of a message for a slot. Same signatures in any order, same
/// bytes.
///
/// With [`Options::skip_invalid`] take [`aggregate_with_report`], which says whose
/// signatures are not in it.
///
/// # Errors
/// The first in this order, all before a proof is begun: no signature, an unknown rate, more
/// signatures than fit, more memory than allowed, all signatures that are not valid, a key
/// twice. [`AggregationError::Stopped`] at any time.
pub fn aggregate(
    message: &Message,
    slot: u32,
    signatures: &[(PublicKey, Signature)],
    options: &Options<'_>,
) -> Result<Aggregate, AggregationError> {
    aggregate_with_report(message, slot, signatures, options).map(|(aggregate, _)| aggregate)
}

/// As [`aggregate`], with what was skipped, sizes and times.
///
/// # Errors
/// As [`aggregate`].
pub fn aggregate_with_report(
    message: &Message,
    slot: u32,
    signatures: &[(PublicKey, Signature)],
    options: &Options<'_>,
) -> Result<(Aggregate, Report), AggregationError> {
    let (proof, report) = work::aggregate(&Statement { message, slot }, signatures, options)?;
    Ok((Aggregate::of_proof(proof), report))
}

/// What all signatures of an aggregate are for.
pub(super) struct Statement<'a> {
    pub(super) message: &'a Message,
    pub(super) slot: u32,
}

impl Scheme for Statement<'_> {
    type Signed = (PublicKey, Signature);
    type Order = [u8; PUBLIC_KEY_BYTES];
    type Witness = Witness;
    type Refusal = VerificationError;

    fn program(&self) -> Result<&'static Program, Error> {
        program()
    }

    fn bounds(&self) -> &'static Bounds {
        &LEANXMSS42
    }

    fn order(&self, (key, _): &Self::Signed) -> Self::Order {
        key.to_bytes()
    }

    fn witnesses(&self, signed: &[Self::Signed]) -> Vec<Result<Witness, VerificationError>> {
        witnesses(self.slot, self.message, signed)
    }

    fn input(&self, signed: Vec<(&Self::Signed, Witness)>) -> Result<Input, Error> {
        let keys: Vec<PublicKey> = signed.iter().map(|((key, _), _)| *key).collect();
        Ok(Input {
            public: public_elements(&public_input(self.message, self.slot, &keys))?,
            private: private_input(&signed),
        })
    }
}

/// The lists that the program asks for.
fn private_input(signed: &[(&(PublicKey, Signature), Witness)]) -> BTreeMap<String, Vec<Vec<F>>> {
    let mut lists: [Vec<Vec<F>>; 6] = Default::default();
    for ((key, signature), witness) in signed {
        let [keys, randomness, digits, parts, chains, path] = &mut lists;
        keys.push(key.elements().to_vec());
        randomness.push(signature.randomness.to_vec());
        let encoding = &witness.encoding;
        digits.push(numbers(&encoding.digits));
        let rest = encoding.lows[5] >> 6;
        parts.push(
            encoding.highs[..6]
                .iter()
                .chain(&[rest & 0x1ff, rest >> 9])
                .map(|word| F::new(*word))
                .collect(),
        );
        let ends = signature.chains.iter().zip(&witness.ends);
        chains.push(
            ends.flat_map(|(start, end)| [*start, *end])
                .flatten()
                .collect(),
        );
        path.push(signature.path.as_flattened().to_vec());
    }
    [
        "public_key",
        "randomness",
        "digits",
        "parts",
        "chains",
        "path",
    ]
    .map(str::to_owned)
    .into_iter()
    .zip(lists)
    .collect()
}

/// For each digit the number of which it is the least one, those that follow being the others.
fn numbers(digits: &[u32]) -> Vec<F> {
    let base = F::new(CHAIN_LENGTH);
    let mut numbers: Vec<F> = digits
        .iter()
        .rev()
        .scan(F::new(0), |number, digit| {
            *number = *number * base + F::new(*digit);
            Some(*number)
        })
        .collect();
    numbers.reverse();
    numbers
}
