//! The grammar of RFC 9535: text to `Selector`, with the place of the first mistake.

mod literal;
mod test;

use super::{Comparison, Operand, Pick, Query, Segment, SelectError, Selector, Test};

/// Parentheses, negations and filters inside each other.
const DEPTH: u32 = 64;

pub(super) fn compile(path: &str) -> Result<Selector, SelectError> {
    let mut parser = Parser {
        path,
        at: 0,
        depth: 0,
    };
    parser.expect("$")?;
    let segments = parser.segments()?;
    if parser.at < path.len() {
        return parser.fail("expected `.`, `..` or `[`");
    }
    Ok(Selector { segments })
}

struct Parser<'p> {
    path: &'p str,
    at: usize,
    depth: u32,
}

type Parsed<T> = Result<T, SelectError>;

impl<'p> Parser<'p> {
    fn rest(&self) -> &'p str {
        self.path.get(self.at..).unwrap_or_default()
    }

    fn fail<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err(SelectError {
            message: message.into(),
            offset: self.at,
        })
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    fn expect(&mut self, token: &str) -> Parsed<()> {
        if self.eat(token) {
            Ok(())
        } else {
            self.fail(format!("expected `{token}`"))
        }
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > DEPTH {
            return self.fail("nested too deeply");
        }
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn segments(&mut self) -> Parsed<Vec<Segment>> {
        let mut segments = Vec::new();
        loop {
            let before = self.at;
            self.blanks();
            if self.eat("..") {
                let picks = match self.peek() {
                    Some('[') => self.bracketed()?,
                    _ => vec![self.shorthand()?],
                };
                segments.push(Segment {
                    descendant: true,
                    picks,
                });
            } else if self.eat(".") {
                segments.push(Segment {
                    descendant: false,
                    picks: vec![self.shorthand()?],
                });
            } else if self.peek() == Some('[') {
                segments.push(Segment {
                    descendant: false,
                    picks: self.bracketed()?,
                });
            } else {
                self.at = before;
                return Ok(segments);
            }
        }
    }

    /// `*` or a member name after a dot.
    fn shorthand(&mut self) -> Parsed<Pick> {
        if self.eat("*") {
            return Ok(Pick::Wildcard);
        }
        let first = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
        let rest = self.rest();
        let end = rest
            .find(|c| !(first(c) || c.is_ascii_digit()))
            .unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default();
        if !name.starts_with(first) {
            return self.fail("expected a name or `*`");
        }
        self.at += end;
        if self.peek() == Some('-') {
            return self.fail("a name with `-` is written `['…']`");
        }
        Ok(Pick::Name(name.into()))
    }

    fn bracketed(&mut self) -> Parsed<Vec<Pick>> {
        self.expect("[")?;
        let mut picks = Vec::new();
        loop {
            self.blanks();
            picks.push(self.pick()?);
            self.blanks();
            if self.eat("]") {
                return Ok(picks);
            }
            if !self.eat(",") {
                return self.fail("expected `,` or `]`");
            }
        }
    }

    fn pick(&mut self) -> Parsed<Pick> {
        match self.peek() {
            Some('*') => {
                self.at += 1;
                Ok(Pick::Wildcard)
            }
            Some('\'' | '"') => Ok(Pick::Name(self.string()?)),
            Some('?') => {
                self.at += 1;
                self.blanks();
                Ok(Pick::Filter(self.deeper(Self::any)?))
            }
            Some('-' | ':' | '0'..='9') => self.index_or_slice(),
            _ => self.fail("expected a name in quotes, an index, `*`, `:` or `?`"),
        }
    }

    fn index_or_slice(&mut self) -> Parsed<Pick> {
        let start = if self.peek() == Some(':') {
            None
        } else {
            Some(self.integer()?)
        };
        let before = self.at;
        self.blanks();
        if !self.eat(":") {
            self.at = before;
            return start.map_or_else(
                || self.fail("expected an index"),
                |index| Ok(Pick::Index(index)),
            );
        }
        self.blanks();
        let end = self.optional_integer()?;
        self.blanks();
        let mut step = None;
        if self.eat(":") {
            self.blanks();
            step = self.optional_integer()?;
        }
        Ok(Pick::Slice {
            start,
            end,
            step: step.unwrap_or(1),
        })
    }
}

impl Query {
    /// Does this path lead to at most one node whatever the document?
    fn is_singular(&self) -> bool {
        self.segments.iter().all(|segment| {
            !segment.descendant && matches!(&*segment.picks, [Pick::Name(_) | Pick::Index(_)])
        })
    }
}
