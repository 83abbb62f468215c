//! Lines, colours and wrapping for a terminal of some width.

use crate::render::{Style, escape};

/// What a piece of text is, from which its colour follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Critical,
    High,
    Medium,
    Good,
    Faint,
    Strong,
    Badge(Badge),
}

/// A word on a coloured ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Badge {
    Bad,
    Warning,
    Good,
    Neutral,
}

impl Tone {
    fn code(self) -> &'static str {
        match self {
            Self::Critical => "1;31",
            Self::High => "31",
            Self::Medium => "33",
            Self::Good => "32",
            Self::Faint => "2",
            Self::Strong => "1",
            Self::Badge(Badge::Bad) => "1;97;41",
            Self::Badge(Badge::Warning) => "1;30;43",
            Self::Badge(Badge::Good) => "1;30;42",
            Self::Badge(Badge::Neutral) => "1;30;47",
        }
    }
}

/// The text under construction. What is pushed has been escaped.
pub(super) struct Page {
    text: String,
    colour: bool,
    /// Columns that text may use.
    pub(super) width: usize,
}

/// Narrower than this, words are broken and nothing can be read.
const NARROWEST: usize = 30;
/// Wider than this, lines cannot be followed.
const WIDEST: usize = 120;

impl Page {
    pub(super) fn new(style: &Style) -> Self {
        let width = style.width.clamp(NARROWEST, WIDEST);
        Self {
            text: String::new(),
            colour: style.colour,
            width,
        }
    }

    /// Is there too little room for columns?
    pub(super) fn narrow(&self) -> bool {
        self.width < 60
    }

    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    pub(super) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A heading with a rule to the edge.
    pub(super) fn heading(&mut self, title: &str, tone: Tone) {
        self.blank();
        let rest = self.width.saturating_sub(title.chars().count() + 4);
        let rule = self.paint(Tone::Faint, &"─".repeat(rest));
        let lead = self.paint(Tone::Faint, "──");
        let title = self.paint(tone, title);
        self.line(&format!("{lead} {title} {rule}"));
        self.blank();
    }

    /// Text wrapped to the width; the first line begins with `label`, the others below its text.
    pub(super) fn labelled(&mut self, indent: usize, label: &str, text: &str) {
        let hang = indent
            + if label.is_empty() {
                0
            } else {
                label.chars().count() + 2
            };
        for (index, part) in wrap(text, self.width.saturating_sub(hang))
            .iter()
            .enumerate()
        {
            let lead = if index == 0 && !label.is_empty() {
                format!("{}{}  ", " ".repeat(indent), self.paint(Tone::Faint, label))
            } else {
                " ".repeat(hang)
            };
            self.line(&format!("{lead}{part}"));
        }
    }

    /// Text wrapped to the width.
    pub(super) fn paragraph(&mut self, indent: usize, text: &str) {
        self.labelled(indent, "", text);
    }

    pub(super) fn paint(&self, tone: Tone, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\u{1b}[{}m{text}\u{1b}[0m", tone.code())
        } else {
            text.to_owned()
        }
    }

    /// Is colour written? A badge needs brackets when it is not.
    pub(super) fn colour(&self) -> bool {
        self.colour
    }

    pub(super) fn finish(self) -> String {
        escape::log(&self.text)
    }
}

/// Breaks text at spaces into lines of at most `width` characters; longer words are cut.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(10);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut rest: Vec<char> = word.chars().collect();
        if used > 0 && used + 1 + rest.len() > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        while rest.len() > width - used {
            let tail = rest.split_off(width - used);
            line.extend(rest);
            lines.push(std::mem::take(&mut line));
            used = 0;
            rest = tail;
        }
        used += rest.len();
        line.extend(rest);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The text, or as much of it as fits with an ellipsis.
pub(super) fn shorten(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The end of a path that fits: its name says more than its root.
pub(super) fn shorten_path(path: &str, width: usize) -> String {
    let length = path.chars().count();
    if length <= width {
        return path.to_owned();
    }
    let kept: String = path.chars().skip(length + 1 - width.max(1)).collect();
    format!("…{kept}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_wrap_and_long_words_are_cut() {
        assert_eq!(wrap("one two three", 10), ["one two", "three"]);
        assert_eq!(wrap("abcdefghijklmno pq", 10), ["abcdefghij", "klmno pq"]);
        assert!(wrap("   ", 10).is_empty());
        assert_eq!(shorten("abcdef", 4), "abc…");
        assert_eq!(shorten_path("a/b/c.py", 5), "…c.py");
    }

    proptest! {
        #[test]
        fn wrapping_keeps_every_word_and_the_width(text in "[a-z ]{0,200}", width in 10..40_usize) {
            let lines = wrap(&text, width);
            prop_assert!(lines.iter().all(|line| line.chars().count() <= width));
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
