//! Built-ins, hints and instructions of the machine.

use super::execute::{Interpreter, Value, list, stop};
use super::field::{self, Extension};
use super::{Failure, Stop};
use crate::ast::{Expression, ExpressionKind};
use crate::check::{Builtin, Hint, MachineFunction, PoseidonForm};
use crate::source::Span;

impl Interpreter<'_> {
    /// A call of what the language itself has, with its results.
    pub(super) fn call_builtin(
        &mut self,
        builtin: Builtin,
        arguments: &[Expression],
        span: Span,
    ) -> Result<Vec<Value>, Stop> {
        if arguments.len() != builtin.arity() {
            return Err(stop(Failure::IllFormed, span));
        }
        match builtin {
            Builtin::DynArray => {
                let Value::List(elements) = self.evaluate(&arguments[0])? else {
                    return Err(stop(Failure::IllFormed, span));
                };
                let elements = elements.borrow().clone();
                return Ok(vec![list(elements)]);
            }
            Builtin::Len => {
                let Value::List(elements) = self.evaluate(&arguments[0])? else {
                    return Err(stop(Failure::IllFormed, span));
                };
                let length = elements.borrow().len();
                return Ok(vec![Value::Element(length as u64)]);
            }
            Builtin::Hint(Hint::Witness) => {
                let ExpressionKind::Text(name) = &arguments[0].kind else {
                    return Err(stop(Failure::IllFormed, span));
                };
                let pointer = self.evaluate_element(&arguments[1])?;
                self.hint_witness(name, pointer, span)?;
                return Ok(Vec::new());
            }
            _ => {}
        }
        let mut values = Vec::new();
        for argument in arguments {
            values.push(self.evaluate_element(argument)?);
        }
        match builtin {
            Builtin::Array => {
                let address = self.memory.allocate(values[0], span);
                let address = address.map_err(|failure| stop(failure, span))?;
                Ok(vec![Value::Element(address)])
            }
            Builtin::Hint(hint) => {
                self.hint(hint, &values, span)?;
                Ok(Vec::new())
            }
            Builtin::Machine(function) => {
                self.instruction(function, &values, span)?;
                Ok(Vec::new())
            }
            _ => Ok(vec![Value::Element(integer(builtin, &values, span)?)]),
        }
    }

    fn hint_witness(&mut self, name: &str, pointer: u64, span: Span) -> Result<(), Stop> {
        *self.asked.entry(name.to_owned()).or_default() += 1;
        let lists = self.private.get_mut(name);
        let list = lists.and_then(std::collections::VecDeque::pop_front);
        let list = list.ok_or_else(|| stop(Failure::WitnessMissing, span))?;
        for (offset, value) in list.into_iter().enumerate() {
            self.advise(pointer, offset as u64, u64::from(value), span)?;
        }
        Ok(())
    }

    /// Writes a hint to a cell.
    fn advise(&mut self, pointer: u64, offset: u64, value: u64, span: Span) -> Result<(), Stop> {
        let defined = self.define(field::add(pointer, offset), value, span);
        defined.map_err(|error| match error.failure {
            Failure::NotEqual => stop(Failure::HintConflict, span),
            _ => error,
        })
    }

    fn hint(&mut self, hint: Hint, values: &[u64], span: Span) -> Result<(), Stop> {
        match (hint, values) {
            (Hint::DecomposeBits, &[value, pointer, bits]) => {
                if bits > 31 {
                    return Err(stop(Failure::IllFormed, span));
                }
                if value >> bits != 0 {
                    return Err(stop(Failure::HintFailed, span));
                }
                for offset in 0..bits {
                    let bit = value >> (bits - 1 - offset) & 1;
                    self.advise(pointer, offset, bit, span)?;
                }
                Ok(())
            }
            (Hint::Inverse, &[value, pointer]) => {
                self.advise(pointer, 0, field::inverse(value), span)
            }
            _ => Err(stop(Failure::IllFormed, span)),
        }
    }

    fn instruction(
        &mut self,
        function: MachineFunction,
        values: &[u64],
        span: Span,
    ) -> Result<(), Stop> {
        match function {
            MachineFunction::Poseidon { chunks, form } => {
                let (out, inputs) = match values.split_last() {
                    Some((out, inputs)) if inputs.len() == usize::from(chunks) => (*out, inputs),
                    _ => return Err(stop(Failure::IllFormed, span)),
                };
                self.poseidon(inputs, out, form, span)
            }
            MachineFunction::PoseidonHalves => self.poseidon_halves(values, span),
            MachineFunction::DotProduct { base } => self.reduce(values, base, false, span),
            MachineFunction::Eq { base } => self.reduce(values, base, true, span),
            MachineFunction::Chain => self.chain(values, span),
            MachineFunction::Path => self.path(values, span),
            MachineFunction::Sponge => self.sponge(values, span),
        }
    }

    fn poseidon(
        &mut self,
        inputs: &[u64],
        out: u64,
        form: PoseidonForm,
        span: Span,
    ) -> Result<(), Stop> {
        if inputs.iter().chain([&out]).any(|address| address % 8 != 0) {
            return Err(stop(Failure::ChunkUnaligned, span));
        }
        let mut input = Vec::new();
        for address in inputs {
            for offset in 0..8 {
                input.push(self.read(field::add(*address, offset), span)? as u32);
            }
        }
        input.resize(input.len().max(16), 0);
        let mut output = input.clone();
        if let Ok(state) = <&mut [u32; 16]>::try_from(output.as_mut_slice()) {
            self.hasher.permute_16(state);
        } else if let Ok(state) = <&mut [u32; 24]>::try_from(output.as_mut_slice()) {
            self.hasher.permute_24(state);
        }
        let written = match form {
            PoseidonForm::Full => 8,
            PoseidonForm::Half => 4,
            PoseidonForm::Permute => output.len(),
        };
        for offset in 0..written {
            let mut value = u64::from(output[offset]);
            if form != PoseidonForm::Permute {
                value = field::add(value, u64::from(input[offset]));
            }
            self.define(field::add(out, offset as u64), value, span)?;
        }
        Ok(())
    }

    /// The half at `out` is the first four elements of the compression of two halves and a chunk.
    fn poseidon_halves(&mut self, values: &[u64], span: Span) -> Result<(), Stop> {
        let &[first, second, chunk, out] = values else {
            return Err(stop(Failure::IllFormed, span));
        };
        if [first, second, out].iter().any(|half| half % 4 != 0) || chunk % 8 != 0 {
            return Err(stop(Failure::ChunkUnaligned, span));
        }
        let mut input = [0; 16];
        for (i, element) in input.iter_mut().enumerate() {
            let (address, offset) = match i {
                0..4 => (first, i),
                4..8 => (second, i - 4),
                _ => (chunk, i - 8),
            };
            *element = self.read(field::add(address, offset as u64), span)? as u32;
        }
        let mut output = input;
        self.hasher.permute_16(&mut output);
        for offset in 0..4 {
            let value = field::add(u64::from(output[offset]), u64::from(input[offset]));
            self.define(field::add(out, offset as u64), value, span)?;
        }
        Ok(())
    }

    fn read_extension(&mut self, address: u64, span: Span) -> Result<Extension, Stop> {
        let mut element = [0; 5];
        for (offset, coefficient) in element.iter_mut().enumerate() {
            *coefficient = self.read(field::add(address, offset as u64), span)?;
        }
        Ok(element)
    }

    /// Σ left·right, or Π (left·right + (1 − left)(1 − right)) if `equality`.
    fn reduce(
        &mut self,
        values: &[u64],
        base: bool,
        equality: bool,
        span: Span,
    ) -> Result<(), Stop> {
        let &[left, right, out, length] = values else {
            return Err(stop(Failure::IllFormed, span));
        };
        if length == 0 || length > 1 << 16 {
            return Err(stop(Failure::IllFormed, span));
        }
        let one = field::embed(1);
        let mut result = field::embed(u64::from(equality));
        for i in 0..length {
            let l = match base {
                true => field::embed(self.read(field::add(left, i), span)?),
                false => self.read_extension(field::add(left, 5 * i), span)?,
            };
            let r = self.read_extension(field::add(right, 5 * i), span)?;
            let product = field::extension_multiply(l, r);
            result = if equality {
                let complement = field::extension_multiply(
                    field::extension_subtract(one, l),
                    field::extension_subtract(one, r),
                );
                field::extension_multiply(result, field::extension_add(product, complement))
            } else {
                field::extension_add(result, product)
            };
        }
        for (offset, coefficient) in result.into_iter().enumerate() {
            self.define(field::add(out, offset as u64), coefficient, span)?;
        }
        Ok(())
    }
}

/// The built-ins on integers.
fn integer(builtin: Builtin, values: &[u64], span: Span) -> Result<u64, Stop> {
    let divides = matches!(
        builtin,
        Builtin::DivCeil | Builtin::DivFloor | Builtin::NextMultipleOf
    );
    if divides && values.get(1) == Some(&0) {
        return Err(stop(Failure::DivisionByZero, span));
    }
    let value = match (builtin, values) {
        (Builtin::Log2Ceil, &[a]) => field::log2_ceil(a),
        (Builtin::DivCeil, &[a, b]) => a.div_ceil(b),
        (Builtin::DivFloor, &[a, b]) => a / b,
        (Builtin::NextMultipleOf, &[a, b]) => a.next_multiple_of(b) % field::P,
        (Builtin::SaturatingSub, &[a, b]) => a.saturating_sub(b),
        _ => return Err(stop(Failure::IllFormed, span)),
    };
    Ok(value)
}
