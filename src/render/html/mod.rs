//! The audit report as one self-contained page: no script, nothing remote, filters by CSS alone.
//!
//! Text is escaped by type; what acts without being markup (control characters, direction
//! overrides) passes `escape` before.

mod filters;
mod issues;
mod summary;
mod tables;

use super::escape;
use crate::model::prose::{self, Piece};
use crate::model::{Report, Severity, Verdict};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// No script may run and nothing may be loaded; styles stand in the page.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

pub(super) fn render(report: &Report) -> String {
    let issues = report.issues();
    let name = line(&report.target.name);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { "Production readiness: " (name) " – " (report.score.verdict.as_str()) }
                style { (PreEscaped(include_str!("style.css"))) }
                (filters::style(report))
            }
            body {
                a.skip href="#issues" { "Skip to the issues" }
                (summary::top(report, &issues))
                main {
                    (summary::categories(report))
                    (summary::steps(report, &issues))
                    (issues::section(report, &issues))
                    (tables::checklist(report, &issues))
                    (tables::gaps(report))
                    (tables::loosenings(report))
                    (tables::services(report))
                    (tables::results(report))
                }
                (tables::footer(report))
            }
        }
    };
    format!("{}\n", page.into_string())
}

/// Text of one line from a stranger.
fn line(text: &str) -> String {
    escape::line(text)
}

/// A sentence in which parts between backticks are code.
fn rich(text: &str) -> Markup {
    let text = escape::folded(text);
    html! {
        @for piece in prose::pieces(&text) {
            @match piece {
                Piece::Code(part) => code { (part) },
                Piece::Words(part) => (part),
            }
        }
    }
}

fn verdict_class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "v-ready",
        Verdict::Conditional => "v-conditional",
        Verdict::NotReady => "v-not-ready",
        Verdict::Inconclusive => "v-inconclusive",
    }
}

fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "s-critical",
        Severity::High => "s-high",
        Severity::Medium => "s-medium",
        Severity::Low => "s-low",
        Severity::Info => "s-info",
    }
}

/// The tone of a score.
fn score_class(score: Option<u32>) -> &'static str {
    match score {
        Some(90..) => "s-good",
        Some(60..90) => "s-medium",
        Some(_) => "s-critical",
        None => "s-info",
    }
}

/// A bar of `score` percent in the tone of the score.
fn bar(score: Option<u32>) -> Markup {
    painted(score, score_class(score))
}

/// A bar of `score` percent in a tone of its own.
fn painted(score: Option<u32>, tone: &str) -> Markup {
    let width = score.unwrap_or(0).min(100);
    html! {
        svg class={ "bar " (tone) } aria-hidden="true" {
            rect.track width="100%" height="100%" {}
            rect.value width=(format!("{width}%")) height="100%" {}
        }
    }
}
