//! The report in version 1 of its form, apart from the types that the program works with.
//!
//! Fields may be added. None may be renamed, removed or given another meaning; that takes a `v2`
//! beside this file. Lines and columns count from 1, columns in characters.

mod finding;

pub use finding::{
    Finding, FindingStatus, Labelled, Location, Outcome, Rule, RuleResult, Waiver, WaiverSource,
};

use crate::model::{Attestation, ChecklistState, Grade, Language, Severity, SkipReason, Verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Everything one audit has to say.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadinessReport {
    /// `preop.dev/v1`.
    pub api_version: String,
    /// `ReadinessReport`.
    pub kind: String,
    /// What was audited, and with what.
    pub metadata: Metadata,
    /// Number, verdict and what they rest on.
    pub status: Status,
    /// Services, in order of root.
    pub services: Vec<Service>,
    /// What was seen, in numbers.
    pub inventory: Inventory,
    /// Findings, worst first.
    pub findings: Vec<Finding>,
    /// Every rule in every scope. Its findings stand under `findings`.
    pub results: Vec<RuleResult>,
    /// The checklist, in order of area and item.
    pub checklist: Vec<ChecklistItem>,
    /// Every loosening of the audit, and every waiver that does not hold.
    pub loosenings: Vec<String>,
    /// What was not read or not judged.
    pub skipped: Vec<Skipped>,
    /// Observations: routes, clients, probes.
    pub facts: Vec<Fact>,
    /// What a reader must know of the rules, by name.
    pub rules: BTreeMap<String, Rule>,
}

/// What was audited, and with what.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// What was audited.
    pub target: Target,
    /// The program.
    pub tool: Tool,
    /// The active rules.
    pub rules: RuleSet,
    /// Name of the profile.
    pub profile: String,
    /// The day the report speaks of, `YYYY-MM-DD`.
    pub as_of: Option<String>,
}

/// What was audited.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// Name of the folder.
    pub name: String,
    /// Commit at HEAD.
    pub commit: Option<String>,
    /// Does the checkout differ from the index?
    pub dirty: Option<bool>,
}

/// The program.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `preop`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The active rules.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RuleSet {
    /// How many.
    pub count: usize,
    /// Digest of all manifests.
    pub digest: String,
}

/// Number, verdict and what they rest on.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The answer.
    pub verdict: Verdict,
    /// 0 to 100, waived and known findings removed; null when nothing was evaluated.
    pub score: Option<u32>,
    /// 0 to 100, as if nothing were waived or known.
    pub score_raw: Option<u32>,
    /// Letter for `score`.
    pub grade: Option<Grade>,
    /// Rules whose open findings cap the score.
    pub capped_by: Vec<String>,
    /// 0 to 1; null when nothing applied.
    pub coverage: Option<f64>,
    /// Minutes to fix all open findings but those of severity `info`.
    pub effort_minutes: u32,
    /// Kubernetes-style conditions.
    pub conditions: Vec<Condition>,
    /// Every gate with its own answer.
    pub gates: Vec<Gate>,
    /// By category, in order of name.
    pub categories: Vec<Category>,
    /// Score if findings down to a severity were fixed.
    pub what_if: Vec<WhatIf>,
}

/// A Kubernetes-style condition.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Condition {
    /// `Ready`, `Scored`, `Covered`.
    pub r#type: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// One word.
    pub reason: String,
    /// One sentence.
    pub message: String,
}

/// One gate and whether it held.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Gate {
    /// As written: `fail-on high`.
    pub name: String,
    /// Did it hold?
    pub passed: bool,
    /// What was found.
    pub message: String,
}

/// Score of one category.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Category {
    /// Folder of the rule library.
    pub name: String,
    /// 0 to 100; null when no weighted rule passed or failed.
    pub score: Option<u32>,
    /// Weight in the overall score.
    pub weight: u32,
    /// Rules that hold wherever they apply.
    pub pass: u32,
    /// Rules with an open finding.
    pub fail: u32,
    /// Rules that failed, and whose findings are all waived or known.
    #[serde(default)]
    pub waived: u32,
    /// Rules that do not apply.
    pub not_applicable: u32,
    /// Rules that could not be decided.
    pub unknown: u32,
}

/// Score if some findings were fixed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WhatIf {
    /// Findings of this severity and above are fixed.
    pub after: Severity,
    /// The score then.
    pub score: Option<u32>,
    /// The verdict then.
    pub verdict: Verdict,
    /// Minutes of work up to there.
    pub effort_minutes: u32,
}

/// A directory that is built or run on its own.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Short name, unique in the repository.
    pub name: String,
    /// Folder, empty for the root of the repository.
    pub root: String,
    /// What kind of thing it is.
    pub kind: String,
    /// Languages of its production code.
    pub languages: BTreeSet<Language>,
    /// Frameworks.
    pub frameworks: BTreeSet<String>,
    /// What it serves: `http`, `websocket`, `grpc`.
    pub serves: BTreeSet<String>,
    /// Files where running it begins.
    pub entrypoints: BTreeSet<String>,
    /// Number of production source files.
    pub files: u32,
    /// Number of lines in them.
    pub lines: u32,
    /// Too small to be judged for what it lacks.
    pub stub: bool,
}

/// What was seen, in numbers.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Inventory {
    /// Files listed.
    pub files: u32,
    /// Files read.
    pub files_read: u32,
    /// Lines read.
    pub lines: u64,
    /// Files by role.
    pub roles: BTreeMap<String, u32>,
    /// Files by language.
    pub languages: BTreeMap<String, u32>,
    /// Facts by kind.
    pub facts: BTreeMap<String, u32>,
    /// Untracked files that ignore files left out.
    pub ignored: u32,
}

/// One line of the checklist.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ChecklistItem {
    /// Area heading.
    pub area: String,
    /// The practice, in the affirmative.
    pub item: String,
    /// Is it in place?
    pub state: ChecklistState,
    /// Rules that say so.
    pub rules: Vec<String>,
    /// Evidence, reason or issue.
    pub note: String,
    /// What a person states, where only a person can.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub attestation: Option<Attestation>,
}

/// Something that was not read or not judged, and why.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    /// The path as printable text.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
    /// What exactly.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
}

/// A named observation with attributes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// What it is.
    pub kind: String,
    /// The service whose code or configuration says so.
    pub service: Option<String>,
    /// Where it was seen.
    pub location: Location,
    /// Its attributes; `?` where a value depends on what the repository does not hold.
    pub attributes: BTreeMap<String, serde_json::Value>,
}
