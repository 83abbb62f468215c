//! Python imports: relative ones, and absolute ones from any folder that may be on the path.

use super::modules::Resolver;
use super::repo;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The files that `from MODULE import NAMES`, written in the file `from`, stands for, with the
/// `__init__.py` of every package on the way.
pub(super) fn resolve<'a>(
    resolver: &Resolver<'a>,
    from: &str,
    module: &str,
    names: &[Arc<str>],
) -> BTreeSet<&'a str> {
    if let Some(fixed) = module.strip_suffix('*') {
        return below(resolver, from, fixed);
    }
    let mut found = BTreeSet::new();
    let (base, rest) = climb(from, module);
    if let Some(base) = base {
        place(resolver, base, rest, names, &mut found);
        return found;
    }
    for root in roots(resolver, from, module) {
        place(resolver, &root, module, names, &mut found);
    }
    if found.is_empty() && module.contains('.') {
        anywhere(resolver, module, names, &mut found);
    }
    found
}

/// Every module whose name begins with `fixed`, which ends where a name is computed.
fn below<'a>(resolver: &Resolver<'a>, from: &str, fixed: &str) -> BTreeSet<&'a str> {
    let package = fixed.rsplit_once('.').map_or("", |(package, _)| package);
    if package.is_empty() {
        return BTreeSet::new();
    }
    let inits = resolve(resolver, from, package, &[]);
    let files = inits
        .iter()
        .flat_map(|init| resolver.sources(repo::parent(init)));
    files.map(|(path, _)| path).collect()
}

/// Files that starting the dotted name `module` runs, as seen from the folder `base`: the module
/// itself, or what a package offers to be started.
pub(super) fn started<'a>(resolver: &Resolver<'a>, base: &str, module: &str) -> BTreeSet<&'a str> {
    let Some(target) = repo::join(base, &module.replace('.', "/")) else {
        return BTreeSet::new();
    };
    let inside = |name: &str| resolver.repo.path(&format!("{target}/{name}"));
    let parts = [
        file(resolver, &target),
        inside("__main__.py"),
        inside("celery.py"),
    ];
    parts.into_iter().flatten().collect()
}

/// For a relative import, the folder its dots lead to, and what follows them.
fn climb<'t>(from: &'t str, module: &'t str) -> (Option<&'t str>, &'t str) {
    let rest = module.trim_start_matches('.');
    let dots = module.len() - rest.len();
    if dots == 0 {
        return (None, module);
    }
    (repo::ancestors(repo::parent(from)).nth(dots - 1), rest)
}

/// Folders that an absolute import may start from: those around the file up to the repository's
/// root, and where packages usually live in a service.
///
/// A package from outside hides a folder of the same name that merely lies on the way.
fn roots(resolver: &Resolver<'_>, from: &str, module: &str) -> BTreeSet<String> {
    let root = resolver.root(from);
    let top = module.split('.').next().unwrap_or(module);
    let outside = resolver.service(from).is_some_and(|(_, service)| {
        service
            .dependencies
            .contains_key(&super::dependencies::canonical(top, Some("python")))
    });
    if outside {
        return BTreeSet::from([root.to_owned()]);
    }
    let mut roots: BTreeSet<String> = ["", "src", "app", "lib", "python"]
        .iter()
        .filter_map(|sub| repo::join(root, sub))
        .collect();
    roots.extend(repo::ancestors(repo::parent(from)).map(str::to_owned));
    roots
}

/// Adds what `module` and `names` stand for below `base`.
fn place<'a>(
    resolver: &Resolver<'a>,
    base: &str,
    module: &str,
    names: &[Arc<str>],
    found: &mut BTreeSet<&'a str>,
) {
    let Some(target) = repo::join(base, &module.replace('.', "/")) else {
        return;
    };
    let mut here = BTreeSet::new();
    here.extend(file(resolver, &target));
    for name in names {
        here.extend(file(resolver, &format!("{target}/{name}")));
        // Without a module, `from . import x` names files of the folder itself.
        if target.is_empty() {
            here.extend(file(resolver, name));
        }
    }
    if here.is_empty() {
        return;
    }
    for dir in repo::ancestors(&target).take_while(|dir| *dir != base) {
        here.extend(resolver.repo.path(&format!("{dir}/__init__.py")));
    }
    found.extend(here);
}

/// The module or the package at a path without extension.
fn file<'a>(resolver: &Resolver<'a>, path: &str) -> Option<&'a str> {
    let repo = resolver.repo;
    repo.path(&format!("{path}.py"))
        .or_else(|| repo.path(&format!("{path}/__init__.py")))
}

/// Adds every file whose path ends as the dotted name does: for paths that are set at run time.
fn anywhere<'a>(
    resolver: &Resolver<'a>,
    module: &str,
    names: &[Arc<str>],
    found: &mut BTreeSet<&'a str>,
) {
    let path = module.replace('.', "/");
    found.extend(resolver.ending(&path));
    found.extend(resolver.ending(&format!("{path}/__init__")));
    for name in names {
        found.extend(resolver.ending(&format!("{path}/{name}")));
    }
}
