//! Bicep into the arena, in the shape that Terraform has: `resource.TYPE.NAME`, `module.NAME`,
//! `param.NAME`, `var.NAME`. Types lose their version; expressions that are no literals are unknown.
//!
//! Only what declares something is read. Types, functions, imports and decorators are passed over.

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

impl<'t> Reader<'t> {
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

    /// Passes over an expression, to the end of its line; inside a value also to what ends it.
    fn expression(&mut self, inside: bool) -> Result<(), Unparsed> {
        let before = self.at;
        loop {
            self.until(|byte| byte == b'\n' || inside && matches!(byte, b',' | b'}' | b']'))?;
            if !self.goes_on() {
                break;
            }
            // The operator that was seen.
            self.at += 1;
        }
        if self.at == before && !inside {
            // A bracket that closes nothing.
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        }
        Ok(())
    }

    /// Does an operator follow, on this line or at the start of the next? Stands before it then,
    /// and where it stood if not.
    fn goes_on(&mut self) -> bool {
        let anywhere = ["?", ":", "||", "&&", "==", "!=", "+", "*", "%"];
        // At the start of a line these begin an item of a list.
        let here = [".", "[", "(", "-", "<", ">", "/"];
        let before = self.at;
        self.skip_space(false);
        let comment = self.rest().starts_with("//") || self.rest().starts_with("/*");
        let sees = |signs: &[&str], rest: &str| signs.iter().any(|sign| rest.starts_with(sign));
        if !comment && sees(&here, self.rest()) {
            return true;
        }
        self.skip_space(true);
        if sees(&anywhere, self.rest()) {
            return true;
        }
        self.at = before;
        false
    }

    /// Passes over text up to a byte outside strings, comments and brackets, and returns it.
    fn until(&mut self, ends: impl Fn(u8) -> bool) -> Result<&'t str, Unparsed> {
        let start = self.at;
        while let Some(byte) = self.byte() {
            if ends(byte) {
                break;
            }
            match byte {
                b'\'' => drop(self.string()?),
                b'(' | b'[' | b'{' => self.bracketed()?,
                b'/' if self.rest().starts_with("//") => {
                    let text = self.text.get(start..self.at);
                    self.skip_comment();
                    if self.byte().is_none_or(&ends) {
                        return Ok(text.unwrap_or_default().trim_end());
                    }
                }
                b'/' if self.rest().starts_with("/*") => self.skip_comment(),
                _ => self.at += 1,
            }
        }
        Ok(self.text.get(start..self.at).unwrap_or_default().trim_end())
    }

    /// Passes over brackets and all that is in them.
    fn bracketed(&mut self) -> Result<(), Unparsed> {
        let mut open = 0_u32;
        while let Some(byte) = self.byte() {
            match byte {
                b'\'' => {
                    self.string()?;
                    continue;
                }
                b'/' if self.rest().starts_with("//") || self.rest().starts_with("/*") => {
                    self.skip_comment();
                    continue;
                }
                b'(' | b'[' | b'{' => open += 1,
                b')' | b']' | b'}' => open = open.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Ok(());
            }
        }
        Err(self.wrong())
    }

    /// `[for x in y: ...]` makes nobody knows how many items.
    fn is_loop(&self) -> bool {
        let inside = self.after("[");
        inside
            .strip_prefix("for")
            .is_some_and(|rest| rest.starts_with([' ', '(']))
    }

    /// What follows `word` and white space.
    fn after(&self, word: &str) -> &'t str {
        self.rest()
            .get(word.len()..)
            .unwrap_or_default()
            .trim_start()
    }

    /// A string at this place; `None` when it interpolates.
    fn string(&mut self) -> Result<Option<String>, Unparsed> {
        if let Some(text) = self.rest().strip_prefix("\'\'\'") {
            let Some(end) = text.find("\'\'\'") else {
                return Err(self.wrong());
            };
            self.at += end + 6;
            let text = text.get(..end).unwrap_or_default();
            return Ok(Some(text.strip_prefix('\n').unwrap_or(text).to_owned()));
        }
        if !self.eat(b'\'') {
            return Err(self.wrong());
        }
        let mut out = String::new();
        let mut plain = true;
        while let Some(letter) = self.rest().chars().next() {
            self.at += letter.len_utf8();
            match letter {
                '\'' => return Ok(plain.then_some(out)),
                '\n' => break,
                '\\' => {
                    let next = self.rest().chars().next().unwrap_or_default();
                    self.at += next.len_utf8();
                    out.push(match next {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        other => other,
                    });
                }
                '$' if self.rest().starts_with('{') => {
                    plain = false;
                    self.deeper()?;
                    self.bracketed()?;
                    self.depth -= 1;
                }
                other => out.push(other),
            }
        }
        Err(self.wrong())
    }

    /// The name that a declaration gives, with its place.
    fn name(&mut self) -> (&'t str, Span) {
        self.skip_space(false);
        let start = self.at;
        let name = self.word();
        (name, Span::new(start, self.at))
    }

    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn skip_space(&mut self, lines: bool) {
        while let Some(byte) = self.byte() {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' if lines => self.at += 1,
                b'/' if self.rest().starts_with("/*") => self.skip_comment(),
                b'/' if lines && self.rest().starts_with("//") => self.skip_comment(),
                _ => break,
            }
        }
    }

    fn skip_comment(&mut self) {
        let rest = self.rest();
        let length = if rest.starts_with("//") {
            rest.find('\n')
        } else {
            rest.find("*/").map(|at| at + 2)
        };
        self.at += length.unwrap_or(rest.len());
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.byte() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn wrong(&self) -> Unparsed {
        bounds::malformed("Bicep", self.text, self.at)
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
mod tests {
    use crate::model::RepoPath;
    use crate::syntax::{Document, Format, Selector, Unparsed, parse};

    fn read(text: &str) -> Result<Document, Unparsed> {
        parse(Format::Bicep, &RepoPath::new("main.bicep").unwrap(), text)
    }

    const MAIN: &str = r"// An app.
@description('which one')
@allowed([
  'staging'
])
param environment string = 'staging'
@secure()
param password string
param sizes array = [ 1, 2 ]
type pair = { a: int, b: string }
var name = 'app-${environment}'
var days = 7 // a week
resource site 'Microsoft.Web/sites@2023-12-01' = if (environment == 'prod') {
  name: name
  tags: { 'cost center': 'a', 'x${name}': 'b' }
  properties: {
    httpsOnly: false
    minimum: -1
    linuxFxVersion: 'NODE|16-lts'
    ftps: environment == 'prod' ? 'Disabled'
      : 'AllAllowed'
    settings: [
      { name: 'A', value: '1' }
      { name: 'B', value: password }
    ]
    script: '''
it's plain
'''
  }
  resource config 'config@2023-12-01' = { name: 'web', on: true }
}
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: 'v'
}
resource many 'Microsoft.Storage/storageAccounts@2023-01-01' = [for i in range(0, 3): {
  name: 's${i}'
}]
module net './net.bicep' = {
  name: 'net'
  params: { open: true }
}
output host string = site.properties.defaultHostName
";

    #[test]
    fn declarations_are_mappings_and_expressions_are_unknown() {
        let document = read(MAIN).unwrap();
        let show = |path: &str| {
            let hits = Selector::compile(path).unwrap().select(&document);
            hits.iter()
                .map(|hit| document.value(hit.node, 99).display())
                .collect::<Vec<_>>()
                .join(" ")
        };
        let site = "$.resource['Microsoft.Web/sites'].site";
        for (path, want) in [
            ("$.param.environment.default", "staging"),
            ("$.param.password", "{}"),
            ("$.param.sizes.default", "[1,2]"),
            ("$.var.name", "?"),
            ("$.var.days", "7"),
            (&format!("{site}.name"), "?"),
            (&format!("{site}.tags['cost center']"), "a"),
            (&format!("{site}.tags"), "?"),
            (&format!("{site}.properties.httpsOnly"), "false"),
            (&format!("{site}.properties.minimum"), "-1"),
            (&format!("{site}.properties.linuxFxVersion"), "NODE|16-lts"),
            (&format!("{site}.properties.ftps"), "?"),
            (&format!("{site}.properties.settings[0].value"), "1"),
            (&format!("{site}.properties.settings[1].value"), "?"),
            (&format!("{site}.properties.script"), "it's plain\n"),
            ("$.resource['Microsoft.Web/sites/config'].config.on", "true"),
            ("$.existing['Microsoft.KeyVault/vaults'].vault.name", "v"),
            ("$.resource['Microsoft.Storage/storageAccounts'].many", "?"),
            ("$.module.net.params.open", "true"),
        ] {
            assert_eq!(show(path), want, "{path}");
        }
    }

    #[test]
    fn places_are_exact() {
        for text in [MAIN.to_owned(), MAIN.replace('\n', "\r\n")] {
            let document = read(&text).unwrap();
            let line = |path: &str| {
                let hit = &Selector::compile(path).unwrap().select(&document)[0];
                let span = document.first_line(hit.hit_span(&document));
                text.get(span.range()).unwrap().to_owned()
            };
            assert_eq!(line("$..httpsOnly"), "httpsOnly: false");
            assert_eq!(
                line("$.resource['Microsoft.Web/sites'].site"),
                "resource site 'Microsoft.Web/sites@2023-12-01' = if (environment == 'prod') {"
            );
        }
    }

    #[test]
    fn hostile_files_are_refused_or_read() {
        for text in [
            "resource a 'b' = {\n".to_owned(),
            format!("var a = {}", "[".repeat(100_000)),
            format!("var a = {}", "{a:".repeat(500)),
            "var a = 'x\n".to_owned(),
            "var a = '${'${'${".to_owned(),
            "var a = { : }".to_owned(),
            "var a = [ ) ]".to_owned(),
        ] {
            let _ = read(&text);
        }
        for text in [
            "",
            "}",
            "resource",
            "param",
            "= = =",
            "\u{e9}\u{e9}'",
            "@@@\n]]",
        ] {
            let _ = read(text);
        }
    }
}
