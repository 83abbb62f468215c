//! The report as data: `apiVersion: preop.dev/v1`, `kind: ReadinessReport`.

mod from;
mod into;
pub mod v1;

pub use into::ReadError;

use super::escape;
use crate::model::Report;
use std::io;

/// Reads a report that was written as JSON, so that it can be rendered or compared.
pub fn read(text: &str) -> Result<Report, ReadError> {
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
