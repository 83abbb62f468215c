//! Makes text from strangers harmless: the only way by which it reaches an output.
//!
//! Control characters, direction overrides and invisible characters are shown as `\u{1b}`; the
//! markers of CI log commands are broken up; each format adds what its own syntax needs.

use crate::model::prose::{self, Piece};
use std::fmt::Write as _;

/// Can the character change how the text around it is shown, without being seen itself?
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

fn push(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        // `##[…]` anywhere in a line is a command to the logs of Azure Pipelines and GitHub.
        '[' if out.ends_with("##") => out.push_str("\\["),
        c if acts(c) => {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}

/// One line of text; line breaks and tabs are shown as `\n` and `\t`.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push(&mut out, c);
    }
    out
}

/// A paragraph written by the author of a rule, for readers who know no markup: white space folded,
/// everything else as `line`.
pub(super) fn prose(text: &str) -> String {
    prose::plain(&folded(text))
}

/// A paragraph with its code still marked, for formats that mark it themselves.
pub(super) fn folded(text: &str) -> String {
    line(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// One line of a source file, with tabs as four spaces so that columns can be pointed at.
pub(super) fn source(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\t' {
            out.push_str("    ");
        } else {
            push(&mut out, c);
        }
    }
    out
}

/// Text of several lines for a log: no line begins with a workflow command.
pub(super) fn log(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let body = line.trim_start();
        let indent = line.strip_suffix(body).unwrap_or_default();
        out.push_str(indent);
        if body.starts_with("::") {
            out.push('\\');
        }
        out.push_str(body);
    }
    out
}

/// A JSON document, such that no character of a string in it acts on a terminal or a log.
pub(super) fn json(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    for c in document.chars() {
        match c {
            '\n' => out.push('\n'),
            '[' if out.ends_with("##") => out.push_str("\\u005b"),
            c if acts(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// Text for the message of a GitHub workflow command; `%0A` is a line break.
pub(super) fn workflow_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Text for a property of a GitHub workflow command.
pub(super) fn workflow_property(text: &str) -> String {
    workflow_data(&line(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

/// Text for XML content and attributes.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A relative URI of a path inside the repository.
pub(super) fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Is it a plain web address that may stand where a reader can follow it?
pub(super) fn is_link(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:?#@!$&*+,;=%".contains(&byte);
    text.starts_with("https://") && text.bytes().all(plain)
}

/// Where a piece of Markdown stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a paragraph, heading or list.
    Text,
    /// In the cell of a table, where a bar ends the cell even inside a code span.
    Cell,
}

/// A Markdown code span: nothing inside it is markup, a mention or a link.
pub(super) fn markdown_code(text: &str, place: Place) -> String {
    code_span(&line(text), place)
}

fn code_span(text: &str, place: Place) -> String {
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    if place == Place::Cell {
        prose::code(&text.replace('|', "\\|"))
    } else {
        prose::code(text)
    }
}

/// A Markdown sentence: parts between backticks become code spans, and outside of them nothing
/// is markup, a mention or a link.
pub(super) fn markdown_text(text: &str, place: Place) -> String {
    let text = folded(text);
    let mut out = String::with_capacity(text.len());
    for piece in prose::pieces(&text) {
        match piece {
            Piece::Code(part) => out.push_str(&code_span(part, place)),
            Piece::Words(part) => plain(&mut out, part),
        }
    }
    out
}

fn plain(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            // A backslash does not keep these two from becoming a mention or a reference.
            '@' | '#' => {
                let _ = write!(out, "`{c}`");
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            // Bare addresses become links without any markup.
            ':' if out.ends_with("http") || out.ends_with("https") || out.ends_with("ftp") => {
                out.push_str("\\:");
            }
            '.' if out.ends_with("www") => out.push_str("\\."),
            c => out.push(c),
        }
    }
}

/// A fence for a Markdown code block that the content cannot close.
pub(super) fn markdown_fence(content: &str) -> String {
    let longest = content.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(3.max(longest + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown() {
        for (text, want) in [
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\u{202e}b\u{2066}c", "a\\u{202e}b\\u{2066}c"),
            ("a\u{200b}\u{feff}\u{9b}", "a\\u{200b}\\u{feff}\\u{9b}"),
            ("a\r\nb\tc", "a\\u{d}\\nb\\tc"),
            ("##[error]x", "##\\[error]x"),
            ("née 患者 ✓", "née 患者 ✓"),
        ] {
            assert_eq!(line(text), want);
        }
    }

    #[test]
    fn no_line_of_a_log_begins_with_a_command() {
        assert_eq!(
            log("a ::b\n  ::error::x\n::y"),
            "a ::b\n  \\::error::x\n\\::y"
        );
    }

    #[test]
    fn json_stays_equal_and_harmless() {
        let text = "\u{1b}\u{9b}\u{202e}\u{e0041}##[x] né";
        let document = json(&serde_json::to_string(text).unwrap());
        assert_eq!(document, r#""\u001b\u009b\u202e\udb40\udc41##\u005bx] né""#);
        assert_eq!(serde_json::from_str::<String>(&document).unwrap(), text);
    }

    #[test]
    fn workflow_commands_keep_their_shape() {
        assert_eq!(
            workflow_property("a,title=x::y%0A"),
            "a%2Ctitle=x%3A%3Ay%250A"
        );
        assert_eq!(workflow_data("50%\r\nx"), "50%25%0D%0Ax");
    }

    #[test]
    fn markdown_cannot_break_out() {
        for (text, want) in [
            ("a`b``c", "```a`b``c```"),
            ("`x`", "`` `x` ``"),
            ("", "(empty)"),
            ("a|b", "`a\\|b`"),
        ] {
            assert_eq!(markdown_code(text, Place::Cell), want);
        }
        assert_eq!(markdown_code("a|b", Place::Text), "`a|b`");
        assert_eq!(
            markdown_text("see `x|y` @team <b> ![i](http://e) www.e.org", Place::Text),
            "see `x|y` `@`team \\<b\\> \\!\\[i\\](http\\://e) www\\.e.org"
        );
        assert_eq!(markdown_text("a` <b>", Place::Text), "a\\` \\<b\\>");
        assert_eq!(
            markdown_text("``f(`a|b`)`` waits", Place::Cell),
            "``f(`a\\|b`)`` waits"
        );
    }

    #[test]
    fn a_sentence_without_markup_has_no_fences() {
        assert_eq!(prose("`a`\n waits for ``f(`b`)``"), "`a` waits for f(`b`)");
    }

    #[test]
    fn paths_become_relative_uris() {
        assert_eq!(uri("a b/é#?.py"), "a%20b/%C3%A9%23%3F.py");
        assert!(is_link("https://docs.docker.com/compose/#restart"));
        assert!(!is_link("javascript:alert(1)") && !is_link("https://a.org/)<x"));
    }
}
