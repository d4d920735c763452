//! `leansig.json`: signatures of SPEC §23, accepted and refused, under keys that the signer of this
//! crate makes.

use leanvm_spec::field::Felt;
use leanvm_spec::leansig as spec;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{File, parse, value};
use crate::canonical::{MODULUS, bytes_of, bytes_of_hex, hex_of, words_of};
use crate::leansig::{Signed, sign};

#[derive(Clone, Serialize, Deserialize)]
struct Case {
    id: String,
    flags: Vec<String>,
    public_key: String,
    slot: u32,
    message: String,
    /// The signature; empty if it is that of the case `base` with changes.
    signature: String,
    /// The id of another case, or empty.
    base: String,
    /// The length in bytes to which the base is cut, if it is.
    length: Option<usize>,
    /// (word, value) of each change of the base.
    changes: Vec<(usize, u32)>,
    /// Bytes behind the base.
    appended: String,
    /// h, for an accepted case.
    message_hash: Vec<u32>,
    /// x_1 to x_64, for an accepted case.
    vector: Vec<usize>,
    /// The leaf, for an accepted case.
    leaf: Vec<u32>,
    result: String,
    /// The name of the refusal, or empty.
    reason: String,
}

fn bytes(text: &str) -> Vec<u8> {
    bytes_of_hex(text).expect("hexadecimal digits")
}

impl Case {
    /// What the case asks about; `base` is the signature of the case of that id.
    fn signed(&self, base: &[u8]) -> Signed {
        let signature = if self.base.is_empty() {
            bytes(&self.signature)
        } else {
            let mut words = words_of(base);
            for (place, value) in &self.changes {
                words[*place] = *value;
            }
            let mut signature = bytes_of(&words);
            signature.truncate(self.length.unwrap_or(signature.len()));
            signature.extend(bytes(&self.appended));
            signature
        };
        Signed {
            public_key: bytes(&self.public_key),
            slot: self.slot,
            message: bytes(&self.message).try_into().expect("32 bytes"),
            signature,
        }
    }
}

/// (message hash, vector, leaf) of an accepted signature.
fn intermediate(signed: &Signed) -> (Vec<u32>, Vec<usize>, Vec<u32>) {
    let words = |list: &[Felt]| -> Vec<u32> { list.iter().map(|x| x.value()).collect() };
    let (key, signature) =
        spec::decode(&signed.public_key, &signed.signature).expect("an accepted case decodes");
    let hash = spec::message_hash(&key, signed.slot, &signed.message, &signature.randomness);
    let vector = spec::hypercube_vector(&hash);
    let ends: Vec<[Felt; 8]> = (0..spec::CHAINS)
        .map(|i| {
            let value = &signature.hashes[i];
            spec::chain(
                &key.parameter,
                signed.slot,
                i,
                value,
                vector[i],
                spec::GREATEST,
            )
        })
        .collect();
    let leaf = spec::leaf(&key.parameter, signed.slot, &ends);
    (words(&hash), vector, words(&leaf))
}

pub(super) fn file() -> File {
    let mut cases = Vec::new();
    let mut add = |mut case: Case, base: &[u8]| {
        let refusal = case.signed(base).refusal_of_spec();
        let result = refusal.map_or("accepted", |_| "rejected");
        (case.result, case.reason) = (result.to_owned(), refusal.unwrap_or("").to_owned());
        cases.push(value(&case));
    };
    let mut first = None;
    for (id, flag, seed, slot, message) in [
        ("slot_0", "edge", 0, 0, [0; 32]),
        ("slot_greatest", "edge", 1, u32::MAX, [0xff; 32]),
        (
            "slot_middle",
            "ordinary",
            2,
            0x1234_5679,
            std::array::from_fn(|i| i as u8),
        ),
    ] {
        let signed = sign(seed, slot, &message);
        let (message_hash, vector, leaf) = intermediate(&signed);
        let case = Case {
            id: id.to_owned(),
            flags: vec![flag.to_owned()],
            public_key: hex_of(&signed.public_key),
            slot,
            message: hex_of(&message),
            signature: hex_of(&signed.signature),
            base: String::new(),
            length: None,
            changes: Vec::new(),
            appended: String::new(),
            message_hash,
            vector,
            leaf,
            result: String::new(),
            reason: String::new(),
        };
        add(case.clone(), &[]);
        first = Some((signed, case));
    }
    let (signed, accepted) = first.expect("there are cases");
    let base = Case {
        signature: String::new(),
        base: accepted.id.clone(),
        message_hash: Vec::new(),
        vector: Vec::new(),
        leaf: Vec::new(),
        ..accepted
    };
    let mut variant = |id: &str, flag: &str, change: &dyn Fn(&mut Case)| {
        let mut case = base.clone();
        case.id = id.to_owned();
        case.flags = vec![flag.to_owned()];
        change(&mut case);
        add(case, &signed.signature);
    };
    let words = words_of(&signed.signature);
    for (id, place) in [
        ("randomness", 1),
        ("path_0", 10),
        ("path_31", 265),
        ("hash_0", 266),
        ("hash_63", 777),
    ] {
        variant(id, "changed_word", &|case| {
            case.changes = vec![(place, words[place] ^ 1)];
        });
        variant(&format!("{id}_greatest"), "not_canonical", &|case| {
            case.changes = vec![(place, MODULUS)];
        });
    }
    for (id, place) in [
        ("offset_path", 0),
        ("offset_hashes", 8),
        ("offset_siblings", 9),
    ] {
        variant(id, "offset", &|case| {
            case.changes = vec![(place, words[place] + 4)]
        });
    }
    variant("siblings_swapped", "changed_word", &|case| {
        case.changes = (0..8)
            .flat_map(|i| [(10 + i, words[18 + i]), (18 + i, words[10 + i])])
            .collect();
    });
    variant("empty", "length", &|case| case.length = Some(0));
    variant("short", "length", &|case| case.length = Some(3111));
    variant("long", "length", &|case| {
        case.appended = "00000000".to_owned()
    });
    variant("key_short", "length", &|case| case.public_key.truncate(102));
    variant("key_long", "length", &|case| case.public_key.push_str("00"));
    variant("key_not_canonical", "not_canonical", &|case| {
        case.public_key.replace_range(..8, "0100007f");
    });
    variant("key_root", "changed_word", &|case| {
        case.public_key.replace_range(..2, "00");
    });
    variant("key_parameter", "changed_word", &|case| {
        case.public_key.replace_range(64..66, "00");
    });
    variant("other_slot", "statement", &|case| case.slot ^= 1);
    variant("other_message", "statement", &|case| {
        case.message.replace_range(62.., "ff");
    });
    File {
        format: "leansig",
        section: "23 leansig",
        flags: &[
            ("ordinary", "nothing special"),
            ("edge", "the least or the greatest slot and message"),
            (
                "changed_word",
                "an element of the signature or of the key is another",
            ),
            ("not_canonical", "a word is p, or above"),
            ("offset", "an offset is another"),
            (
                "length",
                "the public key or the signature has another length",
            ),
            ("statement", "the signature is for another slot or message"),
        ],
        extra: Vec::new(),
        cases,
    }
}

pub(super) fn replay(cases: &[Value]) {
    let mut signatures = std::collections::BTreeMap::new();
    for case in cases {
        let case: Case = parse(case);
        let base: Vec<u8> = if case.base.is_empty() {
            Vec::new()
        } else {
            let known: &Vec<u8> = signatures
                .get(&case.base)
                .unwrap_or_else(|| panic!("case {}: no case {} before it", case.id, case.base));
            known.clone()
        };
        let signed = case.signed(&base);
        let refusal = signed.refusal();
        assert_eq!(refusal.unwrap_or(""), case.reason, "case {}", case.id);
        assert_eq!(
            refusal.is_none(),
            case.result == "accepted",
            "case {}",
            case.id
        );
        if refusal.is_none() {
            let expected = (
                case.message_hash.clone(),
                case.vector.clone(),
                case.leaf.clone(),
            );
            assert_eq!(intermediate(&signed), expected, "case {}", case.id);
        }
        signatures.insert(case.id.clone(), signed.signature);
    }
}
