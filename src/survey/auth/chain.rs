//! What the filter chain of a Spring application asks for at a path.

use super::verdict::Guard;
use super::words::Meaning;
use crate::model::{Fact, Level};

/// One entry of a chain: what it grants, and to which paths.
pub(super) struct Entry<'x> {
    fact: &'x Fact,
    meaning: Meaning,
    /// It speaks of every path.
    every: bool,
    /// The patterns as they are written.
    patterns: &'x str,
}

impl<'x> Entry<'x> {
    /// Reads an entry from its fact.
    pub(super) fn new(fact: &'x Fact) -> Self {
        let meaning = match fact.text("guard").unwrap_or_default() {
            "permitAll" | "anonymous" => Meaning::Open,
            "authenticated" | "fullyAuthenticated" | "rememberMe" | "denyAll" => {
                Meaning::Check(Level::Authenticated)
            }
            _ => Meaning::Check(Level::Role),
        };
        Self {
            fact,
            meaning,
            every: fact
                .text("matcher")
                .is_some_and(|name| name.starts_with("any")),
            patterns: fact.text("patterns").unwrap_or_default(),
        }
    }

    /// The service of the chain.
    pub(super) fn service(&self) -> Option<usize> {
        self.fact.service
    }

    /// Where the entry ends: entries of one chain begin at the same byte.
    pub(super) fn end(&self) -> u32 {
        self.fact.hit.location.span.end
    }

    fn guard(&self, meaning: Meaning) -> Guard {
        let place = &self.fact.hit.location;
        Guard {
            meaning,
            name: self.fact.text("guard").unwrap_or_default().to_owned(),
            at: place.to_string(),
        }
    }
}

/// The first entry that speaks of `path`; `None` if the chain says nothing.
pub(super) fn decide(entries: &[Entry<'_>], path: &str) -> Option<Guard> {
    let mut doubt: Option<&Entry<'_>> = None;
    for entry in entries {
        let speaks = if entry.every {
            Some(true)
        } else {
            matches(entry.patterns, path)
        };
        match speaks {
            // An entry in front whose paths are computed may ask for more, and never for less.
            Some(true) if doubt.is_some() && entry.meaning == Meaning::Open => {
                return Some(entry.guard(Meaning::Vague));
            }
            Some(true) => return Some(entry.guard(entry.meaning)),
            Some(false) => {}
            None if entry.meaning == Meaning::Open => {}
            None => doubt = doubt.or(Some(entry)),
        }
    }
    doubt.map(|entry| entry.guard(Meaning::Vague))
}

/// Does one of the patterns match the path? `None` if they are no texts.
fn matches(patterns: &str, path: &str) -> Option<bool> {
    let texts: Vec<&str> = patterns.split('"').skip(1).step_by(2).collect();
    if texts.is_empty() {
        // Constants, or only a method: which paths is not written here.
        return None;
    }
    Some(texts.iter().any(|pattern| is_under(pattern, path)))
}

fn is_under(pattern: &str, path: &str) -> bool {
    let mut wanted = pattern.split('/').filter(|part| !part.is_empty());
    let mut given = path.split('/').filter(|part| !part.is_empty());
    loop {
        match (wanted.next(), given.next()) {
            (Some("**"), _) | (None, None) => return true,
            (Some(want), Some(have)) => {
                let ends = want
                    .split_once('*')
                    .is_some_and(|(head, tail)| have.starts_with(head) && have.ends_with(tail));
                let open = want.starts_with('{');
                if want != have && !ends && !open {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_under, matches};

    #[test]
    fn patterns_match_whole_parts() {
        assert!(is_under("/api/patients/**", "/api/patients/{id}/notes"));
        assert!(is_under("/api/*/notes", "/api/{id}/notes"));
        assert!(is_under("/**", "/"));
        assert!(!is_under("/api/public/**", "/api/patients"));
        assert!(!is_under("/users/me", "/users/{name}"));
        assert!(!is_under("/api/beds", "/api/beds/1"));
    }

    #[test]
    fn patterns_that_are_computed_decide_nothing() {
        assert_eq!(
            matches("(HttpMethod.GET, \"/beds\", \"/rooms\")", "/rooms"),
            Some(true)
        );
        assert_eq!(matches("(PUBLIC)", "/rooms"), None);
    }
}
