//! What a code hit carries: its text, its metavariables, and where in the program it stands.

use crate::model::{MatcherId, Span, Value};
use crate::rule::code::CodeMatch;
use crate::scan::raw::Raw;
use crate::syntax::code::{Enclosing, SyntaxNode, content_range, kind_of, text_of};
use ast_grep_core::meta_var::MetaVariable;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Longest text that is kept of a node, in bytes.
const MAX_TEXT: usize = 4 << 10;

/// Most nodes that a `$$$` capture keeps.
const MAX_ITEMS: usize = 256;

/// The hit that a match is.
pub(super) fn raw(matcher: MatcherId, found: &CodeMatch<'_>, redact: &[String]) -> Raw {
    let mut captures = BTreeMap::new();
    let mut kinds = BTreeMap::new();
    let mut mask = Vec::new();
    let env = found.get_env();
    for variable in env.get_matched_variables() {
        match variable {
            MetaVariable::Capture(name, _) => {
                let Some(node) = env.get_match(&name) else {
                    continue;
                };
                if redact.contains(&name) {
                    let range = content_range(node);
                    mask.push(Span::new(range.start, range.end));
                }
                let name: Arc<str> = name.into();
                captures.insert(name.clone(), text_value(node));
                kinds.insert(name, kind_of(node));
            }
            // ast-grep keeps its own labels, in lower case, beside the metavariables.
            MetaVariable::MultiCapture(name) if !name.starts_with(char::is_lowercase) => {
                let nodes = env.get_multiple_matches(&name);
                let named = nodes
                    .iter()
                    .filter(|node| node.is_named() && !node.is_extra());
                let items = named.take(MAX_ITEMS).map(text_value);
                captures.insert(name.into(), Value::list(items));
            }
            MetaVariable::MultiCapture(_) | MetaVariable::Multiple | MetaVariable::Dropped(_) => {}
        }
    }
    surroundings(found, &mut captures);
    let range = found.range();
    Raw {
        matcher,
        span: Span::new(range.start, range.end),
        value: Value::str(cut(&found.text())),
        captures,
        kinds,
        mask,
    }
}

/// Captures that every code hit has. Lower case, so no metavariable can collide.
fn surroundings(node: &SyntaxNode<'_>, captures: &mut BTreeMap<Arc<str>, Value>) {
    let here = Enclosing::of(node);
    let decorators = here.decorators.iter().map(|text| Value::str(cut(text)));
    captures.extend([
        (Arc::from("function"), Value::str(here.function.as_str())),
        (Arc::from("async"), Value::Bool(here.is_async)),
        (Arc::from("loop"), Value::Bool(here.in_loop)),
        (Arc::from("class"), Value::str(here.class.as_str())),
        (Arc::from("decorators"), Value::list(decorators)),
        (Arc::from("handler"), Value::Bool(here.is_handler)),
    ]);
}

fn text_value(node: &SyntaxNode<'_>) -> Value {
    Value::str(cut(&text_of(node)))
}

/// The start of a long text, cut between characters.
fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_TEXT))
        .unwrap_or(text)
}
