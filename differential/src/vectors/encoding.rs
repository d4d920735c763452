//! `encoding.json`: binary programs and assembly texts of SPEC §4 and §8.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Expected, File, parse, value};
use crate::canonical::{Outcome, bytes_of, bytes_of_hex, hex_of, words_of};
use crate::generators::tiny;
use crate::twins::{BOTH, SPEC, Twin};

#[derive(Serialize, Deserialize)]
struct Case {
    id: String,
    flags: Vec<String>,
    /// The binary program; empty for a text that does not assemble.
    program: String,
    /// The assembly text; empty for a case of decoding.
    text: String,
    /// The disassembly, if accepted.
    disassembly: String,
    /// The digest, if accepted.
    digest: Vec<u32>,
    #[serde(flatten)]
    expected: Expected,
}

/// Changes of one word of a program that decodes: (id, flag, word, value).
const CHANGES: [(&str, &str, usize, u32); 24] = [
    ("magic", "header", 0, 0),
    ("version", "header", 1, 2),
    ("frame_beyond_the_cap", "header", 2, (1 << 22) + 1),
    ("instructions_beyond_the_cap", "header", 3, (1 << 20) + 1),
    ("hints_beyond_the_cap", "header", 4, (1 << 20) + 1),
    ("no_instruction", "header", 3, 0),
    ("more_instructions_than_words", "length", 3, 1000),
    ("fewer_instructions_than_words", "instruction", 3, 12),
    ("opcode_0", "instruction", 5, 0),
    ("opcode_11", "instruction", 5, 11),
    ("chain_of_length_zero", "instruction", 5, 12),
    ("path_of_length_zero", "instruction", 5, 13),
    ("sponge_of_length_zero", "instruction", 5, 14),
    ("opcode_16", "instruction", 5, 16),
    ("opcode_31", "instruction", 5, 31),
    ("half_of_halves", "instruction", 5, 15 + (1 << 13)),
    ("both_modes", "instruction", 5, 3 + (3 << 5)),
    ("half_of_mul", "instruction", 5, 3 + (1 << 13)),
    ("bit_16", "instruction", 5, 3 + (1 << 16)),
    ("word_not_canonical", "element", 5, u32::MAX),
    ("k_is_p", "element", 6, 2_130_706_433),
    ("fourth_operand_of_mul", "instruction", 9, 1),
    ("imm_of_mul", "instruction", 10, 1),
    ("halt_first", "instruction", 5, 1),
];

/// Texts that are refused: (id, text).
const TEXTS: [(&str, &str); 15] = [
    ("empty_text", ""),
    ("unknown_mnemonic", "frobnicate 1\nhalt\n"),
    ("undefined_label", "jump 1, nowhere, fp\nhalt\n"),
    ("label_twice", "a: a: halt\n"),
    ("integer_p", "add 2130706433, 0, 0\nhalt\n"),
    ("jump_outside", "jump 1, 2, fp\nhalt\n"),
    ("length_zero", "dot_ee 0, 0, 0, 0\nhalt\n"),
    ("no_chain", "chain 0, 0, 4, 0, 0\nhalt\n"),
    ("base_zero", "chain 0, 0, 0, 0, 1\nhalt\n"),
    ("base_beyond_the_cap", "chain 0, 0, 257, 0, 1\nhalt\n"),
    ("base_in_memory", "chain 0, 0, m[fp], 0, 1\nhalt\n"),
    ("base_of_the_frame", "chain 0, 0, fp, 0, 1\nhalt\n"),
    ("path_beyond_the_cap", "path 0, 0, 0, 0, 65537\nhalt\n"),
    ("sponge_without_length", "sponge 0, 0, 0, 0\nhalt\n"),
    ("halt_missing", "add 0, 0, 0\n"),
];

fn decode(id: &str, flag: &str, program: &[u8]) -> Value {
    let outcome = SPEC.decode(program);
    let expected = Expected::of(&outcome);
    let (disassembly, digest) = outcome
        .map(|decoded| (decoded.text, decoded.digest))
        .unwrap_or_default();
    value(&Case {
        id: id.to_owned(),
        flags: vec![flag.to_owned()],
        program: hex_of(program),
        text: String::new(),
        disassembly,
        digest,
        expected,
    })
}

fn assemble(id: &str, text: &str) -> Value {
    let outcome = SPEC.assemble(text);
    let expected = Expected::of(&outcome);
    let program = outcome.map(|bytes| hex_of(&bytes)).unwrap_or_default();
    let text = text.to_owned();
    value(&Case {
        id: id.to_owned(),
        flags: vec!["text".to_owned()],
        program,
        text,
        disassembly: String::new(),
        digest: Vec::new(),
        expected,
    })
}

pub(super) fn file() -> File {
    let mut cases = Vec::new();
    for tiny in &tiny::ALL {
        cases.push(assemble(&format!("assemble_{}", tiny.name), tiny.text));
        cases.push(decode(
            &format!("decode_{}", tiny.name),
            "ordinary",
            &tiny.case().program,
        ));
    }
    let base = tiny::ARITHMETIC.case().program;
    for (id, flag, place, word) in CHANGES {
        let mut words = words_of(&base);
        words[place] = word;
        cases.push(decode(id, flag, &bytes_of(&words)));
    }
    for (id, length) in [
        ("nothing", 0),
        ("header_cut", 19),
        ("instruction_cut", 40),
        ("last_byte_cut", base.len() - 1),
    ] {
        cases.push(decode(id, "length", &base[..length]));
    }
    cases.push(decode("a_byte_more", "length", &[&base[..], &[0]].concat()));
    let hints = words_of(&tiny::HINTS.case().program);
    let first = 5 + 6 * hints[3] as usize;
    for (id, flag, place, word) in [
        ("hint_beyond_the_program", "hint", first, 1000),
        ("hint_kind", "hint", first + 1, 6),
        ("hint_destination_constant", "hint", first + 2, 0),
        ("hint_k_is_p", "element", first + 3, 2_130_706_433),
        ("hint_alignment", "hint", first + 6, 2),
        ("hint_name_of_alloc", "hint", first + 7, 1),
    ] {
        let mut words = hints.clone();
        words[place] = word;
        cases.push(decode(id, flag, &bytes_of(&words)));
    }
    for (id, text) in TEXTS {
        cases.push(assemble(id, text));
    }
    File {
        format: "encoding",
        section: "4 isa, 8 assembly",
        flags: &[
            ("ordinary", "a program as a user would write it"),
            ("text", "assembly text"),
            ("header", "one of the five words of the header is wrong"),
            ("length", "the file is too short or too long"),
            (
                "instruction",
                "an instruction, or the place of HALT, is wrong",
            ),
            ("element", "a word is not a canonical element"),
            ("hint", "a hint is malformed"),
        ],
        extra: Vec::new(),
        cases,
    }
}

pub(super) fn replay(cases: &[Value]) {
    for case in cases {
        let case: Case = parse(case);
        for twin in BOTH {
            replay_case(&case, twin);
        }
    }
}

fn replay_case(case: &Case, twin: &dyn Twin) {
    let context = format!("{}, {}", case.id, twin.name());
    let program = bytes_of_hex(&case.program).expect("hexadecimal digits");
    if case.flags.iter().any(|flag| flag == "text") {
        let outcome = twin.assemble(&case.text);
        assert_eq!(Expected::of(&outcome), case.expected, "{context}");
        assert_eq!(outcome.unwrap_or_default(), program, "{context}");
        return;
    }
    let outcome: Outcome<_> = twin.decode(&program);
    assert_eq!(Expected::of(&outcome), case.expected, "{context}");
    if let Ok(decoded) = outcome {
        assert_eq!(decoded.text, case.disassembly, "{context}");
        assert_eq!(decoded.digest, case.digest, "{context}");
        assert_eq!(decoded.bytes, program, "{context}");
    }
}
