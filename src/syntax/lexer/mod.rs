//! What kind of text a byte stands in: code, comment, string or prose.
//!
//! One linear pass, as far as it is asked about, with a table for each family of languages, for every language the program
//! knows and for configuration formats by name. It is not a parser: it errs where a language can
//! only be told apart by parsing (a slash that may be a division), and recovers at the next line.

mod engine;
mod family;
mod heredoc;
mod lexicon;
mod markup;
mod quoted;

use crate::model::{Context, Language, RepoPath};
use engine::Engine;
use family::Family;
use markup::Flavour;
use std::cell::RefCell;

/// The contexts of one text, which is read as far as it is asked about.
pub struct Contexts<'t> {
    /// What everything outside of the marks is.
    base: Context,
    read: RefCell<Read<'t>>,
}

/// What was read of a text.
struct Read<'t> {
    marks: Marks,
    rest: Rest<'t>,
}

/// How the rest of a text is read.
#[expect(
    clippy::large_enum_variant,
    reason = "there is one for each text, and it is never moved"
)]
enum Rest<'t> {
    /// There is nothing more to read.
    None,
    Php(&'t [u8]),
    Markup(&'t [u8], Flavour),
    Code(Engine<'t>),
}

impl<'t> Contexts<'t> {
    /// Reads `text`, which is the content of the file `path`.
    ///
    /// In data documents (YAML, JSON, TOML, env files) quoted values are `Code`: there a quote
    /// says nothing about a value.
    pub fn of(path: &RepoPath, language: Option<Language>, text: &'t [u8]) -> Self {
        let (base, rest) = match family::of(path, language) {
            Family::Prose => (Context::Prose, Rest::None),
            Family::Plain => (Context::Code, Rest::None),
            Family::Code(lexicon) => {
                let engine = Engine::new(lexicon, text, 0);
                (Context::Code, Rest::Code(engine))
            }
            Family::Php => (Context::Code, Rest::Php(text)),
            Family::Markup(flavour) => (Context::Code, Rest::Markup(text, flavour)),
        };
        let marks = Marks::default();
        Self {
            base,
            read: RefCell::new(Read { marks, rest }),
        }
    }

    /// The context of the byte at `offset`.
    pub fn at(&self, offset: u32) -> Context {
        let mut read = self.read.borrow_mut();
        read.up_to(offset);
        read.marks.at(offset).unwrap_or(self.base)
    }
}

impl Read<'_> {
    /// Reads what tells the context at `offset`.
    fn up_to(&mut self, offset: u32) {
        match &mut self.rest {
            Rest::None => return,
            Rest::Code(engine) => {
                engine.run(&mut self.marks, offset as usize);
                return;
            }
            Rest::Php(text) => php(text, &mut self.marks),
            Rest::Markup(text, flavour) => markup::lex(text, *flavour, &mut self.marks),
        }
        self.rest = Rest::None;
    }
}

/// Stretches that are not code, in order, none touching another of its kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Marks(Vec<(u32, u32, Context)>);

impl Marks {
    /// Adds `start..end`, which must not begin before the last mark's end.
    fn push(&mut self, start: usize, end: usize, context: Context) {
        let span = crate::model::Span::new(start, end);
        if span.start == span.end || context == Context::Code {
            return;
        }
        match self.0.last_mut() {
            Some((_, last, same)) if *last == span.start && *same == context => *last = span.end,
            _ => self.0.push((span.start, span.end, context)),
        }
    }

    fn at(&self, offset: u32) -> Option<Context> {
        let after = self.0.partition_point(|(start, ..)| *start <= offset);
        let (_, end, context) = self.0.get(after.checked_sub(1)?)?;
        (offset < *end).then_some(*context)
    }

    /// Where a comment begins that ends right before `offset`.
    fn comment_before(&self, offset: usize) -> Option<usize> {
        let (start, end, context) = self.0.last()?;
        (*end as usize == offset && *context == Context::Comment).then_some(*start as usize)
    }
}

/// PHP between its tags, prose around them.
fn php(text: &[u8], marks: &mut Marks) {
    let mut at = 0;
    while let Some(open) = find(text, b"<?", at) {
        marks.push(at, open, Context::Prose);
        let mut engine = Engine::new(&lexicon::PHP, text, open + 2);
        engine.run(marks, usize::MAX);
        at = engine.end();
    }
    marks.push(at, text.len(), Context::Prose);
}

/// Does `text` continue with `word` at `at`?
fn starts(text: &[u8], at: usize, word: &[u8]) -> bool {
    text.get(at..).is_some_and(|rest| rest.starts_with(word))
}

/// The first `word` at or after `from`.
fn find(text: &[u8], word: &[u8], from: usize) -> Option<usize> {
    memchr::memmem::find(text.get(from..)?, word).map(|at| from + at)
}

/// The end of the line that holds `at`, before its newline.
fn line_end(text: &[u8], at: usize) -> usize {
    find(text, b"\n", at).unwrap_or(text.len())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests;
