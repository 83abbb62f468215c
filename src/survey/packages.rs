//! Imports of languages that name packages: Go folders, and namespaces that mirror folders.

use super::modules::{Family, Resolver};
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

/// The files that a qualified name may stand for: a type, everything in a package, or a member of
/// a type.
pub(super) fn namespaced<'a>(
    resolver: &Resolver<'a>,
    from: &str,
    module: &str,
) -> BTreeSet<&'a str> {
    let name = module
        .trim_start_matches("static ")
        .trim_start_matches('\\');
    let relative = name
        .strip_prefix("./")
        .or_else(|| name.starts_with("../").then_some(name));
    if let Some(path) = relative.and_then(|path| repo::join(repo::parent(from), path)) {
        return resolver
            .ending(super::modules::without_extension(&path))
            .collect();
    }
    let path = name.replace(['.', '\\'], "/").replace("//", "/");
    let path = path.trim_end_matches('*').trim_end_matches('/');
    let mut found: BTreeSet<&str> = resolver.ending(path).collect();
    if let Some((owner, _)) = path.rsplit_once('/').filter(|_| found.is_empty()) {
        found.extend(resolver.ending(owner));
    }
    if found.is_empty() && name.ends_with('*') {
        found.extend(resolver.repo.all().map(|(path, _)| path).filter(|file| {
            let dir = repo::parent(file);
            dir == path
                || dir
                    .strip_suffix(path)
                    .is_some_and(|before| before.ends_with('/'))
        }));
    }
    found
}
