//! Each kind of unusable program and of rejected execution ends with its exit code and its
//! rejection code.

use crate::common::{Case, Outcome, leanvm, text};

/// Runs assembly text without input.
fn run_text(program: &str) -> Outcome {
    Case::new(program, "{}").run(&[])
}

/// The program is refused, as a fault of its file.
#[track_caller]
fn refused(program: impl AsRef<[u8]>, rejection: &str) -> Outcome {
    let case = Case::new(program, "{}");
    case.run(&[]).unusable(&case.program).mentions(rejection)
}

/// A binary program of instructions without operands' hints.
fn binary(frame_size: u32, instructions: &[[u32; 6]]) -> Vec<u8> {
    let count = u32::try_from(instructions.len()).expect("a short program");
    let words = [0x314d_564c, 1, frame_size, count, 0];
    words
        .iter()
        .chain(instructions.iter().flatten())
        .flat_map(|word| word.to_le_bytes())
        .collect()
}

const HALT: [u32; 6] = [1, 0, 0, 0, 0, 0];

#[test]
fn programs_that_are_not_programs() {
    refused("", "program-empty (3)");
    refused("; nothing but a comment\n", "program-empty (3)");
    refused(binary(0, &[]), "program-empty (3)");
    refused(&binary(0, &[HALT])[..23], "program-truncated (1)");
    refused(
        [binary(0, &[HALT]), vec![0]].concat(),
        "program-truncated (1)",
    );
    refused([0xff, 0xfe, 0, 1, 2, 3, 4, 5], "program-magic (2)");
    refused(binary(1 << 23, &[HALT]), "program-too-long (4)");
    refused(
        binary(0, &[[31, 0, 0, 0, 0, 0], HALT]),
        "opcode-unknown (5)",
    );
    refused(
        binary(0, &[[11, 0, 0, 0, 0, 0], HALT]),
        "opcode-reserved (6)",
    );
    refused(
        binary(0, &[[2 + (3 << 5), 0, 0, 0, 0, 0], HALT]),
        "operand-mode (7)",
    );
    refused(
        binary(0, &[[2, 2_130_706_433, 0, 0, 0, 0], HALT]),
        "element-not-canonical (8)",
    );
    refused(binary(0, &[[2, 0, 0, 0, 0, 0]]), "halt-missing (9)");
    refused("add 1, 2, 3\n", "halt-missing (9)");
    refused("halt\nhalt\n", "halt-missing (9)");
    refused("jump 1, 2, fp\nhalt\n", "jump-outside (10)");
    refused("dot_ee 0, 0, 0, 0\nhalt\n", "length-zero (12)");
    refused("frobnicate 1\nhalt\n", "assembly-syntax (13)").mentions("line 1");
    refused("add 1, 2\nhalt\n", "assembly-syntax (13)").mentions("line 1");
    refused("halt\nadd 2130706433, 0, 0\n", "assembly-syntax (13)").mentions("line 2");
    refused("jump 1, nowhere, fp\nhalt\n", "assembly-syntax (13)").mentions("nowhere");
}

#[test]
fn a_program_announcing_a_million_instructions_in_a_short_file_is_truncated() {
    let words: [u32; 5] = [0x314d_564c, 1, 0, 1 << 20, 1 << 20];
    refused(
        words.map(u32::to_le_bytes).concat(),
        "program-truncated (1)",
    );
}

#[test]
fn executions_that_are_rejected() {
    run_text("add 1, 1, 3\nhalt\n").rejected("relation-violated (20)");
    // Two values to one cell.
    run_text("add 1, 0, m[fp]\nadd 2, 0, m[fp]\nhalt\n").rejected("relation-violated (20)");
    // A cell that nobody has given a value.
    run_text("add m[fp], m[fp+1], 3\nhalt\n").rejected("operand-undefined (21)");
    run_text("deref m[fp], 0, 1\nhalt\n").rejected("operand-undefined (21)");
    run_text("mul m[fp], 0, 1\nhalt\n").rejected("division-by-zero (22)");
    run_text("mul m[fp], 0, 0\nhalt\n").rejected("factor-undetermined (23)");
    run_text("add 0, -1, m[fp]\nderef m[fp], 0, 1\nhalt\n").rejected("address-out-of-range (24)");
    run_text("poseidon8 4, 8\nhalt\n").rejected("chunk-unaligned (25)");
    run_text("poseidon8 0, 9\nhalt\n").rejected("chunk-unaligned (25)");
    run_text("jump 2, 0, fp\nhalt\n").rejected("jump-condition (26)");
    // A destination that only the execution knows.
    run_text("add 100, 0, m[fp]\njump 1, m[fp], fp\nhalt\n").rejected("pc-out-of-range (27)");
    run_text("jump 1, 1, fp+1\nhalt\n").rejected("final-frame (28)");
    run_text("hint bits 4, fp, 2\nadd 0, 0, 0\nhalt\n").rejected("hint-failed (33)");
    run_text("add 1, 0, m[fp+1]\nhint bits 2, fp, 2\nadd 0, 0, 0\nhalt\n")
        .rejected("hint-conflict (34)");
}

#[test]
fn an_endless_loop_ends_at_the_cap_of_cycles() {
    let case = Case::new("again: jump 1, again, fp\nhalt\n", "{}");
    case.run(&["--max-cycles", "1000"])
        .rejected("cycle-limit (29)")
        .mentions("--max-cycles");
}

/// The cap of 2^26 cells that holds if none is given, to the cell: behind the public region and the
/// frame, 9 cells, is room for the rest.
#[test]
fn memory_has_the_greatest_cap_if_none_is_given() {
    let program = |cells: u32| format!(".frame 1\nhint alloc m[fp], {cells}\nadd 0, 0, 0\nhalt\n");
    let room = (1 << 26) - 9;
    run_text(&program(room + 1)).rejected("memory-exhausted (30)");
    // The specification would take seconds.
    let case = Case::new(program(room), "{}");
    leanvm(["run", text(&case.program)]).accepted();
}

#[test]
fn memory_is_exhausted_at_the_cap_of_cells() {
    let program = ".frame 1\nstep: hint alloc m[fp], 1000\njump 1, step, m[fp]\nhalt\n";
    let case = Case::new(program, "{}");
    case.run(&["--max-cells", "10000"])
        .rejected("memory-exhausted (30)")
        .mentions("--max-cells");
    run_text("hint alloc m[fp], -1\nadd 0, 0, 0\nhalt\n").rejected("memory-exhausted (30)");
}
