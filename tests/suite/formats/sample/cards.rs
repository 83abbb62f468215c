//! The rules of the invented audit.

use preop::model::{Confidence, Control, RuleCard, Severity};

struct Card(
    &'static str,
    &'static str,
    &'static str,
    Severity,
    Confidence,
    &'static str,
    u32,
);

pub(super) fn cards() -> Vec<RuleCard> {
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
