//! The door against a hostile disk. Every test builds its tree in a folder of its own.

mod checkout;
mod ignored;

use super::*;
use crate::model::{SkipReason, Tracked};
use rustix::fs::{CWD, Mode};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use tempfile::TempDir;

const MIB: usize = 1 << 20;

/// A tree of files with the given contents.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        put(root.path(), path, text);
    }
    root
}

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn fifo(path: &Path) {
    rustix::fs::mkfifoat(CWD, path, Mode::from_raw_mode(0o644)).unwrap();
}

fn list(root: &Path) -> Listing {
    Disk::new(root).unwrap().list().unwrap()
}

fn paths(listing: &Listing) -> Vec<&str> {
    listing
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect()
}

fn skipped(listing: &Listing) -> Vec<(&str, SkipReason)> {
    listing
        .skipped
        .iter()
        .map(|skipped| (skipped.path.as_str(), skipped.reason))
        .collect()
}

fn at(path: &str) -> RepoPath {
    RepoPath::new(path).unwrap()
}

#[test]
fn lists_every_file_in_order_of_path() {
    let root = tree(&[("b/z.py", ""), ("b.py", "x"), ("a/.hidden", ""), ("B", "")]);
    fs::set_permissions(root.path().join("b.py"), fs::Permissions::from_mode(0o755)).unwrap();
    let listing = list(root.path());
    assert_eq!(paths(&listing), ["B", "a/.hidden", "b.py", "b/z.py"]);
    assert!(
        listing
            .files
            .iter()
            .all(|file| file.tracked == Tracked::Unknown)
    );
    let script = listing
        .files
        .iter()
        .find(|file| file.path.as_str() == "b.py")
        .unwrap();
    assert!(script.executable && script.size == 1);
    assert_eq!(
        (listing.git, listing.target.commit, listing.target.dirty),
        (false, None, None)
    );
}

#[test]
fn reads_no_more_than_the_cap() {
    let root = tree(&[("a", "12345")]);
    let disk = Disk::new(root.path()).unwrap();
    for (cap, want, truncated) in [(9, "12345", false), (5, "12345", false), (4, "1234", true)] {
        let content = disk.open(&at("a"), cap).unwrap();
        assert_eq!(
            (content.bytes.as_slice(), content.truncated),
            (want.as_bytes(), truncated)
        );
    }
}

#[test]
fn a_sparse_giant_costs_its_cap() {
    let root = tree(&[]);
    let file = fs::File::create(root.path().join("giant")).unwrap();
    file.set_len(1 << 36).unwrap();
    let content = Disk::new(root.path())
        .unwrap()
        .open(&at("giant"), MIB)
        .unwrap();
    assert!(content.truncated && content.bytes.len() == MIB);
}

#[test]
fn targets_that_cannot_be_audited_are_errors() {
    let root = tree(&[("file", "")]);
    fifo(&root.path().join("fifo"));
    symlink("nowhere", root.path().join("dangling")).unwrap();
    let error = |name: &str| Disk::new(&root.path().join(name)).err();
    assert!(matches!(error("missing"), Some(Error::Missing(_))));
    assert!(matches!(error("dangling"), Some(Error::Missing(_))));
    assert!(matches!(error("file/below"), Some(Error::Missing(_))));
    assert!(matches!(error("fifo"), Some(Error::NotAFolder(_))));
    assert!(matches!(
        Disk::new(Path::new("/dev/null")),
        Err(Error::NotAFolder(_))
    ));
    let Some(Error::Missing(shown)) = error("a\u{1b}[2J") else {
        panic!("not missing")
    };
    assert!(shown.ends_with("a\\u{1b}[2J"), "{shown}");
}

#[test]
fn a_target_may_be_one_file_or_a_link_to_a_folder() {
    let root = tree(&[
        ("app/main.py", "1"),
        ("app/other.py", ""),
        ("app/.gitignore", "main.py"),
    ]);
    let file = root.path().join("app/main.py");
    assert_eq!(paths(&list(&file)), ["main.py"]);
    assert_eq!(
        Disk::new(&file)
            .unwrap()
            .open(&at("main.py"), 9)
            .unwrap()
            .bytes,
        b"1"
    );
    symlink("app", root.path().join("link")).unwrap();
    let listing = list(&root.path().join("link"));
    assert_eq!(paths(&listing), [".gitignore", "main.py", "other.py"]);
    assert_eq!(listing.target.name, "app");
}

#[test]
fn links_are_named_and_never_followed() {
    let outside = tree(&[("secret", "s3cret")]);
    let root = tree(&[("in/real.py", "")]);
    let link = |to: &Path, name: &str| symlink(to, root.path().join(name)).unwrap();
    link(&outside.path().join("secret"), "file");
    link(outside.path(), "folder");
    link(Path::new("."), "in/loop");
    link(Path::new("b"), "a");
    link(Path::new("a"), "b");
    link(Path::new("/dev/zero"), "zero");
    link(Path::new("/proc/self/environ"), "package.json");
    link(Path::new("nowhere"), "dangling");
    let listing = list(root.path());
    assert_eq!(paths(&listing), ["in/real.py"]);
    let links = [
        "a",
        "b",
        "dangling",
        "file",
        "folder",
        "in/loop",
        "package.json",
        "zero",
    ];
    assert_eq!(
        skipped(&listing),
        links.map(|path| (path, SkipReason::Link))
    );
    let disk = Disk::new(root.path()).unwrap();
    for path in [
        "file",
        "folder/secret",
        "in/loop/real.py",
        "a",
        "zero",
        "package.json",
    ] {
        assert_eq!(
            disk.open(&at(path), MIB).unwrap_err().reason,
            SkipReason::Link,
            "{path}"
        );
    }
}

#[test]
fn special_files_are_named_and_never_opened() {
    let root = tree(&[("a.py", "")]);
    fifo(&root.path().join("pipe.py"));
    let _socket = UnixListener::bind(root.path().join("socket.py")).unwrap();
    let listing = list(root.path());
    assert_eq!(paths(&listing), ["a.py"]);
    assert_eq!(
        skipped(&listing),
        [
            ("pipe.py", SkipReason::Special),
            ("socket.py", SkipReason::Special)
        ]
    );
    let disk = Disk::new(root.path()).unwrap();
    for path in ["pipe.py", "socket.py"] {
        assert_eq!(
            disk.open(&at(path), 9).unwrap_err().reason,
            SkipReason::Special,
            "{path}"
        );
    }
}

#[test]
fn what_changes_after_listing_is_told() {
    let root = tree(&[("gone.py", ""), ("swapped.py", ""), ("folder.py", "")]);
    let disk = Disk::new(root.path()).unwrap();
    assert_eq!(disk.list().unwrap().files.len(), 3);
    for name in ["gone.py", "swapped.py", "folder.py"] {
        fs::remove_file(root.path().join(name)).unwrap();
    }
    symlink("/etc/passwd", root.path().join("swapped.py")).unwrap();
    fs::create_dir(root.path().join("folder.py")).unwrap();
    let reason = |path: &str| disk.open(&at(path), 9).unwrap_err().reason;
    assert_eq!(reason("gone.py"), SkipReason::Vanished);
    assert_eq!(reason("gone.py/below"), SkipReason::Vanished);
    assert_eq!(reason("swapped.py"), SkipReason::Link);
    assert_eq!(reason("folder.py"), SkipReason::Special);
}

#[test]
fn unreadable_files_and_folders_are_named() {
    let root = tree(&[("a.py", ""), ("locked.py", ""), ("locked/b.py", "")]);
    let lock = |name: &str, mode| {
        fs::set_permissions(root.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    lock("locked.py", 0);
    lock("locked", 0);
    if fs::File::open(root.path().join("locked.py")).is_ok() {
        println!("skipped: this user may read everything");
    } else {
        let disk = Disk::new(root.path()).unwrap();
        assert_eq!(
            skipped(&disk.list().unwrap()),
            [("locked", SkipReason::Unreadable)]
        );
        let refused = disk.open(&at("locked.py"), 9).unwrap_err();
        assert_eq!(refused.reason, SkipReason::Unreadable);
        assert_eq!(refused.detail.as_deref(), Some("permission denied"));
    }
    lock("locked", 0o755);
}

// Other systems refuse to make such names.
#[cfg(target_os = "linux")]
#[test]
fn names_that_cannot_be_used_are_never_lost() {
    let root = tree(&[("a.py", ""), ("evil\u{202e}\n.py", "")]);
    put_bytes(root.path(), b"caf\xe9.py");
    put_bytes(root.path(), b"dir\xff/inner.py");
    let listing = list(root.path());
    assert_eq!(paths(&listing), ["a.py", "evil\u{202e}\n.py"]);
    assert_eq!(
        skipped(&listing),
        [
            ("caf\\xe9.py", SkipReason::Name),
            ("dir\\xff", SkipReason::Name)
        ]
    );
}

#[cfg(target_os = "linux")]
fn put_bytes(root: &Path, path: &[u8]) {
    let path = root.join(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(path));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, "").unwrap();
}

#[test]
fn a_thousand_folders_deep_is_cut_and_told() {
    let root = tree(&[("a.py", "")]);
    let mut handle = fs::File::open(root.path()).unwrap();
    for _ in 0..1000 {
        rustix::fs::mkdirat(&handle, "d", Mode::from_raw_mode(0o755)).unwrap();
        let flags = rustix::fs::OFlags::DIRECTORY | rustix::fs::OFlags::RDONLY;
        handle = rustix::fs::openat(&handle, "d", flags, Mode::empty())
            .unwrap()
            .into();
    }
    let listing = list(root.path());
    assert_eq!(paths(&listing), ["a.py"]);
    let cut = vec!["d"; 201].join("/");
    assert_eq!(skipped(&listing), [(cut.as_str(), SkipReason::Name)]);
}

#[test]
fn paths_too_long_to_open_are_named() {
    let root = tree(&[]);
    let part = "x".repeat(250);
    let mut handle = fs::File::open(root.path()).unwrap();
    for _ in 0..20 {
        rustix::fs::mkdirat(&handle, part.as_str(), Mode::from_raw_mode(0o755)).unwrap();
        let flags = rustix::fs::OFlags::DIRECTORY | rustix::fs::OFlags::RDONLY;
        handle = rustix::fs::openat(&handle, part.as_str(), flags, Mode::empty())
            .unwrap()
            .into();
    }
    let listing = list(root.path());
    assert_eq!(listing.skipped.len(), 1);
    let only = listing.skipped.first().unwrap();
    assert_eq!(only.reason, SkipReason::Name);
    assert_eq!(
        only.detail.as_deref(),
        Some("the path is longer than 4000 bytes")
    );
}

#[test]
fn the_listing_depends_on_nothing_but_the_tree() {
    let names = ["m", "a/b", "z", "a/a", "B/c", "a.b", "a-b/c", "é"];
    let forward = tree(&names.map(|name| (name, "x")));
    let mut reversed = names;
    reversed.reverse();
    let backward = tree(&reversed.map(|name| (name, "x")));
    let (one, other) = (list(forward.path()), list(backward.path()));
    assert_eq!(format!("{:?}", one.files), format!("{:?}", other.files));
}

#[test]
fn an_empty_folder_lists_nothing() {
    let listing = list(tree(&[]).path());
    assert!(listing.files.is_empty() && listing.skipped.is_empty());
}

#[test]
fn memory_behaves_like_a_disk() {
    let files = BTreeMap::from([(at("b/.env"), b"KEY=1".to_vec()), (at("a.py"), Vec::new())]);
    let memory = Memory::new(files).with_tracked(at("b/.env"), Tracked::Ignored);
    let listing = memory.list().unwrap();
    assert_eq!(paths(&listing), ["a.py", "b/.env"]);
    let tracked: Vec<_> = listing.files.iter().map(|file| file.tracked).collect();
    assert_eq!(tracked, [Tracked::Tracked, Tracked::Ignored]);
    assert!(memory.open(&at("b/.env"), 3).unwrap().truncated);
    assert_eq!(
        memory.open(&at("c"), 3).unwrap_err().reason,
        SkipReason::Vanished
    );
}
