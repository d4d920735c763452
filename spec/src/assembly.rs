//! SPEC §8 assembly.
//!
//! Text to program and back. The assembler parses; the checks of a program are those of decoding.

mod disassembly;

use std::collections::BTreeMap;

pub use disassembly::disassemble;

use crate::field::Felt;
use crate::isa::{Flags, Hint, HintKind, Instruction, Opcode, Operand, Program, encode_parts};
use crate::rejection::{Error, Rejection};

/// The names of instructions, with their opcode and whether the flag base is set.
const MNEMONICS: [(&str, Opcode, bool); 16] = [
    ("halt", Opcode::Halt, false),
    ("add", Opcode::Add, false),
    ("mul", Opcode::Mul, false),
    ("deref", Opcode::Deref, false),
    ("jump", Opcode::Jump, false),
    ("poseidon8", Opcode::Poseidon8, false),
    ("poseidon16", Opcode::Poseidon16, false),
    ("poseidon24", Opcode::Poseidon24, false),
    ("poseidon16_halves", Opcode::Poseidon16Halves, false),
    ("chain", Opcode::Chain, false),
    ("path", Opcode::Path, false),
    ("sponge", Opcode::Sponge, false),
    ("dot_ee", Opcode::DotProduct, false),
    ("dot_be", Opcode::DotProduct, true),
    ("eq_ee", Opcode::Eq, false),
    ("eq_be", Opcode::Eq, true),
];

/// Assembles a program: §8.1, then §8.2.
///
/// # Errors
/// `assembly-syntax`, then the codes of decoding.
pub fn assemble(text: &str) -> Result<Program, Error> {
    let mut labels = BTreeMap::new();
    let mut statements = Vec::new();
    let mut pc = 0;
    // The labels first, since a label may be used before it is defined.
    for (number, line) in text.split('\n').enumerate() {
        let line_error = |what: String| {
            Error::new(
                Rejection::AssemblySyntax,
                format!("line {}: {what}", number + 1),
            )
        };
        let code = trim(line.split(';').next().unwrap_or(""));
        let mut statement = code;
        if let Some((label, rest)) = code.split_once(':') {
            statement = trim(rest);
            if !is_label(label) || statement.starts_with('.') {
                return Err(line_error(format!("{label} is not a label here")));
            }
            if labels.insert(label.to_string(), pc).is_some() {
                return Err(line_error(format!("label {label} is defined twice")));
            }
        }
        if statement.is_empty() {
            continue;
        }
        statements.push((number + 1, statement));
        if !statement.starts_with('.') && first_word(statement).0 != "hint" {
            pc += 1;
        }
    }
    if let Some((label, _)) = labels.iter().find(|(_, target)| **target == pc) {
        return Err(Error::new(
            Rejection::AssemblySyntax,
            format!("label {label} has no instruction"),
        ));
    }
    let mut assembler = Assembler {
        labels,
        frame_size: None,
        instructions: Vec::new(),
        hints: Vec::new(),
    };
    for (number, statement) in statements {
        let line_error =
            |what: String| Error::new(Rejection::AssemblySyntax, format!("line {number}: {what}"));
        assembler.statement(statement).map_err(line_error)?;
    }
    Program::decode(&encode_parts(
        assembler.frame_size.unwrap_or(0),
        &assembler.instructions,
        &assembler.hints,
    ))
}

struct Assembler {
    labels: BTreeMap<String, u32>,
    frame_size: Option<u32>,
    instructions: Vec<Instruction>,
    hints: Vec<Hint>,
}

/// Parts of a statement; an error says what is wrong.
type Parsed<T> = Result<T, String>;

impl Assembler {
    fn statement(&mut self, statement: &str) -> Parsed<()> {
        let (mnemonic, rest) = first_word(statement);
        match mnemonic {
            ".frame" if self.frame_size.is_some() => Err(".frame stands twice".into()),
            ".frame" => {
                self.frame_size = Some(integer(rest)?);
                Ok(())
            }
            "hint" => {
                let hint = self.hint(rest)?;
                self.hints.push(hint);
                Ok(())
            }
            _ => {
                let instruction = self.instruction(mnemonic, &fields(rest))?;
                self.instructions.push(instruction);
                Ok(())
            }
        }
    }

    fn instruction(&self, mnemonic: &str, fields: &[&str]) -> Parsed<Instruction> {
        let Some((_, opcode, base)) = MNEMONICS.into_iter().find(|(name, _, _)| *name == mnemonic)
        else {
            return Err(format!("{mnemonic} is not an instruction"));
        };
        let mut operands = fields.to_vec();
        let mut imm = Felt::ZERO;
        let mut flags = Flags {
            base,
            ..Flags::default()
        };
        if opcode == Opcode::Deref && fields.len() == 3 {
            imm = element(operands.remove(1))?;
        }
        if opcode == Opcode::Deref && fields.len() != 3 {
            return Err("deref takes a pointer, an offset and a value".into());
        }
        if opcode.has_length() {
            let length = operands.pop().ok_or("the length is missing")?;
            imm = Felt::new(u64::from(integer(length)?));
        }
        if opcode.is_poseidon() && operands.len() == opcode.num_operands() + 1 {
            match operands.pop() {
                Some("half") => flags.half = true,
                Some("permute") => flags.permute = true,
                _ => return Err("the mode is half or permute".into()),
            }
        }
        if opcode == Opcode::Poseidon16Halves && operands.len() == opcode.num_operands() + 1 {
            imm = element(operands.remove(4))?;
        }
        let operands = self.operands(&operands, opcode.num_operands())?;
        Ok(Instruction::new(opcode, &operands, imm, flags))
    }

    fn hint(&self, text: &str) -> Parsed<Hint> {
        let (kind, rest) = first_word(text);
        let mut fields = fields(rest);
        let mut imm = 0;
        let mut name = String::new();
        let kind = match kind {
            "alloc" | "alloc8" => {
                imm = if kind == "alloc8" { 8 } else { 1 };
                HintKind::Alloc
            }
            "witness" => {
                if fields.is_empty() {
                    return Err("the name is missing".into());
                }
                name = quoted(fields.remove(0))?.to_string();
                HintKind::Witness
            }
            "bits" => {
                imm = integer(fields.pop().ok_or("the number of bits is missing")?)?;
                HintKind::Bits
            }
            "inverse" => HintKind::Inverse,
            "print" => HintKind::Print,
            "equal" => HintKind::Equal,
            _ => return Err(format!("{kind} is not a hint")),
        };
        let mut operands = [Operand::Constant(Felt::ZERO); 3];
        for (i, operand) in self
            .operands(&fields, kind.num_operands())?
            .into_iter()
            .enumerate()
        {
            operands[i] = operand;
        }
        Ok(Hint {
            pc: self.instructions.len() as u32,
            kind,
            operands,
            imm,
            name,
        })
    }

    fn operands(&self, fields: &[&str], expected: usize) -> Parsed<Vec<Operand>> {
        if fields.len() != expected {
            return Err(format!("{} operands, not {expected}", fields.len()));
        }
        fields.iter().map(|field| self.operand(field)).collect()
    }

    fn operand(&self, field: &str) -> Parsed<Operand> {
        if let Some(cell) = field.strip_prefix("m[") {
            let address = cell.strip_suffix(']').ok_or("] is missing")?;
            return frame_offset(address).map(Operand::Memory);
        }
        if let Some(target) = self.labels.get(field) {
            return Ok(Operand::Constant(Felt::new(u64::from(*target))));
        }
        if is_label(field) {
            return Err(format!("label {field} is not defined"));
        }
        if field.starts_with("fp") {
            return frame_offset(field).map(Operand::Frame);
        }
        element(field).map(Operand::Constant)
    }
}

/// The k of `fp`, `fp+n` or `fp-n`.
fn frame_offset(text: &str) -> Parsed<Felt> {
    let offset = text
        .strip_prefix("fp")
        .ok_or_else(|| format!("{text} does not begin with fp"))?;
    if offset.is_empty() {
        return Ok(Felt::ZERO);
    }
    match offset.strip_prefix('+') {
        Some(n) => Ok(Felt::new(u64::from(integer(n)?))),
        None if offset.starts_with('-') => element(offset),
        None => Err(format!("{text} is not an operand")),
    }
}

/// An integer, or `-n` for p − n with 0 < n < p.
fn element(text: &str) -> Parsed<Felt> {
    let Some(n) = text.strip_prefix('-') else {
        return Ok(Felt::new(u64::from(integer(text)?)));
    };
    match integer(n)? {
        0 => Err("-0 is not an element".into()),
        n => Ok(-Felt::new(u64::from(n))),
    }
}

/// A decimal integer in 0..p.
fn integer(text: &str) -> Parsed<u32> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{text:?} is not an integer"));
    }
    let integer: Option<u32> = text.parse().ok();
    let canonical = integer
        .and_then(Felt::from_canonical)
        .ok_or_else(|| format!("{text} is not below p"))?;
    Ok(canonical.value())
}

/// What stands between two quotation marks.
fn quoted(text: &str) -> Parsed<&str> {
    let inner = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner
        .filter(|name| !name.contains('"'))
        .ok_or_else(|| format!("{text} is not a name in quotation marks"))
}

fn is_label(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let starts_well = text.bytes().next().is_some_and(letter);
    starts_well
        && text
            .bytes()
            .all(|byte| letter(byte) || byte.is_ascii_digit())
        && text != "fp"
        && text != "m"
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// The first word and the rest.
fn first_word(text: &str) -> (&str, &str) {
    match text.split_once([' ', '\t']) {
        Some((word, rest)) => (word, trim(rest)),
        None => (text, ""),
    }
}

/// What commas separate; nothing if there is no text.
fn fields(text: &str) -> Vec<&str> {
    if text.is_empty() {
        return Vec::new();
    }
    text.split(',').map(trim).collect()
}

#[cfg(test)]
mod tests;
