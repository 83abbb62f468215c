//! Compiled `code` matchers: an ast-grep rule for each language, and the literals without which
//! it cannot match.

mod ascii;
mod lint;
mod needs;

use super::need::Need;
use super::search::Search;
use super::spec::CodeSpec;
use crate::model::Language;
use crate::syntax::code::{SyntaxNode, grammar};
use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRuleCore};
use ast_grep_core::Matcher;
use ast_grep_core::matcher::{MatcherExt, NodeMatch};
use ast_grep_core::tree_sitter::StrDoc;
use ast_grep_language::SupportLang;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::OnceLock;

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

/// A `code` matcher: an ast-grep rule that is compiled for a language when a file first needs it.
pub struct CodeMatcher {
    spec: CodeSpec,
    compiled: BTreeMap<Language, OnceLock<Option<Compiled>>>,
}

/// The rule in one language.
struct Compiled {
    rule: RuleCore,
    /// Node kinds the matched node can have, ascending.
    kinds: Vec<u16>,
}

impl CodeMatcher {
    /// The matcher of a spec, of which nothing is compiled yet. In a language where it does not
    /// compile it finds nothing; `validate` says why.
    pub fn new(spec: &CodeSpec) -> Self {
        let languages = expand(&spec.languages).into_iter();
        Self {
            spec: spec.clone(),
            compiled: languages
                .map(|language| (language, OnceLock::new()))
                .collect(),
        }
    }

    /// Compiles the rule for each of its languages, and says what cannot work in one of them.
    pub fn validate(&self) -> Result<(), Vec<CodeError>> {
        let parts = self.parts();
        let mut errors = lint::check(&parts);
        let contains = self.contains().map(|source| Search::new(source, false));
        if let Some(Err(error)) = contains.map(|search| search.validate()) {
            errors.push(CodeError::new(format!("`contains`: {error}")));
        }
        if self.compiled.is_empty() {
            errors.push(CodeError::new("`languages` is empty"));
        }
        let regexes = needs::Regexes::default();
        for language in self.languages() {
            match compile_for(language, &self.spec) {
                Ok(_) if errors.is_empty() => {
                    errors.extend(needs::required(language, &parts, &regexes).errors);
                }
                Ok(_) => {}
                Err(error) => errors.push(error),
            }
        }
        errors.dedup();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    fn parts(&self) -> lint::Parts<'_> {
        lint::Parts {
            rule: &self.spec.rule.value,
            constraints: self.spec.constraints.as_ref(),
            utils: self.spec.utils.as_ref(),
        }
    }

    fn compiled(&self, language: Language) -> Option<&Compiled> {
        self.compiled
            .get(&language)?
            .get_or_init(|| compile_for(language, &self.spec).ok())
            .as_ref()
    }

    /// What texts in these of its languages must hold for a match, derived anew with every call.
    /// Matches are never lost to it. Where its author says what a file must contain, words that
    /// stand in most files are not asked for.
    pub fn needs(&self, languages: &BTreeSet<Language>) -> Vec<(Language, Need)> {
        let (parts, regexes) = (self.parts(), needs::Regexes::default());
        let need = |language| {
            let need = needs::required(language, &parts, &regexes).need;
            let spares = self.contains().is_none() || needs::spares(&need);
            (language, if spares { need } else { Need::Nothing })
        };
        let languages = self.languages().filter(|it| languages.contains(it));
        languages.map(need).collect()
    }

    /// What its author says must be found in a file before it is worth parsing.
    pub fn contains(&self) -> Option<&str> {
        self.spec.contains.as_deref()
    }

    /// Metavariables that no output may contain.
    pub fn redact(&self) -> &[String] {
        &self.spec.redact
    }

    /// The languages it runs on; `typescript` includes TSX.
    pub fn languages(&self) -> impl Iterator<Item = Language> + '_ {
        self.compiled.keys().copied()
    }

    /// Node kinds that a match can have in this language; empty when it does not run there.
    pub fn kinds(&self, language: Language) -> &[u16] {
        self.compiled(language)
            .map_or(&[], |compiled| &compiled.kinds)
    }

    /// Does the rule match this very node?
    pub fn match_node<'t>(
        &self,
        language: Language,
        node: &SyntaxNode<'t>,
    ) -> Option<CodeMatch<'t>> {
        self.compiled(language)?.rule.match_node(node.clone())
    }
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
    Ok(Compiled { rule, kinds })
}

fn core(spec: &CodeSpec) -> Result<SerializableRuleCore, CodeError> {
    let mut object = Map::new();
    object.insert("rule".to_owned(), spec.rule.value.clone());
    for (key, part) in [("constraints", &spec.constraints), ("utils", &spec.utils)] {
        if let Some(part) = part {
            object.insert(key.to_owned(), part.clone());
        }
    }
    let mut rule = Value::Object(object);
    ascii::in_rule(&mut rule);
    serde_json::from_value(rule)
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
