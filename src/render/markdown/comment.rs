//! The report short enough for a pull request or the summary of a job, whatever was found.

use super::Audit;
use super::doc::{Doc, cell, cell_code, code, text};
use crate::model::{Issue, Outcome, Priority, Report};
use crate::render::{Style, summary, words};
use std::collections::BTreeSet;

/// A comment on GitHub holds 65,536 characters, a job summary 1 MiB. This is below both in bytes.
const LARGEST: usize = 60_000;
/// Issues of one priority before the rest is only counted.
const LISTED: usize = 15;

pub(in crate::render) fn render(report: &Report, style: &Style) -> String {
    let audit = Audit::new(report, style);
    let mut doc = Doc::default();
    let [answer, open, work] = summary::lines(report);
    doc.heading(
        2,
        &format!(
            "Production readiness: {}",
            audit.marked(audit.symbol(), report.score.verdict.as_str())
        ),
    );
    doc.paragraph(&format!(
        "**{}**  \n{}  \n{}",
        text(&answer),
        text(&open),
        text(&work)
    ));
    gates(&mut doc, &audit);
    issues(&mut doc, &audit, "What blocks the launch", Priority::P0);
    issues(&mut doc, &audit, "Before production traffic", Priority::P1);
    let later = audit.count(Priority::P2) + audit.count(Priority::P3);
    if later > 0 {
        doc.paragraph(&format!(
            "And {} for later.",
            words::count(later, "issue", "issues")
        ));
    }
    notes(&mut doc, &audit);
    cut(doc.finish())
}

fn gates(doc: &mut Doc, audit: &Audit<'_>) {
    let failed = audit.report.score.gates.iter().filter(|gate| !gate.passed);
    let lines: Vec<String> = failed
        .map(|gate| {
            format!(
                "gate `{}` failed: {}",
                cell(&gate.name),
                text(&gate.message)
            )
        })
        .collect();
    if !lines.is_empty() {
        doc.list(lines);
    }
}

fn issues(doc: &mut Doc, audit: &Audit<'_>, title: &str, priority: Priority) {
    let all: Vec<&Issue<'_>> = audit.of(priority).collect();
    if all.is_empty() {
        return;
    }
    doc.heading(3, &format!("{title} ({})", all.len()));
    let rows: Vec<Vec<String>> = all
        .iter()
        .take(LISTED)
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
                audit.severity(issue.severity),
                cell(issue.title()),
                format!("{place}{more}"),
                words::minutes(issue.effort_minutes),
                cell_code(issue.rule),
            ]
        })
        .collect();
    doc.table(
        &["No.", "Severity", "What", "Where", "Fix time", "Rule"],
        &rows,
    );
    if let hidden @ 1.. = all.len().saturating_sub(LISTED) {
        doc.paragraph(&format!("and {hidden} more."));
    }
}

/// What a reader of so little has to know: what was not seen, and what was accepted.
fn notes(doc: &mut Doc, audit: &Audit<'_>) {
    let report = audit.report;
    let mut lines = Vec::new();
    let mut undecided: BTreeSet<&str> = BTreeSet::new();
    for result in &report.results {
        if matches!(result.outcome, Outcome::Unknown(_)) {
            undecided.insert(&result.rule);
        }
    }
    let mut some = |all: Vec<String>, one: &str, many: &str| {
        let hidden = all.len().saturating_sub(LISTED);
        lines.extend(all.into_iter().take(LISTED));
        if hidden > 0 {
            lines.push(format!("and {}", words::count(hidden, one, many)));
        }
    };
    let undecided = undecided
        .into_iter()
        .map(|rule| format!("not decided: {}", code(rule)));
    some(
        undecided.collect(),
        "more rule not decided",
        "more rules not decided",
    );
    let unread = report
        .skipped
        .iter()
        .filter(|skip| skip.reason.lowers_coverage());
    let unread = unread.map(|skip| {
        format!(
            "not read in full: {}, {}",
            code(&skip.path),
            skip.reason.as_str()
        )
    });
    some(unread.collect(), "more file", "more files");
    let loosened = report.loosenings.iter().map(|line| text(line));
    some(loosened.collect(), "more loosening", "more loosenings");
    if !lines.is_empty() {
        doc.heading(3, "To know");
        doc.list(lines);
    }
    doc.paragraph("`preop explain RULE` says why and how to fix; `preop audit -f markdown` writes the whole report.");
}

/// As many whole lines as fit, and a word where lines are missing.
fn cut(whole: String) -> String {
    if whole.len() <= LARGEST {
        return whole;
    }
    let mut out = String::new();
    for line in whole.split_inclusive('\n') {
        if out.len() + line.len() > LARGEST {
            break;
        }
        out.push_str(line);
    }
    out.push_str("\n*Cut here: the report is too long for a comment.*\n");
    out
}
