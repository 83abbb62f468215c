//! One file → hits. A pure function of path, bytes and compiled rules: the map of the pipeline.
//!
//! Order of cost: name, size, one pass for the literals of all rules, regexes around a literal,
//! a parse only where a rule asks for it.

mod agenda;
mod all;
mod chart;
mod code;
mod data;
mod excerpt;
mod grams;
mod imports;
mod marks;
mod prefilter;
mod raw;
mod refusals;
mod text;
mod waivers;
mod windows;

use crate::model::{
    Context, File, FileHits, Hit, Language, LineIndex, Location, Magic, MatcherId, RepoPath,
    Secret, SkipReason, Skipped, Span, Value,
};
use crate::rule::globs::Matched;
use crate::rule::{Matcher, PathMatcher, RuleSet};
use crate::source::{Content, Encoding, decode, sniff};
use crate::syntax::Contexts;
pub use all::{holds_no_text, scan_all, scan_content};

use agenda::{Agenda, Agendas};
use prefilter::{Occurrences, Prefilter};
use raw::Raw;
use refusals::Refusals;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Bytes of a file that text rules read.
pub const TEXT_CAP: usize = 8 << 20;
/// Larger files are not parsed, as code or as a document.
const PARSE_CAP: usize = 2 << 20;

/// Shorter masked values are words as often as secrets.
const LEAST_SECRET: usize = 12;

/// The rules, arranged for scanning.
pub struct Scanner<'r> {
    rules: &'r RuleSet,
    prefilter: Prefilter,
    refusals: Refusals<'r>,
    agendas: Agendas,
    paths: Vec<(MatcherId, &'r PathMatcher)>,
    data: data::DataMatchers<'r>,
    code: code::CodeMatchers<'r>,
}

impl<'r> Scanner<'r> {
    /// Arranges `rules` for files of these languages.
    pub fn new(rules: &'r RuleSet, languages: &BTreeSet<Language>) -> Self {
        Self::with(rules, &matchers(rules), languages)
    }

    /// Arranges only these matchers of `rules`.
    pub fn only(
        rules: &'r RuleSet,
        wanted: &BTreeSet<MatcherId>,
        languages: &BTreeSet<Language>,
    ) -> Self {
        let some: Vec<_> = wanted
            .iter()
            .filter_map(|id| Some((*id, rules.matcher(*id)?)))
            .collect();
        Self::with(rules, &some, languages)
    }

    fn with(
        rules: &'r RuleSet,
        matchers: &[(MatcherId, &'r Matcher)],
        languages: &BTreeSet<Language>,
    ) -> Self {
        let code = code::CodeMatchers::new(matchers, languages);
        let data = data::DataMatchers::new(matchers);
        let prefilter = Prefilter::new(matchers, &code, &data);
        let paths = matchers
            .iter()
            .filter_map(|(id, matcher)| match matcher {
                Matcher::Path(path) => Some((*id, path)),
                _ => None,
            })
            .collect();
        Self {
            rules,
            prefilter,
            refusals: Refusals::new(rules),
            agendas: Agendas::new(rules, matchers),
            paths,
            data,
            code,
        }
    }

    /// Scans a file with this content.
    pub fn scan(&self, file: &File, content: Content) -> FileHits {
        let matched = self.rules.globs.matches(file.path.as_str());
        let mut out = self.named(file, &matched);
        self.opened(&content.bytes, &matched, &mut out);
        let truncated = content.truncated;
        let decoded = match decode(content) {
            Ok(decoded) => decoded,
            Err(reason) => {
                out.skipped.push(skipped(&file.path, reason, None));
                return out;
            }
        };
        let bytes = decoded.text.as_slice();
        out.file.role = sniff(file.role, &file.path, bytes);
        if truncated {
            let detail = format!(
                "{} bytes; the first {} were searched as text",
                file.size,
                bytes.len()
            );
            out.skipped
                .push(skipped(&file.path, SkipReason::TooLarge, Some(detail)));
        }
        let text = if decoded.encoding == Encoding::Bytes {
            out.skipped.push(skipped(
                &file.path,
                SkipReason::Encoding,
                Some("searched byte by byte, not parsed".to_owned()),
            ));
            None
        } else {
            std::str::from_utf8(bytes).ok()
        };
        let parsable = text.filter(|text| !truncated && text.len() <= PARSE_CAP);
        if text.is_some() && parsable.is_none() && !truncated && self.would_parse(file) {
            let detail = format!("{} bytes; searched as text, not parsed", bytes.len());
            out.skipped
                .push(skipped(&file.path, SkipReason::TooLarge, Some(detail)));
        }
        self.content(bytes, parsable, &matched, &mut out);
        out
    }

    /// What names alone tell of a file, for files that are not read.
    pub fn names(&self, file: &File) -> FileHits {
        self.named(file, &self.rules.globs.matches(file.path.as_str()))
    }

    fn named(&self, file: &File, matched: &Matched) -> FileHits {
        let mut out = FileHits::empty(file.clone());
        for (id, matcher) in &self.paths {
            if !matcher.asks_content() && matcher.files.admits(matched) && matcher.admits(file) {
                out.hits
                    .push((*id, Arc::new(name_hit(file, BTreeMap::new()))));
            }
        }
        out
    }

    /// What the first bytes tell to matchers for which a name is not enough, text or not.
    fn opened(&self, bytes: &[u8], matched: &Matched, out: &mut FileHits) {
        let magic = Magic::of(bytes);
        for (id, matcher) in &self.paths {
            if matcher.asks_content()
                && matcher.files.admits(matched)
                && matcher.admits(&out.file)
                && matcher.admits_content(magic, bytes)
            {
                let format = magic.map(|it| (Arc::from("magic"), Value::str(it.as_str())));
                let held = matcher
                    .asks_contains()
                    .then(|| (Arc::from("contains"), Value::Bool(true)));
                let captures = format.into_iter().chain(held).collect();
                out.hits
                    .push((*id, Arc::new(name_hit(&out.file, captures))));
            }
        }
    }

    fn would_parse(&self, file: &File) -> bool {
        self.data.may_read(&file.path)
            || file
                .language
                .is_some_and(|language| self.code.reads(language))
    }

    fn content(&self, bytes: &[u8], parsable: Option<&str>, matched: &Matched, out: &mut FileHits) {
        let path = out.file.path.clone();
        let language = out.file.language;
        out.lines = LineIndex::count(bytes);
        let agenda = self.agendas.of((language, out.file.role, matched), self);
        let found = self.prefilter.search(bytes, &agenda.live);
        let contexts = Contexts::of(&path, language, bytes);

        let mut raws = Vec::new();
        let haystack = text::Haystack {
            text: bytes,
            contexts: &contexts,
        };
        let (excuses, first) = self.texts(&agenda, &found);
        self.text(&first, &found, &haystack, out, &mut raws);
        if let Some(text) = parsable {
            self.data.run(&path, text, &found, matched, out, &mut raws);
            let excused_by = |id| self.refusals.excused_by(id);
            let asked = code::Asked {
                found: &found,
                chosen: &agenda.code,
                excused_by: &excused_by,
            };
            self.code.run(language, text, &asked, out, &mut raws);
        }
        let excuses: Vec<_> = excuses
            .into_iter()
            .filter(|(id, _)| self.has_work(*id, &raws))
            .collect();
        self.text(&excuses, &found, &haystack, out, &mut raws);
        if let Some(language) = language
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            out.imports = imports::imports(language, text, &contexts);
        }
        if found.waiver {
            out.waivers = waivers::waivers(&path, bytes, &contexts);
        }
        finish(bytes, &contexts, raws, Vec::new(), out);
    }

    /// The text matchers that can match: those that only excuse what others find, and all others.
    fn texts(&self, agenda: &Agenda, found: &Occurrences<'_>) -> (Texts, Texts) {
        found
            .texts()
            .chain(agenda.unbound.iter().copied())
            .partition(|(id, _)| self.refusals.excused_by(*id).is_some())
    }

    /// Is there a hit that this matcher could excuse?
    fn has_work(&self, id: MatcherId, raws: &[Raw]) -> bool {
        let excused = self.refusals.excused_by(id);
        excused.is_none_or(|of| raws.iter().any(|raw| of.contains(&raw.matcher)))
    }

    fn text(
        &self,
        asked: &Texts,
        found: &Occurrences<'_>,
        haystack: &text::Haystack<'_, '_>,
        out: &mut FileHits,
        raws: &mut Vec<Raw>,
    ) {
        for (id, search) in asked {
            if let Some(Matcher::Text(matcher)) = self.rules.matcher(*id) {
                let windows = found.windows(*search, &matcher.search);
                let left_out = text::run(*id, matcher, haystack, &windows, raws);
                note_left_out(left_out, out);
            }
        }
    }
}

/// Text matchers with their searches.
type Texts = Vec<(MatcherId, usize)>;

/// All matchers with their identities.
fn matchers(rules: &RuleSet) -> Vec<(MatcherId, &Matcher)> {
    (0..).map(MatcherId).zip(&rules.matchers).collect()
}

fn skipped(path: &RepoPath, reason: SkipReason, detail: Option<String>) -> Skipped {
    Skipped {
        path: path.to_string(),
        reason,
        detail,
    }
}

fn note_left_out(count: usize, out: &mut FileHits) {
    if count > 0 {
        let detail = format!("{count} more hits of one rule");
        out.skipped.push(skipped(
            &out.file.path,
            SkipReason::TooManyHits,
            Some(detail),
        ));
    }
}

/// A hit that shows no byte of the file.
fn name_hit(file: &File, captures: BTreeMap<Arc<str>, Value>) -> Hit {
    Hit {
        location: Location::file(file.path.clone()),
        value: Value::str(file.path.as_str()),
        captures,
        kinds: BTreeMap::new(),
        context: Context::Code,
        excerpt: Arc::from(""),
        excerpt_line: 1,
        digest: [0; 16],
    }
}

/// Turns raw hits into hits with places and excerpts, in order of matcher and place. No excerpt shows
/// what they, or `hidden`, mask.
fn finish(
    bytes: &[u8],
    contexts: &Contexts<'_>,
    mut raws: Vec<Raw>,
    hidden: Vec<Span>,
    out: &mut FileHits,
) {
    if raws.is_empty() {
        return;
    }
    let lines = LineIndex::new(bytes);
    let masked = raws.iter().flat_map(|raw| raw.mask.iter().copied());
    let masks = excerpt::disjoint(masked.chain(hidden).collect());
    out.secrets = masks
        .iter()
        .filter_map(|span| std::str::from_utf8(bytes.get(span.range())?).ok())
        .filter(|raw| raw.len() >= LEAST_SECRET && !raw.contains(char::is_whitespace))
        .map(Secret::new)
        .collect();
    raws.sort_by_key(|a| (a.matcher, a.span));
    for raw in raws {
        let (shown, first) = excerpt::excerpt(bytes, &lines, raw.span, &masks);
        let digest = digest(bytes, &raw, &masks);
        let hit = Hit {
            location: lines.locate(bytes, &out.file.path, raw.span),
            context: contexts.at(raw.span.start),
            value: raw.value,
            captures: raw.captures,
            kinds: raw.kinds,
            excerpt: shown.into(),
            excerpt_line: first,
            digest,
        };
        out.hits.push((raw.matcher, Arc::new(hit)));
    }
    if let Some(template) = &mut out.template {
        template.masks = masks;
    }
}

/// Digest of what was matched, without its place: the keys of a document node, else the text with
/// white space folded and secrets masked.
fn digest(bytes: &[u8], raw: &Raw, masks: &[Span]) -> [u8; 16] {
    const ENOUGH: u32 = 1024;
    let folded = match raw.captures.get("keys") {
        Some(keys) if raw.mask.is_empty() => keys.display(),
        _ => {
            let span = Span {
                end: raw.span.end.min(raw.span.start.saturating_add(ENOUGH)),
                ..raw.span
            };
            let text = excerpt::masked(bytes, span, masks);
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        }
    };
    let hash = blake3::hash(folded.as_bytes());
    let mut out = [0; 16];
    for (to, from) in out.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    out
}
