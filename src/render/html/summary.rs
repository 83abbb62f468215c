//! The answer at a glance: verdict, score, numbers, categories and the way up.

use super::{bar, line, painted, rich, score_class, severity_class, verdict_class};
use crate::model::{CategoryScore, Issue, Priority, Report, Severity};
use crate::render::{summary, words};
use maud::{Markup, html};

/// Circumference of the ring, so that a score is a length.
const ROUND: u32 = 264;

pub(super) fn top(report: &Report, issues: &[Issue<'_>]) -> Markup {
    let score = &report.score;
    let ready = score
        .conditions
        .iter()
        .find(|condition| condition.kind == "Ready");
    html! {
        header.top {
            h1 { "Production readiness of " (line(&report.target.name)) }
            (version(report))
            div class={ "answer " (verdict_class(score.verdict)) } {
                (ring(report))
                div {
                    div.verdict { (score.verdict.as_str()) }
                    @if let Some(ready) = ready { p.reason { (rich(&ready.message)) "." } }
                    (cap(report))
                    (gates(report))
                }
            }
            (numbers(report, issues))
        }
    }
}

fn version(report: &Report) -> Markup {
    let dirty = report.target.dirty == Some(true);
    html! {
        p.faint {
            @if let Some(commit) = &report.target.commit {
                "commit " code { (line(commit).chars().take(12).collect::<String>()) } " "
            }
            @if dirty { "with local changes " }
            @if dirty || report.target.commit.is_some() { "· " }
            "profile " (line(&report.profile))
            @if let Some(day) = &report.as_of { " · as of " (line(day)) }
        }
    }
}

fn ring(report: &Report) -> Markup {
    let score = &report.score;
    let length = score.score.unwrap_or(0).min(100) * ROUND / 100;
    let label = score
        .score
        .map_or_else(|| "no score".to_owned(), |s| format!("score {s} of 100"));
    html! {
        svg.ring viewBox="0 0 100 100" role="img" aria-label=(label) {
            circle.track cx="50" cy="50" r="42" fill="none" stroke-width="9" {}
            @if length > 0 {
                circle.value cx="50" cy="50" r="42" fill="none" stroke-width="9"
                    stroke-linecap="round" transform="rotate(-90 50 50)"
                    stroke-dasharray=(format!("{length} {ROUND}")) {}
            }
            text.number x="50" y="55" { (words::score(score.score)) }
            text.of x="50" y="70" {
                @if let Some(grade) = score.grade { "grade " (format!("{grade:?}")) } @else { "no score" }
            }
        }
    }
}

fn cap(report: &Report) -> Markup {
    let score = &report.score;
    html! {
        @if !score.capped_by.is_empty() {
            p.faint {
                "Capped at " (words::score(score.score)) " by "
                @for (index, name) in score.capped_by.iter().enumerate() {
                    @if index > 0 { ", " }
                    code { (line(name)) }
                }
                "."
            }
        }
        @if score.raw != score.score {
            p.faint { (words::score(score.raw)) " if nothing were waived or known." }
        }
    }
}

fn gates(report: &Report) -> Markup {
    html! {
        @if !report.score.gates.is_empty() {
            ul.list {
                @for gate in &report.score.gates {
                    @let (class, mark) = if gate.passed { ("s-good", "✓") } else { ("s-critical", "✕") };
                    li class=(class) data-mark=(mark) {
                        "gate " code { (line(&gate.name)) }
                        @if gate.passed { " held: " } @else { " failed: " }
                        (line(&gate.message))
                    }
                }
            }
        }
    }
}

fn numbers(report: &Report, issues: &[Issue<'_>]) -> Markup {
    let counted = summary::counted(report);
    let open = |severity: Severity| counted.get(&severity).map_or(0, |counted| counted.open);
    let suspected: usize = counted.values().map(|counted| counted.suspected).sum();
    let coverage = report
        .score
        .coverage
        .map_or_else(|| "–".to_owned(), words::percent);
    let inventory = &report.inventory;
    let blocking = issues
        .iter()
        .filter(|issue| issue.priority == Priority::P0)
        .count();
    html! {
        ul.cards {
            @for severity in [Severity::Critical, Severity::High, Severity::Medium, Severity::Low] {
                @let number = open(severity);
                li class=[(number > 0).then(|| severity_class(severity))] {
                    b { (number) } span { (severity) " open" }
                }
            }
            @if suspected > 0 { li { b { (suspected) } span { "suspected" } } }
            li { b { (coverage) } span { "of what applies decided" } }
            li { b { (inventory.files_read) } span { "of " (inventory.files) " files read" } }
            li {
                b { (words::minutes(report.score.effort_minutes)) }
                span { "for " (words::count(issues.len(), "issue", "issues")) ", " (blocking) " blocking" }
            }
        }
    }
}

pub(super) fn categories(report: &Report) -> Markup {
    let mut rows: Vec<_> = report
        .score
        .categories
        .iter()
        .filter(|row| row.score.is_some() || row.fail.max(row.waived).max(row.unknown) > 0)
        .collect();
    rows.sort_by_key(|row| (row.score.is_none(), row.score, &row.name));
    html! {
        @if !rows.is_empty() {
            h2 { "Score by category" }
            div.panel role="region" tabindex="0" aria-label="Score by category" {
                table {
                    thead { tr {
                        th scope="col" { "Category" } th.n scope="col" { "Score" } (unseen("Bar"))
                        th.n scope="col" { "Applied" } th.n scope="col" { "Pass" } th.n scope="col" { "Fail" }
                        th.n.wide scope="col" { "Waived" } th.n.wide scope="col" { "Unknown" }
                        th.n.wide scope="col" { "N/A" } th.n.wide scope="col" { "Weight" }
                    } }
                    tbody {
                        @for row in rows {
                            tr {
                                td { (line(&row.name)) }
                                td.n { b { (words::score(row.score)) } }
                                td { (bar_of(row)) }
                                td.n { (words::applied(row)) }
                                td.n { (row.pass) } td.n { (row.fail) } td.n.wide { (row.waived) }
                                td.n.wide { (row.unknown) } td.n.wide { (row.not_applicable) }
                                td.n.wide { (row.weight) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The bar of a category: without a colour where its score rests on few checks.
fn bar_of(row: &CategoryScore) -> Markup {
    if words::few(row) {
        painted(row.score, "s-info")
    } else {
        bar(row.score)
    }
}

/// The heading of a column that needs none for those who see it.
fn unseen(title: &str) -> Markup {
    html! { th scope="col" { span.unseen { (title) } } }
}

/// What the score becomes step by step.
pub(super) fn steps(report: &Report, issues: &[Issue<'_>]) -> Markup {
    html! {
        @if !issues.is_empty() {
            h2 { "The way up" }
            div.panel role="region" tabindex="0" aria-label="The way up" {
                table {
                    thead { tr {
                        th scope="col" { "State" } th.n scope="col" { "Score" } (unseen("Bar"))
                        th scope="col" { "Verdict" } th scope="col" { "Work" }
                    } }
                    tbody {
                        (step("today", report.score.score, report.score.verdict.as_str(), 0))
                        @for row in &report.score.what_if {
                            @let state = format!("{} fixed", words::and_above(row.after));
                            (step(&state, row.score, row.verdict.as_str(), row.effort_minutes))
                        }
                    }
                }
            }
        }
    }
}

fn step(state: &str, score: Option<u32>, verdict: &str, minutes: u32) -> Markup {
    html! {
        tr class=(score_class(score)) {
            td { (state) }
            td.n { b { (words::score(score)) } }
            td { (bar(score)) }
            td { (verdict) }
            td.short { @if minutes > 0 { (words::minutes(minutes)) } @else { "–" } }
        }
    }
}
