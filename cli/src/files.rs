//! Files: their kinds, reading up to the cap of the kind, writing whole or not at all.
//!
//! `-` is standard input and standard output. Symbolic links are followed: the link stays, its
//! target is replaced. A FIFO or a character device is written to; nothing takes the place of a
//! device, a directory, a socket or a key.

use std::collections::BTreeMap;
use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use leanvm_fast::merging::{AggregateFile, AnyAggregate, FILE_KIND};
use leanvm_fast::xmss::keyfile;
use serde::de::IgnoredAny;

use crate::failure::Failure;

/// The files of a command, as they are named on the command line.
#[derive(Default)]
pub(crate) struct Paths<'a> {
    /// Those that are read.
    pub(crate) inputs: Vec<&'a Path>,
    /// Those that are written.
    pub(crate) outputs: Vec<&'a Path>,
}

impl<'a> Paths<'a> {
    /// Those that are given.
    pub(crate) fn new<const I: usize, const O: usize>(
        inputs: [Option<&'a Path>; I],
        outputs: [Option<&'a Path>; O],
    ) -> Self {
        Self {
            inputs: inputs.into_iter().flatten().collect(),
            outputs: outputs.into_iter().flatten().collect(),
        }
    }
}

/// Most symbolic links that are followed for one path.
const MAX_LINKS: usize = 40;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Assembly text or a binary program.
    Program,
    /// Public and private input of a program.
    Input,
    /// A proof that a program accepts an input.
    Proof,
    /// A proof that signatures are valid, bare or with the claims beside it.
    Aggregate,
    /// A signature with its key, in JSON.
    Signature,
    /// A list of these.
    Signatures,
    /// Who has signed what, in JSON.
    Signers,
    /// A secret key.
    Key,
    /// The cache of a key.
    KeyCache,
    /// What remembers the uses of a key.
    KeyRecord,
    /// A picture of a profile.
    Picture,
    /// Bytes of any kind: a message, a public key, a signature.
    Bytes,
}

impl Kind {
    /// The longest file, which also bounds what is read of `/dev/zero`; from the caps of SPEC §4
    /// (2^20 instructions and hints), §6 (2^26 cells, of up to 12 bytes each in JSON), §22
    /// (messages below 2^25 bytes, twice as many digits), §24 (2^16 signers, aggregates of 2^19
    /// bytes) and §26 (files with 2^8 messages of 2^16 bytes and the keys).
    pub(crate) const fn max_bytes(self) -> u64 {
        match self {
            Self::Input => 3 << 28,
            Self::Program | Self::Signatures | Self::Signers => 1 << 28,
            Self::Bytes | Self::Signature => 1 << 27,
            Self::Aggregate | Self::Key | Self::KeyCache | Self::KeyRecord => 1 << 25,
            Self::Proof | Self::Picture => 1 << 24,
        }
    }

    /// The name in a sentence.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Program => "a program",
            Self::Input => "an input of a program",
            Self::Proof => "a program proof",
            Self::Aggregate => "an aggregate",
            Self::Signature => "a signature with its key",
            Self::Signatures => "a list of signatures with their keys",
            Self::Signers => "a list of signers",
            Self::Key => "a secret key",
            Self::KeyCache => "the cache of a secret key",
            Self::KeyRecord => "the record of the uses of a secret key",
            Self::Picture => "a picture",
            Self::Bytes => "bytes",
        }
    }

    /// A file of this kind where another is needed.
    pub(crate) fn is_not(self, path: &Path, expected: &str) -> Failure {
        let reason = format!("this is {}, not {expected}", self.name());
        Failure::unusable(path, reason, self.remedy())
    }

    /// Which command takes it.
    const fn remedy(self) -> &'static str {
        match self {
            Self::Program => "`leanvm run`, `prove`, `verify` and `disasm` take programs",
            Self::Input => "give it by --input to `leanvm run`, `prove` or `verify`",
            Self::Proof => "verify it with `leanvm verify`",
            Self::Aggregate => "`leanvm verify-aggregate` and `leanvm merge` take aggregates",
            Self::Signature => "give the folder that it is in by --input to `leanvm aggregate`",
            Self::Signatures => "give it by --input to `leanvm aggregate`",
            Self::Signers => "give it by --input to `leanvm verify-aggregate`",
            Self::Key => "give it by --key to `leanvm xmss sign`, and to nobody else",
            Self::KeyCache | Self::KeyRecord => "it is of use beside its key only",
            Self::Picture => "look at it in a browser",
            Self::Bytes => "give a file of another kind",
        }
    }
}

/// The kind of a file by its first bytes, for JSON by its fields, if these tell.
pub(crate) fn kind_of(bytes: &[u8]) -> Option<Kind> {
    match bytes.get(..4) {
        Some(b"LVM1") => return Some(Kind::Program),
        Some(b"LMP1") => return Some(Kind::Proof),
        Some(b"LXK1") => return Some(Kind::Key),
        Some(b"LXC1") => return Some(Kind::KeyCache),
        Some(b"LXL1") => return Some(Kind::KeyRecord),
        _ => {}
    }
    match bytes.trim_ascii_start() {
        [b'<', ..] => Some(Kind::Picture),
        [b'{', ..] => kind_of_object(&serde_json::from_slice(bytes).ok()?),
        [b'[', ..] => {
            let objects: Vec<BTreeMap<String, IgnoredAny>> = serde_json::from_slice(bytes).ok()?;
            kind_of_object(objects.first()?)
        }
        _ => {
            // An aggregate begins with no more than version and scheme, so its length tells it from
            // keys and signatures, which are shorter. A file with claims has an order.
            let is_aggregate = match bytes.get(1) {
                Some(&FILE_KIND) => AggregateFile::from_bytes(bytes).is_ok(),
                _ => bytes.len() > 1 << 13 && AnyAggregate::from_bytes(bytes).is_ok(),
            };
            is_aggregate.then_some(Kind::Aggregate)
        }
    }
}

fn kind_of_object(fields: &BTreeMap<String, IgnoredAny>) -> Option<Kind> {
    [
        ("public_keys", Kind::Signers),
        ("claims", Kind::Signers),
        ("signature", Kind::Signature),
        ("public", Kind::Input),
        ("private", Kind::Input),
    ]
    .into_iter()
    .find_map(|(field, kind)| fields.contains_key(field).then_some(kind))
}

/// The failure that names the kind of a file, if its content shows another kind than is expected.
pub(crate) fn mistaken(path: &Path, bytes: &[u8], expected: Kind) -> Option<Failure> {
    let kind = kind_of(bytes).filter(|kind| *kind != expected && expected != Kind::Bytes)?;
    Some(kind.is_not(path, expected.name()))
}

/// Whether a path stands for standard input or output.
pub(crate) fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
}

/// Reads a file of a kind, or standard input.
pub(crate) fn read(path: &Path, kind: Kind) -> Result<Vec<u8>, Failure> {
    let cap = kind.max_bytes();
    let mut bytes = Vec::new();
    let read = if is_stream(path) {
        io::stdin().lock().take(cap + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| {
            // Allocated at once where the length is known: growing would leave copies of parts of a
            // secret behind.
            let length = file
                .metadata()
                .map_or(0, |metadata| metadata.len().min(cap));
            bytes.reserve_exact(usize::try_from(length).unwrap_or(0) + 1);
            file.take(cap + 1).read_to_end(&mut bytes)
        })
    };
    read.map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > cap {
        let reason = format!("longer than {} MiB", cap >> 20);
        let remedy = format!("{} is not that long", kind.name());
        return Err(Failure::unusable(path, reason, remedy));
    }
    // JSON of another kind is recognised when it is parsed.
    let is_json = matches!(
        kind,
        Kind::Input | Kind::Signature | Kind::Signatures | Kind::Signers
    );
    let begins_as_json = matches!(bytes.trim_ascii_start(), [b'{' | b'[', ..]);
    match mistaken(path, &bytes, kind).filter(|_| !(is_json && begins_as_json)) {
        Some(failure) => Err(failure),
        None => Ok(bytes),
    }
}

/// A failure to read.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let remedy = match error.kind() {
        ErrorKind::NotFound => "check the path",
        ErrorKind::PermissionDenied => "check the permissions of the file",
        _ => "give a readable file",
    };
    Failure::unusable(path, format!("cannot be read: {}", plain(error)), remedy)
}

/// What an error of the system means.
pub(crate) fn plain(error: &io::Error) -> String {
    let words = match error.kind() {
        ErrorKind::NotFound => "there is no such file",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::IsADirectory => "it is a directory",
        ErrorKind::NotADirectory => "a part of the path is no directory",
        ErrorKind::StorageFull => "no space is left",
        ErrorKind::BrokenPipe => "the reader went away",
        ErrorKind::InvalidData => "it is not UTF-8 text",
        _ => {
            let text = error.to_string();
            let words = text.split_once(" (os error").map(|(words, _)| words);
            return words.unwrap_or(&text).to_owned();
        }
    };
    words.to_owned()
}

/// Where the bytes of an output go.
enum Target {
    /// To standard output.
    StandardOutput,
    /// Into a FIFO or a character device.
    Through(PathBuf),
    /// Into a file of this name, which is not a link, replacing the one that is there.
    File(PathBuf),
}

/// An output: a stream, or a file that is written whole or not at all, by a temporary file beside
/// it that is renamed at the end.
pub(crate) struct Output {
    /// As it was given.
    path: PathBuf,
    target: Target,
}

impl Output {
    /// Checks, before any long work, that the output can be written. Nothing is left in its
    /// directory meanwhile.
    pub(crate) fn prepare(path: &Path) -> Result<Self, Failure> {
        let output = Self {
            path: path.to_owned(),
            target: target(path)?,
        };
        if let Target::File(file) = &output.target {
            let directory = directory_of(file);
            if !directory.is_dir() {
                let reason = format!("the directory {} does not exist", directory.display());
                let remedy = "create it, or choose another output file";
                return Err(Failure::unusable(path, reason, remedy));
            }
            refuse_precious(path, file)?;
            temporary(file).map_err(|error| output.unwritable(&error))?;
        }
        Ok(output)
    }

    /// Writes the bytes; those of a file are on the disk before it gets its name.
    pub(crate) fn commit(self, bytes: &[u8]) -> Result<(), Failure> {
        let written = match &self.target {
            Target::StandardOutput => {
                let mut stream = io::stdout().lock();
                stream.write_all(bytes).and_then(|()| stream.flush())
            }
            Target::Through(path) => OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|mut stream| stream.write_all(bytes)),
            Target::File(file) => {
                if is_key(file) {
                    return Err(key_would_be_lost(&self.path));
                }
                replace(file, bytes)
            }
        };
        written.map_err(|error| self.unwritable(&error))
    }

    fn unwritable(&self, error: &io::Error) -> Failure {
        let remedy = match self.target {
            Target::File(_) => "check the permissions of the directory and the space on the disk",
            _ => "check who reads it",
        };
        let reason = format!("cannot be written: {}", plain(error));
        Failure::unusable(&self.path, reason, remedy)
    }
}

/// How the name of a temporary file begins and ends.
const TEMPORARY: (&str, &str) = (".leanvm-", ".part");

/// An empty file beside another, removed at the end unless it gets a name. It is locked while it is
/// open, unlike the files that killed runs left, which are removed.
fn temporary(file: &Path) -> io::Result<tempfile::NamedTempFile> {
    let directory = directory_of(file);
    remove_abandoned(directory);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    loop {
        let made = builder.tempfile_in(directory)?;
        // Where files cannot be locked, no file of a killed run is removed either.
        let _ = made.as_file().lock();
        // Another run may have removed it before it was locked.
        if made.path().exists() {
            return Ok(made);
        }
    }
}

/// Removes the temporary files of a directory that no run holds.
fn remove_abandoned(directory: &Path) {
    let is_temporary = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with(TEMPORARY.0)
            && name.ends_with(TEMPORARY.1)
            && entry.file_type().is_ok_and(|kind| kind.is_file())
    };
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    for entry in entries.filter(is_temporary) {
        // The lock is held until the file is gone.
        if let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Replaces a file by one of these bytes with the same permissions.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = temporary(path)?;
    file.write_all(bytes)?;
    if let Ok(before) = fs::metadata(path) {
        file.as_file().set_permissions(before.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn directory_of(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Where an output of this name goes.
fn target(path: &Path) -> Result<Target, Failure> {
    if is_standard_output(path) {
        return Ok(Target::StandardOutput);
    }
    let refused = |reason: &str| Err(Failure::unusable(path, reason, "name a file"));
    let is_folder = path.as_os_str().as_encoded_bytes().ends_with(b"/");
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => refused("is a directory"),
        _ if is_folder || path.as_os_str().is_empty() => refused("is not the name of a file"),
        Ok(metadata) if is_fifo_or_character_device(metadata.file_type()) => {
            Ok(Target::Through(path.to_owned()))
        }
        Ok(metadata) if !metadata.is_file() => refused("is no regular file"),
        _ => Ok(Target::File(resolved(path))),
    }
}

#[cfg(unix)]
fn is_fifo_or_character_device(kind: FileType) -> bool {
    use std::os::unix::fs::FileTypeExt;
    kind.is_fifo() || kind.is_char_device()
}

#[cfg(not(unix))]
fn is_fifo_or_character_device(_: FileType) -> bool {
    false
}

/// Whether an output goes to standard output: by its name `-`, or because it is the file that
/// standard output is (`/dev/stdout`).
pub(crate) fn is_standard_output(path: &Path) -> bool {
    is_stream(path) || fs::metadata(path).is_ok_and(|metadata| is_open_as_output(&metadata))
}

#[cfg(unix)]
fn is_open_as_output(metadata: &Metadata) -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    let stream = io::stdout().as_fd().try_clone_to_owned();
    let stream = stream.and_then(|stream| File::from(stream).metadata());
    stream.is_ok_and(|it| (it.dev(), it.ino()) == (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn is_open_as_output(_: &Metadata) -> bool {
    false
}

/// The file that a path leads to, whether it exists or not, with the canonical name of its
/// directory.
fn resolved(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            Ok(to) => path = directory_of(&path).join(to),
            Err(_) => break,
        }
    }
    match (fs::canonicalize(directory_of(&path)), path.file_name()) {
        (Ok(directory), Some(name)) => directory.join(name),
        _ => path,
    }
}

/// Whether there is a key file of this name.
fn is_key(path: &Path) -> bool {
    path.is_file() && keyfile::is_key_file(path).unwrap_or(false)
}

fn key_would_be_lost(path: &Path) -> Failure {
    let reason = "is a secret key, which would be lost";
    Failure::unusable(path, reason, "choose another output file")
}

/// Refuses to overwrite what cannot be made again: keys, what belongs to them, guest programs.
fn refuse_precious(path: &Path, file: &Path) -> Result<(), Failure> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let owner = |stem: &str, rest: &str| {
        let public = (rest == "pub").then(|| file.with_file_name(format!("{stem}.key")));
        is_key(&file.with_file_name(stem)) || public.is_some_and(|key| is_key(&key))
    };
    let belongs_to_key = || {
        name.match_indices('.')
            .any(|(dot, _)| owner(&name[..dot], &name[dot + 1..]))
    };
    if is_key(file) {
        return Err(key_would_be_lost(path));
    }
    let reason = if belongs_to_key() {
        "is a name that belongs to the secret key beside it"
    } else if file.extension().is_some_and(|extension| extension == "py") {
        "is the name of a guest program"
    } else {
        return Ok(());
    };
    Err(Failure::unusable(
        path,
        reason,
        "choose another output file",
    ))
}

/// Refuses a command that names one file twice: for two outputs, of which one would be lost, for an
/// output and an input, or a stream twice.
pub(crate) fn check_distinct(Paths { inputs, outputs }: &Paths<'_>) -> Result<(), Failure> {
    let refused =
        |path: &Path, reason: &str| Err(Failure::unusable(path, reason, "name a file of its own"));
    if inputs.iter().filter(|path| is_stream(path)).count() > 1 {
        return refused(Path::new("-"), "standard input is given twice");
    }
    let is_device = |path: &Path| {
        fs::metadata(path)
            .is_ok_and(|it| !it.is_file() && is_fifo_or_character_device(it.file_type()))
    };
    let place = |path: &Path| match is_standard_output(path) {
        true => PathBuf::from("-"),
        false => resolved(path),
    };
    let mut seen: Vec<PathBuf> = Vec::new();
    for output in outputs {
        let to = place(output);
        if is_device(output) && to != Path::new("-") {
            continue;
        }
        if seen.contains(&to) {
            return refused(output, "is given for two outputs");
        }
        for input in inputs.iter().filter(|input| !is_stream(input)) {
            let from = resolved(input);
            let is_record = to.extension().is_some_and(|extension| extension == "json");
            if from == to {
                return refused(output, "is an input of this command");
            }
            if is_record && from.is_dir() && fs::canonicalize(from).ok().as_deref() == to.parent() {
                return refused(output, "is in the folder that is the input");
            }
        }
        seen.push(to);
    }
    Ok(())
}
