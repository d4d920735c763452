//! `aggregate_file.json`: files of claims, SPEC §26.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{File, parse, value};
use crate::aggregation::Refusal;
use crate::canonical::{MODULUS, bytes_of, bytes_of_hex, hex_of};
use crate::merging::{Contents, Programs, read_file, read_of_spec};

/// A claim of a file that is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ClaimOfCase {
    slot: u32,
    message_bytes: String,
    message: String,
    public_keys: Vec<String>,
}

/// A case.
#[derive(Clone, Serialize, Deserialize)]
struct Case {
    id: String,
    flags: Vec<String>,
    file: String,
    /// The claims, none if the file is refused.
    claims: Vec<ClaimOfCase>,
    /// What is behind the claims, empty if the file is refused.
    rest: String,
    result: String,
    /// The name of the reason; empty if accepted.
    reason: String,
    /// The code of the reason, or 0.
    reason_code: u32,
    /// The index of the claim that is named.
    claim: Option<usize>,
    /// The index of the key that is named.
    key: Option<usize>,
}

/// What is read.
fn contents(read: Result<Contents, Refusal>) -> (Vec<ClaimOfCase>, String, Refusal) {
    let (claims, rest) = match read {
        Ok(contents) => contents,
        Err(refusal) => return (Vec::new(), String::new(), refusal),
    };
    let claim = |(message_bytes, claim): &(Vec<u8>, crate::merging::Claim)| ClaimOfCase {
        slot: claim.slot,
        message_bytes: hex_of(message_bytes),
        message: hex_of(&claim.message),
        public_keys: claim.keys.iter().map(|key| hex_of(key)).collect(),
    };
    let claims = claims.iter().map(claim).collect();
    (claims, hex_of(&rest), Refusal::default())
}

/// A key that is made of one word.
fn key(word: u32) -> Vec<u8> {
    bytes_of(&[word; 8])
}

/// A claim as it stands in a file, with these numbers.
fn part(slot: u32, length: u32, message: &[u8], number: u32, keys: &[Vec<u8>]) -> Vec<u8> {
    [
        &bytes_of(&[slot, length]),
        message,
        &bytes_of(&[number]),
        &keys.concat(),
    ]
    .concat()
}

/// A claim with one key.
fn one(slot: u32, message: &[u8]) -> Vec<u8> {
    part(slot, message.len() as u32, message, 1, &[key(5)])
}

/// A claim of the slot 7 and the message `block`.
fn keys(number: u32, keys: &[Vec<u8>]) -> Vec<u8> {
    part(7, 5, b"block", number, keys)
}

/// A file of so many claims.
fn of(number: u32, parts: &[Vec<u8>], rest: &[u8]) -> Vec<u8> {
    [&[1, 44], &bytes_of(&[number])[..], &parts.concat(), rest].concat()
}

/// The bytes of an aggregate without a proof.
const REST: &[u8] = &[1, 42];

/// The files, each with a name.
fn all() -> Vec<(&'static str, Vec<u8>)> {
    let claim = |keys: Vec<u8>| of(1, &[keys], REST);
    let two = of(2, &[one(7, b"block"), one(9, b"")], REST);
    let merge = [&[1, 43][..], &bytes_of(&[5; 105])].concat();
    let patched = |place: usize, byte: u8| {
        let mut file = two.clone();
        file[place] = byte;
        file
    };
    // 32 bytes begin with a smaller word and are greater as bytes.
    let by_bytes = [key(0x0100), key(1)];
    vec![
        ("two_claims", two.clone()),
        ("three_keys", claim(keys(3, &[key(0x0100), key(1), key(2)]))),
        ("a_merge_behind", of(1, &[one(7, b"block")], &merge)),
        ("keys_ordered_by_bytes", claim(keys(2, &by_bytes))),
        (
            "slots_ordered_by_value",
            of(2, &[one(2, b"a"), one(0x0100, b"a")], REST),
        ),
        ("no_bytes", Vec::new()),
        ("one_byte", vec![1]),
        ("version_2", patched(0, 2)),
        ("kind_of_an_aggregate", patched(1, 42)),
        ("cut_in_the_number_of_claims", two[..5].to_vec()),
        ("no_claims", of(0, &[], REST)),
        ("most_claims_and_no_more_bytes", of(256, &[], &[])),
        ("too_many_claims", of(257, &[], REST)),
        ("cut_in_a_slot", two[..9].to_vec()),
        ("cut_in_a_length", two[..13].to_vec()),
        (
            "longest_message_cut",
            claim(part(7, 1 << 16, b"block", 1, &[])),
        ),
        (
            "message_too_long",
            claim(part(7, (1 << 16) + 1, b"block", 1, &[])),
        ),
        (
            "slots_in_another_order",
            of(2, &[one(9, b""), one(7, b"block")], REST),
        ),
        (
            "claim_twice",
            of(2, &[one(7, b"block"), one(7, b"block")], REST),
        ),
        ("cut_in_the_number_of_keys", two[..22].to_vec()),
        ("no_signers", claim(keys(0, &[]))),
        ("most_keys_and_no_more_bytes", claim(keys(1 << 16, &[]))),
        ("too_many_signers", claim(keys((1 << 16) + 1, &[]))),
        (
            "too_many_signers_of_two",
            of(2, &[one(7, b"block"), part(9, 0, b"", 1 << 16, &[])], REST),
        ),
        ("cut_in_a_key", two[..54].to_vec()),
        ("key_not_canonical", claim(keys(2, &[key(5), key(MODULUS)]))),
        (
            "keys_in_another_order",
            claim(keys(2, &[key(1), key(0x0100)])),
        ),
        ("key_twice", claim(keys(2, &[key(5), key(5)]))),
        (
            "order_of_keys_before_the_form_of_the_next",
            claim(keys(3, &[key(5), key(5), key(MODULUS)])),
        ),
        ("nothing_behind", of(1, &[one(7, b"block")], &[])),
        ("one_byte_behind", of(1, &[one(7, b"block")], &[1])),
        (
            "another_version_behind",
            of(1, &[one(7, b"block")], &[2, 42]),
        ),
        ("a_file_behind", of(1, &[one(7, b"block")], &[1, 44])),
        ("merge_cut", of(1, &[one(7, b"block")], &merge[..421])),
        (
            "program_claim_not_canonical",
            of(
                1,
                &[one(7, b"block")],
                &[&[1, 43][..], &[0xff; 420]].concat(),
            ),
        ),
    ]
}

fn case(programs: &Programs, id: &str, file: &[u8]) -> Case {
    let (claims, rest, refusal) = contents(read_of_spec(programs, file));
    let accepted = refusal.code == 0;
    Case {
        id: id.to_owned(),
        flags: vec![if accepted { "ordinary" } else { "malformed" }.to_owned()],
        file: hex_of(file),
        claims,
        rest,
        result: if accepted { "accepted" } else { "rejected" }.to_owned(),
        reason: refusal.name.to_owned(),
        reason_code: refusal.code,
        claim: refusal.claim,
        key: refusal.key,
    }
}

pub(super) fn file() -> File {
    let programs = Programs::artefacts();
    let cases = all();
    let cases = cases.iter().map(|(id, file)| case(&programs, id, file));
    File {
        format: "aggregate_file",
        section: "26 merging",
        flags: &[
            ("ordinary", "a file that is read"),
            ("malformed", "bytes that are no file"),
        ],
        extra: Vec::new(),
        cases: cases.map(|case| value(&case)).collect(),
    }
}

pub(super) fn replay(cases: &[Value]) {
    let programs = Programs::artefacts();
    for case in cases {
        let case: Case = parse(case);
        let file = bytes_of_hex(&case.file).expect("hexadecimal digits");
        let (claims, rest, refusal) = contents(read_file(&programs, &file));
        assert_eq!((&claims, &rest), (&case.claims, &case.rest), "{}", case.id);
        assert_eq!(
            (refusal.name, refusal.code, refusal.claim, refusal.key),
            (case.reason.as_str(), case.reason_code, case.claim, case.key),
            "{}",
            case.id
        );
        assert_eq!(case.result == "accepted", refusal.code == 0, "{}", case.id);
    }
}
