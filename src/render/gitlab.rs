//! GitLab Code Quality: a JSON array of issues, one for each open finding.

use super::{escape, json, words};
use crate::model::{Finding, Report, Severity, Skipped, Status};
use serde_json::{Value, json};
use std::io;

pub(super) fn render(report: &Report) -> io::Result<String> {
    let findings = report
        .findings()
        .into_iter()
        .filter(|f| f.status == Status::Open)
        .map(finding);
    let unread = report
        .skipped
        .iter()
        .filter(|skip| skip.reason.lowers_coverage())
        .map(skipped);
    json::document(&findings.chain(unread).collect::<Vec<_>>())
}

fn finding(finding: &Finding) -> Value {
    json!({
        "description": escape::prose(&finding.message),
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": severity(finding.severity),
        "location": {
            "path": finding.location.path,
            "lines": {"begin": finding.location.line()},
        },
    })
}

/// GitLab has no place for what was not audited but a list of issues.
fn skipped(skip: &Skipped) -> Value {
    json!({
        "description": escape::line(&format!("not audited: {}", words::skip(skip))),
        "check_name": "not-audited",
        "fingerprint": format!("not-audited:{}:{}", skip.reason.as_str(), skip.path),
        "severity": "info",
        "location": {"path": skip.path, "lines": {"begin": 1}},
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}
