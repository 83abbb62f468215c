//! Java properties: `=`, `:` or a blank between key and value, escapes, continued lines.

use super::{Flat, line_at, slice};
use crate::model::Span;
use crate::syntax::expand::is_reference;
use crate::syntax::{Document, NodeKind};

/// Reads a properties file.
pub(in crate::syntax) fn parse(text: &str) -> Document {
    let mut flat = Flat::new(text);
    let mut at = 0;
    while let Some(line) = line_at(text, at) {
        at = line.next;
        let content = slice(text, line.span);
        let start = line.span.start as usize + (content.len() - content.trim_start().len());
        if matches!(text.as_bytes().get(start), Some(b'#' | b'!'))
            || start >= line.span.end as usize
        {
            continue;
        }
        let mut end = line.span.end as usize;
        while continues(slice(text, Span::new(start, end))) {
            let Some(more) = line_at(text, at) else { break };
            end = more.span.end as usize;
            at = more.next;
        }
        let logical = slice(text, Span::new(start, end));
        let (key_end, value_start) = split_property(logical);
        let key = unescape(logical.get(..key_end).unwrap_or_default());
        let value = unescape(logical.get(value_start..).unwrap_or_default());
        let kind = if is_reference(&value) {
            NodeKind::Unknown
        } else {
            NodeKind::Str(value.into())
        };
        let key_span = Span::new(start, start + key_end);
        flat.entry((key_span, &key), kind, Span::new(start + value_start, end));
    }
    flat.finish()
}

/// Does a line of a properties file go on in the next one?
fn continues(line: &str) -> bool {
    line.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// Where the key of a property ends and where its value begins.
fn split_property(logical: &str) -> (usize, usize) {
    let mut escaped = false;
    let end = logical.char_indices().find(|(_, c)| {
        let separates = !escaped && matches!(c, '=' | ':' | ' ' | '\t' | '\x0c');
        escaped = !escaped && *c == '\\';
        separates
    });
    let key_end = end.map_or(logical.len(), |(at, _)| at);
    let rest = logical.get(key_end..).unwrap_or_default().trim_start();
    let rest = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start();
    (key_end, logical.len() - rest.len())
}

/// Escapes of properties files; a backslash before a line end joins the lines.
fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.trim_end_matches(['\r', '\n']).to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('u') => {
                let digits: String = chars.clone().take(4).collect();
                match u32::from_str_radix(&digits, 16)
                    .ok()
                    .and_then(char::from_u32)
                {
                    Some(decoded) if digits.len() == 4 => {
                        out.push(decoded);
                        chars.by_ref().take(4).for_each(drop);
                    }
                    _ => out.push('u'),
                }
            }
            Some('\r' | '\n') => while chars.next_if(|c| c.is_whitespace()).is_some() {},
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}
