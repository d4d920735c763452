//! `leanvm verify`: a proof shows that a program accepts a public input.

use std::path::PathBuf;

use clap::Args;

use crate::command::Command;
use crate::failure::{Failure, Refused, Stage};
use crate::files::{self, Kind, Paths};
use crate::measurements::Measurements;
use crate::options::{Defines, Engine, ParameterSet};
use crate::program::engine;
use crate::program::file::ProgramFile;
use crate::program::input;
use crate::program::security;
use crate::program::warnings::Warnings;
use crate::report::Report;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Guest program, assembly text or binary program.
    program: PathBuf,
    #[command(flatten)]
    defines: Defines,
    /// Proof written by `leanvm prove`.
    proof: PathBuf,
    /// Input file (JSON); only "public" is used; left out, the input is empty.
    #[arg(short, long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// Which implementation verifies.
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
    /// Parameter set that the proof must have; a proof of another is rejected (parameters).
    #[arg(long, value_enum, default_value_t)]
    params: ParameterSet,
}

impl Command for Verify {
    fn name(&self) -> &'static str {
        "verify"
    }

    fn paths(&self) -> Paths<'_> {
        let input = self.input.as_deref();
        Paths::new([Some(&self.program), Some(&self.proof), input], [])
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let file = ProgramFile::read(&self.program, &self.defines)?;
        let input = input::read(self.input.as_deref())?;
        let proof = files::read(&self.proof, Kind::Proof)?;
        let accepted = engine::verify(self.engine, &file, &input, &proof, self.params)
            .map_err(|refused| self.failure(refused, &proof))?;
        let bits = security::bits(self.params, accepted.log_inv_rate, &accepted.sizes)?;
        let mut list = Measurements::default();
        list.row("proof", "accepted")
            .field("accepted", true)
            .field("engine", self.engine.name())
            .field("parameters", self.params.name())
            .field("log_inv_rate", accepted.log_inv_rate);
        accepted.sizes.measure(&mut list);
        list.time("verifying", "seconds.verify", accepted.verifying_time)
            .bytes("proof size", "proof_bytes", proof.len());
        bits.measure(&mut list, self.params);
        Ok(list.report())
    }
}

impl Verify {
    fn failure(&self, (stage, rejected): Refused, proof: &[u8]) -> Failure {
        let (input, path) = (self.input.as_deref(), Some(self.proof.as_path()));
        let failure = Failure::rejected(rejected, stage, &self.program, input, path);
        if stage == Stage::Verification && files::kind_of(proof) != Some(Kind::Proof) {
            return failure
                .with_summary("this file is no proof")
                .with_remedy("give a file written by `leanvm prove`");
        }
        failure
    }
}
