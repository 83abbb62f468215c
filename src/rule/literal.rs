//! Literals that must occur in a text before a regex can match: what lets a scan skip a file.
//!
//! Derived from the regex itself, so a literal can never be one that the regex does not imply.

use super::frequency::per_megabyte;
use super::need::Literal;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

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
}

/// Sets of literals, the most selective one first: of each, at least one stands in every match of
/// these parts, one after the other. Empty when there is no set whose members have all at least
/// `MIN_LEN` bytes.
pub fn required(parts: &[Hir]) -> Vec<Required> {
    let mut info = concat(parts);
    info.required.extend(
        info.exact
            .map(|set| (set, (0, parts.len().saturating_sub(1)))),
    );
    let mut sets = info.required;
    sets.retain(|(set, _)| shortest(set) >= MIN_LEN);
    let mut sets: Vec<_> = sets
        .into_iter()
        .map(|(set, parts)| (cost(&set), set.len(), set, parts))
        .collect();
    sets.sort_unstable();
    sets.dedup_by(|next, last| next.2 == last.2);
    // Beside a good set, frequent words cost more to find than they spare.
    sets.into_iter()
        .enumerate()
        .filter(|(index, (cost, ..))| *index == 0 || *cost <= FREQUENT)
        .take(MAX_SETS)
        .filter_map(|(_, (_, _, set, parts))| {
            let set = minimal(&set);
            let literals: Option<_> = set.iter().map(|text| literal(text)).collect();
            literals.map(|literals| Required { literals, parts })
        })
        .collect()
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

/// What is known of a sequence: as `Info`, with the first and the last part that each required set
/// stands in.
struct Sequence {
    exact: Option<Set>,
    prefix: Option<Set>,
    required: Vec<(Set, (usize, usize))>,
}

impl Sequence {
    fn whole(self) -> Info {
        Info {
            exact: self.exact,
            prefix: self.prefix,
            required: self.required.into_iter().map(|(set, _)| set).collect(),
        }
    }
}

fn concat(parts: &[Hir]) -> Sequence {
    let mut run = vec![Vec::new()];
    let mut begun = 0;
    let mut prefix = None;
    let mut required = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let info = walk(part);
        let longer = info.begins().and_then(|set| product(&run, set));
        required.extend(info.required.into_iter().map(|set| (set, (at, at))));
        match longer {
            Some(longer) if info.exact.is_some() => run = longer,
            // The run could not grow by all of this part, so a new one begins with it.
            longer => {
                let next = info.exact.unwrap_or_else(|| vec![Vec::new()]);
                let done = longer.unwrap_or(run);
                prefix.get_or_insert_with(|| done.clone());
                required.push((done, (begun, at)));
                run = next;
                begun = at;
            }
        }
    }
    let exact = if prefix.is_none() {
        Some(run)
    } else {
        required.push((run, (begun, parts.len().saturating_sub(1))));
        None
    };
    required.retain(|(set, _)| shortest(set) > 0);
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
            for range in class.ranges() {
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

/// How often one of the set is met in a megabyte of source code.
fn cost(set: &Set) -> u32 {
    let often = |text: &Vec<u8>| {
        let edge = |byte: Option<&u8>| usize::from(byte == Some(&EDGE));
        let plain: Vec<u8> = text.iter().copied().filter(|byte| *byte != EDGE).collect();
        per_megabyte(&plain, edge(text.first()) + edge(text.last()))
    };
    set.iter().map(often).sum()
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
mod tests {
    use super::super::search::parse;
    use super::*;

    fn of(regex: &str) -> Option<Vec<String>> {
        let hir = parse(regex, false).unwrap();
        let show = |literal: &Literal| {
            let edge = |on: bool, sign| if on { sign } else { "" };
            let (starts, ends) = (edge(literal.starts, "<"), edge(literal.ends, ">"));
            format!("{starts}{}{ends}", literal.text)
        };
        let sets = required(&[hir]);
        Some(sets.first()?.literals.iter().map(show).collect())
    }

    #[test]
    fn every_part_that_must_be_there_is_asked_for() {
        let regex = r"(?:localStorage|sessionStorage)\.setItem\([^,]*(?P<key>patient|chart)\w*,";
        let HirKind::Concat(parts) = parse(regex, false).unwrap().into_kind() else {
            panic!("a sequence");
        };
        let sets = required(&parts);
        let has = |text: &str| {
            let mut all = sets.iter().flat_map(|set| &set.literals);
            all.any(|literal| literal.text == text)
        };
        assert_eq!(sets.len(), 2, "{sets:?}");
        assert!(has("chart") && has("sessionstorage.setitem("), "{sets:?}");
    }

    #[expect(clippy::unnecessary_wraps, reason = "what `of` gives")]
    fn strings(words: &[&str]) -> Option<Vec<String>> {
        Some(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn literals_are_implied_by_the_regex() {
        for (regex, want) in [
            (r"\bghp_[0-9A-Za-z]{36}\b", strings(&["<ghp_"])),
            (r"^(?:ssn|mrn)$", strings(&["<mrn>", "<ssn>"])),
            (r"a\bbcd\B", strings(&["abcd"])),
            (r"(?:ghp|gho)_[0-9A-Za-z]{36}", strings(&["gho_", "ghp_"])),
            (r"(?i)secret", strings(&["secret"])),
            (
                r"(?i)(?:api|auth)[_-]?key",
                strings(&[
                    "api-key", "api_key", "apikey", "auth-key", "auth_key", "authkey",
                ]),
            ),
            (r"[a-z]+", None),
            (r"(?:abc)?[0-9]+", None),
            (
                r"(?:postgres|mysql)://\S+",
                strings(&["mysql://", "postgres://"]),
            ),
            (r"x(?:abcdef)+y", strings(&["xabcdef"])),
            (r"a|bcd", None),
            // Alternatives that share a letter are read as that letter and what follows it.
            (r"(?:mbi|medicare\w{0,3})=", strings(&["mbi", "medicare"])),
        ] {
            assert_eq!(of(regex), want, "{regex}");
        }
    }
}
