//! A.11, A.13: the runs of CHAIN, PATH and SPONGE.

use super::*;

/// Columns of CHAIN and CHAIN_TERM.
const CHAIN_NUMBER: usize = 27;
const DIGIT: usize = 15;
const START: usize = 17;
const END: usize = 21;
/// Columns of CHAIN_STEP.
const TWEAK: usize = 1;
const VALUE: usize = 5;
/// Columns of PATH and PATH_STEP.
const ROOT: usize = 19;
const SIDE: usize = 4;
const LEFT: usize = 13;
const RIGHT: usize = 17;
/// Columns of SPONGE and SPONGE_STEP.
const SPONGE_END: usize = 27;
const STATE: usize = 4;
const BLOCK: core::ops::Range<usize> = 12..20;

/// Two chains of two steps each, the chunks at 64 and 72; the row 0 of CHAIN_TERM is of the latter.
const TWO_CHAINS: &str = ".frame 64
hint bits 9, 64, 4
hint bits 3, 72, 4
add 0, 5, m[fp+48]
add 0, 1, m[fp+49]
chain 0, 64, 4, 80, 2
halt";

/// A chain of three steps, the chunk at 64 and the number at 80.
const ONE_CHAIN: &str = ".frame 64
hint bits 9, 64, 4
hint bits 0, 80, 1
chain 0, 64, 4, 80, 1
halt";

/// Two levels, a right child and a left one; the root at 64, the side of the first level at 76.
const LEVELS: &str = ".frame 64
hint bits 11, 68, 4
hint bits 43104, 72, 16
path 64, 0, 4, 72, 2
halt";

/// The rows of a table.
fn rows(liar: &Liar, table: TableId) -> Vec<Vec<Felt>> {
    let table = &liar.tables[table.index()];
    (0..table.num_rows).map(|row| table.row(row)).collect()
}

/// Writes the columns of a row from one on.
fn set(liar: &mut Liar, table: TableId, row: usize, column: usize, values: &[Felt]) {
    for (j, value) in values.iter().enumerate() {
        *liar.cell(table, column + j, row) = *value;
    }
}

/// Writes the memory from an address on.
fn write(liar: &mut Liar, address: usize, values: &[Felt]) {
    for (j, value) in values.iter().enumerate() {
        liar.write(address + j, *value);
    }
}

/// Computes the permutation of a row, and what the row makes of it.
fn output(liar: &mut Liar, table: TableId, row: usize) -> Vec<Felt> {
    let hash = HashTable::of(table).expect("a hash table");
    let input = liar.tables[table.index()].row(row)[hash.input.clone()].to_vec();
    let (s, y) = hash.permutation(&input);
    set(liar, table, row, hash.s.start, &[s, y.clone()].concat());
    y.iter().zip(&input).map(|(y, x)| *y + *x).collect()
}

/// Gives a chain an end, in its row of CHAIN_TERM and in memory.
fn set_end(liar: &mut Liar, term: usize, chunk: usize, end: &[Felt]) {
    set(liar, TableId::ChainTerm, term, END, end);
    write(liar, chunk + END - START, end);
}

/// Gives the path its root, in its row of PATH and in memory.
fn set_root(liar: &mut Liar, root: &[Felt]) {
    set(liar, TableId::Path, 0, ROOT, root);
    write(liar, 64, root);
}

/// All of them.
pub(super) fn lies() -> Vec<Named> {
    let mut list = lies_of_chains();
    list.extend(lies_of_paths());
    list.extend(lies_of_sponges());
    list
}

fn of(
    name: &str,
    text: &str,
    rejection: Option<Name>,
    change: impl Fn(&mut Liar) + 'static,
) -> Named {
    let public: Vec<u32> = (1..=32).collect();
    Named::new(name, text, &public, rejection, move |liar| {
        change(liar);
        liar.recount();
    })
}

fn lies_of_chains() -> Vec<Named> {
    let table = TableId::ChainStep;
    vec![
        of("chain_runs_swapped", TWO_CHAINS, LOOKUP_ROOT, move |liar| {
            let terms = rows(liar, TableId::ChainTerm);
            set_end(liar, 0, 72, &terms[1][END..]);
            set_end(liar, 1, 64, &terms[0][END..]);
            for owner in &mut liar.tables[table.index()].columns[0] {
                *owner = Felt::ONE - *owner;
            }
        }),
        of("chain_step_twice", TWO_CHAINS, LOOKUP_ROOT, move |liar| {
            let step = rows(liar, table).remove(1);
            liar.push_row(table, &step);
        }),
        of("chain_step_missing", ONE_CHAIN, LOOKUP_ROOT, move |liar| {
            let step = rows(liar, table).remove(2);
            liar.pop_row(table);
            set_end(liar, 0, 64, &step[VALUE..VALUE + 4]);
        }),
        // A step to position 0 comes before the three others.
        of(
            "chain_digit_below_zero",
            ONE_CHAIN,
            LOOKUP_ROOT,
            move |liar| {
                let digit = -Felt::ONE;
                *liar.cell(TableId::ChainTerm, DIGIT, 0) = digit;
                set(liar, TableId::Chain, 0, CHAIN_NUMBER, &[digit; 2]);
                write(liar, 80, &[digit; 2]);
                let steps = rows(liar, table);
                liar.push_row(table, &steps[2]);
                let mut value = steps[0][VALUE..VALUE + 4].to_vec();
                for row in 0..4 {
                    *liar.cell(table, TWEAK, row) = steps[0][TWEAK] + felt(row as u64) - Felt::ONE;
                    set(liar, table, row, VALUE, &value);
                    value = output(liar, table, row);
                }
                set_end(liar, 0, 64, &value);
            },
        ),
    ]
}

fn lies_of_paths() -> Vec<Named> {
    let table = TableId::PathStep;
    vec![
        of("path_level_missing", LEVELS, LOOKUP_ROOT, move |liar| {
            let level = rows(liar, table).remove(1);
            liar.pop_row(table);
            set_root(liar, &level[LEFT..RIGHT]);
        }),
        // left + 2·(right − left) is the node, right − 2·(right − left) the sibling.
        of("path_side_two", LEVELS, CONSTRAINT, move |liar| {
            let level = rows(liar, table).remove(0);
            let third = felt(3).inverse().expect("not 0");
            for j in 0..4 {
                let (node, sibling) = (level[RIGHT + j], level[LEFT + j]);
                *liar.cell(table, LEFT + j, 0) = (node + sibling + sibling) * third;
                *liar.cell(table, RIGHT + j, 0) = (node + node + sibling) * third;
            }
            *liar.cell(table, SIDE, 0) = felt(2);
            liar.write(76, felt(2));
            let node = output(liar, table, 0);
            set(liar, table, 1, LEFT, &node);
            let root = output(liar, table, 1);
            set_root(liar, &root);
        }),
    ]
}

fn lies_of_sponges() -> Vec<Named> {
    let table = TableId::SpongeStep;
    let one = ".frame 64\nsponge 0, 8, 4, 64, 2\nhalt";
    let two = ".frame 64\nsponge 0, 8, 4, 64, 1\nsponge 0, 16, 4, 72, 1\nhalt";
    vec![
        // Each with its address.
        of("sponge_blocks_swapped", one, LOOKUP_ROOT, move |liar| {
            for column in [2].into_iter().chain(BLOCK) {
                liar.tables[table.index()].columns[column].swap(0, 1);
            }
            let state = output(liar, table, 0);
            set(liar, table, 1, STATE, &state);
            let end = output(liar, table, 1);
            set(liar, TableId::Sponge, 0, SPONGE_END, &end);
            write(liar, 64, &end);
        }),
        of("sponge_owners_swapped", two, LOOKUP_ROOT, move |liar| {
            let ends = rows(liar, TableId::Sponge);
            for (row, address) in [(0, 64), (1, 72)] {
                let end = &ends[1 - row][SPONGE_END..];
                set(liar, TableId::Sponge, row, SPONGE_END, end);
                write(liar, address, end);
            }
            liar.tables[table.index()].columns[0].swap(0, 1);
        }),
    ]
}
