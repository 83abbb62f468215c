//! Functions and classes that turn callers away, by name: what a guard of any name turns out to be.

use super::read::Reader;
use super::words::{Meaning, Seat, meaning};
use crate::model::{Fact, Level};
use crate::survey::facts;
use std::collections::{BTreeMap, BTreeSet};

/// Methods that are called for their class: the class is what others name.
const FOR_CLASS: &[&str] = &[
    "canActivate",
    "__call__",
    "has_permission",
    "has_object_permission",
    "use",
    "handle",
    "intercept",
    "preHandle",
    "doFilter",
    "doFilterInternal",
    "dispatch",
    "Invoke",
    "InvokeAsync",
    "OnAuthorization",
    "OnAuthorizationAsync",
    "process_request",
    "process_view",
    "authenticate",
    "filter",
    "call",
    "HandleRequirementAsync",
];

/// Names that many functions have.
const COMMON: &[&str] = &[
    "GET",
    "POST",
    "PATCH",
    "DELETE",
    "handler",
    "handle",
    "middleware",
    "index",
    "main",
    "list",
    "create",
    "update",
    "delete",
    "default",
    "exports",
    "login",
    "signIn",
    "signin",
    "logout",
    "refresh",
    "register",
    "execute",
    "process",
    "request",
    "callback",
    "next",
    "save",
    "find",
    "show",
    "store",
    "edit",
    "destroy",
    "fetch",
    "load",
    "search",
    "start",
    "loader",
    "action",
    "init",
    "setup",
    "test",
    "validate",
    "constructor",
];

/// What a gate was seen to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gate {
    /// It says 401, or verifies a token.
    pub(super) asks: bool,
    /// It says 403.
    pub(super) forbids: bool,
}

/// All gates of a repository.
#[derive(Default)]
pub(super) struct Gates<'f> {
    named: BTreeMap<&'f str, Gate>,
    /// By file and function.
    places: BTreeMap<(&'f str, &'f str), Gate>,
    /// Short names for a dependency.
    aliases: BTreeSet<&'f str>,
}

impl<'f> Gates<'f> {
    /// Reads gates from facts.
    pub(super) fn new(facts: &'f [Fact]) -> Self {
        let mut gates = Self::default();
        for fact in facts::of(facts, "auth-gate") {
            let path = fact.hit.location.path.as_str();
            if let Some(name) = fact.text("name") {
                if fact.text("guard").is_some_and(Reader::names_a_check) {
                    gates.aliases.insert(name);
                }
                continue;
            }
            let capture = |name: &str| {
                fact.hit
                    .captures
                    .get(name)
                    .and_then(|value| value.as_str())
                    .unwrap_or_default()
            };
            let (function, class) = (capture("function"), capture("class"));
            let forbids = fact.text("how") == Some("forbids");
            let note = |gate: &mut Gate| {
                gate.asks |= !forbids;
                gate.forbids |= forbids;
            };
            note(gates.places.entry((path, function)).or_default());
            let name = if FOR_CLASS.contains(&function) && !class.is_empty() {
                class
            } else {
                function
            };
            if name.len() > 3 && !COMMON.contains(&name) {
                note(gates.named.entry(name).or_default());
            }
        }
        gates
    }

    /// What the guard called `name` does, if its code was seen.
    pub(super) fn guard(&self, name: &str) -> Option<Meaning> {
        let last = name.rsplit(['.', ':', '>']).next().unwrap_or(name);
        if self.aliases.contains(last) {
            return Some(Meaning::Check(Level::Authenticated));
        }
        self.named.get(last).map(|gate| match gate {
            Gate { asks: true, .. } => Meaning::Check(Level::Authenticated),
            Gate { .. } => match meaning(last, Seat::Guard) {
                Meaning::Neutral => Meaning::Vague,
                other => other,
            },
        })
    }

    /// Is it a short name for a dependency that checks callers?
    pub(super) fn is_alias(&self, name: &str) -> bool {
        self.aliases.contains(name)
    }

    /// What the function `function` in the file `path` does itself.
    pub(super) fn at(&self, path: &str, function: &str) -> Gate {
        self.places
            .get(&(path, function))
            .copied()
            .unwrap_or_default()
    }
}
