//! `preop rules`: list, test, lint, new, schema. Importing is next door.

use super::args::{Kind, RuleArgs, RulesCommand};
use super::terminal::Terminal;
use super::{Failure, import, library, write_out};
use comfy_table::{ContentArrangement, Table, presets};
use preop::examples;
use preop::render::json;
use preop::rule::{self, RuleSet};
use rayon::prelude::*;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Runs one of the `rules` commands.
pub(crate) fn run(command: RulesCommand, terminal: &Terminal) -> Result<u8, Failure> {
    match command {
        RulesCommand::List { rules, json } => list(&rules, json, terminal),
        RulesCommand::Test { paths, only } => test(&paths, &only),
        RulesCommand::Lint { paths } => lint(&paths),
        RulesCommand::New { name, to } => new(&name, &to),
        RulesCommand::Import { file, output } => import::run(&file, output.as_deref()),
        RulesCommand::Schema { kind } => schema(kind),
    }
}

fn list(args: &RuleArgs, json: bool, terminal: &Terminal) -> Result<u8, Failure> {
    let chosen = library::choose(args, None)?;
    let rules = &chosen.rules;
    if json {
        let rows: Vec<serde_json::Value> = rules
            .rules
            .iter()
            .map(|rule| {
                let card = &rule.card;
                serde_json::json!({
                    "name": card.name, "title": card.title, "category": card.category,
                    "severity": card.severity, "confidence": card.confidence,
                    "effortMinutes": card.effort_minutes, "tags": card.tags,
                })
            })
            .collect();
        let text = serde_json::to_string_pretty(&rows).map_err(std::io::Error::other)?;
        write_out(format!("{text}\n").as_bytes())?;
        return Ok(0);
    }
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(terminal.width).unwrap_or(u16::MAX));
    table.set_header(["rule", "severity", "confidence", "title"]);
    for rule in &rules.rules {
        let card = &rule.card;
        table.add_row([
            &card.name,
            card.severity.as_str(),
            card.confidence.as_str(),
            &card.title,
        ]);
    }
    let lines: String = table
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    let count = rules.rules.len();
    let noun = if count == 1 { "rule" } else { "rules" };
    let profile = format!("profile `{}`: {}", chosen.profile, chosen.title);
    write_out(format!("{lines}\n{count} {noun}, {profile}\n").as_bytes())?;
    Ok(0)
}

/// The rules of `paths` (all of them, when none is given) together with the library's facts.
fn load(paths: &[PathBuf]) -> Result<(RuleSet, Vec<String>), Failure> {
    let library = rule::embedded();
    if paths.is_empty() {
        let all = library
            .iter()
            .map(|source| source.path.to_string())
            .collect();
        return Ok((rule::load(&library, true)?, all));
    }
    let mut asked = Vec::new();
    for path in paths {
        asked.extend(library::read(path)?);
    }
    let stems: Vec<String> = asked
        .iter()
        .map(|source| source.stem().to_owned())
        .collect();
    let names = asked.iter().map(|source| source.path.to_string()).collect();
    // A file that is edited replaces its copy in the library.
    let mut manifests: Vec<_> = library
        .into_iter()
        .filter(|source| !stems.iter().any(|stem| stem == source.stem()))
        .collect();
    manifests.extend(asked);
    Ok((rule::load(&manifests, true)?, names))
}

fn test(paths: &[PathBuf], only: &[String]) -> Result<u8, Failure> {
    let (rules, files) = load(paths)?;
    let wanted = |path: &str, name: &str| {
        files.iter().any(|file| file == path) && (only.is_empty() || only.iter().any(|o| o == name))
    };
    let of_rules = rules
        .rules
        .iter()
        .filter(|rule| wanted(&rule.path, &rule.card.name))
        .flat_map(|rule| {
            rule.examples
                .iter()
                .map(move |example| (rule.card.name.as_str(), example, Some(rule), None))
        });
    let of_facts = rules
        .facts
        .iter()
        .filter(|fact| wanted(&fact.path, &fact.name))
        .flat_map(|fact| {
            fact.examples
                .iter()
                .map(move |example| (fact.name.as_str(), example, None, Some(fact)))
        });
    let cases: Vec<_> = of_rules.chain(of_facts).collect();
    let verdicts: Vec<examples::Verdict> = cases
        .par_iter()
        .map(|(_, example, rule, fact)| match (rule, fact) {
            (Some(rule), _) => examples::run_rule(&rules, rule, example),
            (_, Some(fact)) => examples::run_fact(&rules, fact, example),
            (None, None) => examples::Verdict::Broken("it belongs to nothing".to_owned()),
        })
        .collect();
    let mut out = String::new();
    let mut failed = 0;
    for ((name, example, ..), verdict) in cases.iter().zip(&verdicts) {
        if !verdict.holds() {
            failed += 1;
            // Writing to a `String` cannot fail.
            let _infallible = writeln!(out, "{name}: {}: {verdict}", example.name.value);
        }
    }
    let _infallible = writeln!(
        out,
        "{} examples hold, {failed} do not",
        cases.len() - failed
    );
    write_out(out.as_bytes())?;
    Ok(u8::from(failed > 0))
}

fn lint(paths: &[PathBuf]) -> Result<u8, Failure> {
    let (rules, _) = load(paths)?;
    let (count, facts) = (rules.rules.len(), rules.facts.len());
    write_out(format!("{count} rules and {facts} facts are in order\n").as_bytes())?;
    Ok(0)
}

fn new(name: &str, to: &Path) -> Result<u8, Failure> {
    const TEMPLATE: &str = include_str!("template.yaml");
    let label = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    if !label {
        return Err(Failure::usage(
            format!("`{name}` is not a DNS label"),
            "use a-z, 0-9 and inner dashes, and name the defect: `missing-readiness-probe`",
        ));
    }
    let file = to.join(format!("{name}.yaml"));
    let folder = to.canonicalize().ok();
    let category = folder
        .as_deref()
        .and_then(Path::file_name)
        .and_then(|name| name.to_str())
        .filter(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
        .unwrap_or("custom");
    let text = TEMPLATE.replace("NAME", name).replace("CATEGORY", category);
    let write = || -> std::io::Result<()> {
        use std::io::Write as _;
        let mut out = std::fs::File::create_new(&file)?;
        out.write_all(text.as_bytes())
    };
    write().map_err(|error| {
        Failure::usage(
            format!("`{}` cannot be written: {error}", file.display()),
            "an existing rule is never overwritten; choose another name or `--to` another folder",
        )
    })?;
    let shown = file.display();
    write_out(format!("wrote {shown}; try `preop rules test {shown}`\n").as_bytes())?;
    Ok(0)
}

fn schema(kind: Kind) -> Result<u8, Failure> {
    let schema = match kind {
        Kind::Rule => schemars::schema_for!(rule::spec::RuleManifest),
        Kind::Fact => schemars::schema_for!(rule::spec::FactManifest),
        Kind::Profile => schemars::schema_for!(rule::profile::ProfileManifest),
        Kind::Config => schemars::schema_for!(preop::waive::Config),
        Kind::Baseline => schemars::schema_for!(preop::waive::Baseline),
        Kind::Report => schemars::schema_for!(json::v1::ReadinessReport),
        Kind::Diff => schemars::schema_for!(json::diff::ReadinessDiff),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(std::io::Error::other)?;
    write_out(format!("{text}\n").as_bytes())?;
    Ok(0)
}
