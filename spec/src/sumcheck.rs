//! SPEC §12 sumcheck.
//!
//! Round polynomials s of degree d are sent as c_1..c_d. The prover makes them from the values
//! s(0), …, s(d); the verifier completes them by c_0, which follows from the claim.

use crate::field::{Ext, Felt};
use crate::rejection::Error;
use crate::transcript::{ProverTranscript, VerifierTranscript};

/// The labels of the two events of a round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Labels {
    /// The label of the coefficients.
    pub(crate) round: &'static str,
    /// The label of the challenge.
    pub(crate) challenge: &'static str,
}

/// The polynomial with these coefficients, that of X^0 first, at x.
pub fn evaluate_polynomial(coefficients: &[Ext], x: Ext) -> Ext {
    let mut value = Ext::ZERO;
    for &coefficient in coefficients.iter().rev() {
        value = value * x + coefficient;
    }
    value
}

/// The d + 1 coefficients of the polynomial of degree d with these values at 0, 1, …, d.
pub fn interpolate(values: &[Ext]) -> Vec<Ext> {
    let number = values.len();
    let mut coefficients = vec![Ext::ZERO; number];
    for (i, &value) in values.iter().enumerate() {
        // The product of (X − j)/(i − j) over j ≠ i.
        let mut basis = vec![Felt::ONE];
        for j in (0..number).filter(|&j| j != i) {
            let node = Felt::new(j as u64);
            let difference = Felt::new(i as u64) - node;
            let scale = difference.inverse().unwrap_or(Felt::ZERO);
            let mut product = vec![Felt::ZERO; basis.len() + 1];
            for (k, &coefficient) in basis.iter().enumerate() {
                product[k] -= coefficient * node * scale;
                product[k + 1] += coefficient * scale;
            }
            basis = product;
        }
        for (coefficient, &scale) in coefficients.iter_mut().zip(&basis) {
            *coefficient += value * scale;
        }
    }
    coefficients
}

/// §12.2: c_0, …, c_d from c_1, …, c_d in the plain form: s(0) + s(1) = claim.
pub fn complete_plain(claim: Ext, sent: &[Ext]) -> Vec<Ext> {
    let half = Felt::new(2).inverse().unwrap_or(Felt::ZERO);
    let mut constant = claim;
    for &coefficient in sent {
        constant -= coefficient;
    }
    let mut coefficients = vec![constant * half];
    coefficients.extend_from_slice(sent);
    coefficients
}

/// §12.2: c_0, …, c_d from c_1, …, c_d in the form weighted by eq(y, ·): (1 − y_i)·s(0) + y_i·s(1)
/// = claim.
pub fn complete_weighted(claim: Ext, coordinate: Ext, sent: &[Ext]) -> Vec<Ext> {
    let mut constant = claim;
    for &coefficient in sent {
        constant -= coordinate * coefficient;
    }
    let mut coefficients = vec![constant];
    coefficients.extend_from_slice(sent);
    coefficients
}

/// §12.1, §12.3: sends the round polynomial with these values at 0, 1, …, d and samples its
/// challenge.
pub(crate) fn prove_round(
    transcript: &mut ProverTranscript,
    labels: Labels,
    values: &[Ext],
) -> Ext {
    let coefficients = interpolate(values);
    transcript.send_extension(labels.round, &coefficients[1..]);
    transcript.sample(labels.challenge)
}

/// §12.1 to §12.4: the verifier of the form weighted by eq(point, ·) at degree d: the last claim
/// g(ρ), and ρ.
///
/// # Errors
/// Those of the transcript.
pub(crate) fn verify_weighted(
    transcript: &mut VerifierTranscript<'_>,
    labels: Labels,
    claim: Ext,
    point: &[Ext],
    degree: usize,
) -> Result<(Ext, Vec<Ext>), Error> {
    let mut claim = claim;
    let mut challenges = Vec::new();
    for &coordinate in point {
        let sent = transcript.receive_extension(labels.round, degree)?;
        let coefficients = complete_weighted(claim, coordinate, &sent);
        let challenge = transcript.sample(labels.challenge);
        claim = evaluate_polynomial(&coefficients, challenge);
        challenges.push(challenge);
    }
    Ok((claim, challenges))
}

/// §12.1 to §12.4: the verifier of the plain form of k variables at degree d: the last claim f(ρ),
/// and ρ.
///
/// # Errors
/// Those of the transcript.
pub(crate) fn verify_plain(
    transcript: &mut VerifierTranscript<'_>,
    labels: Labels,
    claim: Ext,
    num_variables: usize,
    degree: usize,
) -> Result<(Ext, Vec<Ext>), Error> {
    let mut claim = claim;
    let mut challenges = Vec::new();
    for _ in 0..num_variables {
        let sent = transcript.receive_extension(labels.round, degree)?;
        let coefficients = complete_plain(claim, &sent);
        let challenge = transcript.sample(labels.challenge);
        claim = evaluate_polynomial(&coefficients, challenge);
        challenges.push(challenge);
    }
    Ok((claim, challenges))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::multilinear::tests::sample_ext;
    use crate::multilinear::{bind, eq_table, evaluate, inner_product};

    const LABELS: Labels = Labels {
        round: "round",
        challenge: "challenge",
    };

    #[test]
    fn interpolation_gives_back_the_coefficients() {
        for degree in 0..11 {
            let coefficients = sample_ext(degree, degree as usize + 1);
            let values: Vec<Ext> = (0..=degree)
                .map(|x| evaluate_polynomial(&coefficients, Ext::from(Felt::new(x))))
                .collect();
            assert_eq!(interpolate(&values), coefficients);
        }
    }

    #[test]
    fn completion_gives_back_the_constant() {
        let s = sample_ext(5, 4);
        let (zero, one) = (s[0], evaluate_polynomial(&s, Ext::ONE));
        assert_eq!(complete_plain(zero + one, &s[1..]), s);
        let r = sample_ext(6, 1)[0];
        let claim = (Ext::ONE - r) * zero + r * one;
        assert_eq!(complete_weighted(claim, r, &s[1..]), s);
    }

    /// Σ_x eq(point, x)·f(x)^2 in the weighted form, with the coefficient `changed` of round 1
    /// falsified.
    fn weighted_square(falsify: bool) -> bool {
        let k = 3;
        let point = sample_ext(7, k);
        let f = sample_ext(8, 1 << k);
        let squares: Vec<Ext> = f.iter().map(|&x| x * x).collect();
        let claim = evaluate(&squares, &point);
        let mut transcript = ProverTranscript::new(false);
        let mut bound = f.clone();
        for i in 0..k {
            let weights = eq_table(&point[i + 1..]);
            let mut values: Vec<Ext> = (0..3)
                .map(|x| {
                    let at = bind(&bound, Ext::from(Felt::new(x)));
                    let squares: Vec<Ext> = at.iter().map(|&x| x * x).collect();
                    inner_product(&weights, &squares)
                })
                .collect();
            if falsify && i == 1 {
                values[2] += Ext::ONE;
            }
            let challenge = prove_round(&mut transcript, LABELS, &values);
            bound = bind(&bound, challenge);
        }
        let (proof, _) = transcript.finish();
        let words: Vec<u32> = proof.iter().map(|x| x.value()).collect();
        let mut transcript = VerifierTranscript::new(&words, false);
        let (last, challenges) =
            verify_weighted(&mut transcript, LABELS, claim, &point, 2).unwrap();
        let value = evaluate(&f, &challenges);
        last == value * value
    }

    #[test]
    fn the_weighted_form_ends_in_the_value_at_the_challenges() {
        assert!(weighted_square(false));
        assert!(!weighted_square(true));
    }
}
