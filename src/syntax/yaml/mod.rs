//! YAML into the arena: several documents, anchors as aliases, duplicate keys kept. A document
//! that does not parse costs only itself.

#[cfg(test)]
mod tests;

use crate::model::{SkipReason, Span};
use crate::syntax::bounds::{self, Unparsed};
use crate::syntax::template::Mask;
use crate::syntax::{Document, NodeId, NodeKind, scalar};
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Tag};
use std::collections::BTreeMap;

/// Reads all documents of `text`. `mask` tells which parts of it stand for templates.
pub(in crate::syntax) fn parse(original: &str, mask: &Mask) -> Result<Document, Unparsed> {
    let text = mask.text(original);
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        // Generated keys may be long; the standard's limit protects streaming parsers only.
        simple_key_max_lookahead: 8192,
    };
    let mut events = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder::new(original, mask);
    while let Some(event) = events.next_event() {
        match event {
            Ok((event, span)) => builder.take(event, span.byte_range().unwrap_or_default())?,
            Err(error) => {
                builder.abandon(&error)?;
                if !matches!(events.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
        if builder.documents > bounds::DOCUMENTS {
            builder.error(
                Span::new(text.len(), text.len()),
                format!("more than {} documents", bounds::DOCUMENTS),
            );
            break;
        }
    }
    builder.finish()
}

/// Entries looked at while the merge keys of one file are checked.
const MERGED: usize = 200_000;

/// A collection that is still open.
enum Frame {
    List {
        id: NodeId,
        items: Vec<NodeId>,
    },
    Map {
        id: NodeId,
        entries: Vec<(NodeId, NodeId)>,
        key: Option<NodeId>,
    },
}

struct Builder<'t> {
    original: &'t str,
    text: &'t str,
    mask: &'t Mask,
    document: Document,
    stack: Vec<Frame>,
    anchors: BTreeMap<usize, NodeId>,
    /// Where the document that is being read begins in the arena.
    first: usize,
    documents: usize,
}

impl<'t> Builder<'t> {
    fn new(original: &'t str, mask: &'t Mask) -> Self {
        let document = Document {
            merge_keys: true,
            templated: mask.is_templated(),
            ..Document::default()
        };
        Self {
            original,
            text: mask.text(original),
            mask,
            document,
            stack: Vec::new(),
            anchors: BTreeMap::new(),
            first: 0,
            documents: 0,
        }
    }

    fn take(&mut self, event: Event<'_>, range: std::ops::Range<usize>) -> Result<(), Unparsed> {
        let span = Span::new(range.start, range.end);
        match event {
            Event::DocumentStart(..) => self.begin(),
            Event::DocumentEnd => self.end(),
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span);
            }
            Event::SequenceStart(_, anchor, tag) => {
                let id = self.collection(NodeKind::List(Vec::new()), anchor, tag.as_deref(), span);
                self.stack.push(Frame::List {
                    id,
                    items: Vec::new(),
                });
            }
            Event::MappingStart(_, anchor, tag) => {
                let id = self.collection(NodeKind::Map(Vec::new()), anchor, tag.as_deref(), span);
                self.stack.push(Frame::Map {
                    id,
                    entries: Vec::new(),
                    key: None,
                });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => {
                let kind = self
                    .anchors
                    .get(&anchor)
                    .map_or(NodeKind::Unknown, |id| NodeKind::Alias(*id));
                self.add(kind, span);
            }
            Event::UnresolvedAlias(_) => {
                self.add(NodeKind::Unknown, span);
                self.error(span, "alias without an anchor".to_owned());
            }
            _ => {}
        }
        if self.document.nodes.len() > bounds::YAML_NODES {
            return Err(Unparsed {
                reason: SkipReason::Budget,
                detail: format!("more than {} YAML nodes", bounds::YAML_NODES),
            });
        }
        Ok(())
    }

    fn begin(&mut self) {
        self.first = self.document.nodes.len();
        self.documents += 1;
        self.anchors.clear();
    }

    fn end(&mut self) {
        // Nothing between two separators is no document.
        let empty = self
            .document
            .roots
            .last()
            .and_then(|root| self.document.nodes.get(*root as usize));
        if empty.is_some_and(|node| node.kind == NodeKind::Null && node.span.start == node.span.end)
        {
            self.document.roots.pop();
        }
        self.first = self.document.nodes.len();
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) {
        let span = self.trim(span);
        let key = matches!(self.stack.last(), Some(Frame::Map { key: None, .. }));
        let scalar =
            if self.mask.covers(span) || (!key && crate::syntax::template::is_template(text)) {
                NodeKind::Unknown.into()
            } else if key {
                let text = if span.start == span.end { "" } else { text };
                NodeKind::Str(text.into()).into()
            } else if let Some(tag) = tag {
                tagged(text, tag)
            } else if style == ScalarStyle::Plain {
                scalar::plain(text)
            } else {
                NodeKind::Str(text.into()).into()
            };
        let id = self.add(scalar.kind, span);
        self.replaces(id, tag);
        if let Some(raw) = scalar.raw {
            self.document.raw.insert(id, raw);
        }
        self.anchor(anchor, id);
    }

    /// The span of a block scalar reaches into the indentation of what follows.
    fn trim(&self, span: Span) -> Span {
        let text = self.text.get(span.range()).unwrap_or_default();
        Span::new(
            span.start as usize,
            span.start as usize + text.trim_end().len(),
        )
    }

    fn collection(
        &mut self,
        kind: NodeKind,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> NodeId {
        let kind = match tag.filter(|tag| standard(tag).is_none()).map(Tag::suffix) {
            None | Some("override" | "!") => kind,
            Some("reset") => NodeKind::Null,
            Some(_) => NodeKind::Unknown,
        };
        let id = self.add(kind, span);
        self.replaces(id, tag);
        self.anchor(anchor, id);
        id
    }

    /// Compose has tags for values that are not merged.
    fn replaces(&mut self, id: NodeId, tag: Option<&Tag>) {
        if tag.is_some_and(|tag| matches!(tag.suffix(), "override" | "reset")) {
            self.document.replaced.insert(id);
        }
    }

    fn anchor(&mut self, anchor: usize, id: NodeId) {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
    }

    fn add(&mut self, kind: NodeKind, span: Span) -> NodeId {
        let parent = self.stack.last().map(|frame| match frame {
            Frame::List { id, .. } | Frame::Map { id, .. } => *id,
        });
        let node = self.document.push(kind, span, parent);
        match self.stack.last_mut() {
            None => self.document.roots.push(node),
            Some(Frame::List { items, .. }) => items.push(node),
            Some(Frame::Map { entries, key, .. }) => match key.take() {
                None => *key = Some(node),
                Some(name) => entries.push((name, node)),
            },
        }
        node
    }

    fn close(&mut self, end: Span) {
        let Some(frame) = self.stack.pop() else {
            return;
        };
        let (id, kind, last) = match frame {
            Frame::List { id, items } => {
                let last = items.last().copied();
                (id, NodeKind::List(items), last)
            }
            Frame::Map { id, entries, .. } => {
                let last = entries.last().map(|(_, value)| *value);
                (id, NodeKind::Map(entries), last)
            }
        };
        // The end event of a block collection is empty and stands at the next token.
        let last = last
            .and_then(|last| self.document.nodes.get(last as usize))
            .map(|node| node.span.end);
        let end = if end.start < end.end {
            Some(end.end)
        } else {
            last
        };
        if let Some(node) = self.document.nodes.get_mut(id as usize) {
            node.span.end = end.unwrap_or(node.span.end).max(node.span.start);
            if !matches!(node.kind, NodeKind::Null | NodeKind::Unknown) {
                node.kind = kind;
            }
        }
    }

    /// A mapping with a key that a template writes, or whose merge keys lead to something unknown
    /// or to too much, may hold any key.
    fn open_unknown_merges(&mut self) {
        let mut left = MERGED;
        for id in 0..NodeId::try_from(self.document.nodes.len()).unwrap_or(NodeId::MAX) {
            if self.has_unknown_keys(id) {
                self.document.open.insert(id);
            } else if self.document.merges(id) {
                let merged = self.document.merged(id);
                let (complete, cost) = (merged.complete, merged.cost());
                left = left.saturating_sub(cost);
                if !complete || left == 0 {
                    self.document.open.insert(id);
                }
            }
        }
    }

    fn has_unknown_keys(&self, id: NodeId) -> bool {
        let document = &self.document;
        let node = document.nodes.get(id as usize);
        let Some(NodeKind::Map(entries)) = node.map(|node| &node.kind) else {
            return false;
        };
        let unknown = |node: NodeId| {
            document
                .node(node)
                .is_none_or(|node| node.kind == NodeKind::Unknown)
        };
        entries.iter().any(|(key, value)| {
            unknown(*key) || document.text(*key) == Some("<<") && unknown(*value)
        })
    }

    fn error(&mut self, span: Span, message: String) {
        if self.document.errors.len() < bounds::ERRORS {
            self.document.errors.push((span, message));
        }
    }

    /// Drops the half of a document that was read before it turned out not to parse.
    fn abandon(&mut self, error: &ScanError) -> Result<(), Unparsed> {
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            return Err(bounds::too_deep());
        }
        let first = NodeId::try_from(self.first).unwrap_or(NodeId::MAX);
        self.document.nodes.truncate(self.first);
        self.document.roots.retain(|root| *root < first);
        self.document.raw.retain(|node, _| *node < first);
        self.document.open.retain(|node| *node < first);
        self.document.replaced.retain(|node| *node < first);
        self.stack.clear();
        self.anchors.clear();
        let at = error.marker().byte_offset().unwrap_or_default();
        // Masks may hold line breaks that the file does not have.
        let line = bounds::line_of(self.original, at);
        self.error(Span::new(at, at), format!("not valid YAML at line {line}"));
        Ok(())
    }

    fn finish(mut self) -> Result<Document, Unparsed> {
        if self.document.roots.is_empty()
            && let Some((_, detail)) = self.document.errors.first()
        {
            let reason = if self.document.templated {
                SkipReason::Templated
            } else {
                SkipReason::Malformed
            };
            return Err(Unparsed {
                reason,
                detail: detail.clone(),
            });
        }
        self.open_unknown_merges();
        self.mask.open_holes(&mut self.document, self.text);
        Ok(self.document)
    }
}

/// The name of a tag of YAML itself.
fn standard(tag: &Tag) -> Option<std::borrow::Cow<'_, str>> {
    tag.suffix_in_namespace("tag:yaml.org,2002:")
}

/// A scalar with an explicit tag. What a tag of another tool makes of it is not known.
fn tagged(text: &str, tag: &Tag) -> scalar::Scalar {
    match (standard(tag).as_deref(), tag.suffix()) {
        (Some("null"), _) | (None, "reset") => NodeKind::Null.into(),
        (Some("int" | "float" | "bool"), _) => scalar::plain(text),
        (Some(_), _) | (None, "unsafe" | "override" | "!") => NodeKind::Str(text.into()).into(),
        (None, _) => NodeKind::Unknown.into(),
    }
}
