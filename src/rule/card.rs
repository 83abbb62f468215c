//! What a reader must know of a rule, taken from its manifest.

use super::category;
use super::spec::{RuleManifest, RuleSpec, Scoring};
use crate::model::RuleCard;

/// The card of a rule whose effort is `effort_minutes`.
pub(super) fn card(rule: &RuleManifest, effort_minutes: u32) -> RuleCard {
    let RuleManifest { metadata, spec, .. } = rule;
    let RuleSpec {
        severity,
        confidence,
        ..
    } = spec;
    RuleCard {
        name: metadata.name.value.clone(),
        title: metadata.title.clone(),
        category: metadata.category.clone(),
        severity: *severity,
        confidence: *confidence,
        rationale: spec.rationale.trim().to_owned(),
        remediation: spec.remediation.trim().to_owned(),
        verify: spec.verify.clone(),
        effort_minutes,
        references: spec.references.clone(),
        controls: spec.controls.clone(),
        theme: spec
            .theme
            .unwrap_or_else(|| category::theme(&metadata.category))
            .as_str()
            .to_owned(),
        area: spec
            .area
            .clone()
            .unwrap_or_else(|| category::area(&metadata.category).to_owned()),
        positive: spec
            .positive
            .clone()
            .unwrap_or_else(|| metadata.title.clone()),
        scoring: match spec.scoring {
            Scoring::Binary => "binary",
            Scoring::Proportional => "proportional",
            Scoring::Decay => "decay",
        }
        .to_owned(),
        tags: metadata.tags.clone(),
        required: spec.required,
    }
}
