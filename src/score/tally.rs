//! A rule's answers in all its scopes, taken together.
//!
//! A rule counts once, however many services it was judged in: otherwise a repository could buy
//! off a defect with many trivial services. It fails if it fails anywhere. If it fails nowhere but
//! could not be decided somewhere, it is reported as unknown; the scopes that were decided still
//! count for the score, and those that were not lower the coverage in proportion. Its share,
//! `0` to `1`, follows the rule's way of scoring over the findings of all scopes.
//!
//! A finding whose rule has adjusted its severity counts for as much of its rule as its own weight
//! is of the rule's weight, at most all of it: an `info` finding of a `high` rule costs nothing.

use crate::model::{Confidence, Finding, Outcome, RuleCard, RuleResult, Severity, Status};
use std::collections::BTreeMap;

/// Weight of a severity at a confidence. Low confidence never moves a number.
pub fn weight(severity: Severity, confidence: Confidence) -> u64 {
    if confidence == Confidence::Low {
        return 0;
    }
    match severity {
        Severity::Critical => 10,
        Severity::High => 6,
        Severity::Medium => 3,
        Severity::Low => 1,
        Severity::Info => 0,
    }
}

/// Which findings are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// Open ones.
    Open,
    /// All, as if nothing were waived or known.
    Raw,
    /// Open ones below a severity, as if the others were fixed.
    Below(Severity),
}

impl View {
    pub(super) fn holds(self, finding: &Finding) -> bool {
        let open = finding.status == Status::Open;
        match self {
            Self::Open => open,
            Self::Raw => true,
            Self::Below(severity) => open && finding.severity < severity,
        }
    }
}

/// One rule over all its scopes.
#[derive(Debug)]
pub(super) struct Tally<'a> {
    /// Name of the rule.
    pub(super) rule: &'a str,
    /// Category of the rule.
    pub(super) category: &'a str,
    /// Its weight in its category.
    pub(super) weight: u64,
    /// Would an open finding of the rule block the launch?
    pub(super) blocker: bool,
    /// Each finding once.
    pub(super) findings: Vec<&'a Finding>,
    /// Scopes in which it passed or failed.
    pub(super) evaluated: u64,
    /// Scopes in which it could not be decided.
    pub(super) unknown: u64,
    /// A person has to answer.
    pub(super) manual: bool,
    /// Failed, but there is no finding that could be fixed or waived.
    bare_failure: bool,
    scoring: Scoring,
    judged: u64,
}

#[derive(Clone, Copy, Debug)]
enum Scoring {
    Binary,
    Proportional,
    Decay,
}

/// What became of a rule over all its scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Pass,
    Fail,
    Waived,
    Unknown,
    NotApplicable,
    Manual,
}

/// The rules of `results`, in order of name.
pub(super) fn tallies<'a>(
    results: &'a [RuleResult],
    cards: &'a BTreeMap<String, RuleCard>,
) -> Vec<Tally<'a>> {
    let mut by_rule: BTreeMap<&str, Vec<&RuleResult>> = BTreeMap::new();
    for result in results {
        by_rule.entry(&result.rule).or_default().push(result);
    }
    by_rule
        .into_iter()
        .map(|(rule, results)| tally(rule, &results, cards.get(rule)))
        .collect()
}

fn tally<'a>(rule: &'a str, results: &[&'a RuleResult], card: Option<&'a RuleCard>) -> Tally<'a> {
    let count = |wanted: fn(&Outcome) -> bool| {
        results
            .iter()
            .filter(|result| wanted(&result.outcome))
            .count() as u64
    };
    let evaluated = count(|outcome| matches!(outcome, Outcome::Pass | Outcome::Fail));
    let unknown = count(|outcome| matches!(outcome, Outcome::Unknown(_)));
    let manual = count(|outcome| *outcome == Outcome::Manual) > 0;
    let bare = results
        .iter()
        .any(|r| r.outcome == Outcome::Fail && r.findings.is_empty());
    // A practice that is required everywhere is missing, not inapplicable, where it has no place.
    let required = card.is_some_and(|card| card.required) && evaluated + unknown == 0 && !manual;
    let findings = distinct(results);
    // A rule without a card weighs as much as what it found: an unknown severity fails closed.
    let (severity, confidence) = card.map_or_else(
        || {
            (
                findings
                    .iter()
                    .map(|f| f.severity)
                    .max()
                    .unwrap_or(Severity::Info),
                Confidence::High,
            )
        },
        |card| (card.severity, card.confidence),
    );
    Tally {
        rule,
        category: card.map_or("other", |card| card.category.as_str()),
        weight: weight(severity, confidence),
        blocker: severity == Severity::Critical && confidence > Confidence::Low,
        findings,
        evaluated: evaluated + u64::from(required),
        unknown,
        manual,
        bare_failure: bare || required,
        scoring: match card.map_or("binary", |card| card.scoring.as_str()) {
            "proportional" => Scoring::Proportional,
            "decay" => Scoring::Decay,
            _ => Scoring::Binary,
        },
        judged: results.iter().map(|result| u64::from(result.judged)).sum(),
    }
}

/// Findings with equal fingerprints are one; an open one speaks for its waived copies.
fn distinct<'a>(results: &[&'a RuleResult]) -> Vec<&'a Finding> {
    let mut found: BTreeMap<&str, &Finding> = BTreeMap::new();
    let strength = |finding: &Finding| {
        (
            finding.status == Status::Open,
            finding.severity,
            finding.confidence,
        )
    };
    for finding in results.iter().flat_map(|result| &result.findings) {
        let kept = found.entry(&finding.fingerprint.0).or_insert(finding);
        if strength(finding) > strength(kept) {
            *kept = finding;
        }
    }
    found.into_values().collect()
}

impl Tally<'_> {
    /// The findings that `view` holds.
    pub(super) fn seen(&self, view: View) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .copied()
            .filter(move |finding| view.holds(finding))
    }

    /// The rule's share as numerator and denominator; `None` if there is nothing to measure.
    pub(super) fn share(&self, view: View) -> Option<(u64, u64)> {
        if self.bare_failure {
            return Some((0, 1));
        }
        if self.evaluated == 0 {
            return None;
        }
        let whole = self.weight.max(1);
        let sizes = self
            .seen(view)
            .map(|f| weight(f.severity, f.confidence).min(whole));
        match self.scoring {
            Scoring::Binary => Some((whole - sizes.max().unwrap_or(0), whole)),
            Scoring::Decay => Some((whole, whole + sizes.sum::<u64>())),
            Scoring::Proportional => {
                let lost: u64 = sizes.sum();
                match self.judged * whole {
                    0 if lost == 0 => None,
                    0 => Some((0, 1)),
                    all => Some((all.saturating_sub(lost), all)),
                }
            }
        }
    }

    /// What became of the rule.
    pub(super) fn standing(&self, view: View) -> Standing {
        if self.bare_failure || self.seen(view).next().is_some() {
            Standing::Fail
        } else if !self.findings.is_empty() {
            Standing::Waived
        } else if self.unknown > 0 {
            Standing::Unknown
        } else if self.manual {
            Standing::Manual
        } else if self.share(view).is_some() {
            Standing::Pass
        } else {
            Standing::NotApplicable
        }
    }
}
