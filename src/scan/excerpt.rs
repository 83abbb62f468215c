//! The lines of a file that a reader is shown for a hit, with secrets masked before anything is cut.

use crate::model::{LineIndex, Span, mask};

/// Lines shown before the hit's first line.
const BEFORE: u32 = 2;
/// Lines shown in all.
const LINES: u32 = 6;
/// Characters shown of one line.
const COLUMNS: usize = 160;
/// What stands for the rest of a secret that began on an earlier line.
const REST: &str = "…";

/// The lines around `span` and the number of the first of them. `masks` are in order and disjoint.
pub(super) fn excerpt(text: &[u8], lines: &LineIndex, span: Span, masks: &[Span]) -> (String, u32) {
    let hit = lines.position(text, span.start).line.get();
    let first = hit.saturating_sub(BEFORE).max(1);
    let last = (first + LINES - 1).min(lines.len(text).max(hit));
    let mut out: Vec<(u32, String)> = Vec::new();
    for number in first..=last {
        let line = lines.line_span(text, number);
        let shown = masked(text, line, masks);
        // Lines of which nothing is left but a mask say nothing.
        let empty = shown.trim() == REST;
        if empty && number > hit {
            break;
        }
        if empty && number < hit {
            out.clear();
            continue;
        }
        let around = if number == hit {
            span.start.saturating_sub(line.start) as usize
        } else {
            0
        };
        out.push((number, cut(&shown, around)));
    }
    let first = out.first().map_or(hit, |(number, _)| *number);
    let shown: Vec<String> = out.into_iter().map(|(_, line)| line).collect();
    (shown.join("\n"), first)
}

/// The text of `span` with every masked part replaced.
pub(super) fn masked(text: &[u8], span: Span, masks: &[Span]) -> String {
    let mut out = String::new();
    let mut at = span.start;
    for part in masks.iter().filter(|part| part.overlaps(span)) {
        if part.start > at {
            out.push_str(&lossy(
                text,
                Span {
                    start: at,
                    end: part.start,
                },
            ));
        }
        // A secret that began on an earlier line is masked there; here its rest only vanishes.
        if part.start >= span.start {
            out.push_str(&mask(&lossy(text, *part)));
        } else {
            out.push_str(REST);
        }
        at = part.end.max(at);
    }
    if at < span.end {
        out.push_str(&lossy(
            text,
            Span {
                start: at,
                end: span.end,
            },
        ));
    }
    out
}

/// Sorts spans and joins those that overlap or touch.
pub(super) fn disjoint(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

fn lossy(text: &[u8], span: Span) -> String {
    String::from_utf8_lossy(text.get(span.range()).unwrap_or_default()).into_owned()
}

/// At most `COLUMNS` characters of a line, so that the character at byte `around` is among them.
fn cut(line: &str, around: usize) -> String {
    if line.len() <= COLUMNS || line.chars().count() <= COLUMNS {
        return line.trim_end().to_owned();
    }
    let at = line
        .char_indices()
        .take_while(|(byte, _)| *byte < around)
        .count();
    let start = at.saturating_sub(COLUMNS / 4);
    let mut out = String::new();
    if start > 0 {
        out.push('…');
    }
    out.extend(line.chars().skip(start).take(COLUMNS));
    if line.chars().count() > start + COLUMNS {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, hit: &str, masked: &str) -> (String, u32) {
        let span = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let lines = LineIndex::new(text.as_bytes());
        excerpt(text.as_bytes(), &lines, span(hit), &[span(masked)])
    }

    #[test]
    fn lines_that_are_all_mask_are_left_out() {
        let secret = "{\n  \"a\": 1,\n  \"b\": 2\n}";
        let text = format!("# x\nkey = {secret}\nend\nlast\n");
        let first = format!("# x\nkey = {}", mask(secret));
        assert_eq!(shown(&text, secret, secret), (first, 1));
        assert_eq!(shown(&text, "last", secret), ("end\nlast".to_owned(), 6));
    }
}
