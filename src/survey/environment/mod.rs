//! Do manifests and code agree on the names of environment variables? For every name that a
//! manifest sets for code of this repository: is it read, and if not, which name is nearly the same.
//!
//! A name counts as read when anything in the repository asks for it, and nothing is said of a
//! service whose code may ask for any name.

mod sources;

use super::facts;
use super::repo::{self, Repo};
use super::spelling::{self, Likeness};
use super::units;
use crate::model::{Fact, Language, Service, Value};
use sources::Sources;
pub(super) use sources::split;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Names that a service must ask for before what it does not ask for says anything.
const ENOUGH: usize = 2;

/// The variables of one process: the file, and the keys around their names.
type Unit = (String, Vec<String>);

/// Tells of every `env-set` whether its name is read: `reader`, `read`, `near`, `typo` and `hint`.
/// Without `read` nobody can know.
pub(super) fn settle(repo: &Repo<'_>, services: &[Service], facts: &mut [Fact]) {
    if facts::of(facts, "env-set").next().is_none() {
        return;
    }
    let code = Code::new(services, facts);
    let mut set: BTreeMap<Unit, Together> = BTreeMap::new();
    for fact in facts::of(facts, "env-set") {
        if let Some(name) = fact.text("name") {
            let together = set.entry(unit(fact)).or_default();
            together.names.insert(name.to_owned());
        }
    }
    let sources = Sources::new(facts, |source| {
        let container = units::around(source, units::keys(source).len().checked_sub(2)?)?;
        units::container(repo, services, &container)
    });
    sources.join(&mut set);
    for fact in facts.iter_mut().filter(|fact| &*fact.kind == "env-set") {
        let together = set.get(&unit(fact));
        let reader = match fact.text("how") {
            Some("config-map") => sources.reader(fact),
            _ => reader(repo, services, fact),
        };
        let found = reader.zip(together).map(|(reader, together)| {
            let name = fact.text("name").unwrap_or_default();
            (reader, code.verdict(reader, name, together))
        });
        record(fact, services, found);
    }
}

/// What is set for one process.
#[derive(Clone, Default)]
struct Together {
    names: BTreeSet<String>,
    /// More is set, and nobody knows what.
    open: bool,
}

fn record(fact: &mut Fact, services: &[Service], found: Option<(usize, Verdict)>) {
    for scaffold in ["keys", "manifest"] {
        fact.attributes.remove(scaffold);
    }
    let mut add = |name: &str, value: Value| fact.attributes.insert(Arc::from(name), value);
    let Some((reader, verdict)) = found else {
        return;
    };
    if let Some(service) = services.get(reader) {
        add("reader", Value::str(service.name.as_str()));
    }
    match verdict {
        Verdict::Undecided => {}
        Verdict::Read => {
            add("read", Value::Bool(true));
        }
        Verdict::Unread(near) => {
            let hint = near.as_ref().map_or_else(String::new, |(name, _)| {
                format!("; it reads `{name}`, which is not set")
            });
            let typo = near
                .as_ref()
                .is_some_and(|(_, how)| *how == Likeness::Spelling);
            add("typo", Value::Bool(typo));
            add("near", Value::str(near.map_or_else(String::new, |it| it.0)));
            add("hint", Value::str(hint));
            add("read", Value::Bool(false));
        }
    }
}

enum Verdict {
    Read,
    Unread(Option<(String, Likeness)>),
    Undecided,
}

/// What code asks for.
struct Code {
    /// By anybody, scripts and templates too.
    read: BTreeSet<String>,
    /// By the code of each service.
    own: BTreeMap<usize, BTreeSet<String>>,
    /// Services of which not every name can be known.
    open: BTreeSet<usize>,
}

impl Code {
    fn new(services: &[Service], facts: &[Fact]) -> Self {
        let mut code = Self {
            read: BTreeSet::new(),
            own: BTreeMap::new(),
            open: BTreeSet::new(),
        };
        for fact in facts::of(facts, "env-mention") {
            let names = fact.text("name").unwrap_or_default();
            code.read.extend(words(names).map(str::to_owned));
        }
        for fact in facts::of(facts, "env-read") {
            match (fact.text("name"), fact.service) {
                (Some(name), service) => {
                    code.read.insert(name.to_owned());
                    if let Some(service) = service {
                        let own = code.own.entry(service).or_default();
                        own.insert(name.to_owned());
                    }
                }
                (None, service) => code.open(services, service),
            }
        }
        for fact in facts::of(facts, "env-open") {
            code.open(services, fact.service);
        }
        let all = services.iter().enumerate();
        let foreign =
            all.filter(|(_, service)| !service.languages.iter().copied().all(is_followed));
        code.open.extend(foreign.map(|(index, _)| index));
        code
    }

    /// Code of no service, or of a library, may read for every service.
    fn open(&mut self, services: &[Service], service: Option<usize>) {
        let own = service.and_then(|index| Some((index, services.get(index)?)));
        match own {
            Some((index, service)) if service.kind != "library" => {
                self.open.insert(index);
            }
            _ => self.open.extend(0..services.len()),
        }
    }

    fn verdict(&self, reader: usize, name: &str, together: &Together) -> Verdict {
        let own = self.own.get(&reader);
        if self.read.contains(name) {
            Verdict::Read
        } else if let Some(own) = own
            && own.len() >= ENOUGH
            && !self.open.contains(&reader)
        {
            let missing = own
                .iter()
                .filter(|known| !together.open && !together.names.contains(*known));
            Verdict::Unread(spelling::nearest(name, missing.map(String::as_str)))
        } else {
            Verdict::Undecided
        }
    }
}

/// Languages whose reads of the environment are known.
fn is_followed(language: Language) -> bool {
    matches!(
        language,
        Language::Python
            | Language::JavaScript
            | Language::TypeScript
            | Language::Go
            | Language::Java
            | Language::Kotlin
            | Language::CSharp
            | Language::Php
            | Language::Ruby
            | Language::Shell
            | Language::Sql
    )
}

/// Names of variables in a text: the text itself, or what a destructuring takes.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
}

fn unit(fact: &Fact) -> Unit {
    let mut keys = units::keys(fact);
    // An entry of a list stands one level deeper than an entry of a mapping.
    let inner = if matches!(fact.text("how"), Some("compose" | "folder" | "config-map")) {
        1
    } else {
        2
    };
    keys.truncate(keys.len().saturating_sub(inner));
    // A file may hold several ConfigMaps, all with their entries under `data`.
    keys.extend(sources::map_name(fact));
    (fact.hit.location.path.as_str().to_owned(), keys)
}

/// The service whose code runs with the variable.
fn reader(repo: &Repo<'_>, services: &[Service], fact: &Fact) -> Option<usize> {
    let dir = fact.hit.location.path.dir();
    match fact.text("how")? {
        "compose" => units::built(services, dir, &units::around(fact, 2)?),
        "folder" => units::rooted(services, dir),
        "render" => {
            let service = units::around(fact, 2)?;
            let root = service.get("rootDir").and_then(Value::as_str);
            units::rooted(services, &repo::join("", root.unwrap_or_default())?)
        }
        "container" => {
            let depth = units::keys(fact).len().checked_sub(3)?;
            units::container(repo, services, &units::around(fact, depth)?)
        }
        "chart" => units::charted(repo, services, fact),
        "run" => units::named(repo, services, fact.text("target")?),
        _ => None,
    }
}
