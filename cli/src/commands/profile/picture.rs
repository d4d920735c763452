//! A picture of the memory: used cells by function, unused cells, as SVG.

use std::fmt::Write as _;

use crate::commands::profile::measure::{Measured, Owner};
use crate::program::places::Places;
use crate::program::recorded::Recorded;
use crate::report::{number, share};

/// Most cells for which each cell is a tile.
const MAX_CELLS: usize = 8192;
/// Most tiles if a tile is several cells.
const MAX_TILES: usize = 4096;
/// Functions that have a colour of their own.
const COLOURED: usize = 14;
const COLOURS: [&str; COLOURED] = [
    "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#bcbd22",
    "#17becf", "#393b79", "#e6ab02", "#66a61e", "#a6cee3", "#fb9a99",
];
const PUBLIC: &str = "#222222";
const OTHERS: &str = "#7f7f7f";
const UNUSED: &str = "#bdbdbd";
const OUTSIDE: &str = "#ececec";

const LEFT: usize = 80;
const TOP: usize = 64;
const LEGEND: usize = 330;

/// What cells of one colour are.
struct Kind {
    name: String,
    colour: &'static str,
    cells: usize,
}

/// The kinds, and the kind of each cell.
fn kinds(recorded: &Recorded, measured: &Measured, places: &Places) -> (Vec<Kind>, Vec<u8>) {
    let kind = |name: &str, colour| Kind {
        name: name.to_owned(),
        colour,
        cells: 0,
    };
    let mut by_cells: Vec<usize> = (0..measured.functions.len())
        .filter(|i| measured.functions[*i].own.cells > 0)
        .collect();
    by_cells.sort_by_key(|i| (std::cmp::Reverse(measured.functions[*i].own.cells), *i));
    let mut kinds = vec![kind("public input", PUBLIC)];
    let mut of_function = vec![0; measured.functions.len()];
    for (i, function) in by_cells.iter().enumerate() {
        if i < COLOURED {
            of_function[*function] = kinds.len() as u8;
            kinds.push(kind(&places.functions[*function].shown(), COLOURS[i]));
        } else {
            if i == COLOURED {
                kinds.push(kind(
                    &format!("{} other functions", by_cells.len() - COLOURED),
                    OTHERS,
                ));
            }
            of_function[*function] = kinds.len() as u8 - 1;
        }
    }
    let (unused, outside) = (kinds.len() as u8, kinds.len() as u8 + 1);
    kinds.push(kind("unused, allocated", UNUSED));
    kinds.push(kind("unused, not allocated", OUTSIDE));

    let execution = &recorded.execution;
    let mut of_cell = vec![outside; execution.memory().len()];
    let main = (execution.fp_0(), recorded.program.frame_size());
    let places = execution.allocations().iter();
    let places = places.map(|allocation| (allocation.address, allocation.size));
    for (address, size) in std::iter::once(main).chain(places) {
        // Cells of an allocation that the second run does not touch may lie beyond M.
        let end = (address as usize + size as usize).min(of_cell.len());
        if let Some(cells) = of_cell.get_mut(address as usize..end) {
            cells.fill(unused);
        }
    }
    for (cell, owner) in of_cell.iter_mut().zip(&measured.owners) {
        match owner {
            Owner::Unused => {}
            Owner::Public => *cell = 0,
            Owner::Function(function) => *cell = of_function[*function as usize],
        }
    }
    for cell in &of_cell {
        kinds[*cell as usize].cells += 1;
    }
    (kinds, of_cell)
}

/// The number of cells that are drawn, from the first on: all, unless at least nine tenths lie
/// beyond everything that is allocated. A range check that dereferences one cell far above the
/// others has that effect.
fn drawn_cells(recorded: &Recorded) -> usize {
    let execution = &recorded.execution;
    let cells = execution.memory().len();
    let frame = execution.fp_0() as usize + recorded.program.frame_size() as usize;
    let ends = execution
        .allocations()
        .iter()
        .map(|allocation| allocation.address as usize + allocation.size as usize);
    let allocated = ends.max().unwrap_or(0).max(frame).next_multiple_of(8);
    if allocated <= cells / 10 {
        allocated
    } else {
        cells
    }
}

/// How the cells are laid out in tiles.
#[derive(Debug, PartialEq, Eq)]
struct Grid {
    cells_a_tile: usize,
    columns: usize,
    rows: usize,
    /// Width of a tile in pixels.
    width: usize,
    /// Height of a tile in pixels.
    height: usize,
}

impl Grid {
    fn new(cells: usize) -> Self {
        if cells > MAX_CELLS {
            let cells_a_tile = cells.div_ceil(MAX_TILES).next_power_of_two();
            let columns = 128;
            return Self {
                cells_a_tile,
                columns,
                rows: cells.div_ceil(cells_a_tile).div_ceil(columns),
                width: 7,
                height: 24,
            };
        }
        let columns = (cells.isqrt() * 3 / 2).next_power_of_two().clamp(16, 128);
        let side = (960 / columns).clamp(7, 28);
        Self {
            cells_a_tile: 1,
            columns,
            rows: cells.max(1).div_ceil(columns),
            width: side,
            height: side,
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The picture.
pub(crate) fn draw(
    name: &str,
    recorded: &Recorded,
    measured: &Measured,
    places: &Places,
) -> String {
    let (kinds, of_cell) = kinds(recorded, measured, places);
    let cells = of_cell.len();
    let drawn = drawn_cells(recorded);
    let grid = Grid::new(drawn);
    let width = LEFT + grid.columns * grid.width + 24 + LEGEND;
    let bottom = (TOP + grid.rows * grid.height).max(TOP + 24 * (kinds.len() + 1));
    let height = bottom + 48;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    let used = recorded.execution.used_cells();
    let _ = writeln!(
        svg,
        "<text x=\"{LEFT}\" y=\"26\" font-size=\"17\">{}: {} memory cells, {} used ({})</text>",
        escaped(name),
        number(cells),
        number(used),
        share(used, cells)
    );
    let tile = if grid.cells_a_tile == 1 {
        "a tile is a cell".to_owned()
    } else {
        format!(
            "a tile is {} cells, its colours in proportion",
            number(grid.cells_a_tile)
        )
    };
    let _ = writeln!(
        svg,
        "<text x=\"{LEFT}\" y=\"48\" fill=\"#555\">{tile}; a cell has the colour of the function that accesses it first; addresses on the left</text>"
    );
    rows(&mut svg, &grid, &kinds, &of_cell[..drawn]);
    if drawn < cells {
        let behind = measured.owners.iter().skip(drawn);
        let used = behind.filter(|owner| **owner != Owner::Unused).count();
        let _ = writeln!(
            svg,
            "<text x=\"{LEFT}\" y=\"{}\" fill=\"#555\">Not drawn: the {} cells from {} on, behind all that is allocated; {} of them are used.</text>",
            bottom + 24,
            number(cells - drawn),
            number(drawn),
            number(used)
        );
    }
    legend(&mut svg, &grid, &kinds, cells);
    svg + "</svg>\n"
}

/// A rectangle of one colour; columns and positions in pixels.
#[derive(Clone, Copy)]
struct Band {
    start: usize,
    end: usize,
    /// Below the top of the row.
    top: f64,
    height: f64,
    kind: usize,
}

/// A tile of several cells has its colours one above the other, so that a row of tiles reads as a
/// chart.
fn rows(svg: &mut String, grid: &Grid, kinds: &[Kind], of_cell: &[u8]) {
    let cells_a_row = grid.columns * grid.cells_a_tile;
    let labels = 18usize.div_ceil(grid.height);
    for (row, row_cells) in of_cell.chunks(cells_a_row).enumerate() {
        let y = TOP + row * grid.height;
        if row % labels == 0 {
            let _ = writeln!(
                svg,
                "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" font-size=\"11\" fill=\"#555\">{}</text>",
                LEFT - 8,
                y + grid.height.clamp(9, 14),
                number(row * cells_a_row)
            );
        }
        for band in bands(grid, kinds.len(), row_cells) {
            let _ = writeln!(
                svg,
                "<rect x=\"{}\" y=\"{:.2}\" width=\"{}\" height=\"{:.2}\" fill=\"{}\"/>",
                band.start,
                y as f64 + band.top,
                band.end - band.start,
                band.height,
                kinds[band.kind].colour
            );
        }
    }
}

/// The bands of a row of tiles. Neighbouring tiles share a band where kind, position and height are
/// the same.
fn bands(grid: &Grid, kinds: usize, row_cells: &[u8]) -> Vec<Band> {
    // Small tiles touch, so that runs of one colour are one rectangle; the lines between large ones
    // show the cells.
    let gap = usize::from(grid.width >= 12 || grid.cells_a_tile > 1);
    let side_gap = usize::from(grid.width >= 12);
    let inner = (grid.height - gap) as f64;
    let mut bands: Vec<Band> = Vec::new();
    let mut last: Vec<usize> = Vec::new();
    for (column, tile) in row_cells.chunks(grid.cells_a_tile).enumerate() {
        let mut counts = vec![0; kinds];
        for cell in tile {
            counts[*cell as usize] += 1;
        }
        let start = LEFT + column * grid.width;
        let end = start + grid.width - side_gap;
        let mut top = 0.0;
        let mut here = Vec::new();
        for (kind, count) in counts.into_iter().enumerate().filter(|(_, n)| *n > 0) {
            let height = inner * f64::from(count) / grid.cells_a_tile as f64;
            let continued = last.iter().copied().find(|i| {
                let band = bands[*i];
                band.kind == kind && band.end == start && band.top == top && band.height == height
            });
            match continued {
                Some(i) => {
                    bands[i].end = end;
                    here.push(i);
                }
                None => {
                    here.push(bands.len());
                    bands.push(Band {
                        start,
                        end,
                        top,
                        height,
                        kind,
                    });
                }
            }
            top += height;
        }
        last = here;
    }
    bands
}

fn legend(svg: &mut String, grid: &Grid, kinds: &[Kind], cells: usize) {
    let x = LEFT + grid.columns * grid.width + 24;
    for (i, kind) in kinds.iter().enumerate() {
        let y = TOP + 24 * i;
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"16\" height=\"16\" fill=\"{}\" stroke=\"#999\" stroke-width=\"0.5\"/><text x=\"{}\" y=\"{}\">{}: {} ({})</text>",
            kind.colour,
            x + 24,
            y + 13,
            escaped(&kind.name.chars().take(28).collect::<String>()),
            number(kind.cells),
            share(kind.cells, cells)
        );
    }
    let committed = cells.next_power_of_two();
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{}\" fill=\"#555\">next power of two: {}</text>",
        TOP + 24 * kinds.len() + 13,
        number(committed)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_of_all_sizes_are_readable() {
        for cells in [0, 1, 8, 104, 1000, 10_000, 100_000, 1_000_000, 1 << 26] {
            let grid = Grid::new(cells);
            let tiles = grid.rows * grid.columns;
            assert!(tiles * grid.cells_a_tile >= cells, "{grid:?}");
            assert!(
                (grid.rows - 1) * grid.columns * grid.cells_a_tile <= cells,
                "{grid:?}"
            );
            assert!(grid.rows * grid.height <= 960, "{grid:?}");
            assert!(grid.columns * grid.width <= 960, "{grid:?}");
            assert!(grid.cells_a_tile == 1 || tiles * 2 >= MAX_TILES, "{grid:?}");
        }
        let grid = Grid::new(104);
        assert_eq!((grid.cells_a_tile, grid.columns, grid.width), (1, 16, 28));
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(escaped("<a&\"b\">"), "&lt;a&amp;&quot;b&quot;&gt;");
    }
}
