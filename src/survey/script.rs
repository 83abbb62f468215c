//! JavaScript and TypeScript imports: relative paths, aliases, and the repository's own packages.

use super::modules::Resolver;
use super::repo;
use std::collections::{BTreeSet, HashMap};

const EXTENSIONS: &[&str] = &[
    "ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts", "vue", "svelte", "d.ts",
];

/// Folders that a build writes to; what they will hold is written in `src` or beside them.
const BUILT: &[&str] = &[
    "dist", "build", "lib", "out", "output", ".output", "target", "es", "esm", "cjs",
];

/// Files that a package without a readable entry usually starts with.
const STARTS: &[&str] = &[
    "index",
    "main",
    "server",
    "app",
    "src/index",
    "src/main",
    "src/server",
    "src/app",
];

/// The files that `import "MODULE"`, written in the file `from`, stands for.
pub(super) fn resolve<'a>(resolver: &Resolver<'a>, from: &str, module: &str) -> BTreeSet<&'a str> {
    let module = module.split(['?', '!']).next().unwrap_or(module);
    let dir = repo::parent(from);
    if module.starts_with('.') {
        return repo::join(dir, module)
            .map(|path| matching(resolver, &path))
            .unwrap_or_default();
    }
    if let Some(path) = module.strip_prefix('/') {
        let root = resolver.root(from);
        let places = [
            repo::join(root, path),
            repo::join(root, &format!("public/{path}")),
        ];
        return places
            .iter()
            .flatten()
            .flat_map(|path| matching(resolver, path))
            .collect();
    }
    let mut found = aliased(resolver, dir, module);
    found.extend(own_package(resolver, module));
    if found.is_empty() {
        found.extend(conventional(resolver, from, module));
    }
    found
}

/// What the path of a module without extension stands for: a file, a folder's index, or every
/// file that a `*` matches.
pub(super) fn matching<'a>(resolver: &Resolver<'a>, path: &str) -> BTreeSet<&'a str> {
    if let Some((start, _)) = path.split_once('*') {
        let dir = start.trim_end_matches('/');
        return resolver.sources(dir).map(|(path, _)| path).collect();
    }
    at(resolver, path).into_iter().collect()
}

/// The file that stands at a path, with or without extension, or the index of a folder there.
pub(super) fn at<'a>(resolver: &Resolver<'a>, path: &str) -> Option<&'a str> {
    let repo = resolver.repo;
    if repo
        .get(path)
        .is_some_and(|entry| entry.file.language.is_some())
    {
        return repo.path(path);
    }
    let with = |stem: &str| resolver.scripts.get(stem).map(|(_, path)| *path);
    // TypeScript is imported under the name it will have once compiled.
    let compiled = [".js", ".jsx", ".mjs", ".cjs"]
        .iter()
        .find_map(|end| path.strip_suffix(end));
    let index = if path.is_empty() {
        "index".to_owned()
    } else {
        format!("{path}/index")
    };
    with(path)
        .or_else(|| compiled.and_then(with))
        .or_else(|| with(&index))
}

/// Script files by their path without extension; the extension that is tried first wins.
pub(super) fn stems<'a>(
    paths: impl Iterator<Item = &'a str>,
) -> HashMap<&'a str, (usize, &'a str)> {
    let mut stems: HashMap<&str, (usize, &str)> = HashMap::new();
    for path in paths {
        for (rank, extension) in EXTENSIONS.iter().enumerate() {
            let stem = path
                .strip_suffix(extension)
                .and_then(|stem| stem.strip_suffix('.'));
            if let Some(stem) = stem {
                let best = stems.entry(stem).or_insert((rank, path));
                *best = (*best).min((rank, path));
            }
        }
    }
    stems
}

/// The source of a file that a build will write, as seen from the package in `root`.
pub(super) fn source_of<'a>(resolver: &Resolver<'a>, root: &str, target: &str) -> Option<&'a str> {
    let direct = repo::join(root, target).and_then(|path| at(resolver, &path));
    if direct.is_some() {
        return direct;
    }
    let target = repo::join("", target)?;
    let mut rest = target.as_str();
    // Each turn drops one folder: `dist/esm/index.js`, `dist/apps/api/main.js`.
    for _ in 0..4 {
        let (first, after) = rest.split_once('/').unwrap_or((rest, ""));
        if !BUILT.contains(&first) {
            break;
        }
        rest = after;
        let (dir, name) = rest.rsplit_once('/').unwrap_or(("", rest));
        let places = [
            format!("src/{rest}"),
            rest.to_owned(),
            format!("{dir}/src/{name}"),
        ];
        let found = places
            .iter()
            .find_map(|place| at(resolver, &repo::join(root, place)?));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The file that the package in `root` usually starts with.
pub(super) fn start<'a>(resolver: &Resolver<'a>, root: &str) -> Option<&'a str> {
    STARTS
        .iter()
        .find_map(|start| at(resolver, &repo::join(root, start)?))
}

/// What aliases that hold in `dir` make of `module`.
fn aliased<'a>(resolver: &Resolver<'a>, dir: &str, module: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    for alias in resolver
        .aliases
        .iter()
        .filter(|alias| repo::is_in(dir, &alias.dir))
    {
        let Some(rest) = module.strip_prefix(alias.start.as_str()) else {
            continue;
        };
        if !alias.open && !rest.is_empty() {
            continue;
        }
        if let Some(path) = repo::join(&alias.target, rest) {
            found.extend(matching(resolver, &path));
        }
    }
    found
}

/// What a package of this repository offers under `module`.
fn own_package<'a>(resolver: &Resolver<'a>, module: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let named = repo::ancestors(module).find_map(|name| resolver.names.get_key_value(name));
    let Some((name, root)) = named else {
        return found;
    };
    let rest = repo::relative(module, name).unwrap_or_default();
    if rest.is_empty() {
        found.extend(start(resolver, root));
        return found;
    }
    let places = [
        rest.to_owned(),
        format!("src/{rest}"),
        format!("lib/{rest}"),
    ];
    found.extend(
        places
            .iter()
            .filter_map(|place| at(resolver, &repo::join(root, place)?)),
    );
    if found.is_empty() {
        found.extend(source_of(resolver, root, rest));
    }
    if found.is_empty() {
        // `exports` may map the name to anything, so the package is used as a whole.
        found.extend(resolver.sources(root).map(|(path, _)| path));
    }
    found
}

/// What bundlers and test runners make of a bare path when nothing declares it.
fn conventional<'a>(resolver: &Resolver<'a>, from: &str, module: &str) -> BTreeSet<&'a str> {
    let root = resolver.root(from);
    let rest = ["@/", "~/", "#/", "~~/", "@@/", "$lib/", "#"]
        .iter()
        .find_map(|start| module.strip_prefix(start));
    let places = match rest {
        Some(rest) => vec![
            format!("src/{rest}"),
            rest.to_owned(),
            format!("app/{rest}"),
            format!("src/lib/{rest}"),
        ],
        None => vec![module.to_owned(), format!("src/{module}")],
    };
    places
        .iter()
        .filter_map(|place| at(resolver, &repo::join(root, place)?))
        .collect()
}
