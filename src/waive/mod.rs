//! Which findings a person has accepted: inline comments, configuration, baseline.
//!
//! Waiving sets a finding's status and nothing else: the outcome of the rule and the raw score
//! stay. Everything that took effect, and everything that should have and did not, is said.

mod attest;
mod baseline;
mod config;
mod day;
mod offer;

#[cfg(test)]
mod tests;

pub use attest::{Vendor, checklist as attestations, items as attestation_items, vendors};
pub use baseline::{Baseline, BaselineEntry, BaselineKind, BaselineSpec};
pub use config::{
    ApiVersion, AttestationEntry, Config, ConfigKind, ConfigSpec, RulesSpec, WaiverEntry,
};

use crate::model::{InlineWaiver, RuleCard, RuleResult, Status};
use offer::Offer;
use std::collections::BTreeMap;

/// Every decision that may accept findings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decisions<'a> {
    /// Comments in the audited files.
    pub inline: &'a [InlineWaiver],
    /// The configuration.
    pub config: Option<&'a Config>,
    /// Findings known before.
    pub baseline: Option<&'a Baseline>,
    /// Today, `YYYY-MM-DD`, if the caller gave it. Without it nothing expires.
    pub as_of: Option<&'a str>,
}

/// Sets the status of every finding, and returns what was loosened and what does not hold.
///
/// A waiver that is void (no reason, expired, blanket) is as if it were absent. Where several
/// would accept a finding, our comments come before the configuration, the configuration before
/// other tools' comments, and the baseline last.
pub fn apply(
    results: &mut [RuleResult],
    cards: &BTreeMap<String, RuleCard>,
    decisions: &Decisions<'_>,
) -> Vec<String> {
    let (foreign, ours): (Vec<_>, Vec<_>) = decisions
        .inline
        .iter()
        .partition(|comment| comment.rules.is_empty());
    let entries = decisions
        .config
        .map_or(&[][..], |config| &config.spec.waivers);
    let mut offers: Vec<Offer> = ours.into_iter().map(Offer::comment).collect();
    offers.extend(
        entries
            .iter()
            .enumerate()
            .map(|(index, entry)| Offer::entry(index + 1, entry)),
    );
    offers.extend(foreign.into_iter().map(Offer::comment));

    let mut said = Vec::new();
    for offer in &mut offers {
        said.extend(offer.examine(cards, decisions.as_of));
    }
    let mut known = decisions
        .baseline
        .map(Baseline::counters)
        .unwrap_or_default();
    for finding in results.iter_mut().flat_map(|result| &mut result.findings) {
        let category = cards
            .get(&finding.rule)
            .map_or("", |card| card.category.as_str());
        let accepted = offers
            .iter_mut()
            .find_map(|offer| offer.accept(finding, category));
        let counter = known.get_mut(&(finding.rule.as_str(), finding.fingerprint.0.as_str()));
        finding.status = match (accepted, counter) {
            (Some(waiver), _) => Status::Waived(waiver),
            (None, Some(count)) => {
                *count += 1;
                Status::Known
            }
            (None, None) => Status::Open,
        };
    }
    said.extend(offers.iter().flat_map(Offer::account));
    said.extend(unchecked(&offers, decisions.as_of));
    said.extend(baseline_account(&known));
    said
}

fn unchecked(offers: &[Offer], as_of: Option<&str>) -> Option<String> {
    let dated = offers.iter().filter(|offer| offer.expires()).count();
    (as_of.is_none() && dated > 0).then(|| {
        let noun = if dated == 1 { "waiver" } else { "waivers" };
        format!("no date was given, so the expiry of {dated} {noun} was not checked")
    })
}

fn baseline_account(known: &BTreeMap<(&str, &str), u32>) -> Vec<String> {
    let matched: u32 = known.values().sum();
    let stale = known.values().filter(|count| **count == 0).count();
    let mut said = Vec::new();
    if matched > 0 {
        let noun = if matched == 1 {
            "finding is"
        } else {
            "findings are"
        };
        said.push(format!("baseline: {matched} {noun} known and not counted"));
    }
    if stale > 0 {
        let noun = if stale == 1 {
            "entry matches"
        } else {
            "entries match"
        };
        said.push(format!(
            "baseline: {stale} {noun} no finding; `preop baseline prune` drops them"
        ));
    }
    said
}
