//! SPEC §4 isa, §6 execution, §9 tables: CHAIN, with its tables CHAIN_TERM and CHAIN_STEP.

use p3_field::PrimeCharacteristicRing;

use leanvm_verifier::instructions::chain::{ChainColumns, ChainStepColumns, ChainTermColumns};

use crate::compression::compress_all;
use crate::execution::{Machine, Operation};
use crate::field::{F, to_canonical};
use crate::instructions::permuted::{self, Run};
use crate::instructions::poseidon::aligned;
use crate::instructions::{known, operands};
use crate::memory::{CHUNK, CHUNK_CELLS, HALF, HALF_CELLS};
use crate::rejection::{Error, Rejection};
use crate::tables::{Filler, INDICES, TableId, Witness};

pub(crate) fn execute(machine: &mut Machine, operation: &Operation) -> Result<(), Error> {
    // §6.33, §6.34.
    let [context, chains, base, digits] = known(machine, operation)?;
    let context = aligned(context, CHUNK)?;
    let chains = aligned(chains, CHUNK)?;
    let (base, digits) = (to_canonical(base), to_canonical(digits));
    let context = machine.memory.read_array::<CHUNK_CELLS>(context)?;
    // §6.35. An address past the cap ends a loop with a rejection, long before it could wrap
    // around.
    let mut numbers = vec![F::ZERO; operation.imm as usize + 1];
    for (number, address) in numbers.iter_mut().zip(digits..digits + operation.imm) {
        *number = machine.memory.read_defined(address)?;
    }
    let mut starts = Vec::with_capacity(operation.imm as usize);
    for place in 0..operation.imm {
        let value = machine.memory.read_array(chains + CHUNK * place)?;
        starts.push(Start {
            place,
            digit: 0,
            value,
        });
    }
    let mut sum = F::ZERO;
    for (start, pair) in starts.iter_mut().zip(numbers.windows(2)) {
        let digit = pair[0] - pair[1] * F::from_u32(base);
        sum += digit;
        // §6.36.
        start.digit = to_canonical(digit);
        if start.digit >= base {
            return Err(Rejection::RelationViolated.at(format!(
                "digit {} is {digit}, not below {base}",
                start.place
            )));
        }
    }
    complete(&context, base, &mut starts);
    // §6.37.
    for start in &starts {
        let end = chains + CHUNK * start.place + HALF;
        machine.memory.define_array(end, &start.value)?;
    }
    machine
        .memory
        .define(digits + operation.imm, sum, Rejection::RelationViolated)
}

/// A chain that is computed.
struct Start {
    /// Its place in the run.
    place: u32,
    /// The position of its start.
    digit: u32,
    /// The value so far.
    value: [F; HALF_CELLS],
}

/// Takes all chains to their ends.
fn complete(context: &[F; CHUNK_CELLS], base: u32, starts: &mut [Start]) {
    let (tweak, parameter) = context.split_at(HALF_CELLS);
    for position in 1..base {
        let (mut inputs, mut values) = (Vec::new(), Vec::new());
        for start in starts.iter_mut().filter(|start| start.digit < position) {
            let mut input = [F::ZERO; 16];
            input[..4].copy_from_slice(tweak);
            input[0] += F::from_u32(base * start.place + position);
            input[4..8].copy_from_slice(&start.value);
            input[8..12].copy_from_slice(parameter);
            inputs.push(input);
            values.push(&mut start.value);
        }
        for (value, output) in values.into_iter().zip(compress_all(&inputs)) {
            *value = std::array::from_fn(|j| output[j]);
        }
    }
}

/// What the rows of a run of chains are made of.
struct Chains<'a> {
    memory: &'a [F],
    length: u32,
    context: [F; CHUNK_CELLS],
    chains: u32,
    base: u32,
    digits: u32,
}

/// One chain of a run.
struct Chain {
    place: u32,
    /// The number of the digits from this one on.
    number: F,
    digit: u32,
}

impl<'a> Chains<'a> {
    fn new(witness: &Witness<'a>, cycle: u32) -> Self {
        let (instruction, values) = operands::values::<4>(witness, cycle);
        let [context, chains, base, digits] = values.map(to_canonical);
        let cells = &witness.memory[context as usize..];
        Self {
            memory: witness.memory,
            length: to_canonical(instruction.imm()),
            context: std::array::from_fn(|j| cells[j]),
            chains,
            base,
            digits,
        }
    }

    /// The chains in the order of their rows, the last first.
    fn list(&self) -> impl Iterator<Item = Chain> {
        let mut number = F::ZERO;
        (0..self.length).rev().map(move |place| {
            let before = number;
            number = self.memory[(self.digits + place) as usize];
            Chain {
                place,
                number,
                digit: to_canonical(number - before * F::from_u32(self.base)),
            }
        })
    }
}

/// The number of rows of CHAIN_STEP of a cycle.
pub(crate) fn steps(witness: &Witness<'_>, cycle: u32) -> usize {
    let run = Chains::new(witness, cycle);
    run.list()
        .map(|chain| (run.base - 1 - chain.digit) as usize)
        .sum()
}

pub(crate) fn fill(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let at = ChainColumns::read(&INDICES);
    filler.by_row(columns, |step, row, tally| {
        let (instruction, values) = operands::fill(&at.head, filler.witness, step, row, tally);
        let memory = filler.witness.memory;
        let [context, _, _, digits] = values.map(to_canonical);
        row[*at.imm] = instruction.imm();
        for (column, cell) in (at.tweak.iter().chain(at.parameter)).zip(&memory[context as usize..])
        {
            row[*column] = *cell;
        }
        tally.chunk(context / CHUNK);
        let end = digits + to_canonical(instruction.imm());
        row[*at.number] = memory[digits as usize];
        row[*at.sum] = memory[end as usize];
        tally.scalar(end);
    });
}

pub(crate) fn fill_terms(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let at = ChainTermColumns::read(&INDICES);
    filler.by_owner(columns, &filler.lengths(), |owners, columns, tally| {
        let mut term = 0;
        for owner in owners {
            let run = Chains::new(filler.witness, filler.cycles[owner]);
            let (mut number, mut sum) = (F::ZERO, F::ZERO);
            for chain in run.list() {
                let chunk = run.chains / CHUNK + chain.place;
                for (column, value) in [
                    (at.owner, F::from_usize(owner)),
                    (at.remaining, F::from_u32(chain.place + 1)),
                    (at.chains, F::from_u32(run.chains)),
                    (at.digits, F::from_u32(run.digits)),
                    (at.number, number),
                    (at.sum, sum),
                    (at.base, F::from_u32(run.base)),
                    (at.digit, F::from_u32(chain.digit)),
                    (at.cell, run.memory[chain.digit as usize]),
                ] {
                    columns[*column][term] = value;
                }
                let context = at.tweak.iter().chain(at.parameter).zip(&run.context);
                let ends = at.ends.iter().zip(&run.memory[(CHUNK * chunk) as usize..]);
                for (column, value) in context.chain(ends) {
                    columns[*column][term] = *value;
                }
                tally.chunk(chunk);
                tally.scalar(run.digits + chain.place);
                tally.scalar(chain.digit);
                (number, sum) = (chain.number, sum + F::from_u32(chain.digit));
                term += 1;
            }
        }
    });
}

pub(crate) fn fill_steps(filler: &Filler<'_, '_>, columns: &mut [Vec<F>]) {
    let at = ChainStepColumns::read(&INDICES);
    let hash = TableId::ChainStep.hash().expect("a hash table");
    let steps = |cycle: &u32| steps(filler.witness, *cycle);
    let lengths: Vec<usize> = filler.cycles.iter().map(steps).collect();
    // The row in CHAIN_TERM of the first chain of each owner.
    let first_terms: Vec<usize> = filler
        .lengths()
        .iter()
        .scan(0, |next, length| {
            *next += length;
            Some(*next - length)
        })
        .collect();
    filler.by_owner(columns, &lengths, |owners, columns, _| {
        let (mut row, mut runs) = (0, Vec::new());
        for owner in owners {
            let run = Chains::new(filler.witness, filler.cycles[owner]);
            for (term, chain) in (first_terms[owner]..).zip(run.list()) {
                let length = (run.base - 1 - chain.digit) as usize;
                runs.push(Run { first: row, length });
                if length > 0 {
                    let start = &run.memory[(run.chains + CHUNK * chain.place) as usize..];
                    for (column, value) in at.value.iter().zip(start) {
                        columns[*column][row] = *value;
                    }
                }
                for position in chain.digit + 1..run.base {
                    columns[*at.owner][row] = F::from_usize(term);
                    for (column, value) in at.tweak.iter().chain(at.parameter).zip(&run.context) {
                        columns[*column][row] = *value;
                    }
                    columns[at.tweak[0]][row] += F::from_u32(run.base * chain.place + position);
                    row += 1;
                }
            }
        }
        permuted::fill_runs(&hash, columns, runs, |columns, row| {
            for j in 0..HALF_CELLS {
                columns[at.value[j]][row + 1] = columns[at.y[j]][row] + columns[at.tweak[j]][row];
            }
        });
    });
}
