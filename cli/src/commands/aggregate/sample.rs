//! Keys and signatures made from a text, and kept.

use std::path::{Path, PathBuf};

use leanvm_fast::xmss::{
    Message, PUBLIC_KEY_BYTES, PublicKey, SIGNATURE_BYTES, SecretKey, Seed, Signature, verify,
};
use rayon::prelude::*;
use zeroize::Zeroizing;

use crate::aggregating::batch::{Batch, Origin};
use crate::aggregating::schemes::Leanxmss42;
use crate::failure::Failure;
use crate::files::Output;
use crate::hex;
use crate::signature::record::message_of;

/// The slot of a sample.
const SLOT: u32 = 1_000_000;
/// The message of a sample.
const MESSAGE: &[u8] = b"leanvm aggregate";
/// Bytes of a kept signature, with its key.
const RECORD: usize = PUBLIC_KEY_BYTES + SIGNATURE_BYTES;

/// A number of signers, each with a key of its own. Signer i does not depend on the number.
pub(crate) fn batch(number: usize, seed: &str, keep: bool) -> Result<Batch<Leanxmss42>, Failure> {
    let message = message_of(MESSAGE)?;
    let path = keep.then(|| kept_path(seed)).flatten();
    let mut signatures = path
        .as_deref()
        .map(|path| read(path, &message))
        .unwrap_or_default();
    let kept = signatures.len();
    signatures.truncate(number);
    let made = (signatures.len()..number)
        .into_par_iter()
        .map(|index| signer(seed, index, &message))
        .collect::<Result<Vec<_>, _>>()?;
    signatures.extend(made);
    if let Some(path) = path.filter(|_| number > kept) {
        // A sample that cannot be kept is made again the next time.
        let _ = write(&path, &signatures);
    }
    Ok(Batch {
        signatures: Leanxmss42 {
            message,
            message_bytes: MESSAGE.to_vec(),
            slot: SLOT,
            signatures,
        },
        indices: (0..number).collect(),
        skipped: Vec::new(),
        origin: Origin::Sample,
    })
}

fn signer(seed: &str, index: usize, message: &Message) -> Result<(PublicKey, Signature), Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::usage(
            format!("signer {index} of the sample: {error}"),
            "choose another --seed",
        )
    };
    let seed = Zeroizing::new(format!("{seed} {index}"));
    let seed = Seed::of_known_bytes(seed.as_bytes()).map_err(|error| failed(&error))?;
    let slots = u64::from(SLOT)..u64::from(SLOT) + 1;
    let mut key = SecretKey::generate(slots, seed).map_err(|error| failed(&error))?;
    let signature = key.sign(SLOT, message).map_err(|error| failed(&error))?;
    Ok((*key.public_key(), signature))
}

/// Where the sample of a seed is kept: the user's folder for caches, if there is one.
fn kept_path(seed: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("XDG_CACHE_HOME")
        .filter(|folder| !folder.is_empty())
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?
        .join("leanvm");
    std::fs::create_dir_all(&folder).ok()?;
    let name = message_of(seed.as_bytes()).ok()?;
    Some(folder.join(format!(
        "sample-{}.leanxmss42",
        hex::encode(&name.to_canonical_bytes())
    )))
}

/// The kept signatures; none if the file holds anything else.
fn read(path: &Path, message: &Message) -> Vec<(PublicKey, Signature)> {
    let bytes = std::fs::read(path).unwrap_or_default();
    let record = |record: &[u8]| {
        let (key, signature) = record.split_at(PUBLIC_KEY_BYTES);
        let (key, signature) = (
            PublicKey::from_bytes(key).ok()?,
            Signature::from_bytes(signature).ok()?,
        );
        verify(&key, SLOT, message, &signature).ok()?;
        Some((key, signature))
    };
    bytes
        .par_chunks_exact(RECORD)
        .map(record)
        .collect::<Option<_>>()
        .unwrap_or_default()
}

fn write(path: &Path, signatures: &[(PublicKey, Signature)]) -> Result<(), Failure> {
    let mut bytes = Vec::with_capacity(RECORD * signatures.len());
    for (key, signature) in signatures {
        bytes.extend(key.to_bytes());
        bytes.extend(signature.to_bytes());
    }
    Output::prepare(path)?.commit(&bytes)
}
