//! The literals of searches as numbered words, and what each of them means to which search.

use crate::rule::pattern::frequency::per_megabyte;
use crate::rule::pattern::{Around, Literal};
use crate::rule::search::Search;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Searches that are asked in few files, and whose literals are met more often than this per
/// megabyte, look through the whole of those files: in all others every place would be noted for
/// nothing.
const FREQUENT: u32 = 400;

/// A literal of a search.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) search: usize,
    /// Which set of literals it is of. Around those of the first one a match is looked for; of
    /// the others, one must stand in the match.
    pub(super) set: usize,
    pub(super) around: Around,
    /// What follows it in every match, by the number that its search gives it.
    pub(super) onward: Option<usize>,
    /// The number of the word.
    pub(super) word: usize,
}

/// What is known of one search.
pub(super) struct Marks {
    /// Its marks, by number, in order of set.
    pub(super) range: Range<usize>,
    pub(super) sets: usize,
    /// Is it the same where its literals stand, as long as they do?
    pub(super) anywhere: bool,
}

/// The marks of every search, and of each search the range of them. Some are `asked_last`, by
/// number.
pub(super) fn marks(
    all: &[&Search],
    asked_last: &BTreeSet<usize>,
    words: &mut Words,
) -> (Vec<Mark>, Vec<Marks>) {
    let mut marks = Vec::new();
    let mut searches = Vec::new();
    for (search, asked) in all.iter().enumerate() {
        let start = marks.len();
        for landmark in asked.landmarks() {
            marks.extend(landmark.literals.iter().map(|literal| Mark {
                search,
                set: 0,
                around: landmark.around,
                onward: landmark.onward,
                word: words.number(literal),
            }));
        }
        for (set, literals) in (1..).zip(asked.also()) {
            marks.extend(literals.iter().map(|literal| Mark {
                search,
                set,
                around: Around::FILE,
                onward: None,
                word: words.number(literal),
            }));
        }
        let landmarks = asked.landmarks().iter().flat_map(|it| &it.literals);
        let often = |literal: &Literal| per_megabyte(literal.text.as_bytes(), 0);
        searches.push(Marks {
            anywhere: asked_last.contains(&search) && landmarks.map(often).sum::<u32>() > FREQUENT,
            range: start..marks.len(),
            sets: marks
                .get(start..)
                .and_then(<[Mark]>::last)
                .map_or(0, |last| last.set + 1),
        });
    }
    (marks, searches)
}

/// Words with their numbers, each once.
pub(super) struct Words {
    pub(super) list: Vec<Literal>,
    numbers: BTreeMap<Literal, usize>,
}

impl Words {
    pub(super) fn new(list: &[Literal]) -> Self {
        Self {
            list: list.to_vec(),
            numbers: list.iter().cloned().zip(0..).collect(),
        }
    }

    pub(super) fn number(&mut self, literal: &Literal) -> usize {
        let next = self.list.len();
        *self.numbers.entry(literal.clone()).or_insert_with(|| {
            self.list.push(literal.clone());
            next
        })
    }
}
