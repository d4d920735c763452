//! SPEC §17 commitment, functionals.
//!
//! A claim on the stack is Σ_x W(x)·S(x). The prover takes W as a vector, the verifier its
//! extension at a point.

use super::stacking::Rectangle;
use crate::field::{Ext, Felt};
use crate::multilinear::{eq, eq_index, eq_table, inner_product, powers};

/// The weight of the cells of a rectangle: a product of a weight of the column and a weight of the
/// row.
#[derive(Clone, Debug)]
pub struct RectangleWeight {
    rectangle: Rectangle,
    /// The weights of the 2^c columns, with the factor that the leading bits of the rows give.
    columns: Vec<Ext>,
    /// The last a coordinates of the point of the rows.
    row_point: Vec<Ext>,
}

impl RectangleWeight {
    /// weight(column)·eq(point, row) for absolute columns and rows; `point` has h_T ≥ a
    /// coordinates.
    pub fn new(rectangle: &Rectangle, point: &[Ext], weight: &dyn Fn(usize) -> Ext) -> Self {
        let (leading, row_point) = point.split_at(point.len() - rectangle.log_rows as usize);
        let factor = eq_index(leading, rectangle.first_row >> rectangle.log_rows);
        let columns = (0..1 << rectangle.log_columns)
            .map(|column| factor * weight(rectangle.first_column + column))
            .collect();
        Self {
            rectangle: *rectangle,
            columns,
            row_point: row_point.to_vec(),
        }
    }
}

/// A linear functional of a vector of 2^k entries.
#[derive(Clone, Debug)]
pub enum Functional {
    /// Weights of rectangles, zero elsewhere.
    Rectangles(Vec<RectangleWeight>),
    /// eq(point, ·).
    Equality(Vec<Ext>),
    /// x ↦ ν^x.
    Powers(Felt),
}

impl Functional {
    /// W as a vector of 2^log_size entries.
    pub fn table(&self, log_size: u32) -> Vec<Ext> {
        match self {
            Self::Rectangles(weights) => {
                let mut table = vec![Ext::ZERO; 1 << log_size];
                for weight in weights {
                    let rows = eq_table(&weight.row_point);
                    let mut cell = weight.rectangle.offset;
                    for &column in &weight.columns {
                        for &row in &rows {
                            table[cell] = column * row;
                            cell += 1;
                        }
                    }
                }
                table
            }
            Self::Equality(point) => eq_table(point),
            Self::Powers(base) => {
                let mut table = Vec::new();
                let mut power = Felt::ONE;
                for _ in 0..1_usize << log_size {
                    table.push(Ext::from(power));
                    power *= *base;
                }
                table
            }
        }
    }

    /// W̃ at a point.
    pub fn evaluate(&self, point: &[Ext]) -> Ext {
        match self {
            Self::Rectangles(weights) => {
                let mut sum = Ext::ZERO;
                for weight in weights {
                    let rectangle = &weight.rectangle;
                    let size = rectangle.log_rows + rectangle.log_columns;
                    let (address, inside) = point.split_at(point.len() - size as usize);
                    let (column, row) = inside.split_at(rectangle.log_columns as usize);
                    sum += eq_index(address, rectangle.offset >> size)
                        * inner_product(&eq_table(column), &weight.columns)
                        * eq(row, &weight.row_point);
                }
                sum
            }
            Self::Equality(other) => eq(point, other),
            Self::Powers(base) => powers(*base, point),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::stacking::{Stacking, TableShape, log_height};
    use super::*;
    use crate::multilinear::evaluate;
    use crate::multilinear::tests::sample_ext;
    use crate::tables::TableId;

    #[test]
    fn the_extension_is_that_of_the_vector() {
        let shape = TableShape {
            table: TableId::Add,
            rows: 9,
            columns: 6,
        };
        let other = TableShape {
            table: TableId::Mul,
            rows: 50,
            columns: 3,
        };
        let stacking = Stacking::new(&[shape, other], 4);
        let row_point = sample_ext(1, 10);
        let column_weights = sample_ext(2, 6);
        let weights = stacking
            .rectangles
            .iter()
            .map(|rectangle| {
                let height = log_height(stacking.rows_of(rectangle.table)) as usize;
                RectangleWeight::new(rectangle, &row_point[10 - height..], &|column| {
                    column_weights[column]
                })
            })
            .collect();
        let log_size = stacking.log_cells;
        let point = sample_ext(3, log_size as usize);
        for functional in [
            Functional::Rectangles(weights),
            Functional::Equality(sample_ext(4, log_size as usize)),
            Functional::Powers(Felt::new(12345)),
        ] {
            let table = functional.table(log_size);
            assert_eq!(table.len(), 1 << log_size);
            assert!(table.iter().any(|&x| x != Ext::ZERO));
            assert_eq!(functional.evaluate(&point), evaluate(&table, &point));
        }
    }
}
