//! A regex as its author wrote it, and what it tells of the texts that it matches: around which
//! literals to look for a match, and what else must stand there.
//!
//! Knows nothing else of the crate: the build script outlines the regexes of the library with it.

pub mod frequency;
pub mod literal;
pub mod reach;
pub mod relax;
pub mod required;

pub use literal::Literal;
pub use reach::{Around, reach};
pub use required::required;

use regex_syntax::hir::{Hir, HirKind};
use serde::{Deserialize, Serialize};

/// Bound on how deeply a regex is nested.
const NEST_LIMIT: u32 = 250;

/// So often per megabyte any literal may be met that must stand beside a landmark.
const BESIDE: u32 = 60;

/// What a regex tells of the texts it matches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Outline {
    /// Has it large counts? Without them it is a cheap question.
    pub counts: bool,
    /// Around one literal of these every match is found; empty when the regex has none.
    pub landmarks: Vec<Landmark>,
    /// More sets: of each, one literal must stand in a match.
    pub also: Vec<Vec<Literal>>,
    /// How many rests there are that follow landmarks.
    pub rests: usize,
}

/// Literals around which to look for a match.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Landmark {
    /// The literals, of which one stands in the match.
    pub literals: Vec<Literal>,
    /// How far a match reaches around it.
    pub around: Around,
    /// What follows it in every match, by number, if a match goes on after it.
    pub onward: Option<usize>,
}

/// The regex as its author wrote it: of bytes and of lines.
pub fn parse(source: &str, ignore_case: bool) -> Result<Hir, String> {
    regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .multi_line(true)
        .case_insensitive(ignore_case)
        .nest_limit(NEST_LIMIT)
        .build()
        .parse(source)
        .map_err(|error| last_line(&error.to_string()))
}

fn last_line(text: &str) -> String {
    text.lines()
        .last()
        .unwrap_or(text)
        .trim_start_matches("error: ")
        .to_owned()
}

/// What a regex tells; nothing of one that cannot be read.
pub fn outline(source: &str, ignore_case: bool) -> Outline {
    let hir = parse(source, ignore_case);
    hir.map_or_else(|_| Outline::default(), |hir| outlined(&hir, &mut |_, _| {}))
}

/// What follows the landmarks that have this number.
pub fn rest(hir: &Hir, number: usize) -> Option<Hir> {
    let mut wanted = None;
    outlined(hir, &mut |one, rest| {
        if one == number {
            wanted = Some(Hir::concat(rest.iter().copied().cloned().collect()));
        }
    });
    wanted
}

/// Calls `each` with every rest of the regex from landmarks on, by its number.
fn outlined(hir: &Hir, each: &mut dyn FnMut(usize, &[&Hir])) -> Outline {
    let mut outline = Outline {
        counts: relax::counts(hir),
        ..Outline::default()
    };
    if !mark(hir, &mut outline, each) {
        outline.landmarks.clear();
        outline.also.clear();
    }
    outline
}

/// Notes the literals around which to look, and the sets of those that must be there too.
/// Alternatives have literals and a reach of their own. Says whether there are any.
fn mark(hir: &Hir, outline: &mut Outline, each: &mut dyn FnMut(usize, &[&Hir])) -> bool {
    match hir.kind() {
        HirKind::Capture(capture) => return mark(&capture.sub, outline, each),
        HirKind::Alternation(parts) => {
            let all = parts.iter().all(|part| mark(part, outline, each));
            outline.also.clear();
            return all;
        }
        _ => {}
    }
    let mut parts = Vec::new();
    flatten(hir, &mut parts);
    let mut sets = required(&parts).into_iter();
    let Some(first) = sets.next() else {
        return false;
    };
    let (from, to) = first.parts;
    let rest = parts.get(from..).unwrap_or(&parts);
    let around = Around {
        before: reach(parts.get(..=to).unwrap_or(&parts)),
        after: reach(rest),
    };
    let onward = (first.begins && goes_on(rest, &first.literals)).then(|| {
        let number = outline.rests;
        each(number, rest);
        outline.rests += 1;
        number
    });
    // What is met more often than the landmarks costs more to find than it spares.
    let most = BESIDE.max(2 * first.often);
    outline.landmarks.push(Landmark {
        literals: first.literals,
        around,
        onward,
    });
    let sets = sets.filter(|set| set.often <= most);
    outline.also.extend(sets.map(|set| set.literals));
    true
}

/// The parts of a sequence, one after the other, whether captured or not.
fn flatten<'h>(hir: &'h Hir, parts: &mut Vec<&'h Hir>) {
    match hir.kind() {
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        HirKind::Concat(inner) => inner.iter().for_each(|part| flatten(part, parts)),
        _ => parts.push(hir),
    }
}

/// Is there more to these parts than the literals, of which one begins them?
fn goes_on(rest: &[&Hir], literals: &[Literal]) -> bool {
    let least = rest.iter().map(|part| part.properties().minimum_len());
    let least: Option<usize> = least.sum();
    let shortest = literals.iter().map(|literal| literal.text.len()).min();
    least > shortest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_rare_is_asked_for_beside_a_landmark() {
        let beside = |regex: &str| {
            let also = outline(regex, false).also.into_iter().flatten();
            also.map(|literal| literal.text).collect::<Vec<_>>()
        };
        assert_eq!(beside(r"airtable\w{0,20}=\w{0,9}webhook"), ["webhook"]);
        assert_eq!(
            beside(r"airtable\w{0,20}=\w{0,9}value"),
            Vec::<String>::new()
        );
        assert_eq!(beside(r"update\w{0,20}=\w{0,9}status"), ["status"]);
    }
}
