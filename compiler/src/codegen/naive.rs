//! The naive layout of memory, to compare with: each call of a function and each iteration of a
//! loop has a frame with every local of every branch, each array its own cells, and every frame and
//! array is rounded up to a power of two.

use std::collections::HashMap;

use super::emit::Emitter;
use super::encode::ALLOCATE;
use crate::frames::Layout;
use crate::ir::{Function, Program};

/// What happens at a pc in the naive layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    /// The cells of a frame, and of the arrays in it, that is entered here.
    cells: u64,
    /// For each alloc hint, in order, whether it is for an array of the program; else it is for
    /// frames, which are counted where they are entered.
    allocations: Vec<bool>,
}

/// How to count the cells of the naive layout along an execution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naive {
    places: Vec<Place>,
}

impl Naive {
    /// Of a program that is linked; the functions start at `starts`.
    pub(super) fn of(
        program: &Program,
        layouts: &[Layout],
        emitter: &Emitter<'_>,
        starts: &[u32],
    ) -> Self {
        let mut naive = Self {
            places: vec![Place::default(); emitter.instructions.len()],
        };
        let functions = program.functions.iter().zip(layouts);
        let cells: Vec<HashMap<u32, u64>> = functions
            .map(|(function, layout)| frames(function, layout))
            .collect();
        let frames = starts.iter().enumerate().map(|(i, start)| (*start, i, 0));
        let iterations = emitter.iterations.iter();
        let iterations =
            iterations.map(|code| (emitter.labels[code.label], code.function, code.level));
        for (pc, function, level) in frames.chain(iterations) {
            naive.frame(pc, cells[function].get(&level).copied().unwrap_or(0));
        }
        for (i, hint) in emitter.hints.iter().enumerate() {
            if hint.kind == ALLOCATE {
                naive.allocation(hint.pc, emitter.frame_hints.binary_search(&i).is_err());
            }
        }
        naive
    }

    /// A frame of so many cells, with the arrays in it, is entered at a pc.
    fn frame(&mut self, pc: u32, cells: u64) {
        if let Some(place) = self.places.get_mut(pc as usize) {
            place.cells += cells;
        }
    }

    /// The next alloc hint of a pc.
    fn allocation(&mut self, pc: u32, is_array: bool) {
        if let Some(place) = self.places.get_mut(pc as usize) {
            place.allocations.push(is_array);
        }
    }

    /// For each allocation of an execution, by the pc of each cycle: whether it is an array of the
    /// program.
    pub fn arrays(&self, pcs: impl IntoIterator<Item = u32>) -> impl Iterator<Item = bool> {
        let place = |pc: u32| self.places.get(pc as usize);
        pcs.into_iter()
            .filter_map(place)
            .flat_map(|place| place.allocations.iter().copied())
    }

    /// The cells of the naive layout of an execution: its public cells, the pc of each cycle, the
    /// size of each allocation.
    #[must_use]
    pub fn cells(
        &self,
        public_cells: u32,
        pcs: impl IntoIterator<Item = u32>,
        sizes: impl IntoIterator<Item = u32>,
    ) -> u64 {
        let mut cells = u64::from(public_cells);
        let mut sizes = sizes.into_iter();
        for pc in pcs {
            let Some(place) = self.places.get(pc as usize) else {
                continue;
            };
            cells += place.cells;
            for is_array in &place.allocations {
                let size = sizes.next().unwrap_or(0);
                if *is_array {
                    cells += rounded(u64::from(size));
                }
            }
        }
        cells
    }
}

/// The cells of the frames of a function, with the arrays in them, by level.
fn frames(function: &Function, layout: &Layout) -> HashMap<u32, u64> {
    // Return pc, return fp and results are cells without a value.
    let mut values = HashMap::from([(0, 2 + function.results as u64)]);
    for value in layout.values.keys() {
        if let Some(level) = function.value_levels.get(value.0 as usize) {
            *values.entry(*level).or_default() += 1;
        }
    }
    let mut cells: HashMap<u32, u64> = values
        .into_iter()
        .map(|(level, values)| (level, rounded(values)))
        .collect();
    for array in layout.arrays.keys() {
        let array = &function.arrays[*array as usize];
        *cells.entry(array.level).or_default() += rounded(u64::from(array.size));
    }
    cells
}

/// The least power of two ≥ n, or 0 for 0.
fn rounded(n: u64) -> u64 {
    match n {
        0 => 0,
        n => n.next_power_of_two(),
    }
}
