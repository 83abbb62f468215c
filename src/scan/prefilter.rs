//! One pass over a file for the literals of all searches: which matchers can match here at all,
//! and around which bytes.

use super::code::CodeMatchers;
use super::data::DataMatchers;
use super::grams::{Grams, Literals};
use super::windows::windows;
use crate::model::{Bits, Language, MatcherId, Span};
use crate::rule::need::Literal;
use crate::rule::search::Search;
use crate::rule::{Around, Matcher};
use rayon::prelude::*;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

/// Comments that accept findings begin with one of these.
const WAIVERS: [&str; 3] = ["preop:ignore", "gitleaks:allow", "allowlist "];

/// Who asked for a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    /// A search, which wants to know where it stands; the number of the mark.
    Mark(usize),
    Data(MatcherId),
    /// A literal that is only asked whether it stands in the file, by number.
    Word(usize),
    Waiver,
}

/// A literal of a search.
#[derive(Debug)]
struct Mark {
    search: usize,
    /// Which set of literals it is of. Around those of the first one a match is looked for; of
    /// the others, one must stand in the match.
    set: usize,
    around: Around,
    /// The number of the literal.
    word: usize,
}

/// What is known of one search.
struct Marks {
    /// Its marks, by number, in order of set.
    range: Range<usize>,
    sets: usize,
}

/// A literal of a search where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sighting {
    mark: usize,
    pub(super) span: Span,
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
    /// Literals, by number.
    literals: Bits,
    /// Searches, by number.
    searches: Bits,
}

/// The literals of all searches in one index.
pub(super) struct Prefilter {
    literals: Arc<Literals>,
    /// The literals that are asked for in files of a language, arranged for one pass.
    grams: RwLock<BTreeMap<Option<Language>, Arc<Grams>>>,
    owners: Vec<Vec<Owner>>,
    words: Vec<Literal>,
    marks: Vec<Mark>,
    searches: Vec<Marks>,
    /// The text matchers; their searches are numbered after those of `code` matchers.
    texts: Vec<MatcherId>,
}

/// What the pass found in one file.
pub(super) struct Occurrences<'f> {
    prefilter: &'f Prefilter,
    text: &'f [u8],
    /// In order of search, set and place.
    sightings: Vec<Sighting>,
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
            search.literals();
        });
        let mut words = Words::new(code.literals());
        let (marks, searches) = marks(&all, &mut words);
        let mut literals: BTreeMap<Vec<u8>, BTreeSet<Owner>> = BTreeMap::new();
        let mut own = |literal: &str, owner: Owner| {
            let literal = literal.to_ascii_lowercase().into_bytes();
            literals.entry(literal).or_default().insert(owner);
        };
        for (number, mark) in marks.iter().enumerate() {
            if let Some(literal) = words.list.get(mark.word) {
                own(&literal.text, Owner::Mark(number));
            }
        }
        for (id, literal) in data.literals() {
            own(literal, Owner::Data(id));
        }
        for (number, literal) in code.literals().iter().enumerate() {
            own(&literal.text, Owner::Word(number));
        }
        for literal in WAIVERS {
            own(literal, Owner::Waiver);
        }
        let (literals, owners): (Vec<_>, Vec<_>) = literals.into_iter().unzip();
        Self {
            literals: Arc::new(Literals::new(literals)),
            grams: RwLock::default(),
            owners: owners
                .into_iter()
                .map(|owners| owners.into_iter().collect())
                .collect(),
            words: words.list,
            marks,
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
        let (literals, searches) = self.asked(some);
        let grams = self.arranged(language).unwrap_or_else(|| {
            let (literals, _) = self.asked(all);
            let grams = Arc::new(Grams::new(self.literals.clone(), &literals));
            let mut known = self.grams.write().unwrap_or_else(PoisonError::into_inner);
            known.entry(language).or_insert(grams).clone()
        });
        Live {
            grams,
            literals,
            searches,
        }
    }

    fn arranged(&self, language: Option<Language>) -> Option<Arc<Grams>> {
        let known = self.grams.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&language).cloned()
    }

    /// The literals and the searches that are asked for, by number.
    fn asked(&self, asked: &Askers<'_>) -> (Bits, Bits) {
        let mut searches = Bits::new(self.searches.len());
        for number in 0..self.searches.len() {
            let text = self.text(number);
            if text.map_or_else(|| (asked.search)(number), |id| (asked.matcher)(id)) {
                searches.insert(number);
            }
        }
        let mut literals = Bits::new(self.owners.len());
        let wanted = |owner: &Owner| match owner {
            Owner::Mark(number) => {
                let mark = self.marks.get(*number);
                mark.is_some_and(|mark| searches.has(mark.search))
            }
            Owner::Word(number) => (asked.word)(*number),
            Owner::Data(id) => (asked.matcher)(*id),
            Owner::Waiver => true,
        };
        for (literal, owners) in self.owners.iter().enumerate() {
            if owners.iter().any(wanted) {
                literals.insert(literal);
            }
        }
        (literals, searches)
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
            sightings: Vec::new(),
            data: BTreeSet::new(),
            words: Bits::new(self.words.len()),
            answers: vec![Cell::new(None); self.searches.len() - self.texts.len()],
            waiver: false,
        };
        let mut literals = live.literals.clone();
        live.grams.find(text, &mut literals, |literal, span| {
            // Where all that is asked is whether it stands here, once is enough.
            let mut again = false;
            let stands = |word: usize| {
                let word = self.words.get(word);
                word.is_some_and(|word| word.stands(text, span))
            };
            for owner in self.owners.get(literal).into_iter().flatten() {
                match *owner {
                    Owner::Mark(number) => {
                        let mark = self.marks.get(number);
                        let mark = mark.filter(|mark| live.searches.has(mark.search));
                        again |= mark.is_some();
                        if mark.is_some_and(|mark| stands(mark.word)) {
                            out.sightings.push(Sighting { mark: number, span });
                        }
                    }
                    Owner::Data(id) => drop(out.data.insert(id)),
                    Owner::Word(number) if !out.words.has(number) => {
                        if stands(number) {
                            out.words.insert(number);
                        } else {
                            again = true;
                        }
                    }
                    Owner::Word(_) => {}
                    Owner::Waiver => out.waiver = true,
                }
            }
            again
        });
        out.sightings.sort_unstable();
        out
    }
}

/// The marks of every search, and of each search the range of them.
fn marks(all: &[&Search], words: &mut Words) -> (Vec<Mark>, Vec<Marks>) {
    let mut marks = Vec::new();
    let mut searches = Vec::new();
    for (search, asked) in all.iter().enumerate() {
        let start = marks.len();
        for (literal, around) in asked.literals() {
            let word = words.number(literal);
            marks.push(Mark {
                search,
                set: 0,
                around: *around,
                word,
            });
        }
        for (set, literals) in (1..).zip(asked.also()) {
            marks.extend(literals.iter().map(|literal| Mark {
                search,
                set,
                around: Around::FILE,
                word: words.number(literal),
            }));
        }
        searches.push(Marks {
            range: start..marks.len(),
            sets: marks
                .get(start..)
                .and_then(<[Mark]>::last)
                .map_or(0, |last| last.set + 1),
        });
    }
    (marks, searches)
}

impl Occurrences<'_> {
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
        let windows = self.windows(number);
        let found = windows
            .iter()
            .any(|window| search.matches(self.text, *window));
        if let Some(answer) = answer {
            answer.set(Some(found));
        }
        found
    }

    /// Text matchers of which a literal stands in the file, with their searches.
    pub(super) fn texts(&self) -> impl Iterator<Item = (MatcherId, usize)> {
        let search = |sighting: &Sighting| Some(self.prefilter.marks.get(sighting.mark)?.search);
        self.sightings
            .chunk_by(move |one, next| search(one) == search(next))
            .filter_map(move |sightings| search(sightings.first()?))
            .filter_map(|search| Some((self.prefilter.text(search)?, search)))
    }

    /// The parts of the text that a match of a search can lie in.
    pub(super) fn windows(&self, search: usize) -> Vec<Span> {
        let Some(marks) = self.prefilter.searches.get(search) else {
            return Vec::new();
        };
        if marks.sets == 0 {
            return vec![Span::new(0, self.text.len())];
        }
        let before = |end: usize| self.sightings.partition_point(|it| it.mark < end);
        let own = before(marks.range.start)..before(marks.range.end);
        let sightings = self.sightings.get(own).unwrap_or_default();
        let mark = |sighting: &Sighting| self.prefilter.marks.get(sighting.mark);
        let set = |sighting: &Sighting| mark(sighting).map_or(0, |mark| mark.set);
        let sets: Vec<&[Sighting]> = sightings
            .chunk_by(|one, next| set(one) == set(next))
            .collect();
        let (Some((first, others)), true) = (sets.split_first(), marks.sets == sets.len()) else {
            return Vec::new();
        };
        let around = first
            .iter()
            .filter_map(|one| Some((one.span, mark(one)?.around)));
        windows(self.text, around, others)
    }
}

/// Words with their numbers, each once.
struct Words {
    list: Vec<Literal>,
    numbers: BTreeMap<Literal, usize>,
}

impl Words {
    fn new(list: &[Literal]) -> Self {
        Self {
            list: list.to_vec(),
            numbers: list.iter().cloned().zip(0..).collect(),
        }
    }

    fn number(&mut self, literal: &Literal) -> usize {
        let next = self.list.len();
        *self.numbers.entry(literal.clone()).or_insert_with(|| {
            self.list.push(literal.clone());
            next
        })
    }
}
