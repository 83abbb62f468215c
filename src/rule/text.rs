//! A compiled `text` matcher: a regex, the literals that protect it, and where it may look.

use super::globs::GlobIds;
use super::literal;
use super::need::Literal;
use super::relax;
use super::spec::TextSpec;
use crate::model::{Context, Language};
use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Bound on the compiled size of one regex, in bytes.
const SIZE_LIMIT: usize = 10 << 20;
/// Bound on what one regex remembers of its states in one thread, in bytes.
const CACHE_LIMIT: usize = 2 << 20;
/// Windows around a literal never reach further than this, in bytes.
const MAX_REACH: usize = 4096;
/// A word that goes on for longer, in bytes, may end a match.
const MAX_WORD: usize = 200;
/// A run of white space that goes on for longer, in bytes, may end a match.
const MAX_SPACE: usize = 100;
/// A run of white space that goes on over more line ends may end a match.
const MAX_BLANK: usize = 5;
/// Windows around a literal never reach over more line ends than this.
const MAX_LINES: usize = 40;

/// A regex over the bytes of a file, of which nothing is compiled before it is needed.
pub struct TextMatcher {
    source: String,
    ignore_case: bool,
    regex: OnceLock<Option<Regex>>,
    needs: OnceLock<Needs>,
    cheap: OnceLock<Option<Regex>>,
    /// Globs it is restricted to.
    pub files: GlobIds,
    /// Languages it is restricted to; empty for all.
    pub languages: BTreeSet<Language>,
    /// Contexts it is restricted to; empty for all.
    pub contexts: BTreeSet<Context>,
    /// Captures that no output may contain.
    pub redact: Vec<String>,
    /// The first match in a file is enough.
    pub once: bool,
}

/// What the regex itself tells of the texts it matches.
#[derive(Default)]
struct Needs {
    /// The regex without its large counts, if it has any: the source of the cheap question.
    uncounted: Option<String>,
    literals: Vec<(Literal, Reach)>,
    also: Vec<Vec<Literal>>,
}

/// How far a match can reach around one of its literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// At most so many bytes to either side.
    Bytes(usize),
    /// Over so many line ends to either side, and to the ends of the lines there.
    Lines(usize),
    /// Anywhere in the file.
    File,
}

impl TextMatcher {
    /// The matcher of a spec, restricted to `files`. A regex that does not compile finds nothing;
    /// `validate` says why.
    pub fn new(spec: &TextSpec, files: GlobIds) -> Self {
        Self {
            source: spec.regex.value.clone(),
            ignore_case: spec.ignore_case,
            regex: OnceLock::new(),
            needs: OnceLock::new(),
            cheap: OnceLock::new(),
            files,
            languages: spec.languages.iter().copied().collect(),
            contexts: spec.r#in.iter().copied().collect(),
            redact: spec.redact.clone(),
            once: spec.once,
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
    pub fn literals(&self) -> &[(Literal, Reach)] {
        &self.needs().literals
    }

    /// More sets: of each, one literal must stand somewhere in the file.
    pub fn also(&self) -> &[Vec<Literal>] {
        &self.needs().also
    }

    /// The regex, compiled when it is first needed. `None` when it exceeds the size bound,
    /// which `validate` reports.
    pub fn regex(&self) -> Option<&Regex> {
        self.regex
            .get_or_init(|| build(&self.source, self.ignore_case).ok())
            .as_ref()
    }

    /// Could there be a match in `text` from `from` on? Asks a smaller regex, which never misses
    /// one.
    pub fn may_match(&self, text: &[u8], from: usize) -> bool {
        let Some(source) = &self.needs().uncounted else {
            return true;
        };
        self.cheap
            .get_or_init(|| build(source, false).ok())
            .as_ref()
            .is_none_or(|regex| regex.is_match_at(text, from))
    }

    /// Compiles the regex now and says, in a sentence, what is wrong with it.
    pub fn validate(&self) -> Result<(), String> {
        let hir = parse(&self.source, self.ignore_case)?;
        let names = capture_names(&hir);
        if let Some(name) = self
            .redact
            .iter()
            .find(|name| !names.contains(name.as_str()))
        {
            return Err(format!(
                "`redact` names `{name}`, which the regex does not capture"
            ));
        }
        build(&self.source, self.ignore_case).map(drop)
    }
}

fn build(source: &str, ignore_case: bool) -> Result<Regex, String> {
    RegexBuilder::new(source)
        .unicode(false)
        .multi_line(true)
        .case_insensitive(ignore_case)
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(CACHE_LIMIT)
        .nest_limit(250)
        .build()
        .map_err(|error| last_line(&error.to_string()))
}

fn parse(source: &str, ignore_case: bool) -> Result<Hir, String> {
    regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .multi_line(true)
        .case_insensitive(ignore_case)
        .nest_limit(250)
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
        uncounted: relax::uncounted(hir).map(|hir| hir.to_string()),
        literals,
        also,
    }
}

/// The literals around which to look, and the sets of those that must be there too. Alternatives
/// have literals and a reach of their own.
fn around(hir: &Hir) -> (Vec<(Literal, Reach)>, Vec<Vec<Literal>>) {
    match hir.kind() {
        HirKind::Capture(capture) => return around(&capture.sub),
        HirKind::Alternation(parts) => {
            let mut all: Vec<(Literal, Reach)> = Vec::new();
            for part in parts {
                let Some(set) = literal::required(part).into_iter().next() else {
                    return (Vec::new(), Vec::new());
                };
                let reach = reach(part);
                all.extend(set.into_iter().map(|literal| (literal, reach)));
            }
            return (all, Vec::new());
        }
        _ => {}
    }
    let reach = reach(hir);
    let mut sets = literal::required(hir).into_iter();
    let first = sets.next().unwrap_or_default();
    let places = first.into_iter().map(|literal| (literal, reach)).collect();
    (places, sets.collect())
}

fn reach(hir: &Hir) -> Reach {
    match longest(hir) {
        Some(longest) if longest <= MAX_REACH => Reach::Bytes(longest),
        _ => match line_ends(hir) {
            Some(most) if most <= MAX_LINES => Reach::Lines(most),
            _ => Reach::File,
        },
    }
}

/// How many line ends a match can hold, where a run of white space without a bound of its own is
/// given one; `None` when there is no bound.
fn line_ends(hir: &Hir) -> Option<usize> {
    if !may_match(hir, |byte| byte == b'\n') {
        return Some(0);
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(0),
        HirKind::Literal(literal) => Some(memchr::memchr_iter(b'\n', &literal.0).count()),
        HirKind::Class(_) => Some(1),
        HirKind::Repetition(repetition) => {
            let blank = !may_match(&repetition.sub, |byte| !is_space(byte));
            match repetition.max {
                Some(most) if !blank => line_ends(&repetition.sub)?.checked_mul(most as usize),
                Some(most) => Some(MAX_BLANK.min(most as usize)),
                None => blank.then_some(MAX_BLANK),
            }
        }
        HirKind::Capture(capture) => line_ends(&capture.sub),
        HirKind::Concat(parts) => parts
            .iter()
            .try_fold(0_usize, |sum, part| sum.checked_add(line_ends(part)?)),
        HirKind::Alternation(parts) => parts
            .iter()
            .try_fold(0, |most, part| Some(most.max(line_ends(part)?))),
    }
}

/// The longest text that a regex can match, in bytes, where a word or a run of white space without
/// a bound of its own is given one; `None` when there is no bound.
fn longest(hir: &Hir) -> Option<usize> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(0),
        HirKind::Literal(literal) => Some(literal.0.len()),
        HirKind::Class(_) => hir.properties().maximum_len(),
        HirKind::Repetition(repetition) => match repetition.max {
            Some(most) => longest(&repetition.sub)?.checked_mul(most as usize),
            None if !may_match(&repetition.sub, is_space) => Some(MAX_WORD),
            None if !may_match(&repetition.sub, |byte| !is_space(byte)) => Some(MAX_SPACE),
            None => None,
        },
        HirKind::Capture(capture) => longest(&capture.sub),
        HirKind::Concat(parts) => parts
            .iter()
            .try_fold(0_usize, |sum, part| sum.checked_add(longest(part)?)),
        HirKind::Alternation(parts) => parts
            .iter()
            .try_fold(0, |most, part| Some(most.max(longest(part)?))),
    }
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

/// Can a match contain one of these bytes?
fn may_match(hir: &Hir, wanted: fn(u8) -> bool) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => literal.0.iter().copied().any(wanted),
        HirKind::Class(Class::Bytes(class)) => {
            let mut bytes = class.ranges().iter().flat_map(|it| it.start()..=it.end());
            bytes.any(wanted)
        }
        HirKind::Class(Class::Unicode(class)) => class
            .ranges()
            .iter()
            // What is beyond ASCII begins with bytes that are no white space.
            .any(|it| it.end() > '\u{7f}' && wanted(0xc2) || ascii(it).any(wanted)),
        HirKind::Repetition(repetition) => may_match(&repetition.sub, wanted),
        HirKind::Capture(capture) => may_match(&capture.sub, wanted),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().any(|part| may_match(part, wanted))
        }
    }
}

/// The part of a range of characters that is ASCII.
fn ascii(range: &ClassUnicodeRange) -> impl Iterator<Item = u8> + use<> {
    let start = u8::try_from(range.start()).ok().filter(u8::is_ascii);
    let end = u8::try_from(range.end()).unwrap_or(0x7f).min(0x7f);
    start.into_iter().flat_map(move |start| start..=end)
}

fn capture_names(hir: &Hir) -> BTreeSet<&str> {
    match hir.kind() {
        HirKind::Capture(capture) => {
            let mut names = capture_names(&capture.sub);
            names.extend(capture.name.as_deref());
            names
        }
        HirKind::Repetition(repetition) => capture_names(&repetition.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().flat_map(capture_names).collect()
        }
        _ => BTreeSet::new(),
    }
}
