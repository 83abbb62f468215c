//! A CEL expression of a manifest, compiled when it is first asked.

use super::expr::{Expr, Undecided, Vars};
use crate::model::Role;
use std::sync::OnceLock;

/// A condition or a text over `hit`, `service` and `repo`.
pub struct Predicate {
    source: String,
    cell: OnceLock<Result<Expr, String>>,
}

impl Predicate {
    /// Keeps the source; `validate` compiles it at once.
    pub fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            cell: OnceLock::new(),
        }
    }

    /// Does the condition hold?
    pub fn test(&self, vars: &Vars<'_>) -> Result<bool, Undecided> {
        self.get()
            .map_err(|message| Undecided::Failed(message.to_owned()))?
            .test(vars)
    }

    /// The text that the expression gives.
    pub fn text(&self, vars: &Vars<'_>) -> Result<String, Undecided> {
        self.get()
            .map_err(|message| Undecided::Failed(message.to_owned()))?
            .text(vars)
    }

    /// Is the condition false for every hit in a file of this role?
    pub fn refuses(&self, role: Role) -> bool {
        self.mentions("role") && self.get().is_ok_and(|expr| expr.refuses(role))
    }

    /// Does the expression speak of `word`?
    pub fn mentions(&self, word: &str) -> bool {
        self.source.contains(word)
    }

    /// What is wrong with the expression, if anything.
    pub fn validate(&self) -> Result<(), String> {
        Expr::check(&self.source).map_err(|error| error.message)
    }

    /// The expression as written, on one line.
    pub fn source(&self) -> String {
        self.source.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn get(&self) -> Result<&Expr, &str> {
        self.cell
            .get_or_init(|| Expr::compile(&self.source).map_err(|error| error.message))
            .as_ref()
            .map_err(String::as_str)
    }
}
