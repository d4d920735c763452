//! SPEC §26 merging.
//!
//! A proof of many claims, each that some keys have signed a message for a slot, is checked against
//! the verifier's own list of claims. The order of the list does not matter, nor that of the keys
//! of a claim. A merge is made from aggregates and merges; an aggregate of section 24 is a proof of
//! one claim.

use std::sync::LazyLock;

use p3_field::PrimeCharacteristicRing;

use crate::aggregation::order::{Duplicate, canonical};
use crate::aggregation::{
    AggregateError, MAX_SIGNERS, PUBLIC_ELEMENTS, program as leanxmss42, public_input as record_of,
};
use crate::cost::{Cost, Permutations};
use crate::field::{F, to_canonical};
use crate::isa::Program;
use crate::parameters::ParameterSet;
use crate::permutation::{DIGEST, Digest};
use crate::recursion::{ProgramClaim, hash_chunks};
use crate::rejection::Error;
use crate::verifier::Announced;
use crate::xmss::{Message, PublicKey};

mod file;
mod form;
mod registry;

pub use file::{AggregateFile, FILE_KIND, FileClaim, MAX_MESSAGE_BYTES};
pub use form::{AnyAggregate, KIND, Merge, VARIABLES};
pub use registry::RegistryError;

/// The program that verifies aggregates and merges.
static PROGRAM: LazyLock<Result<Program, Error>> =
    LazyLock::new(|| Program::decode(leanvm_programs::artefacts::MERGE.program));

/// Most claims of a list.
pub const MAX_CLAIMS: usize = 1 << 8;
/// Chunks of the record of a claim.
const RECORD_CHUNKS: usize = PUBLIC_ELEMENTS / DIGEST;
/// Chunks of the coordinates of a program claim.
const CLAIM_CHUNKS: usize = form::CLAIM_WORDS.div_ceil(DIGEST);

/// That each key has a signature of the message for the slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The slot.
    pub slot: u32,
    /// The message.
    pub message: Message,
    /// The keys, in any order.
    pub keys: Vec<PublicKey>,
}

/// A claim's place in the canonical order: slot, elements of the message.
pub type Order = (u32, [u32; DIGEST]);

/// The place of a claim in the canonical order.
#[must_use]
pub fn order(claim: &Claim) -> Order {
    (claim.slot, claim.message.0.map(to_canonical))
}

/// The claims in canonical order, the keys of each as well.
///
/// # Errors
/// [`AggregateError::DuplicateClaim`], then [`AggregateError::DuplicateKeyOfClaim`].
pub fn canonical_claims(claims: &[Claim]) -> Result<Vec<Claim>, AggregateError> {
    // §26.13.
    canonical(claims, |claim| order(claim))
        .map_err(|Duplicate { first, second }| AggregateError::DuplicateClaim { first, second })?;
    let mut result = claims
        .iter()
        .enumerate()
        .map(|(index, claim)| canonical_keys(index, claim))
        .collect::<Result<Vec<_>, _>>()?;
    result.sort_by_key(order);
    Ok(result)
}

/// The claim of this index, with its keys in canonical order.
fn canonical_keys(index: usize, claim: &Claim) -> Result<Claim, AggregateError> {
    // §26.14.
    let keys = canonical(claim.keys.iter().copied(), PublicKey::to_bytes).map_err(
        |Duplicate { first, second }| AggregateError::DuplicateKeyOfClaim {
            claim: index,
            first,
            second,
        },
    )?;
    Ok(Claim { keys, ..*claim })
}

/// The record of a claim, whose keys are in canonical order: the public input of section 24.
#[must_use]
pub fn record(claim: &Claim) -> Vec<u32> {
    record_of(&claim.message, claim.slot, &claim.keys)
}

/// The digest of the claims, which are in canonical order: digest = (m, 0, …, 0); for each chunk of
/// each record digest ← hash_pair(digest, chunk).
pub fn claims_digest(claims: &[Claim]) -> Digest {
    let mut start = Digest::default();
    if let Some(first) = start.first_mut() {
        *first = F::from_usize(claims.len());
    }
    claims.iter().fold(start, |digest, claim| {
        let record: Vec<F> = record(claim).into_iter().map(F::new).collect();
        hash_chunks(digest, &record)
    })
}

/// The public input: the digest of the claims, which are in canonical order, that of P_1, and that
/// of the program claim.
#[must_use]
pub fn public_input(
    claims: &[Claim],
    program_digest: &Digest,
    program_claim: &ProgramClaim,
) -> Vec<u32> {
    let digests = [
        claims_digest(claims),
        *program_digest,
        program_claim.digest(),
    ];
    digests.into_iter().flatten().map(to_canonical).collect()
}

/// The permutations that the public input takes, without those of the digest of P_1.
fn list_cost(statement: &Statement<'_>) -> Permutations {
    let keys = statement.claims.iter().map(|claim| claim.keys.len());
    let digests = if statement.program_claim.is_some() {
        let records = statement.claims.len().saturating_mul(RECORD_CHUNKS);
        records.saturating_add(CLAIM_CHUNKS)
    } else {
        0
    };
    let width_16 = keys.fold(digests, usize::saturating_add);
    let width_24 = 0;
    Permutations { width_16, width_24 }
}

/// §26.7 to §26.10: what is wrong with the numbers of claims and keys.
///
/// # Errors
/// [`AggregateError::NoClaims`], [`AggregateError::TooManyClaims`],
/// [`AggregateError::NoSignersOfClaim`], [`AggregateError::TooManySigners`].
pub fn check_numbers(claims: &[Claim]) -> Result<(), AggregateError> {
    let given = claims.len();
    if given == 0 {
        // §26.7.
        return Err(AggregateError::NoClaims);
    }
    if given > MAX_CLAIMS {
        // §26.8.
        return Err(AggregateError::TooManyClaims { given });
    }
    if let Some(claim) = claims.iter().position(|claim| claim.keys.is_empty()) {
        // §26.9.
        return Err(AggregateError::NoSignersOfClaim { claim });
    }
    let keys = claims.iter().map(|claim| claim.keys.len());
    let given = keys.fold(0, usize::saturating_add);
    if given > MAX_SIGNERS {
        // §26.10.
        return Err(AggregateError::TooManySigners { given });
    }
    Ok(())
}

/// What a proof is of, and the claims that it states.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    /// Which of P_0 and P_1 the proof is of.
    pub program: usize,
    /// The proof of SPEC §19.
    pub proof: &'a [u8],
    /// The program claim of a merge.
    pub program_claim: Option<&'a ProgramClaim>,
    /// The claims in canonical order.
    pub claims: Vec<Claim>,
    /// The public input.
    pub public: Vec<u32>,
}

/// The statement of these claims by an aggregate, and what the header of the proof announces.
fn stated<'a>(
    programs: [&'a Program; 2],
    claims: &[Claim],
    aggregate: &'a AnyAggregate,
) -> Result<(Statement<'a>, Announced<'a>), AggregateError> {
    check_numbers(claims)?;
    let [leanxmss42, merge] = programs;
    let (program, proof, program_claim) = match aggregate {
        AnyAggregate::Signatures(_) if claims.len() > 1 => {
            // §26.11.
            let given = claims.len();
            return Err(AggregateError::ClaimCount { given });
        }
        AnyAggregate::Signatures(aggregate) => (leanxmss42, aggregate.proof(), None),
        AnyAggregate::Merge(aggregate) => {
            (merge, aggregate.proof(), Some(aggregate.program_claim()))
        }
    };
    // §24.7, §26.12.
    let set = ParameterSet::Production;
    let announced =
        Announced::read(program, PUBLIC_ELEMENTS, proof, set).map_err(AggregateError::Proof)?;
    // §24.8, §26.13, §26.14.
    let claims = canonical_claims(claims).map_err(|error| match (program_claim, error) {
        // The one list of keys of an aggregate.
        (None, AggregateError::DuplicateKeyOfClaim { first, second, .. }) => {
            AggregateError::DuplicateKey { first, second }
        }
        (_, error) => error,
    })?;
    let public = match (program_claim, claims.first()) {
        (None, Some(claim)) => record(claim),
        (None, None) => Vec::new(),
        (Some(program_claim), _) => public_input(&claims, &program.digest(), program_claim),
    };
    let statement = Statement {
        program: usize::from(program_claim.is_some()),
        proof,
        program_claim,
        claims,
        public,
    };
    Ok((statement, announced))
}

/// The statement of these claims by an aggregate, which is yet to be verified.
///
/// # Errors
/// Those of [`verify_claims_of`], up to a claim or a key twice.
pub fn statement<'a>(
    programs: [&'a Program; 2],
    claims: &[Claim],
    aggregate: &'a AnyAggregate,
) -> Result<Statement<'a>, AggregateError> {
    stated(programs, claims, aggregate).map(|(statement, _)| statement)
}

/// The programs P_0, of aggregates, and P_1, of merges.
///
/// # Errors
/// Never: the bytes are part of the library.
pub fn programs() -> Result<[&'static Program; 2], Error> {
    let merge = PROGRAM.as_ref().map_err(Clone::clone)?;
    Ok([leanxmss42()?, merge])
}

/// Verifies that each key of each claim has a signature of its message for its slot. Neither the
/// order of the claims nor that of their keys matters.
///
/// # Errors
/// Those of [`verify_claims_of`].
///
/// # Soundness
/// That of the parameter set `production` for each proof of the tree that was merged: SPEC §26.
pub fn verify_claims(claims: &[Claim], aggregate: &AnyAggregate) -> Result<(), AggregateError> {
    verify_claims_with_cost(claims, aggregate).map(drop)
}

/// [`verify_claims`], which also tells what it has taken.
///
/// # Errors
/// Those of [`verify_claims_of`].
pub fn verify_claims_with_cost(
    claims: &[Claim],
    aggregate: &AnyAggregate,
) -> Result<Cost, AggregateError> {
    let programs = programs().map_err(AggregateError::Proof)?;
    verify_claims_of(programs, claims, aggregate)
}

/// [`verify_claims_with_cost`] by other programs P_0 and P_1.
///
/// # Errors
/// The first that applies of what is wrong with the numbers of claims and keys,
/// [`AggregateError::ClaimCount`], [`AggregateError::Proof`] for what the header of the proof
/// announces, a claim or a key twice, [`AggregateError::Proof`], [`AggregateError::ProgramClaim`].
pub fn verify_claims_of(
    programs: [&Program; 2],
    claims: &[Claim],
    aggregate: &AnyAggregate,
) -> Result<Cost, AggregateError> {
    let (statement, announced) = stated(programs, claims, aggregate)?;
    // §24.9, §26.15.
    let verified = announced
        .verify(&statement.public, false)
        .map_err(AggregateError::Proof)?;
    if statement
        .program_claim
        .is_some_and(|claim| !claim.holds(&programs))
    {
        // §26.16.
        return Err(AggregateError::ProgramClaim);
    }
    Ok(verified.cost.with_list(list_cost(&statement)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(slot: u32, keys: &[u32]) -> Claim {
        let key = |number: &u32| PublicKey {
            root: [F::from_u32(*number); 4],
            parameter: [F::ZERO; 4],
        };
        Claim {
            slot,
            message: Message([F::ONE; 8]),
            keys: keys.iter().map(key).collect(),
        }
    }

    #[test]
    fn errors_name_the_claim() {
        let checked = |claims: &[Claim]| {
            let checked = check_numbers(claims).and_then(|()| canonical_claims(claims));
            checked.map(drop).map_err(|error| error.to_string())
        };
        let (one, two) = (claim(5, &[3, 1, 2]), claim(4, &[1, 2]));
        assert_eq!(checked(&[one.clone(), two.clone()]), Ok(()));
        for (claims, text) in [
            (vec![], "the list of claims is empty"),
            (vec![one.clone(); 257], "257 claims, at most 256"),
            (vec![one.clone(), claim(4, &[])], "claim 1 has no keys"),
            (
                vec![one.clone(), two.clone(), claim(5, &[9])],
                "claims 0 and 2 are of one slot and message",
            ),
            (
                vec![one.clone(), two, claim(7, &[6, 8, 6])],
                "keys 0 and 2 of claim 2 are equal",
            ),
        ] {
            assert_eq!(checked(&claims), Err(text.to_owned()));
        }
        let any = AnyAggregate::from_bytes(&[1, 42]).unwrap();
        let program = crate::assembly::assemble("halt").unwrap();
        let error = verify_claims_of([&program; 2], &[one.clone(), claim(8, &[1])], &any);
        assert_eq!(
            error.unwrap_err().to_string(),
            "2 claims, the aggregate is of one"
        );
    }
}
