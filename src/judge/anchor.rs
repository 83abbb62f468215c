//! Where a finding points that has no place of its own: an absence, or what holds for a group.

use super::candidates::Candidate;
use super::finding::{Group, PLACES, effort, group_fingerprint};
use super::{Bench, Exposed, Place};
use crate::model::{Finding, Location, Related, RepoPath, Status, Value};
use crate::rule::spec::ExpectSpec;
use crate::rule::{Rule, Source};
use globset::GlobBuilder;

impl<'c> Bench<'c> {
    /// Do the rule's groups point at an anchor, with their hits around it?
    pub(super) fn is_anchored(&self, rule: &Rule) -> bool {
        let groups = rule.group_by.is_some() && !self.apart;
        groups && rule.expect == ExpectSpec::Never && !rule.anchor.is_empty()
    }

    /// The finding on a group that points at the rule's anchor. It speaks of all hits at once, so
    /// it is adjusted as a whole and keeps its identity while there is one of them.
    pub(super) fn anchored(
        &self,
        rule: &Rule,
        place: Place,
        group: &Group<'_, 'c>,
        secrets: &mut Exposed,
    ) -> Option<Finding> {
        let first = group.hits.first()?;
        let how = self.adjusted(rule, place, None);
        let text = group.text.as_deref().unwrap_or_default();
        let fingerprint = group_fingerprint(rule, &self.scope_name(place), text);
        self.expose(rule, &group.hits, &fingerprint, secrets);
        let (location, excerpt, excerpt_line) = self.anchor(rule, place);
        let mut view = (*first).clone();
        let redacted = first.redacted(self.case.rules);
        let listed = group.hits.iter().take(PLACES).map(|hit| Related {
            location: hit.location().clone(),
            label: caption(hit),
        });
        let more = group.hits.len().saturating_sub(PLACES);
        Some(Finding {
            rule: rule.card.name.clone(),
            severity: how.severity,
            confidence: how.confidence,
            message: self.message(rule, view.view(), redacted, place, group.hits.len()),
            service: self.service_of(place),
            location,
            excerpt,
            excerpt_line,
            related: listed.collect(),
            more: u32::try_from(more).unwrap_or(u32::MAX),
            notes: how.notes,
            fingerprint,
            status: Status::Open,
            effort_minutes: effort(rule.card.effort_minutes, 1),
        })
    }

    /// The place to point at: the rule's anchor, in the service or else in what belongs to no
    /// service; else the service's manifest, else what a reader opens first.
    pub(super) fn anchor(&self, rule: &Rule, place: Place) -> (Location, String, u32) {
        for anchor in &rule.anchor {
            if let Some(kind) = anchor.strip_prefix("fact:") {
                let found = self.pool.found(&[Source::Fact(kind.into())], place);
                let best = found.iter().find(|one| one.runs()).or(found.first());
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

/// What a hit is to its group: the route it is, or just one more place.
fn caption(hit: &Candidate<'_>) -> String {
    let mut hit = hit.clone();
    let view = hit.view();
    let word = |name: &str| view.get(name).and_then(Value::as_str);
    match (word("method"), word("pattern").or_else(|| word("path"))) {
        (Some(method), Some(path)) => format!("{method} {path}"),
        _ => "here".to_owned(),
    }
}
