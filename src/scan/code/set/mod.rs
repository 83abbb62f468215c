//! The `code` matchers of a rule set, by language, with the literals that spare a parse.

use super::{BUDGET, run};
use crate::model::{Bits, FileHits, Language, MatcherId};
use crate::rule::Matcher;
use crate::rule::code::CodeMatcher;
use crate::rule::need::{Clue, Need};
use crate::rule::pattern::Literal;
use crate::rule::search::Search;
use crate::scan::prefilter::Occurrences;
use crate::scan::raw::Raw;
use crate::scan::skipped;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A matcher in one of its languages, with what a file must hold for it.
struct Wanted<'r> {
    id: MatcherId,
    matcher: &'r CodeMatcher,
    /// Derived from its rule.
    need: Need<Sign>,
    /// The search that its author asks for.
    contains: Option<usize>,
}

/// A clue, by its number.
#[derive(Clone, Copy)]
enum Sign {
    Literal(usize),
    Search(usize),
}

/// What is known of a file before it is parsed.
pub(crate) struct Asked<'a> {
    /// The literals that stand in it.
    pub found: &'a Occurrences<'a>,
    /// What is looked for in files like it.
    pub chosen: &'a Chosen,
    /// The matchers whose hits in the file a matcher excuses, if it does nothing else.
    pub excused_by: &'a dyn Fn(MatcherId) -> Option<&'a [MatcherId]>,
}

/// The `code` matchers that can match in files of the languages at hand.
pub(crate) struct CodeMatchers<'r> {
    by_language: BTreeMap<Language, Vec<Wanted<'r>>>,
    literals: Vec<Literal>,
    searches: Vec<Search>,
}

/// The matchers that are worth running in files of one kind.
pub(crate) struct Chosen {
    /// Those of the language, by number.
    matchers: Vec<usize>,
    /// Literals that they ask for.
    pub literals: Bits,
    /// Searches that they ask for.
    pub searches: Bits,
}

impl<'r> CodeMatchers<'r> {
    /// Arranges the matchers for these languages by what their files must hold.
    pub(crate) fn new(
        matchers: &[(MatcherId, &'r Matcher)],
        languages: &BTreeSet<Language>,
    ) -> Self {
        let wanted: Vec<(MatcherId, &CodeMatcher, Language, Need)> = matchers
            .par_iter()
            .filter_map(|&(id, matcher)| match matcher {
                Matcher::Code(code) => Some((id, code)),
                _ => None,
            })
            .flat_map_iter(|(id, code)| {
                let needs = code.needs(languages).into_iter();
                needs.map(move |(language, need)| (id, code, language, need))
            })
            .collect();
        let mut by_language: BTreeMap<Language, Vec<_>> = BTreeMap::new();
        let mut numbers: BTreeMap<Literal, usize> = BTreeMap::new();
        let mut searches: BTreeMap<String, usize> = BTreeMap::new();
        let mut search = |source: &str| {
            let next = searches.len();
            *searches.entry(source.to_owned()).or_insert(next)
        };
        for (id, matcher, language, need) in wanted {
            let need = need.map(&mut |clue| match clue {
                Clue::Literal(literal) => {
                    let next = numbers.len();
                    Sign::Literal(*numbers.entry(literal.clone()).or_insert(next))
                }
                Clue::Regex(source) => Sign::Search(search(source)),
            });
            by_language.entry(language).or_default().push(Wanted {
                id,
                matcher,
                need,
                contains: matcher.contains().map(&mut search),
            });
        }
        let searches = by_number(searches).into_iter();
        Self {
            by_language,
            literals: by_number(numbers),
            searches: searches.map(|source| Search::new(source, false)).collect(),
        }
    }

    /// The searches that are asked only where what else a matcher needs was found, by number.
    pub(crate) fn asked_last(&self) -> BTreeSet<usize> {
        let all = self.by_language.values().flatten();
        let first: BTreeSet<usize> = all.filter_map(|wanted| wanted.contains).collect();
        let numbers = 0..self.searches.len();
        numbers.filter(|number| !first.contains(number)).collect()
    }

    /// What the needs of the matchers search for, by number.
    pub(crate) fn searches(&self) -> impl Iterator<Item = &Search> {
        self.searches.iter()
    }

    /// The matchers of a language that are not `refused`, and what they ask for.
    pub(crate) fn choose(
        &self,
        language: Option<Language>,
        refused: impl Fn(MatcherId) -> bool,
    ) -> Chosen {
        let mut chosen = Chosen {
            matchers: Vec::new(),
            literals: Bits::new(self.literals.len()),
            searches: Bits::new(self.searches.len()),
        };
        let all = language.into_iter().flat_map(|language| self.of(language));
        for (number, wanted) in all.enumerate() {
            if refused(wanted.id) {
                continue;
            }
            chosen.matchers.push(number);
            wanted
                .contains
                .iter()
                .for_each(|number| chosen.searches.insert(*number));
            wanted.need.each(&mut |sign| match sign {
                Sign::Literal(number) => chosen.literals.insert(*number),
                Sign::Search(number) => chosen.searches.insert(*number),
            });
        }
        chosen
    }

    /// Does the file hold what the need of a matcher speaks of? The cheap questions come first.
    fn needed(&self, wanted: &Wanted<'_>, found: &Occurrences<'_>) -> bool {
        wanted.need.holds(&|sign: &Sign| match sign {
            Sign::Literal(number) => found.word(*number),
            Sign::Search(number) => self.finds(*number, found),
        })
    }

    fn finds(&self, number: usize, found: &Occurrences<'_>) -> bool {
        let search = self.searches.get(number);
        search.is_some_and(|search| found.finds(number, search))
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
        let all = self
            .by_language
            .get(&language)
            .map_or(&[][..], Vec::as_slice);
        let can_match = |wanted: &Wanted<'_>| {
            self.needed(wanted, asked.found)
                && wanted
                    .contains
                    .is_none_or(|number| self.finds(number, asked.found))
        };
        let mut active: Vec<(MatcherId, &CodeMatcher)> = Vec::new();
        let mut excuses = Vec::new();
        for wanted in asked.chosen.matchers.iter().filter_map(|at| all.get(*at)) {
            match (asked.excused_by)(wanted.id) {
                Some(of) => excuses.push((wanted, of)),
                None if can_match(wanted) => active.push((wanted.id, wanted.matcher)),
                None => {}
            }
        }
        let first: BTreeSet<MatcherId> = active
            .iter()
            .map(|(id, _)| *id)
            .chain(raws.iter().map(|raw| raw.matcher))
            .collect();
        let of_something = |of: &[MatcherId]| of.iter().any(|id| first.contains(id));
        let excuses = excuses.into_iter();
        active.extend(
            excuses
                .filter(|(wanted, of)| of_something(of) && can_match(wanted))
                .map(|(wanted, _)| (wanted.id, wanted.matcher)),
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

/// What is numbered, in order of number.
fn by_number<T: Ord>(numbers: BTreeMap<T, usize>) -> Vec<T> {
    let mut all: Vec<(usize, T)> = numbers
        .into_iter()
        .map(|(it, number)| (number, it))
        .collect();
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, it)| it).collect()
}

#[cfg(test)]
mod tests;
