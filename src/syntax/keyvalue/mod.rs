//! Files of `key = value` lines, with places for both sides: `.env`, Java properties, INI. Every
//! value is text and nothing is expanded; a value that is one variable alone is unknown.

mod env;
mod ini;
mod properties;

#[cfg(test)]
mod tests;

pub(super) use self::env::parse as parse_env;
pub(super) use self::ini::parse as parse_ini;
pub(super) use self::properties::parse as parse_properties;

use super::{Document, NodeId, NodeKind};
use crate::model::Span;

/// A document that is one mapping, or a mapping of sections.
pub(super) struct Flat {
    document: Document,
    root: NodeId,
    section: Option<NodeId>,
    last: Option<NodeId>,
}

impl Flat {
    pub(super) fn new(text: &str) -> Self {
        let (document, root) = Document::mapping(Span::new(0, text.len()));
        Self {
            document,
            root,
            section: None,
            last: None,
        }
    }

    pub(super) fn entry(&mut self, (key_span, key): (Span, &str), kind: NodeKind, span: Span) {
        let parent = self.section.unwrap_or(self.root);
        self.last = Some(self.document.insert(parent, (key, key_span), kind, span));
        self.stretch_section(span.end);
    }

    pub(super) fn section(&mut self, (span, name): (Span, &str)) {
        let section =
            self.document
                .insert(self.root, (name, span), NodeKind::Map(Vec::new()), span);
        self.section = Some(section);
        self.last = None;
    }

    pub(super) fn stretch_section(&mut self, end: u32) {
        if let Some(node) = self
            .section
            .and_then(|section| self.document.nodes.get_mut(section as usize))
        {
            node.span.end = end;
        }
    }

    /// Appends an indented line to the value above it; false when there is none.
    pub(super) fn continue_value(&mut self, more: &str, span: Span) -> bool {
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

    pub(super) fn finish(self) -> Document {
        self.document
    }
}

/// One line without its end, and where the next one begins.
pub(super) struct Line {
    pub(super) span: Span,
    pub(super) next: usize,
}

pub(super) fn line_at(text: &str, at: usize) -> Option<Line> {
    let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
    let length = rest.find('\n').unwrap_or(rest.len());
    let line = rest.get(..length).unwrap_or_default();
    Some(Line {
        span: Span::new(at, at + line.trim_end_matches('\r').len()),
        next: at + length + 1,
    })
}

pub(super) fn slice(text: &str, span: Span) -> &str {
    text.get(span.range()).unwrap_or_default()
}

/// The value before a comment that begins with one of `marks`.
pub(super) fn strip_comment<'t>(value: &'t str, marks: &[&str]) -> &'t str {
    let end = marks
        .iter()
        .filter_map(|mark| value.find(mark))
        .min()
        .unwrap_or(value.len());
    value.get(..end).unwrap_or_default().trim_end()
}
