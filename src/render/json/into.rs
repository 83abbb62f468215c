//! From version 1 of the form back to the report the program works with.
//!
//! What the form does not hold stays empty: byte spans, and what facts were made of. A report
//! comes from elsewhere, so everything in it is a stranger's text, and paths that leave the
//! repository are refused.

use super::v1;
use crate::model::{
    self, Context, Evidence, Fact, Finding, Fingerprint, Hit, Location, Outcome, Position, Related,
    RepoPath, Report, RuleCard, RuleResult, Span, Status, Value, Waiver, WaiverSource,
};
use std::num::NonZeroU32;
use std::sync::Arc;

/// Why a report could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not JSON.
    #[error("not JSON: {0}")]
    Json(serde_json::Error),
    /// JSON, but no document of ours: it has no `apiVersion` and `kind`.
    #[error("another tool's JSON: it has no `apiVersion` and `kind`")]
    Foreign,
    /// Of our kind and version, but not of the form.
    #[error("not a whole report of `preop.dev/v1`: {0}")]
    Form(#[from] serde_json::Error),
    /// Another kind of document.
    #[error("found `{kind}` of `{version}`, wanted `ReadinessReport` of `preop.dev/v1`")]
    Kind {
        /// Its kind.
        kind: String,
        /// Its version.
        version: String,
    },
    /// A path that is absolute, empty or leaves the repository.
    #[error("`{0}` is no path inside a repository")]
    Path(String),
}

impl ReadError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Kind { version, .. }
                if version.starts_with("preop.dev/") && version != "preop.dev/v1" =>
            {
                "it was written by another version of preop; read it with that version"
            }
            Self::Json(_) | Self::Foreign | Self::Kind { .. } => {
                "write one with `preop audit --report json=FILE`"
            }
            Self::Form(_) | Self::Path(_) => {
                "it was cut off or edited; write it again with `preop audit`"
            }
        }
    }
}

impl TryFrom<v1::ReadinessReport> for Report {
    type Error = ReadError;

    fn try_from(form: v1::ReadinessReport) -> Result<Self, ReadError> {
        let services: Vec<model::Service> = form.services.into_iter().map(service).collect();
        let index = |name: &str| services.iter().position(|service| service.name == name);
        let facts: Result<Vec<Fact>, ReadError> = form
            .facts
            .into_iter()
            .map(|form| {
                let at = form.service.as_deref().and_then(index);
                fact(form, at)
            })
            .collect();
        Ok(Self {
            target: model::Target {
                name: form.metadata.target.name,
                commit: form.metadata.target.commit,
                dirty: form.metadata.target.dirty,
            },
            version: form.metadata.tool.version,
            rule_count: form.metadata.rules.count,
            rules_digest: form.metadata.rules.digest,
            profile: form.metadata.profile,
            as_of: form.metadata.as_of,
            score: score(form.status),
            facts: facts?,
            services,
            inventory: inventory(form.inventory),
            rules: form
                .rules
                .into_iter()
                .map(|(name, rule)| (name.clone(), card(name, rule)))
                .collect(),
            results: results(form.results, form.findings)?,
            skipped: form.skipped.into_iter().map(skipped).collect(),
            loosenings: form.loosenings,
            checklist: form.checklist.into_iter().map(item).collect(),
        })
    }
}

fn score(status: v1::Status) -> model::Score {
    model::Score {
        score: status.score,
        raw: status.score_raw,
        grade: status.grade,
        capped_by: status.capped_by,
        coverage: status.coverage,
        verdict: status.verdict,
        effort_minutes: status.effort_minutes,
        categories: status.categories.into_iter().map(category).collect(),
        conditions: status.conditions.into_iter().map(condition).collect(),
        gates: status.gates.into_iter().map(gate).collect(),
        what_if: status.what_if.iter().map(what_if).collect(),
    }
}

fn category(form: v1::Category) -> model::CategoryScore {
    model::CategoryScore {
        name: form.name,
        score: form.score,
        weight: form.weight,
        pass: form.pass,
        fail: form.fail,
        waived: form.waived,
        not_applicable: form.not_applicable,
        unknown: form.unknown,
    }
}

fn condition(form: v1::Condition) -> model::Condition {
    model::Condition {
        kind: form.r#type,
        status: form.status,
        reason: form.reason,
        message: form.message,
    }
}

fn gate(form: v1::Gate) -> model::GateResult {
    model::GateResult {
        name: form.name,
        passed: form.passed,
        message: form.message,
    }
}

fn what_if(form: &v1::WhatIf) -> model::WhatIf {
    model::WhatIf {
        after: form.after,
        score: form.score,
        verdict: form.verdict,
        effort_minutes: form.effort_minutes,
    }
}

fn service(form: v1::Service) -> model::Service {
    model::Service {
        name: form.name,
        root: form.root,
        kind: form.kind,
        languages: form.languages,
        frameworks: form.frameworks,
        serves: form.serves,
        entrypoints: form
            .entrypoints
            .iter()
            .filter_map(|path| RepoPath::new(path))
            .collect(),
        files: form.files,
        lines: form.lines,
        stub: form.stub,
        ..model::Service::default()
    }
}

fn inventory(form: v1::Inventory) -> model::Inventory {
    model::Inventory {
        files: form.files,
        files_read: form.files_read,
        lines: form.lines,
        roles: form.roles,
        languages: form.languages,
        facts: form.facts,
        ignored: form.ignored,
    }
}

fn skipped(form: v1::Skipped) -> model::Skipped {
    model::Skipped {
        path: form.path,
        reason: form.reason,
        detail: form.detail,
    }
}

fn item(form: v1::ChecklistItem) -> model::ChecklistItem {
    model::ChecklistItem {
        area: form.area,
        item: form.item,
        state: form.state,
        rules: form.rules,
        note: form.note,
        attestation: form.attestation,
    }
}

fn position(line: u32, column: u32) -> Position {
    let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    Position {
        line: number(line),
        column: number(column),
    }
}

fn location(form: &v1::Location) -> Result<Location, ReadError> {
    let start = position(form.line, form.column);
    located(&form.path, start, position(form.end_line, form.end_column))
}

fn labelled(form: &v1::Labelled) -> Result<Location, ReadError> {
    let start = position(form.line, form.column);
    located(&form.path, start, position(form.end_line, form.end_column))
}

/// The bytes are not known; an empty span still says that the place is only an anchor.
fn located(path: &str, start: Position, end: Position) -> Result<Location, ReadError> {
    let path = RepoPath::new(path).ok_or_else(|| ReadError::Path(path.to_owned()))?;
    Ok(Location {
        path,
        span: Span::new(0, usize::from(start != end)),
        start,
        end,
    })
}

/// Results with their findings back in place.
fn results(
    forms: Vec<v1::RuleResult>,
    findings: Vec<v1::Finding>,
) -> Result<Vec<RuleResult>, ReadError> {
    let mut results = forms
        .into_iter()
        .map(result)
        .collect::<Result<Vec<_>, _>>()?;
    for form in findings {
        let scope = form.scope.clone();
        let found = finding(form)?;
        let own = results
            .iter_mut()
            .find(|r| r.rule == found.rule && r.scope == scope);
        match own {
            Some(result) => result.findings.push(found),
            None => results.push(RuleResult {
                rule: found.rule.clone(),
                scope,
                outcome: Outcome::Fail,
                findings: vec![found],
                evidence: Vec::new(),
                judged: 1,
            }),
        }
    }
    for result in &mut results {
        result.findings.sort_by(model::by_place);
    }
    Ok(results)
}

fn result(form: v1::RuleResult) -> Result<RuleResult, ReadError> {
    let reason = form.reason.unwrap_or_default();
    let evidence = form.evidence.into_iter().map(|form| {
        Ok(Evidence {
            location: labelled(&form)?,
            label: form.label,
        })
    });
    Ok(RuleResult {
        rule: form.rule,
        scope: form.scope,
        outcome: match form.outcome {
            v1::Outcome::Pass => Outcome::Pass,
            v1::Outcome::Fail => Outcome::Fail,
            v1::Outcome::NotApplicable => Outcome::NotApplicable(reason),
            v1::Outcome::Unknown => Outcome::Unknown(reason),
            v1::Outcome::Manual => Outcome::Manual,
        },
        findings: Vec::new(),
        evidence: evidence.collect::<Result<_, ReadError>>()?,
        judged: form.judged,
    })
}

fn finding(form: v1::Finding) -> Result<Finding, ReadError> {
    let related = form.related.into_iter().map(|form| {
        Ok(Related {
            location: labelled(&form)?,
            label: form.label,
        })
    });
    Ok(Finding {
        location: location(&form.location)?,
        related: related.collect::<Result<_, ReadError>>()?,
        status: match (form.status, form.waiver) {
            (v1::FindingStatus::Waived, Some(form)) => Status::Waived(waiver(form)),
            // Waived by nobody is not waived.
            (v1::FindingStatus::Open | v1::FindingStatus::Waived, _) => Status::Open,
            (v1::FindingStatus::Known, _) => Status::Known,
        },
        rule: form.rule,
        severity: form.severity,
        confidence: form.confidence,
        message: form.message,
        service: form.service,
        excerpt: form.excerpt,
        excerpt_line: form.excerpt_line,
        more: form.more,
        notes: form.notes,
        fingerprint: Fingerprint(form.fingerprint),
        effort_minutes: form.effort_minutes,
    })
}

fn waiver(form: v1::Waiver) -> Waiver {
    Waiver {
        source: match form.source {
            v1::WaiverSource::Comment => WaiverSource::Comment,
            v1::WaiverSource::Config => WaiverSource::Config,
            v1::WaiverSource::Foreign => WaiverSource::Foreign,
        },
        place: form.place,
        reason: form.reason,
        approved_by: form.approved_by,
        until: form.until,
    }
}

fn fact(form: v1::Fact, service: Option<usize>) -> Result<Fact, ReadError> {
    let attributes = form
        .attributes
        .into_iter()
        .map(|(key, value)| (key.into(), plain(&value)));
    Ok(Fact {
        kind: form.kind.into(),
        attributes: attributes.collect(),
        hit: Arc::new(Hit {
            location: location(&form.location)?,
            value: Value::Null,
            captures: std::collections::BTreeMap::new(),
            kinds: std::collections::BTreeMap::new(),
            context: Context::default(),
            excerpt: Arc::from(""),
            excerpt_line: 1,
            digest: [0; 16],
        }),
        service,
    })
}

/// A JSON value as one of ours. Its depth is bounded by the parser that read it.
fn plain(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or_default()),
        },
        serde_json::Value::String(text) => Value::str(text.as_str()),
        serde_json::Value::Array(items) => Value::list(items.iter().map(plain)),
        serde_json::Value::Object(fields) => Value::map(
            fields
                .iter()
                .map(|(key, value)| (key.as_str(), plain(value))),
        ),
    }
}

fn card(name: String, form: v1::Rule) -> RuleCard {
    RuleCard {
        name,
        title: form.title,
        category: form.category,
        severity: form.severity,
        confidence: form.confidence,
        rationale: form.rationale,
        remediation: form.remediation,
        verify: form.verify,
        effort_minutes: form.effort_minutes,
        references: form.references,
        controls: form.controls,
        theme: form.theme,
        area: form.area,
        positive: form.positive,
        scoring: form.scoring,
        tags: form.tags,
        required: form.required,
    }
}
