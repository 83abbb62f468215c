//! What the system is made of, and how it stands in security, compliance, reliability and
//! observability: the same results as elsewhere, seen from the side of the system.

use super::doc::{Doc, cell, cell_code, text};
use super::{Audit, numbers};
use crate::model::{Issue, Outcome, RuleCard};
use crate::render::words;
use std::collections::BTreeMap;

pub(super) fn architecture(doc: &mut Doc, audit: &Audit<'_>) {
    let report = audit.report;
    doc.heading(2, "Architecture");
    if report.services.is_empty() {
        doc.paragraph("No service was recognised.");
    }
    let list = |items: Vec<String>| {
        if items.is_empty() {
            "–".to_owned()
        } else {
            items.join(", ")
        }
    };
    let rows: Vec<Vec<String>> = report
        .services
        .iter()
        .map(|service| {
            vec![
                cell_code(&service.name),
                cell_code(if service.root.is_empty() {
                    "."
                } else {
                    &service.root
                }),
                cell(&service.kind),
                list(
                    service
                        .languages
                        .iter()
                        .map(|l| l.as_str().to_owned())
                        .collect(),
                ),
                list(service.frameworks.iter().map(|name| cell(name)).collect()),
                list(service.serves.iter().map(|name| cell(name)).collect()),
                service.files.to_string(),
                service.lines.to_string(),
                list(
                    audit
                        .issues
                        .iter()
                        .filter(|issue| issue.service == Some(service.name.as_str()))
                        .map(|issue| issue.number.to_string())
                        .collect(),
                ),
            ]
        })
        .collect();
    let head = [
        "Service",
        "Root",
        "Kind",
        "Languages",
        "Frameworks",
        "Serves",
        "Files",
        "Lines",
        "Issues",
    ];
    doc.table(&head, &rows);
    let seen: Vec<Vec<String>> = report
        .inventory
        .facts
        .iter()
        .map(|(kind, number)| vec![cell(kind), number.to_string()])
        .collect();
    doc.table(&["Seen in code and configuration", "Number"], &seen);
}

pub(super) fn capacity(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Capacity analysis");
    let bottlenecks = with_theme(audit, "outage");
    if bottlenecks.is_empty() {
        doc.paragraph(
            "Left out: nothing found bounds the capacity. Limits in numbers need a load test.",
        );
        return;
    }
    doc.paragraph("Limits in numbers need a load test. What is known to break first:");
    doc.heading(3, "Bottlenecks");
    doc.list(bottlenecks.iter().map(|issue| line(issue)));
}

pub(super) fn security(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Security audit");
    standing(doc, audit, |card| card.theme == "data-breach");
    let open = with_theme(audit, "data-breach");
    if !open.is_empty() {
        doc.heading(3, "Vulnerabilities");
        doc.list(open.iter().map(|issue| line(issue)));
    }
}

pub(super) fn reliability(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Reliability");
    let themes = ["patient-safety", "data-loss", "outage"];
    standing(doc, audit, |card| themes.contains(&card.theme.as_str()));
}

pub(super) fn observability(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Observability");
    standing(doc, audit, |card| card.theme == "blind-operations");
}

fn with_theme<'i, 'a>(audit: &'i Audit<'a>, theme: &str) -> Vec<&'i Issue<'a>> {
    audit
        .issues
        .iter()
        .filter(|issue| issue.theme() == theme)
        .collect()
}

fn line(issue: &Issue<'_>) -> String {
    format!(
        "{} [{}] (Issue {})",
        text(issue.title()),
        issue.severity,
        issue.number
    )
}

/// How a rule stands over all its scopes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Gap,
    Accepted,
    Undecided,
    InPlace,
    Manual,
}

impl Standing {
    fn as_str(self) -> &'static str {
        match self {
            Self::Gap => "**gap**",
            Self::Accepted => "accepted",
            Self::Undecided => "undecided",
            Self::InPlace => "in place",
            Self::Manual => "to attest",
        }
    }
}

/// Standing of a rule; `None` where it applies nowhere.
fn standing_of(audit: &Audit<'_>, rule: &str) -> Option<Standing> {
    if audit.issues.iter().any(|issue| issue.rule == rule) {
        return Some(Standing::Gap);
    }
    let own = || {
        audit
            .report
            .results
            .iter()
            .filter(|result| result.rule == rule)
    };
    let any = |wanted: fn(&Outcome) -> bool| own().any(|result| wanted(&result.outcome));
    if any(|outcome| *outcome == Outcome::Fail) {
        Some(Standing::Accepted)
    } else if any(|outcome| matches!(outcome, Outcome::Unknown(_))) {
        Some(Standing::Undecided)
    } else if any(|outcome| *outcome == Outcome::Manual) {
        Some(Standing::Manual)
    } else if any(|outcome| *outcome == Outcome::Pass) {
        Some(Standing::InPlace)
    } else {
        None
    }
}

/// A table by category of how the wanted rules stand.
fn standing(doc: &mut Doc, audit: &Audit<'_>, wanted: impl Fn(&RuleCard) -> bool) {
    let mut by_category: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut issues: BTreeMap<&str, Vec<&Issue<'_>>> = BTreeMap::new();
    for card in audit.report.rules.values().filter(|card| wanted(card)) {
        if let Some(standing) = standing_of(audit, &card.name) {
            let row = by_category.entry(&card.category).or_default();
            *row.entry(standing.as_str()).or_default() += 1;
            let own = audit.issues.iter().filter(|issue| issue.rule == card.name);
            issues.entry(&card.category).or_default().extend(own);
        }
    }
    let rows: Vec<Vec<String>> = by_category
        .iter()
        .map(|(category, row)| {
            let number =
                |standing: Standing| row.get(standing.as_str()).copied().unwrap_or(0).to_string();
            let mut own = issues.get(category).cloned().unwrap_or_default();
            own.sort_by_key(|issue| issue.number);
            vec![
                cell(category),
                number(Standing::InPlace),
                number(Standing::Gap),
                number(Standing::Accepted),
                number(Standing::Undecided),
                number(Standing::Manual),
                numbers(own),
            ]
        })
        .collect();
    if rows.is_empty() {
        doc.paragraph("Left out: no rule of this kind applies.");
    }
    doc.table(
        &[
            "Area",
            "In place",
            "Gaps",
            "Accepted",
            "Undecided",
            "To attest",
            "Open",
        ],
        &rows,
    );
}

/// Requirements of the HIPAA Security Rule with the rules that speak to them.
pub(super) fn compliance(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Compliance gaps (HIPAA)");
    let mut safeguards: BTreeMap<&str, Vec<(&str, Standing)>> = BTreeMap::new();
    for card in audit.report.rules.values() {
        let Some(standing) = standing_of(audit, &card.name) else {
            continue;
        };
        for control in card
            .controls
            .iter()
            .filter(|control| control.standard == "hipaa")
        {
            safeguards
                .entry(&control.id)
                .or_default()
                .push((&card.name, standing));
        }
    }
    if safeguards.is_empty() {
        doc.paragraph("Left out: no rule that applies speaks to a safeguard.");
        return;
    }
    let rows: Vec<Vec<String>> = safeguards
        .iter()
        .map(|(id, rules)| {
            let has = |wanted| rules.iter().any(|(_, standing)| *standing == wanted);
            let status = match (has(Standing::Gap), has(Standing::InPlace)) {
                (true, true) => "partial",
                (true, false) => "**gap**",
                (false, _) if has(Standing::Undecided) => "undecided",
                (false, true) => "evidence found",
                (false, false) => "to attest",
            };
            let named: Vec<String> = rules
                .iter()
                .map(|(rule, standing)| format!("{} ({})", cell_code(rule), standing.as_str()))
                .collect();
            vec![
                cell(&format!("§ {id}")),
                status.to_owned(),
                named.join(", "),
            ]
        })
        .collect();
    doc.table(&["Safeguard", "Status", "Rules"], &rows);
    doc.paragraph(
        "This is engineering evidence, not legal advice: what the rules see supports or contradicts \
         a safeguard, and no scan can show that one is met.",
    );
}

/// The theme of an issue as a reader knows it.
pub(super) fn theme(issue: &Issue<'_>) -> &'static str {
    words::theme(issue.theme())
}
