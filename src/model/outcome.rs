//! A rule's answer in one scope, and what a reader needs to know of the rule.

use super::{Confidence, Control, Finding, Location, Severity};
use serde::{Deserialize, Serialize};

/// Where a rule is judged.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// In every file by itself.
    File,
    /// In every service as a whole.
    Service,
    /// Once for the repository.
    Repo,
}

/// A rule's answer in one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Evaluated, and as expected.
    Pass,
    /// Evaluated, and not as expected.
    Fail,
    /// Does not apply here, and why.
    NotApplicable(String),
    /// Could not be decided, and why.
    Unknown(String),
    /// Only a person can say.
    Manual,
}

impl Outcome {
    /// The word used in reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable(_) => "notApplicable",
            Self::Unknown(_) => "unknown",
            Self::Manual => "manual",
        }
    }

    /// Why, for the outcomes that say why.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::NotApplicable(reason) | Self::Unknown(reason) => Some(reason),
            Self::Pass | Self::Fail | Self::Manual => None,
        }
    }
}

/// A place that shows a practice is there, or that was looked at in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Where.
    pub location: Location,
    /// What is to be seen there.
    pub label: String,
}

/// One rule, judged in one scope.
#[derive(Clone, Debug)]
pub struct RuleResult {
    /// Name of the rule.
    pub rule: String,
    /// Name of the service, or `.` for the repository.
    pub scope: String,
    /// The answer.
    pub outcome: Outcome,
    /// What is wrong, in order of place. Empty unless the outcome is `Fail`.
    pub findings: Vec<Finding>,
    /// What a pass rests on.
    pub evidence: Vec<Evidence>,
    /// How many things were looked at: the denominator of proportional scoring.
    pub judged: u32,
}

/// What a reader must know of a rule; copied into the report, so renderers need no library.
#[derive(Clone, Debug)]
pub struct RuleCard {
    /// DNS label; states the defect.
    pub name: String,
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
    /// A command or an action that shows the fix worked.
    pub verify: Option<String>,
    /// Minutes for one occurrence.
    pub effort_minutes: u32,
    /// Pages to read.
    pub references: Vec<String>,
    /// Requirements of standards.
    pub controls: Vec<Control>,
    /// What it threatens: `data-breach`, `outage` …
    pub theme: String,
    /// Area of the checklist.
    pub area: String,
    /// The rule's expectation in the affirmative, for checklists.
    pub positive: String,
    /// How findings turn into the rule's score: `binary`, `proportional`, `decay`.
    pub scoring: String,
    /// Topics.
    pub tags: Vec<String>,
    /// Not applicable counts as a failure.
    pub required: bool,
}
