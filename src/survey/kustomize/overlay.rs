//! Which objects an overlay reaches, and what its patches make of them.

use super::patch;
use crate::model::{RepoPath, Value};
use crate::survey::repo;
use std::collections::{BTreeMap, BTreeSet};

/// What was seen in single files.
#[derive(Default)]
pub(super) struct Found {
    /// The document of each kustomization.
    pub(super) kustomizations: BTreeMap<RepoPath, Value>,
    /// The objects of each Kubernetes file, whole or as patches.
    pub(super) objects: BTreeMap<RepoPath, Vec<Value>>,
    /// Files of operations.
    pub(super) operations: BTreeMap<RepoPath, Value>,
}

/// Kind and name.
type Name = (String, String);

/// Objects that overlays change.
pub(super) struct Overlays {
    objects: BTreeMap<RepoPath, BTreeMap<Name, Value>>,
}

impl Overlays {
    pub(super) fn new(found: &Found) -> Self {
        let mut objects: BTreeMap<RepoPath, BTreeMap<Name, Value>> = BTreeMap::new();
        for (path, root) in &found.kustomizations {
            let patches = patches(found, path.dir(), root);
            if patches.is_empty() {
                continue;
            }
            for file in reached(found, path) {
                for object in found.objects.get(&file).into_iter().flatten() {
                    let Some(name) = name(object) else { continue };
                    let mine = patches.iter().filter(|patch| patch.hits(&name));
                    for patch in mine {
                        let known = objects.entry(file.clone()).or_default();
                        let known = known.entry(name.clone()).or_insert_with(|| object.clone());
                        *known = patch::apply(known, &patch.document);
                    }
                }
            }
        }
        Self { objects }
    }

    pub(super) fn touch(&self, path: &RepoPath) -> bool {
        self.objects.contains_key(path)
    }

    /// The object of this file as overlays complete it.
    pub(super) fn object(&self, path: &RepoPath, object: &Value) -> Option<Value> {
        self.objects.get(path)?.get(&name(object)?).cloned()
    }
}

fn name(object: &Value) -> Option<Name> {
    let kind = object.get("kind")?.as_str()?;
    let name = object.get("metadata")?.get("name")?.as_str()?;
    Some((kind.to_owned(), name.to_owned()))
}

/// The files that a kustomization takes in, through others too; not its patches.
fn reached(found: &Found, path: &RepoPath) -> BTreeSet<RepoPath> {
    let mut files = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut next = vec![path.clone()];
    while let Some(kustomization) = next.pop() {
        let Some(root) = found.kustomizations.get(&kustomization) else {
            continue;
        };
        if !seen.insert(kustomization.clone()) {
            continue;
        }
        for key in ["resources", "bases", "components"] {
            let entries = root.get(key).map_or(&[][..], Value::items);
            for entry in entries.iter().filter_map(Value::as_str) {
                let Some(place) = repo::join(kustomization.dir(), entry) else {
                    continue;
                };
                let inner = ["yaml", "yml"].iter().filter_map(|extension| {
                    RepoPath::new(&repo::join(&place, &format!("kustomization.{extension}"))?)
                });
                next.extend(inner);
                files.extend(RepoPath::new(&place));
            }
        }
    }
    files
}

struct Patch {
    /// Whom it is for, if it does not say so itself.
    target: Option<Value>,
    document: Value,
}

impl Patch {
    /// Does it change the object? A pattern of names, or a choice by labels, may hit any.
    fn hits(&self, object: &Name) -> bool {
        let Some(target) = &self.target else {
            return name(&self.document).is_some_and(|own| own == *object);
        };
        let says = |key: &str, own: &str| match target.get(key) {
            None => true,
            Some(Value::Str(text)) => {
                **text == *own || text.contains(|c: char| "*+?[(|^$".contains(c))
            }
            Some(_) => true,
        };
        says("kind", &object.0) && says("name", &object.1)
    }
}

fn patches(found: &Found, dir: &str, root: &Value) -> Vec<Patch> {
    let mut out = Vec::new();
    for key in ["patches", "patchesStrategicMerge", "patchesJson6902"] {
        for entry in root.get(key).map_or(&[][..], Value::items) {
            let target = entry.get("target").cloned();
            for document in documents(found, dir, entry) {
                let target = target.clone();
                out.push(Patch { target, document });
            }
        }
    }
    out
}

/// What an entry names, or holds.
fn documents(found: &Found, dir: &str, entry: &Value) -> Vec<Value> {
    let own = entry.as_str().or_else(|| entry.get("patch")?.as_str());
    let file = entry.as_str().or_else(|| entry.get("path")?.as_str());
    let place = file
        .filter(|file| !file.contains('\n'))
        .and_then(|file| RepoPath::new(&repo::join(dir, file)?));
    if let Some(place) = place {
        let objects = found.objects.get(&place).into_iter().flatten();
        let known: Vec<Value> = objects
            .chain(found.operations.get(&place))
            .cloned()
            .collect();
        if !known.is_empty() {
            return known;
        }
    }
    own.map(patch::inline).unwrap_or_default()
}
