//! Compiled `code` matchers: an ast-grep rule for each language, and the literals without which
//! it cannot match.

mod lint;
mod needs;

use super::need::Need;
use super::spec::CodeSpec;
use crate::model::Language;
use crate::syntax::code::{SyntaxNode, grammar};
use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRuleCore};
use ast_grep_core::Matcher;
use ast_grep_core::matcher::{MatcherExt, NodeMatch};
use ast_grep_core::tree_sitter::StrDoc;
use ast_grep_language::SupportLang;
use regex::bytes::{Regex, RegexBuilder};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

/// A node that matched, with its metavariables.
pub type CodeMatch<'t> = NodeMatch<'t, StrDoc<SupportLang>>;

/// Something wrong with a `code` matcher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeError {
    /// What is wrong, and in which language.
    pub message: String,
}

impl CodeError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

/// A `code` matcher, ready to run in each of its languages.
pub struct CodeMatcher {
    languages: BTreeSet<Language>,
    compiled: BTreeMap<Language, Compiled>,
    redact: Vec<String>,
    contains: Option<Regex>,
}

/// The rule in one language.
struct Compiled {
    rule: RuleCore,
    /// Node kinds the matched node can have, ascending.
    kinds: Vec<u16>,
    /// What a text must hold for a match.
    need: Need,
}

impl CodeMatcher {
    /// Compiles the rule for each of its languages, and refuses what cannot work in one of them.
    pub fn compile(spec: &CodeSpec) -> Result<Self, Vec<CodeError>> {
        let parts = lint::Parts {
            rule: &spec.rule.value,
            constraints: spec.constraints.as_ref(),
            utils: spec.utils.as_ref(),
        };
        let mut errors = lint::check(&parts);
        if let Some(Err(error)) = spec.contains.as_deref().map(gate) {
            errors.push(CodeError::new(format!("`contains`: {error}")));
        }
        if spec.languages.is_empty() {
            errors.push(CodeError::new("`languages` is empty"));
        }
        let languages = expand(&spec.languages);
        let mut compiled = BTreeMap::new();
        for language in &languages {
            match compile_for(*language, spec) {
                Ok(mut rule) if errors.is_empty() => {
                    let required = needs::required(*language, &parts);
                    errors.extend(required.errors);
                    rule.need = required.need;
                    compiled.insert(*language, rule);
                }
                Ok(_) => {}
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            errors.dedup();
            return Err(errors);
        }
        let redact = spec.redact.clone();
        let contains = spec.contains.as_deref().and_then(|regex| gate(regex).ok());
        Ok(Self {
            languages,
            compiled,
            redact,
            contains,
        })
    }

    /// What a text in this language must hold for a match. Matches are never lost to it.
    pub fn need(&self, language: Language) -> &Need {
        self.compiled
            .get(&language)
            .map_or(&Need::Nothing, |compiled| &compiled.need)
    }

    /// Can a file with this text hold what the matcher is written for?
    pub fn admits(&self, text: &str) -> bool {
        self.contains
            .as_ref()
            .is_none_or(|regex| regex.is_match(text.as_bytes()))
    }

    /// Metavariables that no output may contain.
    pub fn redact(&self) -> &[String] {
        &self.redact
    }

    /// The languages it runs on; `typescript` includes TSX.
    pub fn languages(&self) -> &BTreeSet<Language> {
        &self.languages
    }

    /// Node kinds that a match can have in this language; empty when it does not run there.
    pub fn kinds(&self, language: Language) -> &[u16] {
        self.compiled
            .get(&language)
            .map_or(&[], |compiled| &compiled.kinds)
    }

    /// Does the rule match this very node?
    pub fn match_node<'t>(
        &self,
        language: Language,
        node: &SyntaxNode<'t>,
    ) -> Option<CodeMatch<'t>> {
        self.compiled.get(&language)?.rule.match_node(node.clone())
    }
}

/// A regex over the bytes of a whole file, as `contains` is written.
pub fn gate(regex: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(regex)
        .multi_line(true)
        .unicode(false)
        .size_limit(1 << 20)
        .build()
}

/// `typescript` means TSX too: a component may stand in either.
fn expand(languages: &[Language]) -> BTreeSet<Language> {
    let mut all: BTreeSet<Language> = languages.iter().copied().collect();
    if all.contains(&Language::TypeScript) {
        all.insert(Language::Tsx);
    }
    all
}

fn compile_for(language: Language, spec: &CodeSpec) -> Result<Compiled, CodeError> {
    let name = language.as_str();
    let Some(grammar) = grammar(language) else {
        return Err(CodeError::new(format!(
            "no grammar for `{name}`; use a `text` matcher"
        )));
    };
    let rule = core(spec)?
        .get_matcher(DeserializeEnv::new(grammar))
        .map_err(|error| CodeError::new(format!("in {name}: {}", chain(&error))))?;
    let Some(kinds) = rule.potential_kinds() else {
        return Err(CodeError::new(format!(
            "in {name}: nothing says which node may match; add a `kind` or a `pattern`"
        )));
    };
    let kinds: Vec<u16> = kinds
        .iter()
        .filter_map(|kind| u16::try_from(kind).ok())
        .collect();
    if kinds.is_empty() {
        return Err(CodeError::new(format!(
            "in {name}: can never match; its parts want nodes of different kinds"
        )));
    }
    Ok(Compiled {
        rule,
        kinds,
        need: Need::Nothing,
    })
}

fn core(spec: &CodeSpec) -> Result<SerializableRuleCore, CodeError> {
    let mut object = Map::new();
    object.insert("rule".to_owned(), spec.rule.value.clone());
    for (key, part) in [("constraints", &spec.constraints), ("utils", &spec.utils)] {
        if let Some(part) = part {
            object.insert(key.to_owned(), part.clone());
        }
    }
    serde_json::from_value(Value::Object(object))
        .map_err(|error| CodeError::new(format!("not an ast-grep rule: {error}")))
}

/// An error with its causes, in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests;
