//! A report with something of everything, and strings from somebody who means harm.

mod cards;
mod findings;

use cards::cards;
use findings::results;
use preop::model::{
    Attestation, ChecklistItem, ChecklistState, Inventory, Language, Location, Outcome, Position,
    RepoPath, Report, RuleCard, Service, Severity, SkipReason, Skipped, Span, Statement, Target,
};
use preop::score::{Policy, Reading, score};
use std::collections::BTreeMap;
use std::num::NonZeroU32;

/// What somebody might put into a file name, a key or a line.
pub(super) const HOSTILE: &str = "\u{1b}[31m\u{202e}::error::x ##[error] <script>alert(1)</script> `a` | b \
                           @team ![i](http://evil.example) %0A \u{9b}2J \u{200b}";

/// The whole answer of an invented audit.
pub(super) fn sample_report() -> Report {
    let rules: BTreeMap<String, RuleCard> = cards()
        .into_iter()
        .map(|card| (card.name.clone(), card))
        .collect();
    let results = results();
    let skipped = skipped();
    let inventory = inventory();
    let policy = Policy {
        fail_on: Some(Severity::High),
        min_score: Some(60),
        ..Policy::default()
    };
    let score = score(&results, &rules, Reading::of(&inventory, &skipped), &policy);
    Report {
        target: Target {
            name: "clinic-api".into(),
            commit: Some("3f2a9c1d0b7e4a5968c7d6e5f4a3b2c1d0e9f8a7".into()),
            dirty: Some(true),
        },
        version: "0.1.0".into(),
        rule_count: rules.len(),
        rules_digest: "9d3c1f0a77e2b465".into(),
        profile: "standard".into(),
        as_of: Some("2026-11-22".into()),
        score,
        services: services(),
        inventory,
        rules,
        results,
        skipped,
        loosenings: vec![
            "comment at `backend/app/main.py:12` accepts 1 finding of `tls-missing`: behind the ward \
             proxy, until 2027-01-31"
                .into(),
            format!("configuration: paths `old/{HOSTILE}` are not audited"),
        ],
        facts: Vec::new(),
        checklist: checklist(),
    }
}

/// An audit of an empty folder.
pub(super) fn empty_report() -> Report {
    let rules = BTreeMap::new();
    Report {
        target: Target {
            name: "empty".into(),
            commit: None,
            dirty: None,
        },
        version: "0.1.0".into(),
        rule_count: 0,
        rules_digest: String::new(),
        profile: "standard".into(),
        as_of: None,
        score: score(&[], &rules, Reading::default(), &Policy::default()),
        services: Vec::new(),
        inventory: Inventory::default(),
        rules,
        results: Vec::new(),
        skipped: Vec::new(),
        loosenings: Vec::new(),
        facts: Vec::new(),
        checklist: Vec::new(),
    }
}

/// An audit that found nothing.
pub(super) fn clean_report() -> Report {
    let mut report = sample_report();
    for result in &mut report.results {
        result.findings.clear();
        if result.outcome != Outcome::NotApplicable("no Dockerfile".into()) {
            result.outcome = Outcome::Pass;
        }
    }
    report.skipped.clear();
    report.loosenings.clear();
    report
        .checklist
        .retain(|item| item.state == ChecklistState::Pass);
    let reading = Reading::of(&report.inventory, &report.skipped);
    report.score = score(&report.results, &report.rules, reading, &Policy::default());
    report
}

/// A place from lines and columns.
pub(super) fn at(path: &str, line: u32, column: u32, end_line: u32, end_column: u32) -> Location {
    let number = |number| NonZeroU32::new(number).unwrap();
    let position = |line, column| Position {
        line: number(line),
        column: number(column),
    };
    Location {
        path: RepoPath::new(path).unwrap(),
        span: Span::new(
            100,
            100 + usize::from(line != end_line || column != end_column),
        ),
        start: position(line, column),
        end: position(end_line, end_column),
    }
}

fn skipped() -> Vec<Skipped> {
    let skip = |path: &str, reason, detail: Option<&str>| Skipped {
        path: path.into(),
        reason,
        detail: detail.map(str::to_owned),
    };
    vec![
        skip("charts/api/values.yaml", SkipReason::Templated, None),
        skip(
            "data/export.json",
            SkipReason::TooLarge,
            Some("12 MiB, 8 MiB are read"),
        ),
        skip(
            &format!("docs/{HOSTILE}.yaml"),
            SkipReason::Malformed,
            Some("line 3"),
        ),
        skip("logo.png", SkipReason::Binary, None),
    ]
}

fn inventory() -> Inventory {
    let numbers = |pairs: &[(&str, u32)]| {
        pairs
            .iter()
            .map(|(name, number)| ((*name).to_owned(), *number))
            .collect()
    };
    Inventory {
        files: 212,
        files_read: 209,
        lines: 18_430,
        roles: numbers(&[("production", 140), ("test", 60), ("docs", 12)]),
        languages: numbers(&[("python", 96), ("typescript", 44)]),
        facts: numbers(&[("db-client", 2), ("route", 42)]),
        ignored: 3,
    }
}

fn services() -> Vec<Service> {
    vec![
        Service {
            name: "backend".into(),
            root: "backend".into(),
            kind: "api".into(),
            languages: [Language::Python].into(),
            frameworks: ["fastapi".to_owned()].into(),
            serves: ["http".to_owned()].into(),
            entrypoints: [RepoPath::new("backend/app/main.py").unwrap()].into(),
            manifest: RepoPath::new("backend/pyproject.toml"),
            files: 96,
            lines: 11_200,
            ..Service::default()
        },
        Service {
            name: "ward-ui".into(),
            root: "ui".into(),
            kind: "web-ui".into(),
            languages: [Language::TypeScript, Language::Tsx].into(),
            frameworks: ["react".to_owned()].into(),
            files: 44,
            lines: 7_230,
            ..Service::default()
        },
    ]
}

fn checklist() -> Vec<ChecklistItem> {
    let item = |area: &str, item: &str, state, rules: &[&str], note: &str| ChecklistItem {
        area: area.into(),
        item: item.into(),
        state,
        rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
        note: note.into(),
        attestation: None,
    };
    use ChecklistState::{Attested, Fail, Manual, NotApplicable, Pass, Unknown};
    vec![
        item(
            "Security and credentials",
            "No secret stands in source",
            Fail,
            &["secret-payment-key"],
            "",
        ),
        item(
            "Security and credentials",
            "Containers run without root",
            Pass,
            &["docker-runs-as-root"],
            "compose.yaml:4",
        ),
        item(
            "Data and persistence",
            "The database is backed up",
            Unknown,
            &["backup-missing"],
            "the Helm values are templates",
        ),
        item(
            "Operations",
            "A disaster recovery plan is approved",
            Manual,
            &["dr-plan-missing"],
            "",
        )
        .attested(None),
        item(
            "Operations",
            "On-call is staffed",
            Attested,
            &[],
            "by the head of operations, 2026-10-01",
        )
        .attested(Some(Statement {
            by: "the head of operations".into(),
            date: "2026-10-01".into(),
            evidence: "rota 7".into(),
            expires: None,
        })),
        item(
            "Deployment configuration",
            "Base images are pinned",
            NotApplicable,
            &["image-unpinned"],
            "no Dockerfile",
        ),
    ]
}

/// A checklist line that only a person can tick.
trait Attested {
    fn attested(self, statement: Option<Statement>) -> Self;
}

impl Attested for ChecklistItem {
    fn attested(mut self, statement: Option<Statement>) -> Self {
        self.attestation = Some(Attestation {
            id: "oncall-staffed".into(),
            vendor: None,
            controls: vec!["164.308(a)(6)(i)".into()],
            statements: statement.into_iter().collect(),
        });
        self
    }
}
