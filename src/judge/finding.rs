//! Hits → findings: grouping, places, fingerprint, effort.

use super::candidates::Candidate;
use super::claims::Claimed;
use super::{Bench, Exposed, Place};
use crate::model::{Finding, Fingerprint, Location, Related, Secret, Status};
use crate::rule::Rule;
use crate::rule::spec::ExpectSpec;
use std::collections::{BTreeMap, BTreeSet};

/// Related places kept with a finding; the rest is counted. Formats show fewer where they must.
pub(super) const PLACES: usize = 500;

/// Hits that make one finding, in order of place.
pub(super) struct Group<'g, 'c> {
    pub(super) hits: Vec<&'g Candidate<'c>>,
    /// What they have in common, where the rule groups by something that has a text.
    pub(super) text: Option<String>,
}

impl<'c> Bench<'c> {
    /// One finding for each hit, or for each group of hits.
    pub(super) fn findings(
        &self,
        rule: &Rule,
        place: Place,
        hits: &[Candidate<'c>],
        claimed: &[Claimed],
        secrets: &mut Exposed,
    ) -> Vec<Finding> {
        let mut ordinals = BTreeMap::new();
        let mut out = Vec::new();
        for group in self.groups(rule, place, hits) {
            let found = if self.is_anchored(rule) {
                self.anchored(rule, place, &group, secrets)
            } else {
                self.finding(rule, place, &group, "also here", &mut ordinals, secrets)
            };
            let Some(mut finding) = found else { continue };
            for claim in claimed {
                if group
                    .hits
                    .iter()
                    .any(|hit| claim.is_told_by(hit.location()))
                {
                    claim.join(&mut finding, secrets);
                }
            }
            out.push(finding);
        }
        out
    }

    /// One finding for each group that has more than `most` hits.
    pub(super) fn too_many(
        &self,
        rule: &Rule,
        place: Place,
        hits: &[Candidate<'c>],
        most: u32,
        secrets: &mut Exposed,
    ) -> Vec<Finding> {
        let counting: Vec<Candidate<'c>> = hits
            .iter()
            .filter(|hit| Self::counts(rule, hit))
            .cloned()
            .collect();
        let most = most as usize;
        let mut ordinals = BTreeMap::new();
        let mut out = Vec::new();
        for mut group in self.groups(rule, place, &counting) {
            if group.hits.len() <= most {
                continue;
            }
            // The first one that is too many is the place; those before it are its context.
            group.hits.rotate_left(most);
            let label = if most == 1 {
                "the other one"
            } else {
                "one of the others"
            };
            out.extend(self.finding(rule, place, &group, label, &mut ordinals, secrets));
        }
        out
    }

    fn groups<'g>(
        &self,
        rule: &Rule,
        place: Place,
        hits: &'g [Candidate<'c>],
    ) -> Vec<Group<'g, 'c>> {
        let many = matches!(rule.expect, ExpectSpec::AtMost(_));
        let Some(by) = rule.group_by.as_ref().filter(|_| !self.apart) else {
            if many {
                return vec![Group {
                    hits: hits.iter().collect(),
                    text: None,
                }];
            }
            let alone = |hit| Group {
                hits: vec![hit],
                text: None,
            };
            return hits.iter().map(alone).collect();
        };
        let mut order: Vec<Group<'g, 'c>> = Vec::new();
        let mut index: BTreeMap<String, usize> = BTreeMap::new();
        for hit in hits {
            let view = hit.clone().view().clone();
            // Without a common text a hit stands alone.
            let text = by.text(&self.vars(place, Some(view)));
            let text = text.map_err(|why| self.defects.note(rule, &why)).ok();
            if let Some(group) = text
                .as_ref()
                .and_then(|text| index.get(text))
                .and_then(|at| order.get_mut(*at))
            {
                group.hits.push(hit);
            } else {
                if let Some(text) = &text {
                    index.insert(text.clone(), order.len());
                }
                order.push(Group {
                    hits: vec![hit],
                    text,
                });
            }
        }
        order
    }

    fn finding(
        &self,
        rule: &Rule,
        place: Place,
        group: &Group<'_, 'c>,
        label: &str,
        ordinals: &mut BTreeMap<(String, [u8; 16]), u32>,
        secrets: &mut Exposed,
    ) -> Option<Finding> {
        // The worst place leads: a copy in production outweighs one in a test.
        let mut adjusted: Vec<_> = group
            .hits
            .iter()
            .map(|hit| (self.adjusted(rule, place, Some(hit)), *hit))
            .collect();
        if rule.group_by.is_some() && !matches!(rule.expect, ExpectSpec::AtMost(_)) {
            adjusted.sort_by(|(a, _), (b, _)| {
                (b.severity, b.confidence).cmp(&(a.severity, a.confidence))
            });
        }
        let (how, first) = adjusted.first()?;
        let fingerprint = fingerprint(rule, first.location(), first.hit.digest, ordinals);
        self.expose(rule, &group.hits, &fingerprint, secrets);
        let rest = adjusted.iter().skip(1).map(|(_, hit)| hit.location());
        let others = others(rule.known_by.is_some(), first.location(), rest);
        let related: Vec<Related> = others
            .iter()
            .take(PLACES)
            .map(|place| Related {
                location: (*place).clone(),
                label: label.to_owned(),
            })
            .collect();
        let more = others.len().saturating_sub(PLACES);
        // A count is of hits, even where two stand in one place.
        let places = if matches!(rule.expect, ExpectSpec::AtMost(_)) {
            group.hits.len()
        } else {
            others.len() + 1
        };
        let mut view = (*first).clone();
        let redacted = first.redacted(self.case.rules);
        Some(Finding {
            rule: rule.card.name.clone(),
            severity: how.severity,
            confidence: how.confidence,
            message: self.message(rule, view.view(), redacted, place, places),
            service: self.service_of(place),
            location: first.location().clone(),
            excerpt: first.hit.excerpt.to_string(),
            excerpt_line: first.hit.excerpt_line,
            related,
            more: u32::try_from(more).unwrap_or(u32::MAX),
            notes: how.notes.clone(),
            fingerprint,
            status: Status::Open,
            effort_minutes: effort(rule.card.effort_minutes, places),
        })
    }

    /// Remembers the raw values behind a finding.
    pub(super) fn expose(
        &self,
        rule: &Rule,
        hits: &[&Candidate<'c>],
        fingerprint: &Fingerprint,
        secrets: &mut Exposed,
    ) {
        let values: BTreeSet<Secret> = hits
            .iter()
            .flat_map(|hit| hit.values(self.case.rules))
            .map(Secret::new)
            .collect();
        if !values.is_empty() {
            let name = (rule.card.name.clone(), fingerprint.clone());
            secrets.entry(name).or_default().extend(values);
        }
    }

    pub(super) fn service_of(&self, place: Place) -> Option<String> {
        match place {
            Place::Service(index) => self.case.survey.services.get(index).map(|s| s.name.clone()),
            Place::Outside | Place::Repo => None,
        }
    }
}

/// The other places of a finding, each once: two facts may stand in one place, and two matchers that
/// see the same secret may begin at different letters of its line.
fn others<'h>(
    by_line: bool,
    first: &'h Location,
    rest: impl Iterator<Item = &'h Location>,
) -> Vec<&'h Location> {
    let spot = |place: &'h Location| {
        let column = (!by_line).then_some(place.start.column);
        (place.path.as_str(), place.line(), column)
    };
    let mut seen = BTreeSet::from([spot(first)]);
    rest.filter(|place| seen.insert(spot(place))).collect()
}

/// Identity of a finding: rule, path, what was matched, and its ordinal among equals in the file.
fn fingerprint(
    rule: &Rule,
    location: &Location,
    digest: [u8; 16],
    ordinals: &mut BTreeMap<(String, [u8; 16]), u32>,
) -> Fingerprint {
    let ordinal = ordinals
        .entry((location.path.to_string(), digest))
        .or_default();
    *ordinal += 1;
    hash(&[
        rule.card.name.as_bytes(),
        location.path.as_str().as_bytes(),
        &digest,
        &ordinal.to_be_bytes(),
    ])
}

/// Identity of an absence: rule and scope.
pub(super) fn absence_fingerprint(rule: &Rule, scope: &str) -> Fingerprint {
    hash(&[rule.card.name.as_bytes(), b"absent", scope.as_bytes()])
}

/// Identity of what holds for a group: rule, scope and what the group has in common.
pub(super) fn group_fingerprint(rule: &Rule, scope: &str, text: &str) -> Fingerprint {
    hash(&[
        rule.card.name.as_bytes(),
        b"group",
        scope.as_bytes(),
        text.as_bytes(),
    ])
}

fn hash(parts: &[&[u8]]) -> Fingerprint {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part);
        hasher.update(&[0]);
    }
    Fingerprint(hasher.finalize().to_hex().chars().take(16).collect())
}

/// Minutes for `places` occurrences: each further place adds 15 % up to four times the base,
/// rounded up to 5 minutes below an hour, 15 below four, 30 above.
pub(super) fn effort(base: u32, places: usize) -> u32 {
    let more = u32::try_from(places.saturating_sub(1)).unwrap_or(u32::MAX);
    let percent = more.saturating_mul(15).saturating_add(100).min(400);
    let minutes = base.saturating_mul(percent).div_ceil(100);
    let step = match minutes {
        0..60 => 5,
        60..240 => 15,
        _ => 30,
    };
    minutes.div_ceil(step) * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Position, RepoPath, Span};
    use std::num::NonZeroU32;

    #[test]
    fn a_place_is_listed_once_and_never_beside_itself() {
        let place = |line: u32, column: u32| {
            let number = |number| NonZeroU32::new(number).unwrap();
            let start = Position {
                line: number(line),
                column: number(column),
            };
            Location {
                path: RepoPath::new("a.ts").unwrap(),
                span: Span::new(0, 0),
                start,
                end: start,
            }
        };
        let first = place(1, 5);
        let rest = [place(1, 5), place(1, 9), place(2, 1), place(2, 1)];
        let listed = |by_line| {
            let listed = others(by_line, &first, rest.iter()).into_iter();
            let spots = listed.map(|place| (place.line(), place.start.column.get()));
            spots.collect::<Vec<_>>()
        };
        assert_eq!(listed(false), [(1, 9), (2, 1)]);
        assert_eq!(listed(true), [(2, 1)]);
    }
}
