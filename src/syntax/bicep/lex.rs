//! The signs of Bicep: words, strings, brackets, comments, and where an expression ends.

use super::Reader;
use crate::model::Span;
use crate::syntax::bounds::{self, Unparsed};

impl<'t> Reader<'t> {
    /// Passes over an expression, to the end of its line; inside a value also to what ends it.
    pub(super) fn expression(&mut self, inside: bool) -> Result<(), Unparsed> {
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
    pub(super) fn goes_on(&mut self) -> bool {
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
    pub(super) fn until(&mut self, ends: impl Fn(u8) -> bool) -> Result<&'t str, Unparsed> {
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
    pub(super) fn bracketed(&mut self) -> Result<(), Unparsed> {
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
    pub(super) fn is_loop(&self) -> bool {
        let inside = self.after("[");
        inside
            .strip_prefix("for")
            .is_some_and(|rest| rest.starts_with([' ', '(']))
    }

    /// What follows `word` and white space.
    pub(super) fn after(&self, word: &str) -> &'t str {
        self.rest()
            .get(word.len()..)
            .unwrap_or_default()
            .trim_start()
    }

    /// A string at this place; `None` when it interpolates.
    pub(super) fn string(&mut self) -> Result<Option<String>, Unparsed> {
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
    pub(super) fn name(&mut self) -> (&'t str, Span) {
        self.skip_space(false);
        let start = self.at;
        let name = self.word();
        (name, Span::new(start, self.at))
    }

    pub(super) fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    pub(super) fn skip_space(&mut self, lines: bool) {
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

    pub(super) fn skip_comment(&mut self) {
        let rest = self.rest();
        let length = if rest.starts_with("//") {
            rest.find('\n')
        } else {
            rest.find("*/").map(|at| at + 2)
        };
        self.at += length.unwrap_or(rest.len());
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let there = self.byte() == Some(byte);
        self.at += usize::from(there);
        there
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn wrong(&self) -> Unparsed {
        bounds::malformed("Bicep", self.text, self.at)
    }
}
