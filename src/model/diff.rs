//! Two reports beside each other: what was fixed, what is new, what can no longer be seen.
//!
//! Rule and fingerprint decide what is the same finding. A finding that is gone counts as fixed
//! only where its rule still looks and still could decide; everything else is named for what it is.

use super::{
    Confidence, Finding, Outcome, Report, RuleResult, Severity, Status, Verdict, by_weight,
};
use std::collections::{BTreeMap, BTreeSet};

/// What changed from one report to another.
#[derive(Clone, Debug)]
pub struct Diff<'r> {
    /// The report from before.
    pub old: &'r Report,
    /// The report from after.
    pub new: &'r Report,
    /// Findings that were open and are gone, worst first.
    pub fixed: Vec<&'r Finding>,
    /// Findings that are open and were not there, worst first.
    pub added: Vec<Added<'r>>,
    /// Findings that were accepted and are open, worst first.
    pub reopened: Vec<&'r Finding>,
    /// Findings that were open or absent and are accepted, worst first.
    pub accepted: Vec<&'r Finding>,
    /// Findings that were accepted and are gone, worst first.
    pub retired: Vec<&'r Finding>,
    /// Findings of which no one can say whether they are gone, worst first.
    pub lost: Vec<Lost<'r>>,
    /// Rules that passed or failed in a scope and now do not apply, in order of rule and scope.
    pub not_applicable: Vec<Faded<'r>>,
    /// Rules that passed or failed in a scope and now cannot be decided.
    pub unknown: Vec<Faded<'r>>,
    /// Findings that are open in both.
    pub unchanged: usize,
}

/// An open finding that was not there.
#[derive(Clone, Copy, Debug)]
pub struct Added<'r> {
    /// The finding.
    pub finding: &'r Finding,
    /// Did the older audit run its rule? If not, the rule is new and not the defect.
    pub by_new_rule: bool,
}

/// A finding that was open, and that the newer audit could not have seen.
#[derive(Clone, Copy, Debug)]
pub struct Lost<'r> {
    /// The finding, as it was.
    pub finding: &'r Finding,
    /// Why it could not be seen.
    pub why: Unseen<'r>,
}

/// Why a finding could not have been seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unseen<'r> {
    /// The rule did not run.
    NotRun,
    /// The rule does not apply any more, and why.
    NotApplicable(&'r str),
    /// The rule could not be decided, and why.
    Unknown(&'r str),
    /// The file was not read in full, and why.
    NotRead(&'r str),
}

impl Unseen<'_> {
    /// In words.
    pub fn describe(self) -> String {
        match self {
            Self::NotRun => "the rule did not run".to_owned(),
            Self::NotApplicable(why) => format!("the rule does not apply: {why}"),
            Self::Unknown(why) => format!("could not be decided: {why}"),
            Self::NotRead(why) => format!("the file was not read in full: {why}"),
        }
    }
}

/// A rule whose answer was lost in one scope.
#[derive(Clone, Copy, Debug)]
pub struct Faded<'r> {
    /// Name of the rule.
    pub rule: &'r str,
    /// Name of the service, or `.` for the repository.
    pub scope: &'r str,
    /// `pass` or `fail`.
    pub was: &'r str,
    /// Why there is no answer.
    pub reason: &'r str,
}

type Key<'r> = (&'r str, &'r str);

impl<'r> Diff<'r> {
    /// Compares two reports.
    pub fn of(old: &'r Report, new: &'r Report) -> Self {
        let (before, after) = (by_identity(old), by_identity(new));
        let outcomes = outcomes(new);
        let mut diff = Self {
            old,
            new,
            fixed: Vec::new(),
            added: Vec::new(),
            reopened: Vec::new(),
            accepted: Vec::new(),
            retired: Vec::new(),
            lost: Vec::new(),
            not_applicable: Vec::new(),
            unknown: Vec::new(),
            unchanged: 0,
        };
        for (key, finding) in &before {
            if !after.contains_key(key) {
                diff.gone(finding, &outcomes);
            }
        }
        for (key, finding) in &after {
            diff.present(before.get(key).copied(), finding);
        }
        diff.fade(&outcomes);
        diff.sort();
        diff
    }

    fn gone(&mut self, finding: &'r Finding, outcomes: &BTreeMap<Key<'r>, &'r Outcome>) {
        let open = finding.status == Status::Open;
        match self.unseen(finding, outcomes) {
            Some(why) if open => self.lost.push(Lost { finding, why }),
            None if open => self.fixed.push(finding),
            _ => self.retired.push(finding),
        }
    }

    /// Why the newer audit could not have seen a finding of the older one.
    fn unseen(
        &self,
        finding: &'r Finding,
        outcomes: &BTreeMap<Key<'r>, &'r Outcome>,
    ) -> Option<Unseen<'r>> {
        let rule = finding.rule.as_str();
        if !self.new.rules.contains_key(rule) {
            return Some(Unseen::NotRun);
        }
        let path = finding.location.path.as_str();
        let unread = self
            .new
            .skipped
            .iter()
            .find(|skip| skip.path == path && skip.reason.lowers_coverage());
        if let Some(skip) = unread {
            return Some(Unseen::NotRead(skip.reason.as_str()));
        }
        let scope = self
            .old
            .results
            .iter()
            .filter(|result| result.rule == rule)
            .find(|result| result.findings.iter().any(|f| std::ptr::eq(f, finding)))
            .map_or(".", |result| result.scope.as_str());
        match outcomes.get(&(rule, scope)) {
            Some(Outcome::NotApplicable(why)) => Some(Unseen::NotApplicable(why)),
            Some(Outcome::Unknown(why)) => Some(Unseen::Unknown(why)),
            Some(Outcome::Pass | Outcome::Fail | Outcome::Manual) => None,
            None if scope == "." => Some(Unseen::NotApplicable("nothing of its kind is left")),
            None => Some(Unseen::NotApplicable("its service is gone")),
        }
    }

    fn present(&mut self, was: Option<&Finding>, finding: &'r Finding) {
        let was_open = was.map(|finding| finding.status == Status::Open);
        match (was_open, finding.status == Status::Open) {
            (None, true) => self.added.push(Added {
                finding,
                by_new_rule: !self.old.rules.contains_key(&finding.rule),
            }),
            (Some(true), true) => self.unchanged += 1,
            (Some(false), true) => self.reopened.push(finding),
            (None | Some(true), false) => self.accepted.push(finding),
            (Some(false), false) => {}
        }
    }

    fn fade(&mut self, outcomes: &BTreeMap<Key<'r>, &'r Outcome>) {
        for RuleResult {
            rule,
            scope,
            outcome,
            ..
        } in &self.old.results
        {
            if !matches!(outcome, Outcome::Pass | Outcome::Fail) {
                continue;
            }
            let faded = |reason| Faded {
                rule,
                scope,
                was: outcome.as_str(),
                reason,
            };
            match outcomes.get(&(rule.as_str(), scope.as_str())) {
                Some(Outcome::NotApplicable(why)) => self.not_applicable.push(faded(why)),
                Some(Outcome::Unknown(why)) => self.unknown.push(faded(why)),
                _ => {}
            }
        }
    }

    fn sort(&mut self) {
        for list in [
            &mut self.fixed,
            &mut self.reopened,
            &mut self.accepted,
            &mut self.retired,
        ] {
            list.sort_by(|a, b| by_weight(a, b));
        }
        self.added.sort_by(|a, b| by_weight(a.finding, b.finding));
        self.lost.sort_by(|a, b| by_weight(a.finding, b.finding));
        for list in [&mut self.not_applicable, &mut self.unknown] {
            list.sort_by_key(|faded| (faded.rule, faded.scope));
        }
    }

    /// New or reopened findings that count: sure enough, and more than a remark.
    pub fn worse_findings(&self) -> usize {
        let counts = |f: &Finding| f.severity > Severity::Info && f.confidence > Confidence::Low;
        let added = self.added.iter().map(|added| added.finding);
        added
            .chain(self.reopened.iter().copied())
            .filter(|finding| counts(finding))
            .count()
    }

    /// Is there less of an answer, or a worse one?
    pub fn worse_verdict(&self) -> bool {
        self.new.score.verdict < self.old.score.verdict
            && self.old.score.verdict != Verdict::Inconclusive
    }

    /// Did anything get worse?
    pub fn worse(&self) -> bool {
        self.worse_findings() > 0 || self.worse_verdict()
    }

    /// Why the two reports do not speak of the same thing, as sentences without a full stop.
    pub fn caveats(&self) -> Vec<String> {
        let (old, new) = (self.old, self.new);
        let mut said = Vec::new();
        let mut differ = |what: &str, a: &str, b: &str, so: &str| {
            if a != b {
                said.push(format!("{what} differ: `{a}` before, `{b}` now; {so}"));
            }
        };
        differ(
            "targets",
            &old.target.name,
            &new.target.name,
            "these may be two systems",
        );
        differ(
            "profiles",
            &old.profile,
            &new.profile,
            "rules, severities and gates are not the same",
        );
        differ(
            "versions",
            &old.version,
            &new.version,
            "some findings may come from the program",
        );
        if old.rules_digest != new.rules_digest {
            let names = |report: &'r Report| -> BTreeSet<&'r str> {
                report.rules.keys().map(String::as_str).collect()
            };
            let (a, b) = (names(old), names(new));
            said.push(format!(
                "rules differ: {} came, {} went, and others may have changed",
                b.difference(&a).count(),
                a.difference(&b).count()
            ));
        }
        said
    }
}

/// Findings by rule and fingerprint. Where several share both, an open one stands for all.
fn by_identity(report: &Report) -> BTreeMap<Key<'_>, &Finding> {
    let mut out: BTreeMap<Key<'_>, &Finding> = BTreeMap::new();
    for finding in report.results.iter().flat_map(|result| &result.findings) {
        let key = (finding.rule.as_str(), finding.fingerprint.0.as_str());
        let slot = out.entry(key).or_insert(finding);
        if slot.status != Status::Open {
            *slot = finding;
        }
    }
    out
}

fn outcomes(report: &Report) -> BTreeMap<Key<'_>, &Outcome> {
    report
        .results
        .iter()
        .map(|result| {
            (
                (result.rule.as_str(), result.scope.as_str()),
                &result.outcome,
            )
        })
        .collect()
}
