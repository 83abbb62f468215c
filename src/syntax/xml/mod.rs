//! XML into the arena: an element is a mapping of its children by tag, of its attributes by
//! `@name` and of its text as `#text`; one that has only text is that text. Children of the same
//! tag are a list. No entities but the five of the standard, no document types, no namespaces.

mod events;

#[cfg(test)]
mod tests;

use self::events::{Event, Events, Fault, Tag};
use super::bounds::{self, Unparsed};
use super::{Document, NodeId, NodeKind};
use crate::model::Span;
use std::collections::BTreeMap;

pub(super) fn parse(text: &str) -> Result<Document, Unparsed> {
    let root = read(text)?;
    let (mut document, map) = Document::mapping(Span::new(0, text.len()));
    let id = document.insert(
        map,
        (&root.tag.name, root.tag.place),
        root.kind(),
        root.span,
    );
    root.fill(&mut document, id);
    Ok(document)
}

/// An element and what stands in it.
struct Element {
    tag: Tag,
    span: Span,
    text: String,
    /// From the first to the last piece of text.
    text_span: Option<Span>,
    children: Vec<Element>,
}

impl Element {
    fn new(tag: Tag, span: Span) -> Self {
        Self {
            tag,
            span,
            text: String::new(),
            text_span: None,
            children: Vec::new(),
        }
    }

    fn is_text(&self) -> bool {
        self.tag.attributes.is_empty() && self.children.is_empty()
    }

    fn text_kind(&self) -> NodeKind {
        let text = self.text.trim();
        match text {
            "" => NodeKind::Null,
            _ if super::expand::is_reference(text) => NodeKind::Unknown,
            _ => NodeKind::Str(text.into()),
        }
    }

    /// The node of this element without what is inside it.
    fn kind(&self) -> NodeKind {
        if self.is_text() {
            self.text_kind()
        } else {
            NodeKind::Map(Vec::new())
        }
    }

    /// Adds attributes, text and children. Recursion is bounded by the depth that `read` allows.
    fn fill(&self, document: &mut Document, id: NodeId) {
        if self.is_text() {
            return;
        }
        for attribute in &self.tag.attributes {
            let kind = if super::expand::is_reference(&attribute.value) {
                NodeKind::Unknown
            } else {
                NodeKind::Str((&*attribute.value).into())
            };
            let key = (&*format!("@{}", attribute.name), attribute.name_span);
            document.insert(id, key, kind, attribute.value_span);
        }
        if let Some(span) = self.text_span {
            document.insert(id, ("#text", span), self.text_kind(), span);
        }
        let mut lists: BTreeMap<&str, Option<NodeId>> = BTreeMap::new();
        for child in &self.children {
            let repeated = lists.contains_key(&*child.tag.name);
            lists
                .entry(&child.tag.name)
                .and_modify(|list| *list = repeated.then_some(NodeId::MAX))
                .or_default();
        }
        for child in &self.children {
            let node = match lists.get_mut(&*child.tag.name) {
                Some(Some(list)) => {
                    if *list == NodeId::MAX {
                        let key = (&*child.tag.name, child.tag.place);
                        *list = document.insert(id, key, NodeKind::List(Vec::new()), child.span);
                    }
                    document.append(*list, child.kind(), child.span)
                }
                _ => document.insert(
                    id,
                    (&child.tag.name, child.tag.place),
                    child.kind(),
                    child.span,
                ),
            };
            child.fill(document, node);
        }
    }
}

/// Reads the one root element.
fn read(text: &str) -> Result<Element, Unparsed> {
    let malformed = |offset| bounds::malformed("XML", text, offset);
    let mut stack: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    let mut events = Events::new(text);
    while let Some(event) = events.next().map_err(|Fault(offset)| malformed(offset))? {
        match event {
            Event::Text(more, span) => match stack.last_mut() {
                Some(element) => {
                    element.text.push_str(&more);
                    let start = element.text_span.map_or(span.start, |before| before.start);
                    element.text_span = Some(Span {
                        start,
                        end: span.end,
                    });
                }
                None => return Err(malformed(span.start as usize)),
            },
            Event::Open(tag, span) => {
                if stack.is_empty() && root.is_some() {
                    return Err(malformed(span.start as usize));
                }
                let closed = tag.closed;
                stack.push(Element::new(tag, span));
                if stack.len() > bounds::DEPTH as usize {
                    return Err(bounds::too_deep());
                }
                if closed {
                    close(&mut stack, &mut root, span);
                }
            }
            Event::Close(name, span) => {
                if stack.last().is_none_or(|element| element.tag.name != name) {
                    return Err(malformed(span.start as usize));
                }
                close(&mut stack, &mut root, span);
            }
        }
    }
    match (stack.is_empty(), root) {
        (true, Some(root)) => Ok(root),
        _ => Err(malformed(text.trim_end().len())),
    }
}

fn close(stack: &mut Vec<Element>, root: &mut Option<Element>, end: Span) {
    let Some(mut element) = stack.pop() else {
        return;
    };
    element.span.end = end.end;
    match stack.last_mut() {
        Some(parent) => parent.children.push(element),
        None => *root = Some(element),
    }
}
