//! Under which prefixes a router is mounted, through as many mounts as there are.

use super::blocks::Blocks;
use super::modules::Resolver;
use super::routers::{Node, Routers, literal};
use super::{facts, pattern, repo};
use crate::model::{Fact, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Mounts are followed this deep.
const DEPTH: u32 = 6;

/// More prefixes than this for one router, and the rest is left out.
const PREFIXES: usize = 16;

/// Ways to one prefix; more, and the rest is left out.
const WAYS: usize = 4;

/// What each router is mounted on.
pub(super) struct Mounts<'a> {
    parents: BTreeMap<Node<'a>, Vec<Mount<'a>>>,
}

/// One mount of a router.
#[derive(Clone)]
struct Mount<'a> {
    on: Node<'a>,
    /// `None` if it is computed.
    prefix: Option<String>,
    /// The prefix takes the place of the router's own.
    replaces: bool,
    /// Where it is mounted.
    place: Place<'a>,
}

/// Where something is hung on a router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// The file.
    pub(super) file: &'a str,
    /// The byte it begins at.
    pub(super) at: u32,
    /// The line, from 1.
    pub(super) line: u32,
    /// The code that does it, as far as it was kept.
    pub(super) text: Option<Arc<str>>,
}

impl<'a> Place<'a> {
    /// The place of a fact in `file`.
    pub(super) fn of(file: &'a str, fact: &Fact) -> Self {
        Self {
            file,
            at: fact.hit.location.span.start,
            line: fact.hit.location.line(),
            text: match &fact.hit.value {
                Value::Str(text) => Some(text.clone()),
                _ => None,
            },
        }
    }
}

/// A router on the way to a route, and the mount on it that leads further in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step<'a> {
    /// The router.
    pub(super) node: Node<'a>,
    /// What hangs on it: the mount of the next router; `None` at the last one.
    pub(super) below: Option<Place<'a>>,
}

/// From each prefix to the routers that lead there, outermost first, one list for each way.
pub(super) type Ways<'a> = BTreeMap<Prefix, Vec<Vec<Step<'a>>>>;

/// A prefix or a path, and whether all of it is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Prefix {
    /// As far as it is known.
    pub(super) text: String,
    /// Nothing in front of it or in it is missing.
    pub(super) whole: bool,
}

impl<'a> Mounts<'a> {
    /// Reads mounts from facts.
    pub(super) fn new(
        resolver: &Resolver<'a>,
        routers: &Routers<'a, '_>,
        blocks: &Blocks<'_>,
        facts: &[Fact],
    ) -> Self {
        let mut mounts = Self {
            parents: BTreeMap::new(),
        };
        let tables = tables(facts);
        for fact in facts::of(facts, "mount").chain(facts::of(facts, "router")) {
            let path = fact.hit.location.path.as_str();
            let Some(file) = resolver.repo.path(path) else {
                continue;
            };
            let receiver = fact
                .text("receiver")
                .map(|receiver| routers.node(file, receiver));
            if let Some(folder) = fact.text("folder") {
                let on = receiver.unwrap_or((file, String::new()));
                mounts.folder(resolver, &on, folder, &Place::of(file, fact));
            } else if &*fact.kind == "mount" {
                let on = receiver.unwrap_or((file, String::new()));
                mounts.mount(routers, file, &on, fact, &tables);
            } else if let (Some(on), Some(name)) = (receiver, fact.text("name")) {
                // A group hangs on the router it was taken from, and brings its own prefix.
                let mount = Mount {
                    on,
                    prefix: Some(String::new()),
                    replaces: false,
                    place: Place::of(file, fact),
                };
                mounts.add((file, name.to_owned()), mount);
            }
        }
        for fact in facts::of(facts, "route-call") {
            mounts.call(resolver, routers, blocks, fact);
        }
        mounts
    }

    /// A function hangs its routes where it is called, below the blocks that stand there.
    fn call(
        &mut self,
        resolver: &Resolver<'a>,
        routers: &Routers<'a, '_>,
        blocks: &Blocks<'_>,
        fact: &Fact,
    ) {
        let file = resolver.repo.path(fact.hit.location.path.as_str());
        let (Some(file), Some(name)) = (file, fact.text("name")) else {
            return;
        };
        if let Some(child) = routers.hung.called(resolver, file, name) {
            let prefix = blocks.around(fact);
            let mount = Mount {
                on: routers.hung.around(file, fact.hit.location.span),
                prefix: prefix.whole.then_some(prefix.text),
                replaces: false,
                place: Place::of(file, fact),
            };
            self.add(child, mount);
        }
    }

    fn mount(
        &mut self,
        routers: &Routers<'a, '_>,
        file: &'a str,
        on: &Node<'a>,
        fact: &Fact,
        tables: &BTreeSet<&str>,
    ) {
        let children = match (fact.text("module"), fact.text("router")) {
            (Some(module), _) => {
                let offered = routers.module(file, module).into_iter();
                if fact.text("framework") == Some("django") {
                    offered.flat_map(|node| table(node, tables)).collect()
                } else {
                    offered.collect()
                }
            }
            (None, Some(router)) => routers.find(file, router),
            (None, None) => return,
        };
        // Flask lets the one who registers a blueprint choose another prefix for it.
        let replaces = fact.text("framework") == Some("flask") && fact.text("prefix").is_some();
        for child in children {
            for prefix in prefixes(fact) {
                self.add(
                    child.clone(),
                    Mount {
                        on: on.clone(),
                        prefix,
                        replaces,
                        place: Place::of(file, fact),
                    },
                );
            }
        }
    }

    /// Mounts every file below a folder under the path of its own folder.
    fn folder(&mut self, resolver: &Resolver<'a>, on: &Node<'a>, folder: &str, place: &Place<'a>) {
        let Some(dir) = repo::join(repo::parent(on.0), folder) else {
            return;
        };
        for (path, _) in resolver.sources(&dir) {
            let inside = repo::relative(repo::parent(path), &dir).unwrap_or_default();
            let prefix = Some(inside.to_owned());
            self.add(
                (path, String::new()),
                Mount {
                    on: on.clone(),
                    prefix,
                    replaces: false,
                    place: place.clone(),
                },
            );
        }
    }

    fn add(&mut self, child: Node<'a>, mount: Mount<'a>) {
        if child != mount.on {
            self.parents.entry(child).or_default().push(mount);
        }
    }

    /// Every prefix under which routes of `node` are served, and the ways there.
    pub(super) fn ways(&self, routers: &Routers<'a, '_>, node: &Node<'a>) -> Ways<'a> {
        self.climb(routers, node, DEPTH)
    }

    fn climb(&self, routers: &Routers<'a, '_>, node: &Node<'a>, depth: u32) -> Ways<'a> {
        let own = routers.prefix(node);
        let here = Step {
            node: node.clone(),
            below: None,
        };
        let (Some(parents), Some(depth)) = (self.parents.get(node), depth.checked_sub(1)) else {
            let whole = own.is_some() && routers.is_end(node);
            let text = own.unwrap_or_default();
            return BTreeMap::from([(Prefix { text, whole }, vec![vec![here]])]);
        };
        let mut found = Ways::new();
        for mount in parents.iter().take(PREFIXES) {
            let own = if mount.replaces {
                Some(String::new())
            } else {
                own.clone()
            };
            let known = mount.prefix.is_some() && own.is_some();
            let inner = [
                mount.prefix.clone().unwrap_or_default(),
                own.unwrap_or_default(),
            ];
            for (above, ways) in self.climb(routers, &mount.on, depth) {
                let parts = [above.text.as_str()]
                    .into_iter()
                    .chain(inner.iter().map(String::as_str));
                let text = pattern::concat(parts);
                let whole = known && above.whole;
                let further = found.entry(Prefix { text, whole }).or_default();
                for way in ways {
                    extend(further, way, &mount.place, &here);
                }
            }
        }
        while found.len() > PREFIXES {
            found.pop_last();
        }
        found
    }
}

/// Adds a way that goes on from `way` through the mount at `place` to the router of `here`.
fn extend<'a>(
    ways: &mut Vec<Vec<Step<'a>>>,
    mut way: Vec<Step<'a>>,
    place: &Place<'a>,
    here: &Step<'a>,
) {
    if let Some(last) = way.last_mut() {
        last.below = Some(place.clone());
    }
    way.push(here.clone());
    if ways.len() < WAYS && !ways.contains(&way) {
        ways.push(way);
    }
}

/// The files whose routers hang in a URL table of their own.
fn tables(facts: &[Fact]) -> BTreeSet<&str> {
    let mounts = facts::of(facts, "mount");
    let own = mounts.filter(|fact| {
        fact.text("framework") == Some("django")
            && fact.text("router").is_some()
            && fact.text("module").is_none()
    });
    own.map(|fact| fact.hit.location.path.as_str()).collect()
}

/// What including the file of a router of Django brings: its URL table, and the router itself if
/// nothing hangs it there.
fn table<'a>(node: Node<'a>, tables: &BTreeSet<&str>) -> Vec<Node<'a>> {
    let whole = (node.0, String::new());
    if node == whole || tables.contains(node.0) {
        vec![whole]
    } else {
        vec![whole, node]
    }
}

/// The prefixes of a mount: one, or each of a list as it is written in the code.
fn prefixes(fact: &Fact) -> Vec<Option<String>> {
    let value = fact.attributes.get("prefix");
    let list = value
        .and_then(Value::as_str)
        .and_then(|text| text.strip_prefix('['));
    let Some(list) = list.and_then(|text| text.strip_suffix(']')) else {
        return vec![literal(value)];
    };
    let items = list
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    items.map(unquoted).collect()
}

/// The text between two equal quotes.
fn unquoted(item: &str) -> Option<String> {
    let between = |quote: &char| item.strip_prefix(*quote)?.strip_suffix(*quote);
    ['"', '\'', '`'].iter().find_map(between).map(str::to_owned)
}
