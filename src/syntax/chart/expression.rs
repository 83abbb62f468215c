//! What a template's expression gives: references to values and the few functions that only pass
//! them on. Anything else is unknown.

use crate::model::Value;
use std::sync::Arc;

/// Parentheses inside each other.
const DEPTH: u32 = 8;

/// What an expression gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Got {
    /// This.
    Known(Value),
    /// Nothing, or what every installation must fill in: null or an empty text.
    Open,
    /// Nobody can know.
    Unknown,
}

impl Got {
    fn of(value: Value) -> Self {
        match value {
            Value::Unknown => Self::Unknown,
            Value::Null => Self::Open,
            Value::Str(text) if text.is_empty() => Self::Open,
            // Values may hold templates of their own.
            Value::Str(text) if text.contains("{{") => Self::Unknown,
            value => Self::Known(value),
        }
    }

    /// Does a condition hold? What an installation fills in decides nothing.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Known(value) => Some(!is_empty(value)),
            Self::Open | Self::Unknown => None,
        }
    }

    /// A list or a mapping.
    pub(super) fn is_collection(&self) -> bool {
        matches!(self, Self::Known(Value::List(_) | Value::Map(_)))
    }
}

/// What counts as empty in a template.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) | Value::Int(0) => true,
        Value::Float(number) => *number == 0.0,
        Value::Str(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Bool(true) | Value::Int(_) | Value::Unknown => false,
    }
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Plain,
    /// In quotes.
    Quoted,
    /// As YAML or JSON.
    Data,
}

/// Where the lines of a value begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Indent {
    pub(super) column: usize,
    /// On a line of its own.
    pub(super) breaks: bool,
}

/// A value as an expression writes it.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) value: Value,
    pub(super) form: Form,
    pub(super) indent: Option<Indent>,
}

/// What stands inside the marks of a template; nothing for templates of other languages.
pub(super) fn inside(template: &str) -> &str {
    let inside = template.strip_prefix("{{").unwrap_or_default();
    let inside = inside.strip_suffix("}}").unwrap_or_default();
    let inside = inside.strip_prefix('-').unwrap_or(inside);
    inside.strip_suffix('-').unwrap_or(inside).trim()
}

/// The values that an expression names.
pub(super) fn values(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split(".Values.").skip(1);
    let end = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '-');
    names.map(move |name| name.split(end).next().unwrap_or_default())
}

/// What an expression gives, whatever it would look like.
pub(super) fn evaluate(text: &str, dot: &Value, root: &Value) -> Got {
    run(text, dot, root).map_or(Got::Unknown, |result| result.got)
}

/// What an expression writes, when that is known.
pub(super) fn written(text: &str, dot: &Value, root: &Value) -> Option<Written> {
    let result = run(text, dot, root)?;
    match result.got {
        Got::Known(value) => Some(Written {
            value,
            form: result.form,
            indent: result.indent,
        }),
        Got::Open | Got::Unknown => None,
    }
}

struct Outcome {
    got: Got,
    form: Form,
    indent: Option<Indent>,
}

impl Outcome {
    fn plain(got: Got) -> Self {
        Self {
            got,
            form: Form::Plain,
            indent: None,
        }
    }
}

fn run(text: &str, dot: &Value, root: &Value) -> Option<Outcome> {
    let mut words = words(text)?.into_iter().peekable();
    let scope = Scope { dot, root };
    let outcome = scope.pipeline(&mut words, 0)?;
    words.next().is_none().then_some(outcome)
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Text(Arc<str>),
    Name(Arc<str>),
    Pipe,
    Open,
    Close,
}

type Words = std::iter::Peekable<std::vec::IntoIter<Word>>;

/// The words of an expression; nothing when it is more than references, constants and functions.
fn words(text: &str) -> Option<Vec<Word>> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, length) = match first {
            '|' => (Word::Pipe, 1),
            '(' => (Word::Open, 1),
            ')' => (Word::Close, 1),
            '"' | '`' => {
                let (inner, _) = rest.get(1..)?.split_once(first)?;
                if inner.contains('\\') {
                    return None;
                }
                (Word::Text(inner.into()), inner.len() + 2)
            }
            _ => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || "|()\"`".contains(c))
                    .unwrap_or(rest.len());
                (Word::Name(rest.get(..end)?.into()), end)
            }
        };
        // `(…).name` takes a part of what stands in parentheses.
        if matches!(out.last(), Some(Word::Close))
            && matches!(&word, Word::Name(name) if name.starts_with('.'))
        {
            return None;
        }
        out.push(word);
        rest = rest.get(length..)?.trim_start();
    }
    Some(out)
}

struct Scope<'v> {
    dot: &'v Value,
    root: &'v Value,
}

impl Scope<'_> {
    fn pipeline(&self, words: &mut Words, depth: u32) -> Option<Outcome> {
        let mut outcome = self.command(words, None, depth)?;
        while words.next_if_eq(&Word::Pipe).is_some() {
            outcome = self.command(words, Some(outcome), depth)?;
        }
        Some(outcome)
    }

    /// A function with its arguments, the last of which may come through a pipe; or one operand.
    fn command(&self, words: &mut Words, piped: Option<Outcome>, depth: u32) -> Option<Outcome> {
        let mut function = None;
        let mut operands = Vec::new();
        while let Some(word) = words.next_if(|word| !matches!(word, Word::Pipe | Word::Close)) {
            match word {
                Word::Text(text) => operands.push(Outcome::plain(Got::of(Value::Str(text)))),
                Word::Open if depth < DEPTH => {
                    operands.push(self.pipeline(words, depth + 1)?);
                    words.next_if_eq(&Word::Close)?;
                }
                Word::Name(name) => match self.operand(&name) {
                    Some(got) => operands.push(Outcome::plain(got)),
                    None if function.is_none() && operands.is_empty() => function = Some(name),
                    None => return None,
                },
                _ => return None,
            }
        }
        let has_pipe = piped.is_some();
        operands.extend(piped);
        match function {
            Some(function) => call(&function, operands),
            None if has_pipe || operands.len() != 1 => None,
            None => operands.pop(),
        }
    }

    /// A reference or a constant.
    fn operand(&self, name: &str) -> Option<Got> {
        match name {
            "true" => return Some(Got::Known(Value::Bool(true))),
            "false" => return Some(Got::Known(Value::Bool(false))),
            "." => return Some(Got::of(self.dot.clone())),
            "$" => return Some(Got::of(self.root.clone())),
            _ => {}
        }
        if let Some(path) = name.strip_prefix("$.") {
            return Some(lookup(self.root, path));
        }
        if let Some(path) = name.strip_prefix('.') {
            return Some(lookup(self.dot, path));
        }
        if name.starts_with('$') {
            return Some(Got::Unknown);
        }
        name.parse()
            .ok()
            .map(|number| Got::Known(Value::Int(number)))
    }
}

/// The value under a dotted path. Only its last part may be missing: without the others no
/// installation works that does not set them.
fn lookup(from: &Value, path: &str) -> Got {
    let mut at = from;
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        match at {
            Value::Map(entries) => match entries.get(part) {
                Some(next) => at = next,
                None if parts.peek().is_none() => return Got::Open,
                None => return Got::Unknown,
            },
            _ => return Got::Unknown,
        }
    }
    let name = path.rsplit('.').next().unwrap_or_default();
    if is_secret(name, at) {
        return Got::Unknown;
    }
    Got::of(at.clone())
}

/// Does a value look like one that other places must not repeat?
pub(super) fn is_secret(name: &str, value: &Value) -> bool {
    let text = match value {
        Value::Str(text) => text,
        Value::Int(_) | Value::Float(_) => "",
        _ => return false,
    };
    let name = name.to_ascii_lowercase();
    let told = [
        "pass",
        "pwd",
        "secret",
        "token",
        "credential",
        "apikey",
        "api_key",
        "accesskey",
        "access_key",
        "privatekey",
        "private_key",
    ];
    told.iter().any(|word| name.contains(word))
        || text
            .split_once("://")
            .is_some_and(|(_, rest)| rest.contains('@'))
}

fn call(function: &str, mut operands: Vec<Outcome>) -> Option<Outcome> {
    let last = operands.pop()?;
    match (function, operands.as_slice()) {
        ("quote" | "squote", []) if last.form == Form::Plain => Some(Outcome {
            form: Form::Quoted,
            ..last
        }),
        ("toYaml" | "toJson", []) if last.form == Form::Plain => Some(Outcome {
            form: Form::Data,
            ..last
        }),
        ("nindent" | "indent", [Outcome { got, .. }]) if last.indent.is_none() => {
            let Got::Known(Value::Int(column)) = got else {
                return None;
            };
            let indent = Indent {
                column: usize::try_from(*column)
                    .ok()
                    .filter(|column| *column < 200)?,
                breaks: function == "nindent",
            };
            Some(Outcome {
                indent: Some(indent),
                ..last
            })
        }
        ("int" | "int64", []) => match last.got {
            Got::Known(Value::Int(_)) => Some(last),
            _ => None,
        },
        ("toString" | "trim" | "tpl", []) => Some(last),
        ("tpl", [text]) => Some(Outcome::plain(text.got.clone())),
        ("required", [_]) => Some(last),
        ("default", [otherwise]) => Some(match last.got.clone() {
            Got::Known(value) if !is_empty(&value) => last,
            Got::Known(_) | Got::Open => Outcome::plain(otherwise.got.clone()),
            Got::Unknown => Outcome::plain(Got::Unknown),
        }),
        _ => logic(function, &operands, &last).map(Outcome::plain),
    }
}

/// The functions of conditions: whether they hold, if that can be known.
fn logic(function: &str, operands: &[Outcome], last: &Outcome) -> Option<Got> {
    let mut truths = operands.iter().chain([last]).map(|it| it.got.truth());
    let holds = match (function, operands) {
        ("not", []) => last.got.truth().map(|truth| !truth),
        ("and", _) => decide(&mut truths, false),
        ("or", _) => decide(&mut truths, true),
        ("eq", [first]) => same(&first.got, &last.got),
        ("ne", [first]) => same(&first.got, &last.got).map(|same| !same),
        _ => return None,
    };
    Some(holds.map_or(Got::Unknown, |holds| Got::Known(Value::Bool(holds))))
}

/// `decisive` if any is that, else the opposite if all are known.
fn decide(truths: &mut dyn Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut known = true;
    for truth in truths {
        match truth {
            Some(truth) if truth == decisive => return Some(decisive),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!decisive)
}

fn same(left: &Got, right: &Got) -> Option<bool> {
    match (left, right) {
        (Got::Known(left), Got::Known(right)) => Some(left == right),
        _ => None,
    }
}
