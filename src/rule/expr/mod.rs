//! CEL expressions over hits, services and repositories.
//!
//! The crate `cel` parses; the tree is compiled once into our own small one, in which every name,
//! function and literal regex has been checked. It is evaluated here and not by `cel` because a
//! predicate has three answers: `Unknown` must travel through `==`, `in` and comprehensions and be
//! absorbed by `&&` and `||`, and every evaluation must end.

mod compile;
mod early;
mod evaluate;
mod functions;
mod members;
mod node;
mod operate;
mod parse;
mod suggest;
#[cfg(test)]
mod tests;

use crate::model::Value;
use evaluate::Evaluation;
use node::Node;
use std::fmt;
use std::sync::Arc;

/// A compiled expression. Cloning is cheap.
#[derive(Clone)]
pub struct Expr(Arc<Compiled>);

struct Compiled {
    source: Box<str>,
    root: Node,
}

/// Why an expression does not compile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExprError {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes from the start of the source.
    pub offset: Option<usize>,
}

/// Why an expression has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undecided {
    /// It depends on something that the repository does not hold.
    #[error("{0}")]
    Unknown(String),
    /// It asks for what is not there or does something that does not apply: whoever wrote it did
    /// not think of this case.
    #[error("{0}")]
    Failed(String),
}

/// What an expression speaks about.
pub struct Vars<'a> {
    /// The hit, where there is one.
    pub hit: Option<Value>,
    /// The service of the hit or of the scope, where there is one.
    pub service: Option<Value>,
    /// The repository.
    pub repo: Value,
    /// Answers what only the survey knows.
    pub world: &'a dyn World,
}

/// Answers the functions that need the survey.
pub trait World: Sync {
    /// Facts of a kind, in one service or everywhere, as a list of mappings.
    fn facts(&self, kind: &str, service: Option<&str>) -> Value;
    /// Is there a file of this format, or one that this glob matches?
    fn has(&self, what: &str) -> bool;
}

impl Expr {
    /// Compiles `source`; unknown names, unknown functions and wrong regexes are errors. A regex
    /// that is too large is found out when it is first asked.
    pub fn compile(source: &str) -> Result<Self, ExprError> {
        let root = compile::compile(source, false)?;
        Ok(Self(Arc::new(Compiled {
            source: source.into(),
            root,
        })))
    }

    /// Says what is wrong with `source`, the size of its regexes included.
    pub fn check(source: &str) -> Result<(), ExprError> {
        compile::compile(source, true).map(drop)
    }

    /// The first of `service` and `repo` that `source` speaks of; nothing if it does not compile.
    pub fn beyond_hit(source: &str) -> Option<&'static str> {
        let root = compile::compile(source, false).ok()?;
        [node::Root::Service, node::Root::Repo]
            .into_iter()
            .find(|name| root.speaks_of(*name))
            .map(node::Root::name)
    }

    /// Is it true?
    pub fn test(&self, vars: &Vars<'_>) -> Result<bool, Undecided> {
        match Evaluation::new(vars).run(&self.0.root)? {
            Value::Bool(answer) => Ok(answer),
            other => Err(Undecided::Failed(format!(
                "`{}` gives {}, not true or false",
                self.source(),
                operate::kind(&other)
            ))),
        }
    }

    /// What text does it give? Numbers and truths are written out.
    pub fn text(&self, vars: &Vars<'_>) -> Result<String, Undecided> {
        let value = Evaluation::new(vars).run(&self.0.root)?;
        operate::text(&value)
            .map(|text| text.to_string())
            .ok_or_else(|| {
                Undecided::Failed(format!(
                    "`{}` gives {}, not text",
                    self.source(),
                    operate::kind(&value)
                ))
            })
    }

    /// The source, as it was written.
    pub fn source(&self) -> &str {
        &self.0.source
    }
}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({:?})", self.source())
    }
}
