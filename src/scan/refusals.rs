//! Matchers that need not run in a file: the `where` of their manifest says no to every hit in a
//! file of its role, or they excuse what was not found there.

use crate::model::{MatcherId, Role, Scope};
use crate::rule::spec::ExpectSpec;
use crate::rule::{Matcher, Predicate, RuleSet, Source};
use std::sync::OnceLock;

/// What the manifests say of each matcher's hits.
pub(super) struct Refusals<'r> {
    filters: Vec<Option<Filter<'r>>>,
    /// Matchers that only excuse hits of these in the same file.
    excuses: Vec<Option<Vec<MatcherId>>>,
}

struct Filter<'r> {
    predicate: &'r Predicate,
    /// The answer for each role, by its bit.
    refused: OnceLock<u32>,
}

impl<'r> Refusals<'r> {
    /// Collects the filters of `rules`.
    pub(super) fn new(rules: &'r RuleSet) -> Self {
        let mut filters: Vec<Option<Filter<'r>>> = rules.matchers.iter().map(|_| None).collect();
        let mut set = |id: MatcherId, predicate: Option<&'r Predicate>| {
            // What a matcher masks must be masked in every file.
            let masks = rules.matcher(id).is_some_and(masks);
            if let (Some(predicate), Some(slot), false) =
                (predicate, filters.get_mut(id.0 as usize), masks)
            {
                *slot = Some(Filter {
                    predicate,
                    refused: OnceLock::new(),
                });
            }
        };
        for fact in &rules.facts {
            for id in &fact.sources {
                set(*id, fact.filter.as_ref());
            }
        }
        for rule in &rules.rules {
            // An absence tells of the nearest miss, which its filter refused.
            let filter = rule
                .filter
                .as_ref()
                .filter(|_| rule.expect == ExpectSpec::Never);
            let unless = rule.unless.iter();
            let unless =
                unless.flat_map(|it| it.sources.iter().map(|one| (one, it.filter.as_ref())));
            let own = rule.sources.iter().map(|source| (source, filter));
            for (source, filter) in own.chain(unless) {
                if let Source::Scan(id) = source {
                    set(*id, filter);
                }
            }
        }
        Self {
            filters,
            excuses: excuses(rules),
        }
    }

    /// The matchers whose hits this one excuses, if it does nothing else: without a hit of theirs
    /// in a file, it has nothing to do there.
    pub(super) fn excused_by(&self, id: MatcherId) -> Option<&[MatcherId]> {
        self.excuses.get(id.0 as usize)?.as_deref()
    }

    /// Would every hit of this matcher in a file of this role be refused?
    pub(super) fn refuse(&self, id: MatcherId, role: Role) -> bool {
        let Some(Some(filter)) = self.filters.get(id.0 as usize) else {
            return false;
        };
        let refused = filter.refused.get_or_init(|| {
            let roles = Role::ALL
                .iter()
                .filter(|role| filter.predicate.refuses(**role));
            roles.fold(0, |all, role| all | 1 << (*role as u32))
        });
        refused >> (role as u32) & 1 == 1
    }
}

fn excuses(rules: &RuleSet) -> Vec<Option<Vec<MatcherId>>> {
    let scanned = |sources: &[Source]| {
        let ids = sources.iter().map(|source| match source {
            Source::Scan(id) => Some(*id),
            Source::Fact(_) => None,
        });
        ids.collect::<Option<Vec<MatcherId>>>()
    };
    let mut out: Vec<Option<Vec<MatcherId>>> = rules.matchers.iter().map(|_| None).collect();
    for rule in &rules.rules {
        let of_file = rule.unless.as_ref().filter(|it| it.scope == Scope::File);
        let (Some(unless), Some(own)) = (of_file, scanned(&rule.sources)) else {
            continue;
        };
        for source in &unless.sources {
            if let Source::Scan(id) = source
                && let Some(slot) = out.get_mut(id.0 as usize)
            {
                *slot = Some(own.clone());
            }
        }
    }
    out
}

fn masks(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::Text(text) => !text.redact.is_empty(),
        Matcher::Code(code) => !code.redact().is_empty(),
        Matcher::Data(data) => !data.redact.is_empty(),
        Matcher::Path(_) => false,
    }
}
