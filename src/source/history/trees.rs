//! The contents that the trees of all commits hold, each once.

use super::commits::Node;
use super::objects::{Gaps, Objects};
use crate::model::RepoPath;
use crate::source::role::role;
use gix_hash::ObjectId;
use gix_object::{Kind, TreeRefIter};
use std::collections::{BTreeMap, BTreeSet};

/// Trees and contents that are remembered.
const MOST: usize = 2_000_000;
/// Bytes of a path.
const LONGEST: usize = 4096;

/// Where and when a content was there; commits by their place in the order.
pub(super) struct Sighting {
    /// The most telling path that it had.
    pub(super) path: RepoPath,
    /// The first commit that has it under this path.
    pub(super) at: usize,
    /// The first commit that has it.
    pub(super) first: usize,
    /// The last commit that has it.
    pub(super) last: usize,
}

/// Every content of every commit. A tree that was seen in one commit is not entered for another:
/// from the oldest on, the first sight of a content is its first commit; from the newest back, its
/// last.
pub(super) fn contents(
    objects: &mut Objects,
    commits: &[Node],
    gaps: &mut Gaps,
) -> BTreeMap<ObjectId, Sighting> {
    let mut out: BTreeMap<ObjectId, Sighting> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (order, node) in commits.iter().enumerate() {
        walk(
            objects,
            node.tree,
            &mut seen,
            gaps,
            &mut |id, path, gaps| {
                sight(&mut out, id, path, order, gaps);
            },
        );
    }
    let mut seen = BTreeSet::new();
    let mut done = BTreeSet::new();
    let mut known = Gaps::default();
    for (order, node) in commits.iter().enumerate().rev() {
        walk(
            objects,
            node.tree,
            &mut seen,
            &mut known,
            &mut |id, _, _| {
                if done.insert(id)
                    && let Some(sighting) = out.get_mut(&id)
                {
                    sighting.last = order;
                }
            },
        );
    }
    out
}

fn sight(
    out: &mut BTreeMap<ObjectId, Sighting>,
    id: ObjectId,
    path: RepoPath,
    order: usize,
    gaps: &mut Gaps,
) {
    if let Some(known) = out.get_mut(&id) {
        // What a file is for decides what is said of a value in it; production says most.
        if (role(&path), &path) < (role(&known.path), &known.path) {
            known.path = path;
            known.at = order;
        }
    } else if out.len() == MOST {
        gaps.more_contents = true;
    } else {
        let sighting = Sighting {
            path,
            at: order,
            first: order,
            last: order,
        };
        out.insert(id, sighting);
    }
}

/// Visits every file below `root` that no tree in `seen` holds.
fn walk(
    objects: &mut Objects,
    root: ObjectId,
    seen: &mut BTreeSet<ObjectId>,
    gaps: &mut Gaps,
    visit: &mut dyn FnMut(ObjectId, RepoPath, &mut Gaps),
) {
    let mut open = vec![(root, String::new())];
    while let Some((tree, dir)) = open.pop() {
        if seen.len() == MOST {
            gaps.more_contents = true;
            return;
        }
        if !seen.insert(tree) {
            continue;
        }
        let Some((kind, data)) = objects.read(tree, gaps) else {
            continue;
        };
        if kind != Kind::Tree {
            gaps.corrupt += 1;
            continue;
        }
        for entry in TreeRefIter::from_bytes(data, gix_hash::Kind::Sha1) {
            let Ok(entry) = entry else {
                gaps.corrupt += 1;
                break;
            };
            let name = String::from_utf8_lossy(entry.filename);
            if dir.len() + name.len() >= LONGEST {
                gaps.more_contents = true;
                continue;
            }
            let path = format!("{dir}{name}");
            if entry.mode.is_tree() {
                open.push((entry.oid.to_owned(), format!("{path}/")));
            } else if entry.mode.is_blob()
                && let Some(path) = RepoPath::new(&path)
            {
                visit(entry.oid.to_owned(), path, gaps);
            }
        }
    }
}
