//! Where outputs go: through links, into pipes, to standard output; and which files they never
//! replace.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::common::{Folder, Outcome, leanvm, text};

const HALT: &str = "halt\n";
const SQUARE: &str = "def main():\n    assert 2 * 2 == 4\n    return\n";

/// A folder with a program, and a key `alice.key` where it is asked for.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("p.lasm", HALT);
    folder
}

#[track_caller]
fn is_program(path: &Path) {
    let bytes = fs::read(path).expect("it is there");
    assert!(bytes.starts_with(b"LVM1"), "{bytes:?}");
}

fn assemble(folder: &Folder, output: &Path) -> Outcome {
    leanvm(["asm", text(&folder.path("p.lasm")), "-o", text(output)])
}

#[cfg(unix)]
#[test]
fn a_link_stays_and_its_target_is_replaced() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder();
    fs::create_dir(folder.path("far")).expect("a folder");
    let target = folder.write("far/target", "as before");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).expect("it is ours");
    let links = ["first", "second", "dangling"].map(|name| folder.path(name));
    symlink("far/target", &links[0]).expect("a link");
    symlink("first", &links[1]).expect("a link");
    symlink("far/new", &links[2]).expect("a link");
    for link in &links {
        assemble(&folder, link).accepted();
        assert!(
            fs::symlink_metadata(link)
                .expect("it is there")
                .is_symlink()
        );
        is_program(link);
    }
    is_program(&target);
    is_program(&folder.path("far/new"));
    let mode = fs::metadata(&target)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(unix)]
fn make_node(path: &Path, kind: &[&str]) -> bool {
    let status = Command::new("mknod")
        .arg(path)
        .args(kind)
        .stderr(Stdio::null())
        .status();
    status.expect("mknod starts").success()
}

#[cfg(unix)]
#[test]
fn a_pipe_is_written_to_and_stays() {
    use std::os::unix::fs::FileTypeExt;
    let folder = folder();
    let pipe = folder.path("pipe");
    assert!(make_node(&pipe, &["p"]));
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read(pipe).expect("it can be read")
    });
    assemble(&folder, &pipe).accepted();
    assert!(reader.join().expect("it ends").starts_with(b"LVM1"));
    assert!(
        fs::metadata(&pipe)
            .expect("it is there")
            .file_type()
            .is_fifo()
    );
}

#[cfg(unix)]
#[test]
fn a_device_is_written_to_and_a_socket_refused() {
    use std::os::unix::fs::FileTypeExt;
    let folder = folder();
    // Only root makes devices: one that swallows all, and one that is full.
    let (null, full) = (folder.path("null"), folder.path("full"));
    if make_node(&null, &["c", "1", "3"]) && File::options().write(true).open(&null).is_ok() {
        assemble(&folder, &null).accepted();
        assert!(
            fs::metadata(&null)
                .expect("it is there")
                .file_type()
                .is_char_device()
        );
        assert!(make_node(&full, &["c", "1", "7"]));
        assemble(&folder, &full)
            .unusable(&full)
            .mentions("no space is left");
    }
    let socket = folder.path("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    assemble(&folder, &socket)
        .unusable(&socket)
        .mentions("no regular file");
    assert!(
        fs::metadata(&socket)
            .expect("it is there")
            .file_type()
            .is_socket()
    );
}

#[test]
fn what_is_no_file_name_is_refused() {
    let folder = folder();
    folder.write("q", "");
    for (name, reason) in [
        ("", "is a directory"),
        ("q/", "not the name of a file"),
        ("absent/", "not the name of a file"),
    ] {
        let path = format!("{}{name}", text(&folder.path("")));
        assemble(&folder, Path::new(&path))
            .unusable(Path::new(&path))
            .mentions(reason);
    }
    assert_eq!(
        leanvm(["asm", text(&folder.path("p.lasm")), "-o", ""]).code,
        2
    );
    assert_eq!(folder.names(), ["p.lasm", "q"]);
}

/// Runs with bytes on standard input; standard output as bytes, standard error as text.
fn piped(arguments: &[&str], input: &[u8]) -> (i32, Vec<u8>, String) {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_leanvm"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("leanvm starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    // A command that is refused reads nothing.
    let _ = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8(output.stderr).expect("text");
    (
        output.status.code().expect("it is not killed"),
        output.stdout,
        said,
    )
}

#[test]
fn a_dash_is_standard_input_and_output() {
    let folder = folder();
    let program = folder.path("p.lasm");
    let guest = folder.write("g.py", SQUARE);
    let cases: [(&[&str], &[u8], &[u8]); 7] = [
        (&["asm", "-", "-o", "-"], HALT.as_bytes(), b"LVM1"),
        (&["asm", text(&program), "-o", "-", "--json"], b"", b"LVM1"),
        (&["compile", "-", "-o", "-"], SQUARE.as_bytes(), b"LVM1"),
        (
            &[
                "prove",
                text(&program),
                "-i",
                "-",
                "-o",
                "-",
                "--params",
                "small",
            ],
            b"{}",
            b"LMP1",
        ),
        (&["profile", text(&guest), "--folded", "-"], b"", b"main "),
        (
            &["profile", "-", "--flame-graph", "-"],
            SQUARE.as_bytes(),
            b"<?xml",
        ),
        (
            &["profile", text(&guest), "--memory-picture", "-"],
            b"",
            b"<",
        ),
    ];
    for (arguments, input, begin) in cases {
        let (code, output, said) = piped(arguments, input);
        assert_eq!(code, 0, "{arguments:?}: {said}");
        assert!(output.starts_with(begin), "{arguments:?}: {output:?}");
        assert!(!said.is_empty(), "{arguments:?}");
    }
    for (arguments, input, said) in [
        (&["run", "-"][..], SQUARE, "accepted"),
        (&["disasm", "-"], HALT, "halt"),
        (&["run", text(&program), "-i", "-"], "{}", "accepted"),
    ] {
        let (code, output, error) = piped(arguments, input.as_bytes());
        assert_eq!((code, error.as_str()), (0, ""), "{arguments:?}");
        let output = String::from_utf8(output).expect("text");
        assert!(output.contains(said), "{arguments:?}: {output}");
    }
    let (_, proof, _) = piped(
        &["prove", "-", "-o", "-", "--params", "small"],
        HALT.as_bytes(),
    );
    let verify = ["verify", text(&program), "-", "--params", "small"];
    let (code, output, _) = piped(&verify, &proof);
    assert!(code == 0 && output.starts_with(b"proof"), "{output:?}");
    // The bytes of an output, or nothing.
    let (code, output, said) = piped(&["asm", "-", "-o", "-", "--json"], b"frobnicate");
    assert_eq!((code, output), (2, Vec::new()));
    assert!(said.starts_with('{'), "{said}");
}

#[test]
fn a_stream_is_used_once() {
    let folder = folder();
    let guest = folder.write("g.py", SQUARE);
    for (arguments, reason) in [
        (
            &["run", "-", "-i", "-"][..],
            "standard input is given twice",
        ),
        (&["verify", "-", "-"], "standard input is given twice"),
        (
            &["verify-aggregate", "-", "-i", "-"],
            "standard input is given twice",
        ),
        (
            &[
                "profile",
                text(&guest),
                "--folded",
                "-",
                "--flame-graph",
                "-",
            ],
            "two outputs",
        ),
        (
            &[
                "aggregate",
                "--signatures",
                "1",
                "-o",
                "-",
                "--signers",
                "-",
            ],
            "two outputs",
        ),
    ] {
        let outcome = leanvm(arguments).unusable(Path::new("-")).mentions(reason);
        assert_eq!(outcome.stdout, "");
    }
}

#[cfg(unix)]
#[test]
fn the_file_that_is_standard_output_is_not_replaced() {
    let folder = folder();
    let out = folder.path("out");
    // As /dev/stdout is, but in this folder.
    std::os::unix::fs::symlink("/proc/self/fd/1", folder.path("stdout")).expect("a link");
    for name in ["out", "stdout"] {
        let output = Command::new(env!("CARGO_BIN_EXE_leanvm"))
            .args([
                "asm",
                text(&folder.path("p.lasm")),
                "-o",
                text(&folder.path(name)),
            ])
            .stdout(File::create(&out).expect("the folder is writable"))
            .output()
            .expect("leanvm starts");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(!output.stderr.is_empty());
        let bytes = fs::read(&out).expect("it is there");
        assert!(
            bytes.starts_with(b"LVM1") && bytes.ends_with(&[0; 16]),
            "{bytes:?}"
        );
    }
    assert!(
        fs::symlink_metadata(folder.path("stdout"))
            .expect("it is there")
            .is_symlink()
    );
}

/// Every output of every command, written to a path; none of the commands gets to its work.
fn every_output(folder: &Folder, output: &str) -> Vec<Vec<String>> {
    let path = |name: &str| text(&folder.path(name)).to_owned();
    let (program, guest, key) = (path("p.lasm"), path("g.py"), path("alice.key"));
    let sign = [
        "xmss",
        "sign",
        "--key",
        &key,
        "--slot",
        "1",
        "--message",
        "00",
        "-o",
    ];
    [
        vec!["asm", &program, "-o"],
        vec!["compile", &guest, "-o"],
        vec!["prove", &program, "--params", "tiny", "-o"],
        vec!["profile", &guest, "--folded"],
        vec!["profile", &guest, "--flame-graph"],
        vec!["profile", &guest, "--memory-picture"],
        vec!["aggregate", "--signatures", "1", "--no-cache", "-o"],
        vec!["aggregate", "--signatures", "1", "--no-cache", "--signers"],
        sign.to_vec(),
    ]
    .into_iter()
    .map(|command| {
        command
            .into_iter()
            .chain([output])
            .map(str::to_owned)
            .collect()
    })
    .collect()
}

fn contents(folder: &Folder) -> Vec<(String, Vec<u8>)> {
    let read = |name: String| {
        let bytes = fs::read(folder.path(&name)).unwrap_or_default();
        (name, bytes)
    };
    folder.names().into_iter().map(read).collect()
}

#[test]
fn no_output_takes_the_place_of_a_key_or_what_belongs_to_it() {
    let folder = folder();
    folder.write("g.py", SQUARE);
    let alice = folder.path("alice");
    leanvm(["xmss", "keygen", "--slots", "0..2", "-o", text(&alice)]).accepted();
    let mut names: Vec<PathBuf> = [
        "alice.key",
        "alice.pub",
        "alice.key.lock",
        "alice.key.cache",
        "alice.key.tmp",
        "alice.key.pub",
        "./alice.key",
        "g.py",
    ]
    .map(|name| folder.path(name))
    .to_vec();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("alice.key", folder.path("link")).expect("a link");
        names.push(folder.path("link"));
    }
    let before = contents(&folder);
    for name in names {
        for command in every_output(&folder, text(&name)) {
            assert_eq!(leanvm(&command).unusable(&name).stdout, "", "{command:?}");
            assert!(contents(&folder) == before, "{command:?}");
        }
    }
    // Names that only look alike.
    assemble(&folder, &folder.path("bob.pub")).accepted();
    assemble(&folder, &folder.path("alice.keys")).accepted();
}

#[test]
fn no_output_is_an_input_or_another_output() {
    let folder = folder();
    let guest = folder.write("g.py", SQUARE);
    let input = folder.write("i.json", "{}");
    let records = folder.path("signatures");
    fs::create_dir(&records).expect("a folder");
    let path = |name: &str| text(&folder.path(name)).to_owned();
    let (program, records) = (path("p.lasm"), text(&records).to_owned());
    let mut links = vec![path("./p.lasm"), path("signatures/../p.lasm")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("p.lasm", folder.path("link")).expect("a link");
        links.push(path("link"));
    }
    let before = contents(&folder);
    let refused = |arguments: &[&str], reason: &str| {
        let outcome = leanvm(arguments);
        assert_eq!(outcome.code, 2, "{arguments:?} {outcome:?}");
        outcome.mentions(reason);
        assert!(contents(&folder) == before, "{arguments:?}");
    };
    let is_input = "is an input of this command";
    refused(&["asm", &program, "-o", &program], is_input);
    for link in &links {
        refused(&["asm", &program, "-o", link], is_input);
        refused(&["asm", link, "-o", &program], is_input);
    }
    refused(
        &["prove", &program, "-i", text(&input), "-o", text(&input)],
        is_input,
    );
    refused(
        &[
            "profile",
            text(&guest),
            "-i",
            text(&input),
            "--folded",
            text(&input),
        ],
        is_input,
    );
    let record = path("signatures/a.json");
    refused(
        &["aggregate", "-i", &records, "-o", &record],
        "in the folder that is the input",
    );
    let two = "two outputs";
    let (new, same) = (path("new"), path("./signatures/../new"));
    let outputs = ["--folded", "--flame-graph", "--memory-picture"];
    for (i, one) in outputs.iter().enumerate() {
        for other in &outputs[i + 1..] {
            refused(&["profile", text(&guest), one, &new, other, &same], two);
        }
    }
    refused(
        &[
            "aggregate",
            "--signatures",
            "1",
            "-o",
            &new,
            "--signers",
            &same,
        ],
        two,
    );
}

/// Outcomes with standard output or standard error on a full device, or closed.
#[cfg(unix)]
#[test]
fn streams_that_cannot_be_written_to_change_no_verdict() {
    let folder = folder();
    let broken = folder.write("broken.lasm", "add 1, 1, 3\nhalt\n");
    let full = || {
        File::options()
            .write(true)
            .open("/dev/full")
            .expect("it is there")
    };
    let run = |program: &Path, extra: &[&str], close: &str| {
        let mut command = Command::new("sh");
        command
            .args([
                "-c",
                &format!("exec \"$0\" \"$@\" {close}"),
                env!("CARGO_BIN_EXE_leanvm"),
            ])
            .args(["run", text(program)])
            .args(extra);
        command
    };
    let accepted = folder.path("p.lasm");
    for (program, verdict) in [(&accepted, 0), (&broken, 1), (&folder.path("absent"), 2)] {
        for extra in [&[][..], &["--json"]] {
            for close in ["2>&-", "2>/dev/full", ">&- 2>&-", "2>&1 | true"] {
                if close.contains('|') {
                    // The verdict of a pipeline is that of its end, so the command tells its own.
                    let told = folder.path("verdict");
                    let script = "{ \"$0\" \"$@\"; echo $? > \"$TOLD\"; } 2>&1 | true; wait";
                    let status = std::process::Command::new("sh")
                        .args(["-c", script, env!("CARGO_BIN_EXE_leanvm")])
                        .args(["run", text(program)])
                        .args(extra)
                        .env("TOLD", &told)
                        .status()
                        .expect("sh starts");
                    assert!(status.success());
                    let told = std::fs::read_to_string(&told).expect("a verdict");
                    assert_eq!(told.trim(), verdict.to_string(), "{close} {extra:?}");
                    continue;
                }
                let output = run(program, extra, close).output().expect("sh starts");
                assert_eq!(output.status.code(), Some(verdict), "{close} {output:?}");
            }
            let mut to_full = run(program, extra, "");
            let output = to_full
                .stdout(full())
                .stderr(full())
                .output()
                .expect("sh starts");
            let expected = if verdict == 0 { 2 } else { verdict };
            assert_eq!(output.status.code(), Some(expected), "{output:?}");
        }
    }
}
