//! Filters without script: check boxes, and rules of style that hide what is not checked.
//!
//! Categories and services are known to the page by number, so that no name from the repository
//! becomes part of a selector.

use super::line;
use crate::model::{Report, Severity};
use maud::{Markup, PreEscaped, html};
use std::collections::BTreeSet;

/// Statuses of a finding.
const STATUSES: [&str; 3] = ["open", "waived", "known"];

/// Categories that have a finding, in order of name.
pub(super) fn categories(report: &Report) -> Vec<&str> {
    let findings = report.results.iter().flat_map(|result| &result.findings);
    let names: BTreeSet<&str> = findings
        .map(|finding| category(report, &finding.rule))
        .collect();
    names.into_iter().collect()
}

/// Services that have a finding, in order of name; those outside every service come as "".
pub(super) fn services(report: &Report) -> Vec<&str> {
    let findings = report.results.iter().flat_map(|result| &result.findings);
    let names: BTreeSet<&str> = findings
        .map(|finding| finding.service.as_deref().unwrap_or_default())
        .collect();
    names.into_iter().collect()
}

/// The category of a rule; `other` if the report carries no card of it.
pub(super) fn category<'r>(report: &'r Report, rule: &str) -> &'r str {
    report
        .rules
        .get(rule)
        .map_or("other", |card| card.category.as_str())
}

/// The number of a name in one of the lists above.
pub(super) fn number(names: &[&str], name: &str) -> usize {
    names
        .iter()
        .position(|known| *known == name)
        .unwrap_or(names.len())
}

/// Rules that hide an issue when the box of its kind is not checked.
pub(super) fn style(report: &Report) -> Markup {
    let severities = Severity::WORST_FIRST
        .iter()
        .map(|s| ("severity", s.to_string()));
    let statuses = STATUSES.iter().map(|s| ("status", (*s).to_owned()));
    let categories = (0..categories(report).len()).map(|index| ("category", index.to_string()));
    let services = (0..services(report).len()).map(|index| ("service", index.to_string()));
    let rule = |(kind, value): (&str, String)| {
        format!(
            "body:has(#{kind}-{value}:not(:checked)) .issue[data-{kind}=\"{value}\"]{{display:none}}\n"
        )
    };
    let rules: String = severities
        .chain(statuses)
        .chain(categories)
        .chain(services)
        .map(rule)
        .collect();
    html! { style { (PreEscaped(rules)) } }
}

/// The boxes.
pub(super) fn boxes(report: &Report) -> Markup {
    let findings = || report.results.iter().flat_map(|result| &result.findings);
    let severities: Vec<(String, String)> = Severity::WORST_FIRST
        .iter()
        .filter(|severity| findings().any(|finding| finding.severity == **severity))
        .map(|severity| (severity.to_string(), severity.to_string()))
        .collect();
    let statuses: Vec<(String, String)> = STATUSES
        .iter()
        .filter(|status| findings().any(|finding| finding.status.as_str() == **status))
        .map(|status| ((*status).to_owned(), (*status).to_owned()))
        .collect();
    let numbered = |names: Vec<&str>| -> Vec<(String, String)> {
        let shown = |name: &str| {
            if name.is_empty() {
                "repository".to_owned()
            } else {
                line(name)
            }
        };
        names
            .iter()
            .enumerate()
            .map(|(index, name)| (index.to_string(), shown(name)))
            .collect()
    };
    html! {
        form.filters aria-label="Filters" {
            (group("severity", "Severity", &severities))
            (group("status", "Status", &statuses))
            (group("category", "Category", &numbered(categories(report))))
            (group("service", "Service", &numbered(services(report))))
            button type="reset" { "Show all" }
        }
    }
}

fn group(kind: &str, title: &str, options: &[(String, String)]) -> Markup {
    html! {
        @if options.len() > 1 {
            fieldset {
                legend { (title) }
                @for (value, shown) in options {
                    label {
                        input type="checkbox" id={ (kind) "-" (value) } checked;
                        (shown)
                    }
                }
            }
        }
    }
}
