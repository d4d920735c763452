//! SPEC §6 execution: hints.

use super::Run;
use crate::field::Felt;
use crate::isa::{Hint, HintKind, Operand};
use crate::rejection::{Error, Rejection};

/// Runs a hint: an undefined operand is refused where it is read (§6.28).
pub(super) fn execute(run: &mut Run<'_>, hint: &Hint) -> Result<(), Error> {
    let [first, second, third] = hint.operands;
    match hint.kind {
        HintKind::Alloc => {
            let size = run.machine.read(second)?.known()?;
            // §6.29.
            let address = run.layout.allocate(size.value(), hint.imm)?;
            write_destination(run, first, Felt::new(u64::from(address)))
        }
        HintKind::Witness => {
            let pointer = run.machine.read(first)?.known()?;
            let missing = || {
                Error::new(
                    Rejection::WitnessMissing,
                    format!("no list of {} is left", hint.name),
                )
            };
            // §6.30.
            let lists = run
                .private
                .get_mut(hint.name.as_str())
                .ok_or_else(missing)?;
            let (list, rest) = lists.split_first().ok_or_else(missing)?;
            *lists = rest;
            for (i, element) in list.iter().enumerate() {
                write(run, pointer + Felt::new(i as u64), *element)?;
            }
            Ok(())
        }
        HintKind::Bits => {
            let value = run.machine.read(first)?.known()?.value();
            let pointer = run.machine.read(second)?.known()?;
            // §6.31.
            if u64::from(value) >= 1 << hint.imm {
                return Err(Error::new(
                    Rejection::HintFailed,
                    format!("{value} has more than {} bits", hint.imm),
                ));
            }
            for i in 0..hint.imm {
                let bit = (value >> (hint.imm - 1 - i)) & 1;
                write(
                    run,
                    pointer + Felt::new(u64::from(i)),
                    Felt::new(u64::from(bit)),
                )?;
            }
            Ok(())
        }
        HintKind::Inverse => {
            let value = run.machine.read(second)?.known()?;
            write_destination(run, first, value.inverse().unwrap_or(Felt::ZERO))
        }
        HintKind::Equal => {
            let left = run.machine.read(second)?.known()?;
            let right = run.machine.read(third)?.known()?;
            write_destination(run, first, Felt::new(u64::from(left == right)))
        }
        HintKind::Print => {
            let value = run.machine.read(first)?.known()?;
            run.printed.push(value);
            Ok(())
        }
    }
}

/// Defines a cell, or checks its value (§6.32).
fn write(run: &mut Run<'_>, address: Felt, value: Felt) -> Result<(), Error> {
    match run.machine.memory.read(address)? {
        Some(present) if present != value => Err(Error::new(
            Rejection::HintConflict,
            format!("cell {address} is {present}, not {value}"),
        )),
        _ => run.machine.memory.define(address, value),
    }
}

/// Writes to the cell of a memory operand; decoding has refused other destinations.
fn write_destination(run: &mut Run<'_>, destination: Operand, value: Felt) -> Result<(), Error> {
    write(run, run.machine.fp + destination.k(), value)
}
