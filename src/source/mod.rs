//! The audited repository as a list of files and a guarded way to read one. The only floor
//! besides `scan`'s caller that touches it.

mod disk;
mod folder;
mod git;
mod history;
mod memory;
mod name;
mod patterns;
mod pruned;
mod role;
mod text;
mod walk;

#[cfg(test)]
mod tests;

pub use disk::Disk;
pub use history::{Commit, History, Past, Reader};
pub use memory::Memory;
pub use name::display_name;
pub use role::{role, sniff};
pub use text::{Decoded, Encoding, decode};

use crate::model::{File, RepoPath, SkipReason, Skipped, Target};

/// Where files come from: a folder on disk, or a map in memory for examples and tests.
pub trait Files: Sync {
    /// All files in order of path, with what could not be listed.
    fn list(&self) -> Result<Listing, Error>;

    /// At most `cap` bytes of one file.
    fn open(&self, path: &RepoPath, cap: usize) -> Result<Content, Skipped>;

    /// What earlier commits hold, or why nobody can say.
    fn history(&self) -> Result<Box<dyn History + '_>, Skipped> {
        Err(Skipped {
            path: ".git".to_owned(),
            reason: SkipReason::Unreadable,
            detail: Some("nothing here reads the history".to_owned()),
        })
    }
}

/// What there is to audit, before any file is read.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Files in order of path.
    pub files: Vec<File>,
    /// What is not in `files`, and why.
    pub skipped: Vec<Skipped>,
    /// Name, commit and state of the folder.
    pub target: Target,
    /// Was a git index read?
    pub git: bool,
    /// Untracked files that ignore files left out.
    pub ignored: u32,
}

/// Bytes of one file.
#[derive(Clone, Debug)]
pub struct Content {
    /// The bytes, at most the cap.
    pub bytes: Vec<u8>,
    /// Is there more than `bytes`?
    pub truncated: bool,
}

/// The target cannot be audited at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing is there: the user mistyped.
    #[error("`{0}` does not exist")]
    Missing(String),
    /// The system refused.
    #[error("`{path}` cannot be read: {reason}")]
    Unreadable {
        /// The target as given, printable.
        path: String,
        /// The system's reason.
        reason: String,
    },
    /// A device, a FIFO or a socket.
    #[error("`{0}` is neither a folder nor a file")]
    NotAFolder(String),
}
