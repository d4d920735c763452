//! SPEC §22 xmss: what is wrong with a key file, or with its use.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::format::VERSION;
use crate::xmss::{SCHEME_ID, SigningError};

/// What is wrong with the bytes of a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFileFault {
    /// It does not begin as a key file does.
    Magic,
    /// Another version.
    Version(u32),
    /// Another signature scheme.
    Scheme(u32),
    /// Not as long as it says.
    Length,
    /// The checksum is wrong.
    Checksum,
    /// The checksum is right and the content is not: words that are not canonical, ranges out of
    /// order, used slots that are not active, messages of slots that are not used, more active
    /// slots than a key may have.
    Content,
    /// The public key is not that of the seed.
    PublicKey,
}

impl fmt::Display for KeyFileFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Magic => write!(formatter, "not a key file"),
            Self::Version(version) => {
                write!(formatter, "version {version}, where {VERSION} is known")
            }
            Self::Scheme(scheme) => write!(
                formatter,
                "a key of the scheme {scheme}, where {SCHEME_ID} (leanxmss42) is known"
            ),
            Self::Length => write!(formatter, "cut short or with bytes left over"),
            Self::Checksum => write!(formatter, "the checksum is wrong"),
            Self::Content => write!(formatter, "the content is not a key"),
            Self::PublicKey => write!(formatter, "the public key is not that of the seed"),
        }
    }
}

/// Why a key file and the record of its uses, which is in the lock file beside it, do not belong
/// together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordFault {
    /// There is none.
    Missing,
    /// Its bytes are no record.
    Damaged,
    /// It is of another key.
    OtherKey,
    /// The key file is older than its record: a restored backup, which has forgotten slots that are
    /// used.
    Newer {
        /// One beyond the greatest slot that is used by the record.
        end: u64,
    },
}

impl fmt::Display for RecordFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(
                formatter,
                "the record of its used slots, the .lock file beside it, is missing"
            ),
            Self::Damaged => write!(
                formatter,
                "the record of its used slots, the .lock file beside it, is damaged"
            ),
            Self::OtherKey => write!(
                formatter,
                "the record of used slots, the .lock file beside it, is of another key"
            ),
            Self::Newer { .. } => write!(
                formatter,
                "older than the record of its used slots: a restored backup or a copy, which would sign for used slots again"
            ),
        }
    }
}

/// Why a key file is not made, not opened, or does not sign.
#[derive(Debug)]
#[non_exhaustive]
pub enum KeyFileError {
    /// There is a file of this name; it is not overwritten.
    Exists,
    /// No key is made beside a lock file with a record of used slots or of another key, or with
    /// bytes that are no record: it would be forgotten.
    RecordLeft {
        /// The lock file.
        path: PathBuf,
    },
    /// A directory, a device or a pipe.
    NotRegular {
        /// Which.
        path: PathBuf,
    },
    /// Others than its owner may read or write a file, as its mode says.
    OpenToOthers {
        /// The key file or its lock file.
        path: PathBuf,
        /// The permissions.
        mode: u32,
    },
    /// Another process, or another [`KeyFile`](super::KeyFile) of this one, holds the key.
    Locked,
    /// The file has a second name (a hard link), under which its old state would live on.
    SecondName,
    /// A file is no longer the one that was opened: it was moved, removed, replaced or changed. The
    /// signature is withheld.
    Replaced {
        /// The key file or its lock file.
        path: PathBuf,
    },
    /// The key file and the record of its uses do not belong together;
    /// [`KeyFile::recover`](super::KeyFile::recover) is the way out.
    Record(RecordFault),
    /// A recovery would leave slots unused that are used, or are beyond the key.
    SkipTo {
        /// The slot asked for.
        slot: u64,
        /// The least that can be asked for.
        least: u64,
        /// The greatest: one beyond the last active slot.
        greatest: u64,
    },
    /// Reading or writing failed. While signing: the signature is withheld, and the file is the old
    /// one or has the slot recorded.
    Io {
        /// What was being done.
        action: &'static str,
        /// Why it failed.
        error: io::Error,
    },
    /// The bytes are not a key file.
    Invalid(KeyFileFault),
    /// The key does not sign for this slot.
    Signing(SigningError),
    /// The used slots have more ranges than a key file can hold.
    TooManyRanges,
    /// The signature that was made does not verify, which only a fault of the hardware explains; it
    /// is withheld.
    FaultySignature,
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists => write!(formatter, "exists already and is not overwritten"),
            Self::RecordLeft { path } => write!(
                formatter,
                "{} is the record of used slots of a key that is not beside it, and a new key would destroy it",
                path.display()
            ),
            Self::NotRegular { path } => write!(
                formatter,
                "{} is a directory, a device or a pipe",
                path.display()
            ),
            Self::OpenToOthers { path, mode } => write!(
                formatter,
                "{} is open to others than its owner (mode {mode:04o})",
                path.display()
            ),
            Self::Locked => write!(formatter, "locked: another signer has it open"),
            Self::SecondName => write!(
                formatter,
                "has a second name (a hard link), under which used slots would be forgotten"
            ),
            Self::Replaced { path } => write!(
                formatter,
                "{} was moved, removed or changed while the key was open",
                path.display()
            ),
            Self::Record(fault) => fault.fmt(formatter),
            Self::SkipTo {
                slot,
                least,
                greatest,
            } => write!(
                formatter,
                "the key cannot skip to slot {slot}, only to one of {least} to {greatest}"
            ),
            Self::Io { action, error } => write!(formatter, "{action} failed: {error}"),
            Self::Invalid(fault) => fault.fmt(formatter),
            Self::Signing(error) => error.fmt(formatter),
            Self::TooManyRanges => write!(formatter, "the used slots are too scattered to record"),
            Self::FaultySignature => {
                write!(formatter, "the signature does not verify and is withheld")
            }
        }
    }
}

impl std::error::Error for KeyFileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            Self::Signing(error) => Some(error),
            _ => None,
        }
    }
}

/// An error of an action.
pub(super) fn failed(action: &'static str) -> impl FnOnce(io::Error) -> KeyFileError {
    move |error| KeyFileError::Io { action, error }
}
