//! What a checkout says of itself, held against git where git is installed.

use super::*;
use crate::source::git::tests::IndexFile;
use std::process::Command;

/// What happens to a checkout, and whether it is dirty then.
type Change = (&'static str, fn(&Path), Option<bool>);

/// What is wrong with `.git`, and the line of the report about it.
type Damage<'d> = (&'static str, &'static str, SkipReason, &'d dyn Fn(&Path));

/// Runs git in `root`, away from the user's configuration; `None` when git is not installed.
fn git(root: &Path, args: &[&str]) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "git itself is the oracle of these tests"
    )]
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=Nobody",
            "-c",
            "user.email=nobody@example.org",
        ])
        .args([
            "-c",
            "protocol.file.allow=always",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(args)
        .current_dir(root)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", root)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .ok()?;
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

/// A repository with one commit; `None`, and a word about it, without git.
fn repository(files: &[(&str, &str)]) -> Option<TempDir> {
    let root = tree(files);
    if git(root.path(), &["init", "-q"]).is_none() {
        println!("skipped: git is not installed");
        return None;
    }
    git(root.path(), &["add", "-Af"]);
    git(root.path(), &["commit", "-qm", "first"]);
    Some(root)
}

fn tracked(listing: &Listing) -> Vec<&str> {
    let tracked = listing
        .files
        .iter()
        .filter(|file| file.tracked == Tracked::Tracked);
    tracked.map(|file| file.path.as_str()).collect()
}

fn head(root: &Path) -> Option<String> {
    git(root, &["rev-parse", "HEAD"]).map(|id| id.trim().to_owned())
}

const FILES: [(&str, &str); 5] = [
    (".env", "A=1"),
    (".gitignore", ".env\n"),
    ("a.py", "print(1)"),
    ("a/b/c.py", ""),
    ("ünïcode/患者.txt", ""),
];

#[test]
fn indexes_of_every_version_agree_with_git() {
    for version in ["2", "3", "4"] {
        let Some(root) = repository(&FILES) else {
            return;
        };
        git(root.path(), &["update-index", "--index-version", version]);
        put(root.path(), "new.py", "");
        let listing = list(root.path());
        assert_eq!(
            tracked(&listing),
            FILES.map(|(path, _)| path),
            "version {version}"
        );
        assert_eq!(listing.target.commit, head(root.path()));
        assert_eq!(listing.target.dirty, Some(false));
    }
}

#[test]
fn sha256_repositories_are_read() {
    let root = tree(&FILES);
    if git(root.path(), &["init", "-q", "--object-format=sha256"]).is_none() {
        return;
    }
    git(root.path(), &["add", "-Af"]);
    git(root.path(), &["commit", "-qm", "first"]);
    let listing = list(root.path());
    assert_eq!(tracked(&listing).len(), FILES.len());
    assert_eq!(listing.target.commit.as_deref().map(str::len), Some(64));
}

#[test]
fn packed_refs_and_detached_heads_lead_to_the_commit() {
    let Some(root) = repository(&FILES) else {
        return;
    };
    git(root.path(), &["pack-refs", "--all"]);
    assert_eq!(list(root.path()).target.commit, head(root.path()));
    git(root.path(), &["checkout", "-q", "--detach"]);
    assert_eq!(list(root.path()).target.commit, head(root.path()));
}

#[test]
fn dirty_is_claimed_only_when_it_is_sure() {
    let dirty = |change: fn(&Path)| {
        let root = repository(&FILES)?;
        change(root.path());
        Some(list(root.path()).target.dirty)
    };
    let cases: [Change; 6] = [
        ("nothing", |_| {}, Some(false)),
        ("a new file", |root| put(root, "new.py", ""), Some(false)),
        (
            "another size",
            |root| put(root, "a.py", "longer than before"),
            Some(true),
        ),
        (
            "deleted",
            |root| fs::remove_file(root.join("a.py")).unwrap(),
            Some(true),
        ),
        (
            "same content, later",
            |root| {
                let file = fs::File::options()
                    .write(true)
                    .open(root.join("a.py"))
                    .unwrap();
                file.set_modified(std::time::UNIX_EPOCH).unwrap();
            },
            None,
        ),
        (
            "a link instead",
            |root| {
                fs::remove_file(root.join("a.py")).unwrap();
                symlink("a/b/c.py", root.join("a.py")).unwrap();
            },
            Some(true),
        ),
    ];
    for (what, change, want) in cases {
        let Some(got) = dirty(change) else { return };
        assert_eq!(got, want, "{what}");
    }
}

#[test]
fn linked_worktrees_are_read_from_the_folder_that_points_back() {
    let Some(root) = repository(&FILES) else {
        return;
    };
    let other = tempfile::tempdir().unwrap();
    let tree = other.path().join("tree");
    git(
        root.path(),
        &[
            "worktree",
            "add",
            "-q",
            "-b",
            "topic",
            tree.to_str().unwrap(),
        ],
    );
    let listing = list(&tree);
    assert_eq!(tracked(&listing).len(), FILES.len());
    assert_eq!(listing.target.commit, head(root.path()));
    // A stranger's pointer to a repository that knows nothing of this folder.
    let thief = super::tree(&[("a.py", "")]);
    for target in [
        root.path().join(".git"),
        root.path().join(".git/worktrees/tree"),
    ] {
        put(
            thief.path(),
            ".git",
            &format!("gitdir: {}\n", target.display()),
        );
        let listing = list(thief.path());
        assert_eq!(
            (listing.git, listing.target.commit.as_deref()),
            (false, None)
        );
        assert_eq!(skipped(&listing), [(".git", SkipReason::Elsewhere)]);
    }
}

#[test]
fn submodules_and_nested_repositories_are_theirs_own() {
    let Some(library) = repository(&[("lib.py", "")]) else {
        return;
    };
    let Some(root) = repository(&[("a.py", "")]) else {
        return;
    };
    let url = library.path().to_str().unwrap();
    git(root.path(), &["submodule", "--quiet", "add", url, "libs/x"]);
    git(root.path(), &["submodule", "--quiet", "add", url, "libs/y"]);
    fs::remove_dir_all(root.path().join("libs/y")).unwrap();
    fs::create_dir(root.path().join("libs/y")).unwrap();
    put(root.path(), "nested/.git/HEAD", "");
    put(root.path(), "nested/n.py", "");
    let listing = list(root.path());
    let state = |path: &str| {
        listing
            .files
            .iter()
            .find(|file| file.path.as_str() == path)
            .map(|file| file.tracked)
    };
    assert_eq!(state("libs/x/lib.py"), Some(Tracked::Unknown));
    assert_eq!(state("nested/n.py"), Some(Tracked::Unknown));
    assert_eq!(state("a.py"), Some(Tracked::Tracked));
    assert_eq!(skipped(&listing), [("libs/y", SkipReason::Elsewhere)]);
    assert_eq!(listing.target.dirty, None);
    // The submodule as a target of its own points to a folder outside that does not point back.
    assert!(!list(&root.path().join("libs/x")).git);
}

#[test]
fn sparse_checkouts_say_what_is_not_here() {
    let Some(root) = repository(&FILES) else {
        return;
    };
    git(
        root.path(),
        &[
            "sparse-checkout",
            "set",
            "--cone",
            "--sparse-index",
            "ünïcode",
        ],
    );
    let listing = list(root.path());
    assert!(!paths(&listing).contains(&"a/b/c.py"));
    assert_eq!(skipped(&listing), [(".", SkipReason::Elsewhere)]);
    assert_eq!(listing.target.dirty, Some(false));
}

#[test]
fn a_damaged_git_folder_costs_only_what_git_says() {
    let good = IndexFile::new(2).with_paths(&["a.py"]).bytes();
    let cases: [Damage<'_>; 7] = [
        ("cut", ".git/index", SkipReason::Malformed, &|git| {
            put_index(git, &good[..40]);
        }),
        ("empty", ".git/index", SkipReason::Malformed, &|git| {
            put_index(git, b"");
        }),
        ("a FIFO", ".git/index", SkipReason::Special, &|git| {
            fs::create_dir(git).unwrap();
            fifo(&git.join("index"));
        }),
        ("a link", ".git/index", SkipReason::Link, &|git| {
            fs::create_dir(git).unwrap();
            symlink("/dev/zero", git.join("index")).unwrap();
        }),
        ("a link", ".git", SkipReason::Link, &|git| {
            symlink("/", git).unwrap();
        }),
        ("a FIFO", ".git", SkipReason::Special, &|git| fifo(git)),
        ("no pointer", ".git", SkipReason::Elsewhere, &|git| {
            fs::write(git, "\u{0}").unwrap();
        }),
    ];
    for (what, path, reason, make) in cases {
        let root = tree(&[("a.py", ""), (".gitignore", "a.py\n")]);
        make(&root.path().join(".git"));
        let listing = list(root.path());
        assert_eq!(paths(&listing), [".gitignore", "a.py"], "{what}");
        assert!(
            listing
                .files
                .iter()
                .all(|file| file.tracked == Tracked::Unknown),
            "{what}"
        );
        assert_eq!(
            (listing.git, skipped(&listing)),
            (false, vec![(path, reason)]),
            "{what}"
        );
    }
}

fn put_index(git: &Path, bytes: &[u8]) {
    fs::create_dir(git).unwrap();
    fs::write(git.join("index"), bytes).unwrap();
}

#[test]
fn heads_that_lead_nowhere_give_no_commit() {
    let id = "0123456789abcdef0123456789abcdef01234567";
    for (head, want) in [
        (id, Some(id)),
        ("0123", None),
        ("ref: refs/heads/main", Some(id)),
        ("ref: refs/heads/loop", None),
        ("ref: refs/heads/none", None),
        ("ref: ../../etc/passwd", None),
        ("ref: /etc/passwd", None),
        ("ref: refs/../config", None),
        ("", None),
    ] {
        let root = tree(&[(".git/config", id), (".git/refs/heads/main", id)]);
        put(root.path(), ".git/refs/heads/loop", "ref: refs/heads/loop");
        put(root.path(), ".git/HEAD", &format!("{head}\n"));
        assert_eq!(list(root.path()).target.commit.as_deref(), want, "{head}");
    }
}
