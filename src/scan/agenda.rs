//! What there is to look for in files of one kind: asked once for all files of the same language,
//! the same role and the same globs.

use super::Scanner;
use super::code::Chosen;
use super::prefilter::{Askers, Live};
use crate::model::{Language, MatcherId, Role};
use crate::rule::globs::Matched;
use crate::rule::{Matcher, RuleSet};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Kinds of files that are remembered; what more there are is worked out anew.
const KINDS: usize = 1000;

/// What makes two files alike: the language, the role, and of the globs that matter those that
/// match.
type Kind = (Option<Language>, Role, Matched);

/// What there is to look for.
pub(super) struct Agenda {
    /// For the prefilter.
    pub live: Live,
    /// Text matchers without a literal to look around, with their searches.
    pub unbound: Vec<(MatcherId, usize)>,
    /// Code matchers.
    pub code: Chosen,
}

/// The agendas of all kinds of files that were met.
pub(super) struct Agendas {
    /// The globs that decide what is looked for in a file.
    globs: Matched,
    known: RwLock<BTreeMap<Kind, Arc<Agenda>>>,
}

impl Agendas {
    /// None yet, for these matchers.
    pub(super) fn new(rules: &RuleSet, matchers: &[(MatcherId, &Matcher)]) -> Self {
        let mut globs = rules.globs.none();
        for (_, matcher) in matchers {
            let files = match matcher {
                Matcher::Text(text) => &text.files,
                Matcher::Data(data) => &data.files,
                _ => continue,
            };
            files.all().for_each(|glob| globs.insert(glob));
        }
        Self {
            globs,
            known: RwLock::default(),
        }
    }

    /// The agenda for a file of this language and role whose path matches these globs.
    pub(super) fn of(
        &self,
        (language, role, matched): (Option<Language>, Role, &Matched),
        scanner: &Scanner<'_>,
    ) -> Arc<Agenda> {
        let kind = (language, role, matched.and(&self.globs));
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(agenda) = known.get(&kind) {
            return agenda.clone();
        }
        drop(known);
        let agenda = Arc::new(Agenda::new(&kind, scanner));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < KINDS {
            known.insert(kind, agenda.clone());
        }
        agenda
    }
}

impl Agenda {
    fn new((language, role, matched): &Kind, scanner: &Scanner<'_>) -> Self {
        let refused = |id: MatcherId| scanner.refusals.refuse(id, *role);
        let wanted = |id: MatcherId| {
            let here = match scanner.rules.matcher(id) {
                Some(Matcher::Text(text)) => text.speaks(*language) && text.files.admits(matched),
                Some(Matcher::Data(data)) => data.files.admits(matched),
                _ => false,
            };
            here && !refused(id)
        };
        let speaks = |id: MatcherId| match scanner.rules.matcher(id) {
            Some(Matcher::Text(text)) => text.speaks(*language),
            other => other.is_some(),
        };
        let code = scanner.code.choose(*language, refused);
        let all = OnceCell::new();
        let all = || all.get_or_init(|| scanner.code.choose(*language, |_| false));
        let live = scanner.prefilter.live(
            *language,
            &Askers {
                search: &|number| all().searches.has(number),
                word: &|number| all().literals.has(number),
                matcher: &speaks,
            },
            &Askers {
                search: &|number| code.searches.has(number),
                word: &|number| code.literals.has(number),
                matcher: &wanted,
            },
        );
        Self {
            live,
            unbound: scanner
                .prefilter
                .unbound()
                .filter(|(id, _)| wanted(*id))
                .collect(),
            code,
        }
    }
}
