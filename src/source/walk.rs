//! The walk: every file of the target once, with what git says of it.
//!
//! Folders are opened one at a time, beneath the root's handle, so a folder that is swapped for a
//! link during the walk is refused and not followed. Nothing is read but ignore files.

use super::folder::{Entry, Folder, Kind, Refused, display_path, join, shown};
use super::git::{EntryKind, Fit, Index};
use super::patterns::{self, Loader, Patterns};
use super::pruned::{DEPENDENCIES, OUTPUT, OUTPUT_IF_IGNORED, is_local_config};
use super::role::role;
use crate::model::{File, Language, RepoPath, SkipReason, Skipped, Tracked};
use rustix::fs::Stat;
use std::ffi::OsStr;

/// Systems refuse to open longer paths; the margin is for the root's own path.
const MAX_PATH: usize = 4000;
const MAX_DEPTH: usize = 200;
/// Names in the whole target: a tree of more is a disk, not a repository.
const MAX_NAMES: usize = 1_000_000;
/// What the walk has seen.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Files, in no order yet.
    pub(super) files: Vec<File>,
    /// What is not among them, and why.
    pub(super) skipped: Vec<Skipped>,
    /// Untracked files, and folders of them, that were left out.
    pub(super) ignored: u32,
    /// How the checkout compares with its index, if all of it was compared.
    pub(super) fit: Option<Fit>,
}

/// What can be said of the files in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Tracked or not: the index knows.
    Known,
    /// As `Known`, and an ignore file names the folder: untracked files in it do not count.
    Ignored,
    /// There is no index, or the folder belongs to a submodule or another repository.
    Unknown,
}

/// A folder with what its place in the tree says of the files in it.
#[derive(Clone, Debug)]
struct Place {
    /// `""` for the root.
    path: String,
    depth: usize,
    patterns: Patterns,
    state: State,
}

/// One walk over one target.
pub(super) struct Walk<'w> {
    root: &'w Folder,
    index: Option<&'w Index>,
    loader: Loader,
    pending: Vec<Place>,
    /// Entries of the index that were met, by position.
    seen: Vec<bool>,
    fit: Fit,
    /// Was something left out that may hold tracked files?
    partial: bool,
    names: usize,
    walked: Walked,
}

impl<'w> Walk<'w> {
    /// A walk of `root`, whose tracked files are `index`.
    pub(super) fn new(root: &'w Folder, index: Option<&'w Index>) -> Self {
        Self {
            root,
            index,
            loader: Loader::default(),
            pending: Vec::new(),
            seen: vec![false; index.map_or(0, |index| index.entries().len())],
            fit: Fit::Same,
            partial: false,
            names: 0,
            walked: Walked::default(),
        }
    }

    /// Walks all of it. Only a root that cannot be read is an error.
    pub(super) fn run(mut self) -> Result<Walked, Refused> {
        let root = self.root_place();
        self.read(root)?;
        while let Some(place) = self.pending.pop() {
            let shown = shown(&place.path);
            if let Err(refused) = self.read(place) {
                self.leave_out(refused.at(shown));
            }
        }
        if self.index.is_some() {
            self.account_for_index();
            self.walked.fit = Some(self.fit);
        }
        Ok(self.walked)
    }

    /// Only the file `name` in the root, even if it is ignored: somebody asked for it.
    pub(super) fn run_on(mut self, name: &OsStr) -> Result<Walked, Refused> {
        let mut place = self.root_place();
        if matches!(
            self.root.entry(OsStr::new(patterns::FILE_NAME)),
            Some(Kind::File(_))
        ) {
            place.patterns = self.load_patterns(&place);
        }
        let kind = self.root.entry(name);
        let kind = kind.ok_or(Refused {
            reason: SkipReason::Vanished,
            detail: None,
        })?;
        if let Some(path) = self.usable_path(&place, name) {
            match kind {
                Kind::File(stat) => {
                    let tracked = self.tracked(&place, &path, &stat);
                    self.walked.files.push(file(path, &stat, tracked));
                }
                other => self.visit(
                    &place,
                    Entry {
                        name: name.to_owned(),
                        kind: other,
                    },
                ),
            }
        }
        Ok(self.walked)
    }

    fn root_place(&self) -> Place {
        let state = if self.index.is_some() {
            State::Known
        } else {
            State::Unknown
        };
        Place {
            path: String::new(),
            depth: 0,
            patterns: Patterns::default(),
            state,
        }
    }

    /// Visits everything in one folder.
    fn read(&mut self, mut place: Place) -> Result<(), Refused> {
        let (entries, more) = self.root.entries(&place.path, MAX_NAMES - self.names)?;
        self.names += entries.len();
        if more {
            self.leave_out(Skipped {
                path: shown(&place.path),
                reason: SkipReason::TooLarge,
                detail: Some("more than 1 000 000 names; the rest is not listed".to_owned()),
            });
        }
        if place.depth > 0 && entries.iter().any(|entry| entry.name == ".git") {
            // Another repository inside this one answers to its own index and ignore files.
            place.state = State::Unknown;
            place.patterns = Patterns::default();
        }
        let is_patterns = |entry: &Entry| {
            entry.name == patterns::FILE_NAME && matches!(entry.kind, Kind::File(_))
        };
        if place.state != State::Ignored && entries.iter().any(is_patterns) {
            place.patterns = self.load_patterns(&place);
        }
        for entry in entries.into_iter().filter(|entry| entry.name != ".git") {
            self.visit(&place, entry);
        }
        Ok(())
    }

    fn load_patterns(&mut self, place: &Place) -> Patterns {
        self.loader
            .load(self.root, &place.path, &place.patterns)
            .unwrap_or_else(|skipped| {
                self.walked.skipped.push(skipped);
                place.patterns.clone()
            })
    }

    fn visit(&mut self, place: &Place, entry: Entry) {
        let Some(path) = self.usable_path(place, &entry.name) else {
            return;
        };
        let shown = || shown(path.as_str());
        match entry.kind {
            Kind::Folder => self.visit_folder(place, &path),
            Kind::File(stat) => self.visit_file(place, path, &stat),
            Kind::Link(stat) => {
                if place.state != State::Unknown {
                    self.meet(&path, EntryKind::Link, &stat);
                }
                let reason = SkipReason::Link;
                self.walked.skipped.push(Skipped {
                    path: shown(),
                    reason,
                    detail: None,
                });
            }
            Kind::Special(kind) => {
                let (reason, detail) = (SkipReason::Special, Some(kind.to_owned()));
                self.walked.skipped.push(Skipped {
                    path: shown(),
                    reason,
                    detail,
                });
            }
            Kind::Refused(refused) => self.leave_out(refused.at(shown())),
        }
    }

    fn visit_file(&mut self, place: &Place, path: RepoPath, stat: &Stat) {
        let tracked = self.tracked(place, &path, stat);
        if tracked == Tracked::Ignored && !is_local_config(path.name(), stat) {
            self.walked.ignored = self.walked.ignored.saturating_add(1);
        } else {
            self.walked.files.push(file(path, stat, tracked));
        }
    }

    fn tracked(&mut self, place: &Place, path: &RepoPath, stat: &Stat) -> Tracked {
        if place.state == State::Unknown {
            Tracked::Unknown
        } else if self.meet(path, EntryKind::File, stat) {
            Tracked::Tracked
        } else if place.state == State::Ignored || place.patterns.ignores(path.as_str(), false) {
            Tracked::Ignored
        } else {
            Tracked::Untracked
        }
    }

    /// Notes that `path` is there, and how it compares with the index. Is it in the index?
    fn meet(&mut self, path: &RepoPath, kind: EntryKind, stat: &Stat) -> bool {
        let found = self
            .index
            .and_then(|index| index.get(path.as_str().as_bytes()));
        let Some((position, entry)) = found else {
            return false;
        };
        if let Some(seen) = self.seen.get_mut(position) {
            *seen = true;
        }
        let fit = if entry.kind == kind {
            entry.compare(stat)
        } else {
            Fit::Different
        };
        self.fit = self.fit.max(fit);
        true
    }

    fn visit_folder(&mut self, parent: &Place, path: &RepoPath) {
        if parent.depth == MAX_DEPTH {
            return self.leave_out(Skipped {
                path: shown(path.as_str()),
                reason: SkipReason::Name,
                detail: Some("deeper than 200 folders".to_owned()),
            });
        }
        let (state, patterns) = if parent.state != State::Unknown && self.is_submodule(path) {
            (State::Unknown, Patterns::default())
        } else if let Some(state) = self.folder_state(parent, path) {
            (state, parent.patterns.clone())
        } else {
            self.walked.ignored = self.walked.ignored.saturating_add(1);
            return;
        };
        let path = path.as_str().to_owned();
        self.pending.push(Place {
            path,
            depth: parent.depth + 1,
            patterns,
            state,
        });
    }

    /// `None` when nothing in the folder belongs to the repository.
    fn folder_state(&self, parent: &Place, path: &RepoPath) -> Option<State> {
        let name = path.name();
        let is_ignored = || parent.patterns.ignores(path.as_str(), true);
        let Some(index) = self.index.filter(|_| parent.state != State::Unknown) else {
            let is_output = OUTPUT_IF_IGNORED.contains(&name) && is_ignored();
            return (!is_output && !DEPENDENCIES.contains(&name)).then_some(State::Unknown);
        };
        let is_ignored = parent.state == State::Ignored || is_ignored();
        let is_output = DEPENDENCIES.contains(&name) || OUTPUT.contains(&name);
        if (is_ignored || is_output) && !index.has_below(path.as_str()) {
            return None;
        }
        Some(if is_ignored {
            State::Ignored
        } else {
            State::Known
        })
    }

    /// Is the folder a submodule? One that is not checked out is named in the report.
    fn is_submodule(&mut self, path: &RepoPath) -> bool {
        let found = self
            .index
            .and_then(|index| index.get(path.as_str().as_bytes()));
        let Some((position, _)) = found.filter(|(_, entry)| entry.kind == EntryKind::Submodule)
        else {
            return false;
        };
        if let Some(seen) = self.seen.get_mut(position) {
            *seen = true;
        }
        let is_empty = self
            .root
            .entries(path.as_str(), 1)
            .is_ok_and(|(entries, _)| entries.is_empty());
        if is_empty {
            self.walked.skipped.push(Skipped {
                path: shown(path.as_str()),
                reason: SkipReason::Elsewhere,
                detail: Some("submodule not checked out".to_owned()),
            });
        } else {
            // Which commit a submodule is at stands in its own repository.
            self.fit = self.fit.max(Fit::Undecided);
        }
        true
    }

    /// What the index lists and the walk has not met is deleted, or lies outside a sparse checkout.
    fn account_for_index(&mut self) {
        let entries = self.index.map(Index::entries).unwrap_or_default();
        let mut sparse = 0_usize;
        for (entry, _) in entries.iter().zip(&self.seen).filter(|(_, seen)| !**seen) {
            if !entry.is_expected() {
                sparse += 1;
            } else if self.partial {
                self.fit = self.fit.max(Fit::Undecided);
            } else {
                self.fit = Fit::Different;
            }
        }
        if sparse > 0 {
            self.walked.skipped.push(Skipped {
                path: ".".to_owned(),
                reason: SkipReason::Elsewhere,
                detail: Some(format!(
                    "sparse checkout: {sparse} tracked paths are not here"
                )),
            });
        }
    }

    /// The path of `name`, or a line in the report when the program cannot name it.
    fn usable_path(&mut self, place: &Place, name: &OsStr) -> Option<RepoPath> {
        let joined = name.to_str().map(|name| join(&place.path, name));
        let detail = match joined {
            Some(path) if path.len() <= MAX_PATH => return RepoPath::new(&path),
            Some(_) => "the path is longer than 4000 bytes",
            None => "the name is not UTF-8",
        };
        self.leave_out(Skipped {
            path: display_path(&place.path, name),
            reason: SkipReason::Name,
            detail: Some(detail.to_owned()),
        });
        None
    }

    fn leave_out(&mut self, skipped: Skipped) {
        self.partial = true;
        self.walked.skipped.push(skipped);
    }
}

fn file(path: RepoPath, stat: &Stat, tracked: Tracked) -> File {
    File {
        size: u64::try_from(stat.st_size).unwrap_or(0),
        role: role(&path),
        language: Language::of(&path),
        executable: stat.st_mode & 0o111 != 0,
        tracked,
        path,
    }
}
