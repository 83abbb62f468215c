//! The `code` matchers of a rule set, by language, with the literals that spare a parse.

use super::{BUDGET, run};
use crate::model::{FileHits, Language, MatcherId};
use crate::rule::Matcher;
use crate::rule::code::{CodeMatcher, gate};
use crate::rule::need::{Clue, Literal, Need};
use crate::scan::prefilter::Occurrences;
use crate::scan::raw::Raw;
use crate::scan::skipped;
use rayon::prelude::*;
use regex::bytes::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// A matcher in one of its languages, with what a file must hold for it.
struct Wanted<'r> {
    id: MatcherId,
    matcher: &'r CodeMatcher,
    need: Need<Sign>,
}

impl Wanted<'_> {
    /// Does the text hold what a match needs? The cheap questions come first.
    fn can_match(&self, text: &str, found: &Occurrences) -> bool {
        self.need.holds(&|sign: &Sign| sign.stands(text, found)) && self.matcher.admits(text)
    }
}

/// A clue, ready to be looked for.
enum Sign {
    /// Number of a literal.
    Literal(usize),
    /// A search, shared by all matchers and languages that ask for the same.
    Regex(Arc<Search>),
}

/// A regex that is compiled when a file first asks; one that cannot be spares nothing.
struct Search {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Search {
    fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            compiled: OnceLock::new(),
        }
    }

    fn finds(&self, text: &str) -> bool {
        self.compiled
            .get_or_init(|| gate(&self.source).ok())
            .as_ref()
            .is_none_or(|regex| regex.is_match(text.as_bytes()))
    }
}

impl Sign {
    fn stands(&self, text: &str, found: &Occurrences) -> bool {
        match self {
            Self::Literal(number) => found.word(*number),
            Self::Regex(search) => search.finds(text),
        }
    }
}

/// What is known of a file before it is parsed.
pub(crate) struct Asked<'a> {
    /// The literals that stand in it.
    pub found: &'a Occurrences,
    /// Would every hit of a matcher be refused?
    pub refused: &'a dyn Fn(MatcherId) -> bool,
    /// The matchers whose hits in the file a matcher excuses, if it does nothing else.
    pub excused_by: &'a dyn Fn(MatcherId) -> Option<&'a [MatcherId]>,
}

/// The `code` matchers that can match in files of the languages at hand.
pub(crate) struct CodeMatchers<'r> {
    by_language: BTreeMap<Language, Vec<Wanted<'r>>>,
    literals: Vec<Literal>,
}

impl<'r> CodeMatchers<'r> {
    /// Arranges the matchers for these languages by what their files must hold.
    pub(crate) fn new(
        matchers: &[(MatcherId, &'r Matcher)],
        languages: &BTreeSet<Language>,
    ) -> Self {
        let wanted: Vec<(MatcherId, &CodeMatcher, Language)> = matchers
            .iter()
            .filter_map(|&(id, matcher)| match matcher {
                Matcher::Code(code) => Some((id, code)),
                _ => None,
            })
            .flat_map(|(id, code)| code.languages().map(move |language| (id, code, language)))
            .filter(|(_, _, language)| languages.contains(language))
            .collect();
        let needs: Vec<Need> = wanted
            .par_iter()
            .map(|(_, code, language)| code.need(*language))
            .collect();
        let mut by_language: BTreeMap<Language, Vec<_>> = BTreeMap::new();
        let mut numbers: BTreeMap<Literal, usize> = BTreeMap::new();
        let mut searches: BTreeMap<String, Arc<Search>> = BTreeMap::new();
        for ((id, matcher, language), need) in wanted.into_iter().zip(needs) {
            let need = need.map(&mut |clue| match clue {
                Clue::Literal(literal) => {
                    let next = numbers.len();
                    Sign::Literal(*numbers.entry(literal.clone()).or_insert(next))
                }
                Clue::Regex(source) => Sign::Regex(
                    searches
                        .entry(source.clone())
                        .or_insert_with(|| Arc::new(Search::new(source)))
                        .clone(),
                ),
            });
            by_language
                .entry(language)
                .or_default()
                .push(Wanted { id, matcher, need });
        }
        let mut literals: Vec<(usize, Literal)> = numbers
            .into_iter()
            .map(|(literal, number)| (number, literal))
            .collect();
        literals.sort();
        Self {
            by_language,
            literals: literals.into_iter().map(|(_, literal)| literal).collect(),
        }
    }

    /// What the needs of the matchers speak of, by number.
    pub(crate) fn literals(&self) -> &[Literal] {
        &self.literals
    }

    /// Does a matcher look at files of this language?
    pub(crate) fn reads(&self, language: Language) -> bool {
        self.by_language.contains_key(&language)
    }

    fn of(&self, language: Language) -> impl Iterator<Item = &Wanted<'r>> {
        self.by_language.get(&language).into_iter().flatten()
    }

    /// Parses the file once, if one of the matchers can match in it and has something to do there,
    /// and runs them all.
    pub(crate) fn run(
        &self,
        language: Option<Language>,
        text: &str,
        asked: &Asked<'_>,
        out: &mut FileHits,
        raws: &mut Vec<Raw>,
    ) {
        let Some(language) = language else { return };
        let can_match = |wanted: &&Wanted<'_>| {
            wanted.can_match(text, asked.found) && !(asked.refused)(wanted.id)
        };
        let excuses = |wanted: &&Wanted<'_>| (asked.excused_by)(wanted.id).is_some();
        let mut active: Vec<(MatcherId, &CodeMatcher)> = self
            .of(language)
            .filter(|wanted| !excuses(wanted) && can_match(wanted))
            .map(|wanted| (wanted.id, wanted.matcher))
            .collect();
        let first: BTreeSet<MatcherId> = active
            .iter()
            .map(|(id, _)| *id)
            .chain(raws.iter().map(|raw| raw.matcher))
            .collect();
        let of_something = |wanted: &&Wanted<'_>| {
            let excused = (asked.excused_by)(wanted.id);
            excused.is_some_and(|of| of.iter().any(|id| first.contains(id)))
        };
        active.extend(
            self.of(language)
                .filter(|wanted| of_something(wanted) && can_match(wanted))
                .map(|wanted| (wanted.id, wanted.matcher)),
        );
        if active.is_empty() {
            return;
        }
        out.parses += 1;
        let done = run(language, text, &active, BUDGET);
        raws.extend(done.raw);
        if let Some((reason, detail)) = done.skipped {
            out.skipped
                .push(skipped(&out.file.path, reason, Some(detail)));
        }
    }
}

#[cfg(test)]
mod tests;
