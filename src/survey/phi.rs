//! How likely the repository handles patient data, as a score over what was declared and named.

use super::repo::{self, Repo};
use super::{dependencies, facts};
use crate::model::{Fact, Role, Service};
use std::collections::BTreeSet;

/// Libraries that speak FHIR, HL7, DICOM, C-CDA or X12; `*` at the end stands for any text.
const LIBRARIES: &str = "\
    fhir* @types/fhir fhirclient fhir-resources fhir-kit-client fhirpy hl7* python-hl7 node-hl7* \
    @medplum/* @oystehr/* @beda-software/* aidbox* pydicom pynetdicom dcmtk* dicom* dcmjs* \
    cornerstone* @cornerstonejs/* ca-uhn-hapi* ca.uhn.hapi* org.dcm4che* org-dcm4che* nhapi* \
    hl7-dotnetcore hl7.fhir* firely* badx12 x12* ccda* @ohif/* openmrs* @openmrs/* synthea* \
    medcat scispacy medspacy org.smartregister* com.google.android.fhir*";

/// Words that name a patient or what is known of one, in routes and table names.
const SUBJECTS: &str = "\
    patient patients encounter encounters observation observations medication medications \
    diagnosis diagnoses prescription prescriptions allergy allergies immunization immunizations \
    appointment appointments practitioner practitioners admission admissions vitals mrn fhir hl7 \
    dicom";

/// Words that name the trade, in package names, folders and the repository's own name.
const TRADE: &str = "\
    ehr emr fhir patient patients clinical clinic hospital hipaa telehealth telemedicine nurse \
    nursing nurses ward medspa healthcare medical dicom radiology pharmacy hospitalrun openmrs \
    hospitals clinics hl7 smartonfhir";

/// Words that say the data is made up.
const MADE_UP: &str = "\
    tutorial simulator simulation education teaching sandbox";

/// The level: `none`, `possible`, `likely` or `certain`.
pub(super) fn level(repo: &Repo<'_>, services: &[Service], facts: &[Fact]) -> &'static str {
    match score(repo, services, facts) {
        9.. => "certain",
        6..=8 => "likely",
        3..=5 => "possible",
        _ => "none",
    }
}

fn score(repo: &Repo<'_>, services: &[Service], facts: &[Fact]) -> i32 {
    let mut score = 0;
    if facts::of(facts, "dependency").any(is_library) {
        score += 3;
    }
    if columns(facts) >= 3 || models(repo) >= 2 {
        score += 3;
    }
    let stores = facts::of(facts, "phi-table").next().is_some();
    if stores {
        score += 3;
    }
    let served = facts::of(facts, "route").filter_map(|fact| fact.text("path"));
    let serves = served.flat_map(words).any(|word| listed(SUBJECTS, &word));
    if serves {
        score += 2;
    }
    let said = facts::of(facts, "keyword").filter_map(|fact| fact.text("word"));
    let said: BTreeSet<String> = said.flat_map(words).collect();
    if any(TRADE, &said) {
        score += 2;
    }
    let packages = facts::of(facts, "package").filter_map(|fact| fact.text("name"));
    let services = services.iter().map(|service| service.name.as_str());
    let names = packages.chain(services).chain([repo.name]);
    let named: BTreeSet<String> = names.flat_map(words).chain(folders(repo)).collect();
    if any(TRADE, &named) || any(SUBJECTS, &named) {
        score += 1;
    }
    // Beside a system that keeps patients, a mention of a simulator says nothing of the system.
    if any(MADE_UP, &named) || (any(MADE_UP, &said) && !stores && !serves) {
        score -= 2;
    }
    score
}

/// Is the word in a list of words?
fn listed(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|other| other == word)
}

/// Is one of the listed words among `words`?
fn any(list: &str, words: &BTreeSet<String>) -> bool {
    list.split_whitespace().any(|word| words.contains(word))
}

fn is_library(fact: &Fact) -> bool {
    let Some(name) = fact.text("name") else {
        return false;
    };
    let name = dependencies::canonical(name, fact.text("ecosystem")).to_ascii_lowercase();
    let name = name.replace("@beda.software/", "@beda-software/");
    LIBRARIES
        .split_whitespace()
        .any(|library| match library.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == library,
        })
}

/// Columns that identify a person or say something of their health.
fn columns(facts: &[Fact]) -> usize {
    let names = facts::of(facts, "phi-field").filter_map(|fact| fact.text("name"));
    names
        .map(str::to_ascii_lowercase)
        .collect::<BTreeSet<_>>()
        .len()
}

/// Production source files named after a patient or what is known of one.
fn models(repo: &Repo<'_>) -> usize {
    let programs = repo.all().filter(|(_, entry)| entry.is_program());
    programs
        .filter(|(_, entry)| {
            words(entry.file.path.stem())
                .iter()
                .any(|word| listed(SUBJECTS, word))
        })
        .count()
}

/// Words in the names of folders with production files.
fn folders(repo: &Repo<'_>) -> BTreeSet<String> {
    let dirs: BTreeSet<&str> = repo
        .all()
        .filter(|(_, entry)| entry.file.role == Role::Production && entry.file.language.is_some())
        .map(|(path, _)| repo::parent(path))
        .collect();
    dirs.into_iter().flat_map(words).collect()
}

/// Words of a name in any spelling: `patientNotes`, `patient_notes`, `patient-notes`.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for letter in text.chars() {
        let begins = letter.is_uppercase() && lower_before;
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        lower_before = letter.is_lowercase() || letter.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}
