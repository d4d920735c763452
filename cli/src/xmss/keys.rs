//! Making keys, signing, and recovering a restored key.

use std::path::{Path, PathBuf};
use std::time::Instant;

use leanvm_fast::xmss::keyfile::{KeyFile, KeyFileError, KeyFileFault, RecordFault};
use leanvm_fast::xmss::{KeyError, SecretKey, Seed, SigningError};
use serde_json::json;

use super::arguments::{Keygen, Recover, Scheme, Sign};
use super::bytes;
use crate::aggregate::{SignatureRecord, message_of};
use crate::failure::Failure;
use crate::files::Output;
use crate::hex;
use crate::progress::Progress;
use crate::report::{Report, Table, time};

const SCHEME: &str = Scheme::Leanxmss42.name();

/// The path with something appended to its name.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The seed of a new key, and what a reader has to know of it: a word for programs, a sentence for people.
fn seed_of(arguments: &Keygen) -> Result<(Seed, &'static str, &'static str), Failure> {
    let refused = |error: KeyError| {
        let remedy = match error {
            KeyError::SecretTooShort { .. } => {
                "leave --seed out, or give at least 32 secret random bytes; --insecure-test-seed takes any for a key that is not secret"
            }
            _ => "give another --seed",
        };
        Failure::usage(format!("--seed: {error}"), remedy)
    };
    let Some(text) = &arguments.seed else {
        let seed = Seed::random().map_err(refused)?;
        return Ok((seed, "system", "random, of the operating system"));
    };
    let bytes = bytes::read("--seed", text)?.bytes;
    if arguments.insecure_test_seed {
        let seed = Seed::of_known_bytes(&bytes).map_err(refused)?;
        Ok((
            seed,
            "insecure_test_seed",
            "of --seed, for tests only: NOT secret",
        ))
    } else {
        let seed = Seed::from_secret_bytes(&bytes).map_err(refused)?;
        Ok((seed, "seed", "of --seed: as secret as that is"))
    }
}

pub(super) fn keygen(arguments: &Keygen) -> Result<Report, Failure> {
    let key_path = with_suffix(&arguments.output, ".key");
    let public_path = with_suffix(&arguments.output, ".pub");
    let (seed, secret, secret_in_words) = seed_of(arguments)?;
    for path in [&key_path, &public_path] {
        if path.symlink_metadata().is_ok() {
            return Err(key_failure(path, &KeyFileError::Exists));
        }
    }
    // Both files are in one directory.
    let public_file = Output::prepare(&public_path)?;
    let total = arguments.slots.end - arguments.slots.start;
    let progress = Progress::start(["making leaves"]);
    let told = |done| progress.advance(done, total);
    let key = SecretKey::generate_with(arguments.slots.clone(), seed, &told)
        .map_err(|error| Failure::usage(error.to_string(), "make fewer slots active"))?;
    let elapsed = progress.finish();
    let public_key = *key.public_key();
    KeyFile::create(&key_path, key).map_err(|error| key_failure(&key_path, &error))?;
    public_file.commit(&public_key.to_bytes())?;
    let public_key = hex::encode(&public_key.to_bytes());
    let mut table = Table::default();
    table
        .row("public key", public_key.clone())
        .row("  in", public_path.display().to_string())
        .row("secret key", secret_in_words)
        .row("  in", key_path.display().to_string())
        .row(
            "slots",
            format!("{}..{}", arguments.slots.start, arguments.slots.end),
        )
        .figure("making", time(elapsed));
    Ok(Report {
        text: table.text(),
        json: json!({
            "scheme": SCHEME,
            "public_key": public_key,
            "first_slot": arguments.slots.start,
            "end_slot": arguments.slots.end,
            "secret": secret,
            "key_file": key_path.display().to_string(),
            "public_key_file": public_path.display().to_string(),
            "seconds": elapsed.as_secs_f64(),
        }),
    })
}

/// Opens a key file, with a bar while leaves are computed again.
fn open_with_bar(
    path: &Path,
    open: impl FnOnce(&(dyn Fn(u64, u64) + Sync)) -> Result<KeyFile, KeyFileError>,
) -> Result<KeyFile, Failure> {
    let progress = Progress::start(["opening the key"]);
    let outcome = open(&|done, total| progress.advance(done, total));
    progress.finish();
    outcome.map_err(|error| key_failure(path, &error))
}

pub(super) fn sign(arguments: &Sign) -> Result<Report, Failure> {
    let bytes = bytes::read("--message", &arguments.message)?.bytes;
    let message = message_of(&bytes)?;
    let output = Output::prepare(&arguments.output)?;
    let started = Instant::now();
    let mut file = open_with_bar(&arguments.key, |progress| {
        KeyFile::open_with(&arguments.key, progress)
    })?;
    let repeated = file.key().used().contains(arguments.slot);
    let signature = file
        .sign(arguments.slot, &message)
        .map_err(|error| signing_failure(&arguments.key, &file, &error))?;
    let public_key = hex::encode(&file.key().public_key().to_bytes());
    let record = SignatureRecord {
        scheme: SCHEME.to_owned(),
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
            "slot {} is recorded as used for this message, which alone is signed for it again",
            arguments.slot
        ))
    })?;
    let elapsed = started.elapsed();
    let message = hex::encode(&message.to_canonical_bytes());
    let again = if repeated {
        ", for this message again"
    } else {
        ""
    };
    let mut table = Table::default();
    table
        .row("public key", public_key.clone())
        .row("slot", format!("{}{again}", arguments.slot))
        .row("message", message.clone())
        .row("signature in", arguments.output.display().to_string())
        .figure("signing", time(elapsed));
    Ok(Report {
        text: table.text(),
        json: json!({
            "scheme": SCHEME,
            "public_key": public_key,
            "slot": arguments.slot,
            "repeated": repeated,
            "message_elements": message,
            "signature": record.signature,
            "output": arguments.output.display().to_string(),
            "seconds": elapsed.as_secs_f64(),
        }),
    })
}

/// A key that does not sign, with the slot that it would sign for.
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

pub(super) fn recover(arguments: &Recover) -> Result<Report, Failure> {
    let path = &arguments.key;
    let file = open_with_bar(path, |progress| {
        KeyFile::recover(path, arguments.skip_to, progress)
    })?;
    let key = file.key();
    let (first, last) = (*key.slots().start(), *key.slots().end());
    let next = key.used().first_outside(first, last);
    let public_key = hex::encode(&key.public_key().to_bytes());
    let mut table = Table::default();
    table
        .row("public key", public_key.clone())
        .row("slots", format!("{first}..{}", u64::from(last) + 1))
        .figure("  used", key.used().count().to_string())
        .row(
            "  first unused",
            next.map_or_else(|| "none".to_owned(), |slot| slot.to_string()),
        );
    Ok(Report {
        text: table.text(),
        json: json!({
            "scheme": SCHEME,
            "public_key": public_key,
            "first_slot": first,
            "end_slot": u64::from(last) + 1,
            "used_slots": key.used().count(),
            "used_ranges": key.used().ranges(),
            "first_slot_not_used": next,
        }),
    })
}

/// A failure of a key file, with what to do about it.
pub(super) fn key_failure(path: &Path, error: &KeyFileError) -> Failure {
    Failure::unusable(path, error.to_string(), remedy(path, error))
}

fn remedy(path: &Path, error: &KeyFileError) -> String {
    let fixed = match error {
        KeyFileError::Exists => "choose another name: a key that is overwritten is lost",
        KeyFileError::NotRegular { .. } => "give a file written by `leanvm xmss keygen`",
        KeyFileError::OpenToOthers { path, .. } => {
            return format!(
                "`chmod 600 {}`; if somebody else may have read the key, make a new one",
                path.display()
            );
        }
        KeyFileError::Locked => "wait until the other signer is done",
        KeyFileError::SecondName => "remove the other name; never sign with a copy of a key",
        KeyFileError::Replaced { .. } => {
            "put the key file and its .lock file back under their names, and sign again"
        }
        KeyFileError::Record(fault) => return record_remedy(path, *fault),
        KeyFileError::SkipTo { .. } => {
            "choose a slot of these that is beyond every slot that the key has signed for"
        }
        KeyFileError::Io { .. } => {
            "check the path, the permissions of the directory and the space on the disk; the key file is whole"
        }
        KeyFileError::Invalid(KeyFileFault::Magic) => "give a file written by `leanvm xmss keygen`",
        KeyFileError::Invalid(KeyFileFault::Version(_) | KeyFileFault::Scheme(_)) => {
            "use the program that the key was made with"
        }
        KeyFileError::Invalid(_) => {
            "restore the key file from a backup, and follow what the next command says of its used slots"
        }
        KeyFileError::Signing(_) => "choose an active slot that is not used",
        _ => "make a new key",
    };
    fixed.to_owned()
}

/// What to do about a key file that does not belong to its record.
pub(super) fn record_remedy(path: &Path, fault: RecordFault) -> String {
    let command = |slot: &str| {
        format!(
            "`leanvm xmss recover --key {} --skip-to {slot}`",
            path.display()
        )
    };
    match fault {
        RecordFault::Newer { end } => format!(
            "{} counts the slots below {end} as used, which are all that the record knows of",
            command(&end.to_string())
        ),
        _ => format!(
            "put the .lock file of this key beside it; if it is lost: {}, SLOT being beyond every slot that this key has signed for",
            command("SLOT")
        ),
    }
}
