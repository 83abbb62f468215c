//! The audit report as a document, in the order in which a launch review reads it.
//!
//! Every number is computed from the report; sections that nothing in it supports are left out
//! with one line, and the numbers of issues do not depend on that.

mod appendix;
mod capacity;
mod checklist;
pub(super) mod comment;
pub(super) mod diff;
mod doc;
mod facts;
mod flows;
mod hipaa;
mod issues;
mod launch;
mod operate;
mod path;
mod plan;
mod proposed;
mod risk;
mod rollback;
mod security;
mod summary;
mod system;

use super::{Section, Style};
use crate::model::{Issue, Priority, Report, Severity, Verdict, WhatIf};
use doc::Doc;
use std::collections::BTreeSet;

/// The report and its issues.
struct Audit<'a> {
    report: &'a Report,
    issues: Vec<Issue<'a>>,
    style: &'a Style,
}

/// A part of the document, and the function that writes it.
type Part = (Section, fn(&mut Doc, &Audit<'_>));

const PARTS: [Part; 25] = [
    (Section::Summary, summary::executive),
    (Section::Scorecard, summary::scorecard),
    (Section::Critical, issues::critical),
    (Section::High, issues::high),
    (Section::Rest, issues::rest),
    (Section::Architecture, system::architecture),
    (Section::Capacity, capacity::section),
    (Section::Security, security::section),
    (Section::Compliance, hipaa::section),
    (Section::Reliability, operate::reliability),
    (Section::Observability, operate::observability),
    (Section::Impact, plan::impact),
    (Section::Checklist, checklist::section),
    (Section::Plan, plan::actions),
    (Section::Timeline, plan::timeline),
    (Section::Priorities, plan::matrix),
    (Section::Risk, risk::assessment),
    (Section::Decision, risk::decisions),
    (Section::Rollback, rollback::section),
    (Section::Unknowns, launch::limitations),
    (Section::Metrics, launch::metrics),
    (Section::Launch, launch::strategy),
    (Section::SignOff, launch::sign_off),
    (Section::NextReview, launch::next_review),
    (Section::Appendix, appendix::all),
];

pub(super) fn render(report: &Report, style: &Style) -> String {
    let audit = Audit::new(report, style);
    let mut doc = Doc::default();
    summary::title(&mut doc, &audit);
    summary::banner(&mut doc, &audit);
    for (section, write) in PARTS {
        if style.sections.has(section) {
            write(&mut doc, &audit);
        }
    }
    doc.finish()
}

impl<'a> Audit<'a> {
    fn new(report: &'a Report, style: &'a Style) -> Self {
        Self {
            report,
            issues: report.issues(),
            style,
        }
    }

    /// The word for a severity, behind a symbol where those are wanted.
    fn severity(&self, severity: Severity) -> String {
        let symbol = match severity {
            Severity::Critical => "🔴",
            Severity::High => "🟠",
            Severity::Medium => "🟡",
            Severity::Low => "🔵",
            Severity::Info => "⚪",
        };
        self.marked(symbol, severity.as_str())
    }

    /// A word behind a symbol where those are wanted.
    fn marked(&self, symbol: &str, word: &str) -> String {
        if self.style.emoji {
            format!("{symbol} {word}")
        } else {
            word.to_owned()
        }
    }

    /// The symbol of the verdict.
    fn symbol(&self) -> &'static str {
        match self.verdict() {
            Verdict::Ready => "✅",
            Verdict::Conditional => "⚠️",
            Verdict::NotReady => "⛔",
            Verdict::Inconclusive => "❓",
        }
    }

    /// Issues of one priority, in order of number.
    fn of(&self, priority: Priority) -> impl Iterator<Item = &Issue<'a>> {
        self.issues
            .iter()
            .filter(move |issue| issue.priority == priority)
    }

    fn count(&self, priority: Priority) -> usize {
        self.of(priority).count()
    }

    /// Minutes for all issues of one priority.
    fn minutes(&self, priority: Priority) -> u32 {
        self.of(priority)
            .map(|issue| issue.effort_minutes)
            .fold(0, u32::saturating_add)
    }

    /// What the score would be once issues down to a severity are fixed.
    fn step(&self, after: Severity) -> Option<&WhatIf> {
        self.report
            .score
            .what_if
            .iter()
            .find(|step| step.after == after)
    }

    /// The sentence behind the verdict.
    fn reason(&self) -> &str {
        let ready = self
            .report
            .score
            .conditions
            .iter()
            .find(|c| c.kind == "Ready");
        ready.map_or("", |condition| condition.message.as_str())
    }

    fn verdict(&self) -> Verdict {
        self.report.score.verdict
    }

    /// Checklist items that wait for a person.
    fn manual(&self) -> usize {
        self.report.open_attestations()
    }
}

/// `Issue 3`, `Issues 3, 4 and 7` or `Issues 3, 7–12 and 20`.
fn numbers<'i>(issues: impl IntoIterator<Item = &'i Issue<'i>>) -> String {
    let all: BTreeSet<usize> = issues.into_iter().map(|issue| issue.number).collect();
    let parts = ranges(&all);
    match parts.as_slice() {
        [] => "none".to_owned(),
        [only] if all.len() == 1 => format!("Issue {only}"),
        [only] => format!("Issues {only}"),
        [first @ .., last] => format!("Issues {} and {last}", first.join(", ")),
    }
}

/// Numbers in order, three or more in a row as the first and the last.
fn ranges(numbers: &BTreeSet<usize>) -> Vec<String> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == number => *end = number,
            _ => runs.push((number, number)),
        }
    }
    let written = |(start, end): (usize, usize)| match end - start {
        0 => vec![start.to_string()],
        1 => vec![start.to_string(), end.to_string()],
        _ => vec![format!("{start}–{end}")],
    };
    runs.into_iter().flat_map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn rows_of_numbers_are_written_short() {
        for (numbers, want) in [
            (vec![], ""),
            (vec![3], "3"),
            (vec![3, 4], "3, 4"),
            (vec![1, 3, 4, 5, 9], "1, 3–5, 9"),
        ] {
            assert_eq!(ranges(&numbers.into_iter().collect()).join(", "), want);
        }
    }
}
