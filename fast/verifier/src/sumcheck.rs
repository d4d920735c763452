//! SPEC §12 sumcheck.
//!
//! Round polynomials s(X) = c_0 + c_1·X + … + c_d·X^d travel without c_0, which the claim
//! determines. This file is what both sides do with one round. Source: the sumcheck protocol of
//! Lund, Fortnow, Karloff and Nisan; the eq factor taken out as in ePrint 2024/108.

use p3_field::PrimeCharacteristicRing;

use crate::field::EF;

/// Σ_k coefficients_k·x^k.
pub fn evaluate_polynomial(coefficients: &[EF], x: EF) -> EF {
    coefficients
        .iter()
        .rev()
        .fold(EF::ZERO, |value, coefficient| value * x + *coefficient)
}

/// §12.2, §12.4: s(challenge) of a plain round, where `coefficients` are c_1..=c_d: s(0) + s(1) =
/// claim.
pub fn plain_next(claim: EF, coefficients: &[EF], challenge: EF) -> EF {
    let sum: EF = coefficients.iter().copied().sum();
    (claim - sum).halve() + challenge * evaluate_polynomial(coefficients, challenge)
}

/// §12.2, §12.4: s(challenge) of a round weighted by eq, where `coefficients` are c_1..=c_d: (1 −
/// weight)·s(0) + weight·s(1) = claim.
pub fn weighted_next(claim: EF, weight: EF, coefficients: &[EF], challenge: EF) -> EF {
    let sum: EF = coefficients.iter().copied().sum();
    claim - weight * sum + challenge * evaluate_polynomial(coefficients, challenge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::F;

    fn element(seed: u32) -> EF {
        crate::field::from_coordinates(std::array::from_fn(|i| {
            F::from_u32(seed * 977 + 31 * u32::try_from(i).unwrap()).exp_const_u64::<5>()
        }))
    }

    #[test]
    fn next_claims() {
        let coefficients: Vec<EF> = (1..5).map(element).collect();
        let (weight, challenge) = (element(7), element(8));
        let expected = evaluate_polynomial(&coefficients, challenge);
        let at = |x| evaluate_polynomial(&coefficients, EF::from_u32(x));
        assert_eq!(
            plain_next(at(0) + at(1), &coefficients[1..], challenge),
            expected
        );
        let claim = (EF::ONE - weight) * at(0) + weight * at(1);
        assert_eq!(
            weighted_next(claim, weight, &coefficients[1..], challenge),
            expected
        );
    }
}
