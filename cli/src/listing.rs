//! Canonical assembly text with the lines of the guest program that each group of instructions comes from, as comments.

use crate::engine::{self, ProgramFile};
use crate::places::Places;

/// Adds the lines of a guest program to its canonical text; the text of another program stays as it is.
pub(crate) fn with_sources(text: &str, file: &ProgramFile) -> String {
    let Some(program) = file.guest.as_ref().and_then(|_| engine::program(file).ok()) else {
        return text.to_owned();
    };
    let places = Places::new(file, &program);
    let mut listing = String::new();
    let mut pending = String::new();
    let mut pc = 0;
    let mut shown = None;
    for line in text.lines() {
        if line.starts_with('.') {
            listing.push_str(&format!("{line}\n"));
            continue;
        }
        pending.push_str(&format!("{line}\n"));
        if line.ends_with(':') || line.starts_with("hint ") {
            continue;
        }
        if let Some(function) = places.entry(pc) {
            listing.push_str(&format!(
                "\n; function {}\n",
                places.functions[function].name
            ));
            shown = None;
        }
        let index = places.line(pc);
        if shown.replace(index) != Some(index) {
            let line = &places.lines[index];
            listing.push_str(&format!("; {}:{}: {}\n", line.file, line.number, line.text));
        }
        listing.push_str(&pending);
        pending.clear();
        pc += 1;
    }
    listing + &pending
}
