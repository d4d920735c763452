//! The files of the command use each other in one direction: none uses, directly or through others,
//! a file that uses it. No command uses another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// By file, as the path of its module (`program::engine`), the files that it uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// The texts of the files in a folder, and in the folders in it, by module.
fn texts(folder: &Path, module: &str, texts: &mut BTreeMap<String, String>) {
    for entry in folder.read_dir().expect("the folder is readable") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy();
        let inner = if module.is_empty() {
            name.into_owned()
        } else {
            format!("{module}::{name}")
        };
        if path.is_dir() {
            self::texts(&path, &inner, texts);
        } else {
            let text = std::fs::read_to_string(&path).expect("it is readable");
            // A module of tests stands at the end of its file.
            let code = text.split("\nmod tests {").next().unwrap_or_default();
            texts.insert(inner, code.to_owned());
        }
    }
}

/// The path that a text begins with: `a::b` of `a::b::{c, d}`.
fn path(text: &str) -> Vec<&str> {
    let is_of_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let end = text.find(|c| !is_of_path(c)).unwrap_or(text.len());
    text[..end]
        .split("::")
        .filter(|name| !name.is_empty())
        .collect()
}

/// What each file uses: the modules that it declares, and those to which a path from the root of
/// the crate leads.
fn uses(texts: &BTreeMap<String, String>) -> Uses {
    let file_of = |path: &[&str]| {
        let prefixes = (1..=path.len()).rev().map(|end| path[..end].join("::"));
        prefixes.into_iter().find(|path| texts.contains_key(path))
    };
    let mut uses = Uses::new();
    for (module, text) in texts {
        let used = uses.entry(module.clone()).or_default();
        for line in text.lines().map(str::trim) {
            if line.starts_with("//") {
                continue;
            }
            assert!(
                !line.contains("super::") && !line.contains("self::"),
                "{module} names a module otherwise than from the root: {line}"
            );
            let declared = line.strip_prefix("pub(crate) ").unwrap_or(line);
            if let Some(name) = declared
                .strip_prefix("mod ")
                .and_then(|line| line.strip_suffix(';'))
            {
                let within = if module == "lib" { "" } else { module };
                let path = format!("{within}::{name}");
                used.insert(path.trim_start_matches("::").to_owned());
            }
            for (at, root) in line.match_indices("crate::") {
                let path = path(&line[at + root.len()..]);
                let file = file_of(&path).unwrap_or_else(|| panic!("{module}: whose is {line}"));
                used.insert(file);
            }
        }
        used.remove(module);
    }
    uses
}

/// A file that leads back to itself, with the way.
fn circle(uses: &Uses) -> Option<Vec<String>> {
    fn visit(at: &str, uses: &Uses, way: &mut Vec<String>, done: &mut BTreeSet<String>) -> bool {
        if let Some(start) = way.iter().position(|file| file == at) {
            way.drain(..start);
            return true;
        }
        way.push(at.to_owned());
        let mut used = uses.get(at).into_iter().flatten();
        let found = !done.contains(at) && used.any(|file| visit(file, uses, way, done));
        if !found {
            way.pop();
            done.insert(at.to_owned());
        }
        found
    }
    let (mut way, mut done) = (Vec::new(), BTreeSet::new());
    let found = uses
        .keys()
        .any(|file| visit(file, uses, &mut way, &mut done));
    found.then_some(way)
}

/// The command to which a file belongs: `run` of `commands::run` and of `commands::run::figures`.
fn command(module: &str) -> Option<&str> {
    module.strip_prefix("commands::")?.split("::").next()
}

fn sources() -> Uses {
    let mut files = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    texts(&folder, "", &mut files);
    uses(&files)
}

#[test]
fn no_file_leads_back_to_itself() {
    let uses = sources();
    assert_eq!(circle(&uses), None);
    // The way from the command line to what lies below is found.
    assert!(uses.len() > 40, "{} files", uses.len());
    assert!(uses["lib"].contains("commands"));
    assert!(uses["commands"].contains("commands::prove"));
    assert!(uses["commands::prove"].contains("program::engine"));
    assert!(uses["program::engine"].contains("program::engine::fast"));
}

#[test]
fn no_command_uses_another() {
    for (module, used) in sources() {
        let others = used.iter().filter_map(|used| command(used));
        for other in others {
            let is_list = module == "commands";
            assert!(
                is_list || command(&module) == Some(other),
                "{module} uses {other}"
            );
        }
    }
}

/// The checks above would fail.
#[test]
fn circles_are_found() {
    let files = |list: &[(&str, &str)]| {
        let files = list.iter();
        let files = files.map(|(module, text)| ((*module).to_owned(), (*text).to_owned()));
        uses(&files.collect())
    };
    let straight = [
        ("lib", "mod a;\nmod b;\nuse crate::a::Item;"),
        ("a", "mod inner;\nuse crate::b::{One, Other};"),
        ("a::inner", "// crate::a\nlet x = crate::b::f(1);"),
        ("b", ""),
    ];
    assert_eq!(circle(&files(&straight)), None);
    for (module, text) in [
        ("a::inner", "use crate::a::Item;"),
        ("b", "fn f() { crate::a::inner::g() }"),
        ("b", "use crate::lib;"),
    ] {
        let mut list = straight.to_vec();
        list.retain(|(name, _)| *name != module);
        list.push((module, text));
        let circle = circle(&files(&list)).unwrap_or_else(|| panic!("none in {list:?}"));
        assert!(circle.iter().any(|file| file == module), "{circle:?}");
    }
}
