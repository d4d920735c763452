//! Writes the files of `vectors/`; with `--check` compares them and ends with 1 if one differs.

use std::process::ExitCode;

use leanvm_differential::vectors;

fn main() -> ExitCode {
    let check = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [flag] if flag == "--check" => true,
        other => {
            eprintln!("usage: write_vectors [--check], not {other:?}");
            return ExitCode::from(2);
        }
    };
    let mut differ = false;
    for (name, text) in vectors::files() {
        let path = vectors::folder().join(&name);
        let (accepted, rejected) = vectors::replay(&text);
        if check {
            let same = std::fs::read_to_string(&path).is_ok_and(|committed| committed == text);
            println!(
                "{name}: {accepted} accepted, {rejected} rejected, {}",
                if same { "as committed" } else { "DIFFERS" }
            );
            differ |= !same;
        } else if let Err(error) = std::fs::write(&path, &text) {
            eprintln!("{}: {error}", path.display());
            return ExitCode::from(2);
        } else {
            println!(
                "{name}: {accepted} accepted, {rejected} rejected, {} bytes",
                text.len()
            );
        }
    }
    ExitCode::from(u8::from(differ))
}
