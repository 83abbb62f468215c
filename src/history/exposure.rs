//! One value that earlier commits hold: where, from which commit to which, and by which rule.

use crate::judge::Judgement;
use crate::model::{
    Context, Fact, File, Finding, Fingerprint, Hit, Language, Location, RepoPath, Role, Secret,
    Tracked, Value,
};
use crate::rule::RuleSet;
use crate::source::{Commit, Past};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A shorter value may be the same by chance: it is the same only in the same file, and there only
/// where the same is said of it.
const LEAST: usize = 8;

/// What makes two sights one exposure.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    /// The value itself.
    Value(Secret),
    /// A short value, the file that it is in, and what is said of it, which names its variable.
    Short(Secret, RepoPath, String),
    /// Rule and file, for what a rule knows by the file's name.
    Name(String, RepoPath),
}

/// A finding in one earlier content.
pub(super) struct Sight {
    finding: Finding,
    values: BTreeSet<Secret>,
    path: RepoPath,
    at: Commit,
    first: Commit,
    last: Commit,
    role: Role,
}

impl Sight {
    /// What a rule found in `past`.
    pub(super) fn new(finding: Finding, values: BTreeSet<Secret>, past: &Past, role: Role) -> Self {
        Self {
            finding,
            values,
            path: past.path.clone(),
            at: past.at.clone(),
            first: past.first.clone(),
            last: past.last.clone(),
            role,
        }
    }

    /// The line on which it begins.
    pub(super) fn line(&self) -> u32 {
        self.finding.location.line()
    }

    fn place(&self) -> RepoPath {
        placed(&self.path, &self.at)
    }

    /// What tells that another sight is of the same value. A short value says nothing beside a
    /// longer one.
    fn marks(&self) -> Vec<Mark> {
        let (long, short): (Vec<&Secret>, Vec<&Secret>) =
            self.values.iter().partition(|value| is_telling(value));
        let in_file = |value: &Secret| {
            let said = self.finding.message.clone();
            Mark::Short(value.clone(), self.path.clone(), said)
        };
        if !long.is_empty() {
            long.into_iter().cloned().map(Mark::Value).collect()
        } else if !short.is_empty() {
            short.into_iter().map(in_file).collect()
        } else {
            vec![Mark::Name(self.finding.rule.clone(), self.path.clone())]
        }
    }
}

fn is_telling(value: &Secret) -> bool {
    value.expose().len() >= LEAST
}

/// How a file of an earlier commit is called: `path@commit`, which `git show` takes the other way
/// round.
pub(super) fn place(past: &Past) -> RepoPath {
    placed(&past.path, &past.at)
}

fn placed(path: &RepoPath, at: &Commit) -> RepoPath {
    RepoPath::new(&format!("{path}@{}", at.id)).unwrap_or_else(|| path.clone())
}

/// All sights of one value.
pub(super) struct Exposure {
    /// The value as every rule cut it out; empty when a rule knows it by the file's name.
    pub(super) values: BTreeSet<Secret>,
    /// The earliest sight by path.
    sights: BTreeMap<RepoPath, Sight>,
    first: Commit,
    last: Commit,
}

/// Sights, put together by value.
#[derive(Default)]
pub(super) struct Exposures {
    all: Vec<Exposure>,
    by_mark: BTreeMap<Mark, usize>,
}

impl Exposures {
    /// Adds a sight to the exposure of its value.
    pub(super) fn add(&mut self, sight: Sight) {
        let marks = sight.marks();
        let known = marks.iter().find_map(|mark| self.by_mark.get(mark));
        let index = known.copied().unwrap_or(self.all.len());
        for mark in marks {
            self.by_mark.entry(mark).or_insert(index);
        }
        match self.all.get_mut(index) {
            Some(exposure) => exposure.join(sight),
            None => self.all.push(Exposure::of(sight)),
        }
    }

    /// Notes on every finding about the files that its value is in the history too; returns the
    /// exposures of which the files hold nothing any more.
    pub(super) fn note_known(self, judgement: &mut Judgement) -> Vec<Exposure> {
        let held = Held::new(judgement);
        let mut gone = Vec::new();
        let mut notes: BTreeMap<Name, Commit> = BTreeMap::new();
        for exposure in self.all {
            let known = held.findings(&exposure);
            for name in &known {
                let first = notes
                    .entry(name.clone())
                    .or_insert_with(|| exposure.first.clone());
                if exposure.first < *first {
                    *first = exposure.first.clone();
                }
            }
            if known.is_empty() {
                gone.push(exposure);
            }
        }
        gone.retain(|exposure| !exposure.is_named(judgement));
        for finding in judgement
            .results
            .iter_mut()
            .flat_map(|result| &mut result.findings)
        {
            let name = (finding.rule.clone(), finding.fingerprint.clone());
            if let Some(first) = notes.get(&name) {
                finding.notes.push(format!(
                    "in the git history since {} ({})",
                    first.id, first.date
                ));
            }
        }
        gone
    }
}

/// Rule and fingerprint of a finding about the files.
type Name = (String, Fingerprint);

/// The files in which a finding sees a value; `None` where it does not list all its places.
type Paths = Option<BTreeSet<RepoPath>>;

/// Which findings about the files hold a value, and in which files they see it.
struct Held {
    by_value: BTreeMap<Secret, Vec<(Name, Paths)>>,
}

impl Held {
    fn new(judgement: &Judgement) -> Self {
        let mut by_value: BTreeMap<Secret, Vec<_>> = BTreeMap::new();
        for finding in judgement.results.iter().flat_map(|r| &r.findings) {
            let name = (finding.rule.clone(), finding.fingerprint.clone());
            let places = finding.related.iter().map(|related| &related.location);
            let paths = std::iter::once(&finding.location)
                .chain(places)
                .map(|place| place.path.clone());
            let paths: Paths = (finding.more == 0).then(|| paths.collect());
            for value in judgement.secrets.get(&name).into_iter().flatten() {
                let known = by_value.entry(value.clone()).or_default();
                known.push((name.clone(), paths.clone()));
            }
        }
        Self { by_value }
    }

    /// The finding that tells each value of the exposure; of a short one, the one in its file.
    fn findings(&self, exposure: &Exposure) -> BTreeSet<Name> {
        let in_file = |paths: &Paths| {
            let mut files = exposure.sights.keys();
            files.any(|path| paths.as_ref().is_none_or(|paths| paths.contains(path)))
        };
        let tells = |value: &Secret| {
            let all = self.by_value.get(value)?;
            let mut fit = all
                .iter()
                .filter(|(_, paths)| is_telling(value) || in_file(paths));
            fit.next().map(|(name, _)| name.clone())
        };
        exposure.values.iter().filter_map(tells).collect()
    }
}

impl Exposure {
    fn of(sight: Sight) -> Self {
        Self {
            values: sight.values.clone(),
            first: sight.first.clone(),
            last: sight.last.clone(),
            sights: BTreeMap::from([(sight.path.clone(), sight)]),
        }
    }

    fn join(&mut self, sight: Sight) {
        self.values.extend(sight.values.iter().cloned());
        if sight.first < self.first {
            self.first = sight.first.clone();
        }
        if sight.last > self.last {
            self.last = sight.last.clone();
        }
        let earlier = |known: &Sight| (&known.at, known.line()) <= (&sight.at, sight.line());
        if !self.sights.get(&sight.path).is_some_and(earlier) {
            self.sights.insert(sight.path.clone(), sight);
        }
    }

    /// Does a finding about the files name the same file for the same reason? For what a rule
    /// knows by a file's name.
    fn is_named(&self, judgement: &Judgement) -> bool {
        self.values.is_empty()
            && self.sights.values().any(|sight| {
                let mut findings = judgement.results.iter().flat_map(|result| &result.findings);
                findings.any(|finding| {
                    finding.rule == sight.finding.rule && finding.is_at(&sight.finding.location)
                })
            })
    }

    /// The files in which it was seen, as files of their commits.
    pub(super) fn files(&self) -> impl Iterator<Item = File> {
        self.sights.values().map(|sight| File {
            path: sight.place(),
            size: 0,
            role: sight.role,
            tracked: Tracked::Tracked,
            language: Language::of(&sight.path),
            executable: false,
        })
    }

    /// One fact for each file in which it was seen; `number` tells exposures apart.
    pub(super) fn facts(&self, kind: &'static str, number: usize, rules: &RuleSet) -> Vec<Fact> {
        let fact = |sight: &Sight| {
            let finding = &sight.finding;
            let title = rules
                .rule(&finding.rule)
                .map_or("", |rule| rule.card.title.as_str());
            let attributes = [
                ("exposure", number.to_string()),
                ("rule", finding.rule.clone()),
                ("title", title.to_owned()),
                ("path", sight.path.to_string()),
                ("first", self.first.id.clone()),
                ("first_date", self.first.date.clone()),
                ("last", self.last.id.clone()),
                ("last_date", self.last.date.clone()),
                ("severity", finding.severity.as_str().to_owned()),
                ("confidence", finding.confidence.as_str().to_owned()),
            ];
            Fact {
                kind: Arc::from(kind),
                attributes: attributes
                    .into_iter()
                    .map(|(name, text)| (Arc::from(name), Value::from(text)))
                    .collect(),
                hit: Arc::new(sight.hit()),
                service: None,
            }
        };
        self.sights.values().map(fact).collect()
    }
}

impl Sight {
    fn hit(&self) -> Hit {
        let mut digest = [0; 16];
        // What the finding's own identity is made of holds no secret, and no position.
        for (to, from) in digest.iter_mut().zip(self.finding.fingerprint.0.bytes()) {
            *to = from;
        }
        Hit {
            location: Location {
                path: self.place(),
                ..self.finding.location.clone()
            },
            value: Value::Null,
            captures: BTreeMap::new(),
            kinds: BTreeMap::new(),
            context: Context::Code,
            excerpt: Arc::from(self.finding.excerpt.as_str()),
            excerpt_line: self.finding.excerpt_line,
            digest,
        }
    }
}
