//! `JSONPath` (RFC 9535) on the arena: which nodes of a document a rule speaks of.

mod filter;
mod grammar;
mod walk;

#[cfg(test)]
mod tests;

use super::{Document, NodeId};
use crate::model::Span;
use regex::Regex;
use std::fmt;
use std::sync::Arc;

/// Nodes that one selection visits by default.
const BUDGET: u32 = 400_000;

/// A compiled path.
///
/// Merge keys and aliases of YAML are followed; a mapping's own keys win over merged ones.
#[derive(Clone, Debug)]
pub struct Selector {
    segments: Vec<Segment>,
}

/// Why a path does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectError {
    /// What is wrong, lower case, without a full stop.
    pub message: String,
    /// Byte of the path where it is wrong.
    pub offset: usize,
}

impl fmt::Display for SelectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at character {}", self.message, self.offset + 1)
    }
}

impl std::error::Error for SelectError {}

/// One selected node and the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// The node; an alias where the path ends in one.
    pub node: NodeId,
    /// Its key or index; none for a root.
    pub key: Option<Arc<str>>,
    /// Keys and indices from the root, its own included.
    pub keys: Vec<Arc<str>>,
    /// The node of its key, if it is an entry of a mapping.
    pub key_node: Option<NodeId>,
    /// The list or mapping through which it was reached, which is not always where it is written.
    pub parent: Option<NodeId>,
    /// The root of its document.
    pub root: NodeId,
}

impl Selected {
    /// Where a finding about this node points: from its key to the end of its value, but not
    /// beyond the first line.
    pub fn hit_span(&self, document: &Document) -> Span {
        let span = |id: NodeId| document.nodes.get(id as usize).map(|node| node.span);
        let value = span(self.node).unwrap_or(Span::new(0, 0));
        let whole = match self.key_node.and_then(span) {
            Some(key) if value.contains(key) => value,
            // An entry that was put together has its value somewhere else.
            Some(key) if key.end <= value.start => Span {
                start: key.start,
                end: value.end,
            },
            Some(key) => key,
            None => value,
        };
        document.first_line(whole)
    }
}

/// What a path selects in one document.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The selected nodes, in order of the text.
    pub hits: Vec<Selected>,
    /// Nodes of which nobody can say whether they are selected: a filter touches something unknown.
    pub undecided: Vec<Selected>,
    /// Whether the path runs into something unknown, behind which more may be selected.
    pub unknown: bool,
    /// Whether the whole document was looked at; false when the budget ended first.
    pub complete: bool,
}

impl Selector {
    /// Compiles a path.
    ///
    /// ```
    /// # use preop::syntax::Selector;
    /// assert!(Selector::compile("$.services[?@.image == 'redis'].ports[*]").is_ok());
    /// assert_eq!(Selector::compile("$.a[").unwrap_err().offset, 4);
    /// ```
    pub fn compile(path: &str) -> Result<Self, SelectError> {
        grammar::compile(path)
    }

    /// The keys that lie on the way to every selected node. A document whose text does not hold
    /// one of them has nothing to select.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        let names = self
            .segments
            .iter()
            .filter_map(|segment| match segment.picks.as_slice() {
                [Pick::Name(name)] => Some(&**name),
                _ => None,
            });
        names.filter(|name| name.len() >= 3)
    }

    /// The key that a selected mapping must have, when the path ends with nothing but that filter:
    /// `image` for `$.services[?@.image]`.
    pub fn asked(&self) -> Option<&str> {
        let [Pick::Filter(Test::Exists(query))] = self.segments.last()?.picks.as_slice() else {
            return None;
        };
        match query.segments.as_slice() {
            [only] if !query.absolute && !only.descendant => match only.picks.as_slice() {
                [Pick::Name(name)] => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// The nodes that are surely selected, in order of the text, over all documents of the file.
    pub fn select(&self, document: &Document) -> Vec<Selected> {
        self.select_within(document, BUDGET).hits
    }

    /// Selects and says what could not be decided, visiting at most `budget` nodes.
    pub fn select_within(&self, document: &Document, budget: u32) -> Selection {
        walk::select(self, document, budget)
    }
}

/// One step of a path: children, or the node and all its descendants and then children.
#[derive(Clone, Debug)]
struct Segment {
    descendant: bool,
    picks: Vec<Pick>,
}

/// What a segment picks among the children of a node.
#[derive(Clone, Debug)]
enum Pick {
    Name(Arc<str>),
    Index(i64),
    Slice {
        start: Option<i64>,
        end: Option<i64>,
        step: i64,
    },
    Wildcard,
    Filter(Test),
}

/// A filter expression.
#[derive(Clone, Debug)]
enum Test {
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
    Exists(Query),
    Compare(Operand, Comparison, Operand),
    Regex(Operand, Regex),
}

/// A path inside a filter: from the current node `@` or from the root `$`.
#[derive(Clone, Debug)]
struct Query {
    absolute: bool,
    segments: Vec<Segment>,
}

/// A side of a comparison.
#[derive(Clone, Debug)]
enum Operand {
    Null,
    Bool(bool),
    Number(f64),
    Text(Arc<str>),
    /// The one node of a singular query.
    Node(Query),
    Length(Box<Self>),
    Count(Query),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
