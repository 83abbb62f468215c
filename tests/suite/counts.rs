//! What the speed rests on, counted instead of timed: a file is opened once, parsed once at most,
//! and parsed only when it holds the words that a rule needs.

use crate::world::{RULES, fixture};
use preop::model::{RepoPath, Skipped};
use preop::source::{Content, Disk, Error, Files, Listing, Memory};
use preop::{Plan, observe};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Files that count how often each is opened.
struct Counting<F> {
    files: F,
    opened: Mutex<BTreeMap<RepoPath, u32>>,
}

impl<F: Files> Files for Counting<F> {
    fn list(&self) -> Result<Listing, Error> {
        self.files.list()
    }

    fn open(&self, path: &RepoPath, cap: usize) -> Result<Content, Skipped> {
        let mut opened = self.opened.lock().expect("no test panics while counting");
        *opened.entry(path.clone()).or_default() += 1;
        drop(opened);
        self.files.open(path, cap)
    }
}

#[test]
fn every_file_is_opened_once_and_parsed_once_at_most() {
    for name in ["medspa-platform", "bed-management", "monorepo"] {
        let files = Counting {
            files: Disk::new(&fixture(name)).expect("the fixture is there"),
            opened: Mutex::default(),
        };
        let seen = observe(&files, &RULES, &Plan::default()).expect("it can be observed");
        let opened = files.opened.into_inner().expect("no test panicked");
        assert_eq!(opened.len(), seen.listing.files.len(), "{name}: files");
        for (path, times) in opened {
            assert_eq!(times, 1, "{name}: {path} is opened {times} times");
        }
        let parsed = seen.files.iter().filter(|file| file.parses > 0).count();
        assert!(parsed > 0, "{name}: no rule looked at any code");
        for file in &seen.files {
            assert!(
                file.parses <= 1,
                "{name}: {} is parsed twice",
                file.file.path
            );
        }
    }
}

#[test]
fn a_file_without_the_words_of_a_rule_is_not_parsed() {
    // Words that a careless rule would ask for: each stands in most files of its language.
    let plain = [
        (
            "a.py",
            "def get(self, name):\n    return self.items.get(name)\n",
        ),
        (
            "b.ts",
            "export const post = (all: string[]) => all.map((use) => use.trim());\n",
        ),
        (
            "C.java",
            "class C { String get(String id) { return map.get(id); } }\n",
        ),
        (
            "d.go",
            "package d\n\nfunc Get(id string) string { return id }\n",
        ),
    ];
    let files = plain.map(|(path, text)| {
        let path = RepoPath::new(path).expect("a path");
        (path, text.as_bytes().to_vec())
    });
    let memory = Memory::new(files.into());
    let seen = observe(&memory, &RULES, &Plan::default()).expect("it can be observed");
    for file in &seen.files {
        assert_eq!(file.parses, 0, "{}", file.file.path);
    }
}
