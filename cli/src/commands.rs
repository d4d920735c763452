//! The commands.

use std::num::NonZeroUsize;

use leanvm_fast::threads;
use serde_json::{Value, json};

use crate::aggregate;
use crate::arguments::{Asm, Command, Compile, Defines, Disasm, ParameterSet, Prove, Run, Verify};
use crate::engine::{self, ProgramFile, ProveOptions, Ran, Sizes, TABLES};
use crate::failure::{Failure, Stage};
use crate::files::{self, Kind, Output};
use crate::guest;
use crate::input;
use crate::interpret;
use crate::listing;
use crate::profile;
use crate::progress::Progress;
use crate::recorded;
use crate::report::{Report, Table, merge, number, share, time};
use crate::security;
use crate::test;
use crate::warnings::Warnings;
use crate::xmss;

/// Does what the command line says.
pub(crate) fn execute(command: &Command, warnings: &mut Warnings) -> Result<Report, Failure> {
    match command {
        Command::Asm(arguments) => asm(arguments),
        Command::Compile(arguments) => compile(arguments, warnings),
        Command::Disasm(arguments) => disasm(arguments),
        Command::Run(arguments) => run(arguments, warnings),
        Command::Test(arguments) => test::report(arguments),
        Command::Profile(arguments) => profile::report(arguments, warnings),
        Command::Prove(arguments) => prove(arguments, warnings),
        Command::Verify(arguments) => verify(arguments),
        Command::Security(arguments) => security::report(arguments),
        Command::Xmss(command) => xmss::execute(command),
        Command::Aggregate(arguments) => aggregate::aggregate(arguments),
        Command::VerifyAggregate(arguments) => aggregate::verify(arguments),
    }
}

fn asm(arguments: &Asm) -> Result<Report, Failure> {
    let file = ProgramFile::read(&arguments.source, &Defines::default())?;
    let output = Output::prepare(&arguments.output)?;
    let bytes = engine::assembled(arguments.engine, &file)
        .map_err(|(stage, rejected)| Failure::rejected(rejected, stage, &file.path, None, None))?;
    output.commit(&bytes)?;
    let text = format!(
        "{}: {} bytes\n",
        arguments.output.display(),
        number(bytes.len())
    );
    Ok(Report {
        text,
        json: json!({ "output": arguments.output.display().to_string(), "bytes": bytes.len() }),
    })
}

fn compile(arguments: &Compile, warnings: &mut Warnings) -> Result<Report, Failure> {
    let output = Output::prepare(&arguments.output)?;
    let guest = guest::compiled(&arguments.source, &arguments.defines)?;
    warnings.add(Some(&guest), &arguments.lints);
    let compiled = guest.compiled;
    let digest = engine::digest(&compiled.program).map_err(|(stage, rejected)| {
        Failure::rejected(rejected, stage, &arguments.source, None, None)
    })?;
    output.commit(&compiled.program)?;
    let mut table = Table::default();
    table.figure("instructions", number(compiled.spans.len()));
    table.figure("functions", number(compiled.functions.len()));
    table.row("digest", digest.clone());
    table.row("written to", arguments.output.display().to_string());
    Ok(Report {
        text: table.text(),
        json: json!({
            "output": arguments.output.display().to_string(),
            "bytes": compiled.program.len(),
            "instructions": compiled.spans.len(),
            "functions": compiled.functions.len(),
            "digest": digest,
        }),
    })
}

fn disasm(arguments: &Disasm) -> Result<Report, Failure> {
    let file = ProgramFile::read(&arguments.program, &arguments.defines)?;
    let text = engine::disassembled(arguments.engine, &file)
        .map_err(|(stage, rejected)| Failure::rejected(rejected, stage, &file.path, None, None))?;
    let text = listing::with_sources(&text, &file);
    let json = json!({ "text": text });
    Ok(Report { text, json })
}

fn run(arguments: &Run, warnings: &mut Warnings) -> Result<Report, Failure> {
    let Some(engine) = arguments.engine.engine() else {
        return interpret::report(arguments);
    };
    let file = ProgramFile::read(&arguments.program, &arguments.defines)?;
    warnings.add(file.guest.as_ref(), &arguments.lints);
    let input = input::read(arguments.input.as_deref())?;
    let progress = Progress::start(["executing"]);
    let ran = engine::run(engine, &file, &input, arguments.limits).map_err(|refused| {
        let files = (arguments.input.as_deref(), None);
        recorded::failure(refused, &file, &input, arguments.limits, files)
    })?;
    let elapsed = progress.finish();
    let mut table = Table::default();
    table.row("program", "accepted");
    execution_rows(&mut table, &ran, arguments.verbose);
    table.figure("executing", time(elapsed));
    let mut json = json!({
        "engine": arguments.engine.name(),
        "cycles": ran.cycles,
        "seconds": { "execute": elapsed.as_secs_f64() },
    });
    merge(&mut json, memory_json(&ran));
    let text = table.text();
    Ok(ran.prints.report().then(Report { text, json }))
}

fn execution_rows(table: &mut Table, ran: &Ran, verbose: bool) {
    table
        .figure("cycles", number(ran.cycles))
        .figure("memory cells", number(ran.cells))
        .figure("  used", share(ran.used_cells, ran.cells));
    if !verbose {
        return;
    }
    table
        .figure("  next power of two", number(ran.cells.next_power_of_two()))
        .figure("  before the second pass", number(ran.first_cells))
        .figure(
            "  used before the second pass",
            share(ran.first_used_cells, ran.first_cells),
        )
        .figure(
            "  naive layout",
            number(usize::try_from(ran.naive_cells).unwrap_or(usize::MAX)),
        );
}

/// The memory in numbers: M and used cells, those of the first run (SPEC §7), the naive layout, M rounded up to a power of two.
fn memory_json(ran: &Ran) -> Value {
    json!({
        "memory_cells": ran.cells,
        "used_cells": ran.used_cells,
        "first_memory_cells": ran.first_cells,
        "first_used_cells": ran.first_used_cells,
        "naive_cells": ran.naive_cells,
        "memory_cells_power_of_two": ran.cells.next_power_of_two(),
    })
}

fn size_rows(table: &mut Table, sizes: &Sizes) {
    table.figure("rows", number(sizes.rows.iter().sum()));
    for (name, rows) in TABLES
        .iter()
        .zip(&sizes.rows)
        .filter(|(_, rows)| **rows > 0)
    {
        table.figure(format!("  {name}"), number(*rows));
    }
    table
        .figure("lookup leaves", format!("2^{}", sizes.log_leaves))
        .figure(
            "committed cells",
            format!("{} of 2^{}", number(sizes.committed_cells), sizes.log_stack),
        );
}

fn size_json(sizes: &Sizes) -> Value {
    json!({
        "rows": TABLES.iter().zip(&sizes.rows).map(|(name, rows)| ((*name).to_owned(), json!(rows))).collect::<serde_json::Map<_, _>>(),
        "log_lookup_leaves": sizes.log_leaves,
        "committed_cells": sizes.committed_cells,
        "log_stack": sizes.log_stack,
    })
}

fn security_row(table: &mut Table, set: ParameterSet, bits: &security::Bits) {
    let note = if set == ParameterSet::Production {
        ""
    } else {
        ", test parameters"
    };
    table.figure("security", format!("{:.1} bits{note}", bits.weakest));
}

fn prove(arguments: &Prove, warnings: &mut Warnings) -> Result<Report, Failure> {
    let file = ProgramFile::read(&arguments.program, &arguments.defines)?;
    warnings.add(file.guest.as_ref(), &arguments.lints);
    let input = input::read(arguments.input.as_deref())?;
    let output = Output::prepare(&arguments.output)?;
    let options = ProveOptions {
        set: arguments.params,
        log_inv_rate: arguments.log_inv_rate,
    };
    let work = || engine::prove(arguments.engine, &file, &input, arguments.limits, options);
    let threads = arguments
        .threads
        .and_then(|threads| NonZeroUsize::new(threads.into()));
    let result = threads::install(threads, work).map_err(|error| {
        Failure::usage(
            format!("threads cannot be started: {error}"),
            "ask for fewer --threads",
        )
    })?;
    let proven = result.map_err(|refused| {
        let files = (arguments.input.as_deref(), Some(arguments.output.as_path()));
        recorded::failure(refused, &file, &input, arguments.limits, files)
    })?;
    output.commit(&proven.proof)?;

    let bits = security::bits(arguments.params, arguments.log_inv_rate, &proven.sizes)?;
    let mut table = Table::default();
    table.row("program", "accepted");
    table.row("proof in", arguments.output.display().to_string());
    execution_rows(&mut table, &proven.ran, arguments.verbose);
    size_rows(&mut table, &proven.sizes);
    table
        .figure("executing", time(proven.execution_time))
        .figure("proving", time(proven.proving_time));
    for (phase, elapsed) in &proven.phases {
        table.figure(format!("  {phase}"), time(*elapsed));
    }
    table
        .figure("verifying", time(proven.verifying_time))
        .figure("proof", format!("{} bytes", number(proven.proof.len())));
    security_row(&mut table, arguments.params, &bits);

    let phases: serde_json::Map<_, _> = proven
        .phases
        .iter()
        .map(|(phase, elapsed)| (phase.clone(), json!(elapsed.as_secs_f64())))
        .collect();
    let mut json = json!({
        "engine": arguments.engine.name(),
        "parameters": arguments.params.name(),
        "log_inv_rate": arguments.log_inv_rate,
        "cycles": proven.ran.cycles,
        "seconds": {
            "execute": proven.execution_time.as_secs_f64(),
            "prove": proven.proving_time.as_secs_f64(),
            "phases": phases,
            "verify": proven.verifying_time.as_secs_f64(),
        },
        "output": arguments.output.display().to_string(),
        "proof_bytes": proven.proof.len(),
        "security_bits": bits.json(),
    });
    merge(&mut json, memory_json(&proven.ran));
    merge(&mut json, size_json(&proven.sizes));
    let text = table.text();
    Ok(proven.ran.prints.report().then(Report { text, json }))
}

fn verify(arguments: &Verify) -> Result<Report, Failure> {
    let file = ProgramFile::read(&arguments.program, &arguments.defines)?;
    let input = input::read(arguments.input.as_deref())?;
    let proof = files::read(&arguments.proof, Kind::Proof)?;
    let accepted = engine::verify(arguments.engine, &file, &input, &proof, arguments.params)
        .map_err(|(stage, rejected)| {
            let (input, path) = (arguments.input.as_deref(), Some(arguments.proof.as_path()));
            let failure = Failure::rejected(rejected, stage, &file.path, input, path);
            if stage == Stage::Verification && files::kind_of(&proof) != Some(Kind::Proof) {
                return failure
                    .with_summary("this file is no proof")
                    .with_remedy("give a file written by `leanvm prove`");
            }
            failure
        })?;
    let bits = security::bits(arguments.params, accepted.log_inv_rate, &accepted.sizes)?;
    let mut table = Table::default();
    table.row("proof", "accepted");
    size_rows(&mut table, &accepted.sizes);
    table
        .figure("verifying", time(accepted.verifying_time))
        .figure("proof size", format!("{} bytes", number(proof.len())));
    security_row(&mut table, arguments.params, &bits);
    let mut json = json!({
        "engine": arguments.engine.name(),
        "parameters": arguments.params.name(),
        "log_inv_rate": accepted.log_inv_rate,
        "accepted": true,
        "seconds": { "verify": accepted.verifying_time.as_secs_f64() },
        "proof_bytes": proof.len(),
        "security_bits": bits.json(),
    });
    merge(&mut json, size_json(&accepted.sizes));
    Ok(Report {
        text: table.text(),
        json,
    })
}
