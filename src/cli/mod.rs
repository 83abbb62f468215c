//! Arguments → run → exit code. The only place that knows exit codes, the environment, the
//! terminal and the clock of a person's day.

mod args;
mod audit;
mod baseline;
mod config;
mod diff;
mod explain;
mod facts;
mod import;
mod init;
mod library;
mod output;
mod render;
mod rules;
mod stored;
mod terminal;
mod waive;

use args::{Cli, Command};
use clap::{CommandFactory, Parser};
use std::ffi::OsString;
use std::io::{self, Write};
use terminal::Terminal;

/// Why a command could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The user, the configuration or a rule is wrong; what is wrong and what to do.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// Manifests with mistakes.
    #[error("{0}")]
    Manifests(#[from] preop::manifest::Problems),
    /// The target cannot be audited.
    #[error("{0}")]
    Target(#[from] preop::source::Error),
    /// Standard output or a report file could not be written.
    #[error("{0}")]
    Output(#[from] io::Error),
}

impl Failure {
    fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            help: Some(help.into()),
        }
    }
}

/// Could not run.
const COULD_NOT_RUN: u8 = 2;

/// Runs the program with these arguments and returns its exit code.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Clap decides between help on stdout and a usage error on stderr.
            let _nobody_listens = error.print();
            return if error.use_stderr() { COULD_NOT_RUN } else { 0 };
        }
    };
    let terminal = Terminal::detect(cli.color);
    let result = dispatch(cli.command, cli.quiet, &terminal);
    match result {
        Ok(code) => code,
        // The reader of a pipe has seen enough; that is no failure of ours.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(failure) => {
            explain_failure(&failure, &terminal);
            COULD_NOT_RUN
        }
    }
}

fn dispatch(command: Command, quiet: bool, terminal: &Terminal) -> Result<u8, Failure> {
    match command {
        Command::Audit(args) => audit::run(&args, quiet, terminal),
        Command::Explain { rule, rules } => explain::run(&rule, &rules, terminal),
        Command::Rules(command) => rules::run(command, terminal),
        Command::Facts {
            path,
            kind,
            reach,
            rules,
        } => facts::run(&path, kind.as_deref(), reach, &rules),
        Command::Render { stored, output } => render::run(&stored, &output, terminal),
        Command::Diff { old, new, format } => diff::run(&old, &new, format, terminal),
        Command::Baseline(command) => baseline::run(command, terminal),
        Command::Waive(args) => waive::run(&args),
        Command::Init { path } => init::run(&path),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "preop", &mut script);
            write_out(&script)?;
            Ok(0)
        }
    }
}

fn explain_failure(failure: &Failure, terminal: &Terminal) {
    let mut text = match failure {
        Failure::Manifests(problems) => problems.render(terminal.width, terminal.colour_stderr),
        Failure::Usage {
            message,
            help: Some(help),
        } => format!("error: {message}\n  help: {help}\n"),
        Failure::Target(error @ preop::source::Error::Missing(_)) => {
            format!(
                "error: {error}\n  help: give the folder of the repository, for example `preop audit .`\n"
            )
        }
        other => format!("error: {other}\n"),
    };
    // An excerpt of a file with a mistake may hold more than the mistake.
    if let Ok(rules) = preop::rule::load(&preop::rule::embedded(), false) {
        preop::redact::redact_message(&rules, &mut text);
    }
    // With stderr gone there is nobody left to tell.
    let _nobody_listens = io::stderr().write_all(text.as_bytes());
}

/// Writes everything to standard output, or says why not.
fn write_out(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}
