//! The one pass that every report goes through before anybody sees it: no secret value and no
//! value shaped like patient data leaves in any of its texts.

use crate::model::{Finding, Outcome, Report, RuleResult, Secret, Skipped, Status, Value, mask};
use aho_corasick::{AhoCorasick, MatchKind};
use regex::{Captures, Regex};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Shorter values, and plain words, are masked where they stand, but not looked for elsewhere: a
/// password such as `admin` or `password` is also a word.
const SEARCHED: usize = 8;

/// Values shaped like identifiers of patients, wherever they stand: a social security number, and
/// what follows the name of a record number or of a date of birth.
static PATIENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        \b(?<ssn>\d{3}-\d{2}-\d{4})\b
        | \b(?i:mrn|medical[ _-]?record(?:[ _-]?(?:number|no))?)["']?\s*[:=\#]\s*["']?(?<mrn>[A-Z]{0,4}-?\d{5,12})\b
        | \b(?i:dob|date[ _-]?of[ _-]?birth|birth[ _-]?date)["']?\s*[:=]\s*["']?(?<dob>\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})\b
        "#,
    )
    .ok()
});

/// Masks every copy of a secret, and every value shaped like patient data, in a report.
pub fn redact(mut report: Report, secrets: &BTreeSet<Secret>) -> Report {
    let redactor = Redactor::new(secrets);
    for result in &mut report.results {
        redactor.result(result);
    }
    for Skipped { path, detail, .. } in &mut report.skipped {
        redactor.text(path);
        if let Some(detail) = detail {
            redactor.text(detail);
        }
    }
    for line in &mut report.loosenings {
        redactor.text(line);
    }
    for item in &mut report.checklist {
        redactor.text(&mut item.note);
        for statement in item.attestation.iter_mut().flat_map(|a| &mut a.statements) {
            redactor.text(&mut statement.by);
            redactor.text(&mut statement.evidence);
        }
    }
    for service in &mut report.services {
        redactor.text(&mut service.name);
    }
    for fact in &mut report.facts {
        for value in fact.attributes.values_mut() {
            redactor.value(value);
        }
    }
    redactor.text(&mut report.target.name);
    report
}

/// Finds secrets in texts.
pub struct Redactor {
    secrets: Option<AhoCorasick>,
}

impl Redactor {
    /// A redactor for these values.
    pub fn new(secrets: &BTreeSet<Secret>) -> Self {
        let searched: Vec<&str> = secrets
            .iter()
            .map(Secret::expose)
            .filter(|raw| raw.len() >= SEARCHED && !raw.bytes().all(|b| b.is_ascii_lowercase()))
            .collect();
        let secrets = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&searched)
            .ok()
            .filter(|_| !searched.is_empty());
        Self { secrets }
    }

    /// Masks one text in place.
    pub fn text(&self, text: &mut String) {
        if let Some(secrets) = &self.secrets
            && secrets.is_match(text.as_str())
        {
            let mut out = String::new();
            secrets.replace_all_with(text, &mut out, |_, found, out| {
                out.push_str(&mask(found));
                true
            });
            *text = out;
        }
        let Some(patient) = PATIENT.as_ref() else {
            return;
        };
        if patient.is_match(text) {
            *text = patient.replace_all(text, mask_group).into_owned();
        }
    }

    fn value(&self, value: &mut Value) {
        if let Value::Str(text) = value {
            let mut shown = text.to_string();
            self.text(&mut shown);
            if *shown != **text {
                *value = Value::str(shown);
            }
        }
    }

    fn result(&self, result: &mut RuleResult) {
        self.text(&mut result.scope);
        for finding in &mut result.findings {
            self.finding(finding);
        }
        for evidence in &mut result.evidence {
            self.text(&mut evidence.label);
        }
        match &mut result.outcome {
            Outcome::NotApplicable(reason) | Outcome::Unknown(reason) => self.text(reason),
            Outcome::Pass | Outcome::Fail | Outcome::Manual => {}
        }
    }

    fn finding(&self, finding: &mut Finding) {
        if let Some(service) = &mut finding.service {
            self.text(service);
        }
        self.text(&mut finding.message);
        self.text(&mut finding.excerpt);
        for note in &mut finding.notes {
            self.text(note);
        }
        for related in &mut finding.related {
            self.text(&mut related.label);
        }
        if let Status::Waived(waiver) = &mut finding.status {
            self.text(&mut waiver.reason);
        }
    }
}

/// The whole match with its named group masked.
fn mask_group(found: &Captures<'_>) -> String {
    let whole = found.get(0).map_or("", |whole| whole.as_str());
    let group = ["ssn", "mrn", "dob"]
        .iter()
        .find_map(|name| found.name(name));
    group.map_or_else(
        || whole.to_owned(),
        |group| whole.replace(group.as_str(), &mask(group.as_str())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str, secrets: &[&str]) -> String {
        let secrets = secrets.iter().map(|raw| Secret::new(*raw)).collect();
        let mut text = text.to_owned();
        Redactor::new(&secrets).text(&mut text);
        text
    }

    #[test]
    fn copies_of_a_secret_are_masked_and_short_words_are_not() {
        let secret = "Tr0ub4dor-and-3-more";
        assert_eq!(
            redacted(&format!("see {secret}!"), &[secret]),
            "see Tr0u…[20 characters]!"
        );
        assert_eq!(redacted("the admin page", &["admin"]), "the admin page");
    }

    #[test]
    fn patient_identifiers_are_masked() {
        for (text, want) in [
            ("ssn 078-05-1120", "ssn 07…[11 characters]"),
            ("\"mrn\": \"MR1234567\"", "\"mrn\": \"M…[9 characters]\""),
            ("dob=1980-02-29", "dob=19…[10 characters]"),
            ("port 5432, 2024-01-01", "port 5432, 2024-01-01"),
        ] {
            assert_eq!(redacted(text, &[]), want, "{text}");
        }
    }
}
