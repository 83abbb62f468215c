//! One pass over a file for the literals of all rules: which matchers can match here at all,
//! and around which bytes.

use super::code::CodeMatchers;
use super::data::DataMatchers;
use super::grams::Grams;
use crate::model::{Language, MatcherId, Span};
use crate::rule::Matcher;
use crate::rule::Reach;
use crate::rule::need::Literal;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Comments that accept findings begin with one of these.
const WAIVERS: [&str; 3] = ["preop:ignore", "gitleaks:allow", "allowlist "];

/// Who asked for a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    /// A literal around which a text matcher looks, by number, and how far.
    Text(MatcherId, Tongues, Reach, usize),
    Data(MatcherId),
    /// A literal that is only asked whether it stands in the file, by number.
    Word(usize),
    Waiver,
}

/// A set of languages as bits; of no language when it holds for every file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Tongues(u64);

impl Tongues {
    fn of<'l>(languages: impl IntoIterator<Item = &'l Language>) -> Self {
        let bit = |language: &Language| 1 << (*language as u32);
        Self(languages.into_iter().fold(0, |all, one| all | bit(one)))
    }

    fn admits(self, file: Self) -> bool {
        self.0 == 0 || self.0 & file.0 != 0
    }
}

/// A literal of a text matcher where it stands, and how far around it to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    matcher: MatcherId,
    pub span: Span,
    pub reach: Reach,
}

/// The literals of all rules in one index.
pub(super) struct Prefilter {
    grams: Grams,
    owners: Vec<Vec<Owner>>,
    words: Vec<Literal>,
    /// Sets of words of which a text matcher needs one each.
    also: BTreeMap<MatcherId, Vec<Vec<usize>>>,
    unprotected: Vec<MatcherId>,
}

/// What the pass found in one file.
#[derive(Default)]
pub(super) struct Occurrences {
    /// Where the literals of text matchers stand, in order of matcher and place.
    text: Vec<Place>,
    /// Data matchers of which a literal occurs.
    data: BTreeSet<MatcherId>,
    /// Which words stand in the file, by number.
    words: Vec<bool>,
    /// A comment that accepts findings may stand here.
    pub waiver: bool,
}

impl Occurrences {
    /// Does a literal of this data matcher occur?
    pub(super) fn has(&self, id: MatcherId) -> bool {
        self.data.contains(&id)
    }

    /// Does the word of this number stand in the file?
    pub(super) fn word(&self, number: usize) -> bool {
        self.words.get(number).copied().unwrap_or(true)
    }
}

impl Prefilter {
    /// Collects the literals of all matchers.
    pub(super) fn new(
        matchers: &[(MatcherId, &Matcher)],
        code: &CodeMatchers<'_>,
        data: &DataMatchers<'_>,
    ) -> Self {
        // Reading the regexes is most of the work, and each is read by itself.
        matchers.par_iter().for_each(|(_, matcher)| {
            if let Matcher::Text(text) = matcher {
                text.literals();
            }
        });
        let mut literals: BTreeMap<Vec<u8>, BTreeSet<Owner>> = BTreeMap::new();
        let mut own = |literal: &[u8], owner: Owner| {
            let literal = literal.to_ascii_lowercase();
            literals.entry(literal).or_default().insert(owner);
        };
        let mut words = Words::new(code.literals());
        let mut also: BTreeMap<MatcherId, Vec<Vec<usize>>> = BTreeMap::new();
        let mut unprotected = Vec::new();
        for &(id, matcher) in matchers {
            let Matcher::Text(text) = matcher else {
                continue;
            };
            if text.literals().is_empty() {
                unprotected.push(id);
            }
            let tongues = Tongues::of(&text.languages);
            for (literal, reach) in text.literals() {
                let number = words.number(literal);
                let owner = Owner::Text(id, tongues, *reach, number);
                own(literal.text.as_bytes(), owner);
            }
            let sets = text.also().iter();
            let sets = sets.map(|set| set.iter().map(|literal| words.number(literal)).collect());
            also.insert(id, sets.collect());
        }
        for (id, literal) in data.literals() {
            own(literal.as_bytes(), Owner::Data(id));
        }
        for (number, literal) in words.list.iter().enumerate() {
            own(literal.text.as_bytes(), Owner::Word(number));
        }
        for literal in WAIVERS {
            own(literal.as_bytes(), Owner::Waiver);
        }
        let (literals, owners): (Vec<_>, Vec<_>) = literals.into_iter().unzip();
        Self {
            grams: Grams::new(literals),
            owners: owners
                .into_iter()
                .map(|owners| owners.into_iter().collect())
                .collect(),
            words: words.list,
            also,
            unprotected,
        }
    }

    /// Finds every literal in the bytes of a file of this language.
    pub(super) fn search(&self, bytes: &[u8], language: Option<Language>) -> Occurrences {
        let file = Tongues::of(&language);
        let mut out = Occurrences {
            words: vec![false; self.words.len()],
            ..Occurrences::default()
        };
        self.grams.find(bytes, |literal, span| {
            for owner in self.owners.get(literal).into_iter().flatten() {
                match *owner {
                    Owner::Text(matcher, tongues, reach, number) => {
                        let literal = self.words.get(number);
                        if tongues.admits(file)
                            && literal.is_some_and(|literal| literal.stands(bytes, span))
                        {
                            out.text.push(Place {
                                matcher,
                                span,
                                reach,
                            });
                        }
                    }
                    Owner::Data(id) => drop(out.data.insert(id)),
                    Owner::Word(number) => {
                        if let (Some(literal), Some(seen @ false)) =
                            (self.words.get(number), out.words.get_mut(number))
                        {
                            *seen = literal.stands(bytes, span);
                        }
                    }
                    Owner::Waiver => out.waiver = true,
                }
            }
        });
        out.text.sort_unstable();
        out
    }

    /// Text matchers that can match, with the places of their literals in order.
    pub(super) fn candidates<'o>(
        &'o self,
        found: &'o Occurrences,
    ) -> impl Iterator<Item = (MatcherId, &'o [Place])> {
        let can_match = |id: &MatcherId| {
            let sets = self.also.get(id).into_iter().flatten();
            sets.into_iter()
                .all(|set| set.iter().any(|number| found.word(*number)))
        };
        let protected = found
            .text
            .chunk_by(|one, next| one.matcher == next.matcher)
            .filter_map(|places| Some((places.first()?.matcher, places)))
            .filter(move |(id, _)| can_match(id));
        protected.chain(self.unprotected.iter().map(|id| (*id, [].as_slice())))
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
