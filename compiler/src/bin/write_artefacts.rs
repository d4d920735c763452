//! Writes the compiled guests of `programs/artefacts`; with `--check` compares them and ends with 1
//! if one differs.
//!
//! A program of its own that does without `leanvm-programs`, which does not compile while an
//! artefact is stale.

use std::path::Path;
use std::process::ExitCode;

use leanvm_compiler::check::{FileLoader, Placeholders};
use leanvm_compiler::compile::compile;
use leanvm_compiler::diagnostics::render_all;
use leanvm_compiler::source::SourceMap;
use leanvm_spec::isa::Program;

/// The guests that the library carries.
const NAMES: [&str; 2] = ["leansig_dim64", "leanxmss42"];

/// FNV-1a, as in `programs/src/artefacts.rs`.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The files of a guest: path below `artefacts`, content.
fn files(folder: &Path, name: &str) -> Result<[(String, Vec<u8>); 2], String> {
    let path = folder.join(format!("{name}.py"));
    let source = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let entry = FileLoader::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut sources = SourceMap::default();
    let compiled = compile(
        entry,
        &mut FileLoader::of(&path),
        &Placeholders::new(),
        &mut sources,
    )
    .map_err(|diagnostics| render_all(&diagnostics, &sources))?;
    let program = Program::decode(&compiled.program).map_err(|error| error.to_string())?;
    let digest: Vec<String> = program
        .digest()
        .iter()
        .map(|element| element.value().to_string())
        .collect();
    let stamp = format!(
        "Stamp {{\n    source: 0x{:016x},\n    program: 0x{:016x},\n    digest: [{}],\n}}\n",
        checksum(&source),
        checksum(&compiled.program),
        digest.join(", ")
    );
    Ok([
        (format!("{name}.lvm"), compiled.program),
        (format!("{name}.stamp"), stamp.into_bytes()),
    ])
}

fn run(check: bool) -> Result<bool, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs");
    let mut differ = false;
    for name in NAMES {
        for (file, content) in files(&folder, name)? {
            let path = folder.join("artefacts").join(&file);
            if check {
                let same = std::fs::read(&path).is_ok_and(|committed| committed == content);
                println!("{file}: {}", if same { "as committed" } else { "DIFFERS" });
                differ |= !same;
            } else {
                std::fs::write(&path, &content)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                println!("{file}: {} bytes", content.len());
            }
        }
    }
    Ok(!differ)
}

fn main() -> ExitCode {
    let check = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [flag] if flag == "--check" => true,
        other => {
            eprintln!("usage: write_artefacts [--check], not {other:?}");
            return ExitCode::from(2);
        }
    };
    match run(check) {
        Ok(same) => ExitCode::from(u8::from(!same)),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
