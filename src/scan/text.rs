//! Runs `text` matchers: each regex only in windows around its literals.

use super::raw::Raw;
use crate::model::{Context, MatcherId, Span, Value};
use crate::rule::text::{TextMatcher, WHOLE};
use crate::syntax::Contexts;
use std::collections::BTreeMap;

/// Hits kept for one matcher in one file; the rest is counted.
pub(super) const MAX_HITS: usize = 200;
/// A captured value is cut at this many bytes.
const MAX_VALUE: usize = 4096;

/// One file's text with what is needed to search it.
pub(super) struct Haystack<'t, 'c> {
    pub text: &'t [u8],
    pub contexts: &'c Contexts<'t>,
}

/// Runs one matcher in these parts of the text. Returns how many hits were left out.
pub(super) fn run(
    id: MatcherId,
    matcher: &TextMatcher,
    haystack: &Haystack<'_, '_>,
    windows: &[Span],
    out: &mut Vec<Raw>,
) -> usize {
    let mut kept = 0;
    let mut left_out = 0;
    for window in windows {
        let search = &matcher.search;
        if !search.may_match(haystack.text, *window) {
            continue;
        }
        let mut rest = *window;
        while rest.start <= rest.end {
            let Some(span) = search.find(haystack.text, rest) else {
                break;
            };
            rest.start = span.end.max(rest.start + 1);
            if !in_context(matcher, haystack, span) {
                continue;
            }
            if kept == MAX_HITS {
                left_out += 1;
                continue;
            }
            kept += 1;
            out.push(raw(id, matcher, haystack.text, span));
            if matcher.once {
                return 0;
            }
        }
    }
    left_out
}

fn in_context(matcher: &TextMatcher, haystack: &Haystack<'_, '_>, span: Span) -> bool {
    if matcher.contexts.is_empty() {
        return true;
    }
    let context: Context = haystack.contexts.at(span.start);
    matcher.contexts.contains(&context)
}

/// The hit at `span`, with what the regex names in it.
fn raw(id: MatcherId, matcher: &TextMatcher, text: &[u8], span: Span) -> Raw {
    let redacted = |name: &str| matcher.redact.iter().any(|redacted| redacted == name);
    let bytes = |span: Span| text.get(span.range()).unwrap_or_default();
    let mut captures = BTreeMap::new();
    let mut mask = Vec::new();
    if redacted(WHOLE) {
        mask.push(span);
    }
    for (name, part) in matcher.search.captures(text, span) {
        if redacted(&name) && part.start < part.end {
            mask.push(part);
        }
        captures.insert(name, value(bytes(part)));
    }
    Raw {
        matcher: id,
        span,
        value: value(bytes(span)),
        captures,
        kinds: BTreeMap::new(),
        mask,
    }
}

fn value(bytes: &[u8]) -> Value {
    let bytes = bytes.get(..MAX_VALUE).unwrap_or(bytes);
    Value::str(String::from_utf8_lossy(bytes).as_ref())
}
