//! The instructions that hash many times: a run of chains, a path, a sponge.

use super::execute::{Interpreter, stop};
use super::{Failure, Stop, field};
use crate::source::Span;

/// Elements of a chunk.
const CHUNK: u64 = 8;
/// Elements of half a chunk.
const HALF: u64 = 4;
/// The greatest base of the digits of chains.
const MAX_BASE: u64 = 1 << 8;
/// The greatest length of a run.
const MAX_LENGTH: u64 = 1 << 16;

/// A chunk.
type Chunk = [u64; CHUNK as usize];
/// Half a chunk.
type Half = [u64; HALF as usize];

/// The first half of a chunk, and the second.
fn halves(chunk: Chunk) -> (Half, Half) {
    let [a, b, c, d, e, f, g, h] = chunk;
    ([a, b, c, d], [e, f, g, h])
}

/// An address that must be a multiple of `length`.
fn aligned(address: u64, length: u64, span: Span) -> Result<u64, Stop> {
    if address.is_multiple_of(length) {
        Ok(address)
    } else {
        Err(stop(Failure::ChunkUnaligned, span))
    }
}

impl Interpreter<'_> {
    /// `poseidon16_chain(context, chains, base, digits, n)`: the ends of n chains from their
    /// starts, and the sum of the digits, which are the positions of the starts. All cells are read
    /// before the first is written.
    pub(super) fn chain(&mut self, values: &[u64], span: Span) -> Result<(), Stop> {
        let &[context, chains, base, digits, length] = values else {
            return Err(stop(Failure::IllFormed, span));
        };
        if !(1..=MAX_BASE).contains(&base) || !(1..=MAX_LENGTH).contains(&length) {
            return Err(stop(Failure::IllFormed, span));
        }
        let context = aligned(context, CHUNK, span)?;
        let chains = aligned(chains, CHUNK, span)?;
        let (tweak, parameter) = halves(self.cells(context, span)?);
        let mut numbers = Vec::new();
        for place in 0..length {
            numbers.push(self.read(digits + place, span)?);
        }
        numbers.push(0);
        let mut values = Vec::new();
        for place in 0..length {
            values.push(self.cells(chains + CHUNK * place, span)?);
        }
        let mut sum = 0;
        for ((place, pair), value) in (0..).zip(numbers.windows(2)).zip(&mut values) {
            let digit = field::subtract(pair[0], field::multiply(base, pair[1]));
            if digit >= base {
                return Err(stop(Failure::OutOfRange, span));
            }
            sum = field::add(sum, digit);
            for position in digit + 1..base {
                let mut tweak = tweak;
                tweak[0] = field::add(tweak[0], base * place + position);
                *value = self.compress([tweak, *value, parameter, [0; 4]]).0;
            }
        }
        for (place, value) in (0..).zip(values) {
            self.define_cells(chains + CHUNK * place + HALF, &value, span)?;
        }
        self.define(digits + length, sum, span)
    }

    /// `poseidon16_path(key, node, siblings, tweaks, n)`: the root above a node, n levels up.
    pub(super) fn path(&mut self, values: &[u64], span: Span) -> Result<(), Stop> {
        let &[key, node, siblings, tweaks, length] = values else {
            return Err(stop(Failure::IllFormed, span));
        };
        if !(1..=MAX_LENGTH).contains(&length) {
            return Err(stop(Failure::IllFormed, span));
        }
        let key = aligned(key, CHUNK, span)?;
        let node = aligned(node, HALF, span)?;
        let siblings = aligned(siblings, HALF, span)?;
        let tweaks = aligned(tweaks, CHUNK, span)?;
        let parameter = self.cells(field::add(key, HALF), span)?;
        let mut node = self.cells(node, span)?;
        for level in 0..length {
            let (tweak, [side, zeros @ ..]) = halves(self.cells(tweaks + CHUNK * level, span)?);
            if side > 1 {
                return Err(stop(Failure::OutOfRange, span));
            }
            if zeros != [0; 3] {
                return Err(stop(Failure::NotEqual, span));
            }
            let sibling = self.cells(siblings + HALF * level, span)?;
            let (left, right) = match side {
                0 => (node, sibling),
                _ => (sibling, node),
            };
            node = self.compress([tweak, parameter, left, right]).0;
        }
        self.define_cells(key, &node, span)
    }

    /// `poseidon16_sponge(start, blocks, stride, out, n)`: the state after n blocks of two halves,
    /// of which each begins `stride` cells behind the one before.
    pub(super) fn sponge(&mut self, values: &[u64], span: Span) -> Result<(), Stop> {
        let &[start, blocks, stride, out, length] = values else {
            return Err(stop(Failure::IllFormed, span));
        };
        if !(1..=MAX_LENGTH).contains(&length) {
            return Err(stop(Failure::IllFormed, span));
        }
        let start = aligned(start, CHUNK, span)?;
        let out = aligned(out, CHUNK, span)?;
        let mut state = halves(self.cells(start, span)?);
        let mut next = blocks;
        for _ in 0..length {
            let mut block = [[0; HALF as usize]; 2];
            for half in &mut block {
                *half = self.cells(aligned(next, HALF, span)?, span)?;
                next = field::add(next, stride);
            }
            let [first, second] = block;
            state = self.compress([state.0, state.1, first, second]);
        }
        self.define_cells(out, &state.0, span)?;
        self.define_cells(out + HALF, &state.1, span)
    }

    /// The compression of two chunks, of four halves: two halves.
    fn compress(&self, input: [Half; 4]) -> (Half, Half) {
        let input = input.as_flattened();
        let mut output = std::array::from_fn(|i| input[i] as u32);
        self.hasher.permute_16(&mut output);
        halves(std::array::from_fn(|i| {
            field::add(input[i], u64::from(output[i]))
        }))
    }

    /// The values of N cells that must be defined, from an address on, which does not wrap around.
    fn cells<const N: usize>(&mut self, first: u64, span: Span) -> Result<[u64; N], Stop> {
        let mut values = [0; N];
        for (value, address) in values.iter_mut().zip(first..) {
            *value = self.read(address, span)?;
        }
        Ok(values)
    }

    /// Defines or checks cells from an address on.
    fn define_cells(&mut self, first: u64, values: &[u64], span: Span) -> Result<(), Stop> {
        for (value, address) in values.iter().zip(first..) {
            self.define(address, *value, span)?;
        }
        Ok(())
    }
}
