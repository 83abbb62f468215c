//! The audit report as a document, in the order in which a launch review reads it.
//!
//! Every number is computed from the report; sections that nothing in it supports are left out
//! with one line, and the numbers of issues do not depend on that.

mod appendix;
mod capacity;
pub(super) mod comment;
pub(super) mod diff;
mod doc;
mod facts;
mod hipaa;
mod issues;
mod launch;
mod operate;
mod plan;
mod risk;
mod rollback;
mod security;
mod summary;
mod system;

use super::{Section, Sections};
use crate::model::{Issue, Priority, Report, Severity, Verdict, WhatIf};
use doc::Doc;

/// The report and its issues.
struct Audit<'a> {
    report: &'a Report,
    issues: Vec<Issue<'a>>,
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
    (Section::Checklist, plan::checklist),
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

pub(super) fn render(report: &Report, sections: Sections) -> String {
    let audit = Audit {
        report,
        issues: report.issues(),
    };
    let mut doc = Doc::default();
    summary::title(&mut doc, &audit);
    summary::banner(&mut doc, &audit);
    for (section, write) in PARTS {
        if sections.has(section) {
            write(&mut doc, &audit);
        }
    }
    doc.finish()
}

impl<'a> Audit<'a> {
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

/// `Issue 3` or `Issues 3, 4 and 7`.
fn numbers<'i>(issues: impl IntoIterator<Item = &'i Issue<'i>>) -> String {
    let all: Vec<String> = issues
        .into_iter()
        .map(|issue| issue.number.to_string())
        .collect();
    match all.as_slice() {
        [] => "none".to_owned(),
        [only] => format!("Issue {only}"),
        [first @ .., last] => format!("Issues {} and {last}", first.join(", ")),
    }
}
