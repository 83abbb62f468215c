//! The tips of the history: every ref, and HEAD, read as text.

use crate::source::folder::{Folder, Kind, join};
use crate::source::git::{GitFolders, MAX_PACKED_REFS, first_line, object_id};
use gix_hash::ObjectId;
use std::collections::BTreeSet;

/// Folders below `refs/`.
const DEEPEST: usize = 16;
/// Refs that are followed, and names in one folder that are looked at.
const MOST: usize = 100_000;

/// What the refs point at.
#[derive(Default)]
pub(super) struct Tips {
    /// Objects that refs name.
    pub(super) ids: BTreeSet<ObjectId>,
    /// Are there refs that were not followed?
    pub(super) more: bool,
    /// Are the refs kept in a form that is not read: reftable, or another hash than SHA-1?
    pub(super) foreign: bool,
}

impl Tips {
    /// Reads HEAD, loose refs and packed refs.
    pub(super) fn read(folders: &GitFolders) -> Self {
        let mut out = Self::default();
        let shared = folders.shared();
        if shared.folder("reftable").is_ok() {
            out.foreign = true;
            return out;
        }
        out.line(&first_line(&folders.own, "HEAD").unwrap_or_default());
        out.loose(shared);
        out.packed(shared);
        out
    }

    fn line(&mut self, line: &[u8]) {
        let Some(id) = object_id(line) else { return };
        match ObjectId::from_hex(id.as_bytes()) {
            Ok(id) if id.kind() == gix_hash::Kind::Sha1 && self.ids.len() < MOST => {
                self.ids.insert(id);
            }
            Ok(id) if id.kind() == gix_hash::Kind::Sha1 => self.more = true,
            _ => self.foreign = true,
        }
    }

    fn loose(&mut self, shared: &Folder) {
        let mut folders = vec![("refs".to_owned(), 1)];
        while let Some((folder, depth)) = folders.pop() {
            let Ok((entries, more)) = shared.entries(&folder, MOST) else {
                self.more = true;
                continue;
            };
            self.more |= more;
            for entry in entries {
                let Some(name) = entry.name.to_str() else {
                    self.more = true;
                    continue;
                };
                let path = join(&folder, name);
                match entry.kind {
                    Kind::Folder if depth < DEEPEST => folders.push((path, depth + 1)),
                    Kind::File(_) => self.line(&first_line(shared, &path).unwrap_or_default()),
                    _ => self.more = true,
                }
            }
        }
    }

    fn packed(&mut self, shared: &Folder) {
        let Ok(packed) = shared.read("packed-refs", MAX_PACKED_REFS) else {
            return;
        };
        self.more |= packed.truncated;
        for line in packed.bytes.split(|byte| *byte == b'\n') {
            // `<id> <name>`, comments, and `^<id>` for what an annotated tag leads to.
            let id = line.split(|byte| *byte == b' ').next().unwrap_or_default();
            self.line(id);
        }
    }
}
