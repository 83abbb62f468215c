//! A Compose file as Compose sees it: defaults of variables in place, `extends` of the same file
//! merged, lists of `KEY=value` as mappings. Merge keys and anchors need nothing here; the arena
//! follows them. The environment and `.env` files are not looked at here, so a variable without a
//! default is unknown.

mod pairs;
#[cfg(test)]
mod tests;

use super::expand::{Escape, expand};
use super::{Document, Node, NodeId, NodeKind};
use crate::model::{RepoPath, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Services that extend each other in one chain, and mappings inside a service.
const DEPTH: u32 = 32;
/// Entries and items that merging may copy in one file.
const COPIES: usize = 200_000;
/// Lists that replace the one below instead of adding to it.
const REPLACING: [&str; 3] = ["command", "entrypoint", "test"];

/// Keys that only later formats have at the top.
const TOP: [&str; 4] = ["services", "version", "include", "networks"];

/// Resolves a Compose file in place. `path` is its own, so that it can be recognised in `extends`.
pub(super) fn resolve(document: &mut Document, path: &RepoPath) {
    nest(document);
    pairs::split(document);
    replace_variables(document);
    let mut left = COPIES;
    for root in document.roots.clone() {
        let Some((_, services)) = document.entry(root, "services") else {
            continue;
        };
        let Some(services) = document.resolve(services) else {
            continue;
        };
        let by_name: BTreeMap<Arc<str>, NodeId> = named(document, services);
        let names: Vec<_> = by_name.keys().cloned().collect();
        let mut extender = Extender {
            document,
            file: path.name(),
            by_name,
            done: BTreeMap::new(),
            left,
        };
        for name in names {
            extender.service(&name, 0);
        }
        left = extender.left;
        let done = extender.done;
        replace_services(document, services, &done);
    }
}

/// The first format of Compose had its services at the top.
fn nest(document: &mut Document) {
    for at in 0..document.roots.len() {
        let Some(root) = document.roots.get(at).copied() else {
            return;
        };
        let runs = |id| {
            ["build", "image"]
                .iter()
                .any(|key| document.entry(id, key).is_some())
        };
        let entries = document.entries(root);
        let newer = TOP.iter().any(|key| document.entry(root, key).is_some());
        let Some(Node { span, .. }) = document.node(root).cloned() else {
            continue;
        };
        if newer || !entries.iter().any(|(_, value)| runs(*value)) {
            continue;
        }
        let start = Span::new(span.start as usize, span.start as usize);
        let outer = document.push(NodeKind::Map(Vec::new()), span, None);
        let services = document.insert(outer, ("services", start), NodeKind::Map(entries), span);
        for (_, value) in document.entries(services) {
            if let Some(node) = document.nodes.get_mut(value as usize) {
                node.parent = Some(services);
            }
        }
        if let Some(root) = document.roots.get_mut(at) {
            *root = outer;
        }
    }
}

/// The text with its variables replaced as Compose does; `None` when it depends on a variable that
/// `lookup` does not know and that has no default.
///
/// ```
/// # use preop::syntax::interpolate;
/// let tag = |name: &str| (name == "TAG").then(|| "1.4.2".to_owned());
/// assert_eq!(interpolate("clinic/api:${TAG}", &tag).as_deref(), Some("clinic/api:1.4.2"));
/// assert_eq!(interpolate("${HOST}:${PORT:-80}", &tag), None);
/// ```
pub fn interpolate(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    expand(text, Escape::Dollar, lookup)
}

/// Replaces variables in all values. What was written stays beside what is read.
fn replace_variables(document: &mut Document) {
    let mut keys = BTreeSet::new();
    for node in &document.nodes {
        if let NodeKind::Map(entries) = &node.kind {
            keys.extend(entries.iter().map(|(key, _)| *key));
        }
    }
    for (id, node) in (0..).zip(&mut document.nodes) {
        let NodeKind::Str(text) = &node.kind else {
            continue;
        };
        if !text.contains('$') || keys.contains(&id) {
            continue;
        }
        let kind = expand(text, Escape::Dollar, &|_| None)
            .map_or(NodeKind::Unknown, |text| NodeKind::Str(text.into()));
        document.raw.insert(id, text.clone());
        node.kind = kind;
    }
}

fn named(document: &Document, services: NodeId) -> BTreeMap<Arc<str>, NodeId> {
    let entries = document.entries(services).into_iter();
    entries
        .filter_map(|(key, value)| Some((Arc::from(document.text(key)?), value)))
        .collect()
}

fn replace_services(document: &mut Document, services: NodeId, done: &BTreeMap<Arc<str>, NodeId>) {
    let Some(Node {
        kind: NodeKind::Map(entries),
        ..
    }) = document.nodes.get(services as usize)
    else {
        return;
    };
    let mut entries = entries.clone();
    for (key, value) in &mut entries {
        if let Some(merged) = document.text(*key).and_then(|name| done.get(name)) {
            *value = *merged;
        }
    }
    if let Some(node) = document.nodes.get_mut(services as usize) {
        node.kind = NodeKind::Map(entries);
    }
}

/// What a service extends.
enum Base {
    Here(Arc<str>),
    Elsewhere,
}

struct Extender<'d> {
    document: &'d mut Document,
    file: &'d str,
    by_name: BTreeMap<Arc<str>, NodeId>,
    done: BTreeMap<Arc<str>, NodeId>,
    left: usize,
}

impl Extender<'_> {
    /// The node of a service with everything that it extends.
    fn service(&mut self, name: &str, depth: u32) -> Option<NodeId> {
        if let Some(done) = self.done.get(name) {
            return Some(*done);
        }
        let (name, own) = self
            .by_name
            .get_key_value(name)
            .map(|(name, own)| (name.clone(), *own))?;
        let merged = match self.base(own) {
            None => own,
            Some(Base::Here(base)) if depth < DEPTH => match self.service(&base, depth + 1) {
                Some(base) => self.merge("", base, own, 0),
                None => own,
            },
            Some(_) => self.opened(own),
        };
        self.done.insert(name, merged);
        Some(merged)
    }

    fn base(&self, service: NodeId) -> Option<Base> {
        let (_, extends) = self.document.entry(service, "extends")?;
        let text = |id| self.document.text(id).map(Arc::from);
        if let Some(name) = text(extends) {
            return Some(Base::Here(name));
        }
        let name = self
            .document
            .entry(extends, "service")
            .and_then(|(_, name)| text(name));
        let file = self
            .document
            .entry(extends, "file")
            .map(|(_, file)| text(file));
        match (name, file) {
            (Some(name), None) => Some(Base::Here(name)),
            (Some(name), Some(Some(file))) if file.trim_start_matches("./") == self.file => {
                Some(Base::Here(name))
            }
            _ => Some(Base::Elsewhere),
        }
    }

    /// The same node, but with entries that cannot be seen from here.
    fn opened(&mut self, id: NodeId) -> NodeId {
        if let Some(id) = self.document.resolve(id) {
            self.document.open.insert(id);
        }
        id
    }

    /// `own` on top of `base`; `key` is what both stand under.
    fn merge(&mut self, key: &str, base: NodeId, own: NodeId, depth: u32) -> NodeId {
        let kind = |id| self.document.node(id).map(|node| &node.kind);
        if self.document.replaced.contains(&own) {
            return own;
        }
        match (kind(base), kind(own)) {
            (Some(NodeKind::Map(_)), Some(NodeKind::Map(_))) => self.merge_maps(base, own, depth),
            (Some(NodeKind::List(below)), Some(NodeKind::List(above)))
                if !REPLACING.contains(&key) =>
            {
                let items: Vec<_> = below.iter().chain(above).copied().collect();
                self.copy(own, items.len(), NodeKind::List(items))
            }
            // `KEY=value` lists and mappings mean the same to Compose; what the other one adds is
            // not put together here.
            (Some(NodeKind::List(_)), Some(above @ NodeKind::Map(_)))
            | (Some(NodeKind::Map(_)), Some(above @ NodeKind::List(_))) => {
                let above = above.clone();
                let copy = self.copy(own, 1, above);
                self.opened(copy)
            }
            (Some(_), Some(NodeKind::Null)) => base,
            _ => own,
        }
    }

    fn merge_maps(&mut self, base: NodeId, own: NodeId, depth: u32) -> NodeId {
        if depth >= DEPTH {
            return self.opened(own);
        }
        let mut entries = self.document.entries(own);
        let mut at: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        for (index, (key, _)) in entries.iter().enumerate() {
            at.extend(
                self.document
                    .text(*key)
                    .map(|text| (Arc::from(text), index)),
            );
        }
        for (key, below) in self.document.entries(base) {
            let Some(text) = self.document.text(key).map(Arc::<str>::from) else {
                continue;
            };
            // A service does not inherit what the service below extends; it is merged already.
            if depth == 0 && &*text == "extends" {
                continue;
            }
            match at.get(&text).and_then(|index| entries.get_mut(*index)) {
                Some((_, above)) => *above = self.merge(&text, below, *above, depth + 1),
                None => entries.push((key, below)),
            }
        }
        entries.retain(|(_, value)| !self.is_reset(*value));
        let is_open = |id| {
            self.document
                .resolve(id)
                .is_none_or(|id| self.document.open.contains(&id))
        };
        let open = is_open(base) || is_open(own);
        let merged = self.copy(own, entries.len(), NodeKind::Map(entries));
        if open { self.opened(merged) } else { merged }
    }

    /// Was the value taken back, so that nothing is set?
    fn is_reset(&self, id: NodeId) -> bool {
        let node = self.document.nodes.get(id as usize);
        self.document.replaced.contains(&id) && node.is_some_and(|node| node.kind == NodeKind::Null)
    }

    /// A node of its own at the place of `own`; when too much was copied, `own` with more unseen.
    fn copy(&mut self, own: NodeId, cost: usize, kind: NodeKind) -> NodeId {
        let Some(left) = self.left.checked_sub(cost + 1) else {
            return self.opened(own);
        };
        self.left = left;
        let Some(Node { span, parent, .. }) = self.document.node(own).cloned() else {
            return own;
        };
        self.document.push(kind, span, parent)
    }
}
