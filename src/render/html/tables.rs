//! Checklist, gaps, loosenings, services and the record of all results.

use super::{line, rich};
use crate::model::{ChecklistItem, ChecklistState, Issue, Outcome, Report};
use crate::render::words;
use maud::{Markup, html};

pub(super) fn checklist(report: &Report, issues: &[Issue<'_>]) -> Markup {
    let mut areas: Vec<&str> = Vec::new();
    for item in &report.checklist {
        if !areas.contains(&item.area.as_str()) {
            areas.push(&item.area);
        }
    }
    html! {
        @if !areas.is_empty() {
            h2 { "Checklist" }
            @for area in areas {
                h3 { (line(area)) }
                ul.list {
                    @for item in report.checklist.iter().filter(|item| item.area == area) {
                        (checked(item, issues))
                    }
                }
            }
        }
    }
}

fn checked(item: &ChecklistItem, issues: &[Issue<'_>]) -> Markup {
    let (class, mark, word) = match item.state {
        ChecklistState::Pass => ("s-good", "✓", "in place"),
        ChecklistState::Attested => ("s-good", "✓", "attested"),
        ChecklistState::Fail => ("s-critical", "✕", "not in place"),
        ChecklistState::Unknown => ("s-medium", "?", "cannot be determined"),
        ChecklistState::Manual => ("s-low", "○", "to attest"),
        ChecklistState::NotApplicable => ("s-info", "–", "does not apply"),
    };
    html! {
        li class=(class) data-mark=(mark) {
            (rich(&item.item))
            span.faint {
                " " (word)
                @if let Some(attestation) = &item.attestation { " " code { (line(&attestation.id)) } }
                @if !item.note.is_empty() { ", " (rich(&item.note)) }
            }
            @for issue in issues.iter().filter(|i| item.rules.iter().any(|rule| rule == i.rule)) {
                " " a href={ "#issue-" (issue.number) } { "issue " (issue.number) }
            }
        }
    }
}

pub(super) fn gaps(report: &Report) -> Markup {
    let undecided: Vec<_> = report
        .results
        .iter()
        .filter_map(|result| match &result.outcome {
            Outcome::Unknown(reason) => Some((result, reason)),
            _ => None,
        })
        .collect();
    html! {
        @if !undecided.is_empty() || !report.skipped.is_empty() {
            h2 { "Not seen" }
        }
        @if !undecided.is_empty() {
            h3 { "Rules that could not be decided" }
            ul.plain {
                @for (result, reason) in undecided {
                    li { code { (line(&result.rule)) } " in " (line(&result.scope)) ": " (rich(reason)) }
                }
            }
        }
        @if !report.skipped.is_empty() {
            h3 { "Files that were not read in full" }
            p {
                @for (index, (reason, number)) in words::skipped(&report.skipped).iter().enumerate() {
                    @if index > 0 { ", " }
                    (number) " " (reason.as_str())
                }
            }
            details.more open[report.skipped.len() <= 20] {
                summary { (words::count(report.skipped.len(), "entry", "entries")) }
                ul.plain {
                    @for skip in &report.skipped {
                        li {
                            span.path { (line(&skip.path)) } ": " (skip.reason.as_str())
                            @if let Some(detail) = &skip.detail { " (" (line(detail)) ")" }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn loosenings(report: &Report) -> Markup {
    html! {
        @if !report.loosenings.is_empty() {
            h2 { "Waivers and other loosenings" }
            ul.plain {
                @for sentence in &report.loosenings { li { (rich(sentence)) } }
            }
        }
    }
}

pub(super) fn services(report: &Report) -> Markup {
    html! {
        @if !report.services.is_empty() {
            h2 { "Services" }
            div.panel role="region" tabindex="0" aria-label="Services" {
                table {
                    thead { tr {
                        th scope="col" { "Service" } th scope="col" { "Root" } th scope="col" { "Kind" } th scope="col" { "Languages" }
                        th scope="col" { "Frameworks" } th.n scope="col" { "Files" } th.n scope="col" { "Lines" }
                    } }
                    tbody {
                        @for service in &report.services {
                            tr {
                                td { (line(&service.name)) }
                                td.path { (line(if service.root.is_empty() { "." } else { &service.root })) }
                                td { (line(&service.kind)) }
                                td { (service.languages.iter().map(|l| l.as_str()).collect::<Vec<_>>().join(", ")) }
                                td { (line(&service.frameworks.iter().map(String::as_str).collect::<Vec<_>>().join(", "))) }
                                td.n { (service.files) }
                                td.n { (service.lines) }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn results(report: &Report) -> Markup {
    html! {
        h2 { "Record" }
        details.more {
            summary { (words::count(report.results.len(), "rule result", "rule results")) }
            div.panel role="region" tabindex="0" aria-label="Rule results" {
                table {
                    thead { tr {
                        th scope="col" { "Rule" } th scope="col" { "Scope" } th scope="col" { "Outcome" } th.n scope="col" { "Findings" } th scope="col" { "Reason or evidence" }
                    } }
                    tbody {
                        @for result in &report.results {
                            tr {
                                td { code { (line(&result.rule)) } }
                                td { (line(&result.scope)) }
                                td { (result.outcome.as_str()) }
                                td.n { (result.findings.len()) }
                                td {
                                    @if let Some(reason) = result.outcome.reason() { (rich(reason)) }
                                    @for evidence in result.evidence.iter().take(3) {
                                        span.path { (line(&words::short_place(&evidence.location))) }
                                        " " (rich(&evidence.label)) " "
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn footer(report: &Report) -> Markup {
    html! {
        footer {
            p {
                "preop " (line(&report.version)) ", " (report.rule_count) " rules, digest "
                code { (line(&report.rules_digest)) }
                ". Weights: critical 10, high 6, medium 3, low 1; rules of low confidence weigh nothing. "
                "An open critical finding caps the score at 59, an open high one at 89. "
                "The same repository, rules and version give the same page."
            }
        }
    }
}
