//! SPEC §5 memory.
//!
//! The partial function m from addresses to F, with the equality classes of joined undefined cells.
//! A cell is written once.

use std::collections::BTreeMap;

use crate::field::Felt;
use crate::rejection::{Error, Rejection};

/// The cell cap: addresses are below it.
pub const MAX_CELLS: u32 = 1 << 26;
/// The greatest number of elements of public input.
pub const MAX_PUBLIC_INPUT: usize = 1 << 20;
/// The number of cells of a chunk.
pub const CHUNK: u32 = 8;

/// A partial function from addresses to values.
#[derive(Clone, Debug)]
pub struct Memory {
    cap: u32,
    values: BTreeMap<u32, Felt>,
    /// The class of each cell that has been joined; a cell not in this map is a class of its own.
    class_of: BTreeMap<u32, u32>,
    /// The cells of each class of more than one.
    members: BTreeMap<u32, Vec<u32>>,
    /// 1 + the greatest address accessed, or 0.
    accessed: u32,
}

impl Memory {
    /// Memory without a defined cell; addresses are below `cap`, at most the cell cap.
    pub fn new(cap: u32) -> Self {
        Self {
            cap: cap.min(MAX_CELLS),
            values: BTreeMap::new(),
            class_of: BTreeMap::new(),
            members: BTreeMap::new(),
            accessed: 0,
        }
    }

    /// The integer of an address below the cap (§5.1).
    fn access(&mut self, address: Felt) -> Result<u32, Error> {
        let address = address.value();
        if address >= self.cap {
            return Err(Error::new(
                Rejection::AddressOutOfRange,
                format!("address {address}"),
            ));
        }
        self.accessed = self.accessed.max(address + 1);
        Ok(address)
    }

    /// The value of a cell, or `None` if it is undefined.
    ///
    /// # Errors
    /// `address-out-of-range`.
    pub fn read(&mut self, address: Felt) -> Result<Option<Felt>, Error> {
        let address = self.access(address)?;
        Ok(self.values.get(&address).copied())
    }

    /// §5.2: gives a value to a cell, and so to all cells of its class; checks the value if the
    /// cell is defined.
    ///
    /// # Errors
    /// `address-out-of-range`, `relation-violated`.
    pub fn define(&mut self, address: Felt, value: Felt) -> Result<(), Error> {
        let address = self.access(address)?;
        if let Some(present) = self.values.get(&address) {
            if *present == value {
                return Ok(());
            }
            let detail = format!("cell {address} is {present}, not {value}");
            return Err(Error::new(Rejection::RelationViolated, detail));
        }
        let class = self.class(address);
        for cell in self.take(class) {
            self.values.insert(cell, value);
        }
        Ok(())
    }

    /// §5.3: makes two cells equal for ever.
    ///
    /// # Errors
    /// `address-out-of-range`, `relation-violated`.
    pub fn join(&mut self, left: Felt, right: Felt) -> Result<(), Error> {
        match (self.read(left)?, self.read(right)?) {
            (Some(value), _) => self.define(right, value),
            (None, Some(value)) => self.define(left, value),
            (None, None) => {
                self.merge(left.value(), right.value());
                Ok(())
            }
        }
    }

    /// The name of the class of a cell: one of its cells.
    fn class(&self, address: u32) -> u32 {
        self.class_of.get(&address).copied().unwrap_or(address)
    }

    /// Takes out the cells of a class.
    fn take(&mut self, class: u32) -> Vec<u32> {
        self.members.remove(&class).unwrap_or_else(|| vec![class])
    }

    /// Merges the classes of two undefined cells; the cells of the smaller one are renamed.
    fn merge(&mut self, left: u32, right: u32) {
        let (left, right) = (self.class(left), self.class(right));
        if left == right {
            return;
        }
        let (left_cells, right_cells) = (self.take(left), self.take(right));
        let (name, mut large, small) = if left_cells.len() < right_cells.len() {
            (right, right_cells, left_cells)
        } else {
            (left, left_cells, right_cells)
        };
        for cell in small {
            self.class_of.insert(cell, name);
            large.push(cell);
        }
        self.members.insert(name, large);
    }

    /// 1 + the greatest address accessed, or 0 if there was no access.
    pub fn accessed(&self) -> u32 {
        self.accessed
    }

    /// The number of defined cells.
    pub fn used_cells(&self) -> usize {
        self.values.len()
    }

    /// Whether a cell is defined.
    pub fn is_defined(&self, address: u32) -> bool {
        self.values.contains_key(&address)
    }

    /// Whether a cell is defined, or undefined and joined with another cell.
    pub fn is_touched(&self, address: u32) -> bool {
        self.is_defined(address) || self.members.contains_key(&self.class(address))
    }

    /// The cells 0..num_cells, undefined ones as 0.
    pub fn cells(&self, num_cells: usize) -> Vec<Felt> {
        let mut cells = vec![Felt::ZERO; num_cells];
        for (address, value) in &self.values {
            cells[*address as usize] = *value;
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn felt(value: u64) -> Felt {
        Felt::new(value)
    }

    fn memory() -> Memory {
        Memory::new(100)
    }

    #[test]
    fn a_cell_is_written_once() {
        let mut memory = memory();
        assert_eq!(memory.read(felt(5)), Ok(None));
        assert_eq!(memory.define(felt(5), felt(7)), Ok(()));
        assert_eq!(memory.define(felt(5), felt(7)), Ok(()));
        assert_eq!(
            memory.define(felt(5), felt(8)).map_err(|e| e.rejection),
            Err(Rejection::RelationViolated)
        );
        assert_eq!(memory.read(felt(5)), Ok(Some(felt(7))));
        assert_eq!((memory.used_cells(), memory.accessed()), (1, 6));
    }

    #[test]
    fn addresses_end_at_the_cap() {
        for (cap, address) in [(100, 100), (100, 2_130_706_432), (u32::MAX, 1 << 26)] {
            let mut memory = Memory::new(cap);
            let outside = Err(Rejection::AddressOutOfRange);
            assert_eq!(memory.read(felt(address)).map_err(|e| e.rejection), outside);
            assert_eq!(
                memory
                    .define(felt(address), felt(0))
                    .map_err(|e| e.rejection),
                outside.map(drop)
            );
            assert_eq!(
                memory.join(felt(0), felt(address)).map_err(|e| e.rejection),
                outside.map(drop)
            );
            assert_eq!(
                memory.join(felt(address), felt(0)).map_err(|e| e.rejection),
                outside.map(drop)
            );
            assert_eq!(memory.read(felt(99)), Ok(None));
        }
    }

    #[test]
    fn defining_one_cell_of_a_class_defines_all() {
        let mut memory = memory();
        for (left, right) in [(1, 2), (3, 4), (4, 1), (2, 3), (9, 9), (10, 11)] {
            assert_eq!(memory.join(felt(left), felt(right)), Ok(()));
        }
        assert_eq!(memory.used_cells(), 0);
        assert_eq!(memory.define(felt(3), felt(6)), Ok(()));
        for address in 1..5 {
            assert_eq!(memory.read(felt(address)), Ok(Some(felt(6))));
        }
        assert_eq!(memory.read(felt(9)), Ok(None));
        assert_eq!(memory.read(felt(10)), Ok(None));
        assert_eq!(memory.used_cells(), 4);
    }

    #[test]
    fn joining_with_a_defined_cell_defines_the_class() {
        for swapped in [false, true] {
            let mut memory = memory();
            memory
                .define(felt(0), felt(3))
                .expect("cell 0 is undefined");
            memory.join(felt(1), felt(2)).expect("both are undefined");
            let (left, right) = if swapped {
                (felt(0), felt(2))
            } else {
                (felt(2), felt(0))
            };
            assert_eq!(memory.join(left, right), Ok(()));
            assert_eq!(memory.read(felt(1)), Ok(Some(felt(3))));
            assert_eq!(memory.join(felt(1), felt(0)), Ok(()));
        }
    }

    #[test]
    fn joining_defined_cells_requires_equality() {
        let mut memory = memory();
        memory
            .define(felt(0), felt(3))
            .expect("cell 0 is undefined");
        memory
            .define(felt(1), felt(4))
            .expect("cell 1 is undefined");
        assert_eq!(
            memory.join(felt(0), felt(1)).map_err(|e| e.rejection),
            Err(Rejection::RelationViolated)
        );
    }

    #[test]
    fn undefined_cells_end_as_zero() {
        let mut memory = memory();
        memory
            .define(felt(1), felt(4))
            .expect("cell 1 is undefined");
        memory.join(felt(2), felt(3)).expect("both are undefined");
        assert_eq!(memory.cells(4), [felt(0), felt(4), felt(0), felt(0)]);
    }
}
