//! Files in memory: the tiny repositories of examples and tests.

use super::role::role;
use super::{Commit, Content, Error, Files, History, Listing, Past, Reader};
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
    past: Vec<(Past, Vec<u8>)>,
}

impl Memory {
    /// A repository of these files.
    pub fn new(files: BTreeMap<RepoPath, Vec<u8>>) -> Self {
        Self {
            files,
            tracked: BTreeMap::new(),
            past: Vec::new(),
        }
    }

    /// The same repository, in which an earlier commit had `bytes` at `path`.
    #[must_use]
    pub fn with_past(mut self, path: RepoPath, bytes: Vec<u8>) -> Self {
        let order = u32::try_from(self.past.len()).unwrap_or(u32::MAX);
        let commit = Commit {
            order,
            id: format!("{:07}", u64::from(order) + 1),
            date: "2024-02-29".to_owned(),
        };
        let mut id = [0; 20];
        for (to, from) in id.iter_mut().zip(order.to_be_bytes()) {
            *to = from;
        }
        let past = Past {
            path,
            at: commit.clone(),
            first: commit.clone(),
            last: commit,
            id,
        };
        self.past.push((past, bytes));
        self
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

    fn history(&self) -> Result<Box<dyn History + '_>, Skipped> {
        Ok(Box::new(Remembered {
            contents: self.past.iter().map(|(past, _)| past.clone()).collect(),
            memory: self,
        }))
    }
}

/// The earlier contents of a repository in memory.
struct Remembered<'m> {
    contents: Vec<Past>,
    memory: &'m Memory,
}

impl History for Remembered<'_> {
    fn contents(&self) -> &[Past] {
        &self.contents
    }

    fn gaps(&self) -> &[Skipped] {
        &[]
    }

    fn reader(&self) -> Box<dyn Reader + '_> {
        Box::new(self.memory)
    }
}

impl Reader for &Memory {
    fn read(&mut self, past: &Past, cap: usize) -> Result<Content, SkipReason> {
        let found = self.past.iter().find(|(known, _)| known.id == past.id);
        let (_, bytes) = found.ok_or(SkipReason::Vanished)?;
        if bytes.len() > cap {
            return Err(SkipReason::TooLarge);
        }
        Ok(Content {
            bytes: bytes.clone(),
            truncated: false,
        })
    }
}
