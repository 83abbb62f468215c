//! Prefixes that stand around a route instead of in front of its router: of classes, of blocks,
//! and of whole services.

use super::mounts::Prefix;
use super::{facts, pattern, repo};
use crate::model::{Fact, Value};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Classes and blocks that give everything inside them a prefix, and prefixes of services.
pub(super) struct Blocks<'f> {
    /// By file, outermost first.
    blocks: BTreeMap<&'f str, Vec<&'f Fact>>,
    /// By service and framework.
    bases: BTreeMap<(usize, &'f str), &'f str>,
}

impl<'f> Blocks<'f> {
    /// Reads blocks and bases from facts.
    pub(super) fn new(facts: &'f [Fact]) -> Self {
        let mut blocks: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
        for fact in facts::of(facts, "router").filter(|fact| fact.text("scope").is_some()) {
            blocks
                .entry(fact.hit.location.path.as_str())
                .or_default()
                .push(fact);
        }
        for blocks in blocks.values_mut() {
            blocks.sort_by_key(|fact| {
                let span = fact.hit.location.span;
                (span.start, Reverse(span.end))
            });
        }
        let bases = facts::of(facts, "base-path").filter_map(|fact| {
            let framework = fact.text("framework").unwrap_or_default();
            Some(((fact.service?, framework), fact.text("prefix")?))
        });
        Self {
            blocks,
            bases: bases.collect(),
        }
    }

    /// The prefix of everything around a fact in its file.
    pub(super) fn around(&self, fact: &Fact) -> Prefix {
        let place = &fact.hit.location;
        let mut prefix = Prefix {
            text: String::new(),
            whole: true,
        };
        for block in self.blocks.get(place.path.as_str()).into_iter().flatten() {
            let span = block.hit.location.span;
            if !span.contains(place.span) || span == place.span {
                continue;
            }
            match block.attributes.get("prefix") {
                None | Some(Value::Null) => {}
                Some(Value::Str(text)) => {
                    let part = named(text, block.text("name").unwrap_or_default());
                    prefix.text = pattern::concat([prefix.text.as_str(), part.as_str()]);
                }
                Some(_) => prefix.whole = false,
            }
        }
        prefix
    }

    /// The prefix that the service gives all routes of a framework.
    pub(super) fn base(&self, fact: &Fact, framework: &str) -> &str {
        let set = fact
            .service
            .and_then(|index| self.bases.get(&(index, framework)).copied());
        set.unwrap_or(match framework {
            "actuator" => "/actuator",
            // Laravel serves this one file below a prefix of its own.
            "laravel" if repo::last(fact.hit.location.path.as_str()) == "api.php" => "/api",
            _ => "",
        })
    }
}

/// A prefix with the class's name filled in, as ASP.NET does; a Ruby symbol without its colon.
fn named(prefix: &str, class: &str) -> String {
    let controller = class.strip_suffix("Controller").unwrap_or(class);
    prefix
        .trim_start_matches(':')
        .replace("[controller]", controller)
}
