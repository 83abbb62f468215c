//! A compiled `text` matcher: a regex, the literals that protect it, and where it may look.

use super::globs::GlobIds;
use super::literal;
use super::need::Literal;
use super::reach::{Reach, reach};
use super::relax;
use super::spec::TextSpec;
use crate::model::{Context, Language};
use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::{Hir, HirKind};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Bound on the compiled size of one regex, in bytes.
const SIZE_LIMIT: usize = 10 << 20;
/// Bound on what one regex remembers of its states in one thread, in bytes.
const CACHE_LIMIT: usize = 2 << 20;

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
