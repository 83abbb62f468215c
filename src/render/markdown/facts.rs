//! Questions to the facts of a report, for tables of the system.

use super::Audit;
use crate::model::{Fact, Outcome, RuleResult, Value};
use std::collections::BTreeSet;

/// Facts of one kind, in order of place.
pub(super) fn of<'a>(audit: &Audit<'a>, kind: &'a str) -> impl Iterator<Item = &'a Fact> {
    audit
        .report
        .facts
        .iter()
        .filter(move |fact| &*fact.kind == kind)
}

/// Facts of one kind in one service, by its index; `None` is outside every service.
pub(super) fn within<'a>(
    audit: &Audit<'a>,
    kind: &'a str,
    service: Option<usize>,
) -> Vec<&'a Fact> {
    of(audit, kind)
        .filter(|fact| fact.service == service)
        .collect()
}

/// An attribute as people read it.
pub(super) fn attribute(fact: &Fact, name: &str) -> String {
    fact.attributes
        .get(name)
        .map_or(String::new(), Value::display)
}

/// Distinct words of an attribute.
pub(super) fn words<'a>(facts: impl IntoIterator<Item = &'a Fact>, name: &str) -> BTreeSet<String> {
    facts
        .into_iter()
        .map(|fact| attribute(fact, name))
        .filter(|word| !word.is_empty())
        .collect()
}

/// Did the pass look at anything? A rule that found nothing to look at shows nothing.
fn looked(result: &RuleResult) -> bool {
    result.judged > 0 || !result.evidence.is_empty()
}

/// How rules of some names stand for a service: where they are judged there, and otherwise where
/// they are judged for the repository as a whole.
pub(super) fn stands_for(
    audit: &Audit<'_>,
    service: &str,
    wanted: impl Fn(&str) -> bool,
) -> String {
    let own = stands(audit, service, &wanted);
    if own == "–" {
        stands(audit, ".", wanted)
    } else {
        own
    }
}

/// How rules of some names stand in one scope: the issue, or a word.
pub(super) fn stands(audit: &Audit<'_>, scope: &str, wanted: impl Fn(&str) -> bool) -> String {
    let own = || {
        let results = audit.report.results.iter();
        results.filter(|result| result.scope == scope && wanted(&result.rule))
    };
    let issues: BTreeSet<usize> = audit
        .issues
        .iter()
        .filter(|issue| wanted(issue.rule))
        .filter(|issue| own().any(|r| r.rule == issue.rule && r.outcome == Outcome::Fail))
        .filter(|issue| issue.service.unwrap_or(".") == scope)
        .map(|issue| issue.number)
        .collect();
    if !issues.is_empty() {
        let numbers: Vec<String> = issues.iter().map(ToString::to_string).collect();
        return format!("**gap** ({})", numbers.join(", "));
    }
    let any = |is: fn(&Outcome) -> bool| own().any(|result| is(&result.outcome));
    let word = if any(|outcome| *outcome == Outcome::Fail) {
        "accepted"
    } else if any(|outcome| matches!(outcome, Outcome::Unknown(_))) {
        "undecided"
    } else if own().any(|result| result.outcome == Outcome::Pass && looked(result)) {
        "holds"
    } else if any(|outcome| *outcome == Outcome::Pass) {
        "nothing against"
    } else {
        "–"
    };
    word.to_owned()
}
