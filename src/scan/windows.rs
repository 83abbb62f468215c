//! The parts of a text that a match can lie in: as far around its literals as it can reach.

use super::prefilter::Sighting;
use crate::model::Span;
use crate::rule::Reach;

/// On a longer line, a window reaches only this far around a literal.
const MAX_LINE: u32 = 16 << 10;

/// The parts that a match around one of the literals can lie in, in order, disjoint. `also` are
/// more sets of literals, of each of which one stands in every match.
pub(super) fn windows(
    text: &[u8],
    around: impl Iterator<Item = (Span, Reach)>,
    also: &[&[Sighting]],
) -> Vec<Span> {
    let mut out: Vec<Span> = around
        .map(|(literal, reach)| window(text, literal, reach))
        .collect();
    out.sort_by_key(|window| window.start);
    out.dedup_by(|next, last| {
        let overlap = next.start <= last.end;
        if overlap {
            last.end = last.end.max(next.end);
        }
        overlap
    });
    for set in also {
        let mut spans: Vec<Span> = set.iter().map(|one| one.span).collect();
        spans.sort_unstable();
        out.retain(|window| {
            let first = spans.partition_point(|span| span.start < window.start);
            spans.get(first).is_some_and(|span| span.end <= window.end)
        });
    }
    out
}

fn window(text: &[u8], literal: Span, reach: Reach) -> Span {
    let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
    match reach {
        Reach::File => Span { start: 0, end: len },
        Reach::Bytes(reach) => {
            let reach = u32::try_from(reach).unwrap_or(u32::MAX);
            Span {
                start: literal.start.saturating_sub(reach),
                end: literal.end.saturating_add(reach).min(len),
            }
        }
        Reach::Lines(more) => {
            let line = lines_around(text, literal, more);
            Span {
                start: line.start.max(literal.start.saturating_sub(MAX_LINE)),
                end: line.end.min(literal.end.saturating_add(MAX_LINE)),
            }
        }
    }
}

/// The lines that hold `span` and so many more to either side, with the line end.
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
