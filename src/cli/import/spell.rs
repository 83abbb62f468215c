//! A regex with two bytes of text only, as one with three: its classes beside them are written out,
//! so that a file without any of the texts is never searched.

use regex_syntax::hir::{Class, ClassBytes, ClassBytesRange, Hir, HirKind, Repetition};

/// Texts that a search asks for; shorter ones are in every file.
const WANTED: usize = 3;
/// Members of a class that a search writes out by itself.
const MEMBERS: usize = 8;
/// Members of a class that is written out here.
const MOST: usize = 64;

/// A regex that asks for texts.
pub(super) struct Spelled {
    pub(super) hir: Hir,
    /// Was an alternative left out because it has no text at all?
    pub(super) left_out: bool,
}

/// Writes out what it can; `None` when there was nothing.
pub(super) fn spell(hir: &Hir) -> Option<Spelled> {
    let mut left_out = false;
    let out = rewritten(hir, &mut left_out);
    (out != *hir).then_some(Spelled { hir: out, left_out })
}

/// Depth is bounded by the nesting that the parser allows.
fn rewritten(hir: &Hir, left_out: &mut bool) -> Hir {
    match hir.kind() {
        HirKind::Capture(capture) => {
            let mut capture = capture.clone();
            capture.sub = Box::new(rewritten(&capture.sub, left_out));
            Hir::capture(capture)
        }
        HirKind::Alternation(branches) => {
            let kept: Vec<&Hir> = branches
                .iter()
                .filter(|branch| has_text(branch) || !is_long(branch))
                .collect();
            if kept.is_empty() {
                return hir.clone();
            }
            *left_out |= kept.len() < branches.len();
            let kept = kept.into_iter().map(|branch| rewritten(branch, left_out));
            Hir::alternation(kept.collect())
        }
        HirKind::Concat(parts) => concat(parts).unwrap_or_else(|| {
            let parts = parts.iter().map(|part| rewritten(part, left_out));
            Hir::concat(parts.collect())
        }),
        _ => hir.clone(),
    }
}

fn has_text(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(_) => true,
        HirKind::Capture(capture) => has_text(&capture.sub),
        HirKind::Repetition(repetition) => repetition.min > 0 && has_text(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().any(has_text),
        HirKind::Alternation(branches) => branches.iter().all(has_text),
        _ => false,
    }
}

/// Is it more than what stands between values?
fn is_long(hir: &Hir) -> bool {
    const LEAST: usize = 8;
    hir.properties()
        .minimum_len()
        .is_some_and(|least| least >= LEAST)
}

/// A text of one byte less than wanted, with the class behind or before it in pieces.
fn concat(parts: &[Hir]) -> Option<Hir> {
    let short =
        |part: &Hir| matches!(part.kind(), HirKind::Literal(text) if text.0.len() + 1 == WANTED);
    let at = parts.iter().position(short)?;
    let (before, rest) = parts.split_at_checked(at)?;
    let (text, behind) = rest.split_first()?;
    let spelled = with_next(text, behind).map(|spelled| [before, &[spelled]].concat());
    spelled
        .or_else(|| {
            let (last, before) = before.split_last()?;
            let spelled = with_last(last, text)?;
            Some([before, &[spelled], behind].concat())
        })
        .map(Hir::concat)
}

/// The text, then for each piece of the class behind it the piece and all that follows.
fn with_next(text: &Hir, behind: &[Hir]) -> Option<Hir> {
    let (next, after) = behind.split_first()?;
    let (class, more) = first(next)?;
    let rest: Vec<Hir> = more.into_iter().chain(after.iter().cloned()).collect();
    // A group can be there once only.
    let captures = |part: &Hir| part.properties().explicit_captures_len() > 0;
    if rest.iter().any(captures) {
        return None;
    }
    let piece = |class| Hir::concat([vec![class], rest.clone()].concat());
    let pieces = pieces(&class)?.into_iter().map(piece);
    Some(Hir::concat(vec![
        text.clone(),
        Hir::alternation(pieces.collect()),
    ]))
}

/// Each piece of the class with the text.
fn with_last(class: &Hir, text: &Hir) -> Option<Hir> {
    let HirKind::Class(class) = class.kind() else {
        return None;
    };
    let piece = |class| Hir::concat(vec![class, text.clone()]);
    Some(Hir::alternation(
        pieces(class)?.into_iter().map(piece).collect(),
    ))
}

/// The class that something begins with, and what is left of it.
fn first(hir: &Hir) -> Option<(Class, Option<Hir>)> {
    match hir.kind() {
        HirKind::Class(class) => Some((class.clone(), None)),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            let (class, None) = first(&repetition.sub)? else {
                return None;
            };
            let rest = Hir::repetition(Repetition {
                min: repetition.min - 1,
                max: repetition.max.map(|max| max.saturating_sub(1)),
                ..repetition.clone()
            });
            Some((class, Some(rest)))
        }
        _ => None,
    }
}

/// The class in parts of few members.
fn pieces(class: &Class) -> Option<Vec<Hir>> {
    let Class::Bytes(class) = class else {
        return None;
    };
    let bytes: Vec<u8> = class
        .ranges()
        .iter()
        .flat_map(|range| range.start()..=range.end())
        .take(MOST + 1)
        .collect();
    let pieces = bytes.chunks(MEMBERS).map(|chunk| {
        let ranges = chunk.iter().map(|byte| ClassBytesRange::new(*byte, *byte));
        Hir::class(Class::Bytes(ClassBytes::new(ranges)))
    });
    (bytes.len() <= MOST).then(|| pieces.collect())
}

#[cfg(test)]
mod tests {
    use super::super::pattern::parse;
    use super::*;

    fn spelled(source: &str) -> Option<(regex::bytes::Regex, bool)> {
        let Spelled { hir, left_out } = spell(&parse(source).unwrap())?;
        let regex = regex::bytes::Regex::new(&hir.to_string()).unwrap();
        Some((regex, left_out))
    }

    #[test]
    fn what_is_written_out_matches_the_same() {
        for (source, text) in [
            (r"SK[0-9a-fA-F]{4}", "SKa09F"),
            (r"[a-z]{3}\dQ~[!-~]{3}", "abc7Q~xyz"),
            (r"(?<secret>hvs\.\w{3}|s\.(?i:[a-z0-9]{3}))", "s.aZ9"),
        ] {
            let (regex, left_out) = spelled(source).unwrap();
            assert_eq!(regex.find(text.as_bytes()).unwrap().len(), text.len());
            assert!(!regex.is_match(b"SKx S.K abcdQ~xyz s.__"), "{source}");
            assert!(!left_out);
        }
    }

    #[test]
    fn an_alternative_without_a_text_is_left_out() {
        let (regex, left_out) =
            spelled(r#"(?<secret>sgp_[0-9]{4}|[0-9a-f]{8})(?:["\s]|\\n|$)"#).unwrap();
        assert!(left_out && regex.is_match(b"sgp_1234\"") && regex.is_match(b"sgp_1234"));
        assert!(!regex.is_match(b"0123abcd"));
        assert!(spelled("[0-9]{8}").is_none());
        assert!(spelled("key-[0-9]{8}").is_none());
    }
}
