//! Which Compose files belong together, and what the services of each are then.

use super::merge::{JUDGED_THERE, complete, fill, over};
use super::written::{Replaced, Written};
use crate::model::{RepoPath, Value};
use crate::survey::repo;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Services that extend each other in one chain, and files that include each other.
const DEPTH: u32 = 32;
/// Files that are merged without being named, and their variants: `compose.override.yaml`.
const STEMS: [&str; 2] = ["compose", "docker-compose"];

type Services = BTreeMap<Arc<str>, Value>;

/// Compose files with what they are together.
pub(super) struct Projects {
    /// Each file by itself, variables in place.
    own: BTreeMap<RepoPath, Value>,
    /// The services that each file declares, with all that is set for them anywhere.
    services: BTreeMap<RepoPath, Services>,
    /// The document of each file, with the services that it can refer to.
    roots: BTreeMap<RepoPath, Value>,
    /// The file that an override lies on.
    bases: BTreeMap<RepoPath, RepoPath>,
    /// What overrides take from each file: service and key.
    taken: Replaced,
}

impl Projects {
    pub(super) fn new(written: &Written) -> Self {
        let documents = written.documents.iter();
        let own: BTreeMap<RepoPath, Value> = documents
            .map(|(path, root)| (path.clone(), written.interpolated(path, root)))
            .collect();
        let extended = Extender {
            own: &own,
            replaced: &written.replaced,
            done: BTreeMap::new(),
        }
        .all();
        let bases: BTreeMap<RepoPath, RepoPath> = own
            .keys()
            .filter_map(|path| Some((path.clone(), base(&own, path)?)))
            .collect();
        let services: BTreeMap<RepoPath, Services> = extended
            .keys()
            .map(|path| {
                let layers = layered(path, &extended, &bases, &written.replaced);
                (path.clone(), layers)
            })
            .collect();
        let roots = own
            .iter()
            .map(|(path, root)| (path.clone(), whole(path, root, &own, &services, &bases)))
            .collect();
        Self {
            own,
            services,
            roots,
            taken: taken(&bases, &written.replaced),
            bases,
        }
    }

    /// Does an override of the file set this key of a service in its place?
    pub(super) fn is_replaced(&self, path: &RepoPath, service: &str, key: &str) -> bool {
        let taken = self.taken.get(path).into_iter().flatten();
        taken
            .filter(|_| JUDGED_THERE.contains(&key))
            .any(|(name, at)| &**name == service && &**at == key)
    }

    pub(super) fn holds(&self, path: &RepoPath) -> bool {
        self.services.contains_key(path)
    }

    /// The file that this one overrides, if it is an override.
    pub(super) fn base(&self, path: &RepoPath) -> Option<&RepoPath> {
        self.bases.get(path)
    }

    pub(super) fn service(&self, path: &RepoPath, name: &str) -> Option<&Value> {
        self.services.get(path)?.get(name)
    }

    /// The services that the file declares.
    pub(super) fn services(&self, path: &RepoPath) -> Value {
        let services = self.services.get(path);
        services.map_or(Value::Unknown, |services| {
            Value::Map(Arc::new(services.clone()))
        })
    }

    /// The document of a file as it is written, with what other files set for its services.
    pub(super) fn surrounded(&self, path: &RepoPath, root: &Value) -> Value {
        let (Value::Map(entries), Some(known)) = (root, self.services.get(path)) else {
            return root.clone();
        };
        let mut out = (**entries).clone();
        if let Some(Value::Map(written)) = out.get("services") {
            let services = written.iter().map(|(name, service)| {
                let whole = known.get(name).map(|whole| complete(service, whole));
                (name.clone(), whole.unwrap_or_else(|| service.clone()))
            });
            out.insert(Arc::from("services"), Value::map(services));
        }
        Value::Map(Arc::new(out))
    }

    pub(super) fn root(&self, path: &RepoPath) -> Value {
        self.roots.get(path).cloned().unwrap_or(Value::Unknown)
    }

    /// What stands under `keys` in the file itself. Nothing inside the lists of a service that
    /// extends another: they hold more than the file says.
    pub(super) fn written(&self, path: &RepoPath, keys: &[&str]) -> Option<&Value> {
        let mut at = self.own.get(path)?;
        let mut extends = false;
        for (depth, key) in keys.iter().enumerate() {
            at = match at {
                Value::List(items) if !extends => items.get(key.parse::<usize>().ok()?)?,
                other => other.get(key)?,
            };
            extends |= depth == 1 && at.get("extends").is_some();
        }
        Some(at)
    }
}

/// Follows `extends`, also into other files.
struct Extender<'o> {
    own: &'o BTreeMap<RepoPath, Value>,
    replaced: &'o Replaced,
    done: BTreeMap<(RepoPath, Arc<str>), Value>,
}

impl Extender<'_> {
    fn all(mut self) -> BTreeMap<RepoPath, Services> {
        let mut out = BTreeMap::new();
        for (path, root) in self.own {
            let Some(Value::Map(declared)) = root.get("services") else {
                continue;
            };
            let services = declared
                .keys()
                .filter_map(|name| Some((name.clone(), self.service(path, name, 0)?)));
            out.insert(path.clone(), services.collect());
        }
        out
    }

    fn service(&mut self, path: &RepoPath, name: &str, depth: u32) -> Option<Value> {
        let place = (path.clone(), Arc::from(name));
        if let Some(done) = self.done.get(&place) {
            return Some(done.clone());
        }
        let own = self.own.get(path)?.get("services")?.get(name)?;
        let merged = match own.get("extends") {
            None => own.clone(),
            Some(_) if depth >= DEPTH => Value::Unknown,
            Some(extends) => match self.extended(path, extends, depth) {
                Some(base) => {
                    let merged = over(&base, own);
                    settled(merged, own, name, self.replaced.get(path))
                }
                None => Value::Unknown,
            },
        };
        self.done.insert(place, merged.clone());
        Some(merged)
    }

    fn extended(&mut self, path: &RepoPath, extends: &Value, depth: u32) -> Option<Value> {
        if let Some(name) = extends.as_str() {
            return self.service(path, name, depth + 1);
        }
        let name = extends.get("service")?.as_str()?;
        let file = match extends.get("file") {
            None | Some(Value::Null) => path.clone(),
            Some(file) => beside(path, file.as_str()?)?,
        };
        self.service(&file, name, depth + 1)
    }
}

/// The file that `relative` names as seen from the folder of `path`.
fn beside(path: &RepoPath, relative: &str) -> Option<RepoPath> {
    RepoPath::new(&repo::join(path.dir(), relative)?)
}

/// The file that an override lies on: one that Compose merges by itself, or one with a service
/// that says neither what it runs nor what it is built from.
fn base(own: &BTreeMap<RepoPath, Value>, path: &RepoPath) -> Option<RepoPath> {
    let (stem, tag) = STEMS.iter().find_map(|stem| {
        let tag = path
            .stem()
            .strip_prefix(stem)?
            .strip_prefix(['.', '-', '_'])?;
        Some((stem, tag))
    })?;
    let base = ["yaml", "yml"].iter().find_map(|extension| {
        beside(path, &format!("{stem}.{extension}")).filter(|path| own.contains_key(path))
    })?;
    let services = |path: &RepoPath| own.get(path)?.get("services").cloned();
    let (below, above) = (services(&base)?, services(path)?);
    let Value::Map(above) = &above else {
        return None;
    };
    let partial = above.iter().any(|(name, service)| {
        let says = ["image", "build", "extends"]
            .iter()
            .any(|key| service.get(key).is_some());
        !says && below.get(name).is_some()
    });
    (tag == "override" || partial).then_some(base)
}

/// The services of one file with those of its base below them, and with what its overrides add.
fn layered(
    path: &RepoPath,
    extended: &BTreeMap<RepoPath, Services>,
    bases: &BTreeMap<RepoPath, RepoPath>,
    replaced: &Replaced,
) -> Services {
    let below = bases.get(path).and_then(|base| extended.get(base));
    let above: Vec<_> = bases
        .iter()
        .filter(|(_, base)| *base == path)
        .filter_map(|(above, _)| Some((replaced.get(above), extended.get(above)?)))
        .collect();
    let own = extended.get(path).into_iter().flatten();
    own.map(|(name, own)| {
        let mut service = match below.and_then(|below| below.get(name)) {
            Some(base) => settled(over(base, own), own, name, replaced.get(path)),
            None => own.clone(),
        };
        for (taken, above) in &above {
            if let Some(more) = above.get(name) {
                let opened = taken.map(|taken| {
                    let opens = |at: &&(Arc<str>, Arc<str>)| JUDGED_THERE.contains(&&*at.1);
                    taken.iter().filter(opens).cloned().collect()
                });
                service = settled(fill(&service, more), more, name, opened.as_ref());
            }
        }
        (name.clone(), service)
    })
    .collect()
}

/// A merged service in which what `own` does not merge is as `own` says, or gone.
fn settled(
    merged: Value,
    own: &Value,
    name: &str,
    replaced: Option<&BTreeSet<(Arc<str>, Arc<str>)>>,
) -> Value {
    let Value::Map(entries) = &merged else {
        return merged;
    };
    let mut out = (**entries).clone();
    for (_, key) in replaced.into_iter().flatten().filter(|at| &*at.0 == name) {
        match own.get(key) {
            None | Some(Value::Null) => out.remove(key),
            Some(value) => out.insert(key.clone(), value.clone()),
        };
    }
    Value::Map(Arc::new(out))
}

/// What overrides take from the files below them.
fn taken(bases: &BTreeMap<RepoPath, RepoPath>, replaced: &Replaced) -> Replaced {
    let mut out = Replaced::new();
    for (above, base) in bases {
        let taken = replaced.get(above).into_iter().flatten().cloned();
        out.entry(base.clone()).or_default().extend(taken);
    }
    out
}

/// The document of a file with all services that its own can refer to.
fn whole(
    path: &RepoPath,
    root: &Value,
    own: &BTreeMap<RepoPath, Value>,
    services: &BTreeMap<RepoPath, Services>,
    bases: &BTreeMap<RepoPath, RepoPath>,
) -> Value {
    let Value::Map(entries) = root else {
        return Value::Unknown;
    };
    let mut all = Services::new();
    let mut seen = BTreeSet::new();
    let mut next = vec![path.clone()];
    while let Some(file) = next.pop() {
        if !seen.insert(file.clone()) {
            continue;
        }
        for (name, service) in services.get(&file).into_iter().flatten() {
            all.entry(name.clone()).or_insert_with(|| service.clone());
        }
        next.extend(
            own.get(&file)
                .map(|root| included(&file, root))
                .unwrap_or_default(),
        );
        next.extend(bases.get(&file).cloned());
    }
    let mut out = (**entries).clone();
    out.insert(Arc::from("services"), Value::Map(Arc::new(all)));
    Value::Map(Arc::new(out))
}

/// The files that a document includes.
fn included(path: &RepoPath, root: &Value) -> Vec<RepoPath> {
    let entries = root.get("include").map_or(&[][..], Value::items).iter();
    let paths = entries.flat_map(|entry| match entry {
        Value::Map(entry) => match entry.get("path") {
            Some(Value::List(paths)) => paths.to_vec(),
            Some(path) => vec![path.clone()],
            None => Vec::new(),
        },
        other => vec![other.clone()],
    });
    paths
        .filter_map(|relative| beside(path, relative.as_str()?))
        .collect()
}
