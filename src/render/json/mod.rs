//! The report as data: `apiVersion: preop.dev/v1`, `kind: ReadinessReport`.

mod from;
pub mod v1;

use super::escape;
use crate::model::Report;
use std::io;

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
