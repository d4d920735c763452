//! Bytes and values that are refused, each for its reason.

use leanvm_ssz::{AggregateWithClaims, SignedMessage, Ssz, SszError};
use leanvm_verifier::aggregation::{AggregateError, FormError, MAX_BYTES, MAX_SIGNERS};
use leanvm_verifier::field::MODULUS;
use leanvm_verifier::merging::{AnyAggregate, Claim};
use leanvm_verifier::xmss::{Message, PublicKey, Signature, VerificationError};
use libssz::DecodeError;

use crate::values::{
    aggregate, aggregate_with_claims, claim, key_1, key_2, key_of, later_claim, signature, signed,
    words,
};

/// The error for these bytes.
fn refused<T: Ssz>(bytes: &[u8]) -> SszError {
    match T::from_ssz(bytes) {
        Ok(_) => panic!("the bytes are read"),
        Err(error) => error,
    }
}

/// The bytes with a word of another value.
fn with_word(mut bytes: Vec<u8>, at: usize, word: u32) -> Vec<u8> {
    bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
    bytes
}

fn entry(index: usize, error: SszError) -> SszError {
    let error = Box::new(error);
    SszError::Entry { index, error }
}

fn field(name: &'static str, error: SszError) -> SszError {
    let error = Box::new(error);
    SszError::Field { name, error }
}

const NOT_CANONICAL: SszError = SszError::Element(VerificationError::ElementNotCanonical);

#[test]
fn lengths() {
    let fixed =
        |expected, got| SszError::Encoding(DecodeError::InvalidFixedLength { expected, got });
    for length in [0, 31, 33] {
        let bytes = vec![0; length];
        assert_eq!(refused::<PublicKey>(&bytes), fixed(32, length));
        assert_eq!(refused::<Message>(&bytes), fixed(32, length));
    }
    for length in [0, 1207, 1209] {
        let bytes = vec![0; length];
        assert_eq!(refused::<Signature>(&bytes), fixed(1208, length));
    }
    for length in [0, 1275, 1277] {
        let bytes = vec![0; length];
        assert_eq!(refused::<SignedMessage>(&bytes), fixed(1276, length));
    }
    let short =
        |expected, got| SszError::Encoding(DecodeError::InvalidByteLength { expected, got });
    let list = vec![signed()].to_ssz().unwrap();
    assert_eq!(refused::<Vec<SignedMessage>>(&list[1..]), short(1276, 1275));
    let bytes = claim().to_ssz().unwrap();
    assert_eq!(refused::<Claim>(&bytes[..39]), short(40, 39));
    // What is behind the keys is read as one more.
    assert_eq!(
        refused::<Claim>(&[&bytes[..], &[0]].concat()),
        short(32, 65)
    );
    assert_eq!(refused::<Claim>(&bytes[..bytes.len() - 1]), short(32, 63));
    let bytes = aggregate_with_claims().to_ssz().unwrap();
    assert_eq!(refused::<AggregateWithClaims>(&bytes[..7]), short(8, 7));
    assert_eq!(refused::<Vec<Claim>>(&[0; 3]), short(4, 3));
}

#[test]
fn offsets() {
    let bytes = claim().to_ssz().unwrap();
    for got in [0, 36, 39, 41, 44, u32::MAX] {
        let error = DecodeError::InvalidFirstOffset {
            expected: 40,
            got: usize::try_from(got).unwrap(),
        };
        let changed = with_word(bytes.clone(), 36, got);
        assert_eq!(refused::<Claim>(&changed), SszError::Encoding(error));
    }
    let bytes = vec![claim(), later_claim()].to_ssz().unwrap();
    let length = bytes.len();
    let claims = |at, offset| refused::<Vec<Claim>>(&with_word(bytes.clone(), at, offset));
    let error = DecodeError::InvalidFirstOffset {
        expected: 0,
        got: 9,
    };
    assert_eq!(claims(0, 9), SszError::Encoding(error));
    let error = DecodeError::InvalidFirstOffset {
        expected: 4,
        got: 0,
    };
    assert_eq!(claims(0, 0), SszError::Encoding(error));
    let error = DecodeError::OffsetsAreNotMonotonicallyIncreasing;
    assert_eq!(claims(4, 7), SszError::Encoding(error));
    for (at, offset) in [(0, 188), (4, 185), (4, u32::MAX)] {
        let error = DecodeError::OffsetOutOfBounds {
            offset: usize::try_from(offset).unwrap(),
            length,
        };
        assert_eq!(claims(at, offset), SszError::Encoding(error));
    }
    let bytes = aggregate_with_claims().to_ssz().unwrap();
    let both = |at, offset| refused::<AggregateWithClaims>(&with_word(bytes.clone(), at, offset));
    let error = DecodeError::InvalidFirstOffset {
        expected: 8,
        got: 12,
    };
    assert_eq!(both(0, 12), SszError::Encoding(error));
    let error = DecodeError::OffsetsAreNotMonotonicallyIncreasing;
    assert_eq!(both(4, 7), SszError::Encoding(error));
    let error = DecodeError::OffsetOutOfBounds {
        offset: 122,
        length: 121,
    };
    assert_eq!(both(4, 122), SszError::Encoding(error));
}

#[test]
fn elements_that_are_not_canonical() {
    assert_eq!(refused::<PublicKey>(&words([MODULUS; 8])), NOT_CANONICAL);
    assert_eq!(refused::<Message>(&words([MODULUS; 8])), NOT_CANONICAL);
    let bytes = with_word(signature().to_ssz().unwrap(), 1204, MODULUS);
    assert_eq!(refused::<Signature>(&bytes), NOT_CANONICAL);
    let bytes = signed().to_ssz().unwrap();
    for (at, name) in [(4, "message"), (36, "key"), (68, "signature")] {
        let bytes = with_word(bytes.clone(), at, u32::MAX);
        assert_eq!(refused::<SignedMessage>(&bytes), field(name, NOT_CANONICAL));
        let list = [signed().to_ssz().unwrap(), bytes].concat();
        let error = entry(1, field(name, NOT_CANONICAL));
        assert_eq!(refused::<Vec<SignedMessage>>(&list), error);
    }
    let bytes = with_word(claim().to_ssz().unwrap(), 72, MODULUS);
    let error = field("keys", entry(1, NOT_CANONICAL));
    assert_eq!(refused::<Claim>(&bytes), error);
    assert_eq!(
        error.to_string(),
        "keys: entry 1: element-not-canonical: a word that is not below p"
    );
    let bytes = with_word(aggregate_with_claims().to_ssz().unwrap(), 16, MODULUS);
    let error = field("claims", entry(0, field("message", NOT_CANONICAL)));
    assert_eq!(refused::<AggregateWithClaims>(&bytes), error);
}

#[test]
fn orders() {
    let bytes = |keys: &[PublicKey]| {
        let head = claim().to_ssz().unwrap()[..40].to_vec();
        keys.iter()
            .fold(head, |bytes, key| [bytes, key.to_ssz().unwrap()].concat())
    };
    let order = |index| field("keys", SszError::Order { index });
    assert_eq!(refused::<Claim>(&bytes(&[key_2(), key_1()])), order(1));
    assert_eq!(refused::<Claim>(&bytes(&[key_1(), key_1()])), order(1));
    let keys = [key_1(), key_2(), key_1()];
    assert_eq!(refused::<Claim>(&bytes(&keys)), order(2));

    // Offsets, then claims of 104 bytes.
    let one = claim().to_ssz().unwrap();
    let earlier = with_word(one.clone(), 0, 6);
    for second in [&one, &earlier] {
        let list = [words([8, 112]), one.clone(), second.clone()].concat();
        let error = SszError::Order { index: 1 };
        assert_eq!(refused::<Vec<Claim>>(&list), error);
    }
    // By the number of the slot, not by its bytes.
    let later = with_word(one.clone(), 0, 0x100);
    let list = [words([8, 112]), one, later].concat();
    assert!(Vec::<Claim>::from_ssz(&list).is_ok());
}

#[test]
fn numbers() {
    let of = |error| SszError::Claims(error);
    assert_eq!(refused::<Vec<Claim>>(&[]), of(AggregateError::NoClaims));
    let head = &claim().to_ssz().unwrap()[..40];
    let no_signers = AggregateError::NoSignersOfClaim { claim: 0 };
    assert_eq!(refused::<Claim>(head), of(no_signers.clone()));
    let list = [&words([4])[..], head].concat();
    assert_eq!(refused::<Vec<Claim>>(&list), of(no_signers.clone()));
    let empty = Claim {
        keys: vec![],
        ..claim()
    };
    assert_eq!(empty.to_ssz(), Err(of(no_signers)));
    let no_claims = Vec::<Claim>::new().to_ssz();
    assert_eq!(no_claims, Err(of(AggregateError::NoClaims)));
    let twice = Claim {
        keys: vec![key_1(), key_2(), key_1()],
        ..claim()
    };
    let error = AggregateError::DuplicateKeyOfClaim {
        claim: 0,
        first: 0,
        second: 2,
    };
    assert_eq!(twice.hash_tree_root(), Err(of(error)));
    let (first, second) = (0, 1);
    let error = AggregateError::DuplicateClaim { first, second };
    assert_eq!(vec![claim(), claim()].to_ssz(), Err(of(error.clone())));
    let both = AggregateWithClaims {
        claims: vec![claim(), claim()],
        aggregate: aggregate(),
    };
    assert_eq!(both.to_ssz(), Err(field("claims", of(error))));
}

#[test]
fn limits() {
    let too_long =
        |expected, got| SszError::Encoding(DecodeError::InvalidByteLength { expected, got });
    let keys = |number: u32| -> Vec<u8> { (0..number).flat_map(|n| words([n; 8])).collect() };
    // Words in an order that their bytes have.
    let ordered = |number: u32| -> Vec<PublicKey> {
        (0..number)
            .map(|n| key_of([n.swap_bytes() >> 8, 0, 0, 0, 0, 0, 0, 0]))
            .collect()
    };
    let head = &claim().to_ssz().unwrap()[..40];
    let most = Claim {
        keys: ordered(1 << 16),
        ..claim()
    };
    let bytes = most.to_ssz().unwrap();
    assert_eq!(Claim::from_ssz(&bytes), Ok(most.clone()));
    let bytes = [head, &keys((1 << 16) + 1)].concat();
    let error = too_long(MAX_SIGNERS, MAX_SIGNERS + 1);
    assert_eq!(refused::<Claim>(&bytes), error);

    // In all.
    let list = vec![most.clone(), later_claim()];
    let given = MAX_SIGNERS + 1;
    let error = SszError::Claims(AggregateError::TooManySigners { given });
    assert_eq!(list.to_ssz(), Err(error.clone()));
    let most = most.to_ssz().unwrap();
    let second = u32::try_from(8 + most.len()).unwrap();
    let bytes = [words([8, second]), most, later_claim().to_ssz().unwrap()].concat();
    assert_eq!(refused::<Vec<Claim>>(&bytes), error);

    let offsets = |number: u32| words(vec![4 * number; usize::try_from(number).unwrap()]);
    assert_eq!(refused::<Vec<Claim>>(&offsets(257)), too_long(256, 257));
    // So many are not too many: the first of them is too short.
    assert_eq!(refused::<Vec<Claim>>(&offsets(256)), too_long(40, 0));
    let bytes = vec![0; 1276 * (MAX_SIGNERS + 1)];
    let error = too_long(MAX_SIGNERS, MAX_SIGNERS + 1);
    assert_eq!(refused::<Vec<SignedMessage>>(&bytes), error);
    let signed = vec![signed(); MAX_SIGNERS + 1];
    let (given, most) = (MAX_SIGNERS + 1, MAX_SIGNERS);
    assert_eq!(signed.to_ssz(), Err(SszError::TooMany { given, most }));
}

#[test]
fn aggregates() {
    let of = SszError::Aggregate;
    assert_eq!(refused::<AnyAggregate>(&[]), of(FormError::Truncated));
    assert_eq!(refused::<AnyAggregate>(&[2, 42]), of(FormError::Version(2)));
    let found = 64;
    assert_eq!(
        refused::<AnyAggregate>(&[1, found]),
        of(FormError::Kind { found })
    );
    let bytes = [vec![1, 43], words([MODULUS; 105])].concat();
    let error = FormError::ProgramClaim { word: 0 };
    assert_eq!(refused::<AnyAggregate>(&bytes), of(error));
    let mut bytes = vec![0; MAX_BYTES];
    bytes[..2].copy_from_slice(&[1, 42]);
    assert!(AnyAggregate::from_ssz(&bytes).is_ok());
    bytes.push(0);
    let (expected, got) = (MAX_BYTES, MAX_BYTES + 1);
    let error = SszError::Encoding(DecodeError::InvalidByteLength { expected, got });
    assert_eq!(refused::<AnyAggregate>(&bytes), error);

    let bytes = aggregate_with_claims().to_ssz().unwrap();
    let bytes = &bytes[..bytes.len() - 4];
    let error = field("aggregate", of(FormError::Truncated));
    assert_eq!(refused::<AggregateWithClaims>(bytes), error);
}
