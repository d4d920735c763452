//! Prose is at most 100 columns wide, in comments and in Markdown; tables and code are exempt.

use std::fs;
use std::path::{Path, PathBuf};

const MAX_COLUMNS: usize = 100;

/// The files below a folder with this extension, without what builds leave.
fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().expect("the folder is readable") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str());
        if path.is_dir() {
            if name.is_some_and(|name| name != "target" && !name.starts_with('.')) {
                files(&path, extension, found);
            }
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
}

/// The lines of prose that are too wide. `prose` takes the text of a line of prose out of a line.
fn too_wide(extension: &str, prose: impl Fn(&str) -> Option<&str>) -> Vec<String> {
    let mut paths = Vec::new();
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        extension,
        &mut paths,
    );
    assert!(paths.len() > 5, "only {} files", paths.len());
    let mut wide = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a file is readable");
        let mut code = false;
        for (line, number) in text.lines().zip(1..) {
            let Some(text) = prose(line) else {
                code = false;
                continue;
            };
            code ^= text.starts_with("```");
            if line.chars().count() > MAX_COLUMNS && !code && !text.starts_with('|') {
                wide.push(format!("{}:{number}: {line}", path.display()));
            }
        }
    }
    wide
}

/// The text of a line that is a comment.
fn comment(line: &str) -> Option<&str> {
    let text = line.trim_start().strip_prefix("//")?;
    Some(text.trim_start_matches(['/', '!']).trim_start())
}

#[test]
fn comments_are_at_most_100_columns_wide() {
    let wide = too_wide("rs", comment);
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

#[test]
fn markdown_is_at_most_100_columns_wide() {
    let wide = too_wide("md", |line| Some(line.trim_start()));
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}
