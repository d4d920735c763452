//! SPEC §22 xmss: the files of a key on the disk: which they are, who may read them, and how they
//! are replaced.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::{KeyFileError, failed};
use super::point;

/// What is appended to the name of a file for the one that will take its place.
const TEMPORARY: &str = ".tmp";

/// The path with something appended to its name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Refuses what is not a regular file before it is opened: opening a pipe waits for its other end,
/// and a device may act.
///
/// # Errors
/// [`KeyFileError::NotRegular`]; [`KeyFileError::Io`] if there is no such file.
pub(super) fn require_regular(path: &Path) -> Result<(), KeyFileError> {
    let metadata = fs::symlink_metadata(path).map_err(failed("opening"))?;
    if metadata.is_file() {
        Ok(())
    } else {
        Err(KeyFileError::NotRegular {
            path: path.to_owned(),
        })
    }
}

/// Takes the lock of an open file and makes sure that it still is the file of its name.
///
/// # Errors
/// [`KeyFileError::Locked`]: another signer has the file, or put another in its place between
/// opening and locking.
pub(super) fn hold(path: &Path, file: File) -> Result<File, KeyFileError> {
    match file.try_lock() {
        Ok(()) if is_named(path, &file).map_err(failed("locking"))? => Ok(file),
        Ok(()) | Err(TryLockError::WouldBlock) => Err(KeyFileError::Locked),
        Err(TryLockError::Error(error)) => Err(failed("locking")(error)),
    }
}

/// Whether an open file is still the one of a name: the same inode of the same device.
#[cfg(unix)]
pub(super) fn is_named(path: &Path, file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let opened = file.metadata()?;
    Ok((found.dev(), found.ino()) == (opened.dev(), opened.ino()))
}

/// Whether a file of this name is still there; an open file cannot be moved or removed on such
/// systems.
#[cfg(not(unix))]
pub(super) fn is_named(path: &Path, _: &File) -> io::Result<bool> {
    fs::exists(path)
}

/// Refuses a file with a second name.
///
/// # Errors
/// [`KeyFileError::SecondName`].
#[cfg(unix)]
pub(super) fn require_one_name(metadata: &Metadata) -> Result<(), KeyFileError> {
    if std::os::unix::fs::MetadataExt::nlink(metadata) > 1 {
        return Err(KeyFileError::SecondName);
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn require_one_name(_: &Metadata) -> Result<(), KeyFileError> {
    Ok(())
}

/// Refuses a file that others than its owner may read or write.
///
/// # Errors
/// [`KeyFileError::OpenToOthers`].
#[cfg(unix)]
pub(super) fn require_private(path: &Path, metadata: &Metadata) -> Result<(), KeyFileError> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::OpenToOthers {
            path: path.to_owned(),
            mode,
        });
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn require_private(_: &Path, _: &Metadata) -> Result<(), KeyFileError> {
    Ok(())
}

/// Makes new files readable by their owner only.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Removes what a signer that was killed left beside a file. Under the lock of the key nobody else
/// writes it.
///
/// # Errors
/// If it is there and cannot be removed.
pub(super) fn remove_temporary(path: &Path) -> io::Result<()> {
    match fs::remove_file(beside(path, TEMPORARY)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Gives a file new content, whole and synced, readable by its owner only. The new file is locked
/// before it has its name. The name is on the disk after [`sync_directory`].
///
/// # Errors
/// Then the file is the old one.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<File> {
    remove_temporary(path)?;
    let write = || {
        point()?;
        let mut options = OpenOptions::new();
        let temporary = beside(path, TEMPORARY);
        let mut file = private(options.read(true).write(true).create_new(true)).open(&temporary)?;
        file.try_lock()?;
        point()?;
        file.write_all(bytes)?;
        point()?;
        file.sync_all()?;
        point()?;
        fs::rename(&temporary, path)?;
        Ok(file)
    };
    write().inspect_err(|_| drop(remove_temporary(path)))
}

/// Makes the names in the directory of a file last.
///
/// # Errors
/// If the system reports one.
#[cfg(unix)]
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

#[cfg(not(unix))]
pub(super) fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
