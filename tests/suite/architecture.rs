//! The floors of the house: who may know whom, how large a file may be, how it begins.

use crate::world::{project, read};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Floors from the ground up; those on one line do not know each other.
const FLOORS: [&[&str]; 11] = [
    &["model"],
    &["manifest", "source", "syntax", "render"],
    &["rule"],
    &["scan"],
    &["survey"],
    &["judge", "waive", "score"],
    &["history"],
    &["redact"],
    &["report", "lib"],
    &["examples"],
    &["cli", "main"],
];

/// Longest file, in lines, with its tests.
const LONGEST: usize = 400;

fn sources() -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = walkdir::WalkDir::new(project("src"))
        .into_iter()
        .map(|entry| entry.expect("src can be walked").into_path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "rs"))
        .collect();
    out.sort();
    assert!(out.len() > 50, "the walk sees the sources");
    out
}

fn floor_of(path: &Path) -> String {
    let below = path.strip_prefix(project("src")).expect("below src");
    let first = below
        .components()
        .next()
        .expect("a part")
        .as_os_str()
        .to_str()
        .expect("UTF-8");
    first.trim_end_matches(".rs").to_owned()
}

fn levels() -> BTreeMap<&'static str, usize> {
    FLOORS
        .iter()
        .enumerate()
        .flat_map(|(level, names)| names.iter().map(move |name| (*name, level)))
        .collect()
}

/// The floors that the text after `crate::` names; the crate's own items belong to `lib`.
fn named(after: &str) -> Vec<String> {
    let group = after
        .strip_prefix('{')
        .map_or(vec![after], |group| group.split(", ").collect());
    let name = |part: &str| {
        part.chars()
            .take_while(|c| c.is_ascii_lowercase() || *c == '_')
            .collect::<String>()
    };
    group
        .into_iter()
        .map(name)
        .map(|name| {
            if name.is_empty() {
                "lib".to_owned()
            } else {
                name
            }
        })
        .collect()
}

#[test]
fn a_file_imports_only_lower_floors() {
    let levels = levels();
    let mut wrong = Vec::new();
    for path in sources() {
        let floor = floor_of(&path);
        let level = levels
            .get(floor.as_str())
            .unwrap_or_else(|| panic!("`{floor}` has no floor"));
        for (number, line) in read(&path).lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            for name in code.split("crate::").skip(1).flat_map(named) {
                let Some(other) = levels.get(name.as_str()) else {
                    continue;
                };
                let pipeline = ["lib", "report"];
                let together =
                    pipeline.contains(&name.as_str()) && pipeline.contains(&floor.as_str());
                if name != floor && other >= level && !together {
                    wrong.push(format!(
                        "{}:{}: `{floor}` knows `{name}`",
                        path.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_floor_exists() {
    for name in levels().keys() {
        let folder = project("src").join(name);
        assert!(
            folder.is_dir() || folder.with_extension("rs").is_file(),
            "{name}"
        );
    }
}

#[test]
fn files_are_short_and_say_what_they_own() {
    let mut wrong = Vec::new();
    for path in sources() {
        let text = read(&path);
        let lines = text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("{}: {lines} lines", path.display()));
        }
        if !text.starts_with("//! ") {
            wrong.push(format!("{}: does not begin with `//! `", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_top_level_is_what_tools_look_for() {
    let known = [
        ".ci",
        ".git",
        ".github",
        ".gitignore",
        ".pre-commit-hooks.yaml",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "action.yml",
        "benches",
        "build.rs",
        "clippy.toml",
        "deny.toml",
        "fixtures",
        "fuzz",
        "rules",
        "src",
        "target",
        "tests",
    ];
    for entry in std::fs::read_dir(project(".")).expect("the project folder") {
        let name = entry
            .expect("an entry")
            .file_name()
            .into_string()
            .expect("UTF-8");
        assert!(
            known.contains(&name.as_str()),
            "`{name}` does not belong at the top level"
        );
    }
}
