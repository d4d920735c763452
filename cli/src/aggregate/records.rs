//! Signatures and lists of signers as JSON.

use std::path::{Path, PathBuf};

use leanvm_fast::leansig;
use leanvm_fast::xmss::{PublicKey, Signature};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::message_of;
use super::schemes::{Claims, LeansigDim64, Leanxmss42};
use crate::failure::Failure;
use crate::files::{self, Kind};
use crate::hex;
use crate::xmss::Scheme;

/// A signature with what it is of.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignatureRecord {
    /// The scheme, by its name on the command line.
    pub(crate) scheme: String,
    /// The public key, in hexadecimal digits.
    pub(crate) public_key: String,
    /// The slot.
    pub(crate) slot: u32,
    /// The bytes of the message, in hexadecimal digits.
    pub(crate) message: String,
    /// The signature, in hexadecimal digits.
    pub(crate) signature: String,
}

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

/// What a signature is of.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimRecord {
    public_key: String,
    slot: u32,
    message: String,
}

/// Where signatures come from.
pub(super) enum Origin {
    /// A sample.
    Sample,
    /// Files, one a signature.
    Files(Vec<PathBuf>),
    /// One file.
    File(PathBuf),
}

impl Origin {
    /// What the time before the aggregation was spent on.
    pub(super) const fn label(&self) -> &'static str {
        match self {
            Self::Sample => "making keys and signatures",
            Self::Files(_) | Self::File(_) => "reading signatures",
        }
    }

    /// The file of a signature.
    pub(super) fn file(&self, index: usize) -> Option<&Path> {
        match self {
            Self::Sample => None,
            Self::Files(paths) => paths.get(index).map(PathBuf::as_path),
            Self::File(path) => Some(path),
        }
    }

    /// The place of a signature in its file.
    pub(super) fn place(&self, index: usize) -> Option<String> {
        matches!(self, Self::File(_)).then(|| format!("signature {index}"))
    }

    /// Which signature it is.
    pub(super) fn name(&self, index: usize) -> String {
        match self {
            Self::Files(_) => self.file(index).map(|path| path.display().to_string()),
            Self::Sample | Self::File(_) => None,
        }
        .unwrap_or_else(|| format!("signature {index}"))
    }
}

/// A signature that an aggregate is without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Skipped {
    /// Its index among all.
    pub(super) index: usize,
    /// Why.
    pub(super) reason: String,
}

/// Signatures, each with its index among all, and those that cannot be used.
pub(super) struct Batch<B> {
    pub(super) signatures: B,
    pub(super) indices: Vec<usize>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) origin: Origin,
}

/// The records of a folder or a file.
struct Records {
    list: Vec<Result<SignatureRecord, Failure>>,
    origin: Origin,
    path: PathBuf,
}

impl Records {
    fn read(path: &Path) -> Result<Self, Failure> {
        let (list, origin) = if path.is_dir() {
            let paths = record_paths(path)?;
            let list = paths.iter().map(|path| parse(path, Kind::Signatures));
            (list.collect::<Vec<_>>(), Origin::Files(paths))
        } else {
            let list: Vec<SignatureRecord> = parse(path, Kind::Signatures)?;
            (
                list.into_iter().map(Ok).collect(),
                Origin::File(path.to_owned()),
            )
        };
        if list.is_empty() {
            return Err(Failure::unusable(
                path,
                "there is no signature in it",
                "put signatures there: `leanvm xmss sign … -o NAME.json`",
            ));
        }
        Ok(Self {
            list,
            origin,
            path: path.to_owned(),
        })
    }

    /// Decodes each record. Those that cannot be used are refused together, or skipped.
    fn decode<T>(
        self,
        skip_invalid: bool,
        mut decode: impl FnMut(&SignatureRecord, &Place<'_>) -> Result<T, Failure>,
    ) -> Result<Batch<Vec<T>>, Failure> {
        let (mut signatures, mut indices, mut failures) = (Vec::new(), Vec::new(), Vec::new());
        let total = self.list.len();
        for (index, record) in self.list.into_iter().enumerate() {
            let place = Place {
                file: self.origin.file(index).unwrap_or(&self.path),
                inside: self.origin.place(index),
            };
            match record.and_then(|record| decode(&record, &place)) {
                Ok(signature) => {
                    signatures.push(signature);
                    indices.push(index);
                }
                Err(failure) => failures.push((index, failure)),
            }
        }
        if !(failures.is_empty() || skip_invalid && !signatures.is_empty()) {
            let number = failures.len();
            let list =
                listing(failures.iter().map(|(index, failure)| {
                    (self.origin.name(*index), failure.reason().to_owned())
                }));
            let (_, first) = failures.swap_remove(0);
            return Err(if number == 1 {
                first
            } else {
                first
                    .with_summary(format!("{number} of {total} signatures cannot be used"))
                    .with_listing(list)
            });
        }
        let skipped = failures.into_iter().map(|(index, failure)| Skipped {
            index,
            reason: failure.reason().to_owned(),
        });
        Ok(Batch {
            signatures,
            indices,
            skipped: skipped.collect(),
            origin: self.origin,
        })
    }
}

/// Names with reasons, a line each.
pub(super) fn listing(rows: impl IntoIterator<Item = (String, String)>) -> String {
    rows.into_iter()
        .map(|(name, reason)| format!("    {name}: {reason}\n"))
        .collect()
}

/// The place of a record.
struct Place<'a> {
    file: &'a Path,
    inside: Option<String>,
}

impl Place<'_> {
    fn unusable(&self, reason: impl Into<String>, remedy: &str) -> Failure {
        let failure = Failure::unusable(self.file, reason, remedy);
        match &self.inside {
            Some(inside) => failure.at(inside.clone()),
            None => failure,
        }
    }

    fn field(&self, name: &str, text: &str) -> Result<Vec<u8>, Failure> {
        hex::decode(text).ok_or_else(|| {
            self.unusable(
                format!("{name}: not an even number of hexadecimal digits"),
                "write bytes as hexadecimal digits",
            )
        })
    }

    fn check_scheme(&self, found: &str, expected: Scheme) -> Result<(), Failure> {
        if found == expected.name() {
            return Ok(());
        }
        Err(self.unusable(
            format!("a signature of the scheme {found}, not {}", expected.name()),
            "give signatures of one scheme, and its name by --scheme",
        ))
    }

    fn malformed(&self, name: &str, error: &dyn std::fmt::Display) -> Failure {
        self.unusable(
            format!("{name}: {error}"),
            "give the signature as its signer wrote it",
        )
    }

    /// A message of `leansig-dim64`.
    fn message_of_32(&self, text: &str) -> Result<[u8; leansig::MESSAGE_BYTES], Failure> {
        let bytes = self.field("message", text)?;
        bytes.try_into().map_err(|bytes: Vec<u8>| {
            self.unusable(
                format!("message: {} bytes", bytes.len()),
                "a message of leansig-dim64 has 32 bytes",
            )
        })
    }
}

impl Batch<Leanxmss42> {
    /// Reads a folder or a file.
    pub(super) fn read(path: &Path, skip_invalid: bool) -> Result<Self, Failure> {
        let mut statement: Option<(Vec<u8>, u32)> = None;
        let batch = Records::read(path)?.decode(skip_invalid, |record, place| {
            place.check_scheme(&record.scheme, Scheme::Leanxmss42)?;
            let key = PublicKey::from_bytes(&place.field("public_key", &record.public_key)?)
                .map_err(|error| place.malformed("public_key", &error))?;
            let signature = Signature::from_bytes(&place.field("signature", &record.signature)?)
                .map_err(|error| place.malformed("signature", &error))?;
            let message = place.field("message", &record.message)?;
            let (first, slot) = statement.get_or_insert_with(|| (message.clone(), record.slot));
            let remedy = "an aggregate is of one message and slot: make one for each";
            if record.slot != *slot {
                let reason = format!(
                    "a signature for slot {}, where the first is for slot {slot}",
                    record.slot
                );
                return Err(place.unusable(reason, remedy));
            }
            if message != *first {
                let reason = "a signature of another message than the first";
                return Err(place.unusable(reason, remedy));
            }
            Ok((key, signature))
        })?;
        let (message_bytes, slot) = statement.unwrap_or_default();
        Ok(Self {
            signatures: Leanxmss42 {
                message: message_of(&message_bytes)?,
                message_bytes,
                slot,
                signatures: batch.signatures,
            },
            indices: batch.indices,
            skipped: batch.skipped,
            origin: batch.origin,
        })
    }
}

impl Batch<LeansigDim64> {
    /// Reads a folder or a file.
    pub(super) fn read(path: &Path, skip_invalid: bool) -> Result<Self, Failure> {
        let batch = Records::read(path)?.decode(skip_invalid, |record, place| {
            place.check_scheme(&record.scheme, Scheme::LeansigDim64)?;
            let (key, signature) = leansig::decode(
                &place.field("public_key", &record.public_key)?,
                &place.field("signature", &record.signature)?,
            )
            .map_err(|error| place.malformed("signature", &error))?;
            let claim = leansig::Claim {
                key,
                slot: record.slot,
                message: place.message_of_32(&record.message)?,
            };
            Ok((claim, signature))
        })?;
        Ok(Self {
            signatures: LeansigDim64(batch.signatures),
            indices: batch.indices,
            skipped: batch.skipped,
            origin: batch.origin,
        })
    }
}

impl Claims {
    /// Reads a list of signers.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let place = Place {
            file: path,
            inside: None,
        };
        let bytes = files::read(path, Kind::Signers)?;
        let SchemeOfList { scheme } = of_json(path, &bytes, Kind::Signers)?;
        let key = |name: String, text: &str| Ok((place.field(&name, text)?, name));
        if scheme == Scheme::Leanxmss42.name() {
            let list: SignerList = of_json(path, &bytes, Kind::Signers)?;
            let message_bytes = place.field("message", &list.message)?;
            let keys = list.public_keys.iter().enumerate().map(|(index, text)| {
                let (bytes, name) = key(format!("public_keys[{index}]"), text)?;
                PublicKey::from_bytes(&bytes).map_err(|error| {
                    place.unusable(
                        format!("{name}: {error}"),
                        "a public key is 32 bytes, eight canonical words",
                    )
                })
            });
            return Ok(Self::Leanxmss42 {
                message: message_of(&message_bytes)?,
                slot: list.slot,
                keys: keys.collect::<Result<_, _>>()?,
                message_bytes,
            });
        }
        if scheme == Scheme::LeansigDim64.name() {
            let list: ClaimList = of_json(path, &bytes, Kind::Signers)?;
            let claims = list.claims.iter().enumerate().map(|(index, claim)| {
                let (bytes, name) = key(format!("claims[{index}].public_key"), &claim.public_key)?;
                let key = leansig::PublicKey::from_bytes(&bytes).map_err(|error| {
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
            return Ok(Self::LeansigDim64(claims.collect::<Result<_, _>>()?));
        }
        Err(place.unusable(
            format!("scheme {scheme}"),
            "aggregates are of leanxmss42 or leansig-dim64",
        ))
    }

    /// The bytes of a list of signers.
    pub(super) fn to_json(&self) -> Vec<u8> {
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

impl SignatureRecord {
    /// The file's bytes.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        json_bytes(self)
    }
}

fn json_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The `.json` files of a folder, by name.
fn record_paths(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::unusable(
            folder,
            format!("cannot be read: {error}"),
            "check the permissions of the folder",
        )
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
            && path.is_file()
        {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn parse<T: DeserializeOwned>(path: &Path, kind: Kind) -> Result<T, Failure> {
    of_json(path, &files::read(path, kind)?, kind)
}

fn of_json<T: DeserializeOwned>(path: &Path, bytes: &[u8], kind: Kind) -> Result<T, Failure> {
    let remedy = "signatures are written by `leanvm xmss sign -o NAME.json`, lists of signers by `leanvm aggregate --signers`";
    serde_json::from_slice(bytes).map_err(|error| {
        files::mistaken(path, bytes, kind)
            .unwrap_or_else(|| Failure::json_error(path, &error, remedy))
    })
}
