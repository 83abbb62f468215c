//! What a document may cost: sizes, depths and counts, checked before any parser sees the text.

use crate::model::SkipReason;
use std::fmt;

/// Bytes of a document.
pub(super) const BYTES: usize = 2 * 1024 * 1024;
/// Brackets or elements inside each other.
pub(super) const DEPTH: u32 = 256;
/// Nodes of one YAML file.
pub(super) const YAML_NODES: usize = 100_000;
/// Documents of one YAML file.
pub(super) const DOCUMENTS: usize = 1000;

/// Errors that are kept of one file; the first ones say what is wrong.
pub(super) const ERRORS: usize = 20;

/// Why a file gives no document. `detail` never quotes the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unparsed {
    /// What kind of trouble.
    pub reason: SkipReason,
    /// The line or the bound.
    pub detail: String,
}

impl fmt::Display for Unparsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.detail)
    }
}

/// Nested deeper than the bound.
pub(super) fn too_deep() -> Unparsed {
    Unparsed {
        reason: SkipReason::TooDeep,
        detail: format!("nested deeper than {DEPTH} levels"),
    }
}

/// Not what its name says; `offset` is the byte where that shows.
pub(super) fn malformed(what: &str, text: &str, offset: usize) -> Unparsed {
    Unparsed {
        reason: SkipReason::Malformed,
        detail: format!("not valid {what} at line {}", line_of(text, offset)),
    }
}

/// The line of byte `offset`, from 1.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    memchr::memchr_iter(b'\n', before).count() + 1
}

/// Is the text small enough to be read at all?
pub(super) fn check_size(text: &str) -> Result<(), Unparsed> {
    if text.len() <= BYTES {
        return Ok(());
    }
    Err(Unparsed {
        reason: SkipReason::TooLarge,
        detail: format!("larger than {BYTES} bytes"),
    })
}

/// One pass over the brackets outside double quotes, so that recursive parsers and their trees
/// stay within any stack.
pub(super) fn check_brackets(text: &str) -> Result<(), Unparsed> {
    let mut depth = 0u32;
    let mut quoted = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            // Quotes end with the line: an apostrophe or a lone quote must not hide the rest.
            b'\n' => quoted = false,
            b'"' => quoted = !quoted,
            b'\\' if quoted => {
                bytes.next();
            }
            b'[' | b'{' | b'(' if !quoted => depth += 1,
            b']' | b'}' | b')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH {
            return Err(too_deep());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_quotes_do_not_nest() {
        assert!(check_brackets(&"\"[\" ".repeat(1000)).is_ok());
        assert!(check_brackets(&"[]".repeat(1000)).is_ok());
        assert!(check_brackets(&format!("{}{}", "[".repeat(256), "]".repeat(256))).is_ok());
        assert_eq!(check_brackets(&"[".repeat(257)), Err(too_deep()));
        assert_eq!(
            check_brackets(&format!("\" \n{}", "[".repeat(257))),
            Err(too_deep())
        );
    }

    #[test]
    fn malformed_text_is_named_by_its_line() {
        assert_eq!(
            malformed("TOML", "a\nb\nc", 4).to_string(),
            "not valid TOML at line 3"
        );
    }
}
