//! Files: whole on reading, whole or not at all on writing.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Longest file that is read.
const MAX_BYTES: u64 = 1 << 30;

/// Reads a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| {
        let remedy = match error.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            std::io::ErrorKind::PermissionDenied => "check the permissions of the file",
            _ => "give a readable file",
        };
        Failure::unusable(path, format!("cannot be read: {error}"), remedy)
    };
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Failure::unusable(
            path,
            "longer than 1 GiB",
            "no program, input or proof is that long",
        ));
    }
    Ok(bytes)
}

/// A file to be written whole or not at all: a temporary file beside it takes its place at the end.
pub(crate) struct Output {
    path: PathBuf,
    directory: PathBuf,
}

impl Output {
    /// Checks, before any long work, that the file can be written. Nothing is left in its directory meanwhile.
    pub(crate) fn prepare(path: &Path) -> Result<Self, Failure> {
        if path.is_dir() || path.file_name().is_none() {
            return Err(Failure::unusable(
                path,
                "is a directory",
                "name a file in it",
            ));
        }
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        if !directory.is_dir() {
            let detail = format!("the directory {} does not exist", directory.display());
            return Err(Failure::unusable(
                path,
                detail,
                "create it, or choose another output file",
            ));
        }
        let output = Self {
            path: path.to_owned(),
            directory: directory.to_owned(),
        };
        output
            .temporary()
            .map_err(|error| output.unwritable(&error))?;
        Ok(output)
    }

    /// An empty file in the directory, which goes away unless it is given a name.
    fn temporary(&self) -> std::io::Result<tempfile::NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".leanvm-").suffix(".part");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(&self.directory)
    }

    /// Writes the bytes to the disk, then gives the file its name.
    pub(crate) fn commit(self, bytes: &[u8]) -> Result<(), Failure> {
        let write = || {
            let mut file = self.temporary()?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(&self.path).map_err(|error| error.error)
        };
        write().map_err(|error| self.unwritable(&error))?;
        Ok(())
    }

    fn unwritable(&self, error: &std::io::Error) -> Failure {
        Failure::unusable(
            &self.path,
            format!("cannot be written: {error}"),
            "check the permissions of the directory and the space on the disk",
        )
    }
}
