//! A text that a regex matches: the example that proves an imported rule.

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

/// Longest text that is made up, in bytes.
const LONGEST: usize = 4096;

/// A text that `hir` should match, different for every seed. `None` when it needs bytes that are
/// no text.
pub(super) fn sample(hir: &Hir, seed: u32) -> Option<String> {
    let mut maker = Maker {
        state: u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
        seed: seed as usize,
        out: String::new(),
    };
    maker.add(hir)?;
    Some(maker.out)
}

struct Maker {
    state: u64,
    seed: usize,
    out: String,
}

impl Maker {
    /// Numbers without order, the same on every machine.
    fn next(&mut self, below: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let high = usize::try_from(self.state >> 40).unwrap_or_default();
        high.checked_rem(below).unwrap_or_default()
    }

    /// Depth is bounded by the nesting that the parser allows.
    fn add(&mut self, hir: &Hir) -> Option<()> {
        if self.out.len() > LONGEST {
            return None;
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.out.push_str(std::str::from_utf8(&literal.0).ok()?),
            HirKind::Class(class) => {
                let letters = letters(class);
                let letter = letters.get(self.next(letters.len()))?;
                self.out.push(char::from(*letter));
            }
            HirKind::Repetition(repetition) => {
                for _ in 0..self.count(repetition) {
                    self.add(&repetition.sub)?;
                }
            }
            HirKind::Capture(capture) => self.add(&capture.sub)?,
            HirKind::Concat(parts) => {
                for part in parts {
                    self.add(part)?;
                }
            }
            HirKind::Alternation(parts) => {
                self.add(parts.get(self.seed.checked_rem(parts.len())?)?)?;
            }
        }
        Some(())
    }

    /// As few as possible, but more of what is long anyway: a secret needs some entropy.
    fn count(&self, repetition: &Repetition) -> u32 {
        const LONG: u32 = 8;
        let most = repetition.max.unwrap_or(u32::MAX);
        if repetition.min < LONG {
            return repetition.min;
        }
        let more = u32::try_from(self.seed).unwrap_or_default() * 4 + 12;
        repetition.min.saturating_add(more).min(most)
    }
}

/// The printable ASCII letters of a class: letters and digits where it has them, else signs, else
/// white space.
fn letters(class: &Class) -> Vec<u8> {
    let holds = |byte: u8| match class {
        Class::Bytes(class) => class
            .ranges()
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&byte)),
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&char::from(byte))),
    };
    let of = |kind: fn(&u8) -> bool| -> Vec<u8> {
        (0..=127).filter(kind).filter(|byte| holds(*byte)).collect()
    };
    [
        u8::is_ascii_alphanumeric as fn(&u8) -> bool,
        u8::is_ascii_graphic,
        |byte| *byte == b' ',
        u8::is_ascii_whitespace,
    ]
    .into_iter()
    .map(of)
    .find(|letters| !letters.is_empty())
    .unwrap_or_default()
}

/// The text with its longest run of letters and digits in two parts, which examples join: no
/// hosting service takes what is invented here for a live credential.
pub(super) fn apart(text: &str) -> String {
    const LEAST: usize = 12;
    let runs = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let Some(run) = runs
        .max_by_key(|run| run.len())
        .filter(|run| run.len() >= LEAST)
    else {
        return text.to_owned();
    };
    let (left, right) = run.split_at_checked(run.len() / 2).unwrap_or((run, ""));
    text.replacen(run, &format!("{{{{join:{left}|{right}}}}}"), 1)
}

#[cfg(test)]
mod tests {
    use super::super::pattern::parse;
    use super::*;

    #[test]
    fn samples_match_their_regex() {
        for source in [
            r"acme_[0-9a-f]{32}",
            r#"(?i)[\w.-]{0,50}?(?:acme)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|:)[\x60'"\s=]{0,5}([a-z0-9]{32})(?:[\x60'"\s;]|$)"#,
            r"\b(?:A3T[A-Z0-9]|AKIA)[A-Z2-7]{16}\b",
            r"-----BEGIN[ A-Z]{0,20}KEY-----[\s\S]{64,}?KEY-----",
        ] {
            let regex = regex::bytes::Regex::new(&format!("(?-u){source}")).unwrap();
            for seed in 0..8 {
                let text = sample(&parse(source).unwrap(), seed).unwrap();
                assert!(regex.is_match(text.as_bytes()), "{source}: {text}");
            }
        }
    }

    #[test]
    fn invented_tokens_stay_in_parts() {
        assert_eq!(apart("k = 'abcdef123456'"), "k = '{{join:abcdef|123456}}'");
        assert_eq!(apart("short"), "short");
    }
}
