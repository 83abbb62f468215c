//! `preop baseline`: findings of today, written down.

use super::args::{BaselineArgs, BaselineCommand};
use super::terminal::Terminal;
use super::{Failure, audit, config, library, output, write_out};
use preop::Plan;
use preop::manifest::{self, Problems, Source};
use preop::model::Report;
use preop::source::Disk;
use preop::waive::Baseline;
use std::path::Path;

/// Runs one of the `baseline` commands.
pub(crate) fn run(command: BaselineCommand, _terminal: &Terminal) -> Result<u8, Failure> {
    match command {
        BaselineCommand::Write(args) => write(&args),
        BaselineCommand::Prune(args) => prune(&args),
    }
}

/// Reads a baseline.
pub(crate) fn read(file: &Path) -> Result<Baseline, Failure> {
    let shown = file.display().to_string();
    let text = library::contents(file).map_err(|why| {
        Failure::usage(
            format!("`{shown}` cannot be read: {why}"),
            "`preop baseline write` writes a baseline",
        )
    })?;
    manifest::load(&Source::new(shown, text)).map_err(|problem| Problems(vec![problem]).into())
}

fn write(args: &BaselineArgs) -> Result<u8, Failure> {
    let report = audited(args)?;
    let baseline = Baseline::of(report.findings(), args.as_of.as_deref());
    output::to_file(baseline.to_yaml().as_bytes(), &args.file)?;
    let count = baseline.spec.findings.len();
    let noun = if count == 1 { "finding" } else { "findings" };
    let file = args.file.display();
    write_out(
        format!(
            "wrote {count} {noun} to {file}; `preop audit --baseline {file} --fail-on-new` minds only what is new\n"
        )
        .as_bytes(),
    )?;
    Ok(0)
}

fn prune(args: &BaselineArgs) -> Result<u8, Failure> {
    let mut baseline = read(&args.file)?;
    let report = audited(args)?;
    let dropped = baseline.prune(report.findings());
    output::to_file(baseline.to_yaml().as_bytes(), &args.file)?;
    let left = baseline.spec.findings.len();
    write_out(
        format!(
            "dropped {dropped}, kept {left} in {}\n",
            args.file.display()
        )
        .as_bytes(),
    )?;
    Ok(0)
}

/// The report on the target, with its own waivers and without any baseline.
fn audited(args: &BaselineArgs) -> Result<Report, Failure> {
    let disk = Disk::new(&args.path)?;
    let config = config::discover(&disk)?;
    let chosen = library::choose(&args.rules, config.as_ref().map(|config| &config.spec))?;
    audit::pooled(0, || {
        let plan = Plan {
            profile: chosen.profile.clone(),
            config,
            as_of: args.as_of.clone(),
            ..Plan::default()
        };
        Ok(preop::audit(&disk, &chosen.rules, &plan)?)
    })
}
