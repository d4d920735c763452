//! The journal: what the service must not forget, in a folder.
//!
//! `journal` is lines of text: eight hexadecimal digits of the CRC-32 of the rest, a space, a JSON
//! list of entries. A line is what was written at once, and is on the disk before anybody is told
//! that it is. Only the last line can be cut short, by a crash: then nobody was told, and it is
//! dropped. `results` has a file for each aggregate. `lock` is locked by the process that has the
//! folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::change::Change;
use crate::hex;

/// The first entry, which tells what the file is.
const HEAD: &[u8] = br#"[{"journal":"leanvm-service","version":1}]"#;
/// Digits of a checksum and a space.
const SUM: usize = 9;

/// Why a folder cannot be used.
#[derive(Debug)]
pub enum OpenError {
    /// The system refuses.
    Io {
        /// What was tried.
        what: &'static str,
        /// The path.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Another process has it.
    InUse(PathBuf),
    /// The journal is damaged, or no journal.
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first byte of the line.
        byte: u64,
        /// What is wrong.
        reason: String,
    },
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io { what, path, error } => {
                write!(formatter, "{} cannot be {what}: {error}", path.display())
            }
            Self::InUse(path) => {
                let path = path.display();
                write!(formatter, "{path} is the journal of another process")
            }
            Self::Damaged { path, byte, reason } => {
                let path = path.display();
                write!(formatter, "{path} is damaged at byte {byte}: {reason}")
            }
        }
    }
}

impl std::error::Error for OpenError {}

/// Why something is not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteError {
    /// There is no space.
    Full,
    /// The system refuses.
    Refused,
    /// What is on the disk is unknown since an earlier failure.
    Broken,
}

impl From<&io::Error> for WriteError {
    fn from(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Full
            }
            _ => Self::Refused,
        }
    }
}

/// A folder with its journal.
#[derive(Debug)]
pub(crate) struct Journal {
    folder: PathBuf,
    file: File,
    /// Bytes of the file that are complete lines.
    length: u64,
    broken: bool,
    /// Open as long as the folder is ours.
    _lock: File,
}

/// Eight digits of the checksum, a space, the text, a line feed.
fn line(json: &[u8]) -> Vec<u8> {
    let mut line = hex::encode(&crc32fast::hash(json).to_be_bytes()).into_bytes();
    line.push(b' ');
    line.extend_from_slice(json);
    line.push(b'\n');
    line
}

/// The text of a complete line.
fn json_of(line: &[u8]) -> Option<&[u8]> {
    let (sum, rest) = line.split_at_checked(SUM)?;
    let json = rest.strip_suffix(b"\n")?;
    let expected = format!("{:08x} ", crc32fast::hash(json));
    (expected.as_bytes() == sum).then_some(json)
}

/// A path, and the error that something was not done with it.
fn failed<'a>(what: &'static str, path: &'a Path) -> impl Fn(io::Error) -> OpenError + 'a {
    move |error| OpenError::Io {
        what,
        path: path.to_owned(),
        error,
    }
}

impl Journal {
    /// Opens the folder, and tells each change that it has to `apply`. Returns the bytes of a last
    /// line that was cut short, too, which are dropped.
    pub(crate) fn open(folder: &Path, apply: impl FnMut(Change)) -> Result<(Self, u64), OpenError> {
        let results = folder.join("results");
        fs::create_dir_all(&results).map_err(failed("made", &results))?;
        let lock = Self::lock(folder)?;
        let path = folder.join("journal");
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(&path)
            .map_err(failed("opened", &path))?;
        let (length, dropped) = replay(&path, &file, apply)?;
        let mut journal = Self {
            folder: folder.to_owned(),
            file,
            length,
            broken: false,
            _lock: lock,
        };
        journal.begin().map_err(failed("written", &path))?;
        Ok((journal, dropped))
    }

    /// Locks the folder for this process.
    fn lock(folder: &Path) -> Result<File, OpenError> {
        let path = folder.join("lock");
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed("opened", &path))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
            Err(TryLockError::Error(error)) => Err(failed("locked", &path)(error)),
        }
    }

    /// Removes what is behind the complete lines; writes the head of a new journal.
    fn begin(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        if self.length == 0 {
            let head = line(HEAD);
            self.file.write_all(&head)?;
            self.length = head.len() as u64;
        }
        self.file.sync_all()?;
        sync_folder(&self.folder)
    }

    /// Bytes of the journal.
    pub(crate) const fn length(&self) -> u64 {
        self.length
    }

    /// Whether nothing can be recorded any more by this process.
    pub(crate) const fn is_broken(&self) -> bool {
        self.broken
    }

    /// Records entries. They are on the disk when this returns.
    pub(crate) fn append(&mut self, entries: &[String]) -> Result<(), WriteError> {
        if self.broken {
            return Err(WriteError::Broken);
        }
        let line = line(format!("[{}]", entries.join(",")).as_bytes());
        if let Err(error) = self.file.write_all(&line) {
            // What is behind the last complete line must go before the next one is written.
            self.broken = self.file.set_len(self.length).is_err();
            return Err((&error).into());
        }
        if let Err(error) = self.file.sync_data() {
            // The system may have forgotten what it could not write.
            self.broken = true;
            return Err((&error).into());
        }
        self.length += line.len() as u64;
        Ok(())
    }

    /// Replaces all entries by these.
    pub(crate) fn rewrite(&mut self, changes: impl Iterator<Item = Change>) -> io::Result<()> {
        let mut length = 0;
        let written = replace(&self.folder, "journal", |file| {
            let mut to = BufWriter::new(file);
            let mut write = |json: &[u8]| {
                let line = line(json);
                length += line.len() as u64;
                to.write_all(&line)
            };
            write(HEAD)?;
            for change in changes {
                write(format!("[{}]", change.to_json()).as_bytes())?;
            }
            to.flush()
        });
        match written {
            Ok(file) => {
                (self.file, self.length) = (file, length);
                sync_folder(&self.folder).inspect_err(|_| self.broken = true)
            }
            Err(error) => Err(error),
        }
    }
}

/// Reads all lines, and tells their changes to `apply`. Returns the bytes of complete lines, and
/// those of a last line that is not complete.
fn replay(
    path: &Path,
    file: &File,
    mut apply: impl FnMut(Change),
) -> Result<(u64, u64), OpenError> {
    let mut reader = BufReader::new(file);
    let (mut line, mut length, mut torn) = (Vec::new(), 0, None);
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line);
        let read = read.map_err(failed("read", path))? as u64;
        let damaged = |byte, reason: &str| OpenError::Damaged {
            path: path.to_owned(),
            byte,
            reason: reason.to_owned(),
        };
        if read == 0 {
            break;
        }
        match json_of(&line) {
            // Somebody may have been told of what follows a line that is not complete.
            Some(_) if torn.is_some() => {
                return Err(damaged(
                    length,
                    "a line that is not the last has another checksum",
                ));
            }
            Some(json) if length == 0 => {
                if json != HEAD {
                    return Err(damaged(0, "not a journal of this version"));
                }
            }
            Some(json) => {
                let changes = Change::all_of_json(json);
                let changes = changes.map_err(|reason| damaged(length, &reason))?;
                changes.into_iter().for_each(&mut apply);
            }
            None if length == 0 && !self::line(HEAD).starts_with(&line) => {
                return Err(damaged(0, "not a journal"));
            }
            None => torn = Some(torn.unwrap_or(0) + read),
        }
        if torn.is_none() {
            length += read;
        }
    }
    Ok((length, torn.unwrap_or(0)))
}

/// The file of an aggregate.
pub(crate) fn result_path(folder: &Path, id: &str) -> PathBuf {
    folder.join("results").join(format!("{id}.agg"))
}

/// Stores an aggregate. It is on the disk when this returns.
pub(crate) fn store_result(folder: &Path, id: &str, bytes: &[u8]) -> io::Result<()> {
    let results = folder.join("results");
    replace(&results, &format!("{id}.agg"), |file| file.write_all(bytes))?;
    sync_folder(&results)
}

/// Removes the files of aggregates that are not to be kept, and what a crash left.
pub(crate) fn sweep_results(folder: &Path, keep: impl Fn(&str) -> bool) {
    let entries = fs::read_dir(folder.join("results")).into_iter().flatten();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".agg"));
        if !id.is_some_and(&keep) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Writes a file under another name and gives it its own when it is on the disk.
fn replace(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<File> {
    let part = folder.join(format!("{name}.part"));
    let result = || {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        let mut file = options.open(&part)?;
        file.set_len(0)?;
        write(&mut file)?;
        file.sync_all()?;
        fs::rename(&part, folder.join(name))?;
        Ok(file)
    };
    result().inspect_err(|_| {
        let _ = fs::remove_file(&part);
    })
}

/// Puts the names of a folder on the disk.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
