//! Programs that allocate much and touch little of it, so that there is a second run of SPEC §7.
//!
//! They write, join and read cells of allocations through pointers, alternate between patterns of
//! touched cells that fit into each other's holes, and sometimes do what does not survive a move:
//! print, multiply or compare addresses, use absolute ones, or allocate as many cells as an address
//! says.

use arbitrary::Unstructured;

use crate::canonical::{Case, MODULUS, Private};
use crate::encoding::{ADD, DEREF, HALT, Hint, Instruction, JUMP, Operand, Program};

type Result<T> = arbitrary::Result<T>;

/// Greatest number of allocations.
const MAX_ALLOCATIONS: u32 = 24;
/// Greatest number of cells of one.
const MAX_SIZE: u32 = 160;

struct Builder<'b, 'u> {
    source: &'b mut Unstructured<'u>,
    program: Program,
    /// The cells of the frame that hold nothing yet start here.
    free: u32,
    /// How often, of 64, something is done that depends on addresses.
    wild: u32,
}

/// A random case that should run to HALT.
///
/// # Errors
/// None in practice: an exhausted source gives zeros.
pub fn case(source: &mut Unstructured<'_>) -> Result<Case> {
    let wild = source.int_in_range(0..=3)?;
    let mut builder = Builder {
        source,
        program: Program::default(),
        free: 0,
        wild: if wild == 0 { 3 } else { 0 },
    };
    let public = builder.up_to(9)?;
    let kinds: Vec<(u32, u32, u32)> = (0..3)
        .map(|_| {
            Ok((
                1 + builder.up_to(MAX_SIZE - 1)?,
                1 + builder.up_to(20)?,
                1 + builder.up_to(12)?,
            ))
        })
        .collect::<Result<_>>()?;
    let number = builder.up_to(MAX_ALLOCATIONS)?;
    for _ in 0..number {
        let kind = builder.up_to(2)? as usize;
        builder.allocation(kinds[kind])?;
    }
    let Builder {
        mut program, free, ..
    } = builder;
    program
        .instructions
        .push(Instruction::new(ADD, &[Operand::Constant(0); 3]));
    program.instructions.push(Instruction::new(HALT, &[]));
    program.frame_size = free + 1 + public * 7;
    let public = (0..public).collect();
    Ok(Case::new(program.bytes(), public, Private::new()))
}

impl Builder<'_, '_> {
    fn up_to(&mut self, greatest: u32) -> Result<u32> {
        self.source.int_in_range(0..=greatest)
    }

    fn one_in(&mut self, number: u32) -> Result<bool> {
        Ok(self.up_to(number - 1)? == number - 1)
    }

    /// A cell of the frame.
    fn cell(&mut self) -> u32 {
        self.free += 1;
        self.free - 1
    }

    fn hint(&mut self, kind: u32, operands: &[Operand], imm: u32) {
        let pc = self.program.instructions.len() as u32;
        self.program.hints.push(Hint {
            pc,
            kind,
            operands: operands.to_vec(),
            imm,
            name: String::new(),
        });
    }

    fn emit(&mut self, opcode: u32, operands: &[Operand], imm: u32) {
        self.program.instructions.push(Instruction {
            imm,
            ..Instruction::new(opcode, operands)
        });
    }

    /// An allocation of a kind: its size, and every `period`th cell written but for a part of it.
    fn allocation(&mut self, (size, period, rest): (u32, u32, u32)) -> Result<()> {
        let pointer = self.cell();
        let alignment = if self.one_in(3)? { 8 } else { 1 };
        let wild = self.up_to(63)? < self.wild;
        let size_operand = if wild && pointer > 0 {
            Operand::Memory(self.up_to(pointer - 1)?)
        } else {
            Operand::Constant(size)
        };
        self.hint(0, &[Operand::Memory(pointer), size_operand], alignment);
        let first = self.up_to(rest)?;
        for offset in first..size {
            if offset % period < rest {
                self.access(pointer, offset)?;
            }
        }
        if self.up_to(63)? < 2 * self.wild {
            self.wild_act(pointer)?;
        }
        Ok(())
    }

    /// Writes a cell, or joins it with one of the frame that is or is not defined later.
    fn access(&mut self, pointer: u32, offset: u32) -> Result<()> {
        let value = match self.up_to(15)? {
            0 => Operand::Memory(self.cell()),
            1 => {
                let cell = self.cell();
                let value = self.up_to(50)?;
                self.emit(
                    ADD,
                    &[
                        Operand::Constant(value),
                        Operand::Constant(1),
                        Operand::Memory(cell),
                    ],
                    0,
                );
                Operand::Memory(cell)
            }
            2 => Operand::Frame(offset),
            _ => Operand::Constant(offset),
        };
        self.emit(DEREF, &[Operand::Memory(pointer), value], offset);
        Ok(())
    }

    fn wild_act(&mut self, pointer: u32) -> Result<()> {
        match self.up_to(4)? {
            0 => self.hint(4, &[Operand::Memory(pointer)], 0),
            // A range check, or any other absolute address.
            1 | 2 => {
                let (address, cell) = (self.cell(), self.cell());
                let absolute = self.up_to(3000)?;
                self.emit(
                    ADD,
                    &[
                        Operand::Constant(absolute),
                        Operand::Constant(0),
                        Operand::Memory(address),
                    ],
                    0,
                );
                let value = if self.one_in(2)? {
                    Operand::Memory(cell)
                } else {
                    Operand::Constant(absolute)
                };
                self.emit(DEREF, &[Operand::Memory(address), value], 0);
            }
            // Whether the pointer is one more than some number: 0 or 1 is a condition, everything
            // else a rejection.
            3 => {
                let condition = self.cell();
                let number = self.up_to(400)?;
                self.emit(
                    ADD,
                    &[
                        Operand::Memory(pointer),
                        Operand::Constant(MODULUS - 1 - number),
                        Operand::Memory(condition),
                    ],
                    0,
                );
                if self.one_in(4)? {
                    let next = self.program.instructions.len() as u32 + 1;
                    self.emit(
                        JUMP,
                        &[
                            Operand::Memory(condition),
                            Operand::Constant(next),
                            Operand::Frame(0),
                        ],
                        0,
                    );
                }
            }
            // A cell of a neighbour, if the allocations are where the first run puts them.
            _ => {
                let beyond = self.up_to(2 * MAX_SIZE)?;
                self.emit(
                    DEREF,
                    &[Operand::Memory(pointer), Operand::Constant(beyond)],
                    beyond,
                );
            }
        }
        Ok(())
    }
}
