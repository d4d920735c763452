//! SPEC §7 layout.
//!
//! The bump allocator of the first run, the plan of the second, and the number M of cells. A search
//! for a place takes time logarithmic in M for each base that it examines (see `holes`), and
//! examines at most 64.

mod holes;

use crate::memory::{CHUNK, CHUNK_CELLS, Memory};
use crate::rejection::{Error, Rejection};
use holes::Holes;

/// Greatest number of bases examined for an allocation.
const MAX_EXAMINED: u32 = 64;
/// Greatest M without a second run.
const MAX_SMALL: u32 = 1 << 8;

/// What an `alloc` hint has given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// The first address.
    pub address: u32,
    /// The number of cells.
    pub size: u32,
    /// 1 or 8.
    pub alignment: u32,
}

/// Gives the addresses of `alloc` hints.
pub(crate) struct Allocator {
    next: u32,
    cap: u32,
    /// The allocations of a second run.
    planned: Option<Vec<Allocation>>,
    /// The allocations so far.
    pub(crate) allocations: Vec<Allocation>,
}

impl Allocator {
    /// The allocator of a first run, behind the main frame.
    ///
    /// # Errors
    /// `memory-exhausted` if the frame does not fit.
    pub(crate) fn bump(fp_0: u32, frame_size: u32, cap: u32) -> Result<Self, Error> {
        let next = fp_0
            .checked_add(frame_size)
            .filter(|next| *next <= cap)
            .ok_or_else(|| exhausted(frame_size, cap))?;
        Ok(Self {
            next,
            cap,
            planned: None,
            allocations: Vec::new(),
        })
    }

    /// The allocator of a second run.
    pub(crate) fn planned(planned: Vec<Allocation>) -> Self {
        Self {
            next: 0,
            cap: 0,
            allocations: Vec::with_capacity(planned.len()),
            planned: Some(planned),
        }
    }

    /// §7.2, in a second run §7.8: the address of `size` fresh cells, a multiple of `alignment`.
    ///
    /// # Errors
    /// `memory-exhausted`, in a second run where it departs from the first.
    pub(crate) fn allocate(&mut self, size: u32, alignment: u32) -> Result<u32, Error> {
        let address = if let Some(planned) = &self.planned {
            planned
                .get(self.allocations.len())
                .filter(|plan| (plan.size, plan.alignment) == (size, alignment))
                .map(|plan| plan.address)
                .ok_or_else(|| {
                    Rejection::MemoryExhausted.at(format!(
                        "{size} cells aligned to {alignment}: not as in the first run"
                    ))
                })?
        } else {
            let fitting = || {
                let address = self.next.checked_next_multiple_of(alignment)?;
                Some((
                    address,
                    address.checked_add(size).filter(|next| *next <= self.cap)?,
                ))
            };
            let (address, next) = fitting().ok_or_else(|| exhausted(size, self.cap))?;
            self.next = next;
            address
        };
        self.allocations.push(Allocation {
            address,
            size,
            alignment,
        });
        Ok(address)
    }

    /// M when the greatest address accessed is `accessed` − 1.
    pub(crate) fn cells(&self, accessed: usize) -> usize {
        accessed
            .max(self.next as usize)
            .next_multiple_of(CHUNK_CELLS)
    }
}

#[cold]
fn exhausted(size: u32, cap: u32) -> Error {
    Rejection::MemoryExhausted.at(format!("{size} more cells do not fit into {cap}"))
}

/// The cells of the naive layout.
pub(crate) fn naive_cells(public_cells: u32, frame_size: u32, allocations: &[Allocation]) -> u64 {
    let rounded = |n: u32| match n {
        0 => 0,
        n => u64::from(n).next_power_of_two(),
    };
    allocations
        .iter()
        .fold(u64::from(public_cells) + rounded(frame_size), |sum, a| {
            sum + rounded(a.size)
        })
}

/// The allocations of the second run, or `None` if there is none. `end` is fp_0 + frame size,
/// `cells` the M of the first run.
pub(crate) fn plan(
    memory: &Memory,
    end: u32,
    allocations: &[Allocation],
    cells: u32,
) -> Option<Vec<Allocation>> {
    // §7.7.
    if allocations.is_empty() || cells <= MAX_SMALL {
        return None;
    }
    if memory.used_cells() as u64 * 20 >= u64::from(cells) * 19 {
        return None;
    }
    let mut holes = Holes::new(cells);
    for cell in 0..end {
        if memory.is_touched(cell) {
            holes.take(cell, 1);
        }
    }
    let mut accessed = 0;
    let mut loose = end;
    let starts = allocations.iter().map(|a| (a.address, a.address + a.size));
    for (address, after) in starts.chain([(cells.max(end), cells)]) {
        for cell in loose..address {
            if memory.is_defined(cell) {
                holes.take(cell, 1);
            }
            if memory.is_touched(cell) {
                accessed = cell + 1;
            }
        }
        loose = after;
    }
    // P is too great once one touched cell is: planning ends there.
    let pays =
        |planned: u32| u64::from(planned.next_multiple_of(CHUNK)) * 128 <= u64::from(cells) * 127;
    if !pays(accessed.max(holes.top())) {
        return None;
    }
    let mut planned = Vec::with_capacity(allocations.len());
    let mut pattern = Pattern::default();
    for allocation in allocations {
        pattern.read(memory, allocation);
        let base = place(&holes, &pattern, allocation.alignment);
        if !pattern.runs.is_empty() && !pays(base + pattern.end()) {
            return None;
        }
        for (start, length) in &pattern.runs {
            holes.take(base + start, *length);
        }
        planned.push(Allocation {
            address: base,
            ..*allocation
        });
    }
    Some(planned)
}

/// T_i as runs.
#[derive(Default)]
struct Pattern {
    /// (start, length) of each maximal run of touched offsets, ascending.
    runs: Vec<(u32, u32)>,
    /// (s, R).
    longest: (u32, u32),
}

impl Pattern {
    fn read(&mut self, memory: &Memory, allocation: &Allocation) {
        self.runs.clear();
        self.longest = (0, 0);
        let mut start = None;
        for offset in 0..=allocation.size {
            let touched =
                offset < allocation.size && memory.is_touched(allocation.address + offset);
            match start {
                None if touched => start = Some(offset),
                Some(first) if !touched => {
                    let run = (first, offset - first);
                    if run.1 > self.longest.1 {
                        self.longest = run;
                    }
                    self.runs.push(run);
                    start = None;
                }
                _ => {}
            }
        }
    }

    /// One past the greatest touched offset.
    fn end(&self) -> u32 {
        self.runs.last().map_or(0, |(start, length)| start + length)
    }
}

/// The base of an allocation.
fn place(holes: &Holes, pattern: &Pattern, alignment: u32) -> u32 {
    let top = holes.top();
    let Some((least, _)) = pattern.runs.first() else {
        return top.next_multiple_of(alignment);
    };
    let (start, length) = pattern.longest;
    let mut examined = 0;
    let mut from = 0;
    'holes: while let Some(first) = holes.find(from, length) {
        let mut base = first.saturating_sub(start).next_multiple_of(alignment);
        // Cells first..checked are in this hole.
        let mut checked = first;
        let mut any = false;
        loop {
            if let Some(taken) = holes.first_taken(checked, base + start + length) {
                // The hole ends here, before the longest run does.
                if !any {
                    if examined == MAX_EXAMINED {
                        break 'holes;
                    }
                    examined += 1;
                }
                from = taken + 1;
                continue 'holes;
            }
            if examined == MAX_EXAMINED {
                break 'holes;
            }
            examined += 1;
            any = true;
            let free = |&(at, cells): &(u32, u32)| {
                holes.first_taken(base + at, base + at + cells).is_none()
            };
            if pattern.runs.iter().all(free) {
                return base;
            }
            checked = checked.max(base + start + length);
            base += alignment;
        }
    }
    top.saturating_sub(*least).next_multiple_of(alignment)
}

#[cfg(test)]
mod tests;
