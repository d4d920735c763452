//! Programs and inputs that are broken somewhere.

use arbitrary::Unstructured;

use super::valid;
use crate::canonical::{Case, MODULUS, Private, bytes_of, words_of};
use crate::encoding::{
    BASE, CHAIN, DEREF, DOT_PRODUCT, EQ, HALT, Hint, Instruction, Operand, POSEIDON_16_HALVES,
    Program, SPONGE,
};

type Result<T> = arbitrary::Result<T>;

const HEADER: usize = 5;
const INSTRUCTION: usize = 6;

/// A valid case with one to three mutations, or random words behind a good header.
///
/// # Errors
/// None in practice.
pub fn case(source: &mut Unstructured<'_>) -> Result<Case> {
    let mutations = source.int_in_range(0..=3u8)?;
    if mutations == 3 {
        return noise(source);
    }
    // The choices of the mutations come first: the program takes all bytes that are left.
    let mut seeds = Vec::new();
    for _ in 0..=mutations {
        seeds.push(source.arbitrary::<[u8; 12]>()?);
    }
    let mut case = valid::case(source)?;
    for seed in seeds {
        mutate(&mut case, &mut Unstructured::new(&seed))?;
    }
    Ok(case)
}

/// Instructions of the right shape with any operands.
fn noise(source: &mut Unstructured<'_>) -> Result<Case> {
    let mut program = Program {
        frame_size: source.int_in_range(0..=64)?,
        ..Program::default()
    };
    let count = source.int_in_range(0..=8u32)?;
    for pc in 0..count {
        if source.ratio(1, 6)? {
            let kind = source.int_in_range(0..=6u32)?;
            let number = [2, 1, 2, 2, 1, 3, 1][kind as usize];
            let imm = [
                source.int_in_range(0..=8)?,
                0,
                source.int_in_range(0..=33)?,
                0,
                0,
                0,
                0,
            ][kind as usize];
            let name = if kind == 1 { "a" } else { "" };
            program.hints.push(Hint {
                pc,
                kind,
                operands: operands(source, number)?,
                imm,
                name: name.to_owned(),
            });
        }
        let opcode = source.int_in_range(1..=15u32)?;
        let number = [0, 0, 3, 3, 2, 3, 2, 3, 4, 3, 3, 0, 4, 4, 4, 4][opcode as usize];
        let imm = match opcode {
            DEREF | POSEIDON_16_HALVES => valid::element(source)?,
            DOT_PRODUCT | EQ | CHAIN..=SPONGE => source.int_in_range(0..=6)?,
            _ => 0,
        };
        let flags = match opcode {
            6..=8 => source.int_in_range(0..=3)?,
            DOT_PRODUCT | EQ => source.int_in_range(0..=1)? * BASE,
            _ => 0,
        };
        let mut operands = operands(source, number)?;
        if opcode == CHAIN && !source.ratio(1, 16)? {
            operands[2] = Operand::Constant(source.int_in_range(0..=16)?);
        }
        program.instructions.push(Instruction {
            opcode: opcode.max(2),
            operands,
            imm,
            flags,
        });
    }
    program.instructions.push(Instruction::new(HALT, &[]));
    let mut public = Vec::new();
    for _ in 0..source.int_in_range(0..=9u8)? {
        public.push(valid::element(source)?);
    }
    Ok(Case::new(
        program.bytes(),
        public,
        Private::from([("a".to_owned(), vec![vec![1, 2]])]),
    ))
}

fn operands(source: &mut Unstructured<'_>, number: u32) -> Result<Vec<Operand>> {
    let mut list = Vec::new();
    for _ in 0..number {
        let k = if source.ratio(1, 3)? {
            valid::element(source)?
        } else {
            super::model::add(source.int_in_range(0..=24)?, MODULUS - 8)
        };
        list.push(match source.int_in_range(0..=3u8)? {
            0 => Operand::Constant(if source.arbitrary()? {
                k
            } else {
                source.int_in_range(0..=4u32)? * 8
            }),
            1 => Operand::Frame(k),
            _ => Operand::Memory(k),
        });
    }
    Ok(list)
}

fn interesting(source: &mut Unstructured<'_>, old: u32) -> Result<u32> {
    Ok(match source.int_in_range(0..=9u8)? {
        0 => old.wrapping_add(1),
        1 => old.wrapping_sub(1),
        2 => old.wrapping_add(8),
        3 => MODULUS - 1,
        4 => MODULUS,
        5 => u32::MAX,
        6 => 0,
        7 => 1 << source.int_in_range(0..=31u32)?,
        8 => source.int_in_range(0..=64)?,
        _ => source.arbitrary()?,
    })
}

fn index(source: &mut Unstructured<'_>, length: usize) -> Result<usize> {
    Ok(if length == 0 {
        0
    } else {
        source.int_in_range(0..=length as u32 - 1)? as usize
    })
}

fn mutate(case: &mut Case, source: &mut Unstructured<'_>) -> Result<()> {
    let mut words = words_of(&case.program);
    let count = words.get(3).copied().unwrap_or(0) as usize;
    let instruction = HEADER + INSTRUCTION * index(source, count)?;
    let kind = source.int_in_range(0..=19u8)?;
    let place = match kind {
        0 => index(source, words.len())?,
        1 => index(source, HEADER)?,
        2 => {
            (HEADER + INSTRUCTION * count)
                + index(
                    source,
                    words.len().saturating_sub(HEADER + INSTRUCTION * count),
                )?
        }
        3 => instruction + 5,
        4..=9 => instruction + 1 + index(source, 4)?,
        _ => instruction,
    };
    match kind {
        0..=5 => {
            if let Some(word) = words.get_mut(place) {
                *word = interesting(source, *word)?;
            }
        }
        6..=9 => {
            // A neighbouring cell, half, chunk or constant, which stays canonical.
            let delta = [
                1,
                2,
                4,
                5,
                8,
                MODULUS - 1,
                MODULUS - 3,
                MODULUS - 4,
                MODULUS - 8,
                1 << 12,
            ][index(source, 10)?];
            if let Some(word) = words.get_mut(place) {
                *word = super::model::add(*word % MODULUS, delta);
            }
        }
        10 => {
            if let Some(word) = words.get_mut(place) {
                *word = *word & !31 | source.int_in_range(0..=31u32)?;
            }
        }
        11 => {
            if let Some(word) = words.get_mut(place) {
                *word ^= source.int_in_range(1..=3u32)? << (5 + 2 * index(source, 4)?);
            }
        }
        12 => {
            if let Some(word) = words.get_mut(place) {
                *word ^= 1 << source.int_in_range(13..=16u32)?;
            }
        }
        13 => {
            let other = HEADER + INSTRUCTION * index(source, count)?;
            if instruction + INSTRUCTION <= words.len() && other + INSTRUCTION <= words.len() {
                for i in 0..INSTRUCTION {
                    words.swap(instruction + i, other + i);
                }
            }
        }
        14 => {
            if count > 1 && instruction + INSTRUCTION <= words.len() {
                words.drain(instruction..instruction + INSTRUCTION);
                words[3] -= 1;
            }
        }
        15 => {
            let length = source.int_in_range(0..=case.program.len() as u32)? as usize;
            case.program.truncate(length);
            return Ok(());
        }
        16 => {
            case.program.extend(source.arbitrary::<[u8; 3]>()?);
            return Ok(());
        }
        17 | 18 => return mutate_input(case, source),
        _ => {
            if source.arbitrary()? {
                case.cycles = source.int_in_range(0..=40)?;
            } else {
                case.cells = source.int_in_range(0..=256)?;
            }
        }
    }
    let tail = case.program.len() % 4;
    let partial = case.program.split_off(case.program.len() - tail);
    case.program = bytes_of(&words);
    case.program.extend(partial);
    Ok(())
}

fn mutate_input(case: &mut Case, source: &mut Unstructured<'_>) -> Result<()> {
    let first = case.private.keys().next().cloned();
    match (source.int_in_range(0..=6u8)?, first) {
        (0, Some(name)) => {
            case.private.remove(&name);
        }
        (1, Some(name)) => {
            case.private.entry(name).or_default().push(vec![1, 2, 3]);
        }
        (2, Some(name)) => {
            for element in case.private.entry(name).or_default().iter_mut().flatten() {
                *element = interesting(source, *element)?;
            }
        }
        (3, _) => {
            case.private.insert("unasked".to_owned(), vec![vec![0]]);
        }
        (4, _) => case.public.push(5),
        (5, _) => {
            case.public.pop();
        }
        _ => {
            let place = index(source, case.public.len())?;
            if let Some(element) = case.public.get_mut(place) {
                *element = interesting(source, *element)?;
            }
        }
    }
    Ok(())
}
