//! Functions that stand in front of routes, and what their files say of paths.

use super::super::quoted::literals;
use super::statements::{self, Statement};
use super::switch::Switches;
use crate::model::{Fact, Language, RepoPath};
use crate::survey::facts;
use crate::survey::repo::Repo;
use std::collections::BTreeMap;

/// Longest text that a hit keeps of a node, in bytes, less what one letter may take.
const KEPT: usize = (4 << 10) - 4;

/// Methods of a middleware class that are called for every request.
const ENTRIES: &[&str] = &[
    "dispatch",
    "__call__",
    "process_request",
    "process_view",
    "use",
    "handle",
];

/// Names that stand for the path of a request.
const NAMES: &[&str] = &[
    "path",
    "pathname",
    "url_path",
    "urlPath",
    "request_path",
    "requestPath",
    "req_path",
    "reqPath",
    "current_path",
    "currentPath",
    "route_path",
];

/// Everything that is known of functions in front of routes.
#[derive(Default)]
pub(in crate::survey::auth) struct Doors<'x> {
    /// By file, class or `""`, and name.
    functions: BTreeMap<(&'x str, &'x str, &'x str), &'x Fact>,
    /// Places of functions and classes by their name.
    named: BTreeMap<&'x str, Vec<(&'x str, &'x str, &'x str)>>,
    /// Lists of paths by file and name.
    lists: BTreeMap<(&'x str, &'x str), &'x str>,
    /// Lists of paths by name, where one file alone has one.
    only: BTreeMap<&'x str, Option<&'x str>>,
    /// What the environment may turn on and off.
    switches: Switches<'x>,
}

impl<'x> Doors<'x> {
    /// Reads functions and lists from facts.
    pub(in crate::survey::auth) fn new(all: &'x [Fact]) -> Self {
        let mut doors = Self {
            switches: Switches::new(all),
            ..Self::default()
        };
        for fact in facts::of(all, "middleware") {
            let path = fact.hit.location.path.as_str();
            let capture = |name: &str| {
                let value = fact.hit.captures.get(name);
                value.and_then(|value| value.as_str()).unwrap_or_default()
            };
            let (class, name) = (capture("class"), capture("function"));
            doors.functions.entry((path, class, name)).or_insert(fact);
            let called = if ENTRIES.contains(&name) && !class.is_empty() {
                class
            } else {
                name
            };
            doors
                .named
                .entry(called)
                .or_default()
                .push((path, class, name));
        }
        for fact in facts::of(all, "path-list") {
            let path = fact.hit.location.path.as_str();
            if let (Some(name), Some(list)) = (fact.text("name"), fact.text("list")) {
                let name = name.rsplit(['.', '#']).next().unwrap_or(name);
                doors.lists.insert((path, name), list);
                let only = doors.only.entry(name).or_insert(Some(list));
                if *only != Some(list) {
                    *only = None;
                }
            }
        }
        doors
    }

    /// The functions behind a name that is used in `file`: its own, or those of one other file.
    pub(in crate::survey::auth) fn find(&self, file: &str, name: &str) -> Vec<&'x Fact> {
        let last = name.rsplit(['.', ':']).next().unwrap_or(name);
        let places = self.named.get(last).map_or(&[][..], Vec::as_slice);
        let own = places.iter().any(|(path, ..)| *path == file);
        let first = places.first().map(|(path, ..)| *path);
        let home = if own { Some(file) } else { first };
        let elsewhere = places.iter().any(|(path, ..)| !own && Some(*path) != first);
        if elsewhere {
            return Vec::new();
        }
        let here = places.iter().filter(|(path, ..)| Some(*path) == home);
        here.filter_map(|place| self.functions.get(place).copied())
            .collect()
    }

    /// Does a test of the environment, or of a name that is read from it, hold with its default?
    pub(super) fn by_default(&self, file: &str, test: &str) -> Option<bool> {
        let read = self.switches.constant(file, test);
        self.switches.holds(read.unwrap_or(test))
    }

    /// The door that a piece of code in `file` is.
    pub(in crate::survey::auth) fn door<'d>(
        &'d self,
        repo: &'d Repo<'_>,
        file: &'d str,
        text: &'d str,
    ) -> Option<Door<'d>> {
        let entry = repo.get(file)?;
        Some(Door {
            doors: self,
            file,
            path: &entry.file.path,
            language: entry.file.language,
            text,
            cut: text.len() >= KEPT,
            bound: bound(text),
        })
    }
}

/// A function in front of routes.
pub(in crate::survey::auth) struct Door<'x> {
    doors: &'x Doors<'x>,
    file: &'x str,
    path: &'x RepoPath,
    pub(super) language: Option<Language>,
    text: &'x str,
    /// Only its start was kept.
    pub(super) cut: bool,
    /// Names that it gives to the path.
    bound: Vec<&'x str>,
}

impl<'x> Door<'x> {
    pub(super) fn statements(&self) -> Vec<Statement<'x>> {
        let mut body = statements::parse(self.path, self.language, self.text);
        // A function that makes the one that is called.
        for _ in 0..2 {
            let made = body.iter().find_map(|statement| match statement {
                Statement::Leave(text) => text.strip_prefix("return "),
                _ => None,
            });
            match made.filter(|text| text.contains("=> {") || text.contains("function")) {
                Some(text) if self.is_script() => {
                    body = statements::parse(self.path, self.language, text);
                }
                _ => break,
            }
        }
        body
    }

    /// Is the expression the path of the request? And if so, only what is left of it below a mount?
    pub(super) fn subject(&self, text: &str) -> Option<bool> {
        let bare = trimmed(text);
        if NAMES.contains(&bare) || self.bound.contains(&bare) {
            return Some(
                self.is_script()
                    && !self.text.contains("originalUrl")
                    && !self.text.contains("athname"),
            );
        }
        of_request(bare)
            .then(|| self.is_script() && (bare.ends_with(".path") || bare.ends_with(".url")))
    }

    fn is_script(&self) -> bool {
        self.language != Some(Language::Python)
    }

    /// The texts that an expression stands for, in any order; `None` among them is one that is not known.
    pub(super) fn texts(&self, object: &str, bound: &[(&str, &str)]) -> Vec<Option<String>> {
        let object = object.trim();
        if let Some((_, list)) = bound.iter().rev().find(|(name, _)| *name == object) {
            return self.texts(list, &[]);
        }
        let open = object.starts_with(['(', '[', '{', '"', '\'', '`', '/']);
        let made = [
            "r\"",
            "r'",
            "set(",
            "frozenset(",
            "tuple(",
            "new Set(",
            "re.compile(",
            "list(",
        ]
        .iter()
        .any(|start| object.starts_with(start));
        if open || made {
            return literals(object);
        }
        let name = object.rsplit('.').next().unwrap_or(object);
        let own = self.doors.lists.get(&(self.file, name)).copied();
        let list = own.or_else(|| self.doors.only.get(name).copied().flatten());
        list.map_or_else(Vec::new, literals)
    }

    /// Does a test of the environment hold where nothing sets what it asks for?
    pub(super) fn by_default(&self, test: &str) -> Option<bool> {
        self.doors.switches.holds(test)
    }

    /// What a name of the file stands for that is read from the environment.
    pub(super) fn setting(&self, name: &str) -> Option<&'x str> {
        self.doors.switches.constant(self.file, name)
    }

    /// What a name stands for that the function gives to one value alone.
    pub(super) fn assigned(&self, name: &str) -> Option<&'x str> {
        let mut values = self.text.lines().filter_map(|line| {
            let (left, value) = line.split_once('=')?;
            let left = left.split(':').next()?.trim();
            let declared = ["const ", "let ", "var "].iter();
            let left = declared.fold(left, |left, word| left.trim_start_matches(word));
            (left.trim() == name && !value.starts_with(['=', '>'])).then_some(value)
        });
        let value = values.next()?.trim().trim_end_matches(';');
        let whole = value.matches('(').count() == value.matches(')').count();
        (values.next().is_none() && whole && !value.is_empty()).then_some(value)
    }

    /// Does the expression hand the request on, or stand for what did?
    pub(super) fn goes_on(&self, value: &str) -> bool {
        let next = |text: &str| text.contains("NextResponse.next(");
        let name = value.trim().trim_end_matches(';').trim();
        let mut lines = self.text.lines();
        next(value)
            || lines.any(|line| {
                let made = line.split_once('=').filter(|(_, value)| next(value));
                made.is_some_and(|(left, _)| left.trim().rsplit(' ').next() == Some(name))
            })
    }

    /// What a function of the same file returns, as one condition.
    pub(super) fn returned(&self, name: &str) -> Option<String> {
        let mut own = self.doors.functions.iter();
        let (_, fact) =
            own.find(|((path, _, function), _)| *path == self.file && *function == name)?;
        let text = fact.hit.value.as_str().filter(|text| text.len() < KEPT)?;
        let body = statements::parse(self.path, self.language, text);
        self.joined(&body)
    }

    /// The condition under which statements return what is true.
    fn joined(&self, statements: &[Statement<'_>]) -> Option<String> {
        let (or, and, not) = if self.is_script() {
            ("||", "&&", "!")
        } else {
            (" or ", " and ", "not ")
        };
        let (first, rest) = statements.split_first()?;
        match first {
            Statement::Leave(text) => {
                let value = text.strip_prefix("return")?.trim().trim_end_matches(';');
                Some(format!("({value})"))
            }
            Statement::If { test, then, other } if other.is_empty() => {
                let inside = self.joined(then)?;
                let rest = self.joined(rest)?;
                Some(format!(
                    "((({test}){and}{inside}){or}({not}({test}){and}{rest}))"
                ))
            }
            Statement::Each { header, body } if !self.is_script() => {
                let [Statement::If { test, .. }] = body.as_slice() else {
                    return None;
                };
                let header = header.strip_prefix("for ")?;
                let rest = self.joined(rest)?;
                Some(format!("(any({test} for {header}){or}{rest})"))
            }
            Statement::Plain(_) => self.joined(rest),
            _ => None,
        }
    }
}

/// An expression without what leaves a path the same.
fn trimmed(text: &str) -> &str {
    let mut text = text.trim();
    for end in [
        ".lower()",
        ".toLowerCase()",
        ".rstrip(\"/\")",
        ".rstrip('/')",
        ".strip()",
        "!",
    ] {
        text = text.strip_suffix(end).unwrap_or(text);
    }
    for call in ["str(", "String("] {
        text = text
            .strip_prefix(call)
            .and_then(|rest| rest.strip_suffix(')'))
            .unwrap_or(text);
    }
    text
}

/// Is it an attribute of a request that holds its path?
fn of_request(text: &str) -> bool {
    let whole = [
        ".url.path",
        ".path_info",
        ".pathname",
        ".originalUrl",
        "[\"path\"]",
        "['path']",
        ".get_full_path()",
    ];
    let owner = ["req.", "request.", "ctx.", "c.req.", "event.", "scope."];
    whole.iter().any(|end| text.ends_with(end))
        || (owner
            .iter()
            .any(|start| text.starts_with(start) || text.contains(&format!(".{start}")))
            && (text.ends_with(".path") || text.ends_with(".url")))
}

/// Names that a function gives to the path of the request.
fn bound(text: &str) -> Vec<&str> {
    let lines = text.lines().filter_map(|line| {
        let (name, value) = line.split_once('=')?;
        let value = value.trim().trim_end_matches(';');
        let name = name.split(':').next()?.trim().rsplit(' ').next()?;
        (of_request(trimmed(value)) && !value.contains('=')).then_some(name)
    });
    lines.collect()
}
