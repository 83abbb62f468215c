//! Guards that stand around routes: of applications, routers, blocks, classes and functions.

use super::access;
use super::chain;
use super::flow::Doors;
use super::gates::Gates;
use super::read::{Reader, vague};
use super::settle::Code;
use super::verdict::Guard;
use super::views;
use super::words::Meaning;
use crate::model::{Fact, Level, Span, Value};
use crate::survey::facts;
use crate::survey::modules::Resolver;
use crate::survey::mounts::Place;
use crate::survey::routers::{Node, Routers};
use std::collections::{BTreeMap, BTreeSet};

/// A guard and where it was put up.
pub(super) struct Posted<'x> {
    /// What it asks for where its code says no more.
    pub(super) guard: Guard,
    /// What it asks for where it certainly holds.
    pub(super) asks: Guard,
    /// The functions that it consists of, as far as they were found.
    pub(super) code: Vec<Code<'x>>,
    pub(super) fact: &'x Fact,
    /// Only routes in this part of the file are concerned.
    pub(super) block: Option<Span>,
}

/// Everything that guards routes from outside.
pub(super) struct Guards<'x, 'a> {
    pub(super) resolver: &'x Resolver<'a>,
    pub(super) routers: &'x Routers<'a, 'x>,
    pub(super) gates: Gates<'x>,
    pub(super) doors: Doors<'x>,
    pub(super) app: Vec<Posted<'x>>,
    /// Entries of filter chains, by file and in their order.
    pub(super) chains: BTreeMap<&'x str, Vec<chain::Entry<'x>>>,
    /// Lists of paths of Symfony, by file.
    pub(super) access: BTreeMap<&'x str, Vec<access::Entry<'x>>>,
    pub(super) routed: BTreeMap<Node<'a>, Vec<Posted<'x>>>,
    /// The calls that make routers.
    pub(super) made: BTreeMap<Node<'a>, Vec<(Place<'a>, &'x str)>>,
    pub(super) files: BTreeMap<&'x str, Vec<Posted<'x>>>,
    pub(super) classes: BTreeMap<(&'x str, &'x str), Vec<Posted<'x>>>,
    pub(super) functions: BTreeMap<(&'x str, &'x str), Vec<Posted<'x>>>,
    pub(super) sockets: BTreeMap<&'x str, Vec<Posted<'x>>>,
    /// What classes inherit from, and the files they are in.
    pub(super) bases: BTreeMap<&'x str, Vec<(&'x str, &'x str)>>,
    pub(super) homes: BTreeMap<&'x str, BTreeSet<&'x str>>,
    /// Function views of Django itself, by file and name, and whether that is certain.
    pub(super) plain: BTreeMap<(&'x str, &'x str), bool>,
    /// Lines that look like a check and belong to no guard, by file.
    pub(super) loose: BTreeMap<&'x str, Vec<&'x Fact>>,
    /// What the middleware of Next applications is limited to, by file.
    pub(super) matchers: BTreeMap<&'x str, &'x str>,
    /// Handlers for all methods in chains of routes, by file and the byte the chain begins at.
    pub(super) chained: BTreeMap<(&'x str, u32), Vec<&'x Fact>>,
    /// Handlers of routes that follow from where their file lies.
    pub(super) exported: BTreeMap<&'x str, Vec<&'x Fact>>,
    pub(super) checked: BTreeSet<usize>,
    pub(super) gateway: Option<String>,
    pub(super) routes: BTreeSet<&'x str>,
}

impl<'x, 'a> Guards<'x, 'a> {
    pub(super) fn new(
        resolver: &'x Resolver<'a>,
        routers: &'x Routers<'a, 'x>,
        facts: &'x [Fact],
    ) -> Self {
        let checks = facts::of(facts, "auth-check");
        let mut guards = Self {
            resolver,
            routers,
            gates: Gates::new(facts),
            doors: Doors::new(facts),
            app: Vec::new(),
            chains: BTreeMap::new(),
            access: BTreeMap::new(),
            routed: BTreeMap::new(),
            made: BTreeMap::new(),
            files: BTreeMap::new(),
            classes: BTreeMap::new(),
            functions: BTreeMap::new(),
            sockets: BTreeMap::new(),
            bases: BTreeMap::new(),
            homes: BTreeMap::new(),
            plain: BTreeMap::new(),
            loose: BTreeMap::new(),
            matchers: BTreeMap::new(),
            chained: BTreeMap::new(),
            exported: BTreeMap::new(),
            checked: checks.filter_map(|fact| fact.service).collect(),
            gateway: facts::of(facts, "auth-gateway")
                .next()
                .map(|fact| fact.hit.location.to_string()),
            routes: facts::of(facts, "route")
                .map(|fact| fact.hit.location.path.as_str())
                .collect(),
        };
        for fact in facts {
            guards.read(fact);
        }
        for entries in guards.chains.values_mut() {
            entries.sort_by_key(chain::Entry::end);
        }
        for entries in guards.access.values_mut() {
            entries.sort_by_key(access::Entry::start);
        }
        guards.block(facts);
        guards.let_loose(facts);
        guards
    }

    fn read(&mut self, fact: &'x Fact) {
        match &*fact.kind {
            "auth-guard" => self.post(fact),
            "auth-matcher" => {
                let path = fact.hit.location.path.as_str();
                self.matchers
                    .insert(path, fact.text("matcher").unwrap_or_default());
            }
            "route" if fact.text("method") == Some("all") => {
                let place = &fact.hit.location;
                let key = (place.path.as_str(), place.span.start);
                self.chained.entry(key).or_default().push(fact);
            }
            "route-handler" => {
                let path = fact.hit.location.path.as_str();
                self.exported.entry(path).or_default().push(fact);
            }
            "router" | "http-server" => {
                let name = fact.text("name").or_else(|| fact.text("variable"));
                let file = self.resolver.repo.path(fact.hit.location.path.as_str());
                if let (Some(name), Some(file), Some(text)) = (name, file, fact.hit.value.as_str())
                {
                    let made = self.made.entry((file, name.to_owned())).or_default();
                    made.push((Place::of(file, fact), text));
                }
            }
            "plain-view" => {
                if let Some((name, certain)) = views::plain(fact) {
                    let path = fact.hit.location.path.as_str();
                    self.plain.insert((path, name), certain);
                }
            }
            "class-base" => {
                if let (Some(class), Some(base)) = (fact.text("class"), fact.text("base")) {
                    let path = fact.hit.location.path.as_str();
                    self.homes.entry(class).or_default().insert(path);
                    for base in base.split([',', ' ']).filter(|base| !base.is_empty()) {
                        let base = base.rsplit(['.', ':']).next().unwrap_or(base);
                        self.bases.entry(class).or_default().push((path, base));
                    }
                }
            }
            _ => {}
        }
    }

    fn post(&mut self, fact: &'x Fact) {
        let path = fact.hit.location.path.as_str();
        let Some(file) = self.resolver.repo.path(path) else {
            return;
        };
        let capture = |name: &str| {
            let own = fact.hit.captures.get(name).and_then(Value::as_str);
            fact.text(name).or(own).unwrap_or_default()
        };
        if fact.text("decides") == Some("chain") {
            self.chains
                .entry(path)
                .or_default()
                .push(chain::Entry::new(fact));
            return;
        }
        if fact.text("decides") == Some("access") {
            let entries = self.access.entry(path).or_default();
            entries.push(access::Entry::new(fact));
            return;
        }
        let receiver = fact
            .text("receiver")
            .map(|name| self.routers.node(file, name));
        let code = self.code_of(fact);
        for (guard, asks) in self.meanings(file, fact) {
            let posted = Posted {
                guard,
                asks,
                code: code.clone(),
                fact,
                block: None,
            };
            match (fact.text("scope"), &receiver) {
                (Some("app"), _) => self.app.push(posted),
                (Some("router"), Some(node)) => {
                    self.routed.entry(node.clone()).or_default().push(posted);
                }
                (Some("span" | "file" | "router"), _) => {
                    self.files.entry(path).or_default().push(posted);
                }
                (Some("socket"), _) => self.sockets.entry(path).or_default().push(posted),
                (Some("class"), _) => {
                    let key = (path, capture("class"));
                    self.classes.entry(key).or_default().push(posted);
                }
                _ => {
                    let key = (path, capture("function"));
                    self.functions.entry(key).or_default().push(posted);
                }
            }
        }
    }

    /// What a fact of a guard asks for, one by one: as far as it is certain, and where it holds.
    fn meanings(&self, file: &str, fact: &Fact) -> Vec<(Guard, Guard)> {
        let Some(entry) = self.resolver.repo.get(file) else {
            return Vec::new();
        };
        let reader = Reader {
            gates: &self.gates,
            path: &entry.file.path,
            language: entry.file.language,
            line: fact.hit.location.line(),
        };
        let texts = facts::texts(fact.attributes.get("guard"));
        if let Some(level) = fact.text("level") {
            let meaning = match level {
                "open" => Meaning::Open,
                "unknown" => Meaning::Vague,
                word => Meaning::Check(Level::from_word(word).unwrap_or_default()),
            };
            let guard = Guard {
                meaning,
                name: fact
                    .text("called")
                    .or(texts.first().copied())
                    .map_or_else(|| fact.hit.value.display(), str::to_owned),
                at: fact.hit.location.to_string(),
            };
            return vec![(guard.clone(), guard)];
        }
        let how = fact.text("reads");
        let mut found = Vec::new();
        for text in texts {
            // The path in front of the middleware, and routers behind it.
            if text.starts_with('/') || self.is_router(file, text) {
                continue;
            }
            found.extend(match how {
                Some("words") => reader.words(text),
                Some("body") => reader.body(text),
                Some("dependencies") => reader.dependencies(text),
                Some("filter") => reader.filter(text),
                Some("opens") => opened(reader.words(text)),
                _ => reader.argument(text),
            });
        }
        let certain = Posted::certain(fact);
        // A guard of all Nest routes asks for rights only where a decorator names them.
        let for_all = fact.text("framework") == Some("nest") && fact.text("scope") == Some("app");
        let bare = |guard: &Guard| for_all && guard.meaning == Meaning::Check(Level::Role);
        let pair = |guard: Guard| {
            let doubtful = !certain || bare(&guard);
            let stated = if doubtful {
                vague(guard.clone())
            } else {
                guard.clone()
            };
            (stated, guard)
        };
        found.into_iter().map(pair).collect()
    }

    /// Does a name stand for a router or for a file of routes?
    pub(super) fn is_router(&self, file: &str, name: &str) -> bool {
        let Some(file) = self.resolver.repo.path(file) else {
            return false;
        };
        let plain = name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '$'));
        let nodes = if plain {
            self.routers.find(file, name)
        } else {
            BTreeSet::new()
        };
        nodes.iter().any(|node| {
            self.routers.known(node) || (node.0 != file && self.routes.contains(node.0))
        })
    }

    /// Guards inside a block hold for the routes of that block alone.
    fn block(&mut self, facts: &'x [Fact]) {
        let mut blocks: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
        for fact in facts::of(facts, "router").filter(|fact| fact.text("scope").is_some()) {
            let place = &fact.hit.location;
            blocks
                .entry(place.path.as_str())
                .or_default()
                .push(place.span);
        }
        let posted = self
            .routed
            .values_mut()
            .chain(self.files.values_mut())
            .chain(self.classes.values_mut());
        for posted in posted.flatten() {
            let place = &posted.fact.hit.location;
            let around = blocks.get(place.path.as_str()).into_iter().flatten();
            let around = around.filter(|block| block.contains(place.span));
            posted.block = around.min_by_key(|block| block.end - block.start).copied();
        }
        // A decorator in front of an exported class stands in its block, not in the class itself.
        let nameless: Vec<_> = self
            .classes
            .keys()
            .filter(|(_, class)| class.is_empty())
            .copied()
            .collect();
        for key in nameless {
            let all = self.classes.remove(&key).unwrap_or_default();
            let (moved, kept): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|posted| posted.block.is_some());
            self.files.entry(key.0).or_default().extend(moved);
            self.classes.insert(key, kept);
        }
    }

    /// Keeps the lines that look like a check where no guard and no route says what they are.
    fn let_loose(&mut self, facts: &'x [Fact]) {
        let mut spans: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
        for fact in facts {
            if matches!(&*fact.kind, "route" | "mount" | "auth-guard" | "router")
                && fact.text("scope") != Some("block")
            {
                let place = &fact.hit.location;
                spans
                    .entry(place.path.as_str())
                    .or_default()
                    .push(place.span);
            }
        }
        for fact in facts::of(facts, "auth-check") {
            let place = &fact.hit.location;
            let path = place.path.as_str();
            let known = spans
                .get(path)
                .into_iter()
                .flatten()
                .any(|span| span.contains(place.span));
            let written = fact.hit.value.as_str().unwrap_or_default();
            if !known && !written.starts_with(['@', '[']) && !is_import(fact) {
                self.loose.entry(path).or_default().push(fact);
            }
        }
    }
}

/// Guards that are taken off where they are named.
fn opened(guards: Vec<Guard>) -> Vec<Guard> {
    let checks = guards
        .into_iter()
        .filter(|guard| matches!(guard.meaning, Meaning::Check(_)));
    let open = checks.map(|guard| Guard {
        meaning: Meaning::Open,
        ..guard
    });
    open.collect()
}

/// Is the line that a hit stands in an import?
fn is_import(fact: &Fact) -> bool {
    let before = fact
        .hit
        .location
        .line()
        .saturating_sub(fact.hit.excerpt_line);
    let line = usize::try_from(before)
        .ok()
        .and_then(|at| fact.hit.excerpt.lines().nth(at));
    line.is_some_and(|line| {
        let line = line.trim_start();
        ["import ", "from ", "using ", "use "]
            .iter()
            .any(|word| line.starts_with(word))
            || line.contains("require(")
    })
}
