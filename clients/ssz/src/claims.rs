//! Claims, aggregates and merges, and both together. All are encoded in canonical order.

use leanvm_verifier::aggregation::AggregateError;
use leanvm_verifier::merging::{
    AnyAggregate, Claim, canonical_claims, check_numbers, order, verify_claims,
};
use leanvm_verifier::xmss::{Message, PublicKey};

use crate::signed::{entries, list};
use crate::{Ssz, SszError, wire};

/// The claims in canonical order, their keys as well.
fn canonical(claims: &[Claim]) -> Result<Vec<Claim>, SszError> {
    check_numbers(claims)
        .and_then(|()| canonical_claims(claims))
        .map_err(SszError::Claims)
}

/// A claim whose keys are in canonical order, as a type of the schema.
fn claim_to_wire(claim: &Claim) -> Result<wire::Claim, SszError> {
    Ok(wire::Claim {
        slot: claim.slot,
        message: claim.message.to_wire()?,
        keys: list(claim.keys.iter().map(PublicKey::to_bytes).collect())?,
    })
}

/// The keys of a claim, which are in canonical order.
fn keys_from_wire(keys: &[wire::PublicKey]) -> Result<Vec<PublicKey>, SszError> {
    let decoded = entries(keys)?;
    ascending(keys)?;
    Ok(decoded)
}

/// # Errors
/// [`SszError::Order`] unless each entry is greater than the one before it.
fn ascending<T: Ord>(list: &[T]) -> Result<(), SszError> {
    let mut pairs = list.iter().zip(list.iter().skip(1));
    match pairs.position(|(before, after)| before >= after) {
        Some(index) => Err(SszError::Order {
            index: index.saturating_add(1),
        }),
        None => Ok(()),
    }
}

/// A claim, with at least one key.
fn claim_from_wire(wire: &wire::Claim) -> Result<Claim, SszError> {
    Ok(Claim {
        slot: wire.slot,
        message: Message::from_wire(&wire.message).map_err(|e| e.of_field("message"))?,
        keys: keys_from_wire(&wire.keys).map_err(|e| e.of_field("keys"))?,
    })
}

impl Ssz for Claim {
    type Wire = wire::Claim;

    fn to_wire(&self) -> Result<Self::Wire, SszError> {
        let canonical = canonical(std::slice::from_ref(self))?;
        match canonical.as_slice() {
            [claim] => claim_to_wire(claim),
            // `canonical` gives as many claims as it takes.
            _ => Err(SszError::Claims(AggregateError::NoClaims)),
        }
    }

    fn from_wire(wire: &Self::Wire) -> Result<Self, SszError> {
        let claim = claim_from_wire(wire)?;
        check_numbers(std::slice::from_ref(&claim)).map_err(SszError::Claims)?;
        Ok(claim)
    }
}

/// At least one, in canonical order, with at most 2^16 keys in all.
impl Ssz for Vec<Claim> {
    type Wire = wire::Claims;

    fn to_wire(&self) -> Result<Self::Wire, SszError> {
        let canonical = canonical(self)?;
        list(
            canonical
                .iter()
                .map(claim_to_wire)
                .collect::<Result<_, _>>()?,
        )
    }

    fn from_wire(wire: &Self::Wire) -> Result<Self, SszError> {
        let claims = wire
            .iter()
            .enumerate()
            .map(|(index, claim)| claim_from_wire(claim).map_err(|error| error.of_entry(index)))
            .collect::<Result<Vec<_>, _>>()?;
        check_numbers(&claims).map_err(SszError::Claims)?;
        ascending(&claims.iter().map(order).collect::<Vec<_>>())?;
        Ok(claims)
    }
}

/// The bytes of SPEC §24 or §26, as a list of bytes.
impl Ssz for AnyAggregate {
    type Wire = wire::Aggregate;

    fn to_wire(&self) -> Result<Self::Wire, SszError> {
        list(self.to_bytes())
    }

    fn from_wire(wire: &Self::Wire) -> Result<Self, SszError> {
        Self::from_bytes(wire).map_err(SszError::Aggregate)
    }
}

/// Claims beside an aggregate or a merge, which shows them if [`AggregateWithClaims::verify`] says
/// so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AggregateWithClaims {
    /// The claims, in any order: encoded they are in canonical order.
    pub claims: Vec<Claim>,
    /// What shows them, if it does.
    pub aggregate: AnyAggregate,
}

impl AggregateWithClaims {
    /// Verifies that each key of each claim has a signature of its message for its slot. The
    /// claims are those of whoever made the bytes: a verifier with claims of its own compares
    /// them, or calls [`verify_claims`] with its own.
    ///
    /// # Errors
    /// Those of [`verify_claims`].
    pub fn verify(&self) -> Result<(), AggregateError> {
        verify_claims(&self.claims, &self.aggregate)
    }
}

impl Ssz for AggregateWithClaims {
    type Wire = wire::AggregateWithClaims;

    fn to_wire(&self) -> Result<Self::Wire, SszError> {
        Ok(wire::AggregateWithClaims {
            claims: self.claims.to_wire().map_err(|e| e.of_field("claims"))?,
            aggregate: (self.aggregate.to_wire()).map_err(|e| e.of_field("aggregate"))?,
        })
    }

    fn from_wire(wire: &Self::Wire) -> Result<Self, SszError> {
        let claims = Ssz::from_wire(&wire.claims).map_err(|e: SszError| e.of_field("claims"))?;
        let aggregate =
            AnyAggregate::from_wire(&wire.aggregate).map_err(|e| e.of_field("aggregate"))?;
        Ok(Self { claims, aggregate })
    }
}
