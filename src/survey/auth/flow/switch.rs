//! Switches that the environment turns: what they are where nothing in the repository sets them.

use super::super::quoted::literals;
use crate::model::Fact;
use crate::survey::facts;
use std::collections::{BTreeMap, BTreeSet};

/// Variables of the environment that code reads.
#[derive(Default)]
pub(super) struct Switches<'x> {
    /// Of those that nothing sets, by name; `None` where defaults differ or there is none.
    defaults: BTreeMap<&'x str, Option<&'x str>>,
    /// Lines that read one, by file.
    lines: BTreeMap<&'x str, Vec<&'x str>>,
}

impl<'x> Switches<'x> {
    pub(super) fn new(all: &'x [Fact]) -> Self {
        let set: BTreeSet<&str> = ["env-set", "env-declared"]
            .into_iter()
            .flat_map(|kind| facts::of(all, kind))
            .filter_map(|fact| fact.text("name"))
            .collect();
        let mut switches = Self::default();
        for fact in facts::of(all, "env-read") {
            if let Some(name) = fact.text("name").filter(|name| !set.contains(name)) {
                let default = fact.text("default");
                let known = switches.defaults.entry(name).or_insert(default);
                if *known != default {
                    *known = None;
                }
            }
            let hit = &fact.hit;
            let before = hit.location.line().saturating_sub(hit.excerpt_line);
            let mut lines = hit.excerpt.lines();
            let line = usize::try_from(before).ok().and_then(|at| lines.nth(at));
            let path = hit.location.path.as_str();
            switches.lines.entry(path).or_default().extend(line);
        }
        switches
    }

    /// What a name of the file stands for, if that reads a variable.
    pub(super) fn constant(&self, file: &str, name: &str) -> Option<&'x str> {
        let lines = self.lines.get(file)?.iter();
        let mut values = lines.filter_map(|line| {
            let (left, value) = line.split_once('=')?;
            let left = left.split(':').next()?.trim();
            (left.rsplit(' ').next() == Some(name)).then(|| value.trim().trim_end_matches(';'))
        });
        let first = values.next()?;
        values.all(|other| other == first).then_some(first)
    }

    /// Does a test of one variable hold with its default?
    pub(super) fn holds(&self, test: &str) -> Option<bool> {
        let words = test.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let mut read = words.filter_map(|word| self.defaults.get(word));
        let default = read.next().copied().flatten()?;
        if read.next().is_some() {
            return None;
        }
        let folded = test.contains(".lower()") || test.contains(".toLowerCase()");
        let default = if folded {
            default.to_lowercase()
        } else {
            default.to_owned()
        };
        for (mark, holds) in [
            ("!==", false),
            ("===", true),
            ("!=", false),
            ("==", true),
            (" not in ", false),
            (" in ", true),
        ] {
            if let Some((_, right)) = test.split_once(mark) {
                let texts: Option<Vec<String>> = literals(right.trim()).into_iter().collect();
                let texts = texts.filter(|texts| !texts.is_empty())?;
                return Some(texts.contains(&default) == holds);
            }
        }
        // A text is true unless it is empty, whatever it says; a truth says it.
        let truth = ["bool", "Bool"].iter().any(|word| test.contains(word));
        match default.to_lowercase().as_str() {
            "" => Some(false),
            "true" | "1" | "yes" | "on" if truth => Some(true),
            "false" | "0" | "no" | "off" if truth => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Switches;

    #[test]
    fn a_default_decides_a_test_of_one_variable() {
        let switches = Switches {
            defaults: [
                ("AUTH_ENABLED", Some("True")),
                ("OPEN", Some("")),
                ("MODE", None),
            ]
            .into(),
            ..Switches::default()
        };
        for (test, expected) in [
            (r#"os.getenv("AUTH_ENABLED", "True") == "True""#, Some(true)),
            (
                r#"os.getenv("AUTH_ENABLED", "True") != "True""#,
                Some(false),
            ),
            (
                r#"os.getenv("AUTH_ENABLED", "True").lower() in ("1", "true")"#,
                Some(true),
            ),
            (
                r#"os.getenv("AUTH_ENABLED", "True") == "true""#,
                Some(false),
            ),
            (
                r#"config("AUTH_ENABLED", default=True, cast=bool)"#,
                Some(true),
            ),
            (r#"os.getenv("AUTH_ENABLED", "True")"#, None),
            (r#"os.getenv("OPEN", "")"#, Some(false)),
            (r#"os.getenv("MODE") == "open""#, None),
            (r#"os.getenv("AUTH_ENABLED", "True") == expected"#, None),
            (
                r#"os.getenv("OPEN", "") == os.getenv("AUTH_ENABLED")"#,
                None,
            ),
            ("request.headers", None),
        ] {
            assert_eq!(switches.holds(test), expected, "{test}");
        }
    }
}
