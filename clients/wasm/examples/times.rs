//! The times of verifying aggregate files by their own claims, natively: `times.mjs` has those of
//! Node and Chromium.
//!
//! `cargo run --release -p leanvm-wasm --example times -- FILE…`

use std::time::Instant;

use leanvm_wasm::verify::aggregate;

const RUNS: usize = 21;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let start = Instant::now();
        let clock = || 1e3 * start.elapsed().as_secs_f64();
        let mut times = Vec::new();
        for _ in 0..RUNS {
            times.push(aggregate(&bytes, None, clock)?.milliseconds);
        }
        let first = times[0];
        times.sort_by(f64::total_cmp);
        println!(
            "{path}: native, first {first:.1} ms, median {:.1} ms",
            times[RUNS / 2]
        );
    }
    Ok(())
}
