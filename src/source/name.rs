//! How a name from the audited repository is shown to people: one line, nothing invisible, nothing
//! that a terminal obeys, and never the same text for two different names.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;

/// A file name as printable text: bytes that are not UTF-8 as `\xNN`, controls, bidirectional and
/// invisible characters as `\u{…}`, and a backslash doubled so that no escape can be forged.
///
/// ```
/// # use preop::source::display_name;
/// # use std::ffi::OsStr;
/// assert_eq!(display_name(OsStr::new("Aufnahme März.txt")), "Aufnahme März.txt");
/// assert_eq!(display_name(OsStr::new("a\u{1b}[2J")), "a\\u{1b}[2J");
/// ```
pub fn display_name(name: &OsStr) -> String {
    display_bytes(name.as_bytes())
}

/// As [`display_name`], for the bytes of a name.
pub(super) fn display_bytes(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            // Writing to a `String` cannot fail.
            let _ = match c {
                '\\' => shown.write_str("\\\\"),
                c if is_unsafe(c) => write!(shown, "\\u{{{:x}}}", u32::from(c)),
                c => shown.write_char(c),
            };
        }
        for byte in chunk.invalid() {
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}

/// Characters that act on a terminal, reorder text, or cannot be seen.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_printable_line() {
        for (bytes, want) in [
            (&b"src/main.rs"[..], "src/main.rs"),
            ("señal 患者.txt".as_bytes(), "señal 患者.txt"),
            (b"a\nb\t\x1b[31m\x7f", "a\\u{a}b\\u{9}\\u{1b}[31m\\u{7f}"),
            (b"\xff\xfe.txt", "\\xff\\xfe.txt"),
            (
                "\u{202e}gpj.exe\u{200b}".as_bytes(),
                "\\u{202e}gpj.exe\\u{200b}",
            ),
            ("\u{9b}2J".as_bytes(), "\\u{9b}2J"),
            (b"\\xff", "\\\\xff"),
            (b"", ""),
        ] {
            assert_eq!(display_bytes(bytes), want);
        }
    }

    #[test]
    fn different_names_never_look_the_same() {
        let names: [&[u8]; 6] = [
            b"\xff",
            b"\\xff",
            "\u{ff}".as_bytes(),
            b"\x1b",
            b"\\u{1b}",
            b"\\\\u{1b}",
        ];
        let shown: std::collections::BTreeSet<_> = names.iter().map(|n| display_bytes(n)).collect();
        assert_eq!(shown.len(), names.len());
    }
}
