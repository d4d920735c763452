//! SPEC §7 layout.
//!
//! The addresses of `alloc` hints in the first and in the second run, and M, the number of cells.

use std::collections::BTreeMap;

use crate::memory::{CHUNK, MAX_CELLS, Memory};
use crate::rejection::{Error, Rejection};

/// The number of bases that the search for a place examines.
const MAX_EXAMINED: u32 = 64;
/// Greatest M for which there is no second run.
const MAX_SMALL: u32 = 1 << 8;
/// The end of the last hole.
const NO_END: u64 = u64::MAX;

/// Cells that an `alloc` hint has given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Allocation {
    /// The first address.
    pub address: u32,
    /// The number of cells.
    pub size: u32,
    /// 1 or 8.
    pub alignment: u32,
}

/// What `alloc` hints are given.
#[derive(Clone, Debug)]
pub struct Layout {
    cap: u32,
    next: u32,
    /// In a second run, the allocations that are to come.
    planned: Option<Vec<Allocation>>,
    /// The allocations, in order.
    pub allocations: Vec<Allocation>,
}

impl Layout {
    /// The layout of a first run: allocation from fp_0 + frame size on, below `cap`, at most the
    /// cell cap.
    ///
    /// # Errors
    /// `memory-exhausted` if the main frame does not fit.
    pub fn first(fp_0: u32, frame_size: u32, cap: u32) -> Result<Self, Error> {
        let mut layout = Self {
            cap: cap.min(MAX_CELLS),
            next: 0,
            planned: None,
            allocations: Vec::new(),
        };
        layout.advance(u64::from(fp_0) + u64::from(frame_size))?;
        Ok(layout)
    }

    /// The layout of a second run.
    pub fn second(planned: Vec<Allocation>) -> Self {
        Self {
            cap: MAX_CELLS,
            next: 0,
            planned: Some(planned),
            allocations: Vec::new(),
        }
    }

    /// §7.2, in a second run §7.8: allocates `size` cells at a multiple of `alignment` and returns
    /// their address.
    ///
    /// # Errors
    /// `memory-exhausted`; in a second run if the first run had another allocation in this place.
    pub fn allocate(&mut self, size: u32, alignment: u32) -> Result<u32, Error> {
        let address = match &self.planned {
            None => {
                let address = self.next.next_multiple_of(alignment);
                self.advance(u64::from(address) + u64::from(size))?;
                address
            }
            Some(planned) => match planned.get(self.allocations.len()) {
                Some(plan) if (plan.size, plan.alignment) == (size, alignment) => plan.address,
                _ => {
                    let detail = format!("{size} cells, unlike in the first run");
                    return Err(Error::new(Rejection::MemoryExhausted, detail));
                }
            },
        };
        self.allocations.push(Allocation {
            address,
            size,
            alignment,
        });
        Ok(address)
    }

    /// §6.3, §7.2.
    fn advance(&mut self, next: u64) -> Result<(), Error> {
        if next > u64::from(self.cap) {
            let detail = format!("{next} cells, the cap is {}", self.cap);
            return Err(Error::new(Rejection::MemoryExhausted, detail));
        }
        self.next = next as u32;
        Ok(())
    }

    /// M (§7.3, §7.8): max(next, 1 + greatest address accessed), rounded up to a multiple of 8;
    /// `next` counts in a first run only.
    pub fn num_cells(&self, accessed: u32) -> u32 {
        self.next.max(accessed).next_multiple_of(CHUNK)
    }
}

/// The cells of the naive layout.
pub fn naive_cells(public_cells: u32, frame_size: u32, allocations: &[Allocation]) -> u64 {
    let mut cells = u64::from(public_cells) + rounded(frame_size);
    for allocation in allocations {
        cells += rounded(allocation.size);
    }
    cells
}

/// The least power of two ≥ n, or 0 for 0.
fn rounded(n: u32) -> u64 {
    match n {
        0 => 0,
        n => u64::from(n).next_power_of_two(),
    }
}

/// The allocations of the second run, or `None` if there is no second run. `end` is fp_0 + frame
/// size, `num_cells` the M of the first run.
pub fn plan(
    memory: &Memory,
    end: u32,
    allocations: &[Allocation],
    num_cells: u32,
) -> Option<Vec<Allocation>> {
    // §7.7.
    let enough = memory.used_cells() as u64 * 20 >= u64::from(num_cells) * 19;
    if allocations.is_empty() || num_cells <= MAX_SMALL || enough {
        return None;
    }
    // §7.5.
    let mut cells = Cells::new();
    for cell in 0..end {
        if memory.is_touched(cell) {
            cells.take(u64::from(cell));
        }
    }
    // The first loose cell after the allocations so far, and the greatest that is touched.
    let mut loose = end;
    let mut accessed = 0;
    let after = Allocation {
        address: num_cells.max(end),
        size: 0,
        alignment: 1,
    };
    for allocation in allocations.iter().chain([&after]) {
        for cell in loose..allocation.address {
            if memory.is_defined(cell) {
                cells.take(u64::from(cell));
            }
            if memory.is_touched(cell) {
                accessed = u64::from(cell) + 1;
            }
        }
        loose = allocation.address + allocation.size;
    }
    // §7.6.
    let mut planned = Vec::new();
    for allocation in allocations {
        let mut touched = Vec::new();
        for offset in 0..allocation.size {
            if memory.is_touched(allocation.address + offset) {
                touched.push(u64::from(offset));
            }
        }
        let base = cells.place(&touched, u64::from(allocation.alignment));
        for offset in &touched {
            cells.take(base + offset);
        }
        // A plan that does not fit is one that does not pay.
        let address = u32::try_from(base).ok()?;
        planned.push(Allocation {
            address,
            ..*allocation
        });
    }
    // §7.7.
    let cells = cells.top().max(accessed).next_multiple_of(8);
    if cells * 128 > u64::from(num_cells) * 127 {
        return None;
    }
    Some(planned)
}

/// Which cells are taken.
struct Cells {
    /// The holes: the first cell and the end of each. The last one has no end.
    holes: BTreeMap<u64, u64>,
}

impl Cells {
    fn new() -> Self {
        Self {
            holes: BTreeMap::from([(0, NO_END)]),
        }
    }

    /// 1 + the greatest taken cell.
    fn top(&self) -> u64 {
        self.holes
            .last_key_value()
            .map_or(NO_END, |(first, _)| *first)
    }

    /// The hole of a cell.
    fn hole(&self, cell: u64) -> Option<(u64, u64)> {
        let (first, end) = self.holes.range(..=cell).next_back()?;
        (cell < *end).then_some((*first, *end))
    }

    /// Takes a cell; it may be taken already.
    fn take(&mut self, cell: u64) {
        if let Some((first, end)) = self.hole(cell) {
            self.holes.remove(&first);
            if first < cell {
                self.holes.insert(first, cell);
            }
            if cell + 1 < end {
                self.holes.insert(cell + 1, end);
            }
        }
    }

    /// The base of an allocation with these touched offsets, ascending.
    fn place(&self, touched: &[u64], alignment: u64) -> u64 {
        let Some(least) = touched.first() else {
            return self.top().next_multiple_of(alignment);
        };
        let (start, length) = longest_run(touched);
        let mut examined = 0;
        'holes: for (first, end) in &self.holes {
            if end - first < length {
                continue;
            }
            let mut base = first.saturating_sub(start).next_multiple_of(alignment);
            let mut any = false;
            while !any || base + start + length <= *end {
                if examined == MAX_EXAMINED {
                    break 'holes;
                }
                examined += 1;
                if base + start + length > *end {
                    // A hole without a base.
                    break;
                }
                any = true;
                let free = |offset: &u64| self.hole(base + offset).is_some();
                if touched.iter().all(free) {
                    return base;
                }
                base += alignment;
            }
        }
        self.top()
            .saturating_sub(*least)
            .next_multiple_of(alignment)
    }
}

/// The start and the length of the longest run of consecutive offsets, the first of those that are
/// equally long.
fn longest_run(offsets: &[u64]) -> (u64, u64) {
    let mut longest = (0, 0);
    let mut run = (0, 0);
    for offset in offsets {
        run = if run.1 > 0 && run.0 + run.1 == *offset {
            (run.0, run.1 + 1)
        } else {
            (*offset, 1)
        };
        if run.1 > longest.1 {
            longest = run;
        }
    }
    longest
}

#[cfg(test)]
mod tests;
