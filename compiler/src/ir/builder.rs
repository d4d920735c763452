//! Building blocks: arithmetic with folding and common subexpressions.

use std::collections::HashMap;
use std::sync::Arc;

use super::budget::STATEMENT;
use super::{
    Array, ArrayInfo, Block, End, HintKind, Note, Operand, Relation, Statement, StatementKind,
    Value,
};
use crate::ast::MODULUS;
use crate::source::Span;

/// Sum in the field.
pub(crate) fn add_mod(a: u32, b: u32) -> u32 {
    ((u64::from(a) + u64::from(b)) % u64::from(MODULUS)) as u32
}

/// Negation in the field.
pub(crate) fn negate_mod(a: u32) -> u32 {
    (MODULUS - a) % MODULUS
}

/// Product in the field.
pub(crate) fn multiply_mod(a: u32, b: u32) -> u32 {
    (u64::from(a) * u64::from(b) % u64::from(MODULUS)) as u32
}

/// Power in the field.
pub(crate) fn power_mod(base: u32, exponent: u32) -> u32 {
    let (mut result, mut square, mut rest) = (1, base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result = multiply_mod(result, square);
        }
        square = multiply_mod(square, square);
        rest >>= 1;
    }
    result
}

/// Inverse in the field, 0 of 0.
pub(crate) fn invert_mod(a: u32) -> u32 {
    power_mod(a, MODULUS - 2)
}

/// A computation whose result is known where it was made and below.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Known {
    Relation(Relation, Operand, Operand),
    Difference(Operand, Operand),
    Inverse(Operand),
    Load(Operand, u32),
    Constant(u32),
}

/// What a statement costs, without what is in its blocks.
fn cost(kind: &StatementKind) -> usize {
    let operands = match kind {
        StatementKind::Hint { operands, .. } | StatementKind::Machine(_, operands) => {
            operands.len()
        }
        StatementKind::Call {
            arguments, results, ..
        } => arguments.len() + results.len(),
        StatementKind::If { results, .. } => 3 * results.len(),
        StatementKind::Switch { arms, results, .. } => (1 + arms.len()) * (1 + results.len()),
        StatementKind::Loop(the_loop) => STATEMENT + 4 * the_loop.carried.len(),
        _ => 0,
    };
    STATEMENT + 2 * operands
}

/// The function under construction.
pub(crate) struct Builder {
    /// Level of each value.
    pub(crate) value_levels: Vec<u32>,
    /// The arrays.
    pub(crate) arrays: Vec<ArrayInfo>,
    /// The current level.
    pub(crate) level: u32,
    /// Number of levels.
    pub(crate) levels: u32,
    /// The text that is being elaborated.
    pub(crate) span: Span,
    /// The inline call whose body is being elaborated.
    pub(crate) inline_call: Option<u32>,
    /// The assertion that is being elaborated.
    pub(crate) note: Option<Arc<Note>>,
    /// What has been spent of the budget of the compilation.
    pub(crate) spent: usize,
    blocks: Vec<Vec<Statement>>,
    known: Vec<(u32, HashMap<Known, Operand>)>,
    offsets: HashMap<Value, (Operand, u32)>,
}

impl Builder {
    /// An empty function.
    pub(crate) fn new(span: Span) -> Self {
        Self {
            value_levels: Vec::new(),
            arrays: Vec::new(),
            level: 0,
            levels: 1,
            span,
            inline_call: None,
            note: None,
            spent: 0,
            blocks: Vec::new(),
            known: Vec::new(),
            offsets: HashMap::new(),
        }
    }

    /// Opens a block.
    pub(crate) fn open(&mut self) {
        self.blocks.push(Vec::new());
        self.known.push((self.level, HashMap::new()));
    }

    /// Closes the block that was opened last.
    pub(crate) fn close(&mut self, end: End) -> Block {
        self.known.pop();
        Block {
            statements: self.blocks.pop().unwrap_or_default(),
            end,
        }
    }

    /// Number of open blocks.
    pub(crate) fn depth(&self) -> usize {
        self.blocks.len()
    }

    /// A fresh value.
    pub(crate) fn value(&mut self) -> Value {
        self.spent += 1;
        self.value_levels.push(self.level);
        Value(self.value_levels.len() as u32 - 1)
    }

    /// A fresh array.
    pub(crate) fn array(&mut self, size: u32) -> Array {
        self.arrays.push(ArrayInfo {
            size,
            level: self.level,
        });
        let array = Array(self.arrays.len() as u32 - 1);
        self.push(StatementKind::Array(array));
        array
    }

    /// Adds a statement.
    pub(crate) fn push(&mut self, kind: StatementKind) {
        self.spent += cost(&kind);
        let (span, inline_call, note) = (self.span, self.inline_call, self.note.clone());
        if let Some(block) = self.blocks.last_mut() {
            block.push(Statement {
                kind,
                span,
                inline_call,
                note,
            });
        }
    }

    fn lookup(&self, key: Known) -> Option<Operand> {
        self.known
            .iter()
            .rev()
            // A constant is cheaper made again than fetched from the frame outside.
            .take_while(|(level, _)| !matches!(key, Known::Constant(_)) || *level == self.level)
            .find_map(|(_, scope)| scope.get(&key).copied())
    }

    fn remember(&mut self, key: Known, operand: Operand) {
        if let Some((_, scope)) = self.known.last_mut() {
            scope.insert(key, operand);
        }
    }

    /// An operand as base and constant offset.
    pub(crate) fn split(&self, operand: Operand) -> (Operand, u32) {
        match operand {
            Operand::Constant(c) => (Operand::Constant(0), c),
            Operand::Address(array, offset) => (Operand::Address(array, 0), offset),
            Operand::Value(value) => self.offsets.get(&value).copied().unwrap_or((operand, 0)),
            Operand::Cell(..) => (operand, 0),
        }
    }

    fn relation(&mut self, relation: Relation, a: Operand, b: Operand) -> Operand {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        let key = Known::Relation(relation, a, b);
        if let Some(known) = self.lookup(key) {
            return known;
        }
        let value = self.value();
        self.push(StatementKind::Relation {
            relation,
            operands: [a, b, Operand::Value(value)],
            defines: Some(value),
            pure: true,
        });
        self.remember(key, Operand::Value(value));
        Operand::Value(value)
    }

    fn offset(&mut self, base: Operand, offset: u32) -> Operand {
        match base {
            Operand::Constant(c) => Operand::Constant(add_mod(c, offset)),
            Operand::Address(array, at) => Operand::Address(array, add_mod(at, offset)),
            _ if offset == 0 => base,
            _ => {
                let sum = self.relation(Relation::Add, base, Operand::Constant(offset));
                if let Operand::Value(value) = sum {
                    self.offsets.insert(value, (base, offset));
                }
                sum
            }
        }
    }

    /// a + b.
    pub(crate) fn add(&mut self, a: Operand, b: Operand) -> Operand {
        match (a, b) {
            (Operand::Constant(c), other) | (other, Operand::Constant(c)) => {
                let (base, offset) = self.split(other);
                self.offset(base, add_mod(offset, c))
            }
            _ => {
                if let Some(known) = self.lookup(Known::Relation(Relation::Add, a.min(b), a.max(b)))
                {
                    return known;
                }
                self.relation(Relation::Add, a, b)
            }
        }
    }

    /// a − b.
    pub(crate) fn subtract(&mut self, a: Operand, b: Operand) -> Operand {
        if let Operand::Constant(c) = b {
            return self.add(a, Operand::Constant(negate_mod(c)));
        }
        if a == b && matches!(a, Operand::Address(..)) {
            return Operand::Constant(0);
        }
        let key = Known::Difference(a, b);
        if let Some(known) = self.lookup(key) {
            return known;
        }
        let value = self.value();
        self.push(StatementKind::Relation {
            relation: Relation::Add,
            operands: [Operand::Value(value), b, a],
            defines: Some(value),
            pure: true,
        });
        self.remember(key, Operand::Value(value));
        Operand::Value(value)
    }

    /// a · b.
    pub(crate) fn multiply(&mut self, a: Operand, b: Operand) -> Operand {
        match (a, b) {
            (Operand::Constant(a), Operand::Constant(b)) => Operand::Constant(multiply_mod(a, b)),
            (Operand::Constant(1), other) | (other, Operand::Constant(1)) => other,
            _ => self.relation(Relation::Multiply, a, b),
        }
    }

    /// 1 / a for an a that is asserted not to be 0; a is no constant.
    pub(crate) fn invert(&mut self, a: Operand) -> Operand {
        let key = Known::Inverse(a);
        if let Some(known) = self.lookup(key) {
            return known;
        }
        let value = self.value();
        self.push(StatementKind::Relation {
            relation: Relation::Multiply,
            operands: [a, Operand::Value(value), Operand::Constant(1)],
            defines: Some(value),
            pure: false,
        });
        self.remember(key, Operand::Value(value));
        Operand::Value(value)
    }

    /// a cell that has the value of an operand.
    pub(crate) fn cell(&mut self, operand: Operand) -> Operand {
        match operand {
            Operand::Constant(c) => {
                let key = Known::Constant(c);
                if let Some(known) = self.lookup(key) {
                    return known;
                }
                let cell = self.copy(operand);
                self.remember(key, cell);
                cell
            }
            Operand::Address(..) => self.relation(Relation::Add, operand, Operand::Constant(0)),
            _ => operand,
        }
    }

    fn copy(&mut self, operand: Operand) -> Operand {
        let value = self.value();
        self.push(StatementKind::Relation {
            relation: Relation::Add,
            operands: [operand, Operand::Constant(0), Operand::Value(value)],
            defines: Some(value),
            pure: true,
        });
        Operand::Value(value)
    }

    /// Pointer and offset of base + index: a frame cell, or a cell with a pointer and a constant.
    pub(crate) fn place(&mut self, base: Operand, index: Operand) -> Place {
        let (left, left_offset) = self.split(base);
        let (right, right_offset) = self.split(index);
        let offset = add_mod(left_offset, right_offset);
        match (left, right) {
            (Operand::Address(array, 0), Operand::Constant(0))
            | (Operand::Constant(0), Operand::Address(array, 0)) => Place::Frame(array, offset),
            (Operand::Constant(0), Operand::Constant(0)) => {
                Place::Pointer(self.cell(Operand::Constant(0)), offset)
            }
            (Operand::Constant(0), pointer) | (pointer, Operand::Constant(0)) => {
                Place::Pointer(self.cell(pointer), offset)
            }
            _ => Place::Pointer(self.add(left, right), offset),
        }
    }

    /// The value of m[pointer + offset].
    pub(crate) fn load(&mut self, pointer: Operand, offset: u32) -> Operand {
        let key = Known::Load(pointer, offset);
        if let Some(known) = self.lookup(key) {
            return known;
        }
        let value = self.value();
        self.push(StatementKind::Dereference {
            pointer,
            offset,
            value: Operand::Value(value),
            defines: Some(value),
        });
        self.remember(key, Operand::Value(value));
        Operand::Value(value)
    }

    /// Asserts m[pointer + offset] = value.
    pub(crate) fn store(&mut self, pointer: Operand, offset: u32, value: Operand) {
        self.push(StatementKind::Dereference {
            pointer,
            offset,
            value,
            defines: None,
        });
        if self.lookup(Known::Load(pointer, offset)).is_none() {
            self.remember(Known::Load(pointer, offset), value);
        }
    }

    /// Asserts that the address a + offset exists.
    pub(crate) fn exists(&mut self, a: Operand, offset: u32) {
        let pointer = self.cell(a);
        let value = self.value();
        self.push(StatementKind::Dereference {
            pointer,
            offset,
            value: Operand::Value(value),
            defines: Some(value),
        });
    }

    /// Fresh cells at run time.
    pub(crate) fn allocate(&mut self, size: Operand) -> Operand {
        let value = self.value();
        self.push(StatementKind::Hint {
            kind: HintKind::Allocate(8),
            operands: vec![Operand::Value(value), size],
            defines: Some(value),
        });
        Operand::Value(value)
    }
}

/// Where a cell is.
pub(crate) enum Place {
    /// In an array of the frame.
    Frame(Array, u32),
    /// At a pointer plus a constant.
    Pointer(Operand, u32),
}
