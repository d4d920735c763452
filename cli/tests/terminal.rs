//! What others wrote reaches the terminal without control characters, and cut.

use serde_json::json;

use crate::common::{Folder, leanvm, text};

const CLEAR: &str = "\u{1b}[2J\u{9b}2J\r";

#[test]
fn texts_of_others_are_shown_without_control_characters() {
    let folder = Folder::new();
    let long = format!("{CLEAR}{}", "x".repeat(100_000));
    let aggregate = folder.write("a.agg", [1, 1]);
    let scheme = json!({ "scheme": long, "signers": [] }).to_string();
    let field = json!({ "scheme": "leanxmss42", long.clone(): 1 }).to_string();
    let record = json!({
        "scheme": long, "slot": 1, "message": "", "public_key": "", "signature": "",
    });
    let signatures = json!([record]).to_string();
    let mut shown = 0;
    for (name, content) in [("scheme", scheme), ("field", field)] {
        let list = folder.write(name, content);
        let arguments = ["verify-aggregate", text(&aggregate), "--input", text(&list)];
        let outcome = leanvm(arguments);
        assert_eq!(outcome.code, 2, "{name}");
        shown += usize::from(outcome.stderr.contains("[2J"));
        harmless(&outcome.stderr);
    }
    let list = folder.write("signatures.json", signatures);
    let output = folder.path("out.agg");
    let arguments = ["aggregate", "--input", text(&list), "-o", text(&output)];
    let outcome = leanvm(arguments);
    assert_eq!(outcome.code, 2);
    shown += usize::from(outcome.stderr.contains("[2J"));
    harmless(&outcome.stderr);
    let outcome = leanvm(["run", &format!("{CLEAR}.lasm")]);
    assert_eq!(outcome.code, 2);
    shown += usize::from(outcome.stderr.contains("[2J"));
    harmless(&outcome.stderr);
    assert!(shown >= 3, "only {shown} of these texts are shown at all");
}

#[track_caller]
fn harmless(shown: &str) {
    let control = |c: char| c.is_control() && c != '\n';
    assert!(!shown.contains(control), "{shown:?}");
    assert!(shown.len() < 4000, "{} bytes", shown.len());
}
