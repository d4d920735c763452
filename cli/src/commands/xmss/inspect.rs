//! `leanvm xmss inspect`: what a key file, a public key or a signature is.

use std::path::{Path, PathBuf};

use clap::Args;
use leanvm_fast::xmss::keyfile::{self, RecordFault};
use leanvm_fast::xmss::{
    PUBLIC_KEY_BYTES, PublicKey, SIGNATURE_BYTES, Signature, VerificationError,
};

use crate::command::Command;
use crate::commands::xmss::key::{SCHEME, key_failure, measure_slots, record_remedy};
use crate::commands::xmss::signed::{self, Signed};
use crate::failure::Failure;
use crate::files::{self, Kind, Paths};
use crate::hex;
use crate::measurements::Measurements;
use crate::program::warnings::Warnings;
use crate::report::Report;

/// Arguments of `xmss inspect`.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// A key file, a public key, a signature or the JSON of one; secrets are not printed.
    file: PathBuf,
}

impl Command for Inspect {
    fn name(&self) -> &'static str {
        "xmss inspect"
    }

    fn paths(&self) -> Paths<'_> {
        Paths::new([Some(&self.file)], [])
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let path = &self.file;
        // Only the beginning of a secret key is read. It is always a file.
        let is_key_file = !files::is_stream(path)
            && keyfile::is_key_file(path).map_err(|error| files::unreadable(path, &error))?;
        if is_key_file {
            return Ok(key(path)?.report());
        }
        let bytes = files::read(path, Kind::Bytes)?;
        if let Some(kind) = files::kind_of(&bytes).filter(|kind| *kind != Kind::Signature) {
            return Err(kind.is_not(path, "a public key or a signature"));
        }
        if let Some(record) = signed::read(path, &bytes)? {
            return Ok(record_of(&record).report());
        }
        let unusable = |error: VerificationError| {
            let remedy = "give a file written by `leanvm xmss`";
            Failure::unusable(path, error.to_string(), remedy)
        };
        let list = match bytes.len() {
            PUBLIC_KEY_BYTES => PublicKey::from_bytes(&bytes).map(|_| public_key(&bytes)),
            SIGNATURE_BYTES => Signature::from_bytes(&bytes).map(|_| signature(&bytes)),
            length => {
                return Err(Failure::unusable(
                    path,
                    format!("{length} bytes that are no key file"),
                    "a public key has 32 bytes, a signature 1208; a signature with its key is JSON",
                ));
            }
        };
        Ok(list.map_err(unusable)?.report())
    }
}

fn public_key(bytes: &[u8]) -> Measurements {
    let (root, parameter) = bytes.split_at(bytes.len() / 2);
    let mut list = Measurements::default();
    list.row("kind", "public key")
        .field("kind", "public_key")
        .words("scheme", "scheme", SCHEME)
        .words("public key", "public_key", hex::encode(bytes))
        .words("  root", "root", hex::encode(root))
        .words("  parameter", "parameter", hex::encode(parameter));
    list
}

fn signature(bytes: &[u8]) -> Measurements {
    let mut list = Measurements::default();
    list.words("kind", "kind", "signature")
        .words("scheme", "scheme", SCHEME)
        .count("bytes", "bytes", bytes.len())
        .words("  randomness", "randomness", hex::encode(&bytes[..24]));
    list
}

/// A signature with the key, slot and message that it claims; only `xmss verify` checks it.
fn record_of(signed: &Signed) -> Measurements {
    let mut list = Measurements::default();
    list.row("kind", "signature with its key, not verified here")
        .field("kind", "signature_record")
        .words("scheme", "scheme", signed.scheme.name())
        .words("public key", "public_key", hex::encode(&signed.public_key))
        .row("slot", signed.slot.to_string())
        .field("slot", signed.slot)
        .words("message", "message", hex::encode(&signed.message))
        .count("bytes", "bytes", signed.signature.len());
    list
}

/// The fault of the record of a key's uses in short; `xmss sign` explains it in full, with the
/// remedy.
const fn in_short(fault: RecordFault) -> &'static str {
    match fault {
        RecordFault::Missing => "missing: the key cannot sign",
        RecordFault::OtherKey => "of another key: this one cannot sign",
        RecordFault::Newer { .. } => "newer: this key is a backup and cannot sign",
        _ => "damaged: the key cannot sign",
    }
}

fn key(path: &Path) -> Result<Measurements, Failure> {
    let summary = keyfile::inspect(path).map_err(|error| key_failure(path, &error))?;
    let mut list = Measurements::default();
    list.row("kind", "key file (secret)")
        .field("kind", "key_file")
        .row("scheme", SCHEME);
    let slots = summary.first..=summary.last;
    measure_slots(&mut list, &summary.public_key, slots, &summary.used);
    if let Some(fault) = summary.fault {
        list.row("record of uses", in_short(fault));
    }
    list.field("fault", summary.fault.map(|fault| fault.to_string()))
        .field(
            "remedy",
            summary.fault.map(|fault| record_remedy(path, fault)),
        );
    Ok(list)
}
