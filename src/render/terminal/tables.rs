//! Scores by category, what was not decided or not read, what was loosened, the checklist.

use super::Depth;
use super::page::{Page, Tone};
use crate::model::{CategoryScore, ChecklistState, Outcome, Report, Status, prose};
use crate::render::{escape, words};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::collections::{BTreeMap, BTreeSet};

/// Lines of a kind before the rest is only counted.
const LISTED: usize = 8;

/// Scores by category, worst first.
pub(super) fn categories(page: &mut Page, report: &Report) {
    let mut rows: Vec<&CategoryScore> = report
        .score
        .categories
        .iter()
        .filter(|row| row.score.is_some() || row.fail.max(row.waived).max(row.unknown) > 0)
        .collect();
    if rows.is_empty() {
        return;
    }
    rows.sort_by_key(|row| (row.score.is_none(), row.score, &row.name));
    page.heading("Score by category", Tone::Strong);
    let tones: Vec<Tone> = rows.iter().map(|row| score_tone(row.score)).collect();
    let lines: Vec<String> = if page.narrow() {
        let line = |row: &&CategoryScore| {
            format!(
                "{:>3}  {}",
                words::score(row.score),
                escape::line(&row.name)
            )
        };
        rows.iter().map(line).collect()
    } else {
        table(&rows, page.width)
    };
    // The table begins with its head; the list has none.
    let head = lines.len() - tones.len();
    let tones = std::iter::repeat_n(Tone::Faint, head).chain(tones);
    for (line, tone) in lines.iter().zip(tones) {
        let painted = page.paint(tone, line.trim_end());
        page.line(&painted);
    }
}

/// Narrower than this, the number of waived rules is left out.
const ROOMY: usize = 76;

fn table(rows: &[&CategoryScore], width: usize) -> Vec<String> {
    let fits = |name: &str| width >= ROOMY || name != "waived";
    let head = [
        "category", "score", "", "pass", "fail", "waived", "unknown", "n/a",
    ];
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(
        head.into_iter()
            .filter(|name| fits(name))
            .collect::<Vec<_>>(),
    );
    for row in rows {
        let cells = [
            escape::line(&row.name),
            words::score(row.score),
            bar(row.score),
            row.pass.to_string(),
            row.fail.to_string(),
            row.waived.to_string(),
            row.unknown.to_string(),
            row.not_applicable.to_string(),
        ];
        let shown = head.into_iter().zip(cells).filter(|(name, _)| fits(name));
        table.add_row(shown.map(|(_, cell)| cell).collect::<Vec<_>>());
    }
    for column in table
        .column_iter_mut()
        .filter(|column| ![0, 2].contains(&column.index))
    {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.lines().collect()
}

fn bar(score: Option<u32>) -> String {
    let Some(score) = score else {
        return String::new();
    };
    let full = (score / 10).min(10) as usize;
    format!(
        "{}{}",
        "█".repeat(full),
        "░".repeat(10_usize.saturating_sub(full))
    )
}

fn score_tone(score: Option<u32>) -> Tone {
    match score {
        Some(90..) => Tone::Good,
        Some(60..90) => Tone::Medium,
        Some(_) => Tone::High,
        None => Tone::Faint,
    }
}

/// What the verdict does not rest on: rules without an answer, and files without a reading.
pub(super) fn gaps(page: &mut Page, report: &Report, depth: Depth) {
    let undecided: Vec<String> = report
        .results
        .iter()
        .filter_map(|result| match &result.outcome {
            Outcome::Unknown(reason) => {
                Some(format!("{} in {}: {reason}", result.rule, result.scope))
            }
            _ => None,
        })
        .collect();
    let missed: Vec<String> = report
        .skipped
        .iter()
        .filter(|skip| depth == Depth::Full || skip.reason.lowers_coverage())
        .map(words::skip)
        .collect();
    if undecided.is_empty() && report.skipped.is_empty() {
        return;
    }
    page.heading("Not seen", Tone::Strong);
    let rules: BTreeSet<&str> = report
        .results
        .iter()
        .filter(|result| matches!(result.outcome, Outcome::Unknown(_)))
        .map(|result| result.rule.as_str())
        .collect();
    if !undecided.is_empty() {
        let title = words::count(
            rules.len(),
            "rule could not be decided",
            "rules could not be decided",
        );
        list(page, &title, &undecided, depth);
    }
    if !report.skipped.is_empty() {
        let reasons: Vec<String> = words::skipped(&report.skipped)
            .iter()
            .map(|(reason, number)| format!("{number} {}", reason.as_str()))
            .collect();
        let paths: BTreeSet<&str> = report
            .skipped
            .iter()
            .map(|skip| skip.path.as_str())
            .collect();
        let title = words::count(
            paths.len(),
            "file was not read in full",
            "files were not read in full",
        );
        list(
            page,
            &format!("{title}: {}", reasons.join(", ")),
            &missed,
            depth,
        );
    }
}

fn list(page: &mut Page, title: &str, items: &[String], depth: Depth) {
    page.paragraph(0, title);
    let most = if depth == Depth::Full {
        items.len()
    } else {
        LISTED
    };
    for item in items.iter().take(most) {
        page.labelled(2, "-", &escape::line(item));
    }
    if items.len() > most {
        page.labelled(
            2,
            "-",
            &format!(
                "{} more; `preop audit -f wide` lists all",
                items.len() - most
            ),
        );
    }
}

/// Everything that made the audit see or mind less. Always in full.
pub(super) fn loosenings(page: &mut Page, report: &Report) {
    if report.loosenings.is_empty() {
        return;
    }
    page.heading("Waivers and other loosenings", Tone::Strong);
    for sentence in &report.loosenings {
        page.labelled(2, "-", &escape::line(sentence));
    }
}

/// Findings that no longer count, one line each.
pub(super) fn accepted(page: &mut Page, report: &Report) {
    let accepted: Vec<_> = report
        .findings()
        .into_iter()
        .filter(|finding| finding.status != Status::Open)
        .collect();
    if accepted.is_empty() {
        return;
    }
    page.heading("Accepted findings", Tone::Strong);
    for finding in accepted {
        let text = format!(
            "{} {} at {}: {}",
            finding.severity,
            finding.rule,
            words::short_place(&finding.location),
            prose::plain(&finding.message)
        );
        page.labelled(2, finding.status.as_str(), &escape::line(&text));
    }
}

/// The checklist by area.
pub(super) fn checklist(page: &mut Page, report: &Report) {
    if report.checklist.is_empty() {
        return;
    }
    page.heading("Checklist", Tone::Strong);
    let mut areas: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for item in &report.checklist {
        if !areas.contains_key(item.area.as_str()) {
            order.push(&item.area);
        }
        areas.entry(&item.area).or_default().push(item);
    }
    for area in order {
        let title = page.paint(Tone::Strong, &escape::line(area));
        page.line(&title);
        for item in areas.get(area).into_iter().flatten() {
            let note = if item.note.is_empty() {
                String::new()
            } else {
                format!(" ({})", item.note)
            };
            page.labelled(
                2,
                mark(item.state),
                &escape::line(&format!("{}{note}", item.item)),
            );
        }
        page.blank();
    }
}

fn mark(state: ChecklistState) -> &'static str {
    match state {
        ChecklistState::Pass => "[x]",
        ChecklistState::Attested => "[s]",
        ChecklistState::Fail => "[ ]",
        ChecklistState::Unknown => "[?]",
        ChecklistState::Manual => "[m]",
        ChecklistState::NotApplicable => "[-]",
    }
}
