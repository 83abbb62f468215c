//! INI files: sections are mappings, keys before the first section stand at the root.

use super::{Flat, line_at, slice, strip_comment};
use crate::model::Span;
use crate::syntax::{Document, NodeKind};

/// Reads an INI file.
pub(in crate::syntax) fn parse(text: &str) -> Document {
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
            flat.section((Span::new(start, start + name.len() + 2), name.trim()));
            continue;
        }
        if indented && flat.continue_value(trimmed, Span::new(start, start + trimmed.len())) {
            continue;
        }
        let (key, value) = match separator(trimmed) {
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

fn unquote(value: &str) -> &str {
    ['"', '\'']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(value)
}

/// Where the key ends. The scopes of `.npmrc` hold a colon themselves.
fn separator(line: &str) -> Option<usize> {
    if line.starts_with("//") {
        line.find('=')
    } else {
        line.find(['=', ':'])
    }
}
