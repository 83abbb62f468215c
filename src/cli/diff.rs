//! `preop diff`: two stored reports beside each other.

use super::args::DiffFormat;
use super::terminal::Terminal;
use super::{Failure, stored, write_out};
use preop::model::Diff;
use preop::render::{self, Style};
use std::path::Path;

/// Something got worse.
const WORSE: u8 = 1;

/// Compares two reports and prints what changed.
pub(crate) fn run(
    old: &Path,
    new: &Path,
    format: DiffFormat,
    terminal: &Terminal,
) -> Result<u8, Failure> {
    if old == Path::new("-") && new == old {
        return Err(Failure::usage(
            "both reports are `-`, but standard input holds one",
            "give a file for one of them",
        ));
    }
    let (old, new) = (stored::report(old)?, stored::report(new)?);
    let diff = Diff::of(&old, &new);
    let text = match format {
        DiffFormat::Terminal => {
            let style = Style {
                colour: terminal.colour,
                width: terminal.width,
                ..Style::default()
            };
            render::diff_terminal(&diff, &style)
        }
        DiffFormat::Json => render::diff_json(&diff)?,
        DiffFormat::Markdown => render::diff_markdown(&diff),
    };
    write_out(text.as_bytes())?;
    Ok(if diff.worse() { WORSE } else { 0 })
}
