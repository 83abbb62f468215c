//! From source to tree: every name, function, number of arguments and literal pattern is checked.

use super::ExprError;
use super::functions::{self, Function};
use super::node::{Each, Logic, Node, Operator, Pattern, Quantifier, Question, Root};
use super::parse::parse;
use super::suggest::did_you_mean;
use crate::model::Value;
use cel::common::ast::{
    CallExpr, EntryExpr, Expr as Syntax, IdedExpr, LiteralValue, MapExpr, SourceInfo, operators,
};
use std::sync::Arc;

/// Deepest tree.
const DEPTH: usize = 200;

/// Compiles a source; with `eager`, every regex in it too.
pub(super) fn compile(source: &str, eager: bool) -> Result<Node, ExprError> {
    let (syntax, info) = parse(source)?;
    Compiler {
        source,
        info,
        scope: Vec::new(),
        depth: 0,
        eager,
    }
    .node(&syntax)
}

struct Compiler<'s> {
    source: &'s str,
    info: SourceInfo,
    /// Variables of the comprehensions around, outermost first.
    scope: Vec<Arc<str>>,
    depth: usize,
    eager: bool,
}

type Compiled = Result<Node, ExprError>;

impl Compiler<'_> {
    fn node(&mut self, syntax: &IdedExpr) -> Compiled {
        if self.depth == DEPTH {
            return self.error(syntax, format!("the expression nests deeper than {DEPTH}"));
        }
        self.depth += 1;
        let node = match &syntax.expr {
            Syntax::Literal(literal) => self.literal(syntax, literal).map(Node::Literal),
            Syntax::Ident(name) => self.name(syntax, name),
            Syntax::Select(select) => {
                let key = select.field.as_str().into();
                self.boxed(&select.operand)
                    .map(|of| Node::Select { of, key })
            }
            Syntax::Call(call) => self.call(syntax, call),
            Syntax::List(list) => self.nodes(&list.elements).map(Node::List),
            Syntax::Map(map) => self.map(syntax, map),
            Syntax::Struct(_) => self.error(syntax, "there are no message types here"),
            Syntax::Comprehension(_) | Syntax::Unspecified => {
                self.error(syntax, "not an expression")
            }
        };
        self.depth -= 1;
        node
    }

    fn nodes<'n>(
        &mut self,
        syntax: impl IntoIterator<Item = &'n IdedExpr>,
    ) -> Result<Box<[Node]>, ExprError> {
        syntax.into_iter().map(|part| self.node(part)).collect()
    }

    fn boxed(&mut self, syntax: &IdedExpr) -> Result<Box<Node>, ExprError> {
        self.node(syntax).map(Box::new)
    }

    fn literal(&self, at: &IdedExpr, literal: &LiteralValue) -> Result<Value, ExprError> {
        Ok(match literal {
            LiteralValue::Null => Value::Null,
            LiteralValue::Boolean(truth) => Value::Bool(*truth.inner()),
            LiteralValue::Int(number) => Value::Int(*number.inner()),
            LiteralValue::Double(number) => Value::Float(*number.inner()),
            LiteralValue::String(text) => Value::str(text.inner()),
            LiteralValue::UInt(number) => match i64::try_from(*number.inner()) {
                Ok(number) => Value::Int(number),
                Err(_) => return self.error(at, "the number is too large"),
            },
            LiteralValue::Bytes(_) => return self.error(at, "there are no bytes here; write text"),
        })
    }

    fn name(&self, at: &IdedExpr, name: &str) -> Compiled {
        let local = self.scope.iter().rposition(|local| &**local == name);
        if let Some(depth) = local {
            return Ok(Node::Local {
                depth,
                name: name.into(),
            });
        }
        if let Some(root) = Root::ALL.into_iter().find(|root| root.name() == name) {
            return Ok(Node::Root(root));
        }
        let mut known: Vec<&str> = self.scope.iter().map(|local| &**local).collect();
        known.extend(Root::ALL.map(Root::name));
        self.error(
            at,
            format!("unknown name `{name}`{}", did_you_mean(name, known)),
        )
    }

    fn map(&mut self, at: &IdedExpr, map: &MapExpr) -> Compiled {
        let mut entries = Vec::with_capacity(map.entries.len());
        for entry in &map.entries {
            let EntryExpr::MapEntry(entry) = &entry.expr else {
                return self.error(at, "not a mapping");
            };
            entries.push((self.node(&entry.key)?, self.node(&entry.value)?));
        }
        Ok(Node::Map(entries.into()))
    }

    fn call(&mut self, at: &IdedExpr, call: &CallExpr) -> Compiled {
        let name = call.func_name.as_str();
        match (&call.target, call.args.as_slice()) {
            (None, [part]) if name == operators::HAS => self.has(at, part),
            (None, [part]) if name == operators::LOGICAL_NOT => self.boxed(part).map(Node::Not),
            (None, [part]) if name == operators::NEGATE => self.boxed(part).map(Node::Negate),
            (None, [of, at]) if name == operators::INDEX => Ok(Node::Index {
                of: self.boxed(of)?,
                at: self.boxed(at)?,
            }),
            (None, [left, right]) if logic(name).is_some() || operator(name).is_some() => {
                let sides = Box::new([self.node(left)?, self.node(right)?]);
                Ok(match (logic(name), operator(name)) {
                    (Some(logic), _) => Node::Logic(logic, sides),
                    (None, operator) => Node::Binary(operator.unwrap_or(Operator::Equal), sides),
                })
            }
            (None, [condition, yes, no]) if name == operators::CONDITIONAL => {
                Ok(Node::Choice(Box::new([
                    self.node(condition)?,
                    self.node(yes)?,
                    self.node(no)?,
                ])))
            }
            (Some(target), arguments) => self.member(at, name, target, arguments),
            (None, arguments) => self.function(at, name, arguments.iter()),
        }
    }

    fn has(&mut self, at: &IdedExpr, part: &IdedExpr) -> Compiled {
        match self.node(part)? {
            path @ (Node::Select { .. } | Node::Index { .. }) => Ok(Node::Has(Box::new(path))),
            _ => self.error(
                at,
                "`has` wants an attribute, such as `has(hit.value.image)`",
            ),
        }
    }

    fn member(
        &mut self,
        at: &IdedExpr,
        name: &str,
        target: &IdedExpr,
        arguments: &[IdedExpr],
    ) -> Compiled {
        if let Some(quantifier) = Quantifier::named(name, arguments.len()) {
            return self.each(quantifier, target, arguments);
        }
        let root = match &target.expr {
            Syntax::Ident(name) if !self.scope.iter().any(|local| **local == **name) => {
                Root::ALL.into_iter().find(|root| root.name() == name)
            }
            _ => None,
        };
        match (
            Question::ALL
                .into_iter()
                .find(|question| question.name() == name),
            root,
        ) {
            (Some(question), Some(of)) if of.questions().contains(&question) => match arguments {
                [about] => Ok(Node::Ask {
                    question,
                    of,
                    about: self.boxed(about)?,
                }),
                _ => self.error(at, format!("`{}.{name}` wants one argument", of.name())),
            },
            (Some(question), _) => {
                let owner = Root::ALL
                    .into_iter()
                    .find(|root| root.questions().contains(&question));
                let owner = owner.map_or("repo", Root::name);
                self.error_at_name(
                    at,
                    name,
                    format!("`{name}` is asked of `{owner}`: `{owner}.{name}(…)`"),
                )
            }
            (None, Some(of)) if functions::find(name).is_none() => {
                let known = of.questions().iter().map(|question| question.name());
                let hint = did_you_mean(name, known.chain(functions::names()));
                self.error_at_name(
                    at,
                    name,
                    format!("unknown function `{}.{name}`{hint}", of.name()),
                )
            }
            (None, _) => self.function(at, name, std::iter::once(target).chain(arguments)),
        }
    }

    fn each(
        &mut self,
        quantifier: Quantifier,
        over: &IdedExpr,
        arguments: &[IdedExpr],
    ) -> Compiled {
        let (variable, only, body) = match arguments {
            [variable, body] => (variable, None, body),
            [variable, only, body] => (variable, Some(only), body),
            _ => return self.error(over, "a comprehension wants a variable and a condition"),
        };
        let Syntax::Ident(name) = &variable.expr else {
            return self.error(
                variable,
                "a comprehension starts with the name of its variable",
            );
        };
        let over = self.node(over)?;
        self.scope.push(name.as_str().into());
        let only = only.map(|only| self.node(only)).transpose();
        let body = self.node(body);
        self.scope.pop();
        Ok(Node::Each(Box::new(Each {
            quantifier,
            over,
            only: only?,
            body: body?,
        })))
    }

    fn function<'n>(
        &mut self,
        at: &IdedExpr,
        name: &str,
        arguments: impl Iterator<Item = &'n IdedExpr>,
    ) -> Compiled {
        let Some(function) = functions::find(name) else {
            let hint = did_you_mean(name, functions::names());
            return self.error_at_name(at, name, format!("unknown function `{name}`{hint}"));
        };
        let mut arguments = self.nodes(arguments)?.into_vec();
        if arguments.len() != function.arity {
            let wanted = function.arity;
            let given = arguments.len();
            return self.error_at_name(
                at,
                name,
                format!("`{name}` wants {wanted} arguments, not {given}"),
            );
        }
        if !matches!(name, "matches" | "glob")
            || !matches!(arguments.last(), Some(Node::Literal(Value::Str(_))))
        {
            return Ok(Node::Call {
                function,
                arguments: arguments.into(),
            });
        }
        let (pattern, subject) = (arguments.pop(), arguments.pop());
        match (pattern, subject) {
            (Some(Node::Literal(Value::Str(pattern))), Some(subject)) => {
                self.pattern(at, function, &pattern, Box::new(subject))
            }
            _ => self.error(at, format!("`{name}` wants a subject and a pattern")),
        }
    }

    /// Compiles a literal pattern once, here.
    fn pattern(
        &self,
        at: &IdedExpr,
        function: &Function,
        pattern: &str,
        subject: Box<Node>,
    ) -> Compiled {
        let compiled = if function.name == "glob" {
            functions::glob(pattern).map(|matcher| Node::Glob {
                path: subject,
                matcher: Box::new(matcher),
            })
        } else {
            Pattern::new(pattern)
                .and_then(|pattern| {
                    if self.eager {
                        pattern.regex()?;
                    }
                    Ok(pattern)
                })
                .map(|pattern| Node::Matches {
                    text: subject,
                    pattern,
                })
        };
        compiled.or_else(|why| self.error(at, why))
    }

    /// An error where the name of a function stands: the parser points at the parenthesis after it.
    fn error_at_name<T>(
        &self,
        at: &IdedExpr,
        name: &str,
        message: impl Into<String>,
    ) -> Result<T, ExprError> {
        self.error(at, message).map_err(|mut error: ExprError| {
            let before = error.offset.and_then(|offset| self.source.get(..offset));
            if let Some(start) = before.and_then(|before| before.trim_end().strip_suffix(name)) {
                error.offset = Some(start.len());
            }
            error
        })
    }

    fn error<T>(&self, at: &IdedExpr, message: impl Into<String>) -> Result<T, ExprError> {
        let start = self
            .info
            .offset_for(at.id)
            .and_then(|(start, _)| usize::try_from(start).ok());
        Err(ExprError {
            message: message.into(),
            offset: start,
        })
    }
}

fn logic(name: &str) -> Option<Logic> {
    match name {
        operators::LOGICAL_AND => Some(Logic::And),
        operators::LOGICAL_OR => Some(Logic::Or),
        _ => None,
    }
}

fn operator(name: &str) -> Option<Operator> {
    Some(match name {
        operators::EQUALS => Operator::Equal,
        operators::NOT_EQUALS => Operator::NotEqual,
        operators::LESS => Operator::Less,
        operators::LESS_EQUALS => Operator::LessOrEqual,
        operators::GREATER => Operator::Greater,
        operators::GREATER_EQUALS => Operator::GreaterOrEqual,
        operators::ADD => Operator::Add,
        operators::SUBSTRACT => Operator::Subtract,
        operators::MULTIPLY => Operator::Multiply,
        operators::DIVIDE => Operator::Divide,
        operators::MODULO => Operator::Remainder,
        operators::IN => Operator::In,
        _ => return None,
    })
}
