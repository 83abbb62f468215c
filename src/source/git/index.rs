//! The git index, versions 2, 3 and 4, read from bytes that a stranger may have written.
//!
//! Every length is checked against what is left and against a bound, so a damaged index costs an
//! error and nothing else. Nothing here opens a file, and nothing is verified against objects.

use rustix::fs::Stat;

/// Longer paths cannot be opened on any system that git runs on.
const MAX_PATH: usize = 4096;

/// Version 4 stores paths as differences, so few bytes can stand for very many.
const MAX_PATH_BYTES: usize = 256 << 20;

/// Bytes of an entry before its object id.
const STAT_BYTES: usize = 40;

/// What git knows of the files of a checkout, in order of path.
#[derive(Debug, Default)]
pub(in crate::source) struct Index {
    entries: Vec<Entry>,
}

/// One path of the index.
#[derive(Debug)]
pub(in crate::source) struct Entry {
    /// The path, as bytes of any kind, relative to the root of the checkout.
    pub(in crate::source) path: Box<[u8]>,
    /// What it is.
    pub(in crate::source) kind: EntryKind,
    /// Seconds and nanoseconds of the last change when git last looked.
    mtime: (u32, u32),
    /// The lowest 32 bits of the size when git last looked.
    size: u32,
    /// Both sides of a merge, or a promise to add the file later.
    pending: bool,
    /// The user has told git not to look.
    assume_valid: bool,
    /// Left out of a sparse checkout.
    skip_worktree: bool,
}

/// What an entry of the index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum EntryKind {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// The commit of a submodule.
    Submodule,
    /// A folder that a sparse index does not list.
    SparseFolder,
}

/// How a file compares with its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::source) enum Fit {
    /// Unchanged since git last looked.
    Same,
    /// Only reading and hashing the file could tell.
    Undecided,
    /// Changed.
    Different,
}

/// Why an index cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Unusable {
    /// Its entries are in another file.
    Split,
    /// Newer than this reader.
    Unsupported,
    /// Not an index.
    Corrupt,
}

impl Index {
    /// Reads a whole index file.
    pub(in crate::source) fn parse(bytes: &[u8]) -> Result<Self, Unusable> {
        // The object format stands in `.git/config`, which is not read. The wrong length of an
        // object id makes nonsense of the first entry already.
        match Self::parse_with(bytes, 20) {
            Err(Unusable::Corrupt) => Self::parse_with(bytes, 32),
            decided => decided,
        }
    }

    fn parse_with(bytes: &[u8], id_bytes: usize) -> Result<Self, Unusable> {
        let corrupt = Unusable::Corrupt;
        let mut reader = Reader { rest: bytes };
        if reader.take(4) != Some(b"DIRC") {
            return Err(corrupt);
        }
        let version = reader.u32().ok_or(corrupt)?;
        if !(2..=4).contains(&version) {
            return Err(Unusable::Unsupported);
        }
        let count = reader.u32().ok_or(corrupt)? as usize;
        let mut entries: Vec<Entry> = Vec::with_capacity(count.min(bytes.len() / STAT_BYTES));
        let mut path_bytes = 0;
        let mut previous = (Box::default(), 0);
        for _ in 0..count {
            let (entry, stage) = reader
                .entry(version, id_bytes, &previous.0)
                .ok_or(corrupt)?;
            path_bytes += entry.path.len();
            let order = (entry.path.clone(), stage);
            if path_bytes > MAX_PATH_BYTES || (order <= previous && !entries.is_empty()) {
                return Err(corrupt);
            }
            // The sides of a merge share a path; one entry stands for all.
            if entries.last().is_none_or(|last| last.path != entry.path) {
                entries.push(entry);
            }
            previous = order;
        }
        reader.extensions(id_bytes)?;
        Ok(Self { entries })
    }

    /// All entries, in order of path.
    pub(in crate::source) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The position and the entry of `path`.
    pub(in crate::source) fn get(&self, path: &[u8]) -> Option<(usize, &Entry)> {
        let at = self
            .entries
            .binary_search_by(|entry| (*entry.path).cmp(path))
            .ok()?;
        self.entries.get(at).map(|entry| (at, entry))
    }

    /// Is anything below the folder `dir` tracked?
    pub(in crate::source) fn has_below(&self, dir: &str) -> bool {
        let below = |path: &[u8]| {
            path.strip_prefix(dir.as_bytes())
                .is_some_and(|rest| rest.starts_with(b"/"))
        };
        // `/` is not the smallest byte of a name, so `dir.md` may stand between `dir` and `dir/x`.
        let first = format!("{dir}/");
        let at = self
            .entries
            .partition_point(|entry| *entry.path < *first.as_bytes());
        self.entries.get(at).is_some_and(|entry| below(&entry.path))
    }
}

impl Entry {
    /// Must this path exist in the checkout?
    pub(in crate::source) fn is_expected(&self) -> bool {
        !self.skip_worktree && self.kind != EntryKind::SparseFolder
    }

    /// How a file or a link with this `stat` compares with the entry.
    ///
    /// Another size is another content. The same size at another time may be a copy of the same
    /// content: only hashing could tell. The same size and time count as unchanged, even within
    /// one tick of the clock of the index: the file would have to be written twice in that tick.
    pub(in crate::source) fn compare(&self, stat: &Stat) -> Fit {
        if self.pending {
            return Fit::Different;
        }
        if self.assume_valid || self.skip_worktree {
            return Fit::Same;
        }
        let size = u64::try_from(stat.st_size).unwrap_or(u64::MAX);
        if size & u64::from(u32::MAX) != u64::from(self.size) {
            // Git writes 0 over the size of an entry that it wants to look at again.
            return if self.size == 0 {
                Fit::Undecided
            } else {
                Fit::Different
            };
        }
        let seconds = u32::try_from(stat.st_mtime).unwrap_or(u32::MAX);
        let nanoseconds = u32::try_from(stat.st_mtime_nsec).unwrap_or(0);
        let (entry_seconds, entry_nanoseconds) = self.mtime;
        // A git built without nanoseconds writes 0.
        let same_tick = entry_nanoseconds == 0 || entry_nanoseconds == nanoseconds;
        if seconds == entry_seconds && same_tick {
            Fit::Same
        } else {
            Fit::Undecided
        }
    }
}

/// The unread rest of the index.
struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    /// One entry and its stage in a merge.
    fn entry(&mut self, version: u32, id_bytes: usize, previous: &[u8]) -> Option<(Entry, u16)> {
        let start = self.rest.len();
        self.take(8)?;
        let mtime = (self.u32()?, self.u32()?);
        self.take(8)?;
        let mode = self.u32()?;
        self.take(8)?;
        let size = self.u32()?;
        self.take(id_bytes)?;
        let flags = self.u16()?;
        let extended = if flags & 0x4000 == 0 { 0 } else { self.u16()? };
        if version == 2 && flags & 0x4000 != 0 {
            return None;
        }
        let path = if version == 4 {
            self.short_path(previous)?
        } else {
            self.path()?
        };
        if version != 4 {
            // The path and its NUL are padded with NULs to a multiple of eight bytes.
            let padding = (8 - (start - self.rest.len()) % 8) % 8;
            self.take(padding)?
                .iter()
                .all(|byte| *byte == 0)
                .then_some(())?;
        }
        let recorded = usize::from(flags & 0x0FFF);
        let is_sane = path.len() <= MAX_PATH
            && recorded == path.len().min(0x0FFF)
            && !path.is_empty()
            && !path.starts_with(b"/");
        let stage = (flags >> 12) & 3;
        let entry = Entry {
            kind: entry_kind(mode)?,
            mtime,
            size,
            pending: stage != 0 || extended & 0x2000 != 0,
            assume_valid: flags & 0x8000 != 0,
            skip_worktree: extended & 0x4000 != 0,
            path,
        };
        is_sane.then_some((entry, stage))
    }

    fn path(&mut self) -> Option<Box<[u8]>> {
        let end = memchr::memchr(0, self.rest)?;
        let path = self.take(end)?;
        self.take(1)?;
        Some(path.into())
    }

    /// A path of version 4: how many bytes to drop from the previous path, and what to add.
    fn short_path(&mut self, previous: &[u8]) -> Option<Box<[u8]>> {
        let keep = previous.len().checked_sub(self.varint()?)?;
        let end = memchr::memchr(0, self.rest)?;
        let added = self.take(end)?;
        self.take(1)?;
        (keep + added.len() <= MAX_PATH).then_some(())?;
        Some([previous.get(..keep)?, added].concat().into())
    }

    /// Git's offset encoding: seven bits a byte, and every continuation adds one.
    fn varint(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        loop {
            let byte = *self.take(1)?.first()?;
            value = value
                .checked_shl(7)?
                .checked_add(usize::from(byte & 0x7F))?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            value = value.checked_add(1)?;
            (value <= MAX_PATH).then_some(())?;
        }
    }

    /// Walks the extensions, which must end exactly where the checksum begins.
    fn extensions(&mut self, id_bytes: usize) -> Result<(), Unusable> {
        while self.rest.len() > id_bytes {
            let signature = self.take(4).ok_or(Unusable::Corrupt)?;
            let size = self.u32().ok_or(Unusable::Corrupt)? as usize;
            self.take(size).ok_or(Unusable::Corrupt)?;
            match signature {
                b"link" => return Err(Unusable::Split),
                b"sdir" => {}
                // A reader may pass over what begins with a capital letter, and nothing else.
                [first, ..] if first.is_ascii_uppercase() => {}
                [first, ..] if first.is_ascii_lowercase() => return Err(Unusable::Unsupported),
                _ => return Err(Unusable::Corrupt),
            }
        }
        if self.rest.len() == id_bytes {
            Ok(())
        } else {
            Err(Unusable::Corrupt)
        }
    }
}

fn entry_kind(mode: u32) -> Option<EntryKind> {
    match mode & 0o170_000 {
        0o100_000 => Some(EntryKind::File),
        0o120_000 => Some(EntryKind::Link),
        0o160_000 => Some(EntryKind::Submodule),
        0o040_000 => Some(EntryKind::SparseFolder),
        _ => None,
    }
}
