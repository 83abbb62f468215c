//! Where reports go: standard output in one format, files in others.

use super::args::OutputArgs;
use super::terminal::Terminal;
use super::{Failure, write_out};
use preop::model::Report;
use preop::render::{Format, Sections, Style, render};
use std::io::Write;
use std::path::Path;

/// Writes every file that was asked for, and then standard output.
pub(crate) fn write(
    report: &Report,
    args: &OutputArgs,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let sections = if args.sections.is_empty() {
        Sections::default()
    } else {
        let written = args.report.iter().map(|(format, _)| *format);
        if !written
            .chain([args.format])
            .any(|format| format == Format::Markdown)
        {
            return Err(Failure::usage(
                "`--sections` chooses from the Markdown report, but none is written",
                "add `-f markdown` or `--report markdown=FILE`",
            ));
        }
        Sections::only(&args.sections)
    };
    let plain = Style {
        colour: false,
        width: 100,
        sections,
    };
    for (format, file) in &args.report {
        to_file(&rendered(report, *format, &plain)?, file)?;
    }
    let style = Style {
        colour: terminal.colour,
        width: terminal.width,
        sections,
    };
    write_out(&rendered(report, args.format, &style)?)?;
    Ok(())
}

fn rendered(report: &Report, format: Format, style: &Style) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    render(report, format, style, &mut out)?;
    Ok(out)
}

/// Writes beside the file and renames, so that a failure leaves the old file as it was.
pub(crate) fn to_file(bytes: &[u8], file: &Path) -> Result<(), Failure> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".partial");
    let beside = Path::new(&beside);
    let write = || -> std::io::Result<()> {
        let mut out = std::fs::File::create(beside)?;
        out.write_all(bytes)?;
        out.sync_all()?;
        std::fs::rename(beside, file)
    };
    write().map_err(|error| {
        let _gone_or_never_there = std::fs::remove_file(beside);
        Failure::usage(
            format!("`{}` cannot be written: {error}", file.display()),
            "the folder must exist and be writable",
        )
    })
}
