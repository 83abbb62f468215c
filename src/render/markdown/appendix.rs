//! The record: every rule's answer, what passes rest on, what was read, what was accepted, how.

use super::Audit;
use super::doc::{Doc, cell, cell_code};
use crate::model::{Outcome, RuleResult, Status, WaiverSource};
use crate::render::words;
use std::collections::{BTreeMap, BTreeSet};

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
    let mut by_rule: BTreeMap<&str, Vec<&RuleResult>> = BTreeMap::new();
    for result in &audit.report.results {
        by_rule.entry(&result.rule).or_default().push(result);
    }
    let rows: Vec<Vec<String>> = by_rule
        .into_iter()
        .map(|(rule, results)| {
            let card = audit.report.rules.get(rule);
            let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
            let mut reasons: BTreeSet<&str> = BTreeSet::new();
            for result in &results {
                *outcomes.entry(result.outcome.as_str()).or_default() += 1;
                reasons.extend(result.outcome.reason());
            }
            let outcome: Vec<String> = outcomes
                .iter()
                .map(|(word, number)| match number {
                    1 => (*word).to_owned(),
                    _ => format!("{word} × {number}"),
                })
                .collect();
            let findings: usize = results.iter().map(|result| result.findings.len()).sum();
            vec![
                cell_code(rule),
                card.map_or("–".to_owned(), |card| card.severity.to_string()),
                outcome.join(", "),
                findings.to_string(),
                reasons.into_iter().map(cell).collect::<Vec<_>>().join("; "),
            ]
        })
        .collect();
    doc.paragraph("One row for each rule; *× 2* means in two services.");
    doc.table(
        &["Rule", "Severity", "Outcome", "Findings", "Reason"],
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
