//! Arguments that are bytes: HEX, `@FILE` or `hex@FILE`.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::files::{self, Kind};
use crate::hex;

/// Bytes, and the file that they come from.
pub(crate) struct Argument {
    /// Wiped afterwards: they may be a secret.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    pub(crate) file: Option<PathBuf>,
}

/// The file of an argument.
pub(crate) fn file_of(text: &str) -> Option<&Path> {
    let path = text.strip_prefix("hex@").or(text.strip_prefix('@'))?;
    Some(Path::new(path))
}

/// The bytes of an argument: of its digits, of a file (`@`) whatever they look like, or of the
/// digits in a file (`hex@`).
pub(crate) fn read(name: &str, text: &str) -> Result<Argument, Failure> {
    let Some(path) = file_of(text) else {
        let bytes = hex::decode(text).ok_or_else(|| {
            Failure::usage(
                format!("{name} is not an even number of hexadecimal digits"),
                "give hexadecimal digits, @FILE for the bytes of a file or hex@FILE for a file of digits",
            )
        })?;
        let bytes = Zeroizing::new(bytes);
        return Ok(Argument { bytes, file: None });
    };
    let mut bytes = Zeroizing::new(files::read(path, Kind::Bytes)?);
    if text.starts_with("hex") {
        let digits = str::from_utf8(&bytes).ok().map(str::trim);
        let decoded = digits.and_then(hex::decode).ok_or_else(|| {
            Failure::unusable(
                path,
                "not an even number of hexadecimal digits",
                format!(
                    "{name} @{} takes the bytes of the file as they are",
                    path.display()
                ),
            )
        })?;
        bytes = Zeroizing::new(decoded);
    }
    Ok(Argument {
        bytes,
        file: Some(path.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Option<Vec<u8>> {
        let argument = read("--message", text).ok()?;
        Some(argument.bytes.to_vec())
    }

    #[test]
    fn a_file_is_its_bytes_whatever_they_look_like() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("file");
        let at = |prefix: &str| format!("{prefix}{}", path.display());
        for content in ["c0ffee", "0xc0ffee", "c0ffee\n", "\u{feff}é", ""] {
            std::fs::write(&path, content).expect("the folder is writable");
            assert_eq!(bytes(&at("@")).as_deref(), Some(content.as_bytes()));
            let digits = hex::decode(content.trim());
            assert_eq!(bytes(&at("hex@")), digits, "{content:?}");
        }
        assert_eq!(bytes("c0ffee"), Some(vec![0xc0, 0xff, 0xee]));
        assert_eq!(bytes("@no such file"), None);
        assert_eq!(bytes("hex@no such file"), None);
        assert_eq!(bytes("xyz"), None);
    }

    #[test]
    fn files_of_arguments() {
        assert_eq!(file_of("@a"), Some(Path::new("a")));
        assert_eq!(file_of("hex@a"), Some(Path::new("a")));
        assert_eq!(file_of("0a"), None);
    }
}
