//! Values shaped like what identifies a patient, masked wherever they stand: numbers by their form
//! or their label, dates of birth by their label or a name beside them, ways to reach a person by
//! their label or by what else the line says.

use crate::model::mask;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Groups of the expressions below that are masked; the rest of a match stays.
const MASKED: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// What is masked on every line.
static ALWAYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        # social security number, by its form, or by its label without dashes
        \b(?<a>\d{3}-\d{2}-\d{4})\b
        | \b(?i:ssn|social[\x20_-]?security(?:[\x20_-]?(?:number|no|num))?)["']?\s*[:=\#]?\s*["']?(?<b>\d{9})\b
        # record number
        | \b(?i:mrn|medical[\x20_-]?record(?:[\x20_-]?(?:number|no|num|id))?|patient[\x20_-]?(?:id|number|no))["']?\s*[:=\#]\s*["']?(?<c>[A-Za-z]{0,4}-?\d{5,12})\b
        # date of birth, by its label
        | \b(?i:dob|date[\x20_-]?of[\x20_-]?birth|birth[\x20_-]?(?:date|day|dt)|born)["']?\s*[:=]?\s*(?:on\s+)?["']?
          (?<d>\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|(?:19|20)\d{6}
            |(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\s\d{1,2},?\s\d{4}
            |\d{1,2}\.?\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\s\d{4})\b
        # a date beside first and last name
        | \b[A-Z][a-z'-]{1,24}["']?[\x20,;|\t]{1,3}["']?[A-Z][a-z'-]{1,24}["']?[\x20,;|\t(]{1,3}["']?
          (?<e>(?:19|20)\d{2}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/(?:19|20)\d{2})\b
        # National Provider Identifier, by its label
        | (?:\b|_)(?i:npi)(?i:[\x20_-]?(?:number|no|num))?["']?\s*[:=\#]?\s*["']?(?<f>[12]\d{9})\b
        # telephone, by its label or by the form it has in North America
        | \b(?i:phone|telephone|tel|mobile|cell|fax)(?i:[\x20_-]?(?:phone|number|no|num))?["']?\s*[:=]\s*["']?(?<g>\+?\(?\d[\d\x20().-]{6,18}\d)
        | (?<h>(?:\+1[\x20.-]?)?(?:\(\d{3}\)\x20?|\b\d{3}[-.])\d{3}[-.]\d{4})\b
        "#,
    )
    .ok()
});

/// A line that speaks of a patient: its e-mail addresses are that person's.
static PERSON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:\b|_)(?:patients?|mrn|ssn|dob|date_?of_?birth|birth_?date|next_?of_?kin|guardian)(?:\b|_)",
    )
    .ok()
});

static MAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?<a>\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6})\b")
        .ok()
});

/// Masks what identifies a patient in `text`.
pub(super) fn conceal(text: &mut String) {
    if let Some(always) = ALWAYS.as_ref() {
        replace(always, text);
    }
    let (Some(person), Some(mail)) = (PERSON.as_ref(), MAIL.as_ref()) else {
        return;
    };
    if !(text.contains('@') && person.is_match(text)) {
        return;
    }
    let lines = text.split_inclusive('\n').map(|line| {
        let mut line = line.to_owned();
        if person.is_match(&line) {
            replace(mail, &mut line);
        }
        line
    });
    *text = lines.collect();
}

fn replace(regex: &Regex, text: &mut String) {
    if regex.is_match(text) {
        *text = regex.replace_all(text, mask_group).into_owned();
    }
}

/// The whole match with its group masked.
fn mask_group(found: &Captures<'_>) -> String {
    let whole = found.get(0).map_or("", |whole| whole.as_str());
    let group = MASKED.iter().find_map(|name| found.name(name));
    group.map_or_else(
        || whole.to_owned(),
        |group| whole.replace(group.as_str(), &mask(group.as_str())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concealed(text: &str) -> String {
        let mut text = text.to_owned();
        conceal(&mut text);
        text
    }

    #[test]
    fn identifiers_are_masked() {
        for (text, hidden) in [
            ("ssn 078-05-1120", "078-05-1120"),
            ("SSN: 078051120", "078051120"),
            ("\"mrn\": \"MR1234567\"", "MR1234567"),
            ("medical_record_number = 00123456", "00123456"),
            ("patient_id: 8812345", "8812345"),
            ("dob=1980-02-29", "1980-02-29"),
            ("birthDate\": \"1980-02-29\"", "1980-02-29"),
            ("date of birth: March 3, 1980", "March 3, 1980"),
            ("born on 3 Mar 1980", "3 Mar 1980"),
            ("DOB 02/29/1980", "02/29/1980"),
            ("Doe,Jane,1980-02-29,F", "1980-02-29"),
            ("\"Jane\" \"Doe\" (02/29/1980)", "02/29/1980"),
            ("NPI: 1234567893, Dr. Roe", "1234567893"),
            ("provider_npi 1234567893", "1234567893"),
            ("phone: +41 44 668 18 00", "+41 44 668 18 00"),
            ("mobile_number='555 867 5309'", "555 867 5309"),
            ("call (555) 867-5309 now", "(555) 867-5309"),
            ("call 555-867-5309 now", "555-867-5309"),
            ("patient jane.doe@mail.test", "jane.doe@mail.test"),
            ("mrn: MR1234567, jane.doe@mail.test", "jane.doe@mail.test"),
        ] {
            let shown = concealed(text);
            let leak = hidden.get(..6).unwrap_or(hidden);
            assert!(!shown.contains(leak), "{text} → {shown}");
            assert!(shown.contains(" characters]"), "{text} → {shown}");
        }
    }

    #[test]
    fn what_identifies_nobody_stays() {
        for text in [
            "port 5432, 2024-01-01",
            "released 2024-01-01 by team@clinic.test",
            "image: postgres:16.4.1-alpine, sha 1234567893",
            "version 10.20.30-rc.1, 127.0.0.1:8080",
            "timeout: 30000, telemetry: true",
            "Fix by 2027-01-31",
        ] {
            assert_eq!(concealed(text), text);
        }
    }
}
