//! Bicep into the arena, in the shape that Terraform has: `resource.TYPE.NAME`, `module.NAME`,
//! `param.NAME`, `var.NAME`. Types lose their version; expressions that are no literals are unknown.
//!
//! Only what declares something is read. Types, functions, imports and decorators are passed over.

mod lex;

use super::bounds::{self, Unparsed};
use super::{Document, NodeId, NodeKind};
use crate::model::Span;

/// Levels of nested values.
const DEPTH: u32 = 64;

pub(super) fn parse(text: &str) -> Result<Document, Unparsed> {
    bounds::check_brackets(text)?;
    let (document, root) = Document::mapping(Span::new(0, text.len()));
    let mut reader = Reader {
        text,
        at: 0,
        document,
        root,
        depth: 0,
    };
    reader.file()?;
    Ok(reader.document)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    document: Document,
    root: NodeId,
    /// Values, and strings inside strings, that are open.
    depth: u32,
}

impl Reader<'_> {
    fn file(&mut self) -> Result<(), Unparsed> {
        loop {
            self.skip_space(true);
            let start = self.at;
            if start >= self.text.len() {
                return Ok(());
            }
            match self.word() {
                "resource" => self.resource(start, "")?,
                "module" => {
                    let (name, key) = self.name();
                    self.skip_space(false);
                    self.string()?;
                    self.declared(start, &["module", name], key)?;
                }
                "var" => {
                    let (name, key) = self.name();
                    self.declared(start, &["var", name], key)?;
                }
                "param" => self.param(start)?,
                _ => self.expression(false)?,
            }
        }
    }

    /// `resource NAME 'TYPE@VERSION' [existing] = VALUE`, inside a resource of type `within`.
    fn resource(&mut self, start: usize, within: &str) -> Result<(), Unparsed> {
        let (name, key) = self.name();
        self.skip_space(false);
        let declared = self.string()?.unwrap_or_default();
        let kind = declared.split('@').next().unwrap_or_default();
        let kind = if within.is_empty() {
            kind.to_owned()
        } else {
            format!("{within}/{kind}")
        };
        self.skip_space(false);
        // What exists already is described elsewhere.
        let block = if self.rest().starts_with("existing") {
            self.word();
            "existing"
        } else {
            "resource"
        };
        self.declared(start, &[block, &kind, name], key)
    }

    fn param(&mut self, start: usize) -> Result<(), Unparsed> {
        let (name, key) = self.name();
        let id = self.place_of(&["param", name], key, Span::new(start, self.at));
        // The type: a word, a list of words, or an object.
        self.until(|byte| matches!(byte, b'=' | b'\n'))?;
        if self.eat(b'=') {
            self.skip_space(false);
            let at = self.at;
            let key = ("default", Span::new(at, at));
            let value = self.document.insert(id, key, NodeKind::Unknown, key.1);
            self.value(value, "")?;
        }
        Ok(())
    }

    /// `= VALUE` after the head of a declaration that began at `start`.
    fn declared(&mut self, start: usize, path: &[&str], key: Span) -> Result<(), Unparsed> {
        self.skip_space(false);
        if !self.eat(b'=') {
            return self.expression(false);
        }
        let head = Span::new(start, self.at);
        let id = self.place_of(path, key, head);
        self.skip_space(true);
        let kind = match path {
            ["resource" | "existing", kind, _] => *kind,
            _ => "",
        };
        self.value(id, kind)?;
        if let Some(node) = self.document.nodes.get_mut(id as usize) {
            node.span.start = head.start;
        }
        Ok(())
    }

    /// The node at `path` below the root; levels that are missing are made.
    fn place_of(&mut self, path: &[&str], key: Span, span: Span) -> NodeId {
        let mut id = self.root;
        let last = path.len().saturating_sub(1);
        for (level, name) in path.iter().enumerate() {
            let known = self.document.entry(id, name).filter(|_| level < last);
            id = known.map_or_else(
                || {
                    let empty = NodeKind::Map(Vec::new());
                    self.document.insert(id, (name, key), empty, span)
                },
                |(_, value)| value,
            );
        }
        id
    }

    /// Reads a value into node `id`. `within` is the type of the resource whose body it is.
    fn value(&mut self, id: NodeId, within: &str) -> Result<(), Unparsed> {
        self.deeper()?;
        let start = self.at;
        let rest = self.rest();
        let kind = if rest.starts_with('{') {
            self.set(id, NodeKind::Map(Vec::new()), start);
            self.object(id, within)?;
            None
        } else if rest.starts_with('[') && !self.is_loop() {
            self.set(id, NodeKind::List(Vec::new()), start);
            self.list(id)?;
            None
        } else if rest.starts_with('\'') {
            let text = self.string()?;
            Some(text.map_or(NodeKind::Unknown, |text| NodeKind::Str(text.into())))
        } else if rest.starts_with("if") && self.after("if").starts_with('(') {
            self.word();
            self.skip_space(false);
            self.bracketed()?;
            self.skip_space(true);
            self.value(id, within)?;
            self.depth -= 1;
            return Ok(());
        } else {
            let word = self.until(|byte| matches!(byte, b'\n' | b',' | b'}' | b']'))?;
            Some(literal(word))
        };
        self.depth -= 1;
        let end = self.at;
        if let Some(kind) = kind {
            self.set(id, kind, start);
        }
        // Whatever follows a literal makes it a part of an expression.
        if self.goes_on() {
            self.expression(true)?;
            self.set(id, NodeKind::Unknown, start);
        } else if let Some(node) = self.document.nodes.get_mut(id as usize) {
            node.span = Span::new(start, end);
        }
        Ok(())
    }

    /// One level further down, if there is one.
    fn deeper(&mut self) -> Result<(), Unparsed> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(bounds::too_deep());
        }
        Ok(())
    }

    fn set(&mut self, id: NodeId, kind: NodeKind, start: usize) {
        if let Some(node) = self.document.nodes.get_mut(id as usize) {
            node.kind = kind;
            node.span = Span::new(start, self.at.max(start));
        }
    }

    fn object(&mut self, id: NodeId, within: &str) -> Result<(), Unparsed> {
        self.eat(b'{');
        loop {
            self.skip_space(true);
            if self.eat(b'}') {
                return Ok(());
            }
            if self.eat(b',') {
                continue;
            }
            let start = self.at;
            if self.rest().starts_with('\'') {
                let name = self.string()?;
                self.entry(id, name, start)?;
                continue;
            }
            if self.rest().starts_with("...") || self.rest().starts_with('@') {
                // A spread may bring any key.
                self.document.open.insert(id);
                self.expression(true)?;
                continue;
            }
            let name = self.word();
            if name.is_empty() {
                return Err(self.wrong());
            }
            self.skip_space(false);
            if name == "resource" && !within.is_empty() && !self.rest().starts_with(':') {
                self.resource(start, within)?;
            } else {
                self.entry(id, Some(name.to_owned()), start)?;
            }
        }
    }

    /// `: VALUE` after a key that began at `start`.
    fn entry(&mut self, map: NodeId, name: Option<String>, start: usize) -> Result<(), Unparsed> {
        let key = Span::new(start, self.at);
        self.skip_space(false);
        if !self.eat(b':') {
            return Err(self.wrong());
        }
        self.skip_space(true);
        let Some(name) = name else {
            // A computed key may be any key.
            self.document.open.insert(map);
            return self.expression(true);
        };
        let value = Span::new(self.at, self.at);
        let id = self
            .document
            .insert(map, (&name, key), NodeKind::Unknown, value);
        self.value(id, "")
    }

    fn list(&mut self, id: NodeId) -> Result<(), Unparsed> {
        self.eat(b'[');
        loop {
            self.skip_space(true);
            if self.eat(b']') {
                return Ok(());
            }
            if self.eat(b',') {
                continue;
            }
            let before = self.at;
            let item = self
                .document
                .append(id, NodeKind::Unknown, Span::new(before, before));
            self.value(item, "")?;
            if self.at == before {
                return Err(self.wrong());
            }
        }
    }
}

/// A word as a value: what is no literal is an expression.
fn literal(word: &str) -> NodeKind {
    match word {
        "true" => NodeKind::Bool(true),
        "false" => NodeKind::Bool(false),
        "null" => NodeKind::Null,
        _ => word.parse().map_or(NodeKind::Unknown, NodeKind::Int),
    }
}

#[cfg(test)]
mod tests;
