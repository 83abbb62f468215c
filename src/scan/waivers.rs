//! Comments of a file that accept findings.

use crate::model::{CommentReach, Context, InlineWaiver, LineIndex, RepoPath, WaiverComment};
use crate::syntax::Contexts;

/// A comment for the whole file stands among its first lines.
const FILE_LINES: u32 = 20;
/// How far below itself a comment looks for the line it speaks of.
const LOOK_BELOW: u32 = 20;

/// Every such comment, in order of line. Only real comments count, not text that shows one.
pub(super) fn waivers(path: &RepoPath, text: &[u8], contexts: &Contexts<'_>) -> Vec<InlineWaiver> {
    let lines = LineIndex::new(text);
    let mut out = Vec::new();
    for line in 1..=lines.len(text) {
        let bytes = lines.line(text, line);
        let shown = String::from_utf8_lossy(bytes);
        let Some(at) = ["preop:ignore", "gitleaks:allow", "pragma: allowlist"]
            .iter()
            .find_map(|marker| shown.find(marker))
        else {
            continue;
        };
        let span = lines.line_span(text, line);
        let offset = span
            .start
            .saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        if contexts.at(offset) != Context::Comment {
            continue;
        }
        let Some(comment) = WaiverComment::parse(&shown) else {
            continue;
        };
        if comment.reach == CommentReach::File && line > FILE_LINES {
            continue;
        }
        let alone = contexts.at(first_visible(bytes, span.start)) == Context::Comment;
        let target_line = match comment.reach {
            CommentReach::File => 0,
            CommentReach::Line if !alone => line,
            CommentReach::Line | CommentReach::NextLine => below(text, &lines, contexts, line),
        };
        out.push(InlineWaiver {
            line,
            target_line,
            rules: comment.rules,
            reason: comment.reason,
            until: comment.until,
            location: lines.locate(text, path, span),
        });
    }
    out
}

/// The first line below `line` that holds more than comments and white space.
fn below(text: &[u8], lines: &LineIndex, contexts: &Contexts<'_>, line: u32) -> u32 {
    let last = lines.len(text).min(line.saturating_add(LOOK_BELOW));
    (line + 1..=last)
        .find(|number| {
            let bytes = lines.line(text, *number);
            let visible = first_visible(bytes, lines.line_span(text, *number).start);
            !bytes.trim_ascii().is_empty() && contexts.at(visible) != Context::Comment
        })
        .unwrap_or(line)
}

fn first_visible(line: &[u8], start: u32) -> u32 {
    let blank = line
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    start.saturating_add(u32::try_from(blank).unwrap_or(u32::MAX))
}
