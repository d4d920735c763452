//! `leanvm xmss sign`: a message is signed for a slot.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use leanvm_fast::xmss::SigningError;
use leanvm_fast::xmss::keyfile::{KeyFile, KeyFileError};

use crate::command::Command;
use crate::commands::xmss::key::{SCHEME, key_failure, open_with_bar};
use crate::failure::Failure;
use crate::files::{Output, Paths};
use crate::hex;
use crate::measurements::Measurements;
use crate::options::whole;
use crate::program::warnings::Warnings;
use crate::report::Report;
use crate::signature::bytes;
use crate::signature::record::{SignatureRecord, json_bytes, message_of};

/// Arguments of `xmss sign`.
#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// Key file written by `leanvm xmss keygen`. Never sign with a copy: each would sign for slots
    /// that the other has used.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The slot; a key signs one message for each active slot, and that one again if it is among
    /// the latest 64.
    #[arg(long, value_name = "N", value_parser = whole::<u32>(0..=u32::MAX.into()))]
    slot: u32,
    /// The message, any bytes: hexadecimal digits, the bytes of a file (@FILE), or the digits in a
    /// file (hex@FILE).
    #[arg(long, value_name = "HEX|@FILE|hex@FILE")]
    message: String,
    /// The signature, 1208 bytes, or if the name ends in `.json` the record that `leanvm aggregate
    /// --input` reads; written whole or not at all.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Command for Sign {
    fn name(&self) -> &'static str {
        "xmss sign"
    }

    /// The files that remember the uses of the key are not among these.
    fn paths(&self) -> Paths<'_> {
        let message = bytes::file_of(&self.message);
        Paths::new([Some(&self.key), message], [Some(&self.output)])
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let bytes = bytes::read("--message", &self.message)?.bytes;
        let message = message_of(&bytes)?;
        let output = Output::prepare(&self.output)?;
        let started = Instant::now();
        let mut file = open_with_bar(&self.key, |progress| {
            KeyFile::open_with(&self.key, progress)
        })?;
        let repeated = file.key().used().contains(self.slot);
        let signature = file
            .sign(self.slot, &message)
            .map_err(|error| signing_failure(&self.key, &file, &error))?
            .to_bytes();
        let record = SignatureRecord {
            scheme: SCHEME.to_owned(),
            public_key: hex::encode(&file.key().public_key().to_bytes()),
            slot: self.slot,
            message: hex::encode(&bytes),
            signature: hex::encode(&signature),
        };
        let path = &self.output;
        let is_json = path
            .extension()
            .is_some_and(|extension| extension == "json");
        let written = if is_json {
            json_bytes(&record)
        } else {
            signature.to_vec()
        };
        output.commit(&written).map_err(|failure| {
            failure.with_note(&format!(
                "slot {} is recorded as used for this message, which alone is signed for it again",
                self.slot
            ))
        })?;
        let elapsed = started.elapsed();
        let again = if repeated {
            ", for this message again"
        } else {
            ""
        };
        let elements = hex::encode(&message.to_canonical_bytes());
        let mut list = Measurements::default();
        list.field("scheme", SCHEME)
            .words("public key", "public_key", record.public_key)
            .row("slot", format!("{}{again}", self.slot))
            .field("slot", self.slot)
            .field("repeated", repeated)
            .words("message", "message_elements", elements)
            .words("signature in", "output", path.display().to_string())
            .field("signature", record.signature)
            .time("signing", "seconds", elapsed);
        Ok(list.report())
    }
}

/// The failure to sign, with the first slot that is still unused.
fn signing_failure(path: &Path, file: &KeyFile, error: &KeyFileError) -> Failure {
    if !matches!(error, KeyFileError::Signing(SigningError::Used { .. })) {
        return key_failure(path, error);
    }
    let key = file.key();
    let next = key
        .used()
        .first_outside(*key.slots().start(), *key.slots().end());
    let remedy = next.map_or_else(
        || "every slot of this key is used: make a new key".to_owned(),
        |slot| format!("the first slot that is not used is {slot}"),
    );
    Failure::unusable(path, error.to_string(), remedy)
}
