//! `JUnit` XML: a suite for each category, a case for each rule and scope.
//!
//! A rule that does not apply or is waived is skipped, one that could not be decided is an error;
//! the suite `audit` holds the verdict, the gates and the files that were not read.

use super::{escape::xml, words};
use crate::model::{Finding, Outcome, Report, RuleResult, Status, Verdict, prose};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What became of a case: the element inside it, if any.
enum Case {
    Pass,
    Failure(String, String),
    Error(String),
    Skipped(String),
}

struct TestCase {
    name: String,
    /// File and line, where there is one.
    place: Option<(String, u32)>,
    case: Case,
}

pub(super) fn render(report: &Report) -> String {
    let mut suites = vec![("audit".to_owned(), audit(report))];
    let mut categories: BTreeMap<&str, Vec<TestCase>> = BTreeMap::new();
    for result in &report.results {
        let card = report.rules.get(&result.rule);
        let category = card.map_or("other", |card| card.category.as_str());
        categories
            .entry(category)
            .or_default()
            .push(rule(result, report));
    }
    suites.extend(
        categories
            .into_iter()
            .map(|(name, cases)| (name.to_owned(), cases)),
    );
    let all = || suites.iter().flat_map(|(_, cases)| cases);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"preop\" {}>", totals(all()));
    for (name, cases) in &suites {
        let _ = writeln!(
            out,
            "  <testsuite name=\"{}\" {}>",
            xml(name),
            totals(cases.iter())
        );
        for case in cases {
            out.push_str(&element(name, case));
        }
        if name == "audit" && !report.loosenings.is_empty() {
            let lines: Vec<String> = report.loosenings.iter().map(|line| xml(line)).collect();
            let _ = write!(
                out,
                "    <system-out>loosened:\n{}</system-out>\n",
                indented(&lines)
            );
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn totals<'c>(cases: impl Iterator<Item = &'c TestCase>) -> String {
    let (mut tests, mut failures, mut errors, mut skipped) = (0, 0, 0, 0);
    for case in cases {
        tests += 1;
        match case.case {
            Case::Pass => {}
            Case::Failure(..) => failures += 1,
            Case::Error(_) => errors += 1,
            Case::Skipped(_) => skipped += 1,
        }
    }
    format!(
        "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"0\""
    )
}

fn element(suite: &str, case: &TestCase) -> String {
    let mut open = format!(
        "    <testcase classname=\"preop.{}\" name=\"{}\" time=\"0\"",
        xml(suite),
        xml(&case.name)
    );
    if let Some((file, line)) = &case.place {
        let _ = write!(open, " file=\"{}\" line=\"{line}\"", xml(file));
    }
    let inner = match &case.case {
        Case::Pass => return format!("{open}/>\n"),
        Case::Failure(message, text) => {
            format!(
                "<failure message=\"{}\" type=\"finding\">{text}</failure>",
                xml(message)
            )
        }
        Case::Error(message) => format!("<error message=\"{}\" type=\"unknown\"/>", xml(message)),
        Case::Skipped(message) => format!("<skipped message=\"{}\"/>", xml(message)),
    };
    format!("{open}>{inner}</testcase>\n")
}

fn audit(report: &Report) -> Vec<TestCase> {
    let score = &report.score;
    let ready = score
        .conditions
        .iter()
        .find(|condition| condition.kind == "Ready");
    let message = ready.map_or_else(String::new, |condition| condition.message.clone());
    let text = format!("{}: {message}", score.verdict.as_str());
    let verdict = match score.verdict {
        Verdict::Ready | Verdict::Conditional => Case::Pass,
        Verdict::NotReady => Case::Failure(text, String::new()),
        Verdict::Inconclusive => Case::Error(text),
    };
    let case = |name: String, case: Case| TestCase {
        name,
        place: None,
        case,
    };
    let mut cases = vec![case("verdict".to_owned(), verdict)];
    for gate in &score.gates {
        let outcome = if gate.passed {
            Case::Pass
        } else {
            Case::Failure(gate.message.clone(), String::new())
        };
        cases.push(case(format!("gate {}", gate.name), outcome));
    }
    for skip in &report.skipped {
        let why = words::skip(skip);
        let outcome = if skip.reason.lowers_coverage() {
            Case::Error(why)
        } else {
            Case::Skipped(why)
        };
        let place = Some((skip.path.clone(), 1));
        cases.push(TestCase {
            name: format!("read {}", skip.path),
            place,
            case: outcome,
        });
    }
    cases
}

fn rule(result: &RuleResult, report: &Report) -> TestCase {
    let open: Vec<&Finding> = result
        .findings
        .iter()
        .filter(|finding| finding.status == Status::Open)
        .collect();
    let case = match &result.outcome {
        Outcome::Pass => Case::Pass,
        Outcome::Manual => Case::Skipped("only a person can say".to_owned()),
        Outcome::NotApplicable(reason) => Case::Skipped(format!("does not apply: {reason}")),
        Outcome::Unknown(reason) => Case::Error(format!("could not be decided: {reason}")),
        Outcome::Fail if open.is_empty() && !result.findings.is_empty() => {
            Case::Skipped(accepted(&result.findings))
        }
        Outcome::Fail => failure(&open, result, report),
    };
    let name = match result.scope.as_str() {
        "." => result.rule.clone(),
        scope => format!("{} [{scope}]", result.rule),
    };
    let first = open
        .first()
        .map(|f| (f.location.path.to_string(), f.location.line()));
    TestCase {
        name,
        place: first,
        case,
    }
}

fn failure(open: &[&Finding], result: &RuleResult, report: &Report) -> Case {
    let message = match open {
        [] => "failed".to_owned(),
        [only] => prose::plain(&only.message),
        [first, rest @ ..] => {
            let first = prose::plain(&first.message);
            format!("{first} (and {} more)", rest.len())
        }
    };
    let line = |finding: &&Finding| {
        let place = words::short_place(&finding.location);
        xml(&format!(
            "{} {place}: {}",
            finding.severity,
            prose::plain(&finding.message)
        ))
    };
    let mut lines: Vec<String> = open.iter().map(line).collect();
    let card = report.rules.get(&result.rule);
    lines.extend(card.map(|card| format!("fix: {}", xml(card.remediation.trim()))));
    Case::Failure(message, format!("\n{}    ", indented(&lines)))
}

/// Each line moved in, so that none begins with text from a stranger.
fn indented(lines: &[String]) -> String {
    let mut out = String::new();
    for line in lines {
        let _ = writeln!(out, "      - {line}");
    }
    out
}

fn accepted(findings: &[Finding]) -> String {
    let reasons = findings.iter().map(|finding| match &finding.status {
        Status::Waived(waiver) if waiver.reason.is_empty() => "waived".to_owned(),
        Status::Waived(waiver) => format!("waived: {}", waiver.reason),
        Status::Known => "known in the baseline".to_owned(),
        Status::Open => "open".to_owned(),
    });
    let distinct: std::collections::BTreeSet<String> = reasons.collect();
    distinct.into_iter().collect::<Vec<_>>().join("; ")
}
