//! The sentence of a finding: the rule's message with its placeholders filled.

use super::candidates::Candidate;
use super::{Bench, Place};
use crate::model::prose::{self, Piece};
use crate::model::{Value, mask};
use crate::rule::Rule;

/// Characters of a value in a message.
const SHOWN: usize = 80;
/// Characters of its end that a shortened value keeps: the reference, the extension, the number.
const END: usize = 26;
/// Characters by which a value may be longer on either side, so that a word stays whole.
const WORD: usize = 32;
/// Characters of a path in a message. A part of a path is no path.
const PATH: usize = 200;

impl Bench<'_> {
    /// The rule's sentence with its placeholders filled. Whatever backticks the values hold, what
    /// the rule marks as code is one span of code, and nothing else is.
    pub(super) fn message(
        &self,
        rule: &Rule,
        view: &Value,
        redacted: &[String],
        place: Place,
        count: usize,
    ) -> String {
        let value = |name: &str| match name {
            "count" => count.to_string(),
            "judged" => self.judged(rule, place).to_string(),
            "service" => self
                .service_of(place)
                .unwrap_or_else(|| self.case.listing.target.name.clone()),
            name => placeholder(view, name, redacted),
        };
        sentence(&rule.message, view, value)
    }

    /// What the rule looks at in `place`, in code that runs, be it right or wrong.
    fn judged(&self, rule: &Rule, place: Place) -> usize {
        let all = self.pool.candidates(rule, place);
        all.filter(Candidate::runs).count()
    }
}

fn sentence(message: &str, view: &Value, value: impl Fn(&str) -> String) -> String {
    let pieces = prose::pieces(message).into_iter();
    let filled = pieces.map(|piece| match piece {
        Piece::Words(text) => filled(text, &value).replace('`', "'"),
        Piece::Code(text) => {
            let unnamed = (text == "{function}").then(|| unnamed(view)).flatten();
            unnamed.map_or_else(|| code(&filled(text, &value)), str::to_owned)
        }
    });
    filled.collect()
}

/// A value as code; an empty one is an empty text.
fn code(text: &str) -> String {
    prose::code(if text.is_empty() { "\"\"" } else { text })
}

/// What to say of the function around a hit that has no name.
fn unnamed(view: &Value) -> Option<&'static str> {
    let is = |name: &str| view.get(name) == Some(&Value::Bool(true));
    match view.get("function")?.as_str()? {
        "" if is("async") || is("handler") => Some("an anonymous function"),
        "" => Some("code outside a named function"),
        _ => None,
    }
}

/// `text` with every `{name}` replaced.
fn filled(text: &str, value: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        out.push_str(&value(name));
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The value of a placeholder: one line, shortened, and masked if it is or may hold a secret.
fn placeholder(view: &Value, name: &str, redacted: &[String]) -> String {
    let value = name
        .split('.')
        .try_fold(view, |value, part| value.get(part));
    let Some(value) = value else {
        return "?".to_owned();
    };
    let text = value.display();
    if redacted.iter().any(|redacted| redacted == name) {
        return mask(&text);
    }
    // The whole match of a matcher with secrets holds them too. A name or a path holds at most the
    // same word; a long copy in it is found when the report is redacted.
    let text = if matches!(name, "name" | "path") && text.bytes().all(is_of_name) {
        text
    } else {
        redacted
            .iter()
            .filter_map(|name| view.get(name)?.as_str())
            .filter(|secret| !secret.is_empty())
            .fold(text, |text, secret| text.replace(secret, &mask(secret)))
    };
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = unquoted(&folded);
    shortened(bare, if is_path(name, bare) { PATH } else { SHOWN })
}

/// A literal without its quotes: the message has its own.
fn unquoted(text: &str) -> &str {
    ['"', '\'', '`']
        .into_iter()
        .find_map(|quote| {
            text.strip_prefix(quote)?
                .strip_suffix(quote)
                .map(|inner| (quote, inner))
        })
        .filter(|(quote, inner)| !inner.is_empty() && !inner.contains(*quote))
        .map_or(text, |(_, inner)| inner)
}

/// A text of about `most` characters, without its middle if it is longer. A word is shown whole or
/// not at all, so that no part of a secret stays that nobody knows as one.
fn shortened(text: &str, most: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= most {
        return text.to_owned();
    }
    let word = |at: usize| letters.get(at).is_some_and(|c| is_of_word(*c));
    let between = |at: &usize| !(at.checked_sub(1).is_some_and(word) && word(*at));
    let head = most.saturating_sub(END + 1);
    let head = (head..=head + WORD)
        .find(between)
        .or_else(|| (1..head).rev().find(between))
        // One long word has a beginning only.
        .unwrap_or(head);
    let tail = letters.len().saturating_sub(END);
    let tail = (tail.saturating_sub(WORD)..=tail)
        .rev()
        .find(between)
        .or_else(|| (tail..letters.len()).find(between))
        .unwrap_or(letters.len());
    if head >= tail {
        return text.to_owned();
    }
    let start: String = letters.iter().take(head).collect();
    let end: String = letters.iter().skip(tail).collect();
    format!("{}…{}", start.trim_end(), end.trim_start())
}

fn is_of_word(c: char) -> bool {
    !c.is_whitespace() && !"\"'`,;:()[]{}<>=&|".contains(c)
}

/// Is the value a path, or an action or image that is named like one?
fn is_path(name: &str, text: &str) -> bool {
    let of_path = |byte: u8| is_of_name(byte) || b"@:+~%#[]()*".contains(&byte);
    name == "path" || (text.contains('/') && text.bytes().all(of_path))
}

/// May the byte stand in the name of a variable or of a file?
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_.$/-".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(message: &str, entries: &[(&str, &str)]) -> String {
        let entries = entries
            .iter()
            .map(|(name, text)| (*name, Value::str(*text)));
        let view = Value::map(entries);
        sentence(message, &view, |name| placeholder(&view, name, &[]))
    }

    #[test]
    fn a_path_stays_whole_and_other_values_keep_their_ends() {
        let deep = format!("{}/parameters.json", "infrastructure/modules".repeat(5));
        let action = format!("{}/build@v1", "clinic-platform/actions".repeat(4));
        for text in [&deep, &action] {
            assert_eq!(told("{value}", &[("value", text)]), **text);
        }
        let call = "jwt.sign({ sub: patient.id, role: patient.role, practice: patient.practice }, key, { minutes: 1440 })";
        assert_eq!(
            told("{value}", &[("value", call)]),
            "jwt.sign({ sub: patient.id, role: patient.role, practice…}, key, { minutes: 1440 })"
        );
    }

    #[test]
    fn a_word_is_not_shown_in_part() {
        let word = "correcthorsebatterystaple";
        for lead in 30..80 {
            let text = format!("{}{word}, {}", "a ".repeat(lead / 2), "b ".repeat(30));
            let shown = shortened(&text, SHOWN);
            assert!(shown.contains(word) || !shown.contains("horse"), "{shown}");
            assert!(shown.chars().count() <= SHOWN + 2 * WORD);
        }
        assert_eq!(
            shortened(&"x".repeat(100), SHOWN),
            format!("{}…", "x".repeat(53))
        );
    }

    #[test]
    fn code_is_one_span_whatever_backticks_it_holds() {
        for (value, want) in [
            (
                "`chartDraft-${patient.id}`",
                "`chartDraft-${patient.id}` is kept",
            ),
            ("get(`/a/${id}`)", "``get(`/a/${id}`)`` is kept"),
            ("'draft'", "`draft` is kept"),
            ("'a' + 'b'", "`'a' + 'b'` is kept"),
            ("", "`\"\"` is kept"),
        ] {
            assert_eq!(told("`{value}` is kept", &[("value", value)]), want);
        }
        assert_eq!(
            told("kept: {value}", &[("value", "f(`a`) ` b")]),
            "kept: f('a') ' b"
        );
    }

    #[test]
    fn a_function_without_a_name_is_called_so() {
        let told = |name: &str, handler: bool| {
            let view = Value::map([
                ("function", Value::str(name)),
                ("handler", Value::Bool(handler)),
            ]);
            sentence("`{function}` waits", &view, |name| {
                placeholder(&view, name, &[])
            })
        };
        assert_eq!(told("admit", true), "`admit` waits");
        assert_eq!(told("", true), "an anonymous function waits");
        assert_eq!(told("", false), "code outside a named function waits");
    }
}
