//! Arithmetic at compile time, on canonical elements.

use super::Builtin;
use crate::ast::{BinaryOperator, MODULUS};
use crate::diagnostics::Code;

const P: u64 = MODULUS as u64;

/// The value of `left operator right`; a division by zero is an error.
pub(super) fn binary(operator: BinaryOperator, left: u32, right: u32) -> Result<u32, Code> {
    let (a, b) = (u64::from(left), u64::from(right));
    let divides = matches!(
        operator,
        BinaryOperator::Divide | BinaryOperator::FloorDivide | BinaryOperator::Remainder
    );
    if divides && b == 0 {
        return Err(Code::DivisionByZero);
    }
    Ok(match operator {
        BinaryOperator::Add => (a + b) % P,
        BinaryOperator::Subtract => (a + P - b) % P,
        BinaryOperator::Multiply => a * b % P,
        BinaryOperator::Divide => a * power(b, P - 2) % P,
        BinaryOperator::FloorDivide => a / b,
        BinaryOperator::Remainder => a % b,
        BinaryOperator::Power => power(a, b),
    } as u32)
}

/// `base` to the power `exponent`; 0 to the power 0 is 1.
fn power(base: u64, exponent: u64) -> u64 {
    let (mut result, mut square, mut rest) = (1, base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result = result * square % P;
        }
        square = square * square % P;
        rest >>= 1;
    }
    result
}

/// The value of an integer built-in of as many arguments as it has; nothing for the other
/// built-ins.
pub(super) fn builtin(builtin: Builtin, arguments: &[u32]) -> Result<Option<u32>, Code> {
    let a = u64::from(arguments.first().copied().unwrap_or(0));
    let b = u64::from(arguments.get(1).copied().unwrap_or(0));
    let divides = matches!(
        builtin,
        Builtin::DivCeil | Builtin::DivFloor | Builtin::NextMultipleOf
    );
    if divides && b == 0 {
        return Err(Code::DivisionByZero);
    }
    let value = match builtin {
        Builtin::Log2Ceil if a == 0 => 0,
        Builtin::Log2Ceil => u64::from(a.next_power_of_two().trailing_zeros()),
        Builtin::DivCeil => a.div_ceil(b),
        Builtin::DivFloor => a / b,
        Builtin::NextMultipleOf => a.next_multiple_of(b) % P,
        Builtin::SaturatingSub => a.saturating_sub(b),
        _ => return Ok(None),
    };
    Ok(Some(value as u32))
}
