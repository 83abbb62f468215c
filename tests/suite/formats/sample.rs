//! A report with something of everything, and strings from somebody who means harm.

use preop::model::{
    ChecklistItem, ChecklistState, Confidence, Control, Evidence, Finding, Fingerprint, Inventory,
    Language, Location, Outcome, Position, Related, RepoPath, Report, RuleCard, RuleResult,
    Service, Severity, SkipReason, Skipped, Span, Status, Target, Waiver, WaiverSource,
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

struct Card(
    &'static str,
    &'static str,
    &'static str,
    Severity,
    Confidence,
    &'static str,
    u32,
);

fn cards() -> Vec<RuleCard> {
    use Confidence::{High, Low, Medium};
    [
        Card(
            "secret-payment-key",
            "Payment key in source",
            "secrets",
            Severity::Critical,
            High,
            "data-breach",
            30,
        ),
        Card(
            "route-unauthenticated",
            "Patient route without authentication",
            "api",
            Severity::Critical,
            High,
            "data-breach",
            120,
        ),
        Card(
            "tls-missing",
            "Database connection without TLS",
            "data",
            Severity::High,
            High,
            "data-breach",
            20,
        ),
        Card(
            "thread-per-event",
            "A thread for every event",
            "concurrency",
            Severity::High,
            Medium,
            "outage",
            90,
        ),
        Card(
            "compose-restart-missing",
            "Service has no restart policy",
            "compose",
            Severity::Medium,
            High,
            "outage",
            5,
        ),
        Card(
            "health-endpoint-missing",
            "No health endpoint",
            "observability",
            Severity::Medium,
            High,
            "blind-operations",
            30,
        ),
        Card(
            "compose-version-obsolete",
            "Obsolete compose key",
            "compose",
            Severity::Low,
            High,
            "change-failure",
            2,
        ),
        Card(
            "phi-in-logs",
            "Patient data in logs",
            "healthcare",
            Severity::Critical,
            Low,
            "data-breach",
            45,
        ),
        Card(
            "image-unpinned",
            "Base image without a digest",
            "containers",
            Severity::Medium,
            High,
            "change-failure",
            10,
        ),
        Card(
            "docker-runs-as-root",
            "Container runs as root",
            "containers",
            Severity::High,
            High,
            "data-breach",
            10,
        ),
        Card(
            "backup-missing",
            "No backup of the database",
            "data",
            Severity::High,
            Medium,
            "data-loss",
            240,
        ),
        Card(
            "dr-plan-missing",
            "No disaster recovery plan",
            "operations",
            Severity::High,
            High,
            "data-loss",
            360,
        ),
    ]
    .into_iter()
    .map(card)
    .collect()
}

fn card(Card(name, title, category, severity, confidence, theme, effort): Card) -> RuleCard {
    let hipaa = |id: &str| Control {
        standard: "hipaa".into(),
        id: id.into(),
        kind: Some("required".into()),
        relation: Some("contradicts".into()),
    };
    RuleCard {
        name: name.into(),
        title: title.into(),
        category: category.into(),
        severity,
        confidence,
        rationale: format!(
            "Whoever reads the repository or reaches the service can use what {name} describes, and \
             nobody on the ward would notice before harm is done."
        ),
        remediation:
            "Take the value out of the code, read it from the environment with `os.environ`, \
                      and rotate it: what was once committed is known."
                .into(),
        verify: Some("preop audit --fail-on critical".into()),
        effort_minutes: effort,
        references: vec![
            "https://cheatsheetseries.owasp.org/".into(),
            "javascript:alert(1)".into(),
        ],
        controls: match theme {
            "data-breach" => vec![hipaa("164.312(a)(1)"), hipaa("164.312(e)(1)")],
            "data-loss" => vec![hipaa("164.308(a)(7)(ii)(A)")],
            _ => Vec::new(),
        },
        theme: theme.into(),
        area: "Security and credentials".into(),
        positive: format!("The practice behind {name} is in place"),
        scoring: "binary".into(),
        tags: vec!["docker".into(), "availability".into()],
        required: false,
    }
}

fn finding(
    rule: &str,
    severity: Severity,
    message: &str,
    location: Location,
    excerpt: &str,
) -> Finding {
    let first = location.line().saturating_sub(1).max(1);
    Finding {
        rule: rule.into(),
        severity,
        confidence: if rule == "phi-in-logs" {
            Confidence::Low
        } else {
            Confidence::High
        },
        message: message.into(),
        service: location
            .path
            .as_str()
            .starts_with("backend/")
            .then(|| "backend".to_owned()),
        fingerprint: Fingerprint(format!(
            "{:016x}",
            location.line() as usize * 7919 + location.path.as_str().len() * 31 + rule.len()
        )),
        location,
        excerpt: excerpt.into(),
        excerpt_line: first,
        related: Vec::new(),
        more: 0,
        notes: Vec::new(),
        status: Status::Open,
        effort_minutes: 30,
    }
}

fn result(rule: &str, scope: &str, outcome: Outcome, findings: Vec<Finding>) -> RuleResult {
    RuleResult {
        rule: rule.into(),
        scope: scope.into(),
        evidence: if outcome == Outcome::Pass {
            vec![Evidence {
                location: at("compose.yaml", 4, 5, 4, 20),
                label: "`user: 1000` is set".into(),
            }]
        } else {
            Vec::new()
        },
        outcome,
        judged: u32::try_from(findings.len()).unwrap().max(3),
        findings,
    }
}

fn results() -> Vec<RuleResult> {
    let mut waived = finding(
        "tls-missing",
        Severity::High,
        "connection string has `sslmode=disable`",
        at("backend/app/main.py", 13, 1, 13, 20),
        "x = 1\nurl = \"postgres://…?sslmode=disable\"\n",
    );
    waived.status = Status::Waived(Waiver {
        source: WaiverSource::Comment,
        place: "backend/app/main.py:12".into(),
        reason: "behind the ward proxy".into(),
        approved_by: None,
        until: Some("2027-01-31".into()),
    });
    let fail = Outcome::Fail;
    vec![
        result(
            "backup-missing",
            ".",
            Outcome::Unknown("the Helm values are templates".into()),
            vec![],
        ),
        result("compose-restart-missing", ".", fail.clone(), restarts()),
        result(
            "compose-version-obsolete",
            ".",
            fail.clone(),
            vec![obsolete()],
        ),
        result("docker-runs-as-root", ".", Outcome::Pass, vec![]),
        result("dr-plan-missing", ".", Outcome::Manual, vec![]),
        result(
            "health-endpoint-missing",
            "backend",
            fail.clone(),
            vec![health()],
        ),
        result(
            "image-unpinned",
            ".",
            Outcome::NotApplicable("no Dockerfile".into()),
            vec![],
        ),
        result(
            "phi-in-logs",
            "backend",
            fail.clone(),
            vec![finding(
                "phi-in-logs",
                Severity::Critical,
                "the name `patient` is logged",
                at("backend/app/log.py", 40, 5, 40, 24),
                "def seen(patient):\n    log.info(patient.id)\n",
            )],
        ),
        result("route-unauthenticated", "backend", fail.clone(), routes()),
        result("secret-payment-key", ".", fail.clone(), secrets()),
        result(
            "thread-per-event",
            "backend",
            fail.clone(),
            vec![finding(
                "thread-per-event",
                Severity::High,
                "`on_message` starts a thread for each call",
                at("backend/app/events.py", 88, 5, 90, 12),
                "def on_message(event):\n    Thread(\n        target=handle,\n    ).start()\n",
            )],
        ),
        result("tls-missing", "backend", fail, vec![waived]),
    ]
}

fn secrets() -> Vec<Finding> {
    let mut known = finding(
        "secret-payment-key",
        Severity::Critical,
        "a payment key stands in `config.py`",
        at("backend/app/config.py", 12, 16, 12, 30),
        "import os\nPAYMENT_KEY = \"sk_live_…\"\nDEBUG = False\n",
    );
    known.related = vec![Related {
        location: at("README.md", 7, 1, 7, 9),
        label: "also here".into(),
    }];
    known.notes = vec!["the file is imported from an entry point".into()];
    let hostile = finding(
        "secret-payment-key",
        Severity::Critical,
        &format!("key `{HOSTILE}` looks like a payment key"),
        at(
            &format!("scripts/{}", HOSTILE.replace('/', "_")),
            3,
            3,
            3,
            8,
        ),
        &format!("::error::first line\n::stop-commands::{HOSTILE}\n  ##[add-mask]\t```\n~~~\n"),
    );
    vec![known, hostile]
}

fn routes() -> Vec<Finding> {
    (0..5)
        .map(|number| {
            let mut finding = finding(
                "route-unauthenticated",
                Severity::Critical,
                &format!("`GET /patients/{{id}}/note-{number}` has no authentication"),
                at("backend/app/routes.py", 20 + number * 10, 1, 20 + number * 10, 33),
                "\n@router.get(\"/patients/{id}/note\")\nasync def note(id: str):\n    return await db.note(id)\n",
            );
            finding.more = if number == 0 { 2 } else { 0 };
            finding.effort_minutes = 120;
            finding
        })
        .collect()
}

fn restarts() -> Vec<Finding> {
    ["api", "worker"]
        .into_iter()
        .zip([4, 9])
        .map(|(name, line)| {
            finding(
                "compose-restart-missing",
                Severity::Medium,
                &format!("compose service `{name}` has no restart policy"),
                at("compose.yaml", line, 3, line, 6),
                "services:\n  api:\n    image: clinic/api:1.4.2\n",
            )
        })
        .collect()
}

fn obsolete() -> Finding {
    finding(
        "compose-version-obsolete",
        Severity::Low,
        "the key `version` has no meaning",
        at("compose.yaml", 1, 1, 1, 8),
        "version: '3'\nservices:\n",
    )
}

fn health() -> Finding {
    let mut finding = finding(
        "health-endpoint-missing",
        Severity::Medium,
        "service `backend` has no health endpoint",
        Location::file(RepoPath::new("backend/pyproject.toml").unwrap()),
        "",
    );
    finding.notes =
        vec!["looked for `/health`, `/healthz`, `/livez` and `/readyz` in 42 routes".into()];
    finding
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
        ),
        item(
            "Operations",
            "On-call is staffed",
            Attested,
            &[],
            "by the head of operations, 2026-10-01",
        ),
        item(
            "Deployment configuration",
            "Base images are pinned",
            NotApplicable,
            &["image-unpinned"],
            "no Dockerfile",
        ),
    ]
}
