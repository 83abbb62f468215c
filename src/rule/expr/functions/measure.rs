//! Durations and versions, which are written as text and compared as numbers.

use super::{Answer, Function, wants, words};
use crate::model::Value;
use crate::rule::expr::operate;
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "seconds",
        arity: 1,
        call: seconds,
    },
    Function {
        name: "version",
        arity: 1,
        call: version,
    },
    Function {
        name: "semver_lt",
        arity: 2,
        call: semver_lt,
    },
];

/// Units of time, in seconds.
const UNITS: &[(&[&str], f64)] = &[
    (&["ns"], 1e-9),
    (&["us", "µs", "usec"], 1e-6),
    (&["ms", "msec", "millis", "milliseconds"], 1e-3),
    (&["", "s", "sec", "secs", "second", "seconds"], 1.0),
    (&["m", "min", "mins", "minute", "minutes"], 60.0),
    (&["h", "hr", "hrs", "hour", "hours"], 3_600.0),
    (&["d", "day", "days"], 86_400.0),
    (&["w", "week", "weeks"], 604_800.0),
];

/// A duration as a double: `90`, `1m30s`, `500ms`, `PT1M30S`, `2 hours`.
fn seconds(arguments: &[Value]) -> Answer {
    match arguments.first() {
        Some(Value::Int(number)) => Ok(Value::Float(operate::float(*number))),
        Some(Value::Float(number)) => Ok(Value::Float(*number)),
        Some(Value::Str(text)) => duration(text)
            .map(Value::Float)
            .ok_or_else(|| format!("{text:?} is no duration such as `30s` or `1m30s`")),
        other => Err(wants("a duration", other)),
    }
}

fn duration(text: &str) -> Option<f64> {
    let lower = text.trim().to_lowercase();
    let (sign, lower) = lower
        .strip_prefix('-')
        .map_or((1.0, lower.as_str()), |rest| (-1.0, rest));
    let iso = match lower
        .strip_prefix('p')
        .map(|rest| rest.split_once('t').unwrap_or((rest, "")))
    {
        // Months have no length; minutes come after the `T`.
        Some((date, _)) if date.contains('m') => return None,
        Some((date, time)) => Some([date, time].concat()),
        None => None,
    };
    let mut rest = iso.as_deref().unwrap_or(lower).trim();
    if rest.is_empty() {
        return None;
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let (number, after) = cut(rest, |character| {
            character.is_ascii_digit() || character == '.'
        });
        let (unit, after) = cut(after.trim_start(), char::is_alphabetic);
        let (_, factor) = UNITS.iter().find(|(names, _)| names.contains(&unit))?;
        total += number.parse::<f64>().ok()? * factor;
        rest = after.trim_start();
    }
    Some(sign * total)
}

/// The text up to the first character that does not fit, and the rest.
fn cut(text: &str, fits: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(
        text.find(|character| !fits(character))
            .unwrap_or(text.len()),
    )
}

/// The numbers that a version starts with, or null: `^1.2.x` is `[1, 2]`, `latest` is null.
fn version(arguments: &[Value]) -> Answer {
    let parsed = parse_version(words(arguments, 0)?);
    Ok(parsed.map_or(Value::Null, |(numbers, _)| {
        Value::list(numbers.into_iter().map(Value::Int))
    }))
}

fn semver_lt(arguments: &[Value]) -> Answer {
    let parse = |at| {
        let text = words(arguments, at)?;
        parse_version(text).ok_or_else(|| format!("{text:?} is no version"))
    };
    let ((a, a_before), (b, b_before)) = (parse(0)?, parse(1)?);
    let places = a.len().max(b.len());
    let padded = |numbers: Vec<i64>| numbers.into_iter().chain(std::iter::repeat(0)).take(places);
    let numbers = padded(a).cmp(padded(b));
    Ok((numbers.then_with(|| compare_pre_releases(a_before, b_before)) == Ordering::Less).into())
}

/// The numbers and the pre-release of a version; operators of ranges before it are skipped.
fn parse_version(text: &str) -> Option<(Vec<i64>, &str)> {
    let text = text.trim_start_matches(|character: char| " ^~=<>!vV".contains(character));
    let (numeric, rest) = cut(text, |character| {
        character.is_ascii_digit() || character == '.'
    });
    let numbers: Vec<i64> = numeric
        .split('.')
        .take_while(|part| !part.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let before = rest.strip_prefix('-').unwrap_or_default();
    let before = before.split(['+', ' ', ',']).next().unwrap_or_default();
    (!numbers.is_empty()).then_some((numbers, before))
}

/// A version with a pre-release comes before the one without; parts compare as numbers where both
/// are, and numbers come before names.
fn compare_pre_releases(a: &str, b: &str) -> Ordering {
    if a.is_empty() || b.is_empty() {
        return a.is_empty().cmp(&b.is_empty());
    }
    let part = |text: &str| {
        text.parse::<u64>().map_or_else(
            |_| (1, 0, text.to_owned()),
            |number| (0, number, String::new()),
        )
    };
    a.split('.').map(part).cmp(b.split('.').map(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_seconds() {
        for (text, seconds) in [
            ("5m", 300.0),
            ("30s", 30.0),
            ("500ms", 0.5),
            ("1h30m", 5_400.0),
            ("90", 90.0),
            ("1.5h", 5_400.0),
            ("2 days", 172_800.0),
            ("1m 30s", 90.0),
            ("PT1M30S", 90.0),
            ("P1DT1H", 90_000.0),
            ("-1s", -1.0),
            ("10 seconds", 10.0),
        ] {
            let parsed = duration(text).unwrap();
            assert!((parsed - seconds).abs() < 1e-9, "{text}: {parsed}");
        }
        for text in ["", "abc", "5x", "m", "1..2s", "P", "P1M", "P1Y", "5m!"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn versions_start_with_numbers() {
        let numbers = |text: &str| parse_version(text).map(|(numbers, _)| numbers);
        assert_eq!(numbers("v1.2.3-rc1"), Some(vec![1, 2, 3]));
        assert_eq!(numbers(">=3.9,<4"), Some(vec![3, 9]));
        assert_eq!(numbers("18-alpine"), Some(vec![18]));
        assert_eq!(numbers("1.x"), Some(vec![1]));
        for text in ["", "latest", "*", "alpine3.19", "99999999999999999999"] {
            assert_eq!(numbers(text), None, "{text}");
        }
    }

    #[test]
    fn versions_are_ordered_as_semver_says() {
        let ordered = [
            "0.9",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
            "1.10",
        ];
        for (at, a) in ordered.iter().enumerate() {
            for (then, b) in ordered.iter().enumerate() {
                assert_eq!(
                    semver_lt(&[(*a).into(), (*b).into()]),
                    Ok((at < then).into()),
                    "{a} {b}"
                );
            }
        }
        assert_eq!(
            semver_lt(&["1.0".into(), "1.0.0+build".into()]),
            Ok(false.into())
        );
        assert!(semver_lt(&["latest".into(), "1".into()]).is_err());
    }
}
