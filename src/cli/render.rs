//! `preop render`: every format from a stored report.

use super::args::OutputArgs;
use super::terminal::Terminal;
use super::{Failure, output, stored};
use std::path::Path;

/// Writes the report at `path` in the formats asked for. Its verdict is no failure of this command.
pub(crate) fn run(path: &Path, args: &OutputArgs, terminal: &Terminal) -> Result<u8, Failure> {
    output::write(&stored::report(path)?, args, terminal)?;
    Ok(0)
}
