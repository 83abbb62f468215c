//! Findings grouped the way people work on them: one issue for each rule, service and priority.
//!
//! Score and renderers share this grouping, so a number of minutes in a table is the same
//! number of minutes in a sentence.

use super::{Confidence, Finding, RuleCard, RuleResult, Severity, Status};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Themes in the order in which people worry about them; the order of issues of equal severity.
pub const THEMES: [&str; 8] = [
    "patient-safety",
    "data-breach",
    "compliance",
    "data-loss",
    "outage",
    "blind-operations",
    "change-failure",
    "slow-recovery",
];

/// When an issue has to be dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Blocks the launch: critical, and the rule is sure enough.
    P0,
    /// Before production traffic: high, or critical but only a suspicion.
    P1,
    /// In the first months: medium, or high but only a suspicion.
    P2,
    /// When there is time: everything else.
    P3,
}

impl Priority {
    /// All priorities, most urgent first.
    pub const ALL: [Self; 4] = [Self::P0, Self::P1, Self::P2, Self::P3];

    /// The priority of a finding by its severity and confidence.
    ///
    /// ```
    /// # use preop::model::{Confidence, Priority, Severity};
    /// assert_eq!(Priority::of(Severity::Critical, Confidence::Medium), Priority::P0);
    /// assert_eq!(Priority::of(Severity::Critical, Confidence::Low), Priority::P1);
    /// assert_eq!(Priority::of(Severity::Medium, Confidence::Low), Priority::P2);
    /// ```
    pub fn of(severity: Severity, confidence: Confidence) -> Self {
        let sure = confidence > Confidence::Low;
        match severity {
            Severity::Critical if sure => Self::P0,
            Severity::Critical => Self::P1,
            Severity::High if sure => Self::P1,
            Severity::High | Severity::Medium => Self::P2,
            Severity::Low | Severity::Info => Self::P3,
        }
    }

    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::P0 => "P0",
            Self::P1 => "P1",
            Self::P2 => "P2",
            Self::P3 => "P3",
        }
    }
}

/// Open findings of one rule, in one service, of one priority: one piece of work.
#[derive(Clone, Debug)]
pub struct Issue<'a> {
    /// Number in the report, from 1.
    pub number: usize,
    /// Name of the rule.
    pub rule: &'a str,
    /// What a reader must know of the rule; `None` if the report carries no card of it.
    pub card: Option<&'a RuleCard>,
    /// Name of the service, if it lies in one.
    pub service: Option<&'a str>,
    /// When it has to be dealt with.
    pub priority: Priority,
    /// The worst severity of its findings.
    pub severity: Severity,
    /// The best confidence among its worst findings.
    pub confidence: Confidence,
    /// Each finding once: worst first, then in order of place. Never empty.
    pub findings: Vec<&'a Finding>,
    /// Minutes to fix all of it.
    pub effort_minutes: u32,
}

impl Issue<'_> {
    /// The rule's title, or its name if the report carries no card of it.
    pub fn title(&self) -> &str {
        self.card.map_or(self.rule, |card| &card.title)
    }

    /// What it threatens; empty if the rule does not say.
    pub fn theme(&self) -> &str {
        self.card.map_or("", |card| &card.theme)
    }

    /// The category of the rule; empty if the report carries no card of it.
    pub fn category(&self) -> &str {
        self.card.map_or("", |card| &card.category)
    }
}

/// The open findings of `results` as numbered issues, most urgent first.
///
/// The order is priority, severity, theme, rule, service, place, and does not depend on the
/// order of `results`.
pub fn issues<'a>(
    results: &'a [RuleResult],
    cards: &'a BTreeMap<String, RuleCard>,
) -> Vec<Issue<'a>> {
    let mut groups: BTreeMap<(Priority, &str, Option<&str>), Vec<&Finding>> = BTreeMap::new();
    for finding in results.iter().flat_map(|result| &result.findings) {
        if finding.status == Status::Open {
            let priority = Priority::of(finding.severity, finding.confidence);
            let key = (priority, finding.rule.as_str(), finding.service.as_deref());
            groups.entry(key).or_default().push(finding);
        }
    }
    let mut issues: Vec<Issue<'a>> = groups
        .into_iter()
        .filter_map(|((priority, rule, service), findings)| {
            issue(priority, rule, service, findings, cards.get(rule))
        })
        .collect();
    issues.sort_by_cached_key(|issue| {
        let place = issue
            .findings
            .first()
            .map(|finding| finding.location.clone());
        (
            issue.priority,
            Reverse(issue.severity),
            theme_rank(issue.theme()),
            issue.rule.to_owned(),
            issue.service.map(str::to_owned),
            place,
        )
    });
    for (index, issue) in issues.iter_mut().enumerate() {
        issue.number = index + 1;
    }
    issues
}

fn issue<'a>(
    priority: Priority,
    rule: &'a str,
    service: Option<&'a str>,
    mut findings: Vec<&'a Finding>,
    card: Option<&'a RuleCard>,
) -> Option<Issue<'a>> {
    findings.sort_by_key(|finding| {
        (
            Reverse(finding.severity),
            Reverse(finding.confidence),
            &finding.location,
        )
    });
    let mut seen = BTreeSet::new();
    findings.retain(|finding| seen.insert(&finding.fingerprint));
    let worst = *findings.first()?;
    let places = findings.iter().fold(0_u32, |all, finding| {
        all.saturating_add(finding.more).saturating_add(1)
    });
    let base = findings
        .iter()
        .map(|finding| finding.effort_minutes)
        .max()
        .unwrap_or_default();
    Some(Issue {
        number: 0,
        rule,
        card,
        service,
        priority,
        severity: worst.severity,
        confidence: worst.confidence,
        findings,
        effort_minutes: effort(base, places),
    })
}

/// Minutes for `places` occurrences of what takes `base` minutes once.
///
/// Every further place costs 15 % of the first, and four times the first is the most; the sum is
/// rounded up to 5 minutes below an hour, to 15 below four hours, to 30 above.
///
/// ```
/// # use preop::model::effort;
/// assert_eq!(effort(10, 1), 10);
/// assert_eq!(effort(10, 3), 15);
/// assert_eq!(effort(60, 1_000), 240);
/// ```
pub fn effort(base: u32, places: u32) -> u32 {
    let percent = 400.min(100 + 15 * u64::from(places.saturating_sub(1)));
    let minutes = (u64::from(base) * percent).div_ceil(100);
    let step = match minutes {
        0..60 => 5,
        60..240 => 15,
        _ => 30,
    };
    u32::try_from(minutes.next_multiple_of(step)).unwrap_or(u32::MAX)
}

fn theme_rank(theme: &str) -> usize {
    THEMES
        .iter()
        .position(|known| *known == theme)
        .unwrap_or(THEMES.len())
}
