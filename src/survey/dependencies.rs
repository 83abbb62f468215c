//! Declared runtime dependencies, service by service.
//!
//! A dependency belongs to the service whose folder declares it. What a folder around a service
//! declares (the root of a workspace) belongs to the service too, but only if it imports it.

use super::facts;
use super::repo::{self, Repo};
use crate::model::{Fact, RepoPath, Service, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Fills `dependencies` of every service.
pub(super) fn assign(
    repo: &Repo<'_>,
    owner: &BTreeMap<RepoPath, usize>,
    facts: &[Fact],
    services: &mut [Service],
) {
    let imports = imports(repo, owner);
    for fact in facts::of(facts, "dependency").filter(|fact| !is_dev(fact)) {
        let Some(name) = fact
            .text("name")
            .map(|name| canonical(name, fact.text("ecosystem")))
        else {
            continue;
        };
        let version = fact.text("version").unwrap_or_default();
        let dir = fact.hit.location.path.dir();
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

/// The one spelling of a package's name: PyPI takes `_`, `.` and `-`, and upper and lower case,
/// for the same.
pub(super) fn canonical(name: &str, ecosystem: Option<&str>) -> String {
    match ecosystem {
        Some("python") => name.to_ascii_lowercase().replace(['_', '.'], "-"),
        _ => name.to_owned(),
    }
}

/// Modules that each service's files ask for.
pub(super) fn imports(
    repo: &Repo<'_>,
    owner: &BTreeMap<RepoPath, usize>,
) -> BTreeMap<usize, BTreeSet<Arc<str>>> {
    let mut found: BTreeMap<usize, BTreeSet<Arc<str>>> = BTreeMap::new();
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
    let bare = name.replace('-', "_");
    modules
        .iter()
        .any(|module| is_of(module, name) || is_of(module, &bare))
}

/// Is `module` the package `name` or a part of it?
pub(super) fn is_of(module: &str, name: &str) -> bool {
    let rest = module
        .strip_prefix("node:")
        .unwrap_or(module)
        .strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/', '\\', ':']))
}
