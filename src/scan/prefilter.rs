//! One pass over a file for the literals of all rules: which matchers can match here at all,
//! and around which bytes.

use super::code::CodeMatchers;
use super::data::DataMatchers;
use crate::model::{MatcherId, Span};
use crate::rule::Matcher;
use crate::rule::need::Literal;
use crate::rule::text::Reach;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use std::collections::{BTreeMap, BTreeSet};

/// Comments that accept findings begin with one of these.
const WAIVERS: [&str; 3] = ["preop:ignore", "gitleaks:allow", "allowlist "];

/// Who asked for a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    /// A literal around which a text matcher looks, by number, and how far.
    Text(MatcherId, Reach, usize),
    Data(MatcherId),
    /// A literal that is only asked whether it stands in the file, by number.
    Word(usize),
    Waiver,
}

/// The literals of all rules in one automaton.
pub(super) struct Prefilter {
    automaton: Option<AhoCorasick>,
    owners: Vec<Vec<Owner>>,
    words: Vec<Literal>,
    /// Sets of words of which a text matcher needs one each.
    also: BTreeMap<MatcherId, Vec<Vec<usize>>>,
    unprotected: Vec<MatcherId>,
}

/// What the pass found in one file.
#[derive(Default)]
pub(super) struct Occurrences {
    /// Where the literals of text matchers stand.
    text: BTreeMap<MatcherId, Vec<(Span, Reach)>>,
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
            if text.literals.is_empty() {
                unprotected.push(id);
            }
            for (literal, reach) in &text.literals {
                let number = words.number(literal);
                own(literal.text.as_bytes(), Owner::Text(id, *reach, number));
            }
            let sets = text.also.iter();
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
        let automaton = automaton(literals.keys());
        let owners = literals
            .into_values()
            .map(|owners| owners.into_iter().collect())
            .collect();
        Self {
            automaton,
            owners,
            words: words.list,
            also,
            unprotected,
        }
    }

    /// Finds every literal in `bytes`.
    pub(super) fn search(&self, bytes: &[u8]) -> Occurrences {
        let mut out = Occurrences::default();
        let Some(automaton) = &self.automaton else {
            let whole = Span::new(0, bytes.len());
            out.waiver = true;
            for owner in self.owners.iter().flatten() {
                match owner {
                    Owner::Text(id, ..) => drop(out.text.insert(*id, vec![(whole, Reach::File)])),
                    Owner::Data(id) => drop(out.data.insert(*id)),
                    Owner::Word(_) | Owner::Waiver => {}
                }
            }
            return out;
        };
        out.words = vec![false; self.words.len()];
        for found in automaton.find_overlapping_iter(bytes) {
            let span = Span::new(found.start(), found.end());
            for owner in self
                .owners
                .get(found.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                match owner {
                    Owner::Text(id, reach, number) => {
                        let literal = self.words.get(*number);
                        if literal.is_some_and(|literal| literal.stands(bytes, span)) {
                            out.text.entry(*id).or_default().push((span, *reach));
                        }
                    }
                    Owner::Data(id) => drop(out.data.insert(*id)),
                    Owner::Word(number) => {
                        if let (Some(literal), Some(seen @ false)) =
                            (self.words.get(*number), out.words.get_mut(*number))
                        {
                            *seen = literal.stands(bytes, span);
                        }
                    }
                    Owner::Waiver => out.waiver = true,
                }
            }
        }
        out
    }

    /// Text matchers that can match, with the places of their literals in order.
    pub(super) fn candidates<'o>(
        &'o self,
        found: &'o Occurrences,
    ) -> impl Iterator<Item = (MatcherId, &'o [(Span, Reach)])> {
        let can_match = |id: &MatcherId| {
            let sets = self.also.get(id).into_iter().flatten();
            sets.into_iter()
                .all(|set| set.iter().any(|number| found.word(*number)))
        };
        let protected = found
            .text
            .iter()
            .filter(move |(id, _)| can_match(id))
            .map(|(id, at)| (*id, at.as_slice()));
        protected.chain(self.unprotected.iter().map(|id| (*id, [].as_slice())))
    }
}

/// The pattern set is bounded by the rules, so only a rule set of absurd size gives none, and then
/// every matcher runs everywhere: slower, never wrong.
fn automaton<'l>(literals: impl Iterator<Item = &'l Vec<u8>>) -> Option<AhoCorasick> {
    AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(literals)
        .ok()
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
