//! Cheap regexes that match wherever a costly one does, asked first.
//!
//! A counted repetition such as `{16,600}` costs a state machine that many states, and most texts
//! do not come near a match. Without the count it costs one, and matches a little more.

use regex_syntax::hir::{
    Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition,
};

/// Letters beyond ASCII that match an ASCII letter where case is ignored: the long s and the sign
/// for kelvins. No name in code is written with them, and with them no name has a literal.
const LOOKALIKES: [(char, char); 2] = [('s', '\u{17f}'), ('k', '\u{212a}')];

/// Counts up to this are kept.
const COUNT: u32 = 8;
/// Levels of a regex that are followed.
const DEPTH: u32 = 64;

/// Has it large counts?
pub fn counts(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(repetition) => {
            repetition.min > COUNT
                || repetition.max.is_some_and(|max| max > COUNT)
                || counts(&repetition.sub)
        }
        HirKind::Capture(capture) => counts(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(counts),
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) | HirKind::Class(_) => false,
    }
}

/// The regex without the large counts that it may have; `None` when it is nested too deeply.
pub fn uncounted(hir: &Hir) -> Option<Hir> {
    Rewrite { for_files: false }.rewrite(hir, 0)
}

/// A regex over bytes that matches somewhere in every file with a node that `hir` matches: large
/// counts and the edges of the node are gone, and whatever is not ASCII stands for all that is
/// not ASCII, which keeps it small.
pub fn for_files(hir: &Hir) -> Option<Hir> {
    Rewrite { for_files: true }.rewrite(hir, 0)
}

struct Rewrite {
    for_files: bool,
}

impl Rewrite {
    fn rewrite(&self, hir: &Hir, depth: u32) -> Option<Hir> {
        if depth > DEPTH {
            return None;
        }
        let inner = |part: &Hir| self.rewrite(part, depth + 1);
        Some(match hir.kind() {
            HirKind::Empty => Hir::empty(),
            HirKind::Look(_) if self.for_files => Hir::empty(),
            HirKind::Look(look) => Hir::look(*look),
            HirKind::Literal(literal) => Hir::literal(literal.0.clone()),
            HirKind::Class(Class::Unicode(class)) if self.for_files => bytes_of(class),
            HirKind::Class(class) => Hir::class(class.clone()),
            HirKind::Capture(capture) => inner(&capture.sub)?,
            HirKind::Repetition(repetition) => Hir::repetition(Repetition {
                min: repetition.min.min(COUNT),
                max: repetition.max.filter(|max| *max <= COUNT),
                greedy: repetition.greedy,
                sub: Box::new(inner(&repetition.sub)?),
            }),
            HirKind::Concat(parts) => Hir::concat(parts.iter().map(inner).collect::<Option<_>>()?),
            HirKind::Alternation(parts) => {
                Hir::alternation(parts.iter().map(inner).collect::<Option<_>>()?)
            }
        })
    }
}

/// A class without the letters that are there only because it ignores case.
pub fn without_lookalikes(class: &ClassUnicode) -> ClassUnicode {
    let has = |letter| {
        let mut ranges = class.ranges().iter();
        ranges.any(|range| (range.start()..=range.end()).contains(&letter))
    };
    let there = LOOKALIKES.iter().filter(|(ascii, _)| has(*ascii));
    let spare = there.map(|(_, other)| ClassUnicodeRange::new(*other, *other));
    let mut out = class.clone();
    out.difference(&ClassUnicode::new(spare));
    out
}

/// The ASCII part of a class, or any run of bytes beyond ASCII if it has such a part.
fn bytes_of(class: &ClassUnicode) -> Hir {
    let class = without_lookalikes(class);
    let ascii = class.ranges().iter().filter_map(|range| {
        let start = u8::try_from(u32::from(range.start())).ok()?;
        let end = u8::try_from(u32::from(range.end())).unwrap_or(u8::MAX);
        (start < 0x80).then(|| ClassBytesRange::new(start, end.min(0x7f)))
    });
    let ascii = Hir::class(Class::Bytes(ClassBytes::new(ascii)));
    if class.is_ascii() {
        return ascii;
    }
    let beyond = ClassBytes::new([ClassBytesRange::new(0x80, 0xff)]);
    let letter = Hir::repetition(Repetition {
        min: 1,
        max: Some(4),
        greedy: true,
        sub: Box::new(Hir::class(Class::Bytes(beyond))),
    });
    Hir::alternation(vec![ascii, letter])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(regex: &str, rewrite: fn(&Hir) -> Option<Hir>) -> Option<String> {
        let hir = regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build()
            .parse(regex)
            .unwrap();
        rewrite(&hir).map(|hir| hir.to_string())
    }

    #[test]
    fn large_counts_are_dropped() {
        let want = Some("(?:a(?-u:[xy]){8,}\\b)".to_owned());
        let got = shown(r"a(?<n>[xy]{16,600})\b", uncounted);
        assert_eq!(got.map(|regex| regex.replace("(?-u:\\b)", "\\b")), want);
        let counts = |regex| counts(&super::super::parse(regex, false).unwrap());
        assert!(counts(r"a(?<n>[xy]{16,600})\b") && !counts(r"ab{2,3}c+"));
        assert_eq!(shown(r"^ab{0,99}$", for_files).as_deref(), Some("(?:ab*)"));
    }

    #[test]
    fn names_are_sequences_of_ascii_letters_in_either_case() {
        let relaxed = |regex: &str| for_files(&regex_syntax::parse(regex).unwrap()).unwrap();
        let want = regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .case_insensitive(true)
            .build()
            .parse("task")
            .unwrap();
        assert_eq!(relaxed("(?i)task"), want);
        assert_ne!(relaxed("t[a\u{17f}]sk"), want, "a letter that is asked for");
    }
}
