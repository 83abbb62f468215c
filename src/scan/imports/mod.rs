//! Modules that a file asks for, as written, found without parsing it.
//!
//! Statements are found by regexes and dropped where they begin in a comment or a string. Too
//! many imports only make a file look reachable; too few would hide code that runs.
//!
//! `package` clauses and namespaces are given as the module `package:NAME`. A module whose name
//! is computed ends in `*` where the fixed part of it ends.

mod ecma;
mod jvm;
mod python;
mod script;

use crate::model::{Context, Import, Language, LineIndex};
use crate::syntax::Contexts;
use regex::{Captures, Regex};
use std::sync::{Arc, LazyLock};

/// A regex that is compiled when it is first needed; a test shows that each compiles.
type Statement = LazyLock<Option<Regex>>;

/// Most imports that are kept of one file.
const MOST: usize = 2_000;
/// Lines that are shown of one statement.
const LINES: u32 = 6;
/// Longest line that is shown, in bytes.
const LONGEST: usize = 160;

/// What `text` imports, in order of lines. Languages whose imports are not followed give none.
pub(super) fn imports<'t>(
    language: Language,
    text: &'t str,
    contexts: &Contexts<'t>,
) -> Vec<Import> {
    let mut found = Finder {
        text,
        contexts,
        lines: None,
        imports: Vec::new(),
    };
    match language {
        Language::Python => python::imports(&mut found),
        Language::JavaScript
        | Language::TypeScript
        | Language::Tsx
        | Language::Vue
        | Language::Svelte => ecma::imports(&mut found),
        Language::Java | Language::Kotlin | Language::Scala => jvm::java(&mut found),
        Language::CSharp => jvm::csharp(&mut found),
        Language::Go => script::go(&mut found),
        Language::Php => script::php(&mut found),
        Language::Ruby => script::ruby(&mut found),
        Language::C
        | Language::Cpp
        | Language::Dart
        | Language::Rust
        | Language::Shell
        | Language::Sql
        | Language::Swift => {}
    }
    found
        .imports
        .sort_by(|a, b| (a.line, &a.module, &a.names).cmp(&(b.line, &b.module, &b.names)));
    found.imports.dedup();
    found.imports
}

/// Collects imports of one text.
struct Finder<'t, 'c> {
    text: &'t str,
    contexts: &'c Contexts<'t>,
    lines: Option<LineIndex>,
    imports: Vec<Import>,
}

impl<'t> Finder<'t, '_> {
    /// Matches of `regex` that begin in code. Group 1 must be what begins the statement.
    fn statements(&self, regex: &Statement) -> Vec<Captures<'t>> {
        let found = regex
            .iter()
            .flat_map(|regex| regex.captures_iter(self.text));
        found
            .filter(|found| self.is_code(start(found)))
            .take(MOST)
            .collect()
    }

    fn is_code(&self, at: usize) -> bool {
        self.context(at) == Context::Code
    }

    fn is_comment(&self, at: usize) -> bool {
        self.context(at) == Context::Comment
    }

    fn context(&self, at: usize) -> Context {
        self.contexts.at(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// Adds what the statement that begins with group 1 of `found` imports.
    fn add(&mut self, found: &Captures<'_>, module: &str, names: Vec<Arc<str>>) {
        self.add_at(start(found), module, names);
    }

    fn add_at(&mut self, at: usize, module: &str, names: Vec<Arc<str>>) {
        if module.is_empty() || self.imports.len() >= MOST {
            return;
        }
        let text = self.text.as_bytes();
        let lines = self.lines.get_or_insert_with(|| LineIndex::new(text));
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let line = lines.position(text, at).line.get();
        let shown = if names.is_empty() {
            Arc::default()
        } else {
            statement(self.text, lines, line)
        };
        self.imports.push(Import {
            module: module.into(),
            names,
            line,
            at,
            shown,
        });
    }
}

/// The lines from the first one of a statement to the one that closes its brackets. Nothing of a
/// line that nobody wrote by hand.
fn statement(text: &str, lines: &LineIndex, first: u32) -> Arc<str> {
    let last = lines
        .len(text.as_bytes())
        .min(first.saturating_add(LINES - 1));
    let mut shown: Vec<&str> = Vec::new();
    let mut open = 0_usize;
    for number in first..=last {
        let span = lines.line_span(text.as_bytes(), number);
        let line = text.get(span.range()).unwrap_or_default().trim_end();
        if line.len() > LONGEST {
            return Arc::default();
        }
        shown.push(line);
        open += line.matches(['(', '{']).count();
        open = open.saturating_sub(line.matches([')', '}']).count());
        if open == 0 {
            break;
        }
    }
    Arc::from(shown.join("\n"))
}

/// Where the statement begins.
fn start(found: &Captures<'_>) -> usize {
    found
        .get(1)
        .or_else(|| found.get(0))
        .map_or(0, |group| group.start())
}

/// The text of a group; `""` if it took no part in the match.
fn group<'t>(found: &Captures<'t>, index: usize) -> &'t str {
    found.get(index).map_or("", |group| group.as_str())
}

/// A computed module name, cut where the expression begins: `./pages/${name}` is `./pages/*`.
fn until_expression(module: &str, expression: &str) -> String {
    match module.split_once(expression) {
        Some((fixed, _)) => format!("{fixed}*"),
        None => module.to_owned(),
    }
}

#[cfg(test)]
mod tests;
