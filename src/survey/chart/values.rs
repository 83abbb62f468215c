//! Values of a chart that others set too.

use crate::model::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Mappings inside values.
const DEPTH: u32 = 32;

/// The values, without those that an installation sets to something else: these are unknown.
pub(super) fn unsettle(own: &Value, installed: &Value) -> Value {
    differ(own, installed, 0)
}

fn differ(own: &Value, installed: &Value, depth: u32) -> Value {
    match (own, installed) {
        (own, installed) if own == installed => own.clone(),
        (Value::Map(below), Value::Map(above)) if depth < DEPTH => {
            let mut out: BTreeMap<Arc<str>, Value> = (**below).clone();
            for (key, more) in above.iter() {
                let value = below
                    .get(key)
                    .map_or(Value::Unknown, |own| differ(own, more, depth + 1));
                out.insert(key.clone(), value);
            }
            Value::Map(Arc::new(out))
        }
        _ => Value::Unknown,
    }
}

/// The values that `--set name=…` sets, to what nobody knows.
pub(super) fn setting(name: &str) -> Value {
    let parts: Vec<&str> = name.split('.').take(DEPTH as usize).collect();
    let last = Value::Unknown;
    parts
        .into_iter()
        .rev()
        .fold(last, |inner, part| Value::map([(part, inner)]))
}
