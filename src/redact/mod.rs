//! The one pass that every report goes through before anybody sees it: no secret value and no
//! value shaped like patient data leaves in any of its texts.

mod patient;

use crate::model::{
    Evidence, File, Finding, Language, Location, Outcome, RepoPath, Report, Role, RuleResult,
    Secret, Skipped, Status, Tracked, Value, mask,
};
use crate::rule::RuleSet;
use crate::scan::Scanner;
use crate::source::Content;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Shorter values are masked where they stand, but not looked for elsewhere: a password such as
/// `admin` is also a word.
const SEARCHED: usize = 8;
/// So long must a value of lower-case letters be, and a line of a longer value.
const LONG: usize = 16;
/// Lists in lists, and so on, that are looked into.
const DEEPEST: usize = 32;

/// Masks every copy of a secret, and every value shaped like patient data, in a report.
pub fn redact(mut report: Report, secrets: &BTreeSet<Secret>) -> Report {
    let redactor = Redactor::new(secrets);
    for result in &mut report.results {
        redactor.result(result);
    }
    for Skipped { path, detail, .. } in &mut report.skipped {
        redactor.path(path);
        if let Some(detail) = detail {
            redactor.text(detail);
        }
    }
    for line in &mut report.loosenings {
        redactor.text(line);
    }
    for item in &mut report.checklist {
        redactor.text(&mut item.note);
        redactor.text(&mut item.item);
        if let Some(vendor) = item.attestation.as_mut().and_then(|a| a.vendor.as_mut()) {
            redactor.text(vendor);
        }
        for statement in item.attestation.iter_mut().flat_map(|a| &mut a.statements) {
            redactor.text(&mut statement.by);
            redactor.text(&mut statement.evidence);
        }
    }
    for service in &mut report.services {
        redactor.path(&mut service.name);
    }
    for fact in &mut report.facts {
        let mut place = fact.hit.location.clone();
        redactor.place(&mut place);
        if place != fact.hit.location {
            Arc::make_mut(&mut fact.hit).location = place;
        }
        for value in fact.attributes.values_mut() {
            redactor.value(value, DEEPEST);
        }
    }
    redactor.text(&mut report.target.name);
    report
}

/// Masks in `text` what the text rules of `rules` take for a secret, and what identifies a
/// patient: for messages about files that no audit has looked at.
pub fn redact_message(rules: &RuleSet, text: &mut String) {
    let Some(path) = RepoPath::new("message.conf") else {
        return;
    };
    let file = File {
        path,
        size: 0,
        role: Role::Production,
        tracked: Tracked::Unknown,
        language: None::<Language>,
        executable: false,
    };
    let content = Content {
        bytes: text.clone().into_bytes(),
        truncated: false,
    };
    let scanned = Scanner::new(rules, &BTreeSet::new()).scan(&file, content);
    Redactor::new(&scanned.secrets.into_iter().collect()).text(text);
}

/// Finds secrets in texts.
pub struct Redactor {
    secrets: Option<AhoCorasick>,
    /// Those that a path is searched for.
    in_paths: Option<AhoCorasick>,
}

impl Redactor {
    /// A redactor for these values.
    pub fn new(secrets: &BTreeSet<Secret>) -> Self {
        let searched: BTreeSet<&str> = secrets
            .iter()
            .map(Secret::expose)
            .flat_map(|raw| lines(raw).chain(is_telling(raw).then_some(raw)))
            .collect();
        let strange = searched.iter().copied().filter(|raw| is_strange(raw));
        Self {
            in_paths: finder(&strange.collect()),
            secrets: finder(&searched),
        }
    }

    /// Masks one text in place.
    pub fn text(&self, text: &mut String) {
        cover(self.secrets.as_ref(), text);
        patient::conceal(text);
    }

    /// Masks the path of a file in place: a folder may be called like a password.
    fn path(&self, path: &mut String) {
        cover(self.in_paths.as_ref(), path);
        patient::conceal(path);
    }

    /// Masks a text about a file in place; `path` is the path as it was.
    fn about(&self, path: &str, text: &mut String) {
        let mut shown = path.to_owned();
        self.path(&mut shown);
        let parts = text.split(path).map(|part| {
            let mut part = part.to_owned();
            self.text(&mut part);
            part
        });
        let whole = parts.collect::<Vec<_>>().join(&shown);
        *text = whole;
    }

    fn value(&self, value: &mut Value, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            *value = Value::Unknown;
            return;
        };
        match value {
            Value::Str(text) => {
                let mut shown = text.to_string();
                self.text(&mut shown);
                *text = Arc::from(shown);
            }
            Value::List(items) => {
                let mut shown = items.to_vec();
                for item in &mut shown {
                    self.value(item, depth);
                }
                *items = Arc::from(shown);
            }
            Value::Map(entries) => {
                let mut shown: BTreeMap<_, _> = (**entries).clone();
                for entry in shown.values_mut() {
                    self.value(entry, depth);
                }
                *entries = Arc::new(shown);
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Unknown => {}
        }
    }

    /// A file may be called after a secret.
    fn place(&self, location: &mut Location) {
        let mut path = location.path.to_string();
        self.path(&mut path);
        if path != location.path.as_str()
            && let Some(path) = RepoPath::new(&path)
        {
            location.path = path;
        }
    }

    fn result(&self, result: &mut RuleResult) {
        self.path(&mut result.scope);
        for finding in &mut result.findings {
            self.finding(finding);
        }
        for Evidence { location, label } in &mut result.evidence {
            self.place(location);
            self.text(label);
        }
        match &mut result.outcome {
            Outcome::NotApplicable(reason) | Outcome::Unknown(reason) => self.text(reason),
            Outcome::Pass | Outcome::Fail | Outcome::Manual => {}
        }
    }

    fn finding(&self, finding: &mut Finding) {
        if let Some(service) = &mut finding.service {
            self.path(service);
        }
        self.about(finding.location.path.as_str(), &mut finding.message);
        self.place(&mut finding.location);
        self.text(&mut finding.excerpt);
        for note in &mut finding.notes {
            self.text(note);
        }
        for related in &mut finding.related {
            self.place(&mut related.location);
            self.text(&mut related.label);
        }
        if let Status::Waived(waiver) = &mut finding.status {
            self.text(&mut waiver.place);
            self.text(&mut waiver.reason);
            waiver
                .approved_by
                .iter_mut()
                .for_each(|name| self.text(name));
        }
    }
}

fn finder(searched: &BTreeSet<&str>) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(searched)
        .ok()
        .filter(|_| !searched.is_empty())
}

/// Masks in `text` what the finder finds.
fn cover(finder: Option<&AhoCorasick>, text: &mut String) {
    if let Some(finder) = finder
        && finder.is_match(text.as_str())
    {
        let mut out = String::new();
        finder.replace_all_with(text, &mut out, |_, found, out| {
            out.push_str(&mask(found));
            true
        });
        *text = out;
    }
}

/// Would nobody call a folder so? It is long, or of letters of both cases and digits.
fn is_strange(raw: &str) -> bool {
    let has = |class: fn(&u8) -> bool| raw.bytes().any(|byte| class(&byte));
    raw.len() >= LONG
        || (has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit))
}

/// Is a copy of the value a copy of the secret, and not a word that is also a password?
fn is_telling(raw: &str) -> bool {
    let lower = raw.bytes().all(|byte| byte.is_ascii_lowercase());
    raw.len() >= if lower { LONG } else { SEARCHED }
}

/// The lines of a value that has several, such as a key: a part of it may stand alone.
fn lines(raw: &str) -> impl Iterator<Item = &str> {
    let several = raw.contains('\n') || raw.contains("\\n");
    raw.split('\n')
        .flat_map(|line| line.split("\\n"))
        .map(str::trim)
        .filter(move |line| several && line.len() >= LONG)
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
    fn paths_stay_readable_unless_they_hold_a_secret() {
        let strange = "Tr0ub4dor9";
        let values = ["ward-portal", strange].map(Secret::new);
        let redactor = Redactor::new(&BTreeSet::from(values));
        for (path, want) in [
            ("apps/ward-portal/login.ts", "apps/ward-portal/login.ts"),
            ("apps/Tr0ub4dor9.txt", "apps/Tr…[10 characters].txt"),
        ] {
            let mut shown = path.to_owned();
            redactor.path(&mut shown);
            assert_eq!(shown, want);
            let mut message = format!("`{path}` holds ward-portal and {strange}");
            redactor.about(path, &mut message);
            let rest = "holds wa…[11 characters] and Tr…[10 characters]";
            assert_eq!(message, format!("`{want}` {rest}"));
        }
    }

    #[test]
    fn a_line_of_a_key_is_masked_wherever_it_stands() {
        let key = ["MIIEvQIBADANBgkq", "hkiG9w0BAQEFAASC"].join("\n");
        assert_eq!(
            redacted("see hkiG9w0BAQEFAASC there", &[&key]),
            "see hki…[16 characters] there"
        );
    }
}
