//! Program text as syntax trees: which languages have a grammar, and parsing within bounds.
//!
//! A grammar runs on a stranger's bytes, so size, nesting and time are bounded here, before and
//! after the parser runs. A tree that comes out of `parse` can be walked recursively.

mod bounds;
mod enclosing;
mod handler;
mod literal;
mod php;

pub use enclosing::Enclosing;
pub use literal::{content_range, kind_of, plain_string, text_of};

use crate::model::{Language, SkipReason};
use ast_grep_core::AstGrep;
use ast_grep_core::tree_sitter::{LanguageExt, StrDoc, TSLanguage};
use ast_grep_language::SupportLang;
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// What `Tree` hands to matchers: a syntax node with its text.
pub type SyntaxNode<'t> = ast_grep_core::Node<'t, StrDoc<SupportLang>>;

/// Largest text that is parsed, in bytes.
pub const MAX_BYTES: usize = 2 << 20;

/// Deepest tree that is handed out. Of 5,900 files of six healthcare systems the deepest is 139;
/// what exceeds this are minified bundles and generated chains, on which matchers would recurse.
pub const MAX_DEPTH: u32 = 500;

/// Languages that have a grammar.
const LANGUAGES: [Language; 10] = [
    Language::CSharp,
    Language::Go,
    Language::Java,
    Language::JavaScript,
    Language::Kotlin,
    Language::Php,
    Language::Python,
    Language::Ruby,
    Language::Tsx,
    Language::TypeScript,
];

/// The grammars, loaded once, so that the names of their node kinds live for ever.
static LOADED: LazyLock<Vec<(SupportLang, TSLanguage)>> = LazyLock::new(|| {
    LANGUAGES
        .into_iter()
        .filter_map(grammar)
        .map(|lang| (lang, lang.get_ts_language()))
        .collect()
});

fn loaded(lang: SupportLang) -> Option<&'static TSLanguage> {
    LOADED
        .iter()
        .find(|(known, _)| *known == lang)
        .map(|(_, loaded)| loaded)
}

/// The grammar of a language, for compiling patterns. `None` for languages without one.
pub fn grammar(language: Language) -> Option<SupportLang> {
    Some(match language {
        Language::CSharp => SupportLang::CSharp,
        Language::Go => SupportLang::Go,
        Language::Java => SupportLang::Java,
        Language::JavaScript => SupportLang::JavaScript,
        Language::Kotlin => SupportLang::Kotlin,
        Language::Php => SupportLang::Php,
        Language::Python => SupportLang::Python,
        Language::Ruby => SupportLang::Ruby,
        Language::Tsx => SupportLang::Tsx,
        Language::TypeScript => SupportLang::TypeScript,
        Language::C
        | Language::Cpp
        | Language::Dart
        | Language::Rust
        | Language::Scala
        | Language::Shell
        | Language::Sql
        | Language::Svelte
        | Language::Swift
        | Language::Vue => return None,
    })
}

/// Why a text has no tree. The detail names a bound, never the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unparsed {
    /// Why.
    pub reason: SkipReason,
    /// Which bound was hit.
    pub detail: String,
}

impl Unparsed {
    fn new(reason: SkipReason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }
}

/// A parsed text: no deeper than `MAX_DEPTH`, with error nodes where it is not valid.
pub struct Tree {
    root: AstGrep<StrDoc<SupportLang>>,
}

impl Tree {
    /// The node that spans the whole text.
    pub fn root(&self) -> SyntaxNode<'_> {
        self.root.root()
    }

    /// Nodes whose kind `wanted` accepts, in order of position, parents before children.
    pub fn nodes(&self, wanted: impl Fn(u16) -> bool) -> Vec<SyntaxNode<'_>> {
        Walk::new(self.root().get_inner_node())
            .filter(|(node, _)| wanted(node.kind_id()))
            .map(|(node, _)| self.root.adopt(node))
            .collect()
    }
}

thread_local! {
    /// One parser for each thread: making one allocates, and a parser cannot be shared.
    static PARSER: RefCell<tree_sitter::Parser> = RefCell::new(tree_sitter::Parser::new());
}

/// Parses `text` within `budget` of wall-clock time.
///
/// Text that does not follow the grammar still gives a tree; it holds error nodes.
pub fn parse(language: Language, text: &str, budget: Duration) -> Result<Tree, Unparsed> {
    let Some(lang) = grammar(language) else {
        let name = language.as_str();
        return Err(Unparsed::new(
            SkipReason::Internal,
            format!("no grammar for {name}"),
        ));
    };
    if text.len() > MAX_BYTES {
        return Err(Unparsed::new(
            SkipReason::TooLarge,
            format!("more than {} MiB of code", MAX_BYTES >> 20),
        ));
    }
    bounds::check(language, text)?;
    let src = match language {
        Language::Php => php::only_code(text),
        _ => text.to_owned(),
    };
    let tree = parse_until(lang, &src, Instant::now().checked_add(budget))?;
    if Walk::new(tree.root_node()).any(|(_, depth)| depth > MAX_DEPTH) {
        let detail = format!("syntax nested more than {MAX_DEPTH} levels");
        return Err(Unparsed::new(SkipReason::TooDeep, detail));
    }
    Ok(Tree {
        root: AstGrep::doc(StrDoc { src, lang, tree }),
    })
}

fn parse_until(
    lang: SupportLang,
    src: &str,
    deadline: Option<Instant>,
) -> Result<tree_sitter::Tree, Unparsed> {
    PARSER.with_borrow_mut(|parser| {
        parser.reset();
        let loaded = loaded(lang).map(|loaded| parser.set_language(loaded));
        if !matches!(loaded, Some(Ok(()))) {
            return Err(Unparsed::new(SkipReason::Internal, "grammar does not load"));
        }
        let mut read = |offset: usize, _| src.as_bytes().get(offset..).unwrap_or_default();
        let mut progress = |_: &tree_sitter::ParseState| match deadline {
            Some(deadline) if Instant::now() >= deadline => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        };
        let options = tree_sitter::ParseOptions::new().progress_callback(&mut progress);
        let tree = parser.parse_with_options(&mut read, None, Some(options));
        tree.ok_or_else(|| Unparsed::new(SkipReason::Budget, "parsing took too long"))
    })
}

/// All nodes below and with a root, parents before children, each with its depth.
///
/// Moves one cursor, so a deep tree needs no deep stack.
struct Walk<'t> {
    cursor: tree_sitter::TreeCursor<'t>,
    depth: u32,
    done: bool,
}

impl<'t> Walk<'t> {
    fn new(root: tree_sitter::Node<'t>) -> Self {
        Self {
            cursor: root.walk(),
            depth: 0,
            done: false,
        }
    }

    fn advance(&mut self) {
        if self.cursor.goto_first_child() {
            self.depth += 1;
            return;
        }
        while !self.cursor.goto_next_sibling() {
            if !self.cursor.goto_parent() {
                self.done = true;
                return;
            }
            self.depth -= 1;
        }
    }
}

impl<'t> Iterator for Walk<'t> {
    type Item = (tree_sitter::Node<'t>, u32);

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let item = (self.cursor.node(), self.depth);
        self.advance();
        Some(item)
    }
}

#[cfg(test)]
mod tests;
