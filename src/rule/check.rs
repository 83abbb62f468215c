//! What is wrong with a manifest that has the right types: its examples, and what is compiled only
//! when it is first needed.

use super::predicate::Predicate;
use super::spec::RuleManifest;
use super::{FactRule, Matcher, Rule, Source};
use crate::manifest::{Code, Problem, Source as Manifest};
use std::sync::Arc;

/// Examples that are neither good nor bad, or of which there are none of one kind.
pub(super) fn examples(manifest: &Manifest, rule: &RuleManifest) -> Vec<Problem> {
    let mut problems = Vec::new();
    let examples = &rule.spec.examples;
    for example in examples {
        let at = Some(example.name.referenced);
        let wrong = match (&example.bad, &example.good) {
            (Some(_), Some(_)) | (None, None) => Some("is either `bad` or `good`"),
            (Some(_), None) if example.expect.is_empty() => Some("is `bad` but expects nothing"),
            (None, Some(_)) if !example.expect.is_empty() => {
                Some("is `good` but expects a finding")
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            let message = format!("example `{}` {wrong}", example.name.value);
            problems.push(manifest.problem(Code::Example, at, message));
        }
    }
    for (missing, word) in [
        (!examples.iter().any(|example| example.bad.is_some()), "bad"),
        (
            !examples.iter().any(|example| example.good.is_some()),
            "good",
        ),
    ] {
        if missing {
            let message = format!("no example is `{word}`");
            let at = Some(rule.metadata.name.referenced);
            problems.push(manifest.problem(Code::Example, at, message));
        }
    }
    problems
}

/// What is wrong with what is otherwise compiled when it is first needed.
pub(super) fn compiled(
    manifests: &[Manifest],
    rules: &[Rule],
    facts: &[FactRule],
    matchers: &[Matcher],
) -> Vec<Problem> {
    let find = |path: &Arc<str>| manifests.iter().find(|manifest| manifest.path == *path);
    let mut problems = Vec::new();
    for rule in rules {
        let Some(manifest) = find(&rule.path) else {
            continue;
        };
        for predicate in rule.predicates() {
            expression(manifest, predicate, &mut problems);
        }
        for source in rule.all_sources() {
            matcher(manifest, source, matchers, &mut problems);
        }
    }
    for fact in facts {
        let Some(manifest) = find(&fact.path) else {
            continue;
        };
        if let Some(predicate) = &fact.filter {
            expression(manifest, predicate, &mut problems);
        }
        for id in &fact.sources {
            matcher(manifest, &Source::Scan(*id), matchers, &mut problems);
        }
    }
    problems
}

fn expression(manifest: &Manifest, predicate: &Predicate, problems: &mut Vec<Problem>) {
    if let Err(message) = predicate.validate() {
        let message = format!("{message} in `{}`", predicate.source());
        problems.push(manifest.problem(Code::Expression, None, message));
    }
}

fn matcher(
    manifest: &Manifest,
    source: &Source,
    matchers: &[Matcher],
    problems: &mut Vec<Problem>,
) {
    let Source::Scan(id) = source else { return };
    if let Some(Matcher::Code(code)) = matchers.get(id.0 as usize)
        && let Err(errors) = code.validate()
    {
        let messages: Vec<String> = errors.into_iter().map(|error| error.message).collect();
        problems.push(manifest.problem(Code::Code, None, messages.join("; ")));
    }
}
