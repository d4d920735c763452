//! SPEC §21 xmss: key files.
//!
//! A secret key on a disk with the slots that it has signed for. A slot is recorded before its signature is given out: the file is
//! written anew beside the old one, synced, renamed over it, and the directory is synced. So after a crash at any point the file is the
//! old or the new one, and a signature that left the process has its slot recorded. A lock on a file beside it, which is held
//! as long as the [`KeyFile`] lives, keeps a second signer away.
//!
//! What no program can prevent: a copy or a restored backup of a key file signs again for slots that the original has used since.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::keys::{MAX_ACTIVE_SLOTS, SECRET_KEY_BYTES, SecretKey, decode_secret_key};
use super::types::hash_of_bytes;
use super::{
    Digest, MAX_BYTES_OF_MESSAGE, Message, PUBLIC_KEY_BYTES, PublicKey, SCHEME_ID, Seed, Signature,
    SigningError, SlotSet, verify,
};
use crate::field::{from_canonical, to_canonical};

/// "LXK1".
const MAGIC: u32 = 0x314b_584c;
/// "LXC1".
const CACHE_MAGIC: u32 = 0x3143_584c;
const VERSION: u32 = 1;
/// Magic, version, scheme, public key, secret key, number of ranges.
const HEADER_BYTES: usize = 12 + PUBLIC_KEY_BYTES + SECRET_KEY_BYTES + 4;
const CHECKSUM_BYTES: usize = 32;
/// Magic, version, public key.
const CACHE_HEADER_BYTES: usize = 8 + PUBLIC_KEY_BYTES;
/// Longest key file: its checksum is the hash of fewer than 2^25 bytes.
const MAX_FILE_BYTES: usize = MAX_BYTES_OF_MESSAGE - 1 + CHECKSUM_BYTES;

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
    /// The checksum is right and the content is not: words that are not canonical, ranges out of order, used slots that are not
    /// active, more active slots than a key may have.
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

/// Why a key file is not made, not opened, or does not sign.
#[derive(Debug)]
#[non_exhaustive]
pub enum KeyFileError {
    /// There is a file of this name; it is not overwritten.
    Exists,
    /// Another process, or another [`KeyFile`] of this one, holds the key.
    Locked,
    /// The file has a second name (a hard link), under which its old state would live on.
    SecondName,
    /// Reading or writing failed. While signing: the signature is withheld, and the file is the old one or has the slot recorded.
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
    /// The signature that was made does not verify, which only a fault of the hardware explains; it is withheld.
    FaultySignature,
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists => write!(formatter, "exists already and is not overwritten"),
            Self::Locked => write!(formatter, "locked: another signer has it open"),
            Self::SecondName => write!(
                formatter,
                "has a second name (a hard link), under which used slots would be forgotten"
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
fn failed(action: &'static str) -> impl FnOnce(io::Error) -> KeyFileError {
    move |error| KeyFileError::Io { action, error }
}

/// What a key file says in public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The public key.
    pub public_key: PublicKey,
    /// The first active slot.
    pub first: u32,
    /// The last active slot.
    pub last: u32,
    /// The slots that are used.
    pub used: SlotSet,
}

/// A key file that is open for signing, and locked.
#[derive(Debug)]
pub struct KeyFile {
    path: PathBuf,
    key: SecretKey,
    /// Locked as long as it is open.
    _lock: File,
}

impl KeyFile {
    /// Writes a new key to a new file, and its cache beside it.
    ///
    /// # Errors
    /// [`KeyFileError::Exists`], [`KeyFileError::Locked`], [`KeyFileError::Io`]; then there is no key file of this name, or a whole one.
    pub fn create(path: &Path, key: SecretKey) -> Result<Self, KeyFileError> {
        let lock = lock(path)?;
        // `symlink_metadata` sees dangling links too.
        if fs::symlink_metadata(path).is_ok() {
            return Err(KeyFileError::Exists);
        }
        replace(path, &encode(&key)?).map_err(failed("writing"))?;
        write_cache(path, &key);
        Ok(Self {
            path: path.to_owned(),
            key,
            _lock: lock,
        })
    }

    /// Opens a key file for signing. Without a good cache beside it all leaves are computed again, which takes as long as making the key.
    ///
    /// # Errors
    /// [`KeyFileError::Locked`], [`KeyFileError::SecondName`], [`KeyFileError::Io`], [`KeyFileError::Invalid`].
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        Self::open_with(path, &|_, _| ())
    }

    /// [`KeyFile::open`], which tells `progress` how many further leaves are computed again, of how many.
    ///
    /// # Errors
    /// As [`KeyFile::open`].
    pub fn open_with(
        path: &Path,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Self, KeyFileError> {
        // A link to the file would be replaced in its stead, and have another lock.
        let path = fs::canonicalize(path).map_err(failed("opening"))?;
        let lock = lock(&path)?;
        let (summary, seed) = read(&path)?;
        let mut key = match read_cache(&path, &summary) {
            Some(leaves) => {
                let key = SecretKey::from_leaves(summary.first, summary.last, seed, leaves);
                if *key.public_key() == summary.public_key {
                    key
                } else {
                    rebuilt(&path, &summary, key.seed, progress)?
                }
            }
            None => rebuilt(&path, &summary, seed, progress)?,
        };
        key.used = summary.used;
        Ok(Self {
            path,
            key,
            _lock: lock,
        })
    }

    /// The key with the slots that it has signed for.
    #[must_use]
    pub const fn key(&self) -> &SecretKey {
        &self.key
    }

    /// Signs a message for a slot, which is recorded on the disk before the signature is returned.
    ///
    /// # Errors
    /// [`KeyFileError::Signing`]: the slot is not active or used already. [`KeyFileError::Io`]: it could not be recorded; the file is the
    /// old one or has the slot recorded, and this [`KeyFile`] does not sign for the slot again.
    pub fn sign(&mut self, slot: u32, message: &Message) -> Result<Signature, KeyFileError> {
        let signature = self
            .key
            .sign(slot, message)
            .map_err(KeyFileError::Signing)?;
        verify(self.key.public_key(), slot, message, &signature)
            .map_err(|_| KeyFileError::FaultySignature)?;
        replace(&self.path, &encode(&self.key)?).map_err(failed("recording the slot"))?;
        Ok(signature)
    }
}

/// What a key file says in public; it takes no lock and computes no leaves.
///
/// # Errors
/// [`KeyFileError::SecondName`], [`KeyFileError::Io`], [`KeyFileError::Invalid`].
pub fn inspect(path: &Path) -> Result<Summary, KeyFileError> {
    let path = fs::canonicalize(path).map_err(failed("opening"))?;
    read(&path).map(|(summary, _)| summary)
}

/// Whether a file begins as a key file does; no more of it is read.
///
/// # Errors
/// If it cannot be read.
pub fn is_key_file(path: &Path) -> io::Result<bool> {
    let mut begin = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut begin)?;
    Ok(begin == MAGIC.to_le_bytes())
}

/// The path with something appended to its name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Takes the lock of a key file. The lock file stays: were it removed, two signers could lock two files of one name.
fn lock(path: &Path) -> Result<File, KeyFileError> {
    let file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(beside(path, ".lock"))
        .map_err(failed("opening the lock file"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(KeyFileError::Locked),
        Err(TryLockError::Error(error)) => Err(failed("locking")(error)),
    }
}

/// The bytes of a key file.
fn encode(key: &SecretKey) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let ranges = key.used().ranges();
    // Of its final size from the start: a vector that grows leaves copies behind.
    let size = HEADER_BYTES + 8 * ranges.len() + CHECKSUM_BYTES;
    if size > MAX_FILE_BYTES {
        return Err(KeyFileError::TooManyRanges);
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(size));
    for word in [MAGIC, VERSION, SCHEME_ID] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.extend_from_slice(&key.public_key().to_bytes());
    bytes.extend_from_slice(&key.to_bytes()[..]);
    bytes.extend_from_slice(&(ranges.len() as u32).to_le_bytes());
    for (first, last) in ranges {
        bytes.extend_from_slice(&first.to_le_bytes());
        bytes.extend_from_slice(&last.to_le_bytes());
    }
    let checksum = checksum(&bytes).ok_or(KeyFileError::TooManyRanges)?;
    bytes.extend_from_slice(&checksum);
    Ok(bytes)
}

fn checksum(bytes: &[u8]) -> Option<[u8; CHECKSUM_BYTES]> {
    let hash = hash_of_bytes(bytes).ok()?;
    Some(Message(hash).to_canonical_bytes())
}

fn word(bytes: &[u8], index: usize) -> Option<u32> {
    bytes
        .as_chunks::<4>()
        .0
        .get(index)
        .copied()
        .map(u32::from_le_bytes)
}

/// Reads and checks a key file.
fn read(path: &Path) -> Result<(Summary, Seed), KeyFileError> {
    let mut file = File::open(path).map_err(failed("opening"))?;
    let metadata = file.metadata().map_err(failed("reading"))?;
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(&metadata) > 1 {
        return Err(KeyFileError::SecondName);
    }
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.min(MAX_FILE_BYTES) + 1));
    (&mut file)
        .take(MAX_FILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(failed("reading"))?;
    decode(&bytes).map_err(KeyFileError::Invalid)
}

fn decode(bytes: &[u8]) -> Result<(Summary, Seed), KeyFileFault> {
    let expect = |index, expected, fault: fn(u32) -> KeyFileFault| match word(bytes, index) {
        Some(found) if found == expected => Ok(()),
        Some(found) => Err(fault(found)),
        None => Err(KeyFileFault::Length),
    };
    expect(0, MAGIC, |_| KeyFileFault::Magic)?;
    expect(1, VERSION, KeyFileFault::Version)?;
    expect(2, SCHEME_ID, KeyFileFault::Scheme)?;
    let count = word(bytes, HEADER_BYTES / 4 - 1).ok_or(KeyFileFault::Length)? as usize;
    let expected = count
        .checked_mul(8)
        .and_then(|size| size.checked_add(HEADER_BYTES + CHECKSUM_BYTES));
    if expected != Some(bytes.len()) || bytes.len() > MAX_FILE_BYTES {
        return Err(KeyFileFault::Length);
    }
    let (content, sum) = bytes.split_at(bytes.len() - CHECKSUM_BYTES);
    if checksum(content).is_none_or(|expected| expected != sum) {
        return Err(KeyFileFault::Checksum);
    }
    let public_key = PublicKey::from_bytes(&content[12..12 + PUBLIC_KEY_BYTES])
        .map_err(|_| KeyFileFault::Content)?;
    let secret = &content[12 + PUBLIC_KEY_BYTES..HEADER_BYTES - 4];
    let (seed, first, last) = decode_secret_key(secret).map_err(|_| KeyFileFault::Content)?;
    if u64::from(last - first) >= MAX_ACTIVE_SLOTS {
        return Err(KeyFileFault::Content);
    }
    let ranges: Vec<(u32, u32)> = content[HEADER_BYTES..]
        .as_chunks::<8>()
        .0
        .iter()
        .map(|[a, b, c, d, e, f, g, h]| {
            (
                u32::from_le_bytes([*a, *b, *c, *d]),
                u32::from_le_bytes([*e, *f, *g, *h]),
            )
        })
        .collect();
    let inside = ranges
        .iter()
        .all(|(begin, end)| first <= *begin && *end <= last);
    let used = SlotSet::from_ranges(ranges)
        .filter(|_| inside)
        .ok_or(KeyFileFault::Content)?;
    Ok((
        Summary {
            public_key,
            first,
            last,
            used,
        },
        seed,
    ))
}

/// The key of a file without a good cache; the cache is written again.
fn rebuilt(
    path: &Path,
    summary: &Summary,
    seed: Seed,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<SecretKey, KeyFileError> {
    let slots = u64::from(summary.first)..u64::from(summary.last) + 1;
    let total = slots.end - slots.start;
    let key = SecretKey::generate_with(slots, seed, &|done| progress(done, total))
        .map_err(|_| KeyFileError::Invalid(KeyFileFault::Content))?;
    if *key.public_key() != summary.public_key {
        return Err(KeyFileError::Invalid(KeyFileFault::PublicKey));
    }
    write_cache(path, &key);
    Ok(key)
}

/// Writes the leaves beside a key file. They are public and can be computed again, so that it does not matter if this fails.
fn write_cache(path: &Path, key: &SecretKey) {
    let mut bytes = Vec::with_capacity(CACHE_HEADER_BYTES + 16 * key.leaves().len());
    for word in [CACHE_MAGIC, VERSION] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.extend_from_slice(&key.public_key().to_bytes());
    for element in key.leaves().as_flattened() {
        bytes.extend_from_slice(&to_canonical(*element).to_le_bytes());
    }
    drop(replace(&beside(path, ".cache"), &bytes));
}

/// The leaves of the cache beside a key file, if they look like those of this key; whether they are, their tree shows.
fn read_cache(path: &Path, summary: &Summary) -> Option<Vec<Digest>> {
    let count = (summary.last - summary.first) as usize + 1;
    let size = CACHE_HEADER_BYTES + 16 * count;
    let mut file = File::open(beside(path, ".cache")).ok()?;
    if file.metadata().ok()?.len() != size as u64 {
        return None;
    }
    let mut bytes = Vec::with_capacity(size + 1);
    (&mut file)
        .take(size as u64 + 1)
        .read_to_end(&mut bytes)
        .ok()?;
    let (header, leaves) = bytes.split_at_checked(CACHE_HEADER_BYTES)?;
    let known = word(header, 0) == Some(CACHE_MAGIC)
        && word(header, 1) == Some(VERSION)
        && header[8..] == summary.public_key.to_bytes();
    if !known || leaves.len() != 16 * count {
        return None;
    }
    leaves
        .as_chunks::<16>()
        .0
        .iter()
        .map(|leaf| {
            let mut digest = Digest::default();
            for (to, word) in digest.iter_mut().zip(leaf.as_chunks::<4>().0) {
                *to = from_canonical(u32::from_le_bytes(*word))?;
            }
            Some(digest)
        })
        .collect()
}

/// Gives a file new content: whole, on the disk when this returns, and readable by its owner only.
///
/// # Errors
/// Then the file is the old one, or, if only the last step failed, the new one.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = beside(path, ".tmp");
    // Left by a crash; under the lock nobody else writes it.
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => (),
    }
    let write = || {
        point()?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        point()?;
        file.write_all(bytes)?;
        point()?;
        file.sync_all()?;
        point()?;
        fs::rename(&temporary, path)
    };
    if let Err(error) = write() {
        drop(fs::remove_file(&temporary));
        return Err(error);
    }
    point()?;
    sync_directory(path)
}

#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

/// A point at which tests let writing fail or the process crash.
#[cfg(not(test))]
#[expect(clippy::unnecessary_wraps, reason = "in tests it fails")]
const fn point() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
use tests::point;

#[cfg(test)]
mod tests;
