//! What a route asks for in its own code: decorators, parameters, arguments and body.

use super::Asked;
use super::read::{Reader, vague};
use super::verdict::Guard;
use crate::model::{Fact, Language, Value};
use crate::survey::facts;

/// Decorators that make a function a route.
const ROUTES: &[&str] = &[
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "trace",
    "route",
    "api_route",
    "websocket",
    "websocket_route",
];

/// Frameworks whose ways to check callers are followed.
const FOLLOWED: &[&str] = &[
    "fastapi",
    "flask",
    "django",
    "express",
    "fastify",
    "koa",
    "hono",
    "nest",
    "next",
    "gin",
    "chi",
    "echo",
    "fiber",
    "gorilla",
    "net/http",
    "spring-boot",
    "aspnet",
    "laravel",
    "rails",
    "aiohttp",
    "hapi",
    "ktor",
    "nuxt",
    "sveltekit",
    "symfony",
];

/// Are the ways in which this framework checks callers followed?
pub(super) fn is_followed(framework: Option<&str>) -> bool {
    framework.is_some_and(|name| FOLLOWED.contains(&name))
}

/// Does the route let people in, so that it looks at credentials to that end?
pub(super) fn is_entry(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    [
        "login", "log-in", "signin", "sign-in", "signup", "sign-up", "register", "/token",
        "refresh", "oauth", "callback", "logout", "password", "forgot", "verify", "webhook",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// Every guard in a route's own code.
pub(super) fn guards(reader: &Reader<'_>, asked: &Asked<'_, '_>) -> Vec<Guard> {
    let fact = asked.fact;
    let entry = is_entry(asked.path);
    let mut found = Vec::new();
    let decorators = fact.hit.captures.get("decorators");
    for text in facts::texts(decorators) {
        found.extend(decorator(reader, text));
    }
    match reader.language {
        Some(Language::Python) => {
            found.extend(reader.dependencies(capture(fact, "PARAMS")));
            if let Some(text) = fact.hit.value.as_str() {
                found.extend(reader.dependencies(text));
            }
            if let Some(handler) = fact.text("handler").filter(|text| text.contains('(')) {
                found.extend(reader.guards(handler));
            }
            if !entry {
                found.extend(reader.body(capture(fact, "BODY")));
            }
        }
        Some(Language::JavaScript | Language::TypeScript | Language::Tsx) => {
            found.extend(script(reader, asked, entry));
        }
        Some(Language::Go) => {
            found.extend(reader.chained(capture(fact, "RECEIVER")));
            let text = fact.hit.value.as_str().unwrap_or_default();
            let parts = reader.last_parts(text);
            found.extend(reader.handlers(parts.get(1..).unwrap_or_default(), entry));
        }
        Some(Language::Java) => found.extend(reader.handed(capture(fact, "PARAMS"))),
        Some(Language::CSharp) => found.extend(reader.following(capture(fact, "STATEMENT"))),
        _ => {}
    }
    found
}

/// What the handlers that a file exports ask for: the one that asks least, for the route is the file.
pub(super) fn of_exports(reader: &Reader<'_>, handlers: &[&Fact]) -> Vec<Guard> {
    let asked = handlers.iter().map(|fact| {
        let text = fact.hit.value.as_str().unwrap_or_default();
        reader.body(text)
    });
    let weakest = asked.min_by_key(|guards| {
        guards
            .iter()
            .map(|guard| guard.meaning.rank())
            .max()
            .unwrap_or_default()
    });
    weakest.unwrap_or_default()
}

/// What the handlers for all methods ask for in the chain that a route is part of: those before it
/// hold, those after it only if its own handlers go on.
pub(super) fn of_chain(reader: &Reader<'_>, fact: &Fact, other: &Fact) -> Vec<Guard> {
    let text = other.hit.value.as_str().unwrap_or_default();
    let found = reader.handlers(&reader.last_parts(text), false);
    let after = other.hit.location.span.end > fact.hit.location.span.end;
    found
        .into_iter()
        .map(|guard| if after { vague(guard) } else { guard })
        .collect()
}

fn script(reader: &Reader<'_>, asked: &Asked<'_, '_>, entry: bool) -> Vec<Guard> {
    let text = asked.fact.hit.value.as_str().unwrap_or_default();
    if text.starts_with('{') {
        let mut found = reader.options(text);
        if asked.framework == Some("hapi") {
            found.extend(reader.strategy(text).into_iter().flatten());
        }
        return found;
    }
    if asked.fact.text("receiver").is_none() {
        return Vec::new();
    }
    let parts = reader.last_parts(text);
    // The chain of `router.route("/x").get(list)` has its path in front.
    let skipped = usize::from(asked.fact.hit.captures.contains_key("FIRST"));
    reader.handlers(parts.get(skipped..).unwrap_or_default(), entry)
}

fn decorator(reader: &Reader<'_>, text: &str) -> Vec<Guard> {
    let name = text.split('(').next().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    if reader.language == Some(Language::Python) && name.contains('.') && ROUTES.contains(&last) {
        return reader.dependencies(text);
    }
    reader.guards(text)
}

fn capture<'f>(fact: &'f Fact, name: &str) -> &'f str {
    fact.hit
        .captures
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The name of the handler in the last argument of a route, if it is not written in place.
pub(super) fn handler_name(last: &str) -> Option<&str> {
    // `asyncHandler(list)`, `controller.list.bind(controller)`.
    let mut name = last.split(".bind(").next().unwrap_or(last);
    while let Some((head, rest)) = name.split_once('(') {
        let inner = rest.strip_suffix(')')?;
        if inner.contains(['=', '{', ',']) || head.contains(char::is_whitespace) {
            return None;
        }
        name = inner.split(".bind(").next().unwrap_or(inner);
    }
    let plain = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '$'));
    plain.then_some(name)
}
