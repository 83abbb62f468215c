//! What a matcher hands over before places, excerpts and digests are made of it.

use crate::model::{MatcherId, Span, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A hit as bytes of one file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Raw {
    /// Which matcher found it.
    pub(crate) matcher: MatcherId,
    /// The matched bytes.
    pub(crate) span: Span,
    /// The matched text or the selected node.
    pub(crate) value: Value,
    /// Captures by name.
    pub(crate) captures: BTreeMap<Arc<str>, Value>,
    /// Syntax node kinds of the metavariables (`code` only).
    pub(crate) kinds: BTreeMap<Arc<str>, &'static str>,
    /// Bytes that no output may contain (`text` only).
    pub(crate) mask: Vec<Span>,
}
