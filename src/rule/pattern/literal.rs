//! A literal that stands in every match of a regex, and where in a text it stands.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A text that stands in every file with a match.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Literal {
    /// The text; in lower case when letter case does not matter.
    pub text: String,
    /// Must it stand in this very letter case?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cased: bool,
    /// Does a token begin with it, so that no letter, digit or underscore stands before it?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub starts: bool,
    /// Does a token end with it?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ends: bool,
}

impl Literal {
    /// A text in any letter case, anywhere.
    pub fn loose(text: impl Into<String>) -> Self {
        let mut text = text.into();
        text.make_ascii_lowercase();
        Self {
            text,
            cased: false,
            starts: false,
            ends: false,
        }
    }

    /// Is it really this literal that stands at `range` of `bytes`, where its text was found in some
    /// letter case?
    pub fn stands(&self, bytes: &[u8], range: Range<usize>) -> bool {
        if self.cased && bytes.get(range.clone()) != Some(self.text.as_bytes()) {
            return false;
        }
        let (starts, ends) = self.edges();
        !(starts && goes_on_before(bytes, range.start) || ends && goes_on_after(bytes, range.end))
    }

    /// Must a word begin where it begins, and end where it ends?
    pub fn edges(&self) -> (bool, bool) {
        let text = self.text.as_bytes();
        let first = text.first().copied().is_some_and(in_word);
        let last = text.last().copied().is_some_and(in_word);
        (self.starts && first, self.ends && last)
    }
}

/// Does the word that stands at `at` begin before it?
pub fn goes_on_before(bytes: &[u8], at: usize) -> bool {
    match bytes.get(..at).unwrap_or_default() {
        // An escape such as `\n` ends in a letter and is a token of its own.
        [.., b'\\', _] => false,
        [.., byte] => in_word(*byte),
        [] => false,
    }
}

/// Does the word that ends at `at` go on?
pub fn goes_on_after(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).copied().is_some_and(in_word)
}

fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_stand_between_the_edges_of_tokens() {
        let word = Literal {
            text: "use".into(),
            cased: true,
            starts: true,
            ends: true,
        };
        for (text, stands) in [
            ("app.use(x)", true),
            ("useState()", false),
            ("reuse()", false),
            ("_use", false),
            ("$use", true),
            ("'\\nuse'", true),
            ("use", true),
            ("Use", false),
        ] {
            let at = text.to_ascii_lowercase().find("use").unwrap();
            assert_eq!(word.stands(text.as_bytes(), at..at + 3), stands, "{text}");
        }
        assert!(Literal::loose("USE").stands(b"reused", 2..5));
        let dotted = Literal {
            text: ".use".into(),
            ..word
        };
        assert!(
            dotted.stands(b"app.use", 3..7),
            "an edge that is no letter needs none"
        );
    }
}
