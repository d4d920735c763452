//! Measures aggregation: `cargo run --release -p leanvm-fast --example aggregation -- N
//! LOG_INV_RATE THREADS [REPEAT]`.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use leanvm_fast::aggregation::{
    Options, aggregate_with_report, capacity, program, verify_aggregate,
};
use leanvm_fast::tables::TableId;
use leanvm_fast::xmss::{Message, PublicKey, SecretKey, Seed, Signature};

/// Greatest resident memory of this process so far, in MiB.
fn peak_mib() -> usize {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
            line.split_whitespace().nth(1)?.parse::<usize>().ok()
        })
        .unwrap_or(0)
        / 1024
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = std::env::args()
        .skip(1)
        .map(|text| text.parse::<u32>())
        .collect::<Result<Vec<u32>, _>>()?;
    let &[number, rate, threads, ref repeat @ ..] = arguments.as_slice() else {
        return Err("usage: aggregation N LOG_INV_RATE THREADS [REPEAT]".into());
    };
    let repeat = repeat.first().copied().unwrap_or(1).max(1);
    let (slot, message) = (0x1234_5678, Message::from_bytes(b"message")?);
    let start = Instant::now();
    let signers = (0..number)
        .map(|i| {
            let seed = Seed::of_known_bytes(&i.to_le_bytes())?;
            let mut key = SecretKey::generate(u64::from(slot)..u64::from(slot) + 1, seed)?;
            let signature = key.sign(slot, &message)?;
            Ok((*key.public_key(), signature))
        })
        .collect::<Result<Vec<(PublicKey, Signature)>, Box<dyn std::error::Error>>>()?;
    println!(
        "{number} signatures made in {:?}, {} MiB",
        start.elapsed(),
        peak_mib()
    );
    let keys: Vec<PublicKey> = signers.iter().map(|(key, _)| *key).collect();

    let threads = NonZeroUsize::new(threads as usize).ok_or("no threads")?;
    let options = Options::default().log_inv_rate(rate).threads(threads);
    let (mut best, mut phases) = (Duration::MAX, BTreeMap::new());
    for _ in 0..repeat {
        let start = Instant::now();
        let (aggregate, report) = aggregate_with_report(&message, slot, &signers, &options)?;
        let time = start.elapsed();
        let start = Instant::now();
        verify_aggregate(&message, slot, &keys, &aggregate)?;
        let verifying = start.elapsed();
        if time < best {
            best = time;
            let mut order = vec![
                ("checking", report.checking),
                ("execution", report.execution),
            ];
            order.extend(report.summary.phases.iter().copied());
            phases = order.into_iter().enumerate().collect();
            println!(
                "aggregated in {time:?}, {:.1} signatures/s, {} bytes, verified in {verifying:?}, {} MiB",
                f64::from(number) / time.as_secs_f64(),
                aggregate.to_bytes().len(),
                peak_mib()
            );
            let each = |value: usize| value as f64 / f64::from(number);
            println!(
                "  {} cycles ({:.0} each), {} cells ({:.0} each), {:.1}% used, {} committed ({:.0} each), stack 2^{}, leaves 2^{}",
                report.cycles,
                each(report.cycles),
                report.memory_cells,
                each(report.memory_cells),
                100.0 * report.used_cells as f64 / report.memory_cells as f64,
                report.summary.stack_cells,
                each(report.summary.stack_cells),
                report.summary.log_stack,
                report.summary.log_leaves
            );
            for (id, rows) in TableId::ALL.into_iter().zip(report.summary.rows) {
                if rows > 0 {
                    println!(
                        "  {:>20} {rows:>9} rows, {:>10} cells",
                        id.name(),
                        rows * id.num_columns()
                    );
                }
            }
        }
    }
    for (name, time) in phases.values() {
        println!("  {name:>12} {time:>10.1?}");
    }
    println!(
        "program of {} instructions, {} fit",
        program()?.instructions().len(),
        capacity(rate)?
    );
    Ok(())
}
