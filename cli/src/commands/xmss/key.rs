//! Key files: opening them, their contents, their faults and the remedies.

use std::ops::RangeInclusive;
use std::path::Path;

use leanvm_fast::xmss::keyfile::{KeyFile, KeyFileError, KeyFileFault, RecordFault};
use leanvm_fast::xmss::{PublicKey, SlotSet};
use serde_json::json;

use crate::failure::Failure;
use crate::hex;
use crate::measurements::Measurements;
use crate::progress::Progress;
use crate::signature::scheme::Scheme;

/// The scheme of all keys.
pub(crate) const SCHEME: &str = Scheme::Leanxmss42.name();

/// A public key, the active slots of its key and which of them are used.
pub(crate) fn measure_slots(
    list: &mut Measurements,
    public_key: &PublicKey,
    slots: RangeInclusive<u32>,
    used: &SlotSet,
) {
    let (first, last) = slots.into_inner();
    let end = u64::from(last) + 1;
    let next = used.first_outside(first, last);
    let shown = next.map_or_else(|| "none".to_owned(), |slot| slot.to_string());
    let ranges = used
        .ranges()
        .iter()
        .map(|(first, last)| json!([first, last]));
    let public_key = hex::encode(&public_key.to_bytes());
    list.field("scheme", SCHEME)
        .words("public key", "public_key", public_key)
        .row("slots", format!("{first}..{end}"))
        .field("first_slot", first)
        .field("end_slot", end)
        .figure("  used", used.count().to_string())
        .field("used_slots", used.count())
        .field("used_ranges", ranges.collect::<Vec<_>>())
        .row("  first unused", shown)
        .field("first_slot_not_used", next);
}
/// Opens a key file, showing a bar while leaves are recomputed.
pub(crate) fn open_with_bar(
    path: &Path,
    open: impl FnOnce(&(dyn Fn(u64, u64) + Sync)) -> Result<KeyFile, KeyFileError>,
) -> Result<KeyFile, Failure> {
    let progress = Progress::start(["opening the key"]);
    let outcome = open(&|done, total| progress.advance(done, total));
    progress.finish();
    outcome.map_err(|error| key_failure(path, &error))
}

/// A failure of a key file, with its remedy.
pub(crate) fn key_failure(path: &Path, error: &KeyFileError) -> Failure {
    let failure = Failure::unusable(path, error.to_string(), remedy(path, error));
    match error {
        // The file is as it should be.
        KeyFileError::FaultySignature => failure.with_summary("this machine signed wrongly"),
        _ => failure,
    }
}

fn remedy(path: &Path, error: &KeyFileError) -> String {
    let fixed = match error {
        KeyFileError::Exists => "choose another name: a key that is overwritten is lost",
        KeyFileError::RecordLeft { path } => {
            return format!(
                "put the key file back beside it, or choose another name; remove {} only if its key never signs again",
                path.display()
            );
        }
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
        KeyFileError::FaultySignature => {
            "sign again; if it happens again, use another machine: the memory or the processor is at fault, not the key"
        }
        _ => "make a new key",
    };
    fixed.to_owned()
}

/// The remedy for a key file that does not belong to its record.
pub(crate) fn record_remedy(path: &Path, fault: RecordFault) -> String {
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
        RecordFault::OtherKey => format!(
            "put the .lock file of this key beside it, and that of the other key beside the other; if the first is lost: {} afterwards, SLOT being beyond every slot that this key has signed for",
            command("SLOT")
        ),
        _ => format!(
            "put the .lock file of this key beside it; if it is lost: {}, SLOT being beyond every slot that this key has signed for",
            command("SLOT")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faulty_signature_is_not_blamed_on_the_key() {
        let failure = key_failure(Path::new("a.key"), &KeyFileError::FaultySignature);
        let expected = "error: this machine signed wrongly
  file: a.key
  reason: the signature does not verify and is withheld
  remedy: sign again; if it happens again, use another machine: the memory or
    the processor is at fault, not the key";
        assert_eq!(failure.text(), expected);
        let json = failure.json("xmss sign");
        assert_eq!(
            json["remedy"],
            remedy(Path::new("a.key"), &KeyFileError::FaultySignature)
        );
    }
}
