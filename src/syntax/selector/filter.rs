//! Filters, in three truths: `None` when a test touches something that nobody knows.

use super::walk::Walk;
use super::{Comparison, Operand, Test};
use crate::model::Value;
use crate::syntax::{NodeId, NodeKind};
use std::cmp::Ordering;

/// Nodes of a list or mapping that is compared as a whole.
const COMPARED: u32 = 1000;

/// One side of a comparison after evaluation.
enum Side {
    /// No node at all.
    Nothing,
    Value(Value),
    Unknown,
}

impl Walk<'_> {
    /// Does `test` hold for `node`?
    pub(super) fn holds(&mut self, test: &Test, node: NodeId, root: NodeId) -> Option<bool> {
        match test {
            Test::Any(tests) => self.fold(tests, node, root, true),
            Test::All(tests) => self.fold(tests, node, root, false),
            Test::Not(test) => self.holds(test, node, root).map(|holds| !holds),
            Test::Exists(query) => {
                let reached = self.query(query, node, root);
                match (reached.nodes.is_empty(), reached.unknown) {
                    (false, _) => Some(true),
                    (true, unknown) => (!unknown).then_some(false),
                }
            }
            Test::Compare(left, comparison, right) => {
                let left = self.side(left, node, root);
                let right = self.side(right, node, root);
                compare(&left, *comparison, &right)
            }
            Test::Regex(operand, regex) => match self.side(operand, node, root) {
                Side::Value(Value::Str(text)) => Some(regex.is_match(&text)),
                Side::Unknown => None,
                _ => Some(false),
            },
        }
    }

    /// `||` when `decisive` is true, `&&` when it is false: one decisive answer settles it.
    fn fold(&mut self, tests: &[Test], node: NodeId, root: NodeId, decisive: bool) -> Option<bool> {
        let mut answer = Some(!decisive);
        for test in tests {
            match self.holds(test, node, root) {
                Some(holds) if holds == decisive => return Some(decisive),
                Some(_) => {}
                None => answer = None,
            }
        }
        answer
    }

    fn side(&mut self, operand: &Operand, node: NodeId, root: NodeId) -> Side {
        match operand {
            Operand::Null => Side::Value(Value::Null),
            Operand::Bool(value) => Side::Value(Value::Bool(*value)),
            Operand::Number(value) => Side::Value(Value::Float(*value)),
            Operand::Text(text) => Side::Value(Value::Str(text.clone())),
            Operand::Node(query) => {
                let reached = self.query(query, node, root);
                match &*reached.nodes {
                    _ if reached.unknown => Side::Unknown,
                    [one] => self.value_of(*one),
                    _ => Side::Nothing,
                }
            }
            Operand::Length(inner) => self.length(inner, node, root),
            Operand::Count(query) => {
                let reached = self.query(query, node, root);
                if reached.unknown {
                    Side::Unknown
                } else {
                    count(reached.nodes.len())
                }
            }
        }
    }

    fn value_of(&self, node: NodeId) -> Side {
        match self.document.value(node, COMPARED) {
            Value::Unknown => Side::Unknown,
            value => Side::Value(value),
        }
    }

    /// The length of text, a list or a mapping. Collections are not copied for it.
    fn length(&mut self, operand: &Operand, node: NodeId, root: NodeId) -> Side {
        let Operand::Node(query) = operand else {
            return match self.side(operand, node, root) {
                Side::Value(Value::Str(text)) => count(text.chars().count()),
                Side::Unknown => Side::Unknown,
                _ => Side::Nothing,
            };
        };
        let reached = self.query(query, node, root);
        let [one] = *reached.nodes else {
            return if reached.unknown {
                Side::Unknown
            } else {
                Side::Nothing
            };
        };
        let Some(id) = self
            .document
            .resolve(one)
            .filter(|id| !self.document.open.contains(id))
        else {
            return Side::Unknown;
        };
        match self.document.nodes.get(id as usize).map(|node| &node.kind) {
            Some(NodeKind::Str(text)) => count(text.chars().count()),
            Some(NodeKind::List(items)) => count(items.len()),
            Some(NodeKind::Map(_)) => count(self.document.entries(id).len()),
            Some(NodeKind::Unknown) => Side::Unknown,
            _ => Side::Nothing,
        }
    }
}

fn count(number: usize) -> Side {
    Side::Value(Value::Int(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn compare(left: &Side, comparison: Comparison, right: &Side) -> Option<bool> {
    let (left, right) = match (left, right) {
        (Side::Unknown, _) | (_, Side::Unknown) => return None,
        (Side::Nothing, Side::Nothing) => {
            let equal = !matches!(
                comparison,
                Comparison::NotEqual | Comparison::Less | Comparison::Greater
            );
            return Some(equal);
        }
        (Side::Nothing, _) | (_, Side::Nothing) => return Some(comparison == Comparison::NotEqual),
        (Side::Value(left), Side::Value(right)) => (left, right),
    };
    let order = order(left, right);
    match comparison {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => equal(left, right).map(|equal| !equal),
        Comparison::Less => Some(order == Some(Ordering::Less)),
        Comparison::Greater => Some(order == Some(Ordering::Greater)),
        Comparison::LessOrEqual => at_most(order, Ordering::Less, left, right),
        Comparison::GreaterOrEqual => at_most(order, Ordering::Greater, left, right),
    }
}

fn at_most(order: Option<Ordering>, strict: Ordering, left: &Value, right: &Value) -> Option<bool> {
    if order == Some(strict) {
        Some(true)
    } else {
        equal(left, right)
    }
}

/// Numbers and texts have an order; nothing else has.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Str(left), Value::Str(right)) => Some(left.cmp(right)),
        _ => number(left)?.partial_cmp(&number(right)?),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the standard compares numbers as doubles"
)]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    }
}

/// Equality of values; `None` when an unknown part decides it. The depth of values is bounded.
fn equal(left: &Value, right: &Value) -> Option<bool> {
    let all = |answers: &mut dyn Iterator<Item = Option<bool>>| {
        let mut answer = Some(true);
        for equal in answers {
            match equal {
                Some(false) => return Some(false),
                Some(true) => {}
                None => answer = None,
            }
        }
        answer
    };
    match (left, right) {
        (Value::Unknown, _) | (_, Value::Unknown) => None,
        (Value::List(left), Value::List(right)) if left.len() == right.len() => all(&mut left
            .iter()
            .zip(right.iter())
            .map(|(left, right)| equal(left, right))),
        (Value::Map(left), Value::Map(right)) if left.len() == right.len() => {
            all(&mut left.iter().map(|(key, value)| {
                right
                    .get(key)
                    .map_or(Some(false), |other| equal(value, other))
            }))
        }
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            Some(order(left, right) == Some(Ordering::Equal))
        }
        _ => Some(left == right),
    }
}
