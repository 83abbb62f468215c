//! What a checkout says of itself: its commit and its index, read without running git.
//!
//! Of `.git` only `HEAD`, the ref that it names, `packed-refs` and `index` are read. The
//! configuration is not: it can name programs to run and files to include.

mod index;
#[cfg(test)]
pub(super) mod tests;

pub(super) use index::{EntryKind, Fit, Index};

use super::folder::{Folder, Kind, Refused};
use crate::model::{RepoPath, SkipReason, Skipped};
use index::Unusable;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

const MAX_INDEX: usize = 128 << 20;
pub(super) const MAX_PACKED_REFS: usize = 16 << 20;
/// For files that hold one line.
const MAX_LINE: usize = 4096;
/// A ref may name a ref; git follows five.
const MAX_REF_CHAIN: usize = 5;

/// What version control says of a folder.
#[derive(Debug, Default)]
pub(super) struct Checkout {
    /// Object id of the commit at HEAD.
    pub(super) commit: Option<String>,
    /// The tracked files, if they are known.
    pub(super) index: Option<Index>,
    /// Why they are not, where there is something to say.
    pub(super) skipped: Option<Skipped>,
}

/// The folders that hold a checkout's own state, and what all checkouts of a repository share.
pub(super) struct GitFolders {
    pub(super) own: Folder,
    shared: Option<Folder>,
    /// Absolute path of the shared folder.
    #[cfg_attr(
        not(feature = "history"),
        expect(dead_code, reason = "only the object database is opened by name")
    )]
    pub(super) path: PathBuf,
}

impl GitFolders {
    /// Finds the git folder of the folder `root`, whose absolute path is `path`. `None` when it has
    /// none.
    pub(super) fn find(root: &Folder, path: &Path) -> Option<Result<Self, Refused>> {
        Some(match root.entry(OsStr::new(".git"))? {
            Kind::Folder => root.folder(".git").map(|own| Self {
                own,
                shared: None,
                path: path.join(".git"),
            }),
            Kind::File(_) => linked(root, path),
            Kind::Link(_) => Err(Refused {
                reason: SkipReason::Link,
                detail: None,
            }),
            Kind::Special(kind) => Err(Refused {
                reason: SkipReason::Special,
                detail: Some(kind.to_owned()),
            }),
            Kind::Refused(refused) => Err(refused),
        })
    }

    /// What all checkouts share: objects and refs.
    pub(super) fn shared(&self) -> &Folder {
        self.shared.as_ref().unwrap_or(&self.own)
    }
}

impl Checkout {
    /// Reads `.git` of the folder `root`, whose absolute path is `path`.
    pub(super) fn read(root: &Folder, path: &Path) -> Self {
        let Some(folders) = GitFolders::find(root, path) else {
            return Self::default();
        };
        match folders {
            Ok(folders) => Self::read_from(&folders),
            Err(refused) => Self {
                skipped: Some(refused.at(".git")),
                ..Self::default()
            },
        }
    }

    fn read_from(folders: &GitFolders) -> Self {
        let commit = head_commit(folders);
        match read_index(&folders.own) {
            Ok(index) => Self {
                commit,
                index,
                skipped: None,
            },
            Err(refused) => Self {
                commit,
                index: None,
                skipped: Some(refused.at(".git/index")),
            },
        }
    }
}

/// A repository without commits has no index yet: that is no fault.
fn read_index(own: &Folder) -> Result<Option<Index>, Refused> {
    if own.entry(OsStr::new("index")).is_none() {
        return Ok(None);
    }
    let content = own.read("index", MAX_INDEX)?;
    let refuse = |reason, detail: &str| Refused {
        reason,
        detail: Some(detail.to_owned()),
    };
    if content.truncated {
        return Err(refuse(
            SkipReason::TooLarge,
            "index over 128 MiB; tracked files are unknown",
        ));
    }
    Index::parse(&content.bytes)
        .map(Some)
        .map_err(|unusable| match unusable {
            Unusable::Split => refuse(
                SkipReason::Elsewhere,
                "split index; tracked files are unknown",
            ),
            Unusable::Unsupported => refuse(
                SkipReason::Malformed,
                "index of an unknown version; tracked files are unknown",
            ),
            Unusable::Corrupt => refuse(
                SkipReason::Malformed,
                "not a git index; tracked files are unknown",
            ),
        })
}

/// Resolves a `.git` file. A stranger may write any path into it, so a folder outside `root` is
/// only used if it answers that this very folder is its linked worktree.
fn linked(root: &Folder, path: &Path) -> Result<GitFolders, Refused> {
    let refuse = |detail: &str| Refused {
        reason: SkipReason::Elsewhere,
        detail: Some(format!("{detail}; tracked files are unknown")),
    };
    let pointer =
        first_line(root, ".git").ok_or_else(|| refuse("not a pointer to a git folder"))?;
    let target = pointer
        .strip_prefix(b"gitdir: ")
        .map(|target| path.join(OsStr::from_bytes(target)))
        .ok_or_else(|| refuse("not a pointer to a git folder"))?;
    let target = target.canonicalize().map_err(|error| {
        refuse(&format!(
            "the git folder cannot be reached ({})",
            error.kind()
        ))
    })?;
    let inside = target
        .strip_prefix(path)
        .ok()
        .and_then(Path::to_str)
        .map(str::to_owned);
    if let Some(inside) = inside.filter(|inside| !inside.is_empty()) {
        return root.folder(&inside).map(|own| GitFolders {
            own,
            shared: None,
            path: target,
        });
    }
    let own =
        Folder::open(&target).map_err(|_refused| refuse("the git folder cannot be opened"))?;
    let (shared, path) = shared_of_worktree(root, &own, &target)
        .ok_or_else(|| refuse("the git folder is outside and not that of a linked worktree"))?;
    Ok(GitFolders {
        own,
        shared: Some(shared),
        path,
    })
}

/// The shared git folder, if `own` at `target` belongs to a linked worktree whose root is `root`.
fn shared_of_worktree(root: &Folder, own: &Folder, target: &Path) -> Option<(Folder, PathBuf)> {
    let back = PathBuf::from(OsStr::from_bytes(&first_line(own, "gitdir")?).to_owned());
    let back = target.join(back);
    let is_mine = back.file_name() == Some(OsStr::new(".git"))
        && Folder::open(back.parent()?).ok()?.is_same(root);
    let is_usual = first_line(own, "commondir")? == b"../.."
        && target.parent()?.file_name() == Some(OsStr::new("worktrees"));
    if is_mine && is_usual {
        let path = target.parent()?.parent()?;
        Some((Folder::open(path).ok()?, path.to_path_buf()))
    } else {
        None
    }
}

/// The commit at HEAD, if HEAD leads to one.
fn head_commit(folders: &GitFolders) -> Option<String> {
    let mut line = first_line(&folders.own, "HEAD")?;
    for _ in 0..MAX_REF_CHAIN {
        let Some(name) = line.strip_prefix(b"ref: ") else {
            return object_id(&line);
        };
        let name = ref_name(name)?;
        match first_line(folders.shared(), &name) {
            Some(next) => line = next,
            None => return packed_commit(folders.shared(), &name),
        }
    }
    None
}

fn packed_commit(shared: &Folder, name: &str) -> Option<String> {
    let packed = shared.read("packed-refs", MAX_PACKED_REFS).ok()?;
    packed.bytes.split(|byte| *byte == b'\n').find_map(|line| {
        let id = line.strip_suffix(name.as_bytes())?.strip_suffix(b" ")?;
        object_id(id)
    })
}

/// A ref below `refs/` whose name is a plain path.
fn ref_name(name: &[u8]) -> Option<String> {
    let name = str::from_utf8(name).ok()?;
    let path = RepoPath::new(name)?;
    (path.as_str() == name && name.starts_with("refs/")).then(|| name.to_owned())
}

pub(super) fn object_id(bytes: &[u8]) -> Option<String> {
    let is_id = matches!(bytes.len(), 40 | 64)
        && bytes
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_id.then(|| String::from_utf8_lossy(bytes).into_owned())
}

/// The first line of a small file, without blanks at its end.
pub(super) fn first_line(folder: &Folder, name: &str) -> Option<Vec<u8>> {
    let content = folder.read(name, MAX_LINE).ok()?;
    let line = content.bytes.split(|byte| *byte == b'\n').next()?;
    Some(line.trim_ascii_end().to_vec())
}
