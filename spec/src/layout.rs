//! SPEC §7 layout.
//!
//! The bump allocator of `alloc` hints, and M, the number of cells.

use crate::memory::{CHUNK, MAX_CELLS};
use crate::rejection::{Error, Rejection};

/// The bump pointer and what it has given.
#[derive(Clone, Debug)]
pub struct Layout {
    cap: u32,
    next: u32,
    /// (address, size) of each allocation, in order.
    pub allocations: Vec<(u32, u32)>,
}

impl Layout {
    /// Allocation from fp_0 + frame size on, below `cap`, at most the cell cap.
    ///
    /// # Errors
    /// `memory-exhausted` if the main frame does not fit.
    pub fn new(fp_0: u32, frame_size: u32, cap: u32) -> Result<Self, Error> {
        let mut layout = Self {
            cap: cap.min(MAX_CELLS),
            next: 0,
            allocations: Vec::new(),
        };
        layout.advance(u64::from(fp_0) + u64::from(frame_size))?;
        Ok(layout)
    }

    /// Allocates `size` cells at a multiple of `alignment` and returns their address.
    ///
    /// # Errors
    /// `memory-exhausted`.
    pub fn allocate(&mut self, size: u32, alignment: u32) -> Result<u32, Error> {
        let address = self.next.next_multiple_of(alignment);
        self.advance(u64::from(address) + u64::from(size))?;
        self.allocations.push((address, size));
        Ok(address)
    }

    fn advance(&mut self, next: u64) -> Result<(), Error> {
        if next > u64::from(self.cap) {
            let detail = format!("{next} cells, the cap is {}", self.cap);
            return Err(Error::new(Rejection::MemoryExhausted, detail));
        }
        self.next = next as u32;
        Ok(())
    }

    /// M: max(next, 1 + greatest address accessed), rounded up to a multiple of 8, and at least `min_cells`.
    pub fn num_cells(&self, accessed: u32, min_cells: u32) -> u32 {
        self.next
            .max(accessed)
            .next_multiple_of(CHUNK)
            .max(min_cells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allocation_is_a_bump_with_alignment() {
        let mut layout = Layout::new(8, 3, 100).expect("the frame fits");
        assert_eq!(layout.allocate(2, 1), Ok(11));
        assert_eq!(layout.allocate(1, 8), Ok(16));
        assert_eq!(layout.allocate(0, 8), Ok(24));
        assert_eq!(layout.allocate(76, 1), Ok(24));
        assert_eq!(layout.allocate(0, 1), Ok(100));
        assert_eq!(
            layout.allocate(1, 1).map_err(|e| e.rejection),
            Err(Rejection::MemoryExhausted)
        );
        assert_eq!(
            layout.allocate(u32::MAX, 8).map_err(|e| e.rejection),
            Err(Rejection::MemoryExhausted)
        );
        assert_eq!(
            layout.allocations,
            [(11, 2), (16, 1), (24, 0), (24, 76), (100, 0)]
        );
        assert_eq!(layout.num_cells(7, 8), 104);
        assert_eq!(layout.num_cells(105, 8), 112);
        assert_eq!(layout.num_cells(105, 256), 256);
    }

    #[test]
    fn the_frame_is_checked_likewise() {
        assert!(Layout::new(8, 92, 100).is_ok());
        assert_eq!(
            Layout::new(8, 93, 100).map(drop).map_err(|e| e.rejection),
            Err(Rejection::MemoryExhausted)
        );
    }
}
