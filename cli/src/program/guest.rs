//! Programs in the guest language: compiled in memory to the binary program of SPEC §4.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use leanvm_compiler::check::{
    CheckedProgram, FileLoader, LoadedText, Placeholders, closest, front_end,
};
use leanvm_compiler::compile::{Compiled, compile_checked};
use leanvm_compiler::diagnostics::{Code, Diagnostic, Warning, render_all};
use leanvm_compiler::lexer::{Keyword, TokenKind, tokenize};
use leanvm_compiler::parser::parse_constant;
use leanvm_compiler::source::{SourceFile, SourceMap, Span};

use crate::failure::Failure;
use crate::files::{self, Kind};
use crate::options::Defines;

/// A compiled guest program and its texts.
pub(crate) struct Guest {
    /// The binary program, and the places in the texts.
    pub(crate) compiled: Compiled,
    /// The texts of its modules.
    pub(crate) sources: SourceMap,
}

/// Whether a file is a guest program by its name.
pub(crate) fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "py")
}

/// The ending of the names of placeholders.
const PLACEHOLDER: &str = "_PLACEHOLDER";

/// A text that cannot be read, or that the compiler refuses.
pub(crate) struct Refusal {
    /// The first diagnostic of the compiler.
    code: Option<Code>,
    /// For people.
    pub(crate) failure: Failure,
}

impl Refusal {
    fn new(path: &Path, diagnostics: &[Diagnostic], sources: &SourceMap) -> Box<Self> {
        let failure = Failure::unusable(
            path,
            "does not compile",
            "see the help below each error; compiler/LANGUAGE.md is the reference",
        );
        Box::new(Self {
            code: diagnostics.first().map(|first| first.code),
            failure: failure.with_listing(render_all(diagnostics, sources)),
        })
    }

    fn unreadable(failure: Failure) -> Box<Self> {
        let code = None;
        Box::new(Self { code, failure })
    }

    /// Whether the compiler refuses for the reason that a header names.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.code.is_some_and(|code| format!("{code:?}") == name)
    }
}

/// Whether a text without a name is a guest program: it defines a function.
pub(crate) fn is_source_text(bytes: &[u8]) -> bool {
    bytes
        .split(|byte| *byte == b'\n')
        .any(|line| line.starts_with(b"def "))
}

/// The text of a file, or of standard input.
fn entry(path: &Path) -> Result<LoadedText, Failure> {
    if files::is_stream(path) {
        return entry_of(path, files::read(path, Kind::Program)?);
    }
    FileLoader::read(path).map_err(|error| files::unreadable(path, &error))
}

/// The text that has been read from a path.
fn entry_of(path: &Path, bytes: Vec<u8>) -> Result<LoadedText, Failure> {
    let name = path.display().to_string();
    match String::from_utf8(bytes) {
        Ok(text) => Ok(LoadedText { name, text }),
        Err(_) => Err(files::unreadable(path, &ErrorKind::InvalidData.into())),
    }
}

fn check_entry(
    path: &Path,
    entry: LoadedText,
    placeholders: &Placeholders,
) -> Result<(CheckedProgram, SourceMap), Box<Refusal>> {
    let mut sources = SourceMap::default();
    match front_end(entry, &mut FileLoader::of(path), placeholders, &mut sources) {
        Ok(program) => Ok((program, sources)),
        Err(diagnostics) => Err(Refusal::new(path, &diagnostics, &sources)),
    }
}

fn compile_entry(
    path: &Path,
    entry: LoadedText,
    placeholders: &Placeholders,
) -> Result<Guest, Box<Refusal>> {
    let (program, sources) = check_entry(path, entry, placeholders)?;
    match compile_checked(&program) {
        Ok(compiled) => Ok(Guest { compiled, sources }),
        Err(diagnostics) => Err(Refusal::new(path, &diagnostics, &sources)),
    }
}

/// Reads and checks a file, or standard input, and what it imports from its folder.
pub(crate) fn check(
    path: &Path,
    placeholders: &Placeholders,
) -> Result<(CheckedProgram, SourceMap), Box<Refusal>> {
    let entry = entry(path).map_err(Refusal::unreadable)?;
    check_entry(path, entry, placeholders)
}

/// Compiles a file, or standard input, and what it imports from its folder.
pub(crate) fn compile(path: &Path, placeholders: &Placeholders) -> Result<Guest, Box<Refusal>> {
    let entry = entry(path).map_err(Refusal::unreadable)?;
    compile_entry(path, entry, placeholders)
}

/// Compiles with the placeholders of the command line.
pub(crate) fn compiled(path: &Path, defines: &Defines) -> Result<Guest, Failure> {
    compiled_with(path, entry(path)?, defines)
}

/// Compiles a text that was read from a path, with the placeholders of the command line.
pub(crate) fn compiled_text(
    path: &Path,
    bytes: Vec<u8>,
    defines: &Defines,
) -> Result<Guest, Failure> {
    compiled_with(path, entry_of(path, bytes)?, defines)
}

fn compiled_with(path: &Path, entry: LoadedText, defines: &Defines) -> Result<Guest, Failure> {
    let placeholders = placeholders(defines)?;
    let guest = compile_entry(path, entry, &placeholders).map_err(|refusal| refusal.failure)?;
    check_used(&placeholders, &guest.sources)?;
    Ok(guest)
}

/// Reads and checks with the placeholders of the command line.
pub(crate) fn checked(
    path: &Path,
    defines: &Defines,
) -> Result<(CheckedProgram, SourceMap), Failure> {
    let placeholders = placeholders(defines)?;
    let (program, sources) = check(path, &placeholders).map_err(|refusal| refusal.failure)?;
    check_used(&placeholders, &sources)?;
    Ok((program, sources))
}

/// The warnings about a program that is interpreted. The compiler may refuse a program that the
/// interpreter runs; then there are none.
pub(crate) fn warnings(program: &CheckedProgram) -> Vec<Warning> {
    compile_checked(program).map_or_else(|_| Vec::new(), |compiled| compiled.warnings)
}

/// The names of the private lists that a program takes.
pub(crate) fn witness_names(sources: &SourceMap) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in sources.files() {
        let tokens: Vec<TokenKind> = tokens(file).collect();
        for window in tokens.windows(3) {
            if let [TokenKind::Name(function), _, TokenKind::Text(name)] = window
                && &**function == "hint_witness"
            {
                names.insert(name.to_string());
            }
        }
    }
    names
}

/// The values that the command line gives.
fn placeholders(defines: &Defines) -> Result<Placeholders, Failure> {
    let mut placeholders = Placeholders::new();
    for define in &defines.define {
        let refuse = |what: String| {
            Err(Failure::usage(
                format!("--define {define}: {what}"),
                "write --define NAME_PLACEHOLDER=VALUE, where VALUE is an integer or a nested list of integers such as [1,[2,-3]]",
            ))
        };
        let Some((name, value)) = define.split_once('=') else {
            return refuse("there is no `=`".to_owned());
        };
        let name = name.trim();
        if !name.ends_with(PLACEHOLDER) {
            return refuse(format!(
                "`{name}` is no placeholder, whose name ends with {PLACEHOLDER}"
            ));
        }
        let value = match parse_constant(&SourceFile::new("--define", value)) {
            Ok(value) => value,
            Err(diagnostics) => {
                let first = diagnostics.first().map(|first| first.message.as_str());
                return refuse(first.unwrap_or("the value is no constant").to_owned());
            }
        };
        if placeholders.insert(name.to_owned(), value).is_some() {
            return refuse(format!("`{name}` is given twice"));
        }
    }
    Ok(placeholders)
}

/// Refuses values for placeholders that no module mentions.
fn check_used(placeholders: &Placeholders, sources: &SourceMap) -> Result<(), Failure> {
    if placeholders.is_empty() {
        return Ok(());
    }
    let mut mentioned = BTreeSet::new();
    for token in sources.files().iter().flat_map(tokens) {
        if let TokenKind::Name(name) = token
            && name.ends_with(PLACEHOLDER)
        {
            mentioned.insert(name.to_string());
        }
    }
    let Some(unknown) = placeholders.keys().find(|name| !mentioned.contains(*name)) else {
        return Ok(());
    };
    let known: Vec<String> = mentioned.into_iter().collect();
    Err(Failure::usage(
        format!("--define {unknown}: the program has no such placeholder"),
        match closest(unknown, known.iter().map(String::as_str)) {
            Some(meant) => format!(
                "did you mean {meant}? its placeholders are {}",
                known.join(", ")
            ),
            None if known.is_empty() => "leave it out: the program has no placeholders".to_owned(),
            None => format!("its placeholders are {}", known.join(", ")),
        },
    ))
}

fn tokens(file: &SourceFile) -> impl Iterator<Item = TokenKind> {
    tokenize(file)
        .unwrap_or_default()
        .into_iter()
        .map(|token| token.kind)
}

/// The message of the `assert` in which a span lies.
pub(crate) fn assertion_message(sources: &SourceMap, span: Span) -> Option<String> {
    let tokens = tokenize(sources.get(span.file)?).ok()?;
    let at = tokens.partition_point(|token| token.span.start <= span.start);
    let ends = |kind: &TokenKind| {
        matches!(
            kind,
            TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent
        )
    };
    let start = tokens[..at]
        .iter()
        .rposition(|token| ends(&token.kind))
        .map_or(0, |end| end + 1);
    if !matches!(tokens.get(start)?.kind, TokenKind::Keyword(Keyword::Assert)) {
        return None;
    }
    tokens[start..]
        .iter()
        .take_while(|token| !ends(&token.kind))
        .filter_map(|token| match &token.kind {
            TokenKind::Text(text) => Some(text.to_string()),
            _ => None,
        })
        .last()
}
