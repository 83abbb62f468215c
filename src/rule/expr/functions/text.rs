//! Text, lists of text, and conversions.

use super::{Answer, Function, glob, regex, wants, words};
use crate::model::Value;
use crate::rule::expr::operate;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Regexes that a thread keeps; only patterns that are computed come here.
const KEPT: usize = 64;

thread_local! {
    static REGEXES: RefCell<BTreeMap<String, regex::Regex>> = const { RefCell::new(BTreeMap::new()) };
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "matches",
        arity: 2,
        call: matches,
    },
    Function {
        name: "glob",
        arity: 2,
        call: |a| Ok(glob(words(a, 1)?)?.is_match(words(a, 0)?).into()),
    },
    Function {
        name: "contains",
        arity: 2,
        call: |a| Ok(words(a, 0)?.contains(words(a, 1)?).into()),
    },
    Function {
        name: "startsWith",
        arity: 2,
        call: |a| Ok(words(a, 0)?.starts_with(words(a, 1)?).into()),
    },
    Function {
        name: "endsWith",
        arity: 2,
        call: |a| Ok(words(a, 0)?.ends_with(words(a, 1)?).into()),
    },
    Function {
        name: "lower",
        arity: 1,
        call: |a| Ok(words(a, 0)?.to_lowercase().into()),
    },
    Function {
        name: "upper",
        arity: 1,
        call: |a| Ok(words(a, 0)?.to_uppercase().into()),
    },
    Function {
        name: "trim",
        arity: 1,
        call: |a| Ok(words(a, 0)?.trim().into()),
    },
    Function {
        name: "split",
        arity: 2,
        call: split,
    },
    Function {
        name: "join",
        arity: 2,
        call: join,
    },
    Function {
        name: "size",
        arity: 1,
        call: size,
    },
    Function {
        name: "int",
        arity: 1,
        call: int,
    },
    Function {
        name: "double",
        arity: 1,
        call: double,
    },
    Function {
        name: "string",
        arity: 1,
        call: string,
    },
];

fn matches(arguments: &[Value]) -> Answer {
    let (text, pattern) = (words(arguments, 0)?, words(arguments, 1)?);
    REGEXES.with_borrow_mut(|kept| {
        if let Some(regex) = kept.get(pattern) {
            return Ok(regex.is_match(text).into());
        }
        if kept.len() >= KEPT {
            kept.clear();
        }
        let regex = regex(pattern)?;
        let found = regex.is_match(text);
        kept.insert(pattern.to_owned(), regex);
        Ok(found.into())
    })
}

fn split(arguments: &[Value]) -> Answer {
    let (text, separator) = (words(arguments, 0)?, words(arguments, 1)?);
    if separator.is_empty() {
        return Err("the separator is empty".to_owned());
    }
    Ok(Value::list(text.split(separator).map(Value::from)))
}

fn join(arguments: &[Value]) -> Answer {
    let Some(Value::List(items)) = arguments.first() else {
        return Err(wants("a list", arguments.first()));
    };
    if items.contains(&Value::Unknown) {
        return Ok(Value::Unknown);
    }
    let texts: Vec<_> = items
        .iter()
        .map(|item| operate::text(item).ok_or_else(|| wants("a list of text", Some(item))))
        .collect::<Result<_, _>>()?;
    Ok(texts.join(words(arguments, 1)?).into())
}

fn size(arguments: &[Value]) -> Answer {
    let size = match arguments.first() {
        Some(Value::Str(text)) => text.chars().count(),
        Some(Value::List(items)) => items.len(),
        Some(Value::Map(entries)) => entries.len(),
        other => return Err(wants("text, a list or a mapping", other)),
    };
    i64::try_from(size)
        .map(Value::Int)
        .map_err(|error| error.to_string())
}

fn int(arguments: &[Value]) -> Answer {
    match arguments.first() {
        Some(Value::Int(number)) => Ok(Value::Int(*number)),
        Some(Value::Float(number)) => {
            whole(*number).ok_or_else(|| format!("{number} is no whole number"))
        }
        Some(Value::Str(text)) => text
            .parse()
            .map(Value::Int)
            .map_err(|error| format!("{text:?} is no whole number: {error}")),
        other => Err(wants("a number or text", other)),
    }
}

/// The number without its fraction, if it fits.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked first"
)]
fn whole(number: f64) -> Option<Value> {
    let limit = operate::float(i64::MAX);
    (number > -limit && number < limit).then_some(Value::Int(number as i64))
}

fn double(arguments: &[Value]) -> Answer {
    match arguments.first() {
        Some(Value::Int(number)) => Ok(Value::Float(operate::float(*number))),
        Some(Value::Float(number)) => Ok(Value::Float(*number)),
        Some(Value::Str(text)) => text
            .parse()
            .map(Value::Float)
            .map_err(|error| format!("{text:?} is no number: {error}")),
        other => Err(wants("a number or text", other)),
    }
}

fn string(arguments: &[Value]) -> Answer {
    let value = arguments.first().unwrap_or(&Value::Null);
    operate::text(value)
        .map(Value::Str)
        .ok_or_else(|| wants("text, a number or a truth", Some(value)))
}
