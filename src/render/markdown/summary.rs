//! Title, banner, executive summary and scorecard: what a reader in a hurry takes away.

use super::doc::{Doc, cell, code, text};
use super::{Audit, risk};
use crate::model::{Issue, Outcome, Priority, Severity, Verdict};
use crate::render::{summary, words};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Bullets in each list of the executive summary.
const HURTS: usize = 3;
const GOOD: usize = 5;

pub(super) fn title(doc: &mut Doc, audit: &Audit<'_>) {
    let report = audit.report;
    let target = &report.target;
    doc.heading(
        1,
        &format!("Production Readiness Audit: {}", code(&target.name)),
    );
    let mut version = Vec::new();
    version.extend(target.commit.as_deref().map(|commit| {
        let short: String = commit.chars().take(12).collect();
        format!("commit {}", code(&short))
    }));
    version.extend((target.dirty == Some(true)).then(|| "with local changes".to_owned()));
    let version = if version.is_empty() {
        "no commit".to_owned()
    } else {
        version.join(" ")
    };
    doc.list([
        format!("**System:** {}", code(&target.name)),
        format!("**Version:** {version}"),
        format!(
            "**Date:** {}",
            report.as_of.as_deref().map_or("not given".to_owned(), text)
        ),
        format!(
            "**Auditor:** preop {}, {} rules, digest {}",
            text(&report.version),
            report.rule_count,
            code(&report.rules_digest.chars().take(12).collect::<String>())
        ),
        format!(
            "**Scope:** {}, {} of {} files, {} lines",
            words::count(report.services.len(), "service", "services"),
            report.inventory.files_read,
            report.inventory.files,
            report.inventory.lines
        ),
        format!("**Profile:** {}", code(&report.profile)),
    ]);
}

pub(super) fn banner(doc: &mut Doc, audit: &Audit<'_>) {
    let (p0, p1) = (audit.count(Priority::P0), audit.count(Priority::P1));
    let line = match audit.verdict() {
        Verdict::NotReady if p0 > 0 => format!(
            "**DEPLOYMENT BLOCKED:** {} must be fixed before production. Estimated time: {}.",
            words::count(p0, "blocking issue", "blocking issues"),
            words::minutes(audit.minutes(Priority::P0))
        ),
        Verdict::NotReady => format!("**DEPLOYMENT BLOCKED:** {}.", text(audit.reason())),
        Verdict::Inconclusive => format!("**NO ANSWER:** {}.", text(audit.reason())),
        Verdict::Conditional if p1 > 0 => format!(
            "**CONDITIONAL:** no blocking issue; {} before production traffic.",
            words::count(p1, "high-priority issue", "high-priority issues")
        ),
        Verdict::Conditional => format!("**CONDITIONAL:** {}.", text(audit.reason())),
        Verdict::Ready => format!(
            "**CLEAR TO DEPLOY**, subject to {}.",
            words::count(audit.manual(), "open attestation", "open attestations")
        ),
    };
    let mark = audit.marked(audit.symbol(), "");
    doc.paragraph(&format!("> {mark}{line}"));
}

pub(super) fn executive(doc: &mut Doc, audit: &Audit<'_>) {
    let report = audit.report;
    let score = &report.score;
    doc.heading(2, "Executive summary");
    doc.paragraph(&format!(
        "The verdict is **{}** ({}): {}.",
        audit.marked(audit.symbol(), score.verdict.as_str()),
        words::verdict(score.verdict),
        text(audit.reason())
    ));
    doc.paragraph(&number(audit));
    let coverage = score
        .coverage
        .map_or_else(|| "nothing".to_owned(), words::percent);
    doc.paragraph(&format!(
        "Decided: {coverage} of what applies. Risk: {}. Work on everything open: about {}.",
        risk::overall(audit),
        words::minutes(score.effort_minutes)
    ));
    doc.table(
        &[
            "Severity",
            "Open",
            "Suspected",
            "Waived or known",
            "Rules passed",
            "Rules undecided",
            "Rules not applicable",
        ],
        &counts(audit),
    );
    if !score.gates.is_empty() {
        let state = |passed: bool| if passed { "held" } else { "**failed**" };
        let rows: Vec<Vec<String>> = score
            .gates
            .iter()
            .map(|gate| {
                vec![
                    cell(&gate.name),
                    state(gate.passed).to_owned(),
                    cell(&gate.message),
                ]
            })
            .collect();
        doc.table(&["Gate", "State", "Found"], &rows);
    }
    hurts(doc, audit);
    good(doc, audit);
    confidence(doc, audit);
}

fn number(audit: &Audit<'_>) -> String {
    let score = &audit.report.score;
    let Some(number) = score.score else {
        return "**Overall score:** none, because nothing was evaluated.".to_owned();
    };
    let grade = score
        .grade
        .map_or(String::new(), |grade| format!(" (grade {grade:?})"));
    let mut line = format!("**Overall score: {number}/100**{grade}");
    if !score.capped_by.is_empty() {
        let names: Vec<String> = score.capped_by.iter().map(|name| code(name)).collect();
        let _ = write!(line, ", capped by {}", names.join(", "));
    }
    if score.raw != score.score {
        let _ = write!(
            line,
            "; {} if nothing were waived or known",
            words::score(score.raw)
        );
    }
    format!("{line}.")
}

fn counts(audit: &Audit<'_>) -> Vec<Vec<String>> {
    let report = audit.report;
    let findings = summary::counted(report);
    let mut rules: BTreeMap<(Severity, &str), BTreeSet<&str>> = BTreeMap::new();
    for result in &report.results {
        if let Some(card) = report.rules.get(&result.rule) {
            rules
                .entry((card.severity, result.outcome.as_str()))
                .or_default()
                .insert(&result.rule);
        }
    }
    // A rule of several services stands where its worst answer does.
    let row = |severity: Severity| {
        let of = |outcome: &Outcome| {
            let own = rules.get(&(severity, outcome.as_str()));
            own.cloned().unwrap_or_default()
        };
        let mut worse = of(&Outcome::Fail);
        let mut only = |outcome: &Outcome| {
            let own = of(outcome);
            let number = own.difference(&worse).count().to_string();
            worse.extend(own);
            number
        };
        let unknown = only(&Outcome::Unknown(String::new()));
        let passed = only(&Outcome::Pass);
        let absent = only(&Outcome::NotApplicable(String::new()));
        let counted = findings.get(&severity).copied().unwrap_or_default();
        vec![
            audit.severity(severity),
            counted.open.to_string(),
            counted.suspected.to_string(),
            counted.accepted.to_string(),
            passed,
            unknown,
            absent,
        ]
    };
    Severity::WORST_FIRST.into_iter().map(row).collect()
}

/// The first issues of different themes: what will hurt first.
fn hurts(doc: &mut Doc, audit: &Audit<'_>) {
    let mut themes = BTreeSet::new();
    let first: Vec<&Issue<'_>> = audit
        .issues
        .iter()
        .filter(|issue| issue.severity >= Severity::Medium && themes.insert(issue.theme()))
        .take(HURTS)
        .collect();
    if first.is_empty() {
        return;
    }
    doc.heading(3, "What will hurt first");
    doc.list(first.into_iter().map(|issue| {
        let why = issue
            .card
            .map_or(String::new(), |card| format!(": {}", text(&card.rationale)));
        format!("**{}** (Issue {}){why}", text(issue.title()), issue.number)
    }));
}

/// The rules of most weight that hold, with what shows it.
fn good(doc: &mut Doc, audit: &Audit<'_>) {
    let report = audit.report;
    let mut passes: Vec<_> = report
        .results
        .iter()
        .filter(|result| result.outcome == Outcome::Pass && !result.evidence.is_empty())
        .filter_map(|result| Some((report.rules.get(&result.rule)?, result)))
        .collect();
    passes.sort_by(|(a, x), (b, y)| {
        b.severity
            .cmp(&a.severity)
            .then_with(|| (&x.rule, &x.scope).cmp(&(&y.rule, &y.scope)))
    });
    passes.dedup_by(|(a, _), (b, _)| a.name == b.name);
    if passes.is_empty() {
        return;
    }
    doc.heading(3, "What is already good");
    doc.list(passes.into_iter().take(GOOD).map(|(card, result)| {
        let shown = result.evidence.first().map_or(String::new(), |evidence| {
            format!(" ({})", code(&words::short_place(&evidence.location)))
        });
        format!("{}{shown}", text(&card.positive))
    }));
}

fn confidence(doc: &mut Doc, audit: &Audit<'_>) {
    let results = &audit.report.results;
    let unknown: BTreeSet<&str> = results
        .iter()
        .filter(|result| matches!(result.outcome, Outcome::Unknown(_)))
        .map(|result| result.rule.as_str())
        .collect();
    let counted = summary::counted(audit.report);
    let unsure = counted.values().map(|counted| counted.suspected).sum();
    doc.paragraph(&format!(
        "*Confidence note:* {} could not be decided, and {} for neither score nor gates.",
        words::count(unknown.len(), "rule", "rules"),
        words::count(
            unsure,
            "suspected finding counts",
            "suspected findings count"
        )
    ));
}

pub(super) fn scorecard(doc: &mut Doc, audit: &Audit<'_>) {
    let rows: Vec<Vec<String>> = audit
        .report
        .score
        .categories
        .iter()
        .map(|category| {
            let worst = audit
                .issues
                .iter()
                .find(|issue| issue.category() == category.name);
            vec![
                cell(&category.name),
                category.weight.to_string(),
                words::score(category.score),
                words::applied(category),
                category.pass.to_string(),
                category.fail.to_string(),
                category.waived.to_string(),
                category.unknown.to_string(),
                category.not_applicable.to_string(),
                worst.map_or("–".to_owned(), |i| {
                    format!("{} (Issue {})", cell(i.title()), i.number)
                }),
            ]
        })
        .collect();
    doc.heading(2, "Scorecard");
    if rows.is_empty() {
        doc.paragraph("No rule was evaluated.");
    }
    let head = [
        "Category",
        "Weight",
        "Score",
        "Checks applied",
        "Pass",
        "Fail",
        "Waived",
        "Unknown",
        "N/A",
        "Worst finding",
    ];
    doc.table(&head, &rows);
    if audit.report.score.categories.iter().any(words::few) {
        doc.paragraph(
            "*Checks applied* says what a score rests on: where few checks apply, 100 means that these few hold, \
             and no more.",
        );
    }
}
