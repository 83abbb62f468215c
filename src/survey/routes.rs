//! Routes with their whole paths: prefixes of mounts, of enclosing classes and blocks, and of the
//! service, and paths that follow from where a file lies.

use super::modules::Resolver;
use super::mounts::{Mounts, Prefix};
use super::{facts, pattern, repo};
use crate::model::{Fact, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Frameworks whose calls look like those of any client: `api.get("/patients")`.
const LOOSE: &[&str] = &["express", "fastify", "koa", "hono"];

/// What is learned of the route at an index of the list of facts. No path: it is no route.
pub(super) struct Route {
    index: usize,
    paths: BTreeSet<Prefix>,
}

/// Resolves every route.
pub(super) fn join(resolver: &Resolver<'_>, facts: &[Fact]) -> Vec<Route> {
    let mounts = Mounts::new(resolver, facts);
    let blocks = blocks(facts);
    let bases = bases(facts);
    let routes = facts
        .iter()
        .enumerate()
        .filter(|(_, fact)| &*fact.kind == "route");
    routes
        .filter_map(|(index, fact)| {
            let paths = if is_route(resolver, &mounts, fact) {
                paths(resolver, &mounts, &blocks, &bases, fact)?
            } else {
                BTreeSet::new()
            };
            Some(Route { index, paths })
        })
        .collect()
}

/// Writes paths, patterns and `resolved` into the facts; drops what is no route.
pub(super) fn record(routes: Vec<Route>, facts: &mut Vec<Fact>) {
    let mut dropped = BTreeSet::new();
    let mut more = Vec::new();
    for route in routes {
        let Some(fact) = facts.get_mut(route.index) else {
            continue;
        };
        let mut copies = route.paths.iter().map(|path| with_path(fact, path));
        match copies.next() {
            Some(first) => {
                more.extend(copies);
                *fact = first;
            }
            None => {
                dropped.insert(route.index);
            }
        }
    }
    let mut index = 0;
    facts.retain(|_| {
        index += 1;
        !dropped.contains(&(index - 1))
    });
    facts.append(&mut more);
}

fn with_path(fact: &Fact, path: &Prefix) -> Fact {
    let mut fact = fact.clone();
    let mut set = |name: &str, value: Value| fact.attributes.insert(Arc::from(name), value);
    set("path", Value::str(path.text.as_str()));
    set("pattern", Value::str(pattern::normal(&path.text)));
    set("resolved", Value::Bool(path.whole));
    if let Some(Value::Str(method)) = fact.attributes.get("method") {
        let method = Value::str(method.to_ascii_uppercase());
        fact.attributes.insert(Arc::from("method"), method);
    }
    fact
}

/// Is it a route, and not the call of a client that looks like one?
fn is_route(resolver: &Resolver<'_>, mounts: &Mounts<'_, '_>, fact: &Fact) -> bool {
    let framework = fact.text("framework").unwrap_or_default();
    let (Some(receiver), true) = (fact.text("receiver"), LOOSE.contains(&framework)) else {
        return true;
    };
    let path = fact.hit.location.path.as_str();
    let Some(file) = resolver.repo.path(path) else {
        return true;
    };
    let serves = resolver
        .service(path)
        .is_some_and(|(_, service)| LOOSE.iter().any(|name| service.frameworks.contains(*name)));
    let plain = matches!(
        receiver,
        "app" | "router" | "fastify" | "server" | "instance" | "this.app" | "this.router"
    ) || receiver.ends_with("Router");
    mounts.knows(file, receiver) || (serves && plain)
}

/// Every whole path of a route; `None` where its own path is computed.
fn paths(
    resolver: &Resolver<'_>,
    mounts: &Mounts<'_, '_>,
    blocks: &Blocks<'_>,
    bases: &BTreeMap<(usize, &str), &str>,
    fact: &Fact,
) -> Option<BTreeSet<Prefix>> {
    let place = &fact.hit.location.path;
    let framework = fact.text("framework").unwrap_or_default();
    if fact.text("how") == Some("file") {
        let text = from_file(place.as_str(), framework);
        return Some(BTreeSet::from([Prefix { text, whole: true }]));
    }
    let written: Vec<String> = match fact.attributes.get("path") {
        None => vec![String::new()],
        value => {
            let texts = facts::texts(value);
            if texts.is_empty() {
                return None;
            }
            texts.into_iter().map(str::to_owned).collect()
        }
    };
    let enclosing = blocks.around(fact);
    let file = resolver.repo.path(place.as_str());
    let above = match (fact.text("receiver"), file) {
        (Some(receiver), Some(file)) => mounts.prefixes(&mounts.node(file, receiver)),
        (None, Some(file)) if framework == "django" => mounts.prefixes(&(file, String::new())),
        _ => BTreeSet::from([Prefix {
            text: String::new(),
            whole: true,
        }]),
    };
    let base = fact
        .service
        .and_then(|index| bases.get(&(index, framework)))
        .copied()
        .unwrap_or_default();
    let mut found = BTreeSet::new();
    for above in &above {
        for path in &written {
            let outer = [base, above.text.as_str(), enclosing.text.as_str()];
            let text = whole_path(&outer, path);
            found.insert(Prefix {
                text,
                whole: above.whole && enclosing.whole,
            });
        }
    }
    Some(found)
}

/// Joins prefixes and a path; an absolute ASP.NET path (`~/x`) stands alone.
fn whole_path(outer: &[&str], path: &str) -> String {
    if let Some(path) = path.strip_prefix('~') {
        return pattern::join("", path);
    }
    let prefix = outer
        .iter()
        .filter(|part| !part.trim_matches('/').is_empty())
        .fold(String::new(), |prefix, part| pattern::join(&prefix, part));
    let path = path.trim_start_matches('^').trim_end_matches('$');
    let joined = pattern::join(&prefix, path);
    let mut text = String::with_capacity(joined.len());
    for letter in joined.chars() {
        if letter != '/' || !text.ends_with('/') {
            text.push(letter);
        }
    }
    text
}

/// Prefixes of services, by framework.
fn bases(facts: &[Fact]) -> BTreeMap<(usize, &str), &str> {
    facts::of(facts, "base-path")
        .filter_map(|fact| {
            let framework = fact.text("framework").unwrap_or_default();
            Some(((fact.service?, framework), fact.text("prefix")?))
        })
        .collect()
}

/// Classes and blocks that give everything inside them a prefix, by file, outermost first.
struct Blocks<'f>(BTreeMap<&'f str, Vec<&'f Fact>>);

fn blocks(facts: &[Fact]) -> Blocks<'_> {
    let mut found: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
    for fact in facts::of(facts, "router").filter(|fact| fact.text("scope").is_some()) {
        found
            .entry(fact.hit.location.path.as_str())
            .or_default()
            .push(fact);
    }
    for blocks in found.values_mut() {
        blocks.sort_by_key(|fact| {
            let span = fact.hit.location.span;
            (span.start, std::cmp::Reverse(span.end))
        });
    }
    Blocks(found)
}

impl Blocks<'_> {
    /// The prefix of everything around a fact.
    fn around(&self, fact: &Fact) -> Prefix {
        let place = &fact.hit.location;
        let mut prefix = Prefix {
            text: String::new(),
            whole: true,
        };
        for block in self.0.get(place.path.as_str()).into_iter().flatten() {
            let span = block.hit.location.span;
            if !span.contains(place.span) || span == place.span {
                continue;
            }
            match block.attributes.get("prefix") {
                None | Some(Value::Null) => {}
                Some(Value::Str(text)) => {
                    let name = block.text("name").unwrap_or_default();
                    let controller = name.strip_suffix("Controller").unwrap_or(name);
                    let text = text.replace("[controller]", controller);
                    prefix.text = pattern::join(&prefix.text, &text);
                }
                Some(_) => prefix.whole = false,
            }
        }
        prefix
    }
}

/// The path of a route that follows from where its file lies.
fn from_file(path: &str, framework: &str) -> String {
    let stem = super::modules::without_extension(path);
    let marks: &[&str] = match framework {
        "next" => &["app", "pages"],
        "nuxt" => &["server"],
        "sveltekit" | "remix" => &["routes"],
        _ => &[],
    };
    let parts: Vec<&str> = stem.split('/').collect();
    let start = parts
        .iter()
        .rposition(|part| marks.contains(part))
        .map_or(0, |at| at + 1);
    let kept = parts.into_iter().skip(start).filter(|part| {
        let group = part.starts_with('(') && part.ends_with(')');
        !group && !part.starts_with('@') && !matches!(*part, "route" | "index" | "+server" | "page")
    });
    let text: Vec<&str> = kept
        .map(|part| part.split_once('.').map_or(part, |(name, _)| name))
        .collect();
    pattern::join("", &repo::join("", &text.join("/")).unwrap_or_default())
}
