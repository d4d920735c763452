//! `execution.json`: programs with input, and what comes of them by SPEC §5 to §7.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Expected, File, parse, value};
use crate::canonical::{self, Private, bytes_of_hex, hex_of};
use crate::generators::tiny;
use crate::twins::{BOTH, SPEC};

#[derive(Serialize, Deserialize)]
struct Case {
    id: String,
    flags: Vec<String>,
    text: String,
    program: String,
    public: Vec<u32>,
    private: Private,
    cycle_cap: u64,
    cell_cap: u32,
    fp_0: u32,
    memory: Vec<u32>,
    used_cells: usize,
    steps: Vec<(u32, u32)>,
    allocations: Vec<(u32, u32)>,
    printed: Vec<u32>,
    #[serde(flatten)]
    expected: Expected,
}

/// Programs that are rejected: (id, flag, body between `.frame 64` and `halt`).
const REJECTED: [(&str, &str, &str); 59] = [
    ("false_sum", "assertion", "add 1, 1, 3"),
    ("false_product", "assertion", "mul 2, 2, 5"),
    (
        "two_values_in_a_cell",
        "assertion",
        "add 1, 2, m[fp]\nadd 1, 3, m[fp]",
    ),
    (
        "two_values_joined",
        "assertion",
        "add fp, 0, m[fp]\nderef m[fp], 1, m[fp+2]\nadd 5, 0, m[fp+1]\nadd 6, 0, m[fp+2]",
    ),
    ("false_hash", "assertion", "poseidon8 0, 0"),
    ("false_half", "assertion", "poseidon16_halves 0, 0, 0, 4"),
    (
        "false_half_at_an_offset",
        "assertion",
        "poseidon16_halves 0, 4, 0, 8, -4",
    ),
    ("two_unknowns", "undefined", "add m[fp], m[fp+1], 1"),
    ("one_unknown_twice", "undefined", "add m[fp], m[fp], 2"),
    ("undefined_pointer", "undefined", "deref m[fp], 0, 1"),
    ("undefined_chunk", "undefined", "poseidon8 fp, fp+8"),
    (
        "undefined_half",
        "undefined",
        "poseidon16_halves 0, fp, 0, fp+8",
    ),
    (
        "undefined_chunk_of_halves",
        "undefined",
        "poseidon16_halves 0, 4, fp, fp+8",
    ),
    ("undefined_term", "undefined", "dot_ee fp, 0, fp+8, 1"),
    ("division_by_zero", "division", "mul m[fp], 0, 1"),
    ("zero_by_zero", "division", "mul m[fp], 0, 0"),
    ("address_at_the_cap", "address", "add 1, 0, m[fp+4088]"),
    ("address_below_zero", "address", "add m[fp-9], 0, 0"),
    ("unaligned_input", "address", "poseidon8 1, fp"),
    ("unaligned_output", "address", "poseidon8 0, fp+1"),
    ("unaligned_half", "address", "poseidon16_halves 0, 2, 0, fp"),
    (
        "unaligned_offset",
        "address",
        "poseidon16_halves 0, 2, 0, fp, 2",
    ),
    (
        "unaligned_chunk_of_halves",
        "address",
        "poseidon16_halves 0, 4, 4, fp",
    ),
    (
        "unaligned_half_of_output",
        "address",
        "poseidon16_halves 0, 4, 0, fp+6",
    ),
    (
        "false_end_of_a_chain",
        "assertion",
        "add 2, 0, m[fp]\nchain 0, 0, 4, fp, 1",
    ),
    (
        "false_sum_of_digits",
        "assertion",
        "add 3, 0, m[fp]\nadd 2, 0, m[fp+1]\nchain 0, 0, 4, fp, 1",
    ),
    (
        "digit_of_the_base",
        "assertion",
        "add 4, 0, m[fp]\nchain 0, 0, 4, fp, 1",
    ),
    (
        "digit_below_zero",
        "assertion",
        "add -1, 0, m[fp]\nchain 0, 0, 4, fp, 1",
    ),
    ("false_root", "assertion", "path 0, 0, 0, 0, 1"),
    (
        "side_two",
        "assertion",
        "hint bits 0, fp, 4\nhint bits 0, fp+5, 3\nadd 2, 0, m[fp+4]\npath 0, 0, 0, fp, 1",
    ),
    (
        "tweak_without_zeros",
        "assertion",
        "hint bits 1, fp, 8\npath 0, 0, 0, fp, 1",
    ),
    ("false_sponge", "assertion", "sponge 0, 0, 4, 0, 1"),
    ("undefined_digits", "undefined", "chain 0, 0, 4, m[fp], 1"),
    ("undefined_context", "undefined", "chain fp, 0, 4, 0, 1"),
    ("undefined_number", "undefined", "chain 0, 0, 4, fp, 1"),
    (
        "undefined_start_of_a_chain",
        "undefined",
        "chain 0, fp, 4, 0, 1",
    ),
    ("undefined_parameter", "undefined", "path fp, 0, 0, 0, 1"),
    ("undefined_node", "undefined", "path 0, fp, 0, 0, 1"),
    ("undefined_tweak", "undefined", "path 0, 0, 0, fp, 1"),
    ("undefined_sibling", "undefined", "path 0, 0, fp, 0, 1"),
    (
        "undefined_start_of_a_sponge",
        "undefined",
        "sponge fp, 0, 4, fp+8, 1",
    ),
    ("undefined_block", "undefined", "sponge 0, 4, 4, fp+8, 1"),
    ("unaligned_context", "address", "chain 4, 0, 4, 0, 1"),
    ("unaligned_chains", "address", "chain 0, 4, 4, 0, 1"),
    ("unaligned_key", "address", "path 4, 0, 0, 0, 1"),
    ("unaligned_node", "address", "path 0, 2, 0, 0, 1"),
    ("unaligned_siblings", "address", "path 0, 0, 2, 0, 1"),
    ("unaligned_tweaks", "address", "path 0, 0, 0, 4, 1"),
    (
        "unaligned_start_of_a_sponge",
        "address",
        "sponge 4, 0, 4, fp, 1",
    ),
    (
        "unaligned_end_of_a_sponge",
        "address",
        "sponge 0, 0, 4, fp+4, 1",
    ),
    ("unaligned_block", "address", "sponge 0, 2, 4, fp, 1"),
    (
        "unaligned_second_half_of_a_block",
        "address",
        "sponge 0, 0, 2, fp, 1",
    ),
    ("condition_two", "jump", "jump 2, 0, fp"),
    (
        "pc_behind_the_end",
        "jump",
        "add 5, 0, m[fp]\njump 1, m[fp], fp",
    ),
    (
        "other_final_frame",
        "jump",
        "jump 1, end, fp+1\nend: add 0, 0, 0",
    ),
    ("endless_loop", "cap", "loop: jump 1, loop, fp"),
    (
        "memory_exhausted",
        "cap",
        "hint alloc m[fp], 4090\nadd 0, 0, 0",
    ),
    ("too_many_bits", "hint", "hint bits 8, fp, 3\nadd 0, 0, 0"),
    (
        "equal_to_another_value",
        "hint",
        "add 1, 0, m[fp]\nhint equal m[fp], 2, 3\nadd 0, 0, 0",
    ),
];

fn case_of(id: &str, flag: &str, text: &str, case: &canonical::Case) -> Value {
    let outcome = SPEC.execute(case);
    let expected = Expected::of(&outcome);
    let mut vector = Case {
        id: id.to_owned(),
        flags: vec![flag.to_owned()],
        text: text.to_owned(),
        program: hex_of(&case.program),
        public: case.public.clone(),
        private: case.private.clone(),
        cycle_cap: case.cycles,
        cell_cap: case.cells,
        fp_0: 0,
        memory: Vec::new(),
        used_cells: 0,
        steps: Vec::new(),
        allocations: Vec::new(),
        printed: Vec::new(),
        expected,
    };
    if let Ok(executed) = outcome {
        vector.fp_0 = executed.fp_0;
        vector.memory = executed.memory;
        vector.used_cells = executed.used_cells;
        vector.steps = executed.steps;
        vector.allocations = executed.allocations;
        vector.printed = executed.printed;
    }
    value(&vector)
}

pub(super) fn file() -> File {
    let mut cases = Vec::new();
    for tiny in &tiny::ALL {
        cases.push(case_of(tiny.name, "ordinary", tiny.text, &tiny.case()));
    }
    for (id, flag, body) in REJECTED {
        let text = format!(".frame 64\n{body}\nhalt\n");
        let program = SPEC
            .assemble(&text)
            .expect("the texts of the vectors assemble");
        cases.push(case_of(
            id,
            flag,
            &text,
            &canonical::Case::new(program, Vec::new(), Private::new()),
        ));
    }
    let hints = tiny::HINTS.case();
    let mut missing = hints.clone();
    missing.private.remove("chunk");
    cases.push(case_of(
        "witness_missing",
        "input",
        tiny::HINTS.text,
        &missing,
    ));
    let mut left_over = hints.clone();
    left_over
        .private
        .entry("chunk".to_owned())
        .or_default()
        .push(Vec::new());
    cases.push(case_of(
        "witness_left_over",
        "input",
        tiny::HINTS.text,
        &left_over,
    ));
    let mut not_canonical = tiny::ARITHMETIC.case();
    not_canonical.public[0] = canonical::MODULUS;
    cases.push(case_of(
        "public_not_canonical",
        "input",
        tiny::ARITHMETIC.text,
        &not_canonical,
    ));
    let mut false_public = tiny::ARITHMETIC.case();
    false_public.public[2] = 13;
    cases.push(case_of(
        "public_input_refused",
        "assertion",
        tiny::ARITHMETIC.text,
        &false_public,
    ));
    File {
        format: "execution",
        section: "5 memory, 6 execution, 7 layout",
        flags: &[
            ("ordinary", "a program that runs to HALT"),
            ("assertion", "a relation is false on defined cells"),
            ("undefined", "a cell is read that nothing has defined"),
            ("division", "a factor that cannot be solved for"),
            (
                "address",
                "an address outside the memory, or not of a chunk or half",
            ),
            (
                "jump",
                "a condition, a destination or a frame that is not allowed",
            ),
            ("cap", "the cap of cycles or of cells"),
            ("hint", "a hint that cannot be computed"),
            (
                "input",
                "private or public input that does not fit the program",
            ),
        ],
        extra: Vec::new(),
        cases,
    }
}

pub(super) fn replay(cases: &[Value]) {
    for case in cases {
        let vector: Case = parse(case);
        let case = canonical::Case {
            program: bytes_of_hex(&vector.program).expect("hexadecimal digits"),
            public: vector.public,
            private: vector.private,
            cycles: vector.cycle_cap,
            cells: vector.cell_cap,
        };
        for twin in BOTH {
            let context = format!("{}, {}", vector.id, twin.name());
            assert_eq!(
                twin.assemble(&vector.text).as_ref(),
                Ok(&case.program),
                "{context}"
            );
            let outcome = twin.execute(&case);
            assert_eq!(Expected::of(&outcome), vector.expected, "{context}");
            let Ok(executed) = outcome else { continue };
            assert_eq!(executed.fp_0, vector.fp_0, "{context}");
            assert_eq!(executed.memory, vector.memory, "{context}");
            assert_eq!(executed.used_cells, vector.used_cells, "{context}");
            assert_eq!(executed.steps, vector.steps, "{context}");
            assert_eq!(executed.allocations, vector.allocations, "{context}");
            assert_eq!(executed.printed, vector.printed, "{context}");
        }
    }
}
