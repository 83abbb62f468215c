//! What waivers accept, what they do not, and what is said of both.

use super::*;
use crate::model::{
    Confidence, Finding, Fingerprint, Location, Outcome, Position, RepoPath, Severity, Span,
    WaiverSource,
};
use std::num::NonZeroU32;

fn place(path: &str, line: u32) -> Location {
    let line = NonZeroU32::new(line).unwrap();
    let start = Position {
        line,
        column: NonZeroU32::MIN,
    };
    Location {
        path: RepoPath::new(path).unwrap(),
        span: Span::new(0, 0),
        start,
        end: start,
    }
}

fn finding(rule: &str, path: &str, line: u32) -> Finding {
    Finding {
        rule: rule.into(),
        severity: Severity::High,
        confidence: Confidence::High,
        message: "something is wrong".into(),
        service: None,
        location: place(path, line),
        excerpt: String::new(),
        excerpt_line: 1,
        related: Vec::new(),
        more: 0,
        notes: Vec::new(),
        fingerprint: Fingerprint(format!("{rule}-{path}-{line}")),
        status: Status::Open,
        effort_minutes: 5,
    }
}

fn results() -> Vec<RuleResult> {
    ["port-open", "secret-key"]
        .map(|rule| RuleResult {
            rule: rule.into(),
            scope: ".".into(),
            outcome: Outcome::Fail,
            findings: vec![
                finding(rule, "app/a.py", 3),
                finding(rule, "app/a.py", 40),
                finding(rule, "ops/b.yaml", 7),
            ],
            evidence: Vec::new(),
            judged: 3,
        })
        .into()
}

fn cards() -> BTreeMap<String, RuleCard> {
    let card = |name: &str, category: &str| RuleCard {
        name: name.into(),
        title: name.into(),
        category: category.into(),
        severity: Severity::High,
        confidence: Confidence::High,
        rationale: String::new(),
        remediation: String::new(),
        verify: None,
        effort_minutes: 5,
        references: Vec::new(),
        controls: Vec::new(),
        theme: String::new(),
        area: String::new(),
        positive: String::new(),
        scoring: "binary".into(),
        tags: Vec::new(),
        required: false,
    };
    [card("port-open", "compose"), card("secret-key", "secrets")]
        .into_iter()
        .map(|card| (card.name.clone(), card))
        .collect()
}

fn comment(
    rules: &[&str],
    line: u32,
    target: u32,
    reason: &str,
    until: Option<&str>,
) -> InlineWaiver {
    InlineWaiver {
        line,
        target_line: target,
        rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
        reason: reason.into(),
        until: until.map(str::to_owned),
        location: place("app/a.py", line),
    }
}

/// Applies one comment and tells how many findings are no longer open, and what was said.
fn with_comment(comment: InlineWaiver, as_of: Option<&str>) -> (usize, Vec<String>) {
    let inline = [comment];
    with(&Decisions {
        inline: &inline,
        as_of,
        ..Decisions::default()
    })
}

fn with(decisions: &Decisions<'_>) -> (usize, Vec<String>) {
    let mut results = results();
    let said = apply(&mut results, &cards(), decisions);
    let closed = results
        .iter()
        .flat_map(|r| &r.findings)
        .filter(|f| f.status != Status::Open);
    (closed.count(), said)
}

const GOOD: &str = "behind the ward proxy";

#[test]
fn comments_accept_their_line_their_rules_and_their_file() {
    let (closed, said) = with_comment(comment(&["port-open"], 2, 3, GOOD, None), None);
    assert_eq!(closed, 1);
    assert_eq!(
        said,
        ["comment at `app/a.py:2` accepts 1 finding of `port-open`: behind the ward proxy"]
    );
    assert_eq!(
        with_comment(
            comment(&["port-open", "secret-key"], 2, 3, GOOD, None),
            None
        )
        .0,
        2
    );
    assert_eq!(
        with_comment(comment(&["port-open"], 2, 0, GOOD, None), None).0,
        2
    );
}

#[test]
fn void_comments_accept_nothing_and_are_named() {
    let today = Some("2026-06-01");
    let cases = [
        (
            comment(&["port-open"], 2, 3, "because", None),
            "fewer than 10 characters",
        ),
        (
            comment(&["port-open"], 2, 3, GOOD, Some("2026-05-31")),
            "it expired on 2026-05-31",
        ),
        (
            comment(&["port-open"], 2, 3, GOOD, Some("soon")),
            "`soon` is no date",
        ),
        (
            comment(&["port-open"], 2, 3, GOOD, Some("2026-13-01")),
            "is no date",
        ),
        (
            comment(&["port-opne"], 2, 3, GOOD, None),
            "no active rule is named `port-opne`",
        ),
        (
            comment(&["port-open"], 2, 4, GOOD, None),
            "no open finding of `port-open` matches",
        ),
        (
            comment(&["*"], 2, 3, GOOD, None),
            "names the rules it accepts",
        ),
        (
            comment(&["port-open"], 21, 0, GOOD, None),
            "in its first 20 lines",
        ),
    ];
    for (comment, why) in cases {
        let (closed, said) = with_comment(comment, today);
        assert_eq!(closed, 0, "{why}");
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(
            said[0].contains("accepts nothing: ") && said[0].contains(why),
            "{said:?}"
        );
    }
}

#[test]
fn the_last_day_still_holds_and_no_date_is_said() {
    let until = comment(&["port-open"], 2, 3, GOOD, Some("2026-06-01"));
    assert_eq!(with_comment(until.clone(), Some("2026-06-01")).0, 1);
    let (closed, said) = with_comment(until, None);
    assert_eq!(closed, 1);
    assert_eq!(
        said[1],
        "no date was given, so the expiry of 1 waiver was not checked"
    );
}

#[test]
fn other_tools_comments_speak_of_secrets_only() {
    let (closed, said) = with_comment(comment(&[], 3, 3, "", None), None);
    assert_eq!(closed, 1);
    assert_eq!(
        said,
        ["another tool's comment at `app/a.py:3` accepts 1 finding of `secret-key`"]
    );
    assert_eq!(
        with_comment(comment(&[], 9, 9, "", None), None),
        (0, Vec::new())
    );
}

#[test]
fn configuration_speaks_of_files_folders_and_globs() {
    let cases = [
        ("", 3),
        ("path: app/a.py", 2),
        ("path: app/", 2),
        ("path: 'ops/*.yaml'", 1),
        ("path: '*.py'", 0),
    ];
    for (path, want) in cases {
        let text = format!(
            "apiVersion: preop.dev/v1\nkind: Config\nspec:\n  waivers:\n  - rule: port-open\n    \
             reason: {GOOD}\n    approvedBy: security\n    until: 2027-01-01\n    {path}\n"
        );
        let config = Config::parse(&text).unwrap();
        let as_of = Some("2026-01-01");
        let (closed, said) = with(&Decisions {
            config: Some(&config),
            as_of,
            ..Decisions::default()
        });
        assert_eq!(closed, want, "{path}");
        assert_eq!(said.len(), 1, "{said:?}");
        if want == 3 {
            assert_eq!(
                said[0],
                "configuration, waiver 1 accepts 3 findings of `port-open`: behind the ward proxy, \
                 approved by security, until 2027-01-01"
            );
        }
    }
}

#[test]
fn expired_is_as_if_absent() {
    let expired = comment(&["port-open"], 2, 3, GOOD, Some("2020-01-01"));
    let text = format!(
        "apiVersion: preop.dev/v1\nkind: Config\nspec: {{waivers: [{{rule: port-open, reason: {GOOD}}}]}}"
    );
    let config = Config::parse(&text).unwrap();
    let inline = [expired];
    let mut results = results();
    let decisions = Decisions {
        inline: &inline,
        config: Some(&config),
        as_of: Some("2026-01-01"),
        baseline: None,
    };
    apply(&mut results, &cards(), &decisions);
    let Status::Waived(waiver) = &results[0].findings[0].status else {
        panic!("not waived")
    };
    assert_eq!(waiver.source, WaiverSource::Config);
}

#[test]
fn wrong_configurations_are_errors_with_a_place() {
    let head = "apiVersion: preop.dev/v1\nkind: Config\n";
    for (text, want) in [
        (format!("{head}spec:\n  exlude: []\n"), "exlude"),
        (
            format!("{head}spec:\n  severity:\n    a: terrible\n"),
            "terrible",
        ),
        (format!("{head}spec:\n  waivers:\n  - rule: a\n"), "reason"),
        (
            "apiVersion: preop.dev/v2\nkind: Config\n".to_owned(),
            "preop.dev/v2",
        ),
        ("apiVersion: preop.dev/v1\nkind: Rule\n".to_owned(), "Rule"),
    ] {
        let error = Config::parse(&text).unwrap_err();
        assert!(error.to_string().contains(want), "{error}");
        assert!(error.location().is_some(), "{error}");
    }
    assert_eq!(Config::parse(head).unwrap().spec, ConfigSpec::default());
}

#[test]
fn configuration_tells_what_it_loosens() {
    let text = "apiVersion: preop.dev/v1\nkind: Config\nspec:\n  profile: strict\n  exclude: ['old/**']\n  \
                severity: {port-open: low}\n  rules: {disable: [tls-missing]}\n";
    assert_eq!(
        Config::parse(text).unwrap().loosenings(),
        [
            "configuration: paths `old/**` are not audited",
            "configuration: rule `tls-missing` does not run",
            "configuration: rule `port-open` has severity `low`",
        ]
    );
}

#[test]
fn a_baseline_survives_writing_and_knows_its_findings() {
    let mut all = results();
    let findings: Vec<Finding> = all.iter().flat_map(|r| r.findings.clone()).collect();
    let mut baseline = Baseline::of(findings.iter().take(4), Some("2026-01-01"));
    let text = baseline.to_yaml();
    assert_eq!(Baseline::parse(&text).unwrap(), baseline);
    assert_eq!(text.lines().count(), 9, "{text}");

    all[1].findings.pop();
    all[0].findings.remove(0);
    let decisions = Decisions {
        baseline: Some(&baseline),
        ..Decisions::default()
    };
    let said = apply(&mut all, &cards(), &decisions);
    let known = all
        .iter()
        .flat_map(|r| &r.findings)
        .filter(|f| f.status == Status::Known)
        .count();
    assert_eq!(known, 3);
    assert_eq!(
        said,
        [
            "baseline: 3 findings are known and not counted",
            "baseline: 1 entry matches no finding; `preop baseline prune` drops them",
        ]
    );
    assert_eq!(baseline.prune(all.iter().flat_map(|r| &r.findings)), 1);
    assert_eq!(baseline.spec.findings.len(), 3);
}

#[test]
fn an_empty_baseline_is_still_a_manifest() {
    let empty = Baseline::of([], None);
    assert_eq!(Baseline::parse(&empty.to_yaml()).unwrap(), empty);
}
