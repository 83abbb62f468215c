//! What may be typed: the command line, and its help.

use clap::{Args, Parser, Subcommand, ValueEnum};
use preop::model::Severity;
use preop::render::{Format, Section};
use std::path::PathBuf;

/// Checks a healthcare repository for production readiness before it goes live.
///
/// Reads files only: nothing of the repository is executed, and nothing is sent anywhere.
#[derive(Debug, Parser)]
#[command(
    name = "preop",
    version,
    propagate_version = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit codes: 0 gates satisfied · 1 not ready, or a gate failed · 2 could not run · 3 inconclusive"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub color: Colour,
    /// Print nothing but the report: no progress, no summary of the run.
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Audit a repository and print the report.
    Audit(Box<AuditArgs>),
    /// Explain a rule: what, why, how to fix, examples, controls.
    Explain {
        /// Name of the rule.
        rule: String,
        #[command(flatten)]
        rules: RuleArgs,
    },
    /// List, test, check and write rules.
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Show what the survey sees: services, routes, clients. For debugging a rule.
    Facts {
        /// The repository.
        #[arg(default_value = ".")]
        path: PathBuf,
        /// Only facts of this kind.
        #[arg(long, value_name = "KIND")]
        kind: Option<String>,
        /// Also say for every source file whether it is reachable from an entry point.
        #[arg(long)]
        reach: bool,
        #[command(flatten)]
        rules: RuleArgs,
    },
    /// Write a stored JSON report in other formats.
    ///
    /// The bytes are those that the audit itself would have written.
    Render {
        /// The report, as `preop audit --report json=FILE` wrote it; `-` reads standard input.
        #[arg(value_name = "REPORT")]
        stored: PathBuf,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Compare two stored JSON reports: what was fixed, what is new, how the score moved.
    ///
    /// Fingerprints decide what is the same finding, so moved code stays what it was.
    #[command(
        after_help = "Exit codes: 0 nothing got worse · 1 a finding is new, or the verdict got worse · 2 could not compare"
    )]
    Diff {
        /// The report from before; `-` reads standard input.
        old: PathBuf,
        /// The report from after; `-` reads standard input.
        new: PathBuf,
        /// Format of the comparison.
        #[arg(long, short, value_enum, default_value_t = DiffFormat::Terminal, value_name = "FORMAT")]
        format: DiffFormat,
    },
    /// Write down the findings of today, so that a gate can ask for no new ones.
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Accept the findings of a rule at a place, in the repository's `preop.yaml`.
    Waive(WaiveArgs),
    /// Write a commented `preop.yaml` to start from.
    Init {
        /// The repository.
        #[arg(default_value = ".")]
        path: PathBuf,
    },
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// The repositories, or single files.
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[command(flatten)]
    pub gates: GateArgs,
    /// Findings that are known, as `preop baseline write` wrote them; they are shown, not counted.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Trust nothing in the target: ignore its configuration, waivers and comments.
    #[arg(long)]
    pub isolated: bool,
    /// Look for secrets in every earlier commit too, without running git.
    #[arg(long)]
    pub history: bool,
    /// The day the report speaks of; waivers that ended before it do not hold.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub as_of: Option<String>,
    /// Worker threads; 0 means one for each core.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// Format of the report on standard output.
    #[arg(long, short, value_parser = format, default_value = "terminal", value_name = "FORMAT")]
    pub format: Format,
    /// Also write a report to a file; may be repeated.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub report: Vec<(Format, PathBuf)>,
    /// Only these sections of the Markdown report, such as `summary,critical,plan`.
    #[arg(long, value_name = "NAMES", value_parser = section, value_delimiter = ',')]
    pub sections: Vec<Section>,
    /// A symbol beside the words for verdict and severity in Markdown.
    #[arg(long)]
    pub emoji: bool,
    /// Also show in the Markdown report what the changes to HIPAA proposed in 2025 would mean;
    /// they are not law and change no number.
    #[arg(long)]
    pub proposed: bool,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// A folder of further rules; may be repeated.
    #[arg(long = "rules", value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// Run only this rule; may be repeated.
    #[arg(long = "rule", value_name = "NAME")]
    pub only: Vec<String>,
    /// Run only rules of this category; may be repeated.
    #[arg(long = "category", value_name = "NAME")]
    pub categories: Vec<String>,
    /// A named choice of rules, severities and gates.
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Gates")]
pub(crate) struct GateArgs {
    /// Fail when a finding of this severity or above is open.
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub fail_on: Option<Severity>,
    /// Fail below this score.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub min_score: Option<u32>,
    /// Inconclusive below this coverage, in percent.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub min_coverage: Option<u32>,
    /// Fail when a finding is open that the baseline does not know.
    #[arg(long, requires = "baseline")]
    pub fail_on_new: bool,
    /// Fail on a conditional verdict too, and count waived findings.
    #[arg(long)]
    pub strict: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BaselineCommand {
    /// Audit, and write every finding that is not waived to a file.
    Write(BaselineArgs),
    /// Audit, and drop the entries of a file that match no finding any more.
    Prune(BaselineArgs),
}

#[derive(Debug, Args)]
pub(crate) struct BaselineArgs {
    /// The repository.
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// The baseline.
    #[arg(long, value_name = "FILE", default_value = "preop-baseline.yaml")]
    pub file: PathBuf,
    /// The day it is written, which also decides which waivers have ended.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub as_of: Option<String>,
    #[command(flatten)]
    pub rules: RuleArgs,
}

#[derive(Debug, Args)]
pub(crate) struct WaiveArgs {
    /// Name of the rule.
    pub rule: String,
    /// A file, a folder, a glob, or one finding as `PATH:LINE`; without it, the whole repository.
    #[arg(long, value_name = "PATH[:LINE]")]
    pub at: Option<String>,
    /// Why; at least ten characters.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who approved it.
    #[arg(long, value_name = "WHO")]
    pub approved_by: Option<String>,
    /// Last day on which it holds.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub until: Option<String>,
    /// The repository.
    #[arg(long = "in", value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the rules that would run.
    List {
        #[command(flatten)]
        rules: RuleArgs,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Run the examples of rules against the rules themselves.
    Test {
        /// Rule files or folders; the library when none is given.
        paths: Vec<PathBuf>,
        /// Only this rule; may be repeated.
        #[arg(long = "rule", value_name = "NAME")]
        only: Vec<String>,
    },
    /// Check rule files without running them.
    Lint {
        /// Rule files or folders; the library when none is given.
        paths: Vec<PathBuf>,
    },
    /// Write a new rule file to start from.
    New {
        /// Name of the rule: a DNS label that states the defect.
        name: String,
        /// Folder to write it to.
        #[arg(long, default_value = ".", value_name = "DIR")]
        to: PathBuf,
    },
    /// Translate the rules of a gitleaks configuration; says what could not be carried over.
    Import {
        /// The configuration, such as `.gitleaks.toml`.
        file: PathBuf,
        /// Folder to write one rule a file to, for `--rules`; without it, all go to standard output.
        #[arg(long, short, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// Print the JSON Schema of a kind of manifest.
    Schema {
        /// The kind.
        #[arg(long, value_enum, default_value_t = Kind::Rule)]
        kind: Kind,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Kind {
    Rule,
    Fact,
    Profile,
    Config,
    Baseline,
    #[value(alias = "ReadinessReport")]
    Report,
    #[value(alias = "ReadinessDiff")]
    Diff,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DiffFormat {
    Terminal,
    Json,
    Markdown,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Colour {
    Auto,
    Always,
    Never,
}

fn format(text: &str) -> Result<Format, String> {
    Format::named(text).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
        format!("one of {}", names.join(", "))
    })
}

fn section(text: &str) -> Result<Section, String> {
    Section::named(text).ok_or_else(|| {
        let names: Vec<&str> = Section::ALL.iter().map(|(_, name)| *name).collect();
        format!("one of {}", names.join(", "))
    })
}

fn report(text: &str) -> Result<(Format, PathBuf), String> {
    let (name, file) = text
        .split_once('=')
        .ok_or("write FORMAT=FILE, such as `sarif=preop.sarif`")?;
    if file.is_empty() {
        return Err("the file has no name".to_owned());
    }
    Ok((format(name)?, PathBuf::from(file)))
}

fn severity(text: &str) -> Result<Severity, String> {
    Severity::WORST_FIRST
        .into_iter()
        .find(|severity| severity.as_str() == text)
        .ok_or_else(|| "one of critical, high, medium, low, info".to_owned())
}

fn day(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str| {
        part.parse::<u32>()
            .ok()
            .filter(|_| part.bytes().all(|b| b.is_ascii_digit()))
    };
    let valid = match parts.as_slice() {
        [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => {
            number(year).is_some()
                && number(month).is_some_and(|month| (1..=12).contains(&month))
                && number(day).is_some_and(|day| (1..=31).contains(&day))
        }
        _ => false,
    };
    if valid {
        Ok(text.to_owned())
    } else {
        Err("write a day as YYYY-MM-DD".to_owned())
    }
}
