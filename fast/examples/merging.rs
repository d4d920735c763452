//! Measures merges: `cargo run --release -p leanvm-fast --example merging -- CHILDREN SIGNATURES
//! LOG_INV_RATE [ARITY [INPUT]]`.
//!
//! So many aggregates, each of so many signatures of one message for one slot, become one merge,
//! level by level, at most ARITY at a time; all are of the same rate. The input of the program for
//! the first merge is written to INPUT, for `leanvm profile`.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::time::Instant;

use leanvm_fast::aggregation::{Options, aggregate};
use leanvm_fast::execution::Input;
use leanvm_fast::field::{F, to_canonical};
use leanvm_fast::merging::{
    AnyAggregate, Child, Claim, MAX_CHILDREN, Merged, merge, verify_claims, witness,
};
use leanvm_fast::tables::TableId;
use leanvm_fast::xmss::{Message, SecretKey, Seed};
use rayon::prelude::*;

/// An aggregate, and what it states.
type Part = (AnyAggregate, Vec<Claim>);

fn part(keys: Range<u32>, options: &Options<'_>) -> Result<Part, Box<dyn Error>> {
    let (slot, message) = (0x1234_5678, Message::from_bytes(b"message")?);
    let signed = keys.into_par_iter().map(|i| {
        let seed = Seed::of_known_bytes(&i.to_le_bytes()).ok()?;
        let slots = u64::from(slot)..u64::from(slot) + 1;
        let mut key = SecretKey::generate(slots, seed).ok()?;
        let signature = key.sign(slot, &message).ok()?;
        Some((*key.public_key(), signature))
    });
    let signed: Vec<_> = signed.collect::<Option<_>>().ok_or("no signature")?;
    let aggregate = aggregate(&message, slot, &signed, options)?;
    let keys = signed.iter().map(|(key, _)| *key).collect();
    Ok((
        aggregate.into(),
        vec![Claim {
            slot,
            message,
            keys,
        }],
    ))
}

/// The input as `leanvm` reads it.
fn write(input: &Input, path: &str) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let words = |list: &[F]| list.iter().map(|x| to_canonical(*x)).collect::<Vec<_>>();
    write!(
        file,
        "{{\"public\": {:?}, \"private\": {{",
        words(&input.public)
    )?;
    for (i, (name, lists)) in input.private.iter().enumerate() {
        let separator = if i == 0 { "" } else { "," };
        let lists: Vec<_> = lists.iter().map(|list| words(list)).collect();
        write!(file, "{separator}\n\"{name}\": {lists:?}")?;
    }
    writeln!(file, "}}}}")
}

/// A field of the status of this process, in its unit.
fn status(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    let word = line.and_then(|line| line.split_whitespace().nth(1));
    word.and_then(|word| word.parse().ok()).unwrap_or(0)
}

/// Time that the process has had on processors, in seconds.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks = fields.skip(11).take(2);
    ticks.filter_map(|x| x.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn children(parts: &[Part]) -> Vec<Child<'_>> {
    let parts = parts.iter();
    parts
        .map(|(aggregate, claims)| Child { aggregate, claims })
        .collect()
}

fn measured(parts: &[Part], options: &Options<'_>) -> Result<Part, Box<dyn Error>> {
    let children = children(parts);
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let merged = merge(&children, None, options)?;
    let (time, cpu) = (start.elapsed(), cpu_seconds() - cpu);
    show(&merged);
    let Merged { merge, claims, .. } = merged;
    let any = AnyAggregate::from(merge);
    let start = Instant::now();
    verify_claims(&claims, &any)?;
    println!(
        "  {time:.3?}, {cpu:.2} s of processors; {} bytes, verified in {:.3?}; {} MiB at most so far",
        any.to_bytes().len(),
        start.elapsed(),
        status("VmHWM") / 1024,
    );
    Ok((any, claims))
}

fn show(merged: &Merged) {
    let keys: usize = merged.claims.iter().map(|claim| claim.keys.len()).sum();
    println!(
        "{keys} keys: {} cycles, {} cells of memory, {} committed cells",
        merged.cycles, merged.memory_cells, merged.summary.stack_cells
    );
    let tables = TableId::ALL.iter().zip(merged.summary.rows);
    let rows = tables.filter(|(_, rows)| *rows > 0);
    let rows: Vec<String> = rows
        .map(|(table, rows)| format!("{table:?} {rows}"))
        .collect();
    println!("  {}", rows.join(", "));
    let phases = [
        ("checking", merged.checking),
        ("executing", merged.execution),
    ];
    let phases = phases.iter().chain(&merged.summary.phases);
    let phases: Vec<String> = phases
        .map(|(name, time)| format!("{name} {time:.1?}"))
        .collect();
    println!("  {}", phases.join(", "));
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [number, signatures, rate, rest @ ..] = arguments.as_slice() else {
        return Err("usage: merging CHILDREN SIGNATURES LOG_INV_RATE [ARITY [INPUT]]".into());
    };
    let (number, signatures): (u32, u32) = (number.parse()?, signatures.parse()?);
    let options = Options::default().log_inv_rate(rate.parse()?);
    let arity = rest
        .first()
        .map_or(Ok(MAX_CHILDREN), |arity| arity.parse())?;
    if arity < 2 {
        return Err("ARITY is at least 2".into());
    }
    let mut parts = (0..number)
        .map(|i| part(i * signatures..(i + 1) * signatures, &options))
        .collect::<Result<Vec<Part>, _>>()?;
    if let Some(path) = rest.get(1) {
        let first = &parts[..arity.min(parts.len())];
        write(&witness(&children(first), None)?.input, path)?;
    }
    loop {
        let start = Instant::now();
        parts = parts
            .chunks(arity)
            .map(|parts| measured(parts, &options))
            .collect::<Result<_, _>>()?;
        println!("level of {}: {:.3?}", parts.len(), start.elapsed());
        if parts.len() == 1 {
            return Ok(());
        }
    }
}
