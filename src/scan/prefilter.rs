//! One pass over a file for the literals of all searches: which matchers can match here at all,
//! and around which bytes.

use super::code::CodeMatchers;
use super::data::DataMatchers;
use super::grams::{Grams, Literals};
use super::marks::{Mark, Marks, Words, marks};
use super::windows::{holds, merged, window};
use crate::model::{Bits, Language, MatcherId, Span};
use crate::rule::Matcher;
use crate::rule::pattern::Literal;
use crate::rule::search::Search;
use rayon::prelude::*;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
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

/// Where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    word: usize,
    span: Span,
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

/// What the pass found in one file.
pub(super) struct Occurrences<'f> {
    prefilter: &'f Prefilter,
    text: &'f [u8],
    /// In order of word and place.
    places: Vec<Place>,
    /// A bit for each set of a search of which a literal stands in the file, by search.
    met: Vec<u8>,
    /// Data matchers of which a literal occurs.
    data: BTreeSet<MatcherId>,
    /// Which words stand in the file, by number.
    words: Bits,
    /// What the searches of `code` matchers have answered.
    answers: Vec<Cell<Option<bool>>>,
    /// A comment that accepts findings may stand here.
    pub waiver: bool,
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
        let (marks, searches) = marks(&all, &mut words);
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
        let mut marks_of_words = vec![Vec::new(); words.len()];
        for (number, mark) in marks.iter().enumerate() {
            if let Some(of_word) = marks_of_words.get_mut(mark.word) {
                of_word.push(number);
            }
        }
        Self {
            literals: Arc::new(Literals::new(literals)),
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
        for (number, marks) in self.searches.iter().enumerate() {
            let text = self.text(number);
            if text.map_or_else(|| (asked.search)(number), |id| (asked.matcher)(id)) {
                wanted.searches.insert(number);
                for mark in self.marks.get(marks.range.clone()).into_iter().flatten() {
                    wanted.places.insert(mark.word);
                }
            }
        }
        for (word, literal) in self.literal_of_words.iter().enumerate() {
            if wanted.places.has(word) || (asked.word)(word) {
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

    /// Finds what is looked for in `text`.
    pub(super) fn search<'f>(&'f self, text: &'f [u8], live: &Live) -> Occurrences<'f> {
        let mut out = Occurrences {
            prefilter: self,
            text,
            places: Vec::new(),
            met: vec![0; self.searches.len()],
            data: BTreeSet::new(),
            words: Bits::new(self.words.len()),
            answers: vec![Cell::new(None); self.searches.len() - self.texts.len()],
            waiver: false,
        };
        let wanted = &live.wanted;
        let mut literals = wanted.literals.clone();
        live.grams.find(text, &mut literals, |literal, span| {
            let Some(owners) = self.owners.get(literal) else {
                return false;
            };
            out.waiver |= owners.waiver;
            out.data.extend(&owners.data);
            // Where all that is asked is whether it stands here, once is enough.
            let mut again = false;
            for &word in &owners.words {
                let places = wanted.places.has(word);
                if !places && out.words.has(word) {
                    continue;
                }
                let stands = self
                    .words
                    .get(word)
                    .is_some_and(|it| it.stands(text, span.range()));
                if stands {
                    out.words.insert(word);
                }
                if stands && places {
                    out.places.push(Place { word, span });
                }
                again |= places || !stands;
            }
            again
        });
        out.places.sort_unstable();
        out.meet(&wanted.searches);
        out
    }
}

impl Occurrences<'_> {
    /// Notes which sets of these searches have a literal in the file.
    fn meet(&mut self, searches: &Bits) {
        for places in self.places.chunk_by(|one, next| one.word == next.word) {
            let word = places.first().map_or(0, |place| place.word);
            let marks = self
                .prefilter
                .marks_of_words
                .get(word)
                .into_iter()
                .flatten();
            for mark in marks.filter_map(|mark| self.prefilter.marks.get(*mark)) {
                if let Some(met) = self.met.get_mut(mark.search)
                    && searches.has(mark.search)
                {
                    *met |= 1 << mark.set;
                }
            }
        }
    }

    /// Does a literal of each set of this search stand in the file?
    fn meets(&self, search: usize, marks: &Marks) -> bool {
        let met = self.met.get(search).map_or(0, |met| met.count_ones());
        met as usize == marks.sets
    }

    /// Does a literal of this data matcher occur?
    pub(super) fn has(&self, id: MatcherId) -> bool {
        self.data.contains(&id)
    }

    /// Does the word of this number stand in the file?
    pub(super) fn word(&self, number: usize) -> bool {
        self.words.has(number)
    }

    /// Does the search of this number, of a `code` matcher, find anything in the file?
    pub(super) fn finds(&self, number: usize, search: &Search) -> bool {
        let answer = self.answers.get(number);
        if let Some(known) = answer.and_then(Cell::get) {
            return known;
        }
        let windows = self.windows(number, search);
        let found = windows
            .iter()
            .any(|window| search.matches(self.text, *window));
        if let Some(answer) = answer {
            answer.set(Some(found));
        }
        found
    }

    /// Text matchers whose literals stand in the file, with their searches.
    pub(super) fn texts(&self) -> impl Iterator<Item = (MatcherId, usize)> {
        let searches = self.prefilter.searches.iter().enumerate();
        searches
            .filter(|(search, marks)| marks.sets > 0 && self.meets(*search, marks))
            .filter_map(|(search, _)| Some((self.prefilter.text(search)?, search)))
    }

    /// The parts of the text that a match of a search can lie in.
    pub(super) fn windows(&self, number: usize, search: &Search) -> Vec<Span> {
        let Some(marks) = self.prefilter.searches.get(number) else {
            return Vec::new();
        };
        if marks.sets == 0 {
            return vec![Span::new(0, self.text.len())];
        }
        if !self.meets(number, marks) {
            return Vec::new();
        }
        let all = self.prefilter.marks.get(marks.range.clone());
        let all = all.unwrap_or_default();
        let (first, others) = all.split_at(all.partition_point(|mark| mark.set == 0));
        let also: Vec<Vec<Span>> = others
            .chunk_by(|one, next| one.set == next.set)
            .map(|set| {
                let places = set.iter().flat_map(|mark| self.places(mark.word));
                let mut places: Vec<Span> = places.collect();
                places.sort_unstable();
                places
            })
            .collect();
        let mut out = Vec::new();
        for marks in first.chunk_by(|one, next| one.onward == next.onward) {
            let at = |mark: &Mark| (mark.around, self.places(mark.word));
            let places = marks.iter().map(at);
            let places = places.flat_map(|(around, at)| at.map(move |literal| (literal, around)));
            let mut places = places
                .map(|(literal, around)| (literal, window(self.text, literal, around)))
                .filter(|(_, window)| also.iter().all(|places| holds(*window, places)))
                .peekable();
            if places.peek().is_none() {
                continue;
            }
            let onward = marks.first().and_then(|mark| mark.onward);
            let onward = onward.and_then(|number| search.onward(number));
            let mut asker = onward.as_ref().map(|onward| onward.asker());
            let mut may_match = |literal: Span, window: Span| {
                let asker = asker.as_mut();
                let rest = Span {
                    start: literal.start,
                    ..window
                };
                asker.is_none_or(|asker| asker.may_match(self.text, rest))
            };
            let places = places.filter(|(literal, window)| may_match(*literal, *window));
            out.extend(places.map(|(_, window)| window));
        }
        merged(out)
    }

    /// Where a word stands.
    fn places(&self, word: usize) -> impl Iterator<Item = Span> {
        let from = self.places.partition_point(|place| place.word < word);
        let on = self.places.get(from..).unwrap_or_default();
        on.iter()
            .take_while(move |place| place.word == word)
            .map(|place| place.span)
    }
}
