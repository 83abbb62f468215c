//! The grammar of RFC 9535: text to `Selector`, with the place of the first mistake.

use super::{Comparison, Operand, Pick, Query, Segment, SelectError, Selector, Test};
use regex::RegexBuilder;
use std::sync::Arc;

/// Parentheses, negations and filters inside each other.
const DEPTH: u32 = 64;
/// The largest number that a path may hold: what a double holds exactly.
const MAX_INT: i64 = (1 << 53) - 1;
/// Bytes of a compiled regex.
const REGEX_SIZE: usize = 1 << 20;

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

    fn optional_integer(&mut self) -> Parsed<Option<i64>> {
        match self.peek() {
            Some('-' | '0'..='9') => self.integer().map(Some),
            _ => Ok(None),
        }
    }

    fn integer(&mut self) -> Parsed<i64> {
        let rest = self.rest();
        let digits = rest.strip_prefix('-').unwrap_or(rest);
        let length = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        let digits = digits.get(..length).unwrap_or_default();
        let text = rest
            .get(..rest.len().min(length + usize::from(rest.starts_with('-'))))
            .unwrap_or_default();
        if digits.is_empty() || digits.starts_with('0') && text != "0" {
            return self.fail("expected a whole number");
        }
        let Some(value) = text
            .parse()
            .ok()
            .filter(|value: &i64| value.abs() <= MAX_INT)
        else {
            return self.fail("this number is too large");
        };
        self.at += text.len();
        Ok(value)
    }

    fn string(&mut self) -> Parsed<Arc<str>> {
        let Some(quote) = self.peek() else {
            return self.fail("expected a string");
        };
        self.at += quote.len_utf8();
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else {
                return self.fail("this string does not end");
            };
            match c {
                c if c == quote => {
                    self.at += 1;
                    return Ok(text.into());
                }
                '\\' => text.push(self.escape(quote)?),
                c if c < ' ' => return self.fail("a control character must be escaped"),
                c => {
                    text.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self, quote: char) -> Parsed<char> {
        self.at += 1;
        let Some(c) = self.peek() else {
            return self.fail("this string does not end");
        };
        let decoded = match c {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '/' | '\\' => c,
            c if c == quote => c,
            'u' => return self.unicode_escape(),
            _ => return self.fail("this escape does not exist"),
        };
        self.at += 1;
        Ok(decoded)
    }

    fn unicode_escape(&mut self) -> Parsed<char> {
        let unit = |parser: &mut Self| -> Option<u32> {
            let digits = parser.rest().strip_prefix('u')?.get(..4)?;
            let digits = Some(digits)
                .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            parser.at += 5;
            u32::from_str_radix(digits, 16).ok()
        };
        let start = self.at;
        let Some(high) = unit(self) else {
            return self.fail("expected four hexadecimal digits");
        };
        let code = if (0xD800..0xDC00).contains(&high) {
            let low = if self.eat("\\") { unit(self) } else { None };
            low.filter(|low| (0xDC00..0xE000).contains(low))
                .map_or(high, |low| {
                    0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
                })
        } else {
            high
        };
        match char::from_u32(code) {
            Some(c) => Ok(c),
            None => {
                self.at = start;
                self.fail("half of a surrogate pair")
            }
        }
    }

    fn any(&mut self) -> Parsed<Test> {
        let mut tests = vec![self.all()?];
        loop {
            self.blanks();
            if !self.eat("||") {
                return Ok(if tests.len() == 1 {
                    tests.remove(0)
                } else {
                    Test::Any(tests)
                });
            }
            self.blanks();
            tests.push(self.all()?);
        }
    }

    fn all(&mut self) -> Parsed<Test> {
        let mut tests = vec![self.basic()?];
        loop {
            self.blanks();
            if !self.eat("&&") {
                return Ok(if tests.len() == 1 {
                    tests.remove(0)
                } else {
                    Test::All(tests)
                });
            }
            self.blanks();
            tests.push(self.basic()?);
        }
    }

    fn basic(&mut self) -> Parsed<Test> {
        if self.eat("!") {
            self.blanks();
            let negatable = matches!(self.peek(), Some('(' | '@' | '$' | 'm' | 's'));
            if !negatable {
                return self.fail("expected `(`, `@`, `$` or a function");
            }
            let start = self.at;
            let test = self.deeper(Self::basic)?;
            if matches!(test, Test::Compare(..))
                && !self.path.get(start..).unwrap_or_default().starts_with('(')
            {
                self.at = start;
                return self.fail("a negated comparison needs parentheses");
            }
            return Ok(Test::Not(Box::new(test)));
        }
        if self.eat("(") {
            self.blanks();
            let test = self.deeper(Self::any)?;
            self.blanks();
            self.expect(")")?;
            return Ok(test);
        }
        for (function, whole) in [("match(", true), ("search(", false)] {
            if self.eat(function) {
                return self.regex_test(whole);
            }
        }
        self.comparison()
    }

    fn regex_test(&mut self, whole: bool) -> Parsed<Test> {
        self.blanks();
        let operand = self.operand()?;
        self.blanks();
        self.expect(",")?;
        self.blanks();
        let start = self.at;
        if !matches!(self.peek(), Some('\'' | '"')) {
            return self.fail("expected a regex in quotes");
        }
        let pattern = self.string()?;
        let source = if whole {
            format!("^(?:{pattern})$")
        } else {
            pattern.to_string()
        };
        let regex = RegexBuilder::new(&source).size_limit(REGEX_SIZE).build();
        let Ok(regex) = regex else {
            self.at = start;
            return self.fail("this regex does not compile");
        };
        self.blanks();
        self.expect(")")?;
        Ok(Test::Regex(operand, regex))
    }

    fn comparison(&mut self) -> Parsed<Test> {
        let start = self.at;
        if let Some('@' | '$') = self.peek() {
            let query = self.query()?;
            let after = self.at;
            self.blanks();
            let Some(comparison) = self.comparator() else {
                self.at = after;
                return Ok(Test::Exists(query));
            };
            if !query.is_singular() {
                self.at = start;
                return self.fail("only a path to a single node can be compared");
            }
            self.blanks();
            return Ok(Test::Compare(
                Operand::Node(query),
                comparison,
                self.operand()?,
            ));
        }
        let left = self.operand()?;
        self.blanks();
        let Some(comparison) = self.comparator() else {
            return self.fail("expected a comparison");
        };
        self.blanks();
        Ok(Test::Compare(left, comparison, self.operand()?))
    }

    fn comparator(&mut self) -> Option<Comparison> {
        let comparators = [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        comparators
            .into_iter()
            .find(|(token, _)| self.eat(token))
            .map(|(_, comparison)| comparison)
    }

    fn query(&mut self) -> Parsed<Query> {
        let absolute = self.peek() == Some('$');
        self.at += 1;
        Ok(Query {
            absolute,
            segments: self.deeper(Self::segments)?,
        })
    }

    fn operand(&mut self) -> Parsed<Operand> {
        let start = self.at;
        match self.peek() {
            Some('\'' | '"') => return Ok(Operand::Text(self.string()?)),
            Some('-' | '0'..='9') => return self.number(),
            Some('@' | '$') => {
                let query = self.query()?;
                if query.is_singular() {
                    return Ok(Operand::Node(query));
                }
                self.at = start;
                return self.fail("only a path to a single node can be compared");
            }
            _ => {}
        }
        for (word, operand) in [
            ("true", Operand::Bool(true)),
            ("false", Operand::Bool(false)),
            ("null", Operand::Null),
        ] {
            if self.eat(word) {
                return Ok(operand);
            }
        }
        if self.eat("length(") {
            self.blanks();
            let inner = self.deeper(Self::operand)?;
            self.close(Operand::Length(Box::new(inner)))
        } else if self.eat("count(") {
            let query = self.query_argument()?;
            self.close(Operand::Count(query))
        } else if self.eat("value(") {
            let query = self.query_argument()?;
            self.close(Operand::Node(query))
        } else {
            self.fail("expected a value, `@`, `$` or a function")
        }
    }

    fn query_argument(&mut self) -> Parsed<Query> {
        self.blanks();
        match self.peek() {
            Some('@' | '$') => self.query(),
            _ => self.fail("expected a path that begins with `@` or `$`"),
        }
    }

    fn close(&mut self, operand: Operand) -> Parsed<Operand> {
        self.blanks();
        self.expect(")")?;
        Ok(operand)
    }

    fn number(&mut self) -> Parsed<Operand> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let digits = |from: usize| {
            bytes
                .iter()
                .skip(from)
                .take_while(|byte| byte.is_ascii_digit())
                .count()
        };
        let sign = usize::from(rest.starts_with('-'));
        let whole = digits(sign);
        let mut end = sign + whole;
        let leading_zero = whole > 1 && bytes.get(sign) == Some(&b'0');
        if bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let signed = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + signed);
            end += if exponent > 0 {
                1 + signed + exponent
            } else {
                0
            };
        }
        let number = rest.get(..end).and_then(|text| text.parse().ok());
        match number {
            Some(number) if whole > 0 && !leading_zero => {
                self.at += end;
                Ok(Operand::Number(number))
            }
            _ => self.fail("expected a number"),
        }
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
