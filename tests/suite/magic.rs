//! Records of patients in files that are no text: known by their first bytes, never shown.

use crate::world::RULES;
use preop::model::{Confidence, RepoPath, Severity};
use preop::source::Memory;
use preop::{Plan, audit};
use std::collections::BTreeMap;

const RULE: &str = "phi-dataset-committed";
/// Stands in every file that names somebody.
const NAME: &str = "Quillfeather";

/// What the rule finds: path, severity, confidence. No output holds the name.
fn found(files: &[(&str, Vec<u8>)]) -> Vec<(String, Severity, Confidence)> {
    let contents: BTreeMap<RepoPath, Vec<u8>> = files
        .iter()
        .map(|(path, bytes)| (RepoPath::new(path).expect("a path"), bytes.clone()))
        .collect();
    let report = audit(&Memory::new(contents), &RULES, &Plan::default()).expect("can be audited");
    let shown = format!("{report:?}");
    assert!(!shown.contains(NAME), "the report names a patient");
    report
        .findings()
        .iter()
        .filter(|finding| finding.rule == RULE)
        .map(|finding| {
            let path = finding.location.path.as_str().to_owned();
            (path, finding.severity, finding.confidence)
        })
        .collect()
}

fn one(path: &str, bytes: Vec<u8>) -> Option<(Severity, Confidence)> {
    let found = found(&[(path, bytes)]);
    assert!(found.len() < 2, "{found:?}");
    found
        .first()
        .map(|(_, severity, confidence)| (*severity, *confidence))
}

/// An element of a DICOM header, little endian, with its type written out or not.
fn element(tag: [u8; 4], kind: Option<&[u8]>, value: &str) -> Vec<u8> {
    let length = u16::try_from(value.len()).expect("short").to_le_bytes();
    let mut out = tag.to_vec();
    if let Some(kind) = kind {
        out.extend(kind);
        out.extend(length);
    } else {
        out.extend(length);
        out.extend([0, 0]);
    }
    out.extend(value.as_bytes());
    out
}

fn dicom(name: &str, born: &str, explicit: bool) -> Vec<u8> {
    let kind = |kind: &'static [u8]| explicit.then_some(kind);
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    out.extend(element([0x10, 0, 0x10, 0], kind(b"PN"), name));
    out.extend(element([0x10, 0, 0x20, 0], kind(b"LO"), "12"));
    out.extend(element([0x10, 0, 0x30, 0], kind(b"DA"), born));
    out
}

/// The first page of a database, the statements each behind the header of a record.
fn sqlite(statements: &[&str]) -> Vec<u8> {
    let mut out = b"SQLite format 3\0\x10\0\x01\x01".to_vec();
    out.resize(512, 0);
    for statement in statements {
        out.extend(b"\x81\x02\x01\x07\x17\x1d\x1d\x01\x82\x01tablepatientspatients\x02");
        out.extend(statement.as_bytes());
    }
    out
}

fn of(signature: &[u8], rest: &str) -> Vec<u8> {
    [signature, b"\0\x01\x02", rest.as_bytes()].concat()
}

#[test]
fn dicom_is_known_under_any_name() {
    let named = Some((Severity::Critical, Confidence::Medium));
    let name = format!("{NAME}^Ada");
    assert_eq!(one("scans/IM0001", dicom(&name, "19500203", true)), named);
    assert_eq!(one("scans/a.dcm", dicom(&name, "19500203", false)), named);
    let nameless = Some((Severity::High, Confidence::Medium));
    assert_eq!(one("scans/IM0001", dicom("", "", true)), nameless);
    assert_eq!(one("scans/IM0001", dicom("ANON", "", false)), nameless);
    let test = Some((Severity::Medium, Confidence::Medium));
    assert_eq!(one("tests/data/IM1", dicom(&name, "19500203", true)), test);
    let shifted = [b"x".as_slice(), &dicom(&name, "19500203", true)].concat();
    assert_eq!(one("scans/IM0001", shifted), None);
}

#[test]
fn a_database_tells_its_tables() {
    let patients =
        "CREATE TABLE patients (id INTEGER, last_name TEXT, date_of_birth TEXT, ssn TEXT)";
    let quoted = "CREATE TABLE \"clinic_patient\" (\"mrn\" text,\n \"full_name\" text)";
    let known = Some((Severity::High, Confidence::Medium));
    assert_eq!(one("data/app.db", sqlite(&[patients])), known);
    assert_eq!(one("data/app.sqlite", sqlite(&[quoted])), known);
    let with_row = [sqlite(&[patients]), NAME.as_bytes().to_vec()].concat();
    assert_eq!(one("app", with_row), known);
}

#[test]
fn a_database_without_patients_is_silent() {
    let settings = "CREATE TABLE patient_settings (id INTEGER, theme TEXT)";
    let staff = "CREATE TABLE staff (id INTEGER, last_name TEXT, date_of_birth TEXT)";
    assert_eq!(one("data/app.db", sqlite(&[settings, staff])), None);
    assert_eq!(one("data/patients.db", sqlite(&[])), None);
    let prose = of(b"", "CREATE TABLE patients (name TEXT, ssn TEXT)");
    assert_eq!(one("data/app.db", prose), None);
}

#[test]
fn a_dump_tells_its_tables() {
    let copy = "COPY public.patients (id, mrn, last_name) FROM stdin;\n";
    let known = Some((Severity::High, Confidence::Medium));
    assert_eq!(one("backup.dump", of(b"PGDMP", copy)), known);
    let other = "COPY public.visits (id, mrn, last_name) FROM stdin;\n";
    assert_eq!(one("backup.dump", of(b"PGDMP", other)), None);
}

#[test]
fn elsewhere_the_name_must_speak_of_patients() {
    let parquet = || of(b"PAR1", NAME);
    let xlsx = || of(b"PK\x03\x04", "xl/workbook.xml");
    let gzip = || of(b"\x1f\x8b\x08", NAME);
    let low = |severity| Some((severity, Confidence::Low));
    assert_eq!(
        one("lake/encounters.parquet", parquet()),
        low(Severity::High)
    );
    assert_eq!(one("lake/patients.csv.gz", gzip()), low(Severity::High));
    assert_eq!(
        one("lake/Patients 2024.xlsx", xlsx()),
        low(Severity::Medium)
    );
    assert_eq!(one("lake/codes.parquet", parquet()), None);
    assert_eq!(one("lake/impatient.parquet", parquet()), None);
    assert_eq!(one("lake/prices.xlsx", xlsx()), None);
    assert_eq!(one("lake/patients.xlsx", of(b"PK\x03\x04", "word/")), None);
    assert_eq!(one("lake/patients.gz", gzip()), None);
    let (severity, _) = one("samples/patients.parquet", parquet()).expect("a finding");
    assert_eq!(severity, Severity::Info);
}
