//! The parts of a text that a match can lie in: as far around its literals as it can reach.

use crate::model::Span;
use crate::rule::pattern::reach::{Around, Reach};

/// On a longer line, a window reaches only this far around a literal.
const MAX_LINE: u32 = 16 << 10;

/// These parts in order, disjoint.
pub(super) fn merged(mut windows: Vec<Span>) -> Vec<Span> {
    windows.sort_by_key(|window| window.start);
    windows.dedup_by(|next, last| {
        let overlap = next.start <= last.end;
        if overlap {
            last.end = last.end.max(next.end);
        }
        overlap
    });
    windows
}

/// Does one of `places`, which are in order, stand in this part?
pub(super) fn holds(window: Span, places: &[Span]) -> bool {
    let first = places.partition_point(|place| place.start < window.start);
    places
        .get(first)
        .is_some_and(|place| place.end <= window.end)
}

/// The part that a match around this literal can lie in.
pub(super) fn window(text: &[u8], literal: Span, around: Around) -> Span {
    let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let bytes = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let start = match around.before {
        Reach::File => 0,
        Reach::Bytes(count) => literal.end.saturating_sub(bytes(count)),
        Reach::Lines(more) => {
            let before = text.get(..literal.start as usize).unwrap_or_default();
            let end = memchr::memrchr_iter(b'\n', before).nth(more);
            let line = end.map_or(0, |at| bytes(at + 1));
            line.max(literal.start.saturating_sub(MAX_LINE))
        }
    };
    let end = match around.after {
        Reach::File => len,
        Reach::Bytes(count) => literal.start.saturating_add(bytes(count)).min(len),
        Reach::Lines(more) => {
            let after = text.get(literal.end as usize..).unwrap_or_default();
            let end = memchr::memchr_iter(b'\n', after).nth(more);
            let line = end.map_or(len, |at| literal.end.saturating_add(bytes(at + 1)));
            line.min(literal.end.saturating_add(MAX_LINE))
        }
    };
    // A literal is never cut.
    Span {
        start: start.min(literal.start),
        end: end.max(literal.end),
    }
}
