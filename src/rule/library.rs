//! The rule library that is part of the program: every manifest below `rules/`.

use crate::manifest::Source;
use include_dir::{Dir, DirEntry, include_dir};

static LIBRARY: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The embedded manifests without their examples, which are much of the text and are only for
/// people and tests; of rules, those in the folders of these categories, or all if there are none.
pub fn runnable(categories: &[String]) -> Vec<Source> {
    let runs = |source: &Source| {
        let folder = source.path.split('/').nth(1).unwrap_or_default();
        let shared = matches!(folder, "facts" | "profiles");
        shared || categories.is_empty() || categories.iter().any(|category| category == folder)
    };
    let cut = |source: Source| Source::new(source.path, without_examples(&source.text));
    embedded().into_iter().filter(runs).map(cut).collect()
}

/// The text without the block `spec.examples`, as the manifests of the library write it.
pub(super) fn without_examples(text: &str) -> String {
    let mut inside = false;
    text.split_inclusive('\n')
        .filter(|line| {
            let deeper = line.starts_with("   ") || line.trim().is_empty();
            inside = line.trim_end() == "  examples:" || (inside && deeper);
            !inside
        })
        .collect()
}

/// Every embedded manifest, in order of path.
pub fn embedded() -> Vec<Source> {
    let mut out = Vec::new();
    collect(&LIBRARY, &mut out);
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

fn collect(dir: &'static Dir<'static>, out: &mut Vec<Source>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, out),
            DirEntry::File(file) => {
                let path = file.path();
                if path
                    .extension()
                    .is_some_and(|extension| extension == "yaml")
                    && let (Some(path), Some(text)) = (path.to_str(), file.contents_utf8())
                {
                    out.push(Source::new(format!("rules/{path}"), text));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest;
    use crate::rule::spec::{FactManifest, RuleManifest};

    #[test]
    fn what_runs_is_the_library_without_its_examples() {
        // What stands behind the examples moves up.
        let place = regex::Regex::new(r"Location \{.*?source_id: \d+ \}").unwrap();
        let mut cut = 0;
        for (whole, runs) in embedded().iter().zip(runnable(&[])) {
            cut += whole.text.len() - runs.text.len();
            let (whole, runs) = match manifest::kind(whole).unwrap().as_str() {
                "Rule" => {
                    let mut rule: RuleManifest = manifest::load(whole).unwrap();
                    rule.spec.examples.clear();
                    let runs: RuleManifest = manifest::load(&runs).unwrap();
                    (format!("{rule:?}"), format!("{runs:?}"))
                }
                "Fact" => {
                    let mut fact: FactManifest = manifest::load(whole).unwrap();
                    fact.spec.examples.clear();
                    let runs: FactManifest = manifest::load(&runs).unwrap();
                    (format!("{fact:?}"), format!("{runs:?}"))
                }
                _ => (whole.text.to_string(), runs.text.to_string()),
            };
            assert_eq!(place.replace_all(&whole, ""), place.replace_all(&runs, ""));
        }
        assert!(cut > 500_000, "the examples are much of the text: {cut}");
    }
}
