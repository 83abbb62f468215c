//! A report that was stored as JSON is the report: every format has the same bytes.

use super::sample::{clean_report, empty_report, sample_report};
use super::{rendered, styled};
use preop::model::Diff;
use preop::render::{Format, Style, json};

#[test]
fn every_format_from_stored_json_has_the_bytes_of_the_audit() {
    for report in [sample_report(), clean_report(), empty_report()] {
        let stored = json::read(&rendered(&report, Format::Json)).expect("a report");
        for format in Format::ALL {
            for colour in [false, true] {
                let style = Style {
                    colour,
                    width: 100,
                    ..Style::default()
                };
                assert_eq!(
                    styled(&stored, format, style),
                    styled(&report, format, style),
                    "{}",
                    format.as_str()
                );
            }
        }
    }
}

#[test]
fn what_is_no_report_is_called_by_its_name() {
    for (text, words) in [
        ("", "not JSON"),
        ("{\"apiVersion\": ", "not JSON"),
        ("[1, 2]", "another tool's JSON"),
        (
            "{\"version\": \"2.1.0\", \"runs\": []}",
            "another tool's JSON",
        ),
        (
            "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\"}",
            "found `ConfigMap` of `v1`",
        ),
        (
            "{\"apiVersion\": \"preop.dev/v2\", \"kind\": \"ReadinessReport\"}",
            "`preop.dev/v2`",
        ),
        (
            "{\"apiVersion\": \"preop.dev/v1\", \"kind\": \"ReadinessReport\"}",
            "missing field `metadata`",
        ),
    ] {
        let error = json::read(text).expect_err(text);
        assert!(error.to_string().contains(words), "{text}: {error}");
        assert!(!error.help().is_empty());
    }
    let whole = rendered(&sample_report(), Format::Json);
    let escaping = whole.replace("\"backend/app/main.py\"", "\"../../etc/passwd\"");
    let error = json::read(&escaping).expect_err("a path that leaves the repository");
    assert!(error.to_string().contains("no path inside"), "{error}");
}

/// The document with every number as large as its field holds.
fn absurd(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Number(number) if number.is_u64() => *value = u32::MAX.into(),
        serde_json::Value::Array(items) => items.iter_mut().for_each(absurd),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(absurd),
        _ => {}
    }
}

#[test]
fn absurd_numbers_in_a_stored_report_break_nothing() {
    let mut document: serde_json::Value =
        serde_json::from_str(&rendered(&sample_report(), Format::Json)).expect("JSON");
    absurd(&mut document);
    let report = json::read(&document.to_string()).expect("numbers are numbers");
    for format in Format::ALL {
        assert!(!rendered(&report, format).is_empty(), "{}", format.as_str());
    }
    let diff = Diff::of(&report, &report);
    assert!(!preop::render::diff_markdown(&diff).is_empty());
}

#[test]
fn a_comparison_looks_as_reviewed() {
    let (old, mut new) = (clean_report(), sample_report());
    new.target.name = "clinic-api".into();
    for (name, diff) in [
        ("diff-worse", Diff::of(&old, &new)),
        ("diff-better", Diff::of(&new, &old)),
    ] {
        insta::assert_snapshot!(name, preop::render::diff_terminal(&diff, &Style::default()));
        insta::assert_snapshot!(
            format!("{name}-markdown"),
            preop::render::diff_markdown(&diff)
        );
        let json: serde_json::Value =
            serde_json::from_str(&preop::render::diff_json(&diff).expect("text")).expect("JSON");
        assert_eq!(
            json["added"].as_array().map(Vec::len),
            Some(diff.added.len())
        );
        assert_eq!(json["worse"], diff.worse());
    }
}

#[test]
fn a_report_beside_itself_did_not_change() {
    let report = sample_report();
    let diff = Diff::of(&report, &report);
    assert!(!diff.worse());
    assert!(diff.fixed.is_empty() && diff.added.is_empty() && diff.lost.is_empty());
    assert!(diff.caveats().is_empty());
}

#[test]
fn a_finding_whose_rule_no_longer_looks_is_not_fixed() {
    let (old, mut new) = (sample_report(), sample_report());
    let gone = old.findings()[0].rule.clone();
    for result in new.results.iter_mut().filter(|result| result.rule == gone) {
        result.findings.clear();
        result.outcome = preop::model::Outcome::Unknown("the file could not be parsed".into());
    }
    let diff = Diff::of(&old, &new);
    assert!(diff.fixed.is_empty(), "nothing shows that it is fixed");
    assert!(diff.lost.iter().all(|lost| lost.finding.rule == gone));
    assert!(!diff.lost.is_empty() && !diff.unknown.is_empty());
    new.rules.remove(&gone);
    new.results.retain(|result| result.rule != gone);
    let diff = Diff::of(&old, &new);
    assert!(diff.fixed.is_empty());
    assert_eq!(diff.lost[0].why, preop::model::Unseen::NotRun);
}
