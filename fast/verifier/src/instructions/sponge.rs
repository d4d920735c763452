//! SPEC §4 isa, §9 tables: SPONGE, a state that absorbs blocks, with its table SPONGE_STEP, of the
//! blocks.

use p3_field::{Field, PrimeCharacteristicRing};

use crate::field::F;
use crate::instructions::poseidon::pairwise;
use crate::isa::{Form, Imm, Mnemonic, Opcode};
use crate::memory::{CHUNK, CHUNK_CELLS, HALF, HALF_CELLS};
use crate::tables::{Builder, Bus, Columns, HashColumns, Head, Numerator, Rows, Shape, Stated};

pub(crate) const FORM: Form = Form {
    name: "SPONGE",
    mnemonics: &[Mnemonic {
        text: "sponge",
        flags: 0,
    }],
    operands: 4,
    imm: Imm::Length,
    flags: 0,
};

/// SPONGE. Its virtual column is the row index.
pub const SHAPE: Shape = Shape {
    name: "SPONGE",
    rows: Rows::Cycles(Opcode::Sponge),
    columns: 35,
    virtual_columns: 1,
    interactions: 11,
    constraints: 12,
    degree: 3,
    hash: None,
};

/// SPONGE_STEP.
pub const STEP_SHAPE: Shape = Shape {
    name: "SPONGE_STEP",
    rows: Rows::Terms(Opcode::Sponge),
    columns: 48,
    virtual_columns: 0,
    interactions: 4,
    constraints: 0,
    degree: 1,
    hash: Some(HashColumns {
        number: 6,
        width: 16,
        first: 4,
        inputs: 16,
        s: 20,
        y: 8,
    }),
};

/// The columns of SPONGE.
#[derive(Clone, Copy, Debug)]
pub struct SpongeColumns<'a, T> {
    /// State and operands: start, blocks, stride, out.
    pub head: Head<'a, T, 4>,
    /// The number of blocks.
    pub imm: &'a T,
    /// The chunk at start.
    pub start: &'a [T; CHUNK_CELLS],
    /// The chunk at out: the last state.
    pub end: &'a [T; CHUNK_CELLS],
    /// row, virtual.
    pub row: &'a T,
}

impl<'a, T> SpongeColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            head: columns.head(),
            imm: columns.one(),
            start: columns.array(),
            end: columns.array(),
            row: columns.one(),
        }
    }
}

/// The columns of SPONGE_STEP.
#[derive(Clone, Copy, Debug)]
pub struct SpongeStepColumns<'a, T> {
    /// The row of the owner.
    pub owner: &'a T,
    /// How many blocks remain, this one too.
    pub remaining: &'a T,
    /// The address of the first half of the block.
    pub address: &'a T,
    /// The distance of the halves.
    pub stride: &'a T,
    /// in, first part: the state before the block.
    pub state: &'a [T; CHUNK_CELLS],
    /// in, second part: the first half of the block.
    pub first: &'a [T; HALF_CELLS],
    /// in, third part: the second half of the block.
    pub second: &'a [T; HALF_CELLS],
    /// s: the inputs of the partial S-boxes.
    pub s: &'a [T; 20],
    /// y: the first elements of the permuted state.
    pub y: &'a [T; CHUNK_CELLS],
}

impl<'a, T> SpongeStepColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            owner: columns.one(),
            remaining: columns.one(),
            address: columns.one(),
            stride: columns.one(),
            state: columns.array(),
            first: columns.array(),
            second: columns.array(),
            s: columns.array(),
            y: columns.array(),
        }
    }
}

/// SPONGE_LINK(owner, remaining, address, stride, state).
#[derive(Clone, Copy)]
struct Link<V> {
    owner: V,
    remaining: V,
    address: V,
    stride: V,
    state: [V; CHUNK_CELLS],
}

impl<V: PrimeCharacteristicRing + Copy> Link<V> {
    #[inline]
    fn interact<B: Builder<Value = V>>(self, numerator: Numerator<V>, builder: &mut B) {
        let [s_0, s_1, s_2, s_3, s_4, s_5, s_6, s_7] = self.state;
        builder.interaction(
            numerator,
            &[
                B::bus(Bus::SpongeLink),
                (1, self.owner),
                (2, self.remaining),
                (3, self.address),
                (4, self.stride),
                (5, s_0),
                (6, s_1),
                (7, s_2),
                (8, s_3),
                (9, s_4),
                (10, s_5),
                (11, s_6),
                (12, s_7),
            ],
        );
    }
}

/// The constraints and interactions of a row of SPONGE.
#[inline]
pub(crate) fn evaluate<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = SpongeColumns::read(row);
    let (head, imm) = (columns.head, *columns.imm);
    head.constrain(builder);
    let stated = Stated {
        opcode: Opcode::Sponge,
        flags: B::Value::ZERO,
        imm,
    };
    head.interact(stated, head.next(), builder);
    let eighth = B::Constant::from(F::from_u32(CHUNK).inverse());
    let [start, blocks, stride, out] = head.values();
    builder.chunk(Numerator::One, start * eighth, columns.start);
    builder.chunk(Numerator::One, out * eighth, columns.end);
    let first = Link {
        owner: *columns.row,
        remaining: imm,
        address: blocks,
        stride,
        state: *columns.start,
    };
    first.interact(Numerator::One, builder);
    let last = Link {
        remaining: B::Value::ZERO,
        address: blocks + (stride * imm).double(),
        state: *columns.end,
        ..first
    };
    last.interact(Numerator::MinusOne, builder);
}

/// The interactions of a row of SPONGE_STEP.
#[inline]
pub(crate) fn evaluate_step<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = SpongeStepColumns::read(row);
    let here = Link {
        owner: *columns.owner,
        remaining: *columns.remaining,
        address: *columns.address,
        stride: *columns.stride,
        state: *columns.state,
    };
    here.interact(Numerator::MinusOne, builder);
    let after = Link {
        remaining: here.remaining - B::Value::ONE,
        address: here.address + here.stride.double(),
        state: pairwise(columns.y, columns.state, |y, input| y + input),
        ..here
    };
    after.interact(Numerator::One, builder);
    let quarter = B::Constant::from(F::from_u32(HALF).inverse());
    builder.half(Numerator::One, here.address * quarter, columns.first);
    let second = here.address + here.stride;
    builder.half(Numerator::One, second * quarter, columns.second);
}
