//! What a file of `leanvm xmss` is.

use std::path::Path;

use leanvm_fast::xmss::keyfile::{self, RecordFault};
use leanvm_fast::xmss::{
    PUBLIC_KEY_BYTES, PublicKey, SIGNATURE_BYTES, Signature, VerificationError,
};
use serde_json::{Value, json};

use super::arguments::{Inspect, Scheme};
use super::keys::{key_failure, record_remedy};
use super::record::{self, Signed};
use crate::failure::Failure;
use crate::files::{self, Kind};
use crate::hex;
use crate::report::{Report, Table, number};

const SCHEME: &str = Scheme::Leanxmss42.name();

pub(super) fn inspect(arguments: &Inspect) -> Result<Report, Failure> {
    let path = &arguments.file;
    // Of a secret key no more is read than its beginning. It is always a file.
    let is_key_file = !files::is_stream(path)
        && keyfile::is_key_file(path).map_err(|error| files::unreadable(path, &error))?;
    if is_key_file {
        return key(path);
    }
    let bytes = files::read(path, Kind::Bytes)?;
    if let Some(kind) = files::kind_of(&bytes).filter(|kind| *kind != Kind::Signatures) {
        return Err(kind.is_not(path, "a public key or a signature"));
    }
    if let Some(record) = record::read(path, &bytes)? {
        return Ok(signed(&record));
    }
    let unusable = |error: VerificationError| {
        Failure::unusable(
            path,
            error.to_string(),
            "give a file written by `leanvm xmss`",
        )
    };
    match bytes.len() {
        PUBLIC_KEY_BYTES => PublicKey::from_bytes(&bytes)
            .map(|_| public_key(&bytes))
            .map_err(unusable),
        SIGNATURE_BYTES => Signature::from_bytes(&bytes)
            .map(|_| signature(&bytes))
            .map_err(unusable),
        length => Err(Failure::unusable(
            path,
            format!("{length} bytes that are no key file"),
            "a public key has 32 bytes, a signature 1208; a signature with its key is JSON",
        )),
    }
}

fn report(table: &Table, json: Value) -> Report {
    Report {
        text: table.text(),
        json,
    }
}

fn public_key(bytes: &[u8]) -> Report {
    let (root, parameter) = bytes.split_at(bytes.len() / 2);
    let (root, parameter) = (hex::encode(root), hex::encode(parameter));
    let mut table = Table::default();
    table
        .row("kind", "public key")
        .row("scheme", SCHEME)
        .row("public key", hex::encode(bytes))
        .row("  root", root.clone())
        .row("  parameter", parameter.clone());
    report(
        &table,
        json!({
            "kind": "public_key",
            "scheme": SCHEME,
            "public_key": hex::encode(bytes),
            "root": root,
            "parameter": parameter,
        }),
    )
}

fn signature(bytes: &[u8]) -> Report {
    let randomness = hex::encode(&bytes[..24]);
    let mut table = Table::default();
    table
        .row("kind", "signature")
        .row("scheme", SCHEME)
        .figure("bytes", number(bytes.len()))
        .row("  randomness", randomness.clone());
    report(
        &table,
        json!({
            "kind": "signature",
            "scheme": SCHEME,
            "bytes": bytes.len(),
            "randomness": randomness,
        }),
    )
}

/// A signature with what it is said to be of, which only `xmss verify` checks.
fn signed(record: &Signed) -> Report {
    let (public_key, message) = (
        hex::encode(&record.public_key),
        hex::encode(&record.message),
    );
    let mut table = Table::default();
    table
        .row("kind", "signature with its key, not verified here")
        .row("scheme", record.scheme.name())
        .row("public key", public_key.clone())
        .row("slot", record.slot.to_string())
        .row("message", message.clone())
        .figure("bytes", number(record.signature.len()));
    report(
        &table,
        json!({
            "kind": "signature_record",
            "scheme": record.scheme.name(),
            "public_key": public_key,
            "slot": record.slot,
            "message": message,
            "bytes": record.signature.len(),
        }),
    )
}

/// What is wrong with the record of a key's uses; `xmss sign` says it in full, with what to do.
const fn in_short(fault: RecordFault) -> &'static str {
    match fault {
        RecordFault::Missing => "missing: the key cannot sign",
        RecordFault::OtherKey => "of another key: this one cannot sign",
        RecordFault::Newer { .. } => "newer: this key is a backup and cannot sign",
        _ => "damaged: the key cannot sign",
    }
}

fn key(path: &Path) -> Result<Report, Failure> {
    let summary = keyfile::inspect(path).map_err(|error| key_failure(path, &error))?;
    let slots = format!("{}..{}", summary.first, u64::from(summary.last) + 1);
    let next = summary.used.first_outside(summary.first, summary.last);
    let public_key = hex::encode(&summary.public_key.to_bytes());
    let mut table = Table::default();
    table
        .row("kind", "key file (secret)")
        .row("scheme", SCHEME)
        .row("public key", public_key.clone())
        .row("slots", slots)
        .figure("  used", summary.used.count().to_string())
        .row(
            "  first unused",
            next.map_or_else(|| "none".to_owned(), |slot| slot.to_string()),
        );
    if let Some(fault) = summary.fault {
        table.row("record of uses", in_short(fault));
    }
    Ok(report(
        &table,
        json!({
            "kind": "key_file",
            "scheme": SCHEME,
            "public_key": public_key,
            "first_slot": summary.first,
            "end_slot": u64::from(summary.last) + 1,
            "used_slots": summary.used.count(),
            "used_ranges": summary.used.ranges(),
            "first_slot_not_used": next,
            "fault": summary.fault.map(|fault| fault.to_string()),
            "remedy": summary.fault.map(|fault| record_remedy(path, fault)),
        }),
    ))
}
