//! The `leanvm` command.

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    name_process();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    ExitCode::from(leanvm_cli::main_from(&arguments, &[]))
}

/// Gives the process its name, which the system takes from the file: that of the portable build is
/// a number.
fn name_process() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::set_name(c"leanvm");
}
