//! SPEC §14 poseidon: the last three variables of the rows as one, of degree 7.

use crate::field::{Ext, Felt, root_of_unity};
use crate::multilinear::{activity, eq, eq_index, eq_table, inner_product, lift};

/// log2 of the rows of a block.
pub(super) const LOG_BLOCK: usize = 3;
/// The rows of a block.
pub(super) const BLOCK: usize = 1 << LOG_BLOCK;

/// lagrange_z(Z) = 1/8·Σ_{k<8} (Z·ξ^(−z))^k for z < 8.
pub(super) fn lagrange(point: Ext) -> Vec<Ext> {
    let root = root_of_unity(LOG_BLOCK as u32).unwrap_or(Felt::ONE);
    let eighth = Felt::new(BLOCK as u64).inverse().unwrap_or(Felt::ZERO);
    let mut values = Vec::new();
    for z in 0..BLOCK as u64 {
        let factor = point * root.pow(BLOCK as u64 - z);
        let mut sum = Ext::ZERO;
        for k in 0..BLOCK as u64 {
            sum += factor.pow(k);
        }
        values.push(sum * eighth);
    }
    values
}

/// The function b ↦ Σ_z weights_z·column(8b + z).
pub(super) fn bind_skip(column: &[Felt], weights: &[Ext]) -> Vec<Ext> {
    let blocks = column.chunks(BLOCK);
    blocks
        .map(|block| inner_product(weights, &lift(block)))
        .collect()
}

/// (y, Z).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SkipPoint {
    /// y, of H_P − 3 coordinates.
    pub y: Vec<Ext>,
    /// Z.
    pub z: Ext,
}

impl SkipPoint {
    /// y_T of a table of 2^log_height rows.
    fn own(&self, log_height: usize) -> &[Ext] {
        &self.y[self.y.len() - (log_height - LOG_BLOCK)..]
    }

    /// eq(y_T, b)·lagrange_z(Z) on the rows 8b + z.
    pub fn kernel(&self, log_height: usize) -> Vec<Ext> {
        let mut kernel = Vec::new();
        for weight in eq_table(self.own(log_height)) {
            for value in lagrange(self.z) {
                kernel.push(weight * value);
            }
        }
        kernel
    }

    /// The multilinear extension of [`Self::kernel`] at a point (§15.4).
    pub fn kernel_at(&self, point: &[Ext]) -> Ext {
        let (block, row) = point.split_at(point.len() - LOG_BLOCK);
        eq(self.own(point.len()), block) * inner_product(&eq_table(row), &lagrange(self.z))
    }

    /// f̂(y, Z) of a column, which zeros follow.
    pub(super) fn evaluate(&self, column: &[Felt], log_height: usize) -> Ext {
        inner_product(&lift(column), &self.kernel(log_height))
    }

    /// Î_T(y, Z) of a table with so many rows.
    pub fn activity(&self, rows: usize, log_height: usize) -> Ext {
        if rows >> log_height == 1 {
            return Ext::ONE;
        }
        let y = self.own(log_height);
        let (b, z) = (rows / BLOCK, rows % BLOCK);
        let mut sum = activity(b, y);
        for value in &lagrange(self.z)[..z] {
            sum += eq_index(y, b) * *value;
        }
        sum
    }
}
