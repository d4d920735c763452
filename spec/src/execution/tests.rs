use super::*;
use crate::assembly::assemble;
use crate::field::Ext;
use crate::permutation::{compress_16, compress_24, permute_16};

fn felts(values: &[u64]) -> Vec<Felt> {
    values.iter().map(|value| Felt::new(*value)).collect()
}

fn run_with(text: &str, input: &Input, limits: &Limits) -> Result<Execution, Rejection> {
    let program = assemble(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    execute(&program, input, limits).map_err(|stopped| stopped.error.rejection)
}

/// Runs lines separated by `/`, then halts.
fn run(lines: &str) -> Result<Execution, Rejection> {
    let text = format!(".frame 64\n{}\nhalt", lines.replace(" / ", "\n"));
    run_with(&text, &Input::default(), &Limits::default())
}

fn cells(lines: &str) -> Vec<Felt> {
    run(lines)
        .unwrap_or_else(|rejection| panic!("{rejection}: {lines}"))
        .memory
}

fn refused(lines: &str, rejection: Rejection) {
    assert_eq!(
        run(lines).map(|execution| execution.cycles),
        Err(rejection),
        "{lines}"
    );
}

#[test]
fn add_solves_one_unknown() {
    assert_eq!(cells("add 2, 3, m[fp]")[8], Felt::new(5));
    assert_eq!(cells("add 2, m[fp], 3")[8], Felt::new(1));
    assert_eq!(cells("add m[fp], 3, 2")[8], -Felt::ONE);
    assert!(run("add 2, 3, 5").is_ok());
    refused("add 2, 3, 6", Rejection::RelationViolated);
    refused("add m[fp], m[fp], 4", Rejection::OperandUndefined);
    refused("add m[fp], 1, m[fp+1]", Rejection::OperandUndefined);
    refused("add m[fp], m[fp+2], m[fp+1]", Rejection::OperandUndefined);
    refused("add 1, 2, m[fp-9]", Rejection::AddressOutOfRange);
}

#[test]
fn mul_solves_one_unknown() {
    assert_eq!(cells("mul 2, 3, m[fp]")[8], Felt::new(6));
    assert_eq!(cells("mul 2, m[fp], 6")[8], Felt::new(3));
    assert_eq!(cells("mul m[fp], 3, 6")[8], Felt::new(2));
    assert_eq!(
        cells("mul 0, 3, m[fp] / add m[fp], 1, m[fp+1]")[8..10],
        felts(&[0, 1])[..]
    );
    refused("mul 2, 3, 5", Rejection::RelationViolated);
    refused("mul 0, m[fp], 5", Rejection::DivisionByZero);
    refused("mul m[fp], 0, 5", Rejection::DivisionByZero);
    refused("mul 0, m[fp], 0", Rejection::FactorUndetermined);
    refused("mul m[fp], 0, 0", Rejection::FactorUndetermined);
    refused("mul 0, m[fp], m[fp+1]", Rejection::OperandUndefined);
    refused("mul m[fp], m[fp], 4", Rejection::OperandUndefined);
}

#[test]
fn deref_defines_checks_and_joins() {
    assert_eq!(
        cells("add 8, 0, m[fp] / deref m[fp], 2, 7")[10],
        Felt::new(7)
    );
    assert_eq!(
        cells("add 8, 0, m[fp] / deref m[fp], 2, fp+1")[10],
        Felt::new(9)
    );
    assert_eq!(
        cells("add 8, 0, m[fp] / deref m[fp], 0, m[fp+1]")[9],
        Felt::new(8)
    );
    let joined =
        "add 8, 0, m[fp] / deref m[fp], 2, m[fp+3] / deref m[fp], 4, m[fp+3] / add 5, 0, m[fp+4]";
    assert_eq!(cells(joined)[8..13], felts(&[8, 0, 5, 5, 5])[..]);
    let never_defined =
        run("add 8, 0, m[fp] / deref m[fp], 2, m[fp+3]").expect("joined cells end as zero");
    assert_eq!(
        (never_defined.memory[10], never_defined.used_cells),
        (Felt::ZERO, 9)
    );
    refused(
        "add 8, 0, m[fp] / deref m[fp], 0, 7",
        Rejection::RelationViolated,
    );
    refused(
        "add 8, 0, m[fp] / add 1, 0, m[fp+1] / deref m[fp], 0, m[fp+1]",
        Rejection::RelationViolated,
    );
    refused("deref m[fp], 2, 7", Rejection::OperandUndefined);
    refused(
        "add 8, 0, m[fp] / deref m[fp], -9, 7",
        Rejection::AddressOutOfRange,
    );
    refused(
        "add 8, 0, m[fp] / deref m[fp], 67108856, m[fp+1]",
        Rejection::AddressOutOfRange,
    );
    // The address of the value is read before the pointer is required.
    refused("deref m[fp], 2, m[fp-9]", Rejection::AddressOutOfRange);
}

#[test]
fn jumps() {
    let jumped = run("jump 1, 2, fp / add 1, 1, 3").expect("the false relation is jumped over");
    assert_eq!(
        jumped.cycles,
        [Cycle {
            pc: 0,
            fp: Felt::new(8)
        }]
    );
    assert!(run("jump 0, m[fp], m[fp+1]").is_ok());
    refused("jump m[fp], 1, fp", Rejection::OperandUndefined);
    refused("jump 1, m[fp], fp", Rejection::OperandUndefined);
    refused("jump 1, 1, m[fp]", Rejection::OperandUndefined);
    refused("jump 0, 1, m[fp-9]", Rejection::AddressOutOfRange);
    refused("jump 2, 1, fp", Rejection::JumpCondition);
    refused("jump -1, 1, fp", Rejection::JumpCondition);
    refused(
        "add 0, 77, m[fp] / jump 1, m[fp], fp",
        Rejection::PcOutOfRange,
    );
    refused("jump 1, 1, fp+1", Rejection::FinalFrame);
    let endless = run_with(
        "a: jump 1, a, fp\nhalt",
        &Input::default(),
        &Limits {
            cycles: 10,
            cells: 100,
        },
    );
    assert_eq!(
        endless.map(|execution| execution.cycles),
        Err(Rejection::CycleLimit)
    );
    let exactly = run_with(
        "add 1, 1, 2\nhalt",
        &Input::default(),
        &Limits {
            cycles: 1,
            cells: 100,
        },
    );
    assert!(exactly.is_ok());
}

#[test]
fn poseidon_defines_its_output() {
    let input = Input {
        public: (1..25).map(Felt::new).collect(),
        private: BTreeMap::new(),
    };
    let go = |line: &str| {
        run_with(
            &format!(".frame 32\n{line}\nhalt"),
            &input,
            &Limits::default(),
        )
        .map(|e| e.memory)
    };
    let word = |i: usize| Felt::new(i as u64 + 1);
    let expected = compress_16(&core::array::from_fn(word));
    assert_eq!(
        go("poseidon16 0, 8, fp").map(|m| m[32..40].to_vec()),
        Ok(expected.to_vec())
    );
    let half = go("poseidon16 0, 8, fp, half").expect("the output is free");
    assert_eq!(
        (half[32..36].to_vec(), half[36]),
        (expected[..4].to_vec(), Felt::ZERO)
    );
    let mut state = core::array::from_fn(|i| if i < 8 { word(i) } else { Felt::ZERO });
    assert_eq!(
        go("poseidon8 0, fp").map(|m| m[32..40].to_vec()),
        Ok(compress_16(&state).to_vec())
    );
    permute_16(&mut state);
    assert_eq!(
        go("poseidon8 0, fp, permute").map(|m| m[32..48].to_vec()),
        Ok(state.to_vec())
    );
    let expected = compress_24(&core::array::from_fn(word));
    assert_eq!(
        go("poseidon24 0, 8, 16, fp").map(|m| m[32..40].to_vec()),
        Ok(expected.to_vec())
    );
    assert_eq!(
        go("poseidon16 0, 8, 16").map(drop),
        Err(Rejection::RelationViolated)
    );
    assert_eq!(
        go("poseidon16 0, 8, fp+1").map(drop),
        Err(Rejection::ChunkUnaligned)
    );
    assert_eq!(
        go("poseidon16 m[fp], 1, 1").map(drop),
        Err(Rejection::OperandUndefined)
    );
    assert_eq!(
        go("poseidon16 0, fp, fp").map(drop),
        Err(Rejection::OperandUndefined)
    );
    assert_eq!(
        go("poseidon16 0, 8, -1").map(drop),
        Err(Rejection::AddressOutOfRange)
    );
}

#[test]
fn poseidon_of_halves() {
    let input = Input {
        public: (1..25).map(Felt::new).collect(),
        private: BTreeMap::new(),
    };
    let go = |line: &str| {
        run_with(
            &format!(".frame 32\n{line}\nhalt"),
            &input,
            &Limits::default(),
        )
    };
    let halted = go("poseidon16_halves 12, 4, 16, fp+4").expect("the output is free");
    let cells = [13, 14, 15, 16, 5, 6, 7, 8, 17, 18, 19, 20, 21, 22, 23, 24];
    let expected = compress_16(&cells.map(Felt::new));
    assert_eq!(halted.memory[36..40], expected[..4]);
    assert_eq!(halted.memory[32..36], [Felt::ZERO; 4]);
    assert_eq!((halted.used_cells, halted.memory.len()), (32 + 4, 64));
    // The offset is of the second half and of the result.
    let moved = go("poseidon16_halves 12, 8, 16, fp+8, -4").expect("the output is free");
    assert_eq!(moved.memory, halted.memory);
    // The result may be one of the halves of the chunk that is read, but of other values.
    let twice = "poseidon16_halves 0, 4, 16, fp\nposeidon16_halves 0, 4, 16, 32";
    assert!(go(twice).is_ok());
    for (line, expected) in [
        ("poseidon16_halves 0, 0, 0, 4", Rejection::RelationViolated),
        (
            "poseidon16_halves m[fp], 1, 1, 1",
            Rejection::OperandUndefined,
        ),
        (
            "poseidon16_halves 1, 1, 1, m[fp]",
            Rejection::OperandUndefined,
        ),
        ("poseidon16_halves 2, 0, 0, fp", Rejection::ChunkUnaligned),
        ("poseidon16_halves 0, 3, 0, fp", Rejection::ChunkUnaligned),
        ("poseidon16_halves 0, 0, 4, fp", Rejection::ChunkUnaligned),
        ("poseidon16_halves 0, 0, 0, fp+2", Rejection::ChunkUnaligned),
        ("poseidon16_halves fp, 0, 1, 0", Rejection::ChunkUnaligned),
        (
            "poseidon16_halves 0, 0, 0, fp, 2",
            Rejection::ChunkUnaligned,
        ),
        (
            "poseidon16_halves 0, 2, 0, fp, 2",
            Rejection::ChunkUnaligned,
        ),
        (
            "poseidon16_halves 0, 1, 0, 0, -1",
            Rejection::AddressOutOfRange,
        ),
        (
            "poseidon16_halves 0, 0, 0, 1, -1",
            Rejection::AddressOutOfRange,
        ),
        (
            "poseidon16_halves fp, 0, 0, fp",
            Rejection::OperandUndefined,
        ),
        (
            "poseidon16_halves 0, fp+4, 0, fp",
            Rejection::OperandUndefined,
        ),
        (
            "poseidon16_halves 0, 0, fp, fp",
            Rejection::OperandUndefined,
        ),
        (
            "poseidon16_halves 0, 0, 0, -1",
            Rejection::AddressOutOfRange,
        ),
        (
            "poseidon16_halves -1, 0, 0, fp",
            Rejection::AddressOutOfRange,
        ),
        (
            "poseidon16_halves 0, 0, 0, m[fp-33]",
            Rejection::AddressOutOfRange,
        ),
    ] {
        assert_eq!(go(line).map(|e| e.cycles), Err(expected), "{line}");
    }
}

#[test]
fn reductions() {
    let input = Input {
        public: (1..33).map(Felt::new).collect(),
        private: BTreeMap::new(),
    };
    let go = |line: &str| {
        run_with(
            &format!(".frame 32\n{line}\nhalt"),
            &input,
            &Limits::default(),
        )
        .map(|e| e.memory)
    };
    let ext = |at: u64| Ext::new(core::array::from_fn(|i| Felt::new(at + 1 + i as u64)));
    let base = |at: u64| Ext::from(Felt::new(at + 1));
    let term = |x: Ext, y: Ext| x * y + (Ext::ONE - x) * (Ext::ONE - y);
    for (line, expected) in [
        ("dot_ee 0, 11, fp, 2", ext(0) * ext(11) + ext(5) * ext(16)),
        ("dot_be 0, 11, fp, 2", base(0) * ext(11) + base(1) * ext(16)),
        (
            "eq_ee 0, 11, fp, 2",
            term(ext(0), ext(11)) * term(ext(5), ext(16)),
        ),
        (
            "eq_be 3, 11, fp, 2",
            term(base(3), ext(11)) * term(base(4), ext(16)),
        ),
    ] {
        assert_eq!(
            go(line).map(|m| m[32..37].to_vec()),
            Ok(expected.coordinates().to_vec()),
            "{line}"
        );
    }
    assert_eq!(
        go("dot_ee 0, 11, 3, 1").map(drop),
        Err(Rejection::RelationViolated)
    );
    assert_eq!(
        go("dot_ee m[fp], 11, 3, 1").map(drop),
        Err(Rejection::OperandUndefined)
    );
    assert_eq!(
        go("dot_ee 0, 29, fp+8, 1").map(drop),
        Err(Rejection::OperandUndefined)
    );
    assert_eq!(
        go("dot_ee 0, -2, fp, 1").map(drop),
        Err(Rejection::AddressOutOfRange)
    );
    assert_eq!(
        go("dot_ee 0, 0, -2, 1").map(drop),
        Err(Rejection::AddressOutOfRange)
    );
}

#[test]
fn hints() {
    let halted =
        run("hint alloc m[fp], 3 / hint alloc8 m[fp+1], m[fp] / hint print m[fp+1] / add 1, 1, 2")
            .expect("halts");
    let places: Vec<(u32, u32)> = halted
        .allocations
        .iter()
        .map(|a| (a.address, a.size))
        .collect();
    assert_eq!(places, [(72, 3), (80, 72)]);
    assert_eq!(halted.printed, felts(&[80]));
    assert_eq!(halted.memory.len(), 152);
    assert_eq!(
        cells("hint bits 5, fp+1, 4 / add 1, 1, 2")[9..13],
        felts(&[0, 1, 0, 1])[..]
    );
    assert!(run("hint bits 0, m[fp], 0 / add 1, 1, 2").is_err());
    assert!(run("hint bits 0, -1, 0 / add 1, 1, 2").is_ok());
    assert_eq!(
        cells("hint inverse m[fp], 2 / mul m[fp], 2, 1")[8],
        Felt::new(1_065_353_217)
    );
    assert_eq!(
        cells("hint inverse m[fp], 0 / add m[fp], 1, 1")[8],
        Felt::ZERO
    );
    assert_eq!(
        cells("hint equal m[fp], 5, 5 / hint equal m[fp+1], m[fp], fp / add 1, 1, 2")[8..10],
        felts(&[1, 0])[..]
    );
    refused(
        "hint equal m[fp], m[fp+1], 2 / add 1, 1, 2",
        Rejection::OperandUndefined,
    );
    refused(
        "hint equal m[fp], 2, m[fp+1] / add 1, 1, 2",
        Rejection::OperandUndefined,
    );
    refused(
        "hint equal m[fp-8], 2, 2 / add 1, 1, 2",
        Rejection::HintConflict,
    );
    refused(
        "hint equal m[fp-9], 2, 2 / add 1, 1, 2",
        Rejection::AddressOutOfRange,
    );
    refused("hint bits 16, fp+1, 4 / add 1, 1, 2", Rejection::HintFailed);
    refused(
        "hint bits m[fp], fp+1, 4 / add 1, 1, 2",
        Rejection::OperandUndefined,
    );
    refused(
        "add 9, 0, m[fp] / hint inverse m[fp], 1 / add 1, 1, 2",
        Rejection::HintConflict,
    );
    refused(
        "hint inverse m[fp-9], 1 / add 1, 1, 2",
        Rejection::AddressOutOfRange,
    );
    refused(
        "hint alloc m[fp], 67108793 / add 1, 1, 2",
        Rejection::MemoryExhausted,
    );
    refused(
        "hint alloc m[fp], -1 / add 1, 1, 2",
        Rejection::MemoryExhausted,
    );
    refused(
        "hint print m[fp] / add 1, 1, 2",
        Rejection::OperandUndefined,
    );
    // Hints at the halt pc are not run.
    assert_eq!(
        run("hint print 7").map(|execution| execution.printed),
        Ok(vec![])
    );
}

#[test]
fn witnesses() {
    let text = ".frame 8\nhint witness \"a\", fp\nadd m[fp], m[fp+1], 7\nhint witness \"a\", fp+2\nadd 1, 1, 2\nhalt";
    let input = |lists: &[&[u64]]| Input {
        public: vec![],
        private: BTreeMap::from([(
            "a".to_string(),
            lists.iter().map(|list| felts(list)).collect(),
        )]),
    };
    let go = |lists: &[&[u64]]| {
        run_with(text, &input(lists), &Limits::default()).map(|execution| execution.memory)
    };
    assert_eq!(
        go(&[&[3, 4], &[5, 6]]).map(|memory| memory[8..12].to_vec()),
        Ok(felts(&[3, 4, 5, 6]))
    );
    assert!(go(&[&[3, 4], &[]]).is_ok());
    assert_eq!(go(&[&[3, 4]]), Err(Rejection::WitnessMissing));
    assert_eq!(go(&[]), Err(Rejection::WitnessMissing));
    assert_eq!(go(&[&[3, 4], &[], &[]]), Err(Rejection::WitnessLeftOver));
    assert_eq!(go(&[&[3, 5], &[]]), Err(Rejection::RelationViolated));
    assert_eq!(go(&[&[3, 4, 5], &[6]]), Err(Rejection::HintConflict));
    let unnamed = run_with("halt", &input(&[&[]]), &Limits::default());
    assert_eq!(unnamed.map(drop), Err(Rejection::WitnessLeftOver));
}

#[test]
fn the_public_region() {
    for (n, expected) in [
        (0, 8),
        (1, 8),
        (8, 8),
        (9, 16),
        (16, 16),
        (17, 32),
        (1 << 20, 1 << 20),
    ] {
        assert_eq!(num_public_cells(n), expected);
    }
    let input = |n: u64| Input {
        public: (0..n).map(Felt::new).collect(),
        private: BTreeMap::new(),
    };
    let halted = run_with("halt", &input(9), &Limits::default()).expect("halts");
    assert_eq!(
        (
            halted.fp_0,
            halted.public_cells,
            halted.used_cells,
            halted.memory.len()
        ),
        (16, 16, 16, 16)
    );
    assert_eq!(
        halted.memory[..10],
        felts(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 0])[..]
    );
    let long = run_with("halt", &input((1 << 20) + 1), &Limits::default());
    assert_eq!(long.map(drop), Err(Rejection::PublicInputTooLong));
    let small = Limits {
        cycles: 1,
        cells: 12,
    };
    assert!(run_with(".frame 4\nhalt", &input(0), &small).is_ok());
    assert_eq!(
        run_with(".frame 5\nhalt", &input(0), &small).map(drop),
        Err(Rejection::MemoryExhausted)
    );
    assert_eq!(
        run_with("halt", &input(9), &small).map(drop),
        Err(Rejection::AddressOutOfRange)
    );
}
