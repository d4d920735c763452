//! Times commit and open of random tables, by phase, in wall and processor time.
//!
//! `cargo run --release -p leanvm-fast --example commitment -- [log cells] [log_inv_rate]`; set
//! `RUSTFLAGS="-C target-cpu=native"`.

use std::time::{Duration, Instant};

use leanvm_fast::commitment::{
    Claims, Stacking, TableShape, commit, open, receive_commitment, verify_opening,
};
use leanvm_fast::field::{EF, F, from_coordinates, to_canonical};
use leanvm_fast::multilinear::evaluate_base;
use leanvm_fast::parameters::{ParameterSet, Parameters};
use leanvm_fast::tables::TableId;
use leanvm_fast::transcript::{ProverTranscript, VerifierTranscript};
use leanvm_fast::tuning::Tuning;

/// Processor time of the threads of this process; zero where the system does not tell.
fn processor_time() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let nanoseconds = threads
        .flatten()
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("schedstat")).ok())
        .filter_map(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .sum();
    Duration::from_nanos(nanoseconds)
}

struct Phases(Vec<(&'static str, Duration)>);

impl Phases {
    fn run<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.0.push((name, start.elapsed()));
        result
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<u32>());
    let mut number = |default| arguments.next().and_then(Result::ok).unwrap_or(default);
    let log_cells = number(20);
    let rate = number(1);
    let repetitions = number(5);
    let parameters = Parameters::new(ParameterSet::Production, rate).expect("a known rate");
    let mut seed = 1u32;
    let mut random = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        F::new(seed >> 2)
    };
    // About a stack of 2^log_cells: POSEIDON_16 and MEMORY share most of it.
    let cells = 1usize << log_cells;
    let shapes: Vec<TableShape> = [
        (0, 1000, 1),
        (1, cells * 3 / 10 / 19, 19),
        (2, cells / 20 / 14, 14),
        (3, cells / 40 / 14, 14),
        (4, cells / 30 / 11, 11),
        (5, cells / 60 / 14, 14),
        (7, cells * 4 / 10 / 120, 120),
        (10, cells / 20 / 20, 20),
    ]
    .into_iter()
    .map(|(table, rows, columns)| TableShape {
        table: TableId::ALL[table],
        rows,
        columns,
    })
    .collect();
    let stacking = Stacking::new(&parameters, &shapes).expect("inside the caps");
    println!(
        "cells {} of 2^{}, {} rectangles, width {}",
        stacking.cells(),
        stacking.log_cells(),
        stacking.rectangles().len(),
        stacking.width()
    );
    let columns: Vec<Vec<Vec<F>>> = shapes
        .iter()
        .map(|s| {
            (0..s.columns)
                .map(|_| (0..s.rows).map(|_| random()).collect())
                .collect()
        })
        .collect();
    let columns: Vec<&[Vec<F>]> = columns.iter().map(Vec::as_slice).collect();
    let height = shapes.iter().map(TableShape::log_height).max().unwrap_or(3);
    let rho: Vec<EF> = (0..height)
        .map(|_| from_coordinates(std::array::from_fn(|_| random())))
        .collect();
    let tuning = Tuning::default();
    let public: Vec<F> = (0..8).map(|j| columns[1][j][0]).collect();
    let mut values = Vec::new();
    for (shape, columns) in shapes.iter().zip(&columns) {
        let mut of_table = Vec::new();
        for column in columns.iter() {
            let mut column = column.clone();
            column.resize(1 << shape.log_height(), F::default());
            let point = &rho[height - shape.log_height()..];
            of_table.push(evaluate_base(&column, point, &tuning));
        }
        values.push(of_table);
    }
    for _ in 0..repetitions {
        let mut phases = Phases(Vec::new());
        let before = processor_time();
        let start = Instant::now();
        let mut transcript = ProverTranscript::new(false);
        let committed = phases.run("commit", || {
            commit(&parameters, &stacking, &columns, &mut transcript, &tuning)
        });
        let commit_processor = processor_time() - before;
        phases.run("open", || {
            open(committed, &rho, 0, &mut transcript, &tuning)
        });
        let wall = start.elapsed();
        let processor = processor_time() - before;
        let (proof, _) = transcript.finish();
        let words: Vec<u32> = proof.into_iter().map(to_canonical).collect();
        phases.run("verify", || {
            let mut transcript = VerifierTranscript::new(&words, false);
            let commitment = receive_commitment(&parameters, &stacking, &mut transcript)
                .expect("the proof is honest");
            let claims = Claims {
                point: &rho,
                column_values: &values,
                public_cells: &public,
            };
            verify_opening(
                &parameters,
                &stacking,
                &commitment,
                &claims,
                &mut transcript,
            )
            .expect("the proof is honest");
            transcript.finish().expect("nothing is left over");
        });
        let times: Vec<String> = phases
            .0
            .iter()
            .map(|(name, time)| format!("{name} {:.1} ms", time.as_secs_f64() * 1e3))
            .collect();
        println!(
            "wall {:.1} ms, processor {} ms (commit {} ms); {}; proof {} KiB",
            wall.as_secs_f64() * 1e3,
            processor.as_millis(),
            commit_processor.as_millis(),
            times.join(", "),
            words.len() * 4 / 1024
        );
    }
}
