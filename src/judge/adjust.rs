//! Severity and confidence of one finding: the rule's, or what an adjustment says.

use super::candidates::Candidate;
use super::{Bench, Place};
use crate::model::{Confidence, Severity};
use crate::rule::expr::Undecided;
use crate::rule::{Adjust, Rule};

/// Severity and confidence of one finding, and why they are not the rule's.
pub(super) struct Adjusted {
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    pub(super) notes: Vec<String>,
}

impl Bench<'_> {
    /// The first adjustment that holds. One before it that cannot be decided may hold too: of all
    /// that may be, the finding claims the least, and says what is undecided.
    pub(super) fn adjusted(
        &self,
        rule: &Rule,
        place: Place,
        hit: Option<&Candidate<'_>>,
    ) -> Adjusted {
        let view = hit.map(|hit| hit.clone().view().clone());
        let vars = self.vars(place, view);
        let mut doubts = Vec::new();
        let mut holds = None;
        for adjust in &rule.adjust {
            match adjust.when.test(&vars) {
                Ok(true) => {
                    holds = Some(adjust);
                    break;
                }
                Ok(false) => {}
                Err(why) => doubts.push((adjust, why)),
            }
        }
        let decided = holds.map_or((rule.card.severity, rule.card.confidence), |adjust| {
            changed(rule, adjust)
        });
        let mut out = Adjusted {
            severity: decided.0,
            confidence: decided.1,
            notes: holds.iter().map(|adjust| adjust.because.clone()).collect(),
        };
        for (adjust, _) in &doubts {
            let (severity, confidence) = changed(rule, adjust);
            out.severity = out.severity.min(severity);
            out.confidence = out.confidence.min(confidence);
        }
        for (adjust, why) in &doubts {
            let may_be = changed(rule, adjust);
            if may_be != decided {
                let most = decided.0.max(may_be.0);
                out.notes.push(doubt(out.severity, most, adjust, why));
            }
        }
        out
    }
}

/// What an adjustment makes of the rule's severity and confidence.
fn changed(rule: &Rule, adjust: &Adjust) -> (Severity, Confidence) {
    (
        adjust.severity.unwrap_or(rule.card.severity),
        adjust.confidence.unwrap_or(rule.card.confidence),
    )
}

fn doubt(claimed: Severity, most: Severity, adjust: &Adjust, Undecided(why): &Undecided) -> String {
    let may_be = if most > claimed {
        format!("may be {}: ", most.as_str())
    } else {
        String::new()
    };
    format!(
        "{may_be}it is undecided whether \"{}\" ({why})",
        adjust.because
    )
}
