//! Filter expressions: logic, comparisons and functions.

use super::{Comparison, Operand, Parsed, Parser, Query, Test};
use regex::RegexBuilder;

/// Bytes of a compiled regex.
const REGEX_SIZE: usize = 1 << 20;

impl Parser<'_> {
    pub(super) fn any(&mut self) -> Parsed<Test> {
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
}
