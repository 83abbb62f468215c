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
    /// Dependencies that depend, on however long a way, on one that checks callers.
    passing: BTreeSet<&'f str>,
}

impl<'f> Gates<'f> {
    /// Reads gates from facts.
    pub(super) fn new(facts: &'f [Fact]) -> Self {
        let mut gates = Self::default();
        let mut needs: Vec<(&str, Vec<&str>)> = Vec::new();
        for fact in facts::of(facts, "auth-gate") {
            let path = fact.hit.location.path.as_str();
            if let (Some(name), Some(parameters)) = (fact.text("name"), fact.text("needs")) {
                needs.push((name, depended(parameters)));
                continue;
            }
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
        gates.follow(needs);
        gates
    }

    /// Follows dependencies to those that check callers.
    fn follow(&mut self, mut needs: Vec<(&'f str, Vec<&'f str>)>) {
        let mut before = usize::MAX;
        while before != needs.len() {
            before = needs.len();
            needs.retain(|(name, on)| {
                let passes = on.iter().any(|on| self.asks(on));
                if passes {
                    self.passing.insert(*name);
                }
                !passes
            });
        }
    }

    fn asks(&self, name: &str) -> bool {
        let last = name.rsplit('.').next().unwrap_or(name);
        self.passing.contains(last)
            || Reader::names_a_check(name)
            || matches!(self.guard(name), Some(Meaning::Check(level)) if level >= Level::Authenticated)
    }

    /// Does the dependency called `name` depend on one that checks callers?
    pub(super) fn passes(&self, name: &str) -> bool {
        let last = name.rsplit('.').next().unwrap_or(name);
        self.passing.contains(last)
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

/// The names in `Depends(…)` among the parameters of a function.
fn depended(parameters: &str) -> Vec<&str> {
    let calls = ["Depends(", "Security("].into_iter();
    calls
        .flat_map(|call| parameters.split(call).skip(1))
        .filter_map(|rest| {
            let rest = rest.trim_start();
            let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
            rest.split(|c| !name(c)).next()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_read_from_parameters() {
        let parameters = "(db=Depends(get_db), user: Annotated[User, Security( deps.current_user, scopes=[\"a\"])])";
        assert_eq!(depended(parameters), ["get_db", "deps.current_user"]);
    }

    #[test]
    fn a_dependency_on_a_dependency_passes_what_that_one_asks() {
        let mut gates = Gates::default();
        gates.follow(vec![
            ("accepted", vec!["get_db", "subscribed"]),
            ("subscribed", vec!["get_current_user"]),
            ("paged", vec!["get_db"]),
        ]);
        assert!(gates.passes("deps.accepted") && gates.passes("subscribed"));
        assert!(!gates.passes("paged"));
    }
}
