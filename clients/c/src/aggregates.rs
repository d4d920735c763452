//! Aggregates of signatures, and merges of aggregates.

use leanvm_fast::aggregation::{self, MAX_BYTES, MAX_SIGNERS, Report};
use leanvm_fast::merging::{
    self, AggregateFile, AnyAggregate, Child, MAX_CHILDREN, MAX_CLAIMS, MAX_MESSAGE_BYTES,
    verify_claims,
};
use leanvm_fast::xmss::{Message, PUBLIC_KEY_BYTES, PublicKey, SIGNATURE_BYTES, Signature};

use crate::claims::{self, Claim, decoded, key_bytes};
use crate::handles::{Aggregate, Handle};
use crate::options::Options;
use crate::pointers::{Input, Output, Place, read_options};
use crate::status::{Failure, Status, guard};
use crate::verification;

/// Most bytes of an aggregate file: what its claims and its aggregate may have.
const MAX_FILE_BYTES: usize =
    6 + MAX_CLAIMS * (12 + MAX_MESSAGE_BYTES) + MAX_SIGNERS * PUBLIC_KEY_BYTES + MAX_BYTES;
/// Most signatures that are looked at.
const MAX_GIVEN: usize = 1 << 20;

/// An aggregate with the claims that it states.
pub(crate) struct Stated {
    aggregate: AnyAggregate,
    /// In canonical order.
    claims: Vec<merging::Claim>,
    /// Indices of signatures that were given and are not in it.
    skipped: Vec<usize>,
}

impl Stated {
    fn claim(&self, index: usize) -> Result<&merging::Claim, Failure> {
        self.claims.get(index).ok_or_else(|| {
            let text = format!("claim {index}: there are {}", self.claims.len());
            Failure::new(Status::OutOfRange, text)
        })
    }
}

/// Keys and signatures, as many of the one as of the other.
fn signed(
    keys: &Input<u8>,
    signatures: &Input<u8>,
) -> Result<Vec<(PublicKey, Signature)>, Failure> {
    let keys = keys.bytes("keys", MAX_GIVEN * PUBLIC_KEY_BYTES)?;
    let signatures = signatures.bytes("signatures", MAX_GIVEN * SIGNATURE_BYTES)?;
    let (a, b) = (
        keys.len() / PUBLIC_KEY_BYTES,
        signatures.len() / SIGNATURE_BYTES,
    );
    if a != b {
        let text = format!("{a} keys and {b} signatures, where there are as many of both");
        return Err(Failure::argument(text));
    }
    let keys = decoded("key", keys, PUBLIC_KEY_BYTES, PublicKey::from_bytes)?;
    let signatures = decoded(
        "signature",
        signatures,
        SIGNATURE_BYTES,
        Signature::from_bytes,
    )?;
    Ok(keys.into_iter().zip(signatures).collect())
}

fn aggregate(
    slot: u32,
    message: Message,
    signed: &[(PublicKey, Signature)],
    options: &aggregation::Options<'_>,
) -> Result<Stated, Failure> {
    let (aggregate, report) = aggregation::aggregate_with_report(&message, slot, signed, options)?;
    let Report {
        skipped, repeated, ..
    } = report;
    let mut left_out: Vec<usize> = skipped.iter().map(|one| one.index).collect();
    let mut is_in = vec![true; signed.len()];
    for index in &left_out {
        is_in[*index] = false;
    }
    let keys = is_in.iter().zip(signed).filter(|(is_in, _)| **is_in);
    let claim = merging::Claim {
        slot,
        message,
        keys: keys.map(|(_, (key, _))| *key).collect(),
    };
    left_out.extend(repeated.iter().map(|one| one.second));
    left_out.sort_unstable();
    Ok(Stated {
        aggregate: aggregate.into(),
        claims: merging::union([&claim]),
        skipped: left_out,
    })
}

/// Makes one proof of many signatures of one message for one slot. `keys` is the public keys one
/// after another, `signatures` their signatures in the same order. The order does not matter for
/// the bytes that come out. `options` may be null.
///
/// `LEANVM_STATUS_NOT_VALID` names all signatures that are not valid; with `skip_invalid` they are
/// left out, as are later ones of one key, and `leanvm_aggregate_skipped` names them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_aggregate_signatures(
    slot: u32,
    message: *const u8,
    message_len: usize,
    keys: *const u8,
    keys_len: usize,
    signatures: *const u8,
    signatures_len: usize,
    options: *const Options,
    aggregate: *mut Aggregate,
) -> Status {
    // SAFETY: by the rules for pointers.
    let ([message, keys, signatures], place) = unsafe {
        let inputs = [
            Input::new(message, message_len),
            Input::new(keys, keys_len),
            Input::new(signatures, signatures_len),
        ];
        (inputs, Place::new(aggregate))
    };
    guard(|| {
        Aggregate::make(place, || {
            // SAFETY: by the rules for pointers.
            let prepared = unsafe { read_options(options) }?.prepare()?;
            let message = verification::message(&message)?;
            let signed = signed(&keys, &signatures)?;
            self::aggregate(slot, message, &signed, &prepared.options())
        })
    })
}

fn merge(
    children: &[Aggregate],
    keep: Option<&[merging::Claim]>,
    options: &aggregation::Options<'_>,
) -> Result<Stated, Failure> {
    let child = |(index, handle): (usize, &Aggregate)| {
        let child = handle.get();
        child.map_err(|failure| failure.of(format!("child {index}")))
    };
    let held: Vec<_> = children
        .iter()
        .enumerate()
        .map(child)
        .collect::<Result<_, _>>()?;
    let children: Vec<Child<'_>> = held
        .iter()
        .map(|stated| Child {
            aggregate: &stated.aggregate,
            claims: &stated.claims,
        })
        .collect();
    let merged = merging::merge(&children, keep, options)?;
    Ok(Stated {
        aggregate: merged.merge.into(),
        claims: merged.claims,
        skipped: Vec::new(),
    })
}

/// Makes one proof of the claims of 1 to `LEANVM_MAX_CHILDREN` aggregates, each of either kind,
/// which are verified first and stay as they are. Claims of one slot and message become one. Where
/// `keep` is null and `keep_len` 0, all claims are kept; else those of this list, each with any of
/// the keys that the children show. `options` may be null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_merge(
    children: *const Aggregate,
    children_len: usize,
    keep: *const Claim,
    keep_len: usize,
    options: *const Options,
    aggregate: *mut Aggregate,
) -> Status {
    // SAFETY: by the rules for pointers.
    let (children, keep, place) = unsafe {
        (
            Input::new(children, children_len),
            Input::new(keep, keep_len),
            Place::new(aggregate),
        )
    };
    guard(|| {
        Aggregate::make(place, || {
            let children = children.to_vec("children", MAX_CHILDREN)?;
            // SAFETY: by the rules for pointers.
            let prepared = unsafe { read_options(options) }?.prepare()?;
            let keep = match keep.is_none() {
                true => None,
                false => Some(claims::read(&keep)?),
            };
            merge(&children, keep.as_deref(), &prepared.options())
        })
    })
}

/// Reads an aggregate of either kind. The bytes do not have the claims in them: those are what the
/// caller says they state, and nothing is verified here; `leanvm_aggregate_verify` and
/// `leanvm_merge` do that.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_aggregate_from_bytes(
    bytes: *const u8,
    bytes_len: usize,
    claims: *const Claim,
    claims_len: usize,
    aggregate: *mut Aggregate,
) -> Status {
    // SAFETY: by the rules for pointers.
    let (bytes, claims, place) = unsafe {
        (
            Input::new(bytes, bytes_len),
            Input::new(claims, claims_len),
            Place::new(aggregate),
        )
    };
    guard(|| {
        Aggregate::make(place, || {
            Ok(Stated {
                aggregate: verification::aggregate(&bytes)?,
                claims: claims::read(&claims)?,
                skipped: Vec::new(),
            })
        })
    })
}

/// Reads an aggregate file, as the command `leanvm` writes it: the claims are in it. Nothing is
/// verified here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_aggregate_from_file(
    bytes: *const u8,
    bytes_len: usize,
    aggregate: *mut Aggregate,
) -> Status {
    // SAFETY: by the rules for pointers.
    let (bytes, place) = unsafe { (Input::new(bytes, bytes_len), Place::new(aggregate)) };
    guard(|| {
        Aggregate::make(place, || {
            let bytes = bytes.bytes("bytes", MAX_FILE_BYTES)?;
            let file = AggregateFile::from_bytes(bytes);
            let malformed = |error| Failure::new(Status::Malformed, error).of("file");
            let file = file.map_err(malformed)?;
            Ok(Stated {
                aggregate: file.aggregate().clone(),
                claims: file
                    .claims()
                    .iter()
                    .map(|one| one.claim().clone())
                    .collect(),
                skipped: Vec::new(),
            })
        })
    })
}

/// The bytes of an aggregate, without its claims.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_aggregate_to_bytes(
    aggregate: Aggregate,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> Status {
    // SAFETY: by the rules for pointers.
    let output = unsafe { Output::new(buffer, capacity, length) };
    guard(|| output.write(&aggregate.get()?.aggregate.to_bytes()))
}

/// Verifies an aggregate: that it shows the claims of its handle. A verifier that has claims and
/// bytes calls `leanvm_verify`.
#[unsafe(no_mangle)]
pub extern "C" fn leanvm_aggregate_verify(aggregate: Aggregate) -> Status {
    guard(|| {
        let stated = aggregate.get()?;
        Ok(verify_claims(&stated.claims, &stated.aggregate)?)
    })
}

/// The number of claims of an aggregate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_aggregate_claims(
    aggregate: Aggregate,
    count: *mut usize,
) -> Status {
    // SAFETY: by the rules for pointers.
    let count = unsafe { Place::new(count) };
    guard(|| count.write("count", aggregate.get()?.claims.len()))
}

/// A claim of an aggregate, by rising slot, then message: slot and message are written to `claim`,
/// the public keys, in rising order, to the buffer. `claim` then points to the buffer, and is a
/// claim for other functions as long as the buffer lives. Where only the length is asked for,
/// `claim` has no keys.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_aggregate_claim(
    aggregate: Aggregate,
    index: usize,
    claim: *mut Claim,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> Status {
    // SAFETY: by the rules for pointers.
    let (place, output) = unsafe { (Place::new(claim), Output::new(buffer, capacity, length)) };
    guard(|| {
        let stated = aggregate.get()?;
        let claim = stated.claim(index)?;
        let keys = key_bytes(&claim.keys);
        let wanted = output.wants(keys.len())?;
        let written = Claim {
            slot: claim.slot,
            message: claim.message.to_canonical_bytes(),
            keys: output.start(),
            keys_len: if wanted { keys.len() } else { 0 },
        };
        place.write("claim", written)?;
        output.write(&keys)
    })
}

/// The indices of the signatures that `leanvm_aggregate_signatures` was given and left out, by
/// rising index; none without `skip_invalid`. `capacity` and `length` count indices.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn leanvm_aggregate_skipped(
    aggregate: Aggregate,
    buffer: *mut usize,
    capacity: usize,
    length: *mut usize,
) -> Status {
    // SAFETY: by the rules for pointers.
    let output = unsafe { Output::new(buffer, capacity, length) };
    guard(|| output.write(&aggregate.get()?.skipped))
}

/// Frees an aggregate.
#[unsafe(no_mangle)]
pub extern "C" fn leanvm_aggregate_free(aggregate: Aggregate) -> Status {
    guard(|| aggregate.free())
}
