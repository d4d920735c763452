//! `proof.json`: proofs of SPEC §13 to §21, accepted and rejected.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Expected, File, parse, value};
use crate::canonical::{Event, MODULUS, bytes_of, bytes_of_hex, hex_of, words_of};
use crate::generators::tiny::{self, Tiny};
use crate::lies::{named, prover};
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
    /// The number of zeros that follow `public`.
    public_zeros: usize,
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

/// The public input that a case stands for.
fn public_of(case: &Case) -> Vec<u32> {
    let mut public = case.public.clone();
    public.resize(public.len() + case.public_zeros, 0);
    public
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

/// The parameter sets by id, from 1 on.
const SETS: [&str; 3] = ["tiny", "small", "production"];

/// Every table, every set at every rate: the program, the set, the rate. The last is the base of
/// the changed proofs.
const HONEST: [(&Tiny, u32, u32); 13] = [
    (&tiny::HALT, 3, 4),
    (&tiny::HALT, 3, 3),
    (&tiny::HALT, 3, 2),
    (&tiny::HALT, 3, 1),
    (&tiny::HALT, 2, 4),
    (&tiny::LOOP, 2, 3),
    (&tiny::REDUCTIONS, 2, 2),
    (&tiny::HASHES, 2, 1),
    (&tiny::HASHES, 1, 4),
    (&tiny::LINKED, 1, 1),
    (&tiny::LOOP, 1, 3),
    (&tiny::REDUCTIONS, 1, 2),
    (&tiny::ARITHMETIC, 1, 1),
];

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
            public_zeros: 0,
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
        let proof = proof_of(&case, &self.proof);
        let outcome = SPEC.verify(&program, &public_of(&case), &proof, case.set);
        case.expected = Expected::of(&outcome);
        self.cases.push(value(&case));
    }

    fn change(&mut self, id: &str, flag: &str, place: usize, word: u32) {
        let mut case = self.case(id, flag);
        case.changes.push((place, word));
        self.add(case);
    }

    fn cut(&mut self, id: &str, words: usize) {
        let mut case = self.case(id, "length");
        case.length = Some(4 * words);
        self.add(case);
    }

    /// The honest proof of a tiny program; its events.
    fn honest(&mut self, tiny: &Tiny, options: &Options) -> Vec<Event> {
        let case = tiny.case();
        let proved = SPEC.prove(&case, options).expect("the tiny programs prove");
        self.program = case.program;
        self.public = case.public;
        self.proof = proved.proof;
        self.base = String::new();
        let set = SETS[options.set as usize - 1];
        let id = format!("{}_{set}_rate_{}", tiny.name, options.log_inv_rate);
        let mut accepted = self.case(&id, "ordinary");
        accepted.set = options.set;
        accepted.proof = hex_of(&self.proof);
        accepted.expected = Expected {
            result: "accepted".to_owned(),
            code: 0,
        };
        self.cases.push(value(&accepted));
        self.base = id;
        proved.events
    }

    /// Each kind of element that `of` takes by its label changed, not canonical, and missing.
    fn tampered(&mut self, events: &[Event], of: fn(&str) -> bool) {
        let words = words_of(&self.proof);
        let mut seen = Vec::new();
        for (label, range) in tamper::places(events) {
            if seen.contains(&label) || !of(&label) {
                continue;
            }
            let place = range.start;
            let other = (words[place] + 1) % MODULUS;
            self.change(&format!("changed {label}"), "tampered", place, other);
            self.change(&format!("not canonical {label}"), "element", place, MODULUS);
            self.cut(&format!("cut before {label}"), place);
            seen.push(label);
        }
    }

    /// Each word of the header changed and missing, and other sets asked for.
    fn headers(&mut self) {
        let words = words_of(&self.proof);
        let names = ["magic", "version", "set", "rate"].map(str::to_owned);
        let sizes = (1..TABLES).map(|table| format!("rows of table {table}"));
        for (place, name) in names.into_iter().chain(sizes).enumerate() {
            let next = words[place].wrapping_add(1);
            self.change(&format!("{name} plus one"), "header", place, next);
            self.change(&format!("{name} greatest"), "header", place, u32::MAX);
            self.cut(&format!("cut before {name}"), place);
        }
        for set in [2, 3] {
            let mut case = self.case(&format!("asked_for_set_{set}"), "header");
            case.set = set;
            self.add(case);
        }
    }

    /// Proofs that end late, and proofs of other statements.
    fn lengths_and_statements(&mut self) {
        for (id, appended) in [("a_word_more", "00000000"), ("a_byte_more", "00")] {
            let mut case = self.case(id, "length");
            case.appended = appended.to_owned();
            self.add(case);
        }
        let mut case = self.case("other_program", "statement");
        case.program = hex_of(&tiny::HALT.case().program);
        self.add(case);
        let mut case = self.case("other_public_input", "statement");
        case.public[0] += 1;
        self.add(case);
        let mut case = self.case("longer_public_input", "statement");
        case.public_zeros = 1;
        self.add(case);
        let mut case = self.case("public_input_too_long", "statement");
        case.public_zeros = (1 << 20) + 1 - case.public.len();
        self.add(case);
        let mut case = self.case("public_input_not_canonical", "element");
        case.public[0] = MODULUS;
        self.add(case);
    }

    /// The named lies and truths, each with its own proof.
    fn named(&mut self) {
        self.base = String::new();
        for (flag, list) in [("lie", named::lies()), ("odd", named::truths())] {
            for named in list {
                let liar = named.liar();
                self.program = liar.program_bytes();
                self.public = liar.public_words();
                self.proof = prover::prove(&liar, &Options::TINY).expect("every liar has a proof");
                let mut case = self.case(&named.name, flag);
                case.proof = hex_of(&self.proof);
                self.add(case);
            }
        }
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
    let mut events = Vec::new();
    for (tiny, set, log_inv_rate) in HONEST {
        let options = Options {
            set,
            log_inv_rate,
            ..Options::TINY
        };
        events = writer.honest(tiny, &options);
        if (tiny.name, set) == (tiny::HASHES.name, 1) {
            writer.tampered(&events, |label| label.starts_with("poseidon."));
        }
    }
    writer.tampered(&events, |_| true);
    writer.headers();
    writer.lengths_and_statements();
    writer.named();
    File {
        format: "proof",
        section: "13 lookup to 21 verifier",
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
            (
                "lie",
                "a named lie of appendix A, told by a prover that is consistent in all else",
            ),
            (
                "odd",
                "a named truth of appendix A: a proof to accept that no honest prover makes",
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
            let outcome = twin.verify(&program, &public_of(case), &proof_of(case, &base), case.set);
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
