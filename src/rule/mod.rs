//! Manifests as data (`spec`) and as compiled, runnable rules (`RuleSet`).

mod card;
mod category;
mod check;
pub mod code;
pub mod effort;
pub mod expr;
pub mod globs;
pub mod judging;
mod known;
mod library;
mod load;
mod matcher;
pub mod need;
mod onward;
mod path;
pub mod pattern;
mod predicate;
pub mod profile;
pub mod search;
pub mod spec;
pub mod text;
mod wildcard;

pub use known::KnownBy;
pub use library::embedded;
pub use load::{library, load};
pub use matcher::{DataMatcher, Matcher};
pub use path::{PathMatcher, PathSpec};
pub use predicate::Predicate;
pub use profile::Profile;

use crate::model::{Confidence, MatcherId, RuleCard, Scope, Severity, Value};
use crate::syntax::Format;
use globs::Globs;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Every active rule and fact, compiled.
pub struct RuleSet {
    /// Rules in order of name.
    pub rules: Vec<Rule>,
    /// Facts in order of name.
    pub facts: Vec<FactRule>,
    /// Profiles in order of name.
    pub profiles: Vec<Profile>,
    /// Matchers of all rules and facts; a `MatcherId` is an index.
    pub matchers: Vec<Matcher>,
    /// File globs of all matchers.
    pub globs: Globs,
    /// Digest of all manifests.
    pub digest: String,
}

/// A compiled rule.
pub struct Rule {
    /// What a reader must know.
    pub card: RuleCard,
    /// Sentence with `{name}` placeholders.
    pub message: String,
    /// Former names.
    pub aliases: Vec<String>,
    /// Does it apply? `None`: always.
    pub when: Option<Predicate>,
    /// Where it is judged.
    pub scope: Scope,
    /// What finds its hits.
    pub sources: Vec<Source>,
    /// Which hits count.
    pub filter: Option<Predicate>,
    /// What excuses.
    pub unless: Option<Unless>,
    /// How often hits are expected.
    pub expect: spec::ExpectSpec,
    /// What tells that a hit is a secret, for rules whose hits are.
    pub known_by: Option<KnownBy>,
    /// Which hits make the outcome unknown.
    pub undecided: Option<Predicate>,
    /// Changes to single findings.
    pub adjust: Vec<Adjust>,
    /// Text by which findings are grouped.
    pub group_by: Option<Predicate>,
    /// Where to point for an absence; empty for the service's manifest.
    pub anchor: Vec<String>,
    /// The examples, for `rules test`.
    pub examples: Vec<spec::ExampleSpec>,
    /// Path of the manifest.
    pub path: Arc<str>,
}

/// Where hits come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A matcher that runs in the scan.
    Scan(MatcherId),
    /// Facts of this kind.
    Fact(Arc<str>),
}

/// What excuses a hit.
pub struct Unless {
    /// Where its presence excuses.
    pub scope: Scope,
    /// What finds it.
    pub sources: Vec<Source>,
    /// Which of its hits excuse.
    pub filter: Option<Predicate>,
}

/// A change to one finding.
pub struct Adjust {
    /// When.
    pub when: Predicate,
    /// The severity then.
    pub severity: Option<Severity>,
    /// The confidence then.
    pub confidence: Option<Confidence>,
    /// Why.
    pub because: String,
}

/// A compiled fact.
pub struct FactRule {
    /// Name of the manifest.
    pub name: String,
    /// What finds it.
    pub sources: Vec<MatcherId>,
    /// Which hits count.
    pub filter: Option<Predicate>,
    /// Kind of the fact.
    pub kind: Arc<str>,
    /// Attribute templates: text with `$NAME`, or literals.
    pub emit: BTreeMap<Arc<str>, Value>,
    /// The examples, for `rules test`.
    pub examples: Vec<spec::ExampleSpec>,
    /// Path of the manifest.
    pub path: Arc<str>,
}

impl Rule {
    /// Every expression that decides something.
    pub fn predicates(&self) -> impl Iterator<Item = &Predicate> {
        let optional = [&self.when, &self.filter, &self.undecided, &self.group_by];
        let unless = self.unless.as_ref();
        let unless = unless.and_then(|unless| unless.filter.as_ref());
        optional
            .into_iter()
            .flatten()
            .chain(unless)
            .chain(self.adjust.iter().map(|adjust| &adjust.when))
    }

    /// What finds its hits, and what finds excuses for them.
    pub fn all_sources(&self) -> impl Iterator<Item = &Source> {
        let unless = self.unless.iter().flat_map(|unless| &unless.sources);
        self.sources.iter().chain(unless)
    }
}

impl RuleSet {
    /// The rule called `name`, now or formerly.
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules
            .iter()
            .find(|rule| rule.card.name == name)
            .or_else(|| {
                self.rules
                    .iter()
                    .find(|rule| rule.aliases.iter().any(|old| old == name))
            })
    }

    /// Frees the regexes that searching texts has compiled; what is asked again is compiled again.
    pub fn let_go(&self) {
        for matcher in &self.matchers {
            if let Matcher::Text(text) = matcher {
                text.search.let_go();
            }
        }
    }

    /// The matcher with this identity.
    pub fn matcher(&self, id: MatcherId) -> Option<&Matcher> {
        self.matchers.get(id.0 as usize)
    }

    /// The matchers that find facts of this kind.
    pub fn matchers_of(&self, kind: &str) -> BTreeSet<MatcherId> {
        let facts = self.facts.iter().filter(|fact| &*fact.kind == kind);
        facts
            .flat_map(|fact| fact.sources.iter().copied())
            .collect()
    }

    /// The matchers that select in documents of this format.
    pub fn matchers_in(&self, format: Format) -> BTreeSet<MatcherId> {
        let all = (0..).map(MatcherId).zip(&self.matchers);
        all.filter(|(_, matcher)| matches!(matcher, Matcher::Data(data) if data.format == format))
            .map(|(id, _)| id)
            .collect()
    }

    /// Captures that no output may contain, for hits of this matcher.
    pub fn redacted(&self, id: MatcherId) -> &[String] {
        match self.matcher(id) {
            Some(Matcher::Text(text)) => &text.redact,
            Some(Matcher::Code(code)) => code.redact(),
            Some(Matcher::Data(data)) => &data.redact,
            Some(Matcher::Path(_)) | None => &[],
        }
    }

    /// Keeps the rules that `keep` holds for. Facts stay: the survey needs them all.
    pub fn retain(&mut self, keep: impl Fn(&Rule) -> bool) {
        self.rules.retain(keep);
    }
}
