//! From here to production: what is not known, goals, stages, signatures, the next review.

use super::doc::{Doc, code, text};
use super::{Audit, numbers};
use crate::model::{ChecklistState, Outcome, Priority, Verdict};
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
            "None: everything that was listed was read, and every rule that applies was decided.",
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

pub(super) fn sign_off(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Sign-off");
    let items: Vec<String> = audit
        .report
        .checklist
        .iter()
        .filter(|item| item.state == ChecklistState::Manual)
        .map(|item| {
            format!(
                "[ ] {}: name ____________ date ____________",
                text(&item.item)
            )
        })
        .collect();
    if items.is_empty() {
        doc.paragraph("Left out: no item waits for a signature.");
        return;
    }
    doc.list(items);
}

pub(super) fn next_review(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Next review");
    let day = |days: u32| match audit
        .report
        .as_of
        .as_deref()
        .and_then(|day| later(day, days))
    {
        Some(day) => format!("On {day}, {days} days after this audit."),
        None => format!("{days} days after this audit."),
    };
    let when = match audit.verdict() {
        Verdict::NotReady | Verdict::Inconclusive => "Before any deployment attempt.".to_owned(),
        Verdict::Conditional => day(14),
        Verdict::Ready => day(90),
    };
    doc.paragraph(&when);
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
