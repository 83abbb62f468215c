//! From bytes to text: what encoding a file is in, and whether it is text at all.
//!
//! All offsets, lines and columns of the program refer to the decoded text: without a byte order
//! mark, and as UTF-8 where the file is UTF-16.

use super::Content;
use crate::model::SkipReason;

/// A NUL this early means that a file is no text: git looks as far.
const BINARY_WINDOW: usize = 8 << 10;

const LFS_HEADER: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";
/// Git LFS writes nothing longer.
const LFS_MAX: usize = 1024;

/// Text, as far as it is text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// UTF-8, unless `encoding` is [`Encoding::Bytes`].
    pub text: Vec<u8>,
    /// How it was written.
    pub encoding: Encoding,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8. A byte order mark is not part of the text.
    Utf8,
    /// UTF-16 with a byte order mark; the text is a translation.
    Utf16,
    /// No encoding that is known here: audited byte by byte, but not as code or a document.
    Bytes,
}

/// The text of a file, or why it has none.
pub fn decode(content: Content) -> Result<Decoded, SkipReason> {
    let Content { bytes, truncated } = content;
    if is_lfs_pointer(&bytes) {
        return Err(SkipReason::Elsewhere);
    }
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] if !rest.starts_with(&[0, 0]) => {
            Ok(from_utf16(rest, u16::from_le_bytes))
        }
        [0xFE, 0xFF, rest @ ..] => Ok(from_utf16(rest, u16::from_be_bytes)),
        _ if memchr::memchr(0, head(&bytes, BINARY_WINDOW)).is_some() => Err(SkipReason::Binary),
        _ => Ok(from_utf8(bytes, truncated)),
    }
}

/// A half of a pair, or half of a character at the end, becomes the replacement character.
fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let (pairs, _half) = bytes.as_chunks::<2>();
    let text: String = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    Decoded {
        text: text.into_bytes(),
        encoding: Encoding::Utf16,
    }
}

fn from_utf8(mut bytes: Vec<u8>, truncated: bool) -> Decoded {
    if bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(..3);
    }
    let encoding = match str::from_utf8(&bytes) {
        Ok(_) => Encoding::Utf8,
        // The cap may have cut the last character; the file itself may still be UTF-8.
        Err(error) if truncated && error.error_len().is_none() => {
            bytes.truncate(error.valid_up_to());
            Encoding::Utf8
        }
        Err(_) => Encoding::Bytes,
    };
    Decoded {
        text: bytes,
        encoding,
    }
}

fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() <= LFS_MAX
        && bytes.starts_with(LFS_HEADER)
        && memchr::memmem::find(bytes, b"\noid sha256:").is_some()
}

/// At most the first `count` bytes.
pub(super) fn head(bytes: &[u8], count: usize) -> &[u8] {
    bytes.get(..count).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> Result<(String, Encoding), SkipReason> {
        decode(Content {
            bytes: bytes.to_vec(),
            truncated: false,
        })
        .map(|d| (String::from_utf8_lossy(&d.text).into_owned(), d.encoding))
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = |text: &str, encoding| Ok((text.to_owned(), encoding));
        assert_eq!(decoded(b""), text("", Encoding::Utf8));
        assert_eq!(decoded("Müller".as_bytes()), text("Müller", Encoding::Utf8));
        assert_eq!(decoded(b"\xEF\xBB\xBFa: 1"), text("a: 1", Encoding::Utf8));
        assert_eq!(decoded(b"\xFF\xFEa\0\xfc\0"), text("aü", Encoding::Utf16));
        assert_eq!(
            decoded(b"\xFE\xFF\0a\xD8\x3D\xDE\x00"),
            text("a😀", Encoding::Utf16)
        );
        assert_eq!(
            decoded(b"\xFF\xFEa\0\x00\xD8b"),
            text("a\u{fffd}", Encoding::Utf16)
        );
        assert_eq!(
            decoded(b"caf\xe9 = 1"),
            text("caf\u{fffd} = 1", Encoding::Bytes)
        );
        assert_eq!(decoded(b"\x7fELF\0\0"), Err(SkipReason::Binary));
        assert_eq!(decoded(b"\xFF\xFE\0\0a\0\0\0"), Err(SkipReason::Binary));
    }

    #[test]
    fn a_late_nul_is_not_binary() {
        let mut bytes = vec![b'a'; BINARY_WINDOW];
        bytes.push(0);
        assert!(decoded(&bytes).is_ok());
    }

    #[test]
    fn bytes_that_are_not_text_are_kept_as_they_are() {
        let bytes = b"key = \xff\xfe\n".to_vec();
        let decoded = decode(Content {
            bytes: bytes.clone(),
            truncated: false,
        })
        .unwrap();
        assert_eq!(decoded.text, bytes);
    }

    #[test]
    fn a_character_cut_by_the_cap_is_dropped() {
        let cut = Content {
            bytes: b"M\xc3".to_vec(),
            truncated: true,
        };
        let decoded = decode(cut).unwrap();
        assert_eq!(
            (decoded.text.as_slice(), decoded.encoding),
            (&b"M"[..], Encoding::Utf8)
        );
        let whole = Content {
            bytes: b"M\xc3".to_vec(),
            truncated: false,
        };
        assert_eq!(decode(whole).unwrap().encoding, Encoding::Bytes);
    }

    #[test]
    fn lfs_pointers_are_elsewhere() {
        let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
        assert_eq!(decoded(pointer), Err(SkipReason::Elsewhere));
        let prose = b"version https://git-lfs.github.com/spec/v1\nis how a pointer begins\n";
        assert!(decoded(prose).is_ok());
    }
}
