//! A folder on disk as a handle, and the only place of the program that opens what lies below it.
//!
//! A stranger owns every name below the handle, so nothing here follows a link, waits for a FIFO or
//! reads more than it was told to. Whether a file is worth reading is not decided here.

use super::Content;
use super::name::display_name;
use crate::model::{SkipReason, Skipped};
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::Path;

/// `NONBLOCK` so that a FIFO answers at once, `NOCTTY` so that a terminal does not become ours.
const FILE: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NOCTTY);

const FOLDER: OFlags = FILE.union(OFlags::DIRECTORY);

/// A handle to a folder. Paths given to it are relative, `/`-separated and without `..`.
#[derive(Debug)]
pub(super) struct Folder {
    handle: OwnedFd,
    /// Does the kernel resolve a whole path beneath a handle in one call?
    beneath: bool,
}

/// Why something below a folder was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// In the words of the report.
    pub(super) reason: SkipReason,
    /// What the system said, where that tells more than the reason.
    pub(super) detail: Option<String>,
}

impl Refused {
    /// The entry of the report for `path`, which must be printable.
    pub(super) fn at(self, path: impl Into<String>) -> Skipped {
        Skipped {
            path: path.into(),
            reason: self.reason,
            detail: self.detail,
        }
    }

    fn special(kind: FileType) -> Self {
        Self {
            reason: SkipReason::Special,
            detail: Some(kind_name(kind).to_owned()),
        }
    }
}

/// One name in a folder.
#[derive(Debug)]
pub(super) struct Entry {
    /// The name, as bytes of any kind.
    pub(super) name: OsString,
    /// What it names.
    pub(super) kind: Kind,
}

/// What a name in a folder stands for.
#[derive(Debug)]
pub(super) enum Kind {
    /// A folder.
    Folder,
    /// A regular file.
    File(Stat),
    /// A symbolic link.
    Link(Stat),
    /// A FIFO, a socket or a device, in a word.
    Special(&'static str),
    /// The system did not say.
    Refused(Refused),
}

impl Folder {
    /// Opens a folder that a person named: here, and only here, links are followed.
    pub(super) fn open(path: &Path) -> Result<Self, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let handle = rustix::fs::open(path, flags, Mode::empty())?;
        let beneath = kernel::open_beneath(handle.as_fd(), ".", FOLDER).is_ok();
        Ok(Self { handle, beneath })
    }

    /// The folder at `path` below this one.
    pub(super) fn folder(&self, path: &str) -> Result<Self, Refused> {
        let handle = self.resolve(path, FOLDER).map_err(refused)?;
        Ok(Self {
            handle,
            beneath: self.beneath,
        })
    }

    /// At most `cap` bytes of the regular file at `path`.
    pub(super) fn read(&self, path: &str, cap: usize) -> Result<Content, Refused> {
        let handle = self.resolve(path, FILE).map_err(refused)?;
        let stat = rustix::fs::fstat(&handle).map_err(refused)?;
        let kind = FileType::from_raw_mode(stat.st_mode);
        if kind != FileType::RegularFile {
            return Err(Refused::special(kind));
        }
        // One byte more than the cap tells "all of it" from "cut"; the recorded size is only a
        // hint for the allocation, because the file may grow while it is read.
        let expected = usize::try_from(stat.st_size).unwrap_or(usize::MAX).min(cap);
        let mut bytes = Vec::with_capacity(expected.saturating_add(1));
        let limit = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
        File::from(handle)
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(|error| io_refused(&error))?;
        let truncated = bytes.len() > cap;
        bytes.truncate(cap);
        Ok(Content { bytes, truncated })
    }

    /// At most `limit` names in the folder at `path` (`""` for this one), in no order.
    /// The flag says whether there are more.
    pub(super) fn entries(&self, path: &str, limit: usize) -> Result<(Vec<Entry>, bool), Refused> {
        let handle = self
            .resolve(if path.is_empty() { "." } else { path }, FOLDER)
            .map_err(refused)?;
        let mut dir = Dir::new(handle).map_err(refused)?;
        let mut names = Vec::new();
        while let Some(entry) = dir.read() {
            let entry = entry.map_err(refused)?;
            let name = entry.file_name().to_bytes();
            if name == b"." || name == b".." {
                continue;
            }
            if names.len() == limit {
                return Ok((inspect(&dir, names)?, true));
            }
            names.push((OsString::from_vec(name.to_vec()), entry.file_type()));
        }
        Ok((inspect(&dir, names)?, false))
    }

    /// What the name `name` in this very folder stands for; `None` if there is no such name.
    pub(super) fn entry(&self, name: &OsStr) -> Option<Kind> {
        match stat(self.handle.as_fd(), name) {
            Ok(stat) => Some(kind_of(stat)),
            Err(Errno::NOENT) => None,
            Err(error) => Some(Kind::Refused(refused(error))),
        }
    }

    /// Do both handles stand for the same folder?
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let identity = |folder: &Self| {
            rustix::fs::fstat(&folder.handle)
                .ok()
                .map(|stat| (stat.st_dev, stat.st_ino))
        };
        identity(self).is_some_and(|own| Some(own) == identity(other))
    }

    fn resolve(&self, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
        if self.beneath {
            kernel::open_beneath(self.handle.as_fd(), path, flags)
        } else {
            open_stepwise(self.handle.as_fd(), path, flags)
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod kernel {
    use super::{BorrowedFd, Errno, Mode, OFlags, OwnedFd};
    use rustix::fs::{ResolveFlags, openat2};

    /// Resolves all of `path` in one call that follows no link and never leaves `root`.
    pub(super) fn open_beneath(
        root: BorrowedFd<'_>,
        path: &str,
        flags: OFlags,
    ) -> Result<OwnedFd, Errno> {
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        // `NO_SYMLINKS` says it for the whole path, and with an error that tells a link.
        let flags = flags.difference(OFlags::NOFOLLOW);
        rustix::io::retry_on_intr(|| openat2(root, path, flags, Mode::empty(), resolve))
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod kernel {
    use super::{BorrowedFd, Errno, OFlags, OwnedFd};

    /// Not known to this system.
    pub(super) fn open_beneath(
        _root: BorrowedFd<'_>,
        _path: &str,
        _flags: OFlags,
    ) -> Result<OwnedFd, Errno> {
        Err(Errno::NOSYS)
    }
}

/// The same promise without help of the kernel: each part is opened in the one before it.
fn open_stepwise(root: BorrowedFd<'_>, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
    let (parents, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut parent: Option<OwnedFd> = None;
    for part in parents.split('/').filter(|part| !part.is_empty()) {
        let at = parent.as_ref().map_or(root, AsFd::as_fd);
        let next = open_part(at, part, FOLDER)?;
        parent = Some(next);
    }
    open_part(parent.as_ref().map_or(root, AsFd::as_fd), name, flags)
}

fn open_part(at: BorrowedFd<'_>, name: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
    if name == ".." {
        return Err(Errno::XDEV);
    }
    let opened = rustix::io::retry_on_intr(|| rustix::fs::openat(at, name, flags, Mode::empty()));
    // A link that is not followed is told by different errors on different systems.
    opened.map_err(|error| {
        let is_link = |stat: Stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink;
        if stat(at, OsStr::new(name)).is_ok_and(is_link) {
            Errno::LOOP
        } else {
            error
        }
    })
}

fn stat(at: BorrowedFd<'_>, name: &OsStr) -> Result<Stat, Errno> {
    rustix::fs::statat(at, name.as_bytes(), AtFlags::SYMLINK_NOFOLLOW)
}

/// Folders are told by the listing itself; everything else is asked for size, times and mode.
fn inspect(dir: &Dir, names: Vec<(OsString, FileType)>) -> Result<Vec<Entry>, Refused> {
    let at = dir.fd().map_err(refused)?;
    let entry = |(name, kind): (OsString, FileType)| {
        let kind = match kind {
            FileType::Directory => Kind::Folder,
            FileType::RegularFile | FileType::Symlink | FileType::Unknown => {
                stat(at, &name).map_or_else(|error| Kind::Refused(refused(error)), kind_of)
            }
            special => Kind::Special(kind_name(special)),
        };
        Entry { name, kind }
    };
    Ok(names.into_iter().map(entry).collect())
}

fn kind_of(stat: Stat) -> Kind {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Directory => Kind::Folder,
        FileType::RegularFile => Kind::File(stat),
        FileType::Symlink => Kind::Link(stat),
        special => Kind::Special(kind_name(special)),
    }
}

fn kind_name(kind: FileType) -> &'static str {
    match kind {
        FileType::RegularFile => "file",
        FileType::Directory => "folder",
        FileType::Symlink => "link",
        FileType::Fifo => "FIFO",
        FileType::Socket => "socket",
        FileType::CharacterDevice | FileType::BlockDevice => "device",
        FileType::Unknown => "unknown kind of file",
    }
}

/// What an error means to the reader of a report.
fn refused(error: Errno) -> Refused {
    let plain = |reason| Refused {
        reason,
        detail: None,
    };
    match error {
        Errno::LOOP | Errno::XDEV => plain(SkipReason::Link),
        Errno::NOENT | Errno::NOTDIR => plain(SkipReason::Vanished),
        Errno::NAMETOOLONG => plain(SkipReason::Name),
        // Sockets and devices without a driver.
        Errno::NXIO | Errno::NODEV | Errno::OPNOTSUPP => plain(SkipReason::Special),
        other => Refused {
            reason: SkipReason::Unreadable,
            detail: Some(system_reason(other)),
        },
    }
}

fn io_refused(error: &io::Error) -> Refused {
    Errno::from_io_error(error).map_or_else(
        || Refused {
            reason: SkipReason::Unreadable,
            detail: Some(error.kind().to_string()),
        },
        refused,
    )
}

/// The system's reason in words that do not depend on the C library or the locale.
pub(super) fn system_reason(error: Errno) -> String {
    match error {
        Errno::MFILE | Errno::NFILE => "too many open files".to_owned(),
        Errno::IO => "input/output error".to_owned(),
        Errno::LOOP => "too many symbolic links".to_owned(),
        other => match io::Error::from(other).kind() {
            kind if kind.to_string() == "uncategorized error" => {
                format!("system error {}", other.raw_os_error())
            }
            kind => kind.to_string(),
        },
    }
}

/// A path from a handle's point of view as printable text.
pub(super) fn display_path(dir: &str, name: &OsStr) -> String {
    let name = display_name(name);
    if dir.is_empty() {
        name
    } else {
        format!("{}/{name}", display_name(OsStr::new(dir)))
    }
}

/// The path of `name` in the folder `dir`.
pub(super) fn join(dir: &str, name: &str) -> String {
    if dir.is_empty() {
        name.to_owned()
    } else {
        format!("{dir}/{name}")
    }
}

/// A path of the target as printable text.
pub(super) fn shown(path: &str) -> String {
    if path.is_empty() {
        ".".to_owned()
    } else {
        display_path("", OsStr::new(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    /// Systems without `openat2` must give the same answers.
    #[test]
    fn both_ways_to_open_agree() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("a/b")).unwrap();
        fs::write(root.path().join("a/b/c"), "text").unwrap();
        symlink("a", root.path().join("link")).unwrap();
        symlink("a/b/c", root.path().join("file")).unwrap();
        let mut folder = Folder::open(root.path()).unwrap();
        for beneath in [folder.beneath, false] {
            folder.beneath = beneath;
            assert_eq!(folder.read("a/b/c", 9).unwrap().bytes, b"text");
            assert_eq!(folder.entries("", 9).unwrap().0.len(), 3);
            assert_eq!(folder.entries("a/b", 9).unwrap().0.len(), 1);
            assert!(folder.entries("", 2).unwrap().1);
            let reason = |path: &str| folder.read(path, 9).unwrap_err().reason;
            assert_eq!(reason("link/b/c"), SkipReason::Link);
            assert_eq!(reason("file"), SkipReason::Link);
            assert_eq!(reason("a/../../etc/passwd"), SkipReason::Link);
            assert_eq!(reason("a/x/c"), SkipReason::Vanished);
            assert_eq!(reason("a/b/c/d"), SkipReason::Vanished);
            assert_eq!(reason("a/b"), SkipReason::Special);
            assert_eq!(
                folder.entries("link", 9).unwrap_err().reason,
                SkipReason::Link
            );
            assert_eq!(
                folder.folder("a").unwrap().read("b/c", 2).unwrap().bytes,
                b"te"
            );
        }
    }
}
