//! Whole repositories: what must be found in each fixture, and the report as a snapshot.

use crate::world::{fixture, read, report, stored};
use preop::model::{Report, Status, Verdict};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The fixtures modelled on hand-written audits.
const SYSTEMS: [&str; 5] = [
    "bed-management",
    "ehr-viewer",
    "medspa-platform",
    "simulation-chat",
    "stream-monitoring",
];

/// What an audit says of its system, and which rule must find it where.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    expected: Vec<ExpectedFinding>,
    #[serde(default)]
    absent: Vec<Absent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    dead_code,
    reason = "`audit`, `note` and `why` are for people who read the file"
)]
struct ExpectedFinding {
    audit: Vec<String>,
    rule: String,
    at: String,
    #[serde(default)]
    anchor: bool,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "`why` is for people who read the file")]
struct Absent {
    rule: String,
    #[serde(default)]
    at: Option<String>,
    why: String,
}

/// Rule and place of everything a report says, related places included. A place of a secret that
/// another rule saw is said by both.
fn places(report: &Report) -> BTreeSet<(String, String)> {
    let mut out = BTreeSet::new();
    for finding in report.findings() {
        out.insert((finding.rule.clone(), finding.location.to_string()));
        for related in &finding.related {
            let seen_by = related.label.split('`').nth(1);
            for rule in [Some(finding.rule.as_str()), seen_by].into_iter().flatten() {
                out.insert((rule.to_owned(), related.location.to_string()));
            }
        }
    }
    out
}

/// One line a finding and one a result that is neither pass nor fail.
fn summary(report: &Report) -> String {
    let mut out = String::new();
    let score = &report.score;
    writeln!(
        out,
        "{} score={:?} raw={:?} coverage={:?} effort={}m",
        score.verdict.as_str(),
        score.score,
        score.raw,
        score.coverage,
        score.effort_minutes
    )
    .expect("a string takes all");
    for finding in report.findings() {
        writeln!(
            out,
            "{} {} {} {} — {}",
            finding.severity, finding.confidence, finding.rule, finding.location, finding.message
        )
        .expect("a string takes all");
    }
    for result in &report.results {
        if result.outcome.as_str() == "unknown" {
            let reason = result.outcome.reason().unwrap_or("");
            writeln!(out, "unknown {} [{}] {reason}", result.rule, result.scope)
                .expect("a string takes all");
        }
    }
    out
}

#[test]
fn the_reports_of_the_fixtures_are_reviewed() {
    for name in SYSTEMS.iter().chain(&["exemplary", "bare", "monorepo"]) {
        stored(
            &format!("tests/suite/snapshots/{name}.txt"),
            &summary(&report(&fixture(name))),
        );
    }
}

/// Every statement of the audits is found at its place.
#[test]
fn what_the_audits_say_is_found() {
    let mut missed = String::new();
    let mut held = 0;
    for name in SYSTEMS {
        let report = report(&fixture(name));
        let found = places(&report);
        let text = read(&fixture(&format!("{name}.expected.yaml")));
        let expected: Expected = serde_saphyr::from_str(&text).expect("a list of expectations");
        for want in expected.expected {
            let hit = found.contains(&(want.rule.clone(), want.at.clone()));
            let anchored = want.anchor && found.iter().any(|(rule, _)| *rule == want.rule);
            if hit || anchored {
                held += 1;
            } else {
                let audit = want.audit.join(", ");
                writeln!(missed, "{name}: {audit}: {} at {}", want.rule, want.at)
                    .expect("a string takes all");
            }
        }
    }
    assert!(held > 300, "only {held} statements are found");
    assert!(
        missed.is_empty(),
        "audits say what the rules miss:\n{missed}"
    );
}

/// What looks like a defect of a system and is none. A related place accuses nobody.
#[test]
fn traps_are_not_fallen_into() {
    let mut caught = String::new();
    for name in SYSTEMS {
        let report = report(&fixture(name));
        let text = read(&fixture(&format!("{name}.expected.yaml")));
        let expected: Expected = serde_saphyr::from_str(&text).expect("a list of expectations");
        for trap in expected.absent {
            for finding in report.findings() {
                let place = finding.location.to_string();
                let here = trap.at.as_ref().is_none_or(|at| *at == place);
                if finding.rule == trap.rule && here {
                    writeln!(caught, "{name}: {} at {place}: {}", trap.rule, trap.why)
                        .expect("a string takes all");
                }
            }
        }
    }
    assert!(caught.is_empty(), "this is no defect:\n{caught}");
}

#[test]
fn nothing_is_to_be_said_of_the_exemplary_repository() {
    let report = report(&fixture("exemplary"));
    let findings: Vec<String> = report
        .findings()
        .iter()
        .map(|finding| {
            format!(
                "{} at {}: {}",
                finding.rule, finding.location, finding.message
            )
        })
        .collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert_eq!(report.score.verdict, Verdict::Ready);
    assert_eq!(report.score.score, Some(100));
}

#[test]
fn every_finding_is_open_without_a_waiver() {
    let report = report(&fixture("bare"));
    assert!(
        report
            .findings()
            .iter()
            .all(|finding| finding.status == Status::Open)
    );
}
