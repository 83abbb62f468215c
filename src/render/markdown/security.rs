//! The security audit: vulnerabilities, who is asked who they are, and the parts of an attack surface.

use super::doc::{Doc, cell_code};
use super::{Audit, facts, system};
use crate::model::{Fact, Issue, Priority, RuleCard};
use crate::render::words;
use std::collections::BTreeSet;

pub(super) fn section(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Security audit");
    let open = system::with_theme(audit, "data-breach");
    doc.heading(3, "Critical vulnerabilities");
    let dire: Vec<String> = open
        .iter()
        .filter(|issue| issue.priority <= Priority::P1)
        .map(|issue| system::line(issue))
        .collect();
    if dire.is_empty() {
        doc.paragraph("None known.");
    } else {
        doc.list(dire);
    }
    doc.heading(3, "Authentication and authorization matrix");
    matrix(doc, audit);
    parts(doc, audit);
}

fn matrix(doc: &mut Doc, audit: &Audit<'_>) {
    let mut rows = Vec::new();
    for (index, service) in audit.report.services.iter().enumerate() {
        let count = |kind| facts::within(audit, kind, Some(index)).len();
        let (routes, sockets) = (count("route"), count("websocket-server"));
        if routes + sockets == 0 {
            continue;
        }
        let stands =
            |name: &'static str| facts::stands_for(audit, &service.name, move |rule| rule == name);
        let mounted = facts::within(audit, "route", Some(index));
        let levels = levels(&mounted);
        let methods = facts::words(mounted, "method").len();
        rows.push(vec![
            cell_code(&service.name),
            format!("{routes} ({methods} methods)"),
            stands("authn-missing"),
            levels,
            stands("hipaa-access-model-missing"),
            stands("authz-object-missing"),
            if count("auth-default") > 0 {
                "yes"
            } else {
                "not seen"
            }
            .to_owned(),
            sockets.to_string(),
            if sockets > 0 {
                stands("ws-no-auth")
            } else {
                "–".to_owned()
            },
            stands("rate-limit-missing"),
        ]);
    }
    if rows.is_empty() {
        doc.paragraph("Left out: no route and no WebSocket endpoint was seen.");
        return;
    }
    let head = [
        "Service",
        "Routes",
        "Authentication",
        "What routes ask",
        "Roles",
        "Single records",
        "Denied by default",
        "WebSockets",
        "Their authentication",
        "Rate limit",
    ];
    doc.table(&head, &rows);
    doc.paragraph(
        "*What routes ask* counts routes by the most that is asked on the way to them: *none*, *optional* \
         (callers may say who they are), *authenticated*, *role*, *object* (a right to that very record); \
         *undecided* where the code does not show it. Which role may do what to which record is not visible \
         to static analysis: walk through it with the clinical owner.",
    );
}

/// How many routes ask how much of their callers, from the least to the most.
fn levels(routes: &[&Fact]) -> String {
    let words = ["none", "optional", "authenticated", "role", "object"];
    let of = |word: &str| {
        routes
            .iter()
            .filter(|route| route.text("auth") == Some(word))
            .count()
    };
    let mut parts: Vec<String> = words
        .iter()
        .map(|word| (of(word), *word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let undecided = routes
        .iter()
        .filter(|route| route.text("auth").is_none())
        .count();
    if undecided > 0 {
        parts.push(format!("{undecided} undecided"));
    }
    if parts.is_empty() {
        "–".to_owned()
    } else {
        parts.join(", ")
    }
}

/// Parts of the surface: title, and which rules look at it.
type Part = (&'static str, fn(&RuleCard) -> bool);

const PARTS: [Part; 6] = [
    ("Secrets", |card| {
        card.category == "secrets" || card.name.contains("secret")
    }),
    ("Patient data", |card| {
        card.name.starts_with("phi-") || card.category == "healthcare"
    }),
    ("Transport", |card| speaks_to(card, "164.312(e)")),
    ("Input and limits", |card| {
        [
            "rate-limit",
            "frame",
            "connection-limit",
            "input-validation",
            "raw-sql",
            "cors",
            "upload",
            "injection",
        ]
        .iter()
        .any(|part| card.name.contains(part))
    }),
    ("Exposure", |card| {
        ["public", "exposed", "open", "invoker", "privileged", "root"]
            .iter()
            .any(|part| card.name.contains(part))
    }),
    ("Supply chain", |card| {
        card.category == "cicd" && card.theme == "data-breach" || card.name.contains("unpinned")
    }),
];

fn speaks_to(card: &RuleCard, prefix: &str) -> bool {
    card.controls
        .iter()
        .any(|control| control.standard == "hipaa" && control.id.starts_with(prefix))
}

fn parts(doc: &mut Doc, audit: &Audit<'_>) {
    for (title, belongs) in PARTS {
        let (mut held, mut looked) = (0, 0);
        let mut names = BTreeSet::new();
        for card in audit.report.rules.values().filter(|card| belongs(card)) {
            let Some(standing) = system::standing_of(audit, &card.name) else {
                continue;
            };
            looked += 1;
            held += usize::from(standing == system::Standing::InPlace);
            names.insert(card.name.as_str());
        }
        if looked == 0 {
            continue;
        }
        let open: Vec<&Issue<'_>> = audit
            .issues
            .iter()
            .filter(|issue| names.contains(issue.rule))
            .collect();
        doc.heading(3, title);
        let rules = words::count(looked, "rule that applies holds", "rules that apply hold");
        doc.paragraph(&match open.as_slice() {
            [] => format!("{held} of {rules}; nothing is open."),
            _ => format!("{held} of {rules}. Open:"),
        });
        doc.list(open.iter().map(|issue| system::line(issue)));
    }
}
