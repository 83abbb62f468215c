//! The audit report as a document, in the order in which a launch review reads it.
//!
//! Every number is computed from the report; sections that nothing in it supports are left out
//! with one line, and the numbers of issues do not depend on that.

mod appendix;
pub(super) mod diff;
mod doc;
mod issues;
mod launch;
mod plan;
mod risk;
mod summary;
mod system;

use crate::model::{Issue, Priority, Report, Severity, Verdict, WhatIf};
use doc::Doc;

/// The report and its issues.
struct Audit<'a> {
    report: &'a Report,
    issues: Vec<Issue<'a>>,
}

pub(super) fn render(report: &Report) -> String {
    let audit = Audit {
        report,
        issues: report.issues(),
    };
    let mut doc = Doc::default();
    summary::title(&mut doc, &audit);
    summary::banner(&mut doc, &audit);
    summary::executive(&mut doc, &audit);
    summary::scorecard(&mut doc, &audit);
    issues::critical(&mut doc, &audit);
    issues::high(&mut doc, &audit);
    issues::rest(&mut doc, &audit);
    system::architecture(&mut doc, &audit);
    system::capacity(&mut doc, &audit);
    system::security(&mut doc, &audit);
    system::compliance(&mut doc, &audit);
    system::reliability(&mut doc, &audit);
    system::observability(&mut doc, &audit);
    plan::impact(&mut doc, &audit);
    plan::checklist(&mut doc, &audit);
    plan::actions(&mut doc, &audit);
    plan::timeline(&mut doc, &audit);
    plan::matrix(&mut doc, &audit);
    risk::assessment(&mut doc, &audit);
    risk::decisions(&mut doc, &audit);
    launch::limitations(&mut doc, &audit);
    launch::metrics(&mut doc, &audit);
    launch::strategy(&mut doc, &audit);
    launch::sign_off(&mut doc, &audit);
    launch::next_review(&mut doc, &audit);
    appendix::all(&mut doc, &audit);
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
