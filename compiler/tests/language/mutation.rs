//! Mutated programs: no text makes the front end, the interpreter or the compiler panic, and what
//! is accepted means the same on the machine.

use leanvm_compiler::interpreter::{DEFAULT_GAP, Failure, interpret_with_gap};
use leanvm_compiler::source::SourceMap;
use leanvm_fast::rejection::Rejection;

use super::generator::Choices;
use super::machine::Difference;
use super::{SpecHasher, case, front_end, machine, programs};

/// Steps of the interpreter; a longer run is not compared.
const STEPS: u64 = 20_000;

/// Mutants of each conformance program.
const MUTANTS: usize = 60;

/// What replaces a token.
const TOKENS: [&str; 40] = [
    "0",
    "1",
    "2",
    "7",
    "2130706432",
    "x",
    "public",
    "a",
    "n",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "=",
    "==",
    "!=",
    "<",
    "<=",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "if",
    "else",
    "for",
    "in",
    "range",
    "unroll",
    "return",
    "def",
    "Mut",
    "Imu",
    "Const",
    "Array",
    "_",
];

/// The tokens of a text, roughly: words, numbers, spaces, and other characters one by one.
fn split(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut kind = None;
    for character in text.chars() {
        let next = match character {
            ' ' => 0,
            _ if character.is_ascii_alphanumeric() || character == '_' => 1,
            _ => 2,
        };
        match tokens.last_mut() {
            Some(token) if kind == Some(next) && next != 2 => token.push(character),
            _ => tokens.push(character.to_string()),
        }
        kind = Some(next);
    }
    tokens
}

fn mutate(text: &str, choices: &mut Choices) -> String {
    let header: String = text
        .lines()
        .take_while(|line| line.starts_with('#'))
        .map(|line| format!("{line}\n"))
        .collect();
    let mut tokens = split(text.get(header.len()..).unwrap_or_default());
    for _ in 0..1 + choices.below(3) {
        if tokens.is_empty() {
            break;
        }
        let at = choices.below(tokens.len());
        let other = choices.below(tokens.len());
        match choices.below(5) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, TOKENS[choices.below(TOKENS.len())].to_owned()),
            2 => tokens.swap(at, other),
            3 => tokens[at] = tokens[other].clone(),
            _ => tokens[at] = TOKENS[choices.below(TOKENS.len())].to_owned(),
        }
    }
    header + &tokens.concat()
}

#[test]
fn mutated_programs() {
    let mut choices = Choices::new(1);
    let mut accepted = 0;
    for (name, text) in programs() {
        for _ in 0..MUTANTS {
            let mutant = mutate(&text, &mut choices);
            let case = case(&mutant);
            let mut sources = SourceMap::new();
            let Ok(program) = front_end(&name, &mutant, &case, &mut sources) else {
                continue;
            };
            let run = |gap| interpret_with_gap(&program, &case.input, &SpecHasher, STEPS, gap);
            let (run, moved) = (run(DEFAULT_GAP), run(5 * DEFAULT_GAP));
            let failure = run.outcome.as_ref().err().map(|stop| stop.failure);
            let depends = run.outcome != moved.outcome || run.prints() != moved.prints();
            if depends || run.outside || moved.outside {
                // What depends on addresses is not compared.
                continue;
            }
            match machine::agrees(&program, &case.input, &run) {
                Ok(()) => accepted += 1,
                Err(difference) => match *difference {
                    // The machine goes on, or solves for the value, or elaboration sees the error.
                    _ if failure == Some(Failure::Undefined) => {}
                    Difference::Refused(_) => {}
                    // The frames of all iterations of a loop are there before the first one.
                    Difference::Outcome(Some(_), Some(error))
                        if error.rejection == Rejection::MemoryExhausted => {}
                    difference => panic!("{}\n{mutant}", difference.describe(&sources)),
                },
            }
        }
    }
    assert!(accepted > 100, "{accepted} programs are accepted");
}
