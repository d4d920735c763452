//! Programs in the guest language: compiled in memory to the binary program of SPEC §4.

use std::path::Path;

use leanvm_compiler::check::{FileLoader, Placeholders};
use leanvm_compiler::compile::{Compiled, compile};
use leanvm_compiler::diagnostics::render_all;
use leanvm_compiler::source::SourceMap;

use crate::failure::Failure;

/// Whether a file is a guest program by its name.
pub(crate) fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "py")
}

/// Compiles a file and what it imports from its folder.
pub(crate) fn compiled(path: &Path) -> Result<Compiled, Failure> {
    let entry = FileLoader::read(path).map_err(|error| {
        let detail = format!("cannot be read: {error}");
        Failure::unusable(path, detail, "give a readable file of UTF-8 text")
    })?;
    let mut sources = SourceMap::default();
    let placeholders = Placeholders::new();
    compile(
        entry,
        &mut FileLoader::default(),
        &placeholders,
        &mut sources,
    )
    .map_err(|diagnostics| {
        let detail = format!("does not compile\n{}", render_all(&diagnostics, &sources));
        Failure::unusable(
            path,
            detail,
            "see the remedy below each error; compiler/LANGUAGE.md is the reference",
        )
    })
}
