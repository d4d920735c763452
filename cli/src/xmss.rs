//! Keys and signatures.

mod arguments;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use leanvm_fast::leansig;
use leanvm_fast::xmss::keyfile::{self, KeyFile, KeyFileError, KeyFileFault};
use leanvm_fast::xmss::{
    PUBLIC_KEY_BYTES, PublicKey, SIGNATURE_BYTES, SecretKey, Seed, Signature, SigningError,
    VerificationError, verify_encodings,
};
use serde_json::json;

pub(crate) use arguments::Xmss;
use arguments::{Inspect, Keygen, Scheme, Sign, Verify};

use crate::aggregate::{SignatureRecord, message_of};
use crate::failure::Failure;
use crate::files::{self, Output};
use crate::hex;
use crate::report::{Report, Table, number, time};

/// Does what the command line says.
pub(crate) fn execute(command: &Xmss) -> Result<Report, Failure> {
    match command {
        Xmss::Keygen(arguments) => keygen(arguments),
        Xmss::Sign(arguments) => sign(arguments),
        Xmss::Verify(arguments) => verify(arguments),
        Xmss::Inspect(arguments) => inspect(arguments),
    }
}

/// A bar of leaves, when standard error is a terminal.
fn leaves_bar(total: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} leaves, {eta} to go") {
        bar.set_style(style);
    }
    bar
}

/// The path with something appended to its name.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The bytes of a file: those that its text stands for, if it is hexadecimal digits, else its own.
fn bytes_of_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = files::read(path)?;
    let decoded = str::from_utf8(&bytes)
        .ok()
        .and_then(|text| hex::decode(text.trim_ascii()));
    Ok(decoded.unwrap_or(bytes))
}

/// The bytes of an argument HEX|@FILE, and the file if there is one.
fn bytes_of_argument(name: &str, text: &str) -> Result<(Vec<u8>, Option<PathBuf>), Failure> {
    if let Some(path) = text.strip_prefix('@') {
        let path = PathBuf::from(path);
        return Ok((bytes_of_file(&path)?, Some(path)));
    }
    let bytes = hex::decode(text).ok_or_else(|| {
        Failure::usage(
            format!("{name} is not an even number of hexadecimal digits"),
            "give hexadecimal digits, or @ and the name of a file",
        )
    })?;
    Ok((bytes, None))
}

fn keygen(arguments: &Keygen) -> Result<Report, Failure> {
    let key_path = with_suffix(&arguments.output, ".key");
    let public_path = with_suffix(&arguments.output, ".pub");
    let seed = match &arguments.seed {
        None => Seed::random(),
        Some(text) => {
            let (bytes, _) = bytes_of_argument("--seed", text)?;
            Seed::of_known_bytes(&bytes)
        }
    };
    let seed = seed.map_err(|error| Failure::usage(error.to_string(), "give another --seed"))?;
    for path in [&key_path, &public_path] {
        if path.symlink_metadata().is_ok() {
            return Err(key_failure(path, &KeyFileError::Exists));
        }
    }
    // Both files are in one directory.
    let public_file = Output::prepare(&public_path)?;
    let started = Instant::now();
    let bar = leaves_bar(arguments.slots.end - arguments.slots.start);
    let key = SecretKey::generate_with(arguments.slots.clone(), seed, &|done| bar.inc(done))
        .map_err(|error| Failure::usage(error.to_string(), "make fewer slots active"))?;
    bar.finish_and_clear();
    let elapsed = started.elapsed();
    let public_key = *key.public_key();
    KeyFile::create(&key_path, key).map_err(|error| key_failure(&key_path, &error))?;
    public_file.commit(&public_key.to_bytes())?;
    let slots = format!("{}..{}", arguments.slots.start, arguments.slots.end);
    let mut table = Table::default();
    table
        .row("public key", hex::encode(&public_key.to_bytes()))
        .row("slots", slots)
        .row("key file (secret)", key_path.display().to_string())
        .row("public key file", public_path.display().to_string())
        .row("making", time(elapsed));
    Ok(Report {
        text: table.text(),
        json: json!({
            "scheme": Scheme::Leanxmss42.name(),
            "public_key": hex::encode(&public_key.to_bytes()),
            "first_slot": arguments.slots.start,
            "end_slot": arguments.slots.end,
            "key_file": key_path.display().to_string(),
            "public_key_file": public_path.display().to_string(),
            "seconds": elapsed.as_secs_f64(),
        }),
    })
}

fn sign(arguments: &Sign) -> Result<Report, Failure> {
    let (bytes, _) = bytes_of_argument("--message", &arguments.message)?;
    let message = message_of(&bytes)?;
    let output = Output::prepare(&arguments.output)?;
    refuse_key_file(&arguments.output)?;
    let started = Instant::now();
    let bar = ProgressBar::hidden();
    let shown = std::sync::OnceLock::new();
    let key_failed = |error: &KeyFileError| key_failure(&arguments.key, error);
    let mut file = KeyFile::open_with(&arguments.key, &|done, total| {
        shown.get_or_init(|| leaves_bar(total)).inc(done);
    })
    .map_err(|error| key_failed(&error))?;
    shown.get().unwrap_or(&bar).finish_and_clear();
    let signature = file
        .sign(arguments.slot, &message)
        .map_err(|error| match &error {
            KeyFileError::Signing(SigningError::Used { .. }) => {
                let slots = file.key().slots();
                let next = file
                    .key()
                    .used()
                    .first_outside(*slots.start(), *slots.end());
                let remedy = next.map_or_else(
                    || "every slot of this key is used: make a new key".to_owned(),
                    |slot| format!("the first slot that is not used is {slot}"),
                );
                Failure::unusable(&arguments.key, error.to_string(), remedy)
            }
            error => key_failed(error),
        })?;
    let public_key = hex::encode(&file.key().public_key().to_bytes());
    let record = SignatureRecord {
        scheme: Scheme::Leanxmss42.name().to_owned(),
        public_key: public_key.clone(),
        slot: arguments.slot,
        message: hex::encode(&bytes),
        signature: hex::encode(&signature.to_bytes()),
    };
    let written = if arguments
        .output
        .extension()
        .is_some_and(|extension| extension == "json")
    {
        record.to_json()
    } else {
        signature.to_bytes().to_vec()
    };
    output.commit(&written).map_err(|failure| {
        failure.with_note(&format!(
            "slot {} is recorded as used: sign for another one",
            arguments.slot
        ))
    })?;
    let elapsed = started.elapsed();
    let mut table = Table::default();
    table
        .row("public key", public_key.clone())
        .row("slot", arguments.slot.to_string())
        .row("message", hex::encode(&message.to_canonical_bytes()))
        .row("signature", arguments.output.display().to_string())
        .row("signing", time(elapsed));
    Ok(Report {
        text: table.text(),
        json: json!({
            "scheme": Scheme::Leanxmss42.name(),
            "public_key": public_key,
            "slot": arguments.slot,
            "message_elements": hex::encode(&message.to_canonical_bytes()),
            "signature": record.signature,
            "output": arguments.output.display().to_string(),
            "seconds": elapsed.as_secs_f64(),
        }),
    })
}

fn begins_as_key_file(path: &Path) -> Result<bool, Failure> {
    keyfile::is_key_file(path).map_err(|error| {
        Failure::unusable(
            path,
            format!("cannot be read: {error}"),
            "give a readable file",
        )
    })
}

/// A signature must not take the place of a key.
fn refuse_key_file(path: &Path) -> Result<(), Failure> {
    if path.exists() && begins_as_key_file(path)? {
        return Err(Failure::unusable(
            path,
            "a key file, which a signature would replace",
            "choose another output file",
        ));
    }
    Ok(())
}

fn verify(arguments: &Verify) -> Result<Report, Failure> {
    let (public_key, _) = bytes_of_argument("--public-key", &arguments.public_key)?;
    let (message, _) = bytes_of_argument("--message", &arguments.message)?;
    let (signature, signature_file) = bytes_of_argument("--signature", &arguments.signature)?;
    let started = Instant::now();
    let refused = match arguments.scheme {
        Scheme::Leanxmss42 => {
            let message = message_of(&message)?.to_canonical_bytes();
            verify_encodings(&public_key, arguments.slot, &message, &signature)
                .err()
                .map(|error| (error.name(), error.to_string()))
        }
        Scheme::LeansigDim64 => {
            let message = <&[u8; 32]>::try_from(&message[..]).map_err(|_| {
                Failure::usage(
                    format!("the message has {} bytes", message.len()),
                    "a message of leansig-dim64 has 32 bytes",
                )
            })?;
            leansig::verify(&public_key, arguments.slot, message, &signature)
                .err()
                .map(|error| (error.name(), error.to_string()))
        }
    };
    let elapsed = started.elapsed();
    if let Some((name, detail)) = refused {
        return Err(Failure::refused(name, detail, signature_file.as_deref()));
    }
    let mut table = Table::default();
    table
        .row("signature", "valid")
        .row("scheme", arguments.scheme.name())
        .row("verifying", time(elapsed));
    Ok(Report {
        text: table.text(),
        json: json!({
            "scheme": arguments.scheme.name(),
            "valid": true,
            "slot": arguments.slot,
            "seconds": elapsed.as_secs_f64(),
        }),
    })
}

fn inspect(arguments: &Inspect) -> Result<Report, Failure> {
    let path = &arguments.file;
    if begins_as_key_file(path)? {
        return inspect_key(path);
    }
    let bytes = bytes_of_file(path)?;
    let unusable = |error: VerificationError| {
        Failure::unusable(
            path,
            error.to_string(),
            "give a file written by `leanvm xmss`",
        )
    };
    let mut table = Table::default();
    let json = match bytes.len() {
        PUBLIC_KEY_BYTES => {
            let key = PublicKey::from_bytes(&bytes).map_err(unusable)?;
            let (root, parameter) = bytes.split_at(16);
            table
                .row("a", "public key")
                .row("scheme", Scheme::Leanxmss42.name())
                .row("public key", hex::encode(&key.to_bytes()))
                .row("  root", hex::encode(root))
                .row("  parameter", hex::encode(parameter));
            json!({
                "kind": "public_key",
                "scheme": Scheme::Leanxmss42.name(),
                "public_key": hex::encode(&bytes),
                "root": hex::encode(root),
                "parameter": hex::encode(parameter),
            })
        }
        SIGNATURE_BYTES => {
            Signature::from_bytes(&bytes).map_err(unusable)?;
            let randomness = hex::encode(&bytes[..24]);
            table
                .row("a", "signature")
                .row("scheme", Scheme::Leanxmss42.name())
                .row("bytes", number(bytes.len()))
                .row("  randomness", randomness.clone());
            json!({
                "kind": "signature",
                "scheme": Scheme::Leanxmss42.name(),
                "bytes": bytes.len(),
                "randomness": randomness,
            })
        }
        length => {
            return Err(Failure::unusable(
                path,
                format!("{length} bytes that are no key file"),
                "a public key has 32 bytes, a signature 1208",
            ));
        }
    };
    Ok(Report {
        text: table.text(),
        json,
    })
}

fn inspect_key(path: &Path) -> Result<Report, Failure> {
    let summary = keyfile::inspect(path).map_err(|error| key_failure(path, &error))?;
    let slots = format!("{}..{}", summary.first, u64::from(summary.last) + 1);
    let next = summary.used.first_outside(summary.first, summary.last);
    let mut table = Table::default();
    table
        .row("a", "key file (secret)")
        .row("scheme", Scheme::Leanxmss42.name())
        .row("public key", hex::encode(&summary.public_key.to_bytes()))
        .row("slots", slots)
        .row("  used", summary.used.count().to_string())
        .row(
            "  first not used",
            next.map_or_else(|| "none".to_owned(), |slot| slot.to_string()),
        );
    Ok(Report {
        text: table.text(),
        json: json!({
            "kind": "key_file",
            "scheme": Scheme::Leanxmss42.name(),
            "public_key": hex::encode(&summary.public_key.to_bytes()),
            "first_slot": summary.first,
            "end_slot": u64::from(summary.last) + 1,
            "used_slots": summary.used.count(),
            "used_ranges": summary.used.ranges(),
            "first_slot_not_used": next,
        }),
    })
}

/// A failure of a key file, with what to do about it.
fn key_failure(path: &Path, error: &KeyFileError) -> Failure {
    let remedy = match error {
        KeyFileError::Exists => "choose another name: a key that is overwritten is lost",
        KeyFileError::Locked => "wait until the other signer is done",
        KeyFileError::SecondName => "remove the other name; never sign with a copy of a key",
        KeyFileError::Io { .. } => {
            "check the path, the permissions of the directory and the space on the disk; the key file is whole"
        }
        KeyFileError::Invalid(KeyFileFault::Magic) => "give a file written by `leanvm xmss keygen`",
        KeyFileError::Invalid(KeyFileFault::Version(_) | KeyFileFault::Scheme(_)) => {
            "use the program that the key was made with"
        }
        KeyFileError::Invalid(_) => {
            "the file is damaged; a backup forgets the slots that were used since it was made, so make a new key"
        }
        KeyFileError::Signing(_) => "choose an active slot that is not used",
        _ => "make a new key",
    };
    Failure::unusable(path, error.to_string(), remedy)
}
