//! Imports of languages that name packages: Go folders, and namespaces that mirror folders.

use super::modules::{Family, Resolver, without_extension};
use super::repo;
use std::collections::BTreeSet;

/// The files of the folder that a Go import names.
pub(super) fn go<'a>(resolver: &Resolver<'a>, module: &str) -> BTreeSet<&'a str> {
    let named = repo::ancestors(module).find_map(|name| resolver.names.get_key_value(name));
    let Some((name, root)) = named else {
        return BTreeSet::new();
    };
    let rest = repo::relative(module, name).unwrap_or_default();
    repo::join(root, rest)
        .map(|dir| folder(resolver, &dir))
        .unwrap_or_default()
}

/// Source files directly in a folder.
pub(super) fn folder<'a>(resolver: &Resolver<'a>, dir: &str) -> BTreeSet<&'a str> {
    resolver
        .repo
        .within(dir)
        .filter(|(_, entry)| entry.file.language.and_then(Family::of).is_some())
        .map(|(path, _)| path)
        .collect()
}

/// Files that may use each other without an import.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group<'a> {
    /// The files of a folder.
    Folder(&'a str),
    /// The files that declare this package or namespace.
    Package(&'a str),
}

impl<'a> Group<'a> {
    /// The folder and the packages of a file.
    pub(super) fn of(resolver: &Resolver<'a>, path: &'a str) -> Vec<Self> {
        let entry = resolver.repo.get(path);
        let imports = entry.map(|entry| entry.imports).unwrap_or_default();
        let declared = imports
            .iter()
            .filter_map(|import| import.module.strip_prefix("package:"));
        let folder = std::iter::once(Self::Folder(repo::parent(path)));
        folder.chain(declared.map(Self::Package)).collect()
    }

    /// Its files.
    pub(super) fn files(self, resolver: &Resolver<'a>) -> BTreeSet<&'a str> {
        match self {
            Self::Folder(dir) => folder(resolver, dir),
            Self::Package(name) => package(resolver, name).collect(),
        }
    }
}

/// The files that a qualified name may stand for: a type, everything in a package, or a member
/// of a type.
pub(super) fn namespaced<'a>(
    resolver: &Resolver<'a>,
    from: &str,
    module: &str,
) -> BTreeSet<&'a str> {
    let relative = module
        .strip_prefix("./")
        .or_else(|| module.starts_with("../").then_some(module));
    if let Some(path) = relative.and_then(|path| repo::join(repo::parent(from), path)) {
        return resolver.ending(without_extension(&path)).collect();
    }
    let name = module.trim_end_matches('*').trim_end_matches(['.', '\\']);
    let mut found: BTreeSet<&str> = package(resolver, name).collect();
    let path = name.replace(['.', '\\'], "/");
    found.extend(resolver.ending(&path));
    if let Some((around, last)) = name.rsplit_once(['.', '\\']) {
        // A type in its own file, or something else in a file of the package.
        let mut inside: BTreeSet<&str> = package(resolver, around).collect();
        let own = |file: &&str| without_extension(repo::last(file)) == last;
        if inside.iter().any(own) {
            inside.retain(own);
        }
        found.extend(inside);
    }
    if found.is_empty() {
        let owner = path.rsplit_once('/').map(|(owner, _)| owner);
        found.extend(owner.into_iter().flat_map(|owner| resolver.ending(owner)));
    }
    found
}

/// The files that declare a package or a namespace.
fn package<'a>(resolver: &Resolver<'a>, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    resolver
        .declared
        .get(name)
        .cloned()
        .unwrap_or_default()
        .into_iter()
}
