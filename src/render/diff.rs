//! The words and the order in which a comparison is told, whatever the format.

use super::words;
use crate::model::{Confidence, Diff, Faded, Finding, Report, Severity, Status};

/// A heading with its lines.
pub(super) struct Part {
    pub(super) title: &'static str,
    pub(super) lines: Vec<Line>,
}

/// A finding, or a rule that lost its answer. Nothing in it is escaped.
pub(super) struct Line {
    pub(super) severity: Option<Severity>,
    pub(super) rule: String,
    /// A place, or the scope of a rule.
    pub(super) place: String,
    pub(super) text: String,
    pub(super) note: Option<String>,
}

/// All parts that have something to say, the bad news first.
pub(super) fn parts(diff: &Diff<'_>) -> Vec<Part> {
    let plain = |list: &[&Finding]| list.iter().map(|f| line(f, None)).collect();
    let faded = |list: &[Faded<'_>]| list.iter().map(fade).collect();
    let added = diff.added.iter().map(|added| {
        line(
            added.finding,
            added.by_new_rule.then(|| "the rule is new".to_owned()),
        )
    });
    let lost = diff
        .lost
        .iter()
        .map(|lost| line(lost.finding, Some(lost.why.describe())));
    let accepted = diff
        .accepted
        .iter()
        .map(|finding| line(finding, by(finding)));
    let all = [
        ("New", added.collect()),
        ("Open again", plain(&diff.reopened)),
        ("No longer seen, and not shown to be fixed", lost.collect()),
        (
            "Rules that cannot be decided any more",
            faded(&diff.unknown),
        ),
        (
            "Rules that do not apply any more",
            faded(&diff.not_applicable),
        ),
        ("Accepted since", accepted.collect()),
        ("Fixed", plain(&diff.fixed)),
        ("Accepted before, and gone", plain(&diff.retired)),
    ];
    all.into_iter()
        .map(|(title, lines)| Part { title, lines })
        .filter(|part: &Part| !part.lines.is_empty())
        .collect()
}

fn line(finding: &Finding, note: Option<String>) -> Line {
    Line {
        severity: Some(finding.severity),
        rule: finding.rule.clone(),
        place: words::short_place(&finding.location),
        text: finding.message.clone(),
        note,
    }
}

fn by(finding: &Finding) -> Option<String> {
    match &finding.status {
        Status::Waived(waiver) if waiver.reason.is_empty() => Some("waived".to_owned()),
        Status::Waived(waiver) => Some(format!("waived: {}", waiver.reason)),
        Status::Known => Some("in the baseline".to_owned()),
        Status::Open => None,
    }
}

fn fade(faded: &Faded<'_>) -> Line {
    Line {
        severity: None,
        rule: faded.rule.to_owned(),
        place: faded.scope.to_owned(),
        text: faded.reason.to_owned(),
        note: Some(format!("was {}", faded.was)),
    }
}

/// How numbers moved: what, before, after, and the difference where there is one.
pub(super) fn numbers(diff: &Diff<'_>) -> Vec<[String; 4]> {
    let (old, new) = (&diff.old.score, &diff.new.score);
    let mut rows = vec![
        row("verdict", old.verdict.as_str(), new.verdict.as_str(), None),
        moved("score", old.score, new.score),
        moved("score, nothing waived", old.raw, new.raw),
    ];
    let share = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), words::percent);
    rows.push(row(
        "coverage",
        &share(old.coverage),
        &share(new.coverage),
        None,
    ));
    for severity in Severity::WORST_FIRST {
        let (a, b) = (open(diff.old, severity), open(diff.new, severity));
        if a + b > 0 {
            rows.push(moved(&format!("open {severity}"), Some(a), Some(b)));
        }
    }
    let (a, b) = (suspected(diff.old), suspected(diff.new));
    if a + b > 0 {
        rows.push(moved("suspected", Some(a), Some(b)));
    }
    rows.push(row(
        "work",
        &words::minutes(old.effort_minutes),
        &words::minutes(new.effort_minutes),
        None,
    ));
    rows
}

/// Open findings that are sure enough to count, as every other format counts them.
fn open(report: &Report, severity: Severity) -> u32 {
    count(report, |f| {
        f.severity == severity && f.confidence > Confidence::Low
    })
}

fn suspected(report: &Report) -> u32 {
    count(report, |f| f.confidence == Confidence::Low)
}

fn count(report: &Report, wanted: impl Fn(&Finding) -> bool) -> u32 {
    let findings = report.results.iter().flat_map(|result| &result.findings);
    let some = findings.filter(|f| f.status == Status::Open && wanted(f));
    u32::try_from(some.count()).unwrap_or(u32::MAX)
}

fn moved(what: &str, old: Option<u32>, new: Option<u32>) -> [String; 4] {
    let by = old.zip(new).map(|(a, b)| i64::from(b) - i64::from(a));
    row(what, &words::score(old), &words::score(new), by)
}

fn row(what: &str, old: &str, new: &str, by: Option<i64>) -> [String; 4] {
    let by = match by {
        None | Some(0) => String::new(),
        Some(by) => format!("{by:+}"),
    };
    [what.to_owned(), old.to_owned(), new.to_owned(), by]
}

/// The comparison in one sentence, without a full stop.
pub(super) fn sentence(diff: &Diff<'_>) -> String {
    let news = diff.worse_findings();
    let count = |number: usize| words::count(number, "finding", "findings");
    let verdict = if diff.worse_verdict() {
        ", and the verdict got worse"
    } else {
        ""
    };
    match (news, diff.fixed.len()) {
        (0, 0) if diff.worse_verdict() => "no finding is new, but the verdict got worse".to_owned(),
        (0, 0) => "nothing got worse, and nothing was fixed".to_owned(),
        (0, fixed) => format!("{} fixed, none new{verdict}", count(fixed)),
        (new, 0) => format!("{} new, none fixed{verdict}", count(new)),
        (new, fixed) => format!("{} new, {fixed} fixed{verdict}", count(new)),
    }
}
