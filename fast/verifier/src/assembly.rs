//! SPEC §8 assembly.
//!
//! Text to binary program and back. The assembler only parses; every check of a program is that of
//! decoding.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use p3_field::PrimeCharacteristicRing;

use crate::field::{F, MODULUS, from_canonical, to_canonical};
use crate::isa::{HALF, Hint, HintKind, Imm, Instruction, Opcode, Operand, PERMUTE, Program};
use crate::rejection::{Error, Rejection};

type Parsed<T> = Result<T, String>;

/// Assembles a program: §8.1, then §8.2.
///
/// ```
/// use leanvm_verifier::assembly::assemble;
///
/// let program = assemble("add 1, 2, 3\nhalt")?;
/// assert_eq!(program.instructions().len(), 2);
/// let error = assemble("add 1, 2\nhalt").unwrap_err();
/// assert_eq!(error.rejection.name(), "assembly-syntax");
/// # Ok::<(), leanvm_verifier::rejection::Error>(())
/// ```
///
/// # Errors
/// `assembly-syntax`, then the codes of decoding.
pub fn assemble(text: &str) -> Result<Program, Error> {
    let statements = text
        .split('\n')
        .map(|line| trim(line.split(';').next().unwrap_or_default()));
    let mut assembler = Assembler::default();
    // Labels may be used before they are defined, so they are collected first.
    let mut rest = Vec::new();
    for (number, statement) in statements.enumerate() {
        let statement = assembler
            .label(statement)
            .map_err(|what| syntax(number, &what))?;
        rest.push(statement);
        if !statement.is_empty() && !is_directive(statement) && !is_hint(statement) {
            assembler.pc += 1;
        }
    }
    if let Some((name, _)) = assembler.labels.iter().find(|(_, pc)| **pc >= assembler.pc) {
        return Err(syntax(
            rest.len() - 1,
            &format!("label {name} has no instruction"),
        ));
    }
    assembler.pc = 0;
    for (number, statement) in rest
        .into_iter()
        .enumerate()
        .filter(|(_, statement)| !statement.is_empty())
    {
        assembler
            .statement(statement)
            .map_err(|what| syntax(number, &what))?;
    }
    let frame_size = assembler.frame_size.unwrap_or(0);
    Program::decode(&Program::encode_parts(
        frame_size,
        &assembler.instructions,
        &assembler.hints,
    ))
}

fn syntax(line: usize, what: &str) -> Error {
    Rejection::AssemblySyntax.at(format!("line {}: {what}", line + 1))
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// The first word, and what follows it.
fn split_word(text: &str) -> (&str, &str) {
    text.split_once([' ', '\t'])
        .map_or((text, ""), |(word, rest)| (word, trim(rest)))
}

fn is_directive(statement: &str) -> bool {
    statement.starts_with('.')
}

fn is_hint(statement: &str) -> bool {
    split_word(statement).0 == "hint"
}

fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// A decimal integer in 0..p.
fn integer(text: &str) -> Parsed<u32> {
    let mut value = 0_u64;
    for character in text.chars() {
        let digit = character
            .to_digit(10)
            .ok_or_else(|| format!("{text} is not an integer"))?;
        value = 10 * value + u64::from(digit);
        if value >= u64::from(MODULUS) {
            return Err(format!("{text} is not below {MODULUS}"));
        }
    }
    if text.is_empty() {
        return Err("an integer is missing".to_string());
    }
    u32::try_from(value).map_err(|error| error.to_string())
}

/// The element p − n, 0 < n < p.
fn negative(text: &str) -> Parsed<F> {
    match integer(text)? {
        0 => Err("-0 is not an element".to_string()),
        value => Ok(-F::from_u32(value)),
    }
}

/// An integer or `-n`.
fn element(text: &str) -> Parsed<F> {
    match text.strip_prefix('-') {
        Some(magnitude) => negative(magnitude),
        None => integer(text)?.try_into_element(),
    }
}

trait TryIntoElement {
    fn try_into_element(self) -> Parsed<F>;
}

impl TryIntoElement for u32 {
    fn try_into_element(self) -> Parsed<F> {
        from_canonical(self).ok_or_else(|| format!("{self} is not below {MODULUS}"))
    }
}

/// The k of `fp`, `fp+n`, `fp-n`; `None` for any other text.
fn frame_offset(text: &str) -> Option<Parsed<F>> {
    let offset = text.strip_prefix("fp")?;
    match offset.split_at_checked(1) {
        None if offset.is_empty() => Some(Ok(F::ZERO)),
        Some(("+", n)) => Some(integer(n).and_then(TryIntoElement::try_into_element)),
        Some(("-", n)) => Some(negative(n)),
        _ => None,
    }
}

#[derive(Default)]
struct Assembler {
    labels: BTreeMap<String, u32>,
    frame_size: Option<u32>,
    instructions: Vec<Instruction>,
    hints: Vec<Hint>,
    pc: u32,
}

impl Assembler {
    /// Takes the label off a statement.
    fn label<'a>(&mut self, statement: &'a str) -> Parsed<&'a str> {
        let Some((name, rest)) = statement.split_once(':') else {
            return Ok(statement);
        };
        if !is_name(name) || name == "fp" || name == "m" {
            return Err(format!("{name} is not a label"));
        }
        if self.labels.insert(name.to_string(), self.pc).is_some() {
            return Err(format!("label {name} is defined twice"));
        }
        let rest = trim(rest);
        if is_directive(rest) {
            return Err("a label before a directive".to_string());
        }
        Ok(rest)
    }

    fn statement(&mut self, statement: &str) -> Parsed<()> {
        let (mnemonic, rest) = split_word(statement);
        if mnemonic == ".frame" {
            if self.frame_size.replace(integer(rest)?).is_some() {
                return Err(".frame stands twice".to_string());
            }
            return Ok(());
        }
        if mnemonic == "hint" {
            return self.hint(rest);
        }
        let arguments = arguments(rest);
        let instruction = self.instruction(mnemonic, &arguments)?;
        self.instructions.push(instruction);
        self.pc += 1;
        Ok(())
    }

    fn instruction(&self, mnemonic: &str, arguments: &[&str]) -> Parsed<Instruction> {
        let (opcode, flags) =
            mnemonic_opcode(mnemonic).ok_or_else(|| format!("{mnemonic} is not an instruction"))?;
        let behind = arguments.len() == opcode.operands() + 1;
        match (opcode.form().imm, arguments) {
            (Imm::OffsetOfPointer, [pointer, offset, others @ ..]) if behind => {
                let mut operands = vec![self.operand(pointer)?];
                operands.extend(self.operands(others, opcode.operands() - 1)?);
                Ok(Instruction::new(opcode, &operands, element(offset)?, flags))
            }
            (Imm::Length | Imm::LengthAndBase, [operands @ .., length]) => {
                let imm = integer(length)?.try_into_element()?;
                let operands = self.operands(operands, opcode.operands())?;
                Ok(Instruction::new(opcode, &operands, imm, flags))
            }
            (Imm::Offset, [operands @ .., offset]) if behind => {
                let operands = self.operands(operands, opcode.operands())?;
                Ok(Instruction::new(opcode, &operands, element(offset)?, flags))
            }
            (Imm::Absent, [operands @ .., mode]) if opcode.is_hash() && behind => {
                let flags = match *mode {
                    "half" => HALF,
                    "permute" => PERMUTE,
                    _ => return Err(format!("{mode} is neither half nor permute")),
                };
                let operands = self.operands(operands, opcode.operands())?;
                Ok(Instruction::new(opcode, &operands, F::ZERO, flags))
            }
            (Imm::OffsetOfPointer, _) => Err(format!(
                "{} operands instead of {}",
                arguments.len(),
                opcode.operands() + 1
            )),
            (Imm::Length | Imm::LengthAndBase, []) => Err("operands are missing".to_owned()),
            (Imm::Absent | Imm::Offset, _) => {
                let operands = self.operands(arguments, opcode.operands())?;
                Ok(Instruction::new(opcode, &operands, F::ZERO, flags))
            }
        }
    }

    fn hint(&mut self, text: &str) -> Parsed<()> {
        let (kind, rest) = split_word(text);
        let arguments = arguments(rest);
        let (mut imm, mut name) = (0, String::new());
        let (kind, operands) = match kind {
            "alloc" | "alloc8" => {
                imm = if kind == "alloc" { 1 } else { 8 };
                (HintKind::Alloc, self.operands(&arguments, 2)?)
            }
            "witness" => {
                let [quoted, pointer] = exactly(&arguments)?;
                let inner = quoted
                    .strip_prefix('"')
                    .and_then(|text| text.strip_suffix('"'));
                name = inner
                    .filter(|inner| !inner.contains('"'))
                    .ok_or("a name in quotes is missing")?
                    .to_string();
                (HintKind::Witness, vec![self.operand(pointer)?])
            }
            "bits" => {
                let [value, pointer, bits] = exactly(&arguments)?;
                imm = integer(bits)?;
                (
                    HintKind::Bits,
                    vec![self.operand(value)?, self.operand(pointer)?],
                )
            }
            "inverse" => (HintKind::Inverse, self.operands(&arguments, 2)?),
            "print" => (HintKind::Print, self.operands(&arguments, 1)?),
            "equal" => (HintKind::Equal, self.operands(&arguments, 3)?),
            _ => return Err(format!("{kind} is not a hint")),
        };
        let operand = |i: usize| {
            operands
                .get(i)
                .copied()
                .unwrap_or(Operand::Constant(F::ZERO))
        };
        self.hints.push(Hint {
            pc: self.pc,
            kind,
            operands: std::array::from_fn(operand),
            imm,
            name,
        });
        Ok(())
    }

    fn operands(&self, arguments: &[&str], expected: usize) -> Parsed<Vec<Operand>> {
        if arguments.len() != expected {
            return Err(format!(
                "{} operands instead of {expected}",
                arguments.len()
            ));
        }
        arguments
            .iter()
            .map(|argument| self.operand(argument))
            .collect()
    }

    fn operand(&self, text: &str) -> Parsed<Operand> {
        if let Some(k) = frame_offset(text) {
            return k.map(Operand::Frame);
        }
        if let Some(inner) = text
            .strip_prefix("m[")
            .and_then(|text| text.strip_suffix(']'))
        {
            let k = frame_offset(inner).ok_or_else(|| format!("{text} is not an operand"))?;
            return k.map(Operand::Memory);
        }
        if is_name(text) {
            let pc = self
                .labels
                .get(text)
                .ok_or_else(|| format!("label {text} is not defined"))?;
            return Ok(Operand::Constant(F::from_u32(*pc)));
        }
        element(text).map(Operand::Constant)
    }
}

/// The operands between commas; none for an empty text.
fn arguments(text: &str) -> Vec<&str> {
    if text.is_empty() {
        Vec::new()
    } else {
        text.split(',').map(trim).collect()
    }
}

fn exactly<'a, const N: usize>(arguments: &[&'a str]) -> Parsed<[&'a str; N]> {
    arguments
        .try_into()
        .map_err(|_| format!("{} operands instead of {N}", arguments.len()))
}

fn mnemonic_opcode(mnemonic: &str) -> Option<(Opcode, u32)> {
    Opcode::ALL.into_iter().find_map(|opcode| {
        let mnemonics = opcode.form().mnemonics;
        let found = mnemonics.iter().find(|known| known.text == mnemonic)?;
        Some((opcode, found.flags))
    })
}

/// The canonical text of a program, which assembles to the same bytes.
#[must_use]
pub fn disassemble(program: &Program) -> String {
    let destination =
        |instruction: &Instruction| match (instruction.opcode(), instruction.operand(1)) {
            (Opcode::Jump, Operand::Constant(k)) => Some(to_canonical(k)),
            _ => None,
        };
    let labels: BTreeSet<u32> = program
        .instructions()
        .iter()
        .filter_map(destination)
        .collect();
    let mut lines = vec![format!(".frame {}", program.frame_size())];
    let mut hints = program.hints().iter().peekable();
    for (pc, instruction) in (0..).zip(program.instructions()) {
        if labels.contains(&pc) {
            lines.push(format!("L{pc}:"));
        }
        while let Some(hint) = hints.next_if(|hint| hint.pc == pc) {
            lines.push(hint_text(hint));
        }
        lines.push(instruction_text(instruction, destination(instruction)));
    }
    lines.join("\n") + "\n"
}

fn offset_text(k: F) -> String {
    if k == F::ZERO {
        "fp".to_string()
    } else {
        format!("fp+{}", to_canonical(k))
    }
}

fn operand_text(operand: Operand) -> String {
    match operand {
        Operand::Constant(k) => to_canonical(k).to_string(),
        Operand::Frame(k) => offset_text(k),
        Operand::Memory(k) => format!("m[{}]", offset_text(k)),
    }
}

fn instruction_text(instruction: &Instruction, destination: Option<u32>) -> String {
    let opcode = instruction.opcode();
    let mut arguments: Vec<String> = (0..opcode.operands())
        .map(|i| operand_text(instruction.operand(i)))
        .collect();
    if let (Some(destination), Some(argument)) = (destination, arguments.get_mut(1)) {
        *argument = format!("L{destination}");
    }
    let imm = to_canonical(instruction.imm()).to_string();
    // Flags that are no part of a mnemonic are a mode behind the operands.
    let mnemonics = opcode.form().mnemonics;
    let flags = instruction.word() & mnemonics.iter().fold(0, |all, known| all | known.flags);
    let mnemonic = mnemonics.iter().find(|known| known.flags == flags);
    let mnemonic = mnemonic.map_or("", |known| known.text);
    if opcode.form().imm == Imm::OffsetOfPointer {
        arguments.insert(1, imm);
    } else if opcode.has_length() || instruction.imm() != F::ZERO {
        arguments.push(imm);
    } else if instruction.half() {
        arguments.push("half".to_string());
    } else if instruction.permute() {
        arguments.push("permute".to_string());
    }
    statement_text(mnemonic, &arguments)
}

fn hint_text(hint: &Hint) -> String {
    let mut arguments: Vec<String> = hint
        .operands
        .iter()
        .take(hint.kind.operands())
        .map(|operand| operand_text(*operand))
        .collect();
    let mnemonic = match hint.kind {
        HintKind::Alloc if hint.imm == 8 => "hint alloc8",
        HintKind::Alloc => "hint alloc",
        HintKind::Witness => {
            arguments.insert(0, format!("\"{}\"", hint.name));
            "hint witness"
        }
        HintKind::Bits => {
            arguments.push(hint.imm.to_string());
            "hint bits"
        }
        HintKind::Inverse => "hint inverse",
        HintKind::Print => "hint print",
        HintKind::Equal => "hint equal",
    };
    statement_text(mnemonic, &arguments)
}

fn statement_text(mnemonic: &str, arguments: &[String]) -> String {
    let mut text = mnemonic.to_string();
    for (i, argument) in arguments.iter().enumerate() {
        let separator = if i == 0 { " " } else { ", " };
        // Writing to a String does not fail.
        let _ = write!(text, "{separator}{argument}");
    }
    text
}

#[cfg(test)]
mod tests;
