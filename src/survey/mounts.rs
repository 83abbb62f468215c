//! Which router a name means, and under which prefixes a router is mounted.
//!
//! A router is known by the file it is made in and the variable that holds it; a file whose
//! routes belong to no variable of its own (a plugin, a URL table) is a router itself.

use super::modules::{Family, Resolver};
use super::{facts, python, repo, script};
use crate::model::{Fact, RepoPath, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A router: its file, and its variable or `""`.
pub(super) type Node<'a> = (&'a str, String);

/// Mounts are followed this deep; re-exports as well.
const DEPTH: u32 = 6;

/// More prefixes than this for one router, and the rest is left out.
const PREFIXES: usize = 16;

/// Routers, what they are mounted on, and names for them.
pub(super) struct Mounts<'a, 'r> {
    resolver: &'r Resolver<'a>,
    /// Prefix that a router brings itself; `None` if it is computed.
    own: BTreeMap<Node<'a>, Option<String>>,
    /// Applications: where prefixes end.
    servers: BTreeSet<Node<'a>>,
    /// What each router is mounted on, and under which prefix; `None` if it is computed.
    parents: BTreeMap<Node<'a>, Vec<Mount<'a>>>,
    /// Local names of imports, by file: module and name in it.
    bindings: BTreeMap<&'a str, BTreeMap<String, (String, String)>>,
}

/// One mount of a router.
struct Mount<'a> {
    on: Node<'a>,
    prefix: Option<String>,
    /// The prefix takes the place of the router's own.
    replaces: bool,
}

/// A prefix, and whether all of it is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Prefix {
    /// As far as it is known.
    pub(super) text: String,
    /// Nothing in front of it or in it is missing.
    pub(super) whole: bool,
}

impl<'a, 'r> Mounts<'a, 'r> {
    /// Reads routers, applications, names and mounts from facts.
    pub(super) fn new(resolver: &'r Resolver<'a>, facts: &[Fact]) -> Self {
        let mut mounts = Self {
            resolver,
            own: BTreeMap::new(),
            servers: BTreeSet::new(),
            parents: BTreeMap::new(),
            bindings: BTreeMap::new(),
        };
        for fact in facts {
            mounts.declare(fact);
        }
        for fact in facts::of(facts, "mount").chain(facts::of(facts, "router")) {
            mounts.mount(fact);
        }
        mounts
    }

    fn declare(&mut self, fact: &Fact) {
        let Some(file) = self.file(&fact.hit.location.path) else {
            return;
        };
        let variable = |name: &str| fact.text(name).map(str::to_owned);
        match &*fact.kind {
            "http-server" => {
                if let Some(name) = variable("variable") {
                    self.servers.insert((file, name));
                }
            }
            "router" if fact.text("scope").is_none() => {
                if let Some(name) = variable("name") {
                    self.own
                        .insert((file, name), literal(fact.attributes.get("prefix")));
                }
            }
            "binding" => {
                if let (Some(local), Some(module)) = (variable("local"), variable("module")) {
                    let name = variable("name").unwrap_or_default();
                    self.bindings
                        .entry(file)
                        .or_default()
                        .insert(local, (module, name));
                }
            }
            _ => {}
        }
    }

    fn mount(&mut self, fact: &Fact) {
        let Some(file) = self.file(&fact.hit.location.path) else {
            return;
        };
        let target = if &*fact.kind == "router" {
            fact.text("name")
        } else {
            fact.text("router")
        };
        let receiver = fact.text("receiver");
        let on = match receiver {
            Some(receiver) => self.node(file, receiver),
            // A router of its own hangs on nothing; a URL table is the file's.
            None if &*fact.kind == "router" => return,
            None => (file, String::new()),
        };
        let mut children = BTreeSet::new();
        if let Some(module) = fact.text("module") {
            let files = self.module(file, module);
            children.extend(files.into_iter().flat_map(|file| self.offered(file, "")));
        } else if let Some(target) = target {
            children.extend(self.find(file, target, DEPTH));
        }
        let is_router = &*fact.kind == "router";
        let prefixes = if is_router {
            vec![Some(String::new())]
        } else {
            prefixes(fact)
        };
        let replaces = fact.text("framework") == Some("flask") && fact.text("prefix").is_some();
        for child in children.into_iter().filter(|child| *child != on) {
            let parents = self.parents.entry(child).or_default();
            parents.extend(prefixes.iter().map(|prefix| Mount {
                on: on.clone(),
                prefix: prefix.clone(),
                replaces,
            }));
        }
    }

    fn file(&self, path: &RepoPath) -> Option<&'a str> {
        self.resolver.repo.path(path.as_str())
    }

    /// The one router that `name` means in `file`; the file itself if it is none.
    pub(super) fn node(&self, file: &'a str, name: &str) -> Node<'a> {
        let known = (file, name.to_owned());
        if self.servers.contains(&known) || self.own.contains_key(&known) {
            return known;
        }
        let mut found = self.find(file, name, DEPTH);
        match (found.pop_first(), found.is_empty()) {
            (Some(node), true) => node,
            _ if is_application(name) => (file, name.to_owned()),
            _ => (file, String::new()),
        }
    }

    /// Is the router made in the file, or imported into it?
    pub(super) fn knows(&self, file: &'a str, name: &str) -> bool {
        let known = (file, name.to_owned());
        self.servers.contains(&known)
            || self.own.contains_key(&known)
            || !self.find(file, name, DEPTH).is_empty()
    }

    /// The routers that an expression means in `file`.
    fn find(&self, file: &'a str, text: &str, depth: u32) -> BTreeSet<Node<'a>> {
        let Some(depth) = depth.checked_sub(1) else {
            return BTreeSet::new();
        };
        let text = bare(text);
        if let Some(module) = required(text) {
            let files = self.module(file, module);
            return files
                .into_iter()
                .flat_map(|file| self.offered(file, ""))
                .collect();
        }
        let known = (file, text.to_owned());
        if self.own.contains_key(&known) || self.servers.contains(&known) {
            return BTreeSet::from([known]);
        }
        let (head, attribute) = text.split_once('.').unwrap_or((text, ""));
        let head_known = (file, head.to_owned());
        if self.own.contains_key(&head_known) {
            return BTreeSet::from([head_known]);
        }
        let mut found = BTreeSet::new();
        for (origin, name) in self.origins(file, head) {
            if origin == file {
                continue;
            }
            let wanted = if attribute.is_empty() {
                name.as_str()
            } else {
                attribute
            };
            let here = self.find(origin, wanted, depth);
            found.extend(if here.is_empty() {
                self.offered(origin, wanted)
            } else {
                here
            });
        }
        found
    }

    /// Files that the local name `name` comes from, each with the name it has there.
    fn origins(&self, file: &'a str, name: &str) -> Vec<(&'a str, String)> {
        let bound = self.bindings.get(file).and_then(|names| names.get(name));
        if let Some((module, original)) = bound {
            return self.sources(file, module, original, name);
        }
        let Some(entry) = self.resolver.repo.get(file) else {
            return Vec::new();
        };
        let exact = entry
            .imports
            .iter()
            .filter(|import| import.names.iter().any(|n| **n == *name));
        let found: Vec<_> = exact
            .flat_map(|import| self.sources(file, &import.module, name, name))
            .collect();
        if !found.is_empty() {
            return found;
        }
        let alike = entry.imports.iter().filter(|import| {
            import.names.iter().all(|n| &**n == "default") && resembles(&import.module, name)
        });
        alike
            .flat_map(|import| self.sources(file, &import.module, "", name))
            .collect()
    }

    /// Files that `from MODULE import NAME` may take the name from.
    fn sources(
        &self,
        file: &'a str,
        module: &str,
        original: &str,
        local: &str,
    ) -> Vec<(&'a str, String)> {
        let name = if matches!(original, "" | "default" | "*") {
            String::new()
        } else {
            original.to_owned()
        };
        if self.resolver.family(file) != Some(Family::Python) {
            let files = script::resolve(self.resolver, file, module);
            return files.into_iter().map(|path| (path, name.clone())).collect();
        }
        // `from package import module` names a file; `from module import name` something in it.
        let whole = if module.ends_with('.') {
            format!("{module}{name}")
        } else {
            format!("{module}.{name}")
        };
        let as_module = python::resolve(self.resolver, file, &whole, &[]);
        let stem = |path: &str| super::modules::without_extension(repo::last(path)).to_owned();
        let inner: Vec<_> = as_module
            .iter()
            .filter(|path| stem(path) == name || path.ends_with(&format!("{name}/__init__.py")))
            .map(|path| (*path, String::new()))
            .collect();
        if !inner.is_empty() && !name.is_empty() {
            return inner;
        }
        let last = module.rsplit('.').next().unwrap_or(module);
        let files = python::resolve(self.resolver, file, module, &[]);
        let files = files.into_iter().filter(|path| {
            stem(path) == last || path.ends_with(&format!("{last}/__init__.py")) || last.is_empty()
        });
        let name = if name.is_empty() {
            local.to_owned()
        } else {
            name
        };
        files.map(|path| (path, name.clone())).collect()
    }

    /// The routers that a file offers under a name: that one, or all of its own.
    fn offered(&self, file: &'a str, name: &str) -> BTreeSet<Node<'a>> {
        let named = (file, name.to_owned());
        if self.own.contains_key(&named) {
            return BTreeSet::from([named]);
        }
        let all: BTreeSet<Node<'a>> = self
            .own
            .keys()
            .filter(|(path, _)| *path == file)
            .cloned()
            .collect();
        if all.is_empty() {
            BTreeSet::from([(file, String::new())])
        } else {
            all
        }
    }

    /// The files of a module as written in `file`.
    fn module(&self, file: &'a str, module: &str) -> BTreeSet<&'a str> {
        match self.resolver.family(file) {
            Some(Family::Python) => {
                let end = format!("{}.py", module.replace('.', "/"));
                let found = python::resolve(self.resolver, file, module, &[]);
                found
                    .into_iter()
                    .filter(|path| path.ends_with(end.trim_start_matches('/')))
                    .collect()
            }
            _ => script::resolve(self.resolver, file, module),
        }
    }

    /// Every prefix under which routes of `node` are served.
    pub(super) fn prefixes(&self, node: &Node<'a>) -> BTreeSet<Prefix> {
        let mut found = self.climb(node, DEPTH);
        while found.len() > PREFIXES {
            found.pop_last();
        }
        found
    }

    fn climb(&self, node: &Node<'a>, depth: u32) -> BTreeSet<Prefix> {
        let own = self.own.get(node).cloned().unwrap_or(Some(String::new()));
        let alone = |whole: bool| {
            let whole = whole && own.is_some();
            BTreeSet::from([Prefix {
                text: own.clone().unwrap_or_default(),
                whole,
            }])
        };
        let depth = depth.checked_sub(1);
        let (Some(parents), Some(depth)) = (self.parents.get(node), depth) else {
            let ends =
                self.servers.contains(node) || is_application(&node.1) || self.is_table(node);
            return alone(ends);
        };
        let mut found = BTreeSet::new();
        for mount in parents.iter().take(PREFIXES) {
            let own = if mount.replaces {
                Some(String::new())
            } else {
                own.clone()
            };
            for above in self.climb(&mount.on, depth) {
                let whole = above.whole && mount.prefix.is_some() && own.is_some();
                let prefix = mount.prefix.as_deref().unwrap_or_default();
                let text = [
                    above.text.as_str(),
                    prefix,
                    own.as_deref().unwrap_or_default(),
                ]
                .into_iter()
                .filter(|part| !part.trim_matches('/').is_empty())
                .fold(String::new(), |path, part| {
                    super::pattern::join(&path, part)
                });
                found.insert(Prefix { text, whole });
            }
        }
        found
    }

    /// Is it the URL table of a Django project: beside the settings, or the only one?
    fn is_table(&self, node: &Node<'a>) -> bool {
        let (file, name) = node;
        let dir = repo::parent(file);
        let beside = |name: &str| {
            self.resolver
                .repo
                .path(repo::join(dir, name).unwrap_or_default().as_str())
                .is_some()
        };
        name.is_empty()
            && file.ends_with(".py")
            && ["settings.py", "wsgi.py", "asgi.py", "settings/__init__.py"]
                .iter()
                .any(|name| beside(name))
    }
}

/// Is it the name that people give to an application, not to a router?
fn is_application(name: &str) -> bool {
    matches!(
        name,
        "app" | "application" | "server" | "self.app" | "this.app" | "api_app"
    )
}

/// The text of a literal prefix; `""` where there is none, `None` where it is computed.
fn literal(value: Option<&Value>) -> Option<String> {
    match value {
        None | Some(Value::Null) => Some(String::new()),
        Some(Value::Str(text)) => Some(text.to_string()),
        Some(_) => None,
    }
}

/// The prefixes of a mount: one, or each of a list.
fn prefixes(fact: &Fact) -> Vec<Option<String>> {
    let value = fact.attributes.get("prefix");
    let Some(Value::Str(text)) = value else {
        return vec![literal(value)];
    };
    let Some(list) = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
    else {
        return vec![Some(text.to_string())];
    };
    let quoted = |item: &str| {
        let item = item.trim();
        ['"', '\'', '`']
            .iter()
            .find_map(|quote| Some(item.strip_prefix(*quote)?.strip_suffix(*quote)?.to_owned()))
    };
    list.split(',')
        .filter(|item| !item.trim().is_empty())
        .map(quoted)
        .collect()
}

/// An expression without what only passes the router on: `router.routes()`, `x.default`.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    for end in [
        ".routes()",
        ".default",
        ".urls",
        ".middleware()",
        "()",
        " as any",
    ] {
        text = text.strip_suffix(end).unwrap_or(text);
    }
    text
}

/// The module of `require("…")`.
fn required(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("require(")?;
    let (inner, _) = inner.split_once(')')?;
    Some(inner.trim_matches(['"', '\'', '`', ' ']))
}

/// Does a module's last part look like the local name of its default export?
fn resembles(module: &str, name: &str) -> bool {
    let plain = |text: &str| -> String {
        let lower = text.to_ascii_lowercase().replace(['-', '_', '.'], "");
        let mut text = lower.as_str();
        for end in ["router", "routes", "route", "api", "controller", "plugin"] {
            text = text.strip_suffix(end).unwrap_or(text);
        }
        text.to_owned()
    };
    let parts: Vec<&str> = module.rsplit('/').take(2).collect();
    let name = plain(name);
    let same = |part: &&str| {
        let part = plain(super::modules::without_extension(part));
        part == name
            || (!part.is_empty()
                && !name.is_empty()
                && (part == format!("{name}s") || name == format!("{part}s")))
    };
    parts.iter().any(same)
}
