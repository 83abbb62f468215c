//! SARIF 2.1.0 for code scanning, in the dialect that GitHub accepts.
//!
//! Open findings only: GitHub shows suppressed results as open alerts. Severities follow GitHub's
//! bands, regions stay on one line so that alerts appear in pull requests, and every result has a
//! place, because one without refuses the whole upload.

use super::{escape, json, words};
use crate::model::{
    Confidence, Finding, Location, Outcome, Report, RuleCard, Severity, Skipped, Status, prose,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io;

/// Results that GitHub keeps; the worst come first.
const MOST_RESULTS: usize = 5_000;
/// Places of one result that GitHub takes, the first included; with more it refuses the file.
const MOST_PLACES: usize = 1_000;
/// Longest description that GitHub takes, in characters.
const LONGEST: usize = 1_024;
/// Tags that GitHub keeps.
const MOST_TAGS: usize = 10;

pub(super) fn render(report: &Report) -> io::Result<String> {
    let all: Vec<&Finding> = report
        .findings()
        .into_iter()
        .filter(|f| f.status == Status::Open)
        .collect();
    let index: BTreeMap<&str, usize> = report
        .rules
        .keys()
        .enumerate()
        .map(|(index, name)| (name.as_str(), index))
        .collect();
    let results: Vec<Value> = all
        .iter()
        .take(MOST_RESULTS)
        .map(|finding| result(finding, &index))
        .collect();
    json::document(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "preop",
                "semanticVersion": report.version,
                "rules": report.rules.values().map(rule).collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": "preop/"},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications(report, all.len()),
            }],
            "results": results,
            "properties": {
                "verdict": report.score.verdict,
                "score": report.score.score,
                "scoreRaw": report.score.raw,
                "coverage": report.score.coverage,
            },
        }],
    }))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn rule(card: &RuleCard) -> Value {
    let mut properties = Map::new();
    let mut tags = Vec::new();
    if is_security(card) {
        tags.push("security".to_owned());
        properties.insert(
            "security-severity".to_owned(),
            json!(security_severity(card.severity)),
        );
    } else {
        let severity = match card.severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low | Severity::Info => "recommendation",
        };
        properties.insert("problem.severity".to_owned(), json!(severity));
    }
    tags.push(card.category.clone());
    tags.push(card.theme.clone());
    let controls = card.controls.iter();
    tags.extend(controls.map(|c| format!("external/{}/{}", c.standard, c.id.to_lowercase())));
    tags.extend(card.tags.iter().cloned());
    let mut seen = std::collections::BTreeSet::new();
    tags.retain(|tag| !tag.is_empty() && seen.insert(tag.clone()));
    tags.truncate(MOST_TAGS);
    properties.insert("tags".to_owned(), json!(tags));
    properties.insert("precision".to_owned(), json!(precision(card.confidence)));
    let mut rule = json!({
        "id": card.name,
        "name": card.name,
        "shortDescription": {"text": described(&card.title, card)},
        "fullDescription": {"text": described(&card.rationale, card)},
        "help": {"text": help(card), "markdown": help_markdown(card)},
        "defaultConfiguration": {"level": level(card.severity)},
        "properties": properties,
    });
    let page = card.references.iter().find(|page| escape::is_link(page));
    if let (Some(page), Some(object)) = (page, rule.as_object_mut()) {
        object.insert("helpUri".to_owned(), json!(page));
    }
    rule
}

/// Security alerts are shown apart from quality alerts.
fn is_security(card: &RuleCard) -> bool {
    card.theme == "data-breach" || card.tags.iter().any(|tag| tag == "security")
}

/// Bands of GitHub: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.1",
    }
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "very-high",
        Confidence::Medium => "high",
        Confidence::Low => "low",
    }
}

/// Required texts must not be empty.
fn described(text: &str, card: &RuleCard) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        card.name.clone()
    } else {
        text.chars().take(LONGEST).collect()
    }
}

fn help(card: &RuleCard) -> String {
    let parts = [
        described(&card.rationale, card),
        format!("Fix: {}", card.remediation.trim()),
        format!(
            "Time: {} for one occurrence.",
            words::minutes(card.effort_minutes)
        ),
    ];
    parts
        .into_iter()
        .chain(card.references.iter().cloned())
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn help_markdown(card: &RuleCard) -> String {
    let text = |text: &str| escape::markdown_text(text, escape::Place::Text);
    let mut parts = vec![
        format!("**Why.** {}", text(&card.rationale)),
        format!("**Fix.** {}", text(&card.remediation)),
    ];
    parts.extend(
        card.verify
            .as_ref()
            .map(|verify| format!("**Then.** {}", text(verify))),
    );
    parts.push(format!(
        "**Time.** {} for one occurrence.",
        words::minutes(card.effort_minutes)
    ));
    let links = card.references.iter().filter(|page| escape::is_link(page));
    parts.extend(links.map(|page| format!("- <{page}>")));
    parts.join("\n\n")
}

fn result(finding: &Finding, index: &BTreeMap<&str, usize>) -> Value {
    let mut fingerprints = Map::new();
    fingerprints.insert("preopFingerprint/v1".to_owned(), json!(finding.fingerprint));
    // Where the place is only an anchor, a hash of its line would say nothing.
    if finding.location.span.start == finding.location.span.end {
        fingerprints.insert(
            "primaryLocationLineHash".to_owned(),
            json!(finding.fingerprint),
        );
    }
    let mut properties = Map::new();
    properties.insert("severity".to_owned(), json!(finding.severity));
    properties.insert("confidence".to_owned(), json!(finding.confidence));
    if let Some(service) = &finding.service {
        properties.insert("service".to_owned(), json!(service));
    }
    let hidden = finding.related.len().saturating_sub(MOST_PLACES - 1) + finding.more as usize;
    if hidden > 0 {
        properties.insert("morePlaces".to_owned(), json!(hidden));
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": {"text": message(finding)},
        "locations": [{"physicalLocation": physical(&finding.location, last_column(finding))}],
        "partialFingerprints": fingerprints,
        "properties": properties,
    });
    let Some(object) = result.as_object_mut() else {
        return result;
    };
    if let Some(index) = index.get(finding.rule.as_str()) {
        object.insert("ruleIndex".to_owned(), json!(index));
    }
    if !finding.related.is_empty() {
        let related: Vec<Value> = finding
            .related
            .iter()
            .take(MOST_PLACES - 1)
            .enumerate()
            .map(|(id, related)| {
                json!({
                    "id": id + 1,
                    "message": {"text": unlinked(&related.label)},
                    "physicalLocation": physical(&related.location, None),
                })
            })
            .collect();
        object.insert("relatedLocations".to_owned(), json!(related));
    }
    result
}

fn message(finding: &Finding) -> String {
    let sentences = std::iter::once(&finding.message).chain(&finding.notes);
    let text: Vec<String> = sentences
        .map(|text| format!("{}.", unlinked(prose::plain(text).trim_end_matches('.'))))
        .collect();
    text.join(" ")
}

/// Messages may hold links in the manner of Markdown; text from strangers may not.
fn unlinked(text: &str) -> String {
    text.replace("](", "] (")
}

fn physical(location: &Location, last_column: Option<u32>) -> Value {
    let (start, end) = (location.start, location.end);
    let beyond = start.column.get().saturating_add(1);
    let end_column = if end.line == start.line {
        Some(end.column.get())
    } else {
        last_column
    };
    json!({
        "artifactLocation": {"uri": escape::uri(location.path.as_str())},
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": start.line,
            "endColumn": end_column.unwrap_or(beyond).max(beyond),
        },
    })
}

/// One past the last column of the first line of a finding of several lines.
fn last_column(finding: &Finding) -> Option<u32> {
    let at = finding.location.line().checked_sub(finding.excerpt_line)?;
    let line = finding.excerpt.lines().nth(at as usize)?;
    u32::try_from(line.chars().count() + 1).ok()
}

/// What was cut off, not read or not decided: GitHub ignores it, other readers show it.
fn notifications(report: &Report, findings: usize) -> Vec<Value> {
    let mut all = Vec::new();
    if findings > MOST_RESULTS {
        let text = format!("{} more findings are not listed", findings - MOST_RESULTS);
        all.push(json!({"level": "warning", "message": {"text": text}}));
    }
    let skips = report.skipped.iter().map(|skip: &Skipped| {
        let level = if skip.reason.lowers_coverage() {
            "warning"
        } else {
            "note"
        };
        json!({
            "level": level,
            "message": {"text": words::skip(skip)},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": escape::uri(&skip.path)},
            }}],
        })
    });
    all.extend(skips);
    for result in &report.results {
        if let Outcome::Unknown(reason) = &result.outcome {
            let text = format!(
                "{} could not be decided in {}: {reason}",
                result.rule, result.scope
            );
            all.push(json!({"level": "warning", "message": {"text": text}}));
        }
    }
    let loosened = report.loosenings.iter();
    all.extend(loosened.map(|text| json!({"level": "note", "message": {"text": text}})));
    all
}
