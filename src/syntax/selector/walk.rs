//! Walks the arena along a path. Every visited node costs one unit of a budget, so that aliases,
//! merge keys and `..` cannot make a small file expensive.

use super::{Pick, Query, Segment, Selected, Selection, Selector};
use crate::model::Span;
use crate::syntax::{Document, NodeId, NodeKind};
use std::sync::Arc;

/// Steps from a root; deeper nodes are reached through cycles of aliases only.
const DEPTH: u32 = 512;

/// Entries of a mapping that can be looked through for one unit of the budget.
const ENTRIES_PER_UNIT: usize = 16;

/// A node on the way, and the step before it.
struct Step {
    node: NodeId,
    /// The key node of a mapping entry.
    key: Option<NodeId>,
    /// The index of a list item.
    index: usize,
    before: Option<usize>,
    depth: u32,
    /// Whether every filter on the way surely held.
    certain: bool,
}

/// The walk of one selection: the steps made so far and what is left of the budget.
pub(super) struct Walk<'d> {
    pub(super) document: &'d Document,
    steps: Vec<Step>,
    left: u32,
}

/// The nodes that a path inside a filter leads to, and whether others may exist.
pub(super) struct Reached {
    pub(super) nodes: Vec<NodeId>,
    /// The path runs into something that nobody knows.
    pub(super) unknown: bool,
}

pub(super) fn select(selector: &Selector, document: &Document, budget: u32) -> Selection {
    let mut walk = Walk {
        document,
        steps: Vec::new(),
        left: budget,
    };
    let mut selection = Selection {
        complete: true,
        ..Selection::default()
    };
    for root in &document.roots {
        walk.steps.clear();
        let Some(start) = walk.start(*root) else {
            break;
        };
        let reached = walk.follow(&selector.segments, start, *root, &mut selection.unknown);
        for step in reached {
            let certain = walk.steps.get(step).is_some_and(|step| step.certain);
            let selected = walk.selected(step, *root);
            if certain {
                selection.hits.push(selected)
            } else {
                selection.undecided.push(selected)
            }
        }
    }
    selection.complete = walk.left > 0;
    let place = |selected: &Selected| {
        let node = selected.key_node.unwrap_or(selected.node);
        document
            .nodes
            .get(node as usize)
            .map_or(Span::new(0, 0), |node| node.span)
    };
    selection.hits.sort_by_key(place);
    selection.undecided.sort_by_key(place);
    selection
}

impl Walk<'_> {
    /// Spends one unit of the budget.
    fn spend(&mut self) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        Some(())
    }

    fn start(&mut self, root: NodeId) -> Option<usize> {
        self.spend()?;
        self.steps.push(Step {
            node: root,
            key: None,
            index: 0,
            before: None,
            depth: 0,
            certain: true,
        });
        Some(self.steps.len() - 1)
    }

    /// The nodes that a path in a filter reaches from `node`. The steps made for it are dropped.
    pub(super) fn query(&mut self, query: &Query, node: NodeId, root: NodeId) -> Reached {
        let mark = self.steps.len();
        let mut unknown = false;
        let from = if query.absolute { root } else { node };
        let nodes = match self.start(from) {
            None => Vec::new(),
            Some(start) => {
                let reached = self.follow(&query.segments, start, root, &mut unknown);
                let steps = reached.iter().filter_map(|step| self.steps.get(*step));
                let (certain, uncertain): (Vec<_>, Vec<_>) = steps.partition(|step| step.certain);
                unknown |= !uncertain.is_empty();
                certain.iter().map(|step| step.node).collect()
            }
        };
        self.steps.truncate(mark);
        Reached { nodes, unknown }
    }

    fn follow(
        &mut self,
        segments: &[Segment],
        start: usize,
        root: NodeId,
        unknown: &mut bool,
    ) -> Vec<usize> {
        let mut current = vec![start];
        for segment in segments {
            let from = if segment.descendant {
                self.descendants(&current, unknown)
            } else {
                current
            };
            current = Vec::new();
            for step in from {
                for pick in &segment.picks {
                    self.pick(pick, step, root, &mut current, unknown);
                }
            }
        }
        current
    }

    /// The steps themselves and everything below them, each before what it holds.
    fn descendants(&mut self, from: &[usize], unknown: &mut bool) -> Vec<usize> {
        let mut found = Vec::new();
        let mut stack: Vec<usize> = from.iter().rev().copied().collect();
        while let Some(step) = stack.pop() {
            found.push(step);
            *unknown |= self.is_open(step);
            let children = self.children(step);
            stack.extend(children.into_iter().rev());
        }
        found
    }

    /// May the node of this step hold more than can be seen?
    fn is_open(&self, step: usize) -> bool {
        let Some(node) = self
            .steps
            .get(step)
            .and_then(|step| self.document.resolve(step.node))
        else {
            return true;
        };
        self.document.open.contains(&node)
            || self
                .document
                .nodes
                .get(node as usize)
                .is_some_and(|node| node.kind == NodeKind::Unknown)
    }

    fn pick(
        &mut self,
        pick: &Pick,
        step: usize,
        root: NodeId,
        out: &mut Vec<usize>,
        unknown: &mut bool,
    ) {
        let Some(node) = self.steps.get(step).map(|step| step.node) else {
            return;
        };
        match pick {
            Pick::Name(name) => match self.entry(node, name) {
                Some((key, value)) => out.extend(self.child(step, value, Some(key), 0)),
                None => *unknown |= self.is_open(step),
            },
            Pick::Index(index) => {
                let items = self.items(node);
                let at = usize::try_from(if *index < 0 {
                    index + length(&items)
                } else {
                    *index
                })
                .ok();
                match at.and_then(|at| items.get(at).map(|item| (at, *item))) {
                    Some((at, item)) => out.extend(self.child(step, item, None, at)),
                    None => *unknown |= self.is_open(step),
                }
            }
            Pick::Slice {
                start,
                end,
                step: by,
            } => {
                *unknown |= self.is_open(step);
                let items = self.items(node);
                for at in slice(*start, *end, *by, length(&items)) {
                    if let Some(item) = items.get(at) {
                        out.extend(self.child(step, *item, None, at));
                    }
                }
            }
            Pick::Wildcard => {
                *unknown |= self.is_open(step);
                out.extend(self.children(step));
            }
            Pick::Filter(test) => {
                *unknown |= self.is_open(step);
                for child in self.children(step) {
                    let Some(node) = self.steps.get(child).map(|step| step.node) else {
                        continue;
                    };
                    match self.holds(test, node, root) {
                        Some(false) => {}
                        Some(true) => out.push(child),
                        None => {
                            if let Some(child) = self.steps.get_mut(child) {
                                child.certain = false;
                            }
                            out.push(child);
                        }
                    }
                }
            }
        }
    }

    /// The entry of a mapping. Looking through a wide one costs more than one unit.
    fn entry(&mut self, node: NodeId, name: &str) -> Option<(NodeId, NodeId)> {
        if self.document.merges(node) {
            let merged = self.document.merged(node);
            self.charge(merged.cost());
        } else if let Some(NodeKind::Map(own)) = self.document.node(node).map(|node| &node.kind) {
            self.charge(own.len());
        }
        self.document.entry(node, name)
    }

    fn charge(&mut self, entries: usize) {
        let cost = u32::try_from(entries / ENTRIES_PER_UNIT).unwrap_or(u32::MAX);
        self.left = self.left.saturating_sub(cost);
    }

    fn items(&self, node: NodeId) -> Vec<NodeId> {
        match self.document.node(node).map(|node| &node.kind) {
            Some(NodeKind::List(items)) => items.clone(),
            _ => Vec::new(),
        }
    }

    fn children(&mut self, step: usize) -> Vec<usize> {
        let Some(node) = self.steps.get(step).map(|step| step.node) else {
            return Vec::new();
        };
        match self.document.node(node).map(|node| &node.kind) {
            Some(NodeKind::List(items)) => {
                let numbered = items.iter().enumerate();
                numbered
                    .filter_map(|(at, item)| self.child(step, *item, None, at))
                    .collect()
            }
            Some(NodeKind::Map(_)) => {
                let merged = self.document.merged(node);
                self.charge(merged.cost());
                let entries = merged.entries.into_iter();
                entries
                    .filter_map(|(key, value)| self.child(step, value, Some(key), 0))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn child(
        &mut self,
        before: usize,
        node: NodeId,
        key: Option<NodeId>,
        index: usize,
    ) -> Option<usize> {
        let (depth, certain) = self
            .steps
            .get(before)
            .map(|step| (step.depth + 1, step.certain))?;
        if depth > DEPTH {
            // Only a cycle leads here; it never ends, so the walk is not complete.
            self.left = 0;
        }
        self.spend()?;
        self.steps.push(Step {
            node,
            key,
            index,
            before: Some(before),
            depth,
            certain,
        });
        Some(self.steps.len() - 1)
    }

    fn selected(&self, step: usize, root: NodeId) -> Selected {
        let mut keys = Vec::new();
        let mut at = self.steps.get(step);
        let (node, key_node) = at.map_or((root, None), |step| (step.node, step.key));
        let parent = at
            .and_then(|step| step.before)
            .and_then(|before| self.steps.get(before))
            .map(|step| step.node);
        while let Some(Step {
            key,
            index,
            before: Some(before),
            ..
        }) = at
        {
            keys.push(match key {
                Some(key) => Arc::from(self.document.text(*key).unwrap_or_default()),
                None => Arc::from(index.to_string()),
            });
            at = self.steps.get(*before);
        }
        keys.reverse();
        Selected {
            node,
            key: keys.last().cloned(),
            keys,
            key_node,
            parent,
            root,
        }
    }
}

fn length(items: &[NodeId]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

/// The indices of a slice, in its order.
fn slice(start: Option<i64>, end: Option<i64>, step: i64, length: i64) -> Vec<usize> {
    let normal = |index: i64| if index < 0 { index + length } else { index };
    let (mut at, bound) = if step >= 0 {
        (
            normal(start.unwrap_or(0)).clamp(0, length),
            normal(end.unwrap_or(length)).clamp(0, length),
        )
    } else {
        let start = start.map_or(length - 1, normal).clamp(-1, length - 1);
        (start, end.map_or(-1, normal).clamp(-1, length - 1))
    };
    let mut indices = Vec::new();
    while step > 0 && at < bound || step < 0 && at > bound {
        indices.extend(usize::try_from(at));
        at = at.saturating_add(step);
    }
    indices
}
