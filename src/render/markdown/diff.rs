//! The comparison of two reports as a document, short enough for a pull request.

use super::doc::{Doc, cell, cell_code, text};
use crate::model::Diff;
use crate::render::diff::{numbers, parts, sentence};
use crate::render::words;

/// Lines of one part before the rest is only counted: a comment has a limit, and a reader too.
const LISTED: usize = 50;

pub(in crate::render) fn render(diff: &Diff<'_>) -> String {
    let mut doc = Doc::default();
    doc.heading(2, "What changed in production readiness");
    let answer = if diff.worse() { "Worse" } else { "Not worse" };
    doc.paragraph(&format!("**{answer}:** {}.", text(&sentence(diff))));
    let rows: Vec<Vec<String>> = numbers(diff)
        .into_iter()
        .map(|row| row.map(|text| cell(&text)).to_vec())
        .collect();
    doc.table(&["", "Before", "Now", "Change"], &rows);
    let caveats = diff.caveats();
    if !caveats.is_empty() {
        doc.list(caveats.iter().map(|line| text(line)));
    }
    for part in parts(diff) {
        doc.heading(3, &format!("{} ({})", part.title, part.lines.len()));
        let rows: Vec<Vec<String>> = part
            .lines
            .iter()
            .take(LISTED)
            .map(|line| {
                let note = line
                    .note
                    .as_deref()
                    .map_or(String::new(), |note| format!(" ({})", cell(note)));
                vec![
                    line.severity
                        .map_or("–".to_owned(), |severity| severity.to_string()),
                    cell_code(&line.rule),
                    cell_code(&line.place),
                    format!("{}{note}", cell(&line.text)),
                ]
            })
            .collect();
        doc.table(&["Severity", "Rule", "Place", "What"], &rows);
        if let more @ 1.. = part.lines.len().saturating_sub(LISTED) {
            doc.paragraph(&format!("and {more} more."));
        }
    }
    let same = words::count(diff.unchanged, "finding is", "findings are");
    doc.paragraph(&format!("{same} open in both."));
    doc.finish()
}
