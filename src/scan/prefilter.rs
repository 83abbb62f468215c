//! One pass over a file for the literals of all rules: which matchers can match here at all,
//! and around which bytes.

use super::code::CodeMatchers;
use super::data::DataMatchers;
use crate::model::{MatcherId, Span};
use crate::rule::Matcher;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use std::collections::{BTreeMap, BTreeSet};

/// Comments that accept findings begin with one of these.
const WAIVERS: [&str; 3] = ["preop:ignore", "gitleaks:allow", "allowlist "];

/// Who asked for a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Text(MatcherId),
    Parse(MatcherId),
    Waiver,
}

/// The literals of all rules in one automaton.
pub(super) struct Prefilter {
    automaton: Option<AhoCorasick>,
    owners: Vec<Vec<Owner>>,
    unprotected: Vec<MatcherId>,
}

/// What the pass found in one file.
#[derive(Default)]
pub(super) struct Occurrences {
    /// Where the literals of text matchers stand.
    text: BTreeMap<MatcherId, Vec<Span>>,
    /// Code and data matchers of which a literal occurs.
    parse: BTreeSet<MatcherId>,
    /// A comment that accepts findings may stand here.
    pub waiver: bool,
}

impl Occurrences {
    /// Does a literal of this code or data matcher occur?
    pub(super) fn has(&self, id: MatcherId) -> bool {
        self.parse.contains(&id)
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
        let mut unprotected = Vec::new();
        for &(id, matcher) in matchers {
            let Matcher::Text(text) = matcher else {
                continue;
            };
            if text.literals.is_empty() {
                unprotected.push(id);
            }
            for literal in &text.literals {
                literals
                    .entry(literal.clone())
                    .or_default()
                    .insert(Owner::Text(id));
            }
        }
        for (id, literal) in code.literals().chain(data.literals()) {
            let literal = literal.to_ascii_lowercase().into_bytes();
            literals
                .entry(literal)
                .or_default()
                .insert(Owner::Parse(id));
        }
        for literal in WAIVERS {
            literals
                .entry(literal.into())
                .or_default()
                .insert(Owner::Waiver);
        }
        // The pattern set is bounded by the rules, so only a rule set of absurd size fails here,
        // and then every matcher runs everywhere: slower, never wrong.
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(literals.keys())
            .ok();
        let owners = literals
            .into_values()
            .map(|owners| owners.into_iter().collect())
            .collect();
        Self {
            automaton,
            owners,
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
                    Owner::Text(id) => drop(out.text.insert(*id, vec![whole])),
                    Owner::Parse(id) => drop(out.parse.insert(*id)),
                    Owner::Waiver => {}
                }
            }
            return out;
        };
        for found in automaton.find_overlapping_iter(bytes) {
            let span = Span::new(found.start(), found.end());
            for owner in self
                .owners
                .get(found.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                match owner {
                    Owner::Text(id) => out.text.entry(*id).or_default().push(span),
                    Owner::Parse(id) => drop(out.parse.insert(*id)),
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
    ) -> impl Iterator<Item = (MatcherId, &'o [Span])> {
        let protected = found.text.iter().map(|(id, at)| (*id, at.as_slice()));
        protected.chain(self.unprotected.iter().map(|id| (*id, [].as_slice())))
    }
}
