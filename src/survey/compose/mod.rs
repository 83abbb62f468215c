//! Compose across files: what a scan saw in one file is read again as Compose would read it
//! together with the files beside it.
//!
//! A scan looks at one file, so it cannot know what `.env`, an extended file, an included file or
//! an override says. Three fact manifests keep what is needed (`compose-document` the documents as
//! written, `compose-variable` the entries of `.env`, `compose-replacement` what is tagged `!reset`
//! or `!override`); here they are put together, and the values of all hits in Compose files are
//! replaced. Places never change: a service is judged where it is
//! declared, with everything that is set for it anywhere.

mod merge;
mod project;
mod written;

#[cfg(test)]
mod tests;

use crate::model::{FileHits, Hit, MatcherId, REPLACES, RepoPath, UNDECIDED, Value};
use crate::rule::{Matcher, RuleSet};
use crate::syntax::Format;
use project::Projects;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use written::Written;

/// Gives the hits in Compose files the values that Compose would give them.
pub fn join_compose(rules: &RuleSet, files: &mut [FileHits]) {
    let written = read(rules, files);
    if written.is_empty() {
        return;
    }
    let projects = Projects::new(&written);
    let wanted = rules.matchers_in(Format::Compose);
    let plain = rules.matchers_in(Format::Yaml);
    let declared = declared(files, &wanted);
    for file in files {
        let path = file.file.path.clone();
        if !projects.holds(&path) {
            continue;
        }
        file.hits.retain_mut(|(id, hit)| {
            let stays = if wanted.contains(id) {
                settle(rules, *id, Arc::make_mut(hit), &path, &projects)
            } else {
                !plain.contains(id) || surround(Arc::make_mut(hit), &path, &projects)
            };
            stays && !repeats(*id, hit, &path, &projects, &declared)
        });
    }
}

/// Compose documents as written, by path, and what `.env` files that others have too set.
fn read(rules: &RuleSet, files: &[FileHits]) -> Written {
    let documents = rules.matchers_of("compose-document");
    let variables = rules.matchers_of("compose-variable");
    let replacements = rules.matchers_of("compose-replacement");
    let mut out = Written::default();
    for file in files {
        let shared = file.file.tracked != crate::model::Tracked::Ignored;
        for (id, hit) in &file.hits {
            if documents.contains(id) {
                if let Some(root) = hit.captures.get("root") {
                    out.document(&file.file.path, root);
                }
            } else if replacements.contains(id) && hit.captures.contains_key(REPLACES) {
                if let [_, service, key] = keys(hit).as_slice() {
                    out.replacement(&file.file.path, service, key);
                }
            } else if shared
                && variables.contains(id)
                && let Some(name) = hit.captures.get("key").and_then(Value::as_str)
            {
                out.variable(&file.file.path, name, &hit.value);
            }
        }
    }
    out
}

/// The services that a matcher selected, by matcher and file.
type Declared = BTreeMap<(MatcherId, RepoPath), BTreeSet<Arc<str>>>;

fn declared(files: &[FileHits], wanted: &BTreeSet<MatcherId>) -> Declared {
    let mut out = Declared::new();
    for file in files {
        for (id, hit) in file.hits.iter().filter(|(id, _)| wanted.contains(id)) {
            if let Some(name) = service(&keys(hit)) {
                let place = (*id, file.file.path.clone());
                out.entry(place).or_default().insert(name);
            }
        }
    }
    out
}

/// Is this the part of a service in an override whose base is judged with all of it?
fn repeats(
    id: MatcherId,
    hit: &Hit,
    path: &RepoPath,
    projects: &Projects,
    seen: &Declared,
) -> bool {
    let Some(name) = service(&keys(hit)) else {
        return false;
    };
    let base = projects.base(path);
    base.and_then(|base| seen.get(&(id, base.clone())))
        .is_some_and(|services| services.contains(&name))
}

/// The name of the service, when the hit is one as a whole.
fn service(keys: &[Arc<str>]) -> Option<Arc<str>> {
    match keys {
        [services, name] if &**services == "services" => Some(name.clone()),
        _ => None,
    }
}

/// The keys from the root to the hit.
fn keys(hit: &Hit) -> Vec<Arc<str>> {
    let keys = hit.captures.get("keys").map_or(&[][..], Value::items);
    keys.iter()
        .filter_map(|key| key.as_str().map(Arc::from))
        .collect()
}

/// Replaces what a hit carries. False when it turns out to be none.
fn settle(
    rules: &RuleSet,
    id: MatcherId,
    hit: &mut Hit,
    path: &RepoPath,
    projects: &Projects,
) -> bool {
    let keys = keys(hit);
    let names: Vec<&str> = keys.iter().map(|key| &**key).collect();
    let services = projects.services(path);
    match names.as_slice() {
        [] => hit.value = projects.root(path),
        ["services"] => hit.value = services,
        ["services", name] => {
            if let Some(known) = projects.service(path, name) {
                if !decide(rules, id, hit, known) {
                    return false;
                }
                hit.value = known.clone();
            }
            hit.captures.insert(Arc::from("parent"), services);
        }
        ["services", name, rest @ ..] => {
            // What an override takes back or replaces is judged there.
            if rest
                .first()
                .is_some_and(|key| projects.is_replaced(path, name, key))
            {
                return false;
            }
            if let Some(known) = projects.service(path, name) {
                // What an extended file adds is judged in that file.
                if hit.captures.contains_key(UNDECIDED) && *known != Value::Unknown {
                    return false;
                }
                if rest.len() == 1 {
                    hit.captures.insert(Arc::from("parent"), known.clone());
                }
            }
            if hit.value == Value::Unknown
                && let Some(value) = projects.written(path, &names)
            {
                hit.value = value.clone();
            }
        }
        _ => {}
    }
    hit.captures.insert(Arc::from("root"), projects.root(path));
    true
}

/// Puts a value that is judged as it is written among what other files set for its service. False
/// when it counts for nothing.
fn surround(hit: &mut Hit, path: &RepoPath, projects: &Projects) -> bool {
    let keys = keys(hit);
    let [services, name, key, ..] = keys.as_slice() else {
        return true;
    };
    if &**services != "services" {
        return true;
    }
    if projects.is_replaced(path, name, key) {
        return false;
    }
    if let Some(root) = hit.captures.get("root") {
        let root = projects.surrounded(path, root);
        hit.captures.insert(Arc::from("root"), root);
    }
    true
}

/// A selection that could not be decided by one file: does the service have what it asks for?
fn decide(rules: &RuleSet, id: MatcherId, hit: &mut Hit, known: &Value) -> bool {
    if !hit.captures.contains_key(UNDECIDED) || *known == Value::Unknown {
        return true;
    }
    let Some(Matcher::Data(data)) = rules.matcher(id) else {
        return true;
    };
    match data.selector.asked() {
        Some(name) => {
            hit.captures.remove(UNDECIDED);
            known.get(name).is_some()
        }
        None => true,
    }
}
