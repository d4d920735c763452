//! `leanvm profile`: where cycles, hash calls and memory cells go.

mod flames;
mod measure;
mod picture;

use std::path::{Path, PathBuf};

use clap::Args;
use leanvm_fast::field::to_canonical;
use serde_json::{Value, json};

use crate::command::Command;
use crate::failure::Failure;
use crate::files::{Output, Paths};
use crate::measurements::Measurements;
use crate::options::{Defines, Limits, Lints};
use crate::program::file::ProgramFile;
use crate::program::input::{self, Source};
use crate::program::places::Places;
use crate::program::printed::Prints;
use crate::program::recorded::{self, Recorded};
use crate::program::warnings::Warnings;
use crate::progress::Progress;
use crate::report::{Grid, Report, Side, number, share};
use flames::flames;
use measure::{Cost, Measured, measure};

/// Arguments of `profile`.
#[derive(Debug, Args)]
pub(crate) struct Profile {
    /// Guest program, assembly text or binary program.
    program: PathBuf,
    #[command(flatten)]
    defines: Defines,
    #[command(flatten)]
    lints: Lints,
    /// Input file (JSON); left out, the input is empty.
    #[arg(short, long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// Cycles by call stack, a line each (`main;f;g 123`); written whole or not at all.
    #[arg(long, value_name = "OUT.folded")]
    folded: Option<PathBuf>,
    /// Flame graph of the cycles; written whole or not at all.
    #[arg(long, value_name = "OUT.svg")]
    flame_graph: Option<PathBuf>,
    /// Picture of the memory: used cells by function, unused cells; written whole or not at all.
    #[arg(long, value_name = "OUT.svg")]
    memory_picture: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) limits: Limits,
}

/// Lines of the program that the text shows; JSON has all.
const SHOWN_LINES: usize = 40;
impl Command for Profile {
    fn name(&self) -> &'static str {
        "profile"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new([Some(&self.program), self.input.as_deref()], self.outputs())
    }

    fn warns(&self) -> bool {
        true
    }

    fn execute(&self, warnings: &mut Warnings) -> Result<Report, Failure> {
        let file = ProgramFile::read(&self.program, &self.defines)?;
        file.warn(warnings, &self.lints);
        let input = input::read(self.input.as_deref())?;
        let prepare = |path: Option<&Path>| path.map(Output::prepare).transpose();
        let [folded, flame_graph, memory_picture] = self.outputs();
        let folded = prepare(folded)?;
        let flame_graph = prepare(flame_graph)?;
        let memory_picture = prepare(memory_picture)?;

        let progress = Progress::start(["executing"]);
        let recorded = recorded::execute(&file, &input, self.limits).map_err(|refused| {
            let files = (Source::of(self.input.as_deref()), None);
            recorded::failure(refused, &file, &input, self.limits, files)
        })?;
        let places = Places::new(&file, &recorded.program);
        let measured = measure(&recorded, &places);
        progress.finish();

        let name = file_name(&file.path);
        let stacks = measured.folded(&places);
        if let Some(output) = folded {
            output.commit((stacks.join("\n") + "\n").as_bytes())?;
        }
        if let Some(output) = flame_graph {
            output.commit(&flames(&name, &stacks, &measured, &places)?)?;
        }
        if let Some(output) = memory_picture {
            let text = picture::draw(&name, &recorded, &measured, &places);
            output.commit(text.as_bytes())?;
        }
        let profiled = Profiled {
            recorded: &recorded,
            measured: &measured,
            places: &places,
            written: self.outputs().into_iter().flatten().collect(),
        };
        Ok(prints(&file, &recorded).report().then(profiled.report()))
    }
}

impl Profile {
    /// The stacks, the flame graph and the picture of the memory.
    fn outputs(&self) -> [Option<&Path>; 3] {
        [&self.folded, &self.flame_graph, &self.memory_picture].map(|path| path.as_deref())
    }
}

fn prints(file: &ProgramFile, recorded: &Recorded) -> Prints {
    let execution = &recorded.execution;
    let pcs = execution.cycles().iter().map(|cycle| cycle.pc);
    let printed = execution.printed().iter().copied();
    Prints::new(file, pcs, printed.map(to_canonical).collect(), None)
}

/// The last part of a path.
fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// Indices by decreasing cycles; those without any cost are left out.
fn by_cost(costs: impl Iterator<Item = Cost>) -> Vec<usize> {
    let mut costs: Vec<(usize, Cost)> = costs
        .enumerate()
        .filter(|(_, cost)| *cost != Cost::default())
        .collect();
    costs.sort_by_key(|(i, cost)| (std::cmp::Reverse(cost.cycles), *i));
    costs.into_iter().map(|(i, _)| i).collect()
}

/// What was measured, and the files that show it.
struct Profiled<'a> {
    recorded: &'a Recorded,
    measured: &'a Measured,
    places: &'a Places,
    written: Vec<&'a Path>,
}

impl Profiled<'_> {
    /// The sums, then functions and lines: as grids, of which the text shows the costliest lines,
    /// and as lists.
    fn report(&self) -> Report {
        let Self {
            recorded,
            measured,
            places,
            written,
        } = self;
        let execution = &recorded.execution;
        let (cells, used) = (execution.memory().len(), execution.used_cells());
        let lines = by_cost(measured.lines.iter().copied());
        let files = written.iter().map(|path| path.display().to_string());
        let mut list = Measurements::default();
        list.count("cycles", "cycles", measured.total.cycles)
            .count("hash calls", "hash_calls", measured.total.hash_calls)
            .count("memory cells", "memory_cells", cells)
            .count("  used", "used_cells", used)
            .figure("  share", share(used, cells))
            .field("public_cells", measured.public_cells)
            .field("functions", function_list(measured, places))
            .field("lines", line_list(measured, places, &lines))
            .field("written", files.clone().collect::<Vec<_>>());
        let mut report = list.report();
        report.text.push_str(&format!(
            "\n{}\n{}",
            function_grid(measured, places),
            line_grid(measured, places, &lines)
        ));
        if lines.len() > SHOWN_LINES {
            let more = number(lines.len() - SHOWN_LINES);
            report
                .text
                .push_str(&format!("{more} more lines; --json shows all\n"));
        }
        for file in files {
            report.text.push_str(&format!("written to {file}\n"));
        }
        report
    }
}

/// The cost of each function, by itself and with what it calls.
fn function_grid(measured: &Measured, places: &Places) -> String {
    let mut grid = Grid::new(&[
        ("calls", Side::Right),
        ("cycles", Side::Right),
        ("share", Side::Right),
        ("with callees", Side::Right),
        ("hash calls", Side::Right),
        ("cells", Side::Right),
        ("function", Side::Left),
    ]);
    for i in by_cost(measured.functions.iter().map(|cost| cost.own)) {
        let cost = measured.functions[i];
        grid.row([
            number(cost.calls).as_str(),
            &number(cost.own.cycles),
            &share(cost.own.cycles, measured.total.cycles),
            &number(cost.total_cycles),
            &number(cost.own.hash_calls),
            &number(cost.own.cells),
            &places.functions[i].shown(),
        ]);
    }
    let public_cells = number(measured.public_cells);
    grid.row(["", "", "", "", "", &public_cells, "(public input)"]);
    grid.text()
}

/// The costs of the costliest lines.
fn line_grid(measured: &Measured, places: &Places, lines: &[usize]) -> String {
    let mut grid = Grid::new(&[
        ("cycles", Side::Right),
        ("share", Side::Right),
        ("hash calls", Side::Right),
        ("cells", Side::Right),
        ("line", Side::Left),
        ("", Side::Left),
    ]);
    for i in lines.iter().take(SHOWN_LINES) {
        let (cost, line) = (measured.lines[*i], &places.lines[*i]);
        grid.row([
            number(cost.cycles).as_str(),
            &share(cost.cycles, measured.total.cycles),
            &number(cost.hash_calls),
            &number(cost.cells),
            &format!("{}:{}", file_name(Path::new(&line.file)), line.number),
            &line.text,
        ]);
    }
    grid.text()
}

fn function_list(measured: &Measured, places: &Places) -> Vec<Value> {
    by_cost(measured.functions.iter().map(|cost| cost.own))
        .into_iter()
        .map(|i| {
            let cost = measured.functions[i];
            json!({
                "name": places.functions[i].name,
                "inline": places.functions[i].inline,
                "calls": cost.calls,
                "cycles": cost.own.cycles,
                "cycles_with_callees": cost.total_cycles,
                "hash_calls": cost.own.hash_calls,
                "cells": cost.own.cells,
            })
        })
        .collect()
}

fn line_list(measured: &Measured, places: &Places, lines: &[usize]) -> Vec<Value> {
    lines
        .iter()
        .map(|i| {
            let (cost, line) = (measured.lines[*i], &places.lines[*i]);
            json!({
                "file": line.file,
                "line": line.number,
                "text": line.text,
                "cycles": cost.cycles,
                "hash_calls": cost.hash_calls,
                "cells": cost.cells,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_sorted_and_empty_ones_left_out() {
        let cost = |cycles, cells| Cost {
            cycles,
            hash_calls: 0,
            cells,
        };
        let costs = [cost(1, 0), cost(0, 0), cost(5, 0), cost(0, 3), cost(5, 1)];
        assert_eq!(by_cost(costs.into_iter()), [2, 4, 0, 3]);
    }
}
