//! Aggregates of SPEC §24 as both twins verify them, and one that `fast` makes.

use std::sync::LazyLock;

use crate::shape::HEADER_WORDS;
use leanvm_fast::aggregation as fast;
use leanvm_fast::xmss as fast_xmss;
use leanvm_programs::artefacts::LEANXMSS42;
use leanvm_spec::aggregation as spec;
use leanvm_spec::xmss as spec_xmss;

/// What a verifier is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The encoded message.
    pub message: Vec<u8>,
    /// The slot.
    pub slot: u32,
    /// The encoded public keys.
    pub keys: Vec<Vec<u8>>,
    /// The bytes of the aggregate.
    pub aggregate: Vec<u8>,
}

/// An error of SPEC §24 or §26.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// Its name.
    pub name: &'static str,
    /// Its code.
    pub code: u32,
    /// The code of the rejection of SPEC §2 inside, or 0.
    pub rejection: u32,
    /// The index of the claim, if it is one of several.
    pub claim: Option<usize>,
    /// The index of the key, if it is one of a file.
    pub key: Option<usize>,
    /// The indices of the equal keys or claims, if two are.
    pub duplicate: Option<(usize, usize)>,
}

/// What `spec` says of an error.
pub(crate) fn refusal_of_spec(error: &spec::AggregateError) -> Refusal {
    use spec::AggregateError as E;
    let mut refusal = Refusal {
        name: error.name(),
        code: error.code(),
        ..Refusal::default()
    };
    match error {
        E::Proof(error) => refusal.rejection = error.rejection.code(),
        E::NoSignersOfClaim(claim) | E::FileMessage(claim) => refusal.claim = Some(*claim),
        E::FileKey { claim, key } => {
            (refusal.claim, refusal.key) = (Some(*claim), Some(*key));
        }
        E::FileOrder { claim, key } => (refusal.claim, refusal.key) = (Some(*claim), *key),
        E::DuplicateKey { first, second } | E::DuplicateClaim { first, second } => {
            refusal.duplicate = Some((*first, *second));
        }
        E::DuplicateKeyOfClaim {
            claim,
            first,
            second,
        } => {
            refusal.claim = Some(*claim);
            refusal.duplicate = Some((*first, *second));
        }
        _ => (),
    }
    refusal
}

/// What `fast` says of an error.
pub(crate) fn refusal_of_fast(error: &fast::AggregateError) -> Refusal {
    use fast::{AggregateError as E, FormError};
    let mut refusal = Refusal {
        name: error.name(),
        code: error.code(),
        ..Refusal::default()
    };
    match error {
        E::Proof(error) => refusal.rejection = error.rejection.code(),
        E::NoSignersOfClaim { claim }
        | E::Form(FormError::NoSigners { claim } | FormError::FileMessage { claim, .. }) => {
            refusal.claim = Some(*claim);
        }
        E::Form(FormError::FileKey { claim, key }) => {
            (refusal.claim, refusal.key) = (Some(*claim), Some(*key));
        }
        E::Form(FormError::FileOrder { claim, key }) => {
            (refusal.claim, refusal.key) = (Some(*claim), *key);
        }
        E::DuplicateKey { first, second } | E::DuplicateClaim { first, second } => {
            refusal.duplicate = Some((*first, *second));
        }
        E::DuplicateKeyOfClaim {
            claim,
            first,
            second,
        } => {
            refusal.claim = Some(*claim);
            refusal.duplicate = Some((*first, *second));
        }
        _ => (),
    }
    refusal
}

/// A twin's verdict.
pub type Verdict = Result<(), Refusal>;

/// The program as `spec` reads it.
static SPEC_PROGRAM: LazyLock<leanvm_spec::isa::Program> = LazyLock::new(|| {
    leanvm_spec::isa::Program::decode(LEANXMSS42.program).expect("the artefact is a program")
});

/// The verdict of `spec`.
///
/// # Errors
/// The refusal.
///
/// # Panics
/// If the message or a key is not an encoding.
pub fn spec_verdict(question: &Question) -> Verdict {
    let message = spec_xmss::decode_message(&question.message).expect("a message");
    let keys: Vec<spec_xmss::PublicKey> = question
        .keys
        .iter()
        .map(|key| spec_xmss::PublicKey::decode(key).expect("a key"))
        .collect();
    spec::verify_aggregate(
        &SPEC_PROGRAM,
        &message,
        question.slot,
        &keys,
        &question.aggregate,
    )
    .map_err(|error| refusal_of_spec(&error))
}

/// The verdict of `fast`.
///
/// # Errors
/// The refusal.
///
/// # Panics
/// If the message or a key is not an encoding.
pub fn fast_verdict(question: &Question) -> Verdict {
    let message = fast_xmss::Message::from_canonical_bytes(&question.message).expect("a message");
    let keys: Vec<fast_xmss::PublicKey> = question
        .keys
        .iter()
        .map(|key| fast_xmss::PublicKey::from_bytes(key).expect("a key"))
        .collect();
    fast::Aggregate::from_bytes(&question.aggregate)
        .map_err(fast::AggregateError::from)
        .and_then(|aggregate| fast::verify_aggregate(&message, question.slot, &keys, &aggregate))
        .map_err(|error| refusal_of_fast(&error))
}

/// The verdict of both.
///
/// # Errors
/// Their refusal.
///
/// # Panics
/// If they differ.
pub fn verdict(question: &Question) -> Verdict {
    let fast = fast_verdict(question);
    assert_eq!(spec_verdict(question), fast, "the twins differ");
    fast
}

/// The public key and the signature of a signer made from a seed.
fn signer(
    seed: &[u8],
    message: &fast_xmss::Message,
    slot: u32,
) -> (fast_xmss::PublicKey, fast_xmss::Signature) {
    let seed = fast_xmss::Seed::of_known_bytes(seed).expect("a seed");
    let slots = u64::from(slot)..u64::from(slot) + 1;
    let mut key = fast_xmss::SecretKey::generate(slots, seed).expect("a key");
    let signature = key.sign(slot, message).expect("a signature");
    (*key.public_key(), signature)
}

/// The aggregate of `number` signers at a rate of 2^−`log_inv_rate`; a verifier accepts it.
///
/// # Panics
/// If `fast` makes none.
#[must_use]
pub fn aggregate(number: u8, slot: u32, log_inv_rate: u32) -> Question {
    let seeds: Vec<[u8; 1]> = (0..number).map(|i| [i]).collect();
    aggregate_of(&seeds, slot, log_inv_rate)
}

/// The slot of [`CLOSE_SEEDS`].
pub const CLOSE_SLOT: u32 = 0x0123_4567;
/// Seeds of four signers. With [`CLOSE_SLOT`] as their only slot, the keys of the last two have the
/// same first word: the second decides their order, by its bytes otherwise than as a number. They
/// are from a search among the seeds 0 to 89,999, each as four bytes.
pub const CLOSE_SEEDS: [[u8; 4]; 4] = [
    0u32.to_le_bytes(),
    1u32.to_le_bytes(),
    52_369u32.to_le_bytes(),
    85_560u32.to_le_bytes(),
];

/// The aggregate of signers made from these seeds.
///
/// # Panics
/// If `fast` makes none.
#[must_use]
pub fn aggregate_of<S: AsRef<[u8]>>(seeds: &[S], slot: u32, log_inv_rate: u32) -> Question {
    aggregate_of_message(b"aggregate", seeds, slot, log_inv_rate)
}

/// The aggregate of signatures of this message by signers made from these seeds.
///
/// # Panics
/// If `fast` makes none.
#[must_use]
pub fn aggregate_of_message<S: AsRef<[u8]>>(
    message: &[u8],
    seeds: &[S],
    slot: u32,
    log_inv_rate: u32,
) -> Question {
    let message = fast_xmss::Message::from_bytes(message).expect("few bytes");
    let signers = seeds
        .iter()
        .map(|seed| signer(seed.as_ref(), &message, slot));
    let signers: Vec<_> = signers.collect();
    let options = fast::Options::default().log_inv_rate(log_inv_rate);
    let aggregate = fast::aggregate(&message, slot, &signers, &options).expect("valid signatures");
    Question {
        message: message.to_canonical_bytes().to_vec(),
        slot,
        keys: signers
            .iter()
            .map(|(key, _)| key.to_bytes().to_vec())
            .collect(),
        aggregate: aggregate.to_bytes(),
    }
}

/// The encoded public key of a signer that signs nothing.
///
/// # Panics
/// Never.
#[must_use]
pub fn stranger() -> Vec<u8> {
    let seed = fast_xmss::Seed::of_known_bytes(b"stranger").expect("a seed");
    let key = fast_xmss::SecretKey::generate(0..1, seed).expect("a key");
    key.public_key().to_bytes().to_vec()
}

/// The question with something changed that does not matter, each with a name: all of them are
/// accepted.
#[must_use]
pub fn same(question: &Question) -> Vec<(&'static str, Question)> {
    let mut reversed = question.clone();
    reversed.keys.reverse();
    let mut rotated = question.clone();
    rotated.keys.rotate_left(1);
    vec![("keys reversed", reversed), ("keys rotated", rotated)]
}

/// The question with something changed, each with a name: none of them is accepted.
#[must_use]
pub fn changed(question: &Question) -> Vec<(&'static str, Question)> {
    let mut cases = Vec::new();
    let mut case = |name, change: &dyn Fn(&mut Question)| {
        let mut question = question.clone();
        change(&mut question);
        cases.push((name, question));
    };
    case("no bytes", &|q| q.aggregate.clear());
    case("one byte", &|q| q.aggregate.truncate(1));
    case("too long", &|q| q.aggregate.resize((1 << 19) + 1, 0));
    case("version 0", &|q| q.aggregate[0] = 0);
    case("version 255", &|q| q.aggregate[0] = 255);
    case("another scheme", &|q| q.aggregate[1] = 64);
    case("no keys", &|q| q.keys.clear());
    case("a key twice", &|q| q.keys.push(q.keys[0].clone()));
    case("another message", &|q| q.message[0] ^= 1);
    case("another slot", &|q| q.slot ^= 1);
    case("one key less", &|q| drop(q.keys.pop()));
    case("one key more", &|q| q.keys.push(stranger()));
    case("another key", &|q| q.keys[0] = stranger());
    case("no keys, no proof", &|q| {
        q.keys.clear();
        q.aggregate.truncate(2);
    });
    // The header comes before a key that stands there twice, all else after it.
    case("a key twice, no proof", &|q| {
        q.keys.push(q.keys[0].clone());
        q.aggregate.truncate(2);
    });
    case("a key twice, another magic", &|q| {
        q.keys.push(q.keys[0].clone());
        q.aggregate[2] ^= 1;
    });
    case("a key twice, another set", &|q| {
        q.keys.push(q.keys[0].clone());
        q.aggregate[2 + 8] = 1;
    });
    case("a key twice, too many rows", &|q| {
        q.keys.push(q.keys[0].clone());
        q.aggregate[2 + 19] = 0xff;
    });
    case("a key twice, a header alone", &|q| {
        q.keys.push(q.keys[0].clone());
        q.aggregate.truncate(2 + 4 * HEADER_WORDS);
    });
    case("proof empty", &|q| q.aggregate.truncate(2));
    case("proof cut in a word", &|q| q.aggregate.truncate(101));
    case("proof cut", &|q| {
        q.aggregate.truncate(q.aggregate.len() - 4)
    });
    case("proof continued", &|q| q.aggregate.extend([0; 4]));
    case("proof of another set", &|q| q.aggregate[2 + 8] = 2);
    case("proof of another rate", &|q| q.aggregate[2 + 12] ^= 1);
    case("announced rows", &|q| q.aggregate[2 + 20] ^= 1);
    case("commitment root", &|q| {
        q.aggregate[2 + 4 * HEADER_WORDS] ^= 1
    });
    case("last word", &|q| {
        let last = q.aggregate.len() - 4;
        q.aggregate[last] ^= 1;
    });
    cases
}
