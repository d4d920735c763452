//! SPEC §26 merging.
//!
//! The verifier of a list of claims: one proof, of either kind, that each key of each claim has a
//! signature of the message of the claim for its slot. The programs are given, since a verifier
//! knows them: they are the files `programs/artefacts/leanxmss42.lvm` and
//! `programs/artefacts/merge.lvm`.
//!
//! A file has claims beside such a proof.

use crate::aggregation::{self, AggregateError, MAX_BYTES, MAX_SIGNERS, SCHEME, VERSION};
use crate::field::{DEGREE, Ext, Felt};
use crate::isa::Program;
use crate::parameters::ParameterSet;
use crate::permutation::Digest;
use crate::recursion::{ProgramClaim, hash_chunks};
use crate::verifier::{self, VerifyOptions};
use crate::xmss::{Message, PublicKey, message_of_bytes};

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
/// The second byte of a file.
pub const FILE_KIND: u8 = 44;
/// Bytes of an encoded key.
const KEY_BYTES: usize = 32;
/// Most bytes of a message of a file.
pub const MAX_MESSAGE_BYTES: usize = 1 << 16;

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

/// A claim of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileClaim {
    /// The bytes of the message.
    pub message_bytes: Vec<u8>,
    /// The claim.
    pub claim: Claim,
}

/// Claims beside the bytes of an aggregate or a merge. Nothing says that these show the claims.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AggregateFile {
    /// The claims.
    pub claims: Vec<FileClaim>,
    /// The bytes.
    pub rest: Vec<u8>,
}

/// §26.20: takes so many bytes.
fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8], AggregateError> {
    if bytes.len() < length {
        return Err(AggregateError::FileTruncated);
    }
    let (taken, left) = bytes.split_at(length);
    *bytes = left;
    Ok(taken)
}

/// Takes a number.
fn take_number(bytes: &mut &[u8]) -> Result<u32, AggregateError> {
    let four = take(bytes, 4)?;
    Ok(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

impl AggregateFile {
    /// Reads a file.
    ///
    /// # Errors
    /// The first error, in the order of SPEC §26.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AggregateError> {
        // §26.17.
        if bytes.len() < 2 {
            return Err(AggregateError::Truncated);
        }
        // §26.18.
        if bytes[0] != VERSION {
            return Err(AggregateError::Version);
        }
        // §26.19.
        if bytes[1] != FILE_KIND {
            return Err(AggregateError::Scheme);
        }
        let mut left = &bytes[2..];
        let number = take_number(&mut left)? as usize;
        // §26.21.
        if number == 0 {
            return Err(AggregateError::NoClaims);
        }
        // §26.22.
        if number > MAX_CLAIMS {
            return Err(AggregateError::TooManyClaims);
        }
        let mut claims: Vec<FileClaim> = Vec::new();
        for index in 0..number {
            let claim = read_claim(&claims, index, &mut left)?;
            claims.push(claim);
        }
        let rest = left.to_vec();
        Ok(Self { claims, rest })
    }
}

/// §26.20, §26.23 to §26.28: the claim of this index, behind those before.
fn read_claim(
    before: &[FileClaim],
    index: usize,
    left: &mut &[u8],
) -> Result<FileClaim, AggregateError> {
    let slot = take_number(left)?;
    let length = take_number(left)? as usize;
    // §26.23.
    if length > MAX_MESSAGE_BYTES {
        return Err(AggregateError::FileMessage(index));
    }
    let message_bytes = take(left, length)?.to_vec();
    let message = message_of_bytes(&message_bytes).expect("2^16 bytes have a message");
    // §26.24.
    if let Some(FileClaim { claim, .. }) = before.last()
        && (slot, message) <= (claim.slot, claim.message)
    {
        return Err(AggregateError::FileOrder {
            claim: index,
            key: None,
        });
    }
    let number = take_number(left)? as usize;
    // §26.25.
    if number == 0 {
        return Err(AggregateError::NoSignersOfClaim(index));
    }
    // §26.26.
    let mut total = number;
    for FileClaim { claim, .. } in before {
        total += claim.keys.len();
    }
    if total > MAX_SIGNERS {
        return Err(AggregateError::TooManySigners);
    }
    let mut keys: Vec<PublicKey> = Vec::new();
    let encodings = take(left, KEY_BYTES * number)?;
    for (key, encoding) in encodings.chunks(KEY_BYTES).enumerate() {
        // §26.27.
        let Ok(decoded) = PublicKey::decode(encoding) else {
            return Err(AggregateError::FileKey { claim: index, key });
        };
        // §26.28.
        if let Some(last) = keys.last()
            && encoding <= &last.encode()[..]
        {
            return Err(AggregateError::FileOrder {
                claim: index,
                key: Some(key),
            });
        }
        keys.push(decoded);
    }
    Ok(FileClaim {
        message_bytes,
        claim: Claim {
            slot,
            message,
            keys,
        },
    })
}
