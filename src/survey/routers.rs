//! Which routers there are, and which router a name in a file means.
//!
//! A router is known by the file it is made in and the variable that holds it. A file whose
//! routes belong to no variable of its own (a plugin, a URL table) is a router itself.

use super::hung::Hung;
use super::modules::{Family, Resolver, without_extension};
use super::{python, repo, script};
use crate::model::{Fact, Import, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A router: its file, and its variable or `""`.
pub(super) type Node<'a> = (&'a str, String);

/// Re-exports are followed this far.
const DEPTH: u32 = 6;

/// Routers and applications, and the names they have in other files.
pub(super) struct Routers<'a, 'r> {
    resolver: &'r Resolver<'a>,
    /// Prefix that a router brings itself; `None` if it is computed.
    own: BTreeMap<Node<'a>, Option<String>>,
    /// Applications: where prefixes end.
    servers: BTreeSet<Node<'a>>,
    /// Frameworks of routers and applications.
    frameworks: BTreeMap<Node<'a>, String>,
    /// Local names of imports, by file: module and name in it.
    bindings: BTreeMap<&'a str, BTreeMap<String, (String, String)>>,
    /// Functions that hang routes on whatever calls them.
    pub(super) hung: Hung<'a>,
}

impl<'a, 'r> Routers<'a, 'r> {
    /// Reads routers, applications and names from facts.
    pub(super) fn new(resolver: &'r Resolver<'a>, facts: &[Fact]) -> Self {
        let mut routers = Self {
            resolver,
            own: BTreeMap::new(),
            servers: BTreeSet::new(),
            frameworks: BTreeMap::new(),
            bindings: BTreeMap::new(),
            hung: Hung::new(resolver, facts),
        };
        for fact in facts {
            if let Some(file) = resolver.repo.path(fact.hit.location.path.as_str()) {
                routers.declare(file, fact);
            }
        }
        routers
    }

    fn declare(&mut self, file: &'a str, fact: &Fact) {
        let text = |name: &str| fact.text(name).map(str::to_owned);
        let name = match &*fact.kind {
            "http-server" => text("variable"),
            "router" if fact.text("scope").is_none() => text("name"),
            "binding" => {
                if let (Some(local), Some(module)) = (text("local"), text("module")) {
                    let origin = (module, text("name").unwrap_or_default());
                    self.bindings.entry(file).or_default().insert(local, origin);
                }
                return;
            }
            _ => return,
        };
        let Some(node) = name.map(|name| (file, name)) else {
            return;
        };
        if let Some(framework) = text("framework") {
            self.frameworks.insert(node.clone(), framework);
        }
        if &*fact.kind == "router" {
            let prefix = literal(fact.attributes.get("prefix"));
            self.own.insert(node, prefix);
        } else {
            self.servers.insert(node);
        }
    }

    /// The prefix that a router brings itself; `None` if it is computed.
    pub(super) fn prefix(&self, node: &Node<'a>) -> Option<String> {
        self.own.get(node).cloned().unwrap_or(Some(String::new()))
    }

    /// Do prefixes end here: is it an application, or the URL table of a Django project?
    pub(super) fn is_end(&self, node: &Node<'a>) -> bool {
        let served = self.servers.contains(node) || self.hung.is_root(node);
        served || is_application(&node.1) || self.is_table(node)
    }

    /// Is it an application that is made somewhere?
    pub(super) fn is_server(&self, node: &Node<'a>) -> bool {
        self.servers.contains(node)
    }

    /// The framework that a router was made with.
    pub(super) fn framework(&self, node: &Node<'a>) -> Option<&str> {
        self.frameworks.get(node).map(String::as_str)
    }

    /// The one router that `name` means in `file`; the file itself if it is none.
    pub(super) fn node(&self, file: &'a str, name: &str) -> Node<'a> {
        let mut found = self.find(file, name);
        match (found.pop_first(), found.is_empty()) {
            (Some(node), true) => node,
            _ if is_application(name) => (file, name.to_owned()),
            _ => (file, String::new()),
        }
    }

    /// The routers that an expression means in `file`.
    pub(super) fn find(&self, file: &'a str, text: &str) -> BTreeSet<Node<'a>> {
        self.search(file, text, DEPTH)
    }

    /// The routers that a module offers, as written in `file`.
    pub(super) fn module(&self, file: &'a str, module: &str) -> BTreeSet<Node<'a>> {
        let files: BTreeSet<&str> = match self.resolver.family(file) {
            Some(Family::Python) => {
                let end = format!("{}.py", module.replace('.', "/"));
                let mut found = python::resolve(self.resolver, file, module, &[]);
                found.retain(|path| path.ends_with(end.trim_start_matches('/')));
                found
            }
            _ => script::resolve(self.resolver, file, module),
        };
        let offered = files.into_iter().map(|file| self.offered(file, ""));
        offered.flatten().collect()
    }

    /// Is it a router or an application that is made somewhere?
    pub(super) fn known(&self, node: &Node<'a>) -> bool {
        self.own.contains_key(node) || self.servers.contains(node)
    }

    /// Files that the local name `name` of `file` comes from, each with the name it has there;
    /// none if it is its own.
    pub(super) fn sources_of(&self, file: &'a str, name: &str) -> Vec<(&'a str, String)> {
        let mut found = self.origins(file, name);
        found.retain(|(origin, _)| *origin != file);
        found
    }

    fn search(&self, file: &'a str, text: &str, depth: u32) -> BTreeSet<Node<'a>> {
        let Some(depth) = depth.checked_sub(1) else {
            return BTreeSet::new();
        };
        let text = bare(text);
        if let Some(module) = required(text) {
            return self.module(file, module);
        }
        let (head, attribute) = text.split_once('.').unwrap_or((text, ""));
        for name in [text, head] {
            let node = (file, name.to_owned());
            if self.known(&node) {
                return BTreeSet::from([node]);
            }
        }
        let mut found = BTreeSet::new();
        for (origin, name) in self.origins(file, head) {
            let wanted = if attribute.is_empty() {
                name.as_str()
            } else {
                attribute
            };
            if origin != file {
                let here = self.search(origin, wanted, depth);
                found.extend(if here.is_empty() {
                    self.offered(origin, wanted)
                } else {
                    here
                });
            }
        }
        found
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
            .chain(&self.servers)
            .filter(|(path, _)| *path == file)
            .cloned()
            .collect();
        if all.is_empty() {
            BTreeSet::from([(file, String::new())])
        } else {
            all
        }
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
        let named = |import: &&Import| import.names.iter().any(|other| **other == *name);
        let found: Vec<_> = entry
            .imports
            .iter()
            .filter(named)
            .flat_map(|import| self.sources(file, &import.module, name, name))
            .collect();
        if !found.is_empty() {
            return found;
        }
        let alike = entry.imports.iter().filter(|import| {
            import.names.iter().all(|name| &**name == "default") && resembles(&import.module, name)
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
        let anonymous = matches!(original, "" | "default" | "*");
        let name = if anonymous { "" } else { original };
        if self.resolver.family(file) != Some(Family::Python) {
            let files = script::resolve(self.resolver, file, module);
            return files
                .into_iter()
                .map(|path| (path, name.to_owned()))
                .collect();
        }
        // `from package import module` names a file; `from module import name` something in it.
        let dot = if module.ends_with('.') { "" } else { "." };
        let whole = format!("{module}{dot}{name}");
        let inner = named_last(python::resolve(self.resolver, file, &whole, &[]), name);
        if !inner.is_empty() && !name.is_empty() {
            return inner
                .into_iter()
                .map(|path| (path, String::new()))
                .collect();
        }
        let last = module.rsplit('.').next().unwrap_or(module);
        let files = named_last(python::resolve(self.resolver, file, module, &[]), last);
        let name = if name.is_empty() { local } else { name };
        files
            .into_iter()
            .map(|path| (path, name.to_owned()))
            .collect()
    }

    /// Is it the URL table of a Django project: beside the settings?
    fn is_table(&self, node: &Node<'a>) -> bool {
        let (file, name) = node;
        let beside = |name: &str| {
            let path = repo::join(repo::parent(file), name);
            path.is_some_and(|path| self.resolver.repo.get(&path).is_some())
        };
        let settings = ["settings.py", "wsgi.py", "asgi.py", "settings/__init__.py"];
        name.is_empty() && repo::last(file) == "urls.py" && settings.iter().any(|name| beside(name))
    }
}

/// Files of a module called `last`; all of them if it has no name.
fn named_last<'a>(files: BTreeSet<&'a str>, last: &str) -> Vec<&'a str> {
    let package = format!("{last}/__init__.py");
    let called = |path: &&str| {
        last.is_empty() || without_extension(repo::last(path)) == last || path.ends_with(&package)
    };
    files.into_iter().filter(called).collect()
}

/// Is it the name that people give to an application, not to a router?
fn is_application(name: &str) -> bool {
    matches!(
        name,
        "app" | "application" | "server" | "self.app" | "this.app" | "api_app"
    )
}

/// The text of a literal prefix; `""` where there is none, `None` where it is computed.
pub(super) fn literal(value: Option<&Value>) -> Option<String> {
    match value {
        None | Some(Value::Null) => Some(String::new()),
        Some(Value::Str(text)) if !text.contains("${") => Some(text.to_string()),
        Some(_) => None,
    }
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
    let (inner, _) = text.strip_prefix("require(")?.split_once(')')?;
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
        text.trim_end_matches('s').to_owned()
    };
    let name = plain(name);
    let mut parts = module.rsplit('/').take(2);
    !name.is_empty() && parts.any(|part| plain(without_extension(part)) == name)
}
