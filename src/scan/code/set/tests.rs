//! What spares a parse never hides a match: every matcher of the library is run with and without
//! it over all examples and fixtures. `contains` is not asked: its author says what it is for.

use super::*;
use crate::model::RepoPath;
use crate::rule::{RuleSet, embedded, load};
use crate::scan::data::DataMatchers;
use crate::scan::matchers;
use crate::scan::prefilter::Prefilter;
use std::path::Path;
use std::time::Duration;

/// Every text that the library or the fixtures bring, with its language.
fn corpus(rules: &RuleSet) -> BTreeSet<(Language, String)> {
    let examples = rules.rules.iter().map(|rule| &rule.examples);
    let examples = examples.chain(rules.facts.iter().map(|fact| &fact.examples));
    let mut out = BTreeSet::new();
    for example in examples.flatten() {
        for files in [&example.bad, &example.good].into_iter().flatten() {
            for (path, text) in files {
                let path = RepoPath::new(path.as_str()).unwrap();
                out.extend(Language::of(&path).map(|language| (language, text.clone())));
            }
        }
    }
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for entry in walkdir::WalkDir::new(&fixtures) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(&fixtures).unwrap();
        if path.starts_with("hostile") || !entry.file_type().is_file() {
            continue;
        }
        let path = RepoPath::new(path.to_str().unwrap()).unwrap();
        #[expect(clippy::disallowed_methods, reason = "a test reads its own fixtures")]
        let text = std::fs::read_to_string(entry.path());
        if let (Some(language), Ok(text)) = (Language::of(&path), text) {
            out.insert((language, text));
        }
    }
    out
}

#[test]
fn what_spares_a_parse_hides_no_match() {
    let rules = load(&embedded(), false).unwrap();
    let corpus = corpus(&rules);
    let languages = corpus.iter().map(|(language, _)| *language).collect();
    let all = matchers(&rules);
    let code = CodeMatchers::new(&all, &languages);
    let prefilter = Prefilter::new(&all, &code, &DataMatchers::new(&all));
    let hidden: Vec<String> = corpus
        .par_iter()
        .flat_map_iter(|(language, text)| {
            let all: Vec<_> = code.of(*language).map(|it| (it.id, it.matcher)).collect();
            let matched: BTreeSet<MatcherId> = run(*language, text, &all, Duration::from_mins(1))
                .raw
                .iter()
                .map(|raw| raw.matcher)
                .collect();
            let found = prefilter.search(text.as_bytes(), Some(*language));
            code.of(*language)
                .filter(|it| matched.contains(&it.id))
                .filter(|it| !it.need.holds(&|sign: &Sign| sign.stands(text, &found)))
                .map(|it| format!("{:?} in {language:?}:\n{text}", it.matcher.need(*language)))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(corpus.len() > 300, "there is something to compare");
    assert!(hidden.is_empty(), "{}", hidden.join("\n\n"));
}

#[test]
fn what_spares_a_search_hides_no_match() {
    let rules = load(&embedded(), false).unwrap();
    let all = matchers(&rules);
    let code = CodeMatchers::new(&all, &BTreeSet::new());
    let prefilter = Prefilter::new(&all, &code, &DataMatchers::new(&all));
    let hidden: Vec<String> = corpus(&rules)
        .par_iter()
        .flat_map_iter(|(language, text)| {
            let found = prefilter.search(text.as_bytes(), Some(*language));
            let searched: BTreeSet<MatcherId> =
                prefilter.candidates(&found).map(|(id, _)| id).collect();
            all.iter()
                .filter(|(id, _)| !searched.contains(id))
                .filter_map(|(_, matcher)| match matcher {
                    Matcher::Text(matcher) => Some(matcher),
                    _ => None,
                })
                .filter(|it| it.languages.is_empty() || it.languages.contains(language))
                .filter_map(|matcher| matcher.regex())
                .filter(|regex| regex.is_match(text.as_bytes()))
                .map(|regex| format!("{regex} in\n{text}"))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(hidden.is_empty(), "{}", hidden.join("\n\n"));
}
