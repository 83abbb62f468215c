//! What follows a literal wherever a regex matches around it: a question that most places answer
//! with no within a few bytes, where searching around them would read hundreds.

use crate::model::Span;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::pool::{Pool, PoolGuard};
use regex_automata::{Anchored, Input};
use regex_syntax::hir::Hir;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

/// Bytes after which a place that has not said no is searched.
const LOOK: u32 = 256;
/// Bound on the compiled size of one regex, in bytes.
const SIZE_LIMIT: usize = 1 << 20;
/// Bound on what one regex remembers of its states in one thread, in bytes.
const CACHE_LIMIT: usize = 512 << 10;
/// So often may its memory have been emptied before each place is searched.
const CLEARED: usize = 4;

type MakeCache = Box<dyn Fn() -> Cache + Send + Sync + UnwindSafe + RefUnwindSafe>;

/// The rest of a regex from a literal on, as an automaton.
pub struct Onward {
    dfa: Arc<DFA>,
    caches: Pool<Cache, MakeCache>,
}

/// Asks at one place after another of a text.
pub struct Asker<'a> {
    dfa: &'a DFA,
    cache: PoolGuard<'a, Cache, MakeCache>,
}

impl Onward {
    /// Compiles it. `None` when it is too large to be worth it.
    pub(super) fn new(hir: &Hir) -> Option<Self> {
        let config = thompson::Config::new()
            .utf8(false)
            .which_captures(WhichCaptures::None)
            .nfa_size_limit(Some(SIZE_LIMIT));
        let nfa = thompson::Compiler::new()
            .configure(config)
            .build_from_hir(hir)
            .ok()?;
        let config = DFA::config()
            .cache_capacity(CACHE_LIMIT)
            .skip_cache_capacity_check(true)
            .minimum_cache_clear_count(Some(CLEARED));
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        let dfa = Arc::new(dfa);
        let shared = dfa.clone();
        let make: MakeCache = Box::new(move || shared.create_cache());
        Some(Self {
            dfa,
            caches: Pool::new(make),
        })
    }

    /// Takes the memory of its states for a while.
    pub fn asker(&self) -> Asker<'_> {
        Asker {
            dfa: &self.dfa,
            cache: self.caches.get(),
        }
    }
}

impl Asker<'_> {
    /// Can a match that has its literal at the start of `within` lie there? Sees what stands around
    /// that part of the text.
    pub fn may_match(&mut self, text: &[u8], within: Span) -> bool {
        self.step_through(text, within).unwrap_or(true)
    }

    /// `None` when it was not decided.
    fn step_through(&mut self, text: &[u8], within: Span) -> Option<bool> {
        let (dfa, cache) = (self.dfa, &mut *self.cache);
        let input = Input::new(text)
            .range(within.range())
            .anchored(Anchored::Yes);
        let mut state = dfa.start_state_forward(cache, &input).ok()?;
        let end = within.end.min(within.start.saturating_add(LOOK));
        for byte in text.get(within.start as usize..end as usize)? {
            state = dfa.next_state(cache, state, *byte).ok()?;
            if state.is_tagged() && !state.is_start() {
                // A state it cannot go on from is either dead, or one that gives up.
                return state
                    .is_match()
                    .then_some(true)
                    .or(state.is_dead().then_some(false));
            }
        }
        if end < within.end {
            return None;
        }
        // A match is told one byte late.
        let state = match text.get(end as usize) {
            Some(byte) => dfa.next_state(cache, state, *byte).ok()?,
            None => dfa.next_eoi_state(cache, state).ok()?,
        };
        Some(state.is_match() || state.is_quit())
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::parse;
    use super::*;

    fn asked(regex: &str, text: &str, start: usize) -> bool {
        let onward = Onward::new(&parse(regex, false).unwrap()).unwrap();
        let mut asker = onward.asker();
        asker.may_match(text.as_bytes(), Span::new(start, text.len()))
    }

    #[test]
    fn a_place_is_asked_with_what_stands_around_it() {
        assert!(asked(r"\bkey\s*=\s*\w{3}", "a key = abc", 2));
        assert!(!asked(r"\bkey\s*=\s*\w{3}", "my_key = abc", 3));
        assert!(!asked(r"key\s*=", "key, key =", 0));
        assert!(asked(r"key$", "a key\nb", 2));
        assert!(asked(r"key$", "a key", 2));
        assert!(!asked(r"key$", "a keys", 2));
    }

    #[test]
    fn what_goes_on_for_long_is_left_to_a_search() {
        let keys = |count| format!("key{}", "x".repeat(count));
        assert!(asked("key[a-z]*=", &keys(1000), 0));
        assert!(!asked("key[a-z]*=", &keys(100), 0));
    }
}
