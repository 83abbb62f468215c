//! Runs `data` matchers: every document is parsed once a format, and only for a matcher whose
//! selected names occur in the text.

use super::prefilter::Occurrences;
use super::raw::Raw;
use super::{note_left_out, skipped, text};
use crate::model::{FileHits, MatcherId, REPLACES, RepoPath, Span, Template, UNDECIDED, Value};
use crate::rule::globs::Matched;
use crate::rule::{DataMatcher, Matcher};
use crate::syntax::{Chart, Document, Format, NodeId, Unparsed, chart_of, parse, parse_with};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Nodes of the largest value that a hit carries.
const BUDGET: u32 = 4000;
/// Nodes that one selection visits.
const SELECT_BUDGET: u32 = 200_000;

/// The `data` matchers of a rule set, by format.
pub(super) struct DataMatchers<'r> {
    formats: BTreeMap<Format, Vec<(MatcherId, &'r DataMatcher)>>,
}

impl<'r> DataMatchers<'r> {
    pub(super) fn new(matchers: &[(MatcherId, &'r Matcher)]) -> Self {
        let mut formats: BTreeMap<Format, Vec<_>> = BTreeMap::new();
        for &(id, matcher) in matchers {
            if let Matcher::Data(data) = matcher {
                formats.entry(data.format).or_default().push((id, data));
            }
        }
        Self { formats }
    }

    /// The name that every selected node of a matcher lies under, if it names one.
    pub(super) fn literals(&self) -> impl Iterator<Item = (MatcherId, &str)> {
        self.formats
            .values()
            .flatten()
            .filter_map(|(id, data)| Some((*id, literal(data)?)))
    }

    /// Could a file of this name be read as a document that a matcher asks for?
    pub(super) fn may_read(&self, path: &RepoPath) -> bool {
        !self.formats.is_empty() && Format::may_be(path)
    }

    pub(super) fn run(
        &self,
        path: &RepoPath,
        text: &str,
        found: &Occurrences,
        matched: &Matched,
        out: &mut FileHits,
        raws: &mut Vec<Raw>,
    ) {
        if !self.may_read(path) {
            return;
        }
        for format in Format::detect(path, text) {
            out.formats.insert(format.name());
            let wanted = |id: MatcherId, data: &DataMatcher| {
                data.files.admits(matched) && (literal(data).is_none() || found.has(id))
            };
            let active = self.active(format, &wanted);
            if active.is_empty() {
                continue;
            }
            let read = parse(format, path, text);
            if format == Format::Kubernetes
                && chart_of(path).is_some()
                && read.as_ref().is_ok_and(|document| document.templated)
            {
                out.template = Some(Template {
                    text: Arc::from(text),
                    masks: Vec::new(),
                });
            }
            take(read, &active, path, out, raws);
        }
        out.skipped.dedup();
    }

    /// Reads a template again with what its chart tells. The matchers that have had their say.
    pub(super) fn read_with(
        &self,
        chart: &Chart,
        text: &str,
        matched: &Matched,
        out: &mut FileHits,
        raws: &mut Vec<Raw>,
    ) -> BTreeSet<MatcherId> {
        let path = out.file.path.clone();
        let mut done = BTreeSet::new();
        for format in Format::detect(&path, text) {
            // Values may hold the names that the text of the template does not.
            let active = self.active(format, &|_, data| data.files.admits(matched));
            done.extend(active.iter().map(|(id, _)| *id));
            if !active.is_empty() {
                let read = parse_with(format, &path, text, chart);
                take(read, &active, &path, out, raws);
            }
        }
        done
    }

    fn active(
        &self,
        format: Format,
        wanted: &dyn Fn(MatcherId, &DataMatcher) -> bool,
    ) -> Vec<(MatcherId, &'r DataMatcher)> {
        let all = self.formats.get(&format).into_iter().flatten();
        all.filter(|(id, data)| wanted(*id, data))
            .copied()
            .collect()
    }
}

/// Selects in a document, or notes why there is none.
fn take(
    read: Result<Document, Unparsed>,
    active: &[(MatcherId, &DataMatcher)],
    path: &RepoPath,
    out: &mut FileHits,
    raws: &mut Vec<Raw>,
) {
    let document = match read {
        Ok(document) => document,
        Err(unparsed) => {
            let detail = Some(unparsed.detail);
            return out.skipped.push(skipped(path, unparsed.reason, detail));
        }
    };
    let mut values = Values::new(&document);
    for (id, data) in active {
        let left_out = select(*id, data, &document, &mut values, raws);
        note_left_out(left_out, out);
    }
    for (_, detail) in document.errors.iter().take(1) {
        let reason = crate::model::SkipReason::Malformed;
        out.skipped
            .push(skipped(path, reason, Some(detail.clone())));
    }
}

/// A name that stands in the text of every document in which the matcher selects something.
fn literal(data: &DataMatcher) -> Option<&str> {
    // The names of a Dockerfile's document are ours, and so are the signs of an XML document's and
    // the key that the first format of Compose did not have.
    let written = |name: &&str| match data.format {
        Format::Dockerfile => false,
        Format::Compose => *name != "services",
        _ => !name.starts_with(['@', '#']),
    };
    let names = data.selector.literals().filter(written);
    names.max_by_key(|name| name.len())
}

fn select(
    id: MatcherId,
    data: &DataMatcher,
    document: &Document,
    values: &mut Values<'_>,
    raws: &mut Vec<Raw>,
) -> usize {
    let selection = data.selector.select_within(document, SELECT_BUDGET);
    let left_out = selection.hits.len().saturating_sub(text::MAX_HITS);
    let sure = selection.hits.into_iter().map(|node| (node, false));
    let unsure = selection.undecided.into_iter().map(|node| (node, true));
    for (node, undecided) in sure.chain(unsure).take(text::MAX_HITS) {
        let mut captures = BTreeMap::new();
        captures.insert(
            Arc::from("key"),
            node.key.clone().map_or(Value::Null, Value::Str),
        );
        captures.insert(
            Arc::from("keys"),
            Value::list(node.keys.iter().cloned().map(Value::Str)),
        );
        captures.insert(Arc::from("root"), values.of(node.root));
        if let Some(parent) = node.parent {
            captures.insert(Arc::from("parent"), values.of(parent));
        }
        if document.replaced.contains(&node.node) {
            captures.insert(Arc::from(REPLACES), Value::Bool(true));
        }
        if let Some(names) = values.put_in(node.node) {
            captures.insert(Arc::from("values"), names);
        }
        if undecided {
            captures.insert(Arc::from(UNDECIDED), Value::Bool(true));
        }
        raws.push(Raw {
            matcher: id,
            span: node.hit_span(document),
            value: values.of(node.node),
            captures,
            kinds: BTreeMap::new(),
            mask: value_span(data, document, node.node).into_iter().collect(),
        });
    }
    left_out
}

/// Where the value stands, if no output may contain it.
fn value_span(data: &DataMatcher, document: &Document, id: NodeId) -> Option<Span> {
    let node = document.nodes.get(id as usize)?;
    (!data.redact.is_empty()).then_some(node.span)
}

/// Values of nodes, projected once.
struct Values<'d> {
    document: &'d Document,
    known: BTreeMap<NodeId, Value>,
    /// Where nodes begin, in order, if values of a chart were put in.
    starts: Vec<u32>,
}

impl<'d> Values<'d> {
    fn new(document: &'d Document) -> Self {
        let mut starts = Vec::new();
        if !document.values.is_empty() {
            starts.extend(document.nodes.iter().map(|node| node.span.start));
            starts.sort_unstable();
        }
        Self {
            document,
            known: BTreeMap::new(),
            starts,
        }
    }

    fn of(&mut self, id: NodeId) -> Value {
        let document = self.document;
        self.known
            .entry(id)
            .or_insert_with(|| document.value(id, BUDGET))
            .clone()
    }

    /// The names of the values of a chart that stand in a node, or between it and the next one.
    fn put_in(&self, id: NodeId) -> Option<Value> {
        let span = self.document.nodes.get(id as usize)?.span;
        let next = self.starts.partition_point(|start| *start < span.end);
        let end = self.starts.get(next).copied().unwrap_or(u32::MAX);
        let all = &self.document.values;
        let from = all.partition_point(|(at, _)| at.start < span.start);
        let to = all.partition_point(|(at, _)| at.start < end.max(span.end));
        let names: BTreeSet<_> = all.get(from..to)?.iter().map(|(_, name)| name).collect();
        (!names.is_empty()).then(|| Value::list(names.into_iter().cloned().map(Value::Str)))
    }
}
