//! SPEC §26 merging.
//!
//! The verifier of a list of claims: one proof, of either kind, that each key of each claim has a
//! signature of the message of the claim for its slot. The programs are given, since a verifier
//! knows them: they are the files `programs/artefacts/leanxmss42.lvm` and
//! `programs/artefacts/merge.lvm`.

use crate::aggregation::{self, AggregateError, MAX_BYTES, MAX_SIGNERS, SCHEME, VERSION};
use crate::field::{DEGREE, Ext, Felt};
use crate::isa::Program;
use crate::parameters::ParameterSet;
use crate::permutation::Digest;
use crate::recursion::{ProgramClaim, hash_chunks};
use crate::verifier::{self, VerifyOptions};
use crate::xmss::{Message, PublicKey};

/// The second byte of a merge.
pub const KIND: u8 = 43;
/// Most claims of a list.
pub const MAX_CLAIMS: usize = 1 << 8;
/// Variables of the program claim: 1 + 3 + 16.
pub const VARIABLES: usize = 20;
/// Bytes before the proof: version, kind, the coordinates of point and value.
const HEAD: usize = 2 + 4 * DEGREE * (VARIABLES + 1);
/// Elements of the public input.
const PUBLIC_ELEMENTS: usize = 24;

/// That each key has a signature of the message for the slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim {
    /// The slot.
    pub slot: u32,
    /// The message.
    pub message: Message,
    /// The keys.
    pub keys: Vec<PublicKey>,
}

/// The claims in canonical order, the keys of each as well.
pub fn canonical_claims(claims: &[Claim]) -> Vec<Claim> {
    let mut sorted = claims.to_vec();
    for claim in &mut sorted {
        claim.keys.sort_by_key(PublicKey::encode);
    }
    sorted.sort_by_key(|claim| (claim.slot, claim.message));
    sorted
}

/// The record of a claim, whose keys are in canonical order: the public input of section 24.
pub fn record(claim: &Claim) -> Vec<u32> {
    aggregation::public_input(&claim.message, claim.slot, &claim.keys)
}

/// The digest of claims in canonical order.
pub fn claims_digest(claims: &[Claim]) -> Digest {
    let mut digest = Digest::default();
    digest[0] = Felt::new(claims.len() as u64);
    for claim in claims {
        let mut elements = Vec::new();
        for word in record(claim) {
            elements.push(Felt::new(u64::from(word)));
        }
        digest = hash_chunks(digest, &elements);
    }
    digest
}

/// The public input for claims in canonical order, the digest of P_1 and a program claim, in words.
pub fn public_input(
    claims: &[Claim],
    program_digest: &Digest,
    program_claim: &ProgramClaim,
) -> Vec<u32> {
    let mut words = Vec::new();
    for digest in [
        claims_digest(claims),
        *program_digest,
        program_claim.digest(),
    ] {
        for element in digest {
            words.push(element.value());
        }
    }
    words
}

/// The program claim of the bytes between kind and proof, if their words are canonical.
fn program_claim(bytes: &[u8]) -> Option<ProgramClaim> {
    let mut elements = Vec::new();
    for bytes in bytes.chunks(4) {
        let word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        elements.push(Felt::from_canonical(word)?);
    }
    let mut point = Vec::new();
    for element in elements.chunks(DEGREE) {
        point.push(Ext::new(core::array::from_fn(|i| element[i])));
    }
    let value = point.pop()?;
    Some(ProgramClaim { point, value })
}

/// §26.13, §26.14: a claim or a key that is in its list twice.
fn check_duplicates(claims: &[Claim]) -> Result<(), AggregateError> {
    // §26.13.
    for second in 0..claims.len() {
        for first in 0..second {
            let (a, b) = (&claims[first], &claims[second]);
            if (a.slot, a.message) == (b.slot, b.message) {
                return Err(AggregateError::DuplicateClaim { first, second });
            }
        }
    }
    // §26.14.
    for (claim, Claim { keys, .. }) in claims.iter().enumerate() {
        for second in 0..keys.len() {
            for first in 0..second {
                if keys[first] == keys[second] {
                    return Err(AggregateError::DuplicateKeyOfClaim {
                        claim,
                        first,
                        second,
                    });
                }
            }
        }
    }
    Ok(())
}

/// §26.7 to §26.10: what is wrong with the numbers of claims and keys.
fn check_numbers(claims: &[Claim]) -> Result<(), AggregateError> {
    // §26.7.
    if claims.is_empty() {
        return Err(AggregateError::NoClaims);
    }
    // §26.8.
    if claims.len() > MAX_CLAIMS {
        return Err(AggregateError::TooManyClaims);
    }
    // §26.9.
    let mut keys = 0;
    for (index, claim) in claims.iter().enumerate() {
        if claim.keys.is_empty() {
            return Err(AggregateError::NoSignersOfClaim(index));
        }
        keys += claim.keys.len();
    }
    // §26.10.
    if keys > MAX_SIGNERS {
        return Err(AggregateError::TooManySigners);
    }
    Ok(())
}

/// Verifies claims by an aggregate or a merge. The programs are P_0 and P_1.
///
/// # Errors
/// The first error, in the order of SPEC §26.
pub fn verify_claims(
    programs: [&Program; 2],
    claims: &[Claim],
    bytes: &[u8],
) -> Result<(), AggregateError> {
    // §26.1.
    if bytes.len() < 2 {
        return Err(AggregateError::Truncated);
    }
    // §26.2.
    if bytes.len() > MAX_BYTES {
        return Err(AggregateError::TooLong);
    }
    // §26.3.
    if bytes[0] != VERSION {
        return Err(AggregateError::Version);
    }
    // §26.4.
    if bytes[1] != SCHEME && bytes[1] != KIND {
        return Err(AggregateError::Scheme);
    }
    if bytes[1] == SCHEME {
        check_numbers(claims)?;
        // §26.11.
        if claims.len() > 1 {
            return Err(AggregateError::ClaimCount);
        }
        let Claim {
            slot,
            message,
            keys,
        } = &claims[0];
        return aggregation::verify_aggregate(programs[0], message, *slot, keys, bytes);
    }
    // §26.5.
    if bytes.len() < HEAD {
        return Err(AggregateError::Truncated);
    }
    // §26.6.
    let program_claim = program_claim(&bytes[2..HEAD]).ok_or(AggregateError::ProgramClaim)?;
    check_numbers(claims)?;
    verify_merge(programs, claims, &program_claim, &bytes[HEAD..])
}

/// §26.12 to §26.16.
fn verify_merge(
    programs: [&Program; 2],
    claims: &[Claim],
    program_claim: &ProgramClaim,
    proof: &[u8],
) -> Result<(), AggregateError> {
    // §26.12.
    let options = VerifyOptions {
        set: ParameterSet::Production,
        record_events: false,
    };
    verifier::announced(programs[1], PUBLIC_ELEMENTS, proof, options.set)
        .map_err(AggregateError::Proof)?;
    // §26.13, §26.14.
    check_duplicates(claims)?;
    // §26.15.
    let public = public_input(
        &canonical_claims(claims),
        &programs[1].digest(),
        program_claim,
    );
    verifier::verify(programs[1], &public, proof, &options).map_err(AggregateError::Proof)?;
    // §26.16.
    if !program_claim.holds(&programs) {
        return Err(AggregateError::ProgramClaim);
    }
    Ok(())
}
