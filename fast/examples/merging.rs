//! Measures merges: `cargo run --release -p leanvm-fast --example merging -- CHILDREN SIGNATURES
//! LOG_INV_RATE [REPEAT [INPUT]]`.
//!
//! So many aggregates, each of so many signatures of one message for one slot, become one merge;
//! all are of the same rate. The input of the program is written to INPUT, for `leanvm profile`.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

use leanvm_fast::aggregation::{Options, aggregate};
use leanvm_fast::execution::Input;
use leanvm_fast::field::{F, to_canonical};
use leanvm_fast::merging::{AnyAggregate, Child, Claim, merge, verify_claims, witness};
use leanvm_fast::tables::TableId;
use leanvm_fast::xmss::{Message, SecretKey, Seed};
use rayon::prelude::*;

/// An aggregate, and what it states.
type Part = (AnyAggregate, Vec<Claim>);

fn part(keys: std::ops::Range<u32>, options: &Options<'_>) -> Result<Part, Box<dyn Error>> {
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
    let list = |list: &[F]| {
        format!(
            "{:?}",
            list.iter().map(|x| to_canonical(*x)).collect::<Vec<_>>()
        )
    };
    write!(
        file,
        "{{\"public\": {}, \"private\": {{",
        list(&input.public)
    )?;
    for (i, (name, lists)) in input.private.iter().enumerate() {
        let separator = if i == 0 { "" } else { "," };
        let lists: Vec<String> = lists.iter().map(|one| list(one)).collect();
        write!(file, "{separator}\n\"{name}\": [{}]", lists.join(", "))?;
    }
    writeln!(file, "}}}}")
}

/// Time that the process has had on processors, in seconds.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    fields
        .skip(11)
        .take(2)
        .filter_map(|x| x.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [children, signatures, rate, rest @ ..] = arguments.as_slice() else {
        return Err("usage: merging CHILDREN SIGNATURES LOG_INV_RATE [REPEAT [INPUT]]".into());
    };
    let (children, signatures): (u32, u32) = (children.parse()?, signatures.parse()?);
    let options = Options::default().log_inv_rate(rate.parse()?);
    let repeat = rest
        .first()
        .map_or(Ok(1), |repeat| repeat.parse::<usize>())?;
    let parts = (0..children)
        .map(|i| part(i * signatures..(i + 1) * signatures, &options))
        .collect::<Result<Vec<Part>, _>>()?;
    let children: Vec<Child<'_>> = parts
        .iter()
        .map(|(aggregate, claims)| Child { aggregate, claims })
        .collect();
    if let Some(path) = rest.get(1) {
        write(&witness(&children, None)?.input, path)?;
    }
    for _ in 0..repeat {
        let (start, cpu) = (Instant::now(), cpu_seconds());
        let merged = merge(&children, None, &options)?;
        let (time, cpu) = (start.elapsed(), cpu_seconds() - cpu);
        let any = AnyAggregate::from(merged.merge);
        let start = Instant::now();
        verify_claims(&merged.claims, &any)?;
        println!(
            "{time:?} ({cpu:.2} s of processors): checking {:?}, executing {:?}; {} bytes, verified in {:?}",
            merged.checking,
            merged.execution,
            any.to_bytes().len(),
            start.elapsed()
        );
        println!(
            "  {} cycles, {} cells of memory, {} committed cells; {:?}",
            merged.cycles, merged.memory_cells, merged.summary.stack_cells, merged.summary.phases
        );
        let rows = TableId::ALL
            .iter()
            .zip(merged.summary.rows)
            .filter(|(_, rows)| *rows > 0);
        let rows: Vec<String> = rows
            .map(|(table, rows)| format!("{table:?} {rows}"))
            .collect();
        println!("  {}", rows.join(", "));
    }
    Ok(())
}
