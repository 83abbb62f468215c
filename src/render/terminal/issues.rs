//! Issues in full, with excerpts, and in one line each.

use super::page::{Page, Tone, shorten, shorten_path, wrap};
use super::{Depth, severity_tone};
use crate::model::{Finding, Issue, Priority};
use crate::render::{escape, excerpt, words};

/// Columns by which the text of an issue is moved in.
const INDENT: usize = 4;
/// Findings shown with their code before the rest is only named.
const SHOWN: usize = 3;
/// One-line issues before the rest is only counted.
const LISTED: usize = 20;
/// Places that are only named.
const NAMED: usize = 6;

/// Issues with excerpt, reason, remedy and time.
pub(super) fn full(page: &mut Page, title: &str, tone: Tone, issues: &[&Issue<'_>], depth: Depth) {
    if issues.is_empty() {
        return;
    }
    page.heading(title, tone);
    let mut before: Option<&Issue<'_>> = None;
    for issue in issues {
        block(
            page,
            issue,
            depth,
            before.filter(|before| before.rule == issue.rule),
        );
        page.blank();
        before = Some(issue);
    }
}

/// One issue. `same` is the issue before it if that was of the same rule.
fn block(page: &mut Page, issue: &Issue<'_>, depth: Depth, same: Option<&Issue<'_>>) {
    heading(page, issue);
    let mut about = vec![escape::line(issue.rule)];
    about.extend(
        issue
            .service
            .map(|name| format!("service {}", escape::line(name))),
    );
    about.push(format!("confidence {}", issue.confidence));
    if issue.findings.len() > 1 {
        about.push(format!("{} places", issue.findings.len()));
    }
    for part in wrap(&about.join(" · "), page.width.saturating_sub(INDENT)) {
        let faint = page.paint(Tone::Faint, &part);
        page.line(&format!("{}{faint}", " ".repeat(INDENT)));
    }
    let shown = match (depth, issue.priority) {
        (Depth::Full, _) => issue.findings.len(),
        (Depth::Summary, Priority::P0) => SHOWN,
        (Depth::Summary, _) => 1,
    };
    for finding in issue.findings.iter().take(shown) {
        page.blank();
        place(page, finding, depth);
    }
    also(page, issue.findings.get(shown..).unwrap_or_default());
    remedy(page, issue, same);
}

/// Number, severity and title; a long title goes on below its beginning.
fn heading(page: &mut Page, issue: &Issue<'_>) {
    let word = words::severity(issue.severity);
    let hang = INDENT + word.len() + 2;
    let title = escape::prose(issue.title());
    for (index, part) in wrap(&title, page.width.saturating_sub(hang))
        .iter()
        .enumerate()
    {
        let lead = if index == 0 {
            let badge = page.paint(severity_tone(issue.severity), word);
            format!("{:>2}  {badge}  ", issue.number)
        } else {
            " ".repeat(hang)
        };
        let part = page.paint(Tone::Strong, part);
        page.line(&format!("{lead}{part}"));
    }
}

fn place(page: &mut Page, finding: &Finding, depth: Depth) {
    page.paragraph(INDENT, &escape::prose(&finding.message));
    let at = escape::line(&words::place(&finding.location));
    let at = shorten_path(&at, page.width.saturating_sub(INDENT + 4));
    let arrow = page.paint(Tone::Faint, "──▶");
    page.line(&format!("{}{arrow} {at}", " ".repeat(INDENT)));
    code(page, finding, if depth == Depth::Full { 8 } else { 5 });
    for related in finding.related.iter().take(NAMED) {
        let text = format!(
            "{} ({})",
            escape::line(&words::short_place(&related.location)),
            escape::prose(&related.label)
        );
        page.labelled(INDENT, "see ", &text);
    }
    let hidden = finding.related.len().saturating_sub(NAMED) + finding.more as usize;
    if hidden > 0 {
        page.labelled(
            INDENT,
            "see ",
            &words::count(hidden, "more place", "more places"),
        );
    }
    for note in &finding.notes {
        page.labelled(INDENT, "note", &escape::prose(note));
    }
}

fn code(page: &mut Page, finding: &Finding, most: usize) {
    let lines = excerpt::around(finding, most);
    let digits = lines.last().map_or(0, |line| line.number.to_string().len());
    let several = lines.iter().filter(|line| line.mark.is_some()).count() > 1;
    let bar = page.paint(Tone::Faint, "│");
    let tone = severity_tone(finding.severity);
    for line in lines {
        let room = page.width.saturating_sub(INDENT + digits + 3);
        let number = format!("{:>digits$}", line.number);
        let marked = line.mark.is_some();
        let number = page.paint(if marked { tone } else { Tone::Faint }, &number);
        // Several lines are marked at their edge, a part of one line below it.
        let edge = if several && marked {
            page.paint(tone, "▌")
        } else {
            bar.clone()
        };
        page.line(&format!(
            "{}{number} {edge} {}",
            " ".repeat(INDENT),
            shorten(&line.text, room)
        ));
        let Some((start, end)) = line.mark.filter(|_| !several) else {
            continue;
        };
        let (start, end) = (start.min(room), end.min(room));
        if start < end {
            let mark = page.paint(tone, &"^".repeat(end - start));
            let lead = " ".repeat(INDENT + digits + 1);
            page.line(&format!("{lead}{bar} {}{mark}", " ".repeat(start)));
        }
    }
}

fn also(page: &mut Page, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    let mut places: Vec<String> = findings
        .iter()
        .take(NAMED)
        .map(|finding| escape::line(&words::short_place(&finding.location)))
        .collect();
    if findings.len() > NAMED {
        places.push(format!("{} more", findings.len() - NAMED));
    }
    page.labelled(INDENT, "also", &places.join(", "));
}

fn remedy(page: &mut Page, issue: &Issue<'_>, same: Option<&Issue<'_>>) {
    page.blank();
    if let Some(same) = same {
        page.labelled(INDENT, "fix ", &format!("as in {}", same.number));
    } else if let Some(card) = issue.card {
        page.labelled(INDENT, "why ", &escape::prose(&card.rationale));
        page.labelled(INDENT, "fix ", &escape::prose(&card.remediation));
        if let Some(verify) = &card.verify {
            page.labelled(INDENT, "then", &escape::prose(verify));
        }
    }
    let time = format!(
        "{} · preop explain {}",
        words::minutes(issue.effort_minutes),
        escape::line(issue.rule)
    );
    page.labelled(INDENT, "time", &time);
}

/// Issues in one line each, cut after a number of them unless all are wanted.
pub(super) fn listed(page: &mut Page, title: &str, issues: &[&Issue<'_>]) {
    if issues.is_empty() {
        return;
    }
    page.heading(title, Tone::Medium);
    let names = issues
        .iter()
        .map(|issue| issue.rule.chars().count())
        .max()
        .unwrap_or(0);
    let room = page.width.saturating_sub(5);
    let column = names.min(room / 2);
    for issue in issues.iter().take(LISTED) {
        let name = escape::line(issue.rule);
        let at = issue.findings.first().map_or_else(String::new, |finding| {
            escape::line(&words::short_place(&finding.location))
        });
        let more = match issue.findings.len() {
            0 | 1 => String::new(),
            all => format!(" +{}", all - 1),
        };
        let number = page.paint(Tone::Faint, &format!("{:>3}", issue.number));
        if page.narrow() {
            page.line(&format!("{number}  {}", shorten(&name, room)));
            let at = shorten_path(&at, room.saturating_sub(more.chars().count()));
            page.line(&format!("     {at}{more}"));
        } else {
            let name = format!("{:column$}", shorten(&name, column));
            let left = room.saturating_sub(column + 2 + more.chars().count());
            page.line(&format!(
                "{number}  {name}  {}{more}",
                shorten_path(&at, left)
            ));
        }
    }
    let hidden = issues.len().saturating_sub(LISTED);
    if hidden > 0 {
        let text = words::count(hidden, "more issue", "more issues");
        page.paragraph(5, &format!("{text}; `preop audit -f wide` lists all"));
    }
}
