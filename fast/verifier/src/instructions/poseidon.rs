//! SPEC §4 isa, §9 tables: POSEIDON_8, POSEIDON_16, POSEIDON_24, with N = 1, 2, 3 input chunks, M =
//! N + 1 operands and width W = 16, 16, 24.

use p3_field::{Field, PrimeCharacteristicRing};
use p3_koala_bear::GenericPoseidon2LinearLayersKoalaBear as LinearLayers;
use p3_poseidon2::GenericPoseidon2LinearLayers;

use crate::field::F;
use crate::instructions::checkpoints::{Checkpoints, ROUNDS_16, ROUNDS_24, Rounds};
use crate::isa::{Form, HALF, Imm, Mnemonic, Opcode, PERMUTE};
use crate::memory::{CHUNK, CHUNK_CELLS, HALF_CELLS};
use crate::tables::{Builder, Columns, Head, Numerator, Rows, Shape, Stated, there};

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
    columns: 108,
    virtual_columns: 0,
    interactions: 8,
    constraints: 6 + 3 + 68 + 16,
    degree: 9,
};

/// POSEIDON_16.
pub const SHAPE_16: Shape = Shape {
    name: "POSEIDON_16",
    rows: Rows::Cycles(Opcode::Poseidon16),
    columns: 120,
    virtual_columns: 0,
    interactions: 10,
    constraints: 9 + 3 + 68 + 16,
    degree: 9,
};

/// POSEIDON_24.
pub const SHAPE_24: Shape = Shape {
    name: "POSEIDON_24",
    rows: Rows::Cycles(Opcode::Poseidon24),
    columns: 167,
    virtual_columns: 0,
    interactions: 13,
    constraints: 12 + 3 + 95 + 24,
    degree: 9,
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
    /// a, s, b, c.
    pub checkpoints: Checkpoints<'a, T, W>,
    /// f: the first chunk of the result.
    pub f: &'a [T; CHUNK_CELLS],
    /// g: the other chunks of the state.
    pub g: &'a [[T; CHUNK_CELLS]],
    /// o: what the memory has in the second half of the output chunk.
    pub o: &'a [T; HALF_CELLS],
}

impl<'a, T, const M: usize, const W: usize> PoseidonColumns<'a, T, M, W> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T], rounds: &Rounds<W>) -> Self {
        let mut columns = Columns::new(row);
        Self {
            head: columns.head(),
            half: columns.one(),
            permute: columns.one(),
            input: columns.arrays(M - 1),
            checkpoints: rounds.read(&mut columns),
            f: columns.array(),
            g: columns.arrays(W / CHUNK_CELLS - 1),
            o: columns.array(),
        }
    }
}

/// The constraints and interactions of a row of POSEIDON_8.
#[inline]
pub(crate) fn evaluate_8<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = PoseidonColumns::<_, 2, 16>::read(row, &ROUNDS_16);
    evaluate(&columns, &ROUNDS_16, Opcode::Poseidon8, builder);
}

/// The constraints and interactions of a row of POSEIDON_16.
#[inline]
pub(crate) fn evaluate_16<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = PoseidonColumns::<_, 3, 16>::read(row, &ROUNDS_16);
    evaluate(&columns, &ROUNDS_16, Opcode::Poseidon16, builder);
}

/// The constraints and interactions of a row of POSEIDON_24.
#[inline]
pub(crate) fn evaluate_24<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = PoseidonColumns::<_, 4, 24>::read(row, &ROUNDS_24);
    evaluate(&columns, &ROUNDS_24, Opcode::Poseidon24, builder);
}

#[inline]
fn evaluate<B: Builder, const M: usize, const W: usize>(
    columns: &PoseidonColumns<'_, B::Value, M, W>,
    rounds: &Rounds<W>,
    opcode: Opcode,
    builder: &mut B,
) where
    LinearLayers: GenericPoseidon2LinearLayers<W>,
{
    let PoseidonColumns {
        head,
        input,
        f,
        g,
        o,
        ..
    } = columns;
    let (half, permute) = (*columns.half, *columns.permute);
    head.constrain(builder);
    builder.boolean(half);
    builder.boolean(permute);
    builder.constraint(half * permute);
    let input_cells = input.as_flattened();
    let output = rounds.constrain(input_cells, &columns.checkpoints, builder);
    let (first, others) = output.split_at(CHUNK_CELLS);
    let compress = B::Value::ONE - permute;
    for ((f, output), input) in f.iter().zip(first).zip(input_cells) {
        builder.constraint(*f - *output - compress * *input);
    }
    for (g, output) in g.as_flattened().iter().zip(others) {
        builder.constraint(*g - *output);
    }

    let stated = Stated {
        opcode,
        flags: half * B::fixed(HALF) + permute * B::fixed(PERMUTE),
        imm: B::Value::ZERO,
    };
    head.interact(stated, head.next(), builder);
    let eighth = B::Constant::from(F::from_u32(CHUNK).inverse());
    let keys = head.values().map(|value| value * eighth);
    for (key, chunk) in keys.iter().zip(*input) {
        builder.chunk(Numerator::One, *key, chunk);
    }
    let mut key = *there(keys.last());
    let mut q = **f;
    for (q, o) in q.iter_mut().skip(CHUNK_CELLS - HALF_CELLS).zip(*o) {
        *q += half * (*o - *q);
    }
    builder.chunk(Numerator::One, key, &q);
    for chunk in *g {
        key += permute;
        let mut cells = q;
        for (cell, g) in cells.iter_mut().zip(chunk) {
            *cell += permute * (*g - *cell);
        }
        builder.chunk(Numerator::One, key, &cells);
    }
}
