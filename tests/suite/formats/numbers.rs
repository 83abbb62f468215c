//! The numbers of one report, taken out of every format and laid beside each other.

use super::sample::{clean_report, empty_report, sample_report};
use super::{json, list, rendered, styled};
use crate::world::{fixture, report};
use preop::model::{Report, Severity};
use preop::render::{Format, Style};
use std::collections::BTreeMap;

/// Open findings by severity without those at zero, and suspected ones.
#[derive(Debug, Default, PartialEq, Eq)]
struct Numbers {
    open: BTreeMap<String, u64>,
    suspected: u64,
}

impl Numbers {
    fn add(&mut self, severity: &str, number: u64) {
        if number > 0 {
            *self.open.entry(severity.to_owned()).or_default() += number;
        }
    }
}

fn reports() -> Vec<Report> {
    let mut all = vec![sample_report(), clean_report(), empty_report()];
    all.extend(
        ["bed-management", "exemplary", "stream-monitoring"].map(|name| report(&fixture(name))),
    );
    all
}

/// From a sentence such as `open: 6 critical, 2 low; 1 suspected; 98 % of what applies …`.
fn of_sentence(text: &str) -> Numbers {
    let mut numbers = Numbers::default();
    for part in text.split([',', ';']).map(str::trim) {
        let mut words = part.split_whitespace();
        let (Some(number), Some(word)) = (words.next(), words.next()) else {
            continue;
        };
        let Ok(number) = number.parse() else { continue };
        if word == "suspected" {
            numbers.suspected = number;
        } else if Severity::WORST_FIRST.iter().any(|s| s.as_str() == word) {
            numbers.add(word, number);
        }
    }
    numbers
}

/// The sentence after `open` in a text whose lines may be wrapped.
fn open_sentence(text: &str) -> Numbers {
    let plain = text.replace(['*', '\\'], "");
    let plain: Vec<&str> = plain.split_whitespace().collect();
    let plain = plain.join(" ");
    let start = plain
        .find("open: ")
        .map(|at| at + "open: ".len())
        .or_else(|| plain.find("open ").map(|at| at + "open ".len()))
        .expect("the text says what is open");
    let rest = &plain[start..];
    let end = [" of what", "coverage", "covered", " files "]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
        .unwrap_or(rest.len());
    of_sentence(&rest[..end])
}

fn of_markdown(text: &str) -> Numbers {
    let mut numbers = Numbers::default();
    let table = text
        .lines()
        .skip_while(|line| !line.starts_with("| Severity | Open | Suspected |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    for row in table {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        numbers.add(cells[0], cells[1].parse().expect("a number"));
        numbers.suspected += cells[2].parse::<u64>().expect("a number");
    }
    numbers
}

fn of_html(text: &str) -> Numbers {
    let mut numbers = Numbers::default();
    for card in text.split("<li").skip(1) {
        let card = card.split("</li>").next().expect("an item");
        let Some((number, word)) = card.split_once("</b><span>") else {
            continue;
        };
        let number = number.rsplit('>').next().expect("a number");
        let word = word.trim_end_matches("</span>");
        if word == "suspected" {
            numbers.suspected = number.parse().expect("a number");
        } else if let Some(severity) = word.strip_suffix(" open") {
            numbers.add(severity, number.parse().expect("a number"));
        }
    }
    numbers
}

fn of_json(report: &Report) -> Numbers {
    let mut numbers = Numbers::default();
    for finding in list(&json(report, Format::Json)["findings"]) {
        if finding["status"] != "open" {
            continue;
        }
        if finding["confidence"] == "low" {
            numbers.suspected += 1;
        } else {
            numbers.add(finding["severity"].as_str().expect("text"), 1);
        }
    }
    numbers
}

#[test]
fn every_format_counts_the_same() {
    for report in reports() {
        let want = of_json(&report);
        let summary = rendered(&report, Format::Summary);
        let second = summary.lines().nth(1).expect("a second line");
        assert_eq!(open_sentence(second), want, "three lines: {second}");
        let comment = rendered(&report, Format::Comment);
        assert_eq!(open_sentence(&comment), want, "comment");
        let wide = Style {
            width: 200,
            ..Style::default()
        };
        let terminal = styled(&report, Format::Terminal, wide);
        assert_eq!(open_sentence(&terminal), want, "terminal: {terminal}");
        assert_eq!(
            of_markdown(&rendered(&report, Format::Markdown)),
            want,
            "Markdown"
        );
        let mut page = of_html(&rendered(&report, Format::Html));
        // The page has no card for what is only worth knowing.
        page.open.extend(
            want.open
                .get_key_value("info")
                .map(|(k, v)| (k.clone(), *v)),
        );
        assert_eq!(page, want, "HTML");
    }
}

#[test]
fn symbols_stand_beside_words_and_change_none() {
    let report = sample_report();
    let with = Style {
        emoji: true,
        ..Style::default()
    };
    for format in [Format::Markdown, Format::Comment] {
        let (plain, marked) = (rendered(&report, format), styled(&report, format, with));
        assert_ne!(plain, marked);
        let symbols = [
            "🔴 ", "🟠 ", "🟡 ", "🔵 ", "⚪ ", "⛔ ", "⚠️ ", "✅ ", "❓ ",
        ];
        let bare = symbols
            .iter()
            .fold(marked, |text, symbol| text.replace(symbol, ""));
        assert_eq!(bare, plain, "{}", format.as_str());
    }
}

#[test]
fn what_is_proposed_is_off_and_changes_no_number() {
    let style = Style {
        proposed: true,
        ..Style::default()
    };
    for report in reports() {
        let plain = rendered(&report, Format::Markdown);
        assert!(!plain.contains("Proposed in 2025"));
        assert!(!plain.contains("(proposed: required)"));
        let shown = styled(&report, Format::Markdown, style);
        assert_eq!(shown.matches("### Proposed in 2025, not law").count(), 1);
        assert!(shown.contains("addressable (proposed: required)"));
        // Without its own lines the report is the one without it.
        let start = shown.find("### Proposed in 2025").expect("the heading");
        let end = start
            + shown[start..]
                .find("This is engineering evidence")
                .expect("the end");
        let without = format!("{}{}", &shown[..start], &shown[end..]);
        assert_eq!(without.replace(" (proposed: required)", ""), plain);
        for format in Format::ALL
            .into_iter()
            .filter(|format| *format != Format::Markdown)
        {
            assert_eq!(styled(&report, format, style), rendered(&report, format));
        }
    }
}
