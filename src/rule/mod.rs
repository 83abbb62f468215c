//! Manifests as data (`spec`) and as compiled, runnable rules (`RuleSet`).

mod expr;
pub mod judging;
pub mod spec;

pub use expr::{Expr, ExprError, Undecided, Vars, World};

use crate::model::{Confidence, MatcherId, RuleCard, Scope, Severity};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Every active rule and fact, compiled.
pub struct RuleSet {
    /// Rules in order of name.
    pub rules: Vec<Rule>,
    /// Facts in order of name.
    pub facts: Vec<FactRule>,
    /// Matchers of all rules and facts; a `MatcherId` is an index.
    pub matchers: Vec<Matcher>,
    /// Digest of all manifests.
    pub digest: String,
}

/// A compiled rule.
pub struct Rule {
    /// What a reader must know.
    pub card: RuleCard,
    /// Does it apply? `None`: always.
    pub when: Option<Expr>,
    /// Where it is judged.
    pub scope: Scope,
    /// What finds its hits.
    pub sources: Vec<Source>,
    /// Which hits count.
    pub filter: Option<Expr>,
    /// What excuses.
    pub unless: Option<Unless>,
    /// How often hits are expected.
    pub expect: spec::ExpectSpec,
    /// Which hits make the outcome unknown.
    pub undecided: Option<Expr>,
    /// Changes to single findings.
    pub adjust: Vec<Adjust>,
    /// Text by which findings are grouped.
    pub group_by: Option<Expr>,
    /// Where to point for an absence.
    pub anchor: Vec<String>,
    /// How findings turn into a score.
    pub scoring: spec::Scoring,
    /// The examples, for `rules test`.
    pub examples: Vec<spec::ExampleSpec>,
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
    pub filter: Option<Expr>,
}

/// A change to one finding.
pub struct Adjust {
    /// When.
    pub when: Expr,
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
    pub filter: Option<Expr>,
    /// Kind of the fact.
    pub kind: Arc<str>,
    /// Attribute templates: text with `$NAME`, or literals.
    pub emit: BTreeMap<Arc<str>, crate::model::Value>,
    /// The examples, for `rules test`.
    pub examples: Vec<spec::ExampleSpec>,
}

/// A compiled matcher.
pub enum Matcher {}
