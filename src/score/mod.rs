//! Weights, caps, coverage, gates and verdict: two numbers and an answer from all results.
//!
//! * **Rule**: a share from 0 to 1, see `tally`. Weights are critical 10, high 6, medium 3, low 1,
//!   info 0, and 0 for rules of low confidence.
//! * **Category**: the weighted mean of its rules that passed or failed; `None` without one.
//! * **Score**: the weighted mean of the categories that have one, in percent, rounded down once.
//!   An open critical finding caps it at 59, an open high one at 89, unless the rule is unsure.
//! * **Coverage**: decided over applicable weight, a rule of several scopes in proportion, times
//!   the share of the files that could be read in full among those that should have been.
//! * **Verdict**: apart from the number. A blocker is an open critical finding whose confidence is
//!   not low; no amount of passes outweighs it.

mod exact;
mod tally;
mod verdict;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use crate::model::{
    CategoryScore, Condition, Grade, Inventory, RuleCard, RuleResult, Score, Severity, Skipped,
    Verdict, WhatIf, issues,
};
use exact::Sum;
use std::collections::{BTreeMap, BTreeSet};
pub use tally::weight;
use tally::{Standing, Tally, View, tallies};

/// Open critical findings leave at most this score.
pub const CRITICAL_CAP: u32 = 59;
/// Open high findings leave at most this score.
pub const HIGH_CAP: u32 = 89;
/// Below this coverage, in percent, no answer is given unless the policy names another bound.
pub const LEAST_COVERAGE: u32 = 50;

/// Categories that hold patients' data and the keys to it weigh twice as much.
const HEAVY_CATEGORIES: [&str; 3] = ["healthcare", "phi", "secrets"];

/// What must hold for the audit to succeed. The default asks for nothing beyond the verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// No open finding of this severity or above.
    pub fail_on: Option<Severity>,
    /// At least this score.
    pub min_score: Option<u32>,
    /// At least this score in a category, by name.
    pub min_category: BTreeMap<String, u32>,
    /// At least this coverage, in percent.
    pub min_coverage: Option<u32>,
    /// No open finding that the baseline does not know.
    pub fail_on_new: bool,
    /// Numbers count waived and known findings, and `CONDITIONAL` fails.
    pub strict: bool,
}

/// How much of the target could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Files that hold something to audit.
    pub wanted: u32,
    /// Those among them that were not read, or not in full.
    pub missed: u32,
}

impl Reading {
    /// Counts what was listed and what was skipped. A picture that was not read was not wanted.
    pub fn of(inventory: &Inventory, skipped: &[Skipped]) -> Self {
        let paths = |lowers: bool| -> BTreeSet<&str> {
            let some = skipped
                .iter()
                .filter(|skip| skip.reason.lowers_coverage() == lowers);
            some.map(|skip| skip.path.as_str()).collect()
        };
        let missed = paths(true);
        let unwanted = paths(false).difference(&missed).count();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let listed = inventory.files.saturating_sub(count(unwanted));
        Self {
            wanted: listed.max(count(missed.len())),
            missed: count(missed.len()),
        }
    }
}

/// Scores results whose findings already say whether they are open, waived or known.
pub fn score(
    results: &[RuleResult],
    cards: &BTreeMap<String, RuleCard>,
    reading: Reading,
    policy: &Policy,
) -> Score {
    let rules = tallies(results, cards);
    let coverage = coverage(&rules, reading);
    let open = verdict::decide(&rules, View::Open, coverage, policy);
    let effort = |from: Severity| {
        let all = issues(results, cards);
        let counted = all.iter().filter(|issue| issue.severity >= from);
        counted
            .map(|issue| issue.effort_minutes)
            .fold(0, u32::saturating_add)
    };
    let steps = [
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
    ];
    // A number for nothing that was read would look like an answer.
    let said = |number: Option<u32>| number.filter(|_| coverage.is_some());
    let what_if = steps.map(|after| {
        let then = verdict::decide(&rules, View::Below(after), coverage, policy);
        WhatIf {
            after,
            score: said(then.number.value),
            verdict: then.verdict,
            effort_minutes: effort(after),
        }
    });
    Score {
        score: said(open.number.value),
        raw: said(number(&rules, View::Raw).value),
        grade: said(open.number.value).map(grade),
        coverage: coverage.map(|parts| f64::from(parts) / f64::from(WHOLE)),
        verdict: open.verdict,
        effort_minutes: effort(Severity::Low),
        categories: categories(&rules, View::Open)
            .into_iter()
            .map(|category| CategoryScore {
                score: category.score.filter(|_| coverage.is_some()),
                ..category
            })
            .collect(),
        conditions: conditions(&open, &rules, coverage, policy),
        gates: open.gates,
        capped_by: open.number.capped_by,
        what_if: what_if.into(),
    }
}

/// The exit code of an audit that took place: 0 if all is well, 1 if the verdict is `NOT READY` or
/// a gate failed, 3 if no answer could be given. A failed gate is a fact even where too little
/// could be read, so 1 wins over 3.
pub fn exit_code(score: &Score) -> u8 {
    let failed = score
        .gates
        .iter()
        .any(|gate| !gate.passed && !gate.name.starts_with(verdict::COVERAGE_GATE));
    match score.verdict {
        Verdict::NotReady => 1,
        _ if failed => 1,
        Verdict::Inconclusive => 3,
        Verdict::Conditional | Verdict::Ready => 0,
    }
}

/// The letter for a score.
pub fn grade(score: u32) -> Grade {
    match score {
        90.. => Grade::A,
        80..90 => Grade::B,
        70..80 => Grade::C,
        60..70 => Grade::D,
        _ => Grade::F,
    }
}

/// A score and what caps it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Number {
    value: Option<u32>,
    capped_by: Vec<String>,
}

fn number(rules: &[Tally<'_>], view: View) -> Number {
    let (sum, weights) = weighted(rules, view);
    if weights == 0 {
        return Number {
            value: None,
            capped_by: Vec::new(),
        };
    }
    let mean = sum.percent_of(weights);
    for (severity, cap) in [
        (Severity::Critical, CRITICAL_CAP),
        (Severity::High, HIGH_CAP),
    ] {
        let capped_by = with_open(rules, view, severity);
        if !capped_by.is_empty() && mean > cap {
            return Number {
                value: Some(cap),
                capped_by,
            };
        }
    }
    Number {
        value: Some(mean),
        capped_by: Vec::new(),
    }
}

/// Names of the rules that have a finding of exactly this severity, sure enough to count.
fn with_open(rules: &[Tally<'_>], view: View, severity: Severity) -> Vec<String> {
    let has = |rule: &&Tally<'_>| {
        rule.seen(view)
            .any(|f| f.severity == severity && weight(f.severity, f.confidence) > 0)
    };
    rules
        .iter()
        .filter(has)
        .map(|rule| rule.rule.to_owned())
        .collect()
}

/// Sum of the weighted category means, and the sum of the weights of the categories.
fn weighted(rules: &[Tally<'_>], view: View) -> (Sum, u64) {
    let measured = || {
        rules
            .iter()
            .filter(|rule| rule.weight > 0)
            .filter_map(|r| Some((r, r.share(view)?)))
    };
    let mut weights: BTreeMap<&str, u64> = BTreeMap::new();
    for (rule, _) in measured() {
        *weights.entry(rule.category).or_default() += rule.weight;
    }
    let mut sum = Sum::default();
    for (rule, (part, whole)) in measured() {
        let all = weights.get(rule.category).copied().unwrap_or(rule.weight);
        sum.add(
            u128::from(category_weight(rule.category)) * u128::from(rule.weight) * u128::from(part),
            u128::from(all) * u128::from(whole),
        );
    }
    (
        sum,
        weights
            .keys()
            .map(|name| u64::from(category_weight(name)))
            .sum(),
    )
}

fn category_weight(name: &str) -> u32 {
    if HEAVY_CATEGORIES.contains(&name) {
        2
    } else {
        1
    }
}

fn categories(rules: &[Tally<'_>], view: View) -> Vec<CategoryScore> {
    let names: BTreeSet<&str> = rules.iter().map(|rule| rule.category).collect();
    names
        .into_iter()
        .map(|name| category(name, rules, view))
        .collect()
}

fn category(name: &str, rules: &[Tally<'_>], view: View) -> CategoryScore {
    let own = || rules.iter().filter(|rule| rule.category == name);
    let count = |wanted: Standing| {
        let some = own().filter(|rule| rule.standing(view) == wanted).count();
        u32::try_from(some).unwrap_or(u32::MAX)
    };
    let mut sum = Sum::default();
    let mut all = 0;
    for rule in own().filter(|rule| rule.weight > 0) {
        if let Some((part, whole)) = rule.share(view) {
            sum.add(
                u128::from(rule.weight) * u128::from(part),
                u128::from(whole),
            );
            all += rule.weight;
        }
    }
    CategoryScore {
        name: name.to_owned(),
        score: (all > 0).then(|| sum.percent_of(all)),
        weight: category_weight(name),
        pass: count(Standing::Pass),
        fail: count(Standing::Fail),
        waived: count(Standing::Waived),
        not_applicable: count(Standing::NotApplicable),
        unknown: count(Standing::Unknown),
    }
}

/// Coverage is counted in ten-thousandths, rounded down, so that 1 means all.
const WHOLE: u32 = 10_000;

fn coverage(rules: &[Tally<'_>], reading: Reading) -> Option<u32> {
    let applicable = || {
        rules
            .iter()
            .filter(|rule| rule.evaluated + rule.unknown > 0)
    };
    let all: u64 = applicable().map(|rule| rule.weight).sum();
    if all == 0 || reading.wanted == 0 {
        return None;
    }
    let fine = u64::from(WHOLE) * 1_000;
    let decided: u64 = applicable()
        .map(|rule| rule.weight * fine * rule.evaluated / (rule.evaluated + rule.unknown))
        .sum();
    let read = u64::from(reading.wanted.saturating_sub(reading.missed));
    let parts = u128::from(decided) * u128::from(read)
        / (u128::from(all) * u128::from(reading.wanted) * 1_000);
    u32::try_from(parts).ok()
}

fn conditions(
    open: &verdict::Decision,
    rules: &[Tally<'_>],
    coverage: Option<u32>,
    policy: &Policy,
) -> Vec<Condition> {
    let condition = |kind: &str, status: &str, reason: &str, message: String| Condition {
        kind: kind.to_owned(),
        status: status.to_owned(),
        reason: reason.to_owned(),
        message,
    };
    let ready = match open.verdict {
        Verdict::Ready => "True",
        Verdict::Inconclusive => "Unknown",
        Verdict::NotReady | Verdict::Conditional => "False",
    };
    let decided = rules
        .iter()
        .filter(|rule| rule.share(View::Raw).is_some())
        .count();
    let unknown = rules.iter().filter(|rule| rule.unknown > 0).count();
    let scored = open.number.value.is_some();
    let least = policy.min_coverage.unwrap_or(LEAST_COVERAGE);
    let covered = coverage.is_some_and(|parts| parts >= least.saturating_mul(WHOLE / 100));
    vec![
        condition("Ready", ready, open.reason, open.message.clone()),
        condition(
            "Scored",
            if scored { "True" } else { "False" },
            if scored {
                "Evaluated"
            } else {
                "NothingEvaluated"
            },
            format!("{decided} of {} rules were evaluated", rules.len()),
        ),
        condition(
            "Covered",
            if covered { "True" } else { "False" },
            if covered {
                "EnoughDecided"
            } else {
                "TooLittleDecided"
            },
            format!(
                "{unknown} of {} rules could not be decided everywhere",
                rules.len()
            ),
        ),
    ]
}
