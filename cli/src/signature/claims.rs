//! The claims of an aggregate, and the list of signers that has them in a file.

use std::path::Path;

use leanvm_fast::aggregation::{self, AggregateError, verify_aggregate_with_cost};
use leanvm_fast::cost::Cost;
use leanvm_fast::leansig;
use leanvm_fast::rejection::Error;
use leanvm_fast::xmss::{Message, PublicKey};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, foreign};
use crate::files::{self, Kind};
use crate::hex;
use crate::signature::record::{Place, json_bytes, message_of, of_json};
use crate::signature::scheme::Scheme;

/// The scheme of a list of signers.
#[derive(Deserialize)]
struct SchemeOfList {
    scheme: String,
}

/// Who has signed a message for a slot.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignerList {
    scheme: String,
    slot: u32,
    message: String,
    /// In any order.
    public_keys: Vec<String>,
}

/// Who has signed what for which slot.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimList {
    scheme: String,
    /// In any order.
    claims: Vec<ClaimRecord>,
}

/// The claim of one signature.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimRecord {
    public_key: String,
    slot: u32,
    message: String,
}

/// The claims of an aggregate.
pub(crate) enum Claims {
    /// That keys have signed a message for a slot.
    Leanxmss42 {
        message: Message,
        message_bytes: Vec<u8>,
        slot: u32,
        keys: Vec<PublicKey>,
    },
    /// That keys have signed messages for slots.
    LeansigDim64(Vec<leansig::Claim>),
}

/// Why an aggregate does not show its claims.
pub(crate) enum Refused {
    /// The bytes are not an aggregate of the scheme.
    Form { name: &'static str, reason: String },
    /// No aggregate has such a list.
    List { name: &'static str, reason: String },
    /// The proof does not show these claims.
    Proof(Error),
}

impl Claims {
    /// The scheme.
    pub(crate) const fn scheme(&self) -> Scheme {
        match self {
            Self::Leanxmss42 { .. } => Scheme::Leanxmss42,
            Self::LeansigDim64(_) => Scheme::LeansigDim64,
        }
    }

    /// Their number.
    pub(crate) const fn len(&self) -> usize {
        match self {
            Self::Leanxmss42 { keys, .. } => keys.len(),
            Self::LeansigDim64(claims) => claims.len(),
        }
    }

    /// Verifies an aggregate; what it has taken.
    pub(crate) fn verify(&self, bytes: &[u8]) -> Result<Cost, Refused> {
        match self {
            Self::Leanxmss42 {
                message,
                slot,
                keys,
                ..
            } => aggregation::Aggregate::from_bytes(bytes)
                .map_err(AggregateError::from)
                .and_then(|aggregate| verify_aggregate_with_cost(message, *slot, keys, &aggregate))
                .map_err(|error| {
                    let (name, reason) = (error.name(), error.to_string());
                    match error {
                        AggregateError::Proof(error) => Refused::Proof(error),
                        AggregateError::Form(_) => Refused::Form { name, reason },
                        _ => Refused::List { name, reason },
                    }
                }),
            Self::LeansigDim64(claims) => leansig::Aggregate::from_bytes(bytes)
                .map_err(leansig::AggregateError::from)
                .and_then(|aggregate| leansig::verify_aggregate_with_cost(claims, &aggregate))
                .map_err(|error| {
                    let (name, reason) = (error.name(), error.to_string());
                    match error {
                        leansig::AggregateError::Proof(error) => Refused::Proof(error),
                        leansig::AggregateError::Form(_) => Refused::Form { name, reason },
                        _ => Refused::List { name, reason },
                    }
                }),
        }
    }
}

impl Claims {
    /// Reads a list of signers.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = files::read(path, Kind::Signers)?;
        let SchemeOfList { scheme } = of_json(path, &bytes, Kind::Signers)?;
        let place = Place {
            file: path,
            inside: None,
        };
        if scheme == Scheme::Leanxmss42.name() {
            Self::of_signers(&of_json(path, &bytes, Kind::Signers)?, &place)
        } else if scheme == Scheme::LeansigDim64.name() {
            Self::of_claims(&of_json(path, &bytes, Kind::Signers)?, &place)
        } else {
            Err(place.unusable(
                format!("scheme {}", foreign(&scheme)),
                "aggregates are of leanxmss42 or leansig-dim64",
            ))
        }
    }

    fn of_signers(list: &SignerList, place: &Place<'_>) -> Result<Self, Failure> {
        let message_bytes = place.field("message", &list.message)?;
        let keys = list.public_keys.iter().enumerate().map(|(index, text)| {
            let name = format!("public_keys[{index}]");
            PublicKey::from_bytes(&place.field(&name, text)?).map_err(|error| {
                place.unusable(
                    format!("{name}: {error}"),
                    "a public key is 32 bytes, eight canonical words",
                )
            })
        });
        Ok(Self::Leanxmss42 {
            message: message_of(&message_bytes)?,
            slot: list.slot,
            keys: keys.collect::<Result<_, _>>()?,
            message_bytes,
        })
    }

    fn of_claims(list: &ClaimList, place: &Place<'_>) -> Result<Self, Failure> {
        let claims = list.claims.iter().enumerate().map(|(index, claim)| {
            let name = format!("claims[{index}].public_key");
            let key = place.field(&name, &claim.public_key)?;
            let key = leansig::PublicKey::from_bytes(&key).map_err(|error| {
                place.unusable(
                    format!("{name}: {error}"),
                    "a public key is 52 bytes, thirteen canonical words",
                )
            })?;
            Ok(leansig::Claim {
                key,
                slot: claim.slot,
                message: place.message_of_32(&claim.message)?,
            })
        });
        Ok(Self::LeansigDim64(claims.collect::<Result<_, _>>()?))
    }

    /// The bytes of a list of signers.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        let scheme = self.scheme().name().to_owned();
        match self {
            Self::Leanxmss42 {
                message_bytes,
                slot,
                keys,
                ..
            } => json_bytes(&SignerList {
                scheme,
                slot: *slot,
                message: hex::encode(message_bytes),
                public_keys: keys
                    .iter()
                    .map(|key| hex::encode(&key.to_bytes()))
                    .collect(),
            }),
            Self::LeansigDim64(claims) => {
                let record = |claim: &leansig::Claim| ClaimRecord {
                    public_key: hex::encode(&claim.key.to_bytes()),
                    slot: claim.slot,
                    message: hex::encode(&claim.message),
                };
                let claims = claims.iter().map(record).collect();
                json_bytes(&ClaimList { scheme, claims })
            }
        }
    }
}
