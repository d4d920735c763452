//! `examples/lifecycle.c`, compiled with all warnings as errors and with the sanitizers, and run
//! against the library that these tests are built with. Without a C compiler there is a notice.

#![cfg(unix)]

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What the static library needs besides, on Linux; macOS has it all.
const SYSTEM: &[&str] = if cfg!(target_os = "macos") {
    &[]
} else {
    &["-lpthread", "-lm", "-ldl", "-lrt", "-lutil", "-lgcc_s"]
};
const WARNINGS: [&str; 5] = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];
const EXAMPLE: &str = "examples/lifecycle.c";
/// The end of what the examples print.
const ALL: &str = "all as it should be\n";
const SANITIZERS: [&str; 3] = [
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-g",
];

/// Said even if the output of tests that pass is not shown.
fn notice(text: &str) {
    let _ = writeln!(std::io::stderr(), "notice: {text}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The C compiler; none where it makes no program.
fn compiler(folder: &Path, flags: &[&str]) -> Option<OsString> {
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let source = folder.join("empty.c");
    std::fs::write(&source, "int main(void) { return 0; }\n").expect("writes");
    let empty = folder.join("empty");
    let made = Command::new(&compiler)
        .args(flags)
        .arg(&source)
        .arg("-o")
        .arg(&empty)
        .output();
    let works = made.is_ok_and(|output| output.status.success())
        && Command::new(&empty)
            .status()
            .is_ok_and(|code| code.success());
    works.then_some(compiler)
}

/// The folder of the libraries that cargo has made for this test.
fn libraries() -> PathBuf {
    let test = std::env::current_exe().expect("this test");
    test.parent().expect("a folder").to_owned()
}

#[track_caller]
fn succeeds(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("it starts");
    let text = String::from_utf8_lossy(&stdout).into_owned();
    assert!(
        status.success(),
        "{command:?}: {status}\n{text}{}",
        String::from_utf8_lossy(&stderr)
    );
    text
}

fn compile(
    compiler: &OsString,
    flags: &[&str],
    source: &str,
    libraries: &[OsString],
    program: &Path,
) {
    succeeds(
        Command::new(compiler)
            .args(WARNINGS)
            .args(flags)
            .arg("-I")
            .arg(root().join("include"))
            .arg(root().join(source))
            .args(libraries)
            .args(SYSTEM)
            .arg("-o")
            .arg(program),
    );
}

/// Runs a program, whose output ends so.
fn run(program: &Path, end: &str) {
    let keys = tempfile::tempdir().expect("a folder");
    let text = succeeds(Command::new(program).arg(keys.path()));
    assert!(text.ends_with(end), "{text}");
}

/// Compiles a source with the sanitizers and the static library, and runs it.
fn sanitized(source: &str, end: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(compiler) = compiler(folder.path(), &SANITIZERS) else {
        notice(&format!(
            "no C compiler with sanitizers, so {source} is not run with them"
        ));
        return;
    };
    let program = folder.path().join("program");
    let library = libraries().join("libleanvm_c.a").into_os_string();
    compile(&compiler, &SANITIZERS, source, &[library], &program);
    run(&program, end);
}

#[test]
fn the_example_runs_with_the_sanitizers() {
    sanitized(EXAMPLE, ALL);
}

#[test]
fn the_child_of_a_fork_works_and_does_not_sign_with_a_key_of_its_parent() {
    sanitized("tests/fork.c", ALL);
}

/// The program in README.md, and its table of statuses.
#[test]
fn the_readme_is_right() {
    let text = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let header = std::fs::read_to_string(root().join("include/leanvm.h")).expect("the header");
    let statuses = header.lines().filter_map(|line| {
        let (name, number) = line.trim().strip_suffix(',')?.split_once(" = ")?;
        name.starts_with("LEANVM_STATUS_").then_some((name, number))
    });
    assert_eq!(statuses.clone().count(), 12);
    for (name, number) in statuses {
        assert!(
            text.contains(&format!("\n| {number} | `{name}` | ")),
            "{name}"
        );
    }
    let (_, program) = text.split_once("```c\n").expect("a program");
    let (program, _) = program.split_once("```").expect("its end");
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("readme.c");
    std::fs::write(&source, program).expect("writes");
    sanitized(source.to_str().expect("UTF-8"), "");
}

#[test]
fn the_example_runs_with_the_shared_library() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(compiler) = compiler(folder.path(), &[]) else {
        notice("no C compiler, so the example is not run");
        return;
    };
    let program = folder.path().join("lifecycle");
    let mut path = OsString::from("-Wl,-rpath,");
    path.push(libraries());
    let mut search = OsString::from("-L");
    search.push(libraries());
    compile(
        &compiler,
        &["-O2"],
        EXAMPLE,
        &[search, "-lleanvm_c".into(), path],
        &program,
    );
    run(&program, ALL);
}

/// The header is one of C++ too.
#[test]
fn the_header_is_of_cxx_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("header.cc");
    let text = "#include \"leanvm.h\"\nleanvm_options options = LEANVM_OPTIONS_INIT;\n";
    std::fs::write(&source, text).expect("writes");
    let mut command = Command::new("c++");
    command.args(["-std=c++11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]);
    command.arg("-I").arg(root().join("include")).arg(&source);
    if command.output().is_err() {
        notice("no C++ compiler, so the header is not tried with it");
        return;
    }
    succeeds(&mut command);
}
