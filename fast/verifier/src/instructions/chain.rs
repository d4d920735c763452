//! SPEC §4 isa, §9 tables: CHAIN, a run of hash chains, with its tables CHAIN_TERM, of the chains,
//! and CHAIN_STEP, of their hashes.

use p3_field::{Field, PrimeCharacteristicRing};

use crate::field::F;
use crate::instructions::poseidon::pairwise;
use crate::isa::{Form, Imm, Mnemonic, Opcode};
use crate::memory::{CHUNK, CHUNK_CELLS, HALF_CELLS};
use crate::tables::{Builder, Bus, Columns, HashColumns, Head, Numerator, Rows, Shape, Stated};

pub(crate) const FORM: Form = Form {
    name: "CHAIN",
    mnemonics: &[Mnemonic {
        text: "chain",
        flags: 0,
    }],
    operands: 4,
    imm: Imm::LengthAndBase,
    flags: 0,
};

/// CHAIN. Its virtual column is the row index.
pub const SHAPE: Shape = Shape {
    name: "CHAIN",
    rows: Rows::Cycles(Opcode::Chain),
    columns: 29,
    virtual_columns: 1,
    interactions: 11,
    constraints: 12,
    degree: 2,
    hash: None,
};

/// CHAIN_TERM. Its virtual column is the row index.
pub const TERM_SHAPE: Shape = Shape {
    name: "CHAIN_TERM",
    rows: Rows::Terms(Opcode::Chain),
    columns: 25,
    virtual_columns: 1,
    interactions: 7,
    constraints: 0,
    degree: 2,
    hash: None,
};

/// CHAIN_STEP.
pub const STEP_SHAPE: Shape = Shape {
    name: "CHAIN_STEP",
    rows: Rows::Steps(Opcode::Chain),
    columns: 37,
    virtual_columns: 0,
    interactions: 2,
    constraints: 0,
    degree: 1,
    hash: Some(HashColumns {
        number: 4,
        width: 16,
        first: 1,
        inputs: 12,
        s: 20,
        y: 4,
    }),
};

/// The columns of CHAIN.
#[derive(Clone, Copy, Debug)]
pub struct ChainColumns<'a, T> {
    /// State and operands: context, chains, base, digits.
    pub head: Head<'a, T, 4>,
    /// The number of chains.
    pub imm: &'a T,
    /// The first half of the chunk at context.
    pub tweak: &'a [T; HALF_CELLS],
    /// The second half of the chunk at context.
    pub parameter: &'a [T; HALF_CELLS],
    /// The number that the digits are.
    pub number: &'a T,
    /// The sum of the digits.
    pub sum: &'a T,
    /// row, virtual.
    pub row: &'a T,
}

impl<'a, T> ChainColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            head: columns.head(),
            imm: columns.one(),
            tweak: columns.array(),
            parameter: columns.array(),
            number: columns.one(),
            sum: columns.one(),
            row: columns.one(),
        }
    }
}

/// The columns of CHAIN_TERM.
#[derive(Clone, Copy, Debug)]
pub struct ChainTermColumns<'a, T> {
    /// The row of the owner.
    pub owner: &'a T,
    /// How many chains remain, this one too.
    pub remaining: &'a T,
    /// The address of the chunks of start and end.
    pub chains: &'a T,
    /// The address of the digits.
    pub digits: &'a T,
    /// The number that the digits of the chains before are.
    pub number: &'a T,
    /// The sum of the digits of the chains before.
    pub sum: &'a T,
    /// The number of positions of a chain.
    pub base: &'a T,
    /// The first half of the context.
    pub tweak: &'a [T; HALF_CELLS],
    /// The second half of the context.
    pub parameter: &'a [T; HALF_CELLS],
    /// The digit, the position of the start.
    pub digit: &'a T,
    /// The cell whose address is the digit.
    pub cell: &'a T,
    /// The values at the start and at the end.
    pub ends: &'a [T; CHUNK_CELLS],
    /// row, virtual.
    pub row: &'a T,
}

impl<'a, T> ChainTermColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            owner: columns.one(),
            remaining: columns.one(),
            chains: columns.one(),
            digits: columns.one(),
            number: columns.one(),
            sum: columns.one(),
            base: columns.one(),
            tweak: columns.array(),
            parameter: columns.array(),
            digit: columns.one(),
            cell: columns.one(),
            ends: columns.array(),
            row: columns.one(),
        }
    }
}

/// The columns of CHAIN_STEP.
#[derive(Clone, Copy, Debug)]
pub struct ChainStepColumns<'a, T> {
    /// The row of the chain in CHAIN_TERM.
    pub owner: &'a T,
    /// in, first part: the tweak of the step.
    pub tweak: &'a [T; HALF_CELLS],
    /// in, second part: the value before the step.
    pub value: &'a [T; HALF_CELLS],
    /// in, third part: the parameter; zeros follow.
    pub parameter: &'a [T; HALF_CELLS],
    /// s: the inputs of the partial S-boxes.
    pub s: &'a [T; 20],
    /// y: the first elements of the permuted state.
    pub y: &'a [T; HALF_CELLS],
}

impl<'a, T> ChainStepColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            owner: columns.one(),
            tweak: columns.array(),
            value: columns.array(),
            parameter: columns.array(),
            s: columns.array(),
            y: columns.array(),
        }
    }
}

/// CHAIN_LINK(owner, remaining, chains, digits, number, sum, base, tweak, parameter).
#[derive(Clone, Copy)]
struct ChainLink<V> {
    owner: V,
    remaining: V,
    chains: V,
    digits: V,
    number: V,
    sum: V,
    base: V,
    tweak: [V; HALF_CELLS],
    parameter: [V; HALF_CELLS],
}

impl<V: PrimeCharacteristicRing + Copy> ChainLink<V> {
    #[inline]
    fn interact<B: Builder<Value = V>>(self, numerator: Numerator<V>, builder: &mut B) {
        let [t_0, t_1, t_2, t_3] = self.tweak;
        let [p_0, p_1, p_2, p_3] = self.parameter;
        builder.interaction(
            numerator,
            &[
                B::bus(Bus::ChainLink),
                (1, self.owner),
                (2, self.remaining),
                (3, self.chains),
                (4, self.digits),
                (5, self.number),
                (6, self.sum),
                (7, self.base),
                (8, t_0),
                (9, t_1),
                (10, t_2),
                (11, t_3),
                (12, p_0),
                (13, p_1),
                (14, p_2),
                (15, p_3),
            ],
        );
    }
}

/// STEP_LINK(owner, tweak, value, parameter).
#[derive(Clone, Copy)]
struct StepLink<V> {
    owner: V,
    tweak: [V; HALF_CELLS],
    value: [V; HALF_CELLS],
    parameter: [V; HALF_CELLS],
}

impl<V: PrimeCharacteristicRing + Copy> StepLink<V> {
    #[inline]
    fn interact<B: Builder<Value = V>>(self, numerator: Numerator<V>, builder: &mut B) {
        let [t_0, t_1, t_2, t_3] = self.tweak;
        let [x_0, x_1, x_2, x_3] = self.value;
        let [p_0, p_1, p_2, p_3] = self.parameter;
        builder.interaction(
            numerator,
            &[
                B::bus(Bus::StepLink),
                (1, self.owner),
                (2, t_0),
                (3, t_1),
                (4, t_2),
                (5, t_3),
                (6, x_0),
                (7, x_1),
                (8, x_2),
                (9, x_3),
                (10, p_0),
                (11, p_1),
                (12, p_2),
                (13, p_3),
            ],
        );
    }
}

/// The constraints and interactions of a row of CHAIN.
#[inline]
pub(crate) fn evaluate<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = ChainColumns::read(row);
    let (head, imm) = (columns.head, *columns.imm);
    head.constrain(builder);
    let stated = Stated {
        opcode: Opcode::Chain,
        flags: B::Value::ZERO,
        imm,
    };
    head.interact(stated, head.next(), builder);
    let eighth = B::Constant::from(F::from_u32(CHUNK).inverse());
    let [context, chains, base, digits] = head.values();
    let [t_0, t_1, t_2, t_3] = *columns.tweak;
    let [p_0, p_1, p_2, p_3] = *columns.parameter;
    builder.chunk(
        Numerator::One,
        context * eighth,
        &[t_0, t_1, t_2, t_3, p_0, p_1, p_2, p_3],
    );
    builder.send_memory(digits + imm, *columns.sum);
    let first = ChainLink {
        owner: *columns.row,
        remaining: imm,
        chains,
        digits,
        number: B::Value::ZERO,
        sum: B::Value::ZERO,
        base,
        tweak: *columns.tweak,
        parameter: *columns.parameter,
    };
    first.interact(Numerator::One, builder);
    let last = ChainLink {
        remaining: B::Value::ZERO,
        number: *columns.number,
        sum: *columns.sum,
        ..first
    };
    last.interact(Numerator::MinusOne, builder);
}

/// The interactions of a row of CHAIN_TERM.
#[inline]
pub(crate) fn evaluate_term<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = ChainTermColumns::read(row);
    let (base, digit) = (*columns.base, *columns.digit);
    let here = ChainLink {
        owner: *columns.owner,
        remaining: *columns.remaining,
        chains: *columns.chains,
        digits: *columns.digits,
        number: *columns.number,
        sum: *columns.sum,
        base,
        tweak: *columns.tweak,
        parameter: *columns.parameter,
    };
    here.interact(Numerator::MinusOne, builder);
    let place = here.remaining - B::Value::ONE;
    let number = base * here.number + digit;
    let after = ChainLink {
        remaining: place,
        number,
        sum: here.sum + digit,
        ..here
    };
    after.interact(Numerator::One, builder);
    let eighth = B::Constant::from(F::from_u32(CHUNK).inverse());
    builder.chunk(Numerator::One, here.chains * eighth + place, columns.ends);
    builder.send_memory(here.digits + place, number);
    builder.send_memory(digit, *columns.cell);
    let [x_0, x_1, x_2, x_3, z_0, z_1, z_2, z_3] = *columns.ends;
    let at = |position: B::Value| {
        let mut tweak = here.tweak;
        tweak[0] += base * place + position;
        tweak
    };
    let start = StepLink {
        owner: *columns.row,
        tweak: at(digit),
        value: [x_0, x_1, x_2, x_3],
        parameter: here.parameter,
    };
    start.interact(Numerator::One, builder);
    let end = StepLink {
        tweak: at(base - B::Value::ONE),
        value: [z_0, z_1, z_2, z_3],
        ..start
    };
    end.interact(Numerator::MinusOne, builder);
}

/// The interactions of a row of CHAIN_STEP.
#[inline]
pub(crate) fn evaluate_step<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = ChainStepColumns::read(row);
    let after = StepLink {
        owner: *columns.owner,
        tweak: *columns.tweak,
        value: pairwise(columns.y, columns.tweak, |y, input| y + input),
        parameter: *columns.parameter,
    };
    let mut before = StepLink {
        value: *columns.value,
        ..after
    };
    before.tweak[0] -= B::Value::ONE;
    before.interact(Numerator::MinusOne, builder);
    after.interact(Numerator::One, builder);
}
