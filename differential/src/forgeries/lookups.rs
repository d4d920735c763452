//! BYTECODE and MEMORY: a row that does not say what those who look it up read.

use super::instructions::Subject;
use super::trace::Trace;
use super::*;

pub(super) fn forgeries() -> Vec<Forgery> {
    let mut list = vec![program()];
    // The cells 64 to 71 are read one by one.
    let additions: Vec<String> = (0..8)
        .map(|j| format!("add 5, {j}, m[fp+{}]", 32 + j))
        .collect();
    let cells = Trace::of(&additions.join("\n"));
    list.extend((0..8).map(|j| memory(&cells, 64 + j, j as usize)));
    list.push(memory(&Trace::of("poseidon8 0, 64"), 64, 8));
    list.push(memory(&Trace::of("poseidon16_halves 0, 4, 16, 64"), 64, 9));
    list.push(memory(&Trace::of("poseidon16_halves 0, 4, 16, 68"), 68, 10));
    list
}

/// The cell at `address`, which only the interaction `number` of its row speaks of, is one greater
/// than those who look it up read.
fn memory(honest: &Trace, address: u32, number: usize) -> Forgery {
    let row = address / 8;
    let read = honest.tuple(MEMORY, row, number);
    let mut trace = honest.clone();
    trace.set_memory(address, add(trace.memory(address), 1));
    Forgery::of_interaction(MEMORY, number, row, read, trace)
}

/// The program has another k_0 at pc 1.
fn program() -> Forgery {
    let mut trace = Subject::of(ADD).trace();
    let read = trace.tuple(BYTECODE, 1, 0);
    trace.instruction(1)[1] += 1;
    Forgery::of_interaction(BYTECODE, 0, 1, read, trace)
}
