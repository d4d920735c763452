//! Signatures of `leanxmss42` as JSON: the files of `leanvm xmss sign -o NAME.json`.

use std::fmt;

use leanvm_fast::xmss::{PublicKey, Signature, VerificationError};
use serde::{Deserialize, Serialize};

use crate::hex;

/// The scheme, by its name on the command line.
pub const SCHEME: &str = "leanxmss42";

/// A signature with its key, slot and message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureRecord {
    /// The scheme, by its name on the command line.
    pub scheme: String,
    /// The public key, in hexadecimal digits.
    pub public_key: String,
    /// The slot.
    pub slot: u32,
    /// The bytes of the message, in hexadecimal digits.
    pub message: String,
    /// The signature, in hexadecimal digits.
    pub signature: String,
}

/// A record of the scheme `leanxmss42`, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The public key.
    pub key: PublicKey,
    /// The slot.
    pub slot: u32,
    /// The bytes of the message.
    pub message: Vec<u8>,
    /// The signature, which may be invalid.
    pub signature: Signature,
}

/// Why a record cannot be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// It is of this scheme.
    Scheme(String),
    /// A field is not bytes in hexadecimal digits.
    Digits(&'static str),
    /// The bytes of a field are not what it should be.
    Malformed {
        /// The field.
        field: &'static str,
        /// Why.
        reason: VerificationError,
    },
}

impl RecordError {
    /// A name for programs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Scheme(_) => "scheme",
            Self::Digits(_) => "digits",
            Self::Malformed { reason, .. } => reason.name(),
        }
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme(found) => {
                write!(formatter, "a signature of the scheme {found}, not {SCHEME}")
            }
            Self::Digits(field) => {
                write!(
                    formatter,
                    "{field}: not an even number of hexadecimal digits"
                )
            }
            Self::Malformed { field, reason } => write!(formatter, "{field}: {reason}"),
        }
    }
}

impl std::error::Error for RecordError {}

/// The bytes of a field.
fn bytes(field: &'static str, text: &str) -> Result<Vec<u8>, RecordError> {
    hex::decode(text).ok_or(RecordError::Digits(field))
}

impl SignatureRecord {
    /// Key, slot, message and signature.
    ///
    /// # Errors
    /// The first of scheme, key, signature and message that is not what it should be.
    pub fn decode(&self) -> Result<Signed, RecordError> {
        if self.scheme != SCHEME {
            return Err(RecordError::Scheme(self.scheme.clone()));
        }
        let malformed = |field| move |reason| RecordError::Malformed { field, reason };
        let key = bytes("public_key", &self.public_key)?;
        let key = PublicKey::from_bytes(&key).map_err(malformed("public_key"))?;
        let signature = bytes("signature", &self.signature)?;
        let signature = Signature::from_bytes(&signature).map_err(malformed("signature"))?;
        Ok(Signed {
            key,
            slot: self.slot,
            message: bytes("message", &self.message)?,
            signature,
        })
    }
}

impl From<&Signed> for SignatureRecord {
    fn from(signed: &Signed) -> Self {
        Self {
            scheme: SCHEME.to_owned(),
            public_key: hex::encode(&signed.key.to_bytes()),
            slot: signed.slot,
            message: hex::encode(&signed.message),
            signature: hex::encode(&signed.signature.to_bytes()),
        }
    }
}
