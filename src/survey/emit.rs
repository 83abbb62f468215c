//! Hits → facts, as `kind: Fact` manifests ask for.

use super::view;
use crate::model::{Fact, FileHits, Hit, Reach, Value};
use crate::rule::expr::{Vars, World};
use crate::rule::{FactRule, RuleSet};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Facts do not ask about other facts: there is nothing to see yet.
struct Nothing;

impl World for Nothing {
    fn facts(&self, _: &str, _: Option<&str>) -> Value {
        Value::list([])
    }

    fn has(&self, _: &str) -> bool {
        false
    }
}

/// The facts that the manifests of `rules` see in these hits, in order of file, manifest and place.
pub fn emit(rules: &RuleSet, files: &[FileHits]) -> Vec<Fact> {
    let mut wanted: BTreeMap<_, Vec<&FactRule>> = BTreeMap::new();
    for rule in &rules.facts {
        for id in &rule.sources {
            wanted.entry(*id).or_default().push(rule);
        }
    }
    let facts = |file: &FileHits| -> Vec<Fact> {
        let hits = file.hits.iter();
        hits.flat_map(|(id, hit)| {
            let rules = wanted.get(id).into_iter().flatten();
            rules
                .filter(|rule| holds(rule, hit, file))
                .map(|rule| fact(rule, hit))
        })
        .collect()
    };
    files.par_iter().flat_map_iter(facts).collect()
}

/// Where one manifest sees its fact, as `path:line`.
pub fn places(fact: &FactRule, files: &[FileHits]) -> Vec<String> {
    let hits = files
        .iter()
        .flat_map(|file| file.hits.iter().map(move |(id, hit)| (file, id, hit)));
    hits.filter(|(file, id, hit)| fact.sources.contains(id) && holds(fact, hit, file))
        .map(|(_, _, hit)| hit.location.to_string())
        .collect()
}

/// A filter that cannot be decided admits nothing: a fact is something that was seen.
fn holds(rule: &FactRule, hit: &Hit, file: &FileHits) -> bool {
    let Some(filter) = &rule.filter else {
        return true;
    };
    let vars = Vars {
        hit: Some(view::hit(hit, &file.file, Reach::Unknown)),
        service: None,
        repo: Value::map::<&str>([]),
        world: &Nothing,
    };
    filter.test(&vars).unwrap_or(false)
}

fn fact(rule: &FactRule, hit: &Arc<Hit>) -> Fact {
    let attributes = rule
        .emit
        .iter()
        .map(|(name, value)| (name.clone(), fill(value, hit)))
        .collect();
    Fact {
        kind: rule.kind.clone(),
        attributes,
        hit: hit.clone(),
        service: None,
    }
}

/// The value of an attribute: `$NAME` is replaced; alone it keeps the capture's type.
fn fill(template: &Value, hit: &Hit) -> Value {
    let Some(text) = template.as_str() else {
        return template.clone();
    };
    let Some(at) = text.find('$') else {
        return template.clone();
    };
    if at == 0
        && let Some(name) = text.get(1..).filter(|name| is_reference(name))
    {
        return lookup(name, hit);
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let length = after
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
            .count();
        let (name, tail) = after.split_at_checked(length).unwrap_or((after, ""));
        match lookup(name, hit) {
            Value::Null => {}
            Value::Unknown => return Value::Unknown,
            value => out.push_str(&value.display()),
        }
        rest = tail;
    }
    out.push_str(rest);
    Value::str(out)
}

fn is_reference(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
}

fn lookup(name: &str, hit: &Hit) -> Value {
    if let Some(name) = name.strip_prefix("literal.") {
        // What was not captured is absent, not computed.
        return match hit.kinds.get(name) {
            Some(&"string") | None => lookup(name, hit),
            Some(_) => Value::Unknown,
        };
    }
    if let Some(value) = hit.captures.get(name) {
        return value.clone();
    }
    let path = &hit.location.path;
    match name {
        "value" => hit.value.clone(),
        "path" => Value::str(path.as_str()),
        "dir" => Value::str(path.dir()),
        "stem" => Value::str(path.stem()),
        "line" => Value::Int(i64::from(hit.location.line())),
        _ => Value::Null,
    }
}
