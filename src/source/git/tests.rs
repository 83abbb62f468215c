//! Indexes written byte by byte, whole and damaged.

use super::index::{Index, Unusable};

/// Writes an index as git does.
#[derive(Clone)]
pub(in crate::source) struct IndexFile {
    version: u32,
    id_bytes: usize,
    entries: Vec<(Vec<u8>, u32, u16)>,
    extensions: Vec<u8>,
}

impl IndexFile {
    pub(in crate::source) fn new(version: u32) -> Self {
        Self {
            version,
            id_bytes: 20,
            entries: Vec::new(),
            extensions: Vec::new(),
        }
    }

    /// Adds regular files, in the order that an index has them.
    pub(in crate::source) fn with_paths(mut self, paths: &[&str]) -> Self {
        self.entries.extend(
            paths
                .iter()
                .map(|path| (path.as_bytes().to_vec(), 0o100_644, 0)),
        );
        self.entries.sort();
        self
    }

    pub(in crate::source) fn with_entry(mut self, path: &str, mode: u32) -> Self {
        self.entries.push((path.as_bytes().to_vec(), mode, 0));
        self.entries.sort();
        self
    }

    fn with_sha256(mut self) -> Self {
        self.id_bytes = 32;
        self
    }

    fn with_extension(mut self, signature: [u8; 4], bytes: &[u8]) -> Self {
        self.extensions.extend_from_slice(&signature);
        self.extensions
            .extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_be_bytes());
        self.extensions.extend_from_slice(bytes);
        self
    }

    pub(in crate::source) fn bytes(&self) -> Vec<u8> {
        let mut out = b"DIRC".to_vec();
        out.extend(self.version.to_be_bytes());
        out.extend(u32::try_from(self.entries.len()).unwrap().to_be_bytes());
        let mut previous: &[u8] = b"";
        for (path, mode, extended) in &self.entries {
            let start = out.len();
            out.extend([0; 24]);
            out.extend(mode.to_be_bytes());
            out.extend([0; 12]);
            out.extend(vec![7; self.id_bytes]);
            let length = u16::try_from(path.len().min(0xFFF)).unwrap();
            if *extended == 0 {
                out.extend(length.to_be_bytes());
            } else {
                out.extend((length | 0x4000).to_be_bytes());
                out.extend(extended.to_be_bytes());
            }
            if self.version == 4 {
                let same = previous
                    .iter()
                    .zip(path)
                    .take_while(|(a, b)| a == b)
                    .count();
                out.extend(varint(previous.len() - same));
                out.extend(&path[same..]);
                out.push(0);
            } else {
                out.extend(path);
                let padding = 8 - (out.len() - start) % 8;
                out.extend(vec![0; padding]);
            }
            previous = path;
        }
        out.extend(&self.extensions);
        out.extend(vec![9; self.id_bytes]);
        out
    }
}

/// Git's offset encoding, from its last byte to its first.
fn varint(mut value: usize) -> Vec<u8> {
    let mut bytes = vec![u8::try_from(value & 0x7F).unwrap()];
    while value >> 7 > 0 {
        value = (value >> 7) - 1;
        bytes.push(u8::try_from(value & 0x7F).unwrap() | 0x80);
    }
    bytes.reverse();
    bytes
}

fn sample(version: u32) -> IndexFile {
    let long = "deep/".repeat(60) + "end";
    IndexFile::new(version)
        .with_paths(&["a", "dir/one.py", "dir/two.py", "dir-x", &long, "zz"])
        .with_entry("link", 0o120_000)
        .with_entry("module", 0o160_000)
        .with_extension(*b"TREE", b"anything")
}

#[test]
fn every_version_and_id_length_is_read() {
    for version in [2, 3, 4] {
        for file in [sample(version), sample(version).with_sha256()] {
            let index = Index::parse(&file.bytes()).unwrap();
            let want: Vec<&[u8]> = file
                .entries
                .iter()
                .map(|(path, ..)| path.as_slice())
                .collect();
            let got: Vec<&[u8]> = index.entries().iter().map(|entry| &*entry.path).collect();
            assert_eq!(got, want, "version {version}");
            assert!(index.get(b"dir/two.py").is_some() && index.get(b"dir").is_none());
            assert!(index.has_below("dir") && index.has_below("deep/deep"));
            assert!(!index.has_below("di") && !index.has_below("a") && !index.has_below("zz"));
        }
        assert!(
            Index::parse(&IndexFile::new(version).bytes())
                .unwrap()
                .entries()
                .is_empty()
        );
    }
}

#[test]
fn an_index_cut_anywhere_is_refused_or_lists_everything() {
    for version in [2, 3, 4] {
        let file = sample(version);
        let bytes = file.bytes();
        for length in 0..bytes.len() {
            // A cut behind the last entry can leave as many bytes as a checksum has.
            if let Ok(index) = Index::parse(&bytes[..length]) {
                let all = file.entries.len();
                assert_eq!(
                    index.entries().len(),
                    all,
                    "version {version}, {length} bytes"
                );
            }
        }
    }
}

#[test]
fn an_index_with_any_byte_changed_never_panics() {
    for version in [2, 4] {
        let bytes = sample(version).bytes();
        for position in 0..bytes.len() {
            for change in [0x01, 0x80, 0xFF] {
                let mut damaged = bytes.clone();
                damaged[position] ^= change;
                let _ = Index::parse(&damaged);
            }
        }
    }
}

#[test]
fn what_is_not_understood_is_not_guessed() {
    let refused = |file: IndexFile| Index::parse(&file.bytes()).err();
    assert_eq!(
        refused(sample(2).with_extension(*b"link", &[0; 20])),
        Some(Unusable::Split)
    );
    assert_eq!(
        refused(sample(2).with_extension(*b"news", b"")),
        Some(Unusable::Unsupported)
    );
    assert_eq!(
        refused(sample(2).with_extension(*b"\0\0\0\0", b"")),
        Some(Unusable::Corrupt)
    );
    assert_eq!(refused(IndexFile::new(5)), Some(Unusable::Unsupported));
    assert_eq!(Index::parse(b"").err(), Some(Unusable::Corrupt));
    assert_eq!(Index::parse(&[0; 4096]).err(), Some(Unusable::Corrupt));
    assert_eq!(
        refused(IndexFile::new(2).with_entry("odd", 0o010_000)),
        Some(Unusable::Corrupt)
    );
    assert_eq!(
        refused(IndexFile::new(2).with_paths(&["/etc/passwd"])),
        Some(Unusable::Corrupt)
    );
    let mut unordered = sample(2);
    unordered.entries.reverse();
    assert_eq!(refused(unordered), Some(Unusable::Corrupt));
    let promised = [b"DIRC".as_slice(), &[0, 0, 0, 2], &[0xFF; 4], &[0; 200]].concat();
    assert_eq!(Index::parse(&promised).err(), Some(Unusable::Corrupt));
}

#[test]
fn short_paths_of_version_4_cannot_stand_for_gigabytes() {
    // Each entry repeats a long path and adds one byte.
    let mut file = IndexFile::new(4);
    let mut path = vec![b'a'; 4000];
    for _ in 0..200 {
        path.push(b'b');
        file.entries.push((path.clone(), 0o100_644, 0));
    }
    assert_eq!(Index::parse(&file.bytes()).err(), Some(Unusable::Corrupt));
}
