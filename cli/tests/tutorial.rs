//! The tutorial is correct: each of its files is written, each of its commands is run, and the
//! output is the one shown.

use std::path::Path;
use std::process::Command;

use crate::common::Folder;

/// A fenced block: what stands behind the fence, and the text.
fn blocks(text: &str) -> Vec<(&str, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((kind, block.join("\n") + "\n"));
        }
    }
    blocks
}

/// Whether a line is as it is shown, where `…` at its end stands for anything.
fn is_shown(shown: &str, line: &str) -> bool {
    match shown.strip_suffix('…') {
        Some(start) => line.starts_with(start),
        None => line == shown,
    }
}

/// The lines of an output are those that are shown; a line `…` stands for any lines.
#[track_caller]
fn compare(command: &str, shown: &[&str], output: &str) {
    let mut lines = output.lines();
    let mut skipping = false;
    for expected in shown {
        if *expected == "…" {
            skipping = true;
            continue;
        }
        let found = if skipping {
            lines.any(|line| is_shown(expected, line))
        } else {
            lines.next().is_some_and(|line| is_shown(expected, line))
        };
        assert!(found, "{expected}\nis not shown so by {command}:\n{output}");
        skipping = false;
    }
    assert!(
        skipping || lines.next().is_none(),
        "{command} shows more:\n{output}"
    );
}

/// Runs a command in a folder; standard output, then standard error.
fn run(folder: &Path, command: &str) -> (i32, String) {
    let words: Vec<&str> = command.split_whitespace().collect();
    let (program, arguments) = words.split_first().expect("a command");
    if *program == "rm" {
        for name in arguments {
            std::fs::remove_file(folder.join(name)).expect("the file is there");
        }
        return (0, String::new());
    }
    assert_eq!(*program, "leanvm", "{command}");
    // A proof with test parameters takes less time and shows the same.
    let proves = ["prove", "verify"].contains(&arguments[0]);
    let parameters: &[&str] = if proves { &["--params", "small"] } else { &[] };
    let output = Command::new(env!("CARGO_BIN_EXE_leanvm"))
        .args(arguments)
        .args(parameters)
        .current_dir(folder)
        .output()
        .expect("leanvm starts");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).expect("output is text");
    (output.status.code().expect("leanvm is not killed"), text)
}

#[test]
fn every_command_of_the_tutorial_shows_what_it_says() {
    let tutorial = include_str!("../../compiler/TUTORIAL.md");
    let folder = Folder::new();
    let (mut files, mut commands, mut failures) = (0, 0, 0);
    for (kind, block) in blocks(tutorial) {
        if let Some((_, name)) = kind.split_once(' ') {
            folder.write(name, block);
            files += 1;
            continue;
        }
        if kind != "console" {
            // Building the command itself.
            assert_eq!(kind, "sh");
            continue;
        }
        let mut parts = block.split("$ ");
        assert_eq!(parts.next(), Some(""), "a block starts with a command");
        for part in parts {
            let mut shown = part.lines();
            let command = shown.next().expect("a command");
            let shown: Vec<&str> = shown.collect();
            let (code, output) = run(&folder.path(""), command);
            compare(command, &shown, &output);
            // What is shown tells whether it fails.
            let starts = |start: &str| shown.iter().any(|line| line.starts_with(start));
            let expected = match (starts("rejected") || starts("failed"), starts("error")) {
                (true, _) => 1,
                (_, true) => 2,
                _ => 0,
            };
            assert_eq!(code, expected, "{command}: {output}");
            commands += 1;
            failures += usize::from(code != 0);
        }
    }
    assert!(
        files >= 10 && commands >= 10 && failures >= 4,
        "{files} {commands} {failures}"
    );
}

/// What the text says of the cheat.
#[test]
fn half_of_35_is_as_the_tutorial_has_it() {
    let half = (35 + 2_130_706_433_u64) / 2;
    assert_eq!(2 * half % 2_130_706_433, 35);
    assert!(include_str!("../../compiler/TUTORIAL.md").contains(&format!("(35 + p) / 2 = {half}")));
}
