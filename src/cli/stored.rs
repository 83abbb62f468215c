//! Reports that were stored as JSON: `preop audit --report json=FILE`.

use super::Failure;
use preop::model::Report;
use preop::render::json;
use std::io::Read;
use std::path::Path;

/// A larger file is no report of ours.
const CAP: u64 = 512 << 20;

/// Reads the report at `path`; `-` is standard input.
pub(crate) fn report(path: &Path) -> Result<Report, Failure> {
    let shown = path.display();
    let text = text(path).map_err(|error| {
        Failure::usage(
            format!("`{shown}` cannot be read: {error}"),
            "give a report that `preop audit --report json=FILE` wrote, or `-` for standard input",
        )
    })?;
    // Editors on some systems begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    json::read(text)
        .map_err(|error| Failure::usage(format!("`{shown}` is no report: {error}"), error.help()))
}

fn text(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(CAP)
            .read_to_string(&mut text)?;
    } else {
        let file = std::fs::File::open(path)?;
        file.take(CAP).read_to_string(&mut text)?;
    }
    Ok(text)
}
