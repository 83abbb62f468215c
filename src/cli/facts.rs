//! `preop facts`: what the survey saw, for whoever debugs a rule.

use super::args::RuleArgs;
use super::{Failure, library, write_out};
use preop::model::{Fact, Reach, Value};
use preop::redact::Redactor;
use preop::render::escape;
use preop::source::Disk;
use preop::survey::Survey;
use preop::{Plan, observe};
use std::collections::BTreeSet;
use std::path::Path;

/// Prints services and facts of the repository at `path`.
pub(crate) fn run(
    path: &Path,
    kind: Option<&str>,
    reach: bool,
    args: &RuleArgs,
) -> Result<u8, Failure> {
    let chosen = library::choose(args, None)?;
    let seen = observe(&Disk::new(path)?, &chosen.rules, &Plan::default())?;
    let secrets: BTreeSet<_> = seen
        .files
        .iter()
        .flat_map(|file| file.secrets.clone())
        .collect();
    let redactor = Redactor::new(&secrets);
    let mut out = String::new();
    if kind.is_none() {
        services(&seen.survey, &mut out);
    }
    for fact in &seen.survey.facts {
        if kind.is_none_or(|kind| &*fact.kind == kind) {
            out.push_str(&line(fact, &seen.survey));
        }
    }
    if reach {
        for (path, reach) in &seen.survey.reach {
            let word = match reach {
                Reach::Reachable => "reachable",
                Reach::Orphan => "orphan",
                Reach::Unknown => "unknown",
            };
            out.push_str(&format!("{word:<9} {path}\n"));
        }
    }
    redactor.text(&mut out);
    let safe: String = out
        .lines()
        .map(|line| format!("{}\n", escape::line(line)))
        .collect();
    write_out(safe.as_bytes())?;
    Ok(0)
}

fn services(survey: &Survey, out: &mut String) {
    for service in &survey.services {
        let root = if service.root.is_empty() {
            "."
        } else {
            &service.root
        };
        let words = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(",");
        let languages: Vec<&str> = service.languages.iter().map(|l| l.as_str()).collect();
        out.push_str(&format!(
            "service {} root={root} kind={} languages={} frameworks={} serves={} files={} lines={}{}\n",
            service.name,
            service.kind,
            languages.join(","),
            words(&service.frameworks),
            words(&service.serves),
            service.files,
            service.lines,
            if service.stub { " stub" } else { "" },
        ));
        for entry in &service.entrypoints {
            out.push_str(&format!("  entrypoint {entry}\n"));
        }
    }
    out.push_str(&format!("patient data: {}\n", survey.phi));
}

fn line(fact: &Fact, survey: &Survey) -> String {
    let service = fact.service.and_then(|index| survey.services.get(index));
    let attributes: Vec<String> = fact
        .attributes
        .iter()
        .filter(|(_, value)| **value != Value::Null)
        .map(|(name, value)| format!("{name}={}", value.display().replace('\n', " ")))
        .collect();
    format!(
        "{:<16} {} [{}] {}\n",
        fact.kind,
        fact.hit.location,
        service.map_or("-", |service| &service.name),
        attributes.join(" ")
    )
}
