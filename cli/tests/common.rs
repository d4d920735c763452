//! Runs the command as a user does.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a command printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// The command succeeded.
    #[track_caller]
    pub(crate) fn accepted(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// Exit code 1, with this rejection.
    #[track_caller]
    pub(crate) fn rejected(self, rejection: &str) -> Self {
        assert_eq!(self.code, 1, "{self:?}");
        assert!(self.stderr.starts_with("rejected: "), "{self:?}");
        assert_eq!(self.rejection(), Some(rejection), "{self:?}");
        self
    }

    /// The rejection: its name, and its code if there is one.
    pub(crate) fn rejection(&self) -> Option<&str> {
        let mut lines = self.stderr.lines();
        lines.find_map(|line| line.strip_prefix("  rejection: "))
    }

    /// Exit code 2, naming a file, a reason and a remedy.
    #[track_caller]
    pub(crate) fn unusable(self, file: &Path) -> Self {
        assert_eq!(self.code, 2, "{self:?}");
        assert!(self.stderr.starts_with("error: unusable input"), "{self:?}");
        for expected in [
            format!("\n  file: {}\n", file.display()),
            "\n  reason: ".to_owned(),
            "\n  remedy: ".to_owned(),
        ] {
            assert!(self.stderr.contains(&expected), "{expected} in {self:?}");
        }
        self
    }

    /// Standard error contains a text, wherever its lines are broken.
    #[track_caller]
    pub(crate) fn mentions(self, text: &str) -> Self {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = words(&self.stderr);
        assert!(said.contains(&words(text)), "{text} in {self:?}");
        self
    }

    /// Standard output is one JSON object with these fields among others.
    #[track_caller]
    pub(crate) fn has(&self, fields: serde_json::Value) -> serde_json::Value {
        let json = self.json();
        let expected = fields.as_object().expect("an object");
        for (name, value) in expected {
            assert_eq!(json.get(name), Some(value), "{name} of {json}");
        }
        json
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs `leanvm` with arguments.
pub(crate) fn leanvm<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Outcome {
    leanvm_with(&[], arguments)
}

/// Runs `leanvm` with arguments and variables of the environment.
pub(crate) fn leanvm_with<S: AsRef<OsStr>>(
    variables: &[(&str, &str)],
    arguments: impl IntoIterator<Item = S>,
) -> Outcome {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_leanvm"))
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .expect("leanvm starts");
    let text = |bytes| String::from_utf8(bytes).expect("output is text");
    Outcome {
        code: status.code().expect("leanvm is not killed"),
        stdout: text(stdout),
        stderr: text(stderr),
    }
}

/// A folder for the files of one test.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("the folder is writable");
        path
    }

    /// Names of the files, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("the folder is there");
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        names.sort();
        names
    }

    /// `leanvm run PROGRAM --input INPUT EXTRA`, with the same outcome from both engines.
    #[track_caller]
    pub(crate) fn run_both(&self, program: &Path, input: &Path, extra: &[&str]) -> Outcome {
        let run = |engine: &str| {
            let mut arguments = vec![
                "run",
                text(program),
                "--input",
                text(input),
                "--engine",
                engine,
            ];
            arguments.extend(extra);
            leanvm(arguments)
        };
        let (fast, spec) = (run("fast"), run("spec"));
        assert_eq!(fast.code, spec.code, "fast {fast:?}, spec {spec:?}");
        assert_eq!(
            fast.rejection(),
            spec.rejection(),
            "fast {fast:?}, spec {spec:?}"
        );
        fast
    }
}

/// What JSON says of the instruction set in use: this test is built as the command is.
pub(crate) fn processor() -> serde_json::Value {
    let processor = leanvm_fast::processor::Processor::here();
    let (used, available) = (processor.used.name(), processor.available.name());
    serde_json::json!({ "level": processor.level, "used": used, "available": available })
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("a path of ASCII")
}

/// A program that adds its two public inputs into the third, as words of a binary program.
pub(crate) const ADDER: &str = ".frame 5\nadd 0, 0, m[fp]\nderef m[fp], 0, m[fp+1]\nderef m[fp], 1, m[fp+2]\nadd m[fp+1], m[fp+2], m[fp+3]\nderef m[fp], 2, m[fp+3]\nhalt\n";

/// A program and its input, in a folder of their own.
pub(crate) struct Case {
    pub(crate) folder: Folder,
    pub(crate) program: PathBuf,
    pub(crate) input: PathBuf,
}

impl Case {
    pub(crate) fn new(program: impl AsRef<[u8]>, input: &str) -> Self {
        let folder = Folder::new();
        let program = folder.write("program", program);
        let input = folder.write("input.json", input);
        Self {
            folder,
            program,
            input,
        }
    }

    /// Runs it, with the same outcome from both engines.
    #[track_caller]
    pub(crate) fn run(&self, extra: &[&str]) -> Outcome {
        self.folder.run_both(&self.program, &self.input, extra)
    }

    /// The outcome of proving it, with the proof in `proof`.
    pub(crate) fn prove(&self, params: &str) -> Outcome {
        let (program, input) = (text(&self.program), text(&self.input));
        let proof = self.folder.path("proof");
        let files = ["prove", program, "-i", input, "-o", text(&proof)];
        leanvm(files.into_iter().chain(["--params", params]))
    }
}

/// A list of signers that names nobody.
pub(crate) const NO_SIGNERS: &str =
    r#"{"scheme": "leanxmss42", "slot": 1, "message": "00", "public_keys": []}"#;
