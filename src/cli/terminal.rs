//! The terminal and the environment: the one place that asks for them.

use super::args::Colour;
use std::io::IsTerminal;

/// What is known of where output goes.
pub(crate) struct Terminal {
    /// Columns.
    pub width: usize,
    /// Colour on standard output.
    pub colour: bool,
    /// Colour on standard error.
    pub colour_stderr: bool,
    /// Progress may be drawn on standard error.
    pub progress: bool,
}

/// Columns when nobody says.
const WIDTH: usize = 100;

impl Terminal {
    /// Asks the environment once.
    pub(crate) fn detect(choice: Colour) -> Self {
        let stdout = std::io::stdout().is_terminal();
        let stderr = std::io::stderr().is_terminal();
        let width = terminal_size::terminal_size()
            .map(|(width, _)| usize::from(width.0))
            .or_else(|| variable("COLUMNS").and_then(|text| text.parse().ok()))
            .filter(|width| *width >= 20)
            .unwrap_or(WIDTH);
        Self {
            width,
            colour: colour(choice, stdout),
            colour_stderr: colour(choice, stderr),
            progress: stderr && variable("CI").is_none(),
        }
    }
}

/// The order of <https://no-color.org> and <https://bixense.com/clicolors>: the flag, then
/// `NO_COLOR`, then the forcing variables, then what the stream is.
fn colour(choice: Colour, terminal: bool) -> bool {
    match choice {
        Colour::Always => return true,
        Colour::Never => return false,
        Colour::Auto => {}
    }
    let set = |name| variable(name).is_some_and(|value| !value.is_empty());
    let forced = |name| variable(name).is_some_and(|value| !value.is_empty() && value != "0");
    if set("NO_COLOR") {
        return false;
    }
    if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") {
        return true;
    }
    if variable("CLICOLOR").as_deref() == Some("0") || variable("TERM").as_deref() == Some("dumb") {
        return false;
    }
    terminal
}

fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).and_then(|value| value.into_string().ok())
}
