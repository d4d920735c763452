//! The production twin in words and bytes.

mod sections;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use leanvm_fast::assembly;
use leanvm_fast::execution::{Execution, Input, Limits, Stopped, execute};
use leanvm_fast::field::{F, from_canonical, to_canonical};
use leanvm_fast::isa::Program;
use leanvm_fast::parameters::{ParameterSet, Parameters};
use leanvm_fast::permutation;
use leanvm_fast::prover::{ProveError, ProveOptions, prove};
use leanvm_fast::rejection::{Error, Rejection};
use leanvm_fast::tables::{self, Builder, Numerator, TableId, Trace};
use leanvm_fast::transcript::{self, ProverTranscript, VerifierTranscript};
use leanvm_fast::tuning::Tuning;
use leanvm_fast::verifier::{VerifyOptions, verify};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{Options, Twin};
use crate::canonical::{
    Case, Decoded, Evaluation, Event, EventKind, Executed, Name, Operation, Outcome, Proved, SLOTS,
    Table,
};

/// leanvm-fast.
pub struct Fast;

/// The name, of a rejection that tells people where and why.
fn name(error: Error) -> Name {
    assert_ne!(error.detail, "", "{}", error.rejection);
    error.rejection.name()
}

fn refusal(error: ProveError) -> Name {
    match error {
        ProveError::Refused(error) => name(error),
        other => panic!("the execution is one of the program, and nobody observes: {other}"),
    }
}

fn element(word: u32) -> Outcome<F> {
    from_canonical(word).ok_or(Rejection::ElementNotCanonical.name())
}

fn elements(list: &[u32]) -> Outcome<Vec<F>> {
    list.iter().map(|word| element(*word)).collect()
}

fn words(list: &[F]) -> Vec<u32> {
    list.iter().map(|element| to_canonical(*element)).collect()
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

fn table(table: &leanvm_fast::tables::Table) -> Table {
    Table {
        rows: table.rows,
        columns: table.columns.iter().map(|column| words(column)).collect(),
    }
}

fn trace_of(tables: &[Table]) -> Outcome<Trace> {
    let mut trace = Trace {
        tables: TableId::ALL.map(|_| tables::Table::default()),
    };
    for (to, from) in trace.tables.iter_mut().zip(tables) {
        to.rows = from.rows;
        to.columns = from
            .columns
            .iter()
            .map(|column| elements(column))
            .collect::<Outcome<_>>()?;
    }
    Ok(trace)
}

impl Builder for Evaluation {
    type Constant = F;
    type Value = F;

    fn constraint(&mut self, value: F) {
        self.constraints.push(to_canonical(value));
    }

    fn interaction(&mut self, numerator: Numerator<F>, slots: &[(usize, F)]) {
        let numerator = to_canonical(numerator.value());
        let mut tuple = [0; SLOTS];
        for (slot, value) in slots {
            tuple[*slot] = to_canonical(*value);
        }
        self.interactions.push((numerator, tuple));
    }
}

fn tuning(options: &Options) -> Tuning {
    if options.smallest_tuning {
        Tuning::smallest()
    } else {
        Tuning::default()
    }
}

fn parameters(options: &Options) -> Outcome<Parameters> {
    let set = ParameterSet::from_id(options.set).ok_or(Rejection::Parameters.name())?;
    Parameters::new(set, options.log_inv_rate).map_err(name)
}

/// A pool of so many threads; made once.
fn pool(threads: usize) -> Arc<ThreadPool> {
    static POOLS: LazyLock<Mutex<BTreeMap<usize, Arc<ThreadPool>>>> = LazyLock::new(Mutex::default);
    let mut pools = POOLS
        .lock()
        .expect("no thread panics while it holds the list");
    let make = || {
        Arc::new(
            ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("threads can be started"),
        )
    };
    Arc::clone(pools.entry(threads).or_insert_with(make))
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

impl Twin for Fast {
    fn name(&self) -> &'static str {
        "fast"
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
            fp_0: execution.fp_0(),
            public_cells: execution.fp_0(),
            memory: words(execution.memory()),
            used_cells: execution.used_cells(),
            steps: execution
                .cycles()
                .iter()
                .map(|cycle| (cycle.pc, to_canonical(cycle.fp)))
                .collect(),
            allocations: execution
                .allocations()
                .iter()
                .map(|a| (a.address, a.size))
                .collect(),
            printed: words(execution.printed()),
            first_cells: execution.first_cells(),
            first_used_cells: execution.first_used_cells(),
            naive_cells: execution.naive_cells(),
        })
    }

    fn printed(&self, case: &Case) -> Outcome<Vec<u32>> {
        let (_, result) = attempt(case)?;
        Ok(match result {
            Ok(execution) => words(execution.printed()),
            Err(stopped) => words(&stopped.printed),
        })
    }

    fn tables(&self, case: &Case, options: &Options) -> Outcome<Vec<Table>> {
        let (program, mut execution) = run(case)?;
        let parameters = parameters(options)?;
        execution.extend_memory(&parameters);
        let trace = pool(options.threads).install(|| Trace::generate(&program, &execution));
        Ok(trace.tables.iter().map(table).collect())
    }

    fn evaluate(&self, table: usize, columns: &[u32], row: u32, program: &[u32; 6]) -> Evaluation {
        let id = TableId::ALL[table];
        // The virtual columns: the number of the row, then the program's.
        let mut values = columns.to_vec();
        values.extend([row].iter().chain(program).take(id.num_virtual_columns()));
        let values: Vec<F> = values.into_iter().map(F::new).collect();
        let mut evaluation = Evaluation::default();
        id.evaluate(&values, &mut evaluation);
        evaluation
    }

    fn prove_tables(
        &self,
        program: &[u8],
        public: &[u32],
        tables: &[Table],
        options: &Options,
    ) -> Outcome<Proved> {
        let program = Program::decode(program).map_err(name)?;
        let public = elements(public)?;
        let (trace, parameters) = (trace_of(tables)?, parameters(options)?);
        pool(options.threads)
            .install(|| sections::prove(&program, &public, &trace, parameters, &tuning(options)))
    }

    fn prove(&self, case: &Case, options: &Options) -> Outcome<Proved> {
        let (program, execution) = run(case)?;
        let set = ParameterSet::from_id(options.set).ok_or(Rejection::Parameters.name())?;
        let of_twin = ProveOptions {
            set,
            log_inv_rate: options.log_inv_rate,
            record_events: true,
            tuning: tuning(options),
            observer: None,
        };
        let proved = pool(options.threads)
            .install(|| prove(&program, &execution, &of_twin))
            .map_err(refusal)?;
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
                    drop(transcript.indices("indices", *count, *bits as usize))
                }
                Operation::Grind(bits) => transcript.grind("grind", *bits as usize),
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
                    drop(transcript.indices("indices", *count, *bits as usize))
                }
                Operation::Grind(bits) => {
                    transcript.grind("grind", *bits as usize).map_err(name)?
                }
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
