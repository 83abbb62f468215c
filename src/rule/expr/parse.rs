//! From source to the syntax tree of `cel`, with its complaints in our words.

use super::ExprError;
use cel::common::ast::{IdedExpr, SourceInfo};
use cel::{Env, ParseError};

/// Longest source without its texts: the parser recurses once per link of a chain.
const LENGTH: usize = 8_192;
/// Longest source with its texts, which may be regexes of many words.
const WITH_TEXTS: usize = 32_768;

/// Parses a source. The standard library's macros are not expanded: `has`, `all` and their kin stay
/// the calls they are written as.
pub(super) fn parse(source: &str) -> Result<(IdedExpr, SourceInfo), ExprError> {
    let (bytes, most) = match without_texts(source) {
        Some(bytes) if source.len() <= WITH_TEXTS => (bytes, LENGTH),
        Some(_) => (source.len(), WITH_TEXTS),
        None => (source.len(), LENGTH),
    };
    if bytes > most {
        let message = format!("the expression is longer than {most} bytes");
        return Err(ExprError {
            message,
            offset: None,
        });
    }
    let parser = Env::default().parser().enable_optional_syntax(false);
    parser
        .parse_with_source_info(source)
        .map_err(|errors| match errors.errors.first() {
            Some(first) => ExprError {
                message: plain(&first.msg),
                offset: Some(offset(source, first)),
            },
            None => ExprError {
                message: "not an expression".to_owned(),
                offset: None,
            },
        })
}

/// Bytes outside plain text literals. `None` where anything could make the parser see their ends
/// elsewhere: other quotes, raw texts, comments, escapes that are not the common ones.
fn without_texts(source: &str) -> Option<usize> {
    let mut bytes = 0_usize;
    let mut before = b' ';
    let mut rest = source.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'"' if before.is_ascii_alphanumeric() || matches!(before, b'"' | b'_') => return None,
            b'"' => skip_text(&mut rest)?,
            b'\'' => return None,
            b'/' if before == b'/' => return None,
            _ => {}
        }
        bytes = bytes.saturating_add(1);
        before = byte;
    }
    Some(bytes)
}

/// Goes behind the end of a text literal.
fn skip_text(rest: &mut std::str::Bytes<'_>) -> Option<()> {
    loop {
        match rest.next()? {
            b'"' => return Some(()),
            b'\\' if matches!(rest.next()?, b'"' | b'\\' | b'n' | b'r' | b't') => {}
            b'\\' | b'\n' | b'\r' => return None,
            _ => {}
        }
    }
}

/// A complaint without the list of all tokens that could have stood there instead.
fn plain(message: &str) -> String {
    let message = message.strip_prefix("Syntax error: ").unwrap_or(message);
    let message = message
        .split_once(" expecting ")
        .map_or(message, |(what, _)| what);
    let token = [
        "mismatched input ",
        "extraneous input ",
        "no viable alternative at input ",
    ]
    .into_iter()
    .find_map(|prefix| message.strip_prefix(prefix));
    match token {
        Some(token) if token.contains("<EOF>") => "the expression ends too soon".to_owned(),
        Some(token) => format!("unexpected {token}"),
        None => message.to_owned(),
    }
}

/// Where the parser complains, in bytes; it counts lines and characters from 1.
fn offset(source: &str, error: &ParseError) -> usize {
    let [line, column] = [error.pos.0, error.pos.1].map(|from_one| {
        usize::try_from(from_one)
            .unwrap_or_default()
            .saturating_sub(1)
    });
    let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = source.get(before..).unwrap_or_default();
    before + rest.chars().take(column).map(char::len_utf8).sum::<usize>()
}
