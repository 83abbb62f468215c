//! Risk by theme, and what each of three decisions would mean.

use super::doc::{Doc, cell};
use super::{Audit, numbers, system};
use crate::model::{Issue, Priority, Severity, THEMES};
use crate::render::words;
use std::collections::BTreeSet;

/// How likely trouble is, by the most urgent open issue of a theme.
fn likelihood(priority: Option<Priority>) -> &'static str {
    match priority {
        Some(Priority::P0) => "Very high",
        Some(Priority::P1) => "High",
        Some(Priority::P2) => "Medium",
        Some(Priority::P3) => "Low",
        None => "Minimal",
    }
}

fn impact(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Severe",
        Severity::High => "Major",
        Severity::Medium => "Moderate",
        Severity::Low | Severity::Info => "Minor",
    }
}

/// The likelihood of the most urgent open issue at all.
pub(super) fn overall(audit: &Audit<'_>) -> String {
    likelihood(audit.issues.iter().map(|issue| issue.priority).min()).to_lowercase()
}

pub(super) fn assessment(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Risk assessment");
    if audit.issues.is_empty() {
        doc.paragraph("Left out: nothing is open.");
        return;
    }
    let rows: Vec<Vec<String>> = THEMES.iter().map(|theme| row(audit, theme)).collect();
    doc.table(&["Risk", "Today", "Issues", "After P0", "After all"], &rows);
    doc.paragraph(
        "Likelihood: very high over 90 %, high 60–90 %, medium 30–60 %, low 5–30 %, minimal below \
         5 %. These words follow from rules, not from actuarial data.",
    );
    scenario(doc, audit, "If deployed without fixes", |_| true);
    costs(doc, audit);
    scenario(doc, audit, "If deployed with all P0 fixed", |issue| {
        issue.priority > Priority::P0
    });
    scenario(
        doc,
        audit,
        "If deployed with everything down to medium fixed",
        |issue| issue.priority > Priority::P2,
    );
}

fn row(audit: &Audit<'_>, theme: &str) -> Vec<String> {
    let own: Vec<&Issue<'_>> = audit
        .issues
        .iter()
        .filter(|issue| issue.theme() == theme)
        .collect();
    let worst = own.iter().map(|issue| issue.severity).max();
    let today = likelihood(own.iter().map(|issue| issue.priority).min());
    let after = own
        .iter()
        .map(|issue| issue.priority)
        .filter(|p| *p > Priority::P0)
        .min();
    vec![
        words::theme(theme).to_owned(),
        worst.map_or(today.to_owned(), |worst| {
            format!("{today} × {}", impact(worst))
        }),
        numbers(own.iter().copied()),
        likelihood(after).to_owned(),
        likelihood(None).to_owned(),
    ]
}

fn scenario(doc: &mut Doc, audit: &Audit<'_>, title: &str, remains: impl Fn(&Issue<'_>) -> bool) {
    doc.heading(3, title);
    let left: Vec<&Issue<'_>> = audit.issues.iter().filter(|issue| remains(issue)).collect();
    if left.is_empty() {
        doc.paragraph("Nothing that the rules can see remains; attestations and a load test do.");
        return;
    }
    let worst = likelihood(left.iter().map(|issue| issue.priority).min());
    doc.paragraph(&format!(
        "Likelihood of trouble: {}. What remains:",
        worst.to_lowercase()
    ));
    doc.list(left.iter().take(4).map(|issue| {
        format!(
            "{}: {} [{}] (Issue {})",
            system::theme(issue),
            super::doc::text(issue.title()),
            audit.severity(issue.severity),
            issue.number
        )
    }));
}

/// What trouble of a theme costs, in the order of the themes.
const COSTS: [&str; 8] = [
    "patients harmed by what the screen says or does not say, and the inquiry that follows",
    "notice to every patient concerned and to the authorities, an investigation, the trust of patients",
    "penalties, lost contracts, and corrective work under supervision",
    "records that cannot be restored, and care that goes on without them",
    "a ward on paper while engineers repair under pressure",
    "trouble that patients and nurses report before the operators see it",
    "releases that break what worked, at any time of the day",
    "hours instead of minutes until the service is back",
];

/// What it costs if the likely happens: one line for each theme with a blocking or high issue.
fn costs(doc: &mut Doc, audit: &Audit<'_>) {
    let urgent = |theme: &str| {
        let mut own = audit.issues.iter().filter(|issue| issue.theme() == theme);
        own.any(|issue| issue.priority <= Priority::P1)
    };
    let lines: Vec<String> = THEMES
        .iter()
        .zip(COSTS)
        .filter(|(theme, _)| urgent(theme))
        .map(|(theme, cost)| format!("{}: {cost}", words::theme(theme)))
        .collect();
    if !lines.is_empty() {
        doc.paragraph("What it may cost:");
        doc.list(lines);
    }
}

pub(super) fn decisions(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Decision matrix");
    if audit.report.score.score.is_none() {
        doc.paragraph("Left out: nothing was evaluated.");
        return;
    }
    let head = [
        "Option",
        "Decision",
        "Score",
        "Work before",
        "Risk that is taken",
    ];
    doc.table(
        &head,
        &[now(audit), after_critical(audit), after_all(audit)],
    );
}

fn now(audit: &Audit<'_>) -> Vec<String> {
    let decision = match (audit.count(Priority::P0), audit.count(Priority::P1)) {
        (0, 0) => "RECOMMENDED",
        (0, _) => "ACCEPTABLE WITH CONDITIONS",
        _ => "NO",
    };
    vec![
        "Deploy now without fixes".to_owned(),
        format!("**{decision}**"),
        words::score(audit.report.score.score),
        words::minutes(0),
        themes(audit, Priority::P0),
    ]
}

fn after_critical(audit: &Audit<'_>) -> Vec<String> {
    let dire = ["patient-safety", "data-breach"];
    let remains = audit
        .of(Priority::P1)
        .any(|issue| dire.contains(&issue.theme()));
    let decision = if remains {
        "NOT RECOMMENDED"
    } else {
        "ACCEPTABLE"
    };
    vec![
        "Deploy after critical fixes (P0)".to_owned(),
        format!("**{decision}**"),
        projected(audit, Severity::Critical),
        work(audit, &[Priority::P0]),
        themes(audit, Priority::P1),
    ]
}

fn after_all(audit: &Audit<'_>) -> Vec<String> {
    vec![
        "Deploy after all fixes (P0–P2)".to_owned(),
        "**RECOMMENDED**, subject to attestations".to_owned(),
        projected(audit, Severity::Medium),
        work(audit, &[Priority::P0, Priority::P1, Priority::P2]),
        themes(audit, Priority::P3),
    ]
}

fn projected(audit: &Audit<'_>, after: Severity) -> String {
    audit
        .step(after)
        .map_or_else(|| "–".to_owned(), |step| words::score(step.score))
}

fn work(audit: &Audit<'_>, priorities: &[Priority]) -> String {
    let minutes = priorities.iter().map(|priority| audit.minutes(*priority));
    words::minutes(minutes.fold(0, u32::saturating_add))
}

fn themes(audit: &Audit<'_>, priority: Priority) -> String {
    let mut seen = BTreeSet::new();
    let names: Vec<&str> = audit
        .of(priority)
        .map(|issue| system::theme(issue))
        .filter(|name| seen.insert(*name))
        .collect();
    if names.is_empty() {
        "none known".to_owned()
    } else {
        cell(&names.join(", "))
    }
}
