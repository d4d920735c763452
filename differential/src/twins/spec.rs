//! The executable specification in words and bytes.

mod sections;

use std::collections::BTreeMap;

use leanvm_spec::assembly;
use leanvm_spec::execution::{Execution, Input, Limits, Stopped, execute};
use leanvm_spec::field::Felt;
use leanvm_spec::isa::Program;
use leanvm_spec::parameters::{ParameterSet, Parameters};
use leanvm_spec::permutation;
use leanvm_spec::prover::{ProveOptions, prove};
use leanvm_spec::rejection::{Error, Rejection};
use leanvm_spec::tables::{self, TableId, trace};
use leanvm_spec::transcript::{self, ProverTranscript, VerifierTranscript};
use leanvm_spec::verifier::{VerifyOptions, verify};

use super::{Options, Twin};
use crate::canonical::{
    Case, Decoded, Evaluation, Event, EventKind, Executed, Name, Operation, Outcome, Proved, Table,
};

/// leanvm-spec.
pub struct Spec;

/// The name, of a rejection that tells people where and why.
fn name(error: Error) -> Name {
    assert_ne!(error.detail, "", "{}", error.rejection);
    error.rejection.name()
}

fn element(word: u32) -> Outcome<Felt> {
    Felt::from_canonical(word).ok_or(Rejection::ElementNotCanonical.name())
}

fn elements(list: &[u32]) -> Outcome<Vec<Felt>> {
    list.iter().map(|word| element(*word)).collect()
}

fn words(list: &[Felt]) -> Vec<u32> {
    list.iter().map(|element| element.value()).collect()
}

fn input(case: &Case) -> Outcome<Input> {
    let mut private = BTreeMap::new();
    for (name, lists) in &case.private {
        private.insert(
            name.clone(),
            lists
                .iter()
                .map(|list| elements(list))
                .collect::<Outcome<_>>()?,
        );
    }
    Ok(Input {
        public: elements(&case.public)?,
        private,
    })
}

/// What is executed, and how that ends.
fn attempt(case: &Case) -> Outcome<(Program, Result<Execution, Stopped>)> {
    let program = Program::decode(&case.program).map_err(name)?;
    let input = input(case)?;
    let limits = Limits {
        cycles: case.cycles,
        cells: case.cells,
    };
    let result = execute(&program, &input, &limits);
    Ok((program, result))
}

fn run(case: &Case) -> Outcome<(Program, Execution)> {
    let (program, result) = attempt(case)?;
    let execution = result.map_err(|stopped| name(stopped.error))?;
    Ok((program, execution))
}

fn table(table: &leanvm_spec::tables::Table) -> Table {
    Table {
        rows: table.num_rows,
        columns: table.columns.iter().map(|column| words(column)).collect(),
    }
}

fn trace_of(tables: &[Table]) -> Outcome<Vec<tables::Table>> {
    let table = |table: &Table| {
        let columns = table.columns.iter().map(|column| elements(column));
        Ok(tables::Table {
            num_rows: table.rows,
            columns: columns.collect::<Outcome<_>>()?,
        })
    };
    tables.iter().map(table).collect()
}

fn parameters(options: &Options) -> Outcome<Parameters> {
    let set = ParameterSet::from_id(options.set).ok_or(Rejection::Parameters.name())?;
    Parameters::new(set, options.log_inv_rate).map_err(name)
}

fn events_of(events: Vec<transcript::Event>) -> Vec<Event> {
    let neutral = |event: transcript::Event| Event {
        kind: match event.kind {
            transcript::EventKind::Absorb => EventKind::Absorb,
            transcript::EventKind::Send => EventKind::Send,
            transcript::EventKind::Opening => EventKind::Opening,
            transcript::EventKind::Sample => EventKind::Sample,
            transcript::EventKind::Indices => EventKind::Indices,
            transcript::EventKind::Grind => EventKind::Grind,
        },
        label: event.label.to_owned(),
        values: event.values,
    };
    events.into_iter().map(neutral).collect()
}

/// A constraint by the number of its table and its number there.
pub type Constraint = (usize, usize);

fn waived(constraints: &[Constraint]) -> Vec<sections::Constraint> {
    let constraint = |&(table, number): &Constraint| (TableId::ALL[table], number);
    constraints.iter().map(constraint).collect()
}

impl Spec {
    /// [`Twin::prove_tables`] by a prover whose tables lack these constraints.
    ///
    /// # Errors
    /// As for [`Twin::prove_tables`].
    pub fn prove_tables_without(
        &self,
        program: &[u8],
        public: &[u32],
        tables: &[Table],
        options: &Options,
        constraints: &[Constraint],
    ) -> Outcome<Proved> {
        let program = Program::decode(program).map_err(name)?;
        sections::prove_without(
            &program,
            &elements(public)?,
            &trace_of(tables)?,
            &parameters(options)?,
            &waived(constraints),
        )
    }

    /// [`Twin::verify`] by a verifier whose tables lack these constraints.
    ///
    /// # Errors
    /// The name of the rejection.
    pub fn verify_without(
        &self,
        program: &[u8],
        public: &[u32],
        proof: &[u8],
        set: u32,
        constraints: &[Constraint],
    ) -> Outcome<()> {
        let waived = sections::Waived {
            constraints: waived(constraints),
            layer: None,
        };
        sections::verify_without(&decoded(program)?, &elements(public)?, proof, set, &waived)
    }

    /// [`Twin::verify`] by a verifier that does not check this layer of the permutations.
    ///
    /// # Errors
    /// The name of the rejection.
    pub fn verify_without_layer(
        &self,
        program: &[u8],
        public: &[u32],
        proof: &[u8],
        set: u32,
        layer: usize,
    ) -> Outcome<()> {
        let waived = sections::Waived {
            constraints: Vec::new(),
            layer: Some(layer),
        };
        sections::verify_without(&decoded(program)?, &elements(public)?, proof, set, &waived)
    }
}

fn decoded(program: &[u8]) -> Outcome<Program> {
    Program::decode(program).map_err(name)
}

impl Twin for Spec {
    fn name(&self) -> &'static str {
        "spec"
    }

    fn decode(&self, program: &[u8]) -> Outcome<Decoded> {
        let program = Program::decode(program).map_err(name)?;
        Ok(Decoded {
            bytes: program.encode(),
            text: assembly::disassemble(&program),
            digest: words(&program.digest()),
        })
    }

    fn assemble(&self, text: &str) -> Outcome<Vec<u8>> {
        Ok(assembly::assemble(text).map_err(name)?.encode())
    }

    fn execute(&self, case: &Case) -> Outcome<Executed> {
        let (_, execution) = run(case)?;
        Ok(Executed {
            fp_0: execution.fp_0,
            public_cells: execution.public_cells,
            memory: words(&execution.memory),
            used_cells: execution.used_cells,
            steps: execution
                .cycles
                .iter()
                .map(|cycle| (cycle.pc, cycle.fp.value()))
                .collect(),
            allocations: execution
                .allocations
                .iter()
                .map(|a| (a.address, a.size))
                .collect(),
            printed: words(&execution.printed),
            first_cells: execution.first_cells,
            first_used_cells: execution.first_used_cells,
            naive_cells: execution.naive_cells,
        })
    }

    fn printed(&self, case: &Case) -> Outcome<Vec<u32>> {
        let (_, result) = attempt(case)?;
        Ok(match result {
            Ok(execution) => words(&execution.printed),
            Err(stopped) => words(&stopped.printed),
        })
    }

    fn tables(&self, case: &Case, options: &Options) -> Outcome<Vec<Table>> {
        let (program, execution) = run(case)?;
        let _ = parameters(options)?;
        let min_cells = ParameterSet::from_id(options.set).map_or(0, ParameterSet::min_cells);
        let mut memory = execution.memory;
        memory.resize(memory.len().max(min_cells), Felt::ZERO);
        Ok(trace(&program, &memory, &execution.cycles)
            .iter()
            .map(table)
            .collect())
    }

    fn evaluate(&self, table: usize, columns: &[u32], row: u32, program: &[u32; 6]) -> Evaluation {
        let felt = |word: &u32| Felt::new(u64::from(*word));
        let columns: Vec<Felt> = columns.iter().map(felt).collect();
        let fields = program.each_ref().map(felt);
        let of_row = tables::evaluate(TableId::ALL[table], &columns, felt(&row), &fields);
        Evaluation {
            constraints: words(&of_row.constraints),
            interactions: of_row
                .interactions
                .iter()
                .map(|interaction| {
                    let slots = interaction.slots.map(Felt::value);
                    (interaction.numerator.value(), slots)
                })
                .collect(),
        }
    }

    fn prove_tables(
        &self,
        program: &[u8],
        public: &[u32],
        tables: &[Table],
        options: &Options,
    ) -> Outcome<Proved> {
        self.prove_tables_without(program, public, tables, options, &[])
    }

    fn prove(&self, case: &Case, options: &Options) -> Outcome<Proved> {
        let (program, execution) = run(case)?;
        let set = ParameterSet::from_id(options.set).ok_or(Rejection::Parameters.name())?;
        let options = ProveOptions {
            set,
            log_inv_rate: options.log_inv_rate,
            record_events: true,
        };
        let proved = prove(&program, &execution, &options).map_err(name)?;
        Ok(Proved {
            proof: proved.proof,
            events: events_of(proved.events),
        })
    }

    fn verify(
        &self,
        program: &[u8],
        public: &[u32],
        proof: &[u8],
        set: u32,
    ) -> Outcome<Vec<Event>> {
        let program = Program::decode(program).map_err(name)?;
        let set = ParameterSet::from_id(set).ok_or(Rejection::Parameters.name())?;
        let options = VerifyOptions {
            set,
            record_events: true,
        };
        let verified = verify(&program, public, proof, &options).map_err(name)?;
        Ok(events_of(verified.events))
    }

    fn prover_transcript(&self, operations: &[Operation]) -> (Vec<u32>, Vec<Event>) {
        let canonical = |list: &[u32]| elements(list).expect("canonical words");
        let mut transcript = ProverTranscript::new(true);
        for operation in operations {
            match operation {
                Operation::Absorb(list) => transcript.absorb("absorb", &canonical(list)),
                Operation::Send(list) => transcript.send("send", &canonical(list)),
                Operation::Opening(list) => transcript.opening("opening", &canonical(list)),
                Operation::Sample => {
                    let _ = transcript.sample("sample");
                }
                Operation::Indices(count, bits) => {
                    drop(transcript.indices("indices", *count, *bits))
                }
                Operation::Grind(bits) => transcript.grind("grind", *bits),
            }
        }
        let (proof, events) = transcript.finish();
        (words(&proof), events_of(events))
    }

    fn verifier_transcript(&self, operations: &[Operation], proof: &[u32]) -> Outcome<Vec<Event>> {
        let mut transcript = VerifierTranscript::new(proof, true);
        for operation in operations {
            match operation {
                Operation::Absorb(list) => transcript.absorb("absorb", &elements(list)?),
                Operation::Send(list) => {
                    drop(transcript.receive("send", list.len()).map_err(name)?)
                }
                Operation::Opening(list) => {
                    drop(transcript.opening("opening", list.len()).map_err(name)?)
                }
                Operation::Sample => {
                    let _ = transcript.sample("sample");
                }
                Operation::Indices(count, bits) => {
                    drop(transcript.indices("indices", *count, *bits))
                }
                Operation::Grind(bits) => transcript.grind("grind", *bits).map_err(name)?,
            }
        }
        Ok(events_of(transcript.finish().map_err(name)?))
    }

    fn rejections(&self) -> Vec<(u32, &'static str)> {
        Rejection::ALL
            .iter()
            .map(|rejection| (rejection.code(), rejection.name()))
            .collect()
    }

    fn permute(&self, state: &mut [u32]) {
        let mut list = elements(state).expect("canonical words");
        match list.len() {
            16 => permutation::permute_16((&mut list[..]).try_into().expect("16 elements")),
            _ => permutation::permute_24((&mut list[..]).try_into().expect("24 elements")),
        }
        state.copy_from_slice(&words(&list));
    }

    fn compress(&self, input: &[u32]) -> Vec<u32> {
        let list = elements(input).expect("canonical words");
        words(&match list.len() {
            16 => permutation::compress_16((&list[..]).try_into().expect("16 elements")),
            _ => permutation::compress_24((&list[..]).try_into().expect("24 elements")),
        })
    }

    fn hash(&self, list: &[u32]) -> Vec<u32> {
        words(&permutation::hash(
            &elements(list).expect("canonical words"),
        ))
    }
}
