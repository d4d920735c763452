//! `xmss.json`: keys, encodings and signatures of SPEC §22.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{File, parse, value};
use crate::canonical::{bytes_of, bytes_of_hex, hex_of, words_of};
use crate::xmss::{BOTH_SIGNERS, Key, SPEC, Signer};

/// A case; members that its function does not take are empty or 0.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Case {
    id: String,
    flags: Vec<String>,
    function: String,
    /// Canonical words.
    seed: Vec<u32>,
    first: u32,
    last: u32,
    slot: u32,
    bytes: String,
    public_key: String,
    message: String,
    randomness: Vec<u32>,
    digits: Vec<u32>,
    signature: String,
    result: String,
    /// The name of the reason; empty if accepted.
    reason: String,
}

fn hex(text: &str) -> Vec<u8> {
    bytes_of_hex(text).expect("hexadecimal digits")
}

fn array<const N: usize>(words: &[u32]) -> [u32; N] {
    words.try_into().expect("a list of this length")
}

impl Case {
    fn key(&self) -> Key {
        Key {
            seed: array(&self.seed),
            first: self.first,
            last: self.last,
        }
    }

    /// The case with the answer of a twin.
    fn answered(mut self, twin: &dyn Signer) -> Self {
        let message = || array(&words_of(&hex(&self.message)));
        let outcome = match self.function.as_str() {
            "public_key" => {
                self.public_key = hex_of(&twin.public_key(&self.key()));
                Ok(())
            }
            "sign" => {
                let signature = twin.sign(&self.key(), self.slot, &message());
                self.signature = hex_of(&signature.expect("an active slot"));
                Ok(())
            }
            "message" => {
                let message = twin.message_of_bytes(&hex(&self.bytes));
                self.message = hex_of(&message.expect("few bytes"));
                Ok(())
            }
            "encode" => {
                let key = words_of(&hex(&self.public_key));
                let randomness = array(&self.randomness);
                twin.digits(&array(&key[4..]), self.slot, &message(), &randomness)
                    .map(|digits| self.digits = digits)
            }
            "verify" => twin.verify(
                &hex(&self.public_key),
                self.slot,
                &hex(&self.message),
                &hex(&self.signature),
            ),
            other => panic!("unknown function {other}"),
        };
        let result = if outcome.is_ok() {
            "accepted"
        } else {
            "rejected"
        };
        self.result = result.to_owned();
        self.reason = outcome.err().unwrap_or_default().to_owned();
        self
    }
}

/// Randomness (a, b, 0, 0, 0, 0) with which the limb of this index is p − 1, for the message 1..=8,
/// the parameter 1..=4 and slot 5.
const GREATEST_LIMBS: [(usize, u32, u32); 1] = [(1, 538_798, 5)];

struct Cases(Vec<Case>);

impl Cases {
    fn add(&mut self, id: impl Into<String>, flag: &str, function: &str, case: Case) -> Case {
        let case = Case {
            id: id.into(),
            flags: vec![flag.to_owned()],
            function: function.to_owned(),
            ..case
        };
        let case = case.answered(SPEC);
        self.0.push(case.clone());
        case
    }

    /// Keys at both ends of the lifetime and around a large power of two, and a signature of each.
    fn keys(&mut self) -> Case {
        let mut last_signed = Case::default();
        for (name, seed, first, last, slot) in [
            ("first_slot", [0; 8], 0, 0, 0),
            (
                "last_slots",
                [2_130_706_432; 8],
                u32::MAX - 2,
                u32::MAX,
                u32::MAX,
            ),
            (
                "halves",
                [9, 8, 7, 6, 5, 4, 3, 2],
                (1 << 31) - 2,
                (1 << 31) + 1,
                1 << 31,
            ),
            ("few_slots", [1, 2, 3, 4, 5, 6, 7, 8], 5, 9, 6),
        ] {
            let key = Case {
                seed: seed.to_vec(),
                first,
                last,
                ..Case::default()
            };
            let public = self.add(format!("key_{name}"), "ordinary", "public_key", key.clone());
            let text = Case {
                bytes: hex_of(name.as_bytes()),
                ..Case::default()
            };
            let text = self.add(format!("message_{name}"), "ordinary", "message", text);
            let signed = self.add(
                format!("sign_{name}"),
                "ordinary",
                "sign",
                Case {
                    slot,
                    message: text.message.clone(),
                    ..key
                },
            );
            let verified = Case {
                slot,
                public_key: public.public_key,
                message: text.message,
                signature: signed.signature,
                ..Case::default()
            };
            last_signed = self.add(format!("verify_{name}"), "ordinary", "verify", verified);
        }
        last_signed
    }

    fn messages(&mut self) {
        for (id, bytes) in [
            ("no_bytes", vec![]),
            ("one_zero", vec![0]),
            ("two_zeros", vec![0; 2]),
            ("three_bytes", vec![1, 2, 3]),
            ("thirty_two_greatest", vec![0xff; 32]),
            ("forty_six_bytes", (0..46).collect()),
        ] {
            let bytes = hex_of(&bytes);
            let case = Case {
                bytes,
                ..Case::default()
            };
            self.add(id, "message", "message", case);
        }
    }

    /// Encodings of one message under successive randomness, until one is accepted, and near
    /// misses.
    fn encodings(&mut self) {
        let message = hex_of(&bytes_of(&[1, 2, 3, 4, 5, 6, 7, 8]));
        let case = |a: u32, b: u32| Case {
            slot: 5,
            public_key: hex_of(&bytes_of(&[0, 0, 0, 0, 1, 2, 3, 4])),
            message: message.clone(),
            randomness: vec![a, b, 0, 0, 0, 0],
            ..Case::default()
        };
        let reach = |a: u32| {
            let attempt = Case {
                function: "encode".to_owned(),
                ..case(a, 0)
            };
            attempt.answered(SPEC).result == "accepted"
        };
        let accepted = (0..20_000).find(|a| reach(*a)).expect("one attempt in 834");
        self.add(
            "encode_reaches_the_sum",
            "encoding",
            "encode",
            case(accepted, 0),
        );
        self.add(
            "encode_misses_the_sum",
            "encoding",
            "encode",
            case(accepted + 1, 0),
        );
        for (limb, a, b) in GREATEST_LIMBS {
            let found = self.add(
                format!("encode_limb_{limb}_greatest"),
                "greatest_limb",
                "encode",
                case(a, b),
            );
            assert_eq!(found.reason, "encoding-limb", "limb {limb}");
            let mut words = vec![0; 302];
            words[..2].copy_from_slice(&[a, b]);
            let whole = Case {
                signature: hex_of(&bytes_of(&words)),
                randomness: Vec::new(),
                ..case(a, b)
            };
            let id = format!("verify_limb_{limb}_greatest");
            self.add(id, "greatest_limb", "verify", whole);
        }
    }

    /// Every way in which the verification of `good` is refused.
    fn refusals(&mut self, good: &Case) {
        let mut refuse = |id: &str, flag: &str, case: Case| {
            let case = self.add(id, flag, "verify", case);
            assert_eq!(case.result, "rejected", "{id}");
        };
        let with = |change: &dyn Fn(&mut Case)| {
            let mut case = good.clone();
            change(&mut case);
            case
        };
        refuse("other_slot", "other", with(&|case| case.slot ^= 1));
        refuse("high_slot", "other", with(&|case| case.slot ^= 1 << 31));
        for (id, name) in [("public_key", 0_usize), ("message", 1), ("signature", 2)] {
            let member = move |case: &mut Case, bytes: Option<Vec<u8>>| {
                let member = [&mut case.public_key, &mut case.message, &mut case.signature]
                    .into_iter()
                    .nth(name)
                    .expect("three members");
                match bytes {
                    Some(bytes) => {
                        *member = hex_of(&bytes);
                        bytes
                    }
                    None => hex(member),
                }
            };
            let bytes = member(&mut good.clone(), None);
            let change = |bytes: Vec<u8>| with(&|case| drop(member(case, Some(bytes.clone()))));
            for (suffix, length) in [("empty", 0), ("a_byte_less", bytes.len() - 1)] {
                let cut = bytes[..length].to_vec();
                refuse(&format!("{id}_{suffix}"), "length", change(cut));
            }
            let longer = [&bytes[..], &[0; 4]].concat();
            refuse(&format!("{id}_a_word_more"), "length", change(longer));
            let words = words_of(&bytes);
            for (suffix, place) in [("first", 0), ("last", words.len() - 1)] {
                for (name, word) in [("p", 2_130_706_433), ("greatest", u32::MAX)] {
                    let mut words = words.clone();
                    words[place] = word;
                    let id = format!("{id}_{suffix}_word_{name}");
                    refuse(&id, "element", change(bytes_of(&words)));
                }
                let mut words = words.clone();
                words[place] ^= 1;
                let id = format!("{id}_{suffix}_word_changed");
                refuse(&id, "changed", change(bytes_of(&words)));
            }
        }
        let words = words_of(&hex(&good.signature));
        for (id, place) in [
            ("randomness_last", 5),
            ("chain_0", 6),
            ("chain_41", 173),
            ("sibling_0", 174),
            ("sibling_31", 298),
        ] {
            let mut words = words.clone();
            words[place] ^= 1;
            let signature = hex_of(&bytes_of(&words));
            refuse(
                id,
                "changed",
                with(&|case| case.signature.clone_from(&signature)),
            );
        }
        let mut swapped = words;
        swapped.swap(174, 178);
        let signature = hex_of(&bytes_of(&swapped));
        refuse(
            "siblings_swapped",
            "changed",
            with(&|case| case.signature.clone_from(&signature)),
        );
    }
}

pub(super) fn file() -> File {
    let mut cases = Cases(Vec::new());
    let good = cases.keys();
    cases.messages();
    cases.encodings();
    cases.refusals(&good);
    File {
        format: "xmss",
        section: "22 xmss",
        flags: &[
            ("ordinary", "a key, a message, a signature that is accepted"),
            ("message", "a message of a byte string"),
            ("encoding", "digits that reach the target sum, or do not"),
            (
                "greatest_limb",
                "randomness for which an element of the encoding's hash is p - 1",
            ),
            ("other", "a signature for another slot"),
            ("length", "an encoding of a wrong length"),
            ("element", "a word that is not below p"),
            ("changed", "a word of an encoding changed, or two swapped"),
        ],
        extra: Vec::new(),
        cases: cases.0.iter().map(value).collect(),
    }
}

pub(super) fn replay(cases: &[Value]) {
    for case in cases {
        for twin in BOTH_SIGNERS {
            let given: Case = parse(case);
            // What the twin has to find is taken away first.
            let mut question = given.clone();
            question.result.clear();
            question.reason.clear();
            match question.function.as_str() {
                "public_key" => question.public_key.clear(),
                "sign" => question.signature.clear(),
                "message" => question.message.clear(),
                "encode" => question.digits.clear(),
                _ => (),
            }
            let answer = question.answered(twin);
            assert_eq!(value(&answer), value(&given), "{}", given.id);
        }
    }
}
