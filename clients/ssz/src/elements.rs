//! What is made of field elements alone.

use leanvm_verifier::xmss::{Message, PublicKey, Signature};

use crate::{Ssz, SszError, wire};

impl Ssz for PublicKey {
    type Wire = wire::PublicKey;

    fn to_wire(&self) -> Result<Self::Wire, SszError> {
        Ok(self.to_bytes())
    }

    fn from_wire(wire: &Self::Wire) -> Result<Self, SszError> {
        Self::from_bytes(wire).map_err(SszError::Element)
    }
}

impl Ssz for Message {
    type Wire = wire::Message;

    fn to_wire(&self) -> Result<Self::Wire, SszError> {
        Ok(self.to_canonical_bytes())
    }

    fn from_wire(wire: &Self::Wire) -> Result<Self, SszError> {
        Self::from_canonical_bytes(wire).map_err(SszError::Element)
    }
}

impl Ssz for Signature {
    type Wire = wire::Signature;

    fn to_wire(&self) -> Result<Self::Wire, SszError> {
        Ok(self.to_bytes())
    }

    fn from_wire(wire: &Self::Wire) -> Result<Self, SszError> {
        Self::from_bytes(wire).map_err(SszError::Element)
    }
}
