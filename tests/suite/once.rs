//! One secret is reported once: by the most specific of the rules that see it, with every place.

use crate::world::RULES;
use preop::model::{Finding, Outcome, RepoPath, Report};
use preop::source::Memory;
use preop::{Plan, audit};

fn report(files: &[(&str, String)]) -> Report {
    let files = files.iter().map(|(path, text)| {
        let path = RepoPath::new(path).expect("a path");
        (path, text.clone().into_bytes())
    });
    audit(&Memory::new(files.collect()), &RULES, &Plan::default()).expect("a report")
}

/// Findings of rules that show secrets, as `rule place`.
fn secrets(report: &Report) -> Vec<String> {
    let shown = |finding: &&&Finding| {
        RULES
            .rule(&finding.rule)
            .is_some_and(|rule| rule.known_by.is_some())
    };
    let mut out: Vec<String> = report
        .findings()
        .iter()
        .filter(shown)
        .map(|finding| format!("{} {}", finding.rule, finding.location))
        .collect();
    out.sort();
    out
}

fn token() -> String {
    ["sk_live", "_", "51Hq8ZkLm3NpQrStUvWxYz72"].concat()
}

#[test]
fn a_provider_rule_reports_what_names_hint_at_too() {
    let report = report(&[
        (".env", format!("STRIPE_SECRET_KEY={}\n", token())),
        (
            "src/pay.ts",
            format!("const stripeSecretKey = \"{}\";\n", token()),
        ),
    ]);
    assert_eq!(secrets(&report), ["secret-token-stripe .env:1"]);
    let findings = report.findings();
    let finding = findings
        .iter()
        .find(|finding| finding.rule == "secret-token-stripe")
        .expect("the finding");
    let places: Vec<String> = finding
        .related
        .iter()
        .map(|related| related.location.to_string())
        .collect();
    assert_eq!(places, ["src/pay.ts:1"]);
}

#[test]
fn a_rule_whose_finding_another_reports_did_not_pass() {
    let report = report(&[(".env", format!("STRIPE_SECRET_KEY={}\n", token()))]);
    let told = report
        .results
        .iter()
        .find(|result| result.rule == "secret-env-file-committed")
        .expect("it was judged");
    let Outcome::NotApplicable(reason) = &told.outcome else {
        panic!("{:?}", told.outcome);
    };
    assert!(reason.contains("`secret-token-stripe`"), "{reason}");
}

#[test]
fn a_password_in_an_address_is_one_secret() {
    let password = ["Zebra", "-Quilt-", "9471-Harbor"].concat();
    let report = report(&[(
        "app/settings.py",
        format!("DB_PASSWORD = \"postgresql://clinic:{password}@db.ward-seven.net/ehr\"\n"),
    )]);
    assert_eq!(
        secrets(&report),
        ["secret-connection-string app/settings.py:1"]
    );
}

#[test]
fn different_secrets_of_one_file_stay_apart() {
    let password = ["Zebra", "-Quilt-", "9471-Harbor"].concat();
    let report = report(&[(
        ".env",
        format!("STRIPE_SECRET_KEY={}\nADMIN_PASSWORD={password}\n", token()),
    )]);
    assert_eq!(
        secrets(&report),
        [
            "secret-env-file-committed .env:2",
            "secret-token-stripe .env:1"
        ]
    );
}
