//! Where patient data goes from the services that name it, and who else may see it there.

use super::doc::{Doc, cell, cell_code, code};
use super::{Audit, facts, numbers};
use crate::model::{ChecklistItem, ChecklistState, Fact};
use crate::render::words;
use std::collections::BTreeMap;

/// A way that patient data takes: what shows it, which rules look at it, and which look at the wire.
struct Way {
    /// Where it goes.
    to: &'static str,
    /// The kind of facts that show it; without one, only an open issue does.
    seen: Option<&'static str>,
    /// Rules on what goes there and who may read it.
    about: &'static [&'static str],
    /// Rules on the way there.
    wire: &'static [&'static str],
}

const WAYS: [Way; 11] = [
    Way {
        to: "callers of the interface",
        seen: Some("route"),
        about: &[
            "authn-missing",
            "authz-object-missing",
            "phi-in-url",
            "phi-cacheable-response",
        ],
        wire: &["tls-not-enforced", "phi-over-cleartext"],
    },
    Way {
        to: "WebSocket clients",
        seen: Some("websocket-server"),
        about: &[
            "ws-no-auth",
            "ws-room-join-unauthorized",
            "ws-origin-unchecked",
        ],
        wire: &["tls-not-enforced", "phi-over-cleartext"],
    },
    Way {
        to: "data store",
        seen: Some("db-client"),
        about: &[
            "hipaa-encryption-at-rest",
            "db-rls-permissive",
            "hipaa-retention-missing",
        ],
        wire: &[
            "backing-service-cleartext",
            "cloudrun-no-cloudsql-connector",
        ],
    },
    Way {
        to: "broker",
        seen: Some("broker-client"),
        about: &["consumer-no-dead-letter", "kafka-weak-durability"],
        wire: &["backing-service-cleartext"],
    },
    Way {
        to: "language model",
        seen: Some("llm-client"),
        about: &["phi-to-llm", "llm-clinical-write-unreviewed"],
        wire: &["phi-over-cleartext"],
    },
    Way {
        to: "error tracker",
        seen: Some("error-tracker"),
        about: &["phi-to-error-tracker"],
        wire: &[],
    },
    Way {
        to: "logs",
        seen: None,
        about: &["phi-in-logs"],
        wire: &[],
    },
    Way {
        to: "storage of browser or device",
        seen: None,
        about: &["phi-in-client-storage"],
        wire: &[],
    },
    Way {
        to: "analytics",
        seen: None,
        about: &["phi-to-analytics"],
        wire: &[],
    },
    Way {
        to: "messages and mail",
        seen: None,
        about: &["phi-in-notifications"],
        wire: &[],
    },
    Way {
        to: "files of the repository",
        seen: None,
        about: &["phi-dataset-committed", "phi-in-fixtures"],
        wire: &[],
    },
];

pub(super) fn table(doc: &mut Doc, audit: &Audit<'_>) {
    let named: Vec<Option<usize>> = {
        let mut all: Vec<_> = facts::of(audit, "phi-field")
            .map(|fact| fact.service)
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let rows: Vec<Vec<String>> = WAYS
        .iter()
        .flat_map(|way| rows(audit, way, &named))
        .collect();
    if rows.is_empty() {
        return;
    }
    doc.heading(3, "Where patient data goes");
    doc.table(
        &[
            "From",
            "To",
            "Seen at",
            "Encrypted on the way",
            "Audited",
            "Agreement",
            "Open issues",
        ],
        &rows,
    );
    doc.paragraph(
        "A row says that a service which names patient data also talks to this place, or that an issue shows it there; \
         what is really sent is for the owner of the service to confirm.",
    );
}

fn rows(audit: &Audit<'_>, way: &Way, named: &[Option<usize>]) -> Vec<Vec<String>> {
    let services = || audit.report.services.iter().map(Some).chain([None]);
    let mut rows = Vec::new();
    for (index, service) in services().enumerate() {
        let place = service.map(|_| index);
        let name = service.map(|service| service.name.as_str());
        let open: Vec<_> = audit
            .issues
            .iter()
            .filter(|issue| issue.service == name && way.about.contains(&issue.rule))
            .collect();
        let mut seen: BTreeMap<String, &Fact> = BTreeMap::new();
        if let Some(kind) = way.seen.filter(|_| named.contains(&place)) {
            for fact in facts::within(audit, kind, place) {
                seen.entry(facts::attribute(fact, "client")).or_insert(fact);
            }
        }
        let shown = match (seen.is_empty(), way.seen, open.first()) {
            (false, ..) => seen
                .into_iter()
                .map(|(client, fact)| (client, words::short_place(&fact.hit.location)))
                .collect(),
            (true, None, Some(issue)) => issue
                .findings
                .first()
                .map(|finding| (String::new(), words::short_place(&finding.location)))
                .into_iter()
                .collect(),
            _ => Vec::new(),
        };
        let scope = name.unwrap_or(".");
        for (client, place) in shown {
            let stands =
                |rules: &[&str]| facts::stands_for(audit, scope, |rule| rules.contains(&rule));
            rows.push(vec![
                name.map_or("the repository".to_owned(), cell_code),
                if client.is_empty() {
                    way.to.to_owned()
                } else {
                    cell(&format!("{}: {client}", way.to))
                },
                cell_code(&place),
                stands(way.wire),
                stands(&["hipaa-audit-missing"]),
                agreement(audit, way.to, &client),
                numbers(open.iter().copied()),
            ]);
        }
    }
    rows
}

/// Lines of the checklist on the agreement with one vendor.
fn vendor_lines<'a>(audit: &Audit<'a>) -> impl Iterator<Item = (&'a str, &'a ChecklistItem)> {
    let lines = audit.report.checklist.iter();
    lines.filter_map(|item| Some((item.attestation.as_ref()?.vendor.as_deref()?, item)))
}

/// The state of the agreement with whoever runs the place, where the vendor is known.
fn agreement(audit: &Audit<'_>, to: &str, client: &str) -> String {
    let fits = |name: &str, item: &ChecklistItem| {
        (!client.is_empty() && name.to_lowercase() == client)
            || item.item.contains(&format!("({to})"))
    };
    let states: Vec<String> = vendor_lines(audit)
        .filter(|(name, item)| fits(name, item))
        .map(|(name, item)| format!("{}: {}", cell(name), state(item)))
        .collect();
    if states.is_empty() {
        "–".to_owned()
    } else {
        states.join(", ")
    }
}

fn state(item: &ChecklistItem) -> &'static str {
    match item.state {
        ChecklistState::Attested => "attested",
        _ => "to attest",
    }
}

/// Others who may see patient data, by what the repository names.
pub(super) fn vendors(doc: &mut Doc, audit: &Audit<'_>) {
    let rows: Vec<Vec<String>> = vendor_lines(audit)
        .map(|(name, item)| vec![cell(name), state(item).to_owned(), cell(&item.note)])
        .collect();
    if rows.is_empty() {
        return;
    }
    doc.heading(3, "Vendors that may see patient data");
    doc.table(
        &[
            "Vendor",
            "Business associate agreement",
            "Seen at, or stated by",
        ],
        &rows,
    );
    doc.paragraph(&format!(
        "Each is attested apart, with {} and its name under {} in {}.",
        code("baa-signed"),
        code("vendor"),
        code("preop.yaml")
    ));
}
