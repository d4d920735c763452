//! Where each instruction stands in the text of its program: function, line, inline calls.

use std::collections::BTreeMap;

use leanvm_compiler::source::{FileId, SourceMap, Span};
use leanvm_fast::assembly::disassemble;
use leanvm_fast::isa::Program;
use serde_json::{Value, json};

use crate::engine::{Content, ProgramFile};
use crate::guest::{self, Guest};

/// A function, or the instructions behind a label of assembly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Function {
    /// Its name, with its compile-time arguments.
    pub(crate) name: String,
    /// Whether its body stands in its callers.
    pub(crate) inline: bool,
}

impl Function {
    /// The name as profiles and traces show it.
    pub(crate) fn shown(&self) -> String {
        if self.inline {
            format!("{} [inline]", self.name)
        } else {
            self.name.clone()
        }
    }
}

/// A line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The file.
    pub(crate) file: String,
    /// Counted from 1.
    pub(crate) number: u32,
    /// Without indentation and control characters.
    pub(crate) text: String,
}

/// A place in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Spot {
    line: usize,
    /// Counted from 1.
    column: u32,
    span: Span,
}

struct Code {
    function: usize,
    inline_call: Option<usize>,
    spot: Spot,
}

struct InlineCall {
    function: usize,
    spot: Spot,
    within: Option<usize>,
}

/// The text of a program by pc.
#[derive(Default)]
pub(crate) struct Places {
    /// The functions.
    pub(crate) functions: Vec<Function>,
    /// The lines that have instructions, or inline calls.
    pub(crate) lines: Vec<Line>,
    code: Vec<Code>,
    /// The places of the hints, in the order of the program.
    hints: Vec<Code>,
    inline_calls: Vec<InlineCall>,
    /// The functions by their first pc; empty for assembly.
    entries: BTreeMap<u32, usize>,
}

/// One function of a stack and where control stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TraceEntry {
    function: String,
    inline: bool,
    line: Line,
    column: u32,
}

/// Where an execution was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    /// What failed, in the words of the program.
    pub(crate) explanation: Option<String>,
    /// The message of the assertion that failed.
    pub(crate) message: Option<String>,
    /// The innermost first.
    entries: Vec<TraceEntry>,
}

/// Most entries of a trace that are shown.
const SHOWN: usize = 24;

/// A line as comments, tables and traces show it.
fn shown(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Gives each line one index.
#[derive(Default)]
struct Lines {
    index: BTreeMap<(FileId, u32), usize>,
    lines: Vec<Line>,
}

impl Lines {
    fn spot(&mut self, sources: &SourceMap, span: Span) -> Spot {
        let position = sources
            .get(span.file)
            .map(|file| (file, file.position(span.start)));
        let number = position.map_or(0, |(_, position)| position.line);
        let next = self.lines.len();
        let line = *self.index.entry((span.file, number)).or_insert(next);
        if line == next {
            self.lines.push(Line {
                file: position.map_or_else(String::new, |(file, _)| file.name().to_owned()),
                number,
                text: position.map_or_else(String::new, |(file, _)| shown(file.line(number))),
            });
        }
        Spot {
            line,
            column: position.map_or(0, |(_, position)| position.column),
            span,
        }
    }
}

impl Places {
    /// The places of a program: of a guest program by its source map, of others by labels and lines of their (canonical) text.
    pub(crate) fn new(file: &ProgramFile, program: &Program) -> Self {
        let name = file.path.display();
        match (&file.guest, &file.content) {
            (Some(guest), _) => Self::of_guest(guest, program),
            (None, Content::Assembly(text)) => Self::of_assembly(&name.to_string(), text),
            (None, Content::Binary(_)) => {
                Self::of_assembly(&format!("disasm {name}"), &disassemble(program))
            }
        }
    }

    fn of_guest(guest: &Guest, program: &Program) -> Self {
        let Guest { compiled, sources } = guest;
        let mut functions: Vec<Function> = compiled
            .functions
            .iter()
            .map(|function| Function {
                name: function.shown(),
                inline: false,
            })
            .collect();
        let mut lines = Lines::default();
        let mut inline_functions = BTreeMap::new();
        let mut inline_calls = Vec::new();
        for call in &compiled.inline_calls {
            let function = *inline_functions.entry(&call.function).or_insert_with(|| {
                functions.push(Function {
                    name: call.function.to_string(),
                    inline: true,
                });
                functions.len() - 1
            });
            inline_calls.push(InlineCall {
                function,
                spot: lines.spot(sources, call.span),
                within: call.within.map(|within| within as usize),
            });
        }
        let mut code_at = |pc: u32, span: Span, inlined: Option<u32>| Code {
            function: compiled
                .functions
                .partition_point(|function| function.start <= pc)
                .saturating_sub(1),
            inline_call: inlined.map(|call| call as usize),
            spot: lines.spot(sources, span),
        };
        let code = (0..)
            .zip(compiled.spans.iter().zip(&compiled.inlined))
            .map(|(pc, (span, inlined))| code_at(pc, *span, *inlined))
            .collect();
        let hints = program
            .hints()
            .iter()
            .zip(&compiled.hint_spans)
            .map(|(hint, (span, inlined))| code_at(hint.pc, *span, *inlined))
            .collect();
        let entries = compiled.functions.iter().enumerate();
        Self {
            functions,
            lines: lines.lines,
            code,
            hints,
            inline_calls,
            entries: entries.map(|(i, function)| (function.start, i)).collect(),
        }
    }

    /// SPEC §8: one statement a line, behind at most one label.
    fn of_assembly(name: &str, text: &str) -> Self {
        let blank = [' ', '\t'];
        let mut places = Self::default();
        let mut function = None;
        for (number, line) in (1..).zip(text.split('\n')) {
            let mut statement = line
                .split(';')
                .next()
                .unwrap_or_default()
                .trim_matches(blank);
            if let Some((label, rest)) = statement.split_once(':') {
                statement = rest.trim_matches(blank);
                function = Some(places.named(label));
            }
            if statement.is_empty() || statement.starts_with('.') {
                continue;
            }
            let function = *function.get_or_insert_with(|| places.named("start"));
            places.lines.push(Line {
                file: name.to_owned(),
                number,
                text: shown(statement),
            });
            let code = Code {
                function,
                inline_call: None,
                spot: Spot {
                    line: places.lines.len() - 1,
                    column: 1,
                    span: Span::default(),
                },
            };
            if statement.split(blank).next() == Some("hint") {
                places.hints.push(code);
            } else {
                places.code.push(code);
            }
        }
        places
    }

    /// Functions at the given pcs, for tests.
    #[cfg(test)]
    pub(crate) fn with_functions(names: &[&str], starts: &[u32], instructions: u32) -> Self {
        let mut places = Self::default();
        for (name, start) in names.iter().zip(starts) {
            let function = places.named(name);
            places.entries.insert(*start, function);
        }
        for pc in 0..instructions {
            let function = starts.partition_point(|start| *start <= pc) - 1;
            let spot = Spot {
                line: 0,
                column: 1,
                span: Span::default(),
            };
            places.code.push(Code {
                function,
                inline_call: None,
                spot,
            });
        }
        places
    }

    fn named(&mut self, name: &str) -> usize {
        self.functions.push(Function {
            name: name.to_owned(),
            inline: false,
        });
        self.functions.len() - 1
    }

    /// The function in whose code a pc lies.
    pub(crate) fn function(&self, pc: u32) -> usize {
        self.code.get(pc as usize).map_or(0, |code| code.function)
    }

    /// The function whose first instruction is at a pc.
    pub(crate) fn entry(&self, pc: u32) -> Option<usize> {
        self.entries.get(&pc).copied()
    }

    /// The line of a pc.
    pub(crate) fn line(&self, pc: u32) -> usize {
        self.code.get(pc as usize).map_or(0, |code| code.spot.line)
    }

    /// The innermost function and the line of a hint.
    pub(crate) fn hint(&self, hint: usize) -> Option<(usize, usize)> {
        let code = self.hints.get(hint)?;
        let innermost = self.chain(code.inline_call).pop();
        let function = innermost.map_or(code.function, |(_, function)| function);
        Some((function, code.spot.line))
    }

    /// The inline calls in whose bodies a pc lies, the outermost first: each call and its function.
    pub(crate) fn inline_calls(&self, pc: u32) -> Vec<(usize, usize)> {
        self.chain(self.code.get(pc as usize).and_then(|code| code.inline_call))
    }

    fn chain(&self, innermost: Option<usize>) -> Vec<(usize, usize)> {
        let mut calls = Vec::new();
        let mut next = innermost;
        while let Some(call) = next.and_then(|id| Some((id, self.inline_calls.get(id)?))) {
            calls.push((call.0, call.1.function));
            next = call.1.within;
        }
        calls.reverse();
        calls
    }

    /// The trace of a stack of pcs, the innermost first; at that one, of the hint that is computed, if it is one.
    pub(crate) fn trace(&self, pcs: &[u32], hint: Option<usize>, guest: Option<&Guest>) -> Trace {
        let hint = hint.and_then(|hint| self.hints.get(hint));
        let calls = pcs.iter().skip(1);
        let innermost = hint.or_else(|| self.code.get(*pcs.first()? as usize));
        let outer = calls.filter_map(|pc| self.code.get(*pc as usize));
        let mut entries = Vec::new();
        for code in innermost.into_iter().chain(outer) {
            let mut spot = code.spot;
            for (call, function) in self.chain(code.inline_call).into_iter().rev() {
                entries.push(self.entry_at(function, spot));
                spot = self.inline_calls[call].spot;
            }
            entries.push(self.entry_at(code.function, spot));
        }
        Trace {
            explanation: None,
            message: guest
                .zip(innermost)
                .and_then(|(guest, code)| guest::assertion_message(&guest.sources, code.spot.span)),
            entries,
        }
    }

    fn entry_at(&self, function: usize, spot: Spot) -> TraceEntry {
        let Function { name, inline } = self.functions[function].clone();
        TraceEntry {
            function: name,
            inline,
            line: self.lines[spot.line].clone(),
            column: spot.column,
        }
    }
}

impl Trace {
    /// Of a text: the functions that are active and where control stands in each, the innermost first.
    pub(crate) fn of_spans(
        sources: &SourceMap,
        message: Option<&str>,
        active: Vec<(Function, Span)>,
    ) -> Self {
        let mut lines = Lines::default();
        let entries = active
            .into_iter()
            .map(|(function, span)| {
                let spot = lines.spot(sources, span);
                TraceEntry {
                    function: function.name,
                    inline: function.inline,
                    line: lines.lines[spot.line].clone(),
                    column: spot.column,
                }
            })
            .collect();
        Self {
            explanation: None,
            message: message.map(str::to_owned),
            entries,
        }
    }

    /// For people: what failed, and in which line.
    pub(crate) fn headline(&self) -> String {
        let mut text = String::new();
        if let Some(explanation) = &self.explanation {
            text.push_str(&format!("\n  {explanation}"));
        }
        if let Some(message) = &self.message {
            text.push_str(&format!("\n  message: {}", shown(message)));
        }
        if let Some(TraceEntry { line, column, .. }) = self.entries.first() {
            let Line {
                file,
                number,
                text: line,
            } = line;
            text.push_str(&format!("\n  at {file}:{number}:{column}: {line}"));
        }
        text
    }

    /// For people: the stack.
    pub(crate) fn text(&self) -> String {
        let mut text = "\n  stack, innermost first:".to_owned();
        let left_out = self.entries.len().saturating_sub(SHOWN);
        for (i, entry) in self.entries.iter().enumerate() {
            if left_out > 0 && (SHOWN / 2..SHOWN / 2 + left_out).contains(&i) {
                if i == SHOWN / 2 {
                    text.push_str(&format!("\n    … {left_out} more"));
                }
                continue;
            }
            let TraceEntry {
                function,
                inline,
                line,
                column,
            } = entry;
            let inline = if *inline { " [inline]" } else { "" };
            text.push_str(&format!(
                "\n    {}:{}:{column} in {function}{inline}\n      {}",
                line.file, line.number, line.text
            ));
        }
        text
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        self.entries
            .iter()
            .map(|entry| {
                json!({
                    "function": entry.function,
                    "inline": entry.inline,
                    "file": entry.line.file,
                    "line": entry.line.number,
                    "column": entry.column,
                    "text": entry.line.text,
                })
            })
            .collect()
    }
}
