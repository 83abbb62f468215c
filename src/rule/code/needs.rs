//! Literals that a file must hold for a rule to match in it, derived from the rule itself.
//!
//! Sound before selective: a text counts only when every match contains a node whose text it is
//! part of. Under every strictness but `signature`, a named leaf of a pattern must be equal to a
//! named leaf of the code; unnamed leaves (`=`, `await`) may be skipped and give nothing.

use super::CodeError;
use super::lint::{Parts, RELATIONS};
use crate::model::Language;
use crate::rule::need::{Clue, Need};
use crate::rule::pattern::frequency::is_usual;
use crate::rule::pattern::required::{MIN_LEN, is_exact};
use crate::rule::pattern::{self, Literal, relax};
use crate::syntax::code::grammar;
use ast_grep_core::matcher::{PatternNode, kind_utils};
use ast_grep_core::meta_var::MetaVariable;
use ast_grep_core::{MatchStrictness, Pattern};
use ast_grep_language::SupportLang;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Hir, Look, LookSet};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// More texts than this are no help to a prefilter.
const MOST: usize = 64;

/// What was found out about a rule in one language.
pub(super) struct Required {
    pub(super) need: Need,
    pub(super) errors: Vec<CodeError>,
}

/// What the regexes of a rule need: the same in every language.
#[derive(Default)]
pub(super) struct Regexes(RefCell<BTreeMap<String, Need>>);

impl Regexes {
    fn need(&self, regex: &str) -> Need {
        if let Some(known) = self.0.borrow().get(regex) {
            return known.clone();
        }
        let need = of_regex(regex);
        self.0.borrow_mut().insert(regex.to_owned(), need.clone());
        need
    }
}

/// What a text must hold for a rule in one language, and patterns that do not parse.
pub(super) fn required(language: Language, parts: &Parts<'_>, regexes: &Regexes) -> Required {
    let Some(lang) = grammar(language) else {
        return Required {
            need: Need::Nothing,
            errors: Vec::new(),
        };
    };
    let mut derive = Derive {
        parts,
        regexes,
        lang,
        language,
        errors: Vec::new(),
        depth: 0,
    };
    let need = derive.rule(parts.rule);
    // What a need does not speak of is compiled all the same, so its patterns are checked too.
    for set in [parts.constraints, parts.utils].into_iter().flatten() {
        for rule in set.as_object().into_iter().flat_map(|rules| rules.values()) {
            derive.rule(rule);
        }
    }
    derive.errors.dedup();
    Required {
        need,
        errors: derive.errors,
    }
}

struct Derive<'s> {
    parts: &'s Parts<'s>,
    regexes: &'s Regexes,
    lang: SupportLang,
    language: Language,
    errors: Vec<CodeError>,
    depth: u32,
}

impl<'s> Derive<'s> {
    /// All keys of a rule object must hold.
    fn rule(&mut self, rule: &'s Value) -> Need {
        if self.depth > 64 {
            return Need::Nothing;
        }
        self.depth += 1;
        let parts: Vec<Need> = rule
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| self.part(key, value))
            .collect();
        self.depth -= 1;
        rarest(parts)
    }

    fn part(&mut self, key: &str, value: &'s Value) -> Need {
        let alternatives = || value.as_array().into_iter().flatten();
        match key {
            "pattern" => self.pattern(value),
            "regex" => value
                .as_str()
                .map_or(Need::Nothing, |regex| self.regexes.need(regex)),
            "all" => rarest(alternatives().map(|part| self.rule(part)).collect()),
            "any" => usable(Need::any(
                alternatives()
                    .map(|part| self.rule(part))
                    .collect::<Vec<_>>(),
            )),
            "matches" => value
                .as_str()
                .and_then(|name| self.parts.util(name))
                .map_or(Need::Nothing, |util| self.rule(util)),
            "not" => {
                // Only for its patterns' sake: what must not be there need not be in the text.
                self.rule(value);
                Need::Nothing
            }
            "nthChild" => {
                if let Some(rule) = value.get("ofRule") {
                    self.rule(rule);
                }
                Need::Nothing
            }
            relation if RELATIONS.contains(&relation) => {
                if let Some(stop) = value.get("stopBy") {
                    self.rule(stop);
                }
                self.rule(value)
            }
            _ => Need::Nothing,
        }
    }

    fn pattern(&mut self, value: &'s Value) -> Need {
        let text = value
            .as_str()
            .or_else(|| value.get("context")?.as_str())
            .unwrap_or_default();
        let selector = value.get("selector").and_then(Value::as_str);
        let built = match selector {
            Some(selector) => Pattern::contextual(text, selector, self.lang),
            None => Pattern::try_new(text, self.lang),
        };
        let Ok(pattern) = built else {
            return Need::Nothing;
        };
        if has_error(&pattern.node) {
            self.errors.push(CodeError::new(format!(
                "in {}: pattern `{text}` does not parse; write more of the code around it as \
                 `context`, with a `selector`",
                self.language.as_str()
            )));
            return Need::Nothing;
        }
        let strictness = value
            .get("strictness")
            .and_then(Value::as_str)
            .unwrap_or("smart");
        let Ok(strictness) = strictness.parse() else {
            return Need::Nothing;
        };
        let mut parts = Vec::new();
        self.node(&pattern.node, &strictness, &mut parts);
        rarest(parts)
    }

    /// Leaves that must be equal, and constraints on metavariables that must be bound.
    fn node(&mut self, node: &PatternNode, strictness: &MatchStrictness, parts: &mut Vec<Need>) {
        match node {
            PatternNode::Terminal {
                text,
                is_named: true,
                ..
            } if !matches!(strictness, MatchStrictness::Signature) => {
                parts.push(usable(Need::literal(leaf(text))));
            }
            PatternNode::MetaVar {
                meta_var: MetaVariable::Capture(name, true),
            } => {
                if let Some(rule) = self.parts.constraint(name) {
                    let need = self.rule(rule);
                    parts.push(need);
                }
            }
            PatternNode::Terminal { .. } | PatternNode::MetaVar { .. } => {}
            PatternNode::Internal { children, .. } => {
                for child in children {
                    self.node(child, strictness, parts);
                }
            }
        }
    }
}

/// A leaf of a pattern: what is a word in it is a token of the code.
fn leaf(text: &str) -> Literal {
    let word = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    Literal {
        text: text.to_owned(),
        cased: true,
        starts: word,
        ends: word,
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

/// All of `parts`, without the words that stand in most files when there is anything better.
fn rarest(parts: Vec<Need>) -> Need {
    let literal = |need: &Need| matches!(need, Need::One(Clue::Literal(_)) | Need::Any(_));
    if parts.iter().any(|need| literal(need) && spares(need)) {
        return Need::all(parts.into_iter().filter(spares));
    }
    Need::all(parts)
}

/// Is there something in it that does not stand in most files?
pub(super) fn spares(need: &Need) -> bool {
    match need {
        Need::Nothing => false,
        Need::One(Clue::Literal(literal)) => !is_usual(&literal.text),
        Need::One(Clue::Regex(_)) => true,
        Need::Any(parts) => parts.iter().all(spares),
        Need::All(parts) => parts.iter().any(spares),
    }
}

/// A text that is too short to search for, or too many texts, are no help.
fn usable(need: Need) -> Need {
    fn searchable(need: &Need) -> bool {
        match need {
            Need::Nothing => false,
            Need::One(Clue::Literal(literal)) => literal.text.len() >= MIN_LEN,
            // The parts of these were asked when they were made.
            Need::One(Clue::Regex(_)) | Need::All(_) | Need::Any(_) => true,
        }
    }
    if searchable(&need) && need.size() <= MOST {
        need
    } else {
        Need::Nothing
    }
}

/// Literals without which a regex cannot match the text of a node.
fn of_regex(regex: &str) -> Need {
    // The same defaults as `regex::Regex`, which ast-grep uses.
    let Ok(hir) = regex_syntax::Parser::new().parse(regex) else {
        return Need::Nothing;
    };
    exact(&hir).unwrap_or_else(|| {
        let sets = pattern::required(std::slice::from_ref(&&hir))
            .into_iter()
            .map(|set| usable(Need::any(set.literals.into_iter().map(Need::literal))));
        let literals = Need::all(sets);
        if literals == Need::Nothing {
            // Searching every file for a regex that any text may match costs more than it spares.
            return Need::Nothing;
        }
        if is_exact(&hir) {
            return literals;
        }
        let regex = relax::for_files(&hir).map(|hir| Need::One(Clue::Regex(hir.to_string())));
        Need::all([literals, regex.unwrap_or(Need::Nothing)])
    })
}

/// A regex that matches a few texts and nothing else. Where it is tied to the edge of a node or of
/// a word, its text is tied to the edge of a token.
fn exact(hir: &Hir) -> Option<Need> {
    let texts = Extractor::new().extract(hir);
    let texts = texts.literals().filter(|_| texts.is_exact())?;
    let tied =
        |looks: LookSet, edges: [Look; 3]| edges.into_iter().any(|edge| looks.contains(edge));
    let words = |edge| [edge, Look::WordAscii, Look::WordUnicode];
    let starts = tied(hir.properties().look_set_prefix(), words(Look::Start));
    let ends = tied(hir.properties().look_set_suffix(), words(Look::End));
    let mut needs = Vec::new();
    for text in texts {
        let text = std::str::from_utf8(text.as_bytes()).ok()?;
        needs.push(usable(Need::literal(Literal {
            text: text.to_owned(),
            cased: true,
            starts,
            ends,
        })));
    }
    Some(usable(Need::any(needs)))
}
