//! Secrets that earlier commits hold: every content is scanned once and judged by the rules that
//! know secrets; a value that the files still hold is only noted there.

mod exposure;

use crate::judge::{self, Case, Judgement};
use crate::model::{
    Fact, File, FileHits, InlineWaiver, Language, MatcherId, Outcome, RepoPath, RuleResult,
    SkipReason, Skipped, Tracked,
};
use crate::rule::spec::ExpectSpec;
use crate::rule::{Matcher, Rule, RuleSet, Source};
use crate::scan::{Scanner, TEXT_CAP, holds_no_text, scan_content};
use crate::source::{Files, History, Listing, Past, Reader, role};
use crate::survey::Survey;
use exposure::{Exposures, Sight};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The kind of fact that rules about the history speak of.
const FACT: &str = "secret-in-history";

/// What the history adds to a report, beside findings.
#[derive(Default)]
pub struct Account {
    /// What of the history was not read.
    pub gaps: Vec<Skipped>,
    /// Comments in earlier contents that accept what was found on their line.
    pub waivers: Vec<InlineWaiver>,
}

/// How to look.
pub struct Search<'s> {
    /// The target.
    pub files: &'s dyn Files,
    /// Paths that are not audited.
    pub excludes: &'s dyn Fn(&RepoPath) -> bool,
    /// Called once for every content.
    pub progress: &'s (dyn Fn() + Sync),
}

/// Says of the rules about the history that nobody asked for it.
pub fn not_asked(rules: &RuleSet, judgement: &mut Judgement) {
    for result in &mut judgement.results {
        if rules.rule(&result.rule).is_some_and(is_about_history) {
            let reason = "the git history was not looked at; `--history` does";
            result.outcome = Outcome::NotApplicable(reason.to_owned());
        }
    }
}

/// Scans the history and adds what it holds to the judgement on the files.
pub fn look(case: &Case<'_>, search: &Search<'_>, judgement: &mut Judgement) -> Account {
    let mut account = Account::default();
    let sights = match search.files.history() {
        Ok(history) => {
            account.gaps.extend(history.gaps().iter().cloned());
            let (sights, gaps) = sights(case.rules, search, &*history);
            account.gaps.extend(gaps);
            sights
        }
        Err(gap) => {
            account.gaps.push(gap);
            Vec::new()
        }
    };
    let contents = u32::try_from(sights.len()).unwrap_or(u32::MAX);
    let mut exposures = Exposures::default();
    for seen in sights {
        account.waivers.extend(seen.waivers);
        for sight in seen.sights {
            exposures.add(sight);
        }
    }
    let gone = exposures.note_known(judgement);
    tell(case.rules, &gone, judgement);
    for result in &mut judgement.results {
        if result.findings.is_empty() && case.rules.rule(&result.rule).is_some_and(is_about_history)
        {
            result.judged = contents;
            result.outcome = account.gaps.first().map_or(Outcome::Pass, |gap| {
                let why = gap.detail.as_deref().unwrap_or(gap.reason.as_str());
                Outcome::Unknown(format!("the history was not read in full: {why}"))
            });
        }
    }
    account
}

fn is_about_history(rule: &Rule) -> bool {
    rule.sources
        .iter()
        .any(|source| matches!(source, Source::Fact(kind) if &**kind == FACT))
}

/// Does the rule know secrets by what stands in one file, or by its name alone?
fn knows_secrets(rules: &RuleSet, rule: &Rule) -> bool {
    let scans = |source: &Source| matches!(source, Source::Scan(_));
    let names = |source: &Source| match source {
        Source::Scan(id) => matches!(rules.matcher(*id), Some(Matcher::Path(_))),
        Source::Fact(_) => false,
    };
    let by_name = rule.card.category == "secrets" && rule.sources.iter().all(names);
    rule.expect == ExpectSpec::Never
        && rule.sources.iter().all(scans)
        && (rule.known_by.is_some() || by_name)
}

/// What one earlier content shows.
#[derive(Default)]
struct Seen {
    sights: Vec<Sight>,
    waivers: Vec<InlineWaiver>,
}

/// Scans and judges every content by itself, in parallel.
fn sights(
    rules: &RuleSet,
    search: &Search<'_>,
    history: &dyn History,
) -> (Vec<Seen>, Vec<Skipped>) {
    let active: Vec<&Rule> = rules
        .rules
        .iter()
        .filter(|rule| knows_secrets(rules, rule))
        .collect();
    let wanted = active.iter().flat_map(|rule| matchers(rule)).collect();
    let contents: Vec<&Past> = history
        .contents()
        .iter()
        .filter(|past| !(search.excludes)(&past.path))
        .collect();
    let languages = contents
        .iter()
        .filter_map(|past| Language::of(&past.path))
        .collect();
    let scanner = Scanner::only(rules, &wanted, &languages);
    let progress = search.progress;
    let outcomes: Vec<Result<Seen, SkipReason>> = contents
        .par_iter()
        .map_init(
            || history.reader(),
            |reader, past| {
                progress();
                see(rules, &active, &scanner, &mut **reader, past)
            },
        )
        .collect();
    let mut gaps: BTreeMap<SkipReason, u32> = BTreeMap::new();
    let mut seen = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(what) => seen.push(what),
            Err(reason) => *gaps.entry(reason).or_default() += 1,
        }
    }
    (seen, gaps.into_iter().map(gap).collect())
}

/// The matchers that a rule and its guard look with.
fn matchers(rule: &Rule) -> impl Iterator<Item = MatcherId> {
    rule.all_sources().filter_map(|source| match source {
        Source::Scan(id) => Some(*id),
        Source::Fact(_) => None,
    })
}

fn gap((reason, count): (SkipReason, u32)) -> Skipped {
    let noun = if count == 1 { "content" } else { "contents" };
    Skipped {
        path: ".git (history)".to_owned(),
        reason,
        detail: Some(format!("{count} {noun} of files in earlier commits")),
    }
}

fn see(
    rules: &RuleSet,
    active: &[&Rule],
    scanner: &Scanner<'_>,
    reader: &mut dyn Reader,
    past: &Past,
) -> Result<Seen, SkipReason> {
    let mut file = File {
        path: past.path.clone(),
        size: 0,
        role: role(&past.path),
        tracked: Tracked::Tracked,
        language: Language::of(&past.path),
        executable: false,
    };
    let hits = if holds_no_text(&past.path) {
        scanner.names(&file)
    } else {
        let content = reader.read(past, TEXT_CAP)?;
        file.size = u64::try_from(content.bytes.len()).unwrap_or(u64::MAX);
        scan_content(scanner, &file, content)
    };
    if hits.hits.is_empty() {
        return Ok(Seen::default());
    }
    let case = Case {
        rules,
        listing: &Listing::default(),
        files: std::slice::from_ref(&hits),
        survey: &Survey::default(),
    };
    let mut judged = judge::judge_apart(&case, active);
    let findings = judged
        .results
        .iter_mut()
        .flat_map(|result| result.findings.drain(..));
    let sights: Vec<Sight> = findings
        .map(|finding| {
            let name = (finding.rule.clone(), finding.fingerprint.clone());
            let values = judged.secrets.get(&name).cloned().unwrap_or_default();
            Sight::new(finding, values, past, hits.file.role)
        })
        .collect();
    let waivers = waivers(&hits, &sights, past);
    Ok(Seen { sights, waivers })
}

/// The comments that speak of a line on which something was found.
fn waivers(hits: &FileHits, sights: &[Sight], past: &Past) -> Vec<InlineWaiver> {
    let speaks = |waiver: &&InlineWaiver| {
        waiver.target_line == 0
            || sights
                .iter()
                .any(|sight| sight.line() == waiver.target_line)
    };
    let moved = |waiver: &InlineWaiver| {
        let mut waiver = waiver.clone();
        waiver.location.path = exposure::place(past);
        waiver
    };
    if sights.is_empty() {
        return Vec::new();
    }
    hits.waivers.iter().filter(speaks).map(moved).collect()
}

/// Judges the rules about the history on what the files no longer hold.
fn tell(rules: &RuleSet, gone: &[exposure::Exposure], judgement: &mut Judgement) {
    let facts: Vec<Fact> = gone
        .iter()
        .enumerate()
        .flat_map(|(number, exposure)| exposure.facts(FACT, number, rules))
        .collect();
    let mut files: BTreeMap<RepoPath, FileHits> = BTreeMap::new();
    for exposure in gone {
        for file in exposure.files() {
            files.insert(file.path.clone(), FileHits::empty(file));
        }
    }
    let files: Vec<FileHits> = files.into_values().collect();
    let survey = Survey {
        facts,
        ..Survey::default()
    };
    let listing = Listing::default();
    let case = Case {
        rules,
        listing: &listing,
        files: &files,
        survey: &survey,
    };
    for rule in rules.rules.iter().filter(|rule| is_about_history(rule)) {
        let told = judge::judge_one(&case, rule);
        for finding in told.results.iter().flat_map(|result| &result.findings) {
            let key = (finding.rule.clone(), finding.fingerprint.clone());
            let values = gone.iter().flat_map(|exposure| &exposure.values).cloned();
            judgement.secrets.entry(key).or_default().extend(values);
        }
        let is_old = |result: &RuleResult| result.rule == rule.card.name;
        let at = judgement.results.iter().position(is_old);
        judgement.results.retain(|result| !is_old(result));
        let at = at.unwrap_or(judgement.results.len());
        judgement.results.splice(at..at, told.results);
    }
}
