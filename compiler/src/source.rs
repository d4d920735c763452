//! Source files and positions in them.
//!
//! A [`Span`] is a file and a half-open range of bytes; a [`SourceMap`] owns the texts and
//! iterations a span into a line and a column for people.

use std::sync::Arc;

/// The largest text of a program that is read, in bytes: that of a file, and that of all its
/// modules.
pub const MAX_SOURCE_BYTES: usize = 4 << 20;

/// A name of the program or a string literal; cheap to clone.
pub type Symbol = Arc<str>;

/// The index of a file in a [`SourceMap`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A half-open range of bytes in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The smallest span that covers `self` and `other`, which lie in one file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            file: self.file,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// A line and a column, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

/// One source text with its name and the starts of its lines.
#[derive(Clone, Debug)]
pub struct SourceFile {
    id: FileId,
    name: String,
    text: String,
    line_starts: Vec<u32>,
}

impl SourceFile {
    /// A file outside of any map, with id 0.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::with_id(FileId(0), name.into(), text.into())
    }

    fn with_id(id: FileId, name: String, text: String) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0)
            .chain(newlines.map(|(at, _)| at as u32 + 1))
            .collect();
        Self {
            id,
            name,
            text,
            line_starts,
        }
    }

    /// The index of this file.
    #[must_use]
    pub const fn id(&self) -> FileId {
        self.id
    }

    /// The name under which diagnostics show this file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and column of a byte offset; an offset past the end is the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let offset = (offset as usize).min(self.text.len());
        let line = self
            .line_starts
            .partition_point(|start| *start as usize <= offset)
            .max(1);
        let start = self.line_starts[line - 1] as usize;
        let before = self.text.as_bytes().get(start..offset).unwrap_or(&[]);
        // A byte that continues a UTF-8 character is 10xxxxxx.
        let column = before.iter().filter(|byte| **byte & 0xC0 != 0x80).count() + 1;
        Position {
            line: line as u32,
            column: column as u32,
        }
    }

    /// The text of a line counted from 1, without its end; empty if there is no such line.
    #[must_use]
    pub fn line(&self, line: u32) -> &str {
        let index = (line as usize).wrapping_sub(1);
        let Some(start) = self.line_starts.get(index) else {
            return "";
        };
        let end = self
            .line_starts
            .get(index + 1)
            .map_or(self.text.len(), |next| *next as usize);
        self.text
            .get(*start as usize..end)
            .unwrap_or("")
            .trim_end_matches(['\n', '\r'])
    }
}

/// All files of one compilation.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// No file.
    #[must_use]
    pub const fn new() -> Self {
        Self { files: Vec::new() }
    }

    /// Adds a file and returns its index.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.files
            .push(SourceFile::with_id(id, name.into(), text.into()));
        id
    }

    /// The file of an index, if there is one.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The files in the order in which they were added.
    #[must_use]
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// `name:line:column` of the start of a span.
    #[must_use]
    pub fn describe(&self, span: Span) -> String {
        self.get(span.file).map_or_else(String::new, |file| {
            let position = file.position(span.start);
            format!("{}:{}:{}", file.name, position.line, position.column)
        })
    }
}
