//! Puts the parts of an audit together: inventory, checklist, score.

use crate::judge::Case;
use crate::model::{
    ChecklistItem, ChecklistState, FileHits, InlineWaiver, Inventory, Outcome, Report, RuleCard,
    RuleResult, Score, Severity, SkipReason, Skipped, Status, Verdict, by_place,
};
use crate::{Plan, score, waive};
use std::collections::{BTreeMap, BTreeSet};

/// Kinds of facts that reports show in tables.
const TABLED: [&str; 25] = [
    "audit-trail",
    "auth-check",
    "auth-default",
    "auth-gateway",
    "background",
    "broker-client",
    "db-client",
    "dependency-call",
    "deployment",
    "ephemeral-platform",
    "error-tracker",
    "health-probe",
    "http-server",
    "image-healthcheck",
    "kafka-partitions",
    "limit",
    "llm-client",
    "metrics-export",
    "phi-field",
    "rate-limiter",
    "role-check",
    "route",
    "spawn",
    "structured-logger",
    "websocket-server",
];

/// Areas of the checklist, in the order in which a launch is prepared.
const AREAS: [&str; 17] = [
    "Security and credentials",
    "Authentication and authorization",
    "Data and persistence",
    "Connection pools and resources",
    "Code fixes",
    "Deployment configuration",
    "Realtime and messaging",
    "Frontend",
    "Observability",
    "Reliability",
    "Testing",
    "CI/CD",
    "Operations",
    "Compliance",
    "Infrastructure",
    "Product scope",
    "Sign-off",
];

/// Applies what people have accepted; says what was loosened.
pub(crate) fn waive(
    results: &mut [RuleResult],
    cards: &BTreeMap<String, RuleCard>,
    files: &[FileHits],
    past: &[InlineWaiver],
    plan: &Plan<'_>,
) -> Vec<String> {
    let inline: Vec<InlineWaiver> = files
        .iter()
        .flat_map(|file| &file.waivers)
        .chain(past)
        .filter(|_| plan.inline_waivers)
        .cloned()
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
    mut loosenings: Vec<String>,
    gaps: &[Skipped],
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
        .chain(gaps)
        .cloned()
        .collect();
    skipped.sort();
    skipped.dedup();
    let inventory = inventory(case);
    let reading = score::Reading::of(&inventory, &skipped);
    let mut score = score::score(&results, &rules, reading, &plan.policy);
    let mut checklist = checklist(&rules, &results);
    loosenings.extend(attest(&mut checklist, &mut score, &results, case, plan));
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
        checklist,
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

/// Adds what people state to the checklist and to the words of the verdict; says what does not hold.
fn attest(
    checklist: &mut Vec<ChecklistItem>,
    score: &mut Score,
    results: &[RuleResult],
    case: &Case<'_>,
    plan: &Plan<'_>,
) -> Vec<String> {
    let findings = results.iter().flat_map(|result| &result.findings);
    let open: BTreeSet<&str> = findings
        .filter(|finding| finding.status == Status::Open)
        .map(|finding| finding.rule.as_str())
        .collect();
    // Where there is no sign of patient data, no vendor sees any.
    let vendors = match case.survey.phi.as_str() {
        "none" => Vec::new(),
        _ => waive::vendors(&case.survey.facts, &case.survey.roles),
    };
    let as_of = plan.as_of.as_deref();
    let (lines, said) = waive::attestations(plan.config.as_ref(), as_of, &open, &vendors);
    let waiting = lines
        .iter()
        .filter(|line| line.state == ChecklistState::Manual)
        .count();
    checklist.extend(lines);
    checklist
        .sort_by(|a, b| (area(&a.area), &a.area, &a.item).cmp(&(area(&b.area), &b.area, &b.item)));
    let ready = score
        .conditions
        .iter_mut()
        .find(|condition| condition.kind == "Ready");
    if let Some(ready) = ready.filter(|_| score.verdict == Verdict::Ready) {
        let noun = if waiting == 1 {
            "attestation"
        } else {
            "attestations"
        };
        ready.message = match waiting {
            0 => "nothing stands in the way, and every attestation is given".to_owned(),
            _ => format!("nothing stands in the way, subject to {waiting} open {noun}"),
        };
    }
    said
}

/// The place of an area in the checklist; areas that are not ours come last.
fn area(name: &str) -> usize {
    AREAS
        .iter()
        .position(|known| *known == name)
        .unwrap_or(AREAS.len())
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
                attestation: None,
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
    let all = results.iter().flat_map(|result| &result.findings);
    let open: Vec<_> = all
        .filter(|finding| finding.status == Status::Open)
        .collect();
    if let Some(finding) = open.iter().find(|it| it.severity > Severity::Info) {
        return (ChecklistState::Fail, finding.location.to_string());
    }
    // Advice asks for nothing.
    if let Some(advice) = open.first() {
        return (
            ChecklistState::Pass,
            format!("{}, for information", advice.location),
        );
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
            || match pass.judged {
                0 => "nothing found against it".to_owned(),
                judged => format!("{judged} looked at"),
            },
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
