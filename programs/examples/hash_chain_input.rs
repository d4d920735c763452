//! Prints an input of `hash_chain.lasm` with as many compressions as the argument says, for
//! measuring: `cargo run --release -p leanvm-programs --example hash_chain_input -- 131072 >
//! chain.json`.

use std::process::ExitCode;

use leanvm_verifier::field::{F, from_canonical, to_canonical};
use leanvm_verifier::permutation::compress_16;

fn main() -> ExitCode {
    let argument = std::env::args()
        .nth(1)
        .and_then(|text| text.parse::<u32>().ok());
    let Some(length) = argument.filter(|n| from_canonical(*n).is_some_and(|n| n != F::default()))
    else {
        eprintln!("usage: hash_chain_input N, the number of compressions, 0 < N < p");
        return ExitCode::from(2);
    };
    let mut state = [F::default(); 16];
    for _ in 0..length {
        let digest = compress_16(&state);
        state[..8].copy_from_slice(&digest);
    }
    let end: Vec<u32> = state[..8].iter().map(|x| to_canonical(*x)).collect();
    println!(
        "{{\"public\": [{length}, 0, 0, 0, 0, 0, 0, 0, {}], \"private\": {{\"start\": [[0, 0, 0, 0, 0, 0, 0, 0]]}}}}",
        end.iter()
            .map(u32::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    );
    ExitCode::SUCCESS
}
