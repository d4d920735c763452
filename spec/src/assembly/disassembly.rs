//! SPEC §8 assembly: disassembly.

use std::collections::BTreeSet;

use super::MNEMONICS;
use crate::field::Felt;
use crate::isa::{Hint, HintKind, Instruction, Opcode, Operand, Program};

/// The canonical text of a program, which assembles to the same bytes (§8.3 to §8.5).
pub fn disassemble(program: &Program) -> String {
    let mut destinations = BTreeSet::new();
    for instruction in program.instructions() {
        destinations.extend(destination(instruction));
    }
    let mut text = format!(".frame {}\n", program.frame_size());
    for (pc, instruction) in (0..).zip(program.instructions()) {
        if destinations.contains(&pc) {
            text += &format!("L{pc}:\n");
        }
        let first = program.hints().partition_point(|hint| hint.pc < pc);
        for hint in program.hints()[first..]
            .iter()
            .take_while(|hint| hint.pc == pc)
        {
            text += &hint_text(hint);
            text += "\n";
        }
        text += &instruction_text(instruction);
        text += "\n";
    }
    text
}

/// The constant destination of a jump.
fn destination(instruction: &Instruction) -> Option<u32> {
    match (instruction.opcode(), instruction.operand(1)) {
        (Opcode::Jump, Operand::Constant(destination)) => Some(destination.value()),
        _ => None,
    }
}

fn instruction_text(instruction: &Instruction) -> String {
    let mut fields: Vec<String> = instruction
        .operands()
        .iter()
        .map(|operand| operand_text(*operand))
        .collect();
    if let Some(destination) = destination(instruction) {
        fields[1] = format!("L{destination}");
    }
    if instruction.opcode() == Opcode::Deref {
        fields.insert(1, instruction.imm().to_string());
    }
    let offset =
        instruction.opcode() == Opcode::Poseidon16Halves && instruction.imm() != Felt::ZERO;
    if instruction.opcode().has_length() || offset {
        fields.push(instruction.imm().to_string());
    }
    if instruction.half() {
        fields.push("half".into());
    }
    if instruction.permute() {
        fields.push("permute".into());
    }
    let mut mnemonic = "";
    for (name, opcode, base) in MNEMONICS {
        if (opcode, base) == (instruction.opcode(), instruction.base()) {
            mnemonic = name;
        }
    }
    statement(mnemonic, &fields)
}

fn hint_text(hint: &Hint) -> String {
    let mut fields: Vec<String> = Vec::new();
    if hint.kind == HintKind::Witness {
        fields.push(format!("\"{}\"", hint.name));
    }
    for operand in &hint.operands[..hint.kind.num_operands()] {
        fields.push(operand_text(*operand));
    }
    let mnemonic = match hint.kind {
        HintKind::Alloc if hint.imm == 8 => "hint alloc8",
        HintKind::Alloc => "hint alloc",
        HintKind::Witness => "hint witness",
        HintKind::Bits => {
            fields.push(hint.imm.to_string());
            "hint bits"
        }
        HintKind::Inverse => "hint inverse",
        HintKind::Print => "hint print",
        HintKind::Equal => "hint equal",
    };
    statement(mnemonic, &fields)
}

fn statement(mnemonic: &str, fields: &[String]) -> String {
    if fields.is_empty() {
        return mnemonic.to_string();
    }
    format!("{mnemonic} {}", fields.join(", "))
}

fn operand_text(operand: Operand) -> String {
    match operand {
        Operand::Constant(k) => k.to_string(),
        Operand::Frame(k) => frame_text(k),
        Operand::Memory(k) => format!("m[{}]", frame_text(k)),
    }
}

fn frame_text(k: Felt) -> String {
    if k == Felt::ZERO {
        return "fp".into();
    }
    format!("fp+{k}")
}
