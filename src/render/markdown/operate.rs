//! Reliability and observability: how services stand, what they depend on, what to measure.

use super::doc::{Doc, cell, cell_code};
use super::{Audit, facts, numbers, system};
use crate::model::{Fact, Issue};
use crate::render::words;
use std::collections::{BTreeMap, BTreeSet};

/// A column of the matrix: heading, and which rules stand behind it.
type Column = (&'static str, fn(&str) -> bool);

const LIFECYCLE: [Column; 6] = [
    ("Health endpoint", |rule| rule == "health-endpoint-missing"),
    ("Checks what it needs", |rule| {
        rule == "health-check-static" || rule == "health-always-ok"
    }),
    ("Probed by the platform", |rule| {
        rule == "deploy-no-health-probe"
    }),
    ("Graceful shutdown", |rule| rule.starts_with("shutdown-")),
    ("Timeouts", |rule| {
        rule.contains("timeout") && rule != "hipaa-session-timeout"
    }),
    ("Bounded work", |rule| {
        rule.starts_with("thread-") || rule.contains("unbounded")
    }),
];

const TELEMETRY: [(&str, &str); 5] = [
    ("structured-logger", "Structured logs"),
    ("metrics-export", "Metrics"),
    ("error-tracker", "Error tracking"),
    ("audit-trail", "Audit trail"),
    ("health-probe", "Health probe"),
];

pub(super) fn reliability(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Reliability");
    let rows: Vec<Vec<String>> = audit
        .report
        .services
        .iter()
        .map(|service| {
            let cells = LIFECYCLE
                .iter()
                .map(|(_, wanted)| facts::stands(audit, &service.name, wanted));
            std::iter::once(cell_code(&service.name))
                .chain(cells)
                .collect()
        })
        .filter(|row: &Vec<String>| row.iter().skip(1).any(|cell| cell != "–"))
        .collect();
    if rows.is_empty() {
        doc.paragraph("Left out: no rule of this kind applies.");
        return;
    }
    let head: Vec<&str> = std::iter::once("Service")
        .chain(LIFECYCLE.iter().map(|(title, _)| *title))
        .collect();
    doc.heading(3, "Health and shutdown by service");
    doc.table(&head, &rows);
    dependencies(doc, audit);
    let themes = ["patient-safety", "data-loss", "outage"];
    let open: Vec<&Issue<'_>> = audit
        .issues
        .iter()
        .filter(|issue| themes.contains(&issue.theme()))
        .collect();
    if !open.is_empty() {
        doc.heading(3, "What fails, and how");
        doc.list(
            open.iter()
                .map(|issue| format!("{}: {}", system::theme(issue), system::line(issue))),
        );
    }
}

/// What a service calls out to: kind of fact, word, and the rule on how long it waits.
const CALLS: [(&str, &str, &str); 4] = [
    ("db-client", "database", "db-pool-unset"),
    ("broker-client", "broker", ""),
    ("llm-client", "language model", "http-client-no-timeout"),
    ("dependency-call", "", "http-client-no-timeout"),
];

/// Rules on what happens while something is away.
const AWAY: [&str; 5] = [
    "rel-silent-memory-fallback",
    "clinical-fetch-fails-empty",
    "db-write-error-swallowed",
    "frontend-fetch-unchecked",
    "consumer-no-dead-letter",
];

/// Everything that services call, with how they wait, try again and give up.
fn dependencies(doc: &mut Doc, audit: &Audit<'_>) {
    let mut uses: BTreeMap<(String, Option<usize>, &str), Vec<String>> = BTreeMap::new();
    for (kind, word, timeout) in CALLS {
        for fact in facts::of(audit, kind) {
            let name = called(fact, kind, word);
            if let Some(name) = name {
                uses.entry((name, fact.service, timeout))
                    .or_default()
                    .push(words::short_place(&fact.hit.location));
            }
        }
    }
    let rows: Vec<Vec<String>> = uses
        .into_iter()
        .map(|((name, index, timeout), places)| {
            let service = index.and_then(|index| audit.report.services.get(index));
            let scope = service.map_or(".", |service| service.name.as_str());
            let stands =
                |wanted: &[&str]| facts::stands_for(audit, scope, |rule| wanted.contains(&rule));
            let more = match places.len() {
                0 | 1 => String::new(),
                all => format!(" +{}", all - 1),
            };
            let place = places
                .first()
                .map_or(String::new(), |place| cell_code(place));
            vec![
                cell(&name),
                service.map_or("–".to_owned(), |service| cell_code(&service.name)),
                format!("{place}{more}"),
                stands(&[timeout]),
                stands(&["rel-no-retry"]),
                stands(&["rel-no-circuit-breaker"]),
                stands(&AWAY),
            ]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    doc.heading(3, "Dependencies");
    doc.table(
        &[
            "Dependency",
            "Used by",
            "Client at",
            "Timeout",
            "Retry",
            "Circuit breaker",
            "Failures surface",
        ],
        &rows,
    );
    doc.paragraph(
        "Numbers are those of issues; they speak of the service as a whole. For each dependency write down its timeout, \
         its retries with a limit and a growing pause, after how many failures calls stop, and what users see while it \
         is away.",
    );
}

/// What a call goes to; `None` where a client says it better.
fn called(fact: &Fact, kind: &str, word: &str) -> Option<String> {
    if kind == "dependency-call" {
        let what = facts::attribute(fact, "what");
        return (what == "a service over HTTP").then(|| "another service over HTTP".to_owned());
    }
    let client = facts::attribute(fact, "client");
    Some(if client.is_empty() {
        word.to_owned()
    } else {
        format!("{word}: {client}")
    })
}

pub(super) fn observability(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Observability");
    let rows: Vec<Vec<String>> = audit
        .report
        .services
        .iter()
        .enumerate()
        .filter(|(_, service)| !service.stub)
        .map(|(index, service)| {
            let cells = TELEMETRY.iter().map(|(kind, _)| {
                let own = facts::within(audit, kind, Some(index));
                own.first().map_or("not seen".to_owned(), |fact| {
                    cell_code(&words::short_place(&fact.hit.location))
                })
            });
            std::iter::once(cell_code(&service.name))
                .chain(cells)
                .collect()
        })
        .collect();
    let head: Vec<&str> = std::iter::once("Service")
        .chain(TELEMETRY.iter().map(|(_, title)| *title))
        .collect();
    doc.table(&head, &rows);
    doc.heading(3, "Missing telemetry");
    let open: Vec<String> = audit
        .issues
        .iter()
        .filter(|issue| issue.theme() == "blind-operations" || issue.category() == "observability")
        .map(|issue| system::line(issue))
        .collect();
    if open.is_empty() {
        doc.paragraph("Nothing that a rule asks for is missing.");
    } else {
        doc.list(open);
    }
    tools(doc, audit);
    doc.heading(3, "Recommended metrics");
    doc.list(metrics(audit).into_iter().map(str::to_owned));
}

/// Rules on telemetry, what they miss, and what is commonly used for it.
const TOOLS: [(&str, &str, &str); 5] = [
    (
        "obs-unstructured-logging",
        "Structured logs, collected centrally",
        "a JSON logger; Loki, the ELK stack, or the log service of the cloud",
    ),
    (
        "obs-metrics-missing",
        "Metrics",
        "OpenTelemetry or Prometheus, with Grafana",
    ),
    (
        "obs-alerts-missing",
        "Alerts",
        "rules of Alertmanager or of the cloud's monitoring, kept in the repository",
    ),
    (
        "obs-tracing-missing",
        "Traces",
        "OpenTelemetry, with Jaeger or Tempo",
    ),
    (
        "obs-error-tracking-missing",
        "Error tracking",
        "Sentry or GlitchTip, hosted by yourself or under an agreement, with patient data scrubbed",
    ),
];

/// What is commonly used for what is missing.
fn tools(doc: &mut Doc, audit: &Audit<'_>) {
    let rows: Vec<Vec<String>> = TOOLS
        .iter()
        .filter_map(|(rule, what, with)| {
            let own: Vec<&Issue<'_>> = audit.issues.iter().filter(|i| i.rule == *rule).collect();
            let row = vec![(*what).to_owned(), cell(with), numbers(own.iter().copied())];
            (!own.is_empty()).then_some(row)
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    doc.heading(3, "Tools to consider");
    doc.table(&["Missing", "Commonly used", "Open"], &rows);
    doc.paragraph("Any tool that receives patient data needs an agreement with its vendor first.");
}

/// Kinds of facts with what to measure where one of them is seen.
const MEASURED: [(&[&str], &str); 9] = [
    (
        &["http-server", "route"],
        "HTTP: requests, errors and duration by route (rate, errors, 95th percentile)",
    ),
    (
        &["http-server", "route"],
        "HTTP: refused requests by reason (401, 403, 429)",
    ),
    (
        &["websocket-server"],
        "WebSocket: open connections, reconnects, messages dropped, time to deliver",
    ),
    (
        &["db-client"],
        "Database: pool in use, time waiting for a connection, slow queries",
    ),
    (
        &["broker-client"],
        "Queues: depth or lag, age of the oldest message, failures after the last retry, dead letters",
    ),
    (
        &["spawn", "background"],
        "Background work: running threads and tasks, last successful run",
    ),
    (
        &["llm-client"],
        "Language model: latency, failures, tokens and cost, answers that a person corrected",
    ),
    (
        &["audit-trail", "phi-field"],
        "Audit trail: writes, failures to write, reads of patient records by role",
    ),
    (
        &["phi-field"],
        "Clinical: alerts raised and acknowledged, time to acknowledge, age of the newest vital sign",
    ),
];

/// What to measure in every system.
const ALWAYS: [&str; 2] = [
    "Backups: age of the last good one, date of the last restore",
    "Process: restarts, memory against its limit, days left of each certificate",
];

/// What to measure, from what the system is made of.
fn metrics(audit: &Audit<'_>) -> Vec<&'static str> {
    let seen: BTreeSet<&str> = audit.report.facts.iter().map(|fact| &*fact.kind).collect();
    let some = MEASURED
        .iter()
        .filter(|(kinds, _)| kinds.iter().any(|kind| seen.contains(kind)))
        .map(|(_, line)| *line);
    some.chain(ALWAYS).collect()
}
