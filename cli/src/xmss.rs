//! Keys and signatures.

mod arguments;
mod bytes;
mod inspect;
mod keys;
mod record;

use std::time::Instant;

use leanvm_fast::leansig;
use leanvm_fast::xmss::verify_encodings;
use serde_json::json;

use arguments::Verify;
pub(crate) use arguments::{Scheme, Xmss};
use record::Signed;

use crate::aggregate::message_of;
use crate::failure::Failure;
use crate::hex;
use crate::report::{Report, Table, time};

/// Does what the command line says.
pub(crate) fn execute(command: &Xmss) -> Result<Report, Failure> {
    match command {
        Xmss::Keygen(arguments) => keys::keygen(arguments),
        Xmss::Sign(arguments) => keys::sign(arguments),
        Xmss::Recover(arguments) => keys::recover(arguments),
        Xmss::Verify(arguments) => verify(arguments),
        Xmss::Inspect(arguments) => inspect::inspect(arguments),
    }
}

impl Signed {
    /// What is to be verified: what the command line says, and for what it leaves out the record of the signature.
    fn of(arguments: &Verify, signature: bytes::Argument) -> Result<Self, Failure> {
        let record = match &signature.file {
            Some(path) => record::read(path, &signature.bytes)?,
            None => None,
        };
        let given = |name: &str, text: &Option<String>| {
            let read = |text| bytes::read(name, text).map(|argument| argument.bytes);
            text.as_deref().map(read).transpose()
        };
        let missing = |name: &str| {
            Failure::usage(
                format!("{name} is missing"),
                "give it, or as --signature @FILE the JSON that `leanvm xmss sign -o NAME.json` writes",
            )
        };
        let public_key = given("--public-key", &arguments.public_key)?;
        let message = given("--message", &arguments.message)?;
        let Some(record) = record else {
            return Ok(Self {
                scheme: arguments.scheme.unwrap_or_default(),
                public_key: public_key.ok_or_else(|| missing("--public-key"))?,
                slot: arguments.slot.ok_or_else(|| missing("--slot"))?,
                message: message.ok_or_else(|| missing("--message"))?,
                signature: signature.bytes,
            });
        };
        if let Some(scheme) = arguments.scheme.filter(|scheme| *scheme != record.scheme) {
            return Err(Failure::usage(
                format!(
                    "--scheme {}, and the record of the signature says {}",
                    scheme.name(),
                    record.scheme.name()
                ),
                "leave --scheme out",
            ));
        }
        Ok(Self {
            scheme: record.scheme,
            public_key: public_key.unwrap_or(record.public_key),
            slot: arguments.slot.unwrap_or(record.slot),
            message: message.unwrap_or(record.message),
            signature: record.signature,
        })
    }

    /// Why the signature is refused: the name of the reason, and the reason.
    fn refusal(&self) -> Result<Option<(&'static str, String)>, Failure> {
        let (key, slot, signature) = (&self.public_key, self.slot, &self.signature);
        Ok(match self.scheme {
            Scheme::Leanxmss42 => {
                let message = message_of(&self.message)?.to_canonical_bytes();
                verify_encodings(key, slot, &message, signature)
                    .err()
                    .map(|error| (error.name(), error.to_string()))
            }
            Scheme::LeansigDim64 => {
                let message = <&[u8; 32]>::try_from(&self.message[..]).map_err(|_| {
                    Failure::usage(
                        format!("the message has {} bytes", self.message.len()),
                        "a message of leansig-dim64 has 32 bytes",
                    )
                })?;
                leansig::verify(key, slot, message, signature)
                    .err()
                    .map(|error| (error.name(), error.to_string()))
            }
        })
    }
}

/// What a refusal comes to, in plain words.
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

fn verify(arguments: &Verify) -> Result<Report, Failure> {
    let signature = bytes::read("--signature", &arguments.signature)?;
    let file = signature.file.clone();
    let signed = Signed::of(arguments, signature)?;
    let started = Instant::now();
    let refusal = signed.refusal()?;
    let elapsed = started.elapsed();
    if let Some((name, detail)) = refusal {
        let failure = Failure::refused(name, detail, file.as_deref())
            .with_summary(in_plain_words(name))
            .with_remedy(
                "check that public key, slot, message, signature and scheme belong together",
            );
        return Err(failure);
    }
    let public_key = hex::encode(&signed.public_key);
    let message = hex::encode(&signed.message);
    let mut table = Table::default();
    table
        .row("signature", "valid")
        .row("scheme", signed.scheme.name())
        .row("public key", public_key.clone())
        .row("slot", signed.slot.to_string())
        .figure("verifying", time(elapsed));
    Ok(Report {
        text: table.text(),
        json: json!({
            "scheme": signed.scheme.name(),
            "valid": true,
            "public_key": public_key,
            "slot": signed.slot,
            "message": message,
            "seconds": elapsed.as_secs_f64(),
        }),
    })
}
