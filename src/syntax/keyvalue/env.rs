//! `.env` files: `export`, quotes, values over several lines, comments.

use super::{Flat, Line, line_at, slice, strip_comment};
use crate::model::Span;
use crate::syntax::expand::is_reference;
use crate::syntax::{Document, NodeKind};

/// Reads a `.env` file.
pub(in crate::syntax) fn parse(text: &str) -> Document {
    let mut flat = Flat::new(text);
    let mut at = 0;
    while let Some(line) = line_at(text, at) {
        let mut next = line.next;
        if let Some((key, value)) = split_assignment(text, &line) {
            let (span, kind) = env_value(text, value, &line, &mut next);
            flat.entry(key, kind, span);
        }
        at = next;
    }
    flat.finish()
}

/// The key of a `.env` line, and where its value begins.
fn split_assignment<'t>(text: &'t str, line: &Line) -> Option<((Span, &'t str), usize)> {
    let content = slice(text, line.span);
    let mut key = content.trim_start();
    if key.starts_with('#') {
        return None;
    }
    if let Some(rest) = key
        .strip_prefix("export")
        .filter(|rest| rest.starts_with([' ', '\t']))
    {
        key = rest.trim_start();
    }
    let start = line.span.end as usize - key.len();
    let (key, value) = key.split_once('=')?;
    let name = key.trim_end();
    let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if name.is_empty() || !name.chars().all(valid) {
        return None;
    }
    let value_start = line.span.end as usize - value.trim_start().len();
    Some(((Span::new(start, start + name.len()), name), value_start))
}

/// The value that begins at `start`; a quoted one may end on a later line and moves `next`.
fn env_value(text: &str, start: usize, line: &Line, next: &mut usize) -> (Span, NodeKind) {
    let rest = text.get(start..).unwrap_or_default();
    if let Some(quote) = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\'' | '`'))
        && let Some(length) = closing_quote(rest, quote)
        && ends_value(rest.get(length + 1..).unwrap_or_default())
    {
        let end = start + length + 1;
        let inner = rest.get(1..length).unwrap_or_default();
        let value = if quote == '"' {
            unescape_quoted(inner)
        } else {
            inner.to_owned()
        };
        let after = text.get(end..).unwrap_or_default();
        *next = end + after.find('\n').map_or(after.len(), |newline| newline + 1);
        let unknown = quote == '"' && is_reference(&value);
        let kind = if unknown {
            NodeKind::Unknown
        } else {
            NodeKind::Str(value.into())
        };
        return (Span::new(start, end), kind);
    }
    let value = text.get(start..line.span.end as usize).unwrap_or_default();
    let value = if value.starts_with('#') {
        ""
    } else {
        strip_comment(value, &[" #", "\t#"])
    };
    let kind = if is_reference(value) {
        NodeKind::Unknown
    } else {
        NodeKind::Str(value.into())
    };
    (Span::new(start, start + value.len()), kind)
}

fn closing_quote(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// Is there nothing but a comment on the line after a closing quote?
fn ends_value(after: &str) -> bool {
    let line = after.split('\n').next().unwrap_or_default().trim();
    line.is_empty() || line.starts_with('#')
}

fn unescape_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some(other @ ('"' | '\\' | '$')) => out.push(other),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            (c, false) => out.push(c),
        }
    }
    out
}
