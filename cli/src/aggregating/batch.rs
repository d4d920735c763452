//! The signatures of an aggregate, from files.

use std::path::{Path, PathBuf};

use leanvm_fast::leansig;
/// A signature of `leanxmss42` of any message for any slot.
pub(crate) use leanvm_service::record::Signed as Any;

use crate::aggregating::schemes::{LeansigDim64, Leanxmss42};
use crate::failure::{Failure, foreign};
use crate::files::Kind;
use crate::signature::record::{Place, SignatureRecord, message_of, parse};
use crate::signature::scheme::Scheme;

/// Where signatures come from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// A sample.
    Sample,
    /// Files, one a signature.
    Files(Vec<PathBuf>),
    /// One file.
    File(PathBuf),
}

impl Origin {
    /// The label of the time before the aggregation.
    pub(crate) const fn label(&self) -> &'static str {
        match self {
            Self::Sample => "making keys and signatures",
            Self::Files(_) | Self::File(_) => "reading signatures",
        }
    }

    /// The file of a signature.
    pub(crate) fn file(&self, index: usize) -> Option<&Path> {
        match self {
            Self::Sample => None,
            Self::Files(paths) => paths.get(index).map(PathBuf::as_path),
            Self::File(path) => Some(path),
        }
    }

    /// The place of a signature in its file.
    pub(crate) fn place(&self, index: usize) -> Option<String> {
        matches!(self, Self::File(_)).then(|| format!("signature {index}"))
    }

    /// The name of a signature.
    pub(crate) fn name(&self, index: usize) -> String {
        match self {
            Self::Files(_) => self.file(index).map(|path| path.display().to_string()),
            Self::Sample | Self::File(_) => None,
        }
        .unwrap_or_else(|| format!("signature {index}"))
    }
}

/// A signature that was left out of an aggregate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Skipped {
    /// Its index among all.
    pub(crate) index: usize,
    /// Why.
    pub(crate) reason: String,
}

/// Signatures, each with its index among all, and those that cannot be used.
pub(crate) struct Batch<B> {
    pub(crate) signatures: B,
    pub(crate) indices: Vec<usize>,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) origin: Origin,
}

/// Records, each read when it is its turn.
type Reading = Box<dyn ExactSizeIterator<Item = Result<SignatureRecord, Failure>>>;

/// The records of a folder or a file.
struct Records {
    list: Reading,
    origin: Origin,
    path: PathBuf,
}

impl Records {
    fn read(path: &Path) -> Result<Self, Failure> {
        let (list, origin): (Reading, _) = if path.is_dir() {
            let paths = record_paths(path)?;
            let records = paths.clone().into_iter();
            let records = records.map(|path| parse(&path, Kind::Signature));
            (Box::new(records), Origin::Files(paths))
        } else {
            let list: Vec<SignatureRecord> = parse(path, Kind::Signatures)?;
            let records = list.into_iter().map(Ok);
            (Box::new(records), Origin::File(path.to_owned()))
        };
        if list.len() == 0 {
            return Err(Failure::unusable(
                path,
                "there is no signature in it",
                "put signatures there: `leanvm xmss sign … -o NAME.json`",
            ));
        }
        Ok(Self {
            list,
            origin,
            path: path.to_owned(),
        })
    }

    /// Decodes each record. Those that cannot be used are refused together, or skipped.
    fn decode<T>(
        self,
        skip_invalid: bool,
        mut decode: impl FnMut(&SignatureRecord, &Place<'_>) -> Result<T, Failure>,
    ) -> Result<Batch<Vec<T>>, Failure> {
        let (mut signatures, mut indices, mut failures) = (Vec::new(), Vec::new(), Vec::new());
        let total = self.list.len();
        for (index, record) in self.list.enumerate() {
            let place = Place {
                file: self.origin.file(index).unwrap_or(&self.path),
                inside: self.origin.place(index),
            };
            match record.and_then(|record| decode(&record, &place)) {
                Ok(signature) => {
                    signatures.push(signature);
                    indices.push(index);
                }
                Err(failure) => failures.push((index, failure)),
            }
        }
        if !(failures.is_empty() || skip_invalid && !signatures.is_empty()) {
            let number = failures.len();
            let list =
                listing(failures.iter().map(|(index, failure)| {
                    (self.origin.name(*index), failure.reason().to_owned())
                }));
            let (_, first) = failures.swap_remove(0);
            return Err(if number == 1 {
                first
            } else {
                first
                    .with_summary(format!("{number} of {total} signatures cannot be used"))
                    .with_listing(list)
            });
        }
        let skipped = failures.into_iter().map(|(index, failure)| Skipped {
            index,
            reason: failure.reason().to_owned(),
        });
        Ok(Batch {
            signatures,
            indices,
            skipped: skipped.collect(),
            origin: self.origin,
        })
    }
}

/// A line for each name with its reason.
pub(crate) fn listing(rows: impl IntoIterator<Item = (String, String)>) -> String {
    rows.into_iter()
        .map(|(name, reason)| format!("    {}: {reason}\n", foreign(&name)))
        .collect()
}

impl Batch<Leanxmss42> {
    /// Reads a folder or a file. All are of the message and the slot that are wanted, or of those
    /// of the first.
    ///
    /// Where bad ones are skipped, the first must not decide for the others: it may be anybody's.
    pub(crate) fn read(
        path: &Path,
        skip_invalid: bool,
        wanted: Option<(Vec<u8>, u32)>,
    ) -> Result<Self, Failure> {
        let of = if wanted.is_some() { "wanted" } else { "first" };
        let undecided = skip_invalid && wanted.is_none();
        let mut other = false;
        let mut statement = wanted;
        let batch = Records::read(path)?.decode(skip_invalid, |record, place| {
            let Any {
                message,
                key,
                signature,
                ..
            } = place.decode(record)?;
            let (first, slot) = statement.get_or_insert_with(|| (message.clone(), record.slot));
            let remedy = "an aggregate is of one message and slot: make one for each";
            other |= record.slot != *slot || message != *first;
            if record.slot != *slot {
                let reason = format!(
                    "a signature for slot {}, where the {of} is for slot {slot}",
                    record.slot
                );
                return Err(place.unusable(reason, remedy));
            }
            if message != *first {
                let reason = format!("a signature of another message than the {of}");
                return Err(place.unusable(reason, remedy));
            }
            Ok((key, signature))
        })?;
        if other && undecided {
            return Err(Failure::unusable(
                path,
                "there are signatures of several messages or slots, and those that are not wanted shall be skipped",
                "say which are wanted by --slot and --message",
            ));
        }
        let (message_bytes, slot) = statement.unwrap_or_default();
        Ok(Self {
            signatures: Leanxmss42 {
                message: message_of(&message_bytes)?,
                message_bytes,
                slot,
                signatures: batch.signatures,
            },
            indices: batch.indices,
            skipped: batch.skipped,
            origin: batch.origin,
        })
    }
}

impl Batch<Vec<Any>> {
    /// Reads a folder or a file of signatures of any messages for any slots.
    pub(crate) fn read(path: &Path, skip_invalid: bool) -> Result<Self, Failure> {
        Records::read(path)?.decode(skip_invalid, |record, place| place.decode(record))
    }
}

impl Batch<LeansigDim64> {
    /// Reads a folder or a file.
    pub(crate) fn read(path: &Path, skip_invalid: bool) -> Result<Self, Failure> {
        let batch = Records::read(path)?.decode(skip_invalid, |record, place| {
            place.check_scheme(&record.scheme, Scheme::LeansigDim64)?;
            let (key, signature) = leansig::decode(
                &place.field("public_key", &record.public_key)?,
                &place.field("signature", &record.signature)?,
            )
            .map_err(|error| place.malformed("signature", &error))?;
            let claim = leansig::Claim {
                key,
                slot: record.slot,
                message: place.message_of_32(&record.message)?,
            };
            Ok((claim, signature))
        })?;
        Ok(Self {
            signatures: LeansigDim64(batch.signatures),
            indices: batch.indices,
            skipped: batch.skipped,
            origin: batch.origin,
        })
    }
}

/// The `.json` files of a folder, by name.
fn record_paths(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::unusable(
            folder,
            format!("cannot be read: {error}"),
            "check the permissions of the folder",
        )
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
            && path.is_file()
        {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
