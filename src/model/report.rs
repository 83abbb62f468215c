//! The whole answer of one run: the only input of every renderer.

use super::{Fact, Finding, Issue, RuleCard, RuleResult, Service, Severity, Skipped, issues};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Everything one audit has to say.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was audited.
    pub target: Target,
    /// Version of the program.
    pub version: String,
    /// Number of active rules.
    pub rule_count: usize,
    /// Digest of the active rules.
    pub rules_digest: String,
    /// Name of the profile.
    pub profile: String,
    /// The day the report speaks of, `YYYY-MM-DD`, when the caller gave one.
    pub as_of: Option<String>,
    /// Number, verdict and what they rest on.
    pub score: Score,
    /// Services, in order of root.
    pub services: Vec<Service>,
    /// What was seen, in numbers.
    pub inventory: Inventory,
    /// Cards of the active rules, by name.
    pub rules: BTreeMap<String, RuleCard>,
    /// Every rule in every scope, in order of rule and scope. Findings live here.
    pub results: Vec<RuleResult>,
    /// What was not read or not judged.
    pub skipped: Vec<Skipped>,
    /// Every loosening that the audited repository asked for, and every waiver that does not hold.
    pub loosenings: Vec<String>,
    /// Facts worth a table in a report (routes, clients, probes).
    pub facts: Vec<Fact>,
    /// Checklist, in order of area and item.
    pub checklist: Vec<ChecklistItem>,
}

impl Report {
    /// Open findings as numbered pieces of work, most urgent first.
    pub fn issues(&self) -> Vec<Issue<'_>> {
        issues(&self.results, &self.rules)
    }

    /// Attestations that nobody has given, or whose statements do not hold any more.
    pub fn open_attestations(&self) -> usize {
        let open = |item: &&ChecklistItem| item.state == ChecklistState::Manual;
        self.checklist.iter().filter(open).count()
    }

    /// All findings, worst first, then by rule and place.
    pub fn findings(&self) -> Vec<&Finding> {
        let mut all: Vec<&Finding> = self.results.iter().flat_map(|r| &r.findings).collect();
        all.sort_by(|a, b| by_weight(a, b));
        all
    }
}

/// The order in which findings are shown: worst first, then by rule and place.
pub fn by_weight(a: &Finding, b: &Finding) -> Ordering {
    b.severity
        .cmp(&a.severity)
        .then(b.confidence.cmp(&a.confidence))
        .then_with(|| a.rule.cmp(&b.rule))
        .then_with(|| a.location.cmp(&b.location))
        .then_with(|| a.fingerprint.cmp(&b.fingerprint))
}

/// The order of the findings of one result, the same before a report is stored and after.
pub fn by_place(a: &Finding, b: &Finding) -> Ordering {
    let place = |finding: &Finding| (finding.location.start, finding.location.end);
    a.location
        .path
        .cmp(&b.location.path)
        .then_with(|| place(a).cmp(&place(b)))
        .then_with(|| a.fingerprint.cmp(&b.fingerprint))
}

/// What was audited.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// Name of the folder.
    pub name: String,
    /// Commit at HEAD, if the folder is a git checkout.
    pub commit: Option<String>,
    /// Does the checkout differ from the index? `None` when it is not known.
    pub dirty: Option<bool>,
}

/// What was seen, in numbers.
#[derive(Clone, Debug, Default, Serialize)]
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

/// Number, verdict and what they rest on.
#[derive(Clone, Debug)]
pub struct Score {
    /// Waived and known findings removed; `None` when nothing was evaluated.
    pub score: Option<u32>,
    /// As if nothing were waived or known.
    pub raw: Option<u32>,
    /// Letter for `score`.
    pub grade: Option<Grade>,
    /// Rules whose open findings cap the score.
    pub capped_by: Vec<String>,
    /// Evaluated weight over applicable weight, 0 to 1; `None` when nothing applied.
    pub coverage: Option<f64>,
    /// The answer.
    pub verdict: Verdict,
    /// Minutes to fix all open findings but those of severity `info`.
    pub effort_minutes: u32,
    /// By category, in order of name.
    pub categories: Vec<CategoryScore>,
    /// Kubernetes-style conditions.
    pub conditions: Vec<Condition>,
    /// Every gate with its own answer.
    pub gates: Vec<GateResult>,
    /// Score if the findings up to a severity were fixed.
    pub what_if: Vec<WhatIf>,
}

/// The answer to "may this go live?".
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
pub enum Verdict {
    /// Nothing, or too little, was evaluated.
    Inconclusive,
    /// Something blocks the launch, or a gate failed.
    NotReady,
    /// Nothing blocks; something important is open.
    Conditional,
    /// Nothing stands in the way.
    Ready,
}

impl Verdict {
    /// The words people read.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inconclusive => "INCONCLUSIVE",
            Self::NotReady => "NOT READY",
            Self::Conditional => "CONDITIONAL",
            Self::Ready => "READY",
        }
    }
}

/// Letter for a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[allow(missing_docs, reason = "the letters explain themselves")]
pub enum Grade {
    A,
    B,
    C,
    D,
    F,
}

/// Score of one category.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CategoryScore {
    /// Folder of the rule library.
    pub name: String,
    /// 0 to 100; `None` when no weighted rule passed or failed.
    pub score: Option<u32>,
    /// Weight in the overall score.
    pub weight: u32,
    /// Rules that hold wherever they apply.
    pub pass: u32,
    /// Rules with an open finding.
    pub fail: u32,
    /// Rules that failed, and whose findings are all waived or known.
    pub waived: u32,
    /// Rules that do not apply.
    pub not_applicable: u32,
    /// Rules that could not be decided.
    pub unknown: u32,
}

/// A Kubernetes-style condition.
#[derive(Clone, Debug, Serialize)]
pub struct Condition {
    /// `Ready`, `Scored`, `Covered`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// One word.
    pub reason: String,
    /// One sentence.
    pub message: String,
}

/// One gate and whether it held.
#[derive(Clone, Debug, Serialize)]
pub struct GateResult {
    /// As written: `fail-on high`, `min-score 80`.
    pub name: String,
    /// Did it hold?
    pub passed: bool,
    /// What was found.
    pub message: String,
}

/// Score if some findings were fixed.
#[derive(Clone, Debug, Serialize)]
pub struct WhatIf {
    /// Findings of this severity and above are fixed.
    pub after: Severity,
    /// The score then.
    pub score: Option<u32>,
    /// The verdict then.
    pub verdict: Verdict,
    /// Minutes of work up to there.
    #[serde(rename = "effortMinutes")]
    pub effort_minutes: u32,
}

/// One line of the checklist.
#[derive(Clone, Debug, Serialize)]
pub struct ChecklistItem {
    /// Area heading.
    pub area: String,
    /// The practice, in the affirmative.
    pub item: String,
    /// Is it in place?
    pub state: ChecklistState,
    /// Rules that say so.
    pub rules: Vec<String>,
    /// Evidence, reason or issue, in a few words.
    pub note: String,
    /// What a person states, where only a person can.
    pub attestation: Option<Attestation>,
}

/// What no scanner can see: an item that a person attests, or has yet to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Attestation {
    /// What people write in the configuration.
    pub id: String,
    /// The vendor it is stated for, where each has a line of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Requirements of HIPAA that it speaks to.
    #[serde(default)]
    pub controls: Vec<String>,
    /// Statements that hold.
    #[serde(default)]
    pub statements: Vec<Statement>,
}

/// One person's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Statement {
    /// Who says so.
    pub by: String,
    /// On which day, `YYYY-MM-DD`.
    pub date: String,
    /// What shows it: an address, a document, a ticket.
    pub evidence: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// State of a checklist line.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum ChecklistState {
    /// Not in place.
    Fail,
    /// Could not be decided.
    Unknown,
    /// Only a person can say.
    Manual,
    /// A person has said so.
    Attested,
    /// In place.
    Pass,
    /// Does not apply.
    NotApplicable,
}
