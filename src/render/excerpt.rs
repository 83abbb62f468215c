//! The lines of an excerpt, escaped, with the place of the finding marked.

use super::escape;
use crate::model::{Finding, Location, Position};

/// One line of an excerpt.
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub(super) number: u32,
    /// Its text, escaped.
    pub(super) text: String,
    /// The marked characters of `text`, as a range of characters; `None` outside the finding.
    pub(super) mark: Option<(usize, usize)>,
}

/// Longest line that is shown; what lies beyond is cut, around the mark where there is one.
const WIDEST: usize = 160;

/// The lines of the finding's excerpt; none if it has no excerpt.
pub(super) fn lines(finding: &Finding) -> Vec<Line> {
    if finding.excerpt.trim().is_empty() {
        return Vec::new();
    }
    let numbered = (finding.excerpt_line..=u32::MAX).zip(finding.excerpt.lines());
    numbered
        .map(|(number, text)| line(number, text, &finding.location))
        .collect()
}

/// The lines around the mark, at most `most`.
pub(super) fn around(finding: &Finding, most: usize) -> Vec<Line> {
    let all = lines(finding);
    let marked = all.iter().position(|line| line.mark.is_some()).unwrap_or(0);
    let first = marked
        .saturating_sub(most / 2)
        .min(all.len().saturating_sub(most));
    all.into_iter().skip(first).take(most).collect()
}

fn line(number: u32, text: &str, at: &Location) -> Line {
    let columns = marked_columns(number, text, at);
    let escaped = |from: usize, to: usize| {
        let part: String = text.chars().skip(from).take(to - from).collect();
        escape::source(&part).chars().count()
    };
    let mark = columns.map(|(from, to)| {
        let start = escaped(0, from);
        (start, start + escaped(from, to))
    });
    cut(Line {
        number,
        text: escape::source(text),
        mark,
    })
}

/// The finding's part of the line, as characters of the raw text from 0.
fn marked_columns(number: u32, text: &str, at: &Location) -> Option<(usize, usize)> {
    let (first, last) = (at.start.line.get(), at.end.line.get());
    if number < first || number > last || at.end == Position::START {
        return None;
    }
    let length = text.chars().count();
    let indent = text.chars().take_while(|c| c.is_whitespace()).count();
    if at.start == at.end {
        return (indent < length).then_some((indent, length));
    }
    let column = |column: std::num::NonZeroU32| (column.get() as usize - 1).min(length);
    let from = if number == first {
        column(at.start.column)
    } else {
        indent
    };
    let to = if number == last {
        column(at.end.column)
    } else {
        length
    };
    (from < to).then_some((from, to))
}

fn cut(line: Line) -> Line {
    let length = line.text.chars().count();
    if length <= WIDEST {
        return line;
    }
    let (start, end) = line.mark.unwrap_or((0, 0));
    let skip = start.saturating_sub(WIDEST / 4).min(length - WIDEST);
    let kept: String = line.text.chars().skip(skip).take(WIDEST).collect();
    let (before, after) = (
        if skip > 0 { "…" } else { "" },
        if skip + WIDEST < length { "…" } else { "" },
    );
    let shift = |at: usize| at.saturating_sub(skip).min(WIDEST) + before.chars().count();
    Line {
        number: line.number,
        text: format!("{before}{kept}{after}"),
        mark: line.mark.map(|_| (shift(start), shift(end))),
    }
}
