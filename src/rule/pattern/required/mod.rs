//! Literals that must occur in a text before a regex can match: what lets a scan skip a file.
//!
//! Derived from the regex itself, so a literal can never be one that the regex does not imply.

use super::Literal;
use super::frequency::per_megabyte;
use super::relax::without_lookalikes;
use regex_syntax::hir::{Class, Hir, HirKind, Look};
use std::borrow::Borrow;

/// Most texts that a part of a regex is written out to.
const MAX_SET: usize = 64;
/// Most texts of which one must be there.
const MAX_REQUIRED: usize = 256;
/// Most members of a class that are written out.
const MAX_CLASS: usize = 8;
/// Longest literal kept; more bytes do not make it more selective.
const MAX_LEN: usize = 32;
/// Sets met more often than this per megabyte are not asked for beside others.
const FREQUENT: u32 = 800;
/// Most sets that are asked for.
const MAX_SETS: usize = 3;
/// Shortest literal that is worth searching for.
pub const MIN_LEN: usize = 3;

/// Stands in a text for the edge of a word; no text in UTF-8 holds it.
const EDGE: u8 = 0xff;

/// Texts in lower case, `EDGE` in them where the regex asks for the edge of a word or a line; in
/// order, each once.
type Set = Vec<Vec<u8>>;

/// A set of literals of which one stands in every match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Required {
    /// The literals.
    pub literals: Vec<Literal>,
    /// The first and the last part of a sequence of parts that they stand in.
    pub parts: (usize, usize),
    /// Does one of them begin where the first of these parts does?
    pub begins: bool,
    /// How often one of them is met in a megabyte of source code, inside of words too.
    pub often: u32,
}

/// Sets of literals, the most selective one first: of each, at least one stands in every match of
/// these parts, one after the other. Empty when there is no set whose members have all at least
/// `MIN_LEN` bytes.
pub fn required(parts: &[&Hir]) -> Vec<Required> {
    let mut info = concat(parts);
    let last = parts.len().saturating_sub(1);
    let exact = info.exact.map(|texts| Stretch {
        texts,
        parts: (0, last),
        begins: true,
    });
    info.required.extend(exact);
    let mut sets = info.required;
    sets.retain(|set| shortest(&set.texts) >= MIN_LEN);
    let mut sets: Vec<_> = sets
        .into_iter()
        .map(|set| (cost(&set.texts), set))
        .collect();
    sets.sort_unstable_by(|(cost, set), (other_cost, other)| {
        let key = |set: &Stretch| (set.texts.len(), !set.begins, set.parts);
        (cost, key(set), &set.texts).cmp(&(other_cost, key(other), &other.texts))
    });
    sets.dedup_by(|(_, next), (_, last)| next.texts == last.texts);
    // Beside a good set, frequent words cost more to find than they spare.
    sets.into_iter()
        .enumerate()
        .filter(|(index, (cost, ..))| *index == 0 || *cost <= FREQUENT)
        .take(MAX_SETS)
        .filter_map(|(_, (_, set))| {
            let least = minimal(&set.texts);
            let literals: Option<_> = least.iter().map(|text| literal(text)).collect();
            let begins = |text: &Vec<u8>| least.iter().any(|least| begins_with(text, least));
            literals.map(|literals| Required {
                literals,
                parts: set.parts,
                begins: set.begins && set.texts.iter().all(begins),
                often: often(&least),
            })
        })
        .collect()
}

/// Is it known of every text that it is matched, letter case aside, so that one set of literals
/// says all there is to say?
pub fn is_exact(hir: &Hir) -> bool {
    walk(hir).exact.is_some()
}

/// `None` for what is no text.
fn literal(text: &[u8]) -> Option<Literal> {
    let plain: Vec<u8> = text.iter().copied().filter(|byte| *byte != EDGE).collect();
    Some(Literal {
        starts: text.first() == Some(&EDGE),
        ends: text.last() == Some(&EDGE),
        ..Literal::loose(String::from_utf8(plain).ok()?)
    })
}

/// Does `text` begin with `start`, edges aside?
fn begins_with(text: &[u8], start: &[u8]) -> bool {
    let mut text = text.iter().filter(|byte| **byte != EDGE);
    let mut start = start.iter().filter(|byte| **byte != EDGE);
    start.all(|byte| text.next() == Some(byte))
}

/// What is known of the texts that a part of a regex matches.
struct Info {
    /// All texts it can match, when they are few.
    exact: Option<Set>,
    /// Texts of which one begins everything that it matches, when `exact` is not known.
    prefix: Option<Set>,
    /// Sets of texts: of each, one is inside everything that it matches.
    required: Vec<Set>,
}

impl Info {
    fn nothing() -> Self {
        Self {
            exact: None,
            prefix: None,
            required: Vec::new(),
        }
    }

    fn exact(set: Set) -> Self {
        Self {
            exact: Some(set),
            prefix: None,
            required: Vec::new(),
        }
    }

    /// Texts of which one begins everything that it matches.
    fn begins(&self) -> Option<&Set> {
        self.exact.as_ref().or(self.prefix.as_ref())
    }

    /// All sets that are known.
    fn sets(self) -> Vec<Set> {
        let mut sets = self.required;
        sets.extend(self.exact);
        sets
    }
}

fn walk(hir: &Hir) -> Info {
    match hir.kind() {
        HirKind::Look(Look::WordAsciiNegate | Look::WordUnicodeNegate) | HirKind::Empty => {
            Info::exact(vec![Vec::new()])
        }
        HirKind::Look(_) => Info::exact(vec![vec![EDGE]]),
        HirKind::Literal(literal) => Info::exact(vec![literal.0.to_ascii_lowercase()]),
        HirKind::Class(class) => members(class).map_or_else(Info::nothing, Info::exact),
        HirKind::Capture(capture) => walk(&capture.sub),
        HirKind::Repetition(repetition) => {
            let sub = walk(&repetition.sub);
            match (repetition.min, repetition.max) {
                (1, Some(1)) => sub,
                (0, Some(1)) => {
                    let exact = sub.exact.map(|mut set| {
                        set.push(Vec::new());
                        ordered(set)
                    });
                    Info {
                        exact,
                        ..Info::nothing()
                    }
                }
                (0, _) => Info::nothing(),
                _ => Info {
                    exact: None,
                    prefix: sub.begins().cloned(),
                    required: sub.sets(),
                },
            }
        }
        HirKind::Concat(parts) => concat(parts).whole(),
        HirKind::Alternation(parts) => alternation(parts),
    }
}

/// What is known of a sequence: as `Info`, with where each required set stands.
struct Sequence {
    exact: Option<Set>,
    prefix: Option<Set>,
    required: Vec<Stretch>,
}

/// A required set of texts.
struct Stretch {
    texts: Set,
    /// The first and the last part that they stand in.
    parts: (usize, usize),
    /// Do they begin where the first part does?
    begins: bool,
}

impl Sequence {
    fn whole(self) -> Info {
        Info {
            exact: self.exact,
            prefix: self.prefix,
            required: self.required.into_iter().map(|set| set.texts).collect(),
        }
    }
}

fn concat(parts: &[impl Borrow<Hir>]) -> Sequence {
    let mut run = vec![Vec::new()];
    let mut begun = 0;
    let mut prefix = None;
    let mut required = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let info = walk(part.borrow());
        let longer = info.begins().and_then(|set| product(&run, set));
        required.extend(info.required.into_iter().map(|texts| Stretch {
            texts,
            parts: (at, at),
            begins: false,
        }));
        match longer {
            Some(longer) if info.exact.is_some() => run = longer,
            // The run could not grow by all of this part, so a new one begins with it.
            longer => {
                let to = at.saturating_sub(usize::from(longer.is_none()));
                let start = at + usize::from(info.exact.is_none());
                let next = info.exact.unwrap_or_else(|| vec![Vec::new()]);
                let done = longer.unwrap_or(run);
                prefix.get_or_insert_with(|| done.clone());
                required.push(Stretch {
                    texts: done,
                    parts: (begun, to),
                    begins: true,
                });
                run = next;
                begun = start;
            }
        }
    }
    let exact = if prefix.is_none() {
        Some(run)
    } else {
        required.push(Stretch {
            texts: run,
            parts: (begun, parts.len().saturating_sub(1)),
            begins: true,
        });
        None
    };
    required.retain(|set| shortest(&set.texts) > 0);
    Sequence {
        exact,
        prefix,
        required,
    }
}

/// Every alternative gives its best set.
fn alternation(parts: &[Hir]) -> Info {
    let parts: Vec<Info> = parts.iter().map(walk).collect();
    let exact = parts.iter().map(|part| part.exact.as_ref());
    if let Some(exact) = joined(exact, MAX_SET) {
        // Where all texts are known, there is nothing to add.
        return Info::exact(exact);
    }
    let prefix = joined(parts.iter().map(Info::begins), MAX_SET);
    let best = parts
        .into_iter()
        .map(|part| part.sets().into_iter().min_by_key(cost));
    let best: Option<Vec<Set>> = best.collect();
    let required = best.and_then(|best| joined(best.iter().map(Some), MAX_REQUIRED));
    Info {
        exact: None,
        prefix,
        required: required.into_iter().collect(),
    }
}

/// Every text of `run` followed by every text of `next`, unless that is too many or too long.
fn product(run: &Set, next: &Set) -> Option<Set> {
    if run.len() * next.len() > MAX_SET {
        return None;
    }
    let mut out = Set::with_capacity(run.len() * next.len());
    for left in run {
        for right in next {
            if left.len() + right.len() > MAX_LEN && !left.is_empty() {
                return None;
            }
            out.push([left.as_slice(), right.as_slice()].concat());
        }
    }
    Some(ordered(out))
}

/// All texts of these sets, if all of them are known and not too many.
fn joined<'s>(sets: impl Iterator<Item = Option<&'s Set>>, most: usize) -> Option<Set> {
    let mut all = Set::new();
    for set in sets {
        all.extend_from_slice(set?);
    }
    let all = ordered(all);
    (all.len() <= most).then_some(all)
}

fn ordered(mut set: Set) -> Set {
    set.sort_unstable();
    set.dedup();
    set
}

/// The members of a small class, with letters folded to lower case. Kinds of white space are too
/// many and too frequent to tell anything.
fn members(class: &Class) -> Option<Set> {
    let mut out = Set::new();
    match class {
        Class::Bytes(class) => {
            for range in class.ranges() {
                for byte in range.start()..=range.end() {
                    if byte == EDGE {
                        return None;
                    }
                    out.push(vec![byte.to_ascii_lowercase()]);
                    if out.len() > 2 * MAX_CLASS {
                        return None;
                    }
                }
            }
        }
        Class::Unicode(class) => {
            for range in without_lookalikes(class).ranges() {
                for letter in range.start()..=range.end() {
                    out.push(letter.to_string().to_ascii_lowercase().into_bytes());
                    if out.len() > 2 * MAX_CLASS {
                        return None;
                    }
                }
            }
        }
    }
    let out = ordered(out);
    let blank = |text: &Vec<u8>| text.iter().all(u8::is_ascii_whitespace);
    let few = out.len() <= MAX_CLASS && !out.iter().any(blank);
    (out.len() == 1 || few).then_some(out)
}

/// How often one of the set is met in a megabyte of source code, words apart from parts of words.
fn cost(set: &Set) -> u32 {
    let often = |text: &Vec<u8>| {
        let edge = |byte: Option<&u8>| usize::from(byte == Some(&EDGE));
        let plain: Vec<u8> = text.iter().copied().filter(|byte| *byte != EDGE).collect();
        per_megabyte(&plain, edge(text.first()) + edge(text.last()))
    };
    set.iter().map(often).sum()
}

/// How often one of the set is met in a megabyte of source code, whatever stands around it.
fn often(set: &Set) -> u32 {
    let plain = |text: &Vec<u8>| text.iter().copied().filter(|byte| *byte != EDGE).collect();
    let plain: Set = set.iter().map(plain).collect();
    cost(&plain)
}

fn shortest(set: &Set) -> usize {
    let len = |text: &Vec<u8>| text.iter().filter(|byte| **byte != EDGE).count();
    set.iter().map(len).min().unwrap_or(0)
}

/// Drops members that contain another member: finding the shorter one is enough.
fn minimal(set: &Set) -> Set {
    let holds = |long: &[u8], short: &[u8]| long.windows(short.len()).any(|part| part == short);
    let spare = |long: &[u8]| {
        let mut shorter = set.iter().filter(|short| short.len() < long.len());
        shorter.any(|short| holds(long, short))
    };
    set.iter().filter(|text| !spare(text)).cloned().collect()
}

#[cfg(test)]
mod tests;
