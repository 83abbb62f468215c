//! Issues: critical ones with code, high ones with less of it, the rest as a table.

use super::Audit;
use super::doc::{Doc, cell, cell_code, code, reference, text};
use crate::model::{Finding, Issue, Priority};
use crate::render::{excerpt, words};

/// Places listed with an issue before the rest is only counted.
const PLACES: usize = 10;

pub(super) fn critical(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Critical issues (P0)");
    if audit.count(Priority::P0) == 0 {
        doc.paragraph("None: no open critical finding of medium or high confidence.");
    }
    for issue in audit.of(Priority::P0) {
        block(doc, audit, issue, 6);
    }
}

pub(super) fn high(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(
        2,
        "High-priority issues (P1, fix before production traffic)",
    );
    if audit.count(Priority::P1) == 0 {
        doc.paragraph("None.");
    }
    for issue in audit.of(Priority::P1) {
        block(doc, audit, issue, 3);
    }
}

fn block(doc: &mut Doc, audit: &Audit<'_>, issue: &Issue<'_>, lines: usize) {
    let Some(first) = issue.findings.first() else {
        return;
    };
    doc.heading(
        3,
        &format!(
            "Issue {}: {} [{}]",
            issue.number,
            text(issue.title()),
            audit.severity(issue.severity)
        ),
    );
    doc.paragraph(&format!(
        "**Risk:** {} · **Priority:** {} · **Confidence:** {} · **Fix time:** {} · **Rule:** {} ({})",
        words::theme(issue.theme()),
        issue.priority.as_str(),
        issue.confidence,
        words::minutes(issue.effort_minutes),
        code(issue.rule),
        code(&format!("preop explain {}", issue.rule))
    ));
    let service = issue.service.map_or(String::new(), |name| {
        format!("**Service:** {} · ", code(name))
    });
    let others = issue.findings.len() - 1 + unlisted(first);
    let more = match others {
        0 => String::new(),
        n => format!(" and {}", words::count(n, "more place", "more places")),
    };
    doc.paragraph(&format!(
        "{service}**Place:** {}{more}",
        code(&words::place(&first.location))
    ));
    doc.paragraph(&format!("**Problem:** {}.", text(&first.message)));
    snippet(doc, first, lines);
    places(doc, issue);
    if let Some(card) = issue.card {
        doc.paragraph(&format!("**Impact:** {}", text(&card.rationale)));
        doc.paragraph(&format!("**Fix:** {}", text(&card.remediation)));
    }
    let verify = issue.card.and_then(|card| card.verify.as_deref());
    let again = || format!("run {} again", code("preop audit"));
    doc.paragraph(&format!("**Verify:** {}", verify.map_or_else(again, text)));
    controls(doc, issue);
    let links: Vec<String> = issue
        .card
        .iter()
        .flat_map(|card| &card.references)
        .map(|page| reference(page))
        .collect();
    if !links.is_empty() {
        doc.paragraph(&format!("**References:** {}", links.join(", ")));
    }
}

/// Requirements of HIPAA that the rule speaks to: citation, kind, relation.
fn controls(doc: &mut Doc, issue: &Issue<'_>) {
    let cards = issue.card.iter().flat_map(|card| &card.controls);
    let cited: Vec<String> = cards
        .filter(|control| control.standard == "hipaa")
        .map(|control| {
            let extras: Vec<String> = [&control.kind, &control.relation]
                .into_iter()
                .flatten()
                .map(|extra| text(extra))
                .collect();
            let extras = if extras.is_empty() {
                String::new()
            } else {
                format!(" ({})", extras.join(", "))
            };
            format!("§ {}{extras}", text(&control.id))
        })
        .collect();
    if !cited.is_empty() {
        doc.paragraph(&format!("**HIPAA:** {}", cited.join(", ")));
    }
}

/// The lines of code, each behind its number, the finding's own ones marked.
fn snippet(doc: &mut Doc, finding: &Finding, most: usize) {
    let lines = excerpt::around(finding, most);
    let digits = lines.last().map_or(0, |line| line.number.to_string().len());
    let shown: Vec<String> = lines
        .iter()
        .map(|line| {
            let mark = if line.mark.is_some() { '>' } else { ' ' };
            format!("{mark} {:>digits$} | {}", line.number, line.text)
                .trim_end()
                .to_owned()
        })
        .collect();
    if !shown.is_empty() {
        doc.code(&shown);
    }
}

/// Remarks, related places and the other findings of the issue.
fn places(doc: &mut Doc, issue: &Issue<'_>) {
    let mut items = Vec::new();
    if let Some(first) = issue.findings.first() {
        items.extend(first.notes.iter().map(|note| text(note)));
        items.extend(first.related.iter().take(PLACES).map(|related| {
            format!(
                "{}: {}",
                code(&words::short_place(&related.location)),
                text(&related.label)
            )
        }));
        let hidden = unlisted(first);
        if hidden > 0 {
            items.push(format!(
                "and {}",
                words::count(hidden, "more place", "more places")
            ));
        }
    }
    for finding in issue.findings.iter().skip(1).take(PLACES) {
        let place = code(&words::short_place(&finding.location));
        items.push(format!("{place}: {}", text(&finding.message)));
        items.extend(finding.notes.iter().map(|note| text(note)));
    }
    let hidden = issue.findings.len().saturating_sub(PLACES + 1);
    if hidden > 0 {
        items.push(words::count(hidden, "more place", "more places"));
    }
    if !items.is_empty() {
        doc.list(items);
    }
}

/// Places of a finding beyond those that are listed with it.
fn unlisted(finding: &Finding) -> usize {
    finding.related.len().saturating_sub(PLACES) + finding.more as usize
}

pub(super) fn rest(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Medium and low issues");
    let rows: Vec<Vec<String>> = audit
        .of(Priority::P2)
        .chain(audit.of(Priority::P3))
        .map(|issue| {
            let place = issue.findings.first().map_or(String::new(), |finding| {
                cell_code(&words::short_place(&finding.location))
            });
            let more = match issue.findings.len() {
                0 | 1 => String::new(),
                all => format!(" +{}", all - 1),
            };
            vec![
                issue.number.to_string(),
                issue.priority.as_str().to_owned(),
                audit.severity(issue.severity),
                cell(issue.title()),
                issue.service.map_or("–".to_owned(), cell_code),
                format!("{place}{more}"),
                words::minutes(issue.effort_minutes),
                cell_code(issue.rule),
            ]
        })
        .collect();
    if rows.is_empty() {
        doc.paragraph("None.");
    }
    let head = [
        "No.", "Priority", "Severity", "Title", "Service", "Place", "Fix time", "Rule",
    ];
    doc.table(&head, &rows);
}
