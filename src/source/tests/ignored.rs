//! What ignore files leave out, and what they cannot hide.

use super::*;
use crate::source::git::tests::IndexFile;

/// A tree with a git index that tracks these paths.
fn checkout(files: &[(&str, &str)], tracked: &[&str]) -> TempDir {
    let root = tree(files);
    fs::create_dir(root.path().join(".git")).unwrap();
    let index = IndexFile::new(2).with_paths(tracked).bytes();
    fs::write(root.path().join(".git/index"), index).unwrap();
    root
}

fn states(listing: &Listing) -> Vec<(&str, Tracked)> {
    listing
        .files
        .iter()
        .map(|file| (file.path.as_str(), file.tracked))
        .collect()
}

#[test]
fn tracked_files_are_listed_whatever_is_ignored() {
    let files = [
        (".gitignore", "*\n"),
        (".env", "A=1"),
        ("a/b.py", ""),
        ("a/c.py", ""),
    ];
    let root = checkout(&files, &[".env", "a/b.py"]);
    let listing = list(root.path());
    assert!(listing.git);
    assert_eq!(
        states(&listing),
        [(".env", Tracked::Tracked), ("a/b.py", Tracked::Tracked)]
    );
    assert_eq!(listing.ignored, 2);
}

#[test]
fn ignored_local_configuration_is_listed_as_such() {
    let files = [
        (".gitignore", ".env*\n*.pem\n*.log\n"),
        (".env", ""),
        (".env.local", ""),
        ("tls/server.pem", ""),
        ("debug.log", ""),
        ("new.py", ""),
    ];
    let listing = list(checkout(&files, &[".gitignore"]).path());
    assert_eq!(
        states(&listing),
        [
            (".env", Tracked::Ignored),
            (".env.local", Tracked::Ignored),
            (".gitignore", Tracked::Tracked),
            ("new.py", Tracked::Untracked),
            ("tls/server.pem", Tracked::Ignored),
        ]
    );
    assert_eq!(listing.ignored, 1);
}

#[test]
fn ignore_files_nest_and_take_back() {
    let files = [
        (
            ".gitignore",
            "*.log\n/build/\n!keep.log\nsecret\\!.txt\n# no.txt\n",
        ),
        ("a.log", ""),
        ("keep.log", ""),
        ("build/x.py", ""),
        ("build/.gitignore", "!x.py\n"),
        ("sub/.gitignore", "!a.log\nkeep.log\n"),
        ("sub/a.log", ""),
        ("sub/keep.log", ""),
        ("sub/deep/a.log", ""),
        ("sub/build/x.py", ""),
        ("secret!.txt", ""),
        ("no.txt", ""),
    ];
    let listing = list(checkout(&files, &[]).path());
    assert_eq!(
        paths(&listing),
        [
            ".gitignore",
            "keep.log",
            "no.txt",
            "sub/.gitignore",
            "sub/a.log",
            "sub/build/x.py",
            "sub/deep/a.log",
        ]
    );
    assert_eq!(listing.ignored, 4);
}

#[test]
fn dependency_folders_are_pruned_unless_something_in_them_is_tracked() {
    let files = [
        ("node_modules/a/index.js", ""),
        ("web/node_modules/b/index.js", ""),
        ("web/node_modules/b/.env", ""),
        ("target/debug/x", ""),
        ("build/tool.py", ""),
        ("app.py", ""),
    ];
    let root = checkout(&files, &["web/node_modules/b/index.js"]);
    let listing = list(root.path());
    assert_eq!(
        states(&listing),
        [
            ("app.py", Tracked::Untracked),
            ("build/tool.py", Tracked::Untracked),
            ("web/node_modules/b/.env", Tracked::Untracked),
            ("web/node_modules/b/index.js", Tracked::Tracked),
        ]
    );
    assert_eq!(listing.ignored, 2);
}

#[test]
fn without_an_index_only_unmistakable_folders_are_left_out() {
    let files = [
        (".gitignore", ".env\ndist/\nsrc/secret.py\n"),
        (".env", ""),
        ("src/secret.py", ""),
        ("dist/app.js", ""),
        ("target/a.rs", ""),
        ("node_modules/a/index.js", ""),
        (".venv/bin/x.py", ""),
    ];
    let listing = list(tree(&files).path());
    assert_eq!(
        paths(&listing),
        [".env", ".gitignore", "src/secret.py", "target/a.rs"]
    );
    assert_eq!(listing.ignored, 3);
    assert!(
        listing
            .files
            .iter()
            .all(|file| file.tracked == Tracked::Unknown)
    );
}

#[test]
fn ignore_files_above_beside_and_of_other_tools_do_not_count() {
    let outer = tree(&[(".gitignore", "*\n"), (".ignore", "*\n")]);
    let inner = outer.path().join("repo");
    for (path, text) in [
        ("a.py", ""),
        (".ignore", "*\n"),
        (".rgignore", "*\n"),
        (".git/info/exclude", "*\n"),
    ] {
        put(&inner, path, text);
    }
    let index = IndexFile::new(2).bytes();
    fs::write(inner.join(".git/index"), index).unwrap();
    assert_eq!(paths(&list(&inner)), [".ignore", ".rgignore", "a.py"]);
}

#[test]
fn hostile_ignore_files_hide_nothing_and_stop_nothing() {
    type Case = (&'static str, SkipReason, fn(&Path));
    let hostile: [Case; 4] = [
        ("a FIFO", SkipReason::Special, fifo),
        ("a link to /dev/zero", SkipReason::Link, |path| {
            symlink("/dev/zero", path).unwrap();
        }),
        ("a giant", SkipReason::TooLarge, |path| {
            fs::File::create(path).unwrap().set_len(1 << 36).unwrap();
        }),
        ("many patterns", SkipReason::TooLarge, |path| {
            fs::write(path, "*.py\n".repeat(10_001)).unwrap();
        }),
    ];
    for (what, reason, make) in hostile {
        let root = checkout(&[("a.py", "")], &[]);
        make(&root.path().join(".gitignore"));
        let listing = list(root.path());
        assert!(paths(&listing).contains(&"a.py"), "{what}");
        assert_eq!(skipped(&listing), [(".gitignore", reason)], "{what}");
    }
}

#[test]
fn odd_ignore_files_are_read_as_git_reads_them() {
    let odd = b"\xEF\xBB\xBF*.a\r\n*.b   \n{c,d}.txt\n[z-a\n\\\n**\\\n\n   \n\xff*.f\nx.g\t\n*.e";
    let names = ["x.a", "x.b", "c.txt", "{c,d}.txt", "x.e", "x.f", "x.g"];
    let root = checkout(&names.map(|name| (name, "")), &[]);
    fs::write(root.path().join(".gitignore"), odd).unwrap();
    assert_eq!(
        paths(&list(root.path())),
        [".gitignore", "c.txt", "x.f", "x.g"]
    );
}

#[test]
fn patterns_that_only_git_can_read_hide_nothing() {
    let root = checkout(
        &[
            (".gitignore", "[[:alpha:]].py\n*.log\n"),
            ("a.py", ""),
            ("b.log", ""),
        ],
        &[],
    );
    assert_eq!(paths(&list(root.path())), [".gitignore", "a.py"]);
    put(root.path(), ".gitignore", "*.log\n![[:alpha:]].log\n");
    let listing = list(root.path());
    assert_eq!(paths(&listing), [".gitignore", "a.py", "b.log"]);
    assert_eq!(skipped(&listing), [(".gitignore", SkipReason::Malformed)]);
}
