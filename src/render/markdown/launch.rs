//! From here to production: what is not known, goals, stages, signatures, the next review.

use super::doc::{Doc, code, text};
use super::{Audit, facts, numbers};
use crate::model::{ChecklistItem, ChecklistState, Outcome, Priority, Status, Verdict};
use crate::render::words;

/// Files of one list before the rest is only counted; the appendix of the JSON has all.
const LISTED: usize = 50;

pub(super) fn limitations(doc: &mut Doc, audit: &Audit<'_>) {
    let report = audit.report;
    doc.heading(2, "Known limitations and unknowns");
    let undecided: Vec<String> = report
        .results
        .iter()
        .filter_map(|result| match &result.outcome {
            Outcome::Unknown(reason) => Some(format!(
                "{} in {}: {}",
                code(&result.rule),
                code(&result.scope),
                text(reason)
            )),
            _ => None,
        })
        .collect();
    section(doc, "Limits of the design", &limits(audit));
    section(
        doc,
        "Statements that the code contradicts",
        &places_of(audit, "ops-readiness-claim-contradicted"),
    );
    section(doc, "Rules that could not be decided", &undecided);
    let skipped: Vec<String> = report
        .skipped
        .iter()
        .map(|skip| {
            let detail = skip
                .detail
                .as_deref()
                .map_or(String::new(), |d| format!(" ({})", code(d)));
            format!("{}: {}{detail}", code(&skip.path), skip.reason.as_str())
        })
        .collect();
    section(doc, "Files that were not read in full", &skipped);
    let loosened: Vec<String> = report.loosenings.iter().map(|line| text(line)).collect();
    section(doc, "Waivers and other loosenings", &loosened);
    if undecided.is_empty() && skipped.is_empty() && loosened.is_empty() {
        doc.paragraph(
            "Nothing was left unseen: everything that was listed was read, and every rule that applies was decided.",
        );
    }
    if report.inventory.ignored > 0 {
        let files = words::count(
            report.inventory.ignored as usize,
            "untracked file",
            "untracked files",
        );
        doc.paragraph(&format!("Ignore files left out {files}."));
    }
}

/// Rules on what the design bounds, whatever is repaired in it.
const DESIGN: [&str; 12] = [
    "db-embedded-in-production",
    "platform-ephemeral-storage",
    "k8s-ephemeral-clinical-state",
    "state-in-process-multi-worker",
    "buffer-unbounded",
    "platform-no-scaling",
    "k8s-no-redundancy",
    "kafka-weak-durability",
    "async-blocking-call",
    "db-unbounded-query",
    "rel-no-cache-layer",
    "ops-api-docs-missing",
];

/// What the system cannot do as it is built.
fn limits(audit: &Audit<'_>) -> Vec<String> {
    let own = audit
        .issues
        .iter()
        .filter(|issue| DESIGN.contains(&issue.rule));
    let mut lines: Vec<String> = own
        .map(|issue| {
            let found = issue.findings.first();
            let why = found.map_or(String::new(), |finding| {
                format!(": {}", text(&finding.message))
            });
            format!("{} (Issue {}){why}", text(issue.title()), issue.number)
        })
        .collect();
    let single = facts::of(audit, "kafka-partitions")
        .filter(|fact| facts::attribute(fact, "is") == "1")
        .map(|fact| {
            format!(
                "One Kafka partition, so one consumer of a group works at a time ({})",
                code(&words::short_place(&fact.hit.location))
            )
        });
    lines.extend(single);
    lines
}

/// Every place that issues of one rule name.
fn places_of(audit: &Audit<'_>, rule: &str) -> Vec<String> {
    let own = audit.issues.iter().filter(|issue| issue.rule == rule);
    own.flat_map(|issue| issue.findings.iter().map(move |finding| (issue, finding)))
        .map(|(issue, finding)| {
            format!(
                "{}: {} (Issue {})",
                code(&words::short_place(&finding.location)),
                text(&finding.message),
                issue.number
            )
        })
        .collect()
}

fn section(doc: &mut Doc, title: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    doc.heading(3, title);
    let hidden = items.len().saturating_sub(LISTED);
    let more = (hidden > 0).then(|| format!("{hidden} more"));
    doc.list(items.iter().take(LISTED).cloned().chain(more));
}

pub(super) fn metrics(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Success metrics");
    let open = |priority: Priority| format!("now {}", audit.count(priority));
    doc.list([
        format!(
            "[ ] No open P0 issue before launch ({})",
            open(Priority::P0)
        ),
        format!(
            "[ ] No open P1 issue before production traffic ({})",
            open(Priority::P1)
        ),
        format!(
            "[ ] No open P2 issue two months after launch ({})",
            open(Priority::P2)
        ),
        "[ ] Every route to patient data authenticated and audited".to_owned(),
        "[ ] A restored backup, with the date of the drill".to_owned(),
        "[ ] Targets for availability and 95th-percentile latency, measured".to_owned(),
    ]);
}

pub(super) fn strategy(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Launch strategy");
    doc.list([
        format!(
            "**Internal alpha, synthetic data.** Leave when P0 is empty: {}.",
            numbers(audit.of(Priority::P0))
        ),
        format!(
            "**Limited beta, one unit.** Leave when P1 is empty: {}.",
            numbers(audit.of(Priority::P1))
        ),
        format!(
            "**Gradual rollout.** Leave when every attestation is signed: {} open.",
            audit.manual()
        ),
        format!(
            "**Full production.** Then close P2: {}.",
            numbers(audit.of(Priority::P2))
        ),
    ]);
}

/// Who has to sign, beside the sign-offs by name.
const SIGNED: [&str; 3] = ["dr-approved", "load-results-reviewed", "oncall-staffed"];

pub(super) fn sign_off(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Sign-off");
    let signs = |item: &&ChecklistItem| {
        item.attestation.as_ref().is_some_and(|attestation| {
            attestation.id.starts_with("signoff-") || SIGNED.contains(&attestation.id.as_str())
        })
    };
    let items: Vec<String> = audit
        .report
        .checklist
        .iter()
        .filter(signs)
        .map(|item| match item.state {
            ChecklistState::Attested => format!("[x] {}: {}", text(&item.item), text(&item.note)),
            _ => format!(
                "[ ] {}: name ____________ date ____________",
                text(&item.item)
            ),
        })
        .collect();
    if items.is_empty() {
        doc.paragraph("Left out: no item waits for a signature.");
    } else {
        doc.list(items);
    }
    if audit.manual() > 0 {
        doc.paragraph(&format!(
            "Open in all: {}. The checklist names each; `preop.yaml` records who stated it, when, on what \
             evidence, and until when.",
            words::count(audit.manual(), "attestation", "attestations")
        ));
    }
}

pub(super) fn next_review(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Next review");
    let as_of = audit.report.as_of.as_deref();
    let day = |days: u32| match as_of.and_then(|day| later(day, days)) {
        Some(day) => format!("On {day}, {days} days after this audit."),
        None => format!("{days} days after this audit."),
    };
    let when = match audit.verdict() {
        Verdict::NotReady | Verdict::Inconclusive => "Before any deployment attempt.".to_owned(),
        Verdict::Conditional => day(14),
        Verdict::Ready => day(90),
    };
    doc.paragraph(&when);
    let mut ends: Vec<(String, String)> = Vec::new();
    for item in &audit.report.checklist {
        let statements = item
            .attestation
            .iter()
            .flat_map(|a| a.statements.iter().map(move |s| (a, s)));
        ends.extend(statements.filter_map(|(attestation, statement)| {
            Some((
                statement.expires.clone()?,
                format!("attestation {} ends", code(&attestation.id)),
            ))
        }));
    }
    for finding in audit.report.findings() {
        if let Status::Waived(waiver) = &finding.status
            && let Some(until) = &waiver.until
        {
            ends.push((
                until.clone(),
                format!("a waiver of {} ends", code(&finding.rule)),
            ));
        }
    }
    ends.sort();
    ends.dedup();
    if !ends.is_empty() {
        doc.paragraph("Or earlier, when something that this report rests on ends:");
        doc.list(
            ends.iter()
                .take(LISTED)
                .map(|(day, what)| format!("{}: {what}", text(day))),
        );
    }
}

/// The day some days later, in the Gregorian calendar; `None` if `day` is not `YYYY-MM-DD`.
fn later(day: &str, days: u32) -> Option<String> {
    let mut parts = day.split('-').map(|part| part.parse::<u32>().ok());
    let (mut year, mut month, mut day) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || !(1..=12).contains(&month) || year > 9_999 {
        return None;
    }
    for _ in 0..days {
        day += 1;
        if day > days_in(year, month) {
            day = 1;
            month += 1;
        }
        if month > 12 {
            month = 1;
            year += 1;
        }
    }
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::later;

    #[test]
    fn days_roll_over_months_and_years() {
        for (day, days, want) in [
            ("2026-11-22", 14, Some("2026-12-06")),
            ("2026-12-20", 90, Some("2027-03-20")),
            ("2028-02-28", 1, Some("2028-02-29")),
            ("soon", 1, None),
            ("2026-13-01", 1, None),
        ] {
            assert_eq!(later(day, days).as_deref(), want);
        }
    }
}
