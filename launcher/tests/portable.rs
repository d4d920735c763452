//! The portable command that scripts/build-portable has made, run as a user does. `LEANVM_PORTABLE`
//! is its path. Without the variable nothing is tested, so these tests are run by name only:
//! `cargo test -p leanvm-launcher -- --ignored`.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use leanvm_launcher::level::{Level, VARIABLE, choose, detected};

fn path() -> PathBuf {
    let path = std::env::var_os("LEANVM_PORTABLE");
    path.expect("LEANVM_PORTABLE is the path of the portable command")
        .into()
}

fn command(level: Option<&str>, arguments: &[&str]) -> Command {
    let mut command = Command::new(path());
    command.args(arguments).env_remove(VARIABLE);
    if let Some(level) = level {
        command.env(VARIABLE, level);
    }
    command
}

fn output(level: Option<&str>, arguments: &[&str]) -> Output {
    command(level, arguments).output().expect("it starts")
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("output is text")
}

fn best() -> Level {
    choose(None, &detected()).expect("a level")
}

/// The levels of this processor.
fn levels() -> impl Iterator<Item = Level> {
    Level::ALL.into_iter().filter(|level| *level <= best())
}

/// A command that waits for its standard input, with both ends open.
fn waiting() -> Child {
    command(None, &["asm", "-", "-o", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts")
}

/// Waits until the launcher has become the build, and that has given the process its name.
fn wait_for_start(child: &Child) {
    let process = Path::new("/proc").join(child.id().to_string());
    let is_build = || {
        let file = process.join("exe").read_link().expect("the process runs");
        file == Path::new("/memfd:leanvm (deleted)")
    };
    let name = || std::fs::read_to_string(process.join("comm")).expect("the process runs");
    for _ in 0..1000 {
        if is_build() && name() == "leanvm\n" {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("is a build: {}, name: {}", is_build(), name());
}

#[test]
#[ignore = "needs the portable command"]
fn the_version_says_which_level_is_in_use() {
    let said = |level| {
        let output = output(level, &["--version"]);
        assert!(output.status.success(), "{output:?}");
        text(output.stdout)
    };
    for level in levels() {
        let version = said(Some(level.name()));
        let expected = format!(" for {} (", level.processor());
        assert!(version.contains(&expected), "{version}");
    }
    assert_eq!(said(None), said(Some(best().name())));
    assert_eq!(said(Some("")), said(None));
}

#[test]
#[ignore = "needs the portable command"]
fn each_level_writes_the_same_bytes() {
    let mut all = Vec::new();
    for level in levels() {
        let arguments = ["aggregate", "--signatures", "8", "--seed", "x", "-o", "-"];
        let output = output(Some(level.name()), &arguments);
        let report = text(output.stderr);
        assert!(output.status.success(), "{}: {report}", level.name());
        // Who forces a level gets no note about the others.
        assert!(!report.contains("note:"), "{report}");
        assert!(output.stdout.len() > 10_000, "{}", output.stdout.len());
        all.push(output.stdout);
    }
    assert!(all.windows(2).all(|two| two[0] == two[1]));
}

#[test]
#[ignore = "needs the portable command"]
fn measurements_name_the_level() {
    for level in levels() {
        let output = output(
            Some(level.name()),
            &["aggregate", "--signatures", "1", "--json"],
        );
        let json = text(output.stdout);
        let expected = format!("\"level\":\"{}\"", level.processor());
        assert!(json.contains(&expected), "{json}");
    }
}

/// `bench` starts the command again, which has no name on a disk.
#[test]
#[ignore = "needs the portable command"]
fn a_command_that_starts_itself_stays_at_its_level() {
    for level in levels() {
        let arguments = ["bench", "--signatures", "1", "--repeat", "1"];
        let output = output(Some(level.name()), &arguments);
        let said = text(output.stdout);
        assert!(output.status.success(), "{said}");
        let expected = format!("instructions: {} (", level.processor());
        assert!(said.contains(&expected), "{said}");
    }
}

#[test]
#[ignore = "needs the portable command"]
fn what_is_no_level_is_refused() {
    let output = output(Some("v5"), &["--version"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(output.stdout), "");
    assert_eq!(
        text(output.stderr),
        "error: LEANVM_LEVEL is `v5`, which is no level\n  \
         remedy: baseline, v3 or v4; without it the best of the processor is taken\n"
    );
}

#[test]
#[ignore = "needs the portable command"]
fn exit_codes_streams_and_arguments_pass_through() {
    for level in levels().map(Level::name) {
        // A program on standard input, assembled to standard output, and taken apart again.
        let through = |arguments: &[&str], input: &[u8]| {
            let mut child = command(Some(level), arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("it starts");
            let mut stdin = child.stdin.take().expect("a pipe");
            stdin.write_all(input).expect("it reads");
            drop(stdin);
            child.wait_with_output().expect("it ends")
        };
        let assembled = through(&["asm", "-", "-o", "-"], b"add 1, 1, 3\nhalt\n");
        assert_eq!(assembled.status.code(), Some(0), "{assembled:?}");
        let program = assembled.stdout;
        let taken_apart = through(&["disasm", "-"], &program);
        assert!(text(taken_apart.stdout).contains("add 1, 1, 3"));
        // 1 + 1 is not 3.
        let rejected = through(&["run", "-"], &program);
        assert_eq!(rejected.status.code(), Some(1), "{rejected:?}");
        assert!(text(rejected.stderr).contains("relation-violated"));
        let unusable = through(&["run", "ä ö"], b"");
        assert_eq!(unusable.status.code(), Some(2), "{unusable:?}");
        assert!(text(unusable.stderr).contains("ä ö"));
        let usage = through(&["frobnicate", "ä"], b"");
        assert_eq!(usage.status.code(), Some(2), "{usage:?}");
    }
}

/// The process that the caller has started is the one that works: it has the name of the command,
/// it gets signals, and none of its files is that of the build.
#[test]
#[ignore = "needs the portable command"]
fn the_process_becomes_the_build() {
    let mut child = waiting();
    wait_for_start(&child);
    let files = format!("/proc/{}/fd", child.id());
    for file in std::fs::read_dir(files).expect("the process runs") {
        let Ok(file) = std::fs::read_link(file.expect("an entry").path()) else {
            continue;
        };
        assert!(!file.to_string_lossy().contains("memfd"), "{file:?}");
    }
    let killed = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(killed.expect("kill starts").success());
    const TERM: i32 = 15;
    assert_eq!(child.wait().expect("it ends").signal(), Some(TERM));
}

/// The name by which the command was called is kept.
#[test]
#[ignore = "needs the portable command"]
fn the_first_argument_passes_through() {
    let mut child = command(None, &["asm", "-", "-o", "-"])
        .arg0("another name")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    wait_for_start(&child);
    let line = std::fs::read(format!("/proc/{}/cmdline", child.id())).expect("the process runs");
    assert!(line.starts_with(b"another name\0asm\0-\0-o\0-"), "{line:?}");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

/// Where neither memory nor a file may be executed, the command says what to do. A limit on the
/// size of files stands for such a system: it is that of files in memory too.
#[test]
#[ignore = "needs the portable command"]
fn a_system_that_refuses_is_told_of() {
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" --version";
    let output = Command::new("sh")
        .args([OsStr::new("-c"), OsStr::new(script), path().as_os_str()])
        .output()
        .expect("sh starts");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = text(output.stderr);
    assert!(said.contains("error: this system does not let"), "{said}");
    assert!(said.contains("from memory: File too large"), "{said}");
    assert!(said.contains("remedy: set TMPDIR"), "{said}");
}
