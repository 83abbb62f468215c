//! Files where running a service begins: from commands, from manifests and by convention.

use super::commands::{self, What};
use super::conventions::{self, Strength};
use super::modules::{Family, Resolver};
use super::{facts, python, repo, script};
use crate::model::{Fact, Role, Service};
use std::collections::{BTreeMap, BTreeSet};

/// Where running begins.
#[derive(Default)]
pub(super) struct Entries<'a> {
    /// Entry files, and how sure it is that they run.
    pub(super) files: BTreeMap<&'a str, Strength>,
    /// Services with a running entry point, by the family of its language.
    pub(super) known: BTreeSet<(usize, Family)>,
    /// Running entry points by service.
    running: BTreeSet<(usize, &'a str)>,
}

/// Collects the entry points of all services.
pub(super) fn find<'a>(resolver: &Resolver<'a>, facts: &[Fact]) -> Entries<'a> {
    let mut entries = Entries::default();
    let called = Called::new(facts);
    for fact in facts::of(facts, "entrypoint").chain(facts::of(facts, "http-server")) {
        let path = fact.hit.location.path.as_str();
        let role = resolver.repo.get(path).map(|entry| entry.file.role);
        let Some(strength) = strength(fact, role, &called) else {
            continue;
        };
        for file in named(resolver, fact) {
            entries.add(resolver, file, strength);
        }
    }
    for (path, entry) in resolver.repo.all() {
        let Some(language) = entry
            .file
            .language
            .filter(|_| entry.file.role == Role::Production)
        else {
            continue;
        };
        let Some((_, service)) = resolver.service(path) else {
            continue;
        };
        let inside = repo::relative(path, &service.root).unwrap_or(path);
        if let Some(strength) = conventions::entry(service, inside, language) {
            entries.add(resolver, path, strength);
        }
    }
    entries
}

/// Writes the running entry points into the services.
pub(super) fn record(entries: &[(usize, crate::model::RepoPath)], services: &mut [Service]) {
    for (index, path) in entries {
        if let Some(service) = services.get_mut(*index) {
            service.entrypoints.insert(path.clone());
        }
    }
}

impl<'a> Entries<'a> {
    fn add(&mut self, resolver: &Resolver<'a>, file: &'a str, strength: Strength) {
        let role = resolver.repo.get(file).map(|entry| entry.file.role);
        let Some(family) = resolver.family(file).filter(|_| role.is_some_and(is_ours)) else {
            return;
        };
        let known = self.files.entry(file).or_insert(strength);
        *known = strength.max(*known);
        let Some((index, _)) = resolver.service(file) else {
            return;
        };
        if strength >= Strength::Loaded {
            self.known.insert((index, family));
        }
        if strength == Strength::Runs {
            self.running.insert((index, file));
        }
    }

    /// Running entry points, each with its service.
    pub(super) fn running(&self, resolver: &Resolver<'a>) -> Vec<(usize, crate::model::RepoPath)> {
        let path = |file| resolver.repo.get(file).map(|entry| entry.file.path.clone());
        self.running
            .iter()
            .filter_map(|(index, file)| Some((*index, path(*file)?)))
            .collect()
    }
}

/// Was it written here, to run?
fn is_ours(role: Role) -> bool {
    !matches!(
        role,
        Role::Test | Role::Docs | Role::Generated | Role::Vendored | Role::Backup
    )
}

/// What commands call that is itself a list of commands.
struct Called {
    /// Names of package scripts.
    scripts: BTreeSet<String>,
    /// Names of shell scripts.
    shells: BTreeSet<String>,
}

impl Called {
    fn new(facts: &[Fact]) -> Self {
        let mut called = Self {
            scripts: BTreeSet::new(),
            shells: BTreeSet::new(),
        };
        let commands = facts::of(facts, "entrypoint")
            .filter(|fact| !matches!(fact.text("how"), Some("script" | "job")))
            .filter_map(command);
        for target in commands.flat_map(|command| commands::targets(&command)) {
            match target.what {
                What::Script(name) => {
                    called.scripts.insert(name);
                }
                What::File(path) => {
                    called.shells.insert(repo::last(&path).to_owned());
                }
                What::Module(_) => {}
            }
        }
        called
    }

    /// Does starting the service run this shell script?
    fn runs(&self, name: &str) -> bool {
        self.shells.contains(name) || name.contains("entrypoint") || name.starts_with("start")
    }
}

/// The command of a fact; a list of words is one line.
fn command(fact: &Fact) -> Option<String> {
    let words = facts::texts(fact.attributes.get("command"));
    (!words.is_empty()).then(|| words.join(" "))
}

/// How sure it is that what the fact names runs; `None` if it does not.
fn strength(fact: &Fact, role: Option<Role>, called: &Called) -> Option<Strength> {
    let shell = called.runs(fact.hit.location.path.name());
    let strength = match fact.text("how").unwrap_or_default() {
        "package-main" | "bundle" => Strength::Offered,
        "component" => Strength::Loaded,
        "main-guard" | "job" => Strength::Maybe,
        "shell" if !shell => Strength::Maybe,
        "shell" => return Some(Strength::Runs),
        "script" => script_strength(fact.text("name").unwrap_or_default(), called)?,
        _ => Strength::Runs,
    };
    match role.unwrap_or_default() {
        Role::Production | Role::DevConfig => Some(strength),
        Role::Script | Role::Migration => Some(Strength::Maybe),
        _ => None,
    }
}

fn script_strength(name: &str, called: &Called) -> Option<Strength> {
    let first = name.split([':', '-', '_']).next().unwrap_or(name);
    match first {
        _ if called.scripts.contains(name) => Some(Strength::Runs),
        "start" | "serve" | "server" | "dev" | "develop" | "worker" | "prod" | "production" => {
            Some(Strength::Runs)
        }
        "test" | "lint" | "format" | "typecheck" | "coverage" | "e2e" | "storybook" => None,
        _ => Some(Strength::Maybe),
    }
}

/// The files that a fact names; its own file if it names none.
fn named<'a>(resolver: &Resolver<'a>, fact: &Fact) -> BTreeSet<&'a str> {
    let path = fact.hit.location.path.as_str();
    let mut found = BTreeSet::new();
    if let Some(file) = fact.text("file") {
        found.extend(located(resolver, path, "", file));
    } else if let Some(module) = fact.text("module") {
        found.extend(imported(resolver, path, "", module));
    } else if let Some(handler) = fact.text("handler").filter(|_| &*fact.kind == "entrypoint") {
        // `src/intake.handler` names a function in `src/intake.ts`.
        let file = handler.rsplit_once('.').map_or(handler, |(file, _)| file);
        found.extend(located(resolver, path, "", file));
        found.extend(located(resolver, path, "", handler));
        found.extend(imported(resolver, path, "", &file.replace('/', ".")));
    } else if let Some(command) = command(fact) {
        for target in commands::targets(&command) {
            match &target.what {
                What::Module(module) => {
                    found.extend(imported(resolver, path, &target.base, module));
                }
                What::File(file) => found.extend(located(resolver, path, &target.base, file)),
                What::Script(_) => {}
            }
        }
    } else {
        found.extend(resolver.repo.path(path));
    }
    found
}

/// Folders that a command in the file `path` may start from, likeliest first.
fn bases(resolver: &Resolver<'_>, path: &str, base: &str) -> Vec<String> {
    let dir = repo::parent(path);
    let root = resolver.root(path);
    let mut bases = Vec::new();
    let near = [
        repo::join(dir, base),
        repo::join(root, base),
        repo::join("", base),
    ];
    let around = [
        Some(dir.to_owned()),
        Some(root.to_owned()),
        Some(String::new()),
    ];
    for base in near.into_iter().chain(around).flatten() {
        if !bases.contains(&base) {
            bases.push(base);
        }
    }
    bases
}

/// The files of a dotted Python name; its last part may be an attribute.
fn imported<'a>(
    resolver: &Resolver<'a>,
    path: &str,
    base: &str,
    module: &str,
) -> BTreeSet<&'a str> {
    let from = |base: &str| {
        repo::ancestors_of_name(module)
            .map(|name| python::started(resolver, base, name))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    };
    first_or_all(resolver, &bases(resolver, path, base), from)
}

/// The file of a path as a command writes it.
fn located<'a>(resolver: &Resolver<'a>, path: &str, base: &str, file: &str) -> BTreeSet<&'a str> {
    let from = |base: &str| {
        let go = if file.starts_with('.') {
            repo::join(base, file)
        } else {
            None
        };
        let go: BTreeSet<&str> = go
            .map(|dir| super::packages::folder(resolver, &dir))
            .unwrap_or_default()
            .into_iter()
            .filter(|path| path.ends_with(".go"))
            .collect();
        if !go.is_empty() {
            return go;
        }
        // Inside an image the path begins with a folder that the repository does not have.
        std::iter::successors(Some(file.trim_start_matches('/')), |file| {
            file.split_once('/')
                .map(|(_, rest)| rest)
                .filter(|_| file_is_absolute(path, file))
        })
        .find_map(|file| script::source_of(resolver, base, file))
        .into_iter()
        .collect()
    };
    first_or_all(resolver, &bases(resolver, path, base), from)
}

/// May the first folder of a path be one of the image's?
fn file_is_absolute(path: &str, file: &str) -> bool {
    super::services::is_dockerfile(repo::last(path)) || file.starts_with("app/")
}

/// What is found from the first of `bases` that finds anything, or else from every service.
fn first_or_all<'a>(
    resolver: &Resolver<'a>,
    bases: &[String],
    from: impl Fn(&str) -> BTreeSet<&'a str>,
) -> BTreeSet<&'a str> {
    let first = bases
        .iter()
        .map(|base| from(base))
        .find(|found| !found.is_empty());
    first.unwrap_or_else(|| {
        let roots = resolver
            .services
            .iter()
            .flat_map(|service| [Some(service.root.clone()), repo::join(&service.root, "src")]);
        roots.flatten().flat_map(|root| from(&root)).collect()
    })
}
