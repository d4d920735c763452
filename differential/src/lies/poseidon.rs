//! The permutations of a dishonest prover, SPEC §14.

use leanvm_spec::commitment::stacking::TableShape;
use leanvm_spec::field::{Ext, Felt, MODULUS};
use leanvm_spec::multilinear::{evaluate, lift};
use leanvm_spec::permutation::external_layer;
use leanvm_spec::poseidon::{self, HashTable, PermutationClaims, Values};
use leanvm_spec::tables::{Table, TableId};
use leanvm_spec::transcript::ProverTranscript;

/// The tables with `y` as it should be.
pub(super) fn corrected(tables: &[Table]) -> Vec<Table> {
    let mut tables = tables.to_vec();
    for (table, id) in tables.iter_mut().zip(TableId::ALL) {
        let Some(hash) = HashTable::of(id) else {
            continue;
        };
        for row in 0..table.num_rows {
            let input = &table.row(row)[hash.input.clone()];
            let (_, y) = hash.permutation(input);
            for (column, value) in table.columns[hash.y.clone()].iter_mut().zip(y) {
                column[row] = value;
            }
        }
    }
    tables
}

/// Claims the outputs of the columns, false as they are, and in each layer changes the first value
/// such that its check holds, so that only the claims on the inputs are false. c_0 is not sent, so
/// that a false claim stays false by the same difference in all messages of a layer.
///
/// # Panics
/// Unless POSEIDON_16_HALVES is the only hash table.
pub(super) fn carried(
    shapes: &[TableShape],
    tables: &[Table],
    point: &[Ext],
    transcript: &mut ProverTranscript,
) -> PermutationClaims {
    let table = TableId::Poseidon16Halves;
    let hash = HashTable::of(table).expect("a hash table");
    let shape = shapes.iter().find(|shape| shape.table == table);
    let height = shape.expect("a hash").log_height() as usize;
    let truth = &corrected(tables)[table.index()].columns[hash.y.clone()];
    let own = &point[point.len() - height..];
    // By how much the claims on the next layer are false.
    let mut errors: Vec<Ext> = Vec::new();
    let mut change = |step: Values<'_>| {
        let [values] = step.values else {
            panic!("one hash table")
        };
        let [combination] = step.combinations else {
            let truth = truth.iter().map(|column| evaluate(&lift(column), own));
            errors = values.iter().zip(truth).map(|(v, t)| *v - t).collect();
            return;
        };
        let mut difference = Ext::ZERO;
        for (weight, error) in combination.weights.iter().zip(&errors) {
            difference += *weight * *error;
        }
        // The first element of u_ℓ.
        let first = combination.cubes.len() - 16;
        let old = step.columns[0][first];
        let scale = combination.cubes[first].inverse().expect("not 0");
        let new = cube_root(old * old * old + difference * scale);
        errors = vec![new - old];
        if step.layer > 0 {
            values[first] = new;
            return;
        }
        for (value, entry) in values.iter_mut().zip(first_column_of_the_inverse()) {
            *value += (new - old) * entry;
        }
    };
    poseidon::prove_changed(shapes, tables, point, &mut change, transcript)
}

/// x^(1/3): with p = 3m + 2, 1/3 modulo |E| − 1 has the digits 2m + 1, m, 2m + 1, m, 2m + 1 in base
/// p.
fn cube_root(x: Ext) -> Ext {
    let m = (MODULUS - 2) / 3;
    let [low, high] = [x.pow(m), x.pow(2 * m + 1)];
    let mut root = Ext::ONE;
    for digit in [high, low, high, low, high] {
        root = root.pow(MODULUS) * digit;
    }
    assert_eq!(root * root * root, x);
    root
}

/// The x whose external layer is (1, 0, …, 0), by elimination.
fn first_column_of_the_inverse() -> Vec<Felt> {
    let width = 16;
    // Row i: the coefficients of the i-th element of the layer, then what it should be.
    let mut rows = vec![vec![Felt::ZERO; width + 1]; width];
    for j in 0..width {
        let mut unit = vec![Felt::ZERO; width];
        unit[j] = Felt::ONE;
        external_layer(&mut unit);
        for (row, value) in rows.iter_mut().zip(unit) {
            row[j] = value;
        }
    }
    rows[0][width] = Felt::ONE;
    for j in 0..width {
        let pivot = (j..width).find(|i| rows[*i][j] != Felt::ZERO);
        rows.swap(j, pivot.expect("the layer is invertible"));
        let inverse = rows[j][j].inverse().expect("not 0");
        let pivot: Vec<Felt> = rows[j].iter().map(|entry| *entry * inverse).collect();
        for (i, row) in rows.iter_mut().enumerate() {
            let factor = row[j];
            for (entry, other) in row.iter_mut().zip(&pivot) {
                if i != j {
                    *entry -= factor * *other;
                }
            }
        }
        rows[j] = pivot;
    }
    rows.iter().map(|row| row[width]).collect()
}
