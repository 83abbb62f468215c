//! What the list of paths in the configuration of Symfony asks for.

use super::flow::Request;
use super::verdict::Guard;
use super::words::Meaning;
use crate::model::{Fact, Level, Value};
use crate::survey::facts;

/// One entry of the list.
pub(super) struct Entry<'x> {
    fact: &'x Fact,
}

impl<'x> Entry<'x> {
    pub(super) fn new(fact: &'x Fact) -> Self {
        Self { fact }
    }

    /// The service of the list.
    pub(super) fn service(&self) -> Option<usize> {
        self.fact.service
    }

    /// Where the entry begins: the list is read in its order.
    pub(super) fn start(&self) -> u32 {
        self.fact.hit.location.span.start
    }

    /// Does it speak of the request? `None` if that cannot be said.
    fn covers(&self, request: &Request) -> Option<bool> {
        let Value::Map(entry) = &self.fact.hit.value else {
            return None;
        };
        let narrow = [
            "host",
            "ip",
            "ips",
            "port",
            "attributes",
            "methods",
            "method",
            "request_matcher",
        ];
        if narrow.iter().any(|key| entry.contains_key(*key)) {
            return None;
        }
        let Some(pattern) = entry.get("path") else {
            return if entry.contains_key("route") {
                None
            } else {
                Some(true)
            };
        };
        request.matches(pattern.as_str()?, false)
    }

    fn guard(&self) -> Guard {
        let roles = match &self.fact.hit.value {
            Value::Map(entry) => facts::texts(entry.get("roles").or_else(|| entry.get("role"))),
            _ => Vec::new(),
        };
        let open = |role: &&str| role.contains("PUBLIC_ACCESS") || role.contains("ANONYMOUSLY");
        let meaning = if roles.is_empty() {
            Meaning::Vague
        } else if roles.iter().any(open) {
            Meaning::Open
        } else if roles
            .iter()
            .any(|role| role.starts_with("IS_AUTHENTICATED") || *role == "ROLE_USER")
        {
            Meaning::Check(Level::Authenticated)
        } else {
            Meaning::Check(Level::Role)
        };
        Guard {
            meaning,
            name: roles.join(", "),
            at: self.fact.hit.location.to_string(),
        }
    }
}

/// What the first entry that speaks of the request asks for; `None` if none does.
pub(super) fn decide(entries: &[Entry<'_>], request: &Request) -> Option<Guard> {
    for entry in entries {
        match entry.covers(request) {
            Some(true) => return Some(entry.guard()),
            Some(false) => {}
            None => {
                return Some(Guard {
                    meaning: Meaning::Vague,
                    ..entry.guard()
                });
            }
        }
    }
    None
}
