//! One proof of many signatures of the scheme `leansig_dim64`, SPEC §23 leansig: the prover.

use super::witness::{PrivateInput, join, witness};
use super::{
    Aggregate, Claim, MAX_CLAIMS, Order, PUBLIC_ELEMENTS, Signature, VerificationError, order,
    program, public_input,
};
use crate::aggregation::capacity::Bounds;
use crate::aggregation::work::{self, Scheme};
use crate::aggregation::{AggregationError, Options, Report};
use crate::execution::Input;
use crate::isa::Program;
use crate::rejection::Error;
use crate::tables::TableId;

/// Rows of the tables, for the slots and digits that take most.
const BOUNDS: Bounds = Bounds {
    public_elements: PUBLIC_ELEMENTS,
    most: MAX_CLAIMS as u32,
    rows: &[
        (TableId::Memory, 8250, 2500),
        (TableId::Add, 60, 5400),
        (TableId::Mul, 60, 2300),
        (TableId::Deref, 60, 3700),
        (TableId::Jump, 60, 620),
        (TableId::Poseidon16, 0, 74),
        (TableId::Poseidon24, 0, 69),
        (TableId::DotProduct, 60, 540),
        (TableId::DotTerm, 60, 760),
        (TableId::DotQuad, 0, 60),
    ],
};

/// A list of claims.
struct Claims;

impl Scheme for Claims {
    type Signed = (Claim, Signature);
    type Order = Order;
    type Witness = PrivateInput;
    type Refusal = VerificationError;

    fn program(&self) -> Result<&'static Program, Error> {
        program()
    }

    fn bounds(&self) -> &'static Bounds {
        &BOUNDS
    }

    fn order(&self, (claim, _): &Self::Signed) -> Self::Order {
        order(claim)
    }

    fn witnesses(&self, signed: &[Self::Signed]) -> Vec<Result<PrivateInput, VerificationError>> {
        let witness = |(claim, signature): &Self::Signed| witness(claim, signature);
        signed.iter().map(witness).collect()
    }

    fn input(&self, signed: Vec<(&Self::Signed, PrivateInput)>) -> Result<Input, Error> {
        let claims: Vec<Claim> = signed.iter().map(|((claim, _), _)| claim.clone()).collect();
        Ok(Input {
            public: public_input(&claims),
            private: join(signed.into_iter().map(|(_, witness)| witness)),
        })
    }
}

/// One proof of all signatures, each of its claim. Same signatures in any order, same bytes.
///
/// With [`Options::skip_invalid`] take [`aggregate_with_report`], which says which claims are not
/// in it.
///
/// # Errors
/// The first in this order, all before a proof is begun: no signature, an unknown rate, more than
/// [`MAX_CLAIMS`], more memory than allowed, all signatures that are not valid, a claim twice.
/// [`AggregationError::Stopped`] at any time.
pub fn aggregate(
    signed: &[(Claim, Signature)],
    options: &Options<'_>,
) -> Result<Aggregate, AggregationError<VerificationError>> {
    aggregate_with_report(signed, options).map(|(aggregate, _)| aggregate)
}

/// As [`aggregate`], with what was skipped, sizes and times.
///
/// # Errors
/// As [`aggregate`].
pub fn aggregate_with_report(
    signed: &[(Claim, Signature)],
    options: &Options<'_>,
) -> Result<(Aggregate, Report<VerificationError>), AggregationError<VerificationError>> {
    let (proof, report) = work::aggregate(&Claims, signed, options)?;
    Ok((Aggregate::of_proof(proof), report))
}

/// About how many bytes of memory [`aggregate`] needs at most, as
/// [`crate::aggregation::memory_needed`].
///
/// # Errors
/// `parameters` if log_inv_rate is not 1, 2, 3 or 4, `size-cap` for more claims than fit.
pub fn memory_needed(claims: usize, log_inv_rate: u32) -> Result<usize, Error> {
    BOUNDS.memory_needed(program()?, claims, log_inv_rate)
}
