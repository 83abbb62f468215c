//! The two independent axes of a finding: how much it hurts, and how sure the rule is.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How much it hurts if the finding is left as it is.
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
pub enum Severity {
    /// Advice or context; never scored.
    Info,
    /// Hygiene, defence in depth.
    Low,
    /// Degrades security, recovery or performance; fix in the first month.
    Medium,
    /// Likely outage, exploitable weakness or missing required safeguard.
    High,
    /// Breach, patient harm, irreversible data loss or guaranteed outage.
    Critical,
}

impl Severity {
    /// All severities, worst first: the order in which people read them.
    pub const WORST_FIRST: [Self; 5] = [
        Self::Critical,
        Self::High,
        Self::Medium,
        Self::Low,
        Self::Info,
    ];

    /// The word used in manifests, reports and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How sure the rule is that what it found is what it means.
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
pub enum Confidence {
    /// Naming only; reported, but never moves a score or a gate.
    Low,
    /// A heuristic with corroboration.
    Medium,
    /// Resolved through types, imports or a parsed document.
    High,
}

impl Confidence {
    /// The word used in manifests and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
