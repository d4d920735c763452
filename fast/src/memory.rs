//! SPEC §5 memory.
//!
//! Flat vectors that grow with the greatest address accessed. Joined undefined cells are in one
//! class, a list of its members; the smaller class is appended to the larger, so that a cell
//! changes its class at most log2(number of cells) times.

use std::collections::HashMap;

use p3_field::PrimeCharacteristicRing;

use crate::field::F;
use crate::rejection::{Error, Rejection};

pub use leanvm_verifier::memory::*;

/// Greatest number of cells.
pub const MAX_CELLS: u32 = 1 << 26;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Undefined,
    Defined,
    /// Undefined, and joined with other cells.
    Joined,
}

/// Write-once memory.
#[derive(Debug, Default)]
pub struct Memory {
    values: Vec<F>,
    states: Vec<State>,
    cap: u32,
    /// The class of a joined cell; looked up, never iterated.
    class_of: HashMap<u32, u32>,
    classes: Vec<Vec<u32>>,
}

impl Memory {
    /// An empty memory whose cell cap is the lower of `cap` and 2^26.
    #[must_use]
    pub fn new(cap: u32) -> Self {
        Self {
            cap: cap.min(MAX_CELLS),
            ..Self::default()
        }
    }

    /// The cell cap.
    #[must_use]
    pub const fn cap(&self) -> u32 {
        self.cap
    }

    /// 1 + the greatest address accessed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether no cell was accessed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Checks the address (§5.1) and makes room for it.
    #[inline]
    fn access(&mut self, address: u32) -> Result<usize, Error> {
        let index = address as usize;
        if index >= self.values.len() {
            self.grow(address)?;
        }
        Ok(index)
    }

    #[cold]
    fn grow(&mut self, address: u32) -> Result<(), Error> {
        if address >= self.cap {
            return Err(
                Rejection::AddressOutOfRange.at(format!("address {address} of {} cells", self.cap))
            );
        }
        self.values.resize(address as usize + 1, F::ZERO);
        self.states.resize(address as usize + 1, State::Undefined);
        Ok(())
    }

    /// The value of a cell, or `None` while it is undefined.
    ///
    /// # Errors
    /// `address-out-of-range`.
    #[inline]
    pub fn read(&mut self, address: u32) -> Result<Option<F>, Error> {
        let index = self.access(address)?;
        Ok((self.states[index] == State::Defined).then(|| self.values[index]))
    }

    /// The value of a cell that must be defined.
    ///
    /// # Errors
    /// `address-out-of-range`, `operand-undefined`.
    #[inline]
    pub fn read_defined(&mut self, address: u32) -> Result<F, Error> {
        self.read(address)?.ok_or_else(|| undefined(address))
    }

    /// The values of N cells that must be defined, from an address on.
    ///
    /// # Errors
    /// `address-out-of-range`, `operand-undefined`.
    #[inline]
    pub(crate) fn read_array<const N: usize>(&mut self, first: u32) -> Result<[F; N], Error> {
        let mut values = [F::ZERO; N];
        for (value, address) in values.iter_mut().zip(first..) {
            *value = self.read_defined(address)?;
        }
        Ok(values)
    }

    /// Defines or checks cells from an address on.
    ///
    /// # Errors
    /// `address-out-of-range`, `relation-violated`.
    #[inline]
    pub(crate) fn define_array(&mut self, first: u32, values: &[F]) -> Result<(), Error> {
        for (address, value) in (first..).zip(values) {
            self.define(address, *value, Rejection::RelationViolated)?;
        }
        Ok(())
    }

    /// §5.2: defines a cell and its class, or checks that it has this value; else `conflict`.
    ///
    /// # Errors
    /// `address-out-of-range`, `conflict`.
    #[inline]
    pub fn define(&mut self, address: u32, value: F, conflict: Rejection) -> Result<(), Error> {
        let index = self.access(address)?;
        match self.states[index] {
            State::Undefined => {
                self.states[index] = State::Defined;
                self.values[index] = value;
            }
            State::Joined => self.define_class(address, value),
            State::Defined if self.values[index] != value => {
                return Err(conflict.at(format!(
                    "cell {address} is {}, not {value}",
                    self.values[index]
                )));
            }
            State::Defined => {}
        }
        Ok(())
    }

    #[cold]
    fn define_class(&mut self, address: u32, value: F) {
        let class = self.class_of[&address];
        for member in std::mem::take(&mut self.classes[class as usize]) {
            self.states[member as usize] = State::Defined;
            self.values[member as usize] = value;
            self.class_of.remove(&member);
        }
    }

    /// §5.3: joins two cells.
    ///
    /// # Errors
    /// `address-out-of-range`, `relation-violated`.
    pub fn join(&mut self, left: u32, right: u32) -> Result<(), Error> {
        match (self.read(left)?, self.read(right)?) {
            (Some(value), _) => self.define(right, value, Rejection::RelationViolated),
            (None, Some(value)) => self.define(left, value, Rejection::RelationViolated),
            (None, None) => {
                self.join_undefined(left, right);
                Ok(())
            }
        }
    }

    fn join_undefined(&mut self, left: u32, right: u32) {
        if left == right {
            return;
        }
        let (mut larger, mut smaller) = (self.class(left), self.class(right));
        if larger == smaller {
            return;
        }
        if self.classes[larger as usize].len() < self.classes[smaller as usize].len() {
            std::mem::swap(&mut larger, &mut smaller);
        }
        for member in std::mem::take(&mut self.classes[smaller as usize]) {
            self.class_of.insert(member, larger);
            self.classes[larger as usize].push(member);
        }
    }

    /// The class of an undefined cell, made if it has none.
    fn class(&mut self, address: u32) -> u32 {
        if let Some(class) = self.class_of.get(&address) {
            return *class;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a class is made for a cell outside of all classes, less than 2^32 times"
        )]
        let class = self.classes.len() as u32;
        self.classes.push(vec![address]);
        self.class_of.insert(address, class);
        self.states[address as usize] = State::Joined;
        class
    }

    /// Whether each cell accessed so far, or below one, is defined.
    #[must_use]
    pub fn defined(&self) -> Vec<bool> {
        self.states
            .iter()
            .map(|state| *state == State::Defined)
            .collect()
    }

    /// The value of a cell if it is defined, for tools: it counts as no access.
    #[must_use]
    pub fn get(&self, address: u32) -> Option<F> {
        let value = self.values.get(address as usize).copied();
        value.filter(|_| self.is_defined(address))
    }

    /// The cells with which an undefined cell is joined, and itself; none if it is joined with
    /// none.
    #[must_use]
    pub fn joined(&self, address: u32) -> &[u32] {
        let class = self.class_of.get(&address);
        class.map_or(&[], |class| &self.classes[*class as usize])
    }

    /// Whether a cell is defined.
    #[must_use]
    pub fn is_defined(&self, address: u32) -> bool {
        self.states.get(address as usize) == Some(&State::Defined)
    }

    /// Whether a cell is defined, or undefined and joined with another one.
    #[must_use]
    pub fn is_touched(&self, address: u32) -> bool {
        !matches!(
            self.states.get(address as usize),
            None | Some(State::Undefined)
        )
    }

    /// The number of defined cells.
    #[must_use]
    pub fn used_cells(&self) -> usize {
        self.states
            .iter()
            .filter(|state| **state == State::Defined)
            .count()
    }

    /// The values with undefined cells as 0, extended to `cells`.
    ///
    /// # Panics
    /// If a cell at or above `cells` was accessed.
    #[must_use]
    pub fn finish(mut self, cells: usize) -> Vec<F> {
        assert!(cells >= self.values.len(), "every accessed cell is kept");
        self.values.resize(cells, F::ZERO);
        self.values
    }
}

#[cold]
fn undefined(address: u32) -> Error {
    Rejection::OperandUndefined.at(format!(
        "cell {address} is undefined; define it before, by an instruction or a hint"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defining_one_cell_of_a_class_defines_all() {
        let mut memory = Memory::new(100);
        for (left, right) in [(1, 2), (3, 4), (5, 5), (2, 1), (4, 1), (9, 8)] {
            assert_eq!(memory.join(left, right), Ok(()));
        }
        let mut joined = memory.joined(3).to_vec();
        joined.sort_unstable();
        assert_eq!(
            (joined.as_slice(), memory.joined(7)),
            (&[1, 2, 3, 4][..], &[][..])
        );
        assert_eq!(
            memory.define(3, F::TWO, Rejection::RelationViolated),
            Ok(())
        );
        assert_eq!(
            (memory.get(1), memory.get(8), memory.get(99)),
            (Some(F::TWO), None, None)
        );
        let values: Vec<_> = (0..10)
            .map(|address| memory.read(address).unwrap())
            .collect();
        let two = Some(F::TWO);
        assert_eq!(
            values,
            [None, two, two, two, two, None, None, None, None, None]
        );
        assert_eq!(memory.join(9, 2), Ok(()));
        assert_eq!(memory.read(8), Ok(two));
        assert_eq!(memory.define(0, F::ONE, Rejection::HintConflict), Ok(()));
        assert_eq!(
            memory.join(0, 1).unwrap_err().rejection,
            Rejection::RelationViolated
        );
        assert_eq!(
            memory
                .define(0, F::TWO, Rejection::HintConflict)
                .unwrap_err()
                .rejection,
            Rejection::HintConflict
        );
        let used = memory.used_cells();
        let values = memory.finish(16);
        assert_eq!(used, 7);
        assert_eq!(
            values,
            [1, 2, 2, 2, 2, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0].map(F::new)
        );
    }

    #[test]
    fn the_cap_bounds_every_access() {
        let mut memory = Memory::new(8);
        assert_eq!(
            memory.read(8).unwrap_err().rejection,
            Rejection::AddressOutOfRange
        );
        assert_eq!(
            memory.join(7, 8).unwrap_err().rejection,
            Rejection::AddressOutOfRange
        );
        assert_eq!(
            memory.read_defined(7).unwrap_err().rejection,
            Rejection::OperandUndefined
        );
        assert_eq!(memory.len(), 8);
        assert_eq!(Memory::new(u32::MAX).cap(), MAX_CELLS);
    }

    #[test]
    fn long_chains_of_joins_are_quick() {
        let mut memory = Memory::new(MAX_CELLS);
        let n = 200_000;
        for address in 0..n {
            memory.join(address, address + 1).unwrap();
        }
        memory
            .define(n / 2, F::ONE, Rejection::RelationViolated)
            .unwrap();
        let used = memory.used_cells();
        let values = memory.finish(n as usize + 1);
        assert_eq!(used, n as usize + 1);
        assert!(values.iter().all(|value| *value == F::ONE));
    }
}
