//! Runs `text` matchers: each regex only in windows around its literals.

use super::prefilter::Place;
use super::raw::Raw;
use crate::model::{Context, MatcherId, Span, Value};
use crate::rule::Reach;
use crate::rule::text::TextMatcher;
use crate::syntax::Contexts;
use regex::bytes::Regex;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Hits kept for one matcher in one file; the rest is counted.
pub(super) const MAX_HITS: usize = 200;
/// A captured value is cut at this many bytes.
const MAX_VALUE: usize = 4096;
/// On a longer line, a window reaches only this far around a literal.
const MAX_LINE: u32 = 16 << 10;

/// One file's text with what is needed to search it.
pub(super) struct Haystack<'t> {
    pub text: &'t [u8],
    pub contexts: &'t dyn Fn() -> &'t Contexts,
}

/// Runs one matcher. `at` are the spans where its literals stand, in order; empty for a matcher
/// without literals, which searches the whole text. Returns how many hits were left out.
pub(super) fn run(
    id: MatcherId,
    matcher: &TextMatcher,
    haystack: &Haystack<'_>,
    at: &[Place],
    out: &mut Vec<Raw>,
) -> usize {
    let whole = Span::new(0, haystack.text.len());
    let windows = if matcher.literals().is_empty() {
        vec![whole]
    } else {
        windows(haystack, at)
    };
    let mut kept = 0;
    let mut left_out = 0;
    for window in windows {
        // The text before the window stays visible, so that `\b` and `^` see it.
        let visible = haystack.text.get(..window.end as usize).unwrap_or_default();
        let mut from = window.start as usize;
        if !matcher.may_match(visible, from) {
            continue;
        }
        let Some(regex) = matcher.regex() else {
            return 0;
        };
        while from <= visible.len() {
            let Some(matched) = regex.find_at(visible, from) else {
                break;
            };
            from = matched.end().max(from + 1);
            let span = Span::new(matched.start(), matched.end());
            if !in_context(matcher, haystack, span) {
                continue;
            }
            if kept == MAX_HITS {
                left_out += 1;
                continue;
            }
            kept += 1;
            out.push(raw(id, matcher, regex, visible, span));
            if matcher.once {
                return 0;
            }
        }
    }
    left_out
}

fn in_context(matcher: &TextMatcher, haystack: &Haystack<'_>, span: Span) -> bool {
    if matcher.contexts.is_empty() {
        return true;
    }
    let context: Context = (haystack.contexts)().at(span.start);
    matcher.contexts.contains(&context)
}

/// The hit at `span`, with what the regex names in it.
fn raw(id: MatcherId, matcher: &TextMatcher, regex: &Regex, text: &[u8], span: Span) -> Raw {
    let mut captures = BTreeMap::new();
    let mut mask = Vec::new();
    let named = regex.captures_len() > 1;
    let found = named.then(|| regex.captures_at(text, span.start as usize));
    let found = found.flatten();
    for name in regex.capture_names().flatten() {
        let Some(part) = found.as_ref().and_then(|found| found.name(name)) else {
            continue;
        };
        captures.insert(Arc::from(name), value(part.as_bytes()));
        if matcher.redact.iter().any(|redacted| redacted == name) && !part.is_empty() {
            mask.push(Span::new(part.start(), part.end()));
        }
    }
    Raw {
        matcher: id,
        span,
        value: value(text.get(span.range()).unwrap_or_default()),
        captures,
        kinds: BTreeMap::new(),
        mask,
    }
}

fn value(bytes: &[u8]) -> Value {
    let bytes = bytes.get(..MAX_VALUE).unwrap_or(bytes);
    Value::str(String::from_utf8_lossy(bytes).as_ref())
}

/// The parts of the text that a match around one of the literals can lie in, in order, disjoint.
fn windows(haystack: &Haystack<'_>, at: &[Place]) -> Vec<Span> {
    let len = u32::try_from(haystack.text.len()).unwrap_or(u32::MAX);
    let mut out: Vec<Span> = Vec::new();
    for place in at {
        let literal = place.span;
        let window = match place.reach {
            Reach::File => Span { start: 0, end: len },
            Reach::Bytes(reach) => {
                // One more byte to the right decides `\b` and `$` where the match ends.
                let reach = u32::try_from(reach).unwrap_or(u32::MAX);
                Span {
                    start: literal.start.saturating_sub(reach),
                    end: literal.end.saturating_add(reach).saturating_add(1).min(len),
                }
            }
            Reach::Lines(more) => {
                let line = lines_around(haystack.text, literal, more);
                Span {
                    start: line.start.max(literal.start.saturating_sub(MAX_LINE)),
                    end: line.end.min(literal.end.saturating_add(MAX_LINE)),
                }
            }
        };
        out.push(window);
    }
    out.sort_by_key(|window| window.start);
    out.dedup_by(|next, last| {
        let overlap = next.start <= last.end;
        if overlap {
            last.end = last.end.max(next.end);
        }
        overlap
    });
    out
}

/// The lines that hold `span` and so many more to either side, with the line end, so that `$` sees
/// it.
fn lines_around(text: &[u8], span: Span, more: usize) -> Span {
    let before = text.get(..span.start as usize).unwrap_or_default();
    let after = text.get(span.end as usize..).unwrap_or_default();
    let start = memchr::memrchr_iter(b'\n', before).nth(more);
    let end = memchr::memchr_iter(b'\n', after).nth(more);
    Span::new(
        start.map_or(0, |at| at + 1),
        end.map_or(text.len(), |at| span.end as usize + at + 1),
    )
}
