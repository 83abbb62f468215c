//! What becomes of all the places of a finding that has many, format by format; and what a rule
//! whose own condition fails says.

use preop::manifest::Source;
use preop::model::{RepoPath, Report};
use preop::render::{Format, Style, render};
use preop::rule::{self, RuleSet};
use preop::source::Memory;
use preop::{Plan, audit, examples};

fn rules(more: &str) -> RuleSet {
    let text = format!(
        r#"
apiVersion: preop.dev/v1
kind: Rule
metadata: {{name: chart-sent, title: Charts are sent, category: data}}
spec:
  severity: critical
  confidence: high
  effort: 5m
  message: "`{{what}}` is sent {{count}} times"
  rationale: Charts hold diagnoses.
  remediation: Send no charts.
  match:
    text: {{regex: 'send_chart\((?<what>[^)\n]*)\)'}}
{more}
  examples:
    - name: sent
      bad: {{a.txt: "send_chart(x)"}}
      expect: ["a.txt:1"]
    - name: not sent
      good: {{a.txt: "keep_chart(x)"}}
"#
    );
    let source = Source::new("data/chart-sent.yaml", text);
    rule::load(&[source], true).unwrap_or_else(|problems| panic!("{}", problems.render(100, false)))
}

/// The report on `count` lines of which each sends a chart, ten a file.
fn sent(rules: &RuleSet, count: usize, what: &str) -> Report {
    let files = (0..count.div_ceil(10)).map(|file| {
        let lines = (count - file * 10).min(10);
        let path = RepoPath::new(&format!("src/ward{file:02}.py")).unwrap();
        (
            path,
            format!("send_chart({what})\n").repeat(lines).into_bytes(),
        )
    });
    audit(&Memory::new(files.collect()), rules, &Plan::default()).unwrap()
}

fn rendered(report: &Report, format: Format) -> String {
    let mut out = Vec::new();
    render(report, format, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn data_has_every_place_and_documents_say_how_many_they_leave_out() {
    let rules = rules("  groupBy: '\"all\"'");
    let report = sent(&rules, 86, "x");
    let [finding] = report.findings()[..] else {
        panic!("one finding");
    };
    assert_eq!((finding.related.len(), finding.more), (85, 0));
    for (format, key) in [
        (Format::Json, "related"),
        (Format::Sarif, "relatedLocations"),
    ] {
        let document: serde_json::Value = serde_json::from_str(&rendered(&report, format)).unwrap();
        let listed = match format {
            Format::Json => &document["findings"][0][key],
            _ => &document["runs"][0]["results"][0][key],
        };
        assert_eq!(listed.as_array().map(Vec::len), Some(85), "{key}");
    }
    let last = "src/ward08.py:6";
    let page = rendered(&report, Format::Html);
    assert!(page.contains(last) && page.contains("75 more places"));
    let text = rendered(&report, Format::Markdown);
    assert!(!text.contains(last) && text.contains("and 75 more places"));
    let text = rendered(&report, Format::Terminal);
    assert!(!text.contains(last) && text.contains("79 more places"));
}

#[test]
fn beyond_a_bound_places_are_counted() {
    let report = sent(&rules("  groupBy: '\"all\"'"), 620, "x");
    let findings = report.findings();
    assert_eq!((findings[0].related.len(), findings[0].more), (500, 119));
    let sarif: serde_json::Value = serde_json::from_str(&rendered(&report, Format::Sarif)).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["properties"]["morePlaces"], 119);
}

#[test]
fn code_with_backticks_stays_code_in_every_format() {
    let report = sent(&rules(""), 1, "f`${patient.id}`");
    assert_eq!(
        report.findings()[0].message,
        "`` f`${patient.id}` `` is sent 1 times"
    );
    for (format, want) in [
        (Format::Terminal, "f`${patient.id}` is sent"),
        (Format::Github, "f`${patient.id}` is sent"),
        (Format::Gitlab, "f`${patient.id}` is sent"),
        (Format::Junit, "f`${patient.id}` is sent"),
        (Format::Sarif, "f`${patient.id}` is sent"),
        (Format::Markdown, "`` f`${patient.id}` `` is sent"),
        (Format::Html, "<code>f`${patient.id}`</code> is sent"),
    ] {
        let text = rendered(&report, format);
        assert!(text.contains(want), "{format:?}: {text}");
    }
}

#[test]
fn a_condition_that_fails_is_a_defect_of_the_rule() {
    let broken = "  adjust:
    - when: lower(hit.file) == \"x\"
      severity: low
      because: the chart is empty";
    let rules = rules(broken);
    let rule = &rules.rules[0];
    let verdict = examples::run_rule(&rules, rule, &rule.examples[0]);
    assert!(!verdict.holds());
    let why = "a condition of the rule could not be evaluated: `lower`: wants text, not a mapping";
    assert!(verdict.to_string().contains(why), "{verdict}");
    let report = sent(&rules, 1, "x");
    let notes = report.findings()[0].notes.join("\n");
    assert!(
        notes.starts_with("may be critical: a condition of the rule"),
        "{notes}"
    );
    assert!(
        notes.ends_with("the severity is the least that may hold"),
        "{notes}"
    );
}
