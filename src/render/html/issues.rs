//! Issues as cards that open: what, where, the lines of code, why, what to do.

use super::{filters, line, rich, severity_class};
use crate::model::{Finding, Issue, Priority, Related, Report, RuleCard, Status};
use crate::render::{escape, excerpt, words};
use maud::{Markup, html};

/// Findings of one issue shown with their code before the rest is only named.
const SHOWN: usize = 5;
/// Related places shown before the rest is folded away.
const RELATED: usize = 10;

/// Numbers of categories and services, for the filters.
struct Index<'r> {
    report: &'r Report,
    categories: Vec<&'r str>,
    services: Vec<&'r str>,
}

pub(super) fn section(report: &Report, issues: &[Issue<'_>]) -> Markup {
    let index = Index {
        report,
        categories: filters::categories(report),
        services: filters::services(report),
    };
    let of = |priority: Priority| {
        issues
            .iter()
            .filter(move |issue| issue.priority == priority)
    };
    let accepted: Vec<&Finding> = report
        .findings()
        .into_iter()
        .filter(|f| f.status != Status::Open)
        .collect();
    html! {
        section #issues {
            h2 { "Issues" }
            @if issues.is_empty() && accepted.is_empty() {
                p { "Nothing was found." }
            } @else {
                (filters::boxes(report))
            }
            @for (priority, title) in [
                (Priority::P0, "What blocks the launch"),
                (Priority::P1, "Before production traffic"),
                (Priority::P2, "In the first months"),
                (Priority::P3, "When there is time"),
            ] {
                @if of(priority).next().is_some() {
                    h3 { (title) }
                    @for issue in of(priority) { (card(issue, &index)) }
                }
            }
            @if !accepted.is_empty() {
                h3 { "Accepted, not fixed" }
                @for finding in &accepted { (waived(finding, &index)) }
            }
            @let all = issues.len() + accepted.len();
            @if all > 0 { p.shown.faint { " of " (all) " shown" } }
        }
    }
}

fn card(issue: &Issue<'_>, index: &Index<'_>) -> Markup {
    let first = issue
        .findings
        .first()
        .map(|finding| words::short_place(&finding.location));
    html! {
        details class={ "issue " (severity_class(issue.severity)) } #{ "issue-" (issue.number) }
            open[issue.priority == Priority::P0]
            data-severity=(issue.severity) data-status="open"
            data-category=(filters::number(&index.categories, filters::category(index.report, issue.rule)))
            data-service=(filters::number(&index.services, issue.service.unwrap_or_default())) {
            summary {
                span.number { (issue.number) }
                span.title { (escape::prose(issue.title())) }
                span.badge { (issue.severity) }
                span.about {
                    span.path { (line(&first.unwrap_or_default())) }
                    @if issue.findings.len() > 1 { " and " (issue.findings.len() - 1) " more" }
                    @if let Some(service) = issue.service { " · " (line(service)) }
                    " · " (words::minutes(issue.effort_minutes))
                }
            }
            div.body {
                @for finding in issue.findings.iter().take(SHOWN) { (place(finding)) }
                @if issue.findings.len() > SHOWN {
                    p.faint { "Also at" }
                    ul.plain {
                        @for finding in issue.findings.iter().skip(SHOWN) {
                            li { span.path { (line(&words::short_place(&finding.location))) } }
                        }
                    }
                }
                (advice(issue.rule, issue.card))
            }
        }
    }
}

fn place(finding: &Finding) -> Markup {
    html! {
        div.finding {
            p { (rich(&finding.message)) }
            p.path.faint { (line(&words::place(&finding.location))) }
            (code(finding))
            @if !finding.related.is_empty() || finding.more > 0 || !finding.notes.is_empty() {
                ul.plain {
                    @for place in finding.related.iter().take(RELATED) { (related(place)) }
                    @let folded = finding.related.len().saturating_sub(RELATED);
                    @if folded > 0 {
                        li {
                            details.places {
                                summary { (words::count(folded, "more place", "more places")) }
                                ul.plain {
                                    @for place in finding.related.iter().skip(RELATED) {
                                        (related(place))
                                    }
                                }
                            }
                        }
                    }
                    @if finding.more > 0 {
                        li {
                            (words::count(finding.more as usize, "more place", "more places"))
                            " not listed"
                        }
                    }
                    @for note in &finding.notes { li { (rich(note)) } }
                }
            }
        }
    }
}

fn related(place: &Related) -> Markup {
    html! {
        li {
            span.path { (line(&words::short_place(&place.location))) }
            " (" (rich(&place.label)) ")"
        }
    }
}

fn code(finding: &Finding) -> Markup {
    let lines = excerpt::around(finding, 8);
    html! {
        @if !lines.is_empty() {
            pre.code role="group" tabindex="0" aria-label={ "Lines of " (line(&words::short_place(&finding.location))) } {
                @for line in lines {
                    @match line.mark {
                        Some((start, end)) => span.l.hit data-n=(line.number) {
                            (part(&line.text, 0, start))
                            mark { (part(&line.text, start, end)) }
                            (part(&line.text, end, usize::MAX))
                        },
                        None => span.l data-n=(line.number) { (line.text) },
                    }
                }
            }
        }
    }
}

fn part(text: &str, from: usize, to: usize) -> String {
    text.chars()
        .skip(from)
        .take(to.saturating_sub(from))
        .collect()
}

fn advice(rule: &str, card: Option<&RuleCard>) -> Markup {
    html! {
        dl.advice {
            @if let Some(card) = card {
                dt { "Why" } dd { (rich(&card.rationale)) }
                dt { "Fix" } dd { (rich(&card.remediation)) }
                @if let Some(verify) = &card.verify { dt { "Then" } dd { (rich(verify)) } }
                @if !card.references.is_empty() {
                    dt { "Read" }
                    dd {
                        @for (index, page) in card.references.iter().enumerate() {
                            @if index > 0 { br; }
                            @if escape::is_link(page) {
                                a href=(page) rel="noopener noreferrer" { (page) }
                            } @else { (line(page)) }
                        }
                    }
                }
                @if !card.controls.is_empty() {
                    dt { "Controls" }
                    dd {
                        @for (index, control) in card.controls.iter().enumerate() {
                            @if index > 0 { ", " }
                            (named(&control.standard)) " " (line(control.id.trim_start_matches("CWE-")))
                            @for extra in [&control.kind, &control.relation].into_iter().flatten() {
                                " " span.faint { (line(extra)) }
                            }
                        }
                    }
                }
                dt { "Threat" } dd { (words::theme(&card.theme)) ", confidence " (card.confidence) }
            }
            dt { "Rule" } dd { code { (line(rule)) } span.faint { " preop explain " (line(rule)) } }
        }
    }
}

/// A standard as its readers write it.
fn named(standard: &str) -> String {
    match standard {
        "hipaa" => "HIPAA §".to_owned(),
        "cwe" => "CWE".to_owned(),
        other => line(other),
    }
}

/// A finding that somebody accepted, or that was known before.
fn waived(finding: &Finding, index: &Index<'_>) -> Markup {
    let card = index.report.rules.get(&finding.rule);
    let title = card.map_or(finding.rule.as_str(), |card| card.title.as_str());
    let service = finding.service.as_deref().unwrap_or_default();
    html! {
        details.issue.s-info
            data-severity=(finding.severity) data-status=(finding.status.as_str())
            data-category=(filters::number(&index.categories, filters::category(index.report, &finding.rule)))
            data-service=(filters::number(&index.services, service)) {
            summary {
                span.number { "–" }
                span.title { (escape::prose(title)) }
                span.badge { (finding.severity) " " (finding.status.as_str()) }
                span.about { span.path { (line(&words::short_place(&finding.location))) } }
            }
            div.body {
                (place(finding))
                @if let Status::Waived(waiver) = &finding.status {
                    dl.advice {
                        dt { "Accepted" } dd { (line(&waiver.place)) }
                        @if !waiver.reason.is_empty() { dt { "Reason" } dd { (line(&waiver.reason)) } }
                        @if let Some(who) = &waiver.approved_by { dt { "By" } dd { (line(who)) } }
                        @if let Some(day) = &waiver.until { dt { "Until" } dd { (line(day)) } }
                    }
                }
                (advice(&finding.rule, card))
            }
        }
    }
}
