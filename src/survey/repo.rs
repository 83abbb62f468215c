//! The listed and scanned files as one index by path, and path arithmetic on plain text.

use crate::model::{File, FileHits, Import, Language, RepoPath, Role, SkipReason};
use crate::source::Listing;
use std::collections::BTreeMap;
use std::ops::Bound;

/// A file with what the scan learned of it.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    /// The file; as the scan corrected it, if it was read.
    pub(super) file: &'a File,
    /// Modules it asks for.
    pub(super) imports: &'a [Import],
    /// Number of lines read.
    pub(super) lines: u32,
    /// Was all of it read and understood?
    pub(super) whole: bool,
}

/// Every file of the target, by path.
pub(super) struct Repo<'a> {
    /// Name of the target's folder.
    pub(super) name: &'a str,
    files: BTreeMap<&'a str, Entry<'a>>,
}

impl<'a> Repo<'a> {
    /// Joins the listing with what was read of it.
    pub(super) fn new(listing: &'a Listing, hits: &'a [FileHits]) -> Self {
        let listed = listing.files.iter().map(|file| {
            (
                file.path.as_str(),
                Entry {
                    file,
                    imports: &[],
                    lines: 0,
                    whole: false,
                },
            )
        });
        let read = hits.iter().map(|hits| {
            let entry = Entry {
                file: &hits.file,
                imports: &hits.imports,
                lines: hits.lines,
                whole: !hits
                    .skipped
                    .iter()
                    .any(|skipped| hides_imports(skipped.reason)),
            };
            (hits.file.path.as_str(), entry)
        });
        // What was read comes last: the scan knows role and language better than the name does.
        Self {
            name: &listing.target.name,
            files: listed.chain(read).collect(),
        }
    }

    /// The file at `path`.
    pub(super) fn get(&self, path: &str) -> Option<Entry<'a>> {
        self.files.get(path).copied()
    }

    /// The indexed path of a file that exists.
    pub(super) fn path(&self, path: &str) -> Option<&'a str> {
        self.files.get_key_value(path).map(|(path, _)| *path)
    }

    /// All files in order of path.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'a str, Entry<'a>)> + '_ {
        self.files.iter().map(|(path, entry)| (*path, *entry))
    }

    /// All files below the folder `dir`, in order of path.
    pub(super) fn below(&self, dir: &str) -> impl Iterator<Item = (&'a str, Entry<'a>)> + '_ {
        let prefix = if dir.is_empty() {
            String::new()
        } else {
            format!("{dir}/")
        };
        let from = self
            .files
            .range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded));
        from.map(|(path, entry)| (*path, *entry))
            .take_while(move |(path, _)| path.starts_with(prefix.as_str()))
    }

    /// Files directly in the folder `dir`.
    pub(super) fn within(&self, dir: &str) -> impl Iterator<Item = (&'a str, Entry<'a>)> + '_ {
        let depth = if dir.is_empty() {
            0
        } else {
            dir.split('/').count()
        };
        self.below(dir)
            .filter(move |(path, _)| path.split('/').count() == depth + 1)
    }

    /// Is there any file below the folder `dir`?
    pub(super) fn has_dir(&self, dir: &str) -> bool {
        self.below(dir).next().is_some()
    }
}

impl Entry<'_> {
    /// Is it production code in a programming language, not the configuration of a tool?
    pub(super) fn is_program(&self) -> bool {
        self.file.role == Role::Production
            && self.file.language.is_some_and(is_programming)
            && !is_tool_config(&self.file.path)
    }
}

/// May a file with this flaw ask for more modules than are known?
fn hides_imports(reason: SkipReason) -> bool {
    !matches!(
        reason,
        SkipReason::TooManyHits | SkipReason::Templated | SkipReason::Malformed
    )
}

/// Languages that services are written in. Shell and SQL accompany them.
pub(super) fn is_programming(language: Language) -> bool {
    !matches!(language, Language::Shell | Language::Sql)
}

/// `vite.config.ts`, `.eslintrc.cjs`, `gulpfile.js`: code that configures a tool.
pub(super) fn is_tool_config(path: &RepoPath) -> bool {
    let name = path.name();
    name.starts_with('.')
        || name.contains(".config.")
        || name.contains(".setup.")
        || matches!(
            path.stem(),
            "gulpfile"
                | "Gruntfile"
                | "gruntfile"
                | "setup"
                | "noxfile"
                | "fabfile"
                | "settings.gradle"
                | "build.gradle"
        )
}

/// The path that `relative` names as seen from the folder `dir`; `""` is the root.
/// `None` if it climbs out of the repository.
pub(super) fn join(dir: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

/// The folder of a path; `""` at the root.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// The last part of a path.
pub(super) fn last(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Is `path` the folder `dir` or below it?
pub(super) fn is_in(path: &str, dir: &str) -> bool {
    relative(path, dir).is_some()
}

/// `path` as seen from the folder `dir`, if it lies there; `""` for the folder itself.
pub(super) fn relative<'p>(path: &'p str, dir: &str) -> Option<&'p str> {
    if dir.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(dir)?;
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix('/')
    }
}

/// The folder `dir` and every folder around it, nearest first, the root last.
pub(super) fn ancestors(dir: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(dir), |dir| (!dir.is_empty()).then(|| parent(dir)))
}

/// A dotted name and every name around it, longest first: `a.b.c`, `a.b`, `a`.
pub(super) fn ancestors_of_name(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| {
        name.rsplit_once('.').map(|(around, _)| around)
    })
}
