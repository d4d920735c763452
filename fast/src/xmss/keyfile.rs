//! SPEC §22 xmss: key files.
//!
//! A secret key on a disk with the slots that it has signed for. A slot is recorded before its
//! signature is given out: the file is written anew beside the old one, synced, renamed over it,
//! and the directory is synced; then its lock file, which is not replaced, remembers how far the
//! key was used. So after a crash at any point the file is the old or the new one, a signature that
//! left the process has its slot recorded, and a key file that is older than its lock file says is
//! refused.
//!
//! As long as a [`KeyFile`] lives, both files are locked, and before a slot is recorded both must
//! still be the files of their names, of one name each, and as they were left. So a second signer
//! is kept away whatever is done to the names meanwhile.
//!
//! What no program can prevent: if key file *and* lock file are copied, or restored from a backup,
//! the copy signs again for slots that the original has used since. After a restore, and when in
//! doubt, use [`KeyFile::recover`].

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use zeroize::Zeroizing;

use super::keys::SecretKey;
use super::{Message, PublicKey, Signature, SlotSet, verify};

mod cache;
mod disk;
mod error;
mod format;
mod record;

use disk::{is_named, require_one_name, require_private, require_regular};
use error::failed;
pub use error::{KeyFileError, KeyFileFault, RecordFault};
use format::{Content, MAGIC, MAX_FILE_BYTES};
use record::{Lock, Record};

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
    /// Why the key file cannot be used as it is: it and the record of its uses do not belong
    /// together.
    pub fault: Option<RecordFault>,
}

/// A key file that is open, locked and known by its bytes.
struct Held {
    path: PathBuf,
    file: File,
    bytes: Zeroizing<Vec<u8>>,
}

impl Held {
    /// Opens, locks and reads the file of a canonical path.
    fn open(path: &Path) -> Result<Self, KeyFileError> {
        require_regular(path)?;
        // On some network file systems only what is open for writing can be locked.
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .or_else(|_| File::open(path))
            .map_err(failed("opening"))?;
        // Elsewhere a locked file cannot be read.
        #[cfg(unix)]
        let file = disk::hold(path, file)?;
        let bytes = read(path, &file)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            bytes,
        })
    }

    /// Makes sure that the file is still the one of its name, of no other, and as it was read or
    /// written.
    fn check(&self) -> Result<(), KeyFileError> {
        let replaced = || KeyFileError::Replaced {
            path: self.path.clone(),
        };
        if !is_named(&self.path, &self.file).map_err(failed("looking at the key file"))? {
            return Err(replaced());
        }
        if read(&self.path, &self.file)? == self.bytes {
            Ok(())
        } else {
            Err(replaced())
        }
    }

    /// Gives the file new content.
    fn replace(&mut self, bytes: Zeroizing<Vec<u8>>) -> io::Result<()> {
        // The old file is unlocked when the new one, which is locked already, has its name.
        self.file = disk::replace(&self.path, &bytes)?;
        self.bytes = bytes;
        point()?;
        disk::sync_directory(&self.path)
    }
}

/// The bytes of a key file, which nobody else may read.
fn read(path: &Path, mut file: &File) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let metadata = file.metadata().map_err(failed("reading"))?;
    require_one_name(&metadata)?;
    require_private(path, &metadata)?;
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    // Of its final size from the start: a vector that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.min(MAX_FILE_BYTES) + 1));
    file.seek(SeekFrom::Start(0)).map_err(failed("reading"))?;
    file.take(MAX_FILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(failed("reading"))?;
    Ok(bytes)
}

/// A key file that is open for signing, and locked.
pub struct KeyFile {
    key: SecretKey,
    /// How often the file was written.
    generation: u64,
    held: Held,
    lock: Lock,
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("KeyFile")
            .field("path", &self.held.path)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl KeyFile {
    /// Writes a new key to a new file, and its lock file and cache beside it.
    ///
    /// # Errors
    /// [`KeyFileError::Exists`], [`KeyFileError::Locked`], [`KeyFileError::Io`] and those of a lock
    /// file that is there already, among them [`KeyFileError::RecordLeft`]; then there is no key
    /// file of this name, or a whole one.
    pub fn create(path: &Path, key: SecretKey) -> Result<Self, KeyFileError> {
        let path = &in_canonical_directory(path).map_err(failed("opening the directory"))?;
        // `symlink_metadata` sees dangling links too.
        let require_none = || match fs::symlink_metadata(path) {
            Ok(_) => Err(KeyFileError::Exists),
            Err(_) => Ok(()),
        };
        require_none()?;
        let mut lock = Lock::take_or_make(path)?;
        // Another signer may have made it before it gave the lock back.
        require_none()?;
        let generation = later_generation(left_generation(&key, &mut lock)?);
        match first_held(path, &key, generation, &mut lock) {
            Ok(held) => {
                cache::write(path, &key);
                Ok(Self {
                    key,
                    generation,
                    held,
                    lock,
                })
            }
            Err(error) => {
                if require_none().is_ok() {
                    lock.remove();
                }
                Err(error)
            }
        }
    }

    /// Opens a key file for signing. Without a good cache beside it all leaves are computed again,
    /// which takes as long as making the key.
    ///
    /// # Errors
    /// [`KeyFileError::NotRegular`], [`KeyFileError::Locked`], [`KeyFileError::SecondName`],
    /// [`KeyFileError::OpenToOthers`], [`KeyFileError::Io`], [`KeyFileError::Invalid`],
    /// [`KeyFileError::Record`].
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        Self::open_with(path, &|_, _| ())
    }

    /// [`KeyFile::open`], which tells `progress` how many further leaves are computed again, of how
    /// many.
    ///
    /// # Errors
    /// As [`KeyFile::open`].
    pub fn open_with(
        path: &Path,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Self, KeyFileError> {
        let (path, held, content) = opened(path)?;
        let mut lock = Lock::take(&path)?;
        let record = lock.record();
        if let Some(fault) = record::fault(record, &content) {
            return Err(KeyFileError::Record(fault));
        }
        let mut file = Self::of(held, lock, content, progress)?;
        // After a crash between the two files the record is the older one.
        if record != Ok(record_of(&file.key, file.generation)) {
            file.write_record()?;
        }
        Ok(file)
    }

    /// Opens a key file that [`KeyFile::open`] refuses since it is older than the record of its
    /// uses, or has none: all slots below `skip_to` count as used from now on, and the record is
    /// written anew.
    ///
    /// # Soundness
    /// The caller knows that the key has not signed for `skip_to` and later slots. All that the
    /// record and the file know of is below the least slot that is taken; where the record is
    /// missing, only the caller knows.
    ///
    /// # Errors
    /// As [`KeyFile::open`], with [`KeyFileError::Record`] for the record of another key only, and
    /// [`KeyFileError::SkipTo`] unless `skip_to` is beyond all slots that are known to be used, and
    /// at most one beyond the last active slot. Then nothing is written.
    pub fn recover(
        path: &Path,
        skip_to: u64,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Self, KeyFileError> {
        let (path, held, mut content) = opened(path)?;
        let greatest = u64::from(content.last) + 1;
        let mut known = content.uses.end().max(u64::from(content.first));
        let require = |known: u64| {
            if (known..=greatest).contains(&skip_to) {
                return Ok(());
            }
            Err(KeyFileError::SkipTo {
                slot: skip_to,
                least: known,
                greatest,
            })
        };
        require(known)?;
        let mut lock = Lock::take_or_make(&path)?;
        if let Ok(record) = lock.record() {
            if record.public_key != content.public_key.to_bytes() {
                return Err(KeyFileError::Record(RecordFault::OtherKey));
            }
            known = known.max(record.end);
            require(known)?;
            content.generation = content.generation.max(record.generation);
        }
        // Later than all files before, which may be put back: this one may come from an older one
        // than they.
        content.generation = later_generation(content.generation);
        // skip_to ≤ last + 1 ≤ 2^32.
        if let Some(last) = skip_to
            .checked_sub(1)
            .filter(|last| *last >= u64::from(content.first))
        {
            content.uses.skip(content.first, last as u32);
        }
        let mut file = Self::of(held, lock, content, progress)?;
        file.record()?;
        Ok(file)
    }

    /// The signer of an open file.
    fn of(
        held: Held,
        lock: Lock,
        content: Content,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Self, KeyFileError> {
        disk::remove_temporary(&held.path).map_err(failed("removing what a killed signer left"))?;
        cache::clean(&held.path);
        let generation = content.generation;
        let key = key_of(&held.path, content, progress)?;
        Ok(Self {
            key,
            generation,
            held,
            lock,
        })
    }

    /// The key with the slots that it has signed for.
    #[must_use]
    pub const fn key(&self) -> &SecretKey {
        &self.key
    }

    /// Signs a message for a slot, which is recorded on the disk before the signature is returned.
    /// The same message may be signed for a slot again, as [`SecretKey::sign`] says.
    ///
    /// # Errors
    /// [`KeyFileError::Signing`]: the slot is not active, or used for another message.
    /// [`KeyFileError::Replaced`], [`KeyFileError::SecondName`], [`KeyFileError::OpenToOthers`]:
    /// somebody meddled with the files since they were opened. [`KeyFileError::Io`]: the slot could
    /// not be recorded; the file is the old one or has the slot recorded. After each of them this
    /// [`KeyFile`] signs no other message for the slot.
    pub fn sign(&mut self, slot: u32, message: &Message) -> Result<Signature, KeyFileError> {
        let signature = self
            .key
            .sign(slot, message)
            .map_err(KeyFileError::Signing)?;
        verify(self.key.public_key(), slot, message, &signature)
            .map_err(|_| KeyFileError::FaultySignature)?;
        self.record()?;
        Ok(signature)
    }

    /// Writes the uses of the key to the key file, then to its record.
    fn record(&mut self) -> Result<(), KeyFileError> {
        self.lock.check()?;
        self.held.check()?;
        // Whether or not it reaches the disk, no other content has this generation.
        self.generation = self.generation.saturating_add(1);
        let bytes = format::encode(&self.key, self.generation)?;
        self.held
            .replace(bytes)
            .map_err(failed("recording the slot"))?;
        self.write_record()
    }

    fn write_record(&mut self) -> Result<(), KeyFileError> {
        let record = record_of(&self.key, self.generation);
        self.lock
            .write(&record)
            .map_err(failed("recording the slot"))
    }
}

/// The key of a file; leaves that are not in the cache are computed, and the cache is written
/// again.
fn key_of(
    path: &Path,
    content: Content,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<SecretKey, KeyFileError> {
    let leaves = cache::read(path, &content);
    let Content {
        public_key,
        mut seed,
        first,
        last,
        uses,
        ..
    } = content;
    if let Some(leaves) = leaves {
        let mut key = SecretKey::from_leaves(first, last, seed, leaves);
        if *key.public_key() == public_key {
            key.uses = uses;
            return Ok(key);
        }
        seed = key.seed;
    }
    let slots = u64::from(first)..u64::from(last) + 1;
    let total = slots.end - slots.start;
    let mut key = SecretKey::generate_with(slots, seed, &|done| progress(done, total))
        .map_err(|_| KeyFileError::Invalid(KeyFileFault::Content))?;
    if *key.public_key() != public_key {
        return Err(KeyFileError::Invalid(KeyFileFault::PublicKey));
    }
    cache::write(path, &key);
    key.uses = uses;
    Ok(key)
}

/// How far a key was used.
fn record_of(key: &SecretKey, generation: u64) -> Record {
    Record {
        public_key: key.public_key().to_bytes(),
        generation,
        end: key.uses.end(),
    }
}

/// A generation beyond this one and, as nobody writes a file each nanosecond, beyond that of each
/// file written before, of which this one may not know. Where the clock is behind, it is at least
/// far away.
fn later_generation(generation: u64) -> u64 {
    let elapsed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = elapsed.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(0));
    if now > generation {
        now
    } else {
        generation.saturating_add(1 << 32)
    }
}

/// The generation that a lock file is left with where a key is made; 0 if it is new. No record may
/// be lost by making a key: a lock file may survive its key file, and the same secret gives the
/// same key, of which the record alone says what it has signed for.
///
/// # Errors
/// [`KeyFileError::RecordLeft`].
fn left_generation(key: &SecretKey, lock: &mut Lock) -> Result<u64, KeyFileError> {
    match lock.record() {
        Ok(record) if record.end == 0 && record.public_key == key.public_key().to_bytes() => {
            Ok(record.generation)
        }
        Err(RecordFault::Missing) => Ok(0),
        _ => Err(KeyFileError::RecordLeft {
            path: lock.path().to_owned(),
        }),
    }
}

/// The file of a new key, and its record. The record is first: without it the key file would be
/// refused.
fn first_held(
    path: &Path,
    key: &SecretKey,
    generation: u64,
    lock: &mut Lock,
) -> Result<Held, KeyFileError> {
    let bytes = format::encode(key, generation)?;
    lock.write(&record_of(key, generation))
        .map_err(failed("writing the lock file"))?;
    let write = || {
        let file = disk::replace(path, &bytes)?;
        disk::sync_directory(path)?;
        Ok(file)
    };
    let file = write().map_err(failed("writing"))?;
    Ok(Held {
        path: path.to_owned(),
        file,
        bytes,
    })
}

/// The path of a file, there or not, in the canonical name of its directory.
fn in_canonical_directory(path: &Path) -> io::Result<PathBuf> {
    let directory = match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    };
    Ok(fs::canonicalize(directory)?.join(path.file_name().unwrap_or_default()))
}

/// A key file by its canonical path, open and locked, with what it says.
fn opened(path: &Path) -> Result<(PathBuf, Held, Content), KeyFileError> {
    // A link to the file would be replaced in its stead, and have another lock.
    let path = fs::canonicalize(path).map_err(failed("opening"))?;
    let held = Held::open(&path)?;
    let content = format::decode(&held.bytes).map_err(KeyFileError::Invalid)?;
    Ok((path, held, content))
}

/// What a key file says in public; it takes no lock and computes no leaves.
///
/// # Errors
/// [`KeyFileError::NotRegular`], [`KeyFileError::SecondName`], [`KeyFileError::OpenToOthers`],
/// [`KeyFileError::Io`], [`KeyFileError::Invalid`].
pub fn inspect(path: &Path) -> Result<Summary, KeyFileError> {
    let path = fs::canonicalize(path).map_err(failed("opening"))?;
    require_regular(&path)?;
    // Before the key file: a signer that records a slot meanwhile makes that one the newer.
    let record = record::latest(&path);
    let file = File::open(&path).map_err(failed("opening"))?;
    let content = format::decode(&read(&path, &file)?).map_err(KeyFileError::Invalid)?;
    Ok(Summary {
        public_key: content.public_key,
        first: content.first,
        last: content.last,
        fault: record::fault(record, &content),
        used: content.uses.slots().clone(),
    })
}

/// Whether a file begins as a key file does; no more of it is read, and nothing of what is not a
/// regular file.
///
/// # Errors
/// If it cannot be read.
pub fn is_key_file(path: &Path) -> io::Result<bool> {
    if !fs::metadata(path)?.is_file() {
        return Ok(false);
    }
    let mut begin = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut begin)?;
    Ok(begin == MAGIC.to_le_bytes())
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
mod misuse;
#[cfg(test)]
mod tests;
