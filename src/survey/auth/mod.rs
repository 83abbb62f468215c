//! How much each route asks of its callers, joined along application, routers, blocks and route.
//!
//! What guards a route is seen in pieces: a middleware hung on a router before it, a decorator of
//! its class, an argument of its own. Each piece has a meaning, the pieces are joined from the
//! outermost to the innermost, and what cannot be decided makes the route unknown.

mod access;
mod arguments;
mod around;
mod chain;
mod flow;
mod gates;
mod guards;
mod handlers;
mod lexicon;
mod matcher;
mod own;
mod quoted;
mod read;
mod settle;
mod sockets;
mod text;
mod verdict;
mod views;
mod words;

pub(super) use verdict::Verdict;

use super::modules::Resolver;
use super::mounts::{Place, Step};
use super::routers::Routers;
use crate::model::{Fact, Value};
use guards::Guards;
use handlers::{Handlers, Subject};
use read::Reader;
use verdict::{Guard, Joined};

/// A route, as far as its callers are concerned.
#[derive(Clone, Copy)]
pub(super) struct Asked<'x, 'a> {
    /// The route.
    pub(super) fact: &'x Fact,
    /// Its file.
    pub(super) file: &'a str,
    /// Its framework.
    pub(super) framework: Option<&'x str>,
    /// Its whole path, as far as it is known.
    pub(super) path: &'x str,
    /// Is all of the path known, and with it every router around it?
    pub(super) whole: bool,
    /// The routers around it, outermost first.
    pub(super) way: &'x [Step<'a>],
}

/// What is needed to decide what a route asks.
pub(super) struct Auth<'x, 'a> {
    resolver: &'x Resolver<'a>,
    guards: Guards<'x, 'a>,
    handlers: Handlers<'x, 'a>,
}

impl<'x, 'a> Auth<'x, 'a> {
    /// Reads guards and gates from facts.
    pub(super) fn new(
        resolver: &'x Resolver<'a>,
        routers: &'x Routers<'a, 'x>,
        facts: &'x [Fact],
    ) -> Self {
        Self {
            resolver,
            guards: Guards::new(resolver, routers, facts),
            handlers: Handlers::new(resolver, routers, facts),
        }
    }

    /// What a route asks, on one way to it.
    pub(super) fn verdict(&self, asked: &Asked<'_, 'a>) -> Verdict {
        let subjects = self.handlers.of(asked);
        let mut joined = Joined::default();
        for guard in self.guards.of_app(asked, &subjects) {
            joined.add(&guard);
        }
        for (index, step) in asked.way.iter().enumerate() {
            self.on_router(asked, step, index == 0, &mut joined);
        }
        for guard in self.guards.around(asked) {
            joined.add(&guard);
        }
        for subject in &subjects {
            self.on_class(subject, &mut joined);
        }
        for guard in self.own(asked, &subjects) {
            joined.add(&guard);
        }
        self.admit(asked, &subjects, joined.verdict())
    }

    /// What is hung on a router before the route, and what its making and its mount bring.
    fn on_router(
        &self,
        asked: &Asked<'_, 'a>,
        step: &Step<'a>,
        outermost: bool,
        joined: &mut Joined,
    ) {
        for (place, text) in self.guards.made(&step.node) {
            let reader = self.reader(place.file, place.line);
            for guard in reader.map(|reader| reader.making(text)).unwrap_or_default() {
                joined.add(&guard);
            }
        }
        let own = Place::of(asked.file, asked.fact);
        let below = step.below.as_ref().unwrap_or(&own);
        for posted in self.guards.on(&step.node, outermost) {
            if posted.holds(asked, below)
                && let Some(guard) = self.guards.settle(posted, asked, Some(&step.node))
            {
                joined.add(&guard);
            }
        }
        if let Some(place) = &step.below {
            for guard in self.guards.around_call(place) {
                joined.add(&guard);
            }
        }
        if let Some(place) = &step.below
            && let Some(text) = &place.text
        {
            let reader = self.reader(place.file, place.line);
            for guard in reader
                .map(|reader| reader.mounting(text))
                .unwrap_or_default()
            {
                if !self.guards.is_router(place.file, &guard.name) {
                    joined.add(&guard);
                }
            }
        }
    }

    /// What the class of a handler, and those it inherits from, ask.
    fn on_class(&self, subject: &Subject<'a>, joined: &mut Joined) {
        for posted in self.guards.of_class(subject) {
            if posted.concerns(&subject.function) {
                joined.add(&posted.guard);
            }
        }
    }

    /// What the route itself and its handler ask.
    fn own(&self, asked: &Asked<'_, 'a>, subjects: &[Subject<'a>]) -> Vec<Guard> {
        let line = asked.fact.hit.location.line();
        let reader = self.reader(asked.file, line);
        let own = reader.map(|reader| own::guards(&reader, asked));
        let mut found = own.unwrap_or_default();
        if let Some(reader) = reader {
            found.extend(own::of_exports(&reader, self.guards.exported(asked.file)));
            for other in self.guards.beside(asked.fact) {
                found.extend(own::of_chain(&reader, asked.fact, other));
            }
        }
        for subject in subjects {
            let posted = self.guards.of_function(subject).into_iter();
            found.extend(posted.map(|posted| posted.guard.clone()));
            let gate = self.guards.gates.at(subject.file, &subject.function);
            if gate.asks && !subject.function.is_empty() && !own::is_entry(asked.path) {
                found.extend(reader.and_then(|reader| reader.named(&subject.function)));
            }
        }
        found
    }

    /// Are the ways in which the route's framework checks callers followed?
    fn is_followed(&self, asked: &Asked<'_, 'a>) -> bool {
        // Symfony may be set up in other languages than the one that is read.
        let set_up = asked.framework != Some("symfony") || !self.guards.access.is_empty();
        set_up && own::is_followed(asked.framework)
    }

    fn reader(&self, file: &str, line: u32) -> Option<Reader<'_>> {
        let entry = self.resolver.repo.get(file)?;
        Some(Reader {
            gates: &self.guards.gates,
            path: &entry.file.path,
            language: entry.file.language,
            line,
        })
    }

    /// Nobody is asked, as far as was seen: was enough seen to say so?
    fn admit(&self, asked: &Asked<'_, 'a>, subjects: &[Subject<'a>], found: Verdict) -> Verdict {
        if !found.lets_in() || found.is_stated() {
            return found;
        }
        if let Some(at) = self.guards.gateway() {
            return Verdict::unknown("a gateway in front of it may ask", at);
        }
        if !self.guards.service_checks(asked.fact.service) {
            return found;
        }
        let line = format!("{}:{}", asked.file, asked.fact.hit.location.line());
        let why =
            if matches!(asked.fact.attributes.get("path"), Some(Value::Unknown)) || !asked.whole {
                "where its router is mounted was not found"
            } else if !self.is_followed(asked) {
                "checks of this framework are not followed"
            } else if subjects
                .iter()
                .any(|subject| self.guards.may_check(subject, asked))
            {
                "code around its handler speaks of checks"
            } else if self.handlers.is_lost(asked, subjects) {
                "its handler was not found"
            } else {
                return found;
            };
        Verdict::unknown(why, &line)
    }
}
