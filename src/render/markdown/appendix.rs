//! The record: every rule's answer, what passes rest on, what was read, what was accepted, how.

use super::Audit;
use super::doc::{Doc, cell, cell_code};
use crate::model::{Outcome, Status, WaiverSource};
use crate::render::words;

pub(super) fn all(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Appendix");
    results(doc, audit);
    passes(doc, audit);
    inventory(doc, audit);
    accepted(doc, audit);
    method(doc, audit);
}

fn results(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(3, "A. Rule results");
    let rows: Vec<Vec<String>> = audit
        .report
        .results
        .iter()
        .map(|result| {
            let card = audit.report.rules.get(&result.rule);
            vec![
                cell_code(&result.rule),
                card.map_or("–".to_owned(), |card| card.severity.to_string()),
                cell_code(&result.scope),
                result.outcome.as_str().to_owned(),
                result.findings.len().to_string(),
                result.outcome.reason().map_or(String::new(), cell),
            ]
        })
        .collect();
    doc.table(
        &["Rule", "Severity", "Scope", "Outcome", "Findings", "Reason"],
        &rows,
    );
}

fn passes(doc: &mut Doc, audit: &Audit<'_>) {
    let rows: Vec<Vec<String>> = audit
        .report
        .results
        .iter()
        .filter(|result| result.outcome == Outcome::Pass)
        .filter_map(|result| {
            let evidence = result.evidence.first()?;
            Some(vec![
                cell_code(&result.rule),
                cell_code(&result.scope),
                cell_code(&words::short_place(&evidence.location)),
                cell(&evidence.label),
            ])
        })
        .collect();
    doc.heading(3, "B. Passes with evidence");
    if rows.is_empty() {
        doc.paragraph("Left out: passes of this audit rest on the absence of findings.");
    }
    doc.table(&["Rule", "Scope", "Place", "Seen"], &rows);
}

fn inventory(doc: &mut Doc, audit: &Audit<'_>) {
    let inventory = &audit.report.inventory;
    doc.heading(3, "C. Inventory");
    let mut rows = vec![
        vec!["files listed".to_owned(), inventory.files.to_string()],
        vec!["files read".to_owned(), inventory.files_read.to_string()],
        vec!["lines read".to_owned(), inventory.lines.to_string()],
    ];
    let kinds = [
        ("role", &inventory.roles),
        ("language", &inventory.languages),
    ];
    for (what, numbers) in kinds {
        rows.extend(
            numbers
                .iter()
                .map(|(name, number)| vec![format!("{what} {}", cell(name)), number.to_string()]),
        );
    }
    for (reason, number) in words::skipped(&audit.report.skipped) {
        rows.push(vec![
            format!("skipped, {}", reason.as_str()),
            number.to_string(),
        ]);
    }
    doc.table(&["What", "Number"], &rows);
}

fn accepted(doc: &mut Doc, audit: &Audit<'_>) {
    let dash = || "–".to_owned();
    let rows: Vec<Vec<String>> = audit
        .report
        .findings()
        .into_iter()
        .filter_map(|finding| {
            let (by, reason, until) = match &finding.status {
                Status::Open => return None,
                Status::Known => ("baseline".to_owned(), dash(), dash()),
                Status::Waived(waiver) => {
                    let source = match waiver.source {
                        WaiverSource::Comment => "comment",
                        WaiverSource::Config => "configuration",
                        WaiverSource::Foreign => "another tool's comment",
                    };
                    let who = waiver
                        .approved_by
                        .as_deref()
                        .map_or(String::new(), |who| format!(", {}", cell(who)));
                    let reason = if waiver.reason.is_empty() {
                        dash()
                    } else {
                        cell(&waiver.reason)
                    };
                    (
                        format!("{source}{who}"),
                        reason,
                        waiver.until.as_deref().map_or_else(dash, cell),
                    )
                }
            };
            Some(vec![
                cell_code(&finding.rule),
                finding.severity.to_string(),
                cell_code(&words::short_place(&finding.location)),
                by,
                reason,
                until,
            ])
        })
        .collect();
    doc.heading(3, "D. Accepted findings");
    if rows.is_empty() {
        doc.paragraph("None.");
    }
    doc.table(
        &[
            "Rule",
            "Severity",
            "Place",
            "Accepted by",
            "Reason",
            "Until",
        ],
        &rows,
    );
}

fn method(doc: &mut Doc, audit: &Audit<'_>) {
    let report = audit.report;
    doc.heading(3, "E. Method");
    doc.paragraph(&format!(
        "preop {} with {} rules, digest {}. Weights: critical 10, high 6, medium 3, low 1, info 0; \
         rules of low confidence weigh nothing. A category is the weighted mean of its rules that \
         passed or failed, the score the weighted mean of the categories, rounded down. An open \
         critical finding caps it at 59, an open high one at 89. The same repository, rules and \
         version give the same report.",
        cell(&report.version),
        report.rule_count,
        super::doc::code(&report.rules_digest)
    ));
}
