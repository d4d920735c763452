//! What an execution costs, by function, by line and by call stack.
//!
//! - A cycle, and the hash call that it may be, belongs to the innermost function at its pc and to
//!   the line there: code of an `@inline` function belongs to that function, not to its caller, and
//!   appears on the stack above it; unrolled code and the iterations of a loop belong to the lines
//!   of the loop, in the function that contains it.
//! - A cell belongs to the function and line of the instruction or hint that accesses it first;
//!   only cells that are defined at the end are counted. The public input belongs to none.
//! - The total of a function is the cycles during which it is on the stack; a recursive function is
//!   counted once.

use std::collections::HashMap;
use std::ops::Range;

use leanvm_fast::execution::Cycle;
use leanvm_fast::field::to_canonical;

use crate::program::cells::Accesses;
use crate::program::places::Places;
use crate::program::recorded::Recorded;
use crate::program::stack::CallStack;

/// Greatest depth of stacks that are counted separately; deeper ones are counted for the stack of
/// this depth.
const MAX_DEPTH: usize = 128;
/// Greatest number of stacks that are counted separately.
const MAX_STACKS: usize = 1 << 16;

/// Counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Cycles.
    pub(crate) cycles: usize,
    /// Hashes: one of a hash instruction, several of one that hashes many times.
    pub(crate) hash_calls: usize,
    /// Defined cells that are accessed here first.
    pub(crate) cells: usize,
}

/// The costs of a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FunctionCost {
    /// Its own.
    pub(crate) own: Cost,
    /// Cycles while it is on the stack.
    pub(crate) total_cycles: usize,
    /// How often it is called; of inline functions, how often control enters the code of a call.
    pub(crate) calls: usize,
}

/// The owner of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// None: it is not defined.
    Unused,
    /// The public region.
    Public,
    /// The function that accesses it first.
    Function(u32),
}

struct Stack {
    parent: usize,
    function: usize,
    depth: usize,
    cycles: usize,
}

/// The costs of an execution.
pub(crate) struct Measured {
    /// All.
    pub(crate) total: Cost,
    /// By index of [`Places::functions`].
    pub(crate) functions: Vec<FunctionCost>,
    /// By index of [`Places::lines`].
    pub(crate) lines: Vec<Cost>,
    /// The owner of each cell.
    pub(crate) owners: Vec<Owner>,
    /// Defined cells of the public region.
    pub(crate) public_cells: usize,
    stacks: Vec<Stack>,
}

/// One level of the stack: a function that is called, or an inline call.
struct Level {
    function: usize,
    inline_call: Option<usize>,
    stack: usize,
}

struct Measuring<'a> {
    places: &'a Places,
    measured: Measured,
    children: HashMap<(usize, usize), usize>,
    levels: Vec<Level>,
    /// Where the levels of each activation begin.
    bases: Vec<usize>,
    /// By function: how often it is on the stack, and since which cycle.
    on_stack: Vec<(usize, usize)>,
}

impl Measuring<'_> {
    fn push(&mut self, function: usize, inline_call: Option<usize>) {
        let parent = self.levels.last().map_or(usize::MAX, |level| level.stack);
        let depth = self
            .measured
            .stacks
            .get(parent)
            .map_or(1, |stack| stack.depth + 1);
        let next = self.measured.stacks.len();
        let full = depth > MAX_DEPTH || next >= MAX_STACKS;
        let stack = match self.children.get(&(parent, function)) {
            Some(stack) => *stack,
            None if full => parent,
            None => {
                self.children.insert((parent, function), next);
                self.measured.stacks.push(Stack {
                    parent,
                    function,
                    depth,
                    cycles: 0,
                });
                next
            }
        };
        self.levels.push(Level {
            function,
            inline_call,
            stack,
        });
        self.measured.functions[function].calls += 1;
        let (times, since) = &mut self.on_stack[function];
        *times += 1;
        if *times == 1 {
            *since = self.measured.total.cycles;
        }
    }

    fn truncate(&mut self, length: usize) {
        while self.levels.len() > length {
            let Some(level) = self.levels.pop() else {
                return;
            };
            let (times, since) = &mut self.on_stack[level.function];
            *times -= 1;
            if *times == 0 {
                self.measured.functions[level.function].total_cycles +=
                    self.measured.total.cycles - *since;
            }
        }
    }

    /// Makes the levels equal to the call stack with the inline calls at the current pc.
    fn reconcile(&mut self, stack: &CallStack<'_>, inline_calls: &[(usize, usize)]) {
        let active = stack.active();
        while self.bases.len() > active.len() {
            let base = self.bases.pop().unwrap_or_default();
            self.truncate(base);
        }
        let top = active[active.len() - 1].function;
        if self.bases.len() == active.len()
            && let Some(base) = self.bases.last().copied()
            && self.levels[base].function != top
        {
            self.truncate(base);
            self.push(top, None);
        }
        while self.bases.len() < active.len() {
            self.bases.push(self.levels.len());
            self.push(active[self.bases.len() - 1].function, None);
        }
        let first = self.bases[self.bases.len() - 1] + 1;
        let same = self.levels[first..]
            .iter()
            .zip(inline_calls)
            .take_while(|(level, (call, _))| level.inline_call == Some(*call))
            .count();
        self.truncate(first + same);
        for (call, function) in &inline_calls[same..] {
            self.push(*function, Some(*call));
        }
    }
}

impl<'a> Measuring<'a> {
    /// Before the first cycle.
    fn new(recorded: &Recorded, places: &'a Places) -> Self {
        let execution = &recorded.execution;
        let mut owners = vec![Owner::Unused; execution.memory().len()];
        let mut public_cells = 0;
        let public = execution.fp_0() as usize;
        for (owner, defined) in owners.iter_mut().zip(&recorded.defined).take(public) {
            if *defined {
                *owner = Owner::Public;
                public_cells += 1;
            }
        }
        Self {
            places,
            measured: Measured {
                total: Cost::default(),
                functions: vec![FunctionCost::default(); places.functions.len()],
                lines: vec![Cost::default(); places.lines.len()],
                owners,
                public_cells,
                stacks: Vec::new(),
            },
            children: HashMap::new(),
            levels: Vec::new(),
            bases: Vec::new(),
            on_stack: vec![(0, 0); places.functions.len()],
        }
    }

    /// Counts a cycle at a pc with some hashes for the innermost level.
    fn count_cycle(&mut self, pc: u32, hashes: usize) {
        let level = &self.levels[self.levels.len() - 1];
        let measured = &mut self.measured;
        for sum in [
            &mut measured.total,
            &mut measured.functions[level.function].own,
            &mut measured.lines[self.places.line(pc)],
        ] {
            sum.cycles += 1;
            sum.hash_calls += hashes;
        }
        measured.stacks[level.stack].cycles += 1;
    }

    /// Makes a function and a line the owner of those of the cells that are defined and have no
    /// owner yet.
    fn own(&mut self, defined: &[bool], cells: Range<usize>, function: usize, line: usize) {
        let measured = &mut self.measured;
        let mut count = 0;
        for address in cells {
            if defined.get(address) == Some(&true) && measured.owners[address] == Owner::Unused {
                measured.owners[address] = Owner::Function(function as u32);
                count += 1;
            }
        }
        measured.total.cells += count;
        measured.functions[function].own.cells += count;
        measured.lines[line].cells += count;
    }
}

/// Measures an execution.
pub(crate) fn measure(recorded: &Recorded, places: &Places) -> Measured {
    let execution = &recorded.execution;
    let instructions = recorded.program.instructions();
    let mut measuring = Measuring::new(recorded, places);
    let inline_calls: Vec<Vec<(usize, usize)>> = (0..instructions.len() as u32)
        .map(|pc| places.inline_calls(pc))
        .collect();
    let cells = |address| execution.memory().get(address as usize).copied();
    let mut accesses = Accesses::new(&recorded.program, &recorded.input.private, &cells);
    let mut stack = CallStack::new(places, instructions);
    let mut last = None;
    for Cycle { pc, fp } in execution.cycles() {
        let here = (*pc, to_canonical(*fp));
        if let Some(before) = last.replace(here) {
            stack.advance(before, here);
        }
        measuring.reconcile(&stack, &inline_calls[*pc as usize]);
        measuring.count_cycle(*pc, accesses.hashes(here.0, here.1));
        let at_pc = (
            measuring.levels[measuring.levels.len() - 1].function,
            places.line(*pc),
        );
        accesses.cycle(here.0, here.1, &mut |hint, address, count| {
            let (function, line) = hint.and_then(|hint| places.hint(hint)).unwrap_or(at_pc);
            let addresses = address as usize..address as usize + count as usize;
            measuring.own(&recorded.defined, addresses, function, line);
        });
    }
    measuring.truncate(0);
    measuring.measured
}

impl Measured {
    /// A line for each call stack: the functions, outermost first, and the cycles in the innermost.
    /// The cycles sum to those of the execution.
    pub(crate) fn folded(&self, places: &Places) -> Vec<String> {
        let mut lines = Vec::new();
        for stack in self.stacks.iter().filter(|stack| stack.cycles > 0) {
            let mut names = vec![places.functions[stack.function].shown()];
            let mut next = stack.parent;
            while let Some(outer) = self.stacks.get(next) {
                names.push(places.functions[outer.function].shown());
                next = outer.parent;
            }
            names.reverse();
            lines.push(format!("{} {}", names.join(";"), stack.cycles));
        }
        lines.sort();
        lines
    }
}
