//! Strings and literals that a table cannot describe: delimiters of any length, prefixes, regexes.

use super::engine::Engine;
use super::lexicon::{self, Special};
use super::{Marks, find, is_word, line_end, starts};
use crate::model::Context;

/// What a special form of the language makes of `byte`, and where it ends.
pub(super) fn special(engine: &mut Engine<'_>, byte: u8, marks: &mut Marks) -> Option<usize> {
    let has = |special| engine.has(special);
    match byte {
        b'"' if has(Special::CSharpStrings) => csharp(engine, marks),
        b'"' if has(Special::RustQuotes) => hashed(engine, b"r", marks),
        b'"' if has(Special::SwiftRaw) => hashed(engine, b"", marks),
        b'"' if has(Special::CppRaw) => cpp_raw(engine, marks),
        b'\'' if has(Special::RustQuotes) => Some(rust_char(engine, marks)),
        b'\'' if has(Special::CppRaw) => digit_separator(engine),
        b'"' | b'\'' if has(Special::DartRaw) => dart_raw(engine, byte, marks),
        b'/' if has(Special::JsRegex) || has(Special::RubyRegex) => regex(engine, marks),
        b'%' if has(Special::RubyPercent) => percent(engine, marks),
        b'=' | b'_' if has(Special::RubyBlocks) => ruby_block(engine, marks),
        _ => None,
    }
}

/// Does a backslash before a quote belong to the text, as in `'C:\'`? Then the string ends there.
pub(super) fn ends_sql(text: &[u8], backslash: usize) -> bool {
    text.get(backslash + 1) == Some(&b'\'')
        && text
            .get(backslash + 2)
            .is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b')' | b';'))
}

fn byte_before(text: &[u8], at: usize) -> Option<u8> {
    text.get(at.checked_sub(1)?).copied()
}

/// How many bytes before `at` are one of `set`.
fn run_before(text: &[u8], at: usize, set: &[u8]) -> usize {
    let before = text.get(at.saturating_sub(64)..at).unwrap_or_default();
    before
        .iter()
        .rev()
        .take_while(|byte| set.contains(byte))
        .count()
}

/// `"`, `$"`, `@"`, `$@"`, `"""`, `$$"""`.
fn csharp(engine: &mut Engine<'_>, marks: &mut Marks) -> Option<usize> {
    let (text, at) = (engine.text, engine.position());
    let quotes = text
        .get(at..)?
        .iter()
        .take_while(|byte| **byte == b'"')
        .count();
    if quotes >= 3 {
        let fence = text.get(at..at + quotes)?;
        let end = find(text, fence, at + quotes).map_or(text.len(), |end| end + quotes);
        marks.push(at, end, Context::String);
        return Some(end);
    }
    let prefix = run_before(text, at, b"$@");
    let prefix = text.get(at - prefix..at)?;
    let quote = match (prefix.contains(&b'@'), prefix.contains(&b'$')) {
        (true, true) => &lexicon::CSHARP_VERBATIM_HOLED,
        (true, false) => &lexicon::CSHARP_VERBATIM,
        (false, true) => &lexicon::CSHARP_HOLED,
        (false, false) => &lexicon::CSHARP_PLAIN,
    };
    engine.string(quote, at, at + 1, marks)
}

/// `r#"…"#` of Rust and `#"…"#` of Swift: as many hashes behind as before.
fn hashed(engine: &Engine<'_>, letter: &[u8], marks: &mut Marks) -> Option<usize> {
    let (text, at) = (engine.text, engine.position());
    let hashes = run_before(text, at, b"#");
    let open = at - hashes;
    if letter.is_empty() {
        if hashes == 0 {
            return None;
        }
    } else {
        let before = text.get(..open)?.strip_suffix(letter)?;
        let before = before
            .strip_suffix(b"b")
            .or_else(|| before.strip_suffix(b"c"))
            .unwrap_or(before);
        if before.last().is_some_and(|byte| is_word(*byte)) {
            return None;
        }
    }
    let mut close = vec![b'"'];
    close.resize(hashes + 1, b'#');
    let end = find(text, &close, at + 1).map_or(text.len(), |end| end + close.len());
    marks.push(at, end, Context::String);
    Some(end)
}

/// `R"delimiter(…)delimiter"`.
fn cpp_raw(engine: &Engine<'_>, marks: &mut Marks) -> Option<usize> {
    let (text, at) = (engine.text, engine.position());
    let is_raw = byte_before(text, at) == Some(b'R');
    let before = text.get(..at.saturating_sub(1))?;
    if !is_raw
        || before
            .last()
            .is_some_and(|byte| is_word(*byte) && !b"uUL8".contains(byte))
    {
        return None;
    }
    let rest = text.get(at + 1..)?;
    let length = rest.iter().take(17).position(|byte| *byte == b'(')?;
    let mut close = vec![b')'];
    close.extend_from_slice(rest.get(..length)?);
    close.push(b'"');
    let end = find(text, &close, at + 1).map_or(text.len(), |end| end + close.len());
    marks.push(at, end, Context::String);
    Some(end)
}

/// `1'000'000` holds no character literal.
fn digit_separator(engine: &Engine<'_>) -> Option<usize> {
    let at = engine.position();
    byte_before(engine.text, at)
        .is_some_and(|byte| byte.is_ascii_hexdigit())
        .then_some(at + 1)
}

/// A character literal, or the quote of a lifetime.
fn rust_char(engine: &Engine<'_>, marks: &mut Marks) -> usize {
    let (text, at) = (engine.text, engine.position());
    let rest = text.get(at + 1..).unwrap_or_default();
    let close = match rest.first() {
        Some(b'\\') => rest
            .iter()
            .take(12)
            .skip(2)
            .position(|byte| *byte == b'\'')
            .map(|at| at + 2),
        Some(_) => {
            let width = 1 + rest
                .iter()
                .skip(1)
                .take(3)
                .take_while(|byte| **byte & 0xC0 == 0x80)
                .count();
            (rest.get(width) == Some(&b'\'')).then_some(width)
        }
        None => None,
    };
    let Some(close) = close else { return at + 1 };
    let end = at + 1 + close + 1;
    marks.push(at, end, Context::String);
    end
}

/// `r'…'` and `r"""…"""`.
fn dart_raw(engine: &Engine<'_>, quote: u8, marks: &mut Marks) -> Option<usize> {
    let (text, at) = (engine.text, engine.position());
    let before = text.get(..at)?.strip_suffix(b"r")?;
    if before.last().is_some_and(|byte| is_word(*byte)) {
        return None;
    }
    let triple = [quote; 3];
    let fence: &[u8] = if starts(text, at, &triple) {
        &triple
    } else {
        &[quote]
    };
    let end = find(text, fence, at + fence.len()).map_or(text.len(), |end| end + fence.len());
    marks.push(at, end, Context::String);
    Some(end)
}

/// A regex literal, where an operand may begin.
fn regex(engine: &mut Engine<'_>, marks: &mut Marks) -> Option<usize> {
    let (text, at) = (engine.text, engine.position());
    if engine.is_dead(b'/', at) || !operand_follows(engine, marks) {
        return None;
    }
    let line = line_end(text, at);
    let mut in_class = false;
    let mut next = at + 1;
    while next < line {
        match text.get(next)? {
            b'\\' => next += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'/' if !in_class => {
                marks.push(at, next + 1, Context::String);
                return Some(next + 1);
            }
            _ => {}
        }
        next += 1;
    }
    engine.bury(b'/', line);
    None
}

/// Can an operand follow what stands before the current byte? If not, a slash divides.
fn operand_follows(engine: &Engine<'_>, marks: &Marks) -> bool {
    let (text, mut at) = (engine.text, engine.position());
    loop {
        let before = text.get(at.saturating_sub(256)..at).unwrap_or_default();
        at -= before.len() - before.trim_ascii_end().len();
        match marks.comment_before(at) {
            Some(start) => at = start,
            None => break,
        }
    }
    let Some(last) = byte_before(text, at) else {
        return true;
    };
    if !is_word(last) && last != b'$' {
        let next = text.get(engine.position() + 1).copied();
        // `</tag>` and `<tag />` are no regexes.
        return !matches!(last, b')' | b']' | b'}' | b'"' | b'\'' | b'`' | b'<')
            && next != Some(b'>');
    }
    let word_start = at
        - text.get(at.saturating_sub(16)..at).map_or(0, |before| {
            before
                .iter()
                .rev()
                .take_while(|byte| is_word(**byte) || **byte == b'$')
                .count()
        });
    let is_member = byte_before(text, word_start) == Some(b'.');
    let word = text.get(word_start..at).unwrap_or_default();
    let keywords: [&[u8]; 19] = [
        b"return", b"typeof", b"case", b"in", b"of", b"delete", b"void", b"throw", b"new", b"else",
        b"do", b"yield", b"await", b"if", b"unless", b"when", b"and", b"or", b"not",
    ];
    !is_member && keywords.contains(&word)
}

/// `%w[…]`, `%q(…)`, `%(…)`, `%r{…}`.
fn percent(engine: &mut Engine<'_>, marks: &mut Marks) -> Option<usize> {
    let (text, at) = (engine.text, engine.position());
    if byte_before(text, at).is_some_and(|byte| is_word(byte) || matches!(byte, b')' | b']')) {
        return None;
    }
    let letter = text
        .get(at + 1)
        .copied()
        .filter(|byte| b"qQwWiIrsx".contains(byte));
    let open_at = at + 1 + usize::from(letter.is_some());
    let open = *text.get(open_at)?;
    let close = match open {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        b'<' => b'>',
        b'|' | b'!' | b'/' if letter.is_some() => open,
        _ => return None,
    };
    if letter.is_none() && !operand_follows(engine, marks) {
        return None;
    }
    // Where nothing closes, nothing was opened.
    engine.find_once(&[close], open_at + 1)?;
    let mut depth = 0_u32;
    for (offset, byte) in text.get(open_at + 1..)?.iter().enumerate() {
        if *byte == close && depth == 0 {
            let end = open_at + 1 + offset + 1;
            marks.push(at, end, Context::String);
            return Some(end);
        }
        if *byte == close {
            depth -= 1;
        } else if *byte == open {
            depth += 1;
        }
    }
    marks.push(at, text.len(), Context::String);
    Some(text.len())
}

/// `=begin … =end`, and what follows `__END__`.
fn ruby_block(engine: &Engine<'_>, marks: &mut Marks) -> Option<usize> {
    let (text, at) = (engine.text, engine.position());
    if !engine.before_on_line().is_empty() {
        return None;
    }
    let end = if starts(text, at, b"=begin") {
        find(text, b"\n=end", at).map_or(text.len(), |end| end + b"\n=end".len())
    } else if text.get(at..line_end(text, at))?.trim_ascii_end() == b"__END__" {
        text.len()
    } else {
        return None;
    };
    marks.push(at, end, Context::Comment);
    Some(end)
}
