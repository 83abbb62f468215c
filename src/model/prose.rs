//! Sentences in which code stands between backticks, as in `CommonMark`: a run of backticks opens a
//! span that the next run of the same length closes, so that code may hold backticks itself.

/// A piece of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Words. A backtick in them opens nothing.
    Words(&'t str),
    /// Code, without its backticks.
    Code(&'t str),
}

/// The pieces of a sentence, in order.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut words = 0;
    let mut at = 0;
    while let Some((start, length)) = run(text, at) {
        let inside = start + length;
        at = inside;
        let Some(close) = closing(text, inside, length) else {
            continue;
        };
        if let Some(before) = text.get(words..start).filter(|before| !before.is_empty()) {
            out.push(Piece::Words(before));
        }
        let code = text.get(inside..close).unwrap_or_default();
        out.push(Piece::Code(unpadded(code)));
        at = close + length;
        words = at;
    }
    if let Some(rest) = text.get(words..).filter(|rest| !rest.is_empty()) {
        out.push(Piece::Words(rest));
    }
    out
}

/// Code as it stands in a sentence: between more backticks than it holds in a row.
pub fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = text.trim().is_empty();
    let padded = text.starts_with('`')
        || text.ends_with('`')
        || (!blank && text.starts_with(' ') && text.ends_with(' '));
    let pad = if padded { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The sentence for readers who know no markup: code that holds backticks stands there bare.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Words(part) => out.push_str(part),
            Piece::Code(part) if part.contains('`') => out.push_str(part),
            Piece::Code(part) => {
                out.push('`');
                out.push_str(part);
                out.push('`');
            }
        }
    }
    out
}

/// Where the next run of backticks begins, and how long it is.
fn run(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let start = rest.find('`')?;
    let run = rest.get(start..)?;
    Some((from + start, run.len() - run.trim_start_matches('`').len()))
}

/// Where the next run of exactly this length begins.
fn closing(text: &str, from: usize, length: usize) -> Option<usize> {
    let mut at = from;
    while let Some((start, found)) = run(text, at) {
        if found == length {
            return Some(start);
        }
        at = start + found;
    }
    None
}

/// Code without the blank on either side that keeps its backticks from the fence.
fn unpadded(code: &str) -> &str {
    let inner = code
        .strip_prefix(' ')
        .and_then(|rest| rest.strip_suffix(' '));
    inner
        .filter(|inner| !inner.trim().is_empty())
        .unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::Piece::{Code, Words};
    use super::*;

    #[test]
    fn a_run_of_backticks_is_closed_by_one_of_its_length() {
        for (text, want) in [
            ("no code", vec![Words("no code")]),
            (
                "set `a` to `b`",
                vec![Words("set "), Code("a"), Words(" to "), Code("b")],
            ),
            ("``f(`x`)`` waits", vec![Code("f(`x`)"), Words(" waits")]),
            ("`` `x` `` waits", vec![Code("`x`"), Words(" waits")]),
            ("one ` alone", vec![Words("one ` alone")]),
            ("`` and `a`", vec![Words("`` and "), Code("a")]),
            ("", vec![]),
        ] {
            assert_eq!(pieces(text), want, "{text}");
        }
    }

    #[test]
    fn code_is_read_back_as_it_was() {
        for text in ["a", "`x`", "f(`x`, ``y``)", "`", " a ", "é`", " ", "a``"] {
            let written = code(text);
            assert_eq!(pieces(&written), [Code(text)], "{written}");
        }
    }

    #[test]
    fn who_knows_no_markup_sees_no_fences() {
        assert_eq!(
            plain("``get(`/a/${id}`)`` and `b` wait"),
            "get(`/a/${id}`) and `b` wait"
        );
        assert_eq!(plain("a ` b"), "a ` b");
    }
}
