//! Patches as values: what they add to an object that lacks it.

use crate::model::{RepoPath, Value};
use crate::syntax::{Format, parse};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Mappings and lists inside an object.
const DEPTH: u32 = 48;
/// Nodes of a patch that a kustomization holds as text.
const NODES: u32 = 4000;

/// The documents of a patch that stands in a kustomization.
pub(super) fn inline(text: &str) -> Vec<Value> {
    let Some(path) = RepoPath::new("patch.yaml") else {
        return Vec::new();
    };
    let Ok(document) = parse(Format::Yaml, &path, text) else {
        return Vec::new();
    };
    let roots = document.roots.iter();
    roots.map(|root| document.value(*root, NODES)).collect()
}

/// `object` with what `patch` has and it lacks: an object to merge, or a list of operations.
pub(super) fn apply(object: &Value, patch: &Value) -> Value {
    match patch {
        Value::List(operations) => operations.iter().fold(object.clone(), |object, operation| {
            operate(&object, operation).unwrap_or(object)
        }),
        patch => merge("", object, patch, 0),
    }
}

fn operate(object: &Value, operation: &Value) -> Option<Value> {
    let op = operation.get("op")?.as_str()?;
    let path = operation.get("path")?.as_str()?;
    if !matches!(op, "add" | "replace") {
        return None;
    }
    let path: Vec<String> = path
        .split('/')
        .skip(1)
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect();
    Some(put(object, &path, operation.get("value")?, 0))
}

/// `at` with `value` under `path`, unless something else stands there.
fn put(at: &Value, path: &[String], value: &Value, depth: u32) -> Value {
    let Some((key, rest)) = path.split_first() else {
        return merge("", at, value, depth);
    };
    match at {
        _ if depth >= DEPTH => at.clone(),
        Value::Map(entries) => {
            let inner = entries.get(&**key).unwrap_or(&Value::Null);
            let mut out = (**entries).clone();
            let changed = match (key.as_str(), rest) {
                ("replicas", []) => merge(key, inner, value, depth),
                _ => put(inner, rest, value, depth + 1),
            };
            out.insert(Arc::from(key.as_str()), changed);
            Value::Map(Arc::new(out))
        }
        Value::Null => {
            let inner = put(&Value::Null, rest, value, depth + 1);
            if key.parse::<usize>().is_ok() || key == "-" {
                Value::list([inner])
            } else {
                Value::map([(key.as_str(), inner)])
            }
        }
        Value::List(items) => {
            let index = key.parse::<usize>().ok();
            let mut out: Vec<Value> = items.to_vec();
            match index.and_then(|index| out.get_mut(index)) {
                // An item that is added in front is none of those that stand there.
                Some(item) if !rest.is_empty() => *item = put(item, rest, value, depth + 1),
                _ => out.push(put(&Value::Null, rest, value, depth + 1)),
            }
            Value::list(out)
        }
        other => other.clone(),
    }
}

fn merge(key: &str, own: &Value, patch: &Value, depth: u32) -> Value {
    match (own, patch) {
        (Value::Null, _) => patch.clone(),
        (Value::Int(own), Value::Int(more)) if key == "replicas" => Value::Int(*own.max(more)),
        (Value::Map(below), Value::Map(above)) if depth < DEPTH => {
            let mut out: BTreeMap<Arc<str>, Value> = (**below).clone();
            for (key, more) in above.iter().filter(|(key, _)| !key.starts_with('$')) {
                let value = match below.get(key) {
                    Some(own) => merge(key, own, more, depth + 1),
                    None => more.clone(),
                };
                out.insert(key.clone(), value);
            }
            Value::Map(Arc::new(out))
        }
        (Value::List(below), Value::List(above)) if depth < DEPTH => {
            let mut out: Vec<Value> = below.to_vec();
            for more in above.iter() {
                let same = |item: &&mut Value| {
                    more.get("name").is_some() && item.get("name") == more.get("name")
                };
                match out.iter_mut().find(same) {
                    Some(item) => *item = merge("", item, more, depth + 1),
                    None => out.push(more.clone()),
                }
            }
            Value::list(out)
        }
        _ => own.clone(),
    }
}
