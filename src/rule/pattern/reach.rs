//! How far a match of a regex can reach around a literal in it: what bounds the text that is
//! searched.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;

/// Windows around a literal never reach further than this, in bytes.
const MAX_REACH: usize = 4096;
/// A word that goes on for longer, in bytes, may end a match.
const MAX_WORD: usize = 200;
/// A run of white space that goes on for longer, in bytes, may end a match.
const MAX_SPACE: usize = 100;
/// What leaves out no more than a few bytes (`[^;]*`) and goes on for longer, in bytes, may end a
/// match.
const MAX_RUN: usize = 2000;
/// Windows around a literal of such a regex never reach further than this, in bytes.
const MAX_FAR: usize = 6000;
/// A run of white space that goes on over more line ends may end a match.
const MAX_BLANK: usize = 5;
/// Windows around a literal never reach over more line ends than this.
const MAX_LINES: usize = 40;

/// How far a match can reach to one side of one of its literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Reach {
    /// At most so many bytes.
    Bytes(usize),
    /// Over so many line ends, and to the end of the line there.
    Lines(usize),
    /// Anywhere in the file.
    File,
}

/// How far a match can reach around a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Around {
    /// From the end of the literal back to the start of the match.
    pub before: Reach,
    /// From the start of the literal on to the end of the match.
    pub after: Reach,
}

impl Around {
    /// Anywhere in the file.
    pub const FILE: Self = Self {
        before: Reach::File,
        after: Reach::File,
    };
}

/// How far a match of these parts, one after the other, can reach.
pub fn reach(parts: &[&Hir]) -> Reach {
    match longest_of(parts, None) {
        Some(longest) if longest <= MAX_REACH => Reach::Bytes(longest),
        _ => match (line_ends_of(parts), longest_of(parts, Some(MAX_RUN))) {
            (Some(most), _) if most <= MAX_LINES => Reach::Lines(most),
            (_, Some(longest)) if longest <= MAX_FAR => Reach::Bytes(longest),
            _ => Reach::File,
        },
    }
}

/// How many line ends a match can hold, where a run of white space without a bound of its own is
/// given one; `None` when there is no bound.
fn line_ends(hir: &Hir) -> Option<usize> {
    if !may_match(hir, &|byte| byte == b'\n') {
        return Some(0);
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(0),
        HirKind::Literal(literal) => Some(memchr::memchr_iter(b'\n', &literal.0).count()),
        HirKind::Class(_) => Some(1),
        HirKind::Repetition(repetition) => {
            let blank = !may_match(&repetition.sub, &|byte| !is_space(byte));
            match repetition.max {
                Some(most) if !blank => line_ends(&repetition.sub)?.checked_mul(most as usize),
                Some(most) => Some(MAX_BLANK.min(most as usize)),
                None => blank.then_some(MAX_BLANK),
            }
        }
        HirKind::Capture(capture) => line_ends(&capture.sub),
        HirKind::Concat(parts) => line_ends_of(parts),
        HirKind::Alternation(parts) => parts
            .iter()
            .try_fold(0, |most, part| Some(most.max(line_ends(part)?))),
    }
}

fn line_ends_of(parts: &[impl Borrow<Hir>]) -> Option<usize> {
    let mut parts = parts.iter();
    parts.try_fold(0_usize, |sum, part| {
        sum.checked_add(line_ends(part.borrow())?)
    })
}

/// The longest text that a regex can match, in bytes, where a word or a run of white space without
/// a bound of its own is given one, and so is any other class if `run` is one; `None` when there is
/// no bound.
fn longest(hir: &Hir, run: Option<usize>) -> Option<usize> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(0),
        HirKind::Literal(literal) => Some(literal.0.len()),
        HirKind::Class(_) => hir.properties().maximum_len(),
        HirKind::Repetition(repetition) => match repetition.max {
            Some(most) => longest(&repetition.sub, run)?.checked_mul(most as usize),
            None if !may_match(&repetition.sub, &is_space) => Some(MAX_WORD),
            None if !may_match(&repetition.sub, &|byte| !is_space(byte)) => Some(MAX_SPACE),
            // A class that leaves nothing out asks for the rest of the file.
            None if matches!(repetition.sub.kind(), HirKind::Class(_))
                && !may_match_all(&repetition.sub) =>
            {
                run
            }
            None => None,
        },
        HirKind::Capture(capture) => longest(&capture.sub, run),
        HirKind::Concat(parts) => longest_of(parts, run),
        HirKind::Alternation(parts) => parts
            .iter()
            .try_fold(0, |most, part| Some(most.max(longest(part, run)?))),
    }
}

fn longest_of(parts: &[impl Borrow<Hir>], run: Option<usize>) -> Option<usize> {
    let mut parts = parts.iter();
    parts.try_fold(0_usize, |sum, part| {
        sum.checked_add(longest(part.borrow(), run)?)
    })
}

/// Is it a class of all bytes, or of all but a few that no text holds?
fn may_match_all(hir: &Hir) -> bool {
    (0x20..0x7f).all(|byte| may_match(hir, &|other| other == byte))
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

/// Can a match contain one of these bytes?
fn may_match(hir: &Hir, wanted: &dyn Fn(u8) -> bool) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => literal.0.iter().copied().any(wanted),
        HirKind::Class(Class::Bytes(class)) => {
            let mut bytes = class.ranges().iter().flat_map(|it| it.start()..=it.end());
            bytes.any(wanted)
        }
        // The regexes of `text` matchers speak of bytes.
        HirKind::Class(Class::Unicode(_)) => true,
        HirKind::Repetition(repetition) => may_match(&repetition.sub, wanted),
        HirKind::Capture(capture) => may_match(&capture.sub, wanted),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().any(|part| may_match(part, wanted))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn what_has_no_bound_of_its_own_is_given_one_or_reaches_on() {
        for (regex, want) in [
            ("jwt\\.sign\\(", Reach::Bytes(9)),
            (r"import\s+\w+\s*;", Reach::Bytes(6 + 100 + 200 + 100 + 1)),
            ("a{3,8}b", Reach::Bytes(9)),
            ("log\\([^\n]*secret", Reach::Lines(0)),
            (r"catch\s*\([^)\n]*\)\s*\{", Reach::Lines(10)),
            (r"begin[^;]*end", Reach::Bytes(5 + 2000 + 3)),
            (r"begin(?s:.)*end", Reach::File),
            (r"(?:[^;]*;\n)*end", Reach::File),
        ] {
            let hir = parse(regex, false).unwrap();
            assert_eq!(reach(&[&hir]), want, "{regex}");
        }
    }
}
