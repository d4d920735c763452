//! SPEC §11 multilinear.
//!
//! A vector of 2^k entries is a function of k variables; variable 0 is the most significant bit of
//! the index. Points are slices of coordinates, that of variable 0 first.

use crate::field::{Ext, Felt};

/// The least k with 2^k ≥ number.
pub fn log2_ceil(number: usize) -> u32 {
    let mut k = 0;
    while k < usize::BITS - 1 && (1 << k) < number {
        k += 1;
    }
    k
}

/// eq(left, right) = Π_i (left_i·right_i + (1 − left_i)(1 − right_i)), over the shorter of the two
/// points.
pub fn eq(left: &[Ext], right: &[Ext]) -> Ext {
    let mut product = Ext::ONE;
    for (&a, &b) in left.iter().zip(right) {
        product *= a * b + (Ext::ONE - a) * (Ext::ONE - b);
    }
    product
}

/// eq(point, index), the index being the bits of a vertex of the cube.
pub fn eq_index(point: &[Ext], index: usize) -> Ext {
    let mut product = Ext::ONE;
    let mut rest = index;
    for &coordinate in point.iter().rev() {
        let bit = rest % 2;
        rest /= 2;
        product *= if bit == 1 {
            coordinate
        } else {
            Ext::ONE - coordinate
        };
    }
    product
}

/// The vector of eq(point, x) for all x.
pub fn eq_table(point: &[Ext]) -> Vec<Ext> {
    let mut table = vec![Ext::ONE];
    for &coordinate in point {
        let mut next = Vec::new();
        for &value in &table {
            let upper = value * coordinate;
            next.push(value - upper);
            next.push(upper);
        }
        table = next;
    }
    table
}

/// The values of base elements as elements of E.
pub fn lift(values: &[Felt]) -> Vec<Ext> {
    values.iter().map(|&value| Ext::from(value)).collect()
}

/// Σ_i left_i·right_i, over the shorter of the two vectors.
pub fn inner_product(left: &[Ext], right: &[Ext]) -> Ext {
    let mut sum = Ext::ZERO;
    for (&a, &b) in left.iter().zip(right) {
        sum += a * b;
    }
    sum
}

/// f̃(point) = Σ_x eq(point, x)·f(x).
pub fn evaluate(values: &[Ext], point: &[Ext]) -> Ext {
    inner_product(&eq_table(point), values)
}

/// Binds variable 0: f(x) ← f(0, x) + challenge·(f(1, x) − f(0, x)).
pub fn bind(values: &[Ext], challenge: Ext) -> Vec<Ext> {
    let (lower, upper) = values.split_at(values.len() / 2);
    let mut bound = Vec::new();
    for (&a, &b) in lower.iter().zip(upper) {
        bound.push(a + challenge * (b - a));
    }
    bound
}

/// row(point), the extension of index ↦ index: Σ_i point_i·2^(k−1−i).
pub fn row(point: &[Ext]) -> Ext {
    let mut sum = Ext::ZERO;
    for &coordinate in point {
        sum = sum + sum + coordinate;
    }
    sum
}

/// activity(n, point), the extension of \[index < n\]. Precondition: n ≤ 2^k.
pub fn activity(n: usize, point: &[Ext]) -> Ext {
    let k = point.len();
    // §11.1.
    if n >> k == 1 {
        return Ext::ONE;
    }
    // §11.2, §11.3.
    let mut equal = Ext::ONE;
    let mut smaller = Ext::ZERO;
    for (i, &coordinate) in point.iter().enumerate() {
        if (n >> (k - 1 - i)) % 2 == 1 {
            smaller += equal * (Ext::ONE - coordinate);
            equal *= coordinate;
        } else {
            equal *= Ext::ONE - coordinate;
        }
    }
    smaller
}

/// powers(ν, point), the extension of index ↦ ν^index: Π_i (1 − point_i + point_i·ν^(2^(k−1−i))).
pub fn powers(base: Felt, point: &[Ext]) -> Ext {
    let mut product = Ext::ONE;
    let mut power = base;
    for &coordinate in point.iter().rev() {
        product *= Ext::ONE - coordinate + coordinate * power;
        power *= power;
    }
    product
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A fixed sequence of elements of E, for tests.
    pub(crate) fn sample_ext(seed: u64, number: usize) -> Vec<Ext> {
        let mut sponge = crate::transcript::Sponge::new();
        sponge.absorb(&[Felt::new(seed)]);
        (0..number).map(|_| sponge.sample()).collect()
    }

    #[test]
    fn closed_forms_are_the_extensions_of_their_tables() {
        for k in 0..5_usize {
            let point = sample_ext(k as u64, k);
            let size = 1 << k;
            let numbers: Vec<Felt> = (0..size as u64).map(Felt::new).collect();
            assert_eq!(row(&point), evaluate(&lift(&numbers), &point));
            let base = Felt::new(987_654_321);
            let table: Vec<Felt> = (0..size as u64).map(|i| base.pow(i)).collect();
            assert_eq!(powers(base, &point), evaluate(&lift(&table), &point));
            for n in 0..=size {
                let table: Vec<Ext> = (0..size)
                    .map(|i| if i < n { Ext::ONE } else { Ext::ZERO })
                    .collect();
                assert_eq!(activity(n, &point), evaluate(&table, &point), "{n} of {k}");
            }
        }
    }

    #[test]
    fn eq_is_the_same_in_its_three_forms() {
        let point = sample_ext(1, 4);
        for (index, &entry) in eq_table(&point).iter().enumerate() {
            let vertex: Vec<Ext> = (0..4)
                .map(|i| Ext::from(Felt::new((index as u64 >> (3 - i)) % 2)))
                .collect();
            assert_eq!(entry, eq(&point, &vertex));
            assert_eq!(entry, eq_index(&point, index));
        }
    }

    #[test]
    fn binding_all_variables_evaluates() {
        let point = sample_ext(2, 4);
        let values = sample_ext(3, 16);
        let mut bound = values.clone();
        for &coordinate in &point {
            bound = bind(&bound, coordinate);
        }
        assert_eq!(bound, [evaluate(&values, &point)]);
        // Variable 0 is the most significant bit.
        assert_eq!(bind(&values, Ext::ZERO), values[..8]);
        assert_eq!(bind(&values, Ext::ONE), values[8..]);
    }

    #[test]
    fn log2_ceil_is_the_least_exponent() {
        let table = [0, 1, 2, 3, 4, 5, 8, 9].map(log2_ceil);
        assert_eq!(table, [0, 0, 1, 2, 2, 3, 3, 4]);
    }
}
