//! SPEC §22 xmss: verification of many signatures of one message for one slot, whose hashes are
//! computed as many at a time as a packed element holds.

use super::encoding::{Encoding, chain_input, first_of, leaf_input, leaf_start, parent_input};
use super::{
    CHAIN_LENGTH, Digest, Message, NUM_CHAINS, NUM_LEVELS, PublicKey, Signature, VerificationError,
    Witness,
};
use crate::compression::compress_all;

/// A key whose signature has been followed to some place.
struct Followed<'a> {
    key: &'a PublicKey,
    signature: &'a Signature,
    /// Its place in the list.
    index: usize,
    witness: Witness,
}

/// [`super::witness`] of each signature of a list.
pub(crate) fn witnesses(
    slot: u32,
    message: &Message,
    signed: &[(PublicKey, Signature)],
) -> Vec<Result<Witness, VerificationError>> {
    let mut results = Vec::with_capacity(signed.len());
    let mut followed = Vec::with_capacity(signed.len());
    for (index, (key, signature)) in signed.iter().enumerate() {
        let encoding = Encoding::new(&key.parameter, slot, message, &signature.randomness);
        results.push(Err(VerificationError::RootMismatch));
        match encoding {
            Ok(encoding) => followed.push(Followed {
                key,
                signature,
                index,
                witness: Witness {
                    encoding,
                    ends: signature.chains,
                },
            }),
            Err(error) => results[index] = Err(error),
        }
    }
    complete(slot, &mut followed);
    let leaves = leaves(slot, &followed);
    let roots = roots(slot, leaves, &followed);
    for (one, root) in followed.into_iter().zip(roots) {
        // §22.8.
        if root == one.key.root {
            results[one.index] = Ok(one.witness);
        }
    }
    results
}

/// [`super::verify`] of each signature of a list of one message and slot, on the calling thread but
/// many hashes at a time.
#[must_use]
pub fn verify_all(
    slot: u32,
    message: &Message,
    signed: &[(PublicKey, Signature)],
) -> Vec<Result<(), VerificationError>> {
    let results = witnesses(slot, message, signed).into_iter();
    results.map(|result| result.map(drop)).collect()
}

/// §22.6.
fn complete(slot: u32, followed: &mut [Followed<'_>]) {
    for step in 1..CHAIN_LENGTH {
        let (mut inputs, mut ends) = (Vec::new(), Vec::new());
        for one in &mut *followed {
            let digits = &one.witness.encoding.digits;
            for ((i, end), digit) in (0..).zip(&mut one.witness.ends).zip(digits) {
                if *digit < step {
                    inputs.push(chain_input(&one.key.parameter, slot, i, step, end));
                    ends.push(end);
                }
            }
        }
        for (end, output) in ends.into_iter().zip(compress_all(&inputs)) {
            *end = first_of(&output);
        }
    }
}

/// The leaves of the completed chains.
fn leaves(slot: u32, followed: &[Followed<'_>]) -> Vec<Digest> {
    let starts: Vec<_> = followed
        .iter()
        .map(|one| leaf_start(&one.key.parameter, slot))
        .collect();
    let mut states = compress_all(&starts);
    for k in 0..NUM_CHAINS / 2 {
        let input = |(one, state): (&Followed<'_>, _)| {
            let [left, right] = [2 * k, 2 * k + 1].map(|i| &one.witness.ends[i]);
            leaf_input(state, left, right)
        };
        let inputs: Vec<_> = followed.iter().zip(&states).map(input).collect();
        states = compress_all(&inputs);
    }
    states.iter().map(first_of).collect()
}

/// §22.7.
fn roots(slot: u32, leaves: Vec<Digest>, followed: &[Followed<'_>]) -> Vec<Digest> {
    let mut nodes = leaves;
    let mut index = slot;
    for (level, number) in (0..NUM_LEVELS).zip(0..) {
        let is_right = index & 1 == 1;
        index >>= 1;
        let input = |(one, node): (&Followed<'_>, _)| {
            let sibling = &one.signature.path[level];
            let (left, right) = if is_right {
                (sibling, node)
            } else {
                (node, sibling)
            };
            parent_input(&one.key.parameter, number, index, left, right)
        };
        let inputs: Vec<_> = followed.iter().zip(&nodes).map(input).collect();
        nodes = compress_all(&inputs).iter().map(first_of).collect();
    }
    nodes
}
