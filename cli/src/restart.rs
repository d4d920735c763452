//! How the command starts itself once more.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

static ITSELF: OnceLock<Vec<OsString>> = OnceLock::new();

/// Says what starts it; nothing: the file of this process. The first time counts.
pub(crate) fn set(command: &[OsString]) {
    ITSELF.get_or_init(|| command.to_vec());
}

/// The command, without arguments of its own.
pub(crate) fn command() -> io::Result<Command> {
    let Some((program, arguments)) = ITSELF.get().and_then(|itself| itself.split_first()) else {
        return Ok(Command::new(own_file()?));
    };
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(command)
}

/// The file of this process. On Linux not by a name, which the portable build does not have.
fn own_file() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        Ok("/proc/self/exe".into())
    } else {
        std::env::current_exe()
    }
}
