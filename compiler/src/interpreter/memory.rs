//! Write-once memory: SPEC §5, with allocations instead of frames.

use std::collections::BTreeMap;

use super::{Allocation, Failure};
use crate::source::Span;

/// The number of addresses.
pub(super) const CELL_CAP: u64 = 1 << 26;

/// Cells that have been touched, in equality classes.
#[derive(Default)]
pub(super) struct Memory {
    /// The class of each cell that was touched.
    classes: BTreeMap<u64, usize>,
    /// For each class the class that it was joined to, if it was.
    joined_to: Vec<Option<usize>>,
    /// The value of each class that was joined to none.
    values: Vec<Option<u64>>,
    /// Where the next allocation may start.
    next: u64,
    /// Between two allocations.
    gap: u64,
    /// The size of the public region.
    public: u64,
    /// Whether a cell outside of the public region and of all allocations was touched.
    pub(super) outside: bool,
    /// What was allocated, in order.
    allocations: Vec<(Span, u64, u64)>,
}

impl Memory {
    /// The memory with only the public region defined.
    pub(super) fn new(public: &[u32], gap: u64) -> Self {
        let mut region = 8;
        while region < public.len() {
            region *= 2;
        }
        let mut memory = Self::default();
        for address in 0..region {
            memory.classes.insert(address as u64, address);
            memory.joined_to.push(None);
            let value = public.get(address).copied().unwrap_or(0);
            memory.values.push(Some(u64::from(value)));
        }
        // The frame of main, as it were.
        memory.next = region as u64 + 3 * gap;
        memory.gap = gap;
        memory.public = region as u64;
        memory
    }

    /// The address of `size` fresh cells.
    pub(super) fn allocate(&mut self, size: u64, span: Span) -> Result<u64, Failure> {
        let address = (self.next + self.gap).next_multiple_of(8);
        if address + size > CELL_CAP {
            return Err(Failure::MemoryExhausted);
        }
        self.next = address + size;
        self.allocations.push((span, address, size));
        Ok(address)
    }

    /// The class of a cell, after all that it was joined to.
    fn class(&mut self, address: u64) -> Result<usize, Failure> {
        if address >= CELL_CAP {
            return Err(Failure::AddressOutOfRange);
        }
        let before = self
            .allocations
            .partition_point(|(_, start, _)| *start <= address);
        let inside = match before.checked_sub(1).map(|index| self.allocations[index]) {
            Some((_, start, size)) => address - start < size,
            None => address < self.public,
        };
        self.outside |= !inside;
        let fresh = self.values.len();
        let mut class = *self.classes.entry(address).or_insert(fresh);
        if class == fresh {
            self.joined_to.push(None);
            self.values.push(None);
        }
        while let Some(other) = self.joined_to[class] {
            class = other;
        }
        // The next search is short.
        self.classes.insert(address, class);
        Ok(class)
    }

    /// The value of a cell, if it is defined.
    pub(super) fn read(&mut self, address: u64) -> Result<Option<u64>, Failure> {
        let class = self.class(address)?;
        Ok(self.values[class])
    }

    /// Defines a cell; a defined one must have that value.
    pub(super) fn define(&mut self, address: u64, value: u64) -> Result<(), Failure> {
        let class = self.class(address)?;
        if self.values[class].is_some_and(|present| present != value) {
            return Err(Failure::NotEqual);
        }
        self.values[class] = Some(value);
        Ok(())
    }

    /// Makes two cells equal.
    pub(super) fn join(&mut self, left: u64, right: u64) -> Result<(), Failure> {
        let left = self.class(left)?;
        let right = self.class(right)?;
        match (self.values[left], self.values[right]) {
            (Some(a), Some(b)) if a != b => return Err(Failure::NotEqual),
            (Some(_), Some(_)) => {}
            (Some(a), None) => self.values[right] = Some(a),
            (None, Some(b)) => self.values[left] = Some(b),
            (None, None) if left != right => self.joined_to[left] = Some(right),
            (None, None) => {}
        }
        Ok(())
    }

    /// The allocations with their cells at the end.
    pub(super) fn into_allocations(mut self) -> Vec<Allocation> {
        let allocations = std::mem::take(&mut self.allocations);
        let mut result = Vec::new();
        for (span, address, size) in allocations {
            let mut cells = BTreeMap::new();
            let touched: Vec<u64> = self
                .classes
                .range(address..address + size)
                .map(|(cell, _)| *cell)
                .collect();
            for cell in touched {
                if let Ok(Some(value)) = self.read(cell) {
                    cells.insert((cell - address) as u32, value as u32);
                }
            }
            result.push(Allocation {
                span,
                address: address as u32,
                size: size as u32,
                cells,
            });
        }
        result
    }
}
