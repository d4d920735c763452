//! The JSON that `xmss sign` writes: a signature with what it is of.

use std::path::Path;

use clap::ValueEnum;

use super::arguments::Scheme;
use crate::aggregate::SignatureRecord;
use crate::failure::Failure;
use crate::hex;

/// A signature with what it is said to be of.
pub(super) struct Signed {
    pub(super) scheme: Scheme,
    pub(super) public_key: Vec<u8>,
    pub(super) slot: u32,
    pub(super) message: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

/// The record in a file, if the file is JSON: no key and no signature is text that begins with a brace.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Option<Signed>, Failure> {
    let text = str::from_utf8(bytes).unwrap_or_default();
    if !text.trim_start().starts_with('{') {
        return Ok(None);
    }
    let remedy = "signatures with their keys are written by `leanvm xmss sign -o NAME.json`";
    let unusable = |reason: String| Failure::unusable(path, reason, remedy);
    let record: SignatureRecord =
        serde_json::from_str(text).map_err(|error| Failure::json_error(path, &error, remedy))?;
    let field = |name: &str, text: &str| {
        hex::decode(text)
            .ok_or_else(|| unusable(format!("{name}: not an even number of hexadecimal digits")))
    };
    Ok(Some(Signed {
        scheme: Scheme::from_str(&record.scheme, false)
            .map_err(|_| unusable(format!("scheme {} is not known", record.scheme)))?,
        public_key: field("public_key", &record.public_key)?,
        slot: record.slot,
        message: field("message", &record.message)?,
        signature: field("signature", &record.signature)?,
    }))
}
