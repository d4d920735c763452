//! Frame layout: a cell for each value and array, areas for the frames of calls and loops.
//!
//! A frame of a function is [return pc, return fp, parameters, results, locals]; that of an
//! iteration of a loop is [enclosing frame, counter, carried variables, locals], and the frames of
//! the iterations follow each other. The frame of a call that is known to be small lies within that
//! of its caller, so arguments and results are cells of both; one that some paths leave half empty
//! does not, for then the second pass of SPEC §7 can put others there. Arms of a branch share
//! cells. A value that is only made to be stored, passed or yielded is made in the cell where it is
//! needed.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::ir::{
    Block, Branch, End, Function, Loop, Operand, Statement, StatementKind, Value, Way,
};

/// Greatest area for a call or a loop that runs whenever the frame is used.
const MAX_AREA: u64 = 1 << 14;
/// Greatest area for one in an arm of a branch.
const MAX_ARM_AREA: u64 = 64;
/// Greatest number of gaps of a frame that those of calls are added to.
const MAX_GAPS: usize = 1 << 12;
/// Greatest frame that may still take areas.
const MAX_FRAME: u64 = 1 << 20;

/// Of so many cells of an iteration's frame a path may leave one unused, not more, or the iteration
/// is split; and alignment one, or it is unrolled.
const ITERATION_CELLS: u32 = 16;
/// Of so many cells of a function's frame a path may leave one unused, not more, or it does not lie
/// within that of its caller.
const CALL_CELLS: u32 = 5;

/// A frame that no program may have; larger ones count as this.
const MAX_TOP: u32 = 1 << 30;

/// Where a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Location {
    /// Offset in the frame.
    pub(crate) offset: u32,
    /// Whether it is the frame of the next iteration.
    pub(crate) next: bool,
}

/// The frame of a level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Its size; the distance of the frames of two iterations.
    pub(crate) size: u32,
    /// The cells that exist also after the last iteration.
    pub(crate) header: u32,
    /// Whether it starts at a multiple of 8.
    pub(crate) aligned: bool,
    /// The cells that a path through it may leave unused, at most.
    slack: u32,
    /// The cells that no path uses.
    gaps: Vec<u32>,
}

impl Frame {
    /// Whether alignment leaves more than one of so many cells unused.
    pub(crate) fn is_padded(&self) -> bool {
        let size = match self.aligned {
            true => self.size.next_multiple_of(8),
            false => self.size,
        };
        size - self.size + self.gaps.len() as u32 > size / ITERATION_CELLS
    }

    /// Whether a path may leave more than one of `cells` cells unused.
    fn is_uneven(&self, cells: u32) -> bool {
        self.slack > self.size / cells
    }
}

/// The layout of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    /// By value.
    pub(crate) values: HashMap<Value, Location>,
    /// By array.
    pub(crate) arrays: HashMap<u32, u32>,
    /// By level.
    pub(crate) frames: HashMap<u32, Frame>,
    /// Start of the area of a call (by its `frame`) or a loop (by its `frames`) that has one.
    pub(crate) areas: HashMap<Value, u32>,
    /// The distance to the frame of the next iteration, by the level of a loop and the path through
    /// its iteration.
    pub(crate) strides: HashMap<(u32, u32), u32>,
    /// The levels of loops whose iterations are uneven and all of one size.
    pub(crate) uneven_loops: Vec<u32>,
    /// The levels of loops whose iterations have too many cells that no path uses.
    pub(crate) padded_loops: Vec<u32>,
    /// The branches whose arms are of different sizes.
    pub(crate) uneven_branches: HashSet<Branch>,
}

impl Layout {
    /// The frame of the function.
    pub(crate) fn frame(&self) -> Frame {
        self.frames.get(&0).cloned().unwrap_or_default()
    }
}

#[derive(Clone, Default)]
struct Cells {
    top: u32,
    gaps: Vec<u32>,
    aligned: bool,
    slack: u32,
}

impl Cells {
    fn cell(&mut self) -> u32 {
        self.gaps.pop().unwrap_or_else(|| {
            self.top = (self.top + 1).min(MAX_TOP);
            self.top - 1
        })
    }

    fn area(&mut self, size: u32, aligned: bool) -> u32 {
        if aligned {
            self.aligned = true;
            while !self.top.is_multiple_of(8) {
                self.gaps.push(self.top);
                self.top += 1;
            }
        }
        let start = self.top;
        self.top = (start + size).min(MAX_TOP);
        start
    }
}

/// What was decided, in order, so that it can be forgotten. What is not listed here is decided
/// again in any case.
#[derive(Default)]
struct Decided {
    values: Vec<Value>,
    areas: Vec<Value>,
    branches: Vec<Branch>,
}

/// How much had been decided: values, areas, uneven branches, uneven and padded loops.
type Mark = [usize; 5];

struct Planner<'a> {
    layout: Layout,
    decided: Decided,
    functions: &'a [Option<Layout>],
    function: &'a Function,
    is_main: bool,
    /// The loop in whose iteration the planner is: its level, and how many variables it carries.
    iteration: (u32, u32),
    /// Levels of loops that are known to be too large for an area.
    too_large: HashSet<u32>,
}

/// The layout of a function, given those of functions that it may contain.
pub(crate) fn plan(function: &Function, is_main: bool, functions: &[Option<Layout>]) -> Layout {
    let mut planner = Planner {
        layout: Layout::default(),
        decided: Decided::default(),
        functions,
        function,
        is_main,
        iteration: (0, 0),
        too_large: HashSet::new(),
    };
    let header = if is_main { 0 } else { 2 };
    let parameters = function.parameters.len() as u32;
    for (i, parameter) in function.parameters.iter().enumerate() {
        planner.place(*parameter, header + i as u32, false);
    }
    let results: Vec<Location> = (0..function.results as u32)
        .map(|i| Location {
            offset: header + parameters + i,
            next: false,
        })
        .collect();
    let mut cells = Cells {
        top: header + parameters + function.results as u32,
        ..Cells::default()
    };
    planner.block(&function.body, &results, &results, &mut cells, 0);
    planner.layout.frames.insert(
        0,
        Frame {
            size: cells.top,
            header: 0,
            aligned: cells.aligned,
            slack: cells.slack,
            gaps: cells.gaps,
        },
    );
    planner.layout
}

/// The values that a statement defines and that may be placed freely.
fn definitions(kind: &StatementKind) -> Vec<Value> {
    match kind {
        StatementKind::Relation { defines, .. }
        | StatementKind::Join { defines, .. }
        | StatementKind::Dereference { defines, .. }
        | StatementKind::Outer { defines, .. }
        | StatementKind::Hint { defines, .. } => defines.iter().copied().collect(),
        StatementKind::FrameAddress(value) => vec![*value],
        StatementKind::Call { results, .. }
        | StatementKind::If { results, .. }
        | StatementKind::Switch { results, .. } => results.clone(),
        StatementKind::Loop(the_loop) => the_loop.carried.iter().map(|c| c.outer).collect(),
        StatementKind::Exit {
            next, last, again, ..
        } => vec![*next, *last, *again],
        StatementKind::Equal(..) | StatementKind::Machine(..) | StatementKind::Array(_) => {
            Vec::new()
        }
    }
}

impl Planner<'_> {
    fn place(&mut self, value: Value, offset: u32, next: bool) {
        if let Entry::Vacant(place) = self.layout.values.entry(value) {
            place.insert(Location { offset, next });
            self.decided.values.push(value);
        }
    }

    fn mark(&self) -> Mark {
        [
            self.decided.values.len(),
            self.decided.areas.len(),
            self.decided.branches.len(),
            self.layout.uneven_loops.len(),
            self.layout.padded_loops.len(),
        ]
    }

    /// Goes back to what had been decided.
    fn forget(&mut self, [values, areas, branches, uneven, padded]: Mark) {
        for value in self.decided.values.drain(values..) {
            self.layout.values.remove(&value);
        }
        for area in self.decided.areas.drain(areas..) {
            self.layout.areas.remove(&area);
        }
        for branch in self.decided.branches.drain(branches..) {
            self.layout.uneven_branches.remove(&branch);
        }
        self.layout.uneven_loops.truncate(uneven);
        self.layout.padded_loops.truncate(padded);
    }

    fn area(&mut self, frame: Value, start: u32) {
        self.layout.areas.insert(frame, start);
        self.decided.areas.push(frame);
    }

    fn claim(&mut self, operand: Operand, direct: &HashSet<Value>, offset: u32, next: bool) {
        if let Operand::Value(value) = operand
            && direct.contains(&value)
        {
            self.place(value, offset, next);
        }
    }

    fn block(
        &mut self,
        block: &Block,
        yields: &[Location],
        returns: &[Location],
        cells: &mut Cells,
        depth: u32,
    ) {
        let direct: HashSet<Value> = block
            .statements
            .iter()
            .flat_map(|statement| definitions(&statement.kind))
            .collect();
        for statement in &block.statements {
            self.areas(statement, &direct, cells, depth);
        }
        self.claims(block, yields, returns, &direct);
        for statement in &block.statements {
            self.place_freely(&statement.kind, cells);
        }
        for statement in &block.statements {
            if let (
                StatementKind::If { results, .. } | StatementKind::Switch { results, .. },
                Some(branch),
            ) = (&statement.kind, statement.kind.branch())
            {
                let arms = statement.kind.arms();
                if self.arms(&arms, results, returns, cells, depth)
                    && self.layout.uneven_branches.insert(branch)
                {
                    self.decided.branches.push(branch);
                }
            }
        }
        if let End::Iteration { path, .. } = block.end {
            self.layout
                .strides
                .insert((self.iteration.0, path), cells.top);
        }
    }

    /// Values that go to a known place are made there.
    fn claims(
        &mut self,
        block: &Block,
        yields: &[Location],
        returns: &[Location],
        direct: &HashSet<Value>,
    ) {
        // What is made before a branch that may leave the function must not touch what other paths
        // write.
        let leaves = block
            .statements
            .iter()
            .rposition(|statement| statement.kind.may_return())
            .map_or(0, |at| at + 1);
        let late: HashSet<Value> = block.statements[leaves..]
            .iter()
            .flat_map(|statement| definitions(&statement.kind))
            .collect();
        let next: Vec<Location> = (0..self.iteration.1)
            .map(|i| Location {
                offset: 2 + i,
                next: true,
            })
            .collect();
        let (operands, targets, choice) = match &block.end {
            End::Yield(operands) => (operands.as_slice(), yields, direct),
            End::Iteration { carried, .. } => (carried.as_slice(), next.as_slice(), direct),
            End::Return(operands) => (operands.as_slice(), returns, &late),
            End::Never => (&[][..], yields, direct),
        };
        for (operand, target) in operands.iter().zip(targets) {
            self.claim(*operand, choice, target.offset, target.next);
        }
        for statement in &block.statements {
            if let StatementKind::Equal(Operand::Cell(array, at), value) = &statement.kind
                && let Some(start) = self.layout.arrays.get(&array.0).copied()
            {
                self.claim(*value, &late, start + at, false);
            }
        }
    }

    /// A cell for each value of a statement that has none.
    fn place_freely(&mut self, kind: &StatementKind, cells: &mut Cells) {
        for value in definitions(kind) {
            self.free(value, cells);
        }
        match kind {
            StatementKind::If { same, .. } => self.free(*same, cells),
            StatementKind::Switch {
                way: Way::Table { destination, .. },
                ..
            } => self.free(*destination, cells),
            StatementKind::Call { frame, .. } if !self.layout.areas.contains_key(frame) => {
                self.free(*frame, cells);
            }
            StatementKind::Loop(the_loop) if !self.layout.areas.contains_key(&the_loop.frames) => {
                self.free(the_loop.frames, cells);
                if !matches!(the_loop.iterations, Operand::Constant(_)) {
                    self.free(the_loop.cells, cells);
                    self.free(the_loop.total, cells);
                }
                if let Some(bound) = the_loop.bound {
                    self.free(bound, cells);
                }
            }
            _ => {}
        }
    }

    fn free(&mut self, value: Value, cells: &mut Cells) {
        if !self.layout.values.contains_key(&value) {
            let offset = cells.cell();
            self.place(value, offset, false);
        }
    }

    /// Whether the arms are of different sizes.
    fn arms(
        &mut self,
        arms: &[&Block],
        results: &[Value],
        returns: &[Location],
        cells: &mut Cells,
        depth: u32,
    ) -> bool {
        let targets: Vec<Location> = results
            .iter()
            .filter_map(|value| self.layout.values.get(value).copied())
            .collect();
        let before = cells.clone();
        // Gaps are taken from the end, and those that an arm adds are others: what all arms leave
        // is a beginning.
        let mut left = before.gaps.len();
        // The cells up to which each arm that may be taken uses the frame, and how many it may
        // leave below.
        let mut tops = Vec::new();
        for arm in arms {
            let mut own = before.clone();
            self.block(arm, &targets, returns, &mut own, depth + 1);
            if matches!(arm.end, End::Yield(_) | End::Return(_)) {
                tops.push((own.top, own.slack));
            }
            cells.top = cells.top.max(own.top);
            cells.aligned |= own.aligned;
            let same = before.gaps.iter().zip(&own.gaps);
            left = left.min(same.take_while(|(gap, own)| gap == own).count());
        }
        cells.gaps.truncate(left);
        let left = |(top, slack): &(u32, u32)| cells.top - top + slack;
        cells.slack = tops.iter().map(left).max().unwrap_or(cells.slack);
        tops.iter().any(|(top, _)| *top != cells.top)
    }

    fn fits(&self, size: u64, cells: &Cells, depth: u32) -> bool {
        size <= if depth == 0 { MAX_AREA } else { MAX_ARM_AREA }
            && u64::from(cells.top) + size <= MAX_FRAME
    }

    /// Reserves what a statement needs beyond single cells, and claims cells there.
    fn areas(
        &mut self,
        statement: &Statement,
        direct: &HashSet<Value>,
        cells: &mut Cells,
        depth: u32,
    ) {
        match &statement.kind {
            StatementKind::Array(array) => {
                let array = array.0;
                let size = self.function.arrays[array as usize].size;
                let start = if size == 1 {
                    cells.cell()
                } else {
                    cells.area(size, size >= 8)
                };
                self.layout.arrays.insert(array, start);
            }
            StatementKind::Call {
                function,
                arguments,
                results,
                frame,
            } => {
                let Some(callee) = self.functions[*function].as_ref().map(Layout::frame) else {
                    return;
                };
                // In a frame of its own, what the callee does not use is free for others, for the
                // price of a pointer and of copies of the results. What runs once counts less, in
                // cells and in cycles.
                let once = self.is_main && self.iteration.0 == 0;
                let price = 1 + results.len() as u32;
                let apart = match once {
                    true => callee.is_uneven(ITERATION_CELLS) && callee.slack > 2 * price,
                    false => callee.is_uneven(CALL_CELLS) && callee.slack > price,
                };
                if apart || !self.fits(u64::from(callee.size), cells, depth) {
                    return;
                }
                cells.slack += callee.slack;
                let start = cells.area(callee.size, callee.aligned);
                let free = MAX_GAPS.saturating_sub(cells.gaps.len());
                let gaps = callee.gaps.iter().take(free);
                cells.gaps.extend(gaps.map(|gap| start + gap));
                self.area(*frame, start);
                for (i, argument) in arguments.iter().enumerate() {
                    self.claim(*argument, direct, start + 2 + i as u32, false);
                }
                for (i, result) in results.iter().enumerate() {
                    self.place(*result, start + 2 + (arguments.len() + i) as u32, false);
                }
            }
            StatementKind::Loop(the_loop) => self.iterations(the_loop, direct, cells, depth),
            _ => {}
        }
    }

    fn iterations(
        &mut self,
        the_loop: &Loop,
        direct: &HashSet<Value>,
        cells: &mut Cells,
        depth: u32,
    ) {
        // In an area, iterations that do not look out have no use for the address of the frame
        // outside.
        if matches!(the_loop.iterations, Operand::Constant(_))
            && !the_loop.body.looks_out(the_loop.enclosing)
            && !self.too_large.contains(&the_loop.level)
        {
            let before = self.mark();
            if self.iterations_in(the_loop, direct, cells, depth, vec![0]) {
                return;
            }
            self.too_large.insert(the_loop.level);
            self.forget(before);
        }
        self.iterations_in(the_loop, direct, cells, depth, Vec::new());
    }

    /// Whether the iterations got an area. `gaps` are cells of the header that they do not need.
    fn iterations_in(
        &mut self,
        the_loop: &Loop,
        direct: &HashSet<Value>,
        cells: &mut Cells,
        depth: u32,
        gaps: Vec<u32>,
    ) -> bool {
        let (frame, padding) = self.frame(the_loop, gaps);
        let splits = the_loop.body.ends_iteration();
        if padding > frame.size / ITERATION_CELLS && !splits {
            self.layout.padded_loops.push(the_loop.level);
        }
        if frame.is_uneven(ITERATION_CELLS) && !splits && the_loop.unrolled == 1 {
            self.layout.uneven_loops.push(the_loop.level);
        }
        let Operand::Constant(number) = the_loop.iterations else {
            return false;
        };
        if splits || the_loop.unrolled > 1 {
            return false;
        }
        let total = u64::from(number) * u64::from(frame.size) + u64::from(frame.header);
        if !self.fits(total, cells, depth) {
            return false;
        }
        let start = cells.area(total as u32, frame.aligned);
        if !frame.is_uneven(ITERATION_CELLS) {
            cells.slack += number * frame.slack;
        }
        self.area(the_loop.frames, start);
        let after = start + number * frame.size;
        for (i, carried) in the_loop.carried.iter().enumerate() {
            let at = 2 + i as u32;
            self.claim(carried.initial, direct, start + at, false);
            self.place(carried.outer, after + at, false);
        }
        self.claim(the_loop.initial, direct, start + 1, false);
        true
    }
    /// The frame of an iteration, and how many of its cells no path uses.
    fn frame(&mut self, the_loop: &Loop, gaps: Vec<u32>) -> (Frame, u32) {
        let carried = the_loop.carried.len() as u32;
        self.place(the_loop.enclosing, 0, false);
        self.place(the_loop.counter, 1, false);
        self.place(the_loop.next, 1, true);
        let mut own = Cells {
            top: 2 + carried,
            gaps,
            ..Cells::default()
        };
        let mut yields = Vec::new();
        for (i, carried) in the_loop.carried.iter().enumerate() {
            self.place(carried.inner, 2 + i as u32, false);
            yields.push(Location {
                offset: 2 + i as u32,
                next: true,
            });
        }
        for value in [the_loop.last, the_loop.again] {
            self.free(value, &mut own);
        }
        let around = std::mem::replace(&mut self.iteration, (the_loop.level, carried));
        self.block(&the_loop.body, &yields, &[], &mut own, 0);
        self.iteration = around;
        let rounded = |top: u32| match own.aligned {
            true => top.next_multiple_of(8),
            false => top,
        };
        for ((level, _), stride) in &mut self.layout.strides {
            if *level == the_loop.level {
                *stride = rounded(*stride);
            }
        }
        let size = rounded(own.top);
        let frame = Frame {
            size,
            header: 2 + carried,
            aligned: own.aligned,
            slack: own.slack,
            gaps: own.gaps,
        };
        self.layout.frames.insert(the_loop.level, frame.clone());
        let padding = size - own.top + frame.gaps.len() as u32;
        (frame, padding)
    }
}
