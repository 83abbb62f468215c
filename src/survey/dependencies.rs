//! Declared runtime dependencies, service by service.
//!
//! A dependency belongs to the service whose folder declares it. What a folder around a service
//! declares (the root of a workspace) belongs to the service too, but only if it imports it.

use super::repo::{self, Repo};
use super::{facts, services as layout};
use crate::model::{Fact, RepoPath, Service, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

/// Fills `dependencies` of every service.
pub(super) fn assign(imports: &Imports, facts: &[Fact], services: &mut [Service]) {
    for fact in facts::of(facts, "dependency").filter(|fact| !is_dev(fact)) {
        let Some(name) = fact
            .text("name")
            .map(|name| canonical(name, fact.text("ecosystem")))
        else {
            continue;
        };
        let version = fact.text("version").unwrap_or_default();
        let dir = layout::manifest_root(&fact.hit.location.path);
        for (index, service) in services.iter_mut().enumerate() {
            let own = fact.service == Some(index);
            let around = !own && service.root != dir && repo::is_in(&service.root, dir);
            let wanted = || {
                imports
                    .get(&index)
                    .is_some_and(|modules| imported(modules, &name))
            };
            if own || (around && wanted()) {
                service
                    .dependencies
                    .entry(name.clone())
                    .or_insert_with(|| version.to_owned());
            }
        }
    }
}

/// Is the dependency needed to develop only?
pub(super) fn is_dev(fact: &Fact) -> bool {
    fact.attributes.get("dev") == Some(&Value::Bool(true))
}

/// The one spelling of a package's name: `PyPI` takes `_`, `.` and `-`, and upper and lower case,
/// for the same.
pub(super) fn canonical(name: &str, ecosystem: Option<&str>) -> String {
    match ecosystem {
        Some("python") => name.to_ascii_lowercase().replace(['_', '.'], "-"),
        _ => name.to_owned(),
    }
}

/// Modules that each service's files ask for, by number of the service.
pub(super) type Imports = BTreeMap<usize, BTreeSet<Arc<str>>>;

/// Modules that each service's files ask for.
pub(super) fn imports(repo: &Repo<'_>, owner: &BTreeMap<RepoPath, usize>) -> Imports {
    let mut found = Imports::new();
    for (_, entry) in repo.all().filter(|(_, entry)| entry.is_program()) {
        if let Some(index) = owner.get(&entry.file.path) {
            let modules = entry.imports.iter().map(|import| import.module.clone());
            found.entry(*index).or_default().extend(modules);
        }
    }
    found
}

/// Does one of `modules` belong to the package `name`?
pub(super) fn imported(modules: &BTreeSet<Arc<str>>, name: &str) -> bool {
    let begins = |start: &str| {
        let from = (Bound::Included(start), Bound::Unbounded);
        let all = modules.range::<str, _>(from);
        all.take_while(|module| module.starts_with(start))
            .any(|module| is_of(module, start.trim_start_matches("node:")))
    };
    let bare = name.replace('-', "_");
    begins(name) || begins(&bare) || begins(&format!("node:{name}"))
}

/// Is `module` the package `name` or a part of it?
pub(super) fn is_of(module: &str, name: &str) -> bool {
    let rest = module
        .strip_prefix("node:")
        .unwrap_or(module)
        .strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/', '\\', ':']))
}

/// Splits `requirement` attributes, as in `uvicorn[standard]>=0.30; python_version > "3.8"`, into
/// name and version: one fact for each line.
pub(super) fn split(facts: Vec<Fact>) -> Vec<Fact> {
    let mut all = Vec::with_capacity(facts.len());
    for fact in facts {
        let Some(text) = fact.text("requirement").map(str::to_owned) else {
            all.push(fact);
            continue;
        };
        let lines = text
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with(char::is_alphanumeric));
        for line in lines {
            let (name, version) = requirement(line);
            let mut fact = fact.clone();
            fact.attributes.remove("requirement");
            fact.attributes.insert(Arc::from("name"), Value::str(name));
            fact.attributes
                .insert(Arc::from("version"), Value::str(version));
            all.push(fact);
        }
    }
    all
}

/// Name and version of a Python requirement.
fn requirement(text: &str) -> (&str, &str) {
    let text = text.split([';', '#', '@']).next().unwrap_or(text).trim();
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let (name, rest) = match text.find(|c| !in_name(c)) {
        Some(end) => text.split_at_checked(end).unwrap_or((text, "")),
        None => (text, ""),
    };
    let rest = rest.trim_start();
    let version = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((_, version)) => version.trim(),
        None => rest,
    };
    (name, version)
}
