//! The body of a function as statements: enough to see on which way a request leaves it.

use super::super::text::Piece;
use crate::model::{Language, RepoPath};

/// Statements nest this deep at most.
const DEPTH: usize = 12;

/// A statement, and what stands in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Statement<'t> {
    /// One of two ways.
    If {
        test: &'t str,
        then: Vec<Self>,
        other: Vec<Self>,
    },
    /// For each item of a list; the header as it is written.
    Each { header: &'t str, body: Vec<Self> },
    /// When something before it fails.
    Catch(Vec<Self>),
    /// A value is returned or an error raised.
    Leave(&'t str),
    /// Anything else.
    Plain(&'t str),
}

/// The statements of a function's body.
pub(super) fn parse<'t>(
    path: &RepoPath,
    language: Option<Language>,
    text: &'t str,
) -> Vec<Statement<'t>> {
    let piece = Piece::new(path, language, text);
    if language == Some(Language::Python) {
        let lines = lines(&piece, text);
        let inside = lines.iter().position(|line| line.text.contains("def "));
        let body = lines.get(inside.map_or(0, |at| at + 1)..);
        return Indented { piece: &piece }.block(body.unwrap_or_default(), DEPTH);
    }
    let braced = Braced {
        piece: &piece,
        text,
    };
    let open = braced.body().unwrap_or(text.len());
    braced.block(open, DEPTH).0
}

/// A line of Python with the lines that its brackets hold together.
#[derive(Clone, Copy)]
struct Line<'t> {
    indent: usize,
    /// Where it begins in the whole text.
    at: usize,
    text: &'t str,
}

fn lines<'t>(piece: &Piece<'_>, text: &'t str) -> Vec<Line<'t>> {
    let mut found = Vec::new();
    let (mut depth, mut from) = (0_i32, 0);
    let ends = text.char_indices().chain([(text.len(), '\n')]);
    for (at, letter) in ends {
        if letter == '\n' && depth <= 0 && (at == text.len() || piece.is_code(at)) {
            let whole = text.get(from..at).unwrap_or_default();
            let bare = whole.trim_start();
            let indent = whole.len() - bare.len();
            if !bare.is_empty() && piece.is_code(from + indent) {
                found.push(Line {
                    indent,
                    at: from + indent,
                    text: bare.trim_end(),
                });
            }
            from = at + 1;
        } else if piece.is_code(at) {
            match letter {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
        }
    }
    found
}

/// Python: blocks are known by their indentation.
struct Indented<'p, 't> {
    piece: &'p Piece<'t>,
}

impl<'t> Indented<'_, 't> {
    fn block(&self, lines: &[Line<'t>], depth: usize) -> Vec<Statement<'t>> {
        let mut found = Vec::new();
        let Some(depth) = depth.checked_sub(1) else {
            return found;
        };
        let mut rest = lines;
        while let Some((line, after)) = rest.split_first() {
            let length = after
                .iter()
                .take_while(|next| next.indent > line.indent)
                .count();
            let (inside, next) = after.split_at_checked(length).unwrap_or((after, &[]));
            rest = next;
            let (head, tail) = self.header(line);
            let body = || {
                let mut body: Vec<Statement<'t>> = tail.map(simple).into_iter().collect();
                body.extend(self.block(inside, depth));
                body
            };
            let word = head.split([' ', ':', '(']).find(|word| *word != "async");
            match word.unwrap_or_default() {
                "if" | "elif" => {
                    let test = head.trim_start_matches("elif").trim_start_matches("if");
                    let statement = Statement::If {
                        test: test.trim(),
                        then: body(),
                        other: Vec::new(),
                    };
                    if head.starts_with("elif") {
                        otherwise(&mut found, vec![statement]);
                    } else {
                        found.push(statement);
                    }
                }
                "else" => otherwise(&mut found, body()),
                "for" => found.push(Statement::Each {
                    header: head,
                    body: body(),
                }),
                "while" => found.push(Statement::If {
                    test: "?",
                    then: body(),
                    other: Vec::new(),
                }),
                "try" | "with" | "finally" => found.extend(body()),
                "except" => found.push(Statement::Catch(body())),
                "def" | "class" => {}
                _ => found.push(simple(line.text)),
            }
        }
        found
    }

    /// What stands before the colon that opens a block, and a statement behind it.
    fn header(&self, line: &Line<'t>) -> (&'t str, Option<&'t str>) {
        let mut depth = 0_i32;
        for (at, letter) in line.text.char_indices() {
            if !self.piece.is_code(line.at + at) {
                continue;
            }
            match letter {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                ':' if depth == 0 => {
                    let head = line.text.get(..at).unwrap_or_default();
                    let tail = line.text.get(at + 1..).unwrap_or_default().trim();
                    let code = !tail.is_empty() && !tail.starts_with('#');
                    return (head, code.then_some(tail));
                }
                _ => {}
            }
        }
        (line.text, None)
    }
}

fn simple(text: &str) -> Statement<'_> {
    let leaves = ["return", "raise", "throw"];
    let word = text.split(|c: char| !c.is_alphanumeric()).next();
    if word.is_some_and(|word| leaves.contains(&word)) {
        Statement::Leave(text)
    } else {
        Statement::Plain(text)
    }
}

/// Puts what is done otherwise at the end of the chain of conditions before it.
fn otherwise<'t>(found: &mut [Statement<'t>], body: Vec<Statement<'t>>) {
    let mut place = found.last_mut();
    while let Some(Statement::If { other, .. }) = place {
        if other.is_empty() {
            *other = body;
            return;
        }
        place = other.last_mut();
    }
}

/// Scripts: blocks stand in braces.
struct Braced<'p, 't> {
    piece: &'p Piece<'t>,
    text: &'t str,
}

impl<'t> Braced<'_, 't> {
    fn letter(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// Where the body of the function begins, behind its brace.
    fn body(&self) -> Option<usize> {
        let braces = self.text.match_indices('{');
        let mut opening = braces
            .filter(|(at, _)| self.piece.is_code(*at))
            .filter(|(at, _)| {
                let before = self.text.get(..*at).unwrap_or_default().trim_end();
                before.ends_with([')', '>']) || before.ends_with(char::is_alphanumeric)
            });
        opening.next().map(|(at, _)| at + 1)
    }

    /// The statements from `at` to the brace that closes the block, and where that stands.
    fn block(&self, mut at: usize, depth: usize) -> (Vec<Statement<'t>>, usize) {
        let mut found = Vec::new();
        while let Some(start) = self.next(at) {
            if self.letter(start) == Some('}') {
                return (found, start + 1);
            }
            let end = self.statement(start, depth, &mut found);
            at = end.max(start + 1);
        }
        (found, self.text.len())
    }

    /// The next letter of code that is no space.
    fn next(&self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        let mut letters = rest
            .char_indices()
            .map(|(offset, letter)| (at + offset, letter));
        let found = letters.find(|(at, letter)| {
            let inside = self.piece.is_code(*at) || self.piece.is_string(*at);
            !letter.is_whitespace() && *letter != ';' && inside
        });
        found.map(|(at, _)| at)
    }

    /// Reads one statement and says where it ends.
    fn statement(&self, at: usize, depth: usize, found: &mut Vec<Statement<'t>>) -> usize {
        let Some(depth) = depth.checked_sub(1) else {
            return self.text.len();
        };
        let rest = self.text.get(at..).unwrap_or_default();
        let word: &str = rest
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default();
        let behind = at + word.len();
        match word {
            "" if rest.starts_with('{') => {
                let (body, end) = self.block(at + 1, depth);
                found.extend(body);
                end
            }
            "if" => self.condition(behind, depth, found),
            "for" | "while" => {
                let (header, end) = self.parentheses(behind);
                let mut body = Vec::new();
                let end = self.branch(end, depth, &mut body);
                found.push(Statement::Each { header, body });
                end
            }
            "try" | "finally" | "do" => self.branch(behind, depth, found),
            "catch" => {
                let start = self.next(behind).unwrap_or(self.text.len());
                let open = if self.letter(start) == Some('(') {
                    self.parentheses(behind).1
                } else {
                    behind
                };
                let mut body = Vec::new();
                let end = self.branch(open, depth, &mut body);
                found.push(Statement::Catch(body));
                end
            }
            _ => {
                let end = self.end(at);
                let text = self.text.get(at..end).unwrap_or_default();
                found.push(simple(text.trim_end_matches([';', ' ', '\n'])));
                end
            }
        }
    }

    fn condition(&self, at: usize, depth: usize, found: &mut Vec<Statement<'t>>) -> usize {
        let (test, end) = self.parentheses(at);
        let (mut then, mut other) = (Vec::new(), Vec::new());
        let mut end = self.branch(end, depth, &mut then);
        if let Some(next) = self.next(end)
            && self
                .text
                .get(next..)
                .is_some_and(|rest| rest.starts_with("else"))
        {
            end = self.branch(next + 4, depth, &mut other);
        }
        found.push(Statement::If { test, then, other });
        end
    }

    fn branch(&self, at: usize, depth: usize, found: &mut Vec<Statement<'t>>) -> usize {
        match self.next(at) {
            Some(start) => self.statement(start, depth, found),
            None => self.text.len(),
        }
    }

    /// What stands in the parentheses at or after `at`, and where they end.
    fn parentheses(&self, at: usize) -> (&'t str, usize) {
        let Some(open) = self.text.get(at..).and_then(|rest| rest.find('(')) else {
            return ("", self.text.len());
        };
        let from = at + open + 1;
        let inside = self.piece.inside(at + open).unwrap_or_default();
        let end = from + inside.len();
        (
            self.text.get(from..end).unwrap_or_default(),
            (end + 1).min(self.text.len()),
        )
    }

    /// Where a statement ends: at a semicolon, a brace, or a line that nothing carries on.
    fn end(&self, at: usize) -> usize {
        let mut depth = 0_i32;
        let rest = self.text.get(at..).unwrap_or_default();
        for (offset, letter) in rest.char_indices() {
            let here = at + offset;
            if !self.piece.is_code(here) {
                continue;
            }
            match letter {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                ';' if depth == 0 => return here + 1,
                '\n' if depth == 0 => {
                    let next = self.next(here).and_then(|next| self.letter(next));
                    let before = self.text.get(at..here).unwrap_or_default().trim_end();
                    let open = before.ends_with(['=', '?', ':', '&', '|', ',', '+'])
                        || before.ends_with("=>");
                    let goes_on = next.is_some_and(|c| matches!(c, '.' | '?' | ':' | '&' | '|'));
                    if !open && !goes_on {
                        return here;
                    }
                }
                _ => {}
            }
            if depth < 0 {
                return here;
            }
        }
        self.text.len()
    }
}
