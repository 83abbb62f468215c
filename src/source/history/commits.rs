//! The commits that the tips lead to, each after its parents.

use super::objects::{Gaps, Objects};
use gix_hash::ObjectId;
use gix_object::{Kind, TagRefIter};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Commits that are followed.
const MOST: usize = 500_000;
/// A tag may name a tag.
const MAX_TAG_CHAIN: usize = 8;

/// A commit, as far as its files are concerned.
pub(super) struct Node {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    pub(super) seconds: i64,
    parents: Vec<ObjectId>,
}

/// All commits that `tips` lead to, each after its parents, else by time.
pub(super) fn ordered(
    objects: &mut Objects,
    tips: &BTreeSet<ObjectId>,
    shallow: &BTreeSet<ObjectId>,
    gaps: &mut Gaps,
) -> Vec<Node> {
    let mut found: BTreeMap<ObjectId, Node> = BTreeMap::new();
    let mut open: Vec<ObjectId> = tips
        .iter()
        .filter_map(|tip| peeled(objects, *tip, gaps))
        .collect();
    while let Some(id) = open.pop() {
        if found.contains_key(&id) {
            continue;
        }
        if found.len() == MOST {
            gaps.more_commits = true;
            break;
        }
        let Some(mut node) = commit(objects, id, gaps) else {
            continue;
        };
        if shallow.contains(&id) {
            node.parents.clear();
        }
        open.extend(&node.parents);
        found.insert(id, node);
    }
    in_order(found)
}

/// The commit that a ref or a chain of tags names.
fn peeled(objects: &mut Objects, mut id: ObjectId, gaps: &mut Gaps) -> Option<ObjectId> {
    for _ in 0..MAX_TAG_CHAIN {
        match objects.read(id, gaps)? {
            (Kind::Commit, _) => return Some(id),
            (Kind::Tag, data) => {
                let target = TagRefIter::from_bytes(data, gix_hash::Kind::Sha1).target_id();
                id = target.ok()?;
            }
            (Kind::Tree | Kind::Blob, _) => break,
        }
    }
    gaps.strange_refs += 1;
    None
}

fn commit(objects: &mut Objects, id: ObjectId, gaps: &mut Gaps) -> Option<Node> {
    let (kind, data) = objects.read(id, gaps)?;
    if kind != Kind::Commit {
        gaps.corrupt += 1;
        return None;
    }
    let Ok(commit) = gix_object::CommitRef::from_bytes(data, gix_hash::Kind::Sha1) else {
        gaps.corrupt += 1;
        return None;
    };
    Some(Node {
        id,
        tree: commit.tree(),
        seconds: commit.time().map_or(0, |time| time.seconds),
        parents: commit.parents().collect(),
    })
}

/// Parents first; among those whose parents are done, the oldest.
fn in_order(mut found: BTreeMap<ObjectId, Node>) -> Vec<Node> {
    let mut waiting: BTreeMap<ObjectId, usize> = BTreeMap::new();
    let mut children: BTreeMap<ObjectId, Vec<ObjectId>> = BTreeMap::new();
    let mut ready = BinaryHeap::new();
    for (id, node) in &found {
        let parents: BTreeSet<ObjectId> = node
            .parents
            .iter()
            .filter(|parent| found.contains_key(*parent))
            .copied()
            .collect();
        if parents.is_empty() {
            ready.push(Reverse((node.seconds, *id)));
        }
        waiting.insert(*id, parents.len());
        for parent in parents {
            children.entry(parent).or_default().push(*id);
        }
    }
    let mut out = Vec::with_capacity(found.len());
    while let Some(Reverse((_, id))) = ready.pop() {
        for child in children.remove(&id).unwrap_or_default() {
            let Some(left) = waiting.get_mut(&child) else {
                continue;
            };
            *left -= 1;
            if *left == 0
                && let Some(node) = found.get(&child)
            {
                ready.push(Reverse((node.seconds, child)));
            }
        }
        out.extend(found.remove(&id));
    }
    out
}
