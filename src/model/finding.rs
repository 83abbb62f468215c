//! A hit, or a proven absence, seen through its rule.

use super::{Confidence, Location, Severity};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Identity of a finding that survives moved code: 16 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One thing that is wrong, or missing, with its proof.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Name of the rule.
    pub rule: String,
    /// After adjustments by rule and profile.
    pub severity: Severity,
    /// After adjustments by the rule.
    pub confidence: Confidence,
    /// One sentence without a full stop; names the thing.
    pub message: String,
    /// Name of the service, if it lies in one.
    pub service: Option<String>,
    /// The place that proves it, or the anchor of an absence.
    pub location: Location,
    /// Lines of the file around the place, redacted.
    pub excerpt: String,
    /// Line number of the excerpt's first line, from 1.
    pub excerpt_line: u32,
    /// Further places: the first client, the other copies, the nearest miss.
    pub related: Vec<Related>,
    /// Places beyond those listed in `related`.
    pub more: u32,
    /// Why an adjustment changed the severity or confidence; what was searched for an absence.
    pub notes: Vec<String>,
    /// Identity across runs.
    pub fingerprint: Fingerprint,
    /// Open, waived or known.
    pub status: Status,
    /// Minutes one engineer who knows the code needs.
    pub effort_minutes: u32,
}

impl Finding {
    /// Does the finding list the line on which `place` begins?
    pub fn is_at(&self, place: &Location) -> bool {
        let listed = self.related.iter().map(|related| &related.location);
        std::iter::once(&self.location)
            .chain(listed)
            .any(|at| at.path == place.path && at.line() == place.line())
    }
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub location: Location,
    /// What it is to the finding: `first client`, `also here`.
    pub label: String,
}

/// Is the finding still somebody's work?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Counts.
    Open,
    /// Accepted by a person.
    Waived(Waiver),
    /// In the baseline.
    Known,
}

impl Status {
    /// The word used in reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waived(_) => "waived",
            Self::Known => "known",
        }
    }
}

/// A person's decision to accept a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Where the decision is written.
    pub source: WaiverSource,
    /// Place of the comment or of the entry in the configuration, as text.
    pub place: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
}

/// Where a waiver is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaiverSource {
    /// A comment in the file.
    Comment,
    /// The configuration file.
    Config,
    /// Another tool's allow comment, honoured without a reason.
    Foreign,
}

/// A requirement of a standard that a rule speaks to.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// The standard: `hipaa`, `cwe`, `owasp-api`, `cis-docker`, `cis-kubernetes`, `12factor`.
    pub standard: String,
    /// The requirement's own number: `164.312(a)(1)`, `CWE-798`.
    pub id: String,
    /// `required` or `addressable` where the standard makes the difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What the rule shows: `supports`, `partial`, `contradicts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
}
