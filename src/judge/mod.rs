//! Rules × scopes → results. A pure function of rules, hits and facts.

mod absence;
mod adjust;
mod anchor;
mod candidates;
mod claims;
mod defects;
mod finding;
mod message;

use crate::model::{
    Evidence, FileHits, Fingerprint, Outcome, RepoPath, RuleResult, Scope, Secret, UNDECIDED, Value,
};
use crate::rule::expr::{Undecided, Vars};
use crate::rule::spec::ExpectSpec;
use crate::rule::{Rule, RuleSet};
use crate::source::Listing;
use crate::survey::{Survey, view};
use candidates::{Candidate, Pool};
pub use defects::Defects;
use defects::Noted;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Places kept as evidence for one result.
const EVIDENCE: usize = 5;

/// Everything that judging looks at.
pub struct Case<'c> {
    /// The active rules.
    pub rules: &'c RuleSet,
    /// What there is to audit.
    pub listing: &'c Listing,
    /// What was found in each file.
    pub files: &'c [FileHits],
    /// What is known of the repository.
    pub survey: &'c Survey,
}

/// What judging says.
pub struct Judgement {
    /// Every rule in every scope, in order of rule and scope.
    pub results: Vec<RuleResult>,
    /// Raw values that no output may contain, by rule and finding.
    pub secrets: Exposed,
    /// Conditions that could not be evaluated, by rule.
    pub defects: Defects,
}

/// The raw values behind findings, by rule and fingerprint.
pub type Exposed = BTreeMap<(String, Fingerprint), BTreeSet<Secret>>;

/// Judges every rule in every scope where it is judged. One secret is reported once.
pub fn judge(case: &Case<'_>) -> Judgement {
    let all: Vec<&Rule> = case.rules.rules.iter().collect();
    Bench::new(case).judge(&all)
}

/// Judges one rule alone, as if it were the only one.
pub fn judge_one(case: &Case<'_>, rule: &Rule) -> Judgement {
    Bench::new(case).judge(&[rule])
}

/// Judges these rules, as if there were no others, and groups nothing: each hit is a finding.
pub fn judge_apart(case: &Case<'_>, rules: &[&Rule]) -> Judgement {
    let mut bench = Bench::new(case);
    bench.apart = true;
    bench.judge(rules)
}

/// What a rule has looked at in one place, before it is said what is wrong.
struct Looked<'r, 'c> {
    rule: &'r Rule,
    place: Place,
    result: RuleResult,
    /// The hits that count. `None` where the rule does not apply.
    hits: Option<Vec<Candidate<'c>>>,
    undecided: Vec<String>,
    /// What less specific rules saw of the same values, by the place of the hit that told it.
    claimed: Vec<claims::Claimed>,
    /// Rules that tell what this one saw here.
    told_by: BTreeSet<String>,
}

/// Where a rule is judged: one service, what lies outside every service, or the repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Service(usize),
    Outside,
    Repo,
}

struct Bench<'c> {
    case: &'c Case<'c>,
    by_path: BTreeMap<&'c RepoPath, &'c FileHits>,
    pool: Pool<'c>,
    world: view::Panorama<'c>,
    repo: Value,
    services: Vec<Value>,
    /// Does every hit stand alone, whatever a rule groups by?
    apart: bool,
    defects: Noted,
}

impl<'c> Bench<'c> {
    fn new(case: &'c Case<'c>) -> Self {
        let formats = case
            .files
            .iter()
            .flat_map(|file| file.formats.iter().copied())
            .collect();
        Self {
            case,
            by_path: case
                .files
                .iter()
                .map(|file| (&file.file.path, file))
                .collect(),
            pool: Pool::new(case),
            world: view::Panorama::new(case.survey, case.listing, formats),
            repo: view::repo(case.survey, case.listing),
            services: case.survey.services.iter().map(view::service).collect(),
            apart: false,
            defects: Noted::default(),
        }
    }

    fn judge(self, rules: &[&Rule]) -> Judgement {
        let mut looked: Vec<Looked<'_, '_>> = rules
            .par_iter()
            .with_max_len(1)
            .flat_map_iter(|rule| self.look(rule))
            .collect();
        claims::settle(self.case.rules, &mut looked);
        let concluded: Vec<(RuleResult, Exposed)> = looked
            .into_par_iter()
            .map(|looked| self.conclude(looked))
            .collect();
        let mut out = Judgement {
            results: Vec::new(),
            secrets: Exposed::new(),
            defects: self.defects.all(),
        };
        for (result, secrets) in concluded {
            out.results.push(result);
            for (finding, values) in secrets {
                out.secrets.entry(finding).or_default().extend(values);
            }
        }
        out
    }

    fn vars(&self, place: Place, hit: Option<Value>) -> Vars<'_> {
        let service = match place {
            Place::Service(index) => self.services.get(index).cloned(),
            // Outside every service the repository as a whole is what a rule can ask about.
            Place::Outside | Place::Repo => Some(outside(&self.repo)),
        };
        Vars {
            hit,
            service,
            repo: self.repo.clone(),
            world: &self.world,
        }
    }

    fn look<'r>(&self, rule: &'r Rule) -> Vec<Looked<'r, 'c>> {
        let places = self.places(rule);
        let looked = places.into_iter().map(|place| self.look_in(rule, place));
        looked.collect()
    }

    fn places(&self, rule: &Rule) -> Vec<Place> {
        if rule.scope == Scope::Repo {
            return vec![Place::Repo];
        }
        let mut places: Vec<Place> = (0..self.services.len()).map(Place::Service).collect();
        let hits_outside = self.pool.candidates(rule, Place::Outside).next().is_some();
        // Nothing can be missing outside every service, but something can be wrong there.
        if places.is_empty() || (rule.expect == ExpectSpec::Never && hits_outside) {
            places.push(Place::Outside);
        }
        places
    }

    fn look_in<'r>(&self, rule: &'r Rule, place: Place) -> Looked<'r, 'c> {
        let mut result = RuleResult {
            rule: rule.card.name.clone(),
            scope: self.scope_name(place),
            outcome: Outcome::Pass,
            findings: Vec::new(),
            evidence: Vec::new(),
            judged: 0,
        };
        let mut undecided = Vec::new();
        let hits = if let Some(outcome) = self.inapplicable(rule, place) {
            result.outcome = outcome;
            None
        } else {
            Some(self.hits(rule, place, &mut result, &mut undecided))
        };
        Looked {
            rule,
            place,
            result,
            hits,
            undecided,
            claimed: Vec::new(),
            told_by: BTreeSet::new(),
        }
    }

    fn conclude(&self, looked: Looked<'_, 'c>) -> (RuleResult, Exposed) {
        let mut secrets = Exposed::new();
        let Looked {
            rule,
            place,
            mut result,
            hits: Some(hits),
            mut undecided,
            claimed,
            told_by,
        } = looked
        else {
            return (looked.result, secrets);
        };
        match rule.expect {
            ExpectSpec::Never => {
                result.findings = self.findings(rule, place, &hits, &claimed, &mut secrets);
            }
            ExpectSpec::AtMost(most) => {
                result.findings = self.too_many(rule, place, &hits, most, &mut secrets);
                result.evidence = evidence(&hits, "counted");
            }
            ExpectSpec::Some => {
                let (counting, misses): (Vec<_>, Vec<_>) =
                    hits.into_iter().partition(|hit| Self::counts(rule, hit));
                if counting.is_empty() && undecided.is_empty() {
                    result.findings = vec![self.absence(rule, place, &misses, result.judged)];
                }
                if !counting.is_empty() {
                    // What could not be decided elsewhere does not matter once one is there.
                    undecided.clear();
                }
                result.evidence = evidence(&counting, "found");
                result.judged = result.judged.max(1);
            }
        }
        result.outcome = outcome(&result, &undecided);
        if result.outcome == Outcome::Pass && !told_by.is_empty() {
            result.outcome = Outcome::NotApplicable(claims::told(&told_by));
        }
        (result, secrets)
    }

    /// Why the rule does not apply here, if it does not.
    fn inapplicable(&self, rule: &Rule, place: Place) -> Option<Outcome> {
        if let Some(when) = &rule.when {
            match when.test(&self.vars(place, None)) {
                Ok(true) => {}
                Ok(false) => {
                    return Some(Outcome::NotApplicable(format!(
                        "does not hold: {}",
                        when.source()
                    )));
                }
                Err(why) => return Some(Outcome::Unknown(self.defects.told(rule, &why))),
            }
        }
        self.pool
            .nothing_to_look_at(rule, place)
            .map(Outcome::NotApplicable)
    }

    /// The hits that count: filtered, not excused, decided.
    fn hits(
        &self,
        rule: &Rule,
        place: Place,
        result: &mut RuleResult,
        undecided: &mut Vec<String>,
    ) -> Vec<Candidate<'c>> {
        let excused = self.excused(rule, place);
        let mut out = Vec::new();
        for mut hit in self.pool.candidates(rule, place) {
            if excused.excuses(&hit) {
                result.judged += 1;
                continue;
            }
            let at = hit.location().clone();
            let vars = self.vars(place, Some(hit.view().clone()));
            let decide = || -> Result<bool, Undecided> {
                if let Some(filter) = &rule.filter
                    && !filter.test(&vars)?
                {
                    return Ok(false);
                }
                match &rule.undecided {
                    _ if hit.hit.captures.contains_key(UNDECIDED) => {
                        let why = "what is here depends on a template";
                        Err(Undecided::Unknown(why.to_owned()))
                    }
                    Some(when) if when.test(&vars)? => {
                        let why = "the repository does not say";
                        Err(Undecided::Unknown(why.to_owned()))
                    }
                    _ => Ok(true),
                }
            };
            result.judged += 1;
            match decide() {
                Ok(true) => out.push(hit),
                Ok(false) => {}
                Err(why) => {
                    undecided.push(format!("{at}: {}", self.defects.told(rule, &why)));
                }
            }
        }
        out
    }

    /// Is the practice in place where this hit stands?
    fn counts(rule: &Rule, hit: &Candidate<'_>) -> bool {
        use crate::model::{Reach, Role};
        // A rule that asks about roles or reach itself knows better.
        let asks = |word: &str| {
            rule.filter
                .as_ref()
                .is_some_and(|filter| filter.mentions(word))
        };
        let role = asks("hit.file.role")
            || hit.is_path_only()
            || !matches!(
                hit.file.file.role,
                Role::Test | Role::Example | Role::Docs | Role::Vendored | Role::Backup
            );
        role && (asks("hit.reach") || hit.reach != Reach::Orphan)
    }

    fn scope_name(&self, place: Place) -> String {
        match place {
            Place::Service(index) => self
                .case
                .survey
                .services
                .get(index)
                .map_or_else(String::new, |s| s.name.clone()),
            Place::Outside | Place::Repo => ".".to_owned(),
        }
    }
}

fn outcome(result: &RuleResult, undecided: &[String]) -> Outcome {
    if !result.findings.is_empty() {
        return Outcome::Fail;
    }
    match undecided {
        [] => Outcome::Pass,
        [only] => Outcome::Unknown(only.clone()),
        [first, rest @ ..] => Outcome::Unknown(format!("{first} (and {} more)", rest.len())),
    }
}

fn evidence(hits: &[Candidate<'_>], label: &str) -> Vec<Evidence> {
    hits.iter()
        .take(EVIDENCE)
        .map(|hit| Evidence {
            location: hit.location().clone(),
            label: label.to_owned(),
        })
        .collect()
}

/// The repository, for a rule that asks about `service` where there is none.
fn outside(repo: &Value) -> Value {
    let get = |name: &str| repo.get(name).cloned().unwrap_or_default();
    Value::map([
        ("name", Value::str("")),
        ("root", Value::str("")),
        ("kind", Value::str("")),
        ("languages", get("languages")),
        ("frameworks", get("frameworks")),
        ("serves", get("serves")),
        ("dependencies", get("dependencies")),
        ("files", get("files")),
        ("lines", Value::Int(0)),
        ("stub", Value::Bool(false)),
    ])
}
