//! Loops over items, and what is left of an answer when some of the items have none: which items
//! surely belong to a list, which may, and between which bounds a number then lies.

use super::evaluate::{Answer, Evaluation, ITEMS, Trouble};
use super::node::{Each, Node, Operator, Quantifier};
use super::operate;
use crate::model::Value;

/// An item of a list.
struct Member {
    value: Value,
    /// Does it surely belong to the list?
    sure: bool,
}

/// The items of a list, in order.
struct Members {
    items: Vec<Member>,
    /// Why some of them only may belong to it: the first reason.
    trouble: Option<Trouble>,
}

impl Members {
    /// The list, if every item surely belongs to it.
    fn exactly(self) -> Result<Vec<Value>, Trouble> {
        match self.trouble {
            Some(trouble) => Err(trouble),
            None => Ok(self.items.into_iter().map(|item| item.value).collect()),
        }
    }

    /// How many there are.
    fn count(&self) -> Range {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        Range {
            least: number(self.items.iter().filter(|item| item.sure).count()),
            most: number(self.items.len()),
        }
    }
}

/// What a whole number is at least and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    least: i64,
    most: i64,
}

impl Range {
    fn calculate(self, operator: Operator, other: Self) -> Option<Self> {
        match operator {
            Operator::Add => Some(Self {
                least: self.least.checked_add(other.least)?,
                most: self.most.checked_add(other.most)?,
            }),
            Operator::Subtract => Some(Self {
                least: self.least.checked_sub(other.most)?,
                most: self.most.checked_sub(other.least)?,
            }),
            Operator::Multiply => {
                let [a, b] = [self.least, self.most];
                let [c, d] = [other.least, other.most];
                let corners = [
                    a.checked_mul(c)?,
                    a.checked_mul(d)?,
                    b.checked_mul(c)?,
                    b.checked_mul(d)?,
                ];
                Some(Self {
                    least: corners.into_iter().min()?,
                    most: corners.into_iter().max()?,
                })
            }
            _ => None,
        }
    }

    /// The answer of a comparison, where it is the same for every number that it may be.
    fn compare(self, operator: Operator, other: Self) -> Option<bool> {
        let decide = |surely: bool, never: bool| (surely || never).then_some(surely);
        let below = |a: Self, b: Self| decide(a.most < b.least, a.least >= b.most);
        let up_to = |a: Self, b: Self| decide(a.most <= b.least, a.least > b.most);
        let point = |range: Self| range.least == range.most;
        let equal = decide(
            point(self) && self == other,
            self.most < other.least || other.most < self.least,
        );
        match operator {
            Operator::Less => below(self, other),
            Operator::LessOrEqual => up_to(self, other),
            Operator::Greater => below(other, self),
            Operator::GreaterOrEqual => up_to(other, self),
            Operator::Equal => equal,
            Operator::NotEqual => equal.map(|equal| !equal),
            _ => None,
        }
    }
}

impl Evaluation<'_> {
    pub(super) fn each(&mut self, each: &Each) -> Answer {
        match each.quantifier {
            Quantifier::All => self.fold(each, false),
            Quantifier::Exists => self.fold(each, true),
            Quantifier::ExistsOne => {
                let members = self.filter(&each.over, &each.body)?;
                match (members.count(), members.trouble) {
                    (Range { least: 2.., .. }, _) => Ok(Value::Bool(false)),
                    (_, Some(trouble)) => Err(trouble),
                    (Range { least, .. }, None) => Ok(Value::Bool(least == 1)),
                }
            }
            Quantifier::Filter => self
                .filter(&each.over, &each.body)?
                .exactly()
                .map(Value::list),
            Quantifier::Map => self.map(each)?.exactly().map(Value::list),
        }
    }

    /// A comparison of numbers that depends on items which may or may not belong to a list, where
    /// it comes out the same either way.
    pub(super) fn either_way(
        &mut self,
        operator: Operator,
        [left, right]: &[Node; 2],
    ) -> Result<Option<bool>, Trouble> {
        if !left.counts() && !right.counts() {
            return Ok(None);
        }
        let Some(left) = self.range(left)? else {
            return Ok(None);
        };
        let right = self.range(right)?;
        Ok(right.and_then(|right| left.compare(operator, right)))
    }

    /// The bounds of a number, if it has any.
    fn range(&mut self, node: &Node) -> Result<Option<Range>, Trouble> {
        let range = match (node.counted(), node) {
            (Some(list), _) => match self.members(list) {
                Ok(members) => Some(members.count()),
                Err(Trouble::Exhausted) => return Err(Trouble::Exhausted),
                Err(_) => None,
            },
            (None, Node::Binary(operator, sides)) if node.counts() => {
                let [left, right] = sides.as_ref();
                match (self.range(left)?, self.range(right)?) {
                    (Some(left), Some(right)) => left.calculate(*operator, right),
                    _ => None,
                }
            }
            (None, _) => match self.value(node) {
                Ok(Value::Int(number)) => Some(Range {
                    least: number,
                    most: number,
                }),
                Err(Trouble::Exhausted) => return Err(Trouble::Exhausted),
                Ok(_) | Err(_) => None,
            },
        };
        Ok(range)
    }

    /// What a loop goes through: the items of a list, or the keys of a mapping.
    fn members(&mut self, node: &Node) -> Result<Members, Trouble> {
        if let Node::Each(each) = node {
            match each.quantifier {
                Quantifier::Filter => return self.filter(&each.over, &each.body),
                Quantifier::Map => return self.map(each),
                Quantifier::All | Quantifier::Exists | Quantifier::ExistsOne => {}
            }
        }
        let values: Vec<Value> = match self.value(node)? {
            Value::List(items) if items.len() > ITEMS => return Err(Trouble::Exhausted),
            Value::List(items) => items.to_vec(),
            Value::Map(entries) if entries.len() > ITEMS => return Err(Trouble::Exhausted),
            Value::Map(entries) => {
                self.charge(entries.len())?;
                entries.keys().cloned().map(Value::Str).collect()
            }
            other => {
                return Err(Trouble::Failed(format!(
                    "`{}` is {}, not a list or a mapping",
                    node.describe(),
                    operate::kind(&other)
                )));
            }
        };
        let items = values.into_iter();
        Ok(Members {
            items: items.map(|value| Member { value, sure: true }).collect(),
            trouble: None,
        })
    }

    /// The items for which a condition holds. One for which it has no answer may be among them.
    fn filter(&mut self, over: &Node, condition: &Node) -> Result<Members, Trouble> {
        let Members { items, mut trouble } = self.members(over)?;
        let mut kept = Vec::new();
        for mut item in items {
            match self.within(item.value.clone(), |run| run.truth(condition)) {
                Ok(true) => kept.push(item),
                Ok(false) => {}
                Err(Trouble::Exhausted) => return Err(Trouble::Exhausted),
                Err(first) => {
                    trouble = trouble.or(Some(first));
                    item.sure = false;
                    kept.push(item);
                }
            }
        }
        if kept.iter().all(|item| item.sure) {
            trouble = None;
        }
        Ok(Members {
            items: kept,
            trouble,
        })
    }

    fn map(&mut self, each: &Each) -> Result<Members, Trouble> {
        let mut members = match &each.only {
            Some(only) => self.filter(&each.over, only)?,
            None => self.members(&each.over)?,
        };
        for item in &mut members.items {
            let value = std::mem::take(&mut item.value);
            item.value = self.within(value, |run| run.evaluate(&each.body))?;
        }
        Ok(members)
    }

    /// `all` and `exists`: an item that decides wins over items without an answer, and one that
    /// may not belong to the list matters only if it would decide.
    fn fold(&mut self, each: &Each, absorbing: bool) -> Answer {
        let Members {
            items,
            trouble: doubt,
        } = self.members(&each.over)?;
        let mut trouble = None;
        let mut doubtful = false;
        for item in items {
            match self.within(item.value, |run| run.truth(&each.body)) {
                Ok(truth) if truth == absorbing && item.sure => return Ok(Value::Bool(absorbing)),
                Ok(truth) => doubtful |= truth == absorbing,
                Err(Trouble::Exhausted) => return Err(Trouble::Exhausted),
                Err(first) => trouble = trouble.or(Some(first)),
            }
        }
        let doubt = doubt.filter(|_| doubtful);
        trouble.or(doubt).map_or(Ok(Value::Bool(!absorbing)), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_answered_where_every_number_gives_the_same() {
        let range = |least, most| Range { least, most };
        for (left, operator, right, expected) in [
            (range(1, 3), Operator::Greater, range(0, 0), Some(true)),
            (range(0, 3), Operator::Greater, range(0, 0), None),
            (range(0, 3), Operator::Less, range(3, 4), None),
            (range(0, 3), Operator::LessOrEqual, range(3, 4), Some(true)),
            (range(4, 5), Operator::LessOrEqual, range(2, 3), Some(false)),
            (
                range(0, 3),
                Operator::GreaterOrEqual,
                range(4, 4),
                Some(false),
            ),
            (range(2, 2), Operator::Equal, range(2, 2), Some(true)),
            (range(1, 2), Operator::Equal, range(1, 2), None),
            (range(1, 2), Operator::NotEqual, range(3, 3), Some(true)),
        ] {
            assert_eq!(
                left.compare(operator, right),
                expected,
                "{left:?} {right:?}"
            );
        }
        assert_eq!(
            range(-1, 2).calculate(Operator::Multiply, range(-3, 1)),
            Some(range(-6, 3))
        );
        assert_eq!(
            range(1, 2).calculate(Operator::Subtract, range(0, 5)),
            Some(range(-4, 2))
        );
        assert_eq!(
            range(1, i64::MAX).calculate(Operator::Add, range(1, 1)),
            None
        );
    }
}
