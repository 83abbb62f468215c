//! Where the lines end up that a template writes: which value or collection nobody can know.

use crate::model::Span;
use crate::syntax::{Document, NodeId, NodeKind};

/// Lines that a template writes at byte `at`, indented to `column`.
pub(super) struct Hole {
    pub(super) at: usize,
    pub(super) column: usize,
    /// Stands behind a key or dash of a line with this indent, and may be followed by more lines of
    /// the same collection.
    pub(super) follows: Option<usize>,
}

/// What a hole makes unknown.
enum Place {
    /// The value that is missing there.
    Value(NodeId),
    /// The entries that the collection has beside its own.
    Entries(NodeId),
}

impl Hole {
    /// Moves to the lines that follow in the same collection, if there are any.
    pub(super) fn settle(&mut self, masked: &[u8]) {
        let Some(indent) = self.follows else { return };
        let rest = masked.get(self.at..).unwrap_or_default();
        let Some(next) = rest.iter().position(|byte| !byte.is_ascii_whitespace()) else {
            return;
        };
        let blanks = rest.get(..next).unwrap_or_default();
        let Some(newline) = blanks.iter().rposition(|byte| *byte == b'\n') else {
            return;
        };
        let column = next - newline - 1;
        if column > indent {
            self.at += next;
            self.column = column;
        }
    }

    /// Marks what this hole makes unknown.
    pub(super) fn open(&self, document: &mut Document, text: &str) {
        match place_of(document, text, self) {
            Some(Place::Value(id)) => {
                if let Some(node) = document.nodes.get_mut(id as usize) {
                    node.kind = NodeKind::Unknown;
                }
            }
            Some(Place::Entries(id)) => {
                document.open.insert(id);
            }
            None => {}
        }
    }
}

/// Walks down from the last root before the hole, by the columns of the collections.
fn place_of(document: &Document, text: &str, hole: &Hole) -> Option<Place> {
    let hole_at = Span::new(hole.at, 0).start;
    let at = |id: NodeId| document.nodes.get(id as usize);
    let roots = document
        .roots
        .partition_point(|root| at(*root).is_some_and(|node| node.span.start <= hole_at));
    // Before the first document's first entry, lines still belong to that document.
    let mut id = document.roots.get(roots.saturating_sub(1)).copied()?;
    loop {
        let node = at(id)?;
        let before = |child: &NodeId| at(*child).is_some_and(|node| node.span.start <= hole_at);
        let (next, column) = match &node.kind {
            NodeKind::Map(entries) => {
                let entry = entries.get(
                    entries
                        .partition_point(|(key, _)| before(key))
                        .wrapping_sub(1),
                );
                (
                    entry.map(|(_, value)| *value),
                    column_of(text, node.span.start),
                )
            }
            NodeKind::List(items) => {
                let item = items.get(items.partition_point(before).wrapping_sub(1));
                (item.copied(), list_column(text, node.span.start))
            }
            NodeKind::Null => return Some(Place::Value(id)),
            _ => return at(id)?.parent.map(Place::Entries),
        };
        let Some(next) = next else {
            return Some(Place::Entries(id));
        };
        let child = at(next)?;
        let deeper = match &child.kind {
            NodeKind::Null => {
                hole.column > column
                    || matches!(node.kind, NodeKind::Map(_)) && hole.column == column
            }
            // Another template writes it already.
            NodeKind::Unknown if hole.column > column => return None,
            // A list may stand at the column of the key above it.
            NodeKind::List(_) => hole.column >= list_column(text, child.span.start),
            NodeKind::Map(_) => hole.column >= column_of(text, child.span.start),
            _ => false,
        };
        if !deeper {
            return Some(Place::Entries(id));
        }
        id = next;
    }
}

/// The column of a byte, from 0.
fn column_of(text: &str, offset: u32) -> usize {
    let before = text.get(..offset as usize).unwrap_or_default();
    before.len() - before.rfind('\n').map_or(0, |newline| newline + 1)
}

/// The column of the dash of a block list; the parser reports the place of its first item.
fn list_column(text: &str, offset: u32) -> usize {
    let before = text.get(..offset as usize).unwrap_or_default().trim_end();
    match before.strip_suffix('-') {
        Some(dash) => column_of(text, Span::new(dash.len(), 0).start),
        None => column_of(text, offset),
    }
}
