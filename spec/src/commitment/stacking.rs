//! SPEC §17 commitment, stacking.
//!
//! The rows 0..cover(n_T) of a table are cut into pieces and its columns into groups; a piece and a
//! group are a rectangle of 2^a rows × 2^c columns, stored column by column. The stack is the
//! rectangles by falling size.

use crate::field::Felt;
use crate::multilinear::log2_ceil;
use crate::parameters::MAX_ROWS;
use crate::tables::TableId;

/// A present table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TableShape {
    /// T.
    pub table: TableId,
    /// n_T.
    pub rows: usize,
    /// The number of columns.
    pub columns: usize,
}

impl TableShape {
    /// A table of n_T rows.
    pub fn new(table: TableId, rows: usize) -> Self {
        Self {
            table,
            rows,
            columns: table.num_columns(),
        }
    }

    /// h_T.
    pub fn log_height(&self) -> u32 {
        log_height(self.rows)
    }
}

/// 2^a rows × 2^c columns of a table, and where its cells start in the stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rectangle {
    /// T.
    pub table: TableId,
    /// a.
    pub log_rows: u32,
    /// c.
    pub log_columns: u32,
    /// The first row, a multiple of 2^a.
    pub first_row: usize,
    /// The first column, a multiple of 2^c.
    pub first_column: usize,
    /// The index of the first cell in the stack, a multiple of 2^(a+c).
    pub offset: usize,
}

/// The layout of the stack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stacking {
    /// The present tables by rising T.
    pub tables: Vec<TableShape>,
    /// The rectangles in the order of their offsets.
    pub rectangles: Vec<Rectangle>,
    /// The total size of the rectangles.
    pub cells: usize,
    /// μ.
    pub log_cells: u32,
}

/// h_T = max(3, log2ceil(n_T)), the logarithm of the virtual height.
pub fn log_height(rows: usize) -> u32 {
    log2_ceil(rows).max(3)
}

/// cover(n): n rounded up to a multiple of 2^max(3, bits(n) − 5).
pub fn cover(rows: usize) -> usize {
    let bits = usize::BITS - rows.leading_zeros();
    rows.next_multiple_of(1 << bits.saturating_sub(5).max(3))
}

/// The powers of two of a number in falling order, each as (first, logarithm of the length).
fn powers_of_two(number: usize) -> Vec<(usize, u32)> {
    let mut list = Vec::new();
    let mut first = 0;
    for log in (0..usize::BITS).rev() {
        if (number >> log) % 2 == 1 {
            list.push((first, log));
            first += 1 << log;
        }
    }
    list
}

/// μ of these tables, without their layout: each n_T is below 2^32, so the sum is far below 2^64.
pub fn log_cells(tables: &[TableShape], min_stack: u32) -> u32 {
    let cells = |shape: &TableShape| cover(shape.rows) * shape.columns;
    log2_ceil(tables.iter().map(cells).sum()).max(min_stack)
}

impl Stacking {
    /// The layout for these tables, given by rising T.
    ///
    /// # Panics
    /// If a table has more rows than the caps allow: they are checked first.
    pub fn new(tables: &[TableShape], min_stack: u32) -> Self {
        assert!(tables.iter().all(|shape| shape.rows <= MAX_ROWS));
        let mut rectangles = Vec::new();
        for shape in tables {
            for (first_row, log_rows) in powers_of_two(cover(shape.rows)) {
                for (first_column, log_columns) in powers_of_two(shape.columns) {
                    rectangles.push(Rectangle {
                        table: shape.table,
                        log_rows,
                        log_columns,
                        first_row,
                        first_column,
                        offset: 0,
                    });
                }
            }
        }
        rectangles.sort_by_key(|r| {
            let falling = u32::MAX - (r.log_rows + r.log_columns);
            (falling, r.table, r.first_row, r.first_column)
        });
        let mut cells = 0;
        for rectangle in &mut rectangles {
            rectangle.offset = cells;
            cells += 1 << (rectangle.log_rows + rectangle.log_columns);
        }
        Self {
            tables: tables.to_vec(),
            rectangles,
            cells,
            log_cells: log_cells(tables, min_stack),
        }
    }

    /// n_T, or 0 for an absent table.
    pub fn rows_of(&self, table: TableId) -> usize {
        self.tables
            .iter()
            .find(|shape| shape.table == table)
            .map_or(0, |shape| shape.rows)
    }

    /// The number of columns of oracle 0 when fold_0 variables are folded first.
    pub fn width(&self, fold: u32) -> usize {
        self.cells.div_ceil(1 << (self.log_cells - fold))
    }

    /// The stack S of the columns, `columns[i][k]` being column k of the i-th present table;
    /// missing rows are zero.
    pub fn stack(&self, columns: &[Vec<Vec<Felt>>]) -> Vec<Felt> {
        let mut stack = vec![Felt::ZERO; 1 << self.log_cells];
        for rectangle in &self.rectangles {
            for (shape, table) in self.tables.iter().zip(columns) {
                if shape.table != rectangle.table {
                    continue;
                }
                for column in 0..1 << rectangle.log_columns {
                    let values = &table[rectangle.first_column + column];
                    for row in 0..1 << rectangle.log_rows {
                        let value = values.get(rectangle.first_row + row);
                        let cell = (column << rectangle.log_rows) + row;
                        stack[rectangle.offset + cell] = value.copied().unwrap_or(Felt::ZERO);
                    }
                }
            }
        }
        stack
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cover_keeps_five_bits_and_fits_the_height() {
        let table = [1, 8, 9, 100, 256, 257, 511, 513, 1025].map(cover);
        assert_eq!(table, [8, 8, 16, 104, 256, 272, 512, 544, 1088]);
        for rows in 1..3000 {
            assert!(cover(rows) >= rows && cover(rows) <= 1 << log_height(rows));
        }
    }

    #[test]
    fn rectangles_are_aligned_disjoint_and_complete() {
        let tables = [
            TableShape {
                table: TableId::Memory,
                rows: 32,
                columns: 17,
            },
            TableShape {
                table: TableId::Add,
                rows: 100,
                columns: 14,
            },
            TableShape {
                table: TableId::Jump,
                rows: 3,
                columns: 1,
            },
        ];
        let stacking = Stacking::new(&tables, 4);
        assert_eq!(stacking.cells, 32 * 17 + 104 * 14 + 8);
        assert_eq!(stacking.log_cells, 11);
        let mut end = 0;
        for rectangle in &stacking.rectangles {
            assert_eq!(rectangle.offset, end);
            let size = 1 << (rectangle.log_rows + rectangle.log_columns);
            assert_eq!(rectangle.offset % size, 0);
            assert_eq!(rectangle.first_row % (1 << rectangle.log_rows), 0);
            assert_eq!(rectangle.first_column % (1 << rectangle.log_columns), 0);
            end += size;
        }
        // The cells of the stack are those of the tables, once each.
        let mut next = 0;
        let columns: Vec<Vec<Vec<Felt>>> = tables
            .iter()
            .map(|shape| {
                (0..shape.columns)
                    .map(|_| {
                        (0..shape.rows)
                            .map(|_| {
                                next += 1;
                                Felt::new(next)
                            })
                            .collect()
                    })
                    .collect()
            })
            .collect();
        let stack = stacking.stack(&columns);
        assert_eq!(stack.len(), 1 << 11);
        let mut values: Vec<u64> = stack.iter().map(|x| u64::from(x.value())).collect();
        values.retain(|&x| x != 0);
        values.sort_unstable();
        assert_eq!(values, (1..=next).collect::<Vec<u64>>());
        // The largest: 32 rows × 16 columns of MEMORY, then 64 × 8 of ADD.
        assert_eq!(stacking.rectangles[0].table, TableId::Memory);
        assert_eq!(stack[..32], columns[0][0][..]);
        assert_eq!(stacking.rectangles[1].table, TableId::Add);
        assert_eq!(stack[512..576], columns[1][0][..64]);
    }
}
