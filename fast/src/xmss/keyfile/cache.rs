//! SPEC §22 xmss: the cache beside a key file: the leaves of its tree, which are public and can be
//! computed again.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::disk::{beside, remove_temporary, replace, require_regular};
use super::format::{Content, VERSION};
use crate::field::{from_canonical, to_canonical};
use crate::xmss::{Digest, PUBLIC_KEY_BYTES, SecretKey};

/// "LXC1".
const MAGIC: u32 = 0x3143_584c;
/// What is appended to the name of the key file.
const SUFFIX: &str = ".cache";
/// Magic, version, public key.
pub(super) const HEADER_BYTES: usize = 8 + PUBLIC_KEY_BYTES;

fn path_of(key: &Path) -> PathBuf {
    beside(key, SUFFIX)
}

fn header(public_key: [u8; PUBLIC_KEY_BYTES]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES);
    bytes.extend_from_slice(&MAGIC.to_le_bytes());
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&public_key);
    bytes
}

/// Writes the leaves beside a key file. It does not matter if this fails.
pub(super) fn write(path: &Path, key: &SecretKey) {
    let mut bytes = header(key.public_key().to_bytes());
    bytes.reserve_exact(16 * key.leaves().len());
    for element in key.leaves().as_flattened() {
        bytes.extend_from_slice(&to_canonical(*element).to_le_bytes());
    }
    drop(replace(&path_of(path), &bytes));
}

/// The leaves of the cache beside a key file, if they look like those of this key; whether they
/// are, their tree shows.
pub(super) fn read(path: &Path, content: &Content) -> Option<Vec<Digest>> {
    let path = path_of(path);
    let size = HEADER_BYTES + 16 * ((content.last - content.first) as usize + 1);
    require_regular(&path).ok()?;
    let mut file = File::open(path).ok()?;
    if file.metadata().ok()?.len() != size as u64 {
        return None;
    }
    let mut bytes = Vec::with_capacity(size + 1);
    (&mut file)
        .take(size as u64 + 1)
        .read_to_end(&mut bytes)
        .ok()?;
    let leaves = bytes.strip_prefix(&header(content.public_key.to_bytes())[..])?;
    if bytes.len() != size {
        return None;
    }
    let leaf = |bytes: &[u8; 16]| {
        let mut digest = Digest::default();
        for (to, word) in digest.iter_mut().zip(bytes.as_chunks::<4>().0) {
            *to = from_canonical(u32::from_le_bytes(*word))?;
        }
        Some(digest)
    };
    leaves.as_chunks::<16>().0.iter().map(leaf).collect()
}

/// Removes what a signer that was killed left beside the cache.
pub(super) fn clean(path: &Path) {
    drop(remove_temporary(&path_of(path)));
}
