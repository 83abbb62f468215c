//! The object database of a checkout, opened by itself: no configuration is read, no process is
//! started, nothing is fetched, and nothing outside the git folder is followed.

use super::refs::Tips;
use super::{Commit, History, Past, Reader, commits, trees};
use crate::model::{SkipReason, Skipped};
use crate::source::Content;
use crate::source::folder::{Folder, Kind, Refused, join};
use crate::source::git::{GitFolders, object_id};
use gix_hash::ObjectId;
use gix_object::Find as _;
use gix_odb::Header as _;
use gix_odb::store::init::Options;
use gix_pack::cache::lru::MemoryCappedHashmap;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Largest single allocation that an object may ask for, in bytes.
const ALLOCATION: usize = 64 << 20;
/// Commits, trees and tags over this size are not read.
const MAX_STRUCTURE: u64 = 32 << 20;
/// Memory of one thread for parts of packs that are used again.
const CACHE: usize = 32 << 20;
/// Names in one folder of the object database.
const MAX_NAMES: usize = 500_000;
/// Bytes of the list of commits at which a shallow clone ends.
const MAX_SHALLOW: usize = 4 << 20;

type Handle = gix_odb::HandleArc;

/// The history of a checkout.
pub(in crate::source) struct GitHistory {
    store: Arc<gix_odb::Store>,
    contents: Vec<Past>,
    gaps: Vec<Skipped>,
}

/// What of a history is not here or cannot be read.
#[derive(Default)]
pub(super) struct Gaps {
    pub(super) missing: BTreeSet<ObjectId>,
    pub(super) corrupt: u32,
    pub(super) strange_refs: u32,
    pub(super) more_commits: bool,
    pub(super) more_contents: bool,
}

/// Reads one object after the other into one buffer.
pub(super) struct Objects {
    handle: Handle,
    buffer: Vec<u8>,
}

impl Objects {
    fn new(store: &Arc<gix_odb::Store>) -> Self {
        let mut handle = store.to_cache_arc();
        // What is not here now does not appear while we look.
        handle.refresh_never();
        let handle = handle.with_pack_cache(|| Box::new(MemoryCappedHashmap::new(CACHE)));
        Self {
            handle,
            buffer: Vec::new(),
        }
    }

    /// The object `id`; `None`, and a gap, when it is not here or cannot be read.
    pub(super) fn read(
        &mut self,
        id: ObjectId,
        gaps: &mut Gaps,
    ) -> Option<(gix_object::Kind, &[u8])> {
        match self.handle.try_header(&id) {
            Ok(Some(header)) if header.size() <= MAX_STRUCTURE => {}
            Ok(Some(_)) | Err(_) => {
                gaps.corrupt += 1;
                return None;
            }
            Ok(None) => {
                gaps.missing.insert(id);
                return None;
            }
        }
        if let Ok(Some(found)) = self.handle.try_find(&id, &mut self.buffer) {
            return Some((found.kind, found.data));
        }
        gaps.corrupt += 1;
        None
    }
}

impl Reader for Objects {
    fn read(&mut self, past: &Past, cap: usize) -> Result<Content, SkipReason> {
        let id = ObjectId::Sha1(past.id);
        let header = self.handle.try_header(&id);
        let size = header
            .map_err(|_corrupt| SkipReason::Malformed)?
            .ok_or(SkipReason::Elsewhere)?
            .size();
        if usize::try_from(size).map_or(true, |size| size > cap) {
            return Err(SkipReason::TooLarge);
        }
        match self.handle.try_find(&id, &mut self.buffer) {
            Ok(Some(found)) => Ok(Content {
                bytes: found.data.to_vec(),
                truncated: false,
            }),
            Ok(None) => Err(SkipReason::Elsewhere),
            Err(_corrupt) => Err(SkipReason::Malformed),
        }
    }
}

impl History for GitHistory {
    fn contents(&self) -> &[Past] {
        &self.contents
    }

    fn gaps(&self) -> &[Skipped] {
        &self.gaps
    }

    fn reader(&self) -> Box<dyn Reader + '_> {
        Box::new(Objects::new(&self.store))
    }
}

impl GitHistory {
    /// Reads which commits there are and what they hold, for the folder `root` at `path`.
    pub(in crate::source) fn open(root: &Folder, path: &Path) -> Result<Self, Skipped> {
        let refuse = |reason, detail: &str| Skipped {
            path: ".git".to_owned(),
            reason,
            detail: Some(detail.to_owned()),
        };
        let folders = GitFolders::find(root, path)
            .ok_or_else(|| {
                refuse(
                    SkipReason::Elsewhere,
                    "not a git checkout: it has no history",
                )
            })?
            .map_err(|refused| refused.at(".git"))?;
        own_objects(folders.shared()).map_err(|refused| refused.at(".git/objects"))?;
        let options = Options {
            alloc_limit_bytes: Some(ALLOCATION),
            current_dir: Some(path.to_path_buf()),
            ..Options::default()
        };
        let objects = folders.path.join("objects");
        let store = gix_odb::Store::at_opts(
            objects,
            gix_hash::Kind::Sha1,
            &mut std::iter::empty(),
            options,
        )
        .map_err(|_unusable| {
            refuse(
                SkipReason::Malformed,
                "the object database cannot be opened",
            )
        })?;
        Ok(Self::read(Arc::new(store), &folders))
    }

    fn read(store: Arc<gix_odb::Store>, folders: &GitFolders) -> Self {
        let tips = Tips::read(folders);
        let shallow = shallow(folders.shared());
        let mut gaps = Gaps::default();
        let mut objects = Objects::new(&store);
        let nodes = commits::ordered(&mut objects, &tips.ids, &shallow, &mut gaps);
        let sightings = trees::contents(&mut objects, &nodes, &mut gaps);
        let commit = |order: usize| {
            let number = u32::try_from(order).unwrap_or(u32::MAX);
            let node = nodes.get(order)?;
            Some(Commit::new(number, &node.id.to_string(), node.seconds))
        };
        let past = |(id, sighting): (ObjectId, trees::Sighting)| {
            Some(Past {
                at: commit(sighting.at)?,
                first: commit(sighting.first)?,
                last: commit(sighting.last)?,
                path: sighting.path,
                id: id.as_bytes().try_into().ok()?,
            })
        };
        let mut contents: Vec<Past> = sightings.into_iter().filter_map(past).collect();
        contents.sort_by(|a, b| (&a.first, &a.path, a.id).cmp(&(&b.first, &b.path, b.id)));
        Self {
            store,
            contents,
            gaps: said(&gaps, &tips, !shallow.is_empty(), nodes.len()),
        }
    }
}

/// Makes sure that everything below `objects` is a plain file of this very folder, so that
/// whoever opens it by name neither leaves the repository nor waits for a FIFO.
fn own_objects(shared: &Folder) -> Result<(), Refused> {
    let refuse = |reason, detail: &str| Refused {
        reason,
        detail: Some(format!("{detail}; the history was not read")),
    };
    let mut folders = vec!["objects".to_owned()];
    while let Some(folder) = folders.pop() {
        let (entries, more) = shared.entries(&folder, MAX_NAMES)?;
        if more {
            return Err(refuse(
                SkipReason::TooLarge,
                "a folder of objects has too many files",
            ));
        }
        for entry in entries {
            let name = entry.name.to_str().unwrap_or_default();
            match entry.kind {
                Kind::Folder if folder == "objects" => folders.push(join(&folder, name)),
                Kind::Folder => {}
                Kind::File(_) if folder == "objects/info" && name.contains("alternates") => {
                    return Err(refuse(
                        SkipReason::Elsewhere,
                        "objects are borrowed from another repository",
                    ));
                }
                Kind::File(_) => {}
                Kind::Link(_) => return Err(refuse(SkipReason::Link, "a link among the objects")),
                Kind::Special(kind) => return Err(refuse(SkipReason::Special, kind)),
                Kind::Refused(refused) => return Err(refused),
            }
        }
    }
    Ok(())
}

/// The commits at which a shallow clone ends.
fn shallow(shared: &Folder) -> BTreeSet<ObjectId> {
    let Ok(list) = shared.read("shallow", MAX_SHALLOW) else {
        return BTreeSet::new();
    };
    list.bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| ObjectId::from_hex(object_id(line)?.as_bytes()).ok())
        .collect()
}

/// The gaps in the words of the report.
fn said(gaps: &Gaps, tips: &Tips, shallow: bool, commits: usize) -> Vec<Skipped> {
    let missing = gaps.missing.len();
    let cases = [
        (
            shallow,
            SkipReason::Elsewhere,
            "shallow clone: earlier commits are not here".to_owned(),
        ),
        (
            missing > 0,
            SkipReason::Elsewhere,
            format!("{missing} objects are not here; a partial clone leaves them at its origin"),
        ),
        (
            gaps.corrupt > 0,
            SkipReason::Malformed,
            format!("{} objects cannot be read", gaps.corrupt),
        ),
        (
            tips.foreign,
            SkipReason::Malformed,
            "refs of a kind that is not read: reftable, or not SHA-1".to_owned(),
        ),
        (
            tips.more || gaps.strange_refs > 0,
            SkipReason::Malformed,
            "refs that lead to no commit were left out".to_owned(),
        ),
        (
            gaps.more_commits || gaps.more_contents,
            SkipReason::TooLarge,
            "more commits or files than are followed".to_owned(),
        ),
        (
            commits == 0 && missing == 0 && !tips.foreign,
            SkipReason::Elsewhere,
            "no commit was found".to_owned(),
        ),
    ];
    cases
        .into_iter()
        .filter(|(holds, ..)| *holds)
        .map(|(_, reason, detail)| Skipped {
            path: ".git (history)".to_owned(),
            reason,
            detail: Some(detail),
        })
        .collect()
}
