//! The audit report as one self-contained page.

use crate::model::Report;

pub(super) fn render(_report: &Report) -> String {
    String::new()
}
