//! Routes with their whole paths and their methods in one spelling.

use super::auth::{Asked, Auth, Verdict};
use super::blocks::Blocks;
use super::modules::{Family, Resolver};
use super::mounts::{Mounts, Prefix, Ways};
use super::paths::{from_file, methods, spelled, whole_path, written};
use super::routers::{Node, Routers};
use super::{pattern, repo};
use crate::model::{Fact, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Frameworks by the module that a file asks for when it uses them.
const BY_IMPORT: &[(&str, &str)] = &[
    ("fastapi", "fastapi"),
    ("flask", "flask"),
    ("quart", "flask"),
    ("starlette", "starlette"),
    ("sanic", "sanic"),
    ("aiohttp", "aiohttp"),
    ("django", "django"),
    ("rest_framework", "django"),
    ("express", "express"),
    ("fastify", "fastify"),
    ("koa", "koa"),
    ("@koa/router", "koa"),
    ("koa-router", "koa"),
    ("hono", "hono"),
    ("@hapi/hapi", "hapi"),
    ("hapi", "hapi"),
    ("restify", "restify"),
    ("github.com/gin-gonic/gin", "gin"),
    ("github.com/go-chi/chi", "chi"),
    ("github.com/labstack/echo", "echo"),
    ("github.com/gofiber/fiber", "fiber"),
    ("github.com/gorilla/mux", "gorilla"),
    ("net/http", "net/http"),
];

/// Server frameworks of Go whose routes are methods in capitals.
const IN_CAPITALS: [&str; 2] = ["gin", "echo"];

/// Server frameworks whose routes look like calls of a client: `api.get("/patients", options)`.
const LOOSE: &[&str] = &["express", "fastify", "koa", "hono", "hapi"];

/// Server frameworks whose routes name no router.
const OF_FILES: [&str; 2] = ["hapi", "nuxt"];

/// What is learned of the route at an index of the list of facts.
pub(super) struct Route {
    index: usize,
    learned: Learned,
}

enum Learned {
    /// It only looks like a route.
    NoRoute,
    /// Its own path is computed.
    Computed(Option<String>, Verdict),
    /// It takes WebSocket connections, and this is what it asks of those who open them.
    Socket(Verdict),
    /// Every path it is served under, and what it asks of callers there.
    Paths {
        paths: BTreeMap<Prefix, Verdict>,
        method: Option<String>,
        framework: Option<String>,
    },
}

/// Resolves every route.
pub(super) fn join(resolver: &Resolver<'_>, facts: &[Fact]) -> Vec<Route> {
    let routers = Routers::new(resolver, facts);
    let blocks = Blocks::new(facts);
    let joiner = Joiner {
        resolver,
        mounts: Mounts::new(resolver, &routers, &blocks, facts),
        blocks,
        auth: Auth::new(resolver, &routers, facts),
        routers: &routers,
    };
    let all = facts.iter().enumerate();
    let mut found: Vec<Route> = all
        .filter(|(_, fact)| &*fact.kind == "route")
        .map(|(index, fact)| Route {
            index,
            learned: joiner.learn(fact),
        })
        .collect();
    found.extend(joiner.sockets(facts, &found));
    found
}

/// Writes what was learned into the facts, one fact for each path, and drops what is no route.
pub(super) fn record(routes: Vec<Route>, facts: &mut Vec<Fact>) {
    let mut dropped = BTreeSet::new();
    let mut more = Vec::new();
    for Route { index, learned } in routes {
        let Some(fact) = facts.get_mut(index) else {
            continue;
        };
        match learned {
            Learned::NoRoute => {
                dropped.insert(index);
            }
            Learned::Socket(verdict) => verdict.write(fact),
            Learned::Computed(framework, verdict) => {
                verdict.write(fact);
                write(
                    fact,
                    &[
                        ("path", Value::Unknown),
                        ("pattern", Value::Unknown),
                        ("resolved", Value::Bool(false)),
                    ],
                );
                name(fact, None, framework.as_deref());
            }
            Learned::Paths {
                paths,
                method,
                framework,
            } => {
                name(fact, method.as_deref(), framework.as_deref());
                let mut copies: Vec<Fact> = paths
                    .iter()
                    .map(|(path, verdict)| at(fact, path, verdict))
                    .collect();
                if let Some(first) = copies.pop() {
                    *fact = first;
                }
                more.append(&mut copies);
            }
        }
    }
    let mut indexes = 0..;
    facts.retain(|_| indexes.next().is_none_or(|index| !dropped.contains(&index)));
    facts.append(&mut more);
}

/// A copy of a route at one of its paths.
fn at(fact: &Fact, path: &Prefix, verdict: &Verdict) -> Fact {
    let mut fact = fact.clone();
    verdict.write(&mut fact);
    let values = [
        ("path", Value::str(path.text.as_str())),
        ("pattern", Value::str(pattern::normal(&path.text))),
        ("resolved", Value::Bool(path.whole)),
    ];
    write(&mut fact, &values);
    fact
}

/// Spells the method and names the framework.
fn name(fact: &mut Fact, method: Option<&str>, framework: Option<&str>) {
    // A handler that is written in place has no name.
    if fact
        .text("handler")
        .is_some_and(|text| text.contains([' ', '\n', '(']))
    {
        fact.attributes.remove("handler");
    }
    let listed = fact.attributes.remove("methods");
    let listed = listed.as_ref().and_then(Value::as_str).map(methods);
    let method = listed.unwrap_or_else(|| spelled(method.or(fact.text("method")).unwrap_or("any")));
    write(fact, &[("method", Value::str(method))]);
    if let Some(framework) = framework {
        write(fact, &[("framework", Value::str(framework))]);
    }
}

fn write(fact: &mut Fact, values: &[(&str, Value)]) {
    for (name, value) in values {
        fact.attributes.insert(Arc::from(*name), value.clone());
    }
}

/// What is needed to resolve one route.
struct Joiner<'a, 'r> {
    resolver: &'r Resolver<'a>,
    routers: &'r Routers<'a, 'r>,
    mounts: Mounts<'a>,
    blocks: Blocks<'r>,
    auth: Auth<'r, 'a>,
}

impl<'a> Joiner<'a, '_> {
    fn learn(&self, fact: &Fact) -> Learned {
        let Some(file) = self.resolver.repo.path(fact.hit.location.path.as_str()) else {
            return Learned::NoRoute;
        };
        let node = match (fact.text("receiver"), fact.text("framework")) {
            (Some(receiver), _) => Some(self.routers.node(file, receiver)),
            (None, Some("ktor")) => Some(self.routers.hung.around(file, fact.hit.location.span)),
            _ => None,
        };
        let made = node.as_ref().and_then(|node| self.routers.framework(node));
        let stated = fact.text("framework").filter(|name| *name != "go");
        let framework = stated
            .or(made.filter(|name| *name != "go"))
            .or_else(|| self.by_import(file))
            .or_else(|| self.by_hand(file, fact));
        if !self.is_route(file, fact, framework) {
            return Learned::NoRoute;
        }
        let asked = Asked {
            fact,
            file,
            framework,
            path: "",
            whole: true,
            way: &[],
        };
        let named = framework.map(str::to_owned);
        if fact.text("how") == Some("file") {
            let (text, method) = from_file(file, framework.unwrap_or_default());
            let verdict = self.auth.verdict(&Asked {
                path: &text,
                ..asked
            });
            return Learned::Paths {
                paths: BTreeMap::from([(Prefix { text, whole: true }, verdict)]),
                method,
                framework: named,
            };
        }
        let above = self.above(file, node.as_ref(), framework);
        let Some((written, method)) = written(fact) else {
            let verdicts = above.iter().flat_map(|(prefix, ways)| {
                ways.iter().map(|way| Asked {
                    path: &prefix.text,
                    way,
                    ..asked
                })
            });
            let verdict = verdicts.map(|asked| self.auth.verdict(&asked));
            let Some(verdict) = verdict.reduce(Verdict::weaker) else {
                return Learned::NoRoute;
            };
            return Learned::Computed(named, verdict);
        };
        Learned::Paths {
            paths: self.paths(&asked, &above, &written),
            method,
            framework: named,
        }
    }

    /// What WebSocket servers ask: what the route at the same place asks, where there is one.
    fn sockets(&self, facts: &[Fact], routes: &[Route]) -> Vec<Route> {
        let mut known: BTreeMap<(&str, u32), Verdict> = BTreeMap::new();
        for Route { index, learned } in routes {
            let verdict = match learned {
                Learned::Computed(_, verdict) => Some(verdict.clone()),
                Learned::Paths { paths, .. } => paths.values().cloned().reduce(Verdict::weaker),
                Learned::NoRoute | Learned::Socket(_) => None,
            };
            let fact = facts.get(*index);
            if let (Some(verdict), Some(fact)) = (verdict, fact) {
                let place = &fact.hit.location;
                known.insert((place.path.as_str(), place.line()), verdict);
            }
        }
        let sockets = facts
            .iter()
            .enumerate()
            .filter(|(_, fact)| matches!(&*fact.kind, "websocket-server" | "websocket-handler"));
        let learned = sockets.map(|(index, fact)| {
            let place = &fact.hit.location;
            let route = known.get(&(place.path.as_str(), place.line())).cloned();
            let verdict = route.unwrap_or_else(|| self.auth.socket(fact));
            Route {
                index,
                learned: Learned::Socket(verdict),
            }
        });
        learned.collect()
    }

    /// The prefixes in front of a route, and the routers that bring them.
    fn above(&self, file: &'a str, node: Option<&Node<'a>>, framework: Option<&str>) -> Ways<'a> {
        match (node, framework) {
            (Some(node), _) => self.mounts.ways(self.routers, node),
            (None, Some("django")) => self.mounts.ways(self.routers, &(file, String::new())),
            (None, _) => {
                let nothing = Prefix {
                    text: String::new(),
                    whole: true,
                };
                BTreeMap::from([(nothing, vec![Vec::new()])])
            }
        }
    }

    /// Every path of a route, and what it asks there on its weakest way.
    fn paths(
        &self,
        asked: &Asked<'_, 'a>,
        above: &Ways<'a>,
        written: &[String],
    ) -> BTreeMap<Prefix, Verdict> {
        let enclosing = self.blocks.around(asked.fact);
        let base = self
            .blocks
            .base(asked.fact, asked.framework.unwrap_or_default());
        let mut paths: BTreeMap<Prefix, Verdict> = BTreeMap::new();
        for (above, ways) in above {
            for path in written {
                let text = whole_path([base, above.text.as_str(), enclosing.text.as_str()], path);
                let whole = above.whole && enclosing.whole;
                for way in ways {
                    let asked = Asked {
                        path: &text,
                        whole,
                        way,
                        ..*asked
                    };
                    let verdict = self.auth.verdict(&asked);
                    let path = Prefix {
                        text: text.clone(),
                        whole,
                    };
                    let weakest = match paths.remove(&path) {
                        Some(other) => other.weaker(verdict),
                        None => verdict,
                    };
                    paths.insert(path, weakest);
                }
            }
        }
        paths
    }

    /// The framework that the file asks for.
    fn by_import(&self, file: &str) -> Option<&'static str> {
        let imports = self.resolver.repo.get(file)?.imports;
        let asks = |module: &str| {
            let mut all = imports.iter();
            all.any(|import| super::dependencies::is_of(&import.module, module))
        };
        let mut known = BY_IMPORT.iter();
        let found = known.find(|(module, _)| asks(module));
        found.map(|(_, framework)| *framework)
    }

    /// The framework of the service, where another file hands this one of Go its router: clients
    /// write no method in capitals.
    fn by_hand(&self, file: &str, fact: &Fact) -> Option<&'static str> {
        let method = fact.text("method")?;
        let capitals = method.bytes().all(|byte| byte.is_ascii_uppercase());
        if !capitals || self.resolver.family(file) != Some(Family::Go) {
            return None;
        }
        let (_, service) = self.resolver.service(file)?;
        IN_CAPITALS
            .into_iter()
            .find(|name| service.frameworks.contains(*name))
    }

    /// Is it a route, and not a call that only looks like one?
    fn is_route(&self, file: &'a str, fact: &Fact, framework: Option<&str>) -> bool {
        match self.resolver.family(file) {
            Some(Family::Python) if framework == Some("django") => {
                repo::last(file) == "urls.py" || self.by_import(file) == Some("django")
            }
            Some(Family::Go) => framework.is_some(),
            Some(Family::Script) => {
                let Some(receiver) = fact.text("receiver") else {
                    // Other projects call folders like Nuxt does, and write lists like hapi.
                    let service = self.resolver.service(file);
                    let uses = |name| service.is_some_and(|(_, it)| it.frameworks.contains(name));
                    return framework.is_none_or(|name| !OF_FILES.contains(&name) || uses(name));
                };
                if self
                    .routers
                    .find(file, receiver)
                    .iter()
                    .any(|node| self.routers.known(node))
                {
                    return true;
                }
                let plain = matches!(
                    receiver,
                    "app" | "router" | "fastify" | "server" | "instance"
                ) || receiver.starts_with("this.")
                    || receiver.ends_with("Router");
                let literal = fact
                    .text("path")
                    .is_some_and(|path| path.starts_with(['/', '*']));
                let serves = self.resolver.service(file).is_some_and(|(_, service)| {
                    LOOSE.iter().any(|name| service.frameworks.contains(*name))
                });
                plain && literal && (serves || framework.is_some())
            }
            _ => true,
        }
    }
}
