//! The report as data: `apiVersion: preop.dev/v1`, `kind: ReadinessReport`.

pub mod diff;
mod from;
mod into;
pub mod v1;

pub use into::ReadError;

use super::escape;
use crate::model::Report;
use serde::Deserialize;
use std::io;

/// What every document of ours begins with; read first, so that another document is called by its
/// name and not by the first field it lacks.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    #[serde(default)]
    api_version: Option<String>,
    #[serde(default)]
    kind: Option<String>,
}

/// Reads a report that was written as JSON, so that it can be rendered or compared.
pub fn read(text: &str) -> Result<Report, ReadError> {
    let envelope: Envelope = match serde_json::from_str(text) {
        Ok(envelope) => envelope,
        // An envelope of strings takes any object; what is left is another form, or no JSON.
        Err(error) if error.is_data() => return Err(ReadError::Foreign),
        Err(error) => return Err(ReadError::Json(error)),
    };
    let (Some(version), Some(kind)) = (envelope.api_version, envelope.kind) else {
        return Err(ReadError::Foreign);
    };
    if kind != "ReadinessReport" || version != "preop.dev/v1" {
        return Err(ReadError::Kind { kind, version });
    }
    serde_json::from_str::<v1::ReadinessReport>(text)?.try_into()
}

pub(super) fn render(report: &Report) -> io::Result<String> {
    document(&v1::ReadinessReport::from(report))
}

/// A pretty JSON document that is harmless in a terminal and in a log.
pub(super) fn document(value: &impl serde::Serialize) -> io::Result<String> {
    Ok(format!(
        "{}\n",
        escape::json(&serde_json::to_string_pretty(value)?)
    ))
}
