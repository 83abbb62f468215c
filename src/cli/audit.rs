//! `preop audit`.

use super::args::AuditArgs;
use super::library::{self, Chosen};
use super::terminal::Terminal;
use super::{Failure, baseline, config, output};
use indicatif::{ProgressBar, ProgressStyle};
use preop::score::Policy;
use preop::source::{Disk, Files};
use preop::waive::Baseline;
use preop::{Plan, Regexes};
use std::path::Path;

/// Stack of a worker: parsers of deeply nested text need more than the default.
const STACK: usize = 16 << 20;

/// Audits every path and writes every report. The exit code is the worst of them.
pub(crate) fn run(args: &AuditArgs, quiet: bool, terminal: &Terminal) -> Result<u8, Failure> {
    if args.history && !cfg!(feature = "history") {
        return Err(Failure::usage(
            "this build of preop cannot read the git history",
            "build it with the feature `history`, which is on unless `--no-default-features` is given",
        ));
    }
    let baseline = args.baseline.as_deref().map(baseline::read).transpose()?;
    pooled(args.threads, || {
        if args.paths.len() > 1 && !args.output.report.is_empty() {
            return Err(Failure::usage(
                "`--report` writes one file, but several repositories are given",
                "audit them one by one",
            ));
        }
        let mut codes = Vec::new();
        for path in &args.paths {
            codes.push(audit(path, args, baseline.clone(), quiet, terminal)?);
        }
        Ok(worst(&codes))
    })
}

/// Runs `work` where parsers have the stack they need.
pub(crate) fn pooled<T: Send>(
    threads: usize,
    work: impl FnOnce() -> Result<T, Failure> + Send,
) -> Result<T, Failure> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.min(256))
        .stack_size(STACK)
        .build()
        .map_err(|error| Failure::usage(error.to_string(), "use fewer `--threads`"))?;
    pool.install(work)
}

/// A failed gate is a fact even where another repository could not be judged.
fn worst(codes: &[u8]) -> u8 {
    [2, 1, 3]
        .into_iter()
        .find(|code| codes.contains(code))
        .unwrap_or(0)
}

fn audit(
    path: &Path,
    args: &AuditArgs,
    baseline: Option<Baseline>,
    quiet: bool,
    terminal: &Terminal,
) -> Result<u8, Failure> {
    let disk = Disk::new(path)?;
    let config = if args.isolated {
        None
    } else {
        config::discover(&disk)?
    };
    let spec = config.as_ref().map(|config| &config.spec);
    // Neither waits for the other; a walk that fails says so when the listing is asked for.
    let (chosen, _) = rayon::join(|| library::choose(&args.rules, spec), || disk.list());
    let chosen = chosen?;
    let bar = progress(quiet, terminal);
    let step = || bar.inc(1);
    let plan = Plan {
        profile: chosen.profile.clone(),
        policy: policy(args, &chosen),
        config,
        baseline,
        inventory: args.rules.only.is_empty() && args.rules.categories.is_empty(),
        history: args.history,
        regexes: Regexes::Free,
        inline_waivers: !args.isolated,
        as_of: args.as_of.clone(),
        progress: &step,
    };
    let report = preop::audit(&disk, &chosen.rules, &plan)?;
    bar.finish_and_clear();
    let write = || output::write(&report, &args.output, terminal);
    let (written, ()) = rayon::join(write, || drop(chosen));
    written?;
    Ok(preop::score::exit_code(&report.score))
}

fn policy(args: &AuditArgs, chosen: &Chosen) -> Policy {
    let gates = &chosen.spec.gates;
    Policy {
        fail_on: args.gates.fail_on.or(gates.fail_on),
        min_score: args.gates.min_score.or(gates.min_score),
        min_coverage: args.gates.min_coverage.or(gates.min_coverage),
        strict: args.gates.strict,
        fail_on_new: args.gates.fail_on_new,
        ..Policy::default()
    }
}

fn progress(quiet: bool, terminal: &Terminal) -> ProgressBar {
    if quiet || !terminal.progress {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} files") {
        bar.set_style(style);
    }
    bar
}
