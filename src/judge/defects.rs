//! Conditions that could not be evaluated: what is wrong with a rule, and not with the repository.

use crate::rule::Rule;
use crate::rule::expr::Undecided;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// Why conditions could not be evaluated, by rule.
pub type Defects = BTreeMap<String, BTreeSet<String>>;

/// Collects them while rules are judged side by side.
#[derive(Default)]
pub(super) struct Noted(Mutex<Defects>);

impl Noted {
    /// Says why there is no answer, and remembers it if the rule is to blame.
    pub(super) fn told(&self, rule: &Rule, why: &Undecided) -> String {
        self.note(rule, why);
        match why {
            Undecided::Unknown(why) => why.clone(),
            Undecided::Failed(why) => {
                format!("a condition of the rule could not be evaluated: {why}")
            }
        }
    }

    /// Remembers why there is no answer if the rule is to blame.
    pub(super) fn note(&self, rule: &Rule, why: &Undecided) {
        if let Undecided::Failed(why) = why {
            let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let of_rule = noted.entry(rule.card.name.clone()).or_default();
            of_rule.insert(why.clone());
        }
    }

    /// All that was remembered.
    pub(super) fn all(self) -> Defects {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
