//! Instructions that hash or reduce: their results are defined, but of unknown value.

use super::*;

impl Builder<'_, '_> {
    pub(super) fn poseidon(&mut self) -> Result<()> {
        if self.repeat()? {
            return Ok(());
        }
        let inputs = 1 + self.up_to(2)?;
        let flags = [0, HALF, PERMUTE][self.up_to(2)? as usize];
        let written = match flags {
            HALF => 4,
            PERMUTE => {
                if inputs == 3 {
                    24
                } else {
                    16
                }
            }
            _ => 8,
        };
        let chunks = self.model.blocks(8);
        let mut operands = Vec::new();
        for _ in 0..inputs {
            let chunk = self.pick(&chunks)?.unwrap_or(0);
            operands.push(self.holding(chunk)?);
        }
        let Some(output) = self.region(written, true)? else {
            return Ok(());
        };
        operands.push(self.holding(output)?);
        for i in 0..written {
            self.model.define(output + i, None);
        }
        self.finish(Instruction {
            opcode: POSEIDON_8 + inputs - 1,
            operands,
            imm: 0,
            flags,
        });
        Ok(())
    }

    pub(super) fn halves(&mut self) -> Result<()> {
        if self.repeat()? {
            return Ok(());
        }
        let mut addresses = Vec::new();
        for length in [4, 4, 8] {
            let blocks = self.model.blocks(length);
            addresses.push(self.pick(&blocks)?.unwrap_or(0));
        }
        // Both halves of a fresh chunk are the output of an instruction, or only one of them.
        let Some(output) = self.region(8, true)? else {
            return Ok(());
        };
        let which = self.up_to(2)?;
        for half in [output, output + 4] {
            if which == 2 || half == output + 4 * which {
                // No offset, or one from a pointer to the output.
                let known = self.model.known();
                let imm = match self.pick(&known)? {
                    Some(pointer) if self.coin()? => {
                        sub(half, self.model.value(pointer).unwrap_or(0))
                    }
                    _ => 0,
                };
                let mut operands = Vec::new();
                for (address, offset) in addresses.iter().chain([&half]).zip([0, imm, 0, imm]) {
                    operands.push(self.holding(sub(*address, offset))?);
                }
                for cell in half..half + 4 {
                    self.model.define(cell, None);
                }
                self.finish(Instruction {
                    opcode: POSEIDON_16_HALVES,
                    operands,
                    imm,
                    flags: 0,
                });
            }
        }
        Ok(())
    }

    pub(super) fn reduction(&mut self, opcode: u32) -> Result<()> {
        if self.repeat()? {
            return Ok(());
        }
        let base = self.up_to(2)? > 0;
        // Made by DOT_QUAD, if there are lists for it.
        let quad = base && opcode == DOT_PRODUCT;
        let mut length = if quad { 4 } else { 1 } + self.up_to(4)?;
        let mut run = [0; 2];
        for (i, address) in run.iter_mut().enumerate() {
            let stride = if i == 0 && base { 1 } else { 5 };
            let mut list = self.model.defined().to_vec();
            let fit =
                |start: &u32| start.is_multiple_of(4) && self.model.is_run(*start, 4 * stride);
            if quad && list.iter().any(fit) {
                list.retain(fit);
            }
            let start = self.pick(&list)?.unwrap_or(0);
            let longest = (1..=length)
                .rev()
                .find(|n| self.model.is_run(start, n * stride));
            (*address, length) = longest.map_or((0, 1), |n| (start, n));
        }
        let Some(result) = self.region(5, false)? else {
            return Ok(());
        };
        let operands = vec![
            self.holding(run[0])?,
            self.holding(run[1])?,
            self.holding(result)?,
        ];
        for i in 0..5 {
            self.model.define(result + i, None);
        }
        self.finish(Instruction {
            opcode,
            operands,
            imm: length,
            flags: if base { BASE } else { 0 },
        });
        Ok(())
    }

    /// One to three chains with their starts and numbers, each of a few steps, of any base.
    pub(super) fn chains(&mut self) -> Result<()> {
        if self.repeat()? {
            return Ok(());
        }
        let length = 1 + self.up_to(2)?;
        let base = match self.up_to(3)? {
            0 => 256 - self.up_to(8)?,
            1 => 1 << self.up_to(3)?,
            _ => 1 + self.up_to(16)?,
        };
        let (mut number, mut numbers, mut sum) = (0, Vec::new(), 0);
        for _ in 0..length {
            let digit = base - 1 - self.up_to(4)?.min(base - 1);
            number = add(digit, mul(base, number));
            numbers.insert(0, number);
            sum += digit;
        }
        let contexts = self.model.blocks(8);
        let context = self.pick(&contexts)?.unwrap_or(0);
        let Some(chains) = self.region(8 * length, true)? else {
            return Ok(());
        };
        let Some(digits) = self.region(length + 1, false)? else {
            return Ok(());
        };
        for i in 0..length {
            let start = self.elements(4)?;
            self.advise(chains + 8 * i, &start)?;
        }
        // The sum is checked, or found.
        if self.coin()? {
            numbers.push(sum);
        }
        self.advise(digits, &numbers)?;
        let operands = vec![
            self.holding(context)?,
            self.holding(chains)?,
            Operand::Constant(base),
            self.holding(digits)?,
        ];
        for end in (0..length).map(|i| chains + 8 * i + 4) {
            for cell in end..end + 4 {
                self.model.define(cell, None);
            }
        }
        self.model.define(digits + length, Some(sum));
        self.finish(Instruction {
            opcode: CHAIN,
            operands,
            imm: length,
            flags: 0,
        });
        Ok(())
    }

    /// A path of up to four levels, as long as there are siblings.
    pub(super) fn path(&mut self) -> Result<()> {
        if self.repeat()? {
            return Ok(());
        }
        let halves = self.model.blocks(4);
        let node = self.pick(&halves)?.unwrap_or(0);
        let siblings = self.pick(&halves)?.unwrap_or(0);
        let greatest = 1 + self.up_to(3)?;
        let is_run = |n: &u32| self.model.is_run(siblings, 4 * n);
        let length = (1..=greatest).rev().find(is_run).unwrap_or(1);
        // The key, then the tweaks.
        let Some(key) = self.region(8 + 8 * length, true)? else {
            return Ok(());
        };
        let mut advice = self.elements(4)?;
        for _ in 0..length {
            advice.extend(self.elements(4)?);
            advice.extend([self.up_to(1)?, 0, 0, 0]);
        }
        self.advise(key + 4, &advice)?;
        let operands = vec![
            self.holding(key)?,
            self.holding(node)?,
            self.holding(siblings)?,
            self.holding(key + 8)?,
        ];
        for cell in key..key + 4 {
            self.model.define(cell, None);
        }
        self.finish(Instruction {
            opcode: PATH,
            operands,
            imm: length,
            flags: 0,
        });
        Ok(())
    }

    /// A sponge of up to four blocks, as long as there are halves at the stride.
    pub(super) fn sponge(&mut self) -> Result<()> {
        if self.repeat()? {
            return Ok(());
        }
        let (chunks, halves) = (self.model.blocks(8), self.model.blocks(4));
        let start = self.pick(&chunks)?.unwrap_or(0);
        let blocks = self.pick(&halves)?.unwrap_or(0);
        let stride = match self.up_to(4)? {
            0 => 0,
            1 => 8,
            2 => MODULUS - 4,
            3 => sub(self.pick(&halves)?.unwrap_or(0), blocks),
            _ => 4,
        };
        let greatest = 1 + self.up_to(3)?;
        let are_halves =
            |n: &u32| (0..2 * n).all(|i| halves.contains(&add(blocks, mul(i, stride))));
        let Some(length) = (1..=greatest).rev().find(are_halves) else {
            return Ok(());
        };
        let Some(output) = self.region(8, true)? else {
            return Ok(());
        };
        let operands = vec![
            self.holding(start)?,
            self.holding(blocks)?,
            self.holding(stride)?,
            self.holding(output)?,
        ];
        for cell in output..output + 8 {
            self.model.define(cell, None);
        }
        self.finish(Instruction {
            opcode: SPONGE,
            operands,
            imm: length,
            flags: 0,
        });
        Ok(())
    }
}
