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
    let chosen = [
        (
            "--sections",
            !args.sections.is_empty(),
            &[Format::Markdown][..],
        ),
        ("--proposed", args.proposed, &[Format::Markdown]),
        ("--emoji", args.emoji, &[Format::Markdown, Format::Comment]),
    ];
    for (flag, given, formats) in chosen {
        let written = args.report.iter().map(|(format, _)| *format);
        if given
            && !written
                .chain([args.format])
                .any(|format| formats.contains(&format))
        {
            return Err(Failure::usage(
                format!("`{flag}` is for the Markdown report, but none is written"),
                "add `-f markdown` or `--report markdown=FILE`",
            ));
        }
    }
    let sections = if args.sections.is_empty() {
        Sections::default()
    } else {
        Sections::only(&args.sections)
    };
    let plain = Style {
        colour: false,
        width: 100,
        sections,
        emoji: args.emoji,
        proposed: args.proposed,
    };
    for (format, file) in &args.report {
        to_file(&rendered(report, *format, &plain)?, file)?;
    }
    let style = Style {
        colour: terminal.colour,
        width: terminal.width,
        sections,
        emoji: args.emoji,
        proposed: args.proposed,
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
