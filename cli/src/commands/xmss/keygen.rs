//! `leanvm xmss keygen`: a key is made.

use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Args;
use leanvm_fast::xmss::keyfile::{KeyFile, KeyFileError};
use leanvm_fast::xmss::{KeyError, SecretKey, Seed};

use crate::command::Command;
use crate::commands::xmss::key::{SCHEME, key_failure};
use crate::failure::Failure;
use crate::files::{Output, Paths};
use crate::hex;
use crate::measurements::Measurements;
use crate::options::{Secret, secret, whole};
use crate::program::warnings::Warnings;
use crate::progress::Progress;
use crate::report::Report;
use crate::signature::bytes;

/// Arguments of `xmss keygen`.
#[derive(Debug, Args)]
pub(crate) struct Keygen {
    /// The slots made active, within 0..4294967296; time and memory are in proportion to their
    /// number.
    #[arg(long, value_name = "FIRST..END", value_parser = slots)]
    slots: Range<u64>,
    /// NAME of the files NAME.key and NAME.pub; files that exist are not overwritten. Beside them
    /// are NAME.key.lock, which remembers how far the key was used and belongs to it, and
    /// NAME.key.cache, which is made again if it is lost.
    #[arg(short, long, value_name = "NAME")]
    output: PathBuf,
    /// Make the key from at least 32 secret random bytes, and as secret as they are. Never make two
    /// key files from one seed. Left out, the operating system's generator is used. Digits that are
    /// given here can be read by every user of the machine while the command runs: take a file.
    #[arg(long, value_name = "HEX|@FILE|hex@FILE", value_parser = secret)]
    seed: Option<Secret>,
    /// Take any --seed, for a key of a test: whoever guesses the seed has the key.
    #[arg(long, requires = "seed")]
    insecure_test_seed: bool,
}

impl Command for Keygen {
    fn name(&self) -> &'static str {
        "xmss keygen"
    }

    /// The files of the key are not among these: they are not overwritten.
    fn paths(&self) -> Paths<'_> {
        Paths::new(
            [self.seed.as_ref().and_then(|seed| bytes::file_of(seed))],
            [],
        )
    }

    fn execute(&self, _: &mut Warnings) -> Result<Report, Failure> {
        let key_path = with_suffix(&self.output, ".key");
        let public_path = with_suffix(&self.output, ".pub");
        let (seed, secret, secret_in_words) = self.seed()?;
        for path in [&key_path, &public_path] {
            if path.symlink_metadata().is_ok() {
                return Err(key_failure(path, &KeyFileError::Exists));
            }
        }
        // Both files are in one directory.
        let public_file = Output::prepare(&public_path)?;
        let Range { start, end } = self.slots;
        let progress = Progress::start(["making leaves"]);
        let told = |done| progress.advance(done, end - start);
        let key = SecretKey::generate_with(start..end, seed, &told)
            .map_err(|error| Failure::usage(error.to_string(), "make fewer slots active"))?;
        let elapsed = progress.finish();
        let public_key = key.public_key().to_bytes();
        KeyFile::create(&key_path, key).map_err(|error| key_failure(&key_path, &error))?;
        public_file.commit(&public_key)?;
        let mut list = Measurements::default();
        list.field("scheme", SCHEME)
            .words("public key", "public_key", hex::encode(&public_key))
            .words("  in", "public_key_file", public_path.display().to_string())
            .row("secret key", secret_in_words)
            .field("secret", secret)
            .words("  in", "key_file", key_path.display().to_string())
            .row("slots", format!("{start}..{end}"))
            .field("first_slot", start)
            .field("end_slot", end)
            .time("making", "seconds", elapsed);
        Ok(list.report())
    }
}

impl Keygen {
    /// The seed of a new key, and where it comes from: a word for programs, a phrase for people.
    fn seed(&self) -> Result<(Seed, &'static str, &'static str), Failure> {
        let refused = |error: KeyError| {
            let remedy = match error {
                KeyError::SecretTooShort { .. } => {
                    "leave --seed out, or give at least 32 secret random bytes; --insecure-test-seed takes any for a key that is not secret"
                }
                _ => "give another --seed",
            };
            Failure::usage(format!("--seed: {error}"), remedy)
        };
        let Some(text) = &self.seed else {
            let seed = Seed::random().map_err(refused)?;
            return Ok((seed, "system", "random, of the operating system"));
        };
        let bytes = bytes::read("--seed", text)?.bytes;
        if self.insecure_test_seed {
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
}

/// The path with something appended to its name.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Reads FIRST..END.
fn slots(text: &str) -> Result<Range<u64>, String> {
    let number = |digits: &str| {
        whole::<u64>(0..=1 << 32)(digits)
            .map_err(|expected| format!("`{digits}` is not a slot: {expected}"))
    };
    let (first, end) = text
        .split_once("..")
        .ok_or("give FIRST..END, for example 0..1024")?;
    let slots = number(first)?..number(end)?;
    if slots.is_empty() {
        return Err("no slot is in it: END is one beyond the last slot".to_owned());
    }
    Ok(slots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_slots() {
        assert_eq!(slots("0..1024"), Ok(0..1024));
        assert_eq!(
            slots("4294967295..4294967296"),
            Ok(u64::from(u32::MAX)..1 << 32)
        );
        for text in [
            "",
            "5",
            "..",
            "5..",
            "..5",
            "5..5",
            "6..5",
            "0..4294967297",
            "-1..3",
            "0...3",
            "0..0x3",
        ] {
            assert!(slots(text).is_err(), "{text}");
        }
    }
}
