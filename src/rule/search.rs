//! A regex over the bytes of a file, and what it tells of the texts that it matches: around which
//! literals to look for one, and what must stand there.

use super::literal;
use super::need::Literal;
use super::onward::Onward;
use super::reach::{Around, reach};
use super::relax;
use crate::model::Span;
use regex_automata::meta::Regex;
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::{Anchored, Input, PatternID};
use regex_syntax::hir::{Hir, HirKind};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// Bound on the compiled size of one regex, in bytes.
const SIZE_LIMIT: usize = 10 << 20;
/// Bound on what one regex remembers of its states in one thread, in bytes.
const CACHE_LIMIT: usize = 2 << 20;
/// Bound on how deeply a regex is nested.
const NEST_LIMIT: u32 = 250;

/// A regex of which nothing is compiled before it is needed. It speaks of bytes and of lines: `\w`
/// and its like are ASCII, `^` and `$` are the ends of a line.
pub struct Search {
    source: String,
    ignore_case: bool,
    regex: Compiled<Regex>,
    needs: OnceLock<Needs>,
    cheap: Compiled<Regex>,
}

/// What is compiled when it is first asked for, and again after it was let go.
struct Compiled<T>(RwLock<Arc<OnceLock<Option<Arc<T>>>>>);

impl<T> Default for Compiled<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> Compiled<T> {
    fn get(&self, compile: impl FnOnce() -> Option<T>) -> Option<Arc<T>> {
        let cell = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        cell.get_or_init(|| compile().map(Arc::new)).clone()
    }

    fn let_go(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::default();
    }
}

/// What the regex itself tells of the texts it matches.
#[derive(Default)]
struct Needs {
    /// Has it large counts? Without them it is a cheap question.
    counts: bool,
    landmarks: Vec<Landmark>,
    also: Vec<Vec<Literal>>,
    onward: Vec<Compiled<Onward>>,
}

/// A literal around which to look for a match.
pub struct Landmark {
    /// The literal.
    pub literal: Literal,
    /// How far a match reaches around it.
    pub around: Around,
    /// What follows it in every match, by number, if a match goes on after it.
    pub onward: Option<usize>,
}

impl Search {
    /// A search for `source`. One that does not compile finds nothing; `validate` says why.
    pub fn new(source: impl Into<String>, ignore_case: bool) -> Self {
        Self {
            source: source.into(),
            ignore_case,
            regex: Compiled::default(),
            needs: OnceLock::new(),
            cheap: Compiled::default(),
        }
    }

    fn needs(&self) -> &Needs {
        self.needs.get_or_init(|| {
            let hir = self.parse();
            hir.map_or_else(|_| Needs::default(), |hir| needs(&hir, &mut |_, _| {}))
        })
    }

    /// Literals of which one must stand in a match; empty when the regex has none.
    pub fn landmarks(&self) -> &[Landmark] {
        &self.needs().landmarks
    }

    /// More sets: of each, one literal must stand in a match.
    pub fn also(&self) -> &[Vec<Literal>] {
        &self.needs().also
    }

    /// What follows the landmarks that have this number. `None` when nothing is known of it.
    pub fn onward(&self, number: usize) -> Option<Arc<Onward>> {
        self.needs().onward.get(number)?.get(|| {
            // Few are ever asked, so that none is kept.
            let mut compiled = None;
            needs(&self.parse().ok()?, &mut |one, rest| {
                if one == number {
                    let rest = Hir::concat(rest.iter().copied().cloned().collect());
                    compiled = relax::uncounted(&rest).and_then(|hir| Onward::new(&hir));
                }
            });
            compiled
        })
    }

    /// The regex, compiled when it is first needed. `None` when it exceeds the size bound,
    /// which `validate` reports.
    pub fn regex(&self) -> Option<Arc<Regex>> {
        self.regex.get(|| self.build().ok())
    }

    /// Frees what was compiled. Asked again, it is compiled again.
    pub fn let_go(&self) {
        self.regex.let_go();
        self.cheap.let_go();
        let onward = self.needs.get().into_iter().flat_map(|needs| &needs.onward);
        onward.for_each(Compiled::let_go);
    }

    fn parse(&self) -> Result<Hir, String> {
        parse(&self.source, self.ignore_case)
    }

    fn build(&self) -> Result<Regex, String> {
        compile(&self.parse()?, WhichCaptures::All)
    }

    /// Could there be a match within a part of `text`? Asks a smaller regex, which never misses
    /// one.
    pub fn may_match(&self, text: &[u8], within: Span) -> bool {
        let cheap = || compile(&relax::uncounted(&self.parse().ok()?)?, WhichCaptures::None).ok();
        !self.needs().counts
            || self
                .cheap
                .get(cheap)
                .is_none_or(|regex| regex.is_match(input(text, within)))
    }

    /// Is there a match within a part of `text`?
    pub fn matches(&self, text: &[u8], within: Span) -> bool {
        let regex = || self.regex();
        self.may_match(text, within)
            && regex().is_some_and(|regex| regex.is_match(input(text, within)))
    }

    /// Is there a match anywhere in `text`?
    pub fn matches_any(&self, text: &[u8]) -> bool {
        self.matches(text, Span::new(0, text.len()))
    }

    /// The first match within a part of `text`. What stands around that part is seen by `^`, `$`
    /// and `\b`.
    pub fn find(&self, text: &[u8], within: Span) -> Option<Span> {
        let found = self.regex()?.search(&input(text, within))?;
        Some(Span::new(found.start(), found.end()))
    }

    /// What the match at `span` of `text` captures, by name.
    pub fn captures(&self, text: &[u8], span: Span) -> Vec<(Arc<str>, Span)> {
        let Some(regex) = self.regex() else {
            return Vec::new();
        };
        if regex.captures_len() < 2 {
            return Vec::new();
        }
        let mut captures = regex.create_captures();
        regex.search_captures(&input(text, span).anchored(Anchored::Yes), &mut captures);
        let names = regex.group_info().pattern_names(PatternID::ZERO);
        names
            .enumerate()
            .filter_map(|(index, name)| {
                let part = captures.get_group(index)?;
                Some((Arc::from(name?), Span::new(part.start, part.end)))
            })
            .collect()
    }

    /// Compiles the regex now and says, in a sentence, what is wrong with it.
    pub fn validate(&self) -> Result<(), String> {
        self.build().map(drop)
    }

    /// The names that the regex captures.
    pub fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        if let Ok(hir) = self.parse() {
            collect_names(&hir, &mut names);
        }
        names
    }
}

fn input(text: &[u8], within: Span) -> Input<'_> {
    Input::new(text).range(within.range())
}

fn compile(hir: &Hir, captures: WhichCaptures) -> Result<Regex, String> {
    let limits = Regex::config()
        .utf8_empty(false)
        .which_captures(captures)
        .nfa_size_limit(Some(SIZE_LIMIT))
        .hybrid_cache_capacity(CACHE_LIMIT);
    Regex::builder()
        .configure(limits)
        .build_from_hir(hir)
        .map_err(|error| match error.size_limit() {
            Some(limit) => format!("compiled, it is larger than {limit} bytes"),
            None => error.to_string(),
        })
}

/// The regex as its author wrote it, read as `Search` reads it.
pub(super) fn parse(source: &str, ignore_case: bool) -> Result<Hir, String> {
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

/// Calls `each` with every rest of the regex from landmarks on, by its number.
fn needs(hir: &Hir, each: &mut dyn FnMut(usize, &[&Hir])) -> Needs {
    let mut needs = Needs {
        counts: relax::counts(hir),
        ..Needs::default()
    };
    if !mark(hir, &mut needs, each) {
        needs.landmarks.clear();
        needs.also.clear();
    }
    needs
}

/// Notes the literals around which to look, and the sets of those that must be there too.
/// Alternatives have literals and a reach of their own. Says whether there are any.
fn mark(hir: &Hir, needs: &mut Needs, each: &mut dyn FnMut(usize, &[&Hir])) -> bool {
    match hir.kind() {
        HirKind::Capture(capture) => return mark(&capture.sub, needs, each),
        HirKind::Alternation(parts) => {
            let all = parts.iter().all(|part| mark(part, needs, each));
            needs.also.clear();
            return all;
        }
        _ => {}
    }
    let mut parts = Vec::new();
    flatten(hir, &mut parts);
    let mut sets = literal::required(&parts).into_iter();
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
        let number = needs.onward.len();
        each(number, rest);
        needs.onward.push(Compiled::default());
        number
    });
    let landmarks = first.literals.into_iter().map(|literal| Landmark {
        literal,
        around,
        onward,
    });
    needs.landmarks.extend(landmarks);
    needs.also.extend(sets.map(|set| set.literals));
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

fn collect_names(hir: &Hir, names: &mut BTreeSet<String>) {
    match hir.kind() {
        HirKind::Capture(capture) => {
            names.extend(capture.name.as_deref().map(str::to_owned));
            collect_names(&capture.sub, names);
        }
        HirKind::Repetition(repetition) => collect_names(&repetition.sub, names),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            for part in parts {
                collect_names(part, names);
            }
        }
        _ => {}
    }
}
