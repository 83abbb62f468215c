//! A hit as a matcher makes it: byte spans and values, before line numbers and excerpts.

use crate::model::{MatcherId, Span, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one matcher found at one place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Raw {
    /// The matcher.
    pub matcher: MatcherId,
    /// The bytes.
    pub span: Span,
    /// The matched text or the selected node.
    pub value: Value,
    /// Captures by name.
    pub captures: BTreeMap<Arc<str>, Value>,
    /// Syntax node kinds of metavariables.
    pub kinds: BTreeMap<Arc<str>, &'static str>,
    /// Spans that no output may contain.
    pub mask: Vec<Span>,
}
