//! The place of each instruction in the text of its program: function, line, inline calls.

use std::collections::BTreeMap;

use leanvm_compiler::source::{FileId, SourceMap, Span};
use leanvm_fast::assembly::disassemble;
use leanvm_fast::isa::Program;

use crate::program::file::{Content, ProgramFile};
use crate::program::guest::{self, Guest};
use crate::trace::{Entry, Function, Line, Trace, shown};

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
    /// The places of a program: from the source map of a guest program, else from the labels and
    /// lines of the (canonical) assembly text.
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

    /// SPEC §8: one statement a line, after at most one label.
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

    /// The trace of a stack of pcs, the innermost first. If a hint was being computed there, its
    /// place is taken instead of the instruction's.
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

    fn entry_at(&self, function: usize, spot: Spot) -> Entry {
        Entry {
            function: self.functions[function].clone(),
            line: self.lines[spot.line].clone(),
            column: spot.column,
        }
    }
}

/// The trace of active functions with the span at which each is, the innermost first.
pub(crate) fn trace_of_spans(
    sources: &SourceMap,
    message: Option<&str>,
    active: Vec<(Function, Span)>,
) -> Trace {
    let mut lines = Lines::default();
    let entries = active
        .into_iter()
        .map(|(function, span)| {
            let spot = lines.spot(sources, span);
            Entry {
                function,
                line: lines.lines[spot.line].clone(),
                column: spot.column,
            }
        })
        .collect();
    Trace {
        explanation: None,
        message: message.map(str::to_owned),
        entries,
    }
}
