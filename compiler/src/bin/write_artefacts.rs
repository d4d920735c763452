//! Writes the compiled guests of `programs/artefacts`; with `--check` compares them and ends with 1
//! if one differs.
//!
//! A program of its own that does without `leanvm-programs`, which does not compile while an
//! artefact is stale.

#[path = "../artefacts.rs"]
mod artefacts;

use std::path::Path;
use std::process::ExitCode;

use artefacts::{Artefact, compile_all};

/// FNV-1a of words of eight bytes, the last one with zeros, as in `programs/src/artefacts.rs`.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(0xcbf2_9ce4_8422_2325, |hash, chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The files of a guest: path below `artefacts`, content.
fn files(artefact: Artefact) -> [(String, Vec<u8>); 2] {
    let texts = artefact.texts.iter();
    let texts = texts.fold(0u64, |sum, text| {
        sum.wrapping_add(checksum(text.as_bytes()))
    });
    let digest = artefact.decoded.digest();
    let digest: Vec<String> = digest.iter().map(|x| x.value().to_string()).collect();
    let stamp = format!(
        "Stamp {{\n    texts: 0x{texts:016x},\n    program_bytes: {},\n    digest: [{}],\n}}\n",
        artefact.program.len(),
        digest.join(", ")
    );
    let name = artefact.name;
    [
        (format!("{name}.lvm"), artefact.program),
        (format!("{name}.stamp"), stamp.into_bytes()),
    ]
}

fn run(check: bool) -> Result<bool, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs");
    let mut differ = false;
    for artefact in compile_all(&folder)? {
        for (file, content) in files(artefact) {
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
