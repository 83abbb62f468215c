//! The Markdown report as a document: sections, tables, words, and the same numbers as the short forms.

use super::sample::{clean_report, empty_report, sample_report};
use super::{json, rendered, styled};
use crate::world::{fixture, report};
use preop::model::{Priority, Report};
use preop::render::{Format, Section, Sections, Style};

const FIXTURES: [&str; 5] = [
    "bed-management",
    "ehr-viewer",
    "medspa-platform",
    "simulation-chat",
    "stream-monitoring",
];

/// Headings that a launch review looks for, in their order.
const HEADINGS: [&str; 25] = [
    "## Executive summary",
    "## Scorecard",
    "## Critical issues (P0)",
    "## High-priority issues (P1, fix before production traffic)",
    "## Medium and low issues",
    "## Architecture and data flow",
    "## Capacity analysis",
    "## Security audit",
    "## Compliance gaps (HIPAA)",
    "## Reliability",
    "## Observability",
    "## Expected impact after fixes",
    "## Production readiness checklist",
    "## Action plan",
    "## Timeline and effort",
    "## Priority matrix",
    "## Risk assessment",
    "## Decision matrix",
    "## Rollback",
    "## Known limitations and unknowns",
    "## Success metrics",
    "## Launch strategy",
    "## Sign-off",
    "## Next review",
    "## Appendix",
];

fn all() -> Vec<Report> {
    let mut reports = vec![sample_report(), clean_report(), empty_report()];
    reports.extend(FIXTURES.map(|name| report(&fixture(name))));
    reports
}

/// Cells of a row: bars that are not escaped and not in code.
fn cells(row: &str) -> usize {
    let (mut count, mut escaped) = (0, false);
    for character in row.chars() {
        count += usize::from(character == '|' && !escaped);
        escaped = character == '\\' && !escaped;
    }
    count
}

#[test]
fn the_document_has_every_section_and_its_tables_are_whole() {
    for report in all() {
        let text = rendered(&report, Format::Markdown);
        let headings: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("## "))
            .collect();
        assert_eq!(headings, HEADINGS);
        let mut width = None;
        let mut fenced = false;
        for line in text.lines() {
            fenced ^= line.starts_with("```");
            if fenced || !line.starts_with('|') {
                width = None;
                continue;
            }
            assert_eq!(*width.get_or_insert(cells(line)), cells(line), "{line}");
        }
    }
}

#[test]
fn no_format_calls_anything_compliant() {
    for report in all() {
        for format in Format::ALL {
            let text = rendered(&report, format).to_lowercase();
            assert!(!text.contains("compliant"), "{}", format.as_str());
        }
        let text = rendered(&report, Format::Markdown);
        assert!(text.contains("This is engineering evidence, not legal advice"));
        assert_eq!(
            text.matches("| § 164.").count(),
            35,
            "every row, whatever was found"
        );
    }
}

#[test]
fn a_choice_of_sections_changes_no_number() {
    let report = sample_report();
    let whole = rendered(&report, Format::Markdown);
    for (section, name) in Section::ALL {
        assert_eq!(Section::named(name), Some(section));
        let sections = Sections::only(&[section]);
        let style = Style {
            sections,
            ..Style::default()
        };
        let text = styled(&report, Format::Markdown, style);
        let titles = text.lines().filter(|line| line.starts_with("## "));
        assert_eq!(titles.count(), 1, "{name}");
        for line in text.lines() {
            assert!(whole.contains(line), "{name}: {line}");
        }
    }
}

#[test]
fn three_lines_a_comment_and_the_documents_tell_the_same_numbers() {
    for report in all() {
        let issues = report.issues();
        let blocking = issues
            .iter()
            .filter(|issue| issue.priority == Priority::P0)
            .count();
        let of = |format| rendered(&report, format);
        let (summary, comment) = (of(Format::Summary), of(Format::Comment));
        let (markdown, html, terminal) =
            (of(Format::Markdown), of(Format::Html), of(Format::Terminal));
        assert_eq!(summary.lines().count(), 3);
        let data = json(&report, Format::Json);
        let score = &data["status"]["score"];
        for text in [&summary, &comment, &markdown, &html, &terminal] {
            assert!(text.contains(report.score.verdict.as_str()));
        }
        if let Some(score) = score.as_u64() {
            for text in [&summary, &comment, &markdown, &terminal] {
                assert!(text.contains(&format!("{score}/100")), "{text}");
            }
            assert!(html.contains(&format!("score {score} of 100")));
        }
        // The words of the three lines stand in the comment as they are.
        for line in summary.lines() {
            let plain = comment.replace(['\\', '*', '`'], "");
            assert!(
                plain.contains(&line.replace(['\\', '*', '`'], "")),
                "{line}\n{comment}"
            );
        }
        let open = summary
            .lines()
            .nth(1)
            .and_then(|line| line.strip_prefix("open: "))
            .expect("a line");
        let open = open
            .split("; 1")
            .next()
            .expect("a part")
            .split(" of what")
            .next()
            .expect("a part");
        assert!(
            terminal
                .replace('\n', " ")
                .contains(open.split(';').next().expect("numbers")),
            "{open}"
        );
        if blocking > 0 {
            assert!(comment.contains(&format!("What blocks the launch ({blocking})")));
            assert!(html.contains(&format!("{blocking} blocking")));
            let noun = if blocking == 1 {
                "blocking issue"
            } else {
                "blocking issues"
            };
            assert!(markdown.contains(&format!("{blocking} {noun} must be fixed")));
        }
        if !issues.is_empty() {
            assert!(
                markdown.contains(&format!("| **Total** | {} |", issues.len())),
                "the timeline"
            );
            assert!(summary.contains(&format!("work: {} issue", issues.len())));
        }
    }
}

#[test]
fn a_comment_fits_whatever_was_found() {
    let mut report = sample_report();
    let long = "a finding that says very much ".repeat(4_000);
    report.loosenings = (0..500).map(|index| format!("{index} {long}")).collect();
    for result in &mut report.results {
        for finding in &mut result.findings {
            finding.message = long.clone();
        }
    }
    let text = rendered(&report, Format::Comment);
    assert!(text.len() < 65_000, "{}", text.len());
    assert!(text.contains("Cut here"));
    assert!(text.starts_with("## Production readiness"));
}

#[test]
fn every_issue_names_the_page_that_explains_it() {
    let report = sample_report();
    for format in [Format::Markdown, Format::Html, Format::Terminal] {
        let text = rendered(&report, format);
        for issue in report
            .issues()
            .iter()
            .filter(|issue| issue.priority <= Priority::P1)
        {
            assert!(
                text.contains(&format!("preop explain {}", issue.rule)),
                "{}",
                format.as_str()
            );
        }
    }
}
