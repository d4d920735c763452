//! SPEC §17 commitment: stacking of the tables into one vector of 2^μ cells.
//!
//! Shared by the prover and the verifier; sizes are announced by a proof, so nothing here panics or
//! allocates by them.

use crate::multilinear::log2_ceil;
use crate::parameters::{MAX_LOG_DOMAIN, MAX_LOG_ROWS, Parameters};
use crate::rejection::{Error, Rejection};
use crate::tables::{TableId, log_height};

/// log2 of the stride of a table in the column challenge: column k of table T has index T·256 + k.
pub const LOG_COLUMNS: usize = 8;
/// Coordinates of the column challenge.
pub const COLUMN_VARIABLES: usize = 13;

// Each table has an index.
const _: () = assert!(TableId::COUNT <= 1 << (COLUMN_VARIABLES - LOG_COLUMNS));

/// The size of a present table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableShape {
    /// T.
    pub table: TableId,
    /// n_T.
    pub rows: usize,
    /// C_T.
    pub columns: usize,
}

impl TableShape {
    /// h_T.
    #[must_use]
    pub fn log_height(&self) -> usize {
        log_height(self.rows)
    }
}

/// cover(n).
#[must_use]
pub const fn cover(rows: usize) -> usize {
    let bits = usize::BITS - rows.leading_zeros();
    let log = bits.saturating_sub(5);
    let log = if log < 3 { 3 } else { log };
    (rows.saturating_add((1 << log) - 1) >> log) << log
}

/// A rectangle of 2^log_rows rows and 2^log_columns columns, stored column by column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectangle {
    /// Position of the table among the present ones.
    pub position: usize,
    /// T.
    pub table: TableId,
    /// h_T.
    pub log_height: usize,
    /// First row, a multiple of 2^log_rows.
    pub first_row: usize,
    /// a.
    pub log_rows: usize,
    /// First column, a multiple of 2^log_columns.
    pub first_column: usize,
    /// c.
    pub log_columns: usize,
    /// Address of its first cell in the stack, a multiple of its size.
    pub offset: usize,
}

impl Rectangle {
    /// log2 of the number of cells.
    #[must_use]
    pub const fn log_size(&self) -> usize {
        self.log_rows + self.log_columns
    }

    /// Index of the first column in the column challenge, without its last `log_columns` bits,
    /// which are zero.
    #[must_use]
    pub const fn column_prefix(&self) -> usize {
        ((self.table.index() << LOG_COLUMNS) + self.first_column) >> self.log_columns
    }
}

/// Where each cell of the tables is in the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stacking {
    tables: Vec<TableShape>,
    rectangles: Vec<Rectangle>,
    cells: usize,
    log_cells: usize,
    fold: usize,
}

/// The powers of two of a number in falling order, as (first, log2).
fn powers_of_two(number: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut first = 0;
    (0..usize::try_from(usize::BITS).unwrap_or(0))
        .rev()
        .filter(move |log| (number >> log) & 1 == 1)
        .map(move |log| {
            let start = first;
            first += 1 << log;
            (start, log)
        })
}

impl Stacking {
    /// The stacking of the present tables, given in the order of T.
    ///
    /// # Errors
    /// `size-cap` if a size or μ is above its cap.
    pub fn new(parameters: &Parameters, tables: &[TableShape]) -> Result<Self, Error> {
        let mut rectangles = Vec::new();
        for (position, shape) in tables.iter().enumerate() {
            if shape.rows == 0 || shape.rows > 1 << MAX_LOG_ROWS || shape.columns > 1 << LOG_COLUMNS
            {
                return Err(Rejection::SizeCap.at(format!(
                    "table {} of {} rows and {} columns",
                    shape.table.name(),
                    shape.rows,
                    shape.columns
                )));
            }
            for (first_row, log_rows) in powers_of_two(cover(shape.rows)) {
                for (first_column, log_columns) in powers_of_two(shape.columns) {
                    rectangles.push(Rectangle {
                        position,
                        table: shape.table,
                        log_height: shape.log_height(),
                        first_row,
                        log_rows,
                        first_column,
                        log_columns,
                        offset: 0,
                    });
                }
            }
        }
        // Tables, rows and columns rise already, and the sort is stable.
        rectangles.sort_by_key(|rectangle| std::cmp::Reverse(rectangle.log_size()));
        let mut cells: usize = 0;
        for rectangle in &mut rectangles {
            rectangle.offset = cells;
            cells = cells.saturating_add(1 << rectangle.log_size());
        }
        let log_cells = log2_ceil(cells).max(parameters.min_stack());
        let fold = parameters.initial_fold(log_cells);
        // §18.5, §18.6.
        if log_cells > parameters.max_stack()
            || log_cells - fold + parameters.log_inv_rate() > MAX_LOG_DOMAIN
        {
            return Err(Rejection::SizeCap.at(format!(
                "a stack of 2^{log_cells} cells, at most 2^{} fit",
                parameters.max_stack()
            )));
        }
        Ok(Self {
            tables: tables.to_vec(),
            rectangles,
            cells,
            log_cells,
            fold,
        })
    }

    /// The present tables.
    #[must_use]
    pub fn tables(&self) -> &[TableShape] {
        &self.tables
    }

    /// The rectangles in the order of their offsets.
    #[must_use]
    pub fn rectangles(&self) -> &[Rectangle] {
        &self.rectangles
    }

    /// Committed cells.
    #[must_use]
    pub const fn cells(&self) -> usize {
        self.cells
    }

    /// μ.
    #[must_use]
    pub const fn log_cells(&self) -> usize {
        self.log_cells
    }

    /// μ − fold_0, log2 of the cells of a column of oracle 0.
    #[must_use]
    pub const fn log_block(&self) -> usize {
        self.log_cells - self.fold
    }

    /// fold_0.
    #[must_use]
    pub const fn fold(&self) -> usize {
        self.fold
    }

    /// The columns of oracle 0.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.cells.div_ceil(1 << self.log_block())
    }

    /// The rectangle that holds the first columns and rows of MEMORY, with the public chunks.
    #[must_use]
    pub fn public_rectangle(&self) -> Option<&Rectangle> {
        self.rectangles.iter().find(|rectangle| {
            rectangle.table == TableId::Memory
                && rectangle.first_row == 0
                && rectangle.first_column == 0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::ParameterSet;

    #[test]
    fn covers() {
        for (rows, expected) in [
            (1, 8),
            (8, 8),
            (9, 16),
            (256, 256),
            (257, 272),
            (1 << 16, 1 << 16),
            (65537, 69632),
        ] {
            assert_eq!(cover(rows), expected, "{rows}");
        }
        for rows in 1..5000 {
            assert!(cover(rows) >= rows && cover(rows) <= 1 << log_height(rows));
        }
    }

    #[test]
    fn rectangles_are_a_partition() {
        let parameters = Parameters::new(ParameterSet::Small, 1).unwrap();
        let shapes = [
            (TableId::Bytecode, 5, 1),
            (TableId::Memory, 300, 17),
            (TableId::Poseidon8, 77, 108),
        ]
        .map(|(table, rows, columns)| TableShape {
            table,
            rows,
            columns,
        });
        let stacking = Stacking::new(&parameters, &shapes).unwrap();
        let mut offset = 0;
        let mut covered = 0;
        for rectangle in stacking.rectangles() {
            assert_eq!(rectangle.offset, offset);
            assert_eq!(offset % (1 << rectangle.log_size()), 0);
            assert_eq!(rectangle.first_row % (1 << rectangle.log_rows), 0);
            assert_eq!(rectangle.first_column % (1 << rectangle.log_columns), 0);
            offset += 1 << rectangle.log_size();
        }
        for shape in shapes {
            covered += cover(shape.rows) * shape.columns;
        }
        assert_eq!(stacking.cells(), offset);
        assert_eq!(covered, offset);
    }

    #[test]
    fn caps() {
        let parameters = Parameters::new(ParameterSet::Tiny, 1).unwrap();
        for (rows, columns) in [(0, 1), (usize::MAX, 1), (1 << 26, 256), (1, 257)] {
            let shape = TableShape {
                table: TableId::Memory,
                rows,
                columns,
            };
            assert_eq!(
                Stacking::new(&parameters, &[shape]).unwrap_err().rejection,
                Rejection::SizeCap
            );
        }
    }
}
