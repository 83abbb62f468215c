//! Which files are part of what runs: the closure of entry points over imports.
//!
//! Everything that may run counts as running. A file is an orphan only in a service whose entry
//! points are known, in a language whose imports are followed, and when nothing dynamic, nothing
//! unread and no script can lead to it.

use super::conventions::{self, Strength};
use super::entrypoints::Entries;
use super::facts;
use super::modules::{Family, Resolver};
use super::packages::Group;
use super::{python, repo, script};
use crate::model::{Fact, Reach, RepoPath, Role};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Decides for every source file.
pub(super) fn decide(
    resolver: &Resolver<'_>,
    entries: &Entries<'_>,
    facts: &[Fact],
) -> BTreeMap<RepoPath, Reach> {
    let dynamic = Dynamic::new(resolver, facts);
    let seeds = |sure: bool| {
        let files = entries.files.iter();
        files
            .filter(move |(_, strength)| (**strength != Strength::Maybe) == sure)
            .map(|(path, _)| *path)
    };
    let leads = Leads::new(resolver, &dynamic);
    let runs = leads.closure(seeds(true));
    let scripts = resolver.repo.all().filter(|(_, entry)| {
        matches!(
            entry.file.role,
            Role::Script | Role::DevConfig | Role::Migration
        )
    });
    let may = leads.closure(seeds(false).chain(scripts.map(|(path, _)| path)));
    let blurred = blurred(resolver, &dynamic, &runs);

    let mut reach = BTreeMap::new();
    for (path, entry) in resolver.repo.all() {
        if entry.file.language.is_none() {
            continue;
        }
        let orphan = || {
            let key = resolver
                .service(path)
                .map(|(index, _)| index)
                .zip(resolver.family(path));
            entry.file.role == Role::Production
                && !may.contains(path)
                && !conventions::exempt(path)
                && key.is_some_and(|key| {
                    key.1 != Family::Namespaced
                        && entries.known.contains(&key)
                        && !blurred.contains(&key)
                })
        };
        let answer = if runs.contains(path) {
            Reach::Reachable
        } else if orphan() {
            Reach::Orphan
        } else {
            Reach::Unknown
        };
        reach.insert(entry.file.path.clone(), answer);
    }
    reach
}

/// Where each file leads to.
struct Leads<'r, 'a> {
    resolver: &'r Resolver<'a>,
    from: BTreeMap<&'a str, Lead<'a>>,
}

/// Where one file leads to.
struct Lead<'a> {
    files: BTreeSet<&'a str>,
    /// What is loaded with it. By name: every file of a folder leads to every other.
    groups: Vec<Group<'a>>,
}

impl<'r, 'a> Leads<'r, 'a> {
    fn new(resolver: &'r Resolver<'a>, dynamic: &Dynamic<'a>) -> Self {
        let all: Vec<(&str, repo::Entry<'_>)> = resolver.repo.all().collect();
        let leads = |(path, entry): (&'a str, repo::Entry<'a>)| {
            let imports = entry.imports.iter();
            let mut files: BTreeSet<&str> = imports
                .flat_map(|import| resolver.resolve(path, import))
                .collect();
            files.extend(dynamic.files.get(path).into_iter().flatten());
            let groups = match resolver.family(path) {
                Some(Family::Python) => {
                    files.extend(inits(resolver, path));
                    Vec::new()
                }
                Some(Family::Go) => vec![Group::Folder(repo::parent(path))],
                Some(Family::Namespaced) => Group::of(resolver, path),
                Some(Family::Script) | None => Vec::new(),
            };
            (path, Lead { files, groups })
        };
        Self {
            resolver,
            from: all.into_par_iter().map(leads).collect(),
        }
    }

    /// Everything that `seeds` lead to, themselves included.
    fn closure(&self, seeds: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
        let mut reached: BTreeSet<&str> = seeds.collect();
        let mut waiting: Vec<&str> = reached.iter().copied().collect();
        let mut gathered = BTreeSet::new();
        while let Some(path) = waiting.pop() {
            let Some(lead) = self.from.get(path) else {
                continue;
            };
            let groups = lead.groups.iter().filter(|group| gathered.insert(**group));
            let loaded = groups.flat_map(|group| group.files(self.resolver));
            let next = lead.files.iter().copied().chain(loaded);
            waiting.extend(next.filter(|path| reached.insert(*path)));
        }
        reached
    }
}

/// The files that make a Python file's folders packages, which are loaded before it.
fn inits<'a>(resolver: &Resolver<'a>, path: &str) -> impl Iterator<Item = &'a str> {
    repo::ancestors(repo::parent(path))
        .map_while(|dir| resolver.repo.path(&format!("{dir}/__init__.py")))
}

/// Services in which something that runs may load files that cannot be told: no file of theirs
/// is called an orphan.
fn blurred(
    resolver: &Resolver<'_>,
    dynamic: &Dynamic<'_>,
    runs: &BTreeSet<&str>,
) -> BTreeSet<(usize, Family)> {
    runs.iter()
        .filter(|path| {
            dynamic.open.contains(**path)
                || resolver.repo.get(path).is_some_and(|entry| !entry.whole)
        })
        .filter_map(|path| Some((resolver.service(path)?.0, resolver.family(path)?)))
        .collect()
}

/// Imports whose target is computed.
struct Dynamic<'a> {
    /// Files that a file may load, as far as can be told.
    files: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Files that may load anything.
    open: BTreeSet<&'a str>,
}

impl<'a> Dynamic<'a> {
    fn new(resolver: &Resolver<'a>, facts: &[Fact]) -> Self {
        let mut files: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut open: BTreeSet<&str> = BTreeSet::new();
        for fact in facts::of(facts, "dynamic-import") {
            let Some(path) = resolver.repo.path(fact.hit.location.path.as_str()) else {
                continue;
            };
            let text = fact.text("module").unwrap_or_default();
            let found = match fact.text("how").unwrap_or_default() {
                "name" => named(resolver, path, text),
                "glob" => script::resolve(resolver, path, text),
                "folder" => {
                    let dir = repo::join(repo::parent(path), text.trim_matches('/'));
                    dir.map(|dir| resolver.sources(&dir).map(|(path, _)| path).collect())
                        .unwrap_or_default()
                }
                _ => {
                    open.insert(path);
                    continue;
                }
            };
            if !found.is_empty() {
                files.entry(path).or_default().extend(found);
            }
        }
        // A table of names beside the call that loads them says all there is to say.
        open.retain(|path| !files.contains_key(path));
        Self { files, open }
    }
}

/// The files of a dotted name in a string, which may end in the name of something inside a file.
fn named<'a>(resolver: &Resolver<'a>, path: &str, text: &str) -> BTreeSet<&'a str> {
    let text = text.split(':').next().unwrap_or(text);
    if !super::commands::is_dotted(text) || !text.contains('.') {
        return BTreeSet::new();
    }
    repo::ancestors_of_name(text)
        .filter(|name| name.contains('.'))
        .map(|name| python::resolve(resolver, path, name, &[]))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}
