//! The report in three lines, for a terminal's history, a hook or a chat.

use super::{escape, words};
use crate::model::{Confidence, Outcome, Report, Severity, Status, WhatIf};
use std::collections::{BTreeMap, BTreeSet};

/// Files named before the rest is only counted.
const NAMED: usize = 3;

pub(super) fn render(report: &Report) -> String {
    lines(report).map(|line| format!("{line}\n")).concat()
}

/// Answer, what is open, what it takes. Escaped, without a line break.
pub(super) fn lines(report: &Report) -> [String; 3] {
    let score = &report.score;
    let number = score
        .score
        .map_or("no score".to_owned(), |number| format!("{number}/100"));
    let ready = score
        .conditions
        .iter()
        .find(|condition| condition.kind == "Ready");
    let reason = ready.map_or(String::new(), |ready| {
        format!(": {}", escape::prose(&ready.message))
    });
    let coverage = score
        .coverage
        .map_or_else(|| "nothing".to_owned(), words::percent);
    [
        format!("{}, {number}{reason}", score.verdict.as_str()),
        format!(
            "open: {}; {coverage} of what applies decided, {} of {} files read{}",
            open(report),
            report.inventory.files_read,
            report.inventory.files,
            gaps(report)
        ),
        work(report),
    ]
}

/// What was not seen, and what was loosened: named while it is little, and counted.
fn gaps(report: &Report) -> String {
    let mut text = String::new();
    let unread: Vec<String> = report
        .skipped
        .iter()
        .filter(|skip| skip.reason.lowers_coverage())
        .map(|skip| escape::line(&skip.path))
        .collect();
    if !unread.is_empty() {
        let named: Vec<&str> = unread.iter().take(NAMED).map(String::as_str).collect();
        text.push_str(&format!("; not in full: {}", named.join(", ")));
        if let more @ 1.. = unread.len().saturating_sub(NAMED) {
            text.push_str(&format!(" and {more} more"));
        }
    }
    let undecided = report
        .results
        .iter()
        .filter(|result| matches!(result.outcome, Outcome::Unknown(_)));
    for (number, one, many) in [
        (
            undecided.count(),
            "answer is unknown",
            "answers are unknown",
        ),
        (report.loosenings.len(), "loosening", "loosenings"),
    ] {
        if number > 0 {
            text.push_str(&format!("; {}", words::count(number, one, many)));
        }
    }
    text
}

fn work(report: &Report) -> String {
    let issues = report.issues();
    if issues.is_empty() {
        return "work: none that the rules can see".to_owned();
    }
    let work = format!(
        "work: {}, about {}",
        words::count(issues.len(), "issue", "issues"),
        words::minutes(report.score.effort_minutes)
    );
    let step = next_step(report).map_or(String::new(), |step| {
        format!(
            "; with everything {} fixed (about {}) {}/100, {}",
            words::and_above(step.after),
            words::minutes(step.effort_minutes),
            words::score(step.score),
            step.verdict.as_str()
        )
    });
    format!("{work}{step}")
}

/// The first step that makes the score better.
fn next_step(report: &Report) -> Option<&WhatIf> {
    let has = |severity: Severity| {
        report
            .issues()
            .iter()
            .any(|issue| issue.severity == severity)
    };
    let steps = report.score.what_if.iter();
    let mut better = steps.filter(|step| step.score > report.score.score && has(step.after));
    better.next()
}

/// Findings of one severity, each identity once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// Open, and the rule is sure enough to count.
    pub(super) open: usize,
    /// Open, but only a suspicion: it moves neither score nor gates.
    pub(super) suspected: usize,
    /// Waived or known.
    pub(super) accepted: usize,
}

/// The numbers that every format tells, by severity.
pub(super) fn counted(report: &Report) -> BTreeMap<Severity, Counted> {
    let mut out: BTreeMap<Severity, Counted> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut all = report.findings();
    // Of several with one identity an open one speaks for all.
    all.sort_by_key(|finding| finding.status != Status::Open);
    for finding in all {
        if !seen.insert((&finding.rule, &finding.fingerprint)) {
            continue;
        }
        let counted = out.entry(finding.severity).or_default();
        match (finding.status == Status::Open, finding.confidence) {
            (true, Confidence::Low) => counted.suspected += 1,
            (true, _) => counted.open += 1,
            (false, _) => counted.accepted += 1,
        }
    }
    out
}

/// Open findings by severity, sure ones first: `6 critical, 2 low; 1 suspected`.
pub(super) fn open(report: &Report) -> String {
    let by_severity = counted(report);
    let suspected: usize = by_severity.values().map(|counted| counted.suspected).sum();
    let sure: Vec<String> = by_severity
        .iter()
        .rev()
        .filter(|(_, counted)| counted.open > 0)
        .map(|(severity, counted)| format!("{} {severity}", counted.open))
        .collect();
    let sure = if sure.is_empty() {
        "nothing".to_owned()
    } else {
        sure.join(", ")
    };
    if suspected > 0 {
        format!("{sure}; {suspected} suspected")
    } else {
        sure
    }
}
