//! A regex that searches the bytes of a file.

use super::library;
use super::onward::Onward;
use super::pattern::{self, Landmark, Literal, Outline, relax};
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

/// A regex of which nothing is compiled before it is needed. It speaks of bytes and of lines: `\w`
/// and its like are ASCII, `^` and `$` are the ends of a line.
pub struct Search {
    source: String,
    ignore_case: bool,
    regex: Compiled<Regex>,
    known: OnceLock<Known>,
    cheap: Compiled<Regex>,
}

/// What is known of it before anything is compiled.
struct Known {
    outline: Outline,
    onward: Vec<Compiled<Onward>>,
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

impl Search {
    /// A search for `source`. One that does not compile finds nothing; `validate` says why.
    pub fn new(source: impl Into<String>, ignore_case: bool) -> Self {
        Self {
            source: source.into(),
            ignore_case,
            regex: Compiled::default(),
            known: OnceLock::new(),
            cheap: Compiled::default(),
        }
    }

    /// The regex as its author wrote it, and whether letters match in either case.
    #[cfg(test)]
    pub(super) fn source(&self) -> (&str, bool) {
        (&self.source, self.ignore_case)
    }

    fn known(&self) -> &Known {
        self.known.get_or_init(|| {
            let outline = library::outline(&self.source, self.ignore_case)
                .unwrap_or_else(|| pattern::outline(&self.source, self.ignore_case));
            Known {
                onward: (0..outline.rests).map(|_| Compiled::default()).collect(),
                outline,
            }
        })
    }

    /// Literals of which one must stand in a match; empty when the regex has none.
    pub fn landmarks(&self) -> &[Landmark] {
        &self.known().outline.landmarks
    }

    /// More sets: of each, one literal must stand in a match.
    pub fn also(&self) -> &[Vec<Literal>] {
        &self.known().outline.also
    }

    /// What follows the landmarks that have this number. `None` when nothing is known of it.
    pub fn onward(&self, number: usize) -> Option<Arc<Onward>> {
        self.known().onward.get(number)?.get(|| {
            // Few are ever asked, so that none is kept.
            let rest = pattern::rest(&self.parse().ok()?, number)?;
            Onward::new(&relax::uncounted(&rest)?)
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
        let onward = self.known.get().into_iter().flat_map(|known| &known.onward);
        onward.for_each(Compiled::let_go);
    }

    fn parse(&self) -> Result<Hir, String> {
        pattern::parse(&self.source, self.ignore_case)
    }

    fn build(&self) -> Result<Regex, String> {
        compile(&self.parse()?, WhichCaptures::All)
    }

    /// Could there be a match within a part of `text`? Asks a smaller regex, which never misses
    /// one.
    pub fn may_match(&self, text: &[u8], within: Span) -> bool {
        let cheap = || compile(&relax::uncounted(&self.parse().ok()?)?, WhichCaptures::None).ok();
        !self.known().outline.counts
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
        // Compiling one more automaton costs more than the captures of few matches spare.
        .onepass(false)
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
