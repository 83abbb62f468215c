//! What the invented audit found.

use super::{HOSTILE, at};
use preop::model::{
    Confidence, Evidence, Finding, Fingerprint, Location, Outcome, Related, RepoPath, RuleResult,
    Severity, Status, Waiver, WaiverSource,
};

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

pub(super) fn results() -> Vec<RuleResult> {
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
