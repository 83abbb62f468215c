//! One arena for every document format: nodes with spans, keys included.

use crate::model::{Span, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

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

    /// The node itself, or the node it stands for.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        let mut node = self.nodes.get(id as usize)?;
        for _ in 0..16 {
            let NodeKind::Alias(target) = node.kind else { return Some(node) };
            node = self.nodes.get(target as usize)?;
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

    /// The entry of mapping `id` under `key`: its key node and its value node. The last one wins.
    pub fn entry(&self, id: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        let NodeKind::Map(entries) = &self.node(id)?.kind else { return None };
        entries.iter().rev().find(|(name, _)| self.text(*name) == Some(key)).copied()
    }

    /// The node as a value of at most `budget` nodes; a larger one is `Unknown`.
    pub fn value(&self, id: NodeId, budget: u32) -> Value {
        let mut left = budget;
        self.project(id, &mut left, 0)
    }

    fn project(&self, id: NodeId, left: &mut u32, depth: u32) -> Value {
        let Some(rest) = left.checked_sub(1) else { return Value::Unknown };
        *left = rest;
        if depth > 256 {
            return Value::Unknown;
        }
        match self.node(id).map(|node| &node.kind) {
            None | Some(NodeKind::Unknown | NodeKind::Alias(_)) => Value::Unknown,
            Some(NodeKind::Null) => Value::Null,
            Some(NodeKind::Bool(value)) => Value::Bool(*value),
            Some(NodeKind::Int(value)) => Value::Int(*value),
            Some(NodeKind::Float(value)) => Value::Float(*value),
            Some(NodeKind::Str(text)) => Value::Str(text.clone()),
            Some(NodeKind::List(items)) => {
                Value::list(items.iter().map(|item| self.project(*item, left, depth + 1)))
            }
            Some(NodeKind::Map(entries)) => {
                let mut map = BTreeMap::new();
                for (key, value) in entries {
                    if let Some(key) = self.text(*key) {
                        map.insert(Arc::from(key), self.project(*value, left, depth + 1));
                    }
                }
                Value::Map(Arc::new(map))
            }
        }
    }
}
