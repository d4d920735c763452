//! The compiler of the guest language on any text: diagnostics that lie in the text, or a program
//! on which both twins agree.

use std::collections::BTreeMap;

use leanvm_compiler::check::{LoadedText, Placeholders};
use leanvm_compiler::compile::compile;
use leanvm_compiler::diagnostics::{Diagnostic, render_all};
use leanvm_compiler::parser;
use leanvm_compiler::source::SourceMap;

use super::{decode, execute};
use crate::canonical::{Case, Private};

/// Every error has a remedy and lies in its text.
fn check_errors(errors: &[Diagnostic], sources: &SourceMap) {
    assert!(!errors.is_empty(), "refused without an error");
    let shown = render_all(errors, sources);
    assert!(
        shown.contains("help: "),
        "an error without a remedy: {shown}"
    );
    for error in errors {
        let text = sources.get(error.span.file).map_or("", |file| file.text());
        let range = error.span.start as usize..error.span.end as usize;
        assert!(
            text.get(range).is_some(),
            "{error:?} does not lie in the text"
        );
    }
}

/// Parses a text; whether it is accepted.
///
/// # Panics
/// If the parser does, or an error does not lie in the text.
pub fn parse(text: &str) -> bool {
    let mut sources = SourceMap::new();
    let id = sources.add("guest.py", text);
    let Some(source) = sources.get(id) else {
        return false;
    };
    match parser::parse(source) {
        Ok(_) => true,
        Err(errors) => {
            check_errors(&errors, &sources);
            false
        }
    }
}

/// Compiles a text; whether it is accepted. The program decodes and executes alike in both twins.
///
/// # Panics
/// If the compiler does, an error does not lie in the text, or the twins disagree.
pub fn compile_and_execute(text: &str) -> bool {
    let mut sources = SourceMap::new();
    let mut modules = BTreeMap::from([("library".to_owned(), "Q = 1\n".to_owned())]);
    let entry = LoadedText {
        name: "guest.py".to_owned(),
        text: text.to_owned(),
    };
    match compile(entry, &mut modules, &Placeholders::new(), &mut sources) {
        Ok(compiled) => {
            let decoded = decode::decode(&compiled.program);
            assert!(
                decoded.is_ok(),
                "a compiled program is refused: {decoded:?}"
            );
            let public = vec![3, 1, 4, 1, 5, 9, 2, 6];
            let _ = execute::execute(&Case::new(compiled.program, public, Private::default()));
            true
        }
        Err(errors) => {
            check_errors(&errors, &sources);
            false
        }
    }
}
