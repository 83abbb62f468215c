//! `kind: Config` as people write it: profile, exclusions, waivers and rule settings.

use crate::model::{RepoPath, Severity};
use globset::GlobBuilder;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The configuration of a repository: `preop.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Config {
    /// `preop.dev/v1`.
    pub api_version: ApiVersion,
    /// `Config`.
    pub kind: ConfigKind,
    /// What it sets.
    #[serde(default)]
    pub spec: ConfigSpec,
}

/// The version of the manifest's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum ApiVersion {
    /// The only one.
    #[serde(rename = "preop.dev/v1")]
    V1,
}

/// The kind of this manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum ConfigKind {
    /// The only one.
    Config,
}

/// What a configuration sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ConfigSpec {
    /// Name of the profile.
    pub profile: Option<String>,
    /// Globs over paths that are not audited.
    pub exclude: Vec<String>,
    /// Findings that a person has accepted.
    pub waivers: Vec<WaiverEntry>,
    /// Severities by rule, in place of the library's.
    pub severity: BTreeMap<String, Severity>,
    /// Which rules run.
    pub rules: RulesSpec,
    /// What people state, where no scanner can see.
    pub attestations: Vec<AttestationEntry>,
}

/// Which rules run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RulesSpec {
    /// Names of rules that do not run.
    pub disable: Vec<String>,
}

/// A person's decision to accept the findings of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WaiverEntry {
    /// Name of the rule.
    pub rule: String,
    /// A file, a folder or a glob; without it, the whole repository.
    #[serde(default)]
    pub path: Option<String>,
    /// Why; at least ten characters.
    pub reason: String,
    /// Who approved it.
    #[serde(default)]
    pub approved_by: Option<String>,
    /// Last day on which it holds, `YYYY-MM-DD`.
    #[serde(default)]
    pub until: Option<String>,
    /// Only the finding of this identity, wherever its code moves.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

/// A person's statement on what no scanner can see.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttestationEntry {
    /// Name of the item, from the list of attestations: `backup-restore-drill`.
    pub id: String,
    /// The vendor it is stated for, where the item has a line for each: `OpenAI`.
    #[serde(default)]
    pub vendor: Option<String>,
    /// Who states it.
    pub by: String,
    /// On which day, `YYYY-MM-DD`.
    pub date: String,
    /// What shows it: an address, a document, a ticket.
    pub evidence: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    #[serde(default)]
    pub expires: Option<String>,
}

impl AttestationEntry {
    /// The vendor it is stated for.
    pub fn vendor(&self) -> Option<&str> {
        self.vendor.as_deref().map(str::trim)
    }
}

impl Config {
    /// Reads a configuration; the error knows line and column.
    pub fn parse(text: &str) -> Result<Self, serde_saphyr::Error> {
        serde_saphyr::from_str(text)
    }

    /// Is the file at `path` left out of the audit?
    pub fn excludes(&self, path: &RepoPath) -> bool {
        self.spec.exclude.iter().any(|text| {
            let glob = GlobBuilder::new(text).literal_separator(true).build();
            let folder = text.trim_end_matches('/');
            path.as_str() == folder
                || path.is_below(folder)
                || glob.is_ok_and(|glob| glob.compile_matcher().is_match(path.as_str()))
        })
    }

    /// Everything but waivers that makes the audit see less or mind less, as sentences.
    ///
    /// Every change of a severity is listed, up or down: the reader sees that it is not the
    /// library's.
    pub fn loosenings(&self) -> Vec<String> {
        let spec = &self.spec;
        let excluded = spec
            .exclude
            .iter()
            .map(|glob| format!("paths `{glob}` are not audited"));
        let disabled = spec
            .rules
            .disable
            .iter()
            .map(|rule| format!("rule `{rule}` does not run"));
        let changed = spec
            .severity
            .iter()
            .map(|(rule, severity)| format!("rule `{rule}` has severity `{severity}`"));
        let all = excluded.chain(disabled).chain(changed);
        all.map(|what| format!("configuration: {what}")).collect()
    }
}
