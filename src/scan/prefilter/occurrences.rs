//! What the pass over one file found, and the parts of it around which searches may match.

use super::super::marks::{Mark, Marks};
use super::super::windows::{holds, merged, window};
use super::{Live, Prefilter};
use crate::model::{Bits, MatcherId, Span};
use crate::rule::search::Search;
use std::cell::Cell;
use std::collections::BTreeSet;

/// Where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    word: usize,
    span: Span,
}

/// What the pass found in one file.
pub(in crate::scan) struct Occurrences<'f> {
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
    pub(in crate::scan) waiver: bool,
}

impl Prefilter {
    /// Finds what is looked for in `text`.
    pub(in crate::scan) fn search<'f>(&'f self, text: &'f [u8], live: &Live) -> Occurrences<'f> {
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
    pub(in crate::scan) fn has(&self, id: MatcherId) -> bool {
        self.data.contains(&id)
    }

    /// Does the word of this number stand in the file?
    pub(in crate::scan) fn word(&self, number: usize) -> bool {
        self.words.has(number)
    }

    /// Does the search of this number, of a `code` matcher, find anything in the file?
    pub(in crate::scan) fn finds(&self, number: usize, search: &Search) -> bool {
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
    pub(in crate::scan) fn texts(&self) -> impl Iterator<Item = (MatcherId, usize)> {
        let searches = self.prefilter.searches.iter().enumerate();
        searches
            .filter(|(search, marks)| marks.sets > 0 && self.meets(*search, marks))
            .filter_map(|(search, _)| Some((self.prefilter.text(search)?, search)))
    }

    /// The parts of the text that a match of a search can lie in.
    pub(in crate::scan) fn windows(&self, number: usize, search: &Search) -> Vec<Span> {
        let Some(marks) = self.prefilter.searches.get(number) else {
            return Vec::new();
        };
        if marks.sets == 0 {
            return vec![Span::new(0, self.text.len())];
        }
        let all = self.prefilter.marks.get(marks.range.clone());
        let all = all.unwrap_or_default();
        if marks.anywhere {
            let there = |set: &[Mark]| set.iter().any(|mark| self.words.has(mark.word));
            let all_there = all.chunk_by(|one, next| one.set == next.set).all(there);
            let whole = Span::new(0, self.text.len());
            return all_there.then_some(whole).into_iter().collect();
        }
        if !self.meets(number, marks) {
            return Vec::new();
        }
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
