//! What a condition says of a request by somebody who shows no credentials.

use super::caller::{in_production, of_credentials};
use super::{Door, Request};
use crate::model::Language;

/// Conditions nest this deep at most.
const DEPTH: usize = 8;

/// What is known of a condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// Does it hold? `None` if that cannot be said.
    pub(super) holds: Option<bool>,
    /// It asks for the path, and that was not decided.
    pub(super) path: bool,
    /// It holds because the path is among those that somebody wrote down.
    pub(super) named: bool,
    /// It asks for what callers prove themselves with.
    pub(super) caller: bool,
}

impl Answer {
    fn plain(holds: bool) -> Self {
        Self {
            holds: Some(holds),
            ..Self::default()
        }
    }

    fn of_path(holds: Option<bool>) -> Self {
        Self {
            holds,
            path: holds.is_none(),
            named: holds == Some(true),
            caller: false,
        }
    }

    fn of_caller(holds: bool) -> Self {
        Self {
            caller: true,
            ..Self::plain(holds)
        }
    }

    fn not(self) -> Self {
        Self {
            holds: self.holds.map(|holds| !holds),
            named: false,
            ..self
        }
    }

    /// Both, or one of them: what `decides` settles the whole.
    fn join(self, other: Self, decides: bool) -> Self {
        let holds = match (self.holds, other.holds) {
            (Some(one), _) if one == decides => Some(decides),
            (_, Some(two)) if two == decides => Some(decides),
            (Some(_), Some(_)) => Some(!decides),
            _ => None,
        };
        Self {
            holds,
            path: holds.is_none() && (self.path || other.path),
            named: self.named || other.named,
            caller: self.caller || other.caller,
        }
    }
}

/// Names that stand for an item of a list while a loop or a test of all items runs.
pub(super) type Bound<'t> = Vec<(&'t str, &'t str)>;

/// Evaluates conditions in one file.
#[derive(Clone, Copy)]
pub(super) struct Conditions<'d, 'x> {
    pub(super) door: &'d Door<'x>,
    pub(super) request: &'d Request,
}

impl Conditions<'_, '_> {
    /// What `test` says where the names in `bound` stand for items of lists.
    pub(super) fn ask(&self, test: &str, bound: &Bound<'_>) -> Answer {
        self.any_of(test, bound, DEPTH)
    }

    fn any_of(&self, test: &str, bound: &Bound<'_>, depth: usize) -> Answer {
        let Some(depth) = depth.checked_sub(1) else {
            return Answer::default();
        };
        let python = self.door.language == Some(Language::Python);
        let (either, both, not): (&str, &str, &str) = if python {
            (" or ", " and ", "not ")
        } else {
            ("||", "&&", "!")
        };
        let test = test.trim();
        for (mark, decides) in [(either, true), (both, false)] {
            let parts = split(test, mark);
            if parts.len() > 1 {
                let answers = parts
                    .into_iter()
                    .map(|part| self.any_of(part, bound, depth));
                return answers
                    .reduce(|one, two| one.join(two, decides))
                    .unwrap_or_default();
            }
        }
        if let Some(rest) = test.strip_prefix(not)
            && (python || !rest.starts_with('='))
        {
            return self.any_of(rest, bound, depth).not();
        }
        if let Some(inside) = enclosed(test) {
            return self.any_of(inside, bound, depth);
        }
        self.atom(test, bound, depth)
    }

    fn atom(&self, test: &str, bound: &Bound<'_>, depth: usize) -> Answer {
        for call in ["bool(", "Boolean(", "any("] {
            if let Some(inside) = test
                .strip_prefix(call)
                .and_then(|rest| rest.strip_suffix(')'))
            {
                return self.each(inside, bound, depth);
            }
        }
        if let Some(answer) = self.of_some(test, bound, depth) {
            return answer;
        }
        if let Some(answer) = self.of_path(test, bound) {
            return answer;
        }
        if let Some(answer) = self.of_method(test) {
            return answer;
        }
        if let Some(answer) = self.of_helper(test, depth) {
            return answer;
        }
        match test {
            "True" | "true" => return Answer::plain(true),
            "False" | "false" => return Answer::plain(false),
            _ => {}
        }
        if let Some(holds) = in_production(test) {
            return Answer::plain(holds);
        }
        if let Some(holds) = self.door.by_default(test) {
            return Answer::plain(holds);
        }
        if let Some(value) = self.door.setting(test) {
            return self.any_of(value, bound, depth);
        }
        if let Some(value) = self.door.assigned(test) {
            let answer = self.any_of(value, bound, depth);
            if answer.holds.is_some() || answer.path {
                return answer;
            }
        }
        of_credentials(test).map_or_else(Answer::default, Answer::of_caller)
    }

    /// `path.startswith(p) for p in LIST`.
    fn each(&self, inside: &str, bound: &Bound<'_>, depth: usize) -> Answer {
        let Some((test, rest)) = inside.split_once(" for ") else {
            return self.any_of(inside, bound, depth);
        };
        let Some((name, list)) = rest.split_once(" in ") else {
            return Answer::default();
        };
        let mut bound = bound.clone();
        bound.push((name.trim(), list.trim()));
        self.any_of(test, &bound, depth)
    }

    /// `LIST.some((p) => path.startsWith(p))`.
    fn of_some(&self, test: &str, bound: &Bound<'_>, depth: usize) -> Option<Answer> {
        let (list, rest) = test.split_once(".some(")?;
        let (name, inner) = rest.strip_suffix(')')?.split_once("=>")?;
        let name = name.trim().trim_matches(['(', ')', ' ']);
        let name = name.split(':').next().unwrap_or(name).trim();
        let mut bound = bound.clone();
        bound.push((name, list.trim()));
        Some(self.any_of(inner, &bound, depth))
    }

    /// A test of the path, or of the function that answers it.
    fn of_path(&self, test: &str, bound: &Bound<'_>) -> Option<Answer> {
        let (subject, how, object, negated) = parted(test)?;
        let answer = if subject.ends_with(".endpoint") {
            let texts = self.door.texts(object, bound);
            Answer::of_path(one_of(&texts, |text| match how {
                How::Is => self.request.has_endpoint(text),
                _ => None,
            }))
        } else {
            let relative = self.door.subject(subject)?;
            let texts = self.door.texts(object, bound);
            Answer::of_path(one_of(&texts, |text| match how {
                How::Starts => self.request.starts(text, relative),
                How::Is => self.request.is(text, relative),
                How::Holds => self.request.holds(text, relative),
                How::Matches => self.request.matches(text, relative),
            }))
        };
        Some(if negated { answer.not() } else { answer })
    }

    fn of_method(&self, test: &str) -> Option<Answer> {
        let (subject, how, object, negated) = parted(test)?;
        if !subject.ends_with(".method") || !matches!(how, How::Is) {
            return None;
        }
        let texts = self.door.texts(object, &Vec::new());
        let holds = one_of(&texts, |text| self.request.has_method(text));
        let answer = Answer {
            holds,
            path: holds.is_none(),
            ..Answer::default()
        };
        Some(if negated { answer.not() } else { answer })
    }

    /// `self._is_public(path)`: what the function of that name in this file returns.
    fn of_helper(&self, test: &str, depth: usize) -> Option<Answer> {
        let (name, arguments) = test.strip_suffix(')')?.split_once('(')?;
        if arguments.contains('(') && !arguments.ends_with(')') {
            return None;
        }
        let last = name.rsplit('.').next().unwrap_or(name);
        let returned = self.door.returned(last)?;
        Some(self.any_of(&returned, &Vec::new(), depth))
    }
}

/// How a text is compared.
#[derive(Clone, Copy)]
enum How {
    Starts,
    Is,
    Holds,
    Matches,
}

/// What is tested, how, with what, and whether it is turned round.
fn parted(test: &str) -> Option<(&str, How, &str, bool)> {
    let test = test.trim();
    for (mark, how) in [
        (".startswith(", How::Starts),
        (".startsWith(", How::Starts),
        (".includes(", How::Holds),
        (".match(", How::Matches),
        (".fullmatch(", How::Matches),
        (".search(", How::Matches),
        (".test(", How::Matches),
        (".has(", How::Holds),
    ] {
        if let Some((subject, rest)) = test.split_once(mark) {
            let object = rest.strip_suffix(')')?;
            if matches!(subject, "re" | "regex") {
                let (pattern, path) = object.split_once(", ")?;
                return Some((path, how, pattern, false));
            }
            // `PATTERN.match(path)`, `LIST.includes(path)`.
            let turned = matches!(how, How::Matches | How::Holds) && speaks_of_path(object);
            return Some(match (turned, how) {
                (true, How::Holds) => (object, How::Is, subject, false),
                (true, _) => (object, how, subject, false),
                (false, _) => (subject, how, object, false),
            });
        }
    }
    for (mark, negated) in [
        ("!==", true),
        ("===", false),
        ("!=", true),
        ("==", false),
        (" not in ", true),
        (" in ", false),
    ] {
        if let Some((left, right)) = test.split_once(mark) {
            let (left, right) = (left.trim(), right.trim());
            let quoted = left.starts_with(['"', '\'']);
            return Some(match (quoted, mark.contains("in")) {
                (true, true) => (right, How::Holds, left, negated),
                (true, false) => (right, How::Is, left, negated),
                (false, _) => (left, How::Is, right, negated),
            });
        }
    }
    None
}

fn speaks_of_path(text: &str) -> bool {
    ["path", "url", "Url", "URL", "method", "endpoint"]
        .iter()
        .any(|word| text.contains(word))
}

/// Is it so for one of the texts? A `None` among them is one that is not known.
fn one_of(texts: &[Option<String>], holds: impl Fn(&str) -> Option<bool>) -> Option<bool> {
    let mut doubt = texts.is_empty();
    for text in texts {
        match text.as_deref().and_then(&holds) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => doubt = true,
        }
    }
    if doubt { None } else { Some(false) }
}

/// The parts of a condition between marks that stand in no bracket and in no text.
fn split<'t>(test: &'t str, mark: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut depth, mut from, mut quote) = (0_i32, 0, None);
    for (at, letter) in test.char_indices() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(letter),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        let whole = test.get(at..).is_some_and(|rest| rest.starts_with(mark));
        if depth == 0 && quote.is_none() && whole && at >= from {
            parts.extend(test.get(from..at));
            from = at + mark.len();
        }
    }
    parts.extend(test.get(from..));
    parts
}

/// What stands in parentheses, if nothing stands beside them.
fn enclosed(test: &str) -> Option<&str> {
    let inside = test.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_i32;
    let balanced = inside.chars().all(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth >= 0
    });
    balanced.then_some(inside)
}
