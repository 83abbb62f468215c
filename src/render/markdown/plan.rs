//! What to do, in which order, how long it takes, and what the score is afterwards.

use super::doc::{Doc, cell, code, text};
use super::{Audit, facts, numbers, path, system};
use crate::model::{ChecklistState, Issue, Priority, Severity};
use crate::render::words;
use std::borrow::Cow;

/// Priorities with their horizon, and the severity down to which the score rises with it.
const HORIZONS: [(Priority, &str, Severity); 4] = [
    (
        Priority::P0,
        "Immediate (next 72 hours)",
        Severity::Critical,
    ),
    (Priority::P1, "Short term (1–2 weeks)", Severity::High),
    (Priority::P2, "Medium term (1–2 months)", Severity::Medium),
    (Priority::P3, "Long term (3–6 months)", Severity::Low),
];

/// What can be counted: the metric, and the issues whose places it counts.
type Metric = (&'static str, fn(&Issue<'_>) -> bool);

const METRICS: [Metric; 6] = [
    ("Secrets that the repository shows", |issue| {
        issue.category() == "secrets" || issue.rule.contains("secret")
    }),
    ("Services that ask nobody who they are", |issue| {
        issue.rule == "authn-missing"
    }),
    ("Ways for patient data to get out", |issue| {
        issue.rule.starts_with("phi-")
    }),
    ("Ways to lose data", |issue| issue.theme() == "data-loss"),
    ("Ways to stop the service", |issue| {
        issue.theme() == "outage"
    }),
    ("Places where nobody would notice", |issue| {
        issue.theme() == "blind-operations"
    }),
];

pub(super) fn impact(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Expected impact after fixes");
    if audit.issues.is_empty() {
        doc.paragraph("Left out: nothing is open.");
        return;
    }
    let score = &audit.report.score;
    let mut rows = vec![vec![
        "now".to_owned(),
        words::score(score.score),
        score.verdict.as_str().to_owned(),
        "–".to_owned(),
    ]];
    rows.extend(score.what_if.iter().map(|step| {
        vec![
            format!("everything {} fixed", words::and_above(step.after)),
            words::score(step.score),
            step.verdict.as_str().to_owned(),
            words::minutes(step.effort_minutes),
        ]
    }));
    doc.table(&["State", "Score", "Verdict", "Work"], &rows);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (metric, wanted) in METRICS {
        let own: Vec<&Issue<'_>> = audit.issues.iter().filter(|issue| wanted(issue)).collect();
        let places: usize = own.iter().map(|issue| issue.findings.len()).sum();
        if places > 0 {
            rows.push(vec![
                metric.to_owned(),
                places.to_string(),
                "0".to_owned(),
                numbers(own),
            ]);
        }
    }
    rows.extend(open_routes(audit));
    for metric in [
        "Start-up time",
        "95th-percentile latency",
        "Requests at once under load",
    ] {
        let measure = || "measure".to_owned();
        rows.push(vec![
            metric.to_owned(),
            measure(),
            measure(),
            "`performance-measured`".to_owned(),
        ]);
    }
    doc.table(&["Metric", "Before", "After", "Basis"], &rows);
    doc.paragraph("Computed by the same rules with these findings removed; load and latency need a measurement.");
}

/// Routes of services in which no route asks who is calling.
fn open_routes(audit: &Audit<'_>) -> Option<Vec<String>> {
    let open: Vec<&Issue<'_>> = audit
        .issues
        .iter()
        .filter(|issue| issue.rule == "authn-missing" && issue.severity >= Severity::High)
        .collect();
    let services = audit.report.services.iter().enumerate();
    let routes: usize = services
        .filter(|(_, service)| open.iter().any(|i| i.service == Some(&service.name)))
        .map(|(index, _)| facts::within(audit, "route", Some(index)).len())
        .sum();
    (routes > 0).then(|| {
        vec![
            "Routes open to everybody".to_owned(),
            routes.to_string(),
            "those meant to be public".to_owned(),
            numbers(open),
        ]
    })
}

pub(super) fn actions(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Action plan");
    if audit.issues.is_empty() {
        doc.paragraph("Nothing is open.");
    } else {
        doc.paragraph(&path::sentence(audit));
    }
    for (priority, horizon, _) in HORIZONS {
        let mut own: Vec<&Issue<'_>> = audit.of(priority).collect();
        own.sort_by_key(|issue| (turn(issue), issue.number));
        let scope = if priority == Priority::P3 {
            roadmap(audit)
        } else {
            Vec::new()
        };
        if own.is_empty() && scope.is_empty() {
            continue;
        }
        doc.heading(3, &format!("{horizon}: {}", priority.as_str()));
        let work = own.into_iter().map(|issue| action(audit, issue));
        doc.list(work.chain(scope));
    }
}

/// What to do about an issue, in one line.
fn action(audit: &Audit<'_>, issue: &Issue<'_>) -> String {
    let what = issue.card.map_or(Cow::Borrowed(issue.title()), |card| {
        words::first_clause(&card.remediation)
    });
    let first = path::first(audit, issue);
    let after = if first.is_empty() {
        String::new()
    } else {
        format!(", after {}", numbers(first))
    };
    format!(
        "[ ] {} ({}) – Issue {}: {}, {}{after}",
        text(&what),
        words::minutes(issue.effort_minutes),
        issue.number,
        text(issue.title()),
        text(issue.service.unwrap_or(issue.category()))
    )
}

/// What only a person can put off: items of the product's scope that nobody has accepted.
fn roadmap(audit: &Audit<'_>) -> Vec<String> {
    let open = audit
        .report
        .checklist
        .iter()
        .filter(|item| item.state == ChecklistState::Manual && item.area == "Product scope");
    open.filter_map(|item| {
        let id = &item.attestation.as_ref()?.id;
        Some(format!(
            "[ ] {} – to attest, {}",
            text(&item.item),
            code(id)
        ))
    })
    .collect()
}

/// What has to be done first within a horizon: keys that are out, doors that are open, data that
/// is lost, patients, outages, and then the rest.
fn turn(issue: &Issue<'_>) -> usize {
    if issue.category() == "secrets" || issue.rule.contains("secret") {
        return 0;
    }
    let order = ["data-breach", "data-loss", "patient-safety", "outage"];
    let known = order.iter().position(|theme| *theme == issue.theme());
    1 + known.unwrap_or(order.len())
}

pub(super) fn timeline(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Timeline and effort");
    if audit.issues.is_empty() {
        doc.paragraph("Left out: nothing is open.");
        return;
    }
    let mut rows = Vec::new();
    let mut work = 0_u32;
    for (priority, horizon, after) in HORIZONS {
        if audit.count(priority) == 0 {
            continue;
        }
        let minutes = audit.minutes(priority);
        work = work.saturating_add(minutes);
        let step = audit.step(after);
        rows.push(vec![
            format!("{horizon}, {}", priority.as_str()),
            audit.count(priority).to_string(),
            words::minutes(minutes),
            calendar(audit.of(priority), minutes),
            step.map_or("–".to_owned(), |step| words::score(step.score)),
        ]);
    }
    let testing = work.div_ceil(4);
    let total = work.saturating_add(testing);
    let dash = || "–".to_owned();
    rows.push(vec![
        "Integration and test (25 %)".to_owned(),
        dash(),
        words::minutes(testing),
        dash(),
        dash(),
    ]);
    rows.push(vec![
        "**Total**".to_owned(),
        audit.issues.len().to_string(),
        words::minutes(total),
        calendar(audit.issues.iter(), total),
        dash(),
    ]);
    doc.table(
        &[
            "Horizon",
            "Issues",
            "One engineer",
            "Two engineers",
            "Score once done",
        ],
        &rows,
    );
    doc.paragraph(&path::sentence(audit));
    doc.paragraph(
        "A day has six productive hours. Two engineers need the longest single item, or the sum over 1.7. The score \
         adds up: it is that with this horizon and all before it done.",
    );
}

fn calendar<'i>(issues: impl Iterator<Item = &'i Issue<'i>>, minutes: u32) -> String {
    let longest = issues.map(|issue| issue.effort_minutes).max().unwrap_or(0);
    words::minutes(longest.max(minutes.saturating_mul(10).div_ceil(17)))
}

/// Impact by effort: what to take first within a horizon.
pub(super) fn matrix(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Priority matrix");
    if audit.issues.is_empty() {
        doc.paragraph("Left out: nothing is open.");
        return;
    }
    let sizes: [(&str, std::ops::RangeInclusive<u32>); 3] =
        [("S", 0..=60), ("M", 61..=480), ("L", 481..=u32::MAX)];
    let rows: Vec<Vec<String>> = Severity::WORST_FIRST
        .into_iter()
        .map(|severity| {
            let mut row = vec![audit.severity(severity)];
            row.extend(sizes.iter().map(|(_, size)| {
                let own: Vec<String> = audit
                    .issues
                    .iter()
                    .filter(|i| i.severity == severity && size.contains(&i.effort_minutes))
                    .map(|issue| issue.number.to_string())
                    .collect();
                if own.is_empty() {
                    "–".to_owned()
                } else {
                    cell(&own.join(", "))
                }
            }));
            row
        })
        .collect();
    doc.table(&["Impact", "Up to 1 hour", "Up to 8 hours", "More"], &rows);
    let first = audit
        .issues
        .iter()
        .find(|i| i.severity >= Severity::High && i.effort_minutes <= 60);
    if let Some(issue) = first {
        doc.paragraph(&format!(
            "Best value: Issue {} ({}, {}).",
            issue.number,
            text(issue.title()),
            system::theme(issue).to_lowercase()
        ));
    }
}
