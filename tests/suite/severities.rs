//! How bad a finding is said to be: where an adjustment cannot be decided it claims the least, and
//! says so; and a finding on a group points at its anchor and lists what it is about.

use crate::world::RULES;
use preop::manifest::Source;
use preop::model::{
    ChecklistItem, ChecklistState, Confidence, Finding, RepoPath, Report, Severity,
};
use preop::rule::{self, RuleSet};
use preop::source::Memory;
use preop::{Plan, audit};

const RULE: &str = r#"
apiVersion: preop.dev/v1
kind: Rule
metadata: {name: image-foreign, title: Image from elsewhere, category: compose, tags: [docker], since: 0.1.0}
spec:
  severity: high
  confidence: high
  effort: 5m
  theme: outage
  message: "image of `{key}`"
  rationale: It is somebody else's.
  remediation: Build it.
  match: {data: {format: compose, select: "$.services[*]"}}
  adjust:
    - {when: 'hit.value.image.startsWith("clinic/")', severity: low, confidence: medium, because: it is built here}
    - {when: 'hit.value.image.endsWith(":latest")', severity: critical, because: it changes by itself}
  examples:
    - {name: elsewhere, bad: {compose.yaml: "services: {api: {image: other/api:1}}\n"}, expect: ["compose.yaml:1"]}
    - {name: none, good: {compose.yaml: "services: {}\n"}}
"#;

fn loaded(rule: &str) -> RuleSet {
    let source = Source::new("rules/compose/image-foreign.yaml", rule.to_owned());
    rule::load(&[source], true).unwrap_or_else(|problems| panic!("{}", problems.render(100, false)))
}

fn report(rules: &RuleSet, files: &[(&str, &str)]) -> Report {
    let files = files
        .iter()
        .map(|(path, text)| (RepoPath::new(path).unwrap(), text.as_bytes().to_vec()));
    let memory = Memory::new(files.collect());
    audit(&memory, rules, &Plan::default()).unwrap()
}

fn findings(rules: &RuleSet, name: &str, files: &[(&str, &str)]) -> Vec<Finding> {
    let report = report(rules, files);
    let all = report.findings().into_iter();
    all.filter(|finding| finding.rule == name)
        .cloned()
        .collect()
}

#[test]
fn an_adjustment_in_doubt_lowers_the_claim_and_is_named() {
    let rules = loaded(RULE);
    let doubt = |most: &str, why: &str| {
        format!(
            "may be {most}: it is undecided whether \"{why}\" (`hit.value.image` cannot be told from the repository)"
        )
    };
    for (image, severity, confidence, notes) in [
        ("other/api:1", Severity::High, Confidence::High, vec![]),
        (
            "clinic/api:1",
            Severity::Low,
            Confidence::Medium,
            vec!["it is built here".to_owned()],
        ),
        (
            "other/api:latest",
            Severity::Critical,
            Confidence::High,
            vec!["it changes by itself".to_owned()],
        ),
        (
            "${IMAGE}",
            Severity::Low,
            Confidence::Medium,
            vec![
                doubt("high", "it is built here"),
                doubt("critical", "it changes by itself"),
            ],
        ),
    ] {
        let compose = format!("services: {{api: {{image: \"{image}\"}}}}\n");
        let found = findings(&rules, "image-foreign", &[("compose.yaml", &compose)]);
        let [finding] = found.as_slice() else {
            panic!("{image}: {} findings", found.len());
        };
        assert_eq!(finding.severity, severity, "{image}");
        assert_eq!(finding.confidence, confidence, "{image}");
        assert_eq!(finding.notes, notes, "{image}");
    }
}

/// An application of `FastAPI` with routes for `open`, `guarded` and `undecided` paths.
fn application(open: &[&str], guarded: &[&str], undecided: &[&str]) -> Vec<Finding> {
    let mut main = "\
from fastapi import APIRouter, Depends, FastAPI
from vendor.door import put_up
app = FastAPI()
router = APIRouter()
put_up(app, router)
"
    .to_owned();
    let kinds = [
        (open, "app", ""),
        (guarded, "app", "user=Depends(current_user)"),
        (undecided, "router", ""),
    ];
    for (paths, receiver, parameters) in kinds {
        for path in paths {
            main.push_str(&format!(
                "@{receiver}.get(\"{path}\")\nasync def read({parameters}):\n    return []\n"
            ));
        }
    }
    let files = [
        ("requirements.txt", "fastapi==0.115.0\n"),
        ("main.py", main.as_str()),
    ];
    findings(&RULES, "authn-missing", &files)
}

#[test]
fn open_routes_are_counted_and_listed_at_the_application() {
    let found = application(&["/patients", "/beds"], &[], &[]);
    let [finding] = found.as_slice() else {
        panic!("{} findings", found.len());
    };
    assert_eq!(finding.location.to_string(), "main.py:3");
    assert_eq!(
        finding.message,
        "2 of 2 routes of service `memory` should ask who is calling, and let anybody in"
    );
    let listed: Vec<(u32, &str)> = finding
        .related
        .iter()
        .map(|related| (related.location.line(), related.label.as_str()))
        .collect();
    assert_eq!(listed, [(6, "GET /patients"), (9, "GET /beds")]);

    let many: Vec<String> = (0..14)
        .map(|number| format!("/patients/{number}"))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let found = application(&many, &[], &[]);
    assert_eq!((found[0].related.len(), found[0].more), (14, 0));
    assert_eq!(finding.fingerprint, found[0].fingerprint);
}

#[test]
fn open_routes_are_critical_only_where_most_of_the_data_is_open() {
    let data = [
        "/patients",
        "/beds",
        "/allergies",
        "/vitals",
        "/notes",
        "/rooms",
    ];
    for (open, guarded, undecided, severity) in [
        (6, 0, 0, Severity::Critical),
        (5, 1, 0, Severity::Critical),
        (5, 0, 1, Severity::Critical),
        (3, 3, 0, Severity::High),
        (2, 1, 0, Severity::High),
        (4, 1, 1, Severity::High),
        (3, 1, 2, Severity::High),
    ] {
        let (first, rest) = data.split_at(open);
        let (second, rest) = rest.split_at(guarded);
        let third = &rest[..undecided];
        // One that asks, so that there is a check at all.
        let asking: Vec<&str> = second.iter().copied().chain(["/about"]).collect();
        let found = application(first, &asking, third);
        let [finding] = found.as_slice() else {
            panic!("{open} {guarded} {undecided}: {} findings", found.len());
        };
        assert_eq!(finding.severity, severity, "{open} {guarded} {undecided}");
        let total = open + guarded + undecided + 1;
        assert!(
            finding
                .message
                .starts_with(&format!("{open} of {total} routes of service")),
            "{}",
            finding.message
        );
    }
    assert!(application(&["/about"], &data, &[]).is_empty());
    assert!(application(&["/login"], &["/beds"], &["/patients"]).is_empty());
}

#[test]
fn advice_fails_no_line_of_the_checklist() {
    let rules = loaded(&RULE.replacen("severity: low", "severity: info", 1));
    for (services, state, note) in [
        (
            "api: {image: clinic/api:1}",
            ChecklistState::Pass,
            "compose.yaml:1, for information",
        ),
        (
            "api: {image: clinic/api:1},\n  db: {image: other/db:1}",
            ChecklistState::Fail,
            "compose.yaml:2",
        ),
        ("", ChecklistState::Pass, "nothing found against it"),
    ] {
        let compose = format!("services: {{{services}}}\n");
        let report = report(&rules, &[("compose.yaml", &compose)]);
        let of_rule = |line: &&ChecklistItem| line.rules.iter().any(|it| it == "image-foreign");
        let line = report.checklist.iter().find(of_rule).unwrap();
        assert_eq!(
            (line.state, line.note.as_str()),
            (state, note),
            "{services}"
        );
    }
}
