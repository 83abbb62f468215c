//! The comparison of two reports at a terminal.

use super::page::{Page, Tone};
use super::severity_tone;
use crate::model::Diff;
use crate::render::diff::{Line, numbers, parts, sentence};
use crate::render::{Style, escape, words};

pub(in crate::render) fn render(diff: &Diff<'_>, style: &Style) -> String {
    let mut page = Page::new(style);
    let tone = if diff.worse() {
        Tone::Critical
    } else {
        Tone::Good
    };
    let answer = if diff.worse() { "WORSE" } else { "NOT WORSE" };
    let answer = page.paint(tone, answer);
    page.line(&answer);
    page.paragraph(0, &escape::prose(&sentence(diff)));
    page.blank();
    for [what, old, new, by] in numbers(diff) {
        let change = if old == new {
            new
        } else if by.is_empty() {
            format!("{old} → {new}")
        } else {
            format!("{old} → {new} ({by})")
        };
        page.labelled(2, &format!("{what:22}"), &change);
    }
    for caveat in diff.caveats() {
        page.blank();
        page.labelled(0, "note", &escape::prose(&caveat));
    }
    for part in parts(diff) {
        let title = format!("{} ({})", part.title, part.lines.len());
        page.heading(&title, Tone::Strong);
        for line in &part.lines {
            finding(&mut page, line);
        }
    }
    page.blank();
    let same = words::count(diff.unchanged, "finding is", "findings are");
    page.paragraph(0, &format!("{same} open in both."));
    page.finish()
}

fn finding(page: &mut Page, line: &Line) {
    let lead = line.severity.map_or(String::new(), |severity| {
        format!(
            "{}  ",
            page.paint(severity_tone(severity), words::severity(severity))
        )
    });
    let used = line.severity.map_or(0, |s| words::severity(s).len() + 2);
    let rule = super::page::shorten(&escape::line(&line.rule), page.width.saturating_sub(used));
    page.line(&format!("{lead}{rule}"));
    page.paragraph(4, &escape::prose(&line.text));
    let mut place = escape::line(&line.place);
    if let Some(note) = &line.note {
        place.push_str(" · ");
        place.push_str(&escape::prose(note));
    }
    page.paragraph(4, &place);
}
