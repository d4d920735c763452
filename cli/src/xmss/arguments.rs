//! The command line of `leanvm xmss`.

use std::ops::Range;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::bytes::file_of;
use crate::arguments::{Paths, whole};

/// What to do with keys and signatures.
#[derive(Debug, Subcommand)]
pub(crate) enum Xmss {
    /// Make a key of the scheme leanxmss42: NAME.key, which is secret, and NAME.pub.
    Keygen(Keygen),
    /// Sign a message for a slot, which the key file records before the signature is written.
    Sign(Sign),
    /// Go on with a key file that was restored from a backup: the slots below a given one count as used.
    Recover(Recover),
    /// Verify a signature.
    Verify(Verify),
    /// Print what a key file, a public key or a signature is.
    Inspect(Inspect),
}

impl Xmss {
    /// The name on the command line.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Keygen(_) => "xmss keygen",
            Self::Sign(_) => "xmss sign",
            Self::Recover(_) => "xmss recover",
            Self::Verify(_) => "xmss verify",
            Self::Inspect(_) => "xmss inspect",
        }
    }

    /// Its files, but for those of a key that is made, which are not overwritten, or that remembers its uses.
    pub(crate) fn paths(&self) -> Paths<'_> {
        match self {
            Self::Keygen(it) => Paths::new([it.seed.as_deref().and_then(file_of)], []),
            Self::Sign(it) => Paths::new([Some(&it.key), file_of(&it.message)], [Some(&it.output)]),
            Self::Recover(it) => Paths::new([Some(&it.key)], []),
            Self::Verify(it) => {
                let (key, message) = (it.public_key.as_deref(), it.message.as_deref());
                let bytes = [key, message, Some(&it.signature)];
                Paths::new(bytes.map(|text| text.and_then(file_of)), [])
            }
            Self::Inspect(it) => Paths::new([Some(&it.file)], []),
        }
    }
}

/// Arguments of `xmss keygen`.
#[derive(Debug, Args)]
pub(crate) struct Keygen {
    /// The slots made active, within 0..4294967296; time and memory are in proportion to their number.
    #[arg(long, value_name = "FIRST..END", value_parser = slots)]
    pub(crate) slots: Range<u64>,
    /// NAME of the files NAME.key and NAME.pub; files that exist are not overwritten. Beside them are NAME.key.lock, which remembers how far
    /// the key was used and belongs to it, and NAME.key.cache, which is made again if it is lost.
    #[arg(short, long, value_name = "NAME")]
    pub(crate) output: PathBuf,
    /// Make the key from at least 32 secret random bytes, and as secret as they are. Never make two key files from one seed. Left out, the
    /// operating system's generator is used.
    #[arg(long, value_name = "HEX|@FILE|hex@FILE")]
    pub(crate) seed: Option<String>,
    /// Take any --seed, for a key of a test: whoever guesses the seed has the key.
    #[arg(long, requires = "seed")]
    pub(crate) insecure_test_seed: bool,
}

/// Arguments of `xmss sign`.
#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// Key file written by `leanvm xmss keygen`. Never sign with a copy: each would sign for slots that the other has used.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// The slot; a key signs one message for each active slot, and that one again if it is among the latest 64.
    #[arg(long, value_name = "N", value_parser = whole::<u32>(0..=u32::MAX.into()))]
    pub(crate) slot: u32,
    /// The message, any bytes: hexadecimal digits, the bytes of a file (@FILE), or the digits in a file (hex@FILE).
    #[arg(long, value_name = "HEX|@FILE|hex@FILE")]
    pub(crate) message: String,
    /// The signature, 1208 bytes, or if the name ends in `.json` the record that `leanvm aggregate --input` reads; written whole or not at all.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// Arguments of `xmss recover`.
#[derive(Debug, Args)]
pub(crate) struct Recover {
    /// Key file that `leanvm xmss sign` refuses, since it is older than NAME.key.lock or has none.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// The first slot that the key may sign for from now on. It must be beyond every slot that the key, or a copy of it, has ever signed for.
    #[arg(long, value_name = "SLOT", value_parser = whole::<u64>(0..=1 << 32))]
    pub(crate) skip_to: u64,
}

/// Arguments of `xmss verify`: hexadecimal digits, the bytes of a file (@FILE), or the digits in a file (hex@FILE).
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The public key. It may be left out, as slot and message, if the signature is JSON, which has them: then look whether they are the
    /// right ones.
    #[arg(long, value_name = "HEX|@FILE|hex@FILE")]
    pub(crate) public_key: Option<String>,
    /// The slot.
    #[arg(long, value_name = "N", value_parser = whole::<u32>(0..=u32::MAX.into()))]
    pub(crate) slot: Option<u32>,
    /// The message. Any bytes for leanxmss42, 32 bytes for leansig-dim64.
    #[arg(long, value_name = "HEX|@FILE|hex@FILE")]
    pub(crate) message: Option<String>,
    /// The signature, or a file (@FILE) with the JSON that `leanvm xmss sign -o NAME.json` writes.
    #[arg(long, value_name = "HEX|@FILE|hex@FILE")]
    pub(crate) signature: String,
    /// The signature scheme; left out, that of the JSON, or leanxmss42.
    #[arg(long, value_enum)]
    pub(crate) scheme: Option<Scheme>,
}

/// Arguments of `xmss inspect`.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// A key file, a public key, a signature or the JSON of one; secrets are not printed.
    pub(crate) file: PathBuf,
}

/// A signature scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scheme {
    /// SPEC.md section 21.
    #[default]
    Leanxmss42,
    /// SPEC.md section 22.
    LeansigDim64,
}

impl Scheme {
    /// The name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Leanxmss42 => "leanxmss42",
            Self::LeansigDim64 => "leansig-dim64",
        }
    }
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
