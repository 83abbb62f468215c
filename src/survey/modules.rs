//! From an import as written to the files it stands for.
//!
//! Each family of languages has its own file. All of them may name too many files, never too
//! few: a file is called an orphan only if nothing can lead to it.

use super::facts;
use super::repo::{self, Entry, Repo};
use super::{packages, python, script};
use crate::model::{Fact, Import, Language, RepoPath, Service};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is needed to follow imports.
pub(super) struct Resolver<'a> {
    /// All files.
    pub(super) repo: &'a Repo<'a>,
    /// All services.
    pub(super) services: &'a [Service],
    /// The service of each file.
    pub(super) owner: &'a BTreeMap<RepoPath, usize>,
    /// Short names for folders, by the folder whose files may use them.
    pub(super) aliases: Vec<Alias>,
    /// Published names of the repository's own packages, and their folders.
    pub(super) names: BTreeMap<String, String>,
    /// Source files by the package or namespace that they declare.
    pub(super) declared: BTreeMap<&'a str, Vec<&'a str>>,
    /// Script files by their path without extension, with the rank of that extension.
    pub(super) scripts: HashMap<&'a str, (usize, &'a str)>,
    /// Source files by their last two path parts without extension.
    tails: BTreeMap<String, Vec<&'a str>>,
}

/// `@/*` stands for `src/*` below `dir`.
pub(super) struct Alias {
    /// Files below it may use the alias.
    pub(super) dir: String,
    /// As written before a `*`, or all of it.
    pub(super) start: String,
    /// Does it stand for everything that begins so?
    pub(super) open: bool,
    /// The folder or file it stands for, from the root of the repository.
    pub(super) target: String,
}

/// Languages by how their files ask for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    /// Python.
    Python,
    /// JavaScript, TypeScript, and components that hold them.
    Script,
    /// Go: whole folders.
    Go,
    /// By namespaces that need not match folders: followed as far as they do.
    Namespaced,
}

impl Family {
    /// The family of a language, if its imports are followed at all.
    pub(super) fn of(language: Language) -> Option<Self> {
        Some(match language {
            Language::Python => Self::Python,
            Language::JavaScript
            | Language::TypeScript
            | Language::Tsx
            | Language::Vue
            | Language::Svelte => Self::Script,
            Language::Go => Self::Go,
            Language::Java
            | Language::Kotlin
            | Language::CSharp
            | Language::Php
            | Language::Ruby => Self::Namespaced,
            _ => return None,
        })
    }
}

impl<'a> Resolver<'a> {
    /// Prepares to follow imports.
    pub(super) fn new(
        repo: &'a Repo<'a>,
        services: &'a [Service],
        owner: &'a BTreeMap<RepoPath, usize>,
        facts: &[Fact],
    ) -> Self {
        let mut tails: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut declared: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (path, entry) in repo.all() {
            if entry.file.language.and_then(Family::of).is_some() {
                tails.entry(tail(path)).or_default().push(path);
            }
            for name in entry
                .imports
                .iter()
                .filter_map(|import| import.module.strip_prefix("package:"))
            {
                declared.entry(name).or_default().push(path);
            }
        }
        let names = facts::of(facts, "package")
            .filter_map(|fact| {
                Some((
                    fact.text("name")?.to_owned(),
                    fact.hit.location.path.dir().to_owned(),
                ))
            })
            .collect();
        Self {
            repo,
            services,
            owner,
            aliases: aliases(facts),
            names,
            declared,
            scripts: script::stems(repo.all().map(|(path, _)| path)),
            tails,
        }
    }

    /// The files that one import of the file `from` stands for.
    pub(super) fn resolve(&self, from: &str, import: &Import) -> BTreeSet<&'a str> {
        let family = self.family(from);
        match family {
            Some(Family::Python) => python::resolve(self, from, &import.module, &import.names),
            Some(Family::Script) => script::resolve(self, from, &import.module),
            Some(Family::Go) => packages::go(self, &import.module),
            Some(Family::Namespaced) => packages::namespaced(self, from, &import.module),
            None => BTreeSet::new(),
        }
    }

    /// The family of a file's language.
    pub(super) fn family(&self, path: &str) -> Option<Family> {
        self.repo.get(path)?.file.language.and_then(Family::of)
    }

    /// The service of a file.
    pub(super) fn service(&self, path: &str) -> Option<(usize, &'a Service)> {
        let index = *self.owner.get(&self.repo.get(path)?.file.path)?;
        Some((index, self.services.get(index)?))
    }

    /// The root of a file's service; the root of the repository outside every service.
    pub(super) fn root(&self, path: &str) -> &'a str {
        self.service(path).map_or("", |(_, service)| &service.root)
    }

    /// Source files whose path, without its extension, ends with the two or more parts of `tail`.
    pub(super) fn ending(&self, end: &str) -> impl Iterator<Item = &'a str> {
        let found = self.tails.get(&tail(end)).into_iter().flatten().copied();
        found.filter(move |path| {
            let stem = without_extension(path);
            stem == end
                || stem
                    .strip_suffix(end)
                    .is_some_and(|before| before.ends_with('/'))
        })
    }

    /// Source files below `dir`.
    pub(super) fn sources(&self, dir: &str) -> impl Iterator<Item = (&'a str, Entry<'a>)> {
        self.repo
            .below(dir)
            .filter(|(_, entry)| entry.file.language.is_some())
    }
}

/// The last two parts of a path without its extension.
fn tail(path: &str) -> String {
    let stem = without_extension(path);
    let mut parts = stem.rsplit('/');
    match (parts.next(), parts.next()) {
        (Some(name), Some(dir)) => format!("{dir}/{name}"),
        _ => stem.to_owned(),
    }
}

/// A path without the last extension of its name.
pub(super) fn without_extension(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') && !stem.is_empty() => stem,
        _ => path,
    }
}

/// Aliases from `alias` facts: `tsconfig.json` and bundlers.
///
/// They hold for the folder of the file that declares them, longest first. A base folder alone is
/// an alias for nothing at all.
fn aliases(facts: &[Fact]) -> Vec<Alias> {
    let mut bases: BTreeMap<&RepoPath, &str> = BTreeMap::new();
    for fact in facts::of(facts, "alias") {
        if let Some(base) = fact.text("base") {
            bases.insert(&fact.hit.location.path, base);
        }
    }
    let mut found = Vec::new();
    for (path, base) in &bases {
        if let Some(target) = repo::join(path.dir(), base) {
            found.push(Alias {
                dir: path.dir().to_owned(),
                start: String::new(),
                open: true,
                target,
            });
        }
    }
    for fact in facts::of(facts, "alias") {
        let path = &fact.hit.location.path;
        let base = bases.get(path).copied().unwrap_or(".");
        let Some(pattern) = fact.text("pattern") else {
            continue;
        };
        for target in facts::texts(fact.attributes.get("target")) {
            let from = repo::join(path.dir(), base);
            let target = target.trim_end_matches('*');
            let Some(target) = from.and_then(|from| repo::join(&from, target)) else {
                continue;
            };
            let open = pattern.ends_with('*') || fact.text("how") == Some("bundler");
            let start = pattern.trim_end_matches('*').to_owned();
            found.push(Alias {
                dir: path.dir().to_owned(),
                start,
                open,
                target,
            });
        }
    }
    found.sort_by(|a, b| {
        b.start
            .len()
            .cmp(&a.start.len())
            .then_with(|| a.target.cmp(&b.target))
    });
    found
}
