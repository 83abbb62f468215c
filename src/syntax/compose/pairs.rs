//! Lists of `KEY=value`, which Compose reads as mappings: the key stays known when the value
//! depends on a variable.

use super::super::{Document, NodeId, NodeKind};
use crate::model::Span;
use std::sync::Arc;

/// The keys of a service, or of its build, under which such a list may stand.
const NAMES: [&str; 3] = ["environment", "args", "labels"];

/// Turns every list of pairs into a mapping, in place, so that aliases of it see one too.
pub(super) fn split(document: &mut Document) {
    for list in lists(document) {
        let Some(pairs) = pairs(document, list) else {
            continue;
        };
        let mut entries = Vec::with_capacity(pairs.len());
        for (key, value, at) in pairs {
            let length = u32::try_from(key.len()).unwrap_or(u32::MAX);
            let middle = at.start.saturating_add(length).min(at.end);
            let key = document.push(NodeKind::Str(key), Span { end: middle, ..at }, Some(list));
            let value = document.push(
                value,
                Span {
                    start: middle,
                    ..at
                },
                Some(list),
            );
            entries.push((key, value));
        }
        if let Some(node) = document.nodes.get_mut(list as usize) {
            node.kind = NodeKind::Map(entries);
        }
    }
}

fn lists(document: &Document) -> Vec<NodeId> {
    let mut out = Vec::new();
    for node in &document.nodes {
        let NodeKind::Map(entries) = &node.kind else {
            continue;
        };
        for (key, value) in entries {
            let named = document.text(*key).is_some_and(|key| NAMES.contains(&key));
            if named
                && let Some(value) = document.resolve(*value)
                && !document.open.contains(&value)
            {
                out.push(value);
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// Key, value and place of every item, if all are pairs.
fn pairs(document: &Document, list: NodeId) -> Option<Vec<(Arc<str>, NodeKind, Span)>> {
    let NodeKind::List(items) = &document.nodes.get(list as usize)?.kind else {
        return None;
    };
    let pair = |item: &NodeId| {
        let text = document.text(*item)?;
        let (key, value) = match text.split_once('=') {
            Some((key, value)) => (key, NodeKind::Str(value.into())),
            None => (text, NodeKind::Null),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
        let named = !key.is_empty() && key.chars().all(plain);
        let span = document.nodes.get(*item as usize)?.span;
        named.then(|| (Arc::from(key), value, span))
    };
    items.iter().map(pair).collect()
}
