//! The portable `leanvm`: one file with a build for each level of x86-64. scripts/build-portable
//! makes it.

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
compile_error!("the portable build is for Linux on x86-64; elsewhere build leanvm itself");

#[cfg(target_feature = "sse3")]
compile_error!("the launcher has to start on every processor: build it by scripts/build-portable");

use std::process::ExitCode;

use leanvm_launcher::level::{Level, VARIABLE, choose, detected};
use leanvm_launcher::start::become_program;

/// The files of the builds are named by variables of the environment when this is compiled.
macro_rules! build {
    ($variable:literal) => {
        include_bytes!(env!($variable, "scripts/build-portable sets this"))
    };
}

/// The build for a level.
fn build(level: Level) -> &'static [u8] {
    match level {
        Level::Baseline => build!("LEANVM_BUILD_BASELINE"),
        Level::V3 => build!("LEANVM_BUILD_V3"),
        Level::V4 => build!("LEANVM_BUILD_V4"),
    }
}

fn main() -> ExitCode {
    let variable = std::env::var_os(VARIABLE);
    let failure = match choose(variable.as_deref(), &detected()) {
        Ok(level) => become_program(build(level)).to_string(),
        Err(refusal) => refusal.to_string(),
    };
    eprintln!("error: {failure}");
    ExitCode::from(2)
}
