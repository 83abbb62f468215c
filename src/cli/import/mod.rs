//! `preop rules import`: rules of gitleaks as rules of ours, and what was lost on the way.

mod allow;
mod gitleaks;
mod pattern;
mod rule;
mod sample;
mod spell;

use super::{Failure, library, write_out};
use gitleaks::{Allowlist, Config};
use rayon::prelude::*;
use rule::Imported;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

/// Keys of a configuration that say nothing about findings.
const HARMLESS: [&str; 3] = ["title", "description", "minVersion"];

/// Translates `file`; writes one manifest a file into `folder`, or all of them to standard output.
pub(crate) fn run(file: &Path, folder: Option<&Path>) -> Result<u8, Failure> {
    let text = library::contents(file).map_err(|why| {
        Failure::usage(
            format!("`{}` cannot be read: {why}", file.display()),
            "give a configuration of gitleaks, such as `.gitleaks.toml`",
        )
    })?;
    let config: Config = toml::from_str(&text).map_err(|error| {
        Failure::usage(
            format!(
                "`{}` is no gitleaks configuration: {}",
                file.display(),
                error.message()
            ),
            "only TOML as gitleaks 8 writes it can be imported",
        )
    })?;
    let global: Vec<Allowlist> = config
        .allowlist
        .iter()
        .chain(&config.allowlists)
        .cloned()
        .collect();
    let mut imported: Vec<Imported> = config
        .rules
        .par_iter()
        .map(|rule| rule::import(rule, &global))
        .collect();
    leave_out_doubles(&mut imported);
    let count = imported
        .iter()
        .filter(|rule| rule.manifest.is_some())
        .count();
    match folder {
        Some(folder) => write_files(&imported, folder)?,
        None => write_out(stream(&imported).as_bytes())?,
    }
    let account = account(&config, &imported, count);
    // With stderr gone there is nobody left to tell.
    let _nobody_listens = std::io::stderr().write_all(account.as_bytes());
    if count == 0 {
        return Err(Failure::usage(
            format!("`{}` holds no rule that could be imported", file.display()),
            "rules are the `[[rules]]` of the file; those that it extends are not followed",
        ));
    }
    Ok(0)
}

/// Two ids may give one name; the first keeps it.
fn leave_out_doubles(imported: &mut [Imported]) {
    let mut names = BTreeSet::new();
    for rule in imported {
        if rule.manifest.is_some() && !names.insert(rule.name.clone()) {
            rule.manifest = None;
            rule.remarks.push("left out: the name is taken".to_owned());
        }
    }
}

fn stream(imported: &[Imported]) -> String {
    let manifests = imported.iter().filter_map(|rule| rule.manifest.as_deref());
    manifests.map(|text| format!("---\n{text}")).collect()
}

fn write_files(imported: &[Imported], folder: &Path) -> Result<(), Failure> {
    let cannot = |path: &Path, error: &std::io::Error| {
        Failure::usage(
            format!("`{}` cannot be written: {error}", path.display()),
            "an existing file is never overwritten; choose another folder",
        )
    };
    std::fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))?;
    for rule in imported {
        let Some(text) = &rule.manifest else { continue };
        let file = folder.join(format!("{}.yaml", rule.name));
        let write = || std::fs::File::create_new(&file)?.write_all(text.as_bytes());
        write().map_err(|error| cannot(&file, &error))?;
    }
    Ok(())
}

/// What was carried over and what was not.
fn account(config: &Config, imported: &[Imported], count: usize) -> String {
    let mut out = format!("imported {count} of {} rules\n", imported.len());
    let strange = config
        .rest
        .keys()
        .filter(|key| !HARMLESS.contains(&key.as_str()));
    for key in strange {
        out.push_str(&match key.as_str() {
            "extend" => "  `extend` is not followed: import that configuration too\n".to_owned(),
            key => format!("  `{key}` is not known\n"),
        });
    }
    for rule in imported {
        let remarks: BTreeSet<&str> = rule.remarks.iter().map(String::as_str).collect();
        for remark in remarks {
            out.push_str(&format!("  {}: {}\n", rule.name, short(remark)));
        }
    }
    out.chars()
        .filter(|letter| *letter == '\n' || !letter.is_control())
        .collect()
}

/// A remark without the long regex or expression that it may quote.
fn short(remark: &str) -> String {
    const LONGEST: usize = 160;
    if remark.chars().count() <= LONGEST {
        return remark.to_owned();
    }
    remark.chars().take(LONGEST).chain(['…']).collect()
}
