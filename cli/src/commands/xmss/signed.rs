//! A signature with the key, slot and message that it claims: from the JSON that `xmss sign`
//! writes, or from the command line.

use std::path::Path;

use clap::ValueEnum;

use crate::failure::Failure;
use crate::hex;
use crate::signature::record::SignatureRecord;
use crate::signature::scheme::Scheme;

/// A signature with the key, slot and message that it claims.
pub(crate) struct Signed {
    pub(crate) scheme: Scheme,
    pub(crate) public_key: Vec<u8>,
    pub(crate) slot: u32,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

/// The record in a file, if the file is JSON, that is, text that begins with a brace. No key and no
/// signature in bytes is such text.
pub(crate) fn read(path: &Path, bytes: &[u8]) -> Result<Option<Signed>, Failure> {
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
