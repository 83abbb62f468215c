//! One arena for every document format: nodes with spans, keys included.

use crate::model::{Span, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Aliases of aliases that are followed before a node counts as unresolvable.
const ALIAS_CHAIN: usize = 16;
/// Levels of merge keys inside merged mappings.
const MERGE_DEPTH: u32 = 16;
/// Entries looked at while the merge keys of one mapping are followed.
const MERGE_BUDGET: u32 = 2000;
/// Levels of a projected value.
const VALUE_DEPTH: u32 = 256;

/// Index of a node in its document.
pub type NodeId = u32;

/// A parsed document, or several in one file.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// All nodes; parents come before their children.
    pub nodes: Vec<Node>,
    /// One root for each document of the file.
    pub roots: Vec<NodeId>,
    /// Parts that do not parse, with a message that quotes nothing of the text.
    pub errors: Vec<(Span, String)>,
    /// Holds templates that only rendering can resolve.
    pub templated: bool,
    /// Lists and mappings to which a template adds entries that nobody can know. Their own
    /// entries can be selected; as values they are `Unknown`, because no key is surely absent.
    pub open: BTreeSet<NodeId>,
    /// Whether the key `<<` merges another mapping, as it does in YAML.
    pub merge_keys: bool,
    /// Values that take the place of what other files set, and are not merged with it.
    pub replaced: BTreeSet<NodeId>,
    /// Values of a chart that were put in, by place, in order.
    pub values: Vec<(Span, Arc<str>)>,
    /// The text of numbers that read differently when written back: `1.10`, `0644`, `1e3`.
    pub raw: BTreeMap<NodeId, Arc<str>>,
    /// End of each line of the text, before its line break, in order.
    pub(super) line_ends: Vec<u32>,
}

/// A value or a key, with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it stands. A mapping's span covers its entries.
    pub span: Span,
    /// The list or mapping that holds it; `None` for a root.
    pub parent: Option<NodeId>,
}

/// The shape of a node.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// Null or empty.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Another number.
    Float(f64),
    /// Text.
    Str(Arc<str>),
    /// A sequence.
    List(Vec<NodeId>),
    /// Entries in order of the text; repeated keys are kept. Keys are `Str` nodes.
    Map(Vec<(NodeId, NodeId)>),
    /// Another mention of an anchored node. Walks must not follow it without a budget.
    Alias(NodeId),
    /// An expression or a template.
    Unknown,
}

impl Document {
    /// Adds a node and returns its index.
    pub fn push(&mut self, kind: NodeKind, span: Span, parent: Option<NodeId>) -> NodeId {
        self.nodes.push(Node { kind, span, parent });
        NodeId::try_from(self.nodes.len() - 1).unwrap_or(NodeId::MAX)
    }

    /// Adds an entry to mapping `map`: its key and a value, whose index is returned.
    pub(super) fn insert(
        &mut self,
        map: NodeId,
        key: (&str, Span),
        kind: NodeKind,
        span: Span,
    ) -> NodeId {
        let (text, key_span) = key;
        let key = self.push(NodeKind::Str(text.into()), key_span, Some(map));
        let value = self.push(kind, span, Some(map));
        if let Some(Node {
            kind: NodeKind::Map(entries),
            ..
        }) = self.nodes.get_mut(map as usize)
        {
            entries.push((key, value));
        }
        value
    }

    /// Adds an item to list `list` and returns its index.
    pub(super) fn append(&mut self, list: NodeId, kind: NodeKind, span: Span) -> NodeId {
        let item = self.push(kind, span, Some(list));
        if let Some(Node {
            kind: NodeKind::List(items),
            ..
        }) = self.nodes.get_mut(list as usize)
        {
            items.push(item);
        }
        item
    }

    /// A document that is one mapping; its root is returned too.
    pub(super) fn mapping(span: Span) -> (Self, NodeId) {
        let mut document = Self::default();
        let root = document.push(NodeKind::Map(Vec::new()), span, None);
        document.roots.push(root);
        (document, root)
    }

    /// The node itself, or the node it stands for.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(self.resolve(id)? as usize)
    }

    /// The index of the node that `id` stands for; `id` itself unless it is an alias.
    pub fn resolve(&self, id: NodeId) -> Option<NodeId> {
        let mut id = id;
        for _ in 0..ALIAS_CHAIN {
            let NodeKind::Alias(target) = self.nodes.get(id as usize)?.kind else {
                return Some(id);
            };
            id = target;
        }
        None
    }

    /// The text of a text node.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        match &self.node(id)?.kind {
            NodeKind::Str(text) => Some(text),
            _ => None,
        }
    }

    /// How a number is written, where that differs from how it reads: `1.10` is the number 1.1.
    pub fn raw_text(&self, id: NodeId) -> Option<&str> {
        self.raw.get(&self.resolve(id)?).map(|text| &**text)
    }

    /// The entry of mapping `id` under `key`: its key node and its value node. The last one wins;
    /// a merged entry counts only when the mapping has none of its own.
    pub fn entry(&self, id: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        let NodeKind::Map(own) = &self.node(id)?.kind else {
            return None;
        };
        if !self.merges(id) {
            return own
                .iter()
                .rev()
                .find(|(name, _)| self.text(*name) == Some(key))
                .copied();
        }
        self.entries(id)
            .into_iter()
            .find(|(name, _)| self.text(*name) == Some(key))
    }

    /// The entries of mapping `id` that are in force: each key once, its own keys first and then
    /// those of merge keys. Nothing for any other node.
    pub fn entries(&self, id: NodeId) -> Vec<(NodeId, NodeId)> {
        self.merged(id).entries
    }

    /// The entries of mapping `id`, with what it cost to find them.
    pub(super) fn merged(&self, id: NodeId) -> Merged<'_> {
        let mut merged = Merged {
            document: self,
            seen: BTreeSet::new(),
            entries: Vec::new(),
            left: MERGE_BUDGET,
            complete: true,
        };
        merged.take(id, 0);
        merged
    }

    /// Does this mapping have a merge key?
    pub(super) fn merges(&self, id: NodeId) -> bool {
        let kind = self.node(id).map(|node| &node.kind);
        matches!(kind, Some(NodeKind::Map(own)) if own.iter().any(|(key, _)| self.is_merge(*key)))
    }

    /// Is this key the merge key of YAML?
    fn is_merge(&self, key: NodeId) -> bool {
        self.merge_keys && self.text(key) == Some("<<")
    }

    /// The part of `span` on its first line.
    pub fn first_line(&self, span: Span) -> Span {
        let line = self.line_ends.partition_point(|&end| end < span.start);
        let end = self.line_ends.get(line).copied().unwrap_or(span.end);
        Span {
            start: span.start,
            end: span.end.min(end).max(span.start),
        }
    }

    /// Moves every span by `offset` bytes: the text was read without its byte order mark.
    pub(super) fn shift(&mut self, offset: u32) {
        self.relocate(|span| Span {
            start: span.start.saturating_add(offset),
            end: span.end.saturating_add(offset),
        });
    }

    /// Moves every span to where it comes from.
    pub(super) fn relocate(&mut self, origin: impl Fn(Span) -> Span) {
        for node in &mut self.nodes {
            node.span = origin(node.span);
        }
        for (span, _) in &mut self.errors {
            *span = origin(*span);
        }
    }

    /// Remembers where the lines of `text` end, for `first_line`.
    pub(super) fn index_lines(&mut self, text: &str) {
        let bytes = text.as_bytes();
        self.line_ends = memchr::memchr_iter(b'\n', bytes)
            .map(|at| {
                let carriage = at > 0 && bytes.get(at - 1) == Some(&b'\r');
                Span::new(at - usize::from(carriage), 0).start
            })
            .collect();
        self.line_ends.push(Span::new(bytes.len(), 0).start);
    }

    /// The node as a value of at most `budget` nodes; what lies beyond is `Unknown`.
    pub fn value(&self, id: NodeId, budget: u32) -> Value {
        let mut left = budget;
        self.project(id, &mut left, 0)
    }

    fn project(&self, id: NodeId, left: &mut u32, depth: u32) -> Value {
        let Some(rest) = left.checked_sub(1) else {
            return Value::Unknown;
        };
        *left = rest;
        let Some(target) = self.resolve(id) else {
            return Value::Unknown;
        };
        if depth > VALUE_DEPTH || self.open.contains(&target) {
            return Value::Unknown;
        }
        match self.nodes.get(target as usize).map(|node| &node.kind) {
            None | Some(NodeKind::Unknown | NodeKind::Alias(_)) => Value::Unknown,
            Some(NodeKind::Null) => Value::Null,
            Some(NodeKind::Bool(value)) => Value::Bool(*value),
            Some(NodeKind::Int(value)) => Value::Int(*value),
            Some(NodeKind::Float(value)) => Value::Float(*value),
            Some(NodeKind::Str(text)) => Value::Str(text.clone()),
            Some(NodeKind::List(items)) => Value::list(
                items
                    .iter()
                    .map(|item| self.project(*item, left, depth + 1)),
            ),
            Some(NodeKind::Map(_)) => self.project_map(target, left, depth),
        }
    }

    fn project_map(&self, id: NodeId, left: &mut u32, depth: u32) -> Value {
        let mut map = BTreeMap::new();
        for (key, value) in self.entries(id) {
            if let Some(key) = self.text(key) {
                map.insert(Arc::from(key), self.project(value, left, depth + 1));
            }
        }
        Value::Map(Arc::new(map))
    }
}

/// The entries of one mapping, merge keys included, collected within a budget.
pub(super) struct Merged<'d> {
    document: &'d Document,
    seen: BTreeSet<&'d str>,
    pub(super) entries: Vec<(NodeId, NodeId)>,
    left: u32,
    /// Whether all merge keys could be followed.
    pub(super) complete: bool,
}

impl<'d> Merged<'d> {
    /// Entries that were looked at.
    pub(super) fn cost(&self) -> usize {
        self.entries.len() + (MERGE_BUDGET - self.left) as usize
    }

    fn take(&mut self, id: NodeId, depth: u32) {
        let Some(NodeKind::Map(own)) = self.document.node(id).map(|node| &node.kind) else {
            return;
        };
        let first = self.entries.len();
        for (key, value) in own.iter().rev() {
            let text: Option<&'d str> = self.document.text(*key);
            let merge = self.document.is_merge(*key);
            if !merge && text.is_none_or(|text| self.seen.insert(text)) {
                self.entries.push((*key, *value));
            }
        }
        if let Some(added) = self.entries.get_mut(first..) {
            added.reverse();
        }
        for (key, value) in own {
            if self.document.is_merge(*key) {
                self.merge(*value, depth + 1);
            }
        }
    }

    fn merge(&mut self, value: NodeId, depth: u32) {
        let Some(node) = self.document.node(value) else {
            return;
        };
        let cost = match &node.kind {
            NodeKind::Map(entries) => entries.len(),
            NodeKind::List(items) => items.len(),
            _ => return,
        };
        let left = u32::try_from(cost + 1)
            .ok()
            .and_then(|cost| self.left.checked_sub(cost));
        let Some(left) = left.filter(|_| depth <= MERGE_DEPTH) else {
            self.complete = false;
            return;
        };
        self.left = left;
        match &node.kind {
            NodeKind::List(items) => items.iter().for_each(|item| self.merge(*item, depth + 1)),
            _ => self.take(value, depth),
        }
    }
}
