//! What the generator knows of the memory that its program will have made.

use std::collections::BTreeMap;

use crate::canonical::MODULUS;

/// The sum in F.
#[must_use]
pub fn add(a: u32, b: u32) -> u32 {
    ((u64::from(a) + u64::from(b)) % u64::from(MODULUS)) as u32
}

/// The difference in F.
#[must_use]
pub fn sub(a: u32, b: u32) -> u32 {
    add(a, (MODULUS - b % MODULUS) % MODULUS)
}

/// The product in F.
#[must_use]
pub fn mul(a: u32, b: u32) -> u32 {
    ((u64::from(a) * u64::from(b)) % u64::from(MODULUS)) as u32
}

/// The inverse in F, 0 for 0.
#[must_use]
pub fn inverse(a: u32) -> u32 {
    let (mut result, mut base, mut exponent) = (1, a, MODULUS - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = mul(result, base);
        }
        base = mul(base, base);
        exponent >>= 1;
    }
    if a == 0 { 0 } else { result }
}

/// A defined cell: its value, if the generator can say it.
pub type Value = Option<u32>;

/// Applies an operation of F if both values are known.
pub fn combine(operation: fn(u32, u32) -> u32, a: Value, b: Value) -> Value {
    Some(operation(a?, b?))
}

/// The cells that are defined or joined.
#[derive(Default)]
pub struct Model {
    values: BTreeMap<u32, Value>,
    /// Every defined address, in the order of definition.
    defined: Vec<u32>,
    /// The classes of joined undefined cells; emptied when a class becomes defined.
    classes: Vec<Vec<u32>>,
}

impl Model {
    /// Whether the cell is defined.
    #[must_use]
    pub fn is_defined(&self, address: u32) -> bool {
        self.values.contains_key(&address)
    }

    /// The value of a defined cell, if known.
    #[must_use]
    pub fn value(&self, address: u32) -> Value {
        self.values.get(&address).copied().flatten()
    }

    /// Defines an undefined cell and its class.
    pub fn define(&mut self, address: u32, value: Value) {
        let class = self
            .classes
            .iter_mut()
            .find(|class| class.contains(&address));
        let cells = class.map_or_else(|| vec![address], std::mem::take);
        for cell in cells {
            if self.values.insert(cell, value).is_none() {
                self.defined.push(cell);
            }
        }
    }

    /// Joins two undefined cells.
    pub fn join(&mut self, a: u32, b: u32) {
        let mut merged = vec![a, b];
        for class in &mut self.classes {
            if class.contains(&a) || class.contains(&b) {
                merged.append(class);
            }
        }
        merged.sort_unstable();
        merged.dedup();
        self.classes.push(merged);
    }

    /// The defined cells, in the order of definition.
    #[must_use]
    pub fn defined(&self) -> &[u32] {
        &self.defined
    }

    /// The cells with a known value.
    #[must_use]
    pub fn known(&self) -> Vec<u32> {
        self.defined
            .iter()
            .copied()
            .filter(|address| self.value(*address).is_some())
            .collect()
    }

    /// The defined cells known to hold a value.
    #[must_use]
    pub fn holders(&self, value: u32) -> Vec<u32> {
        self.defined
            .iter()
            .copied()
            .filter(|address| self.value(*address) == Some(value))
            .collect()
    }

    /// The undefined cells that are joined with others.
    #[must_use]
    pub fn joined(&self) -> Vec<u32> {
        self.classes.iter().flatten().copied().collect()
    }

    /// Whether the `length` cells from `address` on are defined.
    #[must_use]
    pub fn is_run(&self, address: u32, length: u32) -> bool {
        (0..length).all(|i| self.is_defined(address + i))
    }

    /// The first addresses of the chunks (length 8) or halves (length 4) that are wholly defined.
    #[must_use]
    pub fn blocks(&self, length: u32) -> Vec<u32> {
        self.values
            .keys()
            .copied()
            .filter(|address| address.is_multiple_of(length) && self.is_run(*address, length))
            .collect()
    }
}
