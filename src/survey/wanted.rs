//! Which matchers a set of rules needs, when the report shows nothing beside their findings.

use crate::model::MatcherId;
use crate::rule::{Predicate, Rule, RuleSet, Source};
use std::collections::BTreeSet;

/// Kinds of facts that find services, what they are, and what of them runs.
const BASIS: &[&str] = &[
    "alias",
    "background",
    "broker-client",
    "build",
    "chart",
    "chart-setting",
    "chart-values",
    "compose-document",
    "compose-replacement",
    "compose-variable",
    "dependency",
    "dynamic-import",
    "entrypoint",
    "grpc-server",
    "http-server",
    "keyword",
    "kustomization",
    "kustomize-object",
    "kustomize-operation",
    "manifest",
    "package",
    "phi-field",
    "phi-table",
    "websocket-server",
];
/// Kinds of facts that are joined to routes.
const ROUTING: &[&str] = &["base-path", "binding", "mount", "route", "router"];
/// Kinds of facts that the survey settles by others.
const SETTLED: &[(&str, &[&str])] = &[
    (
        "env-set",
        &["env-mention", "env-open", "env-read", "env-source"],
    ),
    (
        "port-offered",
        &[
            "image-final",
            "kubernetes-object",
            "port",
            "port-open",
            "port-setting",
        ],
    ),
];
/// Kinds of facts that say what a route asks of its callers.
const GUARDING: &[&str] = &[
    "auth-check",
    "auth-gate",
    "auth-gateway",
    "auth-guard",
    "auth-matcher",
    "class-base",
    "middleware",
    "path-list",
    "plain-view",
    "route-handler",
    "websocket-handler",
];
/// Words of rules that only routes can answer.
const ROUTED: &[&str] = &[".serves", "service.kind", ".frameworks", ".uses(", ".phi"];

/// The matchers of the rules themselves and of the facts that they, or the survey, ask for.
pub fn wanted(rules: &RuleSet) -> BTreeSet<MatcherId> {
    let scanned = |source: &Source| match source {
        Source::Scan(id) => Some(*id),
        Source::Fact(_) => None,
    };
    let own = rules.rules.iter().flat_map(Rule::all_sources);
    let facts = rules.facts.iter().filter(|fact| asked(rules, &fact.kind));
    own.filter_map(scanned)
        .chain(facts.flat_map(|fact| fact.sources.iter().copied()))
        .collect()
}

fn asked(rules: &RuleSet, kind: &str) -> bool {
    let names = |predicate: &Predicate, kind: &str| {
        let quoted = [format!("\"{kind}\""), format!("'{kind}'")];
        quoted.iter().any(|kind| predicate.mentions(kind))
    };
    let routed = ROUTING.contains(&kind);
    let guarding = GUARDING.contains(&kind);
    let speaks = |predicate: &Predicate| {
        names(predicate, kind)
            || (routed && ROUTED.iter().any(|word| predicate.mentions(word)))
            || (routed && ROUTING.iter().any(|kind| names(predicate, kind)))
            || (guarding && predicate.mentions(".auth"))
    };
    let named = |source: &Source| match source {
        Source::Fact(named) => **named == *kind || (routed && ROUTING.contains(&&**named)),
        Source::Scan(_) => false,
    };
    let settles = SETTLED
        .iter()
        .any(|(settled, by)| by.contains(&kind) && asked(rules, settled));
    settles
        || BASIS.contains(&kind)
        || rules
            .rules
            .iter()
            .any(|rule| rule.all_sources().any(named) || rule.predicates().any(speaks))
}
