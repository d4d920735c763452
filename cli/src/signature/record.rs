//! Signatures as JSON, and decoding that lists of signers share with them.

use std::path::Path;

use leanvm_fast::leansig;
use leanvm_fast::xmss::Message;
pub(crate) use leanvm_service::record::SignatureRecord;
use leanvm_service::record::{RecordError, Signed};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::{Failure, foreign};
use crate::files::{self, Kind};
use crate::hex;
use crate::signature::scheme::Scheme;

const WRITE_DIGITS: &str = "write bytes as hexadecimal digits";

/// A value as it is written to a file.
pub(crate) fn json_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The place of a record.
pub(crate) struct Place<'a> {
    /// Its file.
    pub(crate) file: &'a Path,
    /// Where it is in the file, if there are several.
    pub(crate) inside: Option<String>,
}

impl Place<'_> {
    /// The failure that something at this place cannot be used.
    pub(crate) fn unusable(&self, reason: impl Into<String>, remedy: &str) -> Failure {
        let failure = Failure::unusable(self.file, reason, remedy);
        match &self.inside {
            Some(inside) => failure.at(inside.clone()),
            None => failure,
        }
    }

    /// The bytes of a field.
    pub(crate) fn field(&self, name: &str, text: &str) -> Result<Vec<u8>, Failure> {
        hex::decode(text).ok_or_else(|| {
            self.unusable(
                format!("{name}: not an even number of hexadecimal digits"),
                WRITE_DIGITS,
            )
        })
    }

    /// The record of a signature of leanxmss42, decoded.
    pub(crate) fn decode(&self, record: &SignatureRecord) -> Result<Signed, Failure> {
        record.decode().map_err(|error| match error {
            RecordError::Scheme(found) => self.other_scheme(&found, Scheme::Leanxmss42),
            RecordError::Digits(_) => self.unusable(error.to_string(), WRITE_DIGITS),
            RecordError::Malformed { field, reason } => self.malformed(field, &reason),
        })
    }

    /// Refuses a signature of another scheme.
    pub(crate) fn check_scheme(&self, found: &str, expected: Scheme) -> Result<(), Failure> {
        if found == expected.name() {
            return Ok(());
        }
        Err(self.other_scheme(found, expected))
    }

    fn other_scheme(&self, found: &str, expected: Scheme) -> Failure {
        self.unusable(
            format!(
                "a signature of the scheme {}, not {}",
                foreign(found),
                expected.name()
            ),
            "give signatures of one scheme, and its name by --scheme",
        )
    }

    /// The failure that a field cannot be decoded.
    pub(crate) fn malformed(&self, name: &str, error: &dyn std::fmt::Display) -> Failure {
        self.unusable(
            format!("{name}: {error}"),
            "give the signature as its signer wrote it",
        )
    }

    /// A message of `leansig-dim64`.
    pub(crate) fn message_of_32(
        &self,
        text: &str,
    ) -> Result<[u8; leansig::MESSAGE_BYTES], Failure> {
        let bytes = self.field("message", text)?;
        bytes.try_into().map_err(|bytes: Vec<u8>| {
            self.unusable(
                format!("message: {} bytes", bytes.len()),
                "a message of leansig-dim64 has 32 bytes",
            )
        })
    }
}

/// A message of any bytes.
pub(crate) fn message_of(bytes: &[u8]) -> Result<Message, Failure> {
    Message::from_bytes(bytes).map_err(|_| {
        Failure::usage(
            "the message has 2^25 bytes or more",
            "sign a hash of it instead",
        )
    })
}

/// Reads a file of a kind.
pub(crate) fn parse<T: DeserializeOwned>(path: &Path, kind: Kind) -> Result<T, Failure> {
    of_json(path, &files::read(path, kind)?, kind)
}

/// Reads the bytes of a file of a kind.
pub(crate) fn of_json<T: DeserializeOwned>(
    path: &Path,
    bytes: &[u8],
    kind: Kind,
) -> Result<T, Failure> {
    let remedy = "signatures are written by `leanvm xmss sign -o NAME.json`, lists of signers by `leanvm aggregate --signers`";
    serde_json::from_slice(bytes).map_err(|error| {
        files::mistaken(path, bytes, kind)
            .unwrap_or_else(|| Failure::json_error(path, &error, remedy))
    })
}
