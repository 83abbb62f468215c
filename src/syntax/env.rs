//! `.env` files, Java properties and INI files: `key = value` lines with places for both sides.
//! Every value is text; nothing is expanded, except that a value made of a variable alone is unknown.

use super::{Document, NodeId, NodeKind};
use crate::model::Span;

/// Reads a `.env` file: `export`, quotes, values over several lines, comments.
pub(super) fn parse_env(text: &str) -> Document {
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

/// Reads Java properties: `=`, `:` or a blank between key and value, escapes, continued lines.
pub(super) fn parse_properties(text: &str) -> Document {
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
        let kind = if is_placeholder(&value) {
            NodeKind::Unknown
        } else {
            NodeKind::Str(value.into())
        };
        let key_span = Span::new(start, start + key_end);
        flat.entry((key_span, &key), kind, Span::new(start + value_start, end));
    }
    flat.finish()
}

/// Reads an INI file: sections are mappings, keys before the first section stand at the root.
pub(super) fn parse_ini(text: &str) -> Document {
    let mut flat = Flat::new(text);
    let mut at = 0;
    while let Some(line) = line_at(text, at) {
        at = line.next;
        let content = slice(text, line.span);
        let trimmed = content.trim();
        let indented = content.len() > content.trim_start().len();
        let start = line.span.start as usize + (content.len() - content.trim_start().len());
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = trimmed
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
            .map(|(name, _)| name)
        {
            flat.section((Span::new(start + 1, start + 1 + name.len()), name.trim()));
            continue;
        }
        if indented && flat.continue_value(trimmed, Span::new(start, start + trimmed.len())) {
            continue;
        }
        let (key, value) = match trimmed.find(['=', ':']) {
            Some(at) => (trimmed.get(..at).unwrap_or_default(), trimmed.get(at + 1..)),
            None => (trimmed, None),
        };
        let key_span = Span::new(start, start + key.trim_end().len());
        let (kind, span) = match value {
            None => (NodeKind::Null, Span::new(start + trimmed.len(), 0)),
            Some(value) => {
                let value = strip_comment(value.trim_start(), &[" ;", " #", "\t;", "\t#"]);
                let from = trimmed.len()
                    - trimmed
                        .get(key.len() + 1..)
                        .unwrap_or_default()
                        .trim_start()
                        .len();
                (
                    NodeKind::Str(unquote(value).into()),
                    Span::new(start + from, start + from + value.len()),
                )
            }
        };
        flat.entry((key_span, key.trim_end()), kind, span);
    }
    flat.finish()
}

/// A document that is one mapping, or a mapping of sections.
struct Flat {
    document: Document,
    root: NodeId,
    section: Option<NodeId>,
    last: Option<NodeId>,
}

impl Flat {
    fn new(text: &str) -> Self {
        let (document, root) = Document::mapping(Span::new(0, text.len()));
        Self {
            document,
            root,
            section: None,
            last: None,
        }
    }

    fn entry(&mut self, (key_span, key): (Span, &str), kind: NodeKind, span: Span) {
        let parent = self.section.unwrap_or(self.root);
        self.last = Some(self.document.insert(parent, (key, key_span), kind, span));
        self.stretch_section(span.end);
    }

    fn section(&mut self, (span, name): (Span, &str)) {
        let section =
            self.document
                .insert(self.root, (name, span), NodeKind::Map(Vec::new()), span);
        self.section = Some(section);
        self.last = None;
    }

    fn stretch_section(&mut self, end: u32) {
        if let Some(node) = self
            .section
            .and_then(|section| self.document.nodes.get_mut(section as usize))
        {
            node.span.end = end;
        }
    }

    /// Appends an indented line to the value above it; false when there is none.
    fn continue_value(&mut self, more: &str, span: Span) -> bool {
        let Some(node) = self
            .last
            .and_then(|last| self.document.nodes.get_mut(last as usize))
        else {
            return false;
        };
        let NodeKind::Str(text) = &node.kind else {
            return false;
        };
        let joined = if text.is_empty() {
            more.to_owned()
        } else {
            format!("{text}\n{more}")
        };
        if text.is_empty() {
            node.span.start = span.start;
        }
        node.kind = NodeKind::Str(joined.into());
        node.span.end = span.end;
        self.stretch_section(span.end);
        true
    }

    fn finish(self) -> Document {
        self.document
    }
}

/// One line without its end, and where the next one begins.
struct Line {
    span: Span,
    next: usize,
}

fn line_at(text: &str, at: usize) -> Option<Line> {
    let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
    let length = rest.find('\n').unwrap_or(rest.len());
    let line = rest.get(..length).unwrap_or_default();
    Some(Line {
        span: Span::new(at, at + line.trim_end_matches('\r').len()),
        next: at + length + 1,
    })
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.range()).unwrap_or_default()
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
        let unknown = quote == '"' && is_placeholder(&value);
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
    let kind = if is_placeholder(value) {
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

/// Is the value nothing but one reference to a variable without a default?
pub(super) fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
    };
    let braces = |open: &str| {
        value
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix('}'))
    };
    match braces("${")
        .or_else(|| braces("#{"))
        .or_else(|| braces("%{"))
    {
        Some(inside) => name(inside),
        None => value.strip_prefix('$').is_some_and(|inside| {
            !inside.starts_with(|c: char| c.is_ascii_digit())
                && name(inside)
                && inside == inside.to_uppercase()
        }),
    }
}

/// The value before a comment that begins with one of `marks`.
fn strip_comment<'t>(value: &'t str, marks: &[&str]) -> &'t str {
    let end = marks
        .iter()
        .filter_map(|mark| value.find(mark))
        .min()
        .unwrap_or(value.len());
    value.get(..end).unwrap_or_default().trim_end()
}

fn unquote(value: &str) -> &str {
    ['"', '\'']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(value)
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
