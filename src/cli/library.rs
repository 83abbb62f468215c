//! Which rules run: the embedded library, further folders, a profile, a choice.

use super::Failure;
use super::args::RuleArgs;
use preop::manifest::{Code, Problem, Problems, Source, closest};
use preop::rule::profile::ProfileSpec;
use preop::rule::{self, RuleSet};
use preop::waive::ConfigSpec;
use std::path::{Path, PathBuf};

/// A manifest larger than this is a mistake.
const MAX_MANIFEST: u64 = 1 << 20;

/// The rules that were asked for, and the profile's choices.
pub(crate) struct Chosen {
    /// The active rules.
    pub rules: RuleSet,
    /// Name of the profile.
    pub profile: String,
    /// What the profile is for.
    pub title: String,
    /// What the profile chooses.
    pub spec: ProfileSpec,
}

/// Loads the library and the folders, and keeps what was asked for.
///
/// What the repository's own configuration asks for comes last: a flag wins over it.
pub(crate) fn choose(args: &RuleArgs, config: Option<&ConfigSpec>) -> Result<Chosen, Failure> {
    if args.folders.is_empty() {
        // Who names a rule may be told of one that is called nearly so.
        let categories = if args.only.is_empty() {
            args.categories.as_slice()
        } else {
            &[]
        };
        return select(rule::library(categories)?, args, config);
    }
    choose_with_examples(args, config)
}

/// The same, with the examples of the rules.
pub(crate) fn choose_with_examples(
    args: &RuleArgs,
    config: Option<&ConfigSpec>,
) -> Result<Chosen, Failure> {
    let mut manifests = rule::embedded();
    for folder in &args.folders {
        manifests.extend(read(folder)?);
    }
    let rules = rule::load(&manifests, !args.folders.is_empty())?;
    select(rules, args, config)
}

fn select(
    mut rules: RuleSet,
    args: &RuleArgs,
    config: Option<&ConfigSpec>,
) -> Result<Chosen, Failure> {
    let configured = config.and_then(|config| config.profile.as_deref());
    let (profile, title, spec) = profile(&rules, args.profile.as_deref().or(configured))?;
    let only = names(&rules, &args.only)?;
    if let Some(selected) = rules
        .profiles
        .iter()
        .position(|known| known.name == profile)
    {
        let selected = rules.profiles.swap_remove(selected);
        rules.retain(|rule| selected.selects(rule));
    }
    if !only.is_empty() {
        rules.retain(|rule| only.contains(&rule.card.name));
    }
    if !args.categories.is_empty() {
        rules.retain(|rule| args.categories.contains(&rule.card.category));
    }
    if let Some(config) = config {
        rules.retain(|rule| !config.rules.disable.contains(&rule.card.name));
    }
    for rule in &mut rules.rules {
        let configured = config.and_then(|config| config.severity.get(&rule.card.name));
        if let Some(severity) = configured.or_else(|| spec.severity.get(&rule.card.name)) {
            rule.card.severity = *severity;
        }
    }
    if rules.rules.is_empty() {
        return Err(Failure::usage(
            "no rule is left to run",
            "`preop rules list` shows what there is; widen `--rule`, `--category` or `--profile`",
        ));
    }
    Ok(Chosen {
        rules,
        profile,
        title,
        spec,
    })
}

fn profile(rules: &RuleSet, name: Option<&str>) -> Result<(String, String, ProfileSpec), Failure> {
    let name = name.unwrap_or("standard");
    let known = rules.profiles.iter().find(|profile| profile.name == name);
    if let Some(profile) = known {
        return Ok((
            profile.name.clone(),
            profile.title.clone(),
            profile.spec.clone(),
        ));
    }
    let names: Vec<&str> = rules
        .profiles
        .iter()
        .map(|profile| profile.name.as_str())
        .collect();
    Err(Failure::usage(
        format!("there is no profile `{name}`"),
        suggestion(name, &names),
    ))
}

/// The present names of the rules that were asked for.
fn names(rules: &RuleSet, asked: &[String]) -> Result<Vec<String>, Failure> {
    let known: Vec<&str> = rules
        .rules
        .iter()
        .map(|rule| rule.card.name.as_str())
        .collect();
    asked
        .iter()
        .map(|name| {
            rules
                .rule(name)
                .map(|rule| rule.card.name.clone())
                .ok_or_else(|| {
                    Failure::usage(
                        format!("there is no rule `{name}`"),
                        suggestion(name, &known),
                    )
                })
        })
        .collect()
}

/// What somebody may have meant, or where to look.
pub(crate) fn suggestion(word: &str, known: &[&str]) -> String {
    if let Some(near) = closest(word, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    let part = known
        .iter()
        .filter(|name| name.contains(word))
        .take(5)
        .copied()
        .collect::<Vec<_>>();
    if part.is_empty() {
        "`preop rules list` shows the rules".to_owned()
    } else {
        format!("perhaps one of {}", part.join(", "))
    }
}

/// The manifests of a file or below a folder, in order of path.
pub(crate) fn read(path: &Path) -> Result<Vec<Source>, Failure> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = path.display();
            let why = error
                .io_error()
                .map_or_else(|| error.to_string(), ToString::to_string);
            Failure::usage(
                format!("`{path}` cannot be read: {why}"),
                "give a rule file or a folder of them",
            )
        })?;
        let yaml = entry
            .path()
            .extension()
            .is_some_and(|ext| ext == "yaml" || ext == "yml");
        if yaml && entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    if files.is_empty() {
        return Err(Failure::usage(
            format!("`{}` holds no rules", path.display()),
            "rules are files that end in `.yaml`",
        ));
    }
    let mut problems = Vec::new();
    let mut out = Vec::new();
    for file in files {
        let name = file.display().to_string();
        match contents(&file) {
            Ok(text) => out.push(Source::new(name, text)),
            Err(why) => {
                let source = Source::new(name, "");
                problems.push(Problem::new(source, Code::Unreadable, None, why));
            }
        }
    }
    if problems.is_empty() {
        Ok(out)
    } else {
        Err(Problems(problems).into())
    }
}

/// The text of a manifest, if it is one and not too large.
pub(crate) fn contents(file: &Path) -> Result<String, String> {
    use std::io::Read;
    let mut text = String::new();
    let opened = std::fs::File::open(file).map_err(|error| error.to_string())?;
    opened
        .take(MAX_MANIFEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    if text.len() as u64 > MAX_MANIFEST {
        return Err(format!("larger than {MAX_MANIFEST} bytes"));
    }
    Ok(text)
}
