//! Tests of the literals that regexes imply.

use super::super::parse;
use super::*;

fn of(regex: &str) -> Option<Vec<String>> {
    let hir = parse(regex, false).unwrap();
    let show = |literal: &Literal| {
        let edge = |on: bool, sign| if on { sign } else { "" };
        let (starts, ends) = (edge(literal.starts, "<"), edge(literal.ends, ">"));
        format!("{starts}{}{ends}", literal.text)
    };
    let sets = required(&[&hir]);
    Some(sets.first()?.literals.iter().map(show).collect())
}

#[test]
fn every_part_that_must_be_there_is_asked_for() {
    let regex = r"(?:localStorage|sessionStorage)\.setItem\([^,]*(?P<key>patient|chart)\w*,";
    let HirKind::Concat(parts) = parse(regex, false).unwrap().into_kind() else {
        panic!("a sequence");
    };
    let parts: Vec<&Hir> = parts.iter().collect();
    let sets = required(&parts);
    let has = |text: &str| {
        let mut all = sets.iter().flat_map(|set| &set.literals);
        all.any(|literal| literal.text == text)
    };
    assert_eq!(sets.len(), 2, "{sets:?}");
    assert!(has("chart") && has("sessionstorage.setitem("), "{sets:?}");
}

#[expect(clippy::unnecessary_wraps, reason = "what `of` gives")]
fn strings(words: &[&str]) -> Option<Vec<String>> {
    Some(words.iter().map(|word| (*word).to_owned()).collect())
}

#[test]
fn literals_are_implied_by_the_regex() {
    for (regex, want) in [
        (r"\bghp_[0-9A-Za-z]{36}\b", strings(&["<ghp_"])),
        (r"^(?:ssn|mrn)$", strings(&["<mrn>", "<ssn>"])),
        (r"a\bbcd\B", strings(&["abcd"])),
        (r"(?:ghp|gho)_[0-9A-Za-z]{36}", strings(&["gho_", "ghp_"])),
        (r"(?i)secret", strings(&["secret"])),
        (
            r"(?i)(?:api|auth)[_-]?key",
            strings(&[
                "api-key", "api_key", "apikey", "auth-key", "auth_key", "authkey",
            ]),
        ),
        (r"[a-z]+", None),
        (r"(?:abc)?[0-9]+", None),
        (
            r"(?:postgres|mysql)://\S+",
            strings(&["mysql://", "postgres://"]),
        ),
        (r"x(?:abcdef)+y", strings(&["xabcdef"])),
        (r"a|bcd", None),
        // Alternatives that share a letter are read as that letter and what follows it.
        (r"(?:mbi|medicare\w{0,3})=", strings(&["mbi", "medicare"])),
    ] {
        assert_eq!(of(regex), want, "{regex}");
    }
}
