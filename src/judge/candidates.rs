//! The hits and facts that a rule looks at in one place, each with its file and reach.

use super::{Bench, Case, Place};
use crate::model::{
    Fact, FileHits, Hit, Language, Location, MatcherId, Reach, RepoPath, Role, Scope, Value,
};
use crate::rule::{Matcher, Rule, RuleSet, Source, Unless};
use crate::survey::view;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One hit or fact, with what judging needs to know of its file.
#[derive(Clone)]
pub(super) struct Candidate<'c> {
    pub hit: &'c Hit,
    fact: Option<&'c Fact>,
    matcher: Option<MatcherId>,
    path_only: bool,
    pub file: &'c FileHits,
    pub reach: Reach,
    view: OnceCell<Value>,
}

impl Candidate<'_> {
    pub(super) fn location(&self) -> &Location {
        &self.hit.location
    }

    /// The hit as CEL sees it.
    pub(super) fn view(&mut self) -> &Value {
        self.view.get_or_init(|| match self.fact {
            Some(fact) => view::fact(fact, &self.file.file, self.reach),
            None => view::hit(self.hit, &self.file.file, self.reach),
        })
    }

    /// Does it stand in code of the product that runs, as far as anybody can tell?
    pub(super) fn runs(&self) -> bool {
        self.file.file.role == Role::Production && self.reach != Reach::Orphan
    }

    /// Was only the name of the file looked at?
    pub(super) fn is_path_only(&self) -> bool {
        self.path_only
    }

    /// The raw texts that no output may contain.
    pub(super) fn values(&self, rules: &RuleSet) -> impl Iterator<Item = &str> {
        self.redacted(rules).iter().filter_map(|name| {
            let value = if name == "value" {
                Some(&self.hit.value)
            } else {
                self.hit.captures.get(name.as_str())
            };
            value.and_then(Value::as_str)
        })
    }

    /// The captures that no output may contain.
    pub(super) fn redacted<'r>(&self, rules: &'r RuleSet) -> &'r [String] {
        self.matcher.map_or(&[], |id| rules.redacted(id))
    }
}

/// All hits by matcher and all facts by kind.
pub(super) struct Pool<'c> {
    case: &'c Case<'c>,
    hits: BTreeMap<MatcherId, Vec<(&'c FileHits, &'c Hit)>>,
    facts: BTreeMap<Arc<str>, Vec<&'c Fact>>,
    files: BTreeMap<&'c RepoPath, &'c FileHits>,
    contents: BTreeMap<Place, Contents>,
}

/// What kinds of files there are in one place.
#[derive(Default)]
struct Contents {
    files: usize,
    formats: BTreeSet<&'static str>,
    languages: BTreeSet<Language>,
}

impl<'c> Pool<'c> {
    pub(super) fn new(case: &'c Case<'c>) -> Self {
        let mut hits: BTreeMap<MatcherId, Vec<_>> = BTreeMap::new();
        for file in case.files {
            for (id, hit) in &file.hits {
                hits.entry(*id).or_default().push((file, &**hit));
            }
        }
        let mut facts: BTreeMap<Arc<str>, Vec<_>> = BTreeMap::new();
        for fact in &case.survey.facts {
            facts.entry(fact.kind.clone()).or_default().push(fact);
        }
        let files = case
            .files
            .iter()
            .map(|file| (&file.file.path, file))
            .collect();
        let mut contents: BTreeMap<Place, Contents> = BTreeMap::new();
        for file in case.files {
            let owner = case.survey.owner.get(&file.file.path).copied();
            for place in [Place::Repo, owner.map_or(Place::Outside, Place::Service)] {
                let there = contents.entry(place).or_default();
                there.files += 1;
                there.formats.extend(&file.formats);
                there.languages.extend(file.file.language);
            }
        }
        Self {
            case,
            hits,
            facts,
            files,
            contents,
        }
    }

    /// What the rule's matchers found in `place`, in order of place.
    pub(super) fn candidates<'s>(
        &'s self,
        rule: &'s Rule,
        place: Place,
    ) -> impl Iterator<Item = Candidate<'c>> + 's {
        self.found(&rule.sources, place).into_iter()
    }

    /// What these sources found in `place`, in order of place, each place once.
    pub(super) fn found(&self, sources: &[Source], place: Place) -> Vec<Candidate<'c>> {
        let mut out = Vec::new();
        for source in sources {
            match source {
                Source::Scan(id) => {
                    let path_only = matches!(self.case.rules.matcher(*id), Some(Matcher::Path(_)));
                    for (file, hit) in self.hits.get(id).into_iter().flatten() {
                        if self.holds(None, &hit.location.path, place) {
                            out.push(self.candidate(file, hit, None, Some(*id), path_only));
                        }
                    }
                }
                Source::Fact(kind) => {
                    for fact in self.facts.get(kind).into_iter().flatten() {
                        if let Some(file) = self.files.get(&fact.hit.location.path)
                            && self.holds(fact.service, &fact.hit.location.path, place)
                        {
                            out.push(self.candidate(file, &fact.hit, Some(fact), None, false));
                        }
                    }
                }
            }
        }
        out.sort_by(|a, b| a.location().cmp(b.location()));
        out.dedup_by(|b, a| a.fact.is_none() && b.fact.is_none() && a.location() == b.location());
        out
    }

    fn candidate(
        &self,
        file: &'c FileHits,
        hit: &'c Hit,
        fact: Option<&'c Fact>,
        matcher: Option<MatcherId>,
        path_only: bool,
    ) -> Candidate<'c> {
        let reach = self.case.survey.reach.get(&hit.location.path).copied();
        let reach = reach.unwrap_or(Reach::Unknown);
        Candidate {
            hit,
            fact,
            matcher,
            path_only,
            file,
            reach,
            view: OnceCell::new(),
        }
    }

    /// Does `place` hold what lies at `path`, and belongs to `service` where that is known?
    fn holds(&self, service: Option<usize>, path: &RepoPath, place: Place) -> bool {
        let owner = service.or_else(|| self.case.survey.owner.get(path).copied());
        match place {
            Place::Repo => true,
            Place::Outside => owner.is_none(),
            Place::Service(index) => owner == Some(index),
        }
    }

    /// Number of files read in `place`.
    pub(super) fn count_files(&self, place: Place) -> usize {
        self.contents.get(&place).map_or(0, |there| there.files)
    }

    /// Why the rule has nothing to look at in `place`: no document of its formats, no code in its
    /// languages, no fact of its kinds. A rule that expects something looks at services instead.
    pub(super) fn nothing_to_look_at(&self, rule: &Rule, place: Place) -> Option<String> {
        let mut formats = BTreeSet::new();
        let mut languages = BTreeSet::new();
        let mut kinds = BTreeSet::new();
        for source in &rule.sources {
            match source {
                Source::Fact(kind) => drop(kinds.insert(&**kind)),
                Source::Scan(id) => match self.case.rules.matcher(*id)? {
                    Matcher::Data(data) => drop(formats.insert(data.format.name())),
                    Matcher::Code(code) => languages.extend(code.languages()),
                    Matcher::Text(text) if !text.languages.is_empty() => {
                        languages.extend(text.languages.iter().copied());
                    }
                    Matcher::Text(_) | Matcher::Path(_) => return None,
                },
            }
        }
        if rule.expect == crate::rule::spec::ExpectSpec::Some && !kinds.is_empty() {
            return None;
        }
        let expects = rule.expect == crate::rule::spec::ExpectSpec::Some;
        let there = self.contents.get(&place).is_some_and(|there| {
            (!expects && !there.formats.is_disjoint(&formats))
                || !there.languages.is_disjoint(&languages)
        });
        let facts = kinds.iter().any(|kind| {
            let of_kind = self.facts.get(*kind).into_iter().flatten();
            of_kind
                .filter(|fact| self.files.contains_key(&fact.hit.location.path))
                .any(|fact| self.holds(fact.service, &fact.hit.location.path, place))
        });
        // An absent document is what an `expect: some` over documents is there to notice.
        if there || facts || (expects && !formats.is_empty()) {
            return None;
        }
        let mut names: Vec<String> = formats
            .iter()
            .map(|format| format!("{format} file"))
            .collect();
        names.extend(
            languages
                .iter()
                .map(|language: &Language| format!("{} code", language.as_str())),
        );
        names.extend(kinds.iter().map(|kind| (*kind).to_owned()));
        (!names.is_empty()).then(|| format!("no {} here", names.join(", ")))
    }
}

/// Where the presence of a guard excuses hits.
pub(super) struct Excuses {
    everything: bool,
    paths: BTreeSet<RepoPath>,
}

impl Excuses {
    pub(super) fn excuses(&self, candidate: &Candidate<'_>) -> bool {
        self.everything || self.paths.contains(&candidate.location().path)
    }
}

impl<'c> Bench<'c> {
    /// What the rule's `unless` excuses in `place`. A guard in a test, or in code that nothing
    /// imports, guards nothing.
    pub(super) fn excused(&self, rule: &Rule, place: Place) -> Excuses {
        let mut out = Excuses {
            everything: false,
            paths: BTreeSet::new(),
        };
        let Some(unless) = &rule.unless else {
            return out;
        };
        let where_ = if unless.scope == Scope::Repo {
            Place::Repo
        } else {
            place
        };
        for mut guard in self.pool.found(&unless.sources, where_) {
            if !self.guards(rule, unless, &mut guard, place) {
                continue;
            }
            match unless.scope {
                Scope::File => drop(out.paths.insert(guard.location().path.clone())),
                Scope::Service | Scope::Repo => out.everything = true,
            }
        }
        out
    }

    fn guards(
        &self,
        rule: &Rule,
        unless: &Unless,
        guard: &mut Candidate<'c>,
        place: Place,
    ) -> bool {
        if unless.scope != Scope::File && !Self::counts(rule, guard) {
            return false;
        }
        let vars = self.vars(place, Some(guard.view().clone()));
        // A guard that cannot be decided may be there: an accusation needs certainty.
        unless.filter.as_ref().is_none_or(|filter| {
            filter.test(&vars).unwrap_or_else(|why| {
                self.defects.note(rule, &why);
                true
            })
        })
    }
}
