//! GitHub workflow commands: the worst findings as annotations, and one notice for the rest.
//!
//! GitHub keeps ten errors and ten warnings of a step, so no more are written.

use super::escape::{line, prose, workflow_data, workflow_property};
use super::words;
use crate::model::{Finding, Outcome, Report, Severity, Status};

/// Annotations of one kind that GitHub keeps.
const MOST: usize = 10;
/// Files named in the notice before the rest is only counted.
const NAMED: usize = 20;

pub(super) fn render(report: &Report) -> String {
    let open: Vec<&Finding> = report
        .findings()
        .into_iter()
        .filter(|f| f.status == Status::Open)
        .collect();
    let of = |wanted: &[Severity]| -> Vec<&Finding> {
        open.iter()
            .copied()
            .filter(|f| wanted.contains(&f.severity))
            .take(MOST)
            .collect()
    };
    let errors = of(&[Severity::Critical, Severity::High]);
    let warnings = of(&[Severity::Medium]);
    let shown = errors.len() + warnings.len();
    let mut text = String::new();
    for (command, findings) in [("error", errors), ("warning", warnings)] {
        for finding in findings {
            text.push_str(&annotation(command, finding, report));
        }
    }
    text.push_str(&notice(report, open.len() - shown));
    text
}

fn annotation(command: &str, finding: &Finding, report: &Report) -> String {
    let location = &finding.location;
    let (start, end) = (location.start, location.end);
    let mut properties = vec![
        format!("file={}", workflow_property(location.path.as_str())),
        format!("line={}", start.line),
        format!("endLine={}", end.line),
    ];
    // Columns mean nothing to GitHub when the lines differ.
    if start.line == end.line && start.column < end.column {
        properties.push(format!("col={}", start.column));
        properties.push(format!("endColumn={}", end.column));
    }
    let card = report.rules.get(&finding.rule);
    let title = card.map_or(finding.rule.as_str(), |card| card.title.as_str());
    properties.push(format!(
        "title={}",
        workflow_property(&format!("{title} ({})", finding.rule))
    ));
    let mut message = vec![format!("{}: {}", finding.severity, prose(&finding.message))];
    message.extend(finding.notes.iter().map(|note| prose(note)));
    message.extend(card.map(|card| format!("Fix: {}", prose(&card.remediation))));
    format!(
        "::{command} {}::{}\n",
        properties.join(","),
        workflow_data(&message.join("\n"))
    )
}

/// The verdict, what else is open, and everything that was not seen or loosened.
fn notice(report: &Report, more: usize) -> String {
    let score = &report.score;
    let mut message = vec![format!(
        "{}: score {}, coverage {}",
        score.verdict.as_str(),
        words::score(score.score),
        score
            .coverage
            .map_or_else(|| "nothing".to_owned(), words::percent)
    )];
    let ready = score
        .conditions
        .iter()
        .find(|condition| condition.kind == "Ready");
    message.extend(ready.map(|condition| prose(&condition.message)));
    for gate in score.gates.iter().filter(|gate| !gate.passed) {
        message.push(line(&format!(
            "gate {} failed: {}",
            gate.name, gate.message
        )));
    }
    if more > 0 {
        message.push(format!(
            "{} in the report",
            words::count(more, "more finding", "more findings")
        ));
    }
    let unread = report
        .skipped
        .iter()
        .filter(|skip| skip.reason.lowers_coverage());
    let unread: Vec<String> = unread
        .map(|skip| format!("not read: {}", words::skip(skip)))
        .collect();
    push_some(&mut message, &unread, "more files were not read");
    let others = report.skipped.len() - unread.len();
    if others > 0 {
        message.push(
            words::count(others, "binary or linked file", "binary or linked files") + " not read",
        );
    }
    let undecided: Vec<String> = report
        .results
        .iter()
        .filter_map(|result| match &result.outcome {
            Outcome::Unknown(why) => Some(format!(
                "undecided: {} in {}: {why}",
                result.rule, result.scope
            )),
            _ => None,
        })
        .collect();
    push_some(&mut message, &undecided, "more rules were not decided");
    push_some(&mut message, &report.loosenings, "more loosenings");
    let title = format!("preop: {}", score.verdict.as_str());
    format!(
        "::notice title={}::{}\n",
        workflow_property(&title),
        workflow_data(&message.join("\n"))
    )
}

fn push_some(message: &mut Vec<String>, items: &[String], more: &str) {
    message.extend(items.iter().take(NAMED).map(|item| line(item)));
    if items.len() > NAMED {
        message.push(format!("{} {more}", items.len() - NAMED));
    }
}
