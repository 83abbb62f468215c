//! Version 1 of findings, results and rules: the parts that say what is wrong where.

use crate::model::{Confidence, Control, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A place in the repository.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// Path from the root, with `/`.
    pub path: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// One past the last column.
    pub end_column: u32,
}

/// A place with a word on what it is.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Labelled {
    /// Path from the root, with `/`.
    pub path: String,
    /// Line.
    pub line: u32,
    /// What it is.
    pub label: String,
}

/// One thing that is wrong, or missing, with its proof.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Name of the rule.
    pub rule: String,
    /// How much it hurts.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// One sentence without a full stop.
    pub message: String,
    /// Name of the service, if it lies in one.
    pub service: Option<String>,
    /// Name of the service the rule was judged in, or `.` for the repository.
    pub scope: String,
    /// The place that proves it, or the anchor of an absence.
    pub location: Location,
    /// Lines around the place, redacted.
    pub excerpt: String,
    /// Number of the excerpt's first line.
    pub excerpt_line: u32,
    /// Further places.
    pub related: Vec<Labelled>,
    /// Places beyond those in `related`.
    pub more: u32,
    /// Remarks of the rule on this finding.
    pub notes: Vec<String>,
    /// Identity across runs.
    pub fingerprint: String,
    /// `open`, `waived` or `known`.
    pub status: FindingStatus,
    /// The decision that waived it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub waiver: Option<Waiver>,
    /// Minutes to fix it.
    pub effort_minutes: u32,
}

/// Is the finding still somebody's work?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FindingStatus {
    /// Counts.
    Open,
    /// Accepted by a person.
    Waived,
    /// In the baseline.
    Known,
}

/// A person's decision to accept a finding.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Waiver {
    /// Where the decision is written: `comment`, `config` or `foreign`.
    pub source: WaiverSource,
    /// Place of the comment or of the entry.
    pub place: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Last day on which it holds.
    pub until: Option<String>,
}

/// Where a waiver is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WaiverSource {
    /// A comment in the file.
    Comment,
    /// The configuration file.
    Config,
    /// Another tool's allow comment.
    Foreign,
}

/// One rule, judged in one scope.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RuleResult {
    /// Name of the rule.
    pub rule: String,
    /// Name of the service, or `.` for the repository.
    pub scope: String,
    /// The answer.
    pub outcome: Outcome,
    /// Why, for `notApplicable` and `unknown`.
    pub reason: Option<String>,
    /// What a pass rests on.
    pub evidence: Vec<Labelled>,
    /// How many things were looked at.
    pub judged: u32,
}

/// A rule's answer in one scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Evaluated, and as expected.
    Pass,
    /// Evaluated, and not as expected.
    Fail,
    /// Does not apply here.
    NotApplicable,
    /// Could not be decided.
    Unknown,
    /// Only a person can say.
    Manual,
}

/// What a reader must know of a rule.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// At most eight words.
    pub title: String,
    /// Folder of the rule library.
    pub category: String,
    /// Base severity, after the profile.
    pub severity: Severity,
    /// Base confidence.
    pub confidence: Confidence,
    /// Why it matters.
    pub rationale: String,
    /// What to do.
    pub remediation: String,
    /// A command or an act that shows the fix worked.
    pub verify: Option<String>,
    /// Minutes for one occurrence.
    pub effort_minutes: u32,
    /// Pages to read.
    pub references: Vec<String>,
    /// Requirements of standards.
    pub controls: Vec<Control>,
    /// What it threatens.
    pub theme: String,
    /// Area of the checklist.
    pub area: String,
    /// The expectation in the affirmative.
    pub positive: String,
    /// `binary`, `proportional` or `decay`.
    pub scoring: String,
    /// Topics.
    pub tags: Vec<String>,
    /// Not applicable counts as a failure.
    pub required: bool,
}
