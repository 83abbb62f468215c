//! The manifests `Rule` and `Fact` exactly as people write them. Compiling is next door.

use super::{KnownBy, PathSpec};
use crate::model::{Confidence, Context, Control, Scope, Severity};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::collections::BTreeMap;

/// Who a manifest is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// DNS label; equals the file's stem; states the defect.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// At most eight words.
    pub title: String,
    /// Folder of the rule library; required for rules.
    #[serde(default)]
    pub category: String,
    /// Topics.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Version that brought it.
    #[serde(default)]
    pub since: Option<String>,
    /// `experimental`, `stable` or `deprecated`.
    #[serde(default)]
    pub maturity: Option<String>,
    /// Former names; they keep working.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// `kind: Rule`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RuleManifest {
    /// `preop.dev/v1`.
    pub api_version: String,
    /// `Rule`.
    pub kind: String,
    /// Who it is.
    pub metadata: Metadata,
    /// What it does.
    pub spec: RuleSpec,
}

/// What a rule expects, why it matters and what to do.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RuleSpec {
    /// How much a finding hurts.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// Time for one occurrence: `30m`, `2h`, `1d` (six hours).
    #[schemars(with = "String")]
    pub effort: Spanned<String>,
    /// What it threatens.
    #[serde(default)]
    pub theme: Option<Theme>,
    /// One sentence without a full stop; `{name}` placeholders.
    #[schemars(with = "String")]
    pub message: Spanned<String>,
    /// The checklist line when the practice is in place.
    #[serde(default)]
    pub positive: Option<String>,
    /// Area of the checklist.
    #[serde(default)]
    pub area: Option<String>,
    /// Why it matters.
    pub rationale: String,
    /// What to do.
    pub remediation: String,
    /// A command or an act that shows the fix worked.
    #[serde(default)]
    pub verify: Option<String>,
    /// Pages to read.
    #[serde(default)]
    pub references: Vec<String>,
    /// Requirements of standards.
    #[serde(default)]
    pub controls: Vec<Control>,
    /// CEL over `repo` and `service`: does the rule apply?
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub when: Option<Spanned<String>>,
    /// Where the rule is judged.
    #[serde(default)]
    pub scope: Option<Scope>,
    /// How to look.
    #[schemars(with = "MatchSpec")]
    pub r#match: Spanned<MatchSpec>,
    /// CEL over `hit`, `service`, `repo`: which hits count.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub r#where: Option<Spanned<String>>,
    /// What excuses a hit.
    #[serde(default)]
    pub unless: Option<UnlessSpec>,
    /// Never, at least once, or at most N times.
    #[serde(default)]
    pub expect: ExpectSpec,
    /// What tells that a hit is a secret; of several rules the most specific reports it.
    #[serde(default)]
    pub known_by: Option<KnownBy>,
    /// CEL: hits that make the outcome unknown.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub undecided: Option<Spanned<String>>,
    /// Changes to one finding.
    #[serde(default)]
    pub adjust: Vec<AdjustSpec>,
    /// CEL giving text: findings with equal text are one.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub group_by: Option<Spanned<String>>,
    /// Where to point for an absence.
    #[serde(default)]
    pub anchor: Anchor,
    /// How findings turn into the rule's score.
    #[serde(default)]
    pub scoring: Scoring,
    /// Not applicable counts as a failure.
    #[serde(default)]
    pub required: bool,
    /// Tiny repositories that prove the rule; both kinds are demanded when manifests are checked.
    #[serde(default)]
    pub examples: Vec<ExampleSpec>,
}

/// `kind: Fact`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FactManifest {
    /// `preop.dev/v1`.
    pub api_version: String,
    /// `Fact`.
    pub kind: String,
    /// Who it is.
    pub metadata: Metadata,
    /// What it observes.
    pub spec: FactSpec,
}

/// What to look for and what to call it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FactSpec {
    /// How to look.
    #[schemars(with = "MatchSpec")]
    pub r#match: Spanned<MatchSpec>,
    /// CEL over `hit`: which hits count.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub r#where: Option<Spanned<String>>,
    /// Attributes of the fact; `kind` is its kind.
    #[schemars(with = "BTreeMap<String, String>")]
    pub emit: Spanned<BTreeMap<String, serde_json::Value>>,
    /// Tiny repositories that prove it.
    #[serde(default)]
    pub examples: Vec<ExampleSpec>,
}

/// Exactly one of these keys.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchSpec {
    /// Any of several matchers.
    #[serde(default)]
    pub any: Option<Vec<Self>>,
    /// A regex over text.
    #[serde(default)]
    pub text: Option<TextSpec>,
    /// An ast-grep rule over syntax.
    #[serde(default)]
    pub code: Option<CodeSpec>,
    /// A `JSONPath` over a parsed document.
    #[serde(default)]
    pub data: Option<DataSpec>,
    /// Globs over file names, and signatures of formats.
    #[serde(default)]
    pub path: Option<PathSpec>,
    /// Facts by kind.
    #[serde(default)]
    pub fact: Option<String>,
}

/// A regex over the bytes of a file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TextSpec {
    /// Linear-time regex with named captures.
    #[schemars(with = "String")]
    pub regex: Spanned<String>,
    /// Globs over whole paths; `!` excludes.
    #[serde(default)]
    pub files: Vec<String>,
    /// Only in files of these languages.
    #[serde(default)]
    pub languages: Vec<crate::model::Language>,
    /// Where it may match.
    #[serde(default)]
    pub r#in: Vec<Context>,
    /// Captures that no output may contain.
    #[serde(default)]
    pub redact: Vec<String>,
    /// Letters match in either case.
    #[serde(default)]
    pub ignore_case: bool,
    /// The first match in a file is enough.
    #[serde(default)]
    pub once: bool,
}

/// An ast-grep rule object.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeSpec {
    /// Languages it is written for.
    pub languages: Vec<crate::model::Language>,
    /// The rule, as ast-grep documents it.
    #[schemars(with = "serde_json::Value")]
    pub rule: Spanned<serde_json::Value>,
    /// ast-grep's constraints on metavariables.
    #[serde(default)]
    pub constraints: Option<serde_json::Value>,
    /// ast-grep's local utility rules.
    #[serde(default)]
    pub utils: Option<serde_json::Value>,
    /// Metavariables that no output may contain.
    #[serde(default)]
    pub redact: Vec<String>,
    /// A regex that matches somewhere in every file worth parsing for this matcher.
    #[serde(default)]
    pub contains: Option<String>,
}

/// A `JSONPath` over a parsed document.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataSpec {
    /// Document format.
    #[schemars(with = "String")]
    pub format: Spanned<String>,
    /// `JSONPath` (RFC 9535).
    #[schemars(with = "String")]
    pub select: Spanned<String>,
    /// Globs over whole paths; `!` excludes.
    #[serde(default)]
    pub files: Vec<String>,
    /// `[value]` when the selected value may not be in any output.
    #[serde(default)]
    pub redact: Vec<String>,
}

/// What excuses a hit.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlessSpec {
    /// Where its presence excuses: in the hit's file, its service, or anywhere.
    #[serde(default)]
    pub scope: Option<Scope>,
    /// How to look.
    #[schemars(with = "MatchSpec")]
    pub r#match: Spanned<MatchSpec>,
    /// CEL over `hit`: which of its hits excuse.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub r#where: Option<Spanned<String>>,
}

/// How often a rule's hits are expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ExpectSpec {
    /// Not at all.
    #[default]
    Never,
    /// At least once.
    Some,
    /// At most this often.
    AtMost(u32),
}

/// A change to one finding.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdjustSpec {
    /// CEL over `hit`, `service`, `repo`.
    #[schemars(with = "String")]
    pub when: Spanned<String>,
    /// The severity then.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// The confidence then.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// Why, shown with the finding.
    pub because: String,
}

/// Where to point for an absence.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Anchor {
    /// The service's manifest.
    #[default]
    Manifest,
    /// `fact:KIND`, or one glob.
    One(String),
    /// The first of these globs that matches a file, or `fact:KIND`.
    Many(Vec<String>),
}

/// How findings turn into a rule's score, `0` to `1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scoring {
    /// 1 without findings, else 0.
    #[default]
    Binary,
    /// The share of judged things without a finding.
    Proportional,
    /// 1 / (1 + number of findings).
    Decay,
}

/// What a finding threatens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(
    missing_docs,
    reason = "the names are the definition; reports label them"
)]
pub enum Theme {
    PatientSafety,
    DataBreach,
    Compliance,
    DataLoss,
    Outage,
    BlindOperations,
    ChangeFailure,
    SlowRecovery,
}

/// A tiny repository, and what must be found in it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleSpec {
    /// What it shows.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// Files in which the rule must find exactly `expect`.
    #[serde(default)]
    pub bad: Option<BTreeMap<String, String>>,
    /// Files in which the rule must find nothing.
    #[serde(default)]
    pub good: Option<BTreeMap<String, String>>,
    /// `path:line` of every finding.
    #[serde(default)]
    pub expect: Vec<String>,
    /// The outcome must be *unknown*.
    #[serde(default)]
    pub unknown: bool,
    /// Contents that earlier commits had.
    #[serde(default)]
    pub history: BTreeMap<String, String>,
    /// Files that git does not track.
    #[serde(default)]
    pub untracked: Vec<String>,
    /// Files that git ignores.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// The rule gets this wrong today.
    #[serde(default)]
    pub gap: bool,
}
