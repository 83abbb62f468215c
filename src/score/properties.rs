//! The algebra of the score over random results.

use super::tests::{READ_ALL, card, finding, result, waived};
use super::*;
use crate::model::{Confidence, Finding, Outcome, Status};
use proptest::prelude::*;

type World = (Vec<RuleResult>, BTreeMap<String, RuleCard>);

fn severity() -> impl Strategy<Value = Severity> {
    prop::sample::select(Severity::WORST_FIRST.to_vec())
}

fn confidence() -> impl Strategy<Value = Confidence> {
    prop::sample::select(vec![Confidence::Low, Confidence::Medium, Confidence::High])
}

fn scope_result(rule: String, scope: usize) -> impl Strategy<Value = RuleResult> {
    let scope = format!("service-{scope}");
    let findings = prop::collection::vec((severity(), confidence(), any::<bool>()), 1..4);
    (0..6_u8, findings).prop_map(move |(kind, found)| {
        let reason = "a reason".to_owned();
        let outcome = match kind {
            0 | 1 => Outcome::Fail,
            2 | 3 => Outcome::Pass,
            4 => Outcome::NotApplicable(reason),
            _ => Outcome::Unknown(reason),
        };
        let build = |(number, (severity, confidence, open))| {
            let mut finding = finding(&format!("{rule}-{scope}"), number, severity);
            finding.rule.clone_from(&rule);
            finding.confidence = confidence;
            finding.status = if open { Status::Open } else { waived() };
            finding
        };
        let failed = outcome == Outcome::Fail;
        let findings = if failed {
            found.into_iter().enumerate().map(build).collect()
        } else {
            Vec::new()
        };
        result(&rule, &scope, outcome, findings)
    })
}

fn rule(number: usize) -> impl Strategy<Value = (RuleCard, Vec<RuleResult>)> {
    let name = format!("rule-{number}");
    let category = prop::sample::select(vec!["secrets", "api", "compose"]);
    let scoring = prop::sample::select(vec!["binary", "proportional", "decay"]);
    let results = (
        scope_result(name.clone(), 0),
        scope_result(name.clone(), 1),
        1..3_usize,
    );
    (severity(), confidence(), category, scoring, results).prop_map(
        move |(severity, confidence, category, scoring, (first, second, scopes))| {
            let mut card = card(&name, category, severity, scoring);
            card.confidence = confidence;
            (card, [first, second].into_iter().take(scopes).collect())
        },
    )
}

fn world() -> impl Strategy<Value = World> {
    let rules: Vec<_> = (0..8).map(rule).collect();
    (rules, 0..9_usize).prop_map(|(rules, count)| {
        let mut results = Vec::new();
        let mut cards = BTreeMap::new();
        for (card, own) in rules.into_iter().take(count) {
            results.extend(own);
            cards.insert(card.name.clone(), card);
        }
        (results, cards)
    })
}

fn plain(world: &World) -> Score {
    score(&world.0, &world.1, READ_ALL, &Policy::default())
}

/// The world without its `index`-th finding, if it has one.
fn without(world: &World, index: prop::sample::Index) -> Option<World> {
    let all: usize = world.0.iter().map(|result| result.findings.len()).sum();
    let mut left = (all > 0).then(|| index.index(all))?;
    let mut less = world.clone();
    for result in &mut less.0 {
        if left < result.findings.len() {
            result.findings.remove(left);
            if result.findings.is_empty() {
                result.outcome = Outcome::Pass;
            }
            return Some(less);
        }
        left -= result.findings.len();
    }
    None
}

fn open_weighing(world: &World) -> impl Iterator<Item = &Finding> {
    world
        .0
        .iter()
        .flat_map(|result| &result.findings)
        .filter(|finding| {
            finding.status == Status::Open && weight(finding.severity, finding.confidence) > 0
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn p1_scores_are_percentages(world in world()) {
        let scored = plain(&world);
        prop_assert!(scored.score.is_none_or(|score| score <= 100));
        prop_assert!(scored.categories.iter().all(|c| c.score.is_none_or(|score| score <= 100)));
        prop_assert!(scored.coverage.is_none_or(|share| (0.0..=1.0).contains(&share)));
    }

    #[test]
    fn p2_perfect_means_nothing_weighs(world in world()) {
        let scored = plain(&world);
        let weighs = |finding: &Finding| world.1[&finding.rule].confidence > Confidence::Low
            && world.1[&finding.rule].severity > Severity::Info
            || finding.severity >= Severity::High;
        prop_assert_eq!(
            scored.score == Some(100),
            scored.score.is_some() && !open_weighing(&world).any(weighs)
        );
    }

    #[test]
    fn p3_removing_a_finding_never_hurts(world in world(), index: prop::sample::Index) {
        let Some(less) = without(&world, index) else { return Ok(()) };
        let (before, after) = (plain(&world), plain(&less));
        prop_assert!(after.score >= before.score);
        prop_assert!(after.raw >= before.raw);
        for (old, new) in before.categories.iter().zip(&after.categories) {
            prop_assert!(new.score >= old.score, "{}", old.name);
        }
        if before.verdict != Verdict::Inconclusive && after.verdict != Verdict::Inconclusive {
            prop_assert!(after.verdict >= before.verdict);
        }
        prop_assert!(after.effort_minutes <= before.effort_minutes);
    }

    #[test]
    fn p4_order_changes_nothing(world in world()) {
        let mut turned = world.clone();
        turned.0.reverse();
        for result in &mut turned.0 {
            result.findings.reverse();
        }
        prop_assert_eq!(format!("{:?}", plain(&world)), format!("{:?}", plain(&turned)));
    }

    #[test]
    fn p5_what_does_not_apply_does_not_count(world in world(), manual: bool) {
        let mut more = world.clone();
        let outcome =
            if manual { Outcome::Manual } else { Outcome::NotApplicable("no such thing".into()) };
        more.0.push(result("rule-new", ".", outcome, Vec::new()));
        more.1.insert("rule-new".into(), card("rule-new", "api", Severity::Critical, "binary"));
        let (before, after) = (plain(&world), plain(&more));
        prop_assert_eq!((before.score, before.coverage), (after.score, after.coverage));
    }

    #[test]
    fn p6_waiving_moves_only_the_lesser_number(world in world(), index: prop::sample::Index) {
        let before = plain(&world);
        prop_assert!(before.raw <= before.score);
        let mut waiving = world;
        let mut findings: Vec<&mut Finding> =
            waiving.0.iter_mut().flat_map(|result| &mut result.findings).collect();
        if findings.is_empty() {
            return Ok(());
        }
        let chosen = index.index(findings.len());
        findings[chosen].status = waived();
        let after = plain(&waiving);
        prop_assert_eq!(before.raw, after.raw);
        prop_assert!(after.score >= before.score);
    }

    #[test]
    fn p8_equal_fingerprints_count_once(world in world(), index: prop::sample::Index) {
        let mut twice = world.clone();
        let mut failed: Vec<&mut RuleResult> =
            twice.0.iter_mut().filter(|result| !result.findings.is_empty()).collect();
        if failed.is_empty() {
            return Ok(());
        }
        let chosen = index.index(failed.len());
        let copy = failed[chosen].findings[0].clone();
        failed[chosen].findings.push(copy);
        prop_assert_eq!(format!("{:?}", plain(&world)), format!("{:?}", plain(&twice)));
    }

    #[test]
    fn p9_caps_hold(world in world()) {
        let scored = plain(&world);
        let worst = open_weighing(&world).map(|finding| finding.severity).max();
        let cap = match worst {
            Some(Severity::Critical) => CRITICAL_CAP,
            Some(Severity::High) => HIGH_CAP,
            _ => 100,
        };
        prop_assert!(scored.score.is_none_or(|score| score <= cap));
        prop_assert_eq!(
            worst == Some(Severity::Critical) && scored.score.is_some(),
            scored.verdict == Verdict::NotReady
        );
    }

    #[test]
    fn p10_stricter_gates_never_pass_more(world in world(), least in 0..=100_u32) {
        let passes = |policy: Policy| {
            score(&world.0, &world.1, READ_ALL, &policy).gates.iter().all(|gate| gate.passed)
        };
        for pair in Severity::WORST_FIRST.windows(2) {
            let gate = |severity| Policy { fail_on: Some(severity), ..Policy::default() };
            prop_assert!(passes(gate(pair[0])) || !passes(gate(pair[1])));
        }
        let floor = |score| Policy { min_score: Some(score), ..Policy::default() };
        prop_assert!(passes(floor(least)) || !passes(floor(least + 1)));
    }

    #[test]
    fn p15_a_category_alone_scores_the_same(world in world()) {
        let all = plain(&world).categories;
        for whole in all {
            let mut part = world.clone();
            part.0.retain(|result| world.1[&result.rule].category == whole.name);
            let alone = plain(&part).categories;
            prop_assert_eq!(alone.len(), 1);
            prop_assert_eq!(alone[0].score, whole.score);
        }
    }
}
