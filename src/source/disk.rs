//! A target on disk: a folder, or one file in its folder.

#[cfg(feature = "history")]
use super::History;
use super::folder::{Folder, display_path, system_reason};
use super::git::{Checkout, Fit};
use super::name::display_name;
use super::walk::Walk;
use super::{Content, Error, Files, Listing};
#[cfg(feature = "history")]
use crate::model::SkipReason;
use crate::model::{RepoPath, Skipped, Target};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::io;
#[cfg(feature = "history")]
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A folder on disk, held by a handle from the first moment to the last.
#[derive(Debug)]
pub struct Disk {
    root: Folder,
    /// The root without links, to recognise it when a worktree's git folder points back.
    path: PathBuf,
    /// The only file to list, when the target is a file.
    only: Option<OsString>,
    /// What the first walk saw.
    listed: OnceLock<Listing>,
}

impl Disk {
    /// Opens a folder, or the folder of one regular file. A link is followed here, because a person
    /// named it, and nowhere else.
    pub fn new(path: &Path) -> Result<Self, Error> {
        let refuse = |error: &io::Error| unusable(path, error);
        let real = path.canonicalize().map_err(|error| refuse(&error))?;
        let metadata = real.symlink_metadata().map_err(|error| refuse(&error))?;
        let (folder, only) = match (metadata.is_dir(), real.parent(), real.file_name()) {
            (true, ..) => (real.clone(), None),
            (false, Some(parent), Some(name)) if metadata.is_file() => {
                (parent.to_path_buf(), Some(name.to_owned()))
            }
            _ => return Err(Error::NotAFolder(display_name(path.as_os_str()))),
        };
        let root = Folder::open(&folder).map_err(|error| refuse(&error.into()))?;
        Ok(Self {
            root,
            path: folder,
            only,
            listed: OnceLock::new(),
        })
    }

    fn name(&self) -> String {
        display_name(self.path.file_name().unwrap_or(OsStr::new("/")))
    }

    fn walk(&self) -> Result<Listing, Error> {
        let checkout = Checkout::read(&self.root, &self.path);
        let walk = Walk::new(&self.root, checkout.index.as_ref());
        let walked = match &self.only {
            Some(name) => walk.run_on(name),
            None => walk.run(),
        };
        let mut walked = walked.map_err(|refused| Error::Unreadable {
            path: display_name(self.path.as_os_str()),
            reason: refused
                .detail
                .unwrap_or_else(|| refused.reason.as_str().to_owned()),
        })?;
        walked.skipped.extend(checkout.skipped);
        walked.files.sort_by(|a, b| a.path.cmp(&b.path));
        walked.skipped.sort();
        Ok(Listing {
            files: walked.files,
            skipped: walked.skipped,
            target: Target {
                name: self.name(),
                commit: checkout.commit,
                dirty: match walked.fit {
                    Some(Fit::Different) => Some(true),
                    Some(Fit::Same) => Some(false),
                    Some(Fit::Undecided) | None => None,
                },
            },
            git: checkout.index.is_some(),
            ignored: walked.ignored,
        })
    }
}

impl Files for Disk {
    /// Walks once; who asks again is told the same.
    fn list(&self) -> Result<Listing, Error> {
        if let Some(listing) = self.listed.get() {
            return Ok(listing.clone());
        }
        let listing = self.walk()?;
        Ok(self.listed.get_or_init(|| listing).clone())
    }

    fn open(&self, path: &RepoPath, cap: usize) -> Result<Content, Skipped> {
        self.root
            .read(path.as_str(), cap)
            .map_err(|refused| refused.at(display_path("", OsStr::new(path.as_str()))))
    }

    #[cfg(feature = "history")]
    fn history(&self) -> Result<Box<dyn History + '_>, Skipped> {
        // A net, not a plan: a bug in the reader of a hostile object costs the history alone.
        let open = || super::history::GitHistory::open(&self.root, &self.path);
        let opened = catch_unwind(AssertUnwindSafe(open)).unwrap_or_else(|_| {
            Err(Skipped {
                path: ".git".to_owned(),
                reason: SkipReason::Internal,
                detail: Some("please report this repository's shape as a bug".to_owned()),
            })
        });
        opened.map(|history| -> Box<dyn History> { Box::new(history) })
    }
}

fn unusable(path: &Path, error: &io::Error) -> Error {
    let shown = display_name(path.as_os_str());
    if matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    ) {
        return Error::Missing(shown);
    }
    let reason =
        Errno::from_io_error(error).map_or_else(|| error.kind().to_string(), system_reason);
    Error::Unreadable {
        path: shown,
        reason,
    }
}
