//! Allow lists of gitleaks as CEL: what is no finding after all.

use super::gitleaks::Allowlist;
use super::pattern::plain;

/// What the lists excuse, and what of them could not be carried over.
#[derive(Default)]
pub(super) struct Excuses {
    /// CEL expressions of which each excuses a hit.
    pub(super) expressions: Vec<String>,
    /// Sentences on what was left out.
    pub(super) remarks: Vec<String>,
}

impl Excuses {
    /// Reads one list; `secret` says whether hits have a value, and not only a path.
    pub(super) fn read(&mut self, list: &Allowlist, secret: bool) {
        let mut parts = Vec::new();
        let mut lost = false;
        if !list.commits.is_empty() {
            self.remarks
                .push("commits are not excused: a rule sees files".to_owned());
            lost = true;
        }
        parts.extend(self.any_of(&list.paths, "hit.file.path"));
        let target = match list.regex_target.as_str() {
            _ if !secret => None,
            "" | "secret" => Some("hit.secret"),
            "match" => Some("hit.value"),
            other => {
                self.remarks.push(format!(
                    "regexes of its allow list look at the {other}; a rule sees what it matches"
                ));
                lost = true;
                None
            }
        };
        if let Some(target) = target {
            parts.extend(self.any_of(&list.regexes, target));
        }
        if secret && !list.stopwords.is_empty() {
            let words = quoted(&format!("(?i){}", least(&list.stopwords).join("|")));
            parts.push(format!("hit.secret.matches({words})"));
        }
        if list.condition.eq_ignore_ascii_case("and") {
            // With one condition missing, the rest would excuse too much.
            if !lost && !parts.is_empty() {
                self.expressions.push(format!("({})", parts.join(" && ")));
            }
        } else {
            self.expressions.extend(parts);
        }
    }

    /// An expression that holds where one of the regexes matches; those that cannot be read are
    /// left out, and said.
    fn any_of(&mut self, regexes: &[String], target: &str) -> Option<String> {
        let mut good = Vec::new();
        for written in regexes {
            let regex = plain(written);
            match regex::Regex::new(&regex) {
                Ok(_) => good.push(format!("(?:{regex})")),
                Err(_) => self
                    .remarks
                    .push(format!("`{written}` of an allow list is no regex here")),
            }
        }
        (!good.is_empty()).then(|| format!("{target}.matches({})", quoted(&good.join("|"))))
    }
}

/// The words as regexes, without those that hold another one: a text with the longer word has the
/// shorter one, too.
fn least(words: &[String]) -> Vec<String> {
    let mut words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    words.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let mut kept: Vec<String> = Vec::new();
    for word in words {
        if !kept.iter().any(|known| word.contains(known.as_str())) {
            kept.push(word);
        }
    }
    kept.iter().map(|word| regex::escape(word)).collect()
}

/// A text literal of CEL.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &Allowlist) -> Excuses {
        let mut out = Excuses::default();
        out.read(list, true);
        out
    }

    #[test]
    fn lists_become_expressions() {
        let list = Allowlist {
            paths: vec![r"\.lock$".to_owned()],
            regexes: vec!["^x+$".to_owned()],
            stopwords: ["example", "a.b", "Counterexample", "a.b"]
                .map(str::to_owned)
                .to_vec(),
            ..Allowlist::default()
        };
        assert_eq!(
            read(&list).expressions,
            [
                r#"hit.file.path.matches("(?:\\.lock$)")"#,
                r#"hit.secret.matches("(?:^x+$)")"#,
                r#"hit.secret.matches("(?i)a\\.b|example")"#,
            ]
        );
        let both = Allowlist {
            condition: "AND".to_owned(),
            stopwords: Vec::new(),
            ..list
        };
        let all = read(&both).expressions;
        assert_eq!(all.len(), 1);
        assert!(all[0].contains(" && "), "{all:?}");
    }

    #[test]
    fn a_list_that_lost_a_condition_excuses_nothing() {
        let list = Allowlist {
            condition: "AND".to_owned(),
            paths: vec!["x".to_owned()],
            commits: vec!["0a1b".to_owned()],
            ..Allowlist::default()
        };
        let out = read(&list);
        assert!(out.expressions.is_empty());
        assert_eq!(out.remarks.len(), 1);
    }
}
