//! Which of the guards that stand around routes hold for one of them.

use super::access;
use super::chain;
use super::flow::Request;
use super::guards::{Guards, Posted};
use super::handlers::Subject;
use super::read::vague;
use super::verdict::Guard;
use super::{Asked, matcher};
use crate::model::{Fact, Value};
use crate::survey::mounts::Place;
use crate::survey::routers::Node;
use crate::survey::{dependencies, facts};

/// Classes are followed to those they inherit from this far.
const DEPTH: usize = 4;

/// Longest text that a hit keeps of a node, in bytes.
const KEPT: u32 = 4 << 10;

impl<'x, 'a> Guards<'x, 'a> {
    /// Guards of the whole application.
    pub(super) fn of_app(&self, asked: &Asked<'_, 'a>, subjects: &[Subject<'a>]) -> Vec<Guard> {
        let own = self.app.iter().filter(|posted| {
            let framework = posted.fact.text("framework");
            let asks = |module: &str| {
                subjects
                    .iter()
                    .any(|subject| self.imports(subject.file, module))
            };
            posted.fact.service == asked.fact.service
                && framework.is_none_or(|name| asked.framework == Some(name))
                && posted.fact.text("imports").is_none_or(asks)
        });
        let (last, first): (Vec<_>, Vec<_>) =
            own.partition(|posted| posted.fact.text("order") == Some("last"));
        let mut found: Vec<Guard> = first
            .into_iter()
            .filter_map(|posted| self.in_app(posted, asked, subjects))
            .collect();
        if asked.framework == Some("spring-boot") {
            let own = |entries: &&Vec<chain::Entry<'_>>| {
                entries
                    .iter()
                    .any(|entry| entry.service() == asked.fact.service)
            };
            let chains = self.chains.values().filter(own);
            found.extend(chains.filter_map(|entries| chain::decide(entries, asked.path)));
        }
        if asked.framework == Some("symfony") {
            let request = Request::new(asked.path, asked.whole, None, None, None);
            let own = |entries: &&Vec<access::Entry<'_>>| {
                entries
                    .iter()
                    .any(|entry| entry.service() == asked.fact.service)
            };
            let lists = self.access.values().filter(own);
            found.extend(lists.filter_map(|entries| access::decide(entries, &request)));
        }
        found.extend(last.into_iter().map(|posted| posted.guard.clone()));
        found
    }

    /// A guard of an application, as far as it speaks of the route.
    fn in_app(
        &self,
        posted: &Posted<'x>,
        asked: &Asked<'_, 'a>,
        subjects: &[Subject<'a>],
    ) -> Option<Guard> {
        if posted.fact.text("views").is_some() {
            return self.for_views(posted, asked, subjects);
        }
        if posted.fact.text("decides") != Some("matcher") {
            return self.settle(posted, asked, None);
        }
        let path = posted.fact.hit.location.path.as_str();
        match matcher::covers(self.matchers.get(path).copied(), asked.path) {
            Some(false) => None,
            // Which paths it asks at is decided by its code, where the project wrote that itself.
            _ if posted.code.is_empty() => {
                (!self.is_found(posted)).then(|| vague(posted.guard.clone()))
            }
            Some(true) => self.settle(posted, asked, None),
            None => self.settle(posted, asked, None).map(vague),
        }
    }

    pub(super) fn imports(&self, file: &str, module: &str) -> bool {
        let entry = self.resolver.repo.get(file);
        entry.is_some_and(|entry| {
            let mut imports = entry.imports.iter();
            imports.any(|import| dependencies::is_of(&import.module, module))
        })
    }

    /// Guards put on a router. Where a file is handed its application, that of the service counts.
    pub(super) fn on(&self, node: &Node<'a>, outermost: bool) -> Vec<&Posted<'x>> {
        let own = self.routed.get(node).into_iter().flatten();
        let service = self.resolver.service(node.0).map(|(index, _)| index);
        let handed = outermost && !self.routers.known(node);
        let elsewhere = self
            .routed
            .iter()
            .filter(|(other, _)| handed && *other != node && self.routers.is_server(other));
        let elsewhere = elsewhere.flat_map(|(_, posted)| posted);
        own.chain(elsewhere.filter(|posted| posted.fact.service == service))
            .collect()
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
        found
            .into_iter()
            .map(|posted| posted.guard.clone())
            .collect()
    }

    /// Guards around the call of a function that hangs up routes.
    pub(super) fn around_call(&self, place: &Place<'_>) -> Vec<Guard> {
        let posted = self.files.get(place.file).into_iter().flatten();
        let around = posted.filter(|posted| {
            let span = posted.fact.hit.location.span;
            let calls = posted.fact.text("framework") == Some("ktor");
            calls && span.start <= place.at && place.at < span.end
        });
        around.map(|posted| posted.guard.clone()).collect()
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
                let own = here
                    .filter(|((_, name), _)| *name == class || class.is_empty() || name.is_empty());
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
            inside
                .filter(|(path, _)| *path == file)
                .map(|(_, base)| *base)
                .collect()
        } else {
            let own = self.bases.get(class).into_iter().flatten();
            own.filter(|(path, _)| *path == file)
                .map(|(_, base)| *base)
                .collect()
        };
        let homes = named.into_iter().flat_map(|base| {
            let homes = self.homes.get(base).into_iter().flatten();
            homes.map(move |home| (*home, base))
        });
        homes
            .filter(|(home, base)| *home != file || (!class.is_empty() && *base != class))
            .collect()
    }

    /// Guards of the function of a subject.
    pub(super) fn of_function<'s>(&'s self, subject: &'s Subject<'a>) -> Vec<&'s Posted<'x>> {
        let key = (subject.file, subject.function.as_str());
        let own = self
            .functions
            .get(&key)
            .filter(|_| !subject.function.is_empty());
        let own = own.into_iter().flatten().filter(|posted| {
            let class = posted
                .fact
                .hit
                .captures
                .get("class")
                .and_then(Value::as_str);
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
        all.filter(|other| other.hit.location.span != span)
            .collect()
    }

    /// Guards of the WebSocket connections that `fact` takes: those of its server in this file.
    pub(super) fn of_socket(&self, fact: &Fact) -> Vec<Guard> {
        let path = fact.hit.location.path.as_str();
        let receiver = fact.text("receiver");
        let routed = self.routed.iter().filter(|(node, _)| node.0 == path);
        let routed = routed
            .flat_map(|(_, posted)| posted)
            .filter(|posted| receiver.is_some() && posted.fact.text("receiver") == receiver);
        let own = self.sockets.get(path).into_iter().flatten();
        routed
            .chain(own)
            .map(|posted| posted.guard.clone())
            .collect()
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
        let block = self
            .block
            .is_none_or(|block| same && block.start <= below.at && below.at < block.end);
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
