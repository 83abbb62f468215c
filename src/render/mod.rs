//! One file a format: a pure function from a report to bytes.
//!
//! A renderer sees the report and the style, and nothing else: no clock, no environment, no disk.
//! Each owns the mapping from our words to its format's words. Text from the audited repository
//! and from rules passes `escape` on its way out.

mod diff;
pub mod escape;
mod excerpt;
mod github;
mod gitlab;
mod html;
pub mod json;
mod junit;
mod markdown;
mod sarif;
mod sections;
mod summary;
mod terminal;
mod words;
mod yaml;

use crate::model::{Diff, Report};
use std::io;

pub use sections::{Section, Sections};

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people at a terminal: what blocks, and what to do.
    Terminal,
    /// For people at a terminal: everything.
    Wide,
    /// The report as data, `preop.dev/v1`.
    Json,
    /// The same as YAML.
    Yaml,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// The audit report as a document.
    Markdown,
    /// The audit report as one self-contained page.
    Html,
    /// `JUnit` XML, for test dashboards.
    Junit,
    /// The answer in three lines.
    Summary,
    /// The report short enough for a pull request or the summary of a job.
    Comment,
    /// GitHub workflow annotations.
    Github,
    /// GitLab Code Quality.
    Gitlab,
}

impl Format {
    /// All formats, in the order of the help.
    pub const ALL: [Self; 12] = [
        Self::Terminal,
        Self::Wide,
        Self::Summary,
        Self::Json,
        Self::Yaml,
        Self::Sarif,
        Self::Markdown,
        Self::Comment,
        Self::Html,
        Self::Junit,
        Self::Github,
        Self::Gitlab,
    ];

    /// The name used on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Wide => "wide",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Sarif => "sarif",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Summary => "summary",
            Self::Comment => "comment",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }
}

/// How text for people looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// May colour codes be written?
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Sections of the Markdown report.
    pub sections: Sections,
    /// May Markdown carry a symbol beside the word for a verdict or a severity?
    pub emoji: bool,
    /// Does Markdown show what the changes to HIPAA proposed in 2025 would mean?
    pub proposed: bool,
}

impl Default for Style {
    /// No colour, 80 columns: what a file or a pipe gets.
    fn default() -> Self {
        Self {
            colour: false,
            width: 80,
            sections: Sections::default(),
            emoji: false,
            proposed: false,
        }
    }
}

/// Writes the report in the format. Only those for terminals and those in Markdown look at the style.
pub fn render(
    report: &Report,
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let text = match format {
        Format::Terminal => terminal::render(report, style, terminal::Depth::Summary),
        Format::Wide => terminal::render(report, style, terminal::Depth::Full),
        Format::Json => json::render(report)?,
        Format::Yaml => yaml::render(report)?,
        Format::Sarif => sarif::render(report)?,
        Format::Markdown => markdown::render(report, style),
        Format::Comment => markdown::comment::render(report, style),
        Format::Summary => summary::render(report),
        Format::Html => html::render(report),
        Format::Junit => junit::render(report),
        Format::Github => github::render(report),
        Format::Gitlab => gitlab::render(report)?,
    };
    out.write_all(text.as_bytes())
}

/// The comparison of two reports for people at a terminal.
pub fn diff_terminal(diff: &Diff<'_>, style: &Style) -> String {
    terminal::diff::render(diff, style)
}

/// The comparison of two reports as a document.
pub fn diff_markdown(diff: &Diff<'_>) -> String {
    markdown::diff::render(diff)
}

/// The comparison of two reports as data.
pub fn diff_json(diff: &Diff<'_>) -> io::Result<String> {
    json::document(&json::diff::ReadinessDiff::from(diff))
}
