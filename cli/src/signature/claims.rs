//! The claims of an aggregate, and the list of signers that has them in a file.

use std::path::Path;

use leanvm_fast::aggregation::{AggregateError, FormError};
use leanvm_fast::cost::Cost;
use leanvm_fast::leansig;
use leanvm_fast::merging::{
    AggregateFile, AnyAggregate, Claim, FileClaim, MAX_MESSAGE_BYTES, verify_claims_with_cost,
};
use leanvm_fast::rejection::Error;
use leanvm_fast::xmss::PublicKey;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, foreign};
use crate::files::{self, Kind};
use crate::hex;
use crate::report::number;
use crate::signature::record::{Place, json_bytes, message_of, of_json};
use crate::signature::scheme::Scheme;

/// What tells the form of a list of signers.
#[derive(Deserialize)]
struct FormOfList {
    scheme: String,
    claims: Option<IgnoredAny>,
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

/// Who has signed what for which slot, by slots and messages.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignerLists {
    scheme: String,
    /// In any order.
    claims: Vec<SignersOfMessage>,
}

/// Who has signed one message for one slot.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignersOfMessage {
    slot: u32,
    message: String,
    /// In any order.
    public_keys: Vec<String>,
}

/// Who has signed what for which slot, by signatures.
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

/// That keys have signed a message for a slot.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    /// The bytes of the message.
    pub(crate) message_bytes: Vec<u8>,
    /// The claim.
    pub(crate) claim: Claim,
}

impl From<&FileClaim> for Signed {
    fn from(one: &FileClaim) -> Self {
        Self {
            message_bytes: one.message_bytes().to_vec(),
            claim: one.claim().clone(),
        }
    }
}

/// The claims of an aggregate.
pub(crate) enum Claims {
    /// That keys have signed messages for slots.
    Leanxmss42(Vec<Signed>),
    /// That keys have signed messages for slots, one by one.
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

impl Refused {
    /// Name and reason.
    pub(crate) fn named(self) -> (&'static str, String) {
        match self {
            Self::Form { name, reason } | Self::List { name, reason } => (name, reason),
            Self::Proof(error) => ("proof", error.to_string()),
        }
    }
}

impl From<AggregateError> for Refused {
    fn from(error: AggregateError) -> Self {
        let (name, reason) = (error.name(), error.to_string());
        match error {
            AggregateError::Proof(error) => Self::Proof(error),
            AggregateError::Form(_) | AggregateError::ProgramClaim => Self::Form { name, reason },
            _ => Self::List { name, reason },
        }
    }
}

impl From<FormError> for Refused {
    fn from(error: FormError) -> Self {
        AggregateError::from(error).into()
    }
}

impl Claims {
    /// The scheme.
    pub(crate) const fn scheme(&self) -> Scheme {
        match self {
            Self::Leanxmss42(_) => Scheme::Leanxmss42,
            Self::LeansigDim64(_) => Scheme::LeansigDim64,
        }
    }

    /// The number of signatures that they are of.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Leanxmss42(claims) => claims.iter().map(|one| one.claim.keys.len()).sum(),
            Self::LeansigDim64(claims) => claims.len(),
        }
    }

    /// Verifies the bytes of an aggregate or a merge; what it has taken.
    pub(crate) fn verify(&self, bytes: &[u8]) -> Result<Cost, Refused> {
        match self {
            Self::Leanxmss42(claims) => {
                let aggregate = AnyAggregate::from_bytes(bytes)?;
                let claims: Vec<Claim> = claims.iter().map(|one| one.claim.clone()).collect();
                Ok(verify_claims_with_cost(&claims, &aggregate)?)
            }
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

    /// Refuses messages that no file with claims holds.
    pub(crate) fn check_messages(&self) -> Result<(), Failure> {
        let Self::Leanxmss42(claims) = self else {
            return Ok(());
        };
        let lengths = claims.iter().map(|one| one.message_bytes.len());
        match lengths.max().filter(|most| *most > MAX_MESSAGE_BYTES) {
            None => Ok(()),
            Some(length) => Err(Failure::usage(
                format!(
                    "the message has {} bytes, and a file that carries it up to {}",
                    number(length),
                    number(MAX_MESSAGE_BYTES)
                ),
                "write the bare bytes by --bytes-only, or sign a hash of the message",
            )),
        }
    }

    /// The bytes of a file that carries the claims beside the bytes of an aggregate or a merge, if
    /// the scheme has such files.
    pub(crate) fn to_file(&self, bytes: &[u8]) -> Result<Option<Vec<u8>>, Refused> {
        let Self::Leanxmss42(claims) = self else {
            return Ok(None);
        };
        let claims = claims.iter().map(
            |Signed {
                 message_bytes,
                 claim,
             }| {
                FileClaim::new(claim.slot, message_bytes.clone(), claim.keys.clone())
            },
        );
        let claims = claims.collect::<Result<_, _>>()?;
        let file = AggregateFile::new(claims, AnyAggregate::from_bytes(bytes)?)?;
        Ok(Some(file.to_bytes()))
    }
}

impl Claims {
    /// Reads a list of signers.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = files::read(path, Kind::Signers)?;
        let FormOfList { scheme, claims } = of_json(path, &bytes, Kind::Signers)?;
        let place = Place {
            file: path,
            inside: None,
        };
        if scheme == Scheme::Leanxmss42.name() {
            if claims.is_some() {
                return Self::of_lists(&of_json(path, &bytes, Kind::Signers)?, &place);
            }
            let list: SignerList = of_json(path, &bytes, Kind::Signers)?;
            let of = SignersOfMessage {
                slot: list.slot,
                message: list.message,
                public_keys: list.public_keys,
            };
            Ok(Self::Leanxmss42(vec![of.read("", &place)?]))
        } else if scheme == Scheme::LeansigDim64.name() {
            Self::of_claims(&of_json(path, &bytes, Kind::Signers)?, &place)
        } else {
            Err(place.unusable(
                format!("scheme {}", foreign(&scheme)),
                "aggregates are of leanxmss42 or leansig-dim64",
            ))
        }
    }

    fn of_lists(list: &SignerLists, place: &Place<'_>) -> Result<Self, Failure> {
        let claims = list.claims.iter().enumerate();
        let claims = claims.map(|(index, of)| of.read(&format!("claims[{index}]."), place));
        Ok(Self::Leanxmss42(claims.collect::<Result<_, _>>()?))
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
            Self::Leanxmss42(claims) => {
                let mut claims: Vec<_> = claims.iter().map(SignersOfMessage::of).collect();
                if claims.len() != 1 {
                    return json_bytes(&SignerLists { scheme, claims });
                }
                let SignersOfMessage {
                    slot,
                    message,
                    public_keys,
                } = claims.remove(0);
                json_bytes(&SignerList {
                    scheme,
                    slot,
                    message,
                    public_keys,
                })
            }
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

impl SignersOfMessage {
    fn of(
        Signed {
            message_bytes,
            claim,
        }: &Signed,
    ) -> Self {
        let keys = claim.keys.iter();
        Self {
            slot: claim.slot,
            message: hex::encode(message_bytes),
            public_keys: keys.map(|key| hex::encode(&key.to_bytes())).collect(),
        }
    }

    /// The claim; the names of its fields begin with `of`.
    fn read(&self, of: &str, place: &Place<'_>) -> Result<Signed, Failure> {
        let message_bytes = place.field(&format!("{of}message"), &self.message)?;
        let keys = self.public_keys.iter().enumerate().map(|(index, text)| {
            let name = format!("{of}public_keys[{index}]");
            PublicKey::from_bytes(&place.field(&name, text)?).map_err(|error| {
                place.unusable(
                    format!("{name}: {error}"),
                    "a public key is 32 bytes, eight canonical words",
                )
            })
        });
        let claim = Claim {
            slot: self.slot,
            message: message_of(&message_bytes)?,
            keys: keys.collect::<Result<_, _>>()?,
        };
        Ok(Signed {
            message_bytes,
            claim,
        })
    }
}
