//! `kind: Baseline`: findings known at a date, so that a gate can ask for no new ones.

use super::config::ApiVersion;
use crate::model::{Finding, Fingerprint, Status};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Findings that are known.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Baseline {
    /// `preop.dev/v1`.
    pub api_version: ApiVersion,
    /// `Baseline`.
    pub kind: BaselineKind,
    /// What it knows.
    pub spec: BaselineSpec,
}

/// The kind of this manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum BaselineKind {
    /// The only one.
    Baseline,
}

/// What a baseline knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaselineSpec {
    /// The day it was written, `YYYY-MM-DD`.
    #[serde(default)]
    pub date: Option<String>,
    /// Known findings.
    pub findings: Vec<BaselineEntry>,
}

/// A known finding. Only the fingerprint and the rule decide; the path is for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaselineEntry {
    /// Name of the rule.
    pub rule: String,
    /// Where it was.
    pub path: String,
    /// Identity of the finding.
    pub fingerprint: String,
}

impl Baseline {
    /// Reads a baseline; the error knows line and column.
    pub fn parse(text: &str) -> Result<Self, serde_saphyr::Error> {
        serde_saphyr::from_str(text)
    }

    /// A baseline of everything in `findings` that is not waived.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>, date: Option<&str>) -> Self {
        let entry = |finding: &Finding| BaselineEntry {
            rule: finding.rule.clone(),
            path: finding.location.path.to_string(),
            fingerprint: finding.fingerprint.to_string(),
        };
        let unwaived = findings
            .into_iter()
            .filter(|f| !matches!(f.status, Status::Waived(_)));
        let entries: BTreeSet<BaselineEntry> = unwaived.map(entry).collect();
        Self {
            api_version: ApiVersion::V1,
            kind: BaselineKind::Baseline,
            spec: BaselineSpec {
                date: date.map(str::to_owned),
                findings: entries.into_iter().collect(),
            },
        }
    }

    /// Drops entries that no longer match a finding, and returns how many.
    pub fn prune<'f>(&mut self, findings: impl IntoIterator<Item = &'f Finding>) -> usize {
        let present: BTreeSet<(&str, &Fingerprint)> = findings
            .into_iter()
            .map(|f| (f.rule.as_str(), &f.fingerprint))
            .collect();
        let before = self.spec.findings.len();
        self.spec.findings.retain(|entry| {
            present.contains(&(entry.rule.as_str(), &Fingerprint(entry.fingerprint.clone())))
        });
        before - self.spec.findings.len()
    }

    /// The manifest as text, one finding a line, so that a merge conflict is one line too.
    pub fn to_yaml(&self) -> String {
        let mut text = String::from("apiVersion: preop.dev/v1\nkind: Baseline\nspec:\n");
        if let Some(date) = &self.spec.date {
            text.push_str(&format!("  date: {}\n", quoted(date)));
        }
        if self.spec.findings.is_empty() {
            text.push_str("  findings: []\n");
            return text;
        }
        text.push_str("  findings:\n");
        for entry in &self.spec.findings {
            text.push_str(&format!(
                "    - {{rule: {}, path: {}, fingerprint: {}}}\n",
                quoted(&entry.rule),
                quoted(&entry.path),
                quoted(&entry.fingerprint)
            ));
        }
        text
    }

    /// Known fingerprints with the number of findings that matched each.
    pub(super) fn counters(&self) -> BTreeMap<(&str, &str), u32> {
        self.spec
            .findings
            .iter()
            .map(|e| ((e.rule.as_str(), e.fingerprint.as_str()), 0))
            .collect()
    }
}

/// JSON strings are YAML strings, and hold any path on one line.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
