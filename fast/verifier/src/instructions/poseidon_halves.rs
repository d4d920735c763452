//! SPEC §4 isa, §9 tables: POSEIDON_16_HALVES.

use std::ops::Add;

use p3_field::{Field, PrimeCharacteristicRing};

use crate::field::F;
use crate::isa::{Form, Imm, Mnemonic, Opcode};
use crate::memory::{CHUNK, CHUNK_CELLS, HALF, HALF_CELLS};
use crate::tables::{Builder, Columns, HashColumns, Head, Numerator, Rows, Shape, Stated};

pub(crate) const FORM: Form = Form {
    name: "POSEIDON_16_HALVES",
    mnemonics: &[Mnemonic {
        text: "poseidon16_halves",
        flags: 0,
    }],
    operands: 4,
    imm: Imm::Offset,
    flags: 0,
};

/// POSEIDON_16_HALVES.
pub const SHAPE: Shape = Shape {
    name: "POSEIDON_16_HALVES",
    rows: Rows::Cycles(Opcode::Poseidon16Halves),
    columns: 59,
    virtual_columns: 0,
    interactions: 11,
    constraints: 12,
    degree: 2,
    hash: Some(HashColumns {
        number: 3,
        width: 16,
        first: 19,
        inputs: 16,
        s: 20,
        y: 4,
    }),
};

/// The columns of POSEIDON_16_HALVES.
#[derive(Clone, Copy, Debug)]
pub struct PoseidonHalvesColumns<'a, T> {
    /// State and operands: first, second, chunk, out.
    pub head: Head<'a, T, 4>,
    /// The offset of second and out.
    pub imm: &'a T,
    /// in, first part: the first half.
    pub first: &'a [T; HALF_CELLS],
    /// in, second part: the second half.
    pub second: &'a [T; HALF_CELLS],
    /// in, third part: the chunk.
    pub chunk: &'a [T; CHUNK_CELLS],
    /// s: the inputs of the partial S-boxes.
    pub s: &'a [T],
    /// y: the first elements of the permuted state.
    pub y: &'a [T; HALF_CELLS],
}

impl<'a, T> PoseidonHalvesColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            head: columns.head(),
            imm: columns.one(),
            first: columns.array(),
            second: columns.array(),
            chunk: columns.array(),
            s: columns.list(20),
            y: columns.array(),
        }
    }

    /// in.
    pub fn input(&self) -> impl Iterator<Item = &'a T> {
        self.first.iter().chain(self.second).chain(self.chunk)
    }
}

/// The addresses of first, second, chunk and out: the offset is added to those of second and out.
pub fn with_offset<V: Copy + Add<Output = V>>(
    [first, second, chunk, out]: [V; 4],
    imm: V,
) -> [V; 4] {
    [first, second + imm, chunk, out + imm]
}

/// The constraints and interactions of a row.
#[inline]
pub(crate) fn evaluate<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = PoseidonHalvesColumns::read(row);
    let PoseidonHalvesColumns { head, y, .. } = columns;
    head.constrain(builder);

    let stated = Stated {
        opcode: Opcode::Poseidon16Halves,
        flags: B::Value::ZERO,
        imm: *columns.imm,
    };
    head.interact(stated, head.next(), builder);
    let quarter = B::Constant::from(F::from_u32(HALF).inverse());
    let eighth = B::Constant::from(F::from_u32(CHUNK).inverse());
    let [first, second, chunk, out] = with_offset(head.values(), *columns.imm);
    builder.half(Numerator::One, first * quarter, columns.first);
    builder.half(Numerator::One, second * quarter, columns.second);
    builder.chunk(Numerator::One, chunk * eighth, columns.chunk);
    let mut result = *y;
    for (result, input) in result.iter_mut().zip(columns.input()) {
        *result += *input;
    }
    builder.half(Numerator::One, out * quarter, &result);
}
