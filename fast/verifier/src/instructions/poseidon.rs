//! SPEC §4 isa, §9 tables: POSEIDON_8, POSEIDON_16, POSEIDON_24, with N = 1, 2, 3 input chunks, M =
//! N + 1 operands and width W = 16, 16, 24.

use p3_field::{Field, PrimeCharacteristicRing};

use crate::field::F;
use crate::isa::{Form, HALF, Imm, Mnemonic, Opcode, PERMUTE};
use crate::memory::{CHUNK, CHUNK_CELLS, HALF_CELLS};
use crate::tables::{Builder, Columns, HashColumns, Head, Numerator, Rows, Shape, Stated, there};

const FORM: Form = Form {
    name: "",
    mnemonics: &[],
    operands: 0,
    imm: Imm::Absent,
    flags: HALF | PERMUTE,
};

pub(crate) const FORM_8: Form = Form {
    name: "POSEIDON_8",
    mnemonics: &[Mnemonic {
        text: "poseidon8",
        flags: 0,
    }],
    operands: 2,
    ..FORM
};

pub(crate) const FORM_16: Form = Form {
    name: "POSEIDON_16",
    mnemonics: &[Mnemonic {
        text: "poseidon16",
        flags: 0,
    }],
    operands: 3,
    ..FORM
};

pub(crate) const FORM_24: Form = Form {
    name: "POSEIDON_24",
    mnemonics: &[Mnemonic {
        text: "poseidon24",
        flags: 0,
    }],
    operands: 4,
    ..FORM
};

/// POSEIDON_8.
pub const SHAPE_8: Shape = Shape {
    name: "POSEIDON_8",
    rows: Rows::Cycles(Opcode::Poseidon8),
    columns: 60,
    virtual_columns: 0,
    interactions: 8,
    constraints: 6 + 3,
    degree: 2,
    hash: Some(HashColumns {
        number: 0,
        width: 16,
        first: 12,
        inputs: 8,
        s: 20,
        y: 16,
    }),
};

/// POSEIDON_16.
pub const SHAPE_16: Shape = Shape {
    name: "POSEIDON_16",
    rows: Rows::Cycles(Opcode::Poseidon16),
    columns: 72,
    virtual_columns: 0,
    interactions: 10,
    constraints: 9 + 3,
    degree: 2,
    hash: Some(HashColumns {
        number: 1,
        width: 16,
        first: 16,
        inputs: 16,
        s: 20,
        y: 16,
    }),
};

/// POSEIDON_24.
pub const SHAPE_24: Shape = Shape {
    name: "POSEIDON_24",
    rows: Rows::Cycles(Opcode::Poseidon24),
    columns: 95,
    virtual_columns: 0,
    interactions: 13,
    constraints: 12 + 3,
    degree: 2,
    hash: Some(HashColumns {
        number: 2,
        width: 24,
        first: 20,
        inputs: 24,
        s: 23,
        y: 24,
    }),
};

/// The columns of a table.
#[derive(Clone, Copy, Debug)]
pub struct PoseidonColumns<'a, T, const M: usize, const W: usize> {
    /// State and operands: the input chunks, the output.
    pub head: Head<'a, T, M>,
    /// Whether half a chunk is written.
    pub half: &'a T,
    /// Whether all of the state is written, without feed-forward.
    pub permute: &'a T,
    /// in: the input chunks.
    pub input: &'a [[T; CHUNK_CELLS]],
    /// s: the inputs of the partial S-boxes.
    pub s: &'a [T],
    /// y: the permuted state.
    pub y: &'a [[T; CHUNK_CELLS]],
    /// o: what the memory has in the second half of the output chunk.
    pub o: &'a [T; HALF_CELLS],
}

impl<'a, T, const M: usize, const W: usize> PoseidonColumns<'a, T, M, W> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            head: columns.head(),
            half: columns.one(),
            permute: columns.one(),
            input: columns.arrays(M - 1),
            s: columns.list(if W == 24 { 23 } else { 20 }),
            y: columns.arrays(W / CHUNK_CELLS),
            o: columns.array(),
        }
    }
}

/// The constraints and interactions of a row of POSEIDON_8.
#[inline]
pub(crate) fn evaluate_8<B: Builder>(row: &[B::Value], builder: &mut B) {
    evaluate::<B, 2, 16>(row, Opcode::Poseidon8, builder);
}

/// The constraints and interactions of a row of POSEIDON_16.
#[inline]
pub(crate) fn evaluate_16<B: Builder>(row: &[B::Value], builder: &mut B) {
    evaluate::<B, 3, 16>(row, Opcode::Poseidon16, builder);
}

/// The constraints and interactions of a row of POSEIDON_24.
#[inline]
pub(crate) fn evaluate_24<B: Builder>(row: &[B::Value], builder: &mut B) {
    evaluate::<B, 4, 24>(row, Opcode::Poseidon24, builder);
}

#[inline]
fn evaluate<B: Builder, const M: usize, const W: usize>(
    row: &[B::Value],
    opcode: Opcode,
    builder: &mut B,
) {
    let PoseidonColumns {
        head,
        half,
        permute,
        input,
        y,
        o,
        ..
    } = PoseidonColumns::<_, M, W>::read(row);
    let (half, permute) = (*half, *permute);
    head.constrain(builder);
    builder.boolean(half);
    builder.boolean(permute);
    builder.constraint(half * permute);

    let stated = Stated {
        opcode,
        flags: half * B::fixed(HALF) + permute * B::fixed(PERMUTE),
        imm: B::Value::ZERO,
    };
    head.interact(stated, head.next(), builder);
    let eighth = B::Constant::from(F::from_u32(CHUNK).inverse());
    let keys = head.values().map(|value| value * eighth);
    for (key, chunk) in keys.iter().zip(input) {
        builder.chunk(Numerator::One, *key, chunk);
    }
    let mut key = *there(keys.last());
    let (first, others) = there(y.split_first());
    let compress = B::Value::ONE - permute;
    let mut out = *first;
    for (out, input) in out.iter_mut().zip(input.as_flattened()) {
        *out += compress * *input;
    }
    let fed_forward = out.iter_mut().zip(first).zip(input.as_flattened());
    let second_half = fed_forward.skip(CHUNK_CELLS - HALF_CELLS);
    for (((out, y), input), o) in second_half.zip(o) {
        *out += half * (*o - *y - *input);
    }
    builder.chunk(Numerator::One, key, &out);
    for chunk in others {
        key += permute;
        let mut cells = out;
        for ((cell, y), first) in cells.iter_mut().zip(chunk).zip(first) {
            *cell += permute * (*y - *first);
        }
        builder.chunk(Numerator::One, key, &cells);
    }
}

/// A function of the elements of two lists, one by one.
#[inline]
pub(super) fn pairwise<V: Copy, const N: usize>(
    left: &[V; N],
    right: &[V; N],
    function: impl Fn(V, V) -> V,
) -> [V; N] {
    let mut values = *left;
    for (value, right) in values.iter_mut().zip(right) {
        *value = function(*value, *right);
    }
    values
}
