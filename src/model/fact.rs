//! What the survey knows: services, named observations, imports and reachability.

use super::{Hit, Language, RepoPath, Value};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A named observation with attributes: a route, a client, a dependency, a probe.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is: `route`, `db-client`, `dependency` …
    pub kind: Arc<str>,
    /// Its attributes, by name.
    pub attributes: BTreeMap<Arc<str>, Value>,
    /// The place it was seen.
    pub hit: Arc<Hit>,
    /// The service whose code or configuration says so; `None` outside every service.
    pub service: Option<usize>,
}

impl Fact {
    /// An attribute as text, if it has it as text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Value::as_str)
    }
}

/// A directory that is built or run on its own.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Short name, unique in the repository.
    pub name: String,
    /// Folder, `""` for the root of the repository.
    pub root: String,
    /// What kind of thing it is: `api`, `web-ui`, `worker`, `library`, `mobile`, `infra` …
    pub kind: String,
    /// Languages of its production code.
    pub languages: BTreeSet<Language>,
    /// Frameworks: declared as a dependency and seen in code.
    pub frameworks: BTreeSet<String>,
    /// Declared runtime dependencies, name to version as written (`""` when none is).
    #[serde(skip)]
    pub dependencies: BTreeMap<String, String>,
    /// What it serves: `http`, `websocket`, `grpc`.
    pub serves: BTreeSet<String>,
    /// Files where running it begins.
    pub entrypoints: BTreeSet<RepoPath>,
    /// The file to point at when something is missing.
    pub manifest: Option<RepoPath>,
    /// Number of production source files.
    pub files: u32,
    /// Number of lines in them.
    pub lines: u32,
    /// Too small to be judged for what it lacks (under 100 lines of production code).
    pub stub: bool,
}

/// A module that a file asks for, as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    /// The module: `../db`, `app.routers.health`, `@clinic/shared`.
    pub module: Arc<str>,
    /// Names taken from it; empty for all of it.
    pub names: Vec<Arc<str>>,
    /// Line of the statement, from 1.
    pub line: u32,
    /// Byte of the file at which the statement begins.
    pub at: u32,
    /// The lines of the statement, to show them; empty where it takes no names, or is very long.
    pub shown: Arc<str>,
}

/// Is a file part of what runs?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// An entry point imports it, directly or through others.
    Reachable,
    /// Its service's entry points are known, and none of them leads here.
    Orphan,
    /// Not decided: no entry point is known, or its language's imports are not followed.
    Unknown,
}
