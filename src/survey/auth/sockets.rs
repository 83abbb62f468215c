//! What WebSocket connections ask of those who open them.

use super::verdict::{Joined, Verdict};
use super::{Auth, text};
use crate::model::Fact;

impl Auth<'_, '_> {
    /// What the connections that a server or a handler takes ask for.
    pub(in crate::survey) fn socket(&self, fact: &Fact) -> Verdict {
        let location = &fact.hit.location;
        let file = location.path.as_str();
        let mut joined = Joined::default();
        for guard in self.guards.of_socket(fact) {
            joined.add(&guard);
        }
        let code = fact.hit.value.as_str().unwrap_or_default();
        if let Some(reader) = self.reader(file, location.line()) {
            for guard in reader.body(code) {
                joined.add(&guard);
            }
            let last = text::arguments(reader.path, reader.language, code).pop();
            let named = last.map(|name| name.rsplit('.').next().unwrap_or(name));
            if let Some(name) = named
                && self.guards.gates.at(file, name).asks
                && let Some(guard) = reader.named(name)
            {
                joined.add(&guard);
            }
        }
        let found = joined.verdict();
        let place = location.to_string();
        if !found.lets_in() || found.is_stated() {
            found
        } else if let Some(at) = self.guards.gateway() {
            Verdict::unknown("a gateway in front of it may ask", at)
        } else if self.guards.is_loose(file) {
            Verdict::unknown("code around it speaks of checks", &place)
        } else if &*fact.kind == "websocket-server" && self.guards.service_checks(fact.service) {
            Verdict::unknown("checks of these connections are not followed", &place)
        } else {
            found
        }
    }
}
