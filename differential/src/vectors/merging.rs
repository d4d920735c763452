//! `merging.json`: merges of SPEC §26.
//!
//! The accepted ones are made by `fast`, as `spec` takes long for proofs of this size; the
//! verdicts, records and digests are those of `spec`.

use leanvm_programs::artefacts::{LEANXMSS42, MERGE};
use leanvm_spec::merging as spec;
use leanvm_spec::recursion::ProgramClaim;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::aggregation::{difference, patched};
use super::{File, parse, value};
use crate::aggregation::{Verdict, aggregate_of_message, stranger};
use crate::canonical::{MODULUS, bytes_of, bytes_of_hex, hex_of};
use crate::merging::{self, Claim, Programs, Question};

/// Bytes of version, kind and program claim.
const HEAD: usize = 422;
const SLOT: u32 = 0x89ab_cdef;

/// A claim of a case.
#[derive(Clone, Serialize, Deserialize)]
struct ClaimOfCase {
    slot: u32,
    message: String,
    public_keys: Vec<String>,
}

/// A case. `aggregate` is empty where it is that of the case `base`, changed as in
/// `aggregation.json`.
#[derive(Clone, Serialize, Deserialize)]
struct Case {
    id: String,
    flags: Vec<String>,
    claims: Vec<ClaimOfCase>,
    aggregate: String,
    base: String,
    changes: Vec<(usize, u8)>,
    length: Option<usize>,
    appended: usize,
    /// The records in canonical order, empty where the claims are no list of claims.
    records: Vec<Vec<u32>>,
    /// The digest of the claims, empty where the records are.
    claims_digest: Vec<u32>,
    /// The public input, empty where the bytes are no merge.
    public_input: Vec<u32>,
    result: String,
    /// The name of the reason; empty if accepted.
    reason: String,
    /// The code of the reason, or 0.
    reason_code: u32,
    /// The rejection code of SPEC §2 if the reason is `proof`, else 0.
    code: u32,
    /// The index of the claim that is named.
    claim: Option<usize>,
    /// The indices of the equal claims or keys.
    duplicate: Option<(usize, usize)>,
}

/// A question of which the bytes are those of other cases.
struct Base {
    id: &'static str,
    question: Question,
}

impl From<&Claim> for ClaimOfCase {
    fn from(claim: &Claim) -> Self {
        Self {
            slot: claim.slot,
            message: hex_of(&claim.message),
            public_keys: claim.keys.iter().map(|key| hex_of(key)).collect(),
        }
    }
}

fn hex(text: &str) -> Vec<u8> {
    bytes_of_hex(text).expect("hexadecimal digits")
}

impl From<&ClaimOfCase> for Claim {
    fn from(claim: &ClaimOfCase) -> Self {
        Self {
            slot: claim.slot,
            message: hex(&claim.message),
            keys: claim.public_keys.iter().map(|key| hex(key)).collect(),
        }
    }
}

/// What `spec` makes of the claims of a question.
#[derive(Default, PartialEq, Eq, Debug)]
struct Made {
    records: Vec<Vec<u32>>,
    claims_digest: Vec<u32>,
    public_input: Vec<u32>,
}

/// The program claim of the bytes of a merge.
fn program_claim(bytes: &[u8]) -> Option<ProgramClaim> {
    let any = leanvm_fast::merging::AnyAggregate::from_bytes(bytes).ok()?;
    match any {
        leanvm_fast::merging::AnyAggregate::Signatures(_) => None,
        leanvm_fast::merging::AnyAggregate::Merge(merge) => {
            Some(crate::recursion::spec_claim(merge.program_claim()))
        }
    }
}

fn made(programs: &Programs, question: &Question, verdict: &Verdict) -> Made {
    let distinct = |question: &Question| {
        let claims: Vec<_> = question.claims.iter().map(Claim::of_fast).collect();
        leanvm_fast::merging::canonical_claims(&claims).is_ok()
    };
    let judged = verdict
        .as_ref()
        .err()
        .is_none_or(|refusal| refusal.name == "proof");
    if !judged || !distinct(question) {
        return Made::default();
    }
    let claims: Vec<_> = question.claims.iter().map(Claim::of_spec).collect();
    let claims = spec::canonical_claims(&claims);
    let digest = programs.spec[1].digest();
    let public_input = program_claim(&question.bytes)
        .map(|claim| spec::public_input(&claims, &digest, &claim))
        .unwrap_or_default();
    let claims_digest = spec::claims_digest(&claims);
    Made {
        records: claims.iter().map(spec::record).collect(),
        claims_digest: claims_digest.iter().map(|x| x.value()).collect(),
        public_input,
    }
}

fn case(programs: &Programs, id: &str, base: &Base, question: &Question) -> Case {
    let verdict = programs.spec_verdict(question);
    let first = id == base.id;
    let flag = if first {
        "ordinary"
    } else if verdict.is_ok() {
        "order"
    } else if question.bytes == base.question.bytes {
        "statement"
    } else {
        "tampered"
    };
    let (changes, length, appended) = difference(&base.question.bytes, &question.bytes);
    let made = made(programs, question, &verdict);
    let accepted = verdict.is_ok();
    let error = verdict.err().unwrap_or_default();
    Case {
        id: id.to_owned(),
        flags: vec![flag.to_owned()],
        claims: question.claims.iter().map(ClaimOfCase::from).collect(),
        aggregate: if first {
            hex_of(&question.bytes)
        } else {
            String::new()
        },
        base: if first { "" } else { base.id }.to_owned(),
        changes,
        length,
        appended,
        records: made.records,
        claims_digest: made.claims_digest,
        public_input: made.public_input,
        result: if accepted { "accepted" } else { "rejected" }.to_owned(),
        reason: error.name.to_owned(),
        reason_code: error.code,
        code: error.rejection,
        claim: error.claim,
        duplicate: error.duplicate,
    }
}

/// A question that is made from another.
type Change<'a> = (&'static str, &'a dyn Fn(&mut Question));

/// Claims of which slots and messages are close, so that a later word decides their order, and by
/// its value otherwise than by its bytes.
fn close_claims(keys: &[Vec<u8>]) -> Vec<Claim> {
    let mut messages = [[5; 8]; 3];
    messages[0][7] = 0x0100;
    messages[1][7] = 1;
    messages[2][7] = MODULUS - 1;
    let claim = |(slot, message): (u32, &[u32; 8])| Claim {
        slot,
        message: bytes_of(message),
        keys: keys.to_vec(),
    };
    let all = [0x0001_0000, 2, u32::MAX].into_iter();
    all.flat_map(|slot| messages.iter().map(move |message| (slot, message)))
        .map(claim)
        .collect()
}

/// What is made of the merge of two claims, of which the second has two keys.
fn merge_cases(programs: &Programs, base: &Base) -> Vec<Case> {
    let stranger = stranger();
    let word = |q: &mut Question, place: usize, word: u32| {
        q.bytes[place..place + 4].copy_from_slice(&word.to_le_bytes());
    };
    let swapped = |q: &mut Question| {
        let [a, b] = &mut q.claims[..] else {
            panic!("two claims")
        };
        std::mem::swap(&mut a.message, &mut b.message);
    };
    let changes: [Change<'_>; 37] = [
        (base.id, &|_| ()),
        ("claims_reversed", &|q| q.claims.reverse()),
        ("keys_reversed", &|q| {
            q.claims.iter_mut().for_each(|claim| claim.keys.reverse());
        }),
        ("no_bytes", &|q| q.bytes.clear()),
        ("one_byte", &|q| q.bytes.truncate(1)),
        ("too_long", &|q| q.bytes.resize((1 << 19) + 1, 0)),
        ("version_0", &|q| q.bytes[0] = 0),
        ("another_kind", &|q| q.bytes[1] = 44),
        ("cut_in_the_program_claim", &|q| q.bytes.truncate(HEAD - 1)),
        ("program_claim_not_canonical", &|q| word(q, 2, MODULUS)),
        ("value_not_canonical", &|q| word(q, HEAD - 4, u32::MAX)),
        ("kind_of_an_aggregate", &|q| q.bytes[1] = 42),
        ("kind_of_an_aggregate_one_claim", &|q| {
            q.bytes[1] = 42;
            q.claims.truncate(1);
        }),
        ("no_claims", &|q| q.claims.clear()),
        ("too_many_claims", &|q| {
            q.claims[0].keys.truncate(1);
            q.claims = vec![q.claims[0].clone(); 257];
        }),
        ("no_signers_of_the_second", &|q| q.claims[1].keys.clear()),
        ("no_signers_of_both", &|q| {
            q.claims.iter_mut().for_each(|claim| claim.keys.clear());
        }),
        ("proof_empty", &|q| q.bytes.truncate(HEAD)),
        ("another_magic", &|q| q.bytes[HEAD] ^= 1),
        ("another_set", &|q| q.bytes[HEAD + 8] = 1),
        ("duplicate_claim", &|q| q.claims.push(q.claims[0].clone())),
        ("duplicate_claim_of_other_keys", &|q| {
            let keys = vec![stranger.clone()];
            q.claims.insert(
                1,
                Claim {
                    keys,
                    ..q.claims[1].clone()
                },
            );
        }),
        ("duplicate_key", &|q| {
            let key = q.claims[1].keys[0].clone();
            q.claims[1].keys.push(key);
        }),
        ("duplicate_key_no_proof", &|q| {
            let key = q.claims[1].keys[0].clone();
            q.claims[1].keys.push(key);
            q.bytes.truncate(HEAD);
        }),
        ("duplicate_claim_and_key", &|q| {
            let key = q.claims[0].keys[0].clone();
            q.claims[0].keys.push(key);
            q.claims.push(q.claims[1].clone());
        }),
        ("another_slot", &|q| q.claims[0].slot ^= 1 << 16),
        ("another_message", &|q| q.claims[1].message[28] ^= 1),
        ("messages_swapped", &swapped),
        ("claim_dropped", &|q| drop(q.claims.pop())),
        ("claim_added", &|q| {
            let slot = SLOT - 1;
            q.claims.push(Claim {
                slot,
                ..q.claims[0].clone()
            });
        }),
        ("key_dropped", &|q| q.claims[1].keys.truncate(1)),
        ("key_added", &|q| q.claims[0].keys.push(stranger.clone())),
        ("close_claims", &|q| {
            q.claims = close_claims(&q.claims[1].keys)
        }),
        ("another_program_claim", &|q| q.bytes[2] ^= 1),
        ("proof_cut", &|q| q.bytes.truncate(q.bytes.len() - 4)),
        ("proof_continued", &|q| q.bytes.extend([0; 4])),
        ("last_word", &|q| {
            let last = q.bytes.len() - 4;
            q.bytes[last] ^= 1;
        }),
    ];
    cases(programs, base, &changes)
}

/// What is made of an aggregate of one claim.
fn aggregate_cases(programs: &Programs, base: &Base) -> Vec<Case> {
    let changes: [Change<'_>; 5] = [
        (base.id, &|_| ()),
        ("aggregate_of_two_claims", &|q| {
            let slot = SLOT - 1;
            q.claims.push(Claim {
                slot,
                ..q.claims[0].clone()
            });
        }),
        ("aggregate_of_no_claims", &|q| q.claims.clear()),
        ("aggregate_duplicate_key", &|q| {
            let key = q.claims[0].keys[0].clone();
            q.claims[0].keys.push(key);
        }),
        ("aggregate_of_another_slot", &|q| q.claims[0].slot ^= 1),
    ];
    cases(programs, base, &changes)
}

fn cases(programs: &Programs, base: &Base, changes: &[Change<'_>]) -> Vec<Case> {
    let changed = |(id, change): &Change<'_>| {
        let mut question = base.question.clone();
        change(&mut question);
        case(programs, id, base, &question)
    };
    changes.iter().map(changed).collect()
}

pub(super) fn file() -> File {
    let programs = Programs::artefacts();
    let leaf = |message: &[u8], seeds: &[[u8; 1]]| {
        Question::from(aggregate_of_message(message, seeds, SLOT, 4))
    };
    let children = [leaf(b"block", &[[0]]), leaf(b"another block", &[[0], [1]])];
    let [one, two] = &children;
    let mut merge = merging::merged(&[one, two], None, 4);
    merge.claims.sort_by_key(|claim| claim.keys.len());
    let mut all = merge_cases(
        &programs,
        &Base {
            id: "two_claims",
            question: merge,
        },
    );
    let [one, _] = children;
    all.extend(aggregate_cases(
        &programs,
        &Base {
            id: "aggregate_of_one",
            question: one,
        },
    ));
    let mut program = Map::new();
    for (name, artefact) in [("aggregates", LEANXMSS42), ("merges", MERGE)] {
        let file = format!("programs/artefacts/{}.lvm", artefact.name);
        let mut object = Map::new();
        object.insert("file".to_owned(), file.into());
        object.insert("digest".to_owned(), value(&artefact.digest));
        program.insert(name.to_owned(), Value::Object(object));
    }
    File {
        format: "merging",
        section: "26 merging",
        flags: &[
            ("ordinary", "an aggregate or a merge as it should be"),
            (
                "order",
                "claims or keys in another order, which does not matter",
            ),
            ("statement", "the same bytes with other claims"),
            (
                "tampered",
                "bytes that are not those of a merge of these claims",
            ),
        ],
        extra: vec![("programs", program)],
        cases: all.iter().map(value).collect(),
    }
}

pub(super) fn replay(digests: &Value, cases: &[Value]) {
    for (name, artefact) in [("aggregates", LEANXMSS42), ("merges", MERGE)] {
        let digest = &digests[name]["digest"];
        assert_eq!(digest, &value(&artefact.digest), "another program");
    }
    let programs = Programs::artefacts();
    let cases: Vec<Case> = cases.iter().map(parse).collect();
    for case in &cases {
        let base = cases.iter().find(|other| other.id == case.base);
        let aggregate = hex(&base.unwrap_or(case).aggregate);
        let question = Question {
            claims: case.claims.iter().map(Claim::from).collect(),
            bytes: patched(aggregate, &case.changes, case.length, case.appended),
        };
        let verdict = programs.verdict(&question);
        let of_case = Made {
            records: case.records.clone(),
            claims_digest: case.claims_digest.clone(),
            public_input: case.public_input.clone(),
        };
        assert_eq!(made(&programs, &question, &verdict), of_case, "{}", case.id);
        let error = verdict.err().unwrap_or_default();
        assert_eq!(
            (error.name, error.code, error.rejection),
            (case.reason.as_str(), case.reason_code, case.code),
            "{}",
            case.id
        );
        let named = (error.claim, error.duplicate);
        assert_eq!(named, (case.claim, case.duplicate), "{}", case.id);
        assert_eq!(case.result == "accepted", error.code == 0, "{}", case.id);
    }
}
