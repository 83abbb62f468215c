//! Compose files as they are written, and the variables beside them.

use super::merge::normal;
use crate::model::{RepoPath, Value};
use crate::syntax::interpolate;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Levels of a document; deeper values keep their variables.
const LEVELS: u32 = 64;
/// Words in the names of variables whose values stay where they are.
const PRIVATE: [&str; 9] = [
    "PASS",
    "SECRET",
    "TOKEN",
    "KEY",
    "CREDENTIAL",
    "PWD",
    "AUTH",
    "DSN",
    "URL",
];

/// Documents and variables as they are written.
#[derive(Default)]
pub(super) struct Written {
    /// The first document of each file.
    pub(super) documents: BTreeMap<RepoPath, Value>,
    /// By folder and name.
    variables: BTreeMap<String, BTreeMap<String, String>>,
    /// What is not merged.
    pub(super) replaced: Replaced,
}

/// Service and key, by file.
pub(super) type Replaced = BTreeMap<RepoPath, BTreeSet<(Arc<str>, Arc<str>)>>;

impl Written {
    pub(super) fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// Remembers the first document of a file.
    pub(super) fn document(&mut self, path: &RepoPath, root: &Value) {
        self.documents
            .entry(path.clone())
            .or_insert_with(|| root.clone());
    }

    /// Remembers an entry of a `.env` file, unless its name says that it is private.
    pub(super) fn variable(&mut self, path: &RepoPath, name: &str, value: &Value) {
        let upper = name.to_ascii_uppercase();
        let text = match value {
            Value::Null => String::new(),
            Value::Str(_) | Value::Int(_) | Value::Bool(_) => value.display(),
            _ => return,
        };
        if !PRIVATE.iter().any(|word| upper.contains(word)) {
            let dir = self.variables.entry(path.dir().to_owned()).or_default();
            dir.insert(name.to_owned(), text);
        }
    }

    /// Remembers what a service sets in place of what other files set.
    pub(super) fn replacement(&mut self, path: &RepoPath, service: &Arc<str>, key: &Arc<str>) {
        let file = self.replaced.entry(path.clone()).or_default();
        file.insert((service.clone(), key.clone()));
    }

    /// The document of a file with its variables in place.
    pub(super) fn interpolated(&self, path: &RepoPath, root: &Value) -> Value {
        let known = self.variables.get(path.dir());
        let lookup = |name: &str| known.and_then(|known| known.get(name).cloned());
        let Value::Map(entries) = root else {
            return Value::Unknown;
        };
        let mut out = (**entries).clone();
        if let Some(Value::Map(services)) = out.get("services") {
            let services = services
                .iter()
                .map(|(name, service)| (name.clone(), fill_in(&normal(service), &lookup, 0)));
            out.insert(Arc::from("services"), Value::map(services));
        }
        if let Some(include) = out.get("include") {
            let include = fill_in(include, &lookup, 0);
            out.insert(Arc::from("include"), include);
        }
        Value::Map(Arc::new(out))
    }
}

/// The value with its variables replaced; what depends on others is unknown.
fn fill_in(value: &Value, lookup: &dyn Fn(&str) -> Option<String>, depth: u32) -> Value {
    match value {
        Value::Str(text) if text.contains('$') => {
            interpolate(text, lookup).map_or(Value::Unknown, Value::from)
        }
        Value::List(items) if depth < LEVELS => {
            Value::list(items.iter().map(|item| fill_in(item, lookup, depth + 1)))
        }
        Value::Map(entries) if depth < LEVELS => {
            let entries = entries.iter();
            Value::map(entries.map(|(key, value)| (key.clone(), fill_in(value, lookup, depth + 1))))
        }
        _ => value.clone(),
    }
}
