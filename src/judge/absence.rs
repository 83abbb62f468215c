//! A proven absence: what was looked for, where, and the nearest miss.

use super::candidates::Candidate;
use super::finding::{absence_fingerprint, effort};
use super::{Bench, Place};
use crate::model::{Finding, Location, Reach, Related, RepoPath, Severity, Status, Value};
use crate::rule::{Rule, Source};
use globset::GlobBuilder;
use std::fmt::Write;

/// Near misses named with an absence.
const MISSES: usize = 3;

impl<'c> Bench<'c> {
    /// The finding that nothing in `place` is what the rule expects.
    pub(super) fn absence(
        &self,
        rule: &Rule,
        place: Place,
        misses: &[Candidate<'c>],
        looked_at: u32,
    ) -> Finding {
        let mut notes = vec![self.searched(rule, place, looked_at)];
        let mut related = Vec::new();
        for miss in misses.iter().take(MISSES) {
            let label = if miss.reach == Reach::Orphan {
                "exists here, but nothing that runs imports it".to_owned()
            } else {
                format!("only in {} code", miss.file.file.role.as_str())
            };
            notes.push(format!("nearest miss: {} ({label})", miss.location()));
            related.push(Related {
                location: miss.location().clone(),
                label,
            });
        }
        let how = self.adjusted(rule, place, None);
        notes.extend(how.because.clone());
        let stub = self.is_stub(place);
        if stub {
            notes.push("the service has fewer than 100 lines of code".to_owned());
        }
        let (location, excerpt, excerpt_line) = self.anchor(rule, place);
        let view = Value::map([("path", Value::str(location.path.as_str()))]);
        Finding {
            rule: rule.card.name.clone(),
            severity: if stub { Severity::Info } else { how.severity },
            confidence: how.confidence,
            message: self.message(rule, &view, &[], place, misses.len()),
            service: self.service_of(place),
            location,
            excerpt,
            excerpt_line,
            related,
            more: u32::try_from(misses.len().saturating_sub(MISSES)).unwrap_or(u32::MAX),
            notes,
            fingerprint: absence_fingerprint(rule, &self.scope_name(place)),
            status: Status::Open,
            effort_minutes: effort(rule.card.effort_minutes, 1),
        }
    }

    fn is_stub(&self, place: Place) -> bool {
        match place {
            Place::Service(index) => self.case.survey.services.get(index).is_some_and(|s| s.stub),
            Place::Outside | Place::Repo => false,
        }
    }

    /// What was looked at, in numbers.
    fn searched(&self, rule: &Rule, place: Place, looked_at: u32) -> String {
        let files = self.pool.count_files(place);
        let mut out = format!("searched {files} files");
        for source in &rule.sources {
            if let Source::Fact(kind) = source {
                let facts = self.pool.found(std::slice::from_ref(source), place).len();
                let _infallible = write!(out, ", {facts} facts of kind `{kind}`");
            }
        }
        if looked_at > 0 && !out.contains("facts of kind") {
            let _infallible = write!(out, ", {looked_at} candidates");
        }
        out
    }

    /// The place to point at: the rule's anchor, in the service or else in what belongs to no
    /// service; else the service's manifest, else what a reader opens first.
    fn anchor(&self, rule: &Rule, place: Place) -> (Location, String, u32) {
        for anchor in &rule.anchor {
            if let Some(kind) = anchor.strip_prefix("fact:") {
                let found = self.pool.found(&[Source::Fact(kind.into())], place);
                let best = found
                    .iter()
                    .find(|one| Self::counts(rule, one))
                    .or(found.first());
                if let Some(fact) = best {
                    return (
                        fact.location().clone(),
                        fact.hit.excerpt.to_string(),
                        fact.hit.excerpt_line,
                    );
                }
            } else if let Some(file) = self.first_match(anchor, |path| self.inside(path, place)) {
                return (Location::file(file.clone()), String::new(), 1);
            }
        }
        let shared = |path: &RepoPath| !self.case.survey.owner.contains_key(path);
        let mut globs = rule.anchor.iter().filter(|it| !it.starts_with("fact:"));
        let path = globs
            .find_map(|glob| self.first_match(glob, shared).cloned())
            .or_else(|| self.manifest(place))
            .or_else(|| self.readme())
            .or_else(|| self.any_file(place));
        let path = path.unwrap_or_else(RepoPath::readme);
        (Location::file(path), String::new(), 1)
    }

    fn inside(&self, path: &RepoPath, place: Place) -> bool {
        match place {
            Place::Service(index) => self.case.survey.owner.get(path) == Some(&index),
            Place::Outside | Place::Repo => true,
        }
    }

    fn first_match(&self, glob: &str, among: impl Fn(&RepoPath) -> bool) -> Option<&'c RepoPath> {
        let matcher = GlobBuilder::new(glob)
            .literal_separator(true)
            .build()
            .ok()?
            .compile_matcher();
        let mut files = self.case.listing.files.iter().map(|file| &file.path);
        files.find(|path| among(path) && matcher.is_match(path.as_str()))
    }

    fn manifest(&self, place: Place) -> Option<RepoPath> {
        match place {
            Place::Service(index) => self.case.survey.services.get(index)?.manifest.clone(),
            Place::Outside | Place::Repo => None,
        }
    }

    fn readme(&self) -> Option<RepoPath> {
        let names = [
            "README.md",
            "README.rst",
            "README.txt",
            "README",
            "readme.md",
        ];
        names
            .iter()
            .filter_map(|name| RepoPath::new(name))
            .find(|path| self.by_path.contains_key(path))
    }

    /// The first manifest, else the first file that no tool hides, else the first.
    fn any_file(&self, place: Place) -> Option<RepoPath> {
        let services = self.case.survey.services.iter();
        let mut manifests = services.filter_map(|service| service.manifest.as_ref());
        let files = || {
            let all = self.case.files.iter().map(|file| &file.file.path);
            all.filter(|path| self.inside(path, place))
        };
        let hidden = |path: &RepoPath| path.as_str().split('/').any(|part| part.starts_with('.'));
        manifests
            .find(|path| self.inside(path, place))
            .or_else(|| files().find(|path| !hidden(path)))
            .or_else(|| files().next())
            .cloned()
    }
}
