//! A regex over the bytes of a file, and what it tells of the texts that it matches: around which
//! literals to look for one, and what must stand there.

use super::literal;
use super::need::Literal;
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
    regex: Compiled,
    needs: OnceLock<Needs>,
    cheap: Compiled,
}

/// A regex that is compiled when it is first asked for, and again after it was let go.
#[derive(Default)]
struct Compiled(RwLock<Arc<OnceLock<Option<Arc<Regex>>>>>);

impl Compiled {
    fn get(&self, compile: impl FnOnce() -> Option<Regex>) -> Option<Arc<Regex>> {
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
    /// The regex without its large counts, if it has any: the cheap question.
    uncounted: Option<Hir>,
    literals: Vec<(Literal, Around)>,
    also: Vec<Vec<Literal>>,
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
            parse(&self.source, self.ignore_case)
                .map_or_else(|_| Needs::default(), |hir| needs(&hir))
        })
    }

    /// Literals of which one must stand in a match, each with how far the match reaches around
    /// it; empty when the regex has none.
    pub fn literals(&self) -> &[(Literal, Around)] {
        &self.needs().literals
    }

    /// More sets: of each, one literal must stand in a match.
    pub fn also(&self) -> &[Vec<Literal>] {
        &self.needs().also
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
    }

    fn build(&self) -> Result<Regex, String> {
        compile(&parse(&self.source, self.ignore_case)?, WhichCaptures::All)
    }

    /// Could there be a match within a part of `text`? Asks a smaller regex, which never misses
    /// one.
    pub fn may_match(&self, text: &[u8], within: Span) -> bool {
        let Some(uncounted) = &self.needs().uncounted else {
            return true;
        };
        self.cheap
            .get(|| compile(uncounted, WhichCaptures::None).ok())
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
        if let Ok(hir) = parse(&self.source, self.ignore_case) {
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

fn needs(hir: &Hir) -> Needs {
    let (literals, also) = around(hir);
    Needs {
        uncounted: relax::uncounted(hir),
        literals,
        also,
    }
}

/// The literals around which to look, and the sets of those that must be there too. Alternatives
/// have literals and a reach of their own.
fn around(hir: &Hir) -> (Vec<(Literal, Around)>, Vec<Vec<Literal>>) {
    let parts = match hir.kind() {
        HirKind::Capture(capture) => return around(&capture.sub),
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                let (literals, _) = around(part);
                if literals.is_empty() {
                    return (Vec::new(), Vec::new());
                }
                all.extend(literals);
            }
            return (all, Vec::new());
        }
        HirKind::Concat(parts) => parts.as_slice(),
        _ => std::slice::from_ref(hir),
    };
    let mut sets = literal::required(parts).into_iter();
    let Some(first) = sets.next() else {
        return (Vec::new(), Vec::new());
    };
    let (from, to) = first.parts;
    let around = Around {
        before: reach(parts.get(..=to).unwrap_or(parts)),
        after: reach(parts.get(from..).unwrap_or(parts)),
    };
    let places = first.literals.into_iter().map(|literal| (literal, around));
    (places.collect(), sets.map(|set| set.literals).collect())
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
