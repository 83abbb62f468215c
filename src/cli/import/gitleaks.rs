//! A gitleaks configuration as people write it. Keys that are not known are kept, to be named.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Keys that this program does not know.
pub(super) type Rest = BTreeMap<String, toml::Value>;

/// The whole file.
#[derive(Debug, Deserialize)]
pub(super) struct Config {
    #[serde(default)]
    pub(super) rules: Vec<Rule>,
    /// The older form: one global allow list.
    #[serde(default)]
    pub(super) allowlist: Option<Allowlist>,
    #[serde(default)]
    pub(super) allowlists: Vec<Allowlist>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// One rule.
#[derive(Debug, Deserialize)]
pub(super) struct Rule {
    #[serde(default)]
    pub(super) id: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) regex: Option<String>,
    #[serde(default)]
    pub(super) path: Option<String>,
    #[serde(default)]
    pub(super) entropy: Option<f64>,
    #[serde(default, rename = "secretGroup")]
    pub(super) secret_group: u32,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    #[serde(default)]
    pub(super) allowlist: Option<Allowlist>,
    #[serde(default)]
    pub(super) allowlists: Vec<Allowlist>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// What is no finding after all.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Allowlist {
    #[serde(default)]
    pub(super) condition: String,
    #[serde(default)]
    pub(super) paths: Vec<String>,
    #[serde(default)]
    pub(super) regexes: Vec<String>,
    #[serde(default, rename = "regexTarget")]
    pub(super) regex_target: String,
    #[serde(default)]
    pub(super) stopwords: Vec<String>,
    #[serde(default)]
    pub(super) commits: Vec<String>,
    /// Rules that a global list speaks of; all when it names none.
    #[serde(default, rename = "targetRules")]
    pub(super) target_rules: Vec<String>,
}
