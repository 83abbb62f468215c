//! The rule library that is part of the program: every manifest below `rules/`.

use super::pattern::Outline;
use crate::manifest::{Code, Problem, Source};
use serde::de::DeserializeOwned;

// `MANIFESTS` in order of path, and `OUTLINES` in order of regex: the build script writes them.
include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// A manifest of the library.
pub(super) struct Embedded {
    path: &'static str,
    /// Its `kind`.
    pub(super) kind: &'static str,
    /// What runs: all but the examples, which are much of it and are only for people and tests.
    json: &'static str,
    /// As its author wrote it.
    yaml: &'static str,
}

impl Embedded {
    /// What runs of it, for problems and digests.
    pub(super) fn source(&self) -> Source {
        Source::new(self.path, self.json)
    }

    /// The manifest, typed.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_str(self.json)
            .map_err(|error| self.source().problem(Code::Syntax, None, error.to_string()))
    }
}

/// What runs of the library: facts, profiles, and the rules of these categories, or of all if
/// there are none.
pub(super) fn prepared(categories: &[String]) -> impl Iterator<Item = &'static Embedded> {
    MANIFESTS.iter().filter(move |manifest| {
        let folder = manifest.path.split('/').nth(1).unwrap_or_default();
        let shared = matches!(folder, "facts" | "profiles");
        shared || categories.is_empty() || categories.iter().any(|category| category == folder)
    })
}

/// What is known of a regex of the library. `None` for all others.
pub(super) fn outline(source: &str, ignore_case: bool) -> Option<Outline> {
    let asked = (source, ignore_case);
    let at = OUTLINES.binary_search_by(|(regex, _)| regex.cmp(&asked));
    let (_, json) = OUTLINES.get(at.ok()?)?;
    serde_json::from_str(json).ok()
}

/// Every embedded manifest as its author wrote it, in order of path.
pub fn embedded() -> Vec<Source> {
    let all = MANIFESTS.iter();
    all.map(|it| Source::new(it.path, it.yaml)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest;
    use crate::rule::Matcher;
    use crate::rule::pattern;
    use crate::rule::spec::{FactManifest, RuleManifest};

    #[test]
    fn what_runs_is_the_library_without_its_examples() {
        let place = regex::Regex::new(r"Location \{.*?source_id: \d+ \}").unwrap();
        for (whole, runs) in embedded().iter().zip(prepared(&[])) {
            assert_eq!(manifest::kind(whole).unwrap(), runs.kind);
            let (whole, runs) = match runs.kind {
                "Rule" => {
                    let mut rule: RuleManifest = manifest::load(whole).unwrap();
                    rule.spec.examples.clear();
                    let runs: RuleManifest = runs.read().unwrap();
                    (format!("{rule:?}"), format!("{runs:?}"))
                }
                "Fact" => {
                    let mut fact: FactManifest = manifest::load(whole).unwrap();
                    fact.spec.examples.clear();
                    let runs: FactManifest = runs.read().unwrap();
                    (format!("{fact:?}"), format!("{runs:?}"))
                }
                _ => continue,
            };
            assert_eq!(place.replace_all(&whole, ""), place.replace_all(&runs, ""));
        }
    }

    #[test]
    fn every_regex_of_the_library_is_outlined() {
        let rules = crate::rule::library(&[]).unwrap();
        for matcher in &rules.matchers {
            let regex = match matcher {
                Matcher::Text(text) => Some(text.search.source()),
                Matcher::Code(code) => code.contains().map(|source| (source, false)),
                _ => None,
            };
            if let Some((source, ignore_case)) = regex {
                let outlined = outline(source, ignore_case);
                assert_eq!(
                    outlined,
                    Some(pattern::outline(source, ignore_case)),
                    "{source}"
                );
            }
        }
    }
}
