//! How much of its memory a program uses: at least 95% where it has more than 10,000 cells,
//! whatever its loops, branches, calls and chunks look like.

use std::path::Path;

use leanvm_compiler::compile::compile_checked;
use leanvm_compiler::interpreter::{DEFAULT_STEPS, interpret};
use leanvm_compiler::source::SourceMap;
use leanvm_fast::execution::{Limits, execute};
use leanvm_fast::isa::Program;

use super::generator::Choices;
use super::machine::{self, machine_input};
use super::{Case, GUESTS, SpecHasher, case, front_end, guest_file, parse_input, words};

/// Cells from which on the share is asked for.
const MANY: usize = 10_000;

/// The input that the header of a program asks for: `bits: n b` for n lists of one number below b,
/// `chunks: n` for n lists of eight.
fn with_lists(text: &str) -> Case {
    let mut case = case(text);
    let mut choices = Choices::new(1);
    for line in text.lines().take_while(|line| line.starts_with('#')) {
        let Some((key, value)) = line[1..].trim().split_once(':') else {
            continue;
        };
        let numbers = || words(value);
        let lists = match key {
            "bits" => (0..numbers()[0])
                .map(|_| vec![choices.below(numbers()[1] as usize) as u32])
                .collect(),
            "chunks" => (0..numbers()[0])
                .map(|_| (0..8).map(|_| choices.below(1 << 20) as u32).collect())
                .collect(),
            _ => continue,
        };
        case.input.private.insert(key.to_owned(), lists);
    }
    case
}

/// The cells and the used cells of a run that means what the interpreter says.
fn cells(name: &str, text: &str, case: &Case) -> (usize, usize) {
    let mut sources = SourceMap::new();
    let checked = front_end(name, text, case, &mut sources).expect("it compiles");
    let run = interpret(&checked, &case.input, &SpecHasher, DEFAULT_STEPS);
    assert_eq!(run.outcome, Ok(()), "{name}");
    if let Err(difference) = machine::agrees(&checked, &case.input, &run) {
        panic!("{name}: {}", difference.describe(&sources));
    }
    let linked = compile_checked(&checked).expect("it compiles");
    let program = Program::decode(&linked.program).expect("a program");
    let execution = execute(&program, &machine_input(&case.input), &Limits::default());
    let execution = execution.expect("it runs");
    (execution.memory().len(), execution.used_cells() as usize)
}

#[test]
fn programs_use_their_memory() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/memory");
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of programs") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy();
        let text = std::fs::read_to_string(&path).expect("a program");
        let case = with_lists(&text);
        texts.push((name.into_owned(), text, case));
    }
    for (name, _) in GUESTS {
        let case = Case {
            input: parse_input(&guest_file(&format!("{name}.json"))),
            ..Case::default()
        };
        texts.push((name.to_owned(), guest_file(&format!("{name}.py")), case));
    }
    texts.sort_by(|left, right| left.0.cmp(&right.0));
    let mut many = 0;
    for (name, text, case) in texts {
        let (cells, used) = cells(&name, &text, &case);
        println!("{name}: {used} of {cells} cells");
        if cells > MANY {
            many += 1;
            assert!(used * 20 >= cells * 19, "{name}: {used} of {cells} cells");
        }
    }
    assert!(many >= 15, "{many} programs with many cells");
}
