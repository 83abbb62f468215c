//! Literals that a file must hold for a rule to match in it, derived from the rule itself.
//!
//! Sound before selective: a text counts only when every match contains a node whose text it is
//! part of. Under every strictness but `signature`, a named leaf of a pattern must be equal to a
//! named leaf of the code; unnamed leaves (`=`, `await`) may be skipped and give nothing.

use super::CodeError;
use super::lint::{Parts, RELATIONS};
use crate::model::Language;
use crate::rule::literal;
use crate::syntax::code::grammar;
use ast_grep_core::matcher::{PatternNode, kind_utils};
use ast_grep_core::meta_var::MetaVariable;
use ast_grep_core::{MatchStrictness, Pattern};
use ast_grep_language::SupportLang;
use serde_json::Value;
use std::collections::BTreeSet;

/// More texts than this are no help to a prefilter.
const MOST: usize = 64;

/// Texts, in lower case, of which at least one is needed in some letter case.
type Clause = BTreeSet<String>;

/// What was found out about a rule in one language.
pub(super) struct Required {
    pub(super) literals: Option<Vec<String>>,
    pub(super) errors: Vec<CodeError>,
}

/// The most selective set of literals for a rule in one language, and patterns that do not parse.
pub(super) fn required(language: Language, parts: &Parts<'_>) -> Required {
    let Some(lang) = grammar(language) else {
        return Required {
            literals: None,
            errors: Vec::new(),
        };
    };
    let mut derive = Derive {
        parts,
        lang,
        language,
        errors: Vec::new(),
        depth: 0,
    };
    let clause = derive.rule(parts.rule);
    // What a clause does not need is compiled all the same, so its patterns are checked too.
    for set in [parts.constraints, parts.utils].into_iter().flatten() {
        for rule in set.as_object().into_iter().flat_map(|rules| rules.values()) {
            derive.rule(rule);
        }
    }
    derive.errors.dedup();
    Required {
        literals: clause.map(|clause| clause.into_iter().collect()),
        errors: derive.errors,
    }
}

/// Any one of several sets; `None` when one of them is unknown.
pub(super) fn union(sets: Vec<Option<Vec<String>>>) -> Option<Vec<String>> {
    let mut all = Clause::new();
    for set in sets {
        all.extend(set?);
    }
    usable(all).map(|clause| clause.into_iter().collect())
}

struct Derive<'s> {
    parts: &'s Parts<'s>,
    lang: SupportLang,
    language: Language,
    errors: Vec<CodeError>,
    depth: u32,
}

impl<'s> Derive<'s> {
    /// All keys of a rule object must hold, so the best clause of any of them serves.
    fn rule(&mut self, rule: &'s Value) -> Option<Clause> {
        if self.depth > 64 {
            return None;
        }
        self.depth += 1;
        let mut best = None;
        for (key, value) in rule.as_object().into_iter().flatten() {
            let clause = self.part(key, value);
            best = better(best, clause);
        }
        self.depth -= 1;
        best
    }

    fn part(&mut self, key: &str, value: &'s Value) -> Option<Clause> {
        match key {
            "pattern" => self.pattern(value),
            "regex" => value.as_str().and_then(of_regex),
            "all" => {
                let parts = value.as_array()?;
                parts.iter().fold(None, |best, part| {
                    let clause = self.rule(part);
                    better(best, clause)
                })
            }
            "any" => {
                let clauses: Vec<_> = value
                    .as_array()?
                    .iter()
                    .map(|part| self.rule(part))
                    .collect();
                any(clauses)
            }
            "matches" => self.rule(self.parts.util(value.as_str()?)?),
            "not" => {
                // Only for its patterns' sake: what must not be there need not be in the text.
                self.rule(value);
                None
            }
            "nthChild" => {
                self.rule(value.get("ofRule")?);
                None
            }
            relation if RELATIONS.contains(&relation) => {
                if let Some(stop) = value.get("stopBy") {
                    self.rule(stop);
                }
                self.rule(value)
            }
            _ => None,
        }
    }

    fn pattern(&mut self, value: &'s Value) -> Option<Clause> {
        let text = value.as_str().or_else(|| value.get("context")?.as_str())?;
        let selector = value.get("selector").and_then(Value::as_str);
        let built = match selector {
            Some(selector) => Pattern::contextual(text, selector, self.lang),
            None => Pattern::try_new(text, self.lang),
        };
        let pattern = built.ok()?;
        if has_error(&pattern.node) {
            self.errors.push(CodeError::new(format!(
                "in {}: pattern `{text}` does not parse; write more of the code around it as \
                 `context`, with a `selector`",
                self.language.as_str()
            )));
            return None;
        }
        let strictness = value
            .get("strictness")
            .and_then(Value::as_str)
            .unwrap_or("smart");
        let strictness: MatchStrictness = strictness.parse().ok()?;
        let mut best = None;
        self.node(&pattern.node, &strictness, &mut best);
        best
    }

    /// Leaves that must be equal, and constraints on metavariables that must be bound.
    fn node(
        &mut self,
        node: &PatternNode,
        strictness: &MatchStrictness,
        best: &mut Option<Clause>,
    ) {
        match node {
            PatternNode::Terminal {
                text,
                is_named: true,
                ..
            } if !matches!(strictness, MatchStrictness::Signature) => {
                let clause = usable(Clause::from([text.to_ascii_lowercase()]));
                *best = better(best.take(), clause);
            }
            PatternNode::MetaVar {
                meta_var: MetaVariable::Capture(name, true),
            } => {
                if let Some(rule) = self.parts.constraint(name) {
                    let clause = self.rule(rule);
                    *best = better(best.take(), clause);
                }
            }
            PatternNode::Terminal { .. } | PatternNode::MetaVar { .. } => {}
            PatternNode::Internal { children, .. } => {
                for child in children {
                    self.node(child, strictness, best);
                }
            }
        }
    }
}

fn has_error(node: &PatternNode) -> bool {
    match node {
        PatternNode::MetaVar { .. } => false,
        PatternNode::Terminal { kind_id, .. } => kind_utils::is_error_kind(*kind_id),
        PatternNode::Internal { kind_id, children } => {
            kind_utils::is_error_kind(*kind_id) || children.iter().any(has_error)
        }
    }
}

/// The clause that fewer files satisfy, by guess: no common word, then the longest shortest text,
/// then the fewest texts.
fn better(left: Option<Clause>, right: Option<Clause>) -> Option<Clause> {
    let rank = |clause: &Clause| {
        let rare = clause.iter().all(|text| !is_common(text));
        let shortest = clause.iter().map(String::len).min().unwrap_or(0).min(12);
        (rare, shortest, std::cmp::Reverse(clause.len()))
    };
    match (left, right) {
        (Some(left), Some(right)) => Some(if rank(&left) >= rank(&right) {
            left
        } else {
            right
        }),
        (left, right) => left.or(right),
    }
}

fn any(clauses: Vec<Option<Clause>>) -> Option<Clause> {
    let mut all = Clause::new();
    for clause in clauses {
        all.extend(clause?);
    }
    usable(all)
}

/// A clause with a text that is too short to search for, or with too many texts, is no help.
fn usable(clause: Clause) -> Option<Clause> {
    let long_enough = clause.iter().all(|text| text.len() >= literal::MIN_LEN);
    (long_enough && !clause.is_empty() && clause.len() <= MOST).then_some(clause)
}

/// Words that stand in most files of some language.
fn is_common(text: &str) -> bool {
    matches!(
        text,
        "self"
            | "this"
            | "super"
            | "true"
            | "false"
            | "none"
            | "null"
            | "undefined"
            | "console"
            | "error"
            | "exception"
            | "string"
            | "number"
            | "void"
            | "int"
            | "bool"
            | "any"
            | "data"
            | "name"
            | "get"
            | "set"
            | "log"
            | "print"
            | "async"
            | "await"
            | "const"
            | "return"
            | "require"
            | "exports"
            | "module"
            | "req"
            | "res"
            | "err"
            | "nil"
            | "var"
            | "let"
            | "for"
            | "new"
            | "not"
    )
}

/// Literals without which a regex cannot match.
fn of_regex(regex: &str) -> Option<Clause> {
    // The same defaults as `regex::Regex`, which ast-grep uses.
    let hir = regex_syntax::Parser::new().parse(regex).ok()?;
    let texts = literal::required(&hir)?.into_iter().map(String::from_utf8);
    usable(texts.collect::<Result<_, _>>().ok()?)
}
