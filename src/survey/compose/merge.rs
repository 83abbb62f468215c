//! Values of Compose files put on top of each other.

use crate::model::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Mappings inside a service.
const DEPTH: u32 = 32;
/// Lists that replace the one below instead of adding to it.
const REPLACING: [&str; 3] = ["command", "entrypoint", "test"];
/// What a service is given by another file and judged there: it opens something, or says what
/// runs. An override for development often does both.
pub(super) const JUDGED_THERE: [&str; 14] = [
    "build",
    "cap_add",
    "command",
    "devices",
    "entrypoint",
    "environment",
    "image",
    "ipc",
    "network_mode",
    "pid",
    "ports",
    "privileged",
    "profiles",
    "userns_mode",
];

type Map = BTreeMap<Arc<str>, Value>;

/// `own` on top of `base`, as Compose merges a service.
pub(super) fn over(base: &Value, own: &Value) -> Value {
    merge("", base, own, 0)
}

fn merge(key: &str, base: &Value, own: &Value, depth: u32) -> Value {
    match (base, own) {
        (_, Value::Null) => base.clone(),
        (Value::Map(below), Value::Map(above)) if depth < DEPTH => {
            let mut out: Map = (**above).clone();
            for (key, below) in &**below {
                // A service does not inherit what the service below extends; that is merged.
                if depth == 0 && &**key == "extends" {
                    continue;
                }
                let merged = match above.get(key) {
                    Some(above) => merge(key, below, above, depth + 1),
                    None => below.clone(),
                };
                out.insert(key.clone(), merged);
            }
            Value::Map(Arc::new(out))
        }
        (Value::List(below), Value::List(above)) if !REPLACING.contains(&key) => {
            Value::list(below.iter().chain(above.iter()).cloned())
        }
        // No key is surely absent.
        (Value::Unknown, Value::Map(_)) => Value::Unknown,
        _ => own.clone(),
    }
}

/// `base` with what `more` sets and it does not, so that nothing counts as missing that another
/// file sets.
pub(super) fn fill(base: &Value, more: &Value) -> Value {
    add(base, more, 0)
}

/// `written` with all keys of `whole` that it does not have.
pub(super) fn complete(written: &Value, whole: &Value) -> Value {
    add(written, whole, 1)
}

fn add(base: &Value, more: &Value, depth: u32) -> Value {
    match (base, more) {
        (Value::Null, _) => more.clone(),
        (Value::Map(own), Value::Map(others)) if depth < DEPTH => {
            let mut out: Map = (**own).clone();
            for (key, other) in &**others {
                if depth == 0 && JUDGED_THERE.contains(&&**key) {
                    continue;
                }
                let value = match own.get(key) {
                    Some(own) => add(own, other, depth + 1),
                    None => other.clone(),
                };
                out.insert(key.clone(), value);
            }
            Value::Map(Arc::new(out))
        }
        _ => base.clone(),
    }
}

/// A service with its lists of `KEY=value` as mappings.
pub(super) fn normal(service: &Value) -> Value {
    let Value::Map(entries) = service else {
        return service.clone();
    };
    let mut out: Map = (**entries).clone();
    for key in ["environment", "labels"] {
        if let Some(value) = out.get_mut(key) {
            *value = mapping(value);
        }
    }
    if let Some(Value::Map(build)) = out.get("build")
        && let Some(args) = build.get("args")
    {
        let mut build: Map = (**build).clone();
        build.insert(Arc::from("args"), mapping(args));
        out.insert(Arc::from("build"), Value::Map(Arc::new(build)));
    }
    Value::Map(Arc::new(out))
}

/// A list of `KEY=value` as a mapping; anything else as it is.
fn mapping(value: &Value) -> Value {
    let Value::List(items) = value else {
        return value.clone();
    };
    let entry = |item: &Value| {
        let text = item.as_str()?;
        Some(match text.split_once('=') {
            Some((key, value)) => (Arc::<str>::from(key), Value::str(value)),
            None => (Arc::from(text), Value::Null),
        })
    };
    let entries: Option<Map> = items.iter().map(entry).collect();
    entries.map_or_else(|| value.clone(), |entries| Value::Map(Arc::new(entries)))
}
