//! Manifests → `RuleSet`. Collects every problem of every file before it gives up.

use super::globs::GlobTable;
use super::library::{self, Embedded};
use super::matcher::Builder;
use super::profile::{Profile, ProfileManifest};
use super::spec::{Anchor, ExpectSpec, FactManifest, Metadata, RuleManifest};
use super::{Adjust, FactRule, Matcher, Predicate, Rule, RuleSet, Source, Unless};
use super::{card, check, effort};
use crate::manifest::{self, Code, Problem, Problems, Source as Manifest, closest};
use crate::model::{Scope, Value};
use rayon::prelude::*;
use serde_saphyr::Spanned;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A manifest that parsed, before its parts are compiled.
enum Parsed {
    Rule(Box<RuleManifest>),
    Fact(Box<FactManifest>),
    Profile(Box<ProfileManifest>),
}

/// Compiles manifests. With `validate`, every regex, expression and code pattern is compiled at
/// once; without it (for the embedded library, which tests have validated) when first needed.
pub fn load(manifests: &[Manifest], validate: bool) -> Result<RuleSet, Problems> {
    let parsed = manifests.par_iter().map(parse).collect();
    assemble(manifests, parsed, validate)
}

/// The embedded library without its examples; of rules, those in the folders of these categories,
/// or all if there are none.
pub fn library(categories: &[String]) -> Result<RuleSet, Problems> {
    let prepared: Vec<&Embedded> = library::prepared(categories).collect();
    let manifests: Vec<Manifest> = prepared.iter().map(|it| it.source()).collect();
    let parsed = prepared.par_iter().map(|it| read(it)).collect();
    assemble(&manifests, parsed, false)
}

fn assemble(
    manifests: &[Manifest],
    parsed: Vec<Result<Parsed, Problem>>,
    validate: bool,
) -> Result<RuleSet, Problems> {
    let mut loader = Loader {
        validate,
        ..Loader::default()
    };
    for (manifest, parsed) in manifests.iter().zip(parsed) {
        match parsed {
            Ok(Parsed::Rule(rule)) => loader.rule(manifest, *rule),
            Ok(Parsed::Fact(fact)) => loader.fact(manifest, *fact),
            Ok(Parsed::Profile(profile)) => loader.profiles.push(Profile {
                name: profile.metadata.name.value,
                title: profile.metadata.title,
                spec: profile.spec,
            }),
            Err(problem) => loader.problems.push(problem),
        }
    }
    loader.finish(manifests)
}

fn parse(manifest: &Manifest) -> Result<Parsed, Problem> {
    let kind = manifest::kind(manifest)?;
    match kind.as_str() {
        "Rule" => manifest::load(manifest).map(Parsed::Rule),
        "Fact" => manifest::load(manifest).map(Parsed::Fact),
        "Profile" => manifest::load(manifest).map(Parsed::Profile),
        other => {
            let help = closest(other, ["Rule", "Fact", "Profile"]).map_or_else(
                || "a rule folder holds `Rule`, `Fact` and `Profile`".to_owned(),
                |known| format!("did you mean `{known}`?"),
            );
            Err(manifest
                .problem(Code::Kind, None, format!("unexpected kind `{other}`"))
                .help(help))
        }
    }
}

fn read(manifest: &Embedded) -> Result<Parsed, Problem> {
    match manifest.kind {
        "Rule" => manifest.read().map(Parsed::Rule),
        "Fact" => manifest.read().map(Parsed::Fact),
        _ => manifest.read().map(Parsed::Profile),
    }
}

#[derive(Default)]
struct Loader {
    validate: bool,
    rules: Vec<Rule>,
    facts: Vec<FactRule>,
    profiles: Vec<Profile>,
    matchers: Vec<Matcher>,
    globs: GlobTable,
    problems: Vec<Problem>,
    names: BTreeMap<String, Arc<str>>,
}

impl Loader {
    fn rule(&mut self, manifest: &Manifest, rule: RuleManifest) {
        let before = self.problems.len();
        self.name(manifest, &rule.metadata);
        if self.validate {
            self.problems.extend(check::examples(manifest, &rule));
            self.problems.extend(check::excuse(manifest, &rule));
        }
        let spec = &rule.spec;
        let Some(minutes) = effort::minutes(&spec.effort.value) else {
            let message = format!("`{}` is not an effort", spec.effort.value);
            let problem = manifest
                .problem(Code::Value, Some(spec.effort.referenced), message)
                .help("write minutes, hours or days: `30m`, `2h`, `1d`".to_owned());
            self.problems.push(problem);
            return;
        };
        let sources = self.builder(manifest, |builder| {
            builder.sources(&spec.r#match.value, spec.r#match.referenced)
        });
        let unless = spec.unless.as_ref().map(|unless| Unless {
            scope: unless.scope.unwrap_or(Scope::File),
            sources: self.builder(manifest, |builder| {
                builder.sources(&unless.r#match.value, unless.r#match.referenced)
            }),
            filter: unless.r#where.as_ref().map(predicate),
        });
        if self.problems.len() > before {
            return;
        }
        let compiled = Rule {
            card: card::card(&rule, minutes),
            message: spec.message.value.clone(),
            aliases: rule.metadata.aliases.clone(),
            when: spec.when.as_ref().map(predicate),
            scope: spec.scope.unwrap_or(match spec.expect {
                ExpectSpec::Never => Scope::File,
                ExpectSpec::Some | ExpectSpec::AtMost(_) => Scope::Service,
            }),
            sources,
            filter: spec.r#where.as_ref().map(predicate),
            unless,
            expect: spec.expect,
            known_by: spec.known_by,
            undecided: spec.undecided.as_ref().map(predicate),
            adjust: spec.adjust.iter().map(adjust).collect(),
            group_by: spec.group_by.as_ref().map(predicate),
            anchor: match &spec.anchor {
                Anchor::Manifest => Vec::new(),
                Anchor::One(anchor) => vec![anchor.clone()],
                Anchor::Many(anchors) => anchors.clone(),
            },
            examples: rule.spec.examples,
            path: manifest.path.clone(),
        };
        self.rules.push(compiled);
    }

    fn fact(&mut self, manifest: &Manifest, fact: FactManifest) {
        self.name(manifest, &fact.metadata);
        if self.validate {
            self.problems.extend(check::too_early(manifest, &fact));
        }
        let spec = fact.spec;
        let sources = self.builder(manifest, |builder| {
            builder.sources(&spec.r#match.value, spec.r#match.referenced)
        });
        let mut emit: BTreeMap<Arc<str>, Value> = spec
            .emit
            .value
            .iter()
            .map(|(name, value)| (Arc::from(name.as_str()), literal(value)))
            .collect();
        let Some(Value::Str(kind)) = emit.remove("kind") else {
            let message = "`emit` names no `kind`".to_owned();
            self.problems.push(manifest.problem(
                Code::MissingKey,
                Some(spec.emit.referenced),
                message,
            ));
            return;
        };
        let mut scanned = Vec::new();
        for source in sources {
            match source {
                Source::Scan(id) => scanned.push(id),
                Source::Fact(_) => {
                    let message = "a fact is not made of facts".to_owned();
                    let at = Some(spec.r#match.referenced);
                    self.problems
                        .push(manifest.problem(Code::Value, at, message));
                }
            }
        }
        self.facts.push(FactRule {
            name: fact.metadata.name.value,
            sources: scanned,
            filter: spec.r#where.as_ref().map(predicate),
            kind,
            emit,
            examples: spec.examples,
            path: manifest.path.clone(),
        });
    }

    fn builder<T>(&mut self, manifest: &Manifest, build: impl FnOnce(&mut Builder<'_>) -> T) -> T {
        build(&mut Builder {
            manifest,
            validate: self.validate,
            globs: &mut self.globs,
            matchers: &mut self.matchers,
            problems: &mut self.problems,
        })
    }

    fn name(&mut self, manifest: &Manifest, metadata: &Metadata) {
        let name = &metadata.name.value;
        let at = Some(metadata.name.referenced);
        let label = !name.is_empty()
            && name.len() <= 63
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !name.starts_with('-')
            && !name.ends_with('-');
        if !label {
            let message = format!("`{name}` is not a DNS label");
            let problem = manifest.problem(Code::Name, at, message);
            self.problems
                .push(problem.help("use a-z, 0-9 and inner dashes, at most 63".to_owned()));
        } else if name != manifest.stem() {
            let message = format!("`{name}` is not the name of the file");
            let problem = manifest.problem(Code::Name, at, message);
            self.problems
                .push(problem.help(format!("call the file `{name}.yaml`")));
        }
        for name in std::iter::once(name).chain(&metadata.aliases) {
            if let Some(other) = self.names.insert(name.clone(), manifest.path.clone()) {
                let message = format!("`{name}` is taken by {other}");
                self.problems
                    .push(manifest.problem(Code::Name, at, message));
            }
        }
    }

    fn finish(mut self, manifests: &[Manifest]) -> Result<RuleSet, Problems> {
        self.rules.sort_by(|a, b| a.card.name.cmp(&b.card.name));
        self.facts.sort_by(|a, b| a.name.cmp(&b.name));
        self.profiles.sort_by(|a, b| a.name.cmp(&b.name));
        if self.validate {
            let compiled = check::compiled(manifests, &self.rules, &self.facts, &self.matchers);
            self.problems.extend(compiled);
        }
        let globs = match std::mem::take(&mut self.globs).build() {
            Ok(globs) => globs,
            Err(message) => {
                let manifest = manifests
                    .first()
                    .cloned()
                    .unwrap_or_else(|| Manifest::new("", ""));
                self.problems
                    .push(manifest.problem(Code::Value, None, message));
                super::globs::Globs::default()
            }
        };
        if !self.problems.is_empty() {
            return Err(Problems(self.problems).sorted());
        }
        Ok(RuleSet {
            rules: self.rules,
            facts: self.facts,
            profiles: self.profiles,
            matchers: self.matchers,
            globs,
            digest: digest(manifests),
        })
    }
}

fn predicate(source: &Spanned<String>) -> Predicate {
    Predicate::new(&source.value)
}

fn adjust(spec: &super::spec::AdjustSpec) -> Adjust {
    Adjust {
        when: predicate(&spec.when),
        severity: spec.severity,
        confidence: spec.confidence,
        because: spec.because.clone(),
    }
}

fn literal(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(number) => number.as_i64().map_or_else(
            || number.as_f64().map_or(Value::Null, Value::Float),
            Value::Int,
        ),
        serde_json::Value::String(text) => Value::str(text.as_str()),
        serde_json::Value::Array(items) => Value::list(items.iter().map(literal)),
        serde_json::Value::Object(entries) => Value::map(
            entries
                .iter()
                .map(|(key, value)| (key.as_str(), literal(value))),
        ),
    }
}

fn digest(manifests: &[Manifest]) -> String {
    let mut hasher = blake3::Hasher::new();
    for manifest in manifests {
        hasher.update(manifest.path.as_bytes());
        hasher.update(&[0]);
        hasher.update(manifest.text.as_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex().chars().take(16).collect()
}
