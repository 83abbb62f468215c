//! Single cases of scores, caps, verdicts and gates.

use super::*;
use crate::model::{
    Confidence, Finding, Fingerprint, Location, Outcome, RepoPath, Status, Waiver, WaiverSource,
};

pub(super) const READ_ALL: Reading = Reading {
    wanted: 10,
    missed: 0,
};

pub(super) fn card(name: &str, category: &str, severity: Severity, scoring: &str) -> RuleCard {
    RuleCard {
        name: name.to_owned(),
        title: name.to_owned(),
        category: category.to_owned(),
        severity,
        confidence: Confidence::High,
        rationale: String::new(),
        remediation: String::new(),
        verify: None,
        effort_minutes: 10,
        references: Vec::new(),
        controls: Vec::new(),
        theme: "outage".to_owned(),
        area: String::new(),
        positive: String::new(),
        scoring: scoring.to_owned(),
        tags: Vec::new(),
        required: false,
    }
}

pub(super) fn finding(rule: &str, number: usize, severity: Severity) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity,
        confidence: Confidence::High,
        message: "something is wrong".to_owned(),
        service: None,
        location: Location::file(RepoPath::new("app/main.py").unwrap()),
        excerpt: String::new(),
        excerpt_line: 1,
        related: Vec::new(),
        more: 0,
        notes: Vec::new(),
        fingerprint: Fingerprint(format!("{rule}-{number}")),
        status: Status::Open,
        effort_minutes: 10,
    }
}

pub(super) fn waived() -> Status {
    Status::Waived(Waiver {
        source: WaiverSource::Config,
        place: "preop.yaml".to_owned(),
        reason: "accepted for the pilot".to_owned(),
        approved_by: None,
        until: None,
    })
}

pub(super) fn result(
    rule: &str,
    scope: &str,
    outcome: Outcome,
    findings: Vec<Finding>,
) -> RuleResult {
    let judged = u32::try_from(findings.len()).unwrap_or(u32::MAX).max(4);
    RuleResult {
        rule: rule.to_owned(),
        scope: scope.to_owned(),
        outcome,
        findings,
        evidence: Vec::new(),
        judged,
    }
}

fn cards(all: &[(&str, &str, Severity, &str)]) -> BTreeMap<String, RuleCard> {
    let card = |(name, category, severity, scoring): &(&str, &str, Severity, &str)| {
        ((*name).to_owned(), card(name, category, *severity, scoring))
    };
    all.iter().map(card).collect()
}

fn fail(rule: &str, severity: Severity, count: usize) -> RuleResult {
    let findings = (0..count)
        .map(|number| finding(rule, number, severity))
        .collect();
    result(rule, ".", Outcome::Fail, findings)
}

fn pass(rule: &str) -> RuleResult {
    result(rule, ".", Outcome::Pass, Vec::new())
}

fn simple(results: &[RuleResult], cards: &BTreeMap<String, RuleCard>) -> Score {
    score(results, cards, READ_ALL, &Policy::default())
}

#[test]
fn nothing_is_inconclusive() {
    let scored = simple(&[], &BTreeMap::new());
    assert_eq!((scored.score, scored.coverage), (None, None));
    assert_eq!(scored.verdict, Verdict::Inconclusive);
    assert_eq!(exit_code(&scored), 3);
}

#[test]
fn an_empty_target_is_inconclusive_but_a_gate_may_still_fail() {
    let cards = cards(&[("readme-missing", "operations", Severity::High, "binary")]);
    let results = [fail("readme-missing", Severity::High, 1)];
    let nothing = Reading::default();
    let scored = score(&results, &cards, nothing, &Policy::default());
    assert_eq!(
        (scored.verdict, exit_code(&scored)),
        (Verdict::Inconclusive, 3)
    );
    assert_eq!((scored.score, scored.raw, scored.grade), (None, None, None));
    let policy = Policy {
        fail_on: Some(Severity::High),
        ..Policy::default()
    };
    let scored = score(&results, &cards, nothing, &policy);
    assert_eq!(
        (scored.verdict, exit_code(&scored)),
        (Verdict::Inconclusive, 1)
    );
}

#[test]
fn the_three_ways_of_scoring() {
    for (scoring, want) in [("binary", 0), ("proportional", 50), ("decay", 33)] {
        let cards = cards(&[("a", "compose", Severity::Medium, scoring)]);
        let scored = simple(&[fail("a", Severity::Medium, 2)], &cards);
        assert_eq!(scored.score, Some(want), "{scoring}");
    }
}

#[test]
fn a_finding_lowered_to_info_costs_nothing_and_a_lowered_one_costs_its_share() {
    let cards = cards(&[("a", "compose", Severity::High, "binary")]);
    assert_eq!(
        simple(&[fail("a", Severity::Info, 3)], &cards).score,
        Some(100)
    );
    assert_eq!(
        simple(&[fail("a", Severity::Medium, 1)], &cards).score,
        Some(50)
    );
}

#[test]
fn caps_name_the_rules_that_cap() {
    let mut rules = vec![("bad", "api", Severity::Critical, "decay")];
    let names: Vec<String> = (0..30).map(|number| format!("good-{number:02}")).collect();
    rules.extend(
        names
            .iter()
            .map(|name| (name.as_str(), "api", Severity::Critical, "binary")),
    );
    let cards = cards(&rules);
    let mut results: Vec<RuleResult> = names.iter().map(|name| pass(name)).collect();
    results.push(fail("bad", Severity::Critical, 1));
    let scored = simple(&results, &cards);
    assert_eq!((scored.score, scored.grade), (Some(59), Some(Grade::F)));
    assert_eq!(scored.capped_by, ["bad"]);
    assert_eq!((scored.verdict, exit_code(&scored)), (Verdict::NotReady, 1));

    let Some(bad) = results.last_mut() else {
        unreachable!()
    };
    bad.findings[0].severity = Severity::High;
    let scored = simple(&results, &cards);
    assert_eq!(
        (scored.score, scored.verdict),
        (Some(89), Verdict::Conditional)
    );

    let Some(bad) = results.last_mut() else {
        unreachable!()
    };
    bad.findings[0].confidence = Confidence::Low;
    let scored = simple(&results, &cards);
    assert_eq!((scored.score, scored.verdict), (Some(100), Verdict::Ready));
}

#[test]
fn waived_blockers_leave_a_condition_and_the_raw_score() {
    let cards = cards(&[("a", "api", Severity::Critical, "binary")]);
    let mut results = [fail("a", Severity::Critical, 1)];
    results[0].findings[0].status = waived();
    let scored = simple(&results, &cards);
    assert_eq!((scored.score, scored.raw), (Some(100), Some(0)));
    assert_eq!(
        (scored.verdict, exit_code(&scored)),
        (Verdict::Conditional, 0)
    );
    assert_eq!(
        (scored.categories[0].waived, scored.categories[0].pass),
        (1, 0)
    );
    let strict = Policy {
        strict: true,
        min_score: Some(50),
        ..Policy::default()
    };
    let scored = score(&results, &cards, READ_ALL, &strict);
    let gates: Vec<_> = scored
        .gates
        .iter()
        .map(|g| (g.name.as_str(), g.passed))
        .collect();
    assert_eq!(gates, [("min-score 50", false), ("strict", false)]);
    assert_eq!(scored.verdict, Verdict::NotReady);
}

#[test]
fn heavy_categories_count_twice() {
    let cards = cards(&[
        ("a", "secrets", Severity::Low, "binary"),
        ("b", "compose", Severity::Low, "binary"),
    ]);
    let scored = simple(&[pass("a"), fail("b", Severity::Low, 1)], &cards);
    assert_eq!(scored.score, Some(66));
    assert_eq!(
        scored
            .categories
            .iter()
            .map(|c| c.weight)
            .collect::<Vec<_>>(),
        [1, 2]
    );
}

#[test]
fn a_rule_counts_once_over_all_services() {
    let cards = cards(&[
        ("a", "api", Severity::Medium, "binary"),
        ("b", "api", Severity::Medium, "binary"),
    ]);
    let mut results: Vec<RuleResult> = (0..20)
        .map(|number| result("a", &format!("service-{number}"), Outcome::Pass, Vec::new()))
        .collect();
    results.push(fail("a", Severity::Medium, 1));
    results.push(pass("b"));
    assert_eq!(simple(&results, &cards).score, Some(50));
}

#[test]
fn coverage_counts_scopes_and_files() {
    let cards = cards(&[
        ("a", "api", Severity::Medium, "binary"),
        ("b", "api", Severity::Medium, "binary"),
    ]);
    let unknown = |scope| result("b", scope, Outcome::Unknown("templated".into()), Vec::new());
    let results = [pass("a"), pass("b"), unknown("backend")];
    assert_eq!(simple(&results, &cards).coverage, Some(0.75));
    let half = Reading {
        wanted: 10,
        missed: 5,
    };
    let scored = score(&results, &cards, half, &Policy::default());
    assert_eq!(scored.coverage, Some(0.375));
    assert_eq!(
        (scored.verdict, exit_code(&scored)),
        (Verdict::Inconclusive, 3)
    );
    let policy = Policy {
        min_coverage: Some(30),
        ..Policy::default()
    };
    assert_eq!(
        score(&results, &cards, half, &policy).verdict,
        Verdict::Ready
    );
    let policy = Policy {
        min_coverage: Some(90),
        ..Policy::default()
    };
    let scored = score(&results, &cards, half, &policy);
    assert_eq!((scored.gates[0].passed, exit_code(&scored)), (false, 3));
}

#[test]
fn an_undecided_critical_rule_withholds_the_answer() {
    let cards = cards(&[
        ("a", "api", Severity::Critical, "binary"),
        ("b", "api", Severity::Low, "binary"),
    ]);
    let results = [
        pass("a"),
        result("a", "web", Outcome::Unknown("templated".into()), Vec::new()),
        pass("b"),
    ];
    let scored = simple(&results, &cards);
    assert_eq!(scored.score, Some(100));
    assert_eq!(scored.verdict, Verdict::Inconclusive);
    assert_eq!(scored.conditions[0].reason, "CriticalRulesUndecided");
}

#[test]
fn required_rules_do_not_become_inapplicable() {
    let mut cards = cards(&[("a", "api", Severity::Low, "binary")]);
    let results = [result(
        "a",
        ".",
        Outcome::NotApplicable("no Dockerfile".into()),
        Vec::new(),
    )];
    assert_eq!(simple(&results, &cards).score, None);
    cards.get_mut("a").unwrap().required = true;
    assert_eq!(simple(&results, &cards).score, Some(0));
}

#[test]
fn manual_items_wait_for_a_person() {
    let cards = cards(&[
        ("a", "api", Severity::Low, "binary"),
        ("m", "api", Severity::High, "binary"),
    ]);
    let results = [pass("a"), result("m", ".", Outcome::Manual, Vec::new())];
    let scored = simple(&results, &cards);
    assert_eq!(
        (scored.score, scored.verdict),
        (Some(100), Verdict::Conditional)
    );
    assert_eq!(scored.conditions[0].message, "1 item waits for a person");
}

#[test]
fn what_if_shows_the_way_up() {
    let cards = cards(&[
        ("a", "api", Severity::Critical, "binary"),
        ("b", "api", Severity::High, "binary"),
        ("c", "api", Severity::Medium, "binary"),
        ("d", "api", Severity::Low, "binary"),
    ]);
    let results = [
        fail("a", Severity::Critical, 1),
        fail("b", Severity::High, 2),
        fail("c", Severity::Medium, 1),
        fail("d", Severity::Low, 1),
    ];
    let scored = simple(&results, &cards);
    let steps: Vec<_> = scored
        .what_if
        .iter()
        .map(|w| (w.score, w.verdict, w.effort_minutes))
        .collect();
    assert_eq!(
        steps,
        [
            (Some(50), Verdict::Conditional, 10),
            (Some(80), Verdict::Ready, 25),
            (Some(95), Verdict::Ready, 35),
            (Some(100), Verdict::Ready, 45),
        ]
    );
    assert_eq!(scored.effort_minutes, 45);
}

#[test]
fn unread_pictures_do_not_count_as_unread() {
    use crate::model::SkipReason::{Binary, Malformed, TooLarge};
    let skip = |path: &str, reason| Skipped {
        path: path.to_owned(),
        reason,
        detail: None,
    };
    let skipped = [
        skip("logo.png", Binary),
        skip("data.json", TooLarge),
        skip("data.json", Malformed),
        skip("app.yaml", Malformed),
    ];
    let inventory = Inventory {
        files: 11,
        ..Inventory::default()
    };
    assert_eq!(
        Reading::of(&inventory, &skipped),
        Reading {
            wanted: 10,
            missed: 2
        }
    );
}
