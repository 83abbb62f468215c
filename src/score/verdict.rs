//! Gates and the verdict. Every gate is evaluated and named, whatever the others say.

use super::tally::{Tally, View, weight};
use super::{LEAST_COVERAGE, Number, Policy, WHOLE, category, number};
use crate::model::{Confidence, Finding, GateResult, Severity, Status, Verdict};

/// Failing this gate makes the audit inconclusive instead of failing it.
pub(super) const COVERAGE_GATE: &str = "min-coverage";

/// The answer and what it rests on.
pub(super) struct Decision {
    pub(super) number: Number,
    pub(super) verdict: Verdict,
    pub(super) gates: Vec<GateResult>,
    /// One word for the verdict.
    pub(super) reason: &'static str,
    /// One sentence for the verdict, without a full stop.
    pub(super) message: String,
}

/// Decides on the findings that `view` holds.
pub(super) fn decide(
    rules: &[Tally<'_>],
    view: View,
    coverage: Option<u32>,
    policy: &Policy,
) -> Decision {
    let number = number(rules, view);
    let mut gates = gates(rules, view, &number, coverage, policy);
    let (mut verdict, mut reason, mut message) = answer(rules, view, &number, coverage, policy);
    if policy.strict {
        let passed = verdict != Verdict::Conditional;
        let message = if passed {
            "nothing conditional".to_owned()
        } else {
            message.clone()
        };
        gates.push(GateResult {
            name: "strict".to_owned(),
            passed,
            message,
        });
    }
    let failed: Vec<&str> = gates
        .iter()
        .filter(|gate| !gate.passed && !gate.name.starts_with(COVERAGE_GATE))
        .map(|gate| gate.name.as_str())
        .collect();
    if !failed.is_empty() && verdict > Verdict::NotReady {
        verdict = Verdict::NotReady;
        reason = "GateFailed";
        message = format!("gate failed: {}", failed.join(", "));
    }
    Decision {
        number,
        verdict,
        gates,
        reason,
        message,
    }
}

/// The verdict as if there were no gate but the coverage.
fn answer(
    rules: &[Tally<'_>],
    view: View,
    number: &Number,
    coverage: Option<u32>,
    policy: &Policy,
) -> (Verdict, &'static str, String) {
    let Some(coverage) = coverage.filter(|_| number.value.is_some()) else {
        let message = "nothing was evaluated, so nothing can be said".to_owned();
        return (Verdict::Inconclusive, "NothingEvaluated", message);
    };
    let sure = |severity: Severity, wanted: View| {
        let counts = |f: &&Finding| f.severity == severity && weight(f.severity, f.confidence) > 0;
        rules
            .iter()
            .flat_map(|rule| rule.seen(wanted))
            .filter(counts)
            .count()
    };
    let critical = sure(Severity::Critical, view);
    if critical > 0 {
        let message = format!(
            "{} the launch",
            counted(
                critical,
                "critical finding blocks",
                "critical findings block"
            )
        );
        return (Verdict::NotReady, "CriticalFindings", message);
    }
    let least = policy.min_coverage.unwrap_or(LEAST_COVERAGE);
    if coverage < least.saturating_mul(WHOLE / 100) {
        let message = format!(
            "only {} could be decided; {least} % is the least for an answer",
            percent(coverage)
        );
        return (Verdict::Inconclusive, "CoverageTooLow", message);
    }
    let undecided = rules
        .iter()
        .filter(|rule| rule.blocker && rule.unknown > 0)
        .count();
    if undecided > 0 {
        let message = format!(
            "{} not be decided",
            counted(undecided, "critical rule could", "critical rules could")
        );
        return (Verdict::Inconclusive, "CriticalRulesUndecided", message);
    }
    conditional(rules, sure(Severity::High, view)).unwrap_or_else(|| {
        (
            Verdict::Ready,
            "NothingOpen",
            "nothing stands in the way".to_owned(),
        )
    })
}

fn conditional(rules: &[Tally<'_>], high: usize) -> Option<(Verdict, &'static str, String)> {
    let accepted = rules
        .iter()
        .flat_map(|rule| &rule.findings)
        .filter(|f| f.status != Status::Open && f.severity >= Severity::High)
        .filter(|f| weight(f.severity, f.confidence) > 0)
        .count();
    let manual = rules.iter().filter(|rule| rule.manual).count();
    let reasons = [
        (
            high,
            "HighFindings",
            "high finding is open",
            "high findings are open",
        ),
        (
            accepted,
            "AcceptedFindings",
            "critical or high finding is accepted, not fixed",
            "critical or high findings are accepted, not fixed",
        ),
        (
            manual,
            "ManualItems",
            "item waits for a person",
            "items wait for a person",
        ),
    ];
    let given: Vec<_> = reasons
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .collect();
    let (_, reason, ..) = *given.first()?;
    let sentences: Vec<String> = given
        .iter()
        .map(|(count, _, one, many)| counted(*count, one, many))
        .collect();
    Some((Verdict::Conditional, reason, sentences.join("; ")))
}

fn gates(
    rules: &[Tally<'_>],
    view: View,
    number: &Number,
    coverage: Option<u32>,
    policy: &Policy,
) -> Vec<GateResult> {
    let gate = |name: String, passed: bool, message: String| GateResult {
        name,
        passed,
        message,
    };
    // What-if views stay what they are: fixed findings are fixed, whatever was waived.
    let strict = policy.strict && view == View::Open;
    let counted_view = if strict { View::Raw } else { view };
    let counted_score = if strict {
        super::number(rules, View::Raw).value
    } else {
        number.value
    };
    let shown = |score: Option<u32>| score.map_or("no score".to_owned(), |s| format!("score {s}"));
    let mut gates = Vec::new();
    if let Some(least) = policy.fail_on {
        let open = count_open(rules, view, |f| f.severity >= least);
        let message = counted(open, "such finding is open", "such findings are open");
        gates.push(gate(format!("fail-on {least}"), open == 0, message));
    }
    if let Some(least) = policy.min_score {
        let passed = counted_score.is_some_and(|score| score >= least);
        gates.push(gate(
            format!("min-score {least}"),
            passed,
            shown(counted_score),
        ));
    }
    for (name, least) in &policy.min_category {
        let known = rules.iter().any(|rule| rule.category == name);
        let score = category(name, rules, counted_view).score;
        // A category in which nothing applies has nothing to lose; a misspelt one fails closed.
        let passed = known && score.is_none_or(|score| score >= *least);
        let message = if known {
            shown(score)
        } else {
            "no such category".to_owned()
        };
        gates.push(gate(
            format!("min-category {name}={least}"),
            passed,
            message,
        ));
    }
    if let Some(least) = policy.min_coverage {
        let passed = coverage.is_some_and(|parts| parts >= least.saturating_mul(WHOLE / 100));
        let message = coverage.map_or("no coverage".to_owned(), |c| {
            format!("coverage {}", percent(c))
        });
        gates.push(gate(format!("{COVERAGE_GATE} {least}"), passed, message));
    }
    if policy.fail_on_new {
        let new = count_open(rules, view, |f| weight(f.severity, f.confidence) > 0);
        let message = counted(
            new,
            "finding is not in the baseline",
            "findings are not in the baseline",
        );
        gates.push(gate("fail-on-new".to_owned(), new == 0, message));
    }
    gates
}

/// Findings that a gate may mind: sure enough, and of the kind asked for.
fn count_open(rules: &[Tally<'_>], view: View, wanted: impl Fn(&Finding) -> bool) -> usize {
    let sure = |f: &&Finding| f.confidence > Confidence::Low;
    rules
        .iter()
        .flat_map(|rule| rule.seen(view))
        .filter(sure)
        .filter(|f| wanted(f))
        .count()
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Coverage in percent with at most two decimals, never rounded up.
fn percent(parts: u32) -> String {
    let (whole, rest) = (parts / 100, parts % 100);
    if rest == 0 {
        format!("{whole} %")
    } else {
        format!("{whole}.{rest:02} %")
    }
}
