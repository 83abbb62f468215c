//! The report at a terminal: the answer first, then what blocks, then everything else in less
//! and less detail.

pub(super) mod diff;
mod issues;
mod page;
mod tables;

use super::{Style, escape, summary, words};
use crate::model::{Issue, Priority, Report, Severity, Verdict};
use page::{Badge, Page, Tone};
use std::fmt::Write as _;

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// What one needs to decide and to start.
    Summary,
    /// Everything.
    Full,
}

pub(super) fn render(report: &Report, style: &Style, depth: Depth) -> String {
    let mut page = Page::new(style);
    let all = report.issues();
    let of = |priority| -> Vec<&Issue<'_>> {
        all.iter()
            .filter(|issue| issue.priority == priority)
            .collect()
    };
    head(&mut page, report, &all);
    issues::full(
        &mut page,
        "What blocks the launch",
        Tone::Critical,
        &of(Priority::P0),
        depth,
    );
    issues::full(
        &mut page,
        "Before production traffic",
        Tone::High,
        &of(Priority::P1),
        depth,
    );
    if depth == Depth::Full {
        issues::full(
            &mut page,
            "In the first months",
            Tone::Medium,
            &of(Priority::P2),
            depth,
        );
        issues::full(
            &mut page,
            "When there is time",
            Tone::Faint,
            &of(Priority::P3),
            depth,
        );
        tables::accepted(&mut page, report);
        tables::checklist(&mut page, report);
    } else {
        issues::listed(&mut page, "In the first months", &of(Priority::P2));
        minor(&mut page, &of(Priority::P3));
    }
    tables::categories(&mut page, report);
    tables::gaps(&mut page, report, depth);
    tables::loosenings(&mut page, report);
    next(&mut page, report, &all);
    page.finish()
}

fn severity_tone(severity: Severity) -> Tone {
    match severity {
        Severity::Critical => Tone::Critical,
        Severity::High => Tone::High,
        Severity::Medium => Tone::Medium,
        Severity::Low | Severity::Info => Tone::Faint,
    }
}

fn head(page: &mut Page, report: &Report, issues: &[Issue<'_>]) {
    let score = &report.score;
    let badge = match score.verdict {
        Verdict::Ready => Badge::Good,
        Verdict::Conditional => Badge::Warning,
        Verdict::NotReady => Badge::Bad,
        Verdict::Inconclusive => Badge::Neutral,
    };
    let verdict = if page.colour() {
        page.paint(Tone::Badge(badge), &format!(" {} ", score.verdict.as_str()))
    } else {
        score.verdict.as_str().to_owned()
    };
    let number = score.score.map_or_else(
        || "no score".to_owned(),
        |number| {
            let grade = score
                .grade
                .map_or(String::new(), |grade| format!("  grade {grade:?}"));
            format!("{number}/100{grade}")
        },
    );
    let number = page.paint(Tone::Strong, &number);
    page.line(&format!("{verdict}  {number}"));
    if let Some(ready) = score
        .conditions
        .iter()
        .find(|condition| condition.kind == "Ready")
    {
        page.paragraph(0, &escape::prose(&ready.message));
    }
    page.blank();
    for (label, text) in facts(report, issues) {
        page.labelled(2, &format!("{label:8}"), &text);
    }
}

/// The lines below the verdict: label and escaped text.
fn facts(report: &Report, issues: &[Issue<'_>]) -> Vec<(&'static str, String)> {
    let score = &report.score;
    let mut facts = vec![("target", target(report))];
    if let Some(cap) = cap(report) {
        facts.push(("score", cap));
    }
    facts.push(("open", counts(report)));
    let services = words::count(report.services.len(), "service", "services");
    let read = format!(
        "{services}, {} of {} files read, {} lines",
        report.inventory.files_read, report.inventory.files, report.inventory.lines
    );
    let coverage = score
        .coverage
        .map_or_else(|| "nothing".to_owned(), words::percent);
    facts.push(("covered", format!("{coverage} of what applies; {read}")));
    if !issues.is_empty() {
        facts.push((
            "work",
            format!("about {}", words::minutes(score.effort_minutes)),
        ));
    }
    for gate in &score.gates {
        let state = if gate.passed { "held" } else { "failed" };
        facts.push((
            "gate",
            escape::line(&format!("{}: {state}, {}", gate.name, gate.message)),
        ));
    }
    facts
}

fn target(report: &Report) -> String {
    let mut text = escape::line(&report.target.name);
    if let Some(commit) = &report.target.commit {
        let short: String = escape::line(commit).chars().take(12).collect();
        let _ = write!(text, " at {short}");
    }
    if report.target.dirty == Some(true) {
        text.push_str(" with local changes");
    }
    let _ = write!(text, ", profile {}", escape::line(&report.profile));
    if let Some(day) = &report.as_of {
        let _ = write!(text, ", as of {}", escape::line(day));
    }
    text
}

fn cap(report: &Report) -> Option<String> {
    let score = &report.score;
    let capped = !score.capped_by.is_empty();
    let differs = score.raw != score.score;
    let raw = || words::score(score.raw);
    match (capped, differs) {
        (false, false) => None,
        (false, true) => Some(format!(
            "{}; {} if nothing were waived or known",
            words::score(score.score),
            raw()
        )),
        (true, _) => {
            let names: Vec<String> = score.capped_by.iter().map(|n| escape::line(n)).collect();
            let by = named(&names, 3);
            let waived = if differs {
                format!("; {} if nothing were waived or known", raw())
            } else {
                String::new()
            };
            Some(format!(
                "capped at {} by {by}{waived}",
                words::score(score.score)
            ))
        }
    }
}

/// The first few names, and how many more there are.
fn named(names: &[String], most: usize) -> String {
    let shown: Vec<&str> = names.iter().take(most).map(String::as_str).collect();
    match names.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn counts(report: &Report) -> String {
    let mut text = summary::open(report);
    let findings = || report.results.iter().flat_map(|result| &result.findings);
    for word in ["waived", "known"] {
        let number = findings().filter(|f| f.status.as_str() == word).count();
        if number > 0 {
            let _ = write!(text, "; {number} {word}");
        }
    }
    text
}

fn minor(page: &mut Page, issues: &[&Issue<'_>]) {
    if issues.is_empty() {
        return;
    }
    page.blank();
    let text = words::count(issues.len(), "minor issue", "minor issues");
    page.paragraph(0, &format!("and {text}; `preop audit -f wide` lists all"));
}

fn next(page: &mut Page, report: &Report, issues: &[Issue<'_>]) {
    page.blank();
    let step = report.score.what_if.iter().find(|step| {
        issues.iter().any(|issue| issue.severity == step.after) && step.score > report.score.score
    });
    let lead = page.paint(Tone::Strong, "Next:");
    let first = issues.first().map(|issue| escape::line(issue.rule));
    let text = match (report.score.verdict, step, first) {
        (Verdict::Inconclusive, ..) => {
            "see why so little could be decided: preop audit -f wide".to_owned()
        }
        (_, Some(step), Some(rule)) => format!(
            "with everything {} fixed (about {}) the score is {} and the verdict {}. Begin with: preop explain {rule}",
            words::and_above(step.after),
            words::minutes(step.effort_minutes),
            words::score(step.score),
            step.verdict.as_str(),
        ),
        (_, None, Some(rule)) => format!("preop explain {rule}"),
        (_, _, None) => {
            "keep it so: run this audit on every change; preop init writes its configuration"
                .to_owned()
        }
    };
    for (index, part) in page::wrap(&text, page.width.saturating_sub(6))
        .iter()
        .enumerate()
    {
        let lead = if index == 0 { lead.as_str() } else { "     " };
        page.line(&format!("{lead} {part}"));
    }
}
