//! The `code` matchers of a rule set, by language, with the literals that spare a parse.

use super::{BUDGET, run};
use crate::model::{FileHits, Language, MatcherId};
use crate::rule::Matcher;
use crate::rule::code::CodeMatcher;
use crate::scan::prefilter::Occurrences;
use crate::scan::raw::Raw;
use crate::scan::skipped;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The `code` matchers that can match in files of the languages at hand.
pub(crate) struct CodeMatchers<'r> {
    by_language: BTreeMap<Language, Vec<(MatcherId, &'r CodeMatcher)>>,
    all: Vec<(MatcherId, &'r CodeMatcher)>,
}

impl<'r> CodeMatchers<'r> {
    /// Compiles, in parallel, the matchers for these languages. One that does not compile finds
    /// nothing; `rules lint` and the tests say so.
    pub(crate) fn new(
        matchers: &[(MatcherId, &'r Matcher)],
        languages: &BTreeSet<Language>,
    ) -> Self {
        let wanted: Vec<_> = matchers
            .iter()
            .filter_map(|&(id, matcher)| match matcher {
                Matcher::Code(code) if !code.languages().is_disjoint(languages) => Some((id, code)),
                _ => None,
            })
            .collect();
        let all: Vec<(MatcherId, &CodeMatcher)> = wanted
            .par_iter()
            .filter_map(|(id, code)| Some((*id, code.get().ok()?)))
            .collect();
        let mut by_language: BTreeMap<Language, Vec<_>> = BTreeMap::new();
        for (id, code) in &all {
            for language in code.languages() {
                by_language.entry(*language).or_default().push((*id, *code));
            }
        }
        Self { by_language, all }
    }

    /// Literals by matcher: one of them occurs wherever the matcher can match.
    pub(crate) fn literals(&self) -> impl Iterator<Item = (MatcherId, &str)> {
        self.all.iter().flat_map(|(id, code)| {
            code.literals()
                .into_iter()
                .flatten()
                .map(move |literal| (*id, literal.as_str()))
        })
    }

    /// Does a matcher look at files of this language?
    pub(crate) fn reads(&self, language: Language) -> bool {
        self.by_language.contains_key(&language)
    }

    /// Parses the file once, if one of the matchers can match in it, and runs them all.
    pub(crate) fn run(
        &self,
        language: Option<Language>,
        text: &str,
        found: &Occurrences,
        out: &mut FileHits,
        raws: &mut Vec<Raw>,
    ) {
        let Some(language) = language else { return };
        let active: Vec<(MatcherId, &CodeMatcher)> = self
            .by_language
            .get(&language)
            .into_iter()
            .flatten()
            .filter(|(id, code)| (code.literals().is_none() || found.has(*id)) && code.admits(text))
            .copied()
            .collect();
        if active.is_empty() {
            return;
        }
        let done = run(language, text, &active, BUDGET);
        raws.extend(done.raw);
        if let Some((reason, detail)) = done.skipped {
            out.skipped
                .push(skipped(&out.file.path, reason, Some(detail)));
        }
    }
}
