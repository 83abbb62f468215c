//! From the report the program works with to version 1 of its form.

use super::v1;
use crate::model::{self, Report};

impl From<&Report> for v1::ReadinessReport {
    fn from(report: &Report) -> Self {
        let service = |index: usize| report.services.get(index).map(|s| s.name.clone());
        Self {
            api_version: "preop.dev/v1".to_owned(),
            kind: "ReadinessReport".to_owned(),
            metadata: metadata(report),
            status: status(&report.score),
            services: report.services.iter().map(v1::Service::from).collect(),
            inventory: inventory(&report.inventory),
            findings: findings(report),
            results: report.results.iter().map(v1::RuleResult::from).collect(),
            checklist: report
                .checklist
                .iter()
                .map(v1::ChecklistItem::from)
                .collect(),
            loosenings: report.loosenings.clone(),
            skipped: report.skipped.iter().map(v1::Skipped::from).collect(),
            facts: report
                .facts
                .iter()
                .map(|f| fact(f, f.service.and_then(service)))
                .collect(),
            rules: report
                .rules
                .iter()
                .map(|(name, card)| (name.clone(), card.into()))
                .collect(),
        }
    }
}

fn metadata(report: &Report) -> v1::Metadata {
    let target = &report.target;
    v1::Metadata {
        target: v1::Target {
            name: target.name.clone(),
            commit: target.commit.clone(),
            dirty: target.dirty,
        },
        tool: v1::Tool {
            name: "preop".to_owned(),
            version: report.version.clone(),
        },
        rules: v1::RuleSet {
            count: report.rule_count,
            digest: report.rules_digest.clone(),
        },
        profile: report.profile.clone(),
        as_of: report.as_of.clone(),
    }
}

fn status(score: &model::Score) -> v1::Status {
    v1::Status {
        verdict: score.verdict,
        score: score.score,
        score_raw: score.raw,
        grade: score.grade,
        capped_by: score.capped_by.clone(),
        coverage: score.coverage,
        effort_minutes: score.effort_minutes,
        conditions: score.conditions.iter().map(v1::Condition::from).collect(),
        gates: score.gates.iter().map(v1::Gate::from).collect(),
        categories: score.categories.iter().map(v1::Category::from).collect(),
        what_if: score.what_if.iter().map(v1::WhatIf::from).collect(),
    }
}

impl From<&model::Condition> for v1::Condition {
    fn from(condition: &model::Condition) -> Self {
        Self {
            r#type: condition.kind.clone(),
            status: condition.status.clone(),
            reason: condition.reason.clone(),
            message: condition.message.clone(),
        }
    }
}

impl From<&model::GateResult> for v1::Gate {
    fn from(gate: &model::GateResult) -> Self {
        Self {
            name: gate.name.clone(),
            passed: gate.passed,
            message: gate.message.clone(),
        }
    }
}

impl From<&model::CategoryScore> for v1::Category {
    fn from(category: &model::CategoryScore) -> Self {
        Self {
            name: category.name.clone(),
            score: category.score,
            weight: category.weight,
            pass: category.pass,
            fail: category.fail,
            waived: category.waived,
            not_applicable: category.not_applicable,
            unknown: category.unknown,
        }
    }
}

impl From<&model::WhatIf> for v1::WhatIf {
    fn from(step: &model::WhatIf) -> Self {
        Self {
            after: step.after,
            score: step.score,
            verdict: step.verdict,
            effort_minutes: step.effort_minutes,
        }
    }
}

impl From<&model::Service> for v1::Service {
    fn from(service: &model::Service) -> Self {
        Self {
            name: service.name.clone(),
            root: service.root.clone(),
            kind: service.kind.clone(),
            languages: service.languages.clone(),
            frameworks: service.frameworks.clone(),
            serves: service.serves.clone(),
            entrypoints: service
                .entrypoints
                .iter()
                .map(ToString::to_string)
                .collect(),
            files: service.files,
            lines: service.lines,
            stub: service.stub,
        }
    }
}

fn inventory(inventory: &model::Inventory) -> v1::Inventory {
    v1::Inventory {
        files: inventory.files,
        files_read: inventory.files_read,
        lines: inventory.lines,
        roles: inventory.roles.clone(),
        languages: inventory.languages.clone(),
        facts: inventory.facts.clone(),
        ignored: inventory.ignored,
    }
}

/// Findings in the report's order, each with the scope of the result that holds it.
fn findings(report: &Report) -> Vec<v1::Finding> {
    let mut scopes: Vec<(&model::Finding, &str)> = report
        .results
        .iter()
        .flat_map(|result| {
            result
                .findings
                .iter()
                .map(|finding| (finding, result.scope.as_str()))
        })
        .collect();
    scopes.sort_by(|(a, _), (b, _)| model::by_weight(a, b));
    scopes
        .into_iter()
        .map(|(finding, scope)| convert(finding, scope))
        .collect()
}

fn convert(finding: &model::Finding, scope: &str) -> v1::Finding {
    let (status, waiver) = match &finding.status {
        model::Status::Open => (v1::FindingStatus::Open, None),
        model::Status::Waived(waiver) => (v1::FindingStatus::Waived, Some(waiver.into())),
        model::Status::Known => (v1::FindingStatus::Known, None),
    };
    v1::Finding {
        rule: finding.rule.clone(),
        severity: finding.severity,
        confidence: finding.confidence,
        message: finding.message.clone(),
        service: finding.service.clone(),
        scope: scope.to_owned(),
        location: (&finding.location).into(),
        excerpt: finding.excerpt.clone(),
        excerpt_line: finding.excerpt_line,
        related: finding
            .related
            .iter()
            .map(|r| labelled(&r.location, &r.label))
            .collect(),
        more: finding.more,
        notes: finding.notes.clone(),
        fingerprint: finding.fingerprint.to_string(),
        status,
        waiver,
        effort_minutes: finding.effort_minutes,
    }
}

impl From<&model::Waiver> for v1::Waiver {
    fn from(waiver: &model::Waiver) -> Self {
        Self {
            source: match waiver.source {
                model::WaiverSource::Comment => v1::WaiverSource::Comment,
                model::WaiverSource::Config => v1::WaiverSource::Config,
                model::WaiverSource::Foreign => v1::WaiverSource::Foreign,
            },
            place: waiver.place.clone(),
            reason: waiver.reason.clone(),
            approved_by: waiver.approved_by.clone(),
            until: waiver.until.clone(),
        }
    }
}

impl From<&model::Location> for v1::Location {
    fn from(location: &model::Location) -> Self {
        Self {
            path: location.path.to_string(),
            line: location.start.line.get(),
            column: location.start.column.get(),
            end_line: location.end.line.get(),
            end_column: location.end.column.get(),
        }
    }
}

fn labelled(location: &model::Location, label: &str) -> v1::Labelled {
    let v1::Location {
        path,
        line,
        column,
        end_line,
        end_column,
    } = location.into();
    v1::Labelled {
        path,
        line,
        column,
        end_line,
        end_column,
        label: label.to_owned(),
    }
}

impl From<&model::RuleResult> for v1::RuleResult {
    fn from(result: &model::RuleResult) -> Self {
        Self {
            rule: result.rule.clone(),
            scope: result.scope.clone(),
            outcome: match result.outcome {
                model::Outcome::Pass => v1::Outcome::Pass,
                model::Outcome::Fail => v1::Outcome::Fail,
                model::Outcome::NotApplicable(_) => v1::Outcome::NotApplicable,
                model::Outcome::Unknown(_) => v1::Outcome::Unknown,
                model::Outcome::Manual => v1::Outcome::Manual,
            },
            reason: result.outcome.reason().map(str::to_owned),
            evidence: result
                .evidence
                .iter()
                .map(|e| labelled(&e.location, &e.label))
                .collect(),
            judged: result.judged,
        }
    }
}

impl From<&model::ChecklistItem> for v1::ChecklistItem {
    fn from(item: &model::ChecklistItem) -> Self {
        Self {
            area: item.area.clone(),
            item: item.item.clone(),
            state: item.state,
            rules: item.rules.clone(),
            note: item.note.clone(),
            attestation: item.attestation.clone(),
        }
    }
}

impl From<&model::Skipped> for v1::Skipped {
    fn from(skipped: &model::Skipped) -> Self {
        Self {
            path: skipped.path.clone(),
            reason: skipped.reason,
            detail: skipped.detail.clone(),
        }
    }
}

fn fact(fact: &model::Fact, service: Option<String>) -> v1::Fact {
    // A value that JSON cannot hold, such as an infinite number, reads as null.
    let value = |value| serde_json::to_value(value).unwrap_or(serde_json::Value::Null);
    v1::Fact {
        kind: fact.kind.to_string(),
        service,
        location: (&fact.hit.location).into(),
        attributes: fact
            .attributes
            .iter()
            .map(|(k, v)| (k.to_string(), value(v)))
            .collect(),
    }
}

impl From<&model::RuleCard> for v1::Rule {
    fn from(card: &model::RuleCard) -> Self {
        Self {
            title: card.title.clone(),
            category: card.category.clone(),
            severity: card.severity,
            confidence: card.confidence,
            rationale: card.rationale.clone(),
            remediation: card.remediation.clone(),
            verify: card.verify.clone(),
            effort_minutes: card.effort_minutes,
            references: card.references.clone(),
            controls: card.controls.clone(),
            theme: card.theme.clone(),
            area: card.area.clone(),
            positive: card.positive.clone(),
            scoring: card.scoring.clone(),
            tags: card.tags.clone(),
            required: card.required,
        }
    }
}
