//! The file of a program.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::files::{self, Kind};
use crate::options::{Defines, Lints};
use crate::program::guest::{self, Guest};
use crate::program::warnings::Warnings;

/// A program file.
pub(crate) struct ProgramFile {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What it is.
    pub(crate) content: Content,
    /// The result of compiling it, if it is a guest program.
    pub(crate) guest: Option<Guest>,
}

/// What a program file contains.
pub(crate) enum Content {
    /// Assembly text.
    Assembly(String),
    /// A binary program.
    Binary(Vec<u8>),
}

impl ProgramFile {
    /// A compiled guest program.
    pub(crate) fn of_guest(path: &Path, guest: Guest) -> Self {
        Self {
            path: path.to_owned(),
            content: Content::Binary(guest.compiled.program.clone()),
            guest: Some(guest),
        }
    }

    /// Reads a program: a guest program if it is named `.py` or is one on standard input, binary if
    /// it has the magic word, is named `.lvm` or is not text.
    pub(crate) fn read(path: &Path, defines: &Defines) -> Result<Self, Failure> {
        if guest::is_source(path) {
            return Ok(Self::of_guest(path, guest::compiled(path, defines)?));
        }
        let bytes = files::read(path, Kind::Program)?;
        if files::is_stream(path) && guest::is_source_text(&bytes) {
            let guest = guest::compiled_text(path, bytes, defines)?;
            return Ok(Self::of_guest(path, guest));
        }
        if !defines.define.is_empty() {
            return Err(Failure::usage(
                format!(
                    "{} is no guest program (`.py`), so that it has no placeholders",
                    path.display()
                ),
                "leave out --define",
            ));
        }
        let is_binary = files::kind_of(&bytes) == Some(Kind::Program)
            || path.extension().is_some_and(|extension| extension == "lvm");
        let content = if is_binary {
            Content::Binary(bytes)
        } else {
            String::from_utf8(bytes).map_or_else(
                |error| Content::Binary(error.into_bytes()),
                Content::Assembly,
            )
        };
        Ok(Self {
            path: path.to_owned(),
            content,
            guest: None,
        })
    }

    /// Adds the warnings about it, if this is a guest program.
    pub(crate) fn warn(&self, warnings: &mut Warnings, lints: &Lints) {
        if let Some(Guest { compiled, sources }) = &self.guest {
            warnings.add(&compiled.warnings, sources, lints);
        }
    }

    /// The cells of the naive layout, if this is a guest program.
    pub(crate) fn naive_cells(
        &self,
        public_cells: u32,
        pcs: impl Iterator<Item = u32>,
        sizes: impl Iterator<Item = u32>,
    ) -> Option<u64> {
        let guest = self.guest.as_ref()?;
        Some(guest.compiled.naive.cells(public_cells, pcs, sizes))
    }
}
