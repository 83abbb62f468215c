//! What an ast-grep rule may not say here: unknown keys, which ast-grep ignores inside relations,
//! and one unbounded search within another, whose cost grows with the square of the file.

use super::CodeError;
use serde_json::Value;

/// The three parts of a rule, as written.
pub(super) struct Parts<'s> {
    pub(super) rule: &'s Value,
    pub(super) constraints: Option<&'s Value>,
    pub(super) utils: Option<&'s Value>,
}

impl<'s> Parts<'s> {
    pub(super) fn util(&self, name: &str) -> Option<&'s Value> {
        self.utils?.get(name)
    }

    pub(super) fn constraint(&self, name: &str) -> Option<&'s Value> {
        self.constraints?.get(name)
    }
}

/// Keys that search around a node.
pub(super) const RELATIONS: [&str; 4] = ["has", "inside", "follows", "precedes"];

const KEYS: [&str; 13] = [
    "pattern", "kind", "regex", "nthChild", "range", "has", "inside", "follows", "precedes", "all",
    "any", "not", "matches",
];

/// Utilities may use each other this deep.
const MAX_UTIL_DEPTH: usize = 32;

pub(super) fn check(parts: &Parts<'_>) -> Vec<CodeError> {
    let mut lint = Lint {
        parts,
        errors: Vec::new(),
        utils: Vec::new(),
    };
    lint.rule(parts.rule, false, false);
    for set in [parts.constraints, parts.utils].into_iter().flatten() {
        for rule in set.as_object().into_iter().flat_map(|rules| rules.values()) {
            lint.rule(rule, false, false);
        }
    }
    let mut seen = Vec::new();
    for error in lint.errors {
        if !seen.contains(&error) {
            seen.push(error);
        }
    }
    seen
}

struct Lint<'s> {
    parts: &'s Parts<'s>,
    errors: Vec<CodeError>,
    /// Utilities being expanded, outermost first.
    utils: Vec<String>,
}

impl<'s> Lint<'s> {
    /// Checks one rule object. `unbounded`: a search without a bound led here.
    fn rule(&mut self, rule: &'s Value, is_relation: bool, unbounded: bool) {
        let Some(object) = rule.as_object() else {
            self.error("a rule must be a mapping");
            return;
        };
        for (key, value) in object {
            match key.as_str() {
                "has" | "inside" | "follows" | "precedes" => self.relation(key, value, unbounded),
                "all" | "any" => {
                    for part in value.as_array().into_iter().flatten() {
                        self.rule(part, false, unbounded);
                    }
                }
                "not" => self.rule(value, false, unbounded),
                "matches" => self.util(value, unbounded),
                "kind" if unbounded && descends(value) => self.nested("a `kind` selector"),
                "nthChild" => {
                    if let Some(of) = value.get("ofRule") {
                        self.rule(of, false, unbounded);
                    }
                }
                "stopBy" | "field" if is_relation => {}
                other if KEYS.contains(&other) => {}
                other => {
                    let near = near(other, is_relation);
                    self.error(format!("unknown key `{other}` in a rule{near}"));
                }
            }
        }
    }

    fn relation(&mut self, key: &str, relation: &'s Value, unbounded: bool) {
        let stop = relation.get("stopBy");
        let searches = stop.is_some_and(|stop| stop != "neighbor");
        if searches && unbounded {
            self.nested(key);
        }
        if let Some(stop) = stop.filter(|stop| stop.is_object()) {
            self.rule(stop, false, true);
        }
        self.rule(relation, true, unbounded || searches);
    }

    fn util(&mut self, value: &'s Value, unbounded: bool) {
        let Some(name) = value.as_str() else {
            self.error("`matches` takes the name of one of `utils`");
            return;
        };
        if self.utils.iter().any(|open| open == name) || self.utils.len() >= MAX_UTIL_DEPTH {
            self.error(format!("utility `{name}` uses itself"));
            return;
        }
        if let Some(rule) = self.parts.util(name) {
            self.utils.push(name.to_owned());
            self.rule(rule, false, unbounded);
            self.utils.pop();
        }
    }

    fn nested(&mut self, inner: &str) {
        self.error(format!(
            "{inner}: one search without a bound (`stopBy: end` or a `stopBy` rule) inside \
             another takes quadratic time; put both beside each other under `all`, or drop one"
        ));
    }

    fn error(&mut self, message: impl Into<String>) {
        self.errors.push(CodeError::new(message));
    }
}

/// Does a `kind` selector look at ancestors or earlier siblings of any distance?
pub(super) fn descends(kind: &Value) -> bool {
    let Some(text) = kind.as_str() else {
        return false;
    };
    let mut tight = text.trim().to_owned();
    for combinator in [" >", "> ", " +", "+ ", " ,", ", "] {
        while tight.contains(combinator) {
            tight = tight.replace(combinator, combinator.trim());
        }
    }
    tight.contains([' ', '~', ':'])
}

fn near(key: &str, is_relation: bool) -> String {
    let fold = |text: &str| text.replace(['-', '_'], "").to_ascii_lowercase();
    let extra: &[&str] = if is_relation {
        &["stopBy", "field"]
    } else {
        &[]
    };
    let found = KEYS
        .iter()
        .chain(extra)
        .find(|known| fold(known) == fold(key));
    found
        .map(|known| format!("; did you mean `{known}`?"))
        .unwrap_or_default()
}
