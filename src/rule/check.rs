//! What is wrong with a manifest that has the right types: its examples, conditions that can never
//! do what they say, and what is compiled only when it is first needed.

use super::expr::Expr;
use super::predicate::Predicate;
use super::spec::{ExpectSpec, FactManifest, RuleManifest};
use super::{FactRule, Matcher, Rule, Source};
use crate::manifest::{Code, Problem, Source as Manifest};
use crate::model::Scope;
use std::sync::Arc;

/// Examples that are neither good nor bad, or of which there are none of one kind.
pub(super) fn examples(manifest: &Manifest, rule: &RuleManifest) -> Vec<Problem> {
    let mut problems = Vec::new();
    let examples = &rule.spec.examples;
    for example in examples {
        let at = Some(example.name.referenced);
        let wrong = match (&example.bad, &example.good) {
            (Some(_), Some(_)) | (None, None) => Some("is either `bad` or `good`"),
            (Some(_), None) if example.expect.is_empty() => Some("is `bad` but expects nothing"),
            (None, Some(_)) if !example.expect.is_empty() => {
                Some("is `good` but expects a finding")
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            let message = format!("example `{}` {wrong}", example.name.value);
            problems.push(manifest.problem(Code::Example, at, message));
        }
    }
    for (missing, word) in [
        (!examples.iter().any(|example| example.bad.is_some()), "bad"),
        (
            !examples.iter().any(|example| example.good.is_some()),
            "good",
        ),
    ] {
        if missing {
            let message = format!("no example is `{word}`");
            let at = Some(rule.metadata.name.referenced);
            problems.push(manifest.problem(Code::Example, at, message));
        }
    }
    problems
}

/// An `unless` that turns against itself: where a rule expects something, what is excused does not
/// count as it, so a guard in the whole scope would make certain what it is there to excuse.
pub(super) fn excuse(manifest: &Manifest, rule: &RuleManifest) -> Option<Problem> {
    let unless = rule.spec.unless.as_ref()?;
    let scope = unless.scope.unwrap_or(Scope::File);
    if rule.spec.expect != ExpectSpec::Some || scope == Scope::File {
        return None;
    }
    let message = "`unless` excuses nothing where something is expected: it would make it missing";
    let help = "say in `when` where the rule does not apply: `service.facts(…)`, `repo.has(…)`";
    let at = Some(unless.r#match.referenced);
    let problem = manifest.problem(Code::Value, at, message.to_owned());
    Some(problem.help(help.to_owned()))
}

/// A condition of a fact that asks for what is only known once there are facts.
pub(super) fn too_early(manifest: &Manifest, fact: &FactManifest) -> Option<Problem> {
    let filter = fact.spec.r#where.as_ref()?;
    let name = Expr::beyond_hit(&filter.value)?;
    let message = format!("`{name}` is not known yet where facts are made");
    let help = "ask about `hit` alone here, and about the rest in the rule that uses the fact";
    let problem = manifest.problem(Code::Expression, Some(filter.referenced), message);
    Some(problem.help(help.to_owned()))
}

/// What is wrong with what is otherwise compiled when it is first needed.
pub(super) fn compiled(
    manifests: &[Manifest],
    rules: &[Rule],
    facts: &[FactRule],
    matchers: &[Matcher],
) -> Vec<Problem> {
    let find = |path: &Arc<str>| manifests.iter().find(|manifest| manifest.path == *path);
    let mut problems = Vec::new();
    for rule in rules {
        let Some(manifest) = find(&rule.path) else {
            continue;
        };
        for predicate in rule.predicates() {
            expression(manifest, predicate, &mut problems);
        }
        for source in rule.all_sources() {
            matcher(manifest, source, matchers, &mut problems);
        }
    }
    for fact in facts {
        let Some(manifest) = find(&fact.path) else {
            continue;
        };
        if let Some(predicate) = &fact.filter {
            expression(manifest, predicate, &mut problems);
        }
        for id in &fact.sources {
            matcher(manifest, &Source::Scan(*id), matchers, &mut problems);
        }
    }
    problems
}

fn expression(manifest: &Manifest, predicate: &Predicate, problems: &mut Vec<Problem>) {
    if let Err(message) = predicate.validate() {
        let message = format!("{message} in `{}`", predicate.source());
        problems.push(manifest.problem(Code::Expression, None, message));
    }
}

fn matcher(
    manifest: &Manifest,
    source: &Source,
    matchers: &[Matcher],
    problems: &mut Vec<Problem>,
) {
    let Source::Scan(id) = source else { return };
    if let Some(Matcher::Code(code)) = matchers.get(id.0 as usize)
        && let Err(errors) = code.validate()
    {
        let messages: Vec<String> = errors.into_iter().map(|error| error.message).collect();
        problems.push(manifest.problem(Code::Code, None, messages.join("; ")));
    }
}

#[cfg(test)]
mod tests {
    use super::super::load::load;
    use super::*;

    /// What a reader is told is wrong with a manifest.
    fn wrong(path: &str, text: &str) -> Vec<(String, Option<String>)> {
        let problems = load(&[Manifest::new(path, text.to_owned())], true).err();
        let problems = problems.into_iter().flat_map(|problems| problems.0);
        problems.map(|it| (it.message, it.help)).collect()
    }

    #[test]
    fn a_fact_asks_about_its_hit_alone() {
        let fact = |condition: &str| {
            let text = format!(
                "apiVersion: preop.dev/v1\nkind: Fact\nmetadata: {{name: x, title: X}}\nspec:\n  \
                 match: {{path: {{files: [\"**/*.x\"]}}}}\n  where: '{condition}'\n  \
                 emit: {{kind: x}}\n"
            );
            wrong("facts/x.yaml", &text)
        };
        for (condition, name) in [
            (r#"repo.has("compose")"#, "repo"),
            (r#"hit.line > 1 && size(repo.facts("route")) > 0"#, "repo"),
            (r#"["a"].exists(x, service.uses(x))"#, "service"),
            (r#"has(service.root) ? true : false"#, "service"),
        ] {
            let problems = fact(condition);
            let [(message, Some(help))] = problems.as_slice() else {
                panic!("{condition}: {problems:?}");
            };
            assert_eq!(
                message,
                &format!("`{name}` is not known yet where facts are made")
            );
            assert!(help.contains("`hit` alone"), "{help}");
        }
        assert_eq!(fact(r#"hit.path != "repo.has" && hit.line > 1"#), []);
    }

    #[test]
    fn an_excuse_that_would_accuse_is_refused() {
        let rule = |expect: &str, scope: &str| {
            let text = format!(
                "apiVersion: preop.dev/v1\nkind: Rule\n\
                 metadata: {{name: x, title: X, category: data}}\nspec:\n  \
                 severity: low\n  confidence: low\n  effort: 5m\n  message: x\n  \
                 rationale: X.\n  remediation: X.\n  expect: {expect}\n  \
                 match: {{path: {{files: [\"**/*.x\"]}}}}\n  \
                 unless: {{scope: {scope}, match: {{path: {{files: [\"**/*.y\"]}}}}}}\n  \
                 examples:\n  - {{name: a, bad: {{a.x: a}}, expect: [\"a.x:1\"]}}\n  \
                 - {{name: b, good: {{a.z: a}}}}\n"
            );
            wrong("data/x.yaml", &text)
        };
        for scope in ["service", "repo"] {
            let problems = rule("some", scope);
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].0.starts_with("`unless` excuses nothing"));
            assert!(
                problems[0]
                    .1
                    .as_ref()
                    .is_some_and(|help| help.contains("`when`"))
            );
        }
        assert_eq!(rule("some", "file"), []);
        assert_eq!(rule("never", "repo"), []);
    }
}
