//! The pass itself: finds comments, strings and the code inside of strings by a table.

use super::heredoc::{self, Heredoc};
use super::lexicon::{Escape, Lexicon, Place, Quote, Special};
use super::{Marks, find, line_end, quoted, starts};
use crate::model::Context;

/// An expression inside a string, waiting for its closing bracket.
struct Hole {
    quote: &'static Quote,
    open: u8,
    close: u8,
    depth: u32,
}

/// Reads one text, or a part of one, with one table.
pub(super) struct Engine<'t> {
    lexicon: &'static Lexicon,
    pub(super) text: &'t [u8],
    at: usize,
    /// First bytes of anything in the table; all others are passed over.
    stops: [bool; 256],
    holes: Vec<Hole>,
    heredocs: Vec<Heredoc<'t>>,
    /// Up to here a quote or a slash was looked for on this line in vain, by first byte.
    dead: Vec<(u8, usize)>,
    /// A construct that must end was found not to: do not look again.
    gave_up: bool,
}

impl<'t> Engine<'t> {
    /// A pass over `text` from `at` to its end.
    pub(super) fn new(lexicon: &'static Lexicon, text: &'t [u8], at: usize) -> Self {
        Self {
            lexicon,
            text,
            at,
            stops: stops(lexicon),
            holes: Vec::new(),
            heredocs: Vec::new(),
            dead: Vec::new(),
            gave_up: false,
        }
    }

    /// Where the pass ended: behind PHP's closing tag, or at the end of the text.
    pub(super) fn end(&self) -> usize {
        self.at
    }

    /// Reads on until it is known what the byte at `last` is.
    pub(super) fn run(&mut self, marks: &mut Marks, last: usize) {
        if self.at == 0 && starts(self.text, 0, b"#!") && !self.lexicon.line.is_empty() {
            self.at = line_end(self.text, 0);
            marks.push(0, self.at, Context::Comment);
        }
        while let Some(&byte) = self.text.get(self.at)
            && self.at <= last
        {
            if !self
                .stops
                .get(usize::from(byte))
                .copied()
                .unwrap_or_default()
            {
                self.at += 1;
                continue;
            }
            if self.has(Special::PhpClose) && starts(self.text, self.at, b"?>") {
                self.at += 2;
                return;
            }
            let next = self.step(byte, marks).unwrap_or(self.at + 1);
            self.at = next.max(self.at + 1).min(self.text.len());
        }
    }

    pub(super) fn has(&self, special: Special) -> bool {
        self.lexicon.special.contains(&special)
    }

    /// What begins at the current byte, and where it ends.
    fn step(&mut self, byte: u8, marks: &mut Marks) -> Option<usize> {
        if byte == b'\n' {
            return Some(self.heredoc_bodies(marks));
        }
        if let Some(next) = self.bracket(byte, marks) {
            return Some(next);
        }
        self.comment(marks)
            .or_else(|| self.heredoc(byte))
            .or_else(|| quoted::special(self, byte, marks))
            .or_else(|| self.quote(marks))
    }

    /// Brackets count only inside an expression in a string.
    fn bracket(&mut self, byte: u8, marks: &mut Marks) -> Option<usize> {
        let at = self.at;
        let hole = self.holes.last_mut()?;
        if byte == hole.open {
            hole.depth += 1;
            return Some(at + 1);
        }
        if byte != hole.close {
            return None;
        }
        if hole.depth > 0 {
            hole.depth -= 1;
            return Some(at + 1);
        }
        let quote = hole.quote;
        self.holes.pop();
        Some(
            self.string_body(quote, at + 1, at + 1, marks)
                .unwrap_or(at + 1),
        )
    }

    fn comment(&mut self, marks: &mut Marks) -> Option<usize> {
        let at = self.at;
        for (open, close, nests) in self.lexicon.block {
            if starts(self.text, at, open) {
                let end = self.block_end(open, close, *nests);
                marks.push(at, end, Context::Comment);
                return Some(end);
            }
        }
        let (open, ..) = self.lexicon.line.iter().find(|(open, place, unless)| {
            starts(self.text, at, open)
                && self.is_at(*place)
                && unless.is_none_or(|byte| self.text.get(at + open.len()) != Some(&byte))
        })?;
        let mut end = line_end(self.text, at + open.len());
        if self.has(Special::PhpClose) {
            let close = find(self.text.get(..end).unwrap_or_default(), b"?>", at);
            end = close.unwrap_or(end);
        }
        marks.push(at, end, Context::Comment);
        Some(end)
    }

    fn block_end(&self, open: &[u8], close: &[u8], nests: bool) -> usize {
        let mut at = self.at + open.len();
        let mut depth = 1_u32;
        loop {
            let Some(end) = find(self.text, close, at) else {
                return self.text.len();
            };
            if nests {
                let inner = self.text.get(at..end).unwrap_or_default();
                let opened = memchr::memmem::find_iter(inner, open).count();
                depth = depth.saturating_add(u32::try_from(opened).unwrap_or(u32::MAX));
            }
            depth -= 1;
            at = end + close.len();
            if depth == 0 {
                return at;
            }
        }
    }

    fn is_at(&self, place: Place) -> bool {
        let before = self
            .at
            .checked_sub(1)
            .and_then(|at| self.text.get(at))
            .copied();
        match (place, before) {
            (Place::Anywhere, _) | (_, None | Some(b'\n')) => true,
            (Place::AfterSpace, Some(byte)) => byte.is_ascii_whitespace(),
            (Place::ShellWord, Some(byte)) => {
                byte.is_ascii_whitespace() || matches!(byte, b';' | b'&' | b'|' | b'(' | b')')
            }
            (Place::LineStart, Some(_)) => self.before_on_line().trim_ascii().is_empty(),
        }
    }

    /// The bytes between the start of the line and the current one, at most 200 of them.
    pub(super) fn before_on_line(&self) -> &'t [u8] {
        let from = self.at.saturating_sub(200);
        let window = self.text.get(from..self.at).unwrap_or_default();
        let line = memchr::memrchr(b'\n', window).map_or(0, |at| at + 1);
        window.get(line..).unwrap_or_default()
    }

    fn quote(&mut self, marks: &mut Marks) -> Option<usize> {
        let at = self.at;
        let quotes: &'static [Quote] = self.lexicon.quotes;
        let quote = quotes.iter().find(|quote| {
            starts(self.text, at, quote.open) && (!quote.at_value || self.is_value_start())
        })?;
        self.string(quote, at, at + quote.open.len(), marks)
    }

    /// A string that begins at `start` and whose content begins at `body`.
    pub(super) fn string(
        &mut self,
        quote: &'static Quote,
        start: usize,
        body: usize,
        marks: &mut Marks,
    ) -> Option<usize> {
        let first = quote.open.last().copied().unwrap_or_default();
        if !quote.lines && self.is_dead(first, start) {
            return None;
        }
        let end = self.string_body(quote, start, body, marks);
        if end.is_none() {
            self.bury(first, line_end(self.text, start));
        }
        end
    }

    /// Marks the string up to its end or to an expression in it, and says where to go on. `None`
    /// for a string that its line leaves open: an apostrophe, not a quote.
    fn string_body(
        &mut self,
        quote: &'static Quote,
        start: usize,
        body: usize,
        marks: &mut Marks,
    ) -> Option<usize> {
        let first = |text: Option<&[u8]>| text.and_then(<[u8]>::first).copied();
        let (close, hole) = (first(Some(quote.close)), first(quote.hole));
        let mut at = body;
        while let Some(&byte) = self.text.get(at) {
            if ![close, hole, Some(b'\\'), Some(b'\n')].contains(&Some(byte)) {
                at += 1;
                continue;
            }
            if starts(self.text, at, quote.close) {
                let end = at + quote.close.len();
                if quote.escape == Escape::Doubled && starts(self.text, end, quote.close) {
                    at = end + quote.close.len();
                    continue;
                }
                if quote.escape == Escape::Sql && starts(self.text, end, quote.close) {
                    at = end + 1;
                    continue;
                }
                marks.push(start, end, quote.label);
                return Some(end);
            }
            if let Some(hole) = quote.hole.filter(|hole| starts(self.text, at, hole)) {
                // `{{` is a brace, not an expression, where a bare brace opens one.
                if hole == b"{" && starts(self.text, at, b"{{") {
                    at += 2;
                    continue;
                }
                marks.push(start, at, quote.label);
                self.open_hole(quote, hole);
                return Some(at + hole.len());
            }
            at += match (byte, quote.escape) {
                (b'\n', _) if !quote.lines => return None,
                (b'\\', Escape::Backslash) => 2,
                (b'\\', Escape::Sql) if !quoted::ends_sql(self.text, at) => 2,
                _ => 1,
            };
        }
        if !quote.lines {
            return None;
        }
        marks.push(start, self.text.len(), quote.label);
        Some(self.text.len())
    }

    fn open_hole(&mut self, quote: &'static Quote, hole: &[u8]) {
        let open = hole.last().copied().unwrap_or(b'{');
        let close = if open == b'(' { b')' } else { b'}' };
        self.holes.push(Hole {
            quote,
            open,
            close,
            depth: 0,
        });
    }

    /// Does a value begin here, in a document where quotes may also be plain characters?
    fn is_value_start(&self) -> bool {
        let before = self.before_on_line().trim_ascii_end();
        before.last().is_none_or(|byte| {
            matches!(byte, b':' | b'=' | b'-' | b'[' | b'{' | b',' | b'(' | b'?')
        })
    }

    /// Was `byte` already looked for in vain up to a point behind `at`?
    pub(super) fn is_dead(&self, byte: u8, at: usize) -> bool {
        self.dead
            .iter()
            .any(|(dead, until)| *dead == byte && at < *until)
    }

    pub(super) fn bury(&mut self, byte: u8, until: usize) {
        match self.dead.iter_mut().find(|(dead, _)| *dead == byte) {
            Some((_, old)) => *old = until,
            None => self.dead.push((byte, until)),
        }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Looks for `close` from `from`; a text that lacks it once is not searched again.
    pub(super) fn find_once(&mut self, close: &[u8], from: usize) -> Option<usize> {
        if self.gave_up {
            return None;
        }
        let found = find(self.text, close, from);
        self.gave_up = found.is_none();
        found
    }

    fn heredoc(&mut self, byte: u8) -> Option<usize> {
        if byte != b'<' || self.gave_up {
            return None;
        }
        let (heredoc, end) = heredoc::open(self.lexicon.special, self.text, self.at)?;
        self.heredocs.push(heredoc);
        Some(end)
    }

    /// The bodies of the here-documents that were announced on the line that ends here.
    fn heredoc_bodies(&mut self, marks: &mut Marks) -> usize {
        let mut at = self.at + 1;
        for heredoc in std::mem::take(&mut self.heredocs) {
            let Some((body, after)) = heredoc.body(self.text, at) else {
                self.gave_up = true;
                break;
            };
            let label = if self.has(Special::HclHeredoc) {
                Context::Code
            } else {
                Context::String
            };
            marks.push(at, body, label);
            at = after;
        }
        at
    }
}

/// The bytes at which something in the table can begin.
fn stops(lexicon: &Lexicon) -> [bool; 256] {
    let mut stops = [false; 256];
    let mut stop = |byte: u8| {
        if let Some(stop) = stops.get_mut(usize::from(byte)) {
            *stop = true;
        }
    };
    let firsts = lexicon.line.iter().map(|(open, ..)| open);
    let firsts = firsts.chain(lexicon.block.iter().map(|(open, ..)| open));
    let firsts = firsts.chain(lexicon.quotes.iter().map(|quote| &quote.open));
    firsts
        .filter_map(|open| open.first())
        .for_each(|byte| stop(*byte));
    if lexicon.quotes.iter().any(|quote| quote.hole.is_some()) {
        b"(){}".iter().for_each(|byte| stop(*byte));
    }
    for special in lexicon.special {
        let bytes: &[u8] = match special {
            Special::JsRegex | Special::RubyRegex => b"/",
            Special::RubyPercent => b"%",
            Special::RubyBlocks => b"=_",
            Special::CSharpStrings => b"\"{}",
            Special::RustQuotes | Special::CppRaw | Special::SwiftRaw | Special::DartRaw => b"\"'",
            Special::PhpClose => b"?",
            Special::RubyHeredoc
            | Special::ShellHeredoc
            | Special::PhpHeredoc
            | Special::HclHeredoc => b"<\n",
        };
        for byte in bytes {
            stop(*byte);
        }
    }
    stops
}
