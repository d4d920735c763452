//! The compiled guests of `programs/artefacts`, for the tool that writes them and for a test.

use std::path::Path;
use std::sync::Arc;

use leanvm_compiler::ast::ConstantValue;
use leanvm_compiler::check::{FileLoader, Placeholders};
use leanvm_compiler::compile::compile;
use leanvm_compiler::diagnostics::render_all;
use leanvm_compiler::source::SourceMap;
use leanvm_spec::isa::Program;

/// A compiled guest.
pub(crate) struct Artefact {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its text and those of its modules.
    pub(crate) texts: Vec<String>,
    /// The binary program.
    pub(crate) program: Vec<u8>,
    /// The program.
    pub(crate) decoded: Program,
}

/// All of them, by name.
///
/// # Errors
/// What the compiler says.
pub(crate) fn compile_all(folder: &Path) -> Result<[Artefact; 3], String> {
    let leansig = guest(folder, "leansig_dim64", &Placeholders::new())?;
    let leanxmss42 = guest(folder, "leanxmss42", &Placeholders::new())?;
    let merge = merge(folder, &leanxmss42.decoded)?;
    Ok([leansig, leanxmss42, merge])
}

fn guest(
    folder: &Path,
    name: &'static str,
    placeholders: &Placeholders,
) -> Result<Artefact, String> {
    let path = folder.join(format!("{name}.py"));
    let entry = FileLoader::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut sources = SourceMap::default();
    let compiled = compile(
        entry,
        &mut FileLoader::of(&path),
        placeholders,
        &mut sources,
    )
    .map_err(|diagnostics| render_all(&diagnostics, &sources))?;
    let decoded = Program::decode(&compiled.program).map_err(|error| error.to_string())?;
    Ok(Artefact {
        name,
        texts: sources
            .files()
            .iter()
            .map(|file| file.text().to_owned())
            .collect(),
        program: compiled.program,
        decoded,
    })
}

/// The guest that verifies proofs of `leanxmss42` and of itself. It is told its own number of
/// instructions, which does not depend on that number.
fn merge(folder: &Path, leanxmss42: &Program) -> Result<Artefact, String> {
    let number = |number: usize| {
        let number = u32::try_from(number).map_err(|error| error.to_string())?;
        Ok::<_, String>(ConstantValue::Integer(number))
    };
    let digest = leanxmss42
        .digest()
        .map(|element| ConstantValue::Integer(element.value()));
    let compiled = |own: usize| {
        let placeholders = [
            ("SET_PLACEHOLDER", number(3)?),
            ("NUM_PUBLIC_PLACEHOLDER", number(24)?),
            (
                "LEANXMSS42_INSTRUCTIONS_PLACEHOLDER",
                number(leanxmss42.instructions().len())?,
            ),
            (
                "LEANXMSS42_DIGEST_PLACEHOLDER",
                ConstantValue::List(Arc::from(digest.clone())),
            ),
            ("MERGE_INSTRUCTIONS_PLACEHOLDER", number(own)?),
        ];
        let placeholders = placeholders.map(|(name, value)| (name.to_owned(), value));
        guest(folder, "merge", &placeholders.into_iter().collect())
    };
    let first = compiled(1 << 16)?.decoded.instructions().len();
    let merge = compiled(first)?;
    let own = merge.decoded.instructions().len();
    if own == first {
        Ok(merge)
    } else {
        Err(format!("merge: {first} instructions, then {own}"))
    }
}
