//! Guards whose code is known: whether they hold for a route is decided by following it.

use super::Asked;
use super::flow::{Passage, Request, follow, refuses, stands};
use super::guards::{Guards, Posted};
use super::read::{reads_caller, vague};
use super::verdict::Guard;
use super::words::Meaning;
use crate::model::{Fact, Level, Value};
use crate::survey::facts;
use crate::survey::routers::Node;

/// The code of a guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code<'x> {
    /// Its file.
    file: &'x str,
    /// The function.
    text: &'x str,
    /// Where it stands, as `path:line`.
    at: String,
}

impl<'x> Code<'x> {
    fn of(fact: &'x Fact) -> Option<Self> {
        Some(Self {
            file: fact.hit.location.path.as_str(),
            text: fact.hit.value.as_str()?,
            at: fact.hit.location.to_string(),
        })
    }
}

impl<'x, 'a> Guards<'x, 'a> {
    /// The functions that a guard consists of, as far as they were found.
    pub(super) fn code_of(&self, fact: &'x Fact) -> Vec<Code<'x>> {
        let file = fact.hit.location.path.as_str();
        let texts = facts::texts(fact.attributes.get("guard")).into_iter();
        let found = texts.flat_map(|text| {
            if fact.text("reads") == Some("filter") || in_place(text) {
                let at = fact.hit.location.to_string();
                return vec![Code { file, text, at }];
            }
            text.split(',')
                .flat_map(|name| self.named(file, name))
                .collect()
        });
        found.collect()
    }

    /// The function that an expression in the place of a guard names.
    fn named(&self, file: &str, text: &str) -> Vec<Code<'x>> {
        let name = text.trim().trim_start_matches("new ").split('(').next();
        let name = name.unwrap_or_default().trim();
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
        if name.is_empty() || !name.chars().all(plain) {
            return Vec::new();
        }
        let facts = self.doors.find(file, name).into_iter();
        facts.filter_map(Code::of).collect()
    }

    /// A guard as far as it holds for a route; `None` if it lets the route's callers by.
    pub(super) fn settle(
        &self,
        posted: &Posted<'x>,
        asked: &Asked<'_, 'a>,
        on: Option<&Node<'a>>,
    ) -> Option<Guard> {
        let conditional = match self.is_installed(posted) {
            Some(false) => return None,
            installed => installed.is_none(),
        };
        if posted.code.is_empty() {
            if !posted.by_code() {
                let guard = posted.guard.clone();
                return Some(if conditional { vague(guard) } else { guard });
            }
            // Middleware of Django that was not found is one of a package; a hook is the project's own.
            let hook = posted.fact.text("framework") == Some("sveltekit");
            return (hook && !self.is_found(posted)).then(|| vague(posted.asks.clone()));
        }
        let passages = posted
            .code
            .iter()
            .map(|code| (code, self.passage(posted, code, asked, on)));
        let mut passages: Vec<_> = passages.collect();
        passages.sort_by_key(|(_, passage)| strength(*passage));
        let (code, passage) = passages.pop()?;
        let asks = || match posted.asks.meaning {
            Meaning::Vague => Guard {
                meaning: Meaning::Check(Level::Authenticated),
                ..posted.asks.clone()
            },
            _ => posted.asks.clone(),
        };
        match passage {
            // Whether it is put in place depends on a condition.
            Passage::Refused if conditional => Some(vague(asks())),
            // Which routes a module applies it to is not followed.
            Passage::Refused if posted.fact.text("framework") != Some("nest") => Some(asks()),
            Passage::Switched if conditional || posted.by_matcher() => Some(vague(asks())),
            // A long function of the project that turns nobody away, as far as it was kept.
            Passage::Unknown if posted.by_code() && !refuses(code.text) => None,
            Passage::Refused | Passage::Switched => Some(posted.guard.clone()),
            Passage::Unknown => Some(vague(asks())),
            // Who reads the caller may rely on a check that stands elsewhere.
            Passage::Admitted(false) if reads_caller(&posted.asks.name) => {
                Some(posted.guard.clone())
            }
            Passage::Admitted(false) => None,
            // A middleware for pages leaves all routes of the interface out: that says of none that
            // it is meant for anybody.
            Passage::Admitted(true) if self.leaves_all(posted, code, asked) => None,
            Passage::Admitted(true) => Some(Guard {
                meaning: Meaning::Exempt,
                name: posted.guard.name.clone(),
                at: code.at.clone(),
            }),
        }
    }

    /// Is it put in place? `None` if that depends on a condition that was not decided.
    fn is_installed(&self, posted: &Posted<'x>) -> Option<bool> {
        let path = posted.fact.hit.location.path.as_str();
        let condition = |name: &str| posted.fact.text(name).filter(|text| !text.is_empty());
        let stands = |test: &str| stands(&self.doors, path, test);
        match (condition("installed"), condition("skipped")) {
            (Some(test), _) => stands(test),
            (None, Some(test)) => stands(test).map(|skipped| !skipped),
            (None, None) => Some(true),
        }
    }

    /// Does the middleware of a Next application leave out every route below `/api`?
    fn leaves_all(&self, posted: &Posted<'x>, code: &Code<'x>, asked: &Asked<'_, 'a>) -> bool {
        let any = Asked {
            path: "/api/any-other",
            ..*asked
        };
        posted.by_matcher()
            && asked.path.starts_with("/api/")
            && self.passage(posted, code, &any, None) == Passage::Admitted(true)
    }

    /// Was the code of another guard found that is put in place in the same file?
    pub(super) fn is_found(&self, posted: &Posted<'_>) -> bool {
        let path = &posted.fact.hit.location.path;
        let mut own = self
            .app
            .iter()
            .filter(|other| other.fact.hit.location.path == *path);
        own.any(|other| !other.code.is_empty())
    }

    fn passage(
        &self,
        posted: &Posted<'x>,
        code: &Code<'x>,
        asked: &Asked<'_, 'a>,
        on: Option<&Node<'a>>,
    ) -> Passage {
        let Some(entry) = self.resolver.repo.get(code.file) else {
            return Passage::Unknown;
        };
        let reader = super::read::Reader {
            gates: &self.gates,
            path: &entry.file.path,
            language: entry.file.language,
            line: 1,
        };
        let base = match on {
            // Express takes the prefix off; below a router it is not known.
            Some(node) if asked.framework == Some("express") => self
                .routers
                .is_end(node)
                .then(|| posted.prefix().unwrap_or_default()),
            _ => Some(""),
        };
        let request = Request::new(
            asked.path,
            asked.whole,
            asked.fact.text("method"),
            asked.fact.text("handler"),
            base,
        );
        let door = self.doors.door(self.resolver.repo, code.file, code.text);
        door.map_or(Passage::Unknown, |door| follow(&door, &reader, &request))
    }
}

impl Posted<'_> {
    /// The path that stands in front of the guard.
    pub(super) fn prefix(&self) -> Option<&str> {
        let texts = facts::texts(self.fact.attributes.get("guard"));
        texts.first().copied().filter(|text| text.starts_with('/'))
    }

    /// Does its code alone say whether it asks who calls?
    fn by_code(&self) -> bool {
        self.fact.text("decides") == Some("code")
    }

    /// Does its code say so, at the paths that a matcher names?
    fn by_matcher(&self) -> bool {
        self.fact.text("decides") == Some("matcher")
    }

    /// Is it uncertain only because its code might leave routes out?
    pub(super) fn certain(fact: &Fact) -> bool {
        fact.attributes.get("certain") != Some(&Value::Bool(false))
    }
}

/// What is asked by one of several functions is asked.
fn strength(passage: Passage) -> u8 {
    match passage {
        Passage::Admitted(named) => u8::from(named),
        Passage::Unknown => 2,
        Passage::Switched => 3,
        Passage::Refused => 4,
    }
}

fn in_place(text: &str) -> bool {
    let start = text.trim_start_matches("async").trim_start();
    let written = start.starts_with("function") || start.starts_with('(');
    written && text.contains('{') && (text.contains("=>") || start.starts_with("function"))
}
