//! Whether bytes show what they should.
//!
//! A clock is given from outside, in milliseconds: WebAssembly has none of its own.

use leanvm_verifier::aggregation::SCHEME;
use leanvm_verifier::cost::Permutations;
use leanvm_verifier::leansig;
use leanvm_verifier::merging::{self, AggregateFile, AnyAggregate, FILE_KIND};
use leanvm_verifier::parameters::ParameterSet;
use leanvm_verifier::verifier::{self, VerifyOptions};
use leanvm_verifier::xmss::{self, Message};
use serde::Serialize;

use crate::failure::{Failure, Subject};
use crate::hex;
use crate::inspect::{self, Claim};
use crate::read::{self, Claims, Scheme};

/// Who chose the claims that were verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ClaimsOf {
    /// The caller: the list of signers.
    List,
    /// Whoever made the file. What the claims should be is for the caller to compare.
    File,
}

/// An aggregate or a merge that shows its claims.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AcceptedAggregate {
    /// Who chose the claims.
    pub claims_of: ClaimsOf,
    /// The scheme of the signatures.
    pub scheme: Scheme,
    /// What is shown.
    pub claims: Vec<Claim>,
    /// Keys of all claims.
    pub keys: usize,
    /// Bytes of the aggregate alone.
    pub aggregate_bytes: usize,
    /// Permutations of width 16 and of width 24 that verifying took.
    pub permutations: [usize; 2],
    /// The time that it took.
    pub milliseconds: f64,
}

/// A signature that verifies.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AcceptedSignature {
    /// The scheme.
    pub scheme: Scheme,
    /// The slot.
    pub slot: u32,
    /// The bytes of the message, in hexadecimal digits.
    pub message: String,
    /// The encoding of the key, in hexadecimal digits.
    pub public_key: String,
    /// The time that it took.
    pub milliseconds: f64,
}

/// A proof that a program accepts a public input.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AcceptedProof {
    /// The name of the parameter set.
    pub parameters: &'static str,
    /// Elements of the public input.
    pub public_elements: usize,
    /// Cells of the memory of the execution.
    pub memory_cells: usize,
    /// Permutations of width 16 and of width 24 that verifying took.
    pub permutations: [usize; 2],
    /// The time that it took.
    pub milliseconds: f64,
}

fn pair(total: Permutations) -> [usize; 2] {
    [total.width_16, total.width_24]
}

/// The result of some work, and the time that it took.
fn timed<T>(
    clock: impl Fn() -> f64,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<(T, f64), Failure> {
    let started = clock();
    let result = work();
    let elapsed = clock() - started;
    match result {
        Ok(value) => Ok((value, elapsed)),
        Err(failure) => Err(failure.after(elapsed)),
    }
}

/// Verifies an aggregate or a merge: by a list of signers, which alone decides, or by the claims of
/// the file itself.
///
/// # Errors
/// [`Failure`].
pub fn aggregate(
    bytes: &[u8],
    signers: Option<&[u8]>,
    clock: impl Fn() -> f64,
) -> Result<AcceptedAggregate, Failure> {
    let list = signers.map(read::signers).transpose()?;
    let (own, inner) = stored(bytes)?;
    let claims_of = if list.is_some() {
        ClaimsOf::List
    } else {
        ClaimsOf::File
    };
    let claims = list.or(own).ok_or_else(|| {
        let message = "these are the bytes alone, without their claims: give the list of signers";
        Failure::unusable(Subject::Signers, "signers-missing", message)
    })?;
    let bytes = inner.as_deref().unwrap_or(bytes);
    let (permutations, milliseconds) = timed(clock, || of_claims(bytes, &claims))?;
    let (shown, keys) = inspect::shown(&claims);
    Ok(AcceptedAggregate {
        claims_of,
        scheme: claims.scheme(),
        claims: shown,
        keys,
        aggregate_bytes: bytes.len(),
        permutations,
        milliseconds,
    })
}

/// The claims of a file and the bytes of its aggregate, if it is such a file.
fn stored(bytes: &[u8]) -> Result<(Option<Claims>, Option<Vec<u8>>), Failure> {
    if bytes.get(1) != Some(&FILE_KIND) {
        return Ok((None, None));
    }
    let file = AggregateFile::from_bytes(bytes).map_err(|error| Failure::of_form(26, error))?;
    let claims = Claims::of_file(file.claims());
    Ok((Some(claims), Some(file.aggregate().to_bytes())))
}

/// The permutations of verifying the bytes of an aggregate by its claims.
fn of_claims(bytes: &[u8], claims: &Claims) -> Result<[usize; 2], Failure> {
    let cost = match claims {
        Claims::Leanxmss42(claims) => {
            let section = if bytes.get(1) == Some(&SCHEME) {
                24
            } else {
                26
            };
            let aggregate =
                AnyAggregate::from_bytes(bytes).map_err(|e| Failure::of_form(section, e))?;
            let claims: Vec<_> = claims.iter().map(|(_, claim)| claim.clone()).collect();
            merging::verify_claims_with_cost(&claims, &aggregate)
                .map_err(|error| Failure::of_aggregate(section, error))?
        }
        Claims::LeansigDim64(claims) => leansig::Aggregate::from_bytes(bytes)
            .map_err(leansig::AggregateError::from)
            .and_then(|aggregate| leansig::verify_aggregate_with_cost(claims, &aggregate))
            .map_err(Failure::of_leansig_aggregate)?,
    };
    Ok(pair(cost.total()))
}

/// Verifies a signature with its key, slot and message.
///
/// # Errors
/// [`Failure`].
pub fn signature(record: &[u8], clock: impl Fn() -> f64) -> Result<AcceptedSignature, Failure> {
    let signed = read::signature(record)?;
    let ((), milliseconds) = timed(clock, || of_signature(&signed))?;
    Ok(AcceptedSignature {
        scheme: signed.scheme,
        slot: signed.slot,
        message: hex::encode(&signed.message),
        public_key: hex::encode(&signed.public_key),
        milliseconds,
    })
}

fn of_signature(signed: &read::Signed) -> Result<(), Failure> {
    let subject = Subject::Signature;
    let (key, slot, signature) = (&signed.public_key, signed.slot, &signed.signature);
    match signed.scheme {
        Scheme::Leanxmss42 => {
            let message =
                Message::from_bytes(&signed.message).map_err(|_| read::too_long(subject))?;
            xmss::verify_encodings(key, slot, &message.to_canonical_bytes(), signature)
                .map_err(Failure::of_signature)
        }
        Scheme::LeansigDim64 => {
            let message = signed.message.as_slice().try_into().map_err(|_| {
                let message = "a message of leansig-dim64 has 32 bytes";
                Failure::unusable(subject, "length", message)
            })?;
            leansig::verify(key, slot, message, signature).map_err(Failure::of_leansig_signature)
        }
    }
}

/// Verifies that a program, binary or assembly text, accepts the public input of an input file, by
/// a proof of the parameter set of this name.
///
/// # Errors
/// [`Failure`].
pub fn program(
    program: &[u8],
    proof: &[u8],
    input: Option<&[u8]>,
    parameters: &str,
    clock: impl Fn() -> f64,
) -> Result<AcceptedProof, Failure> {
    let set = ParameterSet::ALL
        .into_iter()
        .find(|set| set.name() == parameters);
    let set = set.ok_or_else(|| {
        let message = "the parameter set is neither production nor small nor tiny";
        Failure::unusable(Subject::Proof, "parameter-set", message)
    })?;
    let (program, _) = inspect::decode_program(program)?;
    let public = input
        .map(read::public_input)
        .transpose()?
        .unwrap_or_default();
    let options = VerifyOptions {
        set,
        record_events: false,
    };
    let (verified, milliseconds) = timed(clock, || {
        verifier::verify(&program, &public, proof, &options)
            .map_err(|error| Failure::of_program(Subject::Proof, error))
    })?;
    Ok(AcceptedProof {
        parameters: set.name(),
        public_elements: public.len(),
        memory_cells: verified.summary.memory_cells,
        permutations: pair(verified.cost.total()),
        milliseconds,
    })
}
