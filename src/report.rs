//! Puts the parts of an audit together: inventory, checklist, score.

use crate::judge::Case;
use crate::model::{
    ChecklistItem, ChecklistState, FileHits, InlineWaiver, Inventory, Outcome, Report, RuleCard,
    RuleResult, SkipReason, Skipped, Status, by_place,
};
use crate::{Plan, score, waive};
use std::collections::BTreeMap;

/// Kinds of facts that reports show in tables.
const TABLED: [&str; 6] = [
    "route",
    "db-client",
    "websocket-server",
    "http-server",
    "broker-client",
    "probe",
];

/// Applies what people have accepted; says what was loosened.
pub(crate) fn waive(
    results: &mut [RuleResult],
    cards: &BTreeMap<String, RuleCard>,
    files: &[FileHits],
    plan: &Plan<'_>,
) -> Vec<String> {
    let inline: Vec<InlineWaiver> = files
        .iter()
        .filter(|_| plan.inline_waivers)
        .flat_map(|file| file.waivers.iter().cloned())
        .collect();
    let decisions = waive::Decisions {
        inline: &inline,
        config: plan.config.as_ref(),
        baseline: plan.baseline.as_ref(),
        as_of: plan.as_of.as_deref(),
    };
    let mut said: Vec<String> = plan
        .config
        .iter()
        .flat_map(waive::Config::loosenings)
        .collect();
    said.extend(waive::apply(results, cards, &decisions));
    said
}

/// What readers must know of the active rules, by name.
pub(crate) fn cards(case: &Case<'_>) -> BTreeMap<String, RuleCard> {
    case.rules
        .rules
        .iter()
        .map(|rule| (rule.card.name.clone(), rule.card.clone()))
        .collect()
}

/// The report of one run.
pub(crate) fn assemble(
    case: &Case<'_>,
    rules: BTreeMap<String, RuleCard>,
    mut results: Vec<RuleResult>,
    loosenings: Vec<String>,
    plan: &Plan<'_>,
) -> Report {
    for result in &mut results {
        result.findings.sort_by(by_place);
    }
    let mut skipped: Vec<Skipped> = case
        .listing
        .skipped
        .iter()
        .chain(case.files.iter().flat_map(|file| &file.skipped))
        .cloned()
        .collect();
    skipped.sort();
    skipped.dedup();
    let inventory = inventory(case);
    let reading = score::Reading::of(&inventory, &skipped);
    let score = score::score(&results, &rules, reading, &plan.policy);
    Report {
        target: case.listing.target.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        rule_count: rules.len(),
        rules_digest: case.rules.digest.clone(),
        profile: plan.profile.clone(),
        as_of: plan.as_of.clone(),
        score,
        services: case.survey.services.clone(),
        inventory,
        checklist: checklist(&rules, &results),
        rules,
        results,
        skipped,
        loosenings,
        facts: case
            .survey
            .facts
            .iter()
            .filter(|fact| TABLED.contains(&&*fact.kind))
            .cloned()
            .collect(),
    }
}

fn inventory(case: &Case<'_>) -> Inventory {
    let mut out = Inventory {
        ignored: case.listing.ignored,
        ..Inventory::default()
    };
    out.files = u32::try_from(case.listing.files.len()).unwrap_or(u32::MAX);
    for file in case.files {
        let unread = file.skipped.iter().any(|skipped| {
            matches!(
                skipped.reason,
                SkipReason::Binary
                    | SkipReason::Unreadable
                    | SkipReason::Vanished
                    | SkipReason::Link
                    | SkipReason::Special
                    | SkipReason::Internal
                    | SkipReason::Elsewhere
            )
        });
        out.files_read += u32::from(!unread);
        out.lines += u64::from(file.lines);
        *out.roles
            .entry(file.file.role.as_str().to_owned())
            .or_default() += 1;
        if let Some(language) = file.file.language {
            *out.languages
                .entry(language.as_str().to_owned())
                .or_default() += 1;
        }
    }
    for fact in &case.survey.facts {
        *out.facts.entry(fact.kind.to_string()).or_default() += 1;
    }
    out
}

/// One line for each rule: its practice in the affirmative and whether it is in place.
fn checklist(rules: &BTreeMap<String, RuleCard>, results: &[RuleResult]) -> Vec<ChecklistItem> {
    let mut by_rule: BTreeMap<&str, Vec<&RuleResult>> = BTreeMap::new();
    for result in results {
        by_rule.entry(&result.rule).or_default().push(result);
    }
    let mut lines: BTreeMap<(String, String), ChecklistItem> = BTreeMap::new();
    for (name, card) in rules {
        let (state, note) = state(by_rule.get(name.as_str()).map_or(&[], Vec::as_slice));
        let line = lines
            .entry((card.area.clone(), card.positive.clone()))
            .or_insert_with(|| ChecklistItem {
                area: card.area.clone(),
                item: card.positive.clone(),
                state,
                rules: Vec::new(),
                note: note.clone(),
            });
        line.rules.push(name.clone());
        // The worst state of the rules behind a line is the state of the line.
        if state < line.state {
            line.state = state;
            line.note = note;
        }
    }
    lines.into_values().collect()
}

fn state(results: &[&RuleResult]) -> (ChecklistState, String) {
    let open = results
        .iter()
        .flat_map(|result| &result.findings)
        .find(|finding| finding.status == Status::Open);
    if let Some(finding) = open {
        return (ChecklistState::Fail, finding.location.to_string());
    }
    if results.iter().any(|result| result.outcome == Outcome::Fail) {
        return (ChecklistState::Pass, "every finding is accepted".to_owned());
    }
    for result in results {
        if let Outcome::Unknown(reason) = &result.outcome {
            return (ChecklistState::Unknown, reason.clone());
        }
    }
    if let Some(pass) = results
        .iter()
        .find(|result| result.outcome == Outcome::Pass)
    {
        let shown = pass.evidence.first().map_or_else(
            || format!("{} looked at", pass.judged),
            |evidence| evidence.location.to_string(),
        );
        return (ChecklistState::Pass, shown);
    }
    let reason = results
        .iter()
        .find_map(|result| result.outcome.reason())
        .unwrap_or("not judged");
    (ChecklistState::NotApplicable, reason.to_owned())
}
