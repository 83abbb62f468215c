//! What spares a parse never hides a match: every matcher of the library is run with and without
//! it over all examples and fixtures. `contains` is not asked: its author says what it is for.

use super::*;
use crate::model::{RepoPath, Span};
use crate::rule::text::TextMatcher;
use crate::rule::{RuleSet, embedded, load};
use crate::scan::data::DataMatchers;
use crate::scan::matchers;
use crate::scan::prefilter::{self, Live, Prefilter};
use crate::scan::text;
use crate::syntax::Contexts;
use std::path::Path;
use std::time::Duration;

/// Every text that the library or the fixtures bring, with its language.
fn corpus(rules: &RuleSet) -> BTreeSet<(Language, RepoPath, String)> {
    let examples = rules.rules.iter().map(|rule| &rule.examples);
    let examples = examples.chain(rules.facts.iter().map(|fact| &fact.examples));
    let mut out = BTreeSet::new();
    for example in examples.flatten() {
        for files in [&example.bad, &example.good].into_iter().flatten() {
            for (path, text) in files {
                let path = RepoPath::new(path.as_str()).unwrap();
                out.extend(Language::of(&path).map(|it| (it, path, text.clone())));
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
            out.insert((language, path, text));
        }
    }
    out
}

/// All that any matcher asks for.
fn everything(prefilter: &Prefilter) -> Live {
    let all = prefilter::Askers {
        search: &|_| true,
        word: &|_| true,
        matcher: &|_| true,
    };
    prefilter.live(None, &all, &all)
}

#[test]
fn what_spares_a_parse_hides_no_match() {
    let rules = load(&embedded(), false).unwrap();
    let corpus = corpus(&rules);
    let languages = corpus.iter().map(|(language, ..)| *language).collect();
    let all = matchers(&rules);
    let code = CodeMatchers::new(&all, &languages);
    let prefilter = Prefilter::new(&all, &code, &DataMatchers::new(&all));
    let live = everything(&prefilter);
    let hidden: Vec<String> = corpus
        .par_iter()
        .flat_map_iter(|(language, _, text)| {
            let all: Vec<_> = code.of(*language).map(|it| (it.id, it.matcher)).collect();
            let matched: BTreeSet<MatcherId> = run(*language, text, &all, Duration::from_mins(1))
                .raw
                .iter()
                .map(|raw| raw.matcher)
                .collect();
            let found = prefilter.search(text.as_bytes(), &live);
            code.of(*language)
                .filter(|it| matched.contains(&it.id))
                .filter(|it| !code.needed(it, &found))
                .map(|it| {
                    format!(
                        "{:?} in {language:?}:\n{text}",
                        it.matcher.needs(&BTreeSet::from([*language]))
                    )
                })
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(corpus.len() > 300, "there is something to compare");
    assert!(hidden.is_empty(), "{}", hidden.join("\n\n"));
}

#[test]
fn looking_around_literals_finds_what_a_search_of_the_whole_finds() {
    let rules = load(&embedded(), false).unwrap();
    let all = matchers(&rules);
    let code = CodeMatchers::new(&all, &BTreeSet::new());
    let prefilter = Prefilter::new(&all, &code, &DataMatchers::new(&all));
    let live = everything(&prefilter);
    let hidden: Vec<String> = corpus(&rules)
        .par_iter()
        .flat_map_iter(|(language, path, text)| {
            let found = prefilter.search(text.as_bytes(), &live);
            let searched: BTreeMap<MatcherId, usize> =
                found.texts().chain(prefilter.unbound()).collect();
            let contexts = Contexts::of(path, Some(*language), text.as_bytes());
            let haystack = text::Haystack {
                text: text.as_bytes(),
                contexts: &contexts,
            };
            let hits = |id: MatcherId, matcher: &TextMatcher, windows: &[Span]| {
                let mut raws = Vec::new();
                text::run(id, matcher, &haystack, windows, &mut raws);
                raws.into_iter().map(|raw| raw.span).collect::<Vec<_>>()
            };
            all.iter()
                .filter_map(|(id, matcher)| match matcher {
                    Matcher::Text(matcher) => Some((*id, matcher)),
                    _ => None,
                })
                .filter(|(_, matcher)| matcher.speaks(Some(*language)))
                .filter_map(|(id, matcher)| {
                    let windows = searched
                        .get(&id)
                        .map(|search| found.windows(*search, &matcher.search));
                    let there = hits(id, matcher, &windows.unwrap_or_default());
                    let all = hits(id, matcher, &[Span::new(0, text.len())]);
                    let regex = matcher.search.regex();
                    (there != all).then(|| format!("{regex:?}: {there:?}, not {all:?}, in\n{text}"))
                })
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(hidden.is_empty(), "{}", hidden.join("\n\n"));
}
