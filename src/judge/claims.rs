//! One secret is reported once: of the rules that saw the same value, the most specific one
//! reports it, with the places that the others saw.

use super::candidates::Candidate;
use super::finding::PLACES;
use super::{Exposed, Looked};
use crate::model::{Finding, Location, Related, Secret};
use crate::rule::{KnownBy, Rule, RuleSet};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A shorter value may be the same by chance: it is the same only in the same place.
const LEAST: usize = 8;
/// Lines of one hit that are remembered.
const LINES: usize = 64;

/// What a less specific rule saw of a value.
pub(super) struct Claimed {
    /// The place of the hit that tells it.
    told_at: Location,
    /// Where the other rule saw it.
    seen_at: Location,
    /// The other rule.
    rule: String,
    /// The value as the other rule cut it out.
    values: BTreeSet<Secret>,
}

impl Claimed {
    /// Is the hit at `place` the one that tells it?
    pub(super) fn is_told_by(&self, place: &Location) -> bool {
        self.told_at == *place
    }

    /// Adds what the other rule saw to the finding that tells it.
    pub(super) fn join(&self, finding: &mut Finding, secrets: &mut Exposed) {
        let name = (finding.rule.clone(), finding.fingerprint.clone());
        secrets
            .entry(name)
            .or_default()
            .extend(self.values.iter().cloned());
        if finding.is_at(&self.seen_at) {
            return;
        }
        if finding.related.len() < PLACES {
            finding.related.push(Related {
                location: self.seen_at.clone(),
                label: format!("also here, seen by `{}`", self.rule),
            });
        } else {
            finding.more += 1;
        }
    }
}

/// A hit that shows a secret: which rule looked, and which of its hits it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Sight {
    looked: usize,
    hit: usize,
}

/// Takes every hit away from its rule whose value a more specific rule reports.
pub(super) fn settle(rules: &RuleSet, looked: &mut [Looked<'_, '_>]) {
    let tellers = tellers(rules, looked);
    if tellers.is_empty() {
        return;
    }
    let mut gone: BTreeSet<Sight> = BTreeSet::new();
    let mut claims = Vec::new();
    for (sight, teller) in &tellers {
        let (Some(seen_at), Some(told_at)) = (place(looked, *sight), place(looked, *teller)) else {
            continue;
        };
        let claimed = Claimed {
            told_at,
            seen_at,
            rule: name(looked, *sight),
            values: candidate(looked, *sight)
                .map(|hit| hit.values(rules).map(Secret::new).collect())
                .unwrap_or_default(),
        };
        claims.push((teller.looked, claimed));
        let by = name(looked, *teller);
        if let Some(loser) = looked.get_mut(sight.looked) {
            loser.told_by.insert(by);
        }
        gone.insert(*sight);
    }
    for (teller, claimed) in claims {
        if let Some(teller) = looked.get_mut(teller) {
            teller.claimed.push(claimed);
        }
    }
    for (at, looked) in looked.iter_mut().enumerate() {
        if let Some(hits) = looked.hits.take() {
            let kept = hits
                .into_iter()
                .enumerate()
                .filter(|(hit, _)| {
                    !gone.contains(&Sight {
                        looked: at,
                        hit: *hit,
                    })
                })
                .map(|(_, candidate)| candidate);
            looked.hits = Some(kept.collect());
        }
    }
}

/// For every hit that another rule tells, the hit that tells it.
fn tellers(rules: &RuleSet, looked: &[Looked<'_, '_>]) -> BTreeMap<Sight, Sight> {
    let sights = sights(looked);
    let mut by_value: BTreeMap<&str, Sight> = BTreeMap::new();
    let mut by_line: BTreeMap<(&str, u32), Vec<Sight>> = BTreeMap::new();
    let mut tellers: BTreeMap<Sight, Sight> = BTreeMap::new();
    for sight in sights {
        let Some(hit) = candidate(looked, sight) else {
            continue;
        };
        let at = hit.location();
        let lines = at.line()..=at.end.line.get();
        let values: Vec<&str> = hit.values(rules).collect();
        let elsewhere = values
            .iter()
            .filter(|value| value.len() >= LEAST)
            .find_map(|value| by_value.get(value));
        let teller = elsewhere.copied().or_else(|| {
            let mut near = lines
                .clone()
                .take(LINES)
                .filter_map(|line| by_line.get(&(at.path.as_str(), line)))
                .flatten();
            near.find(|other| shares(rules, looked, &values, **other))
                .copied()
        });
        let teller = teller.map(|teller| tellers.get(&teller).copied().unwrap_or(teller));
        // What a rule itself sees twice is for its own grouping.
        if let Some(teller) = teller
            && name(looked, teller) != name(looked, sight)
        {
            tellers.insert(sight, teller);
        }
        for value in values {
            by_value.entry(value).or_insert(sight);
        }
        for line in lines.take(LINES) {
            by_line
                .entry((at.path.as_str(), line))
                .or_default()
                .push(sight);
        }
    }
    tellers
}

/// All hits of rules that know secrets, most specific rule first.
fn sights(looked: &[Looked<'_, '_>]) -> Vec<Sight> {
    let mut order: Vec<(_, usize)> = looked
        .iter()
        .enumerate()
        .filter_map(|(at, looked)| Some((rank(looked.rule)?, at)))
        .collect();
    order.sort();
    let hits = |at: usize| {
        let count = looked.get(at).and_then(|looked| looked.hits.as_ref());
        (0..count.map_or(0, Vec::len)).map(move |hit| Sight { looked: at, hit })
    };
    order.into_iter().flat_map(|(_, at)| hits(at)).collect()
}

/// Most specific first; among equals the one that minds more, then by name.
fn rank(rule: &Rule) -> Option<(KnownBy, impl Ord + use<>)> {
    let card = &rule.card;
    let order = (
        Reverse(card.severity),
        Reverse(card.confidence),
        card.name.clone(),
    );
    Some((rule.known_by?, order))
}

/// Is a value of the other hit one of these, or a part of one, or the other way round?
fn shares(rules: &RuleSet, looked: &[Looked<'_, '_>], values: &[&str], other: Sight) -> bool {
    let Some(other) = candidate(looked, other) else {
        return false;
    };
    other.values(rules).any(|theirs| {
        values
            .iter()
            .any(|ours| ours.contains(theirs) || theirs.contains(ours))
    })
}

fn candidate<'l, 'c>(looked: &'l [Looked<'_, 'c>], sight: Sight) -> Option<&'l Candidate<'c>> {
    looked.get(sight.looked)?.hits.as_ref()?.get(sight.hit)
}

fn place(looked: &[Looked<'_, '_>], sight: Sight) -> Option<Location> {
    Some(candidate(looked, sight)?.location().clone())
}

fn name(looked: &[Looked<'_, '_>], sight: Sight) -> String {
    looked
        .get(sight.looked)
        .map_or_else(String::new, |looked| looked.rule.card.name.clone())
}

/// Why a rule that saw something reports nothing.
pub(super) fn told(by: &BTreeSet<String>) -> String {
    let names: Vec<String> = by.iter().map(|name| format!("`{name}`")).collect();
    format!("what it finds here is reported by {}", names.join(", "))
}
