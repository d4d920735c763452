//! SPEC §17 commitment, code.
//!
//! A Reed-Solomon codeword is a polynomial at all powers of a root of unity, by the radix-2 Fourier
//! transform.

use crate::field::{Ext, Felt, root_of_unity};

/// The polynomial with these coefficients at 1, root, root², …: as many points as coefficients, a
/// power of two, which is the order of the root.
pub fn transform(coefficients: &[Felt], root: Felt) -> Vec<Felt> {
    if coefficients.len() == 1 {
        return coefficients.to_vec();
    }
    // P(X) = even(X²) + X·odd(X²), and root^(n/2) = −1.
    let even: Vec<Felt> = coefficients.iter().copied().step_by(2).collect();
    let odd: Vec<Felt> = coefficients.iter().copied().skip(1).step_by(2).collect();
    let even = transform(&even, root * root);
    let odd = transform(&odd, root * root);
    let mut lower = Vec::new();
    let mut upper = Vec::new();
    let mut power = Felt::ONE;
    for (&a, &b) in even.iter().zip(&odd) {
        lower.push(a + power * b);
        upper.push(a - power * b);
        power *= root;
    }
    lower.extend(upper);
    lower
}

/// The matrix whose row i is the polynomials at ω^i, ω = root_of_unity(log_rows), of 2^log_rows
/// rows. Precondition: no polynomial has more coefficients than there are rows.
///
/// # Panics
/// If log_rows > 24.
pub fn encode(polynomials: &[Vec<Felt>], log_rows: u32) -> Vec<Vec<Felt>> {
    let root = root_of_unity(log_rows).expect("the caps bound the number of rows by 2^24");
    let mut rows = vec![Vec::new(); 1 << log_rows];
    for polynomial in polynomials {
        let mut coefficients = polynomial.clone();
        coefficients.resize(1 << log_rows, Felt::ZERO);
        for (row, value) in rows.iter_mut().zip(transform(&coefficients, root)) {
            row.push(value);
        }
    }
    rows
}

/// As [`encode`] for polynomials over E: a row is the coordinates of its elements, one after
/// another.
pub fn encode_extension(polynomials: &[Vec<Ext>], log_rows: u32) -> Vec<Vec<Felt>> {
    let mut coordinates = Vec::new();
    for polynomial in polynomials {
        for i in 0..crate::field::DEGREE {
            coordinates.push(polynomial.iter().map(|x| x.coordinates()[i]).collect());
        }
    }
    encode(&coordinates, log_rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::multilinear::tests::sample_ext;
    use crate::multilinear::{inner_product, lift};
    use crate::transcript::unflatten;

    /// Σ_x f(x)·base^x for f given by its values: f as the coefficients of a polynomial.
    fn at_power(values: &[Ext], base: Felt) -> Ext {
        let mut powers = Vec::new();
        let mut power = Felt::ONE;
        for _ in values {
            powers.push(Ext::from(power));
            power *= base;
        }
        inner_product(values, &powers)
    }

    #[test]
    fn codewords_are_evaluations() {
        let omega = root_of_unity(4).unwrap();
        let base = [
            (1..9).map(Felt::new).collect::<Vec<Felt>>(),
            vec![Felt::new(77)],
        ];
        let extension = [sample_ext(1, 4), sample_ext(2, 4)];
        let rows = encode(&base, 4);
        let extension_rows = encode_extension(&extension, 4);
        assert_eq!((rows.len(), extension_rows.len()), (16, 16));
        for i in 0..16 {
            let x = omega.pow(i);
            let expected = [at_power(&lift(&base[0]), x), at_power(&lift(&base[1]), x)];
            assert_eq!(lift(&rows[i as usize]), expected);
            let expected = [at_power(&extension[0], x), at_power(&extension[1], x)];
            assert_eq!(unflatten(&extension_rows[i as usize]), expected);
        }
    }
}
