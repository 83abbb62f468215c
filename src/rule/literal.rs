//! Literals that must occur in a text before a regex can match: what lets a scan skip a file.
//!
//! Derived from the regex itself, so a literal can never be one that the regex does not imply.

use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::BTreeSet;

/// Most alternatives that one regex may contribute.
const MAX_SET: usize = 64;
/// Longest literal kept; more bytes do not make it more selective.
const MAX_LEN: usize = 16;
/// Length from which a literal is rare enough to be worth asking for beside others.
const GOOD_LEN: usize = 5;
/// Most sets that are asked for.
const MAX_SETS: usize = 3;
/// Shortest literal that is worth searching for.
pub const MIN_LEN: usize = 3;

type Set = BTreeSet<Vec<u8>>;

/// Sets of lower-case literals, the most selective one first: of each, at least one occurs (in
/// any case) in every match of `hir`. Empty when there is no set whose members have all at least
/// `MIN_LEN` bytes.
pub fn required(hir: &Hir) -> Vec<Vec<Vec<u8>>> {
    let mut sets = walk(hir).sets();
    sets.retain(|set| shortest(set) >= MIN_LEN);
    sets.sort_by_key(|set| std::cmp::Reverse(rank(set)));
    sets.dedup();
    // Beside a good set, short words cost more to find than they spare.
    let first = sets.first().map_or(0, shortest);
    let kept = sets
        .into_iter()
        .enumerate()
        .filter(|(index, set)| *index == 0 || shortest(set) >= first.min(GOOD_LEN));
    kept.take(MAX_SETS).map(|(_, set)| minimal(set)).collect()
}

/// What is known of the texts that a part of a regex matches.
struct Info {
    /// All texts it can match, when they are few.
    exact: Option<Set>,
    /// Sets of texts: of each, one is inside everything that it matches.
    required: Vec<Set>,
}

impl Info {
    fn nothing() -> Self {
        Self {
            exact: None,
            required: Vec::new(),
        }
    }

    fn exact(set: Set) -> Self {
        Self {
            exact: Some(set),
            required: Vec::new(),
        }
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
        HirKind::Empty | HirKind::Look(_) => Info::exact(Set::from([Vec::new()])),
        HirKind::Literal(literal) => Info::exact(Set::from([literal.0.to_ascii_lowercase()])),
        HirKind::Class(class) => members(class).map_or_else(Info::nothing, Info::exact),
        HirKind::Capture(capture) => walk(&capture.sub),
        HirKind::Repetition(repetition) => {
            let sub = walk(&repetition.sub);
            match (repetition.min, repetition.max) {
                (1, Some(1)) => sub,
                (0, Some(1)) => {
                    let exact = sub.exact.map(|mut set| {
                        set.insert(Vec::new());
                        set
                    });
                    Info {
                        exact,
                        required: Vec::new(),
                    }
                }
                (0, _) => Info::nothing(),
                _ => Info {
                    exact: None,
                    required: sub.sets(),
                },
            }
        }
        HirKind::Concat(parts) => concat(parts),
        HirKind::Alternation(parts) => alternation(parts),
    }
}

fn concat(parts: &[Hir]) -> Info {
    let mut run = Set::from([Vec::new()]);
    let mut whole = true;
    let mut required = Vec::new();
    for part in parts {
        let info = walk(part);
        required.extend(info.required);
        if let Some(longer) = info.exact.as_ref().and_then(|set| product(&run, set)) {
            run = longer;
        } else {
            // The run could not grow by this part, so a new one begins with it.
            let next = info.exact.unwrap_or_else(|| Set::from([Vec::new()]));
            required.push(std::mem::replace(&mut run, next));
            whole = false;
        }
    }
    let exact = if whole {
        Some(run)
    } else {
        required.push(run);
        None
    };
    required.retain(|set| shortest(set) > 0);
    Info { exact, required }
}

/// Every alternative gives its best set.
fn alternation(parts: &[Hir]) -> Info {
    let mut exact = Some(Set::new());
    let mut required = Some(Set::new());
    for part in parts {
        let info = walk(part);
        exact = join(exact, info.exact.clone());
        required = join(required, info.sets().into_iter().max_by_key(rank));
    }
    Info {
        exact,
        required: required.into_iter().collect(),
    }
}

/// Every text of `run` followed by every text of `next`, unless that is too many or too long.
fn product(run: &Set, next: &Set) -> Option<Set> {
    if run.len() * next.len() > MAX_SET {
        return None;
    }
    let mut out = Set::new();
    for left in run {
        for right in next {
            if left.len() + right.len() > MAX_LEN && !left.is_empty() {
                return None;
            }
            out.insert([left.as_slice(), right.as_slice()].concat());
        }
    }
    Some(out)
}

fn join(left: Option<Set>, right: Option<Set>) -> Option<Set> {
    let mut joined = left?;
    joined.extend(right?);
    (joined.len() <= MAX_SET).then_some(joined)
}

/// The members of a small class, with letters folded to lower case.
fn members(class: &Class) -> Option<Set> {
    let mut out = Set::new();
    match class {
        Class::Bytes(class) => {
            for range in class.ranges() {
                for byte in range.start()..=range.end() {
                    out.insert(vec![byte.to_ascii_lowercase()]);
                    if out.len() > 8 {
                        return None;
                    }
                }
            }
        }
        Class::Unicode(class) => {
            for range in class.ranges() {
                for letter in range.start()..=range.end() {
                    out.insert(letter.to_string().to_ascii_lowercase().into_bytes());
                    if out.len() > 8 {
                        return None;
                    }
                }
            }
        }
    }
    Some(out)
}

/// How selective a set is: longer members first, then fewer of them.
fn rank(set: &Set) -> (usize, std::cmp::Reverse<usize>, usize) {
    (
        shortest(set).min(6),
        std::cmp::Reverse(set.len()),
        shortest(set),
    )
}

fn shortest(set: &Set) -> usize {
    set.iter().map(Vec::len).min().unwrap_or(0)
}

/// Drops members that contain another member: finding the shorter one is enough.
fn minimal(set: Set) -> Vec<Vec<u8>> {
    let all: Vec<Vec<u8>> = set.into_iter().collect();
    all.iter()
        .filter(|long| {
            !all.iter().any(|short| {
                short.len() < long.len() && memchr::memmem::find(long, short).is_some()
            })
        })
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(regex: &str) -> Option<Vec<String>> {
        let hir = regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build()
            .parse(regex)
            .unwrap();
        required(&hir).first().map(|set| {
            set.iter()
                .map(|literal| String::from_utf8(literal.clone()).unwrap())
                .collect()
        })
    }

    #[test]
    fn every_part_that_must_be_there_is_asked_for() {
        let hir = regex_syntax::Parser::new()
            .parse(r"(?:localStorage|sessionStorage)\.setItem\([^,]*(?P<key>patient|chart)\w*,")
            .unwrap();
        let sets = required(&hir);
        let has = |text: &str| {
            sets.iter()
                .any(|set| set.contains(&text.as_bytes().to_vec()))
        };
        assert_eq!(sets.len(), 3, "{sets:?}");
        assert!(
            has("chart") && has("sessionstorage") && has(".setitem("),
            "{sets:?}"
        );
    }

    #[expect(clippy::unnecessary_wraps, reason = "what `of` gives")]
    fn strings(words: &[&str]) -> Option<Vec<String>> {
        Some(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn literals_are_implied_by_the_regex() {
        for (regex, want) in [
            (r"\bghp_[0-9A-Za-z]{36}\b", strings(&["ghp_"])),
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
            (r"x(?:abcdef)+y", strings(&["abcdef"])),
            (r"a|bcd", None),
        ] {
            assert_eq!(of(regex), want, "{regex}");
        }
    }
}
