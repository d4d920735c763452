//! `leanvm xmss verify`: a signature is verified.

use std::time::Instant;

use clap::Args;
use leanvm_fast::leansig;
use leanvm_fast::xmss::verify_encodings;

use crate::command::Command;
use crate::commands::xmss::signed::{self, Signed};
use crate::failure::Failure;
use crate::files::Paths;
use crate::hex;
use crate::measurements::Measurements;
use crate::options::whole;
use crate::program::warnings::Warnings;
use crate::report::Report;
use crate::signature::bytes::{self, file_of};
use crate::signature::record::message_of;
use crate::signature::scheme::Scheme;

/// Arguments of `xmss verify`: hexadecimal digits, the bytes of a file (@FILE), or the digits in a
/// file (hex@FILE).
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The public key. It may be left out, as slot and message, if the signature is JSON, which has
    /// them: then look whether they are the right ones.
    #[arg(long, value_name = "HEX|@FILE|hex@FILE")]
    public_key: Option<String>,
    /// The slot.
    #[arg(long, value_name = "N", value_parser = whole::<u32>(0..=u32::MAX.into()))]
    slot: Option<u32>,
    /// The message. Any bytes for leanxmss42, 32 bytes for leansig-dim64.
    #[arg(long, value_name = "HEX|@FILE|hex@FILE")]
    message: Option<String>,
    /// The signature, or a file (@FILE) with the JSON that `leanvm xmss sign -o NAME.json` writes.
    #[arg(long, value_name = "HEX|@FILE|hex@FILE")]
    signature: String,
    /// The signature scheme; left out, that of the JSON, or leanxmss42.
    #[arg(long, value_enum)]
    scheme: Option<Scheme>,
}

impl Command for Verify {
    fn name(&self) -> &'static str {
        "xmss verify"
    }

    fn paths(&self) -> Paths<'_> {
        let (key, message) = (self.public_key.as_deref(), self.message.as_deref());
        let bytes = [key, message, Some(&self.signature)];
        Paths::new(bytes.map(|text| text.and_then(file_of)), [])
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let signature = bytes::read("--signature", &self.signature)?;
        let file = signature.file.clone();
        let signed = self.signed(signature)?;
        let started = Instant::now();
        let refusal = refusal(&signed)?;
        let elapsed = started.elapsed();
        if let Some((name, detail)) = refusal {
            let failure = Failure::refused(name, detail, file.as_deref())
                .with_summary(in_plain_words(name))
                .with_remedy(
                    "check that public key, slot, message, signature and scheme belong together",
                );
            return Err(failure);
        }
        let mut list = Measurements::default();
        list.row("signature", "valid")
            .field("valid", true)
            .words("scheme", "scheme", signed.scheme.name())
            .words("public key", "public_key", hex::encode(&signed.public_key))
            .row("slot", signed.slot.to_string())
            .field("slot", signed.slot)
            .field("message", hex::encode(&signed.message))
            .time("verifying", "seconds", elapsed);
        Ok(list.report())
    }
}

impl Verify {
    /// The signature to verify with key, slot and message: from the command line, else from the
    /// record of the signature.
    fn signed(&self, signature: bytes::Argument) -> Result<Signed, Failure> {
        let record = match &signature.file {
            Some(path) => signed::read(path, &signature.bytes)?,
            None => None,
        };
        let given = |name: &str, text: &Option<String>| {
            let read = |text| bytes::read(name, text).map(|argument| argument.bytes.to_vec());
            text.as_deref().map(read).transpose()
        };
        let missing = |name: &str| {
            Failure::usage(
                format!("{name} is missing"),
                "give it, or as --signature @FILE the JSON that `leanvm xmss sign -o NAME.json` writes",
            )
        };
        let public_key = given("--public-key", &self.public_key)?;
        let message = given("--message", &self.message)?;
        let Some(record) = record else {
            return Ok(Signed {
                scheme: self.scheme.unwrap_or_default(),
                public_key: public_key.ok_or_else(|| missing("--public-key"))?,
                slot: self.slot.ok_or_else(|| missing("--slot"))?,
                message: message.ok_or_else(|| missing("--message"))?,
                signature: signature.bytes.to_vec(),
            });
        };
        if let Some(scheme) = self.scheme.filter(|scheme| *scheme != record.scheme) {
            return Err(Failure::usage(
                format!(
                    "--scheme {}, and the record of the signature says {}",
                    scheme.name(),
                    record.scheme.name()
                ),
                "leave --scheme out",
            ));
        }
        Ok(Signed {
            scheme: record.scheme,
            public_key: public_key.unwrap_or(record.public_key),
            slot: self.slot.unwrap_or(record.slot),
            message: message.unwrap_or(record.message),
            signature: record.signature,
        })
    }
}

/// Why the signature is refused: the name of the reason, and the reason.
fn refusal(signed: &Signed) -> Result<Option<(&'static str, String)>, Failure> {
    let (key, slot, signature) = (&signed.public_key, signed.slot, &signed.signature);
    Ok(match signed.scheme {
        Scheme::Leanxmss42 => {
            let message = message_of(&signed.message)?.to_canonical_bytes();
            verify_encodings(key, slot, &message, signature)
                .err()
                .map(|error| (error.name(), error.to_string()))
        }
        Scheme::LeansigDim64 => {
            let message = <&[u8; 32]>::try_from(&signed.message[..]).map_err(|_| {
                Failure::usage(
                    format!("the message has {} bytes", signed.message.len()),
                    "a message of leansig-dim64 has 32 bytes",
                )
            })?;
            leansig::verify(key, slot, message, signature)
                .err()
                .map(|error| (error.name(), error.to_string()))
        }
    })
}
/// The summary of a refusal.
fn in_plain_words(name: &str) -> &'static str {
    match name {
        "target-sum" | "encoding-limb" => {
            "not a signature of this message for this slot by this public key: one of the three is another, or the signature was changed"
        }
        "root-mismatch" => {
            "not a signature by this public key for this slot: one of the two is another, or the signature was changed"
        }
        _ => {
            "public key or signature are no such things of this scheme: cut short, of another scheme, or changed"
        }
    }
}
