//! The functions that an expression may call, by name. Each works as `f(x, y)` and as `x.f(y)`.

mod deploy;
mod judge;
mod measure;
mod text;

use super::operate::kind;
use crate::model::Value;
use globset::{GlobBuilder, GlobMatcher};
use regex::{Regex, RegexBuilder};

/// `type(x)`: CEL's name of the type of a value, as text.
const TYPE: &[Function] = &[Function {
    name: "type",
    arity: 1,
    call: type_name,
}];

#[expect(clippy::unnecessary_wraps, reason = "the signature of all functions")]
fn type_name(arguments: &[Value]) -> Answer {
    Ok(Value::str(match arguments.first() {
        None | Some(Value::Null | Value::Unknown) => "null",
        Some(Value::Bool(_)) => "bool",
        Some(Value::Int(_)) => "int",
        Some(Value::Float(_)) => "double",
        Some(Value::Str(_)) => "string",
        Some(Value::List(_)) => "list",
        Some(Value::Map(_)) => "map",
    }))
}

/// A function: its arguments are never `Unknown` themselves, but may hold it.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// Number of arguments, the target of `x.f()` included.
    pub(super) arity: usize,
    pub(super) call: fn(&[Value]) -> Answer,
}

/// What a function gives, or why it has nothing to give.
pub(super) type Answer = Result<Value, String>;

/// All functions.
const FUNCTIONS: &[&[Function]] = &[
    text::FUNCTIONS,
    judge::FUNCTIONS,
    measure::FUNCTIONS,
    deploy::FUNCTIONS,
    TYPE,
];

/// The function of this name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS
        .iter()
        .copied()
        .flatten()
        .find(|function| function.name == name)
}

/// The names of all functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS
        .iter()
        .copied()
        .flatten()
        .map(|function| function.name)
}

/// Compiles a pattern of `matches`.
pub(super) fn regex(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .size_limit(1 << 20)
        .build()
        .map_err(|error| broken(&error))
}

/// What is wrong with a regex, as a sentence.
pub(super) fn broken(error: &dyn std::error::Error) -> String {
    format!("the regex does not compile: {error}")
}

/// Compiles a pattern of `glob`; `*` stays within a folder, `**` does not.
pub(super) fn glob(pattern: &str) -> Result<GlobMatcher, String> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| format!("the glob does not compile: {error}"))
}

/// The argument at a position, as text.
fn words(arguments: &[Value], at: usize) -> Result<&str, String> {
    match arguments.get(at) {
        Some(Value::Str(text)) => Ok(text),
        other => Err(wants("text", other)),
    }
}

fn wants(wanted: &str, got: Option<&Value>) -> String {
    format!("wants {wanted}, not {}", got.map_or("nothing", kind))
}
