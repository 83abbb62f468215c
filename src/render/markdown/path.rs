//! What has to be done before what: the longest chain of open issues that wait for each other.

use super::Audit;
use crate::model::Issue;
use crate::render::words;

/// Rules by name: an issue of the first has to be closed before one of the second can be.
///
/// Only where the second cannot be done, or cannot be shown, without the first.
const BEFORE: [(&str, &str); 32] = [
    ("authn-missing", "authz-object-missing"),
    ("authn-missing", "authz-destructive-open"),
    ("authn-missing", "hipaa-access-model-missing"),
    ("authn-missing", "hipaa-audit-missing"),
    ("authn-missing", "hipaa-session-timeout"),
    ("authn-missing", "hipaa-shared-identity"),
    ("authn-missing", "ws-no-auth"),
    ("hipaa-access-model-missing", "authz-object-missing"),
    ("hipaa-shared-identity", "hipaa-audit-missing"),
    ("ws-no-auth", "ws-room-join-unauthorized"),
    ("health-endpoint-missing", "compose-depends-on-unready"),
    ("health-endpoint-missing", "deploy-no-health-probe"),
    ("health-check-static", "deploy-no-health-probe"),
    ("deploy-no-health-probe", "deploy-no-progressive-rollout"),
    ("test-missing", "test-no-e2e"),
    ("test-missing", "ci-deploy-ungated"),
    ("ci-missing", "ci-deploy-ungated"),
    ("ci-missing", "ci-no-smoke-test"),
    ("ci-missing", "ci-no-vulnerability-scanning"),
    ("ci-deploy-ungated", "deploy-no-progressive-rollout"),
    ("db-embedded-in-production", "db-no-migrations"),
    ("db-embedded-in-production", "db-backup-missing"),
    ("db-no-migrations", "deploy-migrations-not-automated"),
    ("db-no-migrations", "db-missing-index"),
    ("db-embedded-in-production", "platform-no-scaling"),
    ("state-in-process-multi-worker", "platform-no-scaling"),
    ("db-backup-missing", "db-backup-unverified"),
    ("db-backup-missing", "ops-dr-plan-missing"),
    ("obs-metrics-missing", "obs-alerts-missing"),
    ("obs-alerts-missing", "ops-runbook-missing"),
    ("ops-slo-missing", "test-no-load"),
    ("ops-vendor-register-missing", "phi-vendor-baa"),
];

/// The longest chain of rules there is; a chain of issues is no longer.
const LONGEST: usize = 6;

/// Does the first issue have to be closed before the second? Work on one service never waits for
/// another.
fn before(first: &Issue<'_>, then: &Issue<'_>) -> bool {
    let near = match (first.service, then.service) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    near && BEFORE.contains(&(first.rule, then.rule))
}

/// The open issues that have to be closed before this one, in order of number.
pub(super) fn first<'i, 'a>(audit: &'i Audit<'a>, then: &Issue<'_>) -> Vec<&'i Issue<'a>> {
    audit
        .issues
        .iter()
        .filter(|issue| before(issue, then))
        .collect()
}

/// The chain that takes longest, in the order of work.
fn longest<'i, 'a>(audit: &'i Audit<'a>) -> Vec<&'i Issue<'a>> {
    let alone = |issue: &'i Issue<'a>| (issue.effort_minutes, vec![issue]);
    let mut ends: Vec<(u32, Vec<&Issue<'a>>)> = audit.issues.iter().map(alone).collect();
    for _ in 1..LONGEST {
        let known = ends.clone();
        for (issue, end) in audit.issues.iter().zip(&mut ends) {
            for (minutes, chain) in &known {
                let Some(last) = chain.last().filter(|last| before(last, issue)) else {
                    continue;
                };
                let all = minutes.saturating_add(issue.effort_minutes);
                if all > end.0 && last.number != issue.number {
                    let mut longer = chain.clone();
                    longer.push(issue);
                    *end = (all, longer);
                }
            }
        }
    }
    // Of equally long ones the first in the order of the report.
    let best = ends.iter().map(|(minutes, _)| *minutes).max();
    let found = ends.into_iter().find(|(minutes, _)| Some(*minutes) == best);
    found.map_or_else(Vec::new, |(_, chain)| chain)
}

/// The sentence on what no further engineer can shorten.
pub(super) fn sentence(audit: &Audit<'_>) -> String {
    let chain = longest(audit);
    let minutes = chain
        .iter()
        .map(|issue| issue.effort_minutes)
        .fold(0, u32::saturating_add);
    let time = words::minutes(minutes);
    match chain.as_slice() {
        [] => String::new(),
        [only] => format!(
            "**Critical path:** {time}, for Issue {} alone; no chain of issues that wait for each other takes longer.",
            only.number
        ),
        all => {
            let steps: Vec<String> = all
                .iter()
                .map(|issue| format!("Issue {}", issue.number))
                .collect();
            format!(
                "**Critical path:** {time}: {}. Each needs the one before it, so more engineers do not shorten it.",
                steps.join(" → ")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BEFORE, LONGEST};
    use std::path::Path;

    #[test]
    fn the_order_names_rules_that_exist_and_has_no_circle() {
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let folders: Vec<_> = std::fs::read_dir(library)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        for rule in BEFORE.iter().flat_map(|(first, then)| [first, then]) {
            let file = format!("{rule}.yaml");
            assert!(
                folders.iter().any(|folder| folder.join(&file).exists()),
                "{rule}"
            );
        }
        let mut chains: Vec<Vec<&str>> = BEFORE.iter().map(|(a, b)| vec![*a, *b]).collect();
        let mut most = 2;
        while !chains.is_empty() {
            most = chains[0].len();
            assert!(most <= LONGEST, "{:?}", chains[0]);
            let next = |chain: &Vec<&'static str>| {
                let end = *chain.last().unwrap();
                let on = BEFORE.iter().filter(move |(first, _)| *first == end);
                let chain = chain.clone();
                on.map(move |(_, then)| [chain.clone(), vec![*then]].concat())
                    .collect::<Vec<_>>()
            };
            chains = chains.iter().flat_map(next).collect();
        }
        assert!(most > 2);
    }
}
