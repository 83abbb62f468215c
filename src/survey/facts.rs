//! The list of facts itself: whose they are, no doubles, one order.

use crate::model::{Fact, RepoPath, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Kinds of facts that no rule speaks of.
const SCAFFOLDING: [&str; 21] = [
    "alias",
    "auth-gate",
    "auth-guard",
    "auth-matcher",
    "binding",
    "chart",
    "chart-setting",
    "chart-values",
    "class-base",
    "compose-replacement",
    "dynamic-import",
    "env-mention",
    "env-open",
    "env-source",
    "kustomize-object",
    "kustomize-operation",
    "port-open",
    "port-setting",
    "route-call",
    "route-function",
    "route-handler",
];

/// Sorts facts by kind, path and span, and drops what was seen twice in the same place.
pub(super) fn ordered(mut facts: Vec<Fact>) -> Vec<Fact> {
    facts.sort_by(|a, b| {
        place(a)
            .cmp(&place(b))
            .then_with(|| written(a).cmp(&written(b)))
    });
    facts.dedup_by(|a, b| place(a) == place(b) && a.attributes == b.attributes);
    facts
}

fn place(fact: &Fact) -> (&str, &RepoPath, crate::model::Span) {
    (&fact.kind, &fact.hit.location.path, fact.hit.location.span)
}

/// Attributes as text: values have no order of their own.
fn written(fact: &Fact) -> Vec<(Arc<str>, String)> {
    fact.attributes
        .iter()
        .map(|(name, value)| (name.clone(), value.display()))
        .collect()
}

/// Gives every fact the service of its file.
pub(super) fn assign(facts: &mut [Fact], owner: &BTreeMap<RepoPath, usize>) {
    for fact in facts {
        fact.service = owner.get(&fact.hit.location.path).copied();
    }
}

/// Drops facts that were only needed to join others.
pub(super) fn without_scaffolding(mut facts: Vec<Fact>) -> Vec<Fact> {
    facts.retain(|fact| !SCAFFOLDING.contains(&&*fact.kind));
    facts
}

/// The facts of one kind.
pub(super) fn of<'f>(facts: &'f [Fact], kind: &'f str) -> impl Iterator<Item = &'f Fact> {
    facts.iter().filter(move |fact| &*fact.kind == kind)
}

/// Every text in a value: itself, or the items of a list.
pub(super) fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::Str(text)) => vec![text],
        Some(Value::List(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
