//! Arithmetic of F and of its extension F[X]/(X^5 + X^2 − 1), on canonical integers.

use crate::ast::MODULUS;

/// p, as the integers of this module are.
pub(super) const P: u64 = MODULUS as u64;

/// An element of the extension, lowest coefficient first.
pub(super) type Extension = [u64; 5];

pub(super) fn add(a: u64, b: u64) -> u64 {
    (a + b) % P
}

pub(super) fn subtract(a: u64, b: u64) -> u64 {
    (a + P - b) % P
}

pub(super) fn multiply(a: u64, b: u64) -> u64 {
    a * b % P
}

pub(super) fn power(base: u64, exponent: u64) -> u64 {
    let mut result = 1;
    for bit in (0..64).rev() {
        result = multiply(result, result);
        if exponent >> bit & 1 == 1 {
            result = multiply(result, base);
        }
    }
    result
}

/// 1/a, and 0 for 0.
pub(super) fn inverse(a: u64) -> u64 {
    power(a, P - 2)
}

/// The least k with 2^k ≥ a; 0 for 0.
pub(super) fn log2_ceil(a: u64) -> u64 {
    let mut k = 0;
    while 1 << k < a {
        k += 1;
    }
    k
}

/// The element of F as an element of the extension.
pub(super) fn embed(a: u64) -> Extension {
    [a, 0, 0, 0, 0]
}

pub(super) fn extension_add(a: Extension, b: Extension) -> Extension {
    std::array::from_fn(|i| add(a[i], b[i]))
}

pub(super) fn extension_subtract(a: Extension, b: Extension) -> Extension {
    std::array::from_fn(|i| subtract(a[i], b[i]))
}

pub(super) fn extension_multiply(a: Extension, b: Extension) -> Extension {
    let mut product = [0; 9];
    for i in 0..5 {
        for j in 0..5 {
            product[i + j] = add(product[i + j], multiply(a[i], b[j]));
        }
    }
    // X^k = X^(k−5) − X^(k−3).
    for k in (5..9).rev() {
        product[k - 5] = add(product[k - 5], product[k]);
        product[k - 3] = subtract(product[k - 3], product[k]);
    }
    std::array::from_fn(|i| product[i])
}
