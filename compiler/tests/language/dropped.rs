//! Dropped constraints and dishonest hints, tried on the machine.
//!
//! A *lie* turns one hinted bit of the compiler around: no run may then succeed. A *drop* takes one
//! relation away: that is found if a run on the same input ends otherwise, or if a run succeeds
//! that fails with the relation: on another input, or with a lie. A relation that is not found
//! states what others state too.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use leanvm_compiler::compile::compile_checked;
use leanvm_compiler::source::SourceMap;
use leanvm_fast::execution::{Execution, Input, Limits, execute};
use leanvm_fast::field::to_canonical;
use leanvm_fast::isa::{HintKind, Opcode, Operand, Program};

use super::generator::{Choices, PUBLIC, SMALL, Style, generate};
use super::machine::machine_input;
use super::{Case, GUESTS, case, front_end, guest_file, parse_input, programs};

/// Cells from a frame to one that no program uses.
const FAR: u32 = 1 << 20;

/// A program as words, to be changed.
#[derive(Clone)]
struct Words {
    frame_size: u32,
    instructions: Vec<[u32; 6]>,
    /// pc, kind, flags, three k, imm; and the name.
    hints: Vec<([u32; 7], String)>,
}

impl Words {
    fn new(program: &Program) -> Self {
        let flags = |operand: Operand| match operand {
            Operand::Constant(_) => 0,
            Operand::Memory(_) => 1,
            Operand::Frame(_) => 2,
        };
        Self {
            frame_size: program.frame_size(),
            instructions: program
                .instructions()
                .iter()
                .map(|instruction| instruction.fields().map(to_canonical))
                .collect(),
            hints: program
                .hints()
                .iter()
                .map(|hint| {
                    let [a, b, c] = hint.operands;
                    let words = [
                        hint.pc,
                        hint.kind as u32,
                        flags(a) | flags(b) << 2 | flags(c) << 4,
                        to_canonical(a.k()),
                        to_canonical(b.k()),
                        to_canonical(c.k()),
                        hint.imm,
                    ];
                    (words, hint.name.clone())
                })
                .collect(),
        }
    }

    fn program(&self) -> Program {
        let mut words = vec![
            0x314d_564c,
            1,
            self.frame_size,
            self.instructions.len() as u32,
            self.hints.len() as u32,
        ];
        words.extend(self.instructions.iter().flatten());
        let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        for (words, name) in &self.hints {
            bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
            bytes.extend((name.len() as u32).to_le_bytes());
            bytes.extend(name.as_bytes());
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
        Program::decode(&bytes).expect("a program")
    }

    /// The relation at `pc` becomes 0 + 0 = 0.
    fn without(&self, pc: u32) -> Self {
        let mut changed = self.clone();
        changed.instructions[pc as usize] = [Opcode::Add as u32, 0, 0, 0, 0, 0];
        changed
    }

    /// The hint `bits` gives those of another value.
    fn with_bits_of(&self, hint: usize, value: u32) -> Self {
        let mut changed = self.clone();
        let words = &mut changed.hints[hint].0;
        words[2] &= !3;
        words[3] = value;
        changed
    }

    /// The bit of a hint `equal` is turned around: what it would be goes to a far cell, which is
    /// compared with 0.
    fn lying(&self, hint: usize) -> Self {
        let mut changed = self.clone();
        let ([pc, kind, flags, destination, left, right, imm], name) = self.hints[hint].clone();
        let far = (destination + FAR) % 2_130_706_433;
        changed.hints[hint].0 = [pc, kind, flags, far, left, right, imm];
        let turned = [pc, kind, 0b0101, destination, far, 0, imm];
        changed.hints.insert(hint + 1, (turned, name));
        changed
    }
}

struct Subject {
    words: Words,
    input: Input,
    honest: Execution,
    /// pcs that the run passes.
    executed: BTreeSet<u32>,
}

impl Subject {
    /// A program that succeeds on its input.
    fn new(name: &str, text: &str, case: &Case) -> Option<Self> {
        let mut sources = SourceMap::new();
        let checked = front_end(name, text, case, &mut sources).ok()?;
        let linked = compile_checked(&checked).ok()?;
        let program = Program::decode(&linked.program).expect("a program");
        let input = machine_input(&case.input);
        let honest = run(&program, &input)?;
        let executed = honest.cycles().iter().map(|cycle| cycle.pc).collect();
        Some(Self {
            words: Words::new(&program),
            input,
            honest,
            executed,
        })
    }

    /// The hints whose bits may be turned around.
    fn bits(&self) -> Vec<usize> {
        let equal = HintKind::Equal as u32;
        let hints = self.words.hints.iter().enumerate();
        hints
            .filter(|(_, (words, _))| words[1] == equal && self.executed.contains(&words[0]))
            .map(|(at, _)| at)
            .collect()
    }

    /// The lies: bits turned around, and bits of other values.
    fn lies(&self) -> Vec<Words> {
        let mut lies: Vec<Words> = self
            .bits()
            .iter()
            .map(|hint| self.words.lying(*hint))
            .collect();
        for (at, (words, _)) in self.words.hints.iter().enumerate() {
            if words[1] == HintKind::Bits as u32 && self.executed.contains(&words[0]) {
                for value in [0, 1, (1 << words[6]) - 1] {
                    lies.push(self.words.with_bits_of(at, value));
                }
            }
        }
        lies
    }

    /// Inputs that differ from this one in one element.
    fn other_inputs(&self) -> Vec<Input> {
        let mut inputs = Vec::new();
        for change in [1, 2_130_706_432, 70_000] {
            let changed =
                |x: &mut _| *x += leanvm_fast::field::from_canonical(change).expect("canonical");
            for at in 0..self.input.public.len() {
                let mut input = self.input.clone();
                changed(&mut input.public[at]);
                inputs.push(input);
            }
            for (name, lists) in &self.input.private {
                for (list, values) in lists.iter().enumerate() {
                    for at in 0..values.len() {
                        let mut input = self.input.clone();
                        let lists = input.private.get_mut(name).expect("a name");
                        changed(&mut lists[list][at]);
                        inputs.push(input);
                    }
                }
            }
        }
        inputs
    }
}

fn run(program: &Program, input: &Input) -> Option<Execution> {
    let limits = Limits {
        cycles: 1 << 18,
        ..Limits::default()
    };
    execute(program, input, &limits).ok()
}

/// The subjects with so many steps at most; made once for all tests.
fn subjects(max_steps: usize) -> impl Iterator<Item = &'static (String, Subject)> {
    static SUBJECTS: OnceLock<Vec<(String, Subject)>> = OnceLock::new();
    let all = SUBJECTS.get_or_init(all_subjects).iter();
    all.filter(move |(_, subject)| subject.honest.cycles().len() <= max_steps)
}

fn all_subjects() -> Vec<(String, Subject)> {
    let mut texts: Vec<(String, String, Case)> = programs()
        .into_iter()
        .map(|(name, text)| {
            let case = case(&text);
            (name, text, case)
        })
        .collect();
    for (name, _) in GUESTS {
        let case = Case {
            input: parse_input(&guest_file(&format!("{name}.json"))),
            ..Case::default()
        };
        texts.push((name.to_owned(), guest_file(&format!("{name}.py")), case));
    }
    for seed in 0..60 {
        let mut choices = Choices::new(seed);
        let mut case = Case::default();
        case.input.public = (0..PUBLIC).map(|_| choices.below(SMALL) as u32).collect();
        let text = generate(seed, Style::default());
        texts.push((format!("random {seed}"), text, case));
    }
    texts
        .into_iter()
        .filter_map(|(name, text, case)| Some((Subject::new(&name, &text, &case)?, name)))
        .map(|(subject, name)| (name, subject))
        .collect()
}

#[test]
fn a_lie_is_refused() {
    let mut lies = 0;
    for (name, subject) in subjects(100_000) {
        for hint in subject.bits() {
            let program = subject.words.lying(hint).program();
            let [pc, ..] = subject.words.hints[hint].0;
            assert!(
                run(&program, &subject.input).is_none(),
                "{name}: the hint at {pc} is not constrained"
            );
            lies += 1;
        }
    }
    println!("{lies} lies are refused");
    assert!(lies > 200, "{lies}");
}

/// The bits that lead to a case of `match`: no other bits lead anywhere else.
#[test]
fn a_lie_about_a_case_is_refused() {
    let (mut lies, mut refused) = (0, 0);
    for (name, subject) in subjects(100_000) {
        for (at, ([pc, kind, .., bits], _)) in subject.words.hints.iter().enumerate() {
            // Other uses of this hint have more bits, or are constrained too.
            let leads = *kind == HintKind::Bits as u32 && *bits <= 5;
            if !leads || !subject.executed.contains(pc) {
                continue;
            }
            for value in 0..1 << bits {
                let program = subject.words.with_bits_of(at, value).program();
                lies += 1;
                match run(&program, &subject.input) {
                    // The true value, or a bit that no case depends on.
                    Some(execution) => {
                        assert_eq!(execution.cycles(), subject.honest.cycles(), "{name}")
                    }
                    None => refused += 1,
                }
            }
        }
    }
    println!("{refused} of {lies} lies are refused");
    assert!(refused > 200 && refused * 3 > lies, "{refused} of {lies}");
}

#[test]
fn dropped_relations_are_found() {
    // Longer runs take longer: 400 steps a minute.
    let steps = std::env::var("LEANVM_DROPPED_STEPS").map_or(150, |n| n.parse().expect("a number"));
    let (mut found, mut dropped, mut left) = (0, 0, Vec::new());
    for (name, subject) in subjects(steps) {
        let lies = subject.lies();
        let lying: Vec<Program> = lies.iter().map(Words::program).collect();
        let inputs: Vec<Input> = subject.other_inputs().into_iter().take(60).collect();
        let whole = subject.words.program();
        let refused: Vec<&Input> = inputs
            .iter()
            .filter(|input| run(&whole, input).is_none())
            .collect();
        // The inputs that lies are tried on, and for each lie and each of them whether it is
        // refused: the same whatever is dropped.
        let tried: Vec<&Input> = [&subject.input]
            .into_iter()
            .chain(inputs.iter().take(12))
            .collect();
        let is_refused: Vec<Vec<OnceCell<bool>>> =
            vec![vec![OnceCell::new(); tried.len()]; lies.len()];
        for pc in &subject.executed {
            let instruction = &whole.instructions()[*pc as usize];
            let opcode = instruction.opcode();
            let program = subject.words.without(*pc).program();
            let nothing =
                instruction.fields()[..] == program.instructions()[*pc as usize].fields()[..];
            if matches!(opcode, Opcode::Jump | Opcode::Halt) || nothing {
                continue;
            }
            dropped += 1;
            let differs = run(&program, &subject.input).is_none_or(|execution| {
                execution.used_cells() != subject.honest.used_cells()
                    || execution.memory() != subject.honest.memory()
                    || execution.printed() != subject.honest.printed()
            });
            let without: Vec<OnceCell<Program>> = vec![OnceCell::new(); lies.len()];
            let lied_to = |at: usize| {
                (0..lies.len()).any(|lie| {
                    let program = without[lie].get_or_init(|| lies[lie].without(*pc).program());
                    run(program, tried[at]).is_some()
                        && *is_refused[lie][at]
                            .get_or_init(|| run(&lying[lie], tried[at]).is_none())
                })
            };
            let is_found = differs
                || refused.iter().any(|input| run(&program, input).is_some())
                || (0..tried.len()).any(lied_to);
            if is_found {
                found += 1;
            } else {
                left.push(format!("{name} {pc} {opcode:?}"));
            }
        }
    }
    println!(
        "{found} of {dropped} dropped relations are found; not: {}",
        left.join(", ").get(..2000).unwrap_or_default()
    );
    assert!(
        dropped > 1000 && 10 * found > 9 * dropped,
        "{found} of {dropped}"
    );
}
