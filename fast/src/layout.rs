//! SPEC §7 layout.
//!
//! The bump allocator and the number M of cells.

use crate::rejection::{Error, Rejection};

/// The bump pointer, and what it has handed out.
pub struct Allocator {
    next: u32,
    cap: u32,
    /// (address, size) of each allocation, in order.
    pub allocations: Vec<(u32, u32)>,
}

impl Allocator {
    /// An allocator behind the main frame.
    ///
    /// # Errors
    /// `memory-exhausted` if the frame does not fit.
    pub fn new(fp_0: u32, frame_size: u32, cap: u32) -> Result<Self, Error> {
        let next = fp_0
            .checked_add(frame_size)
            .filter(|next| *next <= cap)
            .ok_or_else(|| exhausted(frame_size, cap))?;
        Ok(Self {
            next,
            cap,
            allocations: Vec::new(),
        })
    }

    /// The address of `size` fresh cells, a multiple of `alignment`.
    ///
    /// # Errors
    /// `memory-exhausted`.
    pub fn allocate(&mut self, size: u32, alignment: u32) -> Result<u32, Error> {
        let fitting = || {
            let address = self.next.checked_next_multiple_of(alignment)?;
            Some((
                address,
                address.checked_add(size).filter(|next| *next <= self.cap)?,
            ))
        };
        let (address, next) = fitting().ok_or_else(|| exhausted(size, self.cap))?;
        self.next = next;
        self.allocations.push((address, size));
        Ok(address)
    }

    /// M when the greatest address accessed is `accessed` − 1.
    #[must_use]
    pub fn cells(&self, accessed: usize, min_cells: usize) -> usize {
        accessed
            .max(self.next as usize)
            .next_multiple_of(8)
            .max(min_cells)
    }
}

#[cold]
fn exhausted(size: u32, cap: u32) -> Error {
    Rejection::MemoryExhausted.at(format!("{size} more cells do not fit into {cap}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bump() {
        let mut allocator = Allocator::new(8, 3, 40).unwrap();
        assert_eq!(allocator.allocate(2, 1), Ok(11));
        assert_eq!(allocator.allocate(9, 8), Ok(16));
        assert_eq!(allocator.allocate(0, 1), Ok(25));
        assert_eq!(allocator.cells(20, 8), 32);
        assert_eq!(allocator.cells(33, 8), 40);
        assert_eq!(allocator.cells(33, 64), 64);
        assert_eq!(
            allocator.allocate(u32::MAX, 8).unwrap_err().rejection,
            Rejection::MemoryExhausted
        );
        assert_eq!(
            allocator.allocate(16, 1).unwrap_err().rejection,
            Rejection::MemoryExhausted
        );
        assert_eq!(allocator.allocate(15, 1), Ok(25));
        assert_eq!(allocator.allocations, [(11, 2), (16, 9), (25, 0), (25, 15)]);
        assert_eq!(
            Allocator::new(8, 33, 40).err().unwrap().rejection,
            Rejection::MemoryExhausted
        );
    }
}
