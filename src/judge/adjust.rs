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
                Err(why) => {
                    self.defects.note(rule, &why);
                    doubts.push((adjust, why));
                }
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
                out.notes.push(doubt(&out, decided, may_be, adjust, why));
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

/// Says what is not known, and what the finding may be more than it claims.
fn doubt(
    claimed: &Adjusted,
    decided: (Severity, Confidence),
    may_be: (Severity, Confidence),
    adjust: &Adjust,
    why: &Undecided,
) -> String {
    let most = decided.0.max(may_be.0);
    let lead = if most > claimed.severity {
        format!("may be {}: ", most.as_str())
    } else {
        String::new()
    };
    match why {
        Undecided::Unknown(why) => {
            format!(
                "{lead}it is undecided whether \"{}\" ({why})",
                adjust.because
            )
        }
        Undecided::Failed(why) => {
            let least = if decided.0 == may_be.0 {
                "confidence"
            } else {
                "severity"
            };
            format!(
                "{lead}a condition of the rule could not be evaluated, which asks whether \"{}\": \
                 {why}; the {least} is the least that may hold",
                adjust.because
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Predicate;

    #[test]
    fn a_defect_of_the_rule_is_told_apart_from_what_the_repository_leaves_open() {
        let adjust = Adjust {
            when: Predicate::new("hit.value.x"),
            severity: Some(Severity::Low),
            confidence: None,
            because: "it is internal".to_owned(),
        };
        let claimed = Adjusted {
            severity: Severity::Low,
            confidence: Confidence::High,
            notes: Vec::new(),
        };
        let told = |why: Undecided| {
            let decided = (Severity::High, Confidence::High);
            let may_be = (Severity::Low, Confidence::High);
            doubt(&claimed, decided, may_be, &adjust, &why)
        };
        assert_eq!(
            told(Undecided::Unknown("`hit.value` cannot be told".to_owned())),
            "may be high: it is undecided whether \"it is internal\" (`hit.value` cannot be told)"
        );
        assert_eq!(
            told(Undecided::Failed("`lower`: wants text".to_owned())),
            "may be high: a condition of the rule could not be evaluated, which asks whether \
             \"it is internal\": `lower`: wants text; the severity is the least that may hold"
        );
    }
}
