//! A proven absence: what was looked for, where, and the nearest miss.

use super::candidates::Candidate;
use super::finding::{absence_fingerprint, effort};
use super::{Bench, Place};
use crate::model::{Finding, Reach, Related, Severity, Status, Value};
use crate::rule::{Rule, Source};
use std::fmt::Write;

/// Near misses named with an absence.
const MISSES: usize = 3;

impl<'c> Bench<'c> {
    /// The finding that nothing in `place` is what the rule expects.
    pub(super) fn absence(
        &self,
        rule: &Rule,
        place: Place,
        misses: &[Candidate<'c>],
        looked_at: u32,
    ) -> Finding {
        let mut notes = vec![self.searched(rule, place, looked_at)];
        let mut related = Vec::new();
        for miss in misses.iter().take(MISSES) {
            let label = if miss.reach == Reach::Orphan {
                "exists here, but nothing that runs imports it".to_owned()
            } else {
                format!("only in {} code", miss.file.file.role.as_str())
            };
            notes.push(format!("nearest miss: {} ({label})", miss.location()));
            related.push(Related {
                location: miss.location().clone(),
                label,
            });
        }
        let how = self.adjusted(rule, place, None);
        notes.extend(how.notes);
        let stub = self.is_stub(place);
        if stub {
            notes.push("the service has fewer than 100 lines of code".to_owned());
        }
        let (location, excerpt, excerpt_line) = self.anchor(rule, place);
        let view = Value::map([("path", Value::str(location.path.as_str()))]);
        Finding {
            rule: rule.card.name.clone(),
            severity: if stub { Severity::Info } else { how.severity },
            confidence: how.confidence,
            message: self.message(rule, &view, &[], place, misses.len()),
            service: self.service_of(place),
            location,
            excerpt,
            excerpt_line,
            related,
            more: u32::try_from(misses.len().saturating_sub(MISSES)).unwrap_or(u32::MAX),
            notes,
            fingerprint: absence_fingerprint(rule, &self.scope_name(place)),
            status: Status::Open,
            effort_minutes: effort(rule.card.effort_minutes, 1),
        }
    }

    fn is_stub(&self, place: Place) -> bool {
        match place {
            Place::Service(index) => self.case.survey.services.get(index).is_some_and(|s| s.stub),
            Place::Outside | Place::Repo => false,
        }
    }

    /// What was looked at, in numbers.
    fn searched(&self, rule: &Rule, place: Place, looked_at: u32) -> String {
        let files = self.pool.count_files(place);
        let mut out = format!("searched {files} files");
        for source in &rule.sources {
            if let Source::Fact(kind) = source {
                let facts = self.pool.found(std::slice::from_ref(source), place).len();
                let _infallible = write!(out, ", {facts} facts of kind `{kind}`");
            }
        }
        if looked_at > 0 && !out.contains("facts of kind") {
            let _infallible = write!(out, ", {looked_at} candidates");
        }
        out
    }
}
