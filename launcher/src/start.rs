//! Becomes a program whose bytes this process has.
//!
//! Replacing the process leaves all as it is: its number and parent, signals, the environment, open
//! files, the terminal; the exit code is that of the program.

use std::convert::Infallible;
use std::ffi::{CString, c_char};
use std::fmt;
use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use rustix::io::Errno;

/// Replaces this process by a program, with the same arguments; the result is why it could not.
///
/// The program lies in memory. A system may refuse to run what is not a file of a disk, for example
/// with `vm.memfd_noexec=2`; then it is a file without a name, in the folder for temporary files.
#[must_use]
pub fn become_program(program: &[u8]) -> Failure {
    let Err(memory) = in_memory(program).and_then(|file| execute(&file));
    let folder = std::env::temp_dir();
    let Err(disk) = on_disk(program, &folder).and_then(|file| execute(&file));
    Failure {
        memory,
        folder,
        disk,
    }
}

/// Why a program does not start.
#[derive(Debug)]
pub struct Failure {
    memory: io::Error,
    folder: PathBuf,
    disk: io::Error,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "this system does not let the portable leanvm start the build that it chose\n  \
             reason: from memory: {}; from {}: {}\n  \
             remedy: set TMPDIR to a folder in which programs may run, or use a build for one \
             level (README.md)",
            self.memory,
            self.folder.display(),
            self.disk
        )
    }
}

/// A file of these bytes in memory that nobody can change and the program does not inherit.
fn in_memory(program: &[u8]) -> io::Result<File> {
    let create = |flags| memfd_create(c"leanvm", flags);
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    // Linux before 6.3 does not know the flag, and lets every such file be executed.
    let file = create(flags | MemfdFlags::EXEC).or_else(|error| match error {
        Errno::INVAL => create(flags),
        error => Err(error),
    })?;
    let mut file = File::from(file);
    file.write_all(program)?;
    let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
    fcntl_add_seals(&file, seals)?;
    Ok(file)
}

/// A file of these bytes in a folder, without a name, so that nobody else opens it and it is gone
/// when it is no longer used.
fn on_disk(program: &[u8], folder: &Path) -> io::Result<File> {
    let mut file = tempfile::tempfile_in(folder)?;
    file.write_all(program)?;
    file.set_permissions(Permissions::from_mode(0o700))?;
    // What is open for writing is not executed.
    File::open(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

/// Replaces this process by the program in a file.
fn execute(file: &File) -> io::Result<Infallible> {
    unsafe extern "C" {
        static environ: *const *const c_char;
    }
    let arguments: Vec<CString> = std::env::args_os()
        .map(|argument| CString::new(argument.into_vec()))
        .collect::<Result<_, _>>()?;
    let mut pointers: Vec<*const c_char> = arguments.iter().map(|text| text.as_ptr()).collect();
    pointers.push(std::ptr::null());
    // SAFETY: `pointers` is a list of strings that ends with null, `environ` is one by definition,
    // and no other thread of this process changes it; all of them live until the call returns.
    unsafe { libc::fexecve(file.as_raw_fd(), pointers.as_ptr(), environ) };
    Err(io::Error::last_os_error())
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::process::{Command, ExitStatus, Stdio};

    use super::*;

    /// The variable that says how the test process replaces itself.
    const WAY: &str = "LEANVM_TEST_OF_START";
    const CODE: i32 = 7;

    /// What a process prints that goes this way, and how it ends.
    fn child(way: &str, test: &str) -> (String, ExitStatus) {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(WAY, way)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(b"input").unwrap();
        let output = child.wait_with_output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), output.status)
    }

    /// In processes of their own, which become copies of themselves.
    #[test]
    fn a_program_takes_the_place_of_the_process() {
        let Ok(way) = std::env::var(WAY) else {
            let test = "start::tests::a_program_takes_the_place_of_the_process";
            let here = std::env::current_exe().unwrap();
            let folder = here.parent().unwrap().to_str().unwrap();
            for (way, file) in [("memory", "/memfd:leanvm"), ("disk", folder)] {
                let (said, status) = child(way, test);
                assert_eq!(status.code(), Some(CODE), "{said}");
                let expected = "got input, inherits the program: false";
                assert!(said.contains(expected), "{way}: {said}");
                assert!(said.contains(&format!("\nfile {file}")), "{way}: {said}");
                assert!(said.contains(test), "{way}: {said}");
            }
            return;
        };
        let here = std::fs::read_link("/proc/self/exe").unwrap();
        if here.to_str().unwrap().ends_with(" (deleted)") {
            let mut input = String::new();
            io::stdin().read_to_string(&mut input).unwrap();
            let files = std::fs::read_dir("/proc/self/fd").unwrap();
            let open = files.filter_map(|file| std::fs::read_link(file.unwrap().path()).ok());
            let inherits = open.into_iter().any(|file| file == here);
            println!("got {input}, inherits the program: {inherits}");
            println!("file {}, {:?}", here.display(), std::env::args());
            std::process::exit(CODE);
        }
        let program = std::fs::read(&here).unwrap();
        let file = if way == "memory" {
            in_memory(&program)
        } else {
            on_disk(&program, here.parent().unwrap())
        };
        let Err(error) = execute(&file.unwrap());
        panic!("{error}");
    }

    #[test]
    fn a_program_in_memory_is_sealed() {
        let mut file = in_memory(b"program").unwrap();
        assert_eq!(
            file.write_all(b"!").unwrap_err().kind(),
            io::ErrorKind::PermissionDenied
        );
        assert!(file.set_len(0).is_err());
        let flags = rustix::io::fcntl_getfd(&file).unwrap();
        assert!(flags.contains(rustix::io::FdFlags::CLOEXEC));
    }

    #[test]
    fn what_is_no_program_is_refused_in_both_ways() {
        let failure = become_program(b"no program");
        let text = failure.to_string();
        assert!(text.contains("from memory: Exec format error"), "{text}");
        assert!(text.contains("; from /"), "{text}");
        assert!(text.contains("remedy: set TMPDIR"), "{text}");
    }
}
