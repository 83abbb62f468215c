//! `preop` audits a repository of a healthcare system for production readiness.
//!
//! It is a map and a reduce: every file is scanned by itself, in parallel, and what was found is
//! surveyed, judged, waived, scored and rendered by pure functions.
//!
//! ```
//! use preop::{Plan, audit, model::RepoPath, rule, source::Memory};
//!
//! let rules = rule::load(&rule::embedded(), false).unwrap();
//! let path = RepoPath::new("compose.yaml").unwrap();
//! let files = Memory::new([(path, b"version: '3.8'\nservices: {}\n".to_vec())].into());
//! let report = audit(&files, &rules, &Plan::default()).unwrap();
//! assert!(report.findings().iter().any(|finding| finding.rule == "compose-obsolete-version"));
//! ```

#![cfg_attr(
    test,
    allow(
        clippy::too_many_lines,
        reason = "a table of cases is as long as there are cases"
    )
)]

pub mod examples;
pub mod history;
pub mod judge;
pub mod manifest;
pub mod model;
pub mod redact;
pub mod render;
mod report;
pub mod rule;
pub mod scan;
pub mod score;
pub mod source;
pub mod survey;
pub mod syntax;
pub mod waive;

use model::{FileHits, Report};
use rule::RuleSet;
use score::Policy;
use source::{Files, Listing};
use survey::Survey;

/// What a run is asked to do, beside the rules.
pub struct Plan<'p> {
    /// Name of the profile, for the report.
    pub profile: String,
    /// Gates.
    pub policy: Policy,
    /// Configuration of the audited repository; `None` when it has none or is not trusted.
    pub config: Option<waive::Config>,
    /// Known findings.
    pub baseline: Option<waive::Baseline>,
    /// Does the report tell what the system is made of, or only what the rules ask for?
    pub inventory: bool,
    /// Is the history looked at too?
    pub history: bool,
    /// What becomes of the regexes that the scan has compiled.
    pub regexes: Regexes,
    /// Are comments that accept findings obeyed?
    pub inline_waivers: bool,
    /// The day the report speaks of, `YYYY-MM-DD`.
    pub as_of: Option<String>,
    /// Called once for every file scanned.
    pub progress: &'p (dyn Fn() + Sync),
}

/// What becomes of the regexes that a scan has compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regexes {
    /// They are kept for the next audit with the same rules.
    Keep,
    /// They are freed once all files are scanned: the report needs the memory.
    Free,
}

impl Default for Plan<'_> {
    fn default() -> Self {
        Self {
            profile: "standard".to_owned(),
            policy: Policy::default(),
            config: None,
            baseline: None,
            inventory: true,
            history: false,
            regexes: Regexes::Keep,
            inline_waivers: true,
            as_of: None,
            progress: &|| {},
        }
    }
}

/// What was seen before anything is judged.
pub struct Observed {
    /// What there is to audit.
    pub listing: Listing,
    /// What was found in each file.
    pub files: Vec<FileHits>,
    /// What is known of the repository.
    pub survey: Survey,
}

/// Lists, scans and surveys.
pub fn observe(
    files: &dyn Files,
    rules: &RuleSet,
    plan: &Plan<'_>,
) -> Result<Observed, source::Error> {
    let mut listing = files.list()?;
    if let Some(config) = &plan.config {
        listing.files.retain(|file| !config.excludes(&file.path));
    }
    let languages = listing
        .files
        .iter()
        .filter_map(|file| file.language)
        .collect();
    let scanner = if plan.inventory {
        scan::Scanner::new(rules, &languages)
    } else {
        scan::Scanner::only(rules, &survey::wanted(rules), &languages)
    };
    let mut files = scan::scan_all(&scanner, files, &listing, plan.progress);
    survey::join_charts(&scanner, rules, &mut files);
    survey::join_compose(rules, &mut files);
    survey::join_kustomize(rules, &mut files);
    let free = || {
        drop(scanner);
        if plan.regexes == Regexes::Free {
            rules.let_go();
        }
    };
    let (facts, ()) = rayon::join(|| survey::emit(rules, &files), free);
    let survey = survey::survey(survey::Input {
        listing: &listing,
        hits: &files,
        facts,
    });
    Ok(Observed {
        listing,
        files,
        survey,
    })
}

/// Audits what `files` holds.
pub fn audit(files: &dyn Files, rules: &RuleSet, plan: &Plan<'_>) -> Result<Report, source::Error> {
    let seen = observe(files, rules, plan)?;
    let case = judge::Case {
        rules,
        listing: &seen.listing,
        files: &seen.files,
        survey: &seen.survey,
    };
    let mut judgement = judge::judge(&case);
    let past = past(&case, files, plan, &mut judgement);
    let judge::Judgement {
        mut results,
        secrets,
        defects: _,
    } = judgement;
    let cards = report::cards(&case);
    let loosenings = report::waive(&mut results, &cards, &seen.files, &past.waivers, plan);
    let report = report::assemble(&case, cards, results, loosenings, &past.gaps, plan);
    let secrets = secrets.into_values().flatten().collect();
    // To free what was found takes as long as to mask the report.
    let (report, ()) = rayon::join(|| redact::redact(report, &secrets), || drop(seen));
    Ok(report)
}

/// Adds to the judgement what earlier commits hold, if the plan asks for it.
fn past(
    case: &judge::Case<'_>,
    files: &dyn Files,
    plan: &Plan<'_>,
    judgement: &mut judge::Judgement,
) -> history::Account {
    if !plan.history {
        history::not_asked(case.rules, judgement);
        return history::Account::default();
    }
    let excludes = |path: &model::RepoPath| {
        let config = plan.config.as_ref();
        config.is_some_and(|config| config.excludes(path))
    };
    let search = history::Search {
        files,
        excludes: &excludes,
        progress: plan.progress,
    };
    history::look(case, &search, judgement)
}
