//! One rule of gitleaks → one manifest of ours.

use super::allow::{Excuses, quoted};
use super::gitleaks::{Allowlist, Rule};
use super::pattern::{Pattern, parse, plain};
use super::sample::{apart, sample};
use preop::examples::run_rule;
use preop::manifest::Source;
use preop::rule;
use serde_json::{Value, json};

/// Texts that are tried as an example before the rule goes without one.
const ATTEMPTS: u32 = 16;
/// Longest name of a rule.
const LONGEST: usize = 63;
/// A file in which no rule should find anything.
const HARMLESS: &str = "there is nothing to find here";

/// A rule of ours, and what was lost on the way.
pub(super) struct Imported {
    /// Name of the rule.
    pub(super) name: String,
    /// The manifest, if there is one.
    pub(super) manifest: Option<String>,
    /// Sentences on what could not be carried over.
    pub(super) remarks: Vec<String>,
}

/// Translates `rule`; `global` are the allow lists of the whole configuration.
pub(super) fn import(rule: &Rule, global: &[Allowlist]) -> Imported {
    let name = name(&rule.id);
    let mut remarks = unknown(rule);
    let manifest = translate(rule, &name, global, &mut remarks).unwrap_or_else(|why| {
        remarks.push(format!("left out: {why}"));
        None
    });
    Imported {
        name,
        manifest,
        remarks,
    }
}

/// A DNS label for the id.
fn name(id: &str) -> String {
    let letters = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let plain: String = format!("gitleaks-{id}").chars().map(letters).collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    let name: String = parts.join("-").chars().take(LONGEST).collect();
    name.trim_end_matches('-').to_owned()
}

fn unknown(rule: &Rule) -> Vec<String> {
    let known = |key: &&String| {
        !matches!(
            key.as_str(),
            "required" | "skipReport" | "tokenEfficiency" | "keywords"
        )
    };
    let strange = rule.rest.keys().filter(known);
    strange.map(|key| format!("`{key}` is not known")).collect()
}

fn translate(
    rule: &Rule,
    name: &str,
    global: &[Allowlist],
    remarks: &mut Vec<String>,
) -> Result<Option<String>, String> {
    if rule.id.is_empty() {
        return Err("it has no `id`".to_owned());
    }
    if rule.rest.contains_key("required") || rule.rest.contains_key("skipReport") {
        return Err("it is a part of a composite rule".to_owned());
    }
    let pattern = match &rule.regex {
        Some(regex) => Some(Pattern::translate(regex, rule.secret_group)?),
        None if rule.path.is_none() => return Err("it has neither `regex` nor `path`".to_owned()),
        None => None,
    };
    if pattern.as_ref().is_some_and(|pattern| pattern.lost_group) {
        let others = "a group that is the secret where those before it are empty is not followed";
        remarks.push(others.to_owned());
    }
    let conditions = conditions(rule, pattern.is_some(), global, remarks)?;
    let draft = Draft {
        rule,
        name,
        pattern: pattern.as_ref(),
        conditions,
    };
    let plain = draft.proved(remarks);
    match (&plain, pattern.as_ref().and_then(Pattern::spelled)) {
        (Err(_), Some((pattern, lossy))) => {
            let draft = Draft {
                pattern: Some(&pattern),
                ..draft
            };
            let spelled = draft.proved(remarks).or(plain)?;
            if lossy {
                let lost = "an alternative without a text to search for is left out";
                remarks.push(lost.to_owned());
            }
            Ok(Some(spelled))
        }
        _ => plain.map(Some),
    }
}

/// One matcher, or one for each regex.
fn any_of(regexes: &[String]) -> Value {
    let text = |regex: &String| json!({"text": {"regex": regex, "redact": ["secret"]}});
    match regexes {
        [regex] => text(regex),
        _ => json!({"any": regexes.iter().map(text).collect::<Vec<_>>()}),
    }
}

/// What must hold for a hit to count, as CEL.
fn conditions(
    rule: &Rule,
    secret: bool,
    global: &[Allowlist],
    remarks: &mut Vec<String>,
) -> Result<Vec<String>, String> {
    let mut out = vec!["hit.file.tracked != \"ignored\"".to_owned()];
    if let Some(path) = &rule.path {
        let path = plain(path);
        regex::Regex::new(&path).map_err(|_strange| "its `path` is no regex here".to_owned())?;
        out.push(format!("hit.file.path.matches({})", quoted(&path)));
    }
    if secret {
        out.push("has(hit.secret)".to_owned());
    }
    if let Some(least) = rule.entropy.filter(|_| secret) {
        out.push(format!("entropy(hit.secret) > {least:?}"));
    }
    let mut excuses = Excuses::default();
    let speaks =
        |list: &&Allowlist| list.target_rules.is_empty() || list.target_rules.contains(&rule.id);
    let lists = rule.allowlist.iter().chain(&rule.allowlists);
    for list in lists.chain(global.iter().filter(speaks)) {
        excuses.read(list, secret);
    }
    remarks.append(&mut excuses.remarks);
    out.extend(
        excuses
            .expressions
            .iter()
            .map(|excuse| format!("!{excuse}")),
    );
    Ok(out)
}

/// A manifest that lacks only its examples.
struct Draft<'r> {
    rule: &'r Rule,
    name: &'r str,
    pattern: Option<&'r Pattern>,
    conditions: Vec<String>,
}

impl Draft<'_> {
    /// The manifest with an example that holds; without one, with a gap that says so.
    fn proved(&self, remarks: &mut Vec<String>) -> Result<String, String> {
        let mut last = None;
        for seed in 0..ATTEMPTS {
            let Some((path, text)) = self.sample(seed) else {
                continue;
            };
            let text = self.manifest(&path, &text, false)?;
            if self.holds(&text)? {
                return Ok(text);
            }
            last = Some(path);
        }
        let path = last.unwrap_or_else(|| "sample.txt".to_owned());
        let text = self.manifest(&path, HARMLESS, true)?;
        if self.holds(&text)? {
            remarks.push("no example could be made up for it; try it on a real one".to_owned());
            Ok(text)
        } else {
            Err("it finds something in a harmless file".to_owned())
        }
    }

    /// A path and a text that the rule should find.
    fn sample(&self, seed: u32) -> Option<(String, String)> {
        let path = match &self.rule.path {
            Some(path) => sample(&parse(&plain(path)).ok()?, seed)?,
            None => ".txt".to_owned(),
        };
        let path = if path.starts_with(['.', '/']) {
            format!("sample{path}")
        } else {
            path
        };
        let text = match self.pattern {
            Some(pattern) => apart(&sample(&pattern.hir, seed)?),
            None => HARMLESS.to_owned(),
        };
        Some((path, text))
    }

    fn holds(&self, text: &str) -> Result<bool, String> {
        let source = Source::new(format!("{}.yaml", self.name), text);
        let rules = rule::load(&[source], true).map_err(|problems| {
            let first = problems.0.first().map(ToString::to_string);
            first.unwrap_or_else(|| "it does not load".to_owned())
        })?;
        let verdicts = rules.rules.iter().flat_map(|rule| {
            let examples = rule.examples.iter();
            examples.map(|example| run_rule(&rules, rule, example).holds())
        });
        Ok(verdicts.into_iter().all(|holds| holds))
    }

    fn manifest(&self, path: &str, text: &str, gap: bool) -> Result<String, String> {
        let mut tags = vec!["gitleaks"];
        tags.extend(self.rule.tags.iter().map(String::as_str));
        let manifest = json!({
            "apiVersion": preop::manifest::API_VERSION,
            "kind": "Rule",
            "metadata": {
                "name": self.name, "title": self.title(), "category": "secrets", "tags": tags,
            },
            "spec": self.spec(&[
                json!({
                    "name": "made up",
                    "bad": {(path): format!("{text}\n")},
                    "expect": [format!("{path}:1")],
                    "gap": gap,
                }),
                json!({"name": "harmless", "good": {"README": format!("{HARMLESS}\n")}}),
            ]),
        });
        serde_yaml::to_string(&manifest).map_err(|error| error.to_string())
    }

    fn spec(&self, examples: &[Value]) -> Value {
        let matcher = self.pattern.map_or_else(
            || json!({"path": {"files": ["**/*"]}}),
            |pattern| any_of(&pattern.sources),
        );
        // What a path alone tells has no value to be known by.
        let (known, group) = if self.pattern.is_some() {
            (json!("format"), json!("hit.secret"))
        } else {
            (Value::Null, Value::Null)
        };
        json!({
            "severity": "high",
            "confidence": "medium",
            "effort": "45m",
            "theme": "data-breach",
            "message": format!("{} in `{{path}}`", self.title()),
            "rationale": self.rationale(),
            "remediation": "Revoke the credential at its provider, and give the new one to the program at run time.",
            "match": matcher,
            "where": self.conditions.join(" &&\n"),
            "knownBy": known,
            "groupBy": group,
            "examples": examples,
        })
    }

    /// At most eight words.
    fn title(&self) -> String {
        let words = self
            .rule
            .id
            .split(['-', '_', ' '])
            .filter(|word| !word.is_empty());
        let id = words.take(6).collect::<Vec<_>>().join(" ");
        format!("gitleaks: {id}")
    }

    fn rationale(&self) -> String {
        let text = self.rule.description.trim();
        match text {
            "" => "A credential works for whoever reads it.".to_owned(),
            text if text.ends_with('.') => text.to_owned(),
            text => format!("{text}."),
        }
    }
}
