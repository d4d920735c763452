//! Signatures and lists of signers as JSON.

use std::path::{Path, PathBuf};

use leanvm_fast::xmss::{Message, PublicKey, Signature, VerificationError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{SCHEME, message_of};
use crate::failure::Failure;
use crate::files::{self, Kind};
use crate::hex;

/// A signature with what it is of.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignatureRecord {
    /// The scheme, [`SCHEME`].
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

/// Who has signed what.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signers {
    /// The scheme, [`SCHEME`].
    scheme: String,
    /// The slot.
    pub(crate) slot: u32,
    /// The bytes of the message, in hexadecimal digits.
    message: String,
    /// The public keys, in hexadecimal digits and in the order of the aggregate.
    public_keys: Vec<String>,
}

/// Where signatures come from.
pub(crate) enum Origin {
    /// A sample.
    Sample,
    /// Files, one a signature.
    Files(Vec<PathBuf>),
    /// One file.
    File(PathBuf),
}

impl Origin {
    /// What the time before the aggregation was spent on.
    pub(crate) const fn label(&self) -> &'static str {
        match self {
            Self::Sample => "making keys and signatures",
            Self::Files(_) | Self::File(_) => "reading signatures",
        }
    }

    /// The file of a signature.
    pub(crate) fn file(&self, index: usize) -> Option<&Path> {
        match self {
            Self::Sample => None,
            Self::Files(paths) => paths.get(index).map(PathBuf::as_path),
            Self::File(path) => Some(path),
        }
    }
}

/// Signatures of one message for one slot.
pub(crate) struct Batch {
    /// The message.
    pub(crate) message: Message,
    /// The bytes of the message.
    pub(crate) message_bytes: Vec<u8>,
    /// The slot.
    pub(crate) slot: u32,
    /// Keys and signatures.
    pub(crate) signatures: Vec<(PublicKey, Signature)>,
    /// Where they come from.
    pub(crate) origin: Origin,
}

impl Batch {
    /// Reads a folder or a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let (records, origin) = if path.is_dir() {
            let paths = record_paths(path)?;
            let records = paths
                .iter()
                .map(|path| parse(path, Kind::Signatures))
                .collect::<Result<Vec<SignatureRecord>, _>>()?;
            (records, Origin::Files(paths))
        } else {
            (
                parse(path, Kind::Signatures)?,
                Origin::File(path.to_owned()),
            )
        };
        Self::of(&records, origin, path)
    }

    fn of(records: &[SignatureRecord], origin: Origin, path: &Path) -> Result<Self, Failure> {
        let Some(first) = records.first() else {
            return Err(Failure::unusable(
                path,
                "there is no signature in it",
                "put signatures there: `leanvm xmss sign … -o NAME.json`",
            ));
        };
        let mut signatures = Vec::with_capacity(records.len());
        let message_bytes = field(path, "message", &first.message)?;
        for (index, record) in records.iter().enumerate() {
            let file = origin.file(index).unwrap_or(path);
            let place = match origin {
                Origin::File(_) => format!("signature {index}: "),
                _ => String::new(),
            };
            let unusable = |detail: String, remedy: &str| {
                Failure::unusable(file, format!("{place}{detail}"), remedy)
            };
            if record.scheme != SCHEME {
                return Err(unusable(
                    format!("scheme {}", record.scheme),
                    "signatures of leanxmss42 are aggregated",
                ));
            }
            if record.slot != first.slot {
                return Err(unusable(
                    format!(
                        "a signature for slot {}, where the first is for slot {}",
                        record.slot, first.slot
                    ),
                    "an aggregate is of one message and slot: make one for each",
                ));
            }
            if field(file, "message", &record.message)? != message_bytes {
                return Err(unusable(
                    "a signature of another message than the first".to_owned(),
                    "an aggregate is of one message and slot: make one for each",
                ));
            }
            let malformed = |name: &str, error: VerificationError| {
                unusable(
                    format!("{name}: {error}"),
                    "give files written by `leanvm xmss sign`",
                )
            };
            let key = PublicKey::from_bytes(&field(file, "public_key", &record.public_key)?)
                .map_err(|error| malformed("public_key", error))?;
            let signature = Signature::from_bytes(&field(file, "signature", &record.signature)?)
                .map_err(|error| malformed("signature", error))?;
            signatures.push((key, signature));
        }
        Ok(Self {
            message: message_of(&message_bytes)?,
            message_bytes,
            slot: first.slot,
            signatures,
            origin,
        })
    }

    /// The public keys in order.
    pub(crate) fn keys(&self) -> Vec<PublicKey> {
        self.signatures.iter().map(|(key, _)| *key).collect()
    }

    /// Who has signed what.
    pub(crate) fn signers(&self) -> Signers {
        Signers {
            scheme: SCHEME.to_owned(),
            slot: self.slot,
            message: hex::encode(&self.message_bytes),
            public_keys: self
                .signatures
                .iter()
                .map(|(key, _)| hex::encode(&key.to_bytes()))
                .collect(),
        }
    }
}

impl Signers {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let signers: Self = parse(path, Kind::Signers)?;
        if signers.scheme == SCHEME {
            Ok(signers)
        } else {
            Err(Failure::unusable(
                path,
                format!("scheme {}", signers.scheme),
                "aggregates are of leanxmss42",
            ))
        }
    }

    /// Message and keys.
    pub(crate) fn decoded(&self, path: &Path) -> Result<(Message, Vec<PublicKey>), Failure> {
        let message = message_of(&field(path, "message", &self.message)?)?;
        let key = |(index, text): (usize, &String)| {
            let name = format!("public_keys[{index}]");
            PublicKey::from_bytes(&field(path, &name, text)?).map_err(|error| {
                Failure::unusable(
                    path,
                    format!("{name}: {error}"),
                    "a public key is 32 bytes, eight canonical words",
                )
            })
        };
        let keys = self
            .public_keys
            .iter()
            .enumerate()
            .map(key)
            .collect::<Result<_, _>>()?;
        Ok((message, keys))
    }

    /// The file's bytes.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        json_bytes(self)
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
    let bytes = files::read(path, kind)?;
    let remedy = "signatures are written by `leanvm xmss sign -o NAME.json`, lists of signers by `leanvm aggregate --signers`";
    serde_json::from_slice(&bytes).map_err(|error| {
        files::mistaken(path, &bytes, kind)
            .unwrap_or_else(|| Failure::json_error(path, &error, remedy))
    })
}

fn field(path: &Path, name: &str, text: &str) -> Result<Vec<u8>, Failure> {
    hex::decode(text).ok_or_else(|| {
        Failure::unusable(
            path,
            format!("{name}: not an even number of hexadecimal digits"),
            "write bytes as hexadecimal digits",
        )
    })
}
