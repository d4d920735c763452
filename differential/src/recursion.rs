//! SPEC §25: the guest, compiled, and program claims as both twins have them.

use std::path::{Path, PathBuf};

use leanvm_compiler::ast::ConstantValue;
use leanvm_compiler::check::{FileLoader, Placeholders};
use leanvm_compiler::compile::{Compiled, compile};
use leanvm_compiler::diagnostics::render_all;
use leanvm_compiler::source::SourceMap;
use leanvm_fast::field::{EF, coordinates, to_canonical};
use leanvm_fast::recursion::ProgramClaim;
use leanvm_spec::field::{Ext, Felt};
use leanvm_spec::recursion as spec;

/// The element as `spec` has it.
#[must_use]
pub fn spec_element(element: EF) -> Ext {
    Ext::new(coordinates(element).map(|x| Felt::new(u64::from(to_canonical(x)))))
}

/// The claim as `spec` has it.
#[must_use]
pub fn spec_claim(claim: &ProgramClaim) -> spec::ProgramClaim {
    spec::ProgramClaim {
        point: claim.point.iter().map(|x| spec_element(*x)).collect(),
        value: spec_element(claim.value),
    }
}

/// What the guest is compiled for.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The id of the parameter set.
    pub set: u32,
    /// Elements of the public input of the proof.
    pub public: u32,
    /// h_0 of the program of the proof.
    pub log_instructions: u32,
}

impl Shape {
    /// The numbers that the text of a guest leaves open.
    #[must_use]
    pub fn placeholders(&self) -> Placeholders {
        [
            ("SET_PLACEHOLDER", self.set),
            ("NUM_PUBLIC_PLACEHOLDER", self.public),
            ("LOG_INSTRUCTIONS_PLACEHOLDER", self.log_instructions),
        ]
        .map(|(name, value)| (name.to_owned(), ConstantValue::Integer(value)))
        .into_iter()
        .collect()
    }
}

/// The file of a guest of the folder `programs`.
#[must_use]
pub fn path(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs");
    folder.join(format!("{name}.py"))
}

/// A guest of the folder `programs`.
///
/// # Panics
/// If it does not compile.
#[must_use]
pub fn guest(name: &str, shape: &Shape) -> Compiled {
    let path = path(name);
    let entry = FileLoader::read(&path).expect("the guest is there");
    let mut sources = SourceMap::default();
    compile(
        entry,
        &mut FileLoader::of(&path),
        &shape.placeholders(),
        &mut sources,
    )
    .unwrap_or_else(|errors| panic!("{}", render_all(&errors, &sources)))
}
