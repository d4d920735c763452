use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::assembly::assemble;
use crate::execution::{Execution, Input, Limits, execute};
use crate::field::MODULUS;
use crate::parameters::Parameters;
use crate::prover::{ProveOptions, Proved, prove};
use crate::tables::{Table, TableId, trace};

/// Each instruction at least once, in a frame at cell 8.
pub(crate) const ALL_INSTRUCTIONS: &str = "
.frame 160
    add 3, 4, m[fp]
    add m[fp], m[fp], m[fp+1]
    mul m[fp+1], m[fp], m[fp+2]
    add 0, 0, m[fp+3]
    deref m[fp+3], 2, m[fp+4]
    poseidon8 0, 16
    poseidon16 0, 16, 24, permute
    poseidon16 0, 0, 64, half
    poseidon24 0, 16, 24, 40, permute
    poseidon16_halves 0, 16, 24, 96, 4
    jump 0, m[fp+100], m[fp+101]
    jump 1, next, fp
    add 1, 2, 4
next:
    dot_ee 16, 24, 72, 2
    dot_be 0, 24, 77, 5
    eq_ee 16, 24, 82, 2
    eq_be 0, 24, 87, 3
    poseidon16_halves 4, 0, 16, 128
    add 0, 1, m[fp+128]
    chain 0, 128, 4, 136, 1
    sponge 0, 128, 4, 144, 1
    poseidon16_halves 4, 4, 16, 156
    poseidon16_halves 4, 16, 16, 160
    add 0, 1, m[fp+156]
    add 0, 0, m[fp+157]
    add 0, 0, m[fp+158]
    add 0, 0, m[fp+159]
    path 152, 144, 128, 160, 1
    halt
";

/// A short program: the second public element is twice the first.
const DOUBLE: &str = "
.frame 8
    add 0, 0, m[fp]
    deref m[fp], 0, m[fp+1]
    add m[fp+1], m[fp+1], m[fp+2]
    deref m[fp], 1, m[fp+2]
    halt
";

/// How the proofs here are verified.
const TINY: VerifyOptions = VerifyOptions {
    set: ParameterSet::Tiny,
    record_events: false,
};

/// An executed program.
pub(crate) struct Example {
    pub(crate) program: Program,
    pub(crate) input: Input,
    pub(crate) execution: Execution,
}

impl Example {
    pub(crate) fn new(source: &str, public: &[u64]) -> Self {
        let program = assemble(source).unwrap();
        let input = Input {
            public: public.iter().map(|&x| Felt::new(x)).collect(),
            private: BTreeMap::new(),
        };
        let execution = execute(&program, &input, &Limits::default()).unwrap();
        Self {
            program,
            input,
            execution,
        }
    }

    pub(crate) fn of_all_instructions() -> Self {
        Self::new(ALL_INSTRUCTIONS, &[11, 22, 33, 44, 55, 66, 77, 88])
    }

    fn double() -> Self {
        Self::new(DOUBLE, &[21, 42])
    }

    /// The sizes and the tables of a proof at `tiny`.
    pub(crate) fn sizes_and_trace(&self) -> (Sizes, Vec<Table>) {
        let mut memory = self.execution.memory.clone();
        let num_cells = memory.len().max(ParameterSet::Tiny.min_cells());
        memory.resize(num_cells, Felt::ZERO);
        let trace = trace(&self.program, &memory, &self.execution.cycles);
        let header = Header {
            parameters: Parameters::new(ParameterSet::Tiny, 1).unwrap(),
            rows: core::array::from_fn(|i| trace[i + 1].num_rows as u32),
        };
        let num_instructions = self.program.instructions().len();
        (Sizes::new(&header, num_instructions, 8).unwrap(), trace)
    }

    fn public(&self) -> Vec<u32> {
        self.input.public.iter().map(|x| x.value()).collect()
    }

    fn prove(&self, set: ParameterSet, log_inv_rate: u32) -> Proved {
        let options = ProveOptions {
            set,
            log_inv_rate,
            record_events: true,
        };
        prove(&self.program, &self.execution, &options).unwrap()
    }
}

fn rejection(program: &Program, public: &[u32], proof: &[u8]) -> Rejection {
    verify(program, public, proof, &TINY)
        .expect_err("the proof is false")
        .rejection
}

#[test]
fn all_instructions_are_proved_in_lockstep() {
    let example = Example::of_all_instructions();
    for (set, rate) in [(ParameterSet::Tiny, 1), (ParameterSet::Small, 2)] {
        let proved = example.prove(set, rate);
        let public = example.public();
        let verified = verify(
            &example.program,
            &public,
            &proved.proof,
            &VerifyOptions {
                set,
                record_events: true,
            },
        )
        .unwrap();
        assert_eq!(verified.events, proved.events);
        assert_eq!(verified.summary, proved.summary);
        assert!(proved.summary.rows.iter().all(|&rows| rows > 0));
        // Same input, same bytes.
        assert_eq!(example.prove(set, rate), proved);
    }
}

#[test]
fn every_rate_is_proved() {
    let example = Example::double();
    for rate in 1..=4 {
        let proof = example.prove(ParameterSet::Tiny, rate).proof;
        let public = example.public();
        verify(&example.program, &public, &proof, &TINY).unwrap();
    }
}

#[test]
fn a_program_that_only_halts_is_proved() {
    let example = Example::new("halt", &[]);
    let proved = example.prove(ParameterSet::Tiny, 1);
    assert_eq!(proved.summary.rows[..3], [1, 32, 0]);
    let options = VerifyOptions {
        record_events: true,
        ..TINY
    };
    let verified = verify(&example.program, &[], &proved.proof, &options);
    assert_eq!(verified.unwrap().events, proved.events);
}

#[test]
fn a_change_of_any_word_is_refused() {
    let example = Example::double();
    let public = example.public();
    let proof = example.prove(ParameterSet::Tiny, 1).proof;
    let mut met = BTreeSet::new();
    for i in 0..proof.len() / 4 {
        let word = u32::from_le_bytes([0, 1, 2, 3].map(|j| proof[4 * i + j]));
        for other in [(u64::from(word) + 1) % MODULUS, u64::from(word) ^ (1 << 31)] {
            let mut changed = proof.clone();
            changed[4 * i..4 * i + 4].copy_from_slice(&(other as u32).to_le_bytes());
            met.insert(rejection(&example.program, &public, &changed));
        }
    }
    let expected = [
        Rejection::ElementNotCanonical,
        Rejection::ProofMagic,
        Rejection::Parameters,
        Rejection::SizeCap,
        Rejection::Grinding,
        Rejection::LookupRoot,
        Rejection::LookupLayer,
        Rejection::Constraint,
        Rejection::MerklePath,
        Rejection::CommitmentClaim,
    ];
    assert!(met.is_superset(&BTreeSet::from(expected)), "{met:?}");
}

#[test]
fn another_length_is_refused() {
    let example = Example::double();
    let public = example.public();
    let mut proof = example.prove(ParameterSet::Tiny, 1).proof;
    let step = proof.len() / 50 + 1;
    for length in (0..proof.len()).step_by(step) {
        let refused = rejection(&example.program, &public, &proof[..length]);
        assert_eq!(refused, Rejection::ProofTruncated, "length {length}");
    }
    proof.push(0);
    let refused = rejection(&example.program, &public, &proof);
    assert_eq!(refused, Rejection::ProofTruncated);
    proof.extend([0; 3]);
    let refused = rejection(&example.program, &public, &proof);
    assert_eq!(refused, Rejection::ProofLeftOver);
}

#[test]
fn another_statement_is_refused() {
    let example = Example::double();
    let proof = example.prove(ParameterSet::Tiny, 1).proof;
    let refused = |program: &Program, public: &[u32]| rejection(program, public, &proof);
    for public in [&[21, 43][..], &[22, 42], &[21, 42, 0], &[21], &[]] {
        assert_eq!(refused(&example.program, public), Rejection::LookupRoot);
    }
    let refused_word = refused(&example.program, &[21, MODULUS as u32]);
    assert_eq!(refused_word, Rejection::ElementNotCanonical);
    let long = vec![0; MAX_PUBLIC_INPUT + 1];
    let refused_length = refused(&example.program, &long);
    assert_eq!(refused_length, Rejection::PublicInputTooLong);
    let long = vec![0; 1024];
    assert_eq!(refused(&example.program, &long), Rejection::SizeCap);
    let other = assemble(&DOUBLE.replace("deref m[fp], 1", "deref m[fp], 2")).unwrap();
    assert_eq!(refused(&other, &[21, 42]), Rejection::LookupRoot);
    let other = assemble(&DOUBLE.replace("halt", "add 1, 1, 2\nhalt")).unwrap();
    assert_eq!(refused(&other, &[21, 42]), Rejection::LookupRoot);
    let public = example.public();
    for required in [ParameterSet::Small, ParameterSet::Production] {
        let options = VerifyOptions {
            set: required,
            ..TINY
        };
        let error = verify(&example.program, &public, &proof, &options).unwrap_err();
        assert_eq!(error.rejection, Rejection::Parameters);
    }
}

#[test]
fn an_execution_beyond_the_caps_is_not_proved() {
    let mut example = Example::double();
    example.execution.memory.resize(4104, Felt::ZERO);
    let options = ProveOptions {
        set: ParameterSet::Tiny,
        log_inv_rate: 1,
        record_events: false,
    };
    let error = prove(&example.program, &example.execution, &options);
    assert_eq!(error.unwrap_err().rejection, Rejection::SizeCap);
    let options = ProveOptions {
        log_inv_rate: 5,
        ..options
    };
    let error = prove(&example.program, &example.execution, &options);
    assert_eq!(error.unwrap_err().rejection, Rejection::Parameters);
}

/// The proof of a trace that is not that of an execution.
fn prove_falsified(example: &Example, falsify: &dyn Fn(&mut Execution)) -> Vec<u8> {
    let mut execution = example.execution.clone();
    falsify(&mut execution);
    let options = ProveOptions {
        set: ParameterSet::Tiny,
        log_inv_rate: 1,
        record_events: false,
    };
    prove(&example.program, &execution, &options).unwrap().proof
}

#[test]
fn false_executions_are_refused() {
    let example = Example::double();
    let public = example.public();
    let cell = |n: usize| example.execution.fp_0 as usize + n;
    let refused = |falsify: &dyn Fn(&mut Execution)| {
        let proof = prove_falsified(&example, falsify);
        rejection(&example.program, &public, &proof)
    };
    // The sum is another one, the public input is another one.
    let wrong_sum = refused(&|e| e.memory[cell(2)] += Felt::ONE);
    assert_eq!(wrong_sum, Rejection::LookupRoot);
    let wrong_sum = refused(&|e| {
        e.memory[cell(2)] += Felt::ONE;
        e.memory[1] += Felt::ONE;
    });
    assert_eq!(wrong_sum, Rejection::Constraint);
    let wrong_public = refused(&|e| {
        e.memory[cell(1)] += Felt::ONE;
        e.memory[cell(2)] += Felt::new(2);
        e.memory[0] += Felt::ONE;
        e.memory[1] += Felt::new(2);
    });
    assert_eq!(wrong_public, Rejection::CommitmentClaim);
    // The last cycle is missing.
    let short = refused(&|e| {
        e.cycles.pop();
    });
    assert_eq!(short, Rejection::LookupRoot);
    // The half is another one than the permutation of the trace gives.
    let halves = Example::new(".frame 8\nposeidon16_halves 0, 4, 0, fp+4\nhalt", &[21, 42]);
    for cell in 12..16 {
        let proof = prove_falsified(&halves, &|e| e.memory[cell] += Felt::ONE);
        let refused = rejection(&halves.program, &public, &proof);
        assert_eq!(refused, Rejection::LookupRoot);
    }
    // All tables that the example has are covered by columns that these cases reach.
    assert_eq!(example.sizes_and_trace().0.tables[3].table, TableId::Deref);
}
