//! What configuration says about capacity. Nothing here is estimated: a limit that no file states is
//! unknown until a load test.

use super::doc::{Doc, cell, cell_code, text};
use super::{Audit, facts, system};
use crate::model::Fact;
use crate::render::words;
use std::collections::BTreeSet;

/// Resources with what they are called, in the order of the table.
const RESOURCES: [(&str, &str); 7] = [
    ("instances", "Instances"),
    ("workers", "Worker processes of an instance"),
    ("concurrency", "Requests an instance serves at once"),
    ("pool", "Database connections of a pool"),
    ("database-server", "Connections the database server accepts"),
    ("memory", "Memory of a container"),
    ("websocket-frame", "Size of one WebSocket message, bytes"),
];

pub(super) fn section(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Capacity analysis");
    let limits: Vec<&Fact> = facts::of(audit, "limit").collect();
    let serves = audit
        .report
        .services
        .iter()
        .any(|service| !service.serves.is_empty());
    if limits.is_empty() && !serves {
        doc.paragraph("Left out: no service serves anything, and no file states a limit.");
        return;
    }
    doc.paragraph("From configuration alone. What one request, stream or patient costs is never guessed: it needs a load test.");
    let mut rows = Vec::new();
    for (resource, title) in RESOURCES {
        let own: Vec<&Fact> = limits
            .iter()
            .copied()
            .filter(|fact| facts::attribute(fact, "resource") == resource)
            .collect();
        if own.is_empty() {
            rows.push(vec![
                title.to_owned(),
                "–".to_owned(),
                "unknown (needs load test)".to_owned(),
                "–".to_owned(),
            ]);
        }
        rows.extend(own.into_iter().map(|fact| row(audit, title, fact)));
    }
    rows.extend(partitions(audit));
    rows.extend(guards(audit));
    doc.table(&["Resource", "Service", "Limit found", "Source"], &rows);
    let (computed, verdict) = bounds(audit, &limits);
    doc.table(&["Computed maximum", "Value", "Basis"], &computed);
    doc.paragraph(&format!("**{verdict}**"));
    let bottlenecks = system::with_theme(audit, "outage");
    if !bottlenecks.is_empty() {
        doc.heading(3, "Bottlenecks");
        doc.paragraph("What is known to break first, worst first:");
        doc.list(bottlenecks.iter().map(|issue| {
            let found = issue.findings.first();
            let why = found.map_or(String::new(), |finding| {
                format!(": {}", text(&finding.message))
            });
            format!("{}{why}", system::line(issue))
        }));
    }
}

/// Kafka partitions, where a file states their number: no more consumers of a group share the work.
fn partitions(audit: &Audit<'_>) -> Vec<Vec<String>> {
    let row = |fact: &Fact| {
        vec![
            "Consumers that share a topic (Kafka partitions)".to_owned(),
            service(audit, fact),
            cell(&facts::attribute(fact, "is")),
            cell_code(&words::short_place(&fact.hit.location)),
        ]
    };
    facts::of(audit, "kafka-partitions").map(row).collect()
}

/// Bounds that no number states, with the rule that looks for each.
const GUARDS: [(&str, &str); 6] = [
    ("WebSocket connections at once", "ws-no-connection-limit"),
    ("Requests of one caller", "rate-limit-missing"),
    ("Time one request may take", "server-timeouts-unset"),
    ("Threads and tasks at once", "thread-per-event-unbounded"),
    ("Rows of one answer", "db-unbounded-query"),
    ("Size of one request", "payload-size-unbounded"),
];

/// Whether there is a bound, as the rules see it, for each service that they were judged in.
fn guards(audit: &Audit<'_>) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (title, rule) in GUARDS {
        for service in audit
            .report
            .services
            .iter()
            .filter(|service| !service.serves.is_empty())
        {
            let stands = facts::stands(audit, &service.name, |name| name == rule);
            let results = audit.report.results.iter();
            let place = results
                .filter(|result| result.rule == rule && result.scope == service.name)
                .find_map(|result| result.evidence.first());
            let bound = match (stands.as_str(), place) {
                ("holds", Some(_)) => "bounded".to_owned(),
                (gap, _) if gap.starts_with("**gap**") => gap.replace("gap", "no bound"),
                _ => continue,
            };
            let place = place.filter(|_| stands == "holds");
            rows.push(vec![
                title.to_owned(),
                cell_code(&service.name),
                bound,
                place.map_or("–".to_owned(), |place| {
                    cell_code(&words::short_place(&place.location))
                }),
            ]);
        }
    }
    rows
}

fn service(audit: &Audit<'_>, fact: &Fact) -> String {
    let service = fact
        .service
        .and_then(|index| audit.report.services.get(index));
    service.map_or("–".to_owned(), |service| cell_code(&service.name))
}

fn row(audit: &Audit<'_>, title: &str, fact: &Fact) -> Vec<String> {
    vec![
        title.to_owned(),
        service(audit, fact),
        cell(&value(fact)),
        cell_code(&words::short_place(&fact.hit.location)),
    ]
}

/// The limit as a number with its unit: a flag is written with its name.
fn value(fact: &Fact) -> String {
    let text = facts::attribute(fact, "value");
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    text.get(start..).unwrap_or(&text).replace('_', "")
}

/// The one number that all statements on a resource of a service agree on.
fn number(limits: &[&Fact], service: usize, resource: &str) -> Option<u64> {
    let all: BTreeSet<u64> = limits
        .iter()
        .filter(|fact| fact.service == Some(service))
        .filter(|fact| facts::attribute(fact, "resource") == resource)
        .filter_map(|fact| value(fact).parse().ok())
        .collect();
    all.first().copied().filter(|_| all.len() == 1)
}

/// What follows from the limits by multiplication, and the sentence that sums it up.
fn bounds(audit: &Audit<'_>, limits: &[&Fact]) -> (Vec<Vec<String>>, String) {
    let mut rows = Vec::new();
    let mut verdict = None;
    for (index, service) in audit.report.services.iter().enumerate() {
        let of = |resource| number(limits, index, resource);
        let name = cell_code(&service.name);
        if let (Some(instances), Some(each)) = (of("instances"), of("concurrency")) {
            let all = instances.saturating_mul(each);
            rows.push(vec![
                format!("Requests at once, {name}"),
                all.to_string(),
                format!("{instances} instances × {each}"),
            ]);
            verdict.get_or_insert(format!(
                "Configured capacity is bounded by requests at once at {all}."
            ));
        }
        if let Some(pool) = of("pool") {
            let (basis, all) = match (of("instances"), of("workers")) {
                (Some(instances), Some(workers)) => (
                    format!("{instances} instances × {workers} workers × {pool}"),
                    instances.saturating_mul(workers).saturating_mul(pool),
                ),
                (Some(instances), None) => (
                    format!("{instances} instances × {pool}, for each worker process"),
                    instances.saturating_mul(pool),
                ),
                (None, _) => (
                    format!("{pool} for each worker process; instances unknown"),
                    pool,
                ),
            };
            rows.push(vec![
                format!("Database connections, {name}"),
                all.to_string(),
                basis,
            ]);
            verdict.get_or_insert(format!(
                "Configured capacity is bounded by database connections at {all}."
            ));
        }
    }
    let server = limits
        .iter()
        .find(|fact| facts::attribute(fact, "resource") == "database-server");
    if let Some(server) = server {
        let most = value(server);
        verdict.get_or_insert(format!(
            "Configured capacity is bounded by the database server at {} connections.",
            cell(&most)
        ));
    }
    let unknown = || {
        "No configured limit bounds the capacity as a whole: it is unknown until a load test."
            .to_owned()
    };
    (rows, verdict.unwrap_or_else(unknown))
}
