//! `kind: Profile`: a named choice of rules, severities and gates.

use super::Rule;
use super::spec::Metadata;
use crate::model::Severity;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `kind: Profile`, as written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProfileManifest {
    /// `preop.dev/v1`.
    pub api_version: String,
    /// `Profile`.
    pub kind: String,
    /// Who it is.
    pub metadata: Metadata,
    /// What it chooses.
    pub spec: ProfileSpec,
}

/// What a profile chooses.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProfileSpec {
    /// Rules to run; all when empty.
    #[serde(default)]
    pub select: Selection,
    /// Rules not to run.
    #[serde(default)]
    pub exclude: Selection,
    /// Severities by rule name.
    #[serde(default)]
    pub severity: BTreeMap<String, Severity>,
    /// Conditions of the exit code.
    #[serde(default)]
    pub gates: Gates,
}

/// Rules by what they are; a rule is selected when any of the lists names it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Selection {
    /// By name.
    #[serde(default)]
    pub rules: Vec<String>,
    /// By folder.
    #[serde(default)]
    pub categories: Vec<String>,
    /// By topic.
    #[serde(default)]
    pub tags: Vec<String>,
    /// By a standard that a rule speaks to: `hipaa`, `cwe`.
    #[serde(default)]
    pub standards: Vec<String>,
    /// This severity and above.
    #[serde(default)]
    pub min_severity: Option<Severity>,
}

/// Conditions of the exit code.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Gates {
    /// Fail on an open finding of this severity or above.
    #[serde(default)]
    pub fail_on: Option<Severity>,
    /// Fail below this score.
    #[serde(default)]
    pub min_score: Option<u32>,
    /// Inconclusive below this coverage, in percent.
    #[serde(default)]
    pub min_coverage: Option<u32>,
}

/// A profile, ready to be applied.
pub struct Profile {
    /// What people type.
    pub name: String,
    /// What it is for.
    pub title: String,
    /// What it chooses.
    pub spec: ProfileSpec,
}

impl Selection {
    fn is_empty(&self) -> bool {
        self.rules.is_empty()
            && self.categories.is_empty()
            && self.tags.is_empty()
            && self.standards.is_empty()
            && self.min_severity.is_none()
    }

    fn names(&self, rule: &Rule) -> bool {
        self.rules.contains(&rule.card.name)
            || self.categories.contains(&rule.card.category)
            || rule.card.tags.iter().any(|tag| self.tags.contains(tag))
            || rule
                .card
                .controls
                .iter()
                .any(|control| self.standards.contains(&control.standard))
            || self
                .min_severity
                .is_some_and(|least| rule.card.severity >= least)
    }
}

impl Profile {
    /// Does the profile run this rule?
    pub fn selects(&self, rule: &Rule) -> bool {
        (self.spec.select.is_empty() || self.spec.select.names(rule))
            && !self.spec.exclude.names(rule)
    }
}
