//! Who still imports what the repository itself calls deprecated.

use super::facts;
use super::modules::Resolver;
use crate::model::{Context, Fact, Hit, Import, Location, Position, RepoPath, Span, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::sync::Arc;

/// A name that is taken from one of many files that pass it on.
type Sources<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// A fact `deprecated-use` for every import of a `deprecated-symbol`, with its `name`. A file that
/// imports it may pass it on to others.
pub(super) fn uses(resolver: &Resolver<'_>, all: &[Fact]) -> Vec<Fact> {
    let mut sources: Sources<'_> = BTreeMap::new();
    for fact in facts::of(all, "deprecated-symbol") {
        if let Some(name) = fact.text("name") {
            let path = fact.hit.location.path.as_str();
            sources.entry(name).or_default().insert(path);
        }
    }
    if sources.is_empty() {
        return Vec::new();
    }
    // Imports of a name that some file declares deprecated, with the files that they lead to.
    let mut waiting: Vec<(&RepoPath, &Import, &str, BTreeSet<&str>)> = Vec::new();
    for (path, entry) in resolver.repo.all() {
        for import in entry.imports {
            let names = import.names.iter().filter_map(|name| {
                let (name, _) = sources.get_key_value(&**name)?;
                Some(*name)
            });
            for name in names {
                let from = resolver.resolve(path, import);
                waiting.push((&entry.file.path, import, name, from));
            }
        }
    }
    let mut out = Vec::new();
    loop {
        let (found, left): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(.., name, from)| {
            let sources = sources.get(name);
            sources.is_some_and(|sources| !sources.is_disjoint(from))
        });
        if found.is_empty() {
            return out;
        }
        for (path, import, name, _) in found {
            sources.entry(name).or_default().insert(path.as_str());
            out.push(usage(path, import, name));
        }
        waiting = left;
    }
}

fn usage(path: &RepoPath, import: &Import, name: &str) -> Fact {
    let at = Position {
        line: NonZeroU32::new(import.line).unwrap_or(NonZeroU32::MIN),
        column: NonZeroU32::MIN,
    };
    let mut digest = [0; 16];
    let hash = blake3::hash(name.as_bytes());
    for (to, from) in digest.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    let name = Value::str(name);
    Fact {
        kind: Arc::from("deprecated-use"),
        attributes: BTreeMap::from([(Arc::from("name"), name.clone())]),
        hit: Arc::new(Hit {
            location: Location {
                path: path.clone(),
                span: Span::new(import.at as usize, import.at as usize),
                start: at,
                end: at,
            },
            value: name,
            captures: BTreeMap::new(),
            kinds: BTreeMap::new(),
            context: Context::Code,
            excerpt: import.shown.clone(),
            excerpt_line: import.line,
            digest,
        }),
        service: None,
    }
}
