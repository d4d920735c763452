//! `proof.json`: proofs of SPEC §13 to §20, accepted and rejected.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Expected, File, parse, value};
use crate::canonical::{MODULUS, bytes_of, bytes_of_hex, hex_of, words_of};
use crate::generators::tiny::{self, Tiny};
use crate::oracles::tamper;
use crate::shape::TABLES;
use crate::twins::{BOTH, Options, SPEC};

#[derive(Serialize, Deserialize)]
struct Case {
    id: String,
    flags: Vec<String>,
    /// The parameter set that the verifier asks for.
    set: u32,
    program: String,
    public: Vec<u32>,
    /// The proof file; empty if it is that of the case `base` with changes.
    proof: String,
    /// The id of another case, or empty.
    base: String,
    /// The length in bytes to which the base is cut, if it is.
    length: Option<usize>,
    /// (word, value) of each change of the base.
    changes: Vec<(usize, u32)>,
    /// Bytes behind the base.
    appended: String,
    #[serde(flatten)]
    expected: Expected,
}

/// The proof that a case stands for.
fn proof_of(case: &Case, base: &[u8]) -> Vec<u8> {
    let mut words = words_of(base);
    for (place, value) in &case.changes {
        words[*place] = *value;
    }
    let mut proof = bytes_of(&words);
    proof.truncate(case.length.unwrap_or(proof.len()));
    proof.extend(bytes_of_hex(&case.appended).expect("hexadecimal digits"));
    proof
}

struct Writer {
    cases: Vec<Value>,
    program: Vec<u8>,
    public: Vec<u32>,
    base: String,
    proof: Vec<u8>,
}

impl Writer {
    fn case(&self, id: &str, flag: &str) -> Case {
        Case {
            id: id.to_owned(),
            flags: vec![flag.to_owned()],
            set: 1,
            program: hex_of(&self.program),
            public: self.public.clone(),
            proof: String::new(),
            base: self.base.clone(),
            length: None,
            changes: Vec::new(),
            appended: String::new(),
            expected: Expected {
                result: String::new(),
                code: 0,
            },
        }
    }

    fn add(&mut self, mut case: Case) {
        let program = bytes_of_hex(&case.program).expect("hexadecimal digits");
        let outcome = SPEC.verify(
            &program,
            &case.public,
            &proof_of(&case, &self.proof),
            case.set,
        );
        case.expected = Expected::of(&outcome);
        self.cases.push(value(&case));
    }

    fn change(&mut self, id: &str, flag: &str, place: usize, word: u32) {
        let mut case = self.case(id, flag);
        case.changes.push((place, word));
        self.add(case);
    }

    /// The honest proof of a tiny program; its events.
    fn honest(&mut self, tiny: &Tiny, options: &Options) -> Vec<crate::canonical::Event> {
        let case = tiny.case();
        let proved = SPEC.prove(&case, options).expect("the tiny programs prove");
        self.program = case.program;
        self.public = case.public;
        self.proof = proved.proof;
        self.base = String::new();
        let id = format!("{}_rate_{}", tiny.name, options.log_inv_rate);
        let mut accepted = self.case(&id, "ordinary");
        accepted.proof = hex_of(&self.proof);
        accepted.expected = Expected {
            result: "accepted".to_owned(),
            code: 0,
        };
        self.cases.push(value(&accepted));
        self.base = id;
        proved.events
    }
}

pub(super) fn file() -> File {
    let mut writer = Writer {
        cases: Vec::new(),
        program: Vec::new(),
        public: Vec::new(),
        base: String::new(),
        proof: Vec::new(),
    };
    let _ = writer.honest(
        &tiny::REDUCTIONS,
        &Options {
            log_inv_rate: 2,
            ..Options::TINY
        },
    );
    let events = writer.honest(&tiny::ARITHMETIC, &Options::TINY);
    let words = words_of(&writer.proof);
    let mut seen = Vec::new();
    for (label, range) in tamper::places(&events) {
        if seen.contains(&label) {
            continue;
        }
        let place = range.start;
        let other = (words[place] + 1) % MODULUS;
        writer.change(&format!("changed {label}"), "tampered", place, other);
        writer.change(&format!("not canonical {label}"), "element", place, MODULUS);
        let mut cut = writer.case(&format!("cut before {label}"), "length");
        cut.length = Some(4 * place);
        writer.add(cut);
        seen.push(label);
    }
    let names = ["magic", "version", "set", "rate"].map(str::to_owned);
    let sizes = (1..TABLES).map(|table| format!("rows of table {table}"));
    for (place, name) in names.into_iter().chain(sizes).enumerate() {
        writer.change(
            &format!("{name} plus one"),
            "header",
            place,
            words[place].wrapping_add(1),
        );
        writer.change(&format!("{name} greatest"), "header", place, u32::MAX);
        let mut cut = writer.case(&format!("cut before {name}"), "length");
        cut.length = Some(4 * place);
        writer.add(cut);
    }
    for (id, appended) in [("a_word_more", "00000000"), ("a_byte_more", "00")] {
        let mut case = writer.case(id, "length");
        case.appended = appended.to_owned();
        writer.add(case);
    }
    let mut case = writer.case("other_program", "statement");
    case.program = hex_of(&tiny::HALT.case().program);
    writer.add(case);
    let mut case = writer.case("other_public_input", "statement");
    case.public[0] += 1;
    writer.add(case);
    let mut case = writer.case("longer_public_input", "statement");
    case.public.push(0);
    writer.add(case);
    let mut case = writer.case("public_input_not_canonical", "element");
    case.public[0] = MODULUS;
    writer.add(case);
    for set in [2, 3] {
        let mut case = writer.case(&format!("asked_for_set_{set}"), "header");
        case.set = set;
        writer.add(case);
    }
    File {
        format: "proof",
        section: "13 lookup to 20 verifier",
        flags: &[
            ("ordinary", "an honest proof"),
            ("tampered", "one element of the proof is another"),
            ("element", "a word is not a canonical element"),
            ("length", "the proof ends early or late"),
            (
                "header",
                "a word of the header is another, or the verifier asks for another parameter set",
            ),
            (
                "statement",
                "the proof is of another program or of other public input",
            ),
        ],
        extra: Vec::new(),
        cases: writer.cases,
    }
}

pub(super) fn replay(cases: &[Value]) {
    let cases: Vec<Case> = cases.iter().map(parse).collect();
    for case in &cases {
        let base = cases
            .iter()
            .find(|other| other.id == case.base)
            .unwrap_or(case);
        let base = bytes_of_hex(&base.proof).expect("hexadecimal digits");
        let program = bytes_of_hex(&case.program).expect("hexadecimal digits");
        for twin in BOTH {
            let outcome = twin.verify(&program, &case.public, &proof_of(case, &base), case.set);
            assert_eq!(
                Expected::of(&outcome),
                case.expected,
                "{}, {}",
                case.id,
                twin.name()
            );
        }
    }
}
