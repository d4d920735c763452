//! SPEC §22 xmss: the lock file of a key, which also remembers how far the key was used.
//!
//! It is not replaced when the key file is: a key file that comes from a backup finds in it that it
//! is old. The record of generation g is written at the place g mod 2, so that the one before
//! survives a crash while it is written; then the key file is the newer of the two.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::disk::{beside, hold, is_named, private, require_private, require_regular};
use super::error::{KeyFileError, RecordFault, failed};
use super::format::{CHECKSUM_BYTES, Content, VERSION, checksum};
use super::point;
use crate::xmss::PUBLIC_KEY_BYTES;

/// "LXL1".
const MAGIC: u32 = 0x314c_584c;
/// What is appended to the name of the key file.
const SUFFIX: &str = ".lock";
/// Magic, version, public key, generation, end, checksum.
const RECORD_BYTES: usize = 8 + PUBLIC_KEY_BYTES + 16 + CHECKSUM_BYTES;
/// A record for even generations, one for odd ones.
const PLACES: usize = 2;

/// How far a key was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The encoded public key.
    pub(super) public_key: [u8; PUBLIC_KEY_BYTES],
    /// That of the key file.
    pub(super) generation: u64,
    /// One beyond the greatest used slot.
    pub(super) end: u64,
}

impl Record {
    fn encode(&self) -> Option<[u8; RECORD_BYTES]> {
        let mut bytes = Vec::with_capacity(RECORD_BYTES);
        bytes.extend_from_slice(&MAGIC.to_le_bytes());
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&self.public_key);
        bytes.extend_from_slice(&self.generation.to_le_bytes());
        bytes.extend_from_slice(&self.end.to_le_bytes());
        bytes.extend_from_slice(&checksum(&bytes)?);
        bytes.try_into().ok()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (public_key, rest) = bytes.get(8..)?.split_first_chunk()?;
        let (generation, rest) = rest.split_first_chunk()?;
        let (end, _) = rest.split_first_chunk()?;
        let record = Self {
            public_key: *public_key,
            generation: u64::from_le_bytes(*generation),
            end: u64::from_le_bytes(*end),
        };
        // Magic, version and checksum are right if it is encoded so.
        (record.encode()? == *bytes).then_some(record)
    }

    /// The latest record of a file.
    fn read(file: &mut File) -> Result<Self, RecordFault> {
        let mut bytes = Vec::new();
        file.take((PLACES * RECORD_BYTES) as u64)
            .read_to_end(&mut bytes)
            .map_err(|_| RecordFault::Damaged)?;
        if bytes.is_empty() {
            return Err(RecordFault::Missing);
        }
        bytes
            .chunks(RECORD_BYTES)
            .filter_map(Self::decode)
            .max_by_key(|record| record.generation)
            .ok_or(RecordFault::Damaged)
    }

    /// Whether a key file has all that the record knows of.
    fn check(&self, content: &Content) -> Result<(), RecordFault> {
        if self.public_key != content.public_key.to_bytes() {
            Err(RecordFault::OtherKey)
        } else if self.generation > content.generation || self.end > content.uses.end() {
            Err(RecordFault::Newer { end: self.end })
        } else {
            Ok(())
        }
    }
}

/// The path of the lock file of a key file.
fn path_of(key: &Path) -> PathBuf {
    beside(key, SUFFIX)
}

/// Compares a key file with its record, without taking the lock.
pub(super) fn latest(key: &Path) -> Result<Record, RecordFault> {
    let path = path_of(key);
    require_regular(&path).map_err(|_| RecordFault::Missing)?;
    let mut file = File::open(path).map_err(|_| RecordFault::Missing)?;
    Record::read(&mut file)
}

/// Why a record, or the lack of one, forbids the use of a key file.
pub(super) fn fault(record: Result<Record, RecordFault>, content: &Content) -> Option<RecordFault> {
    record.and_then(|record| record.check(content)).err()
}

/// The lock file of a key, locked.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Takes the lock of a key file. The file stays when it is given back.
    ///
    /// # Errors
    /// [`KeyFileError::Record`] if there is none; [`KeyFileError::NotRegular`],
    /// [`KeyFileError::OpenToOthers`], [`KeyFileError::Locked`], [`KeyFileError::Io`].
    pub(super) fn take(key: &Path) -> Result<Self, KeyFileError> {
        let path = path_of(key);
        match require_regular(&path) {
            Err(KeyFileError::Io { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
                return Err(KeyFileError::Record(RecordFault::Missing));
            }
            outcome => outcome?,
        }
        Self::open(path, false)
    }

    /// Takes the lock of a key file; the lock file is made if there is none.
    ///
    /// # Errors
    /// As [`Lock::take`], but for a missing one.
    pub(super) fn take_or_make(key: &Path) -> Result<Self, KeyFileError> {
        let path = path_of(key);
        if path.symlink_metadata().is_ok() {
            require_regular(&path)?;
        }
        Self::open(path, true)
    }

    fn open(path: PathBuf, make: bool) -> Result<Self, KeyFileError> {
        let mut options = OpenOptions::new();
        let file = private(options.read(true).write(true).create(make).truncate(false))
            .open(&path)
            .map_err(failed("opening the lock file"))?;
        let file = hold(&path, file)?;
        let metadata = file.metadata().map_err(failed("opening the lock file"))?;
        require_private(&path, &metadata)?;
        Ok(Self { path, file })
    }

    /// The latest record.
    pub(super) fn record(&mut self) -> Result<Record, RecordFault> {
        self.file
            .seek(SeekFrom::Start(0))
            .map_err(|_| RecordFault::Damaged)?;
        Record::read(&mut self.file)
    }

    /// Its path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a record, which is on the disk when this returns.
    ///
    /// # Errors
    /// Then the record is the one before, or the new one.
    pub(super) fn write(&mut self, record: &Record) -> io::Result<()> {
        let bytes = record
            .encode()
            .ok_or_else(|| io::Error::other("a record has no checksum"))?;
        point()?;
        let place = record.generation % PLACES as u64;
        self.file
            .seek(SeekFrom::Start(place * RECORD_BYTES as u64))?;
        self.file.write_all(&bytes)?;
        self.file.sync_all()
    }

    /// Makes sure that the lock is still the one of its name.
    ///
    /// # Errors
    /// [`KeyFileError::Replaced`].
    pub(super) fn check(&self) -> Result<(), KeyFileError> {
        if is_named(&self.path, &self.file).map_err(failed("looking at the lock file"))? {
            Ok(())
        } else {
            Err(KeyFileError::Replaced {
                path: self.path.clone(),
            })
        }
    }

    /// Removes the file, of a key that was not made.
    pub(super) fn remove(self) {
        drop(std::fs::remove_file(&self.path));
    }
}
