//! What the folders of the rule library stand for: the checklist area and the theme of a rule
//! that names neither.

use super::spec::Theme;

/// Folder, area of the checklist, what a failure there threatens.
const CATEGORIES: [(&str, &str, Theme); 19] = [
    ("api", "Authentication and authorization", Theme::DataBreach),
    ("cicd", "CI/CD", Theme::ChangeFailure),
    ("compose", "Deployment configuration", Theme::Outage),
    ("concurrency", "Code fixes", Theme::Outage),
    (
        "configuration",
        "Deployment configuration",
        Theme::ChangeFailure,
    ),
    ("containers", "Deployment configuration", Theme::Outage),
    ("data", "Connection pools and resources", Theme::Outage),
    ("frontend", "Frontend", Theme::Outage),
    ("healthcare", "Compliance", Theme::Compliance),
    ("integrity", "Data and persistence", Theme::PatientSafety),
    ("kubernetes", "Infrastructure", Theme::Outage),
    ("lifecycle", "Reliability", Theme::Outage),
    ("messaging", "Realtime and messaging", Theme::DataLoss),
    ("observability", "Observability", Theme::BlindOperations),
    ("operations", "Operations", Theme::SlowRecovery),
    ("platforms", "Deployment configuration", Theme::Outage),
    ("reliability", "Reliability", Theme::Outage),
    ("secrets", "Security and credentials", Theme::DataBreach),
    ("testing", "Testing", Theme::ChangeFailure),
];

/// Checklist area of a category; `Other` for folders that the library does not have.
pub(super) fn area(category: &str) -> &'static str {
    find(category).map_or("Other", |(_, area, _)| area)
}

/// Theme of a category; change failure for folders that the library does not have.
pub(super) fn theme(category: &str) -> Theme {
    find(category).map_or(Theme::ChangeFailure, |(_, _, theme)| *theme)
}

fn find(category: &str) -> Option<&'static (&'static str, &'static str, Theme)> {
    CATEGORIES.iter().find(|(name, _, _)| *name == category)
}

impl Theme {
    /// The word used in manifests and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PatientSafety => "patient-safety",
            Self::DataBreach => "data-breach",
            Self::Compliance => "compliance",
            Self::DataLoss => "data-loss",
            Self::Outage => "outage",
            Self::BlindOperations => "blind-operations",
            Self::ChangeFailure => "change-failure",
            Self::SlowRecovery => "slow-recovery",
        }
    }
}
