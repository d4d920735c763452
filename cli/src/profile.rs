//! `leanvm profile`: where cycles, hash calls and memory cells go.

use std::path::Path;

use inferno::flamegraph::color::{BackgroundColor, Color, PaletteMap};
use leanvm_fast::field::to_canonical;
use serde_json::{Value, json};

use crate::arguments::Profile;
use crate::engine::ProgramFile;
use crate::failure::Failure;
use crate::files::Output;
use crate::input;
use crate::measure::{Cost, Measured, measure};
use crate::picture;
use crate::places::Places;
use crate::printed::Prints;
use crate::progress::Progress;
use crate::recorded::{self, Recorded};
use crate::report::{Grid, Report, Side, Table, number, share};
use crate::warnings::Warnings;

/// Lines of the program that the text shows; JSON has all.
const SHOWN_LINES: usize = 40;
/// Colours of the functions in a flame graph: of one lightness, so that no function stands out but by its width.
const COLOURS: [Color; 8] = [
    colour(0xa8, 0xc5, 0xda),
    colour(0xb5, 0xd3, 0xb0),
    colour(0xd9, 0xcf, 0xa6),
    colour(0xcd, 0xb8, 0xd6),
    colour(0xa9, 0xd2, 0xcd),
    colour(0xe0, 0xbf, 0xae),
    colour(0xc3, 0xc9, 0xd1),
    colour(0xd5, 0xd9, 0xa8),
];
const BASE: Color = colour(0xe4, 0xe6, 0xe8);
const BACKGROUND: Color = colour(0xff, 0xff, 0xff);

const fn colour(r: u8, g: u8, b: u8) -> Color {
    Color { r, g, b }
}

/// Does what `leanvm profile` says.
pub(crate) fn report(arguments: &Profile, warnings: &mut Warnings) -> Result<Report, Failure> {
    let file = ProgramFile::read(&arguments.program, &arguments.defines)?;
    warnings.add(file.guest.as_ref(), &arguments.lints);
    let input = input::read(arguments.input.as_deref())?;
    let prepare =
        |path: &Option<std::path::PathBuf>| path.as_deref().map(Output::prepare).transpose();
    let folded = prepare(&arguments.folded)?;
    let flame_graph = prepare(&arguments.flame_graph)?;
    let memory_picture = prepare(&arguments.memory_picture)?;

    let progress = Progress::start(["executing"]);
    let recorded = recorded::execute(&file, &input, arguments.limits).map_err(|refused| {
        let files = (arguments.input.as_deref(), None);
        recorded::failure(refused, &file, &input, arguments.limits, files)
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
    let written: Vec<&Path> = [
        &arguments.folded,
        &arguments.flame_graph,
        &arguments.memory_picture,
    ]
    .into_iter()
    .flatten()
    .map(std::path::PathBuf::as_path)
    .collect();
    let execution = &recorded.execution;
    let prints = Prints::new(
        &file,
        execution.steps().iter().map(|(pc, _)| *pc),
        execution
            .printed()
            .iter()
            .copied()
            .map(to_canonical)
            .collect(),
        None,
    );
    Ok(prints.report().then(Report {
        text: text(&recorded, &measured, &places, &written),
        json: object(&recorded, &measured, &places, &written),
    }))
}

/// The last part of a path.
fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// The flame graph of call stacks.
fn flames(
    name: &str,
    stacks: &[String],
    measured: &Measured,
    places: &Places,
) -> Result<Vec<u8>, Failure> {
    let mut options = inferno::flamegraph::Options::default();
    options.title = format!("{name}: {} cycles", number(measured.total.cycles));
    options.count_name = "cycles".to_owned();
    options.name_type = "Function:".to_owned();
    options.deterministic = true;
    let mut colours = colours(places);
    options.palette_map = Some(&mut colours);
    options.bgcolors = Some(BackgroundColor::Flat(BACKGROUND));
    let mut bytes = Vec::new();
    if stacks.is_empty() {
        return Err(Failure::usage(
            "the execution has no cycle, so that there is no flame graph",
            "leave out --flame-graph",
        ));
    }
    let lines = stacks.iter().map(String::as_str);
    inferno::flamegraph::from_lines(&mut options, lines, &mut bytes).map_err(|error| {
        Failure::usage(
            format!("the flame graph cannot be drawn: {error}"),
            "leave out --flame-graph, and draw the file of --folded by another tool",
        )
    })?;
    Ok(labelled(&String::from_utf8_lossy(&bytes)).into_bytes())
}

/// The colours of the functions, in turn.
fn colours(places: &Places) -> PaletteMap {
    let mut colours = PaletteMap::default();
    colours.insert(String::new(), BASE);
    for (i, function) in places.functions.iter().enumerate() {
        colours.insert(function.shown(), COLOURS[i % COLOURS.len()]);
    }
    colours
}

/// A flame graph whose base frame has its name: inferno gives it a title only.
fn labelled(svg: &str) -> String {
    let base = svg.find("<title>all (").and_then(|title| {
        let end = svg[title..].find("></text>")?;
        Some(title + end + 1)
    });
    let Some(at) = base else {
        return svg.to_owned();
    };
    format!("{}all{}", &svg[..at], &svg[at..])
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

fn text(recorded: &Recorded, measured: &Measured, places: &Places, written: &[&Path]) -> String {
    let execution = &recorded.execution;
    let total = measured.total;
    let mut table = Table::default();
    table
        .figure("cycles", number(total.cycles))
        .figure("hash calls", number(total.hash_calls))
        .figure("memory cells", number(execution.memory().len()))
        .figure("  used", number(execution.used_cells()))
        .figure(
            "  share",
            share(execution.used_cells(), execution.memory().len()),
        );
    let lines = by_cost(measured.lines.iter().copied());
    let mut text = format!(
        "{}\n{}\n{}",
        table.text(),
        function_grid(measured, places),
        line_grid(measured, places, &lines)
    );
    if lines.len() > SHOWN_LINES {
        let more = number(lines.len() - SHOWN_LINES);
        text.push_str(&format!("{more} more lines; --json shows all\n"));
    }
    for path in written {
        text.push_str(&format!("written to {}\n", path.display()));
    }
    text
}

/// What each function costs, by itself and with what it calls.
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

/// What the lines cost that cost most.
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

fn object(recorded: &Recorded, measured: &Measured, places: &Places, written: &[&Path]) -> Value {
    let functions: Vec<Value> = by_cost(measured.functions.iter().map(|cost| cost.own))
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
        .collect();
    let lines: Vec<Value> = by_cost(measured.lines.iter().copied())
        .into_iter()
        .map(|i| {
            let (cost, line) = (measured.lines[i], &places.lines[i]);
            json!({
                "file": line.file,
                "line": line.number,
                "text": line.text,
                "cycles": cost.cycles,
                "hash_calls": cost.hash_calls,
                "cells": cost.cells,
            })
        })
        .collect();
    let written: Vec<String> = written
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    json!({
        "cycles": measured.total.cycles,
        "hash_calls": measured.total.hash_calls,
        "memory_cells": recorded.execution.memory().len(),
        "used_cells": recorded.execution.used_cells(),
        "public_cells": measured.public_cells,
        "functions": functions,
        "lines": lines,
        "written": written,
    })
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
