//! Requirements of HIPAA in a fixed order, with what the repository shows for and against each.
//!
//! A scan can show evidence and counter-evidence, never that a requirement is met.

use super::doc::{Doc, cell, cell_code};
use super::{Audit, numbers, proposed, system};
use crate::model::{ChecklistState, Issue, Outcome, RuleCard, RuleResult};
use crate::render::words;
use std::collections::{BTreeMap, BTreeSet};

/// Citation, what it is about, and whether it is required, addressable, or a standard with both.
const ROWS: [(&str, &str, &str); 35] = [
    ("164.308(a)(1)(ii)(A)", "Risk analysis", "required"),
    (
        "164.308(a)(1)(ii)(D)",
        "Review of system activity",
        "required",
    ),
    ("164.308(a)(3)", "Workforce security", "standard"),
    (
        "164.308(a)(4)",
        "Management of access to information",
        "standard",
    ),
    (
        "164.308(a)(5)(ii)(B)",
        "Protection from malicious software",
        "addressable",
    ),
    ("164.308(a)(5)(ii)(C)", "Log-in monitoring", "addressable"),
    ("164.308(a)(5)(ii)(D)", "Password management", "addressable"),
    ("164.308(a)(6)", "Security incidents", "required"),
    ("164.308(a)(7)(i)", "Contingency plan", "standard"),
    ("164.308(a)(7)(ii)(A)", "Data backup plan", "required"),
    ("164.308(a)(7)(ii)(B)", "Disaster recovery plan", "required"),
    (
        "164.308(a)(7)(ii)(C)",
        "Emergency mode operation",
        "required",
    ),
    (
        "164.308(a)(7)(ii)(D)",
        "Testing and revision of plans",
        "addressable",
    ),
    (
        "164.308(a)(7)(ii)(E)",
        "Criticality of applications and data",
        "addressable",
    ),
    ("164.308(a)(8)", "Evaluation", "required"),
    ("164.308(b)", "Business associate contracts", "required"),
    ("164.310(b)", "Workstation use", "required"),
    ("164.310(c)", "Workstation security", "required"),
    ("164.310(d)", "Device and media controls", "standard"),
    ("164.312(a)(1)", "Access control", "standard"),
    ("164.312(a)(2)(i)", "Unique user identification", "required"),
    (
        "164.312(a)(2)(ii)",
        "Emergency access procedure",
        "required",
    ),
    ("164.312(a)(2)(iii)", "Automatic logoff", "addressable"),
    (
        "164.312(a)(2)(iv)",
        "Encryption and decryption",
        "addressable",
    ),
    ("164.312(b)", "Audit controls", "required"),
    ("164.312(c)(1)", "Integrity", "standard"),
    (
        "164.312(c)(2)",
        "Mechanism to authenticate patient data",
        "addressable",
    ),
    ("164.312(d)", "Person or entity authentication", "required"),
    ("164.312(e)(1)", "Transmission security", "standard"),
    ("164.312(e)(2)(i)", "Integrity in transit", "addressable"),
    ("164.312(e)(2)(ii)", "Encryption in transit", "addressable"),
    ("164.316(b)", "Documentation", "required"),
    ("164.502(a)", "Uses and disclosures", "required"),
    ("164.502(b)", "Minimum necessary", "required"),
    ("164.514", "De-identification", "standard"),
];

/// Rules of one family named before the rest is counted.
const NAMED: usize = 6;

pub(super) fn section(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Compliance gaps (HIPAA)");
    let rows: Vec<Vec<String>> = ROWS
        .iter()
        .map(|(cite, about, kind)| row(audit, cite, about, kind))
        .collect();
    let head = [
        "Safeguard",
        "About",
        "Kind",
        "Status",
        "Against",
        "For",
        "Open",
    ];
    doc.table(&head, &rows);
    let elsewhere = others(audit);
    if !elsewhere.is_empty() {
        doc.paragraph(&format!(
            "Other requirements that rules speak to: {}.",
            elsewhere.join(", ")
        ));
    }
    doc.paragraph(
        "*Against*: a rule found what contradicts the safeguard. *For*: a practice was seen at a place in the \
         code. A rule that looked and found nothing against is no evidence for.",
    );
    proposed::section(doc, audit);
    doc.paragraph(
        "This is engineering evidence, not legal advice: what the rules see supports or contradicts \
         a safeguard, and no scan can show that one is met or operates. The Security Rule binds covered entities and \
         business associates, not source code. An addressable safeguard is not optional: it is implemented, or the \
         reason why not is documented. The changes proposed in 2025 are not law and are not applied here.",
    );
}

/// The citation of the row that a control belongs to: the longest that begins it, or that it begins.
fn row_of(id: &str) -> Option<&'static str> {
    let cites = || ROWS.iter().map(|(cite, ..)| *cite);
    // The contingency plan as a whole stands in its first row.
    let within = cites()
        .filter(|cite| id.starts_with(cite))
        .max_by_key(|cite| cite.len());
    within.or_else(|| cites().find(|cite| cite.starts_with(id)))
}

/// What the rules of one row say.
#[derive(Default)]
struct Evidence<'a> {
    against: BTreeSet<&'a str>,
    found: BTreeMap<&'a str, String>,
    partial: bool,
    undecided: bool,
    looked: usize,
}

fn row(audit: &Audit<'_>, cite: &str, about: &str, kind: &str) -> Vec<String> {
    let evidence = evidence(audit, cite);
    let attested = attested(audit, cite);
    let status = status(&evidence, attested);
    let issues: Vec<&Issue<'_>> = audit
        .issues
        .iter()
        .filter(|issue| evidence.against.contains(issue.rule))
        .collect();
    let found: Vec<String> = evidence
        .found
        .iter()
        .take(NAMED)
        .map(|(rule, place)| format!("{} at {}", cell_code(rule), cell_code(place)))
        .collect();
    let mut found = found.join(", ");
    if let more @ 1.. = evidence.found.len().saturating_sub(NAMED) {
        found.push_str(&format!(" and {more} more"));
    }
    let dash = |text: String| {
        if text.is_empty() {
            "–".to_owned()
        } else {
            text
        }
    };
    vec![
        cell(&format!("§ {cite}")),
        cell(about),
        proposed::kind(audit, kind),
        status.to_owned(),
        dash(
            evidence
                .against
                .iter()
                .map(|rule| cell_code(rule))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        dash(found),
        numbers(issues),
    ]
}

fn status(evidence: &Evidence<'_>, attested: bool) -> &'static str {
    match (evidence.against.is_empty(), evidence.found.is_empty()) {
        (false, false) => "**mixed**",
        (false, true) => "**counter-evidence found**",
        (true, false) if evidence.partial => "evidence found (partial)",
        (true, false) => "evidence found",
        (true, true) if attested => "attested",
        (true, true) if evidence.undecided => "undecided",
        (true, true) if evidence.looked > 0 => "nothing visible",
        (true, true) => "not visible to static analysis",
    }
}

fn evidence<'a>(audit: &Audit<'a>, cite: &str) -> Evidence<'a> {
    let mut out = Evidence {
        partial: true,
        ..Evidence::default()
    };
    for card in audit.report.rules.values() {
        let relation = card
            .controls
            .iter()
            .filter(|control| control.standard == "hipaa" && row_of(&control.id) == Some(cite))
            .map(|control| control.relation.as_deref().unwrap_or("contradicts"));
        let Some(relation) = relation.min() else {
            continue;
        };
        weigh(audit, card, relation, &mut out);
    }
    out
}

fn weigh<'a>(audit: &Audit<'a>, card: &'a RuleCard, relation: &str, out: &mut Evidence<'a>) {
    let own = || {
        audit
            .report
            .results
            .iter()
            .filter(|result| result.rule == card.name)
    };
    match system::standing_of(audit, &card.name) {
        None => return,
        Some(system::Standing::Gap | system::Standing::Accepted) => {
            out.against.insert(&card.name);
        }
        Some(system::Standing::Undecided) => out.undecided = true,
        Some(system::Standing::InPlace | system::Standing::Manual) => {}
    }
    out.looked += 1;
    let seen =
        |result: &&RuleResult| result.outcome == Outcome::Pass && !result.evidence.is_empty();
    let place = own()
        .filter(seen)
        .find_map(|result| result.evidence.first());
    if let Some(place) = place {
        out.found
            .insert(&card.name, words::short_place(&place.location));
        out.partial &= relation == "partial";
    }
}

/// Has a person stated something on this requirement?
fn attested(audit: &Audit<'_>, cite: &str) -> bool {
    audit
        .report
        .checklist
        .iter()
        .filter(|item| item.state == ChecklistState::Attested)
        .filter_map(|item| item.attestation.as_ref())
        .flat_map(|attestation| &attestation.controls)
        .any(|control| row_of(control) == Some(cite))
}

/// Citations of active rules that no row stands for.
fn others(audit: &Audit<'_>) -> Vec<String> {
    let cards = audit.report.rules.values();
    let controls = cards.flat_map(|card| &card.controls);
    let ids: BTreeSet<&str> = controls
        .filter(|control| control.standard == "hipaa" && row_of(&control.id).is_none())
        .map(|control| control.id.as_str())
        .collect();
    ids.into_iter().map(|id| cell(&format!("§ {id}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::row_of;

    #[test]
    fn a_citation_finds_its_row() {
        for (id, want) in [
            ("164.308(a)(4)(ii)(B)", Some("164.308(a)(4)")),
            ("164.308(a)(7)(ii)(A)", Some("164.308(a)(7)(ii)(A)")),
            ("164.308(a)(7)", Some("164.308(a)(7)(i)")),
            ("164.312(a)(1)", Some("164.312(a)(1)")),
            ("164.514(b)", Some("164.514")),
            ("164.404", None),
        ] {
            assert_eq!(row_of(id), want, "{id}");
        }
    }
}
