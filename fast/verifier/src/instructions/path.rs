//! SPEC §4 isa, §9 tables: PATH, the root of a path in a Merkle tree, with its table PATH_STEP, of
//! the levels.

use p3_field::{Field, PrimeCharacteristicRing};

use crate::field::F;
use crate::instructions::poseidon::pairwise;
use crate::isa::{Form, Imm, Mnemonic, Opcode};
use crate::memory::{CHUNK, HALF, HALF_CELLS};
use crate::tables::{Builder, Bus, Columns, HashColumns, Head, Numerator, Rows, Shape, Stated};

pub(crate) const FORM: Form = Form {
    name: "PATH",
    mnemonics: &[Mnemonic {
        text: "path",
        flags: 0,
    }],
    operands: 4,
    imm: Imm::Length,
    flags: 0,
};

/// PATH. Its virtual column is the row index.
pub const SHAPE: Shape = Shape {
    name: "PATH",
    rows: Rows::Cycles(Opcode::Path),
    columns: 31,
    virtual_columns: 1,
    interactions: 11,
    constraints: 12,
    degree: 2,
    hash: None,
};

/// PATH_STEP.
pub const STEP_SHAPE: Shape = Shape {
    name: "PATH_STEP",
    rows: Rows::Terms(Opcode::Path),
    columns: 45,
    virtual_columns: 0,
    interactions: 4,
    constraints: 1,
    degree: 2,
    hash: Some(HashColumns {
        number: 5,
        width: 16,
        first: 5,
        inputs: 16,
        s: 20,
        y: 4,
    }),
};

/// The columns of PATH.
#[derive(Clone, Copy, Debug)]
pub struct PathColumns<'a, T> {
    /// State and operands: key, node, siblings, tweaks.
    pub head: Head<'a, T, 4>,
    /// The number of levels.
    pub imm: &'a T,
    /// The first half of the chunk at key.
    pub root: &'a [T; HALF_CELLS],
    /// The second half of the chunk at key.
    pub parameter: &'a [T; HALF_CELLS],
    /// The half at node.
    pub node: &'a [T; HALF_CELLS],
    /// row, virtual.
    pub row: &'a T,
}

impl<'a, T> PathColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            head: columns.head(),
            imm: columns.one(),
            root: columns.array(),
            parameter: columns.array(),
            node: columns.array(),
            row: columns.one(),
        }
    }
}

/// The columns of PATH_STEP.
#[derive(Clone, Copy, Debug)]
pub struct PathStepColumns<'a, T> {
    /// The row of the owner.
    pub owner: &'a T,
    /// How many levels remain, this one too.
    pub remaining: &'a T,
    /// The address of the sibling.
    pub siblings: &'a T,
    /// The address of the tweak.
    pub tweaks: &'a T,
    /// Whether the node on the path is the right child.
    pub side: &'a T,
    /// in, first part: the tweak.
    pub tweak: &'a [T; HALF_CELLS],
    /// in, second part: the parameter.
    pub parameter: &'a [T; HALF_CELLS],
    /// in, third part: the left child.
    pub left: &'a [T; HALF_CELLS],
    /// in, fourth part: the right child.
    pub right: &'a [T; HALF_CELLS],
    /// s: the inputs of the partial S-boxes.
    pub s: &'a [T; 20],
    /// y: the first elements of the permuted state.
    pub y: &'a [T; HALF_CELLS],
}

impl<'a, T> PathStepColumns<'a, T> {
    /// The columns in order.
    #[inline]
    pub fn read(row: &'a [T]) -> Self {
        let mut columns = Columns::new(row);
        Self {
            owner: columns.one(),
            remaining: columns.one(),
            siblings: columns.one(),
            tweaks: columns.one(),
            side: columns.one(),
            tweak: columns.array(),
            parameter: columns.array(),
            left: columns.array(),
            right: columns.array(),
            s: columns.array(),
            y: columns.array(),
        }
    }
}

/// PATH_LINK(owner, remaining, siblings, tweaks, node, parameter).
#[derive(Clone, Copy)]
struct Link<V> {
    owner: V,
    remaining: V,
    siblings: V,
    tweaks: V,
    node: [V; HALF_CELLS],
    parameter: [V; HALF_CELLS],
}

impl<V: PrimeCharacteristicRing + Copy> Link<V> {
    #[inline]
    fn interact<B: Builder<Value = V>>(self, numerator: Numerator<V>, builder: &mut B) {
        let [n_0, n_1, n_2, n_3] = self.node;
        let [p_0, p_1, p_2, p_3] = self.parameter;
        builder.interaction(
            numerator,
            &[
                B::bus(Bus::PathLink),
                (1, self.owner),
                (2, self.remaining),
                (3, self.siblings),
                (4, self.tweaks),
                (5, n_0),
                (6, n_1),
                (7, n_2),
                (8, n_3),
                (9, p_0),
                (10, p_1),
                (11, p_2),
                (12, p_3),
            ],
        );
    }
}

/// The constraints and interactions of a row of PATH.
#[inline]
pub(crate) fn evaluate<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = PathColumns::read(row);
    let (head, imm) = (columns.head, *columns.imm);
    head.constrain(builder);
    let stated = Stated {
        opcode: Opcode::Path,
        flags: B::Value::ZERO,
        imm,
    };
    head.interact(stated, head.next(), builder);
    let quarter = B::Constant::from(F::from_u32(HALF).inverse());
    let eighth = B::Constant::from(F::from_u32(CHUNK).inverse());
    let [key, node, siblings, tweaks] = head.values();
    let [r_0, r_1, r_2, r_3] = *columns.root;
    let [p_0, p_1, p_2, p_3] = *columns.parameter;
    builder.chunk(
        Numerator::One,
        key * eighth,
        &[r_0, r_1, r_2, r_3, p_0, p_1, p_2, p_3],
    );
    builder.half(Numerator::One, node * quarter, columns.node);
    let first = Link {
        owner: *columns.row,
        remaining: imm,
        siblings,
        tweaks,
        node: *columns.node,
        parameter: *columns.parameter,
    };
    first.interact(Numerator::One, builder);
    let last = Link {
        remaining: B::Value::ZERO,
        siblings: siblings + imm * B::fixed(HALF),
        tweaks: tweaks + imm * B::fixed(CHUNK),
        node: *columns.root,
        ..first
    };
    last.interact(Numerator::MinusOne, builder);
}

/// The constraint and the interactions of a row of PATH_STEP.
#[inline]
pub(crate) fn evaluate_step<B: Builder>(row: &[B::Value], builder: &mut B) {
    let columns = PathStepColumns::read(row);
    let (left, right, side) = (columns.left, columns.right, *columns.side);
    builder.boolean(side);
    let turn = pairwise(left, right, |left, right| side * (right - left));
    let here = Link {
        owner: *columns.owner,
        remaining: *columns.remaining,
        siblings: *columns.siblings,
        tweaks: *columns.tweaks,
        node: pairwise(left, &turn, |left, turn| left + turn),
        parameter: *columns.parameter,
    };
    here.interact(Numerator::MinusOne, builder);
    let after = Link {
        remaining: here.remaining - B::Value::ONE,
        siblings: here.siblings + B::fixed(HALF),
        tweaks: here.tweaks + B::fixed(CHUNK),
        node: pairwise(columns.y, columns.tweak, |y, input| y + input),
        ..here
    };
    after.interact(Numerator::One, builder);
    let quarter = B::Constant::from(F::from_u32(HALF).inverse());
    let eighth = B::Constant::from(F::from_u32(CHUNK).inverse());
    let sibling = pairwise(right, &turn, |right, turn| right - turn);
    builder.half(Numerator::One, here.siblings * quarter, &sibling);
    let [t_0, t_1, t_2, t_3] = *columns.tweak;
    let zero = B::Value::ZERO;
    builder.chunk(
        Numerator::One,
        here.tweaks * eighth,
        &[t_0, t_1, t_2, t_3, side, zero, zero, zero],
    );
}
