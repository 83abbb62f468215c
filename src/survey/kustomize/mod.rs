//! Kustomize: an object of a base is judged with what the patches of overlays set for it.
//!
//! Nothing is rendered. Patches only fill in what the object lacks, so that no rule says that a
//! probe or a limit is missing which an overlay sets; what a patch opens is judged in the patch.

mod overlay;
mod patch;

#[cfg(test)]
mod tests;

use crate::model::{FileHits, Hit, RepoPath, UNDECIDED, Value};
use crate::rule::RuleSet;
use crate::syntax::Format;
use overlay::{Found, Overlays};
use std::sync::Arc;

/// Gives the hits in Kubernetes files the values that overlays complete.
pub fn join_kustomize(rules: &RuleSet, files: &mut [FileHits]) {
    let found = read(rules, files);
    if found.kustomizations.is_empty() {
        return;
    }
    let overlays = Overlays::new(&found);
    let wanted = rules.matchers_in(Format::Kubernetes);
    for file in files {
        let path = file.file.path.clone();
        if overlays.touch(&path) {
            let hits = file.hits.iter_mut();
            for (_, hit) in hits.filter(|(id, _)| wanted.contains(id)) {
                complete(Arc::make_mut(hit), &path, &overlays);
            }
        }
    }
}

fn read(rules: &RuleSet, files: &[FileHits]) -> Found {
    let kustomizations = rules.matchers_of("kustomization");
    let objects = rules.matchers_of("kustomize-object");
    let operations = rules.matchers_of("kustomize-operation");
    let mut found = Found::default();
    for file in files {
        let path = &file.file.path;
        for (id, hit) in &file.hits {
            let Some(root) = hit.captures.get("root") else {
                continue;
            };
            if kustomizations.contains(id) {
                found.kustomizations.insert(path.clone(), root.clone());
            } else if objects.contains(id) {
                let objects = found.objects.entry(path.clone()).or_default();
                objects.push(root.clone());
            } else if operations.contains(id) {
                found.operations.insert(path.clone(), root.clone());
            }
        }
    }
    found
}

/// Replaces what a hit carries by what overlays make of it.
fn complete(hit: &mut Hit, path: &RepoPath, overlays: &Overlays) {
    let Some(root) = hit.captures.get("root") else {
        return;
    };
    let Some(whole) = overlays.object(path, root) else {
        return;
    };
    let keys = hit.captures.get("keys").map_or(&[][..], Value::items);
    let keys: Vec<&str> = keys.iter().filter_map(Value::as_str).collect();
    let value = at(&whole, &keys);
    let parent = keys.split_last().and_then(|(_, around)| at(&whole, around));
    if let Some(value) = value.filter(|_| !hit.captures.contains_key(UNDECIDED)) {
        hit.value = value;
    }
    if let Some(parent) = parent {
        hit.captures.insert(Arc::from("parent"), parent);
    }
    hit.captures.insert(Arc::from("root"), whole);
}

fn at(root: &Value, keys: &[&str]) -> Option<Value> {
    let mut at = root;
    for key in keys {
        at = match at {
            Value::List(items) => items.get(key.parse::<usize>().ok()?)?,
            other => other.get(key)?,
        };
    }
    Some(at.clone())
}
