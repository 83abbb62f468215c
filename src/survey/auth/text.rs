//! Names in pieces of code, read without a parser: comments and strings excluded.

use crate::model::{Context, Language, RepoPath};
use crate::syntax::Contexts;

/// A name that code mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention<'t> {
    /// The name, with what it is taken from: `passport.authenticate`.
    pub(super) name: &'t str,
    /// An opening parenthesis follows.
    pub(super) called: bool,
    /// A colon or a single equals sign follows: it names what comes after it.
    pub(super) label: bool,
    /// Where the name ends.
    pub(super) end: usize,
}

/// A piece of code and what of it is code.
pub(super) struct Piece<'t> {
    text: &'t str,
    contexts: Contexts<'t>,
}

impl<'t> Piece<'t> {
    /// Reads a piece of the file `path`.
    pub(super) fn new(path: &RepoPath, language: Option<Language>, text: &'t str) -> Self {
        Self {
            text,
            contexts: Contexts::of(path, language, text.as_bytes()),
        }
    }

    /// Is the byte at `at` code, and no comment or string?
    pub(super) fn is_code(&self, at: usize) -> bool {
        self.is(at, Context::Code)
    }

    /// Is the byte at `at` of a string?
    pub(super) fn is_string(&self, at: usize) -> bool {
        self.is(at, Context::String)
    }

    fn is(&self, at: usize, context: Context) -> bool {
        u32::try_from(at).is_ok_and(|at| self.contexts.at(at) == context)
    }

    /// Every name in the piece, in order.
    pub(super) fn mentions(&self) -> Vec<Mention<'t>> {
        let mut found = Vec::new();
        let mut start = None;
        let letters = self.text.char_indices().chain([(self.text.len(), ' ')]);
        for (at, letter) in letters {
            let inside = letter.is_alphanumeric() || matches!(letter, '_' | '$');
            let joins = start.is_some() && self.joins(at, letter);
            if (inside || joins) && self.is_code(at) {
                start = start.or(Some(at));
            } else if let Some(from) = start.take() {
                found.extend(self.mention(from, at));
            }
        }
        found
    }

    /// Does the letter at `at` hold two names together, or end one?
    fn joins(&self, at: usize, letter: char) -> bool {
        let rest = self.text.get(at..).unwrap_or_default();
        let next = rest.chars().nth(1).unwrap_or(' ');
        match letter {
            '.' => next.is_alphabetic() || next == '_' || next == '$',
            ':' => {
                rest.starts_with("::")
                    || self.text.get(..at).is_some_and(|text| text.ends_with(':'))
            }
            '-' => rest.starts_with("->"),
            '>' => self.text.get(..at).is_some_and(|text| text.ends_with('-')),
            '!' => next != '=',
            '?' => next == '.',
            _ => false,
        }
    }

    fn mention(&self, from: usize, to: usize) -> Option<Mention<'t>> {
        let name = self
            .text
            .get(from..to)?
            .trim_end_matches([':', '?', '-', '>']);
        let end = from + name.len();
        let rest = self.text.get(end..).unwrap_or_default().trim_start();
        let label = (rest.starts_with(':') && !rest.starts_with("::"))
            || (rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=>"));
        let named = name.chars().next().is_some_and(|c| !c.is_numeric());
        named.then_some(Mention {
            name,
            called: rest.starts_with('('),
            label,
            end,
        })
    }

    /// The parts between commas that stand in no bracket.
    pub(super) fn parts(&self) -> Vec<&'t str> {
        let mut parts = Vec::new();
        let (mut depth, mut from) = (0_i32, 0);
        for (at, letter) in self.text.char_indices() {
            if !self.is_code(at) {
                continue;
            }
            match letter {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                ',' if depth == 0 => {
                    parts.extend(self.text.get(from..at));
                    from = at + 1;
                }
                _ => {}
            }
        }
        parts.extend(self.text.get(from..));
        parts
            .into_iter()
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// What stands between the bracket at or after `from` and the one that closes it, or the end.
    pub(super) fn inside(&self, from: usize) -> Option<&'t str> {
        let open = from + self.text.get(from..)?.find('(')?;
        let mut depth = 0_i32;
        for (at, letter) in self.text.get(open..)?.char_indices() {
            let at = open + at;
            if !self.is_code(at) {
                continue;
            }
            match letter {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return self.text.get(open + 1..at);
            }
        }
        self.text.get(open + 1..)
    }

    /// What stands in each pair of outer parentheses, in order; the last may have no end.
    pub(super) fn groups(&self) -> Vec<&'t str> {
        let mut found = Vec::new();
        let (mut depth, mut from) = (0_i32, None);
        for (at, letter) in self.text.char_indices() {
            if !self.is_code(at) {
                continue;
            }
            match letter {
                '(' | '[' | '{' => {
                    if depth == 0 && letter == '(' {
                        from = Some(at + 1);
                    }
                    depth += 1;
                }
                ')' | ']' | '}' => {
                    depth -= 1;
                    if depth == 0
                        && let Some(from) = from.take()
                    {
                        found.extend(self.text.get(from..at));
                    }
                }
                _ => {}
            }
        }
        found.extend(from.and_then(|from| self.text.get(from..)));
        found
    }

    /// The piece without its strings and comments.
    pub(super) fn code(&self) -> String {
        self.text
            .char_indices()
            .filter(|(at, _)| self.is_code(*at))
            .map(|(_, letter)| letter)
            .collect()
    }
}

/// The arguments of the outermost call that a text ends with.
pub(super) fn arguments<'t>(
    path: &RepoPath,
    language: Option<Language>,
    text: &'t str,
) -> Vec<&'t str> {
    let inside = Piece::new(path, language, text)
        .groups()
        .pop()
        .unwrap_or_default();
    Piece::new(path, language, inside).parts()
}

#[cfg(test)]
mod tests {
    use super::Piece;
    use crate::model::{Language, RepoPath};

    fn piece(text: &str) -> Piece<'_> {
        Piece::new(
            &RepoPath::new("a.ts").unwrap(),
            Some(Language::TypeScript),
            text,
        )
    }

    #[test]
    fn names_are_read_outside_of_comments_and_strings() {
        let text = "passport.authenticate('jwt'), /* old(auth) */ { pre: a?.b } // requireAuth()";
        let piece = piece(text);
        let found: Vec<_> = piece
            .mentions()
            .into_iter()
            .map(|m| (m.name, m.called, m.label))
            .collect();
        assert_eq!(
            found,
            [
                ("passport.authenticate", true, false),
                ("pre", false, true),
                ("a?.b", false, false)
            ]
        );
    }

    #[test]
    fn parts_are_cut_at_outer_commas() {
        assert_eq!(
            piece("auth(a, b), [c, d], x").parts(),
            ["auth(a, b)", "[c, d]", "x"]
        );
        assert_eq!(piece("f(a, (b))(c)").inside(0), Some("a, (b)"));
        assert_eq!(
            piece("r.With(auth).Get('/x', h(a))").groups(),
            ["auth", "'/x', h(a)"]
        );
        assert_eq!(piece("r.get('/x', (q) => {").groups(), ["'/x', (q) => {"]);
    }
}
