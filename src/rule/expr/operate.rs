//! Operators on values, as CEL defines them, with a third answer for what is unknown.

use super::evaluate::ITEMS;
use super::node::Operator;
use crate::model::Value;
use crate::rule::wildcard::wildcard;
use std::cmp::Ordering;
use std::sync::Arc;

/// Values nested deeper than this are unknown to an expression.
const DEPTH: usize = 128;

/// Are two values equal?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Equality {
    Known(bool),
    /// They may be: one of them holds something unknown, and nothing known tells them apart.
    Unknown,
}

impl Equality {
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Known(truth) => Self::Known(!truth),
            Self::Unknown => Self::Unknown,
        }
    }

    /// Equal if all parts are.
    fn all(parts: impl Iterator<Item = Self>) -> Self {
        let mut answer = Self::Known(true);
        for part in parts {
            match part {
                Self::Known(true) => {}
                Self::Known(false) => return part,
                Self::Unknown => answer = part,
            }
        }
        answer
    }
}

/// What a value is, in a sentence.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Int(_) | Value::Float(_) => "a number",
        Value::Str(_) => "text",
        Value::List(_) => "a list",
        Value::Map(_) => "a mapping",
        Value::Unknown => "unknown",
    }
}

/// A scalar written out; null, lists, mappings and `Unknown` have no text.
pub(super) fn text(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::Str(text) => Some(Arc::clone(text)),
        Value::Bool(truth) => Some(truth.to_string().into()),
        Value::Int(number) => Some(number.to_string().into()),
        Value::Float(number) => Some(number.to_string().into()),
        Value::Null | Value::List(_) | Value::Map(_) | Value::Unknown => None,
    }
}

/// How many steps it costs to look at all of a value.
pub(super) fn weight(value: &Value) -> usize {
    fn within(value: &Value, depth: usize) -> usize {
        match value {
            _ if depth == 0 => 1,
            Value::Str(text) => 1 + text.len() / 64,
            Value::List(items) => {
                1 + items
                    .iter()
                    .map(|item| within(item, depth - 1))
                    .sum::<usize>()
            }
            Value::Map(entries) => {
                1 + entries
                    .values()
                    .map(|entry| within(entry, depth - 1))
                    .sum::<usize>()
            }
            _ => 1,
        }
    }
    within(value, DEPTH)
}

/// Does the value hold something unknown at any depth?
pub(super) fn has_unknown(value: &Value) -> bool {
    fn within(value: &Value, depth: usize) -> bool {
        match value {
            Value::Unknown => true,
            Value::List(_) | Value::Map(_) if depth == 0 => true,
            Value::List(items) => items.iter().any(|item| within(item, depth - 1)),
            Value::Map(entries) => entries.values().any(|entry| within(entry, depth - 1)),
            _ => false,
        }
    }
    within(value, DEPTH)
}

/// `==`: numbers compare by value, values of different kinds differ.
pub(super) fn equal(a: &Value, b: &Value) -> Equality {
    fn within(a: &Value, b: &Value, depth: usize) -> Equality {
        if depth == 0 {
            return Equality::Unknown;
        }
        match (a, b) {
            (Value::Unknown, _) | (_, Value::Unknown) => Equality::Unknown,
            (Value::List(a), Value::List(b)) if a.len() == b.len() => {
                Equality::all(a.iter().zip(b.iter()).map(|(a, b)| within(a, b, depth - 1)))
            }
            (Value::Map(a), Value::Map(b)) if a.len() == b.len() => {
                Equality::all(a.iter().map(|(key, a)| match b.get(key) {
                    Some(b) => within(a, b, depth - 1),
                    None => Equality::Known(false),
                }))
            }
            (Value::Null, Value::Null) => Equality::Known(true),
            _ => Equality::Known(order(a, b) == Some(Ordering::Equal)),
        }
    }
    within(a, b, DEPTH)
}

/// `in`: an item of a list, or a key of a mapping.
pub(super) fn contains(container: &Value, wanted: &Value) -> Result<Equality, String> {
    match (container, wanted) {
        (Value::List(items), _) => {
            let differs = Equality::all(items.iter().map(|item| equal(item, wanted).negated()));
            Ok(differs.negated())
        }
        (Value::Map(entries), Value::Str(key)) => Ok(Equality::Known(entries.contains_key(key))),
        (Value::Map(_), Value::Bool(_) | Value::Int(_) | Value::Float(_)) => {
            Ok(Equality::Known(false))
        }
        (Value::Map(_), other) => Err(format!("{} is no key of a mapping", kind(other))),
        (other, _) => Err(format!(
            "`in` wants a list or a mapping on its right, not {}",
            kind(other)
        )),
    }
}

/// The item of a list, or the value of a mapping, if there is one.
pub(super) fn item<'v>(container: &'v Value, at: &Value) -> Option<&'v Value> {
    match at {
        Value::Str(key) => container.get(key),
        Value::Int(index) => container.items().get(usize::try_from(*index).ok()?),
        _ => None,
    }
}

/// `-x`
pub(super) fn negate(value: &Value) -> Result<Value, String> {
    match value {
        Value::Int(number) => number.checked_neg().map(Value::Int).ok_or_else(overflow),
        Value::Float(number) => Ok(Value::Float(-number)),
        other => Err(format!("`-` wants a number, not {}", kind(other))),
    }
}

/// Ordering and arithmetic.
pub(super) fn calculate(operator: Operator, a: &Value, b: &Value) -> Result<Value, String> {
    let ordered = |wanted: fn(Ordering) -> bool| {
        let ordering = order(a, b);
        ordering
            .map(|ordering| Value::Bool(wanted(ordering)))
            .ok_or_else(|| format!("{} and {} have no order", kind(a), kind(b)))
    };
    match operator {
        Operator::Less => ordered(Ordering::is_lt),
        Operator::LessOrEqual => ordered(Ordering::is_le),
        Operator::Greater => ordered(Ordering::is_gt),
        Operator::GreaterOrEqual => ordered(Ordering::is_ge),
        Operator::Add => add(a, b),
        Operator::Subtract => arithmetic("-", (a, b), i64::checked_sub, |a, b| a - b),
        Operator::Multiply => arithmetic("*", (a, b), i64::checked_mul, |a, b| a * b),
        Operator::Divide => arithmetic("/", (a, b), i64::checked_div, |a, b| a / b),
        Operator::Remainder => match (a, b) {
            (Value::Int(a), Value::Int(b)) => {
                a.checked_rem(*b).map(Value::Int).ok_or_else(overflow)
            }
            _ => Err(mismatch("%", a, b)),
        },
        Operator::Equal | Operator::NotEqual | Operator::In => Err("no arithmetic".to_owned()),
    }
}

/// How two scalars are ordered, if they are.
fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Float(b)) => float(*a).partial_cmp(b),
        (Value::Float(a), Value::Int(b)) => a.partial_cmp(&float(*b)),
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// The number as a double.
#[expect(
    clippy::cast_precision_loss,
    reason = "CEL compares whole numbers and doubles as doubles"
)]
pub(super) fn float(number: i64) -> f64 {
    number as f64
}

fn add(a: &Value, b: &Value) -> Result<Value, String> {
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => Ok(Value::Str([a.as_ref(), b.as_ref()].concat().into())),
        (Value::List(a), Value::List(b)) if a.len() + b.len() > ITEMS => {
            Err(format!("a list of more than {ITEMS} items"))
        }
        (Value::List(a), Value::List(b)) => Ok(Value::list(a.iter().chain(b.iter()).cloned())),
        _ => arithmetic("+", (a, b), i64::checked_add, |a, b| a + b),
    }
}

fn arithmetic(
    symbol: &str,
    sides: (&Value, &Value),
    whole: fn(i64, i64) -> Option<i64>,
    double: fn(f64, f64) -> f64,
) -> Result<Value, String> {
    match sides {
        (Value::Int(a), Value::Int(b)) => whole(*a, *b).map(Value::Int).ok_or_else(overflow),
        (Value::Float(a), Value::Float(b)) => Ok(Value::Float(double(*a, *b))),
        (a, b) => Err(mismatch(symbol, a, b)),
    }
}

fn mismatch(symbol: &str, a: &Value, b: &Value) -> String {
    format!(
        "`{symbol}` does not apply to {} and {}",
        precise(a),
        precise(b)
    )
}

/// `kind`, with whole numbers apart from doubles.
fn precise(value: &Value) -> &'static str {
    match value {
        Value::Int(_) => "a whole number",
        Value::Float(_) => "a double",
        other => kind(other),
    }
}

fn overflow() -> String {
    "the result is no whole number of 64 bits".to_owned()
}

/// Is `pattern`, in which `*` stands for any text, one of the texts or keys that are declared?
/// Nothing when the declaration is not known well enough to say.
pub(super) fn declares(declared: &Value, pattern: &str) -> Option<bool> {
    let mut certain = true;
    let found = match declared {
        Value::List(items) => items.iter().any(|item| {
            certain &= *item != Value::Unknown;
            item.as_str().is_some_and(|name| wildcard(pattern, name))
        }),
        Value::Map(entries) => entries.keys().any(|name| wildcard(pattern, name)),
        Value::Unknown => return None,
        _ => false,
    };
    (found || certain).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_is_unknown_only_where_nothing_known_decides() {
        let list = |items: &[Value]| Value::list(items.iter().cloned());
        let one = list(&[Value::Unknown, Value::from("a")]);
        assert_eq!(
            equal(&one, &list(&[1.into(), "b".into()])),
            Equality::Known(false)
        );
        assert_eq!(
            equal(&one, &list(&[1.into(), "a".into()])),
            Equality::Unknown
        );
        assert_eq!(equal(&one, &list(&[])), Equality::Known(false));
        assert_eq!(contains(&one, &"a".into()), Ok(Equality::Known(true)));
        assert_eq!(contains(&one, &"b".into()), Ok(Equality::Unknown));
        assert_eq!(
            equal(&Value::Int(1), &Value::Float(1.0)),
            Equality::Known(true)
        );
    }
}
