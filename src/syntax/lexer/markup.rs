//! HTML and the component files that look like it: text is prose, tags are code, scripts and
//! styles are read with their own tables.

use super::engine::Engine;
use super::lexicon::{self, Lexicon};
use super::{Marks, find, starts};
use crate::model::Context;

/// Whose markup.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    /// Pages and templates of pages.
    Html,
    /// `{…}` is code.
    Svelte,
    /// `{{ … }}` is code.
    Vue,
}

pub(super) fn lex(text: &[u8], flavour: Flavour, marks: &mut Marks) {
    let mut page = Page {
        text,
        flavour,
        lost: Vec::new(),
        open_braces: 0,
    };
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let Some(stop) = memchr::memchr2(b'<', b'{', rest).map(|stop| at + stop) else {
            break;
        };
        marks.push(at, stop, Context::Prose);
        let next = page
            .element(stop, marks)
            .or_else(|| page.template(stop, marks));
        at = next.unwrap_or_else(|| {
            marks.push(stop, stop + 1, Context::Prose);
            stop + 1
        });
    }
    marks.push(at, text.len(), Context::Prose);
}

struct Page<'t> {
    text: &'t [u8],
    flavour: Flavour,
    /// Closings that the rest of the text does not have.
    lost: Vec<&'static [u8]>,
    /// Braces that did not close where they should have.
    open_braces: u32,
}

/// Longest expression in braces, in bytes.
const LONGEST: usize = 10_000;

/// After so many braces that do not close, the text is not what its name says.
const TOO_MANY_OPEN: u32 = 100;

impl Page<'_> {
    /// A comment, a tag, or an element with code in it; where the text goes on.
    fn element(&mut self, at: usize, marks: &mut Marks) -> Option<usize> {
        if starts(self.text, at, b"<!--") {
            let end = find(self.text, b"-->", at).map_or(self.text.len(), |end| end + 3);
            marks.push(at, end, Context::Comment);
            return Some(end);
        }
        let first = *self.text.get(at + 1)?;
        if self.text.get(at) != Some(&b'<')
            || !(first.is_ascii_alphabetic() || b"/!?%".contains(&first))
        {
            return None;
        }
        if first == b'?' || first == b'%' {
            return self.closed(at, if first == b'?' { b"?>" } else { b"%>" });
        }
        let end = self.tag(at, marks);
        for (name, close, lexicon) in EMBEDDED {
            if self.is_named(at, name) {
                let close = find_folded(self.text, close, end).unwrap_or(self.text.len());
                let body = self.text.get(..close).unwrap_or_default();
                Engine::new(lexicon, body, end).run(marks, usize::MAX);
                return Some(close);
            }
        }
        Some(end)
    }

    fn is_named(&self, at: usize, name: &[u8]) -> bool {
        let rest = self.text.get(at + 1..).unwrap_or_default();
        rest.get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
            && rest
                .get(name.len())
                .is_some_and(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-')
    }

    /// A tag with its attributes; returns where it ends.
    fn tag(&mut self, open: usize, marks: &mut Marks) -> usize {
        let mut at = open + 1;
        let mut name = at;
        while let Some(byte) = self.text.get(at) {
            match byte {
                b'>' => return at + 1,
                b'"' | b'\'' if self.text.get(at - 1) == Some(&b'=') => {
                    let Some(end) = find(self.text, &[*byte], at + 1) else {
                        return at + 1;
                    };
                    let attribute = self.text.get(name..at).unwrap_or_default();
                    if !is_code(attribute) {
                        marks.push(at, end + 1, Context::String);
                    }
                    at = end;
                }
                b'{' if self.flavour == Flavour::Svelte => at = self.braces(at).unwrap_or(at),
                byte if byte.is_ascii_whitespace() => name = at + 1,
                _ => {}
            }
            at += 1;
        }
        self.text.len()
    }

    /// An expression or statement of a template language.
    fn template(&mut self, at: usize, marks: &mut Marks) -> Option<usize> {
        if self.text.get(at) != Some(&b'{') {
            return None;
        }
        if self.flavour == Flavour::Svelte {
            return self.braces(at).map(|end| end + 1);
        }
        match self.text.get(at + 1)? {
            b'{' => self.closed(at, b"}}"),
            b'%' => self.closed(at, b"%}"),
            b'#' => {
                let end = self.closed(at, b"#}")?;
                marks.push(at, end, Context::Comment);
                Some(end)
            }
            _ => None,
        }
    }

    fn closed(&mut self, at: usize, close: &'static [u8]) -> Option<usize> {
        if self.lost.contains(&close) {
            return None;
        }
        let end = find(self.text, close, at + 2).map(|end| end + close.len());
        if end.is_none() {
            self.lost.push(close);
        }
        end
    }

    /// The closing brace of the one at `at`.
    fn braces(&mut self, at: usize) -> Option<usize> {
        if self.open_braces > TOO_MANY_OPEN {
            return None;
        }
        let mut depth = 0_u32;
        for (offset, byte) in self.text.get(at..)?.iter().take(LONGEST).enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' if depth <= 1 => return Some(at + offset),
                b'}' => depth -= 1,
                _ => {}
            }
        }
        self.open_braces += 1;
        None
    }
}

/// Elements whose content is another language.
static EMBEDDED: [(&[u8], &[u8], &Lexicon); 2] = [
    (b"script", b"</script", &lexicon::JAVASCRIPT),
    (b"style", b"</style", &lexicon::SCSS),
];

/// Attributes that hold code: `onclick`, `@click`, `:class`, `v-if`, `(click)`, `[value]`, `*ngIf`.
fn is_code(attribute: &[u8]) -> bool {
    attribute
        .first()
        .is_some_and(|byte| b"@:#([*".contains(byte))
        || attribute.starts_with(b"v-")
        || attribute
            .get(..2)
            .is_some_and(|start| start.eq_ignore_ascii_case(b"on"))
}

/// Like `find`, in any case; `word` is lower case and begins with `<`.
fn find_folded(text: &[u8], word: &[u8], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    memchr::memchr_iter(b'<', rest)
        .map(|at| from + at)
        .find(|at| {
            text.get(*at..*at + word.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(word))
        })
}
