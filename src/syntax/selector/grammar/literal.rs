//! Strings and numbers of a path.

use super::{Operand, Parsed, Parser};
use std::sync::Arc;

/// The largest number that a path may hold: what a double holds exactly.
const MAX_INT: i64 = (1 << 53) - 1;

impl Parser<'_> {
    pub(super) fn optional_integer(&mut self) -> Parsed<Option<i64>> {
        match self.peek() {
            Some('-' | '0'..='9') => self.integer().map(Some),
            _ => Ok(None),
        }
    }

    pub(super) fn integer(&mut self) -> Parsed<i64> {
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

    pub(super) fn string(&mut self) -> Parsed<Arc<str>> {
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

    pub(super) fn number(&mut self) -> Parsed<Operand> {
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
