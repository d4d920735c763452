use super::*;
use crate::assembly::assemble;
use crate::parameters::{ParameterSet, Parameters};
use crate::permutation::{compress_24, permute_16};

fn run(text: &str) -> Result<Execution, Stopped> {
    run_on(text, &[])
}

fn run_on(text: &str, private: &[(&str, &[&[u32]])]) -> Result<Execution, Stopped> {
    let list = |list: &&[u32]| list.iter().copied().map(F::new).collect();
    let private = private
        .iter()
        .map(|(name, lists)| ((*name).to_string(), lists.iter().map(list).collect()))
        .collect();
    let input = Input {
        public: [10, 11, 12].map(F::new).to_vec(),
        private,
    };
    let limits = Limits {
        cycles: 100,
        cells: 1 << 12,
    };
    execute(&assemble(text).unwrap(), &input, &limits)
}

/// The rejection of an instruction before HALT, with public input 10, 11, 12 and fp_0 = 8.
fn rejection(text: &str) -> Rejection {
    run(&format!(".frame 8\n{text}\nhalt"))
        .unwrap_err()
        .error
        .rejection
}

/// Cells 8.. after HALT.
fn cells(text: &str) -> Vec<u32> {
    let execution = run(&format!(".frame 8\n{text}\nhalt")).unwrap();
    execution.memory[8..16]
        .iter()
        .copied()
        .map(to_canonical)
        .collect()
}

#[test]
fn inputs_are_of_canonical_words() {
    let input = Input::new(&[1, MODULUS - 1]).unwrap();
    assert_eq!(input.public, [F::ONE, F::NEG_ONE]);
    let input = input.with_list("a", &[]).unwrap().with_list("a", &[2]);
    assert_eq!(input.clone().unwrap().private["a"], [vec![], vec![F::TWO]]);
    for refused in [
        Input::new(&[0, MODULUS]),
        input.unwrap().with_list("a", &[u32::MAX]),
    ] {
        assert_eq!(
            refused.unwrap_err().rejection,
            Rejection::ElementNotCanonical
        );
    }
}

#[test]
fn arithmetic_solves_one_unknown() {
    let text = "add m[fp-8], 5, m[fp]\nadd m[fp+1], m[fp], 20\nadd 3, m[fp+2], 10\nmul 6, 7, m[fp+3]\nmul m[fp+4], 3, 12\nmul 3, m[fp+5], 0\nadd 1, 2, 3\nmul 0, 0, 0";
    assert_eq!(cells(text), [15, 5, 7, 42, 4, 0, 0, 0]);
    for (text, expected) in [
        ("add 1, 2, 4", Rejection::RelationViolated),
        ("mul 1, 2, 4", Rejection::RelationViolated),
        ("add m[fp], m[fp], 4", Rejection::OperandUndefined),
        ("mul m[fp], m[fp+1], m[fp+2]", Rejection::OperandUndefined),
        ("mul m[fp], 0, 4", Rejection::DivisionByZero),
        ("mul 0, m[fp], 0", Rejection::FactorUndetermined),
        ("add m[fp+4088], 0, 0", Rejection::AddressOutOfRange),
        ("add m[fp-9], 0, 0", Rejection::AddressOutOfRange),
    ] {
        assert_eq!(rejection(text), expected, "{text}");
    }
    assert_eq!(
        run(".frame 8\nadd m[fp+4087], 0, 0\nhalt")
            .unwrap()
            .memory
            .len(),
        1 << 12
    );
}

#[test]
fn deref_and_classes() {
    let text = "add 8, 0, m[fp]\nderef m[fp], 1, m[fp+2]\nderef m[fp], 3, m[fp+2]\nderef m[fp], 2, 9\nderef m[fp], 4, m[fp+3]\nderef m[fp], 5, m[fp+6]\nderef m[fp], 7, fp+1";
    assert_eq!(cells(text), [8, 9, 9, 9, 9, 0, 0, 9]);
    let defined = "add 8, 0, m[fp]\nderef m[fp], 1, 3\n";
    for (text, expected) in [
        ("deref m[fp], 0, 1".to_string(), Rejection::OperandUndefined),
        (
            format!("{defined}deref m[fp], 1, 4"),
            Rejection::RelationViolated,
        ),
        (
            format!("{defined}deref m[fp], 1, m[fp]"),
            Rejection::RelationViolated,
        ),
        (
            format!("{defined}deref m[fp], -9, 4"),
            Rejection::AddressOutOfRange,
        ),
    ] {
        assert_eq!(rejection(&text), expected, "{text}");
    }
}

#[test]
fn jumps() {
    let execution =
        run("jump 0, 0, m[fp]\njump 1, to, fp+1\nadd 0, 0, 1\nto: jump 1, end, 8\nend: halt")
            .unwrap();
    let steps: Vec<(u32, u32)> = execution
        .cycles
        .iter()
        .map(|cycle| (cycle.pc, to_canonical(cycle.fp)))
        .collect();
    assert_eq!(steps, [(0, 8), (1, 8), (3, 9)]);
    for (text, expected) in [
        ("jump m[fp], 0, 0", Rejection::OperandUndefined),
        ("jump 1, m[fp], 0", Rejection::OperandUndefined),
        ("jump 1, 0, m[fp]", Rejection::OperandUndefined),
        ("jump 0, m[fp-9], 0", Rejection::AddressOutOfRange),
        ("jump 2, 0, 0", Rejection::JumpCondition),
        ("jump 1, fp+1, 0", Rejection::PcOutOfRange),
        ("jump 1, 1, 9", Rejection::FinalFrame),
        ("jump 1, 0, fp", Rejection::CycleLimit),
    ] {
        assert_eq!(rejection(text), expected, "{text}");
    }
}

#[test]
fn hashes() {
    let mut input = [F::ZERO; 24];
    for (element, value) in input.iter_mut().zip([10, 11, 12]) {
        *element = F::new(value);
    }
    let execution = run(
        ".frame 8\nposeidon24 0, 0, 0, 8\nposeidon8 0, 16, permute\nposeidon8 0, 32, half\nhalt",
    )
    .unwrap();
    let mut state: [F; 16] = std::array::from_fn(|i| input[i]);
    permute_16(&mut state);
    let three = std::array::from_fn(|i| input[i % 8]);
    assert_eq!(execution.memory[8..16], compress_24(&three));
    assert_eq!(execution.memory[16..32], state);
    let half: [F; 8] = std::array::from_fn(|i| if i < 4 { state[i] + input[i] } else { F::ZERO });
    assert_eq!(execution.memory[32..], half);
    assert_eq!(execution.used_cells, 8 + 8 + 16 + 4);
    for (text, expected) in [
        ("poseidon8 m[fp], 1", Rejection::OperandUndefined),
        ("poseidon8 1, m[fp]", Rejection::OperandUndefined),
        ("poseidon8 1, 8", Rejection::ChunkUnaligned),
        ("poseidon16 8, 0, 9", Rejection::ChunkUnaligned),
        ("poseidon16 0, 8, 16", Rejection::OperandUndefined),
        ("poseidon8 0, 0", Rejection::RelationViolated),
        ("poseidon8 0, 4096", Rejection::AddressOutOfRange),
        ("poseidon8 2130706432, 0", Rejection::AddressOutOfRange),
    ] {
        assert_eq!(rejection(text), expected, "{text}");
    }
}

#[test]
fn hashes_of_halves() {
    let execution = run(".frame 8\nposeidon16_halves 0, 4, 0, 12\nhalt").unwrap();
    let public = [10, 11, 12].map(F::new);
    let input: [F; 16] = std::array::from_fn(|i| match i {
        0..8 => public.get(i).copied().unwrap_or(F::ZERO),
        _ => public.get(i - 8).copied().unwrap_or(F::ZERO),
    });
    let mut state = input;
    permute_16(&mut state);
    let expected: [F; 4] = std::array::from_fn(|i| state[i] + input[i]);
    assert_eq!(execution.memory[8..12], [F::ZERO; 4]);
    assert_eq!(execution.memory[12..], expected);
    assert_eq!(execution.used_cells, 8 + 4);
    // The offset is of the second half and of the result.
    let moved = run(".frame 8\nposeidon16_halves 0, 8, 0, 16, -4\nhalt").unwrap();
    assert_eq!(moved.memory, execution.memory);
    for (text, expected) in [
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
            "poseidon16_halves 0, fp, 0, fp",
            Rejection::OperandUndefined,
        ),
        (
            "poseidon16_halves 0, 0, fp, fp",
            Rejection::OperandUndefined,
        ),
        (
            "poseidon16_halves 0, 0, 0, 4096",
            Rejection::AddressOutOfRange,
        ),
        (
            "poseidon16_halves 0, 0, 0, -1",
            Rejection::AddressOutOfRange,
        ),
        (
            "poseidon16_halves -1, 0, 0, 0",
            Rejection::AddressOutOfRange,
        ),
        (
            "poseidon16_halves 0, 0, -1, 0",
            Rejection::AddressOutOfRange,
        ),
        (
            "poseidon16_halves 0, 0, 0, m[fp-9]",
            Rejection::AddressOutOfRange,
        ),
    ] {
        assert_eq!(rejection(text), expected, "{text}");
    }
}

#[test]
fn reductions() {
    // 10·(10 + 11X + 12X²) + 11·(11 + 12X) with elements of E from cells 0 and 1 on.
    assert_eq!(cells("dot_be 0, 0, fp, 1"), [100, 110, 120, 0, 0, 0, 0, 0]);
    // (10 + 11X + 12X²)² = 100 + 220X + 361X² + 264X³ + 144X⁴.
    assert_eq!(
        cells("dot_ee 0, 0, fp, 1"),
        [100, 220, 361, 264, 144, 0, 0, 0]
    );
    // 2·(10 + 11X + 12X²)·10 − 10 − (10 + 11X + 12X²) + 1.
    assert_eq!(cells("eq_be 0, 0, fp, 1"), [181, 209, 228, 0, 0, 0, 0, 0]);
    for (text, expected) in [
        ("dot_ee m[fp], 0, 8, 1", Rejection::OperandUndefined),
        ("dot_ee 0, 0, 8, 2", Rejection::OperandUndefined),
        ("dot_ee 0, 0, 0, 1", Rejection::RelationViolated),
        ("eq_ee 0, 4096, 0, 1", Rejection::AddressOutOfRange),
        (
            "eq_ee 2130706432, 0, 0, 65536",
            Rejection::AddressOutOfRange,
        ),
    ] {
        assert_eq!(rejection(text), expected, "{text}");
    }
}

#[test]
fn hints() {
    let text = ".frame 3\nhint alloc m[fp], 3\nhint alloc8 m[fp+1], 2\nhint witness \"w\", m[fp+1]\nhint bits m[fp-8], m[fp], 4\nhint inverse m[fp+2], 2\nhint print m[fp-6]\nadd 0, 0, 0\nhint print 7\nhalt";
    let execution = run_on(text, &[("w", &[&[5, 6]]), ("unused", &[])]).unwrap();
    let places = execution.allocations.iter().map(|a| (a.address, a.size));
    assert!(places.eq([(11, 3), (16, 2)]));
    let half = F::new(2).inverse();
    let expected = [
        11,
        16,
        to_canonical(half),
        1,
        0,
        1,
        0,
        0,
        5,
        6,
        0,
        0,
        0,
        0,
        0,
        0,
    ]
    .map(F::new);
    assert_eq!(execution.memory[8..], expected);
    assert_eq!(
        (execution.printed, execution.used_cells),
        (vec![F::new(12)], 8 + 9)
    );
    for (text, expected) in [
        ("hint bits 16, 8, 4", Rejection::HintFailed),
        (
            "hint bits 2130706432, 4090, 31",
            Rejection::AddressOutOfRange,
        ),
        ("hint bits 1, 0, 1", Rejection::HintConflict),
        ("hint print m[fp]", Rejection::OperandUndefined),
        ("hint witness \"w\", 0", Rejection::WitnessMissing),
        ("hint alloc m[fp], 4081", Rejection::MemoryExhausted),
        ("hint alloc m[fp], -1", Rejection::MemoryExhausted),
        ("hint inverse m[fp-8], 1", Rejection::HintConflict),
        ("hint equal m[fp-8], 1, 1", Rejection::HintConflict),
        ("hint equal m[fp-9], 1, 1", Rejection::AddressOutOfRange),
        ("hint equal m[fp], m[fp+1], 1", Rejection::OperandUndefined),
        ("hint equal m[fp], 1, m[fp+1]", Rejection::OperandUndefined),
        (
            "hint equal m[fp], m[fp+1], m[fp-9]",
            Rejection::OperandUndefined,
        ),
        (
            "hint equal m[fp], m[fp-9], m[fp+1]",
            Rejection::AddressOutOfRange,
        ),
    ] {
        assert_eq!(
            rejection(&format!("{text}\nadd 0, 0, 0")),
            expected,
            "{text}"
        );
    }
    assert_eq!(
        cells("hint equal m[fp], 10, m[fp-8]\nhint equal m[fp+1], m[fp], fp\nadd 0, 0, 0"),
        [1, 0, 0, 0, 0, 0, 0, 0]
    );
    assert_eq!(
        run_on("halt", &[("w", &[&[]])])
            .unwrap_err()
            .error
            .rejection,
        Rejection::WitnessLeftOver
    );
    assert_eq!(
        run(".frame 4089\nhalt").unwrap_err().error.rejection,
        Rejection::MemoryExhausted
    );
}

#[test]
fn public_input() {
    assert_eq!(
        [0, 1, 8, 9, 16, 17, 33].map(num_public_cells),
        [8, 8, 8, 16, 16, 32, 64]
    );
    let program = assemble("halt").unwrap();
    let run = |n: usize, cells| {
        let input = Input {
            public: vec![F::ONE; n],
            ..Input::default()
        };
        execute(
            &program,
            &input,
            &Limits {
                cells,
                ..Limits::default()
            },
        )
        .map_err(|stopped| stopped.error.rejection)
    };
    let execution = run(9, 16).unwrap();
    assert_eq!(
        (execution.fp_0, execution.memory.len(), execution.used_cells),
        (16, 16, 16)
    );
    assert_eq!(run(9, 15), Err(Rejection::AddressOutOfRange));
    assert_eq!(
        run(MAX_PUBLIC_INPUT, u32::MAX).map(|execution| execution.fp_0),
        Ok(1 << 20)
    );
    assert_eq!(
        run(MAX_PUBLIC_INPUT + 1, u32::MAX),
        Err(Rejection::PublicInputTooLong)
    );
    let mut execution = execution;
    execution.extend_memory(&Parameters::new(ParameterSet::Tiny, 1).unwrap());
    assert_eq!((execution.memory.len(), execution.used_cells), (256, 16));
}

#[test]
fn errors_name_the_place() {
    let error = run("add 0, 0, 0\nadd 1, 0, 0\nhalt").unwrap_err();
    assert_eq!(
        error.to_string(),
        "relation-violated (20): pc 1 (ADD), fp 8: 1 + 0 is not 0"
    );
}

#[test]
fn recordings_tell_the_cycles_and_the_defined_cells() {
    let text = "add 1, 2, m[fp]\nadd m[fp+1], 0, m[fp]\njump 0, m[fp+2], fp\nhalt";
    let program = assemble(&format!(".frame 8\n{text}")).unwrap();
    let (execution, recording) = record(&program, &Input::default(), &Limits::default());
    let execution = execution.unwrap();
    let cycle = |pc| Cycle { pc, fp: F::new(8) };
    assert_eq!(recording.cycles, [0, 1, 2].map(cycle));
    assert_eq!(execution.cycles, recording.cycles);
    let mut defined = [false; 16];
    defined[..10].fill(true);
    assert_eq!(recording.defined, defined);
    assert_eq!(execution.used_cells, 10);

    // The hint at pc 1 cannot be computed: its cycle has begun.
    let text = ".frame 8\nadd 1, 2, m[fp]\nhint bits m[fp], fp+1, 1\nadd 1, 1, 2\nhalt";
    let (result, recording) = record(
        &assemble(text).unwrap(),
        &Input::default(),
        &Limits::default(),
    );
    assert_eq!(result.unwrap_err().error.rejection, Rejection::HintFailed);
    assert_eq!(recording.cycles, [0, 1].map(cycle));
    assert_eq!(recording.defined, []);
    let at = recording.rejected.expect("it is rejected");
    assert_eq!(at.hint, Some(0));
    assert_eq!(
        (at.memory.get(8), at.memory.get(9)),
        (Some(F::new(3)), None)
    );
}

#[test]
fn a_rejected_run_has_printed_what_it_printed_before() {
    let stopped = run(
        "hint print 7\nadd 0, 0, 0\nhint print m[fp-8]\nadd 0, 0, 1\nhint print 1\nadd 0, 0, 0\nhalt",
    );
    let stopped = stopped.unwrap_err();
    assert_eq!(stopped.error.rejection, Rejection::RelationViolated);
    assert_eq!(stopped.printed, [F::new(7), F::new(10)]);
}
