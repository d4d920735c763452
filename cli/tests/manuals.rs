//! Completions of shells, and manual pages.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::common::{Folder, leanvm, text};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Commands that are in each script and have a page.
const COMMANDS: [&str; 6] = [
    "asm",
    "completions",
    "man",
    "prove",
    "verify-aggregate",
    "xmss",
];

#[test]
fn each_shell_gets_a_script_of_all_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let outcome = leanvm(["completions", shell]).accepted();
        assert_eq!(outcome.stderr, "", "{shell}");
        for expected in COMMANDS.into_iter().chain(["keygen", "log-inv-rate"]) {
            assert!(outcome.stdout.contains(expected), "{expected} for {shell}");
        }
        let json = leanvm(["completions", shell, "--json"]).accepted();
        json.has(serde_json::json!({
            "command": "completions", "status": "ok", "shell": shell, "script": outcome.stdout,
        }));
    }
    let outcome = leanvm(["completions", "cmd"]);
    assert_eq!(outcome.code, 2);
    outcome.mentions("possible values: bash, elvish, fish, powershell, zsh");
}

/// Where there is a shell that reads its script.
#[test]
fn bash_completes_commands() {
    let folder = Folder::new();
    let script = leanvm(["completions", "bash"]).accepted().stdout;
    let script = folder.write("leanvm.bash", &script);
    let completed = format!(
        "source {}; COMP_WORDS=(leanvm verify); COMP_CWORD=1; _leanvm leanvm verify leanvm; \
         echo \"${{COMPREPLY[*]}}\"",
        text(&script)
    );
    let Ok(output) = Command::new("bash").args(["-c", &completed]).output() else {
        eprintln!("notice: there is no bash");
        return;
    };
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(shown, "verify verify-aggregate\n", "{output:?}");
}

#[test]
fn each_command_has_a_page() {
    let folder = Folder::new();
    let pages = folder.path("man1");
    let outcome = leanvm(["man", text(&pages)]);
    assert_eq!(outcome.code, 2);
    outcome.mentions("does not exist");
    fs::create_dir(&pages).expect("a folder");
    let outcome = leanvm(["man", text(&pages), "--json"]).accepted();
    let listed = outcome.json()["pages"].clone();
    let listed: BTreeSet<String> = serde_json::from_value(listed).expect("names");
    let written = pages.read_dir().expect("the folder");
    let written: BTreeSet<String> = written
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| text(name.as_ref()).to_owned())
        .collect();
    assert_eq!(listed, written);
    assert!(written.contains("leanvm-xmss-keygen.1"), "{written:?}");
    for command in COMMANDS {
        let name = format!("leanvm-{command}.1");
        let page = fs::read_to_string(pages.join(&name)).expect(&name);
        let head = format!(".TH leanvm-{command} 1  \"leanvm {VERSION}\"");
        assert!(page.contains(&head), "{head} in {page}");
        assert!(page.contains("\\-\\-json"), "{page}");
    }
    let page = fs::read_to_string(pages.join("leanvm.1")).expect("the page");
    assert!(page.contains("Exit codes"), "{page}");
    // Without the processor, which `--version` names.
    assert!(
        page.ends_with(&format!(".SH VERSION\nv{VERSION}\n")),
        "{page}"
    );
    // Written again, they are the same.
    leanvm(["man", text(&pages)]).accepted();
    let again = fs::read_to_string(pages.join("leanvm.1")).expect("the page");
    assert_eq!(again, page);
}
