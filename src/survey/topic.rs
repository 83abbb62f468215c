//! What the path of a route says of its use: meant for anybody, or about patients and their care.

use super::phi::words;
use crate::model::{Fact, Value};
use std::sync::Arc;

/// What paths hold that are meant for callers without an account; among them what a FHIR server
/// says of itself and of the codes that it knows.
const OPEN: &[&str] = &[
    ".well-known",
    "assets",
    "callback",
    "capabilitystatement",
    "codesystem",
    "compartmentdefinition",
    "conceptmap",
    "docs",
    "favicon",
    "healthcheck",
    "healthz",
    "heartbeat",
    "implementationguide",
    "login",
    "logout",
    "metrics",
    "namingsystem",
    "oauth",
    "openapi",
    "operationdefinition",
    "public",
    "register",
    "robots",
    "searchparameter",
    "sign-in",
    "sign-up",
    "signin",
    "signup",
    "static",
    "structuredefinition",
    "swagger",
    "token",
    "valueset",
    "version",
    "webhook",
];

/// The same, where only the whole word says so: `live` is part of `delivery`.
const OPEN_WORDS: &[&str] = &[
    "auth",
    "auth0",
    "authenticate",
    "authentication",
    "authorise",
    "authorization",
    "authorize",
    "health",
    "hook",
    "hooks",
    "live",
    "liveness",
    "livez",
    "ping",
    "readiness",
    "ready",
    "readyz",
    "reauth",
    "status",
];

/// What paths hold that lead to clinical or personal data.
const CLINICAL: &[&str] = &[
    "admission",
    "alert",
    "allerg",
    "appointment",
    "bedassign",
    "bedmanage",
    "chart",
    "claim",
    "clinic",
    "consent",
    "diagnos",
    "dicom",
    "encounter",
    "fhir",
    "hl7",
    "invoice",
    "laborder",
    "labreport",
    "labresult",
    "labtest",
    "medication",
    "member",
    "note",
    "observation",
    "patient",
    "prescri",
    "record",
    "room",
    "session",
    "studies",
    "study",
    "transcript",
    "user",
    "vital",
];

/// The same, where only the whole word says so: `bed` is part of `embedded`.
const CLINICAL_WORDS: &[&str] = &["bed", "beds", "lab", "labs", "ward", "wards"];

/// Writes into every route what its path says.
pub(super) fn tell(facts: &mut [Fact]) {
    for fact in facts.iter_mut().filter(|fact| &*fact.kind == "route") {
        let told = match fact.text("path") {
            Some(path) => [is_open(path), is_clinical(path)].map(Value::Bool),
            None => [Value::Unknown, Value::Unknown],
        };
        for (name, value) in ["public", "clinical"].into_iter().zip(told) {
            fact.attributes.insert(Arc::from(name), value);
        }
    }
}

fn is_open(path: &str) -> bool {
    let metadata = path.to_lowercase().ends_with("metadata");
    matches!(path, "" | "/") || metadata || speaks(path, OPEN, OPEN_WORDS)
}

fn is_clinical(path: &str) -> bool {
    speaks(path, CLINICAL, CLINICAL_WORDS)
}

fn speaks(path: &str, anywhere: &[&str], whole: &[&str]) -> bool {
    let text = path.to_lowercase();
    anywhere.iter().any(|word| text.contains(word))
        || words(path)
            .iter()
            .any(|word| whole.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_no_part_of_another() {
        for path in [
            "/",
            "/healthz",
            "/api/health",
            "/auth/token",
            "/userLogin",
            "/fhir/metadata",
            "/fhir/OperationDefinition/Patient--everything",
            "/api/status",
        ] {
            assert!(is_open(path), "{path}");
        }
        for path in [
            "/delivery",
            "/already",
            "/shipping",
            "/authors",
            "/healthcare",
            "/patients",
            "/bulkstatus/:id",
        ] {
            assert!(!is_open(path), "{path}");
        }
        for path in [
            "/patients/{id}",
            "/lab-results",
            "/labOrders",
            "/wards/3",
            "/api/fhir",
        ] {
            assert!(is_clinical(path), "{path}");
        }
        for path in ["/embedded/forward", "/collaborators", "/doctors", "/"] {
            assert!(!is_clinical(path), "{path}");
        }
    }
}
