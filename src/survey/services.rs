//! Which folders are services: those with a package manifest, or that an image is built from,
//! and that hold code. Code that lies in none of them is gathered into one more.

use super::repo::{self, Repo};
use crate::model::{Fact, RepoPath, Role, Service};
use std::collections::{BTreeMap, BTreeSet};

/// Fewer lines of production code than this, and a service is not judged for what it lacks.
const STUB_LINES: u32 = 100;

/// Manifests by how well they name a service, best first.
const MANIFESTS: &[&str] = &[
    "package.json",
    "pyproject.toml",
    "requirements.txt",
    "pom.xml",
    "build.gradle.kts",
    "build.gradle",
    "go.mod",
    ".csproj",
    "composer.json",
    "Gemfile",
    "Cargo.toml",
    "Pipfile",
    "setup.py",
    "setup.cfg",
    "pubspec.yaml",
    "mix.exs",
    "Dockerfile",
];

/// Finds the services, in order of root.
pub(super) fn find(repo: &Repo<'_>, facts: &[Fact]) -> Vec<Service> {
    let manifests = manifests(repo, facts);
    let mut roots: BTreeSet<String> = manifests.keys().cloned().collect();
    roots.extend(images(repo));
    roots.extend(builds(repo, facts));
    let mut owned = programs(repo, &roots);
    roots.retain(|root| owned.contains_key(root));
    if let Some(root) = remainder(&mut owned) {
        roots.insert(root);
    }
    let names = names(repo, facts, &roots);
    let mut services: Vec<Service> = roots
        .into_iter()
        .zip(names)
        .map(|(root, name)| Service {
            name,
            manifest: anchor(repo, &root, manifests.get(&root)),
            root,
            ..Service::default()
        })
        .collect();
    measure(repo, &mut services);
    services
}

/// The service of each file: the one with the longest root around it.
pub(super) fn owners(repo: &Repo<'_>, services: &[Service]) -> BTreeMap<RepoPath, usize> {
    let roots: BTreeMap<&str, usize> = services
        .iter()
        .enumerate()
        .map(|(index, service)| (service.root.as_str(), index))
        .collect();
    repo.all()
        .filter_map(|(path, entry)| {
            let owner = repo::ancestors(repo::parent(path)).find_map(|dir| roots.get(dir))?;
            Some((entry.file.path.clone(), *owner))
        })
        .collect()
}

/// Folders with a package manifest, and their manifests.
fn manifests(repo: &Repo<'_>, facts: &[Fact]) -> BTreeMap<String, BTreeSet<RepoPath>> {
    let mut found: BTreeMap<String, BTreeSet<RepoPath>> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| &*fact.kind == "manifest") {
        let path = &fact.hit.location.path;
        if repo
            .get(path.as_str())
            .is_some_and(|entry| !deploys(entry.file.role))
            || is_of_a_tool(manifest_root(path))
        {
            continue;
        }
        found
            .entry(manifest_root(path).to_owned())
            .or_default()
            .insert(path.clone());
    }
    found
}

/// Can a manifest of this role describe something that is deployed?
fn deploys(role: Role) -> bool {
    !matches!(
        role,
        Role::Test | Role::Example | Role::Docs | Role::Vendored | Role::Backup
    )
}

/// Is the folder, or one around it, hidden? There stand the actions, scripts and plugins of tools.
fn is_of_a_tool(dir: &str) -> bool {
    dir.split('/').any(|part| part.starts_with('.'))
}

/// The folder a manifest speaks for: `requirements/base.txt` speaks for the folder around it.
pub(super) fn manifest_root(path: &RepoPath) -> &str {
    let dir = path.dir();
    let gathers = matches!(
        repo::last(dir),
        "requirements" | "reqs" | ".config" | "gradle" | "buildSrc"
    );
    if gathers { repo::parent(dir) } else { dir }
}

/// Folders that hold a Dockerfile.
fn images(repo: &Repo<'_>) -> BTreeSet<String> {
    repo.all()
        .filter(|(_, entry)| deploys(entry.file.role) && is_dockerfile(entry.file.path.name()))
        .map(|(path, _)| repo::parent(path).to_owned())
        .collect()
}

/// Is it the name of a file that an image is built from?
pub(super) fn is_dockerfile(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower == "containerfile"
        || lower == "dockerfile"
        || (lower.starts_with("dockerfile.") && lower != "dockerfile.dockerignore")
        || lower.ends_with(".dockerfile")
}

/// Folders that a compose file builds.
fn builds(repo: &Repo<'_>, facts: &[Fact]) -> BTreeSet<String> {
    facts
        .iter()
        .filter(|fact| &*fact.kind == "build")
        .filter_map(|fact| repo::join(fact.hit.location.path.dir(), fact.text("context")?))
        .filter(|dir| dir.is_empty() || repo.has_dir(dir))
        .collect()
}

/// Production programs by the nearest of `roots`; under `None` those outside all of them.
fn programs<'a>(repo: &Repo<'a>, roots: &BTreeSet<String>) -> BTreeMap<String, Vec<&'a str>> {
    let mut owned: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let own = repo.all().filter(|(_, entry)| entry.is_program());
    for (path, _) in own.filter(|(path, _)| !is_of_a_tool(repo::parent(path))) {
        let root = repo::ancestors(repo::parent(path)).find(|dir| roots.contains(*dir));
        // A path cannot hold NUL, so this key is nobody's root.
        owned
            .entry(root.unwrap_or(NOWHERE).to_owned())
            .or_default()
            .push(path);
    }
    owned
}

const NOWHERE: &str = "\0";

/// The root of one more service for programs outside every other: their only top folder, or the
/// root of the repository.
fn remainder(owned: &mut BTreeMap<String, Vec<&str>>) -> Option<String> {
    let stray = owned.remove(NOWHERE)?;
    let tops: BTreeSet<&str> = stray
        .iter()
        .map(|path| path.split_once('/').map_or("", |(top, _)| top))
        .collect();
    let alone = owned.is_empty();
    match tops.first() {
        // `src/` holds the code of what is around it and names nothing.
        Some(top) if tops.len() == 1 && !alone && !matches!(*top, "src" | "lib" | "app") => {
            Some((*top).to_owned())
        }
        _ => Some(String::new()),
    }
}

/// Names, unique, in order of `roots`: the folder's, or the whole root where that is taken.
fn names(repo: &Repo<'_>, facts: &[Fact], roots: &BTreeSet<String>) -> Vec<String> {
    let mut uses: BTreeMap<&str, u32> = BTreeMap::new();
    for root in roots {
        *uses.entry(repo::last(root)).or_default() += 1;
    }
    let top = package_name(facts, "").unwrap_or(repo.name);
    roots
        .iter()
        .map(|root| match root.as_str() {
            "" if top.is_empty() || uses.contains_key(top) => "root".to_owned(),
            "" => top.to_owned(),
            path if uses.get(repo::last(path)).is_some_and(|uses| *uses > 1) => path.to_owned(),
            path => repo::last(path).to_owned(),
        })
        .collect()
}

/// The name that a package manifest in `dir` gives, without its scope.
pub(super) fn package_name<'f>(facts: &'f [Fact], dir: &str) -> Option<&'f str> {
    facts
        .iter()
        .filter(|fact| &*fact.kind == "package" && fact.hit.location.path.dir() == dir)
        .find_map(|fact| fact.text("name"))
        .map(|name| name.rsplit(['/', ':']).next().unwrap_or(name))
        .filter(|name| !name.is_empty())
}

/// The file to point at when something is missing.
fn anchor(repo: &Repo<'_>, root: &str, manifests: Option<&BTreeSet<RepoPath>>) -> Option<RepoPath> {
    let rank = |path: &RepoPath| {
        MANIFESTS
            .iter()
            .position(|name| path.name().ends_with(name))
            .unwrap_or(MANIFESTS.len())
    };
    let declared = manifests
        .into_iter()
        .flatten()
        .min_by_key(|path| (rank(path), *path))
        .cloned();
    declared.or_else(|| {
        let mut files = repo.within(root);
        let image = files.find(|(_, entry)| is_dockerfile(entry.file.path.name()));
        image.map(|(_, entry)| entry.file.path.clone())
    })
}

/// Counts files, lines and languages of production code.
fn measure(repo: &Repo<'_>, services: &mut [Service]) {
    let owner = owners(repo, services);
    for (_, entry) in repo
        .all()
        .filter(|(_, entry)| entry.file.role == Role::Production)
    {
        let Some(language) = entry.file.language else {
            continue;
        };
        let Some(service) = owner
            .get(&entry.file.path)
            .and_then(|index| services.get_mut(*index))
        else {
            continue;
        };
        service.languages.insert(language);
        service.files += 1;
        service.lines = service.lines.saturating_add(entry.lines);
    }
    for service in services {
        service.stub = service.lines < STUB_LINES;
    }
}
