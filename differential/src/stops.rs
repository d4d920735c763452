//! A guest with its text: where it stops, in the words of the text.

use std::collections::BTreeMap;
use std::path::Path;

use leanvm_compiler::check::{FileLoader, LoadedText, Loader, Placeholders};
use leanvm_compiler::compile::{Compiled, compile};
use leanvm_compiler::diagnostics::render_all;
use leanvm_compiler::source::{SourceMap, Span};
use leanvm_fast::execution::{Input, Limits, record};
use leanvm_fast::isa::Program;

/// A text in a module and what stands there instead.
pub type Change<'a> = [&'a str; 2];

/// The files of a guest, one of them changed.
struct Changed<'a> {
    files: FileLoader,
    change: Option<Change<'a>>,
    /// How often the text stands in each file.
    found: BTreeMap<String, usize>,
}

impl Changed<'_> {
    fn apply(&mut self, mut loaded: LoadedText) -> LoadedText {
        if let Some([text, other]) = self.change {
            let count = loaded.text.matches(text).count();
            self.found.insert(loaded.name.clone(), count);
            loaded.text = loaded.text.replace(text, other);
        }
        loaded
    }
}

impl Loader for Changed<'_> {
    fn load(&mut self, importer: &str, module: &str) -> Option<LoadedText> {
        let loaded = self.files.load(importer, module)?;
        Some(self.apply(loaded))
    }
}

/// A guest and its text.
pub struct Guest {
    /// The program.
    pub program: Program,
    compiled: Compiled,
    sources: SourceMap,
}

/// Where a guest stops.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stop {
    /// The name of the rejection of SPEC §2.
    pub rejection: &'static str,
    /// The line that fails, then the line that calls the inline function in which it is, and so on.
    pub lines: Vec<Line>,
}

/// A line of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The function in which it is.
    pub function: String,
    /// The line, without its indentation.
    pub text: String,
}

impl Guest {
    /// The guest in a file, and in the modules that it imports, with a text changed that stands in
    /// one of them once.
    ///
    /// # Panics
    /// If it does not compile, or the text stands nowhere or more than once.
    #[must_use]
    pub fn new(path: &Path, placeholders: &Placeholders, change: Option<Change<'_>>) -> Self {
        let mut loader = Changed {
            files: FileLoader::of(path),
            change,
            found: BTreeMap::new(),
        };
        let entry = FileLoader::read(path).expect("the guest is there");
        let entry = loader.apply(entry);
        let mut sources = SourceMap::default();
        let compiled = compile(entry, &mut loader, placeholders, &mut sources)
            .unwrap_or_else(|errors| panic!("{}", render_all(&errors, &sources)));
        let found: usize = loader.found.values().sum();
        assert_eq!(found, usize::from(change.is_some()), "{change:?}");
        Self {
            program: Program::decode(&compiled.program).expect("the compiler gives a program"),
            compiled,
            sources,
        }
    }

    /// Runs it.
    ///
    /// # Errors
    /// Where it stops.
    ///
    /// # Panics
    /// If it has no instruction there.
    pub fn run(&self, input: &Input) -> Result<(), Stop> {
        let (result, recording) = record(&self.program, input, &Limits::default());
        let Err(stopped) = result else {
            return Ok(());
        };
        let pc = recording.cycles.last().expect("a cycle").pc;
        let hint = recording.rejected.and_then(|at| at.hint);
        let (span, inlined) = match hint {
            Some(hint) => self.compiled.hint_spans[hint],
            None => (
                self.compiled.spans[pc as usize],
                self.compiled.inlined[pc as usize],
            ),
        };
        Err(Stop {
            rejection: stopped.error.rejection.name(),
            lines: self.lines(span, inlined, pc),
        })
    }

    /// The lines from a place in an inline call outwards, to the function that has the code.
    fn lines(&self, mut span: Span, mut inlined: Option<u32>, pc: u32) -> Vec<Line> {
        let mut lines = Vec::new();
        while let Some(call) = inlined {
            let call = &self.compiled.inline_calls[call as usize];
            lines.push(self.line(&call.function, span));
            (span, inlined) = (call.span, call.within);
        }
        let mut functions = self.compiled.functions.iter();
        let function = functions.find(|function| (function.start..function.end).contains(&pc));
        lines.push(self.line(&function.expect("a function").name, span));
        lines
    }

    fn line(&self, function: &str, span: Span) -> Line {
        let file = self.sources.get(span.file).expect("its file");
        let line = file.position(span.start).line;
        Line {
            function: function.to_owned(),
            text: file.line(line).trim().to_owned(),
        }
    }
}
