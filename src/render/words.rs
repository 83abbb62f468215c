//! Words for people that several formats share: times, counts, labels.

use crate::model::{CategoryScore, Location, Severity, SkipReason, Skipped, Verdict};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A span of work: minutes, half hours, or days of six productive hours.
pub(super) fn minutes(minutes: u32) -> String {
    let halves = |unit: u32| minutes.saturating_add(unit / 4) / (unit / 2);
    let shown = |halves: u32, noun: &str| {
        let fraction = if halves % 2 == 1 { ".5" } else { "" };
        let plural = if halves == 2 { "" } else { "s" };
        format!("{}{fraction} {noun}{plural}", halves / 2)
    };
    match minutes {
        1 => "1 minute".to_owned(),
        0..60 => format!("{minutes} minutes"),
        60..480 => shown(halves(60), "hour"),
        _ => shown(halves(360), "day"),
    }
}

/// `critical`, `high and above`: the severities down to one.
pub(super) fn and_above(severity: Severity) -> String {
    match severity {
        Severity::Critical => severity.to_string(),
        _ => format!("{severity} and above"),
    }
}

/// `1 finding`, `2 findings`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A share as a percentage, with one decimal where it is not whole; never rounded up to 100.
pub(super) fn percent(share: f64) -> String {
    let tenths = (share * 1_000.0).floor();
    let text = format!("{:.1}", tenths / 10.0);
    format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
}

/// What a remediation says to do first: its first clause, cut at a comma where it is long.
pub(super) fn first_clause(text: &str) -> Cow<'_, str> {
    const LONG: usize = 120;
    let end = ["; ", ". ", ": ", ".\n"]
        .iter()
        .filter_map(|mark| text.find(mark))
        .min()
        .unwrap_or(text.len());
    let clause = text.get(..end).unwrap_or(text).trim_end_matches('.');
    if clause.chars().count() <= LONG {
        return clause.into();
    }
    // A comma inside code or a bracket ends nothing.
    let whole = |cut: &usize| {
        let head = clause.get(..*cut).unwrap_or(clause);
        head.matches('`').count() % 2 == 0 && head.matches('(').count() == head.matches(')').count()
    };
    let commas = clause.match_indices(", ").map(|(at, _)| at);
    let cut = commas.filter(|at| *at <= LONG).filter(whole).last();
    match cut.and_then(|at| clause.get(..at)) {
        Some(head) => format!("{head}, …").into(),
        None => clause.into(),
    }
}

/// Checks of a category that found something to look at.
fn looked(category: &CategoryScore) -> u32 {
    let all = [
        category.pass,
        category.fail,
        category.waived,
        category.unknown,
    ];
    all.into_iter().fold(0, u32::saturating_add)
}

/// How much of a category its score rests on: `2 of 15`.
pub(super) fn applied(category: &CategoryScore) -> String {
    let all = looked(category).saturating_add(category.not_applicable);
    format!("{} of {all}", looked(category))
}

/// Does the score of a category rest on less than half of its checks?
pub(super) fn few(category: &CategoryScore) -> bool {
    category.score.is_some() && looked(category) < category.not_applicable
}

/// A score, or a dash where there is none.
pub(super) fn score(score: Option<u32>) -> String {
    score.map_or_else(|| "–".to_owned(), |score| score.to_string())
}

/// `path:line:column`, not yet escaped; without a position for a whole file.
pub(super) fn place(location: &Location) -> String {
    let start = location.start;
    if location.span.start == location.span.end && start == location.end && start.line.get() == 1 {
        location.path.to_string()
    } else {
        format!("{}:{}:{}", location.path, start.line, start.column)
    }
}

/// `path:line`, not yet escaped.
pub(super) fn short_place(location: &Location) -> String {
    format!("{}:{}", location.path, location.start.line)
}

/// What a theme is called in a report.
pub(super) fn theme(theme: &str) -> &'static str {
    match theme {
        "patient-safety" => "Patient safety",
        "data-breach" => "Security breach",
        "compliance" => "Compliance violation",
        "data-loss" => "Data loss",
        "outage" => "Service outage",
        "blind-operations" => "Monitoring blindness",
        "change-failure" => "Change failure",
        "slow-recovery" => "Slow recovery",
        _ => "Other",
    }
}

/// Number of skipped paths by reason, those that lower the coverage first.
pub(super) fn skipped(skipped: &[Skipped]) -> Vec<(SkipReason, usize)> {
    let mut by_reason: BTreeMap<(bool, SkipReason), usize> = BTreeMap::new();
    for skip in skipped {
        *by_reason
            .entry((!skip.reason.lowers_coverage(), skip.reason))
            .or_default() += 1;
    }
    by_reason
        .into_iter()
        .map(|((_, reason), number)| (reason, number))
        .collect()
}

/// A skipped path with its reason and detail, not yet escaped.
pub(super) fn skip(skip: &Skipped) -> String {
    match &skip.detail {
        Some(detail) => format!("{}: {} ({detail})", skip.path, skip.reason.as_str()),
        None => format!("{}: {}", skip.path, skip.reason.as_str()),
    }
}

/// The word for a severity at the start of a line or in a badge.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "CRITICAL",
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low => "LOW",
        Severity::Info => "INFO",
    }
}

/// What the verdict means for a deployment.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "go",
        Verdict::Conditional => "go with conditions",
        Verdict::NotReady => "no go",
        Verdict::Inconclusive => "no answer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_times() {
        for (number, want) in [
            (0, "0 minutes"),
            (1, "1 minute"),
            (59, "59 minutes"),
            (60, "1 hour"),
            (90, "1.5 hours"),
            (479, "8 hours"),
            (480, "1.5 days"),
            (720, "2 days"),
        ] {
            assert_eq!(minutes(number), want);
        }
    }

    #[test]
    fn the_first_clause_says_what_to_do_first() {
        let long = format!("Write down {}, and then test it", "a, (b, c) ".repeat(14));
        for (text, want) in [
            ("Add a limit.", "Add a limit"),
            ("Add a limit; test it.", "Add a limit"),
            ("Use 1.2 or later", "Use 1.2 or later"),
            ("", ""),
        ] {
            assert_eq!(first_clause(text), want);
        }
        let cut = first_clause(&long);
        assert!(cut.ends_with("a, …") || cut.ends_with("), a, …"), "{cut}");
    }

    #[test]
    fn shares_never_round_up_to_all() {
        for (share, want) in [
            (1.0, "100 %"),
            (0.9999, "99.9 %"),
            (0.5, "50 %"),
            (0.0, "0 %"),
        ] {
            assert_eq!(percent(share), want);
        }
    }
}
