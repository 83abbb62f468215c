//! What the system is made of, where patient data is in it, and how single rules stand.

use super::doc::{Doc, cell, cell_code, code, text};
use super::{Audit, facts, flows, numbers, ranges};
use crate::model::{Issue, Outcome, Service};
use crate::render::words;
use std::collections::BTreeMap;

pub(super) fn architecture(doc: &mut Doc, audit: &Audit<'_>) {
    let report = audit.report;
    doc.heading(2, "Architecture and data flow");
    if report.services.is_empty() {
        doc.paragraph("No service was recognised.");
    }
    let rows: Vec<Vec<String>> = report
        .services
        .iter()
        .map(|service| service_row(service, audit))
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
    let facts = report.inventory.facts.iter();
    let seen: Vec<Vec<String>> = facts
        .map(|(kind, number)| vec![cell(kind), number.to_string()])
        .collect();
    doc.table(&["Seen in code and configuration", "Number"], &seen);
    patient_data(doc, audit);
    records(doc, audit);
    flows::table(doc, audit);
    flows::vendors(doc, audit);
}

/// Records of patients in the repository itself, real and synthetic, by place; never their values.
fn records(doc: &mut Doc, audit: &Audit<'_>) {
    let findings = audit.report.findings();
    let own = findings.iter().filter(|finding| {
        ["phi-dataset-committed", "phi-in-fixtures"].contains(&finding.rule.as_str())
    });
    let lines: Vec<String> = own
        .map(|finding| {
            let notes: Vec<String> = finding.notes.iter().map(|note| text(note)).collect();
            let notes = if notes.is_empty() {
                String::new()
            } else {
                format!(": {}", notes.join("; "))
            };
            format!(
                "{} [{}]{notes}",
                code(&words::short_place(&finding.location)),
                audit.severity(finding.severity)
            )
        })
        .collect();
    if lines.is_empty() {
        return;
    }
    doc.heading(3, "Records of patients in the repository");
    doc.list(lines);
}

/// Where fields of patient data are named, and the open issues on where they go.
fn patient_data(doc: &mut Doc, audit: &Audit<'_>) {
    let mut named: BTreeMap<Option<usize>, BTreeMap<String, String>> = BTreeMap::new();
    for fact in facts::of(audit, "phi-field") {
        let place = words::short_place(&fact.hit.location);
        let fields = named.entry(fact.service).or_default();
        fields
            .entry(facts::attribute(fact, "name"))
            .or_insert(place);
    }
    let rows: Vec<Vec<String>> = named
        .into_iter()
        .map(|(index, fields)| {
            let service = index.and_then(|index| audit.report.services.get(index));
            let name = service.map(|service| service.name.as_str());
            let flows = audit.issues.iter().filter(|issue| {
                issue.service == name
                    && (issue.rule.starts_with("phi-") || issue.category() == "healthcare")
            });
            let place = fields
                .values()
                .next()
                .map_or(String::new(), |place| cell_code(place));
            vec![
                name.map_or("outside every service".to_owned(), cell_code),
                fields
                    .keys()
                    .map(|field| cell(field))
                    .collect::<Vec<_>>()
                    .join(", "),
                place,
                numbers(flows),
            ]
        })
        .collect();
    if !rows.is_empty() {
        doc.heading(3, "Patient data");
    }
    doc.table(
        &[
            "Service",
            "Fields named",
            "First at",
            "Open issues on where it goes",
        ],
        &rows,
    );
}

fn service_row(service: &Service, audit: &Audit<'_>) -> Vec<String> {
    let list = |items: Vec<String>| {
        if items.is_empty() {
            "–".to_owned()
        } else {
            items.join(", ")
        }
    };
    let own = audit
        .issues
        .iter()
        .filter(|issue| issue.service == Some(service.name.as_str()));
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
        list(ranges(&own.map(|issue| issue.number).collect())),
    ]
}

/// Issues of one theme, worst first.
pub(super) fn with_theme<'i, 'a>(audit: &'i Audit<'a>, theme: &str) -> Vec<&'i Issue<'a>> {
    audit
        .issues
        .iter()
        .filter(|issue| issue.theme() == theme)
        .collect()
}

/// An issue in one line.
pub(super) fn line(issue: &Issue<'_>) -> String {
    format!(
        "{} [{}] (Issue {})",
        text(issue.title()),
        issue.severity,
        issue.number
    )
}

/// How a rule stands over all its scopes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Gap,
    Accepted,
    Undecided,
    InPlace,
    Manual,
}

/// Standing of a rule; `None` where it applies nowhere.
pub(super) fn standing_of(audit: &Audit<'_>, rule: &str) -> Option<Standing> {
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

/// The theme of an issue as a reader knows it.
pub(super) fn theme(issue: &Issue<'_>) -> &'static str {
    words::theme(issue.theme())
}
