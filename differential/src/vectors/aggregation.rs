//! `aggregation.json`: aggregates of SPEC §24.
//!
//! The accepted one is made by `fast`, as `spec` takes long for a proof of this size; the verdicts
//! are those of `spec`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{File, parse, value};
use crate::aggregation::{
    CLOSE_SEEDS, CLOSE_SLOT, Question, aggregate, aggregate_of, changed, same, spec_verdict,
    verdict,
};
use crate::canonical::{bytes_of_hex, hex_of};
use leanvm_programs::artefacts::LEANXMSS42;

/// A case. `aggregate` is empty where it is that of the case `base`, with each (place, byte) of
/// `changes` written, cut to `length` bytes unless that is null, then followed by `appended` zeros.
#[derive(Clone, Serialize, Deserialize)]
struct Case {
    id: String,
    flags: Vec<String>,
    message: String,
    slot: u32,
    public_keys: Vec<String>,
    aggregate: String,
    base: String,
    changes: Vec<(usize, u8)>,
    length: Option<usize>,
    appended: usize,
    result: String,
    /// The name of the reason; empty if accepted.
    reason: String,
    /// The code of the reason, or 0.
    reason_code: u32,
    /// The rejection code of SPEC §2 if the reason is `proof`, else 0.
    code: u32,
}

/// The greatest part of the bytes that are alike, and what makes them those of the other.
pub(super) fn difference(base: &[u8], bytes: &[u8]) -> (Vec<(usize, u8)>, Option<usize>, usize) {
    let common = base.len().min(bytes.len());
    let changes = (0..common)
        .filter(|i| base[*i] != bytes[*i])
        .map(|i| (i, bytes[i]))
        .collect();
    let length = (bytes.len() < base.len()).then_some(bytes.len());
    (changes, length, bytes.len() - common)
}

/// The bytes with what [`difference`] says.
pub(super) fn patched(
    mut bytes: Vec<u8>,
    changes: &[(usize, u8)],
    length: Option<usize>,
    appended: usize,
) -> Vec<u8> {
    for (place, byte) in changes {
        bytes[*place] = *byte;
    }
    bytes.truncate(length.unwrap_or(bytes.len()));
    bytes.resize(bytes.len() + appended, 0);
    bytes
}

/// A case that the aggregate of others is that of.
struct Base {
    id: &'static str,
    question: Question,
}

fn case(id: &str, flag: &str, base: &Base, question: &Question) -> Case {
    let verdict = spec_verdict(question);
    let first = id == base.id;
    let (changes, length, appended) = difference(&base.question.aggregate, &question.aggregate);
    let error = verdict.err().unwrap_or_default();
    Case {
        id: id.to_owned(),
        flags: vec![flag.to_owned()],
        message: hex_of(&question.message),
        slot: question.slot,
        public_keys: question.keys.iter().map(|key| hex_of(key)).collect(),
        aggregate: if first {
            hex_of(&question.aggregate)
        } else {
            String::new()
        },
        base: if first { "" } else { base.id }.to_owned(),
        changes,
        length,
        appended,
        result: if verdict.is_ok() {
            "accepted"
        } else {
            "rejected"
        }
        .to_owned(),
        reason: error.name.to_owned(),
        reason_code: error.code,
        code: error.rejection,
    }
}

/// An aggregate of four keys, of which two are told apart by a later word than the first, and its
/// keys in other orders.
fn close_keys() -> Vec<Case> {
    let base = Base {
        id: "close_keys",
        question: aggregate_of(&CLOSE_SEEDS, CLOSE_SLOT, 4),
    };
    let question = &base.question;
    let mut cases = vec![case(base.id, "ordinary", &base, question)];
    let mut swapped = question.clone();
    swapped.keys.swap(2, 3);
    let all = same(question).into_iter();
    for (name, question) in all.chain([("last two keys swapped", swapped)]) {
        let id = format!("close_{}", name.replace(' ', "_"));
        cases.push(case(&id, "order", &base, &question));
    }
    cases
}

pub(super) fn file() -> File {
    let base = Base {
        id: "two_signers",
        question: aggregate(2, 0x0123_4567, 4),
    };
    let question = &base.question;
    let mut cases = vec![case(base.id, "ordinary", &base, question)];
    let all = [("order", same(question)), ("", changed(question))];
    let all = all.into_iter().flat_map(|(flag, cases)| {
        cases
            .into_iter()
            .map(move |(name, question)| (flag, name, question))
    });
    for (flag, name, question) in all {
        let id = name.replace(", ", " ").replace(' ', "_");
        let flag = if !flag.is_empty() {
            flag
        } else if question.aggregate == base.question.aggregate {
            "statement"
        } else {
            "tampered"
        };
        cases.push(case(&id, flag, &base, &question));
    }
    cases.extend(close_keys());
    let mut program = Map::new();
    program.insert(
        "file".to_owned(),
        "programs/artefacts/leanxmss42.lvm".into(),
    );
    program.insert("digest".to_owned(), value(&LEANXMSS42.digest));
    File {
        format: "aggregation",
        section: "24 aggregation",
        flags: &[
            ("ordinary", "an aggregate as it should be"),
            ("order", "the keys in another order, which does not matter"),
            (
                "statement",
                "the aggregate of another message, slot or list of keys",
            ),
            (
                "tampered",
                "bytes that are not those of an aggregate of this statement",
            ),
        ],
        extra: vec![("program", program)],
        cases: cases.iter().map(value).collect(),
    }
}

pub(super) fn replay(program: &Value, cases: &[Value]) {
    assert_eq!(
        program["digest"],
        value(&LEANXMSS42.digest),
        "another program"
    );
    let cases: Vec<Case> = cases.iter().map(parse).collect();
    let hex = |text: &str| bytes_of_hex(text).expect("hexadecimal digits");
    for case in &cases {
        let base = cases.iter().find(|other| other.id == case.base);
        let aggregate = hex(&base.unwrap_or(case).aggregate);
        let aggregate = patched(aggregate, &case.changes, case.length, case.appended);
        let question = Question {
            message: hex(&case.message),
            slot: case.slot,
            keys: case.public_keys.iter().map(|key| hex(key)).collect(),
            aggregate,
        };
        let error = verdict(&question).err().unwrap_or_default();
        assert_eq!(
            (error.name, error.code, error.rejection),
            (case.reason.as_str(), case.reason_code, case.code),
            "{}",
            case.id
        );
        assert_eq!(case.result == "accepted", error.code == 0, "{}", case.id);
    }
}
