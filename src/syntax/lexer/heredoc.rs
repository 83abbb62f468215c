//! Here-documents of shell, Ruby, PHP and HCL: announced on one line, written on the next ones.

use super::lexicon::Special;
use super::{is_word, line_end, starts};

/// A here-document that was announced.
pub(super) struct Heredoc<'t> {
    /// The word that ends it.
    word: &'t [u8],
    /// Its last line may be indented.
    indented: bool,
    /// Its last line may go on after the word.
    open_ended: bool,
}

/// The here-document announced at `at`, and where the announcement ends.
pub(super) fn open<'t>(
    special: &[Special],
    text: &'t [u8],
    at: usize,
) -> Option<(Heredoc<'t>, usize)> {
    let has = |wanted| special.contains(&wanted);
    let php = has(Special::PhpHeredoc);
    let mut next = at + if php { 3 } else { 2 };
    if !starts(text, at, if php { b"<<<" } else { b"<<" }) || text.get(next) == Some(&b'<') {
        return None;
    }
    let flag = text
        .get(next)
        .copied()
        .filter(|byte| matches!(byte, b'-' | b'~'));
    if flag.is_some() && !php {
        next += 1;
    }
    // Ruby's `a <<B` is an announcement, `a << B` and `A<<B` are not; shells allow blanks.
    let is_ruby = has(Special::RubyHeredoc);
    let glued = at
        .checked_sub(1)
        .and_then(|at| text.get(at))
        .is_some_and(|byte| is_word(*byte));
    if is_ruby && flag.is_none() && glued {
        return None;
    }
    if !is_ruby {
        while text.get(next) == Some(&b' ') {
            next += 1;
        }
    }
    let quote = text
        .get(next)
        .copied()
        .filter(|byte| matches!(byte, b'\'' | b'"' | b'\\'));
    let start = next + usize::from(quote.is_some());
    let rest = text.get(start..)?;
    let length = rest.iter().take_while(|byte| is_word(**byte)).count();
    let word = rest.get(..length).filter(|word| !word.is_empty())?;
    let bare = flag.is_none() && quote.is_none();
    if is_ruby && bare && !word.first().is_some_and(u8::is_ascii_uppercase)
        || word.first().is_some_and(u8::is_ascii_digit)
    {
        return None;
    }
    let closes = quote.is_some_and(|quote| quote != b'\\' && rest.get(length) == Some(&quote));
    let end = start + length + usize::from(closes);
    let indented = flag.is_some() || php;
    Some((
        Heredoc {
            word,
            indented,
            open_ended: php,
        },
        end,
    ))
}

impl Heredoc<'_> {
    /// Where the body that begins at `from` ends, and where the code goes on.
    pub(super) fn body(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        let mut at = from;
        while at < text.len() {
            let end = line_end(text, at);
            let line = text.get(at..end)?;
            let trimmed = if self.indented {
                line.trim_ascii_start()
            } else {
                line
            };
            if let Some(after) = trimmed.strip_prefix(self.word) {
                let ends = if self.open_ended {
                    after.first().is_none_or(|byte| !is_word(*byte))
                } else {
                    after.trim_ascii().is_empty()
                };
                if ends {
                    return Some((at, end - after.len()));
                }
            }
            at = end + 1;
        }
        None
    }
}
