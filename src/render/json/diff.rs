//! The comparison of two reports as data: `apiVersion: preop.dev/v1`, `kind: ReadinessDiff`.

use crate::model::{Diff, Faded, Finding, Report, Severity, Verdict};
use schemars::JsonSchema;
use serde::Serialize;

/// What changed from one report to another.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadinessDiff {
    /// `preop.dev/v1`.
    pub api_version: String,
    /// `ReadinessDiff`.
    pub kind: String,
    /// The report from before.
    pub old: Side,
    /// The report from after.
    pub new: Side,
    /// Is there a new finding that counts, or a worse verdict?
    pub worse: bool,
    /// Why the two do not speak of the same thing.
    pub caveats: Vec<String>,
    /// Were open and are gone.
    pub fixed: Vec<Entry>,
    /// Are open and were not there.
    pub added: Vec<Entry>,
    /// Were accepted and are open.
    pub reopened: Vec<Entry>,
    /// Are accepted now, by a waiver or the baseline.
    pub accepted: Vec<Entry>,
    /// Were accepted and are gone.
    pub retired: Vec<Entry>,
    /// Were open, and could not be seen by the newer audit.
    pub lost: Vec<Entry>,
    /// Rules that passed or failed and do not apply any more.
    pub became_not_applicable: Vec<Transition>,
    /// Rules that passed or failed and cannot be decided any more.
    pub became_unknown: Vec<Transition>,
    /// Number of findings that are open in both.
    pub unchanged: usize,
}

/// One of the two reports.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// Name of the target.
    pub target: String,
    /// Its commit.
    pub commit: Option<String>,
    /// The day it speaks of.
    pub as_of: Option<String>,
    /// The answer.
    pub verdict: Verdict,
    /// 0 to 100; null when nothing was evaluated.
    pub score: Option<u32>,
    /// As if nothing were waived or known.
    pub score_raw: Option<u32>,
    /// 0 to 1; null when nothing applied.
    pub coverage: Option<f64>,
    /// Minutes to fix all open findings but those of severity `info`.
    pub effort_minutes: u32,
}

/// A finding, in short.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Entry {
    /// Name of the rule.
    pub rule: String,
    /// How much it hurts.
    pub severity: Severity,
    /// Path from the root.
    pub path: String,
    /// First line.
    pub line: u32,
    /// One sentence.
    pub message: String,
    /// Identity across runs.
    pub fingerprint: String,
    /// `open`, `waived` or `known`, in the report that holds it.
    pub status: String,
    /// Why it is where it is, if that needs a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A rule whose answer was lost in one scope.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Transition {
    /// Name of the rule.
    pub rule: String,
    /// Name of the service, or `.` for the repository.
    pub scope: String,
    /// `pass` or `fail`.
    pub was: String,
    /// Why there is no answer.
    pub reason: String,
}

impl From<&Diff<'_>> for ReadinessDiff {
    fn from(diff: &Diff<'_>) -> Self {
        let plain = |list: &[&Finding]| list.iter().map(|f| entry(f, None)).collect();
        let transitions = |list: &[Faded<'_>]| list.iter().map(transition).collect();
        Self {
            api_version: "preop.dev/v1".to_owned(),
            kind: "ReadinessDiff".to_owned(),
            old: diff.old.into(),
            new: diff.new.into(),
            worse: diff.worse(),
            caveats: diff.caveats(),
            fixed: plain(&diff.fixed),
            added: diff
                .added
                .iter()
                .map(|added| {
                    let note = added.by_new_rule.then(|| "the rule is new".to_owned());
                    entry(added.finding, note)
                })
                .collect(),
            reopened: plain(&diff.reopened),
            accepted: plain(&diff.accepted),
            retired: plain(&diff.retired),
            lost: diff
                .lost
                .iter()
                .map(|lost| entry(lost.finding, Some(lost.why.describe())))
                .collect(),
            became_not_applicable: transitions(&diff.not_applicable),
            became_unknown: transitions(&diff.unknown),
            unchanged: diff.unchanged,
        }
    }
}

impl From<&Report> for Side {
    fn from(report: &Report) -> Self {
        let score = &report.score;
        Self {
            target: report.target.name.clone(),
            commit: report.target.commit.clone(),
            as_of: report.as_of.clone(),
            verdict: score.verdict,
            score: score.score,
            score_raw: score.raw,
            coverage: score.coverage,
            effort_minutes: score.effort_minutes,
        }
    }
}

fn entry(finding: &Finding, note: Option<String>) -> Entry {
    Entry {
        rule: finding.rule.clone(),
        severity: finding.severity,
        path: finding.location.path.to_string(),
        line: finding.location.start.line.get(),
        message: finding.message.clone(),
        fingerprint: finding.fingerprint.to_string(),
        status: finding.status.as_str().to_owned(),
        note,
    }
}

fn transition(faded: &Faded<'_>) -> Transition {
    Transition {
        rule: faded.rule.to_owned(),
        scope: faded.scope.to_owned(),
        was: faded.was.to_owned(),
        reason: faded.reason.to_owned(),
    }
}
