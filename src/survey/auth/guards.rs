//! Guards that stand around routes: of applications, routers, blocks, classes and functions.

use super::handlers::Subject;
use super::read::{Reader, vague};
use super::verdict::Guard;
use super::words::Meaning;
use super::{Asked, chain, matcher};
use super::gates::Gates;
use crate::model::{Fact, Level, Span, Value};
use crate::survey::facts;
use crate::survey::modules::Resolver;
use crate::survey::mounts::Place;
use crate::survey::routers::{Node, Routers};
use std::collections::{BTreeMap, BTreeSet};

/// Classes are followed to those they inherit from this far.
const DEPTH: usize = 4;

/// Longest text that a hit keeps of a node, in bytes.
const KEPT: u32 = 4 << 10;

/// A guard and where it was put up.
pub(super) struct Posted<'x> {
    pub(super) guard: Guard,
    fact: &'x Fact,
    /// Only routes in this part of the file are concerned.
    block: Option<Span>,
}

/// Everything that guards routes from outside.
pub(super) struct Guards<'x, 'a> {
    resolver: &'x Resolver<'a>,
    routers: &'x Routers<'a, 'x>,
    pub(super) gates: Gates<'x>,
    app: Vec<Posted<'x>>,
    routed: BTreeMap<Node<'a>, Vec<Posted<'x>>>,
    /// The calls that make routers.
    made: BTreeMap<Node<'a>, Vec<(Place<'a>, &'x str)>>,
    files: BTreeMap<&'x str, Vec<Posted<'x>>>,
    classes: BTreeMap<(&'x str, &'x str), Vec<Posted<'x>>>,
    functions: BTreeMap<(&'x str, &'x str), Vec<Posted<'x>>>,
    sockets: BTreeMap<&'x str, Vec<Posted<'x>>>,
    /// What classes inherit from, and the files they are in.
    bases: BTreeMap<&'x str, Vec<(&'x str, &'x str)>>,
    homes: BTreeMap<&'x str, BTreeSet<&'x str>>,
    /// Lines that look like a check and belong to no guard, by file.
    loose: BTreeMap<&'x str, Vec<&'x Fact>>,
    /// What the middleware of Next applications is limited to, by file.
    matchers: BTreeMap<&'x str, &'x str>,
    /// Handlers for all methods in chains of routes, by file and the byte the chain begins at.
    chained: BTreeMap<(&'x str, u32), Vec<&'x Fact>>,
    /// Handlers of routes that follow from where their file lies.
    exported: BTreeMap<&'x str, Vec<&'x Fact>>,
    checked: BTreeSet<usize>,
    gateway: Option<String>,
    routes: BTreeSet<&'x str>,
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
            app: Vec::new(),
            routed: BTreeMap::new(),
            made: BTreeMap::new(),
            files: BTreeMap::new(),
            classes: BTreeMap::new(),
            functions: BTreeMap::new(),
            sockets: BTreeMap::new(),
            bases: BTreeMap::new(),
            homes: BTreeMap::new(),
            loose: BTreeMap::new(),
            matchers: BTreeMap::new(),
            chained: BTreeMap::new(),
            exported: BTreeMap::new(),
            checked: checks.filter_map(|fact| fact.service).collect(),
            gateway: facts::of(facts, "auth-gateway").next().map(|fact| fact.hit.location.to_string()),
            routes: facts::of(facts, "route").map(|fact| fact.hit.location.path.as_str()).collect(),
        };
        for fact in facts {
            guards.read(fact);
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
                self.matchers.insert(path, fact.text("matcher").unwrap_or_default());
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
                if let (Some(name), Some(file), Some(text)) = (name, file, fact.hit.value.as_str()) {
                    let made = self.made.entry((file, name.to_owned())).or_default();
                    made.push((Place::of(file, fact), text));
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
        let receiver = fact.text("receiver").map(|name| self.routers.node(file, name));
        for guard in self.meanings(file, fact) {
            let posted = Posted { guard, fact, block: None };
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

    /// What a fact of a guard asks for, one by one.
    fn meanings(&self, file: &str, fact: &Fact) -> Vec<Guard> {
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
            return vec![Guard {
                meaning,
                name: texts.first().map_or_else(|| fact.hit.value.display(), |text| (*text).to_owned()),
                at: fact.hit.location.to_string(),
            }];
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
        let certain = fact.attributes.get("certain") != Some(&Value::Bool(false));
        // A guard of all Nest routes asks for rights only where a decorator names them.
        let for_all = fact.text("framework") == Some("nest") && fact.text("scope") == Some("app");
        let bare = |guard: &Guard| for_all && guard.meaning == Meaning::Check(Level::Role);
        let doubtful = |guard: Guard| if certain && !bare(&guard) { guard } else { vague(guard) };
        found = found.into_iter().map(doubtful).collect();
        found
    }

    /// Does a name stand for a router or for a file of routes?
    pub(super) fn is_router(&self, file: &str, name: &str) -> bool {
        let Some(file) = self.resolver.repo.path(file) else {
            return false;
        };
        let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '$'));
        let nodes = if plain { self.routers.find(file, name) } else { BTreeSet::new() };
        nodes.iter().any(|node| {
            self.routers.known(node) || (node.0 != file && self.routes.contains(node.0))
        })
    }

    /// Guards inside a block hold for the routes of that block alone.
    fn block(&mut self, facts: &'x [Fact]) {
        let mut blocks: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
        for fact in facts::of(facts, "router").filter(|fact| fact.text("scope").is_some()) {
            let place = &fact.hit.location;
            blocks.entry(place.path.as_str()).or_default().push(place.span);
        }
        let posted = self.routed.values_mut().chain(self.files.values_mut()).chain(self.classes.values_mut());
        for posted in posted.flatten() {
            let place = &posted.fact.hit.location;
            let around = blocks.get(place.path.as_str()).into_iter().flatten();
            let around = around.filter(|block| block.contains(place.span));
            posted.block = around.min_by_key(|block| block.end - block.start).copied();
        }
        // A decorator in front of an exported class stands in its block, not in the class itself.
        let nameless: Vec<_> = self.classes.keys().filter(|(_, class)| class.is_empty()).copied().collect();
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
            if matches!(&*fact.kind, "route" | "mount" | "auth-guard" | "router") && fact.text("scope") != Some("block") {
                let place = &fact.hit.location;
                spans.entry(place.path.as_str()).or_default().push(place.span);
            }
        }
        for fact in facts::of(facts, "auth-check") {
            let place = &fact.hit.location;
            let path = place.path.as_str();
            let known = spans.get(path).into_iter().flatten().any(|span| span.contains(place.span));
            let written = fact.hit.value.as_str().unwrap_or_default();
            if !known && !written.starts_with(['@', '[']) && !is_import(fact) {
                self.loose.entry(path).or_default().push(fact);
            }
        }
    }

    /// Guards of the whole application.
    pub(super) fn of_app(&self, asked: &Asked<'_, 'a>, subjects: &[Subject<'a>]) -> Vec<Guard> {
        let own = self.app.iter().filter(|posted| {
            let framework = posted.fact.text("framework");
            let asks = |module: &str| subjects.iter().any(|subject| self.imports(subject.file, module));
            posted.fact.service == asked.fact.service
                && framework.is_none_or(|name| asked.framework == Some(name))
                && posted.fact.text("imports").is_none_or(asks)
        });
        own.filter_map(|posted| {
            let text = posted.fact.hit.value.as_str().unwrap_or_default();
            match posted.fact.text("decides") {
                Some("chain") => chain::decide(text, asked.path).map(|meaning| Guard {
                    meaning,
                    ..posted.guard.clone()
                }),
                Some("matcher") => {
                    let path = posted.fact.hit.location.path.as_str();
                    let covered = matcher::covers(self.matchers.get(path).copied(), asked.path);
                    // Which paths it asks at is decided by its code.
                    (covered != Some(false)).then(|| vague(posted.guard.clone()))
                }
                _ => Some(posted.guard.clone()),
            }
        })
        .collect()
    }

    fn imports(&self, file: &str, module: &str) -> bool {
        let entry = self.resolver.repo.get(file);
        entry.is_some_and(|entry| {
            let mut imports = entry.imports.iter();
            imports.any(|import| crate::survey::dependencies::is_of(&import.module, module))
        })
    }

    /// Guards put on a router. Where a file is handed its application, that of the service counts.
    pub(super) fn on(&self, node: &Node<'a>, outermost: bool) -> Vec<&Posted<'x>> {
        let own = self.routed.get(node).into_iter().flatten();
        let service = self.resolver.service(node.0).map(|(index, _)| index);
        let handed = outermost && !self.routers.known(node);
        let elsewhere = self.routed.iter().filter(|(other, _)| {
            handed && *other != node && self.routers.is_server(other)
        });
        let elsewhere = elsewhere.flat_map(|(_, posted)| posted);
        own.chain(elsewhere.filter(|posted| posted.fact.service == service)).collect()
    }

    /// The calls that made a router.
    pub(super) fn made(&self, node: &Node<'a>) -> impl Iterator<Item = &(Place<'a>, &'x str)> {
        self.made.get(node).into_iter().flatten()
    }

    /// Guards of a file, or of a part of it that holds the route.
    pub(super) fn around(&self, asked: &Asked<'_, 'a>) -> Vec<Guard> {
        let place = &asked.fact.hit.location;
        let posted = self.files.get(place.path.as_str()).into_iter().flatten();
        let mut found: Vec<&Posted<'_>> = posted
            .filter(|posted| {
                let inside = posted.fact.hit.location.span.contains(place.span);
                let block = posted.block.is_none_or(|block| block.contains(place.span));
                block && (posted.fact.text("scope") != Some("span") || inside)
            })
            .collect();
        found.sort_by_key(|posted| posted.fact.hit.location.span.start);
        found.into_iter().map(|posted| posted.guard.clone()).collect()
    }

    /// Guards of a class and of those it inherits from, the furthest first.
    pub(super) fn of_class<'s>(&'s self, subject: &'s Subject<'a>) -> Vec<&'s Posted<'x>> {
        let mut levels: Vec<Vec<&Posted<'x>>> = Vec::new();
        let mut wanted = vec![(subject.file, subject.class.as_str())];
        for _ in 0..DEPTH {
            let mut further = Vec::new();
            let mut found = Vec::new();
            for (file, class) in wanted {
                let here = self.classes.range((file, "")..);
                let here = here.take_while(|((path, _), _)| *path == file);
                let own = here.filter(|((_, name), _)| {
                    *name == class || class.is_empty() || name.is_empty()
                });
                found.extend(own.flat_map(|(_, posted)| posted));
                further.extend(self.above(file, class));
            }
            levels.push(found);
            wanted = further;
        }
        levels.into_iter().rev().flatten().collect()
    }

    /// The classes that a class inherits from, and their files.
    fn above<'s>(&'s self, file: &str, class: &str) -> Vec<(&'s str, &'s str)> {
        let named: Vec<&str> = if class.is_empty() {
            let inside = self.bases.values().flatten();
            inside.filter(|(path, _)| *path == file).map(|(_, base)| *base).collect()
        } else {
            let own = self.bases.get(class).into_iter().flatten();
            own.filter(|(path, _)| *path == file).map(|(_, base)| *base).collect()
        };
        let homes = named.into_iter().flat_map(|base| {
            let homes = self.homes.get(base).into_iter().flatten();
            homes.map(move |home| (*home, base))
        });
        homes.filter(|(home, _)| *home != file).collect()
    }

    /// Guards of the function of a subject.
    pub(super) fn of_function<'s>(&'s self, subject: &'s Subject<'a>) -> Vec<&'s Posted<'x>> {
        let key = (subject.file, subject.function.as_str());
        let own = self.functions.get(&key).filter(|_| !subject.function.is_empty());
        let own = own.into_iter().flatten().filter(|posted| {
            let class = posted.fact.hit.captures.get("class").and_then(Value::as_str);
            let class = class.unwrap_or_default();
            // A view is a function or a class: which of them is not known from its name.
            subject.class.is_empty()
                || subject.class == subject.function
                || class.is_empty()
                || class == subject.class
        });
        own.collect()
    }

    /// The handlers for all methods in the chain that a route is part of.
    pub(super) fn beside(&self, fact: &Fact) -> Vec<&'x Fact> {
        let place = &fact.hit.location;
        let key = (place.path.as_str(), place.span.start);
        let span = place.span;
        let all = self.chained.get(&key).into_iter().flatten().copied();
        all.filter(|other| other.hit.location.span != span).collect()
    }

    /// Guards of the WebSocket connections that `fact` takes: those of its server in this file.
    pub(super) fn of_socket(&self, fact: &Fact) -> Vec<Guard> {
        let path = fact.hit.location.path.as_str();
        let receiver = fact.text("receiver");
        let routed = self.routed.iter().filter(|(node, _)| node.0 == path);
        let routed = routed.flat_map(|(_, posted)| posted).filter(|posted| {
            receiver.is_some() && posted.fact.text("receiver") == receiver
        });
        let own = self.sockets.get(path).into_iter().flatten();
        routed.chain(own).map(|posted| posted.guard.clone()).collect()
    }

    /// Does a line that no guard explains look like a check in this file?
    pub(super) fn is_loose(&self, file: &str) -> bool {
        self.loose.contains_key(file)
    }

    /// The handlers that the file of a route exports.
    pub(super) fn exported(&self, file: &str) -> &[&'x Fact] {
        self.exported.get(file).map_or(&[], Vec::as_slice)
    }

    /// May code around a handler check callers in a way that was not followed?
    pub(super) fn may_check(&self, subject: &Subject<'a>, asked: &Asked<'_, 'a>) -> bool {
        let span = asked.fact.hit.location.span;
        let read = asked.fact.hit.captures.contains_key("BODY");
        let cut = span.end - span.start >= KEPT;
        let loose = self.loose.get(subject.file).into_iter().flatten();
        let same = subject.file == asked.file;
        loose.into_iter().any(|_| !(same && read) || cut)
    }

    /// Does anything in the service look like a check?
    pub(super) fn service_checks(&self, service: Option<usize>) -> bool {
        service.is_none_or(|service| self.checked.contains(&service))
    }

    /// Where a gateway in front of the services is set up to ask.
    pub(super) fn gateway(&self) -> Option<&str> {
        self.gateway.as_deref()
    }
}

impl Posted<'_> {
    /// Does a guard that was put on a router hold for what hangs on it at `below`?
    pub(super) fn holds(&self, asked: &Asked<'_, '_>, below: &Place<'_>) -> bool {
        let place = &self.fact.hit.location;
        let same = place.path.as_str() == below.file;
        let late = same && place.span.start > below.at && self.fact.text("order") != Some("any");
        let block = self.block.is_none_or(|block| {
            same && block.start <= below.at && below.at < block.end
        });
        !late && block && self.is_below(asked.path)
    }

    /// Is the route below the path that the guard was put up for?
    fn is_below(&self, path: &str) -> bool {
        let texts = facts::texts(self.fact.attributes.get("guard"));
        let Some(prefix) = texts.first().filter(|text| text.starts_with('/')) else {
            return true;
        };
        let prefix = prefix.trim_end_matches(['*', '/']);
        prefix.is_empty() || path.contains(prefix)
    }

    /// Does the guard of a class hold for one of its functions: `only`, `except`?
    pub(super) fn concerns(&self, function: &str) -> bool {
        let names = |key: &str| -> Option<bool> {
            let text = self.fact.text(key)?;
            let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            Some(words.any(|word| word == function))
        };
        names("only").unwrap_or(true) && !names("except").unwrap_or(false)
    }
}

/// Guards that are taken off where they are named.
fn opened(guards: Vec<Guard>) -> Vec<Guard> {
    let checks = guards.into_iter().filter(|guard| matches!(guard.meaning, Meaning::Check(_)));
    let open = checks.map(|guard| Guard {
        meaning: Meaning::Open,
        ..guard
    });
    open.collect()
}

/// Is the line that a hit stands in an import?
fn is_import(fact: &Fact) -> bool {
    let before = fact.hit.location.line().saturating_sub(fact.hit.excerpt_line);
    let line = usize::try_from(before).ok().and_then(|at| fact.hit.excerpt.lines().nth(at));
    line.is_some_and(|line| {
        let line = line.trim_start();
        ["import ", "from ", "using ", "use "].iter().any(|word| line.starts_with(word)) || line.contains("require(")
    })
}
