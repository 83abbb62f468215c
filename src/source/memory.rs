//! Files in memory: the tiny repositories of examples and tests.

use super::role::role;
use super::{Content, Error, Files, Listing};
use crate::model::{File, Language, RepoPath, SkipReason, Skipped, Target, Tracked};
use std::collections::BTreeMap;

/// A repository that exists only in memory. Everything in it is tracked unless said otherwise.
///
/// ```
/// # use preop::model::RepoPath;
/// # use preop::source::{Files, Memory};
/// # use std::collections::BTreeMap;
/// let path = RepoPath::new("src/main.py").unwrap();
/// let files = Memory::new(BTreeMap::from([(path.clone(), b"print(1)".to_vec())]));
/// assert_eq!(files.list().unwrap().files.len(), 1);
/// assert_eq!(files.open(&path, 5).unwrap().bytes, b"print");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<RepoPath, Vec<u8>>,
    tracked: BTreeMap<RepoPath, Tracked>,
}

impl Memory {
    /// A repository of these files.
    pub fn new(files: BTreeMap<RepoPath, Vec<u8>>) -> Self {
        Self {
            files,
            tracked: BTreeMap::new(),
        }
    }

    /// The same repository, in which git says `tracked` of the file at `path`.
    #[must_use]
    pub fn with_tracked(mut self, path: RepoPath, tracked: Tracked) -> Self {
        self.tracked.insert(path, tracked);
        self
    }
}

impl Files for Memory {
    fn list(&self) -> Result<Listing, Error> {
        let file = |(path, bytes): (&RepoPath, &Vec<u8>)| File {
            path: path.clone(),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            role: role(path),
            tracked: self.tracked.get(path).copied().unwrap_or(Tracked::Tracked),
            language: Language::of(path),
            executable: false,
        };
        Ok(Listing {
            files: self.files.iter().map(file).collect(),
            target: Target {
                name: "memory".to_owned(),
                commit: None,
                dirty: None,
            },
            git: true,
            ..Listing::default()
        })
    }

    fn open(&self, path: &RepoPath, cap: usize) -> Result<Content, Skipped> {
        let bytes = self.files.get(path).ok_or_else(|| Skipped {
            path: path.as_str().to_owned(),
            reason: SkipReason::Vanished,
            detail: None,
        })?;
        let kept = bytes.get(..cap).unwrap_or(bytes);
        Ok(Content {
            bytes: kept.to_vec(),
            truncated: kept.len() < bytes.len(),
        })
    }
}
