//! A decision to accept findings, wherever it is written, and whether it holds at all.

use super::{WaiverEntry, day::is_date};
use crate::model::{Finding, InlineWaiver, RuleCard, Waiver, WaiverSource};
use globset::{GlobBuilder, GlobMatcher};
use std::collections::{BTreeMap, BTreeSet};

/// A reason has at least this many characters.
const SHORTEST_REASON: usize = 10;
/// A comment that speaks of a whole file stands in its first lines.
const LAST_HEAD_LINE: u32 = 20;
/// Category of rules that other tools' allow comments speak of.
const SECRETS: &str = "secrets";

/// A decision that may accept findings.
pub(super) struct Offer {
    waiver: Waiver,
    /// Rules it names; empty for another tool's comment.
    rules: BTreeSet<String>,
    reach: Reach,
    /// The one finding it speaks of; all in reach if it names none.
    fingerprint: Option<String>,
    /// Findings it accepted, by rule.
    accepted: BTreeMap<String, u32>,
    /// Why it does not hold; the first reason that was found.
    void: Option<String>,
}

enum Reach {
    Everywhere,
    File(String),
    Line(String, u32),
    Matching(GlobMatcher, String),
}

impl Offer {
    /// The offer of a comment.
    pub(super) fn comment(comment: &InlineWaiver) -> Self {
        let path = comment.location.path.to_string();
        let foreign = comment.rules.is_empty();
        let mut void = None;
        if comment.rules.iter().any(|rule| rule == "*") {
            void = Some("a waiver names the rules it accepts".to_owned());
        } else if comment.target_line == 0 && comment.line > LAST_HEAD_LINE {
            void = Some(format!(
                "a waiver of a whole file stands in its first {LAST_HEAD_LINE} lines"
            ));
        }
        Self {
            waiver: Waiver {
                source: if foreign {
                    WaiverSource::Foreign
                } else {
                    WaiverSource::Comment
                },
                place: format!("{path}:{}", comment.line),
                reason: comment.reason.clone(),
                approved_by: None,
                until: comment.until.clone(),
            },
            rules: comment.rules.iter().cloned().collect(),
            reach: match comment.target_line {
                0 => Reach::File(path),
                line => Reach::Line(path, line),
            },
            fingerprint: None,
            accepted: BTreeMap::new(),
            void,
        }
    }

    /// The offer of the `number`-th entry of the configuration, from 1.
    pub(super) fn entry(number: usize, entry: &WaiverEntry) -> Self {
        let mut void = None;
        let reach = match &entry.path {
            None => Reach::Everywhere,
            Some(path) => match GlobBuilder::new(path).literal_separator(true).build() {
                Ok(glob) => {
                    let folder = path.trim_end_matches('/').to_owned();
                    Reach::Matching(glob.compile_matcher(), folder)
                }
                Err(error) => {
                    void = Some(format!("path `{path}` is no glob: {}", error.kind()));
                    Reach::Everywhere
                }
            },
        };
        Self {
            waiver: Waiver {
                source: WaiverSource::Config,
                place: format!("configuration, waiver {number}"),
                reason: entry.reason.clone(),
                approved_by: entry.approved_by.clone(),
                until: entry.until.clone(),
            },
            rules: BTreeSet::from([entry.rule.clone()]),
            reach,
            fingerprint: entry.fingerprint.clone(),
            accepted: BTreeMap::new(),
            void,
        }
    }

    /// Decides whether the offer holds, and returns a problem for each rule that nobody knows.
    pub(super) fn examine(
        &mut self,
        cards: &BTreeMap<String, RuleCard>,
        as_of: Option<&str>,
    ) -> Vec<String> {
        if self.waiver.source == WaiverSource::Foreign || self.void.is_some() {
            return Vec::new();
        }
        let unknown: Vec<String> = self
            .rules
            .iter()
            .filter(|rule| !cards.contains_key(*rule))
            .cloned()
            .collect();
        for rule in &unknown {
            self.rules.remove(rule);
        }
        if !self.rules.is_empty() {
            self.void = self.weakness(as_of);
        }
        let problem = |rule: &String| {
            format!(
                "{} accepts nothing: no active rule is named `{rule}`",
                self.place()
            )
        };
        unknown.iter().map(problem).collect()
    }

    fn weakness(&self, as_of: Option<&str>) -> Option<String> {
        if self.waiver.reason.trim().chars().count() < SHORTEST_REASON {
            return Some(format!(
                "its reason has fewer than {SHORTEST_REASON} characters"
            ));
        }
        let until = self.waiver.until.as_deref()?;
        if !is_date(until) {
            return Some(format!("`{until}` is no date of the form YYYY-MM-DD"));
        }
        as_of
            .filter(|today| *today > until)
            .map(|_| format!("it expired on {until}"))
    }

    /// Accepts the finding if the offer holds and speaks of it.
    pub(super) fn accept(&mut self, finding: &Finding, category: &str) -> Option<Waiver> {
        let named = if self.waiver.source == WaiverSource::Foreign {
            category == SECRETS
        } else {
            self.rules.contains(&finding.rule)
        };
        let meant = |fingerprint: &String| *fingerprint == finding.fingerprint.0;
        if self.void.is_some()
            || !named
            || !self.reach.holds(finding)
            || !self.fingerprint.as_ref().is_none_or(meant)
        {
            return None;
        }
        *self.accepted.entry(finding.rule.clone()).or_default() += 1;
        Some(self.waiver.clone())
    }

    /// What became of the offer. Another tool's comment that accepted nothing is not our business.
    pub(super) fn account(&self) -> Vec<String> {
        let place = self.place();
        if let Some(void) = &self.void {
            return vec![format!("{place} accepts nothing: {void}")];
        }
        let mut lines = Vec::new();
        for (rule, count) in &self.accepted {
            let noun = if *count == 1 { "finding" } else { "findings" };
            lines.push(format!(
                "{place} accepts {count} {noun} of `{rule}`{}",
                self.terms()
            ));
        }
        if self.waiver.source != WaiverSource::Foreign {
            for rule in self
                .rules
                .iter()
                .filter(|rule| !self.accepted.contains_key(*rule))
            {
                lines.push(format!(
                    "{place} accepts nothing: no open finding of `{rule}` matches"
                ));
            }
        }
        lines
    }

    /// Does it have a last day that only a date of today can judge?
    pub(super) fn expires(&self) -> bool {
        self.waiver.until.is_some()
    }

    fn place(&self) -> String {
        match self.waiver.source {
            WaiverSource::Comment => format!("comment at `{}`", self.waiver.place),
            WaiverSource::Foreign => format!("another tool's comment at `{}`", self.waiver.place),
            WaiverSource::Config => self.waiver.place.clone(),
        }
    }

    fn terms(&self) -> String {
        let waiver = &self.waiver;
        let mut terms = Vec::new();
        if !waiver.reason.is_empty() {
            terms.push(waiver.reason.clone());
        }
        terms.extend(
            waiver
                .approved_by
                .as_ref()
                .map(|who| format!("approved by {who}")),
        );
        terms.extend(waiver.until.as_ref().map(|day| format!("until {day}")));
        if terms.is_empty() {
            String::new()
        } else {
            format!(": {}", terms.join(", "))
        }
    }
}

impl Reach {
    fn holds(&self, finding: &Finding) -> bool {
        let path = &finding.location.path;
        let lines = finding.location.start.line.get()..=finding.location.end.line.get();
        match self {
            Self::Everywhere => true,
            Self::File(file) => path.as_str() == file,
            Self::Line(file, line) => path.as_str() == file && lines.contains(line),
            Self::Matching(glob, folder) => glob.is_match(path.as_str()) || path.is_below(folder),
        }
    }
}
