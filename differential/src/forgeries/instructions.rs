//! What all instruction tables begin with, and the tables ADD, MUL, DEREF and JUMP.

use super::trace::{FP_0, SPARE, Trace, state};
use super::*;
use crate::generators::model::{inverse, mul, sub};

/// An instruction between two others, whose row is row 0 of its table.
pub(super) struct Subject {
    pub(super) table: usize,
    /// The number of operands.
    pub(super) operands: usize,
    text: &'static str,
}

/// The instructions that are forged; operands are constants where they may be.
pub(super) const SUBJECTS: [Subject; 13] = [
    subject(ADD, 3, "add 2, 3, 5"),
    subject(MUL, 3, "mul 2, 3, 6"),
    subject(DEREF, 2, "deref m[fp-32], 1, 3"),
    subject(JUMP, 3, "jump 1, 2, 32"),
    subject(POSEIDON_8, 2, "poseidon8 0, 64, permute"),
    subject(POSEIDON_16, 3, "poseidon16 0, 8, 64, permute"),
    subject(POSEIDON_24, 4, "poseidon24 0, 8, 16, 64, permute"),
    subject(DOT_PRODUCT, 3, "dot_ee 0, 10, 64, 2"),
    subject(EQ, 3, "eq_ee 0, 10, 64, 2"),
    subject(POSEIDON_16_HALVES, 4, "poseidon16_halves 0, 4, 16, 64, 8"),
    subject(CHAIN, 4, CHAINS),
    subject(PATH, 4, LEVELS),
    subject(SPONGE, 4, "sponge 0, 8, 4, 64, 2"),
];

/// Two chains of four positions, one from position 1 and one from position 0: two starts at 64 and
/// 72, the numbers at 80 and 81.
const CHAINS: &str =
    "hint bits 9, 64, 4\nhint bits 3, 72, 4\nhint bits 2, 80, 2\nchain 0, 64, 4, 80, 2";

/// A path from a right child and then from a left one: the parameter at 68, the tweaks at 72.
const LEVELS: &str = "hint bits 11, 68, 4\nhint bits 43104, 72, 16\npath 64, 0, 4, 72, 2";

const fn subject(table: usize, operands: usize, text: &'static str) -> Subject {
    Subject {
        table,
        operands,
        text,
    }
}

impl Subject {
    pub(super) fn of(table: usize) -> &'static Self {
        let found = SUBJECTS.iter().find(|subject| subject.table == table);
        found.expect("an instruction table")
    }

    /// The table of the instructions before and after, at pc 0 and 2.
    fn neighbours(&self) -> usize {
        if self.table == MUL { ADD } else { MUL }
    }

    pub(super) fn trace(&self) -> Trace {
        let neighbour = if self.neighbours() == ADD {
            "add 1, 1, 2"
        } else {
            "mul 1, 1, 1"
        };
        Trace::of(&format!("{neighbour}\n{}\n{neighbour}", self.text))
    }
}

pub(super) fn forgeries() -> Vec<Forgery> {
    let mut list = Vec::new();
    for subject in &SUBJECTS {
        let honest = subject.trace();
        list.extend(states(subject, &honest));
        list.push(program(subject, &honest));
        for i in 0..subject.operands {
            list.extend(modes(subject, i, &honest));
            list.push(cell(subject, i, &honest));
        }
    }
    // A result other than the sum, other than the product.
    for table in [ADD, MUL] {
        list.push(other_constant(table, 2, |trace| {
            Forgery::of_constraint(table, 9, trace)
        }));
    }
    // A value other than the cell that the pointer leads to.
    list.push(other_constant(DEREF, 1, |trace| {
        Forgery::of_lookup(DEREF, 5, trace)
    }));
    // pc' = 2·2 − 2 and fp' = 2·32 − 32, the next state as before.
    list.push(other_constant(JUMP, 0, |trace| {
        Forgery::of_constraint(JUMP, 9, trace)
    }));
    list
}

/// The table and the operand that decoding wants to be a constant.
const CHAIN_BASE: (usize, usize) = (CHAIN, 2);

/// k_i, mem_i, frame_i and cell_i are the columns from here on.
fn operand_column(i: usize) -> usize {
    2 + 4 * i
}

/// Gives operand i of row 0 other flags and the value that it has, and the program the mode that
/// the flags make together.
pub(super) fn set_modes(trace: &mut Trace, table: usize, i: usize, mem: u32, frame: u32) {
    let column = operand_column(i);
    let [k, old_mem, old_frame, cell] = core::array::from_fn(|j| trace.row(table, 0)[column + j]);
    let value = |k, mem, frame, cell| {
        let constant = mul(sub(1, mem), k);
        add(add(mul(mem, cell), constant), mul(frame, FP_0))
    };
    let wanted = value(k, old_mem, old_frame, cell);
    let (k, cell) = if mem == 0 {
        (sub(wanted, mul(frame, FP_0)), trace.memory(0))
    } else {
        // mem·(fp + k) is a cell of its own, with the content that makes up the value; k is small,
        // since SPARE is a multiple of every mem.
        let address = SPARE + mem * i as u32;
        let k = sub(mul(address, inverse(mem)), FP_0);
        let rest = sub(wanted, value(k, mem, frame, 0));
        let cell = mul(rest, inverse(mem));
        trace.set_memory(address, cell);
        (k, cell)
    };
    for (j, entry) in [k, mem, frame, cell].into_iter().enumerate() {
        *trace.at(table, 0, column + j) = entry;
    }
    trace.adopt(table);
}

/// Operand i with flags that are not those of the program's mode but make the same word.
fn modes(subject: &Subject, i: usize, honest: &Trace) -> [Forgery; 3] {
    let table = subject.table;
    let with = |mem, frame, constraint| {
        let mut trace = honest.clone();
        set_modes(&mut trace, table, i, mem, frame);
        Forgery::of_constraint(table, 3 * i + constraint, trace)
    };
    let (mem, frame) = match (table, i) {
        // The pointer of DEREF is in memory: mem = 5 for mem = 1 and that of the second operand.
        (DEREF, 0) => (5, inverse(2)),
        // The base of CHAIN is a constant: mem = 4 for that of the next operand, and frame = 1/32
        // for that of the first.
        CHAIN_BASE => (4, inverse(32)),
        // mem = 2 for frame = 1, and frame = 1/2 for mem = 1.
        _ => (2, inverse(2)),
    };
    [
        with(mem, 0, 0),
        with(0, frame, 1),
        with(1, 1, 2).implied(Implied::ByDecoding),
    ]
}

/// Operand i is read from memory, which has another value. The base of CHAIN never is: there the
/// cell 0, which is looked up in its place, has another value.
fn cell(subject: &Subject, i: usize, honest: &Trace) -> Forgery {
    let mut trace = honest.clone();
    if (subject.table, i) == CHAIN_BASE {
        trace.add(subject.table, 0, operand_column(i) + 3, 1);
        return Forgery::of_lookup(subject.table, 3 + i, trace);
    }
    set_modes(&mut trace, subject.table, i, 1, 0);
    let address = SPARE + i as u32;
    trace.set_memory(address, add(trace.memory(address), 1));
    Forgery::of_lookup(subject.table, 3 + i, trace)
}

/// The instruction before, or the one after, is passed over: it is false, and has no row.
fn states(subject: &Subject, honest: &Trace) -> [Forgery; 2] {
    [(0, 0, 0), (1, 2, 3)].map(|(number, passed, state_pc)| {
        let mut trace = honest.clone();
        trace.remove(subject.neighbours(), passed);
        trace.instruction(passed)[3] += 1;
        Forgery::of_interaction(subject.table, number, 0, state(state_pc), trace)
    })
}

/// The program has another k_0.
fn program(subject: &Subject, honest: &Trace) -> Forgery {
    let mut trace = honest.clone();
    let k_0 = &mut trace.instruction(1)[1];
    *k_0 = add(*k_0, 1);
    Forgery::of_lookup(subject.table, 2, trace)
}

/// Operand i, a constant, is one greater in the row and in the program.
fn other_constant(table: usize, i: usize, forgery: impl Fn(Trace) -> Forgery) -> Forgery {
    let mut trace = Subject::of(table).trace();
    trace.add(table, 0, operand_column(i), 1);
    trace.adopt(table);
    forgery(trace)
}
