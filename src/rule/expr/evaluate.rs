//! Running a compiled expression: three truths, and a bounded number of steps.

use super::node::{Logic, Node, Operator, Question, Root};
use super::operate::{self, Equality};
use super::{Undecided, Vars};
use crate::model::Value;
use std::sync::Arc;

/// Steps of one evaluation, about a tenth of a second.
const STEPS: usize = 2_000_000;
/// Items of a list that a loop may visit or an expression may build.
pub(super) const ITEMS: usize = 20_000;

/// Why a part of an expression has no value. `&&`, `||`, `all` and `exists` absorb the first two.
pub(super) enum Trouble {
    /// It depends on something that the repository does not hold.
    Unknown(String),
    /// It is missing, or an operation does not apply to it.
    Failed(String),
    /// The evaluation ran out of steps.
    Exhausted,
}

pub(super) type Answer = Result<Value, Trouble>;

/// One evaluation.
pub(super) struct Evaluation<'a> {
    vars: &'a Vars<'a>,
    /// Variables of the comprehensions around the current node, outermost first.
    locals: Vec<Value>,
    steps: usize,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(vars: &'a Vars<'a>) -> Self {
        Self {
            vars,
            locals: Vec::new(),
            steps: 0,
        }
    }

    /// The value of `node`, which is never `Unknown`.
    pub(super) fn run(mut self, node: &Node) -> Result<Value, Undecided> {
        self.value(node).map_err(|trouble| match trouble {
            Trouble::Unknown(what) => {
                Undecided::Unknown(format!("`{what}` cannot be told from the repository"))
            }
            Trouble::Failed(why) => Undecided::Failed(why),
            Trouble::Exhausted => Undecided::Failed(format!(
                "the expression needs more than {STEPS} steps, or a list of more than {ITEMS} items"
            )),
        })
    }

    /// The value of `node`; `Unknown` is trouble here, so every operation sees known values.
    pub(super) fn value(&mut self, node: &Node) -> Answer {
        match self.evaluate(node)? {
            Value::Unknown => Err(Trouble::Unknown(node.describe())),
            known => Ok(known),
        }
    }

    pub(super) fn evaluate(&mut self, node: &Node) -> Answer {
        self.charge(1)?;
        match node {
            Node::Literal(value) => Ok(value.clone()),
            Node::Root(_) | Node::Local { .. } | Node::Select { .. } | Node::Index { .. } => self
                .look(node)?
                .ok_or_else(|| Trouble::Failed(format!("`{}` is missing", node.describe()))),
            Node::Has(node) => Ok(Value::Bool(self.look(node)?.is_some())),
            Node::Not(node) => Ok(Value::Bool(!self.truth(node)?)),
            Node::Negate(node) => operate::negate(&self.value(node)?).map_err(Trouble::Failed),
            Node::Logic(logic, sides) => self.logic(*logic, sides),
            Node::Choice(parts) => {
                let [condition, yes, no] = parts.as_ref();
                if self.truth(condition)? {
                    self.value(yes)
                } else {
                    self.value(no)
                }
            }
            Node::Binary(operator, sides) => match self.binary(*operator, sides) {
                Err(trouble @ (Trouble::Unknown(_) | Trouble::Failed(_))) => self
                    .either_way(*operator, sides)?
                    .map(Value::Bool)
                    .ok_or(trouble),
                answer => answer,
            },
            Node::List(nodes) => {
                let items: Result<Arc<[_]>, _> =
                    nodes.iter().map(|node| self.evaluate(node)).collect();
                items.map(Value::List)
            }
            Node::Map(entries) => self.mapping(entries),
            Node::Each(each) => self.each(each),
            Node::Call {
                function,
                arguments,
            } => {
                let values: Vec<_> = arguments
                    .iter()
                    .map(|node| self.value(node))
                    .collect::<Result<_, _>>()?;
                self.charge(values.iter().map(operate::weight).sum())?;
                (function.call)(&values)
                    .map_err(|why| Trouble::Failed(format!("`{}`: {why}", function.name)))
            }
            Node::Matches { text, pattern } => {
                let text = self.words(text)?;
                let regex = pattern.regex();
                let regex = regex.map_err(|why| Trouble::Failed(why.to_owned()))?;
                Ok(Value::Bool(regex.is_match(&text)))
            }
            Node::Glob { path, matcher } => {
                let path = self.words(path)?;
                Ok(Value::Bool(matcher.is_match(path.as_ref())))
            }
            Node::Ask {
                question,
                of,
                about,
            } => self.ask(*question, *of, about),
        }
    }

    /// What a path leads to: nothing when a part is missing or is no container. The last part may
    /// be `Unknown`; a part before it may not.
    fn look(&mut self, node: &Node) -> Result<Option<Value>, Trouble> {
        self.charge(1)?;
        match node {
            Node::Root(root) => Ok(self.root(*root).cloned()),
            Node::Local { depth, .. } => Ok(self.locals.get(*depth).cloned()),
            Node::Select { of, key } => match self.look(of)? {
                Some(Value::Unknown) => Err(Trouble::Unknown(of.describe())),
                Some(container) => Ok(container.get(key).cloned()),
                None => Ok(None),
            },
            Node::Index { of, at } => match self.look(of)? {
                Some(Value::Unknown) => Err(Trouble::Unknown(of.describe())),
                Some(container) => {
                    let at = self.value(at)?;
                    Ok(operate::item(&container, &at).cloned())
                }
                None => Ok(None),
            },
            other => self.evaluate(other).map(Some),
        }
    }

    fn root(&self, root: Root) -> Option<&'a Value> {
        match root {
            Root::Hit => self.vars.hit.as_ref(),
            Root::Service => self.vars.service.as_ref(),
            Root::Repo => Some(&self.vars.repo),
        }
    }

    pub(super) fn truth(&mut self, node: &Node) -> Result<bool, Trouble> {
        match self.value(node)? {
            Value::Bool(truth) => Ok(truth),
            other => Err(Trouble::Failed(format!(
                "`{}` is {}, not true or false",
                node.describe(),
                operate::kind(&other)
            ))),
        }
    }

    /// Text, charged by its length.
    fn words(&mut self, node: &Node) -> Result<Arc<str>, Trouble> {
        match self.value(node)? {
            Value::Str(text) => {
                self.charge(text.len() / 64)?;
                Ok(text)
            }
            other => Err(Trouble::Failed(format!(
                "`{}` is {}, not text",
                node.describe(),
                operate::kind(&other)
            ))),
        }
    }

    /// One side may decide although the other has no value, in either order.
    fn logic(&mut self, logic: Logic, [left, right]: &[Node; 2]) -> Answer {
        let absorbing = logic.absorbing();
        let left = match self.truth(left) {
            Ok(truth) if truth == absorbing => return Ok(Value::Bool(absorbing)),
            Err(Trouble::Exhausted) => return Err(Trouble::Exhausted),
            other => other,
        };
        let right = self.truth(right)?;
        if right == absorbing {
            return Ok(Value::Bool(absorbing));
        }
        left.map(Value::Bool)
    }

    fn binary(&mut self, operator: Operator, [left, right]: &[Node; 2]) -> Answer {
        let a = self.value(left)?;
        let b = self.value(right)?;
        self.charge(operate::weight(&a) + operate::weight(&b))?;
        let equality = match operator {
            Operator::Equal => operate::equal(&a, &b),
            Operator::NotEqual => operate::equal(&a, &b).negated(),
            Operator::In => operate::contains(&b, &a).map_err(Trouble::Failed)?,
            _ => return operate::calculate(operator, &a, &b).map_err(Trouble::Failed),
        };
        match equality {
            Equality::Known(truth) => Ok(Value::Bool(truth)),
            Equality::Unknown => {
                let culprit = if operate::has_unknown(&a) {
                    left
                } else {
                    right
                };
                Err(Trouble::Unknown(culprit.describe()))
            }
        }
    }

    fn mapping(&mut self, entries: &[(Node, Node)]) -> Answer {
        let mut map = std::collections::BTreeMap::new();
        for (key, value) in entries {
            let name = self.words(key)?;
            let value = self.evaluate(value)?;
            if map.insert(name, value).is_some() {
                return Err(Trouble::Failed(format!(
                    "the key {} stands twice in a mapping",
                    key.describe()
                )));
            }
        }
        Ok(Value::Map(Arc::new(map)))
    }

    /// Runs `inside` with one more variable.
    pub(super) fn within<T>(&mut self, item: Value, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.locals.push(item);
        let result = inside(self);
        self.locals.pop();
        result
    }

    fn ask(&mut self, question: Question, of: Root, about: &Node) -> Answer {
        let about = self.words(about)?;
        let Some(subject) = self.root(of) else {
            return Err(Trouble::Failed(format!("`{}` is missing", of.name())));
        };
        let entry = match question {
            Question::Has => return Ok(Value::Bool(self.vars.world.has(&about))),
            Question::Facts => {
                let name = subject.get("name").and_then(Value::as_str);
                return match (of, name) {
                    (Root::Service, None) => {
                        Err(Trouble::Failed("`service.name` is missing".to_owned()))
                    }
                    (Root::Service, name) => Ok(self.vars.world.facts(&about, name)),
                    _ => Ok(self.vars.world.facts(&about, None)),
                };
            }
            Question::Serves => "serves",
            Question::Uses => "frameworks",
            Question::Depends => "dependencies",
        };
        let declared = subject.get(entry).unwrap_or(&Value::Null);
        self.charge(operate::weight(declared))?;
        operate::declares(declared, &about)
            .map(Value::Bool)
            .ok_or_else(|| Trouble::Unknown(format!("{}.{entry}", of.name())))
    }

    pub(super) fn charge(&mut self, steps: usize) -> Result<(), Trouble> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > STEPS {
            Err(Trouble::Exhausted)
        } else {
            Ok(())
        }
    }
}
