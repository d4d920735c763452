//! Bytes by the rules of SSZ, field by field, and hash tree roots that another implementation has
//! computed: `remerkleable` 0.1.28, in Python, of the schema in README.md.

use std::fmt::Debug;

use leanvm_ssz::Ssz;
use leanvm_verifier::field::MODULUS;

use crate::values::{
    aggregate, aggregate_with_claims, claim, key_1, later_claim, message, signature, signed, words,
};

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[track_caller]
fn check<T: Ssz + PartialEq + Debug>(value: &T, bytes: &[u8], root: &str) {
    assert_eq!(value.to_ssz().unwrap(), bytes);
    assert_eq!(T::from_ssz(bytes).as_ref(), Ok(value));
    assert_eq!(hexadecimal(&value.hash_tree_root().unwrap()), root);
}

fn bytes_of_claim() -> Vec<u8> {
    let head = [words([7]), words(16..24), words([40])].concat();
    let keys = [words(1..9), words([9, 0, 0, 0, 0, 0, 0, MODULUS - 1])].concat();
    [head, keys].concat()
}

fn bytes_of_signed() -> Vec<u8> {
    [words([7]), words(16..24), words(1..9), words(0..302)].concat()
}

#[test]
fn keys_messages_and_signatures_are_their_words() {
    let root = "0100000002000000030000000400000005000000060000000700000008000000";
    check(&key_1(), &words(1..9), root);
    let root = "1000000011000000120000001300000014000000150000001600000017000000";
    check(&message(), &words(16..24), root);
    let root = "fe5c90fbef65be00f4ed31c2a5aa53bed649778cc15b0ed68986c26a620c9e50";
    check(&signature(), &words(0..302), root);
}

#[test]
fn signed_messages_have_no_offsets() {
    let root = "2cc531d49f998fc838de180dde425f603f7993eeb1bb16c5e4147a63ad7c8012";
    check(&signed(), &bytes_of_signed(), root);
    let root = "fd35f7360a476d67f57df9fb8fe10cebab58ba9bca817b86867930853d6457b3";
    let twice = [bytes_of_signed(), bytes_of_signed()].concat();
    check(&vec![signed(), signed()], &twice, root);
    let root = "6080a24df6cb76f31cacdf4419ac9bf0ac092087f40ec93f10c4608f967ca23a";
    check(&Vec::<leanvm_ssz::SignedMessage>::new(), &[], root);
}

#[test]
fn a_claim_has_the_offset_of_its_keys() {
    let root = "9a85aa78daea871b86239bdb868d074c51f15f3b30d2d341af143f2b8fdd049d";
    check(&claim(), &bytes_of_claim(), root);
}

#[test]
fn a_list_of_claims_begins_with_offsets() {
    // Two offsets have 8 bytes, the first claim has 104.
    let later = [words([0x0102_0304]), words(16..24), words([40])].concat();
    let key = words([9, 0, 0, 0, 0, 0, 0, MODULUS - 1]);
    let bytes = [words([8, 112]), bytes_of_claim(), later, key].concat();
    let root = "0810e485a17ba26d6566b56da3709064b6c29d9c6825b406e8d6c5ce3a33b466";
    check(&vec![claim(), later_claim()], &bytes, root);
}

#[test]
fn an_aggregate_is_its_bytes() {
    let root = "4882637ee2c4b4362e9b34966eff1f3fc4397cdb1e762ba5d9e4d1b086ce3ab9";
    check(&aggregate(), &[1, 42, 0xaa, 0xbb, 0xcc], root);
}

#[test]
fn an_aggregate_with_claims_has_two_offsets() {
    // The list of one claim has 4 bytes of an offset and 104 of the claim.
    let bytes = [
        words([8, 8 + 108, 4]),
        bytes_of_claim(),
        vec![1, 42, 0xaa, 0xbb, 0xcc],
    ]
    .concat();
    let root = "fc75f581952e08bc2622ed49bce5a0b4fe40e5125cf1849be35561efcf7350d5";
    check(&aggregate_with_claims(), &bytes, root);
}
