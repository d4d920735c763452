//! SPEC §13 lookup, the verifier's half.

use p3_field::PrimeCharacteristicRing;

use super::{Boundary, Fingerprint, LeafClaim};
use crate::field::EF;
use crate::rejection::{Error, Rejection};
use crate::sumcheck;
use crate::tables::LOG_SLOTS;
use crate::transcript::VerifierTranscript;

/// §13.1: samples α and θ.
///
/// # Errors
/// None of its own; a point of another length than asked for is refused.
pub fn fingerprint(transcript: &mut VerifierTranscript<'_>) -> Result<Fingerprint, Error> {
    let alpha = transcript.sample("lookup.alpha");
    let theta: [EF; LOG_SLOTS] = exact(transcript.sample_point("lookup.theta", LOG_SLOTS))?;
    Ok(Fingerprint::new(alpha, theta))
}

/// A list whose length is known.
fn exact<const N: usize>(list: Vec<EF>) -> Result<[EF; N], Error> {
    list.try_into()
        .map_err(|_| Rejection::ProofTruncated.at(format!("a list that has not {N} elements")))
}

/// The fractional sum of 2^`log_leaves` leaves.
///
/// # Errors
/// `proof-truncated`, `element-not-canonical`, `lookup-root`, `lookup-layer`.
///
/// # Soundness
/// The claim that it returns is false, but for a fraction of the challenges, if the leaves do not
/// sum to what `boundary` says.
pub fn verify(
    log_leaves: usize,
    boundary: &Boundary,
    transcript: &mut VerifierTranscript<'_>,
) -> Result<LeafClaim, Error> {
    // §13.2: N_1(0), N_1(1), D_1(0), D_1(1).
    let [p_low, p_high, q_low, q_high] = exact(transcript.receive_extension("lookup.root", 4)?)?;
    // §13.3, §13.4.
    if !boundary.balances(p_low * q_high + p_high * q_low, q_low * q_high) {
        return Err(Rejection::LookupRoot.at(
            "lookup.root: the sum over all buses is not that of the public input and the program",
        ));
    }
    // §13.5: r = (τ).
    let tau = transcript.sample("lookup.point");
    let mut claim = LeafClaim {
        point: vec![tau],
        numerator: p_low + tau * (p_high - p_low),
        denominator: q_low + tau * (q_high - q_low),
    };
    // §13.6 to §13.10, layer after layer.
    for _ in 1..log_leaves {
        claim = layer(&claim, transcript)?;
    }
    Ok(claim)
}

/// From a claim on layer k to one on layer k + 1.
fn layer(claim: &LeafClaim, transcript: &mut VerifierTranscript<'_>) -> Result<LeafClaim, Error> {
    // §13.6, §13.7.
    let lambda = transcript.sample("lookup.lambda");
    let mut value = claim.numerator + lambda * claim.denominator;
    let mut point = vec![EF::ZERO];
    for weight in &claim.point {
        let coefficients = transcript.receive_extension("lookup.round", 2)?;
        let challenge = transcript.sample("lookup.challenge");
        value = sumcheck::weighted_next(value, *weight, &coefficients, challenge);
        point.push(challenge);
    }
    // §13.8.
    let [p_low, p_high, q_low, q_high] = exact(transcript.receive_extension("lookup.layer", 4)?)?;
    // §13.9.
    if p_low * q_high + p_high * q_low + lambda * q_low * q_high != value {
        return Err(Rejection::LookupLayer.at(format!(
            "lookup.layer: the values of layer {} are not those of the layer before",
            point.len()
        )));
    }
    // §13.10.
    let tau = transcript.sample("lookup.point");
    if let Some(first) = point.first_mut() {
        *first = tau;
    }
    Ok(LeafClaim {
        point,
        numerator: p_low + tau * (p_high - p_low),
        denominator: q_low + tau * (q_high - q_low),
    })
}
