//! One pass over a file for the literals of all searches: which matchers can match here at all,
//! and around which bytes.

mod occurrences;

pub(super) use occurrences::Occurrences;

use super::code::CodeMatchers;
use super::data::DataMatchers;
use super::grams::{Grams, Literals};
use super::marks::{Mark, Marks, Words, marks};
use crate::model::{Bits, Language, MatcherId};
use crate::rule::Matcher;
use crate::rule::pattern::Literal;
use crate::rule::search::Search;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Comments that accept findings begin with one of these.
const WAIVERS: [&str; 3] = ["preop:ignore", "gitleaks:allow", "allowlist "];

/// What a literal is looked for.
#[derive(Default)]
struct Owners {
    /// The words that it is the text of, by number.
    words: Vec<usize>,
    data: Vec<MatcherId>,
    waiver: bool,
}

/// The marks of each of so many words, by number.
fn by_word(marks: &[Mark], words: usize) -> Vec<Vec<usize>> {
    let mut of_words = vec![Vec::new(); words];
    for (number, mark) in marks.iter().enumerate() {
        if let Some(of_word) = of_words.get_mut(mark.word) {
            of_word.push(number);
        }
    }
    of_words
}

/// Must a word begin where this literal begins, and end where it ends, whatever it is looked for?
fn edges(owners: &Owners, words: &[Literal]) -> Option<(bool, bool)> {
    let words: Option<Vec<_>> = owners.words.iter().map(|word| words.get(*word)).collect();
    let only_words = owners.data.is_empty() && !owners.waiver;
    let edges = words?.into_iter().map(Literal::edges);
    let both = |one: (bool, bool), other: (bool, bool)| (one.0 && other.0, one.1 && other.1);
    edges.reduce(both).filter(|_| only_words)
}

/// Who asks: searches of `code` matchers and words by number, matchers of text and data by identity.
pub(super) struct Askers<'a> {
    pub search: &'a dyn Fn(usize) -> bool,
    pub word: &'a dyn Fn(usize) -> bool,
    pub matcher: &'a dyn Fn(MatcherId) -> bool,
}

/// What is looked for in files of one kind.
pub(super) struct Live {
    grams: Arc<Grams>,
    wanted: Wanted,
}

/// What is asked for.
struct Wanted {
    /// Literals, by number.
    literals: Bits,
    /// Searches, by number.
    searches: Bits,
    /// Words of which a search asks where they stand, by number.
    places: Bits,
}

/// The literals of all searches in one index.
pub(super) struct Prefilter {
    literals: Arc<Literals>,
    /// The literals that are asked for in files of a language, arranged for one pass.
    grams: RwLock<BTreeMap<Option<Language>, Arc<Grams>>>,
    /// Of each literal.
    owners: Vec<Owners>,
    /// The literals that data matchers and waivers ask for, by number, with the matcher.
    others: Vec<(usize, Option<MatcherId>)>,
    words: Vec<Literal>,
    /// The literal that is the text of each word, by number.
    literal_of_words: Vec<usize>,
    marks: Vec<Mark>,
    /// The marks of each word.
    marks_of_words: Vec<Vec<usize>>,
    searches: Vec<Marks>,
    /// The text matchers; their searches are numbered after those of `code` matchers.
    texts: Vec<MatcherId>,
}

impl Prefilter {
    /// Collects the literals of all matchers.
    pub(super) fn new(
        matchers: &[(MatcherId, &Matcher)],
        code: &CodeMatchers<'_>,
        data: &DataMatchers<'_>,
    ) -> Self {
        let texts: Vec<(MatcherId, &Search)> = matchers
            .iter()
            .filter_map(|(id, matcher)| match matcher {
                Matcher::Text(text) => Some((*id, &text.search)),
                _ => None,
            })
            .collect();
        let all: Vec<&Search> = code
            .searches()
            .chain(texts.iter().map(|(_, search)| *search))
            .collect();
        // Reading the regexes is most of the work, and each is read by itself.
        all.par_iter().for_each(|search| {
            search.landmarks();
        });
        let mut words = Words::new(code.literals());
        let (marks, searches) = marks(&all, &code.asked_last(), &mut words);
        let words = words.list;
        let mut owners: BTreeMap<Vec<u8>, Owners> = BTreeMap::new();
        let folded = |literal: &str| literal.to_ascii_lowercase().into_bytes();
        for (number, word) in words.iter().enumerate() {
            let owners = owners.entry(folded(&word.text)).or_default();
            owners.words.push(number);
        }
        for (id, literal) in data.literals() {
            owners.entry(folded(literal)).or_default().data.push(id);
        }
        for literal in WAIVERS {
            owners.entry(folded(literal)).or_default().waiver = true;
        }
        let (literals, owners): (Vec<_>, Vec<Owners>) = owners.into_iter().unzip();
        let mut literal_of_words = vec![0; words.len()];
        let mut others = Vec::new();
        for (literal, owners) in owners.iter().enumerate() {
            for word in &owners.words {
                if let Some(of_word) = literal_of_words.get_mut(*word) {
                    *of_word = literal;
                }
            }
            others.extend(owners.data.iter().map(|id| (literal, Some(*id))));
            others.extend(owners.waiver.then_some((literal, None)));
        }
        let marks_of_words = by_word(&marks, words.len());
        Self {
            literals: Arc::new(Literals::new(literals, |literal| {
                edges(owners.get(literal)?, &words)
            })),
            grams: RwLock::default(),
            owners,
            others,
            words,
            literal_of_words,
            marks,
            marks_of_words,
            searches,
            texts: texts.into_iter().map(|(id, _)| id).collect(),
        }
    }

    /// What need be looked for in files of this language where only `some` is asked; `all` may be
    /// asked in other files of the language.
    pub(super) fn live(
        &self,
        language: Option<Language>,
        all: &Askers<'_>,
        some: &Askers<'_>,
    ) -> Live {
        let grams = self.arranged(language).unwrap_or_else(|| {
            let grams = Arc::new(Grams::new(self.literals.clone(), &self.asked(all).literals));
            let mut known = self.grams.write().unwrap_or_else(PoisonError::into_inner);
            known.entry(language).or_insert(grams).clone()
        });
        Live {
            grams,
            wanted: self.asked(some),
        }
    }

    fn arranged(&self, language: Option<Language>) -> Option<Arc<Grams>> {
        let known = self.grams.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&language).cloned()
    }

    fn asked(&self, asked: &Askers<'_>) -> Wanted {
        let mut wanted = Wanted {
            literals: Bits::new(self.owners.len()),
            searches: Bits::new(self.searches.len()),
            places: Bits::new(self.words.len()),
        };
        let mut present = Bits::new(self.words.len());
        for (number, marks) in self.searches.iter().enumerate() {
            let text = self.text(number);
            if text.map_or_else(|| (asked.search)(number), |id| (asked.matcher)(id)) {
                wanted.searches.insert(number);
                for mark in self.marks.get(marks.range.clone()).into_iter().flatten() {
                    present.insert(mark.word);
                    if !marks.anywhere {
                        wanted.places.insert(mark.word);
                    }
                }
            }
        }
        for (word, literal) in self.literal_of_words.iter().enumerate() {
            if present.has(word) || (asked.word)(word) {
                wanted.literals.insert(*literal);
            }
        }
        for (literal, id) in &self.others {
            if id.is_none_or(asked.matcher) {
                wanted.literals.insert(*literal);
            }
        }
        wanted
    }

    /// The text matcher whose search this is.
    fn text(&self, search: usize) -> Option<MatcherId> {
        let code = self.searches.len() - self.texts.len();
        self.texts.get(search.checked_sub(code)?).copied()
    }

    /// Text matchers without a literal to look around, with their searches.
    pub(super) fn unbound(&self) -> impl Iterator<Item = (MatcherId, usize)> + '_ {
        let all = self.searches.iter().enumerate();
        all.filter(|(_, marks)| marks.sets == 0)
            .filter_map(|(number, _)| Some((self.text(number)?, number)))
    }
}
