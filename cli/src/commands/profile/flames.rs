//! A flame graph of the cycles, as SVG.

use inferno::flamegraph::color::{BackgroundColor, Color, PaletteMap};

use crate::commands::profile::measure::Measured;
use crate::failure::Failure;
use crate::program::places::Places;
use crate::report::number;

/// Colours of the functions in a flame graph: of one lightness, so that a function stands out by
/// its width only.
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

/// The flame graph of call stacks.
pub(crate) fn flames(
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

/// Adds the name of the base frame, to which inferno gives a title only.
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
