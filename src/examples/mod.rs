//! A rule against its own examples: what it must find, and what it must not.

mod join;

use crate::model::{Outcome, RepoPath, Tracked};
use crate::rule::spec::{ExampleSpec, ExpectSpec};
use crate::rule::{FactRule, Rule, RuleSet};
use crate::source::Memory;
use crate::{Observed, Plan, history, judge, observe};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How one example went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A bad example, found exactly where it should be.
    Reported,
    /// A good example, and nothing was found.
    Validated,
    /// Places that should have been found and were not.
    Missing(Vec<String>),
    /// Places that were found and should not have been.
    Noisy(Vec<String>),
    /// Marked as a gap, and wrong as expected.
    Gap,
    /// Marked as a gap, but right: the mark must go.
    GapClosed,
    /// The example could not be run.
    Broken(String),
}

impl Verdict {
    /// Is the example as it should be?
    pub fn holds(&self) -> bool {
        matches!(self, Self::Reported | Self::Validated | Self::Gap)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reported => f.write_str("reported"),
            Self::Validated => f.write_str("validated"),
            Self::Missing(places) => write!(f, "missing: {}", places.join(", ")),
            Self::Noisy(places) => write!(f, "noisy: {}", places.join(", ")),
            Self::Gap => f.write_str("known gap"),
            Self::GapClosed => f.write_str("works now: remove `gap`"),
            Self::Broken(why) => write!(f, "cannot be run: {why}"),
        }
    }
}

/// Runs one example against a rule; `rules` provides the facts that it may speak of.
pub fn run_rule(rules: &RuleSet, rule: &Rule, example: &ExampleSpec) -> Verdict {
    run(rules, example, |case| {
        let judged = if example.history.is_empty() {
            judge::judge_one(case, rule)
        } else {
            with_history(case, rule, &repository(example)?)
        };
        if let Some(defects) = judged.defects.get(&rule.card.name) {
            let defects: Vec<&str> = defects.iter().map(String::as_str).collect();
            return Err(format!(
                "a condition of the rule could not be evaluated: {}",
                defects.join("; ")
            ));
        }
        let unknown = judged
            .results
            .iter()
            .any(|result| matches!(result.outcome, Outcome::Unknown(_)));
        if example.unknown && !unknown {
            let outcomes: Vec<&str> = judged
                .results
                .iter()
                .map(|result| result.outcome.as_str())
                .collect();
            return Err(format!(
                "expected the outcome unknown, got {}",
                outcomes.join(", ")
            ));
        }
        let findings = judged.results.iter().flat_map(|result| &result.findings);
        Ok(findings
            .map(|finding| finding.location.to_string())
            .collect())
    })
}

/// What the rule says when all rules look at the files and at the history.
fn with_history(case: &judge::Case<'_>, rule: &Rule, repository: &Memory) -> judge::Judgement {
    let mut judged = judge::judge(case);
    let search = history::Search {
        files: repository,
        excludes: &|_| false,
        progress: &|| {},
    };
    history::look(case, &search, &mut judged);
    judged
        .results
        .retain(|result| result.rule == rule.card.name);
    judged
}

/// Runs one example against a fact: its places are where the fact is seen.
pub fn run_fact(rules: &RuleSet, fact: &FactRule, example: &ExampleSpec) -> Verdict {
    run(rules, example, |case| {
        Ok(crate::survey::places(fact, case.files))
    })
}

/// What all rules say of an example: rule, place, and whether it is an absence.
pub fn findings(
    rules: &RuleSet,
    example: &ExampleSpec,
) -> Result<Vec<(String, String, bool)>, String> {
    let seen = look_at(rules, example)?;
    let case = judge::Case {
        rules,
        listing: &seen.listing,
        files: &seen.files,
        survey: &seen.survey,
    };
    let absences: BTreeSet<&str> = rules
        .rules
        .iter()
        .filter(|rule| rule.expect == ExpectSpec::Some)
        .map(|rule| rule.card.name.as_str())
        .collect();
    let judged = judge::judge(&case);
    let findings = judged.results.iter().flat_map(|result| &result.findings);
    Ok(findings
        .map(|finding| {
            let absence = absences.contains(finding.rule.as_str());
            (finding.rule.clone(), finding.location.to_string(), absence)
        })
        .collect())
}

fn run(
    rules: &RuleSet,
    example: &ExampleSpec,
    look: impl FnOnce(&judge::Case<'_>) -> Result<Vec<String>, String>,
) -> Verdict {
    let found = match find(rules, example, look) {
        Ok(found) => found,
        Err(why) => return Verdict::Broken(why),
    };
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let wanted: BTreeSet<&str> = example.expect.iter().map(String::as_str).collect();
    let missing: Vec<String> = wanted
        .difference(&found)
        .map(|place| (*place).to_owned())
        .collect();
    let noisy: Vec<String> = found
        .difference(&wanted)
        .map(|place| (*place).to_owned())
        .collect();
    let verdict = if !missing.is_empty() {
        Verdict::Missing(missing)
    } else if !noisy.is_empty() {
        Verdict::Noisy(noisy)
    } else if example.bad.is_some() {
        Verdict::Reported
    } else {
        Verdict::Validated
    };
    match (example.gap, verdict.holds()) {
        (true, true) => Verdict::GapClosed,
        (true, false) => Verdict::Gap,
        (false, _) => verdict,
    }
}

fn find(
    rules: &RuleSet,
    example: &ExampleSpec,
    look: impl FnOnce(&judge::Case<'_>) -> Result<Vec<String>, String>,
) -> Result<Vec<String>, String> {
    let seen = look_at(rules, example)?;
    look(&judge::Case {
        rules,
        listing: &seen.listing,
        files: &seen.files,
        survey: &seen.survey,
    })
}

fn look_at(rules: &RuleSet, example: &ExampleSpec) -> Result<Observed, String> {
    let repository = repository(example)?;
    observe(&repository, rules, &Plan::default()).map_err(|error| error.to_string())
}

/// The example's files as a repository in which git tracks all but the named ones.
fn repository(example: &ExampleSpec) -> Result<Memory, String> {
    let files = example
        .bad
        .as_ref()
        .or(example.good.as_ref())
        .ok_or("it has no files")?;
    let mut contents = BTreeMap::new();
    for (path, text) in files {
        contents.insert(inside(path)?, join::join(text).into_bytes());
    }
    let mut memory = Memory::new(contents);
    for (path, text) in &example.history {
        memory = memory.with_past(inside(path)?, join::join(text).into_bytes());
    }
    for (paths, tracked) in [
        (&example.untracked, Tracked::Untracked),
        (&example.ignored, Tracked::Ignored),
    ] {
        for path in paths {
            memory = memory.with_tracked(inside(path)?, tracked);
        }
    }
    Ok(memory)
}

fn inside(path: &str) -> Result<RepoPath, String> {
    RepoPath::new(path).ok_or_else(|| format!("`{path}` is not a path inside the repository"))
}
