//! The conformance programs and the examples of LANGUAGE.md: front end, interpreter and compiler
//! against what their headers expect.

mod costs;
mod dropped;
mod generator;
mod machine;
mod memory;
mod mutation;
mod perturbation;
mod random;

use std::path::{Path, PathBuf};

use leanvm_compiler::check::{self, CheckedProgram, FileLoader, LoadedText};
use leanvm_compiler::compile::compile_checked;
use leanvm_compiler::diagnostics::{Diagnostic, render_all};
use leanvm_compiler::header::Header as Case;
use leanvm_compiler::interpreter::{DEFAULT_STEPS, Failure, Hasher, Input, Run, interpret};
use leanvm_compiler::source::SourceMap;
use leanvm_spec::field::Felt;
use leanvm_spec::permutation::{permute_16, permute_24};

/// The permutations of the executable specification.
struct SpecHasher;

fn permute<const N: usize>(state: &mut [u32; N], permutation: fn(&mut [Felt; N])) {
    let mut felts = state.map(|word| Felt::from_canonical(word).expect("canonical"));
    permutation(&mut felts);
    *state = felts.map(|felt| felt.value());
}

impl Hasher for SpecHasher {
    fn permute_16(&self, state: &mut [u32; 16]) {
        permute(state, permute_16);
    }

    fn permute_24(&self, state: &mut [u32; 24]) {
        permute(state, permute_24);
    }
}

fn words(text: &str) -> Vec<u32> {
    text.split_whitespace()
        .map(|word| word.parse().expect("an integer of a header"))
        .collect()
}

fn case(text: &str) -> Case {
    Case::parse(text).expect("a header").unwrap_or_default()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs")
}

/// The conformance programs: name and text, in the order of names.
fn programs() -> Vec<(String, String)> {
    let mut programs = Vec::new();
    for entry in std::fs::read_dir(folder()).expect("the folder of programs") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "py") {
            let name = path.file_stem().expect("a name").to_string_lossy();
            let text = std::fs::read_to_string(&path).expect("a program");
            programs.push((name.into_owned(), text));
        }
    }
    programs.sort();
    programs
}

fn chapter_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("LANGUAGE.md")
}

fn chapter() -> String {
    std::fs::read_to_string(chapter_path()).expect("LANGUAGE.md")
}

/// The examples of LANGUAGE.md: the line of the fence and the text.
fn examples() -> Vec<(String, String)> {
    let chapter = chapter();
    let mut examples = Vec::new();
    let mut current: Option<(usize, String)> = None;
    for (index, line) in chapter.lines().enumerate() {
        match &mut current {
            None if line == "```python" => current = Some((index + 1, String::new())),
            None => {}
            Some((start, text)) if line == "```" => {
                examples.push((format!("LANGUAGE.md:{start}"), std::mem::take(text)));
                current = None;
            }
            Some((_, text)) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    examples
}

/// Loads and checks a program; imports are beside the conformance programs.
fn front_end(
    name: &str,
    text: &str,
    case: &Case,
    sources: &mut SourceMap,
) -> Result<CheckedProgram, Vec<Diagnostic>> {
    let entry = LoadedText {
        name: folder().join(name).display().to_string(),
        text: text.to_owned(),
    };
    let mut loader = FileLoader::of(&folder().join(name));
    check::front_end(entry, &mut loader, &case.placeholders, sources)
}

/// Compares one program with its header; a difference is described.
fn compare(name: &str, text: &str) -> Result<(), String> {
    let case = case(text);
    let mut sources = SourceMap::new();
    let checked = front_end(name, text, &case, &mut sources);
    match (checked, &case.error) {
        (Err(diagnostics), Some(error)) => {
            let code = format!("{:?}", diagnostics[0].code);
            if code != *error {
                return Err(format!(
                    "{name}: expected {error}\n{}",
                    render_all(&diagnostics, &sources)
                ));
            }
            Ok(())
        }
        (Err(diagnostics), None) => Err(format!("{name}:\n{}", render_all(&diagnostics, &sources))),
        (Ok(program), Some(error)) => match compile_checked(&program) {
            Err(diagnostics) if format!("{:?}", diagnostics[0].code) == *error => Ok(()),
            Err(diagnostics) => Err(format!(
                "{name}: expected {error}\n{}",
                render_all(&diagnostics, &sources)
            )),
            Ok(_) => Err(format!("{name}: accepted, expected {error}")),
        },
        (Ok(program), None) => {
            let run = interpret(&program, &case.input, &SpecHasher, DEFAULT_STEPS);
            agree(&case, &run, &sources).map_err(|error| format!("{name}: {error}"))?;
            machine::agrees(&program, &case.input, &run)
                .map_err(|error| format!("{name}: {}", error.describe(&sources)))
        }
    }
}

fn agree(case: &Case, run: &Run, sources: &SourceMap) -> Result<(), String> {
    let failure = match &run.outcome {
        Ok(()) => None,
        Err(stop) => Some(stop.failure),
    };
    if failure != case.outcome {
        let place = run.outcome.as_ref().err();
        let place = place.map_or_else(String::new, |stop| sources.describe(stop.span));
        return Err(format!(
            "outcome {failure:?} at {place}, expected {:?}",
            case.outcome
        ));
    }
    if run.prints() != case.prints {
        return Err(format!(
            "prints {:?}, expected {:?}",
            run.prints(),
            case.prints
        ));
    }
    Ok(())
}

fn compare_all(programs: &[(String, String)]) {
    let differences: Vec<String> = programs
        .iter()
        .filter_map(|(name, text)| compare(name, text).err())
        .collect();
    assert!(
        differences.is_empty(),
        "{} of {} differ\n{}",
        differences.len(),
        programs.len(),
        differences.join("\n")
    );
}

#[test]
fn conformance_programs() {
    let programs = programs();
    assert!(programs.len() > 90, "{} programs", programs.len());
    compare_all(&programs);
}

#[test]
fn examples_of_the_reference() {
    let examples = examples();
    assert!(examples.len() > 20, "{} examples", examples.len());
    compare_all(&examples);
}

/// The input of a guest: an object of lists, which are nested for the private input.
fn parse_input(json: &str) -> Input {
    let mut input = Input::default();
    let mut name = String::new();
    let mut list = Vec::new();
    let mut number = None;
    let mut characters = json.chars();
    while let Some(character) = characters.next() {
        if let Some(digit) = character.to_digit(10) {
            number = Some(10 * number.unwrap_or(0) + digit);
            continue;
        }
        list.extend(number.take());
        match character {
            '"' => name = characters.by_ref().take_while(|c| *c != '"').collect(),
            ']' if list.is_empty() => {}
            ']' if name == "public" => input.public = std::mem::take(&mut list),
            ']' => {
                let lists = input.private.entry(name.clone()).or_default();
                lists.push(std::mem::take(&mut list));
            }
            _ => {}
        }
    }
    input
}

/// The guests in `programs`, with the failure that their failing input leads to.
const GUESTS: [(&str, Failure); 10] = [
    ("big_integer", Failure::NotEqual),
    ("fibonacci", Failure::NotEqual),
    ("game_of_life", Failure::NotEqual),
    ("hash_chain", Failure::NotEqual),
    ("linked_path", Failure::NotEqual),
    ("merkle_path", Failure::NotEqual),
    ("sort", Failure::NotEqual),
    ("sparse_merkle_insert", Failure::NotEqual),
    ("tokenizer", Failure::Equal),
    ("winternitz", Failure::NotEqual),
];

fn guest_file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs");
    std::fs::read_to_string(path.join(name)).expect("a file of a guest")
}

#[test]
fn guests() {
    for (name, failure) in GUESTS {
        let text = guest_file(&format!("{name}.py"));
        let mut sources = SourceMap::new();
        let program = front_end(name, &text, &Case::default(), &mut sources);
        let program = program
            .unwrap_or_else(|diagnostics| panic!("{name}\n{}", render_all(&diagnostics, &sources)));
        for (suffix, expected) in [("", None), (".fail", Some(failure))] {
            let input = parse_input(&guest_file(&format!("{name}{suffix}.json")));
            assert!(!input.public.is_empty(), "{name}");
            let run = interpret(&program, &input, &SpecHasher, DEFAULT_STEPS);
            let stop = run.outcome.as_ref().err();
            let place = stop.map_or_else(String::new, |stop| sources.describe(stop.span));
            assert_eq!(
                stop.map(|stop| stop.failure),
                expected,
                "{name}{suffix} at {place}"
            );
            if let Err(error) = machine::agrees(&program, &input, &run) {
                panic!("{name}{suffix}: {}", error.describe(&sources));
            }
        }
    }
}

/// `snark_lib` is no guest. The others need signatures or a proof as input:
/// `differential/tests/leansig_guest.rs`, the tests of aggregation and
/// `differential/tests/recursion.rs` make them.
const OTHERS: [&str; 5] = [
    "snark_lib",
    "leansig_dim64",
    "leanxmss42",
    "merge",
    "verify_proof",
];

#[test]
fn every_guest_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder of guests")
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            Some(name.strip_suffix(".py")?.to_owned())
        })
        .filter(|name| !OTHERS.contains(&name.as_str()))
        .collect();
    names.sort();
    assert_eq!(names, GUESTS.map(|(name, _)| name));
}
