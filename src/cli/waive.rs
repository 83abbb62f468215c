//! `preop waive`: a waiver, written into the configuration without touching the rest of it.

use super::args::{RuleArgs, WaiveArgs};
use super::{Failure, audit, config, library, output, write_out};
use preop::Plan;
use preop::model::RuleCard;
use preop::source::Disk;
use preop::waive::{Config, WaiverEntry};
use std::path::PathBuf;

/// What a configuration begins with when there is none.
const EMPTY: &str = "apiVersion: preop.dev/v1\nkind: Config\nspec:\n";

/// Adds a waiver to the configuration of the repository.
pub(crate) fn run(args: &WaiveArgs) -> Result<u8, Failure> {
    let disk = Disk::new(&args.root)?;
    let before = config::discover(&disk)?;
    let rules = RuleArgs::default();
    let chosen = library::choose(&rules, None)?;
    let card = named(&chosen, &args.rule)?;
    if args.reason.trim().chars().count() < 10 {
        return Err(Failure::usage(
            "the reason has fewer than ten characters",
            "say why the finding is acceptable here, for whoever reads the report",
        ));
    }
    let (path, line) = place(args.at.as_deref());
    let fingerprint = line
        .map(|line| {
            audit::pooled(0, || {
                fingerprint(&disk, &chosen, card, path.as_deref(), line)
            })
        })
        .transpose()?;
    let entry = WaiverEntry {
        rule: card.name.clone(),
        path,
        reason: args.reason.trim().to_owned(),
        approved_by: args.approved_by.clone(),
        until: args.until.clone(),
        fingerprint,
    };
    let file = file(args);
    let text = if before.is_some() {
        library::contents(&file).map_err(|why| {
            Failure::usage(
                format!("`{}` cannot be read: {why}", file.display()),
                "save it as UTF-8",
            )
        })?
    } else {
        EMPTY.to_owned()
    };
    let Some(changed) = insert(&text, &entry) else {
        return Err(Failure::usage(
            format!(
                "`{}` is written in a way that this command does not change",
                file.display()
            ),
            format!("add this below `spec.waivers`:\n{}", lines(&entry, 4)),
        ));
    };
    output::to_file(changed.as_bytes(), &file)?;
    write_out(format!("accepted `{}` in {}\n", entry.rule, file.display()).as_bytes())?;
    Ok(0)
}

/// The card of the rule.
fn named<'c>(chosen: &'c library::Chosen, name: &str) -> Result<&'c RuleCard, Failure> {
    let rules = &chosen.rules;
    let found = rules.rule(name).map(|rule| &rule.card);
    found.ok_or_else(|| {
        let known = rules.rules.iter().map(|rule| rule.card.name.as_str());
        Failure::usage(
            format!("there is no rule `{name}`"),
            library::suggestion(name, &known.collect::<Vec<_>>()),
        )
    })
}

/// The file that holds the configuration, or will.
fn file(args: &WaiveArgs) -> PathBuf {
    let there = config::NAMES
        .iter()
        .map(|name| args.root.join(name))
        .find(|path| path.exists());
    there.unwrap_or_else(|| args.root.join("preop.yaml"))
}

/// `PATH` or `PATH:LINE`.
fn place(at: Option<&str>) -> (Option<String>, Option<u32>) {
    let Some(at) = at else { return (None, None) };
    match at.rsplit_once(':') {
        Some((path, line)) if line.parse::<u32>().is_ok() => {
            (Some(path.to_owned()), line.parse().ok())
        }
        _ => (Some(at.to_owned()), None),
    }
}

/// The identity of the rule's one finding at a line.
fn fingerprint(
    disk: &Disk,
    chosen: &library::Chosen,
    card: &RuleCard,
    path: Option<&str>,
    line: u32,
) -> Result<String, Failure> {
    let report = preop::audit(disk, &chosen.rules, &Plan::default())?;
    let own = report
        .findings()
        .into_iter()
        .filter(|f| f.rule == card.name);
    let here: Vec<_> = own
        .filter(|f| Some(f.location.path.as_str()) == path)
        .collect();
    let found = here
        .iter()
        .find(|f| (f.location.start.line.get()..=f.location.end.line.get()).contains(&line));
    found.map(|f| f.fingerprint.to_string()).ok_or_else(|| {
        let lines: Vec<String> = here
            .iter()
            .map(|f| f.location.start.line.to_string())
            .collect();
        let help = if lines.is_empty() {
            "it has no finding in that file; `preop audit -f wide` shows where it has".to_owned()
        } else {
            format!("in that file it has findings at line {}", lines.join(", "))
        };
        Failure::usage(
            format!("`{}` has no finding at line {line}", card.name),
            help,
        )
    })
}

/// The text with the entry in it; `None` unless it then means the same and the entry.
fn insert(text: &str, entry: &WaiverEntry) -> Option<String> {
    let mut wanted = Config::parse(text)
        .or_else(|_| Config::parse(&format!("{text}  waivers: []\n")))
        .ok()?;
    wanted.spec.waivers.insert(0, entry.clone());
    let mut out = String::new();
    let mut done = false;
    for line in text.split_inclusive('\n') {
        let key = line.trim_end();
        match key {
            "  waivers: []" | "  waivers:" if !done => {
                out.push_str("  waivers:\n");
                out.push_str(&lines(entry, 4));
                done = true;
            }
            _ => out.push_str(line),
        }
    }
    if !done {
        let (head, tail) = text.split_once("\nspec:\n")?;
        out = format!("{head}\nspec:\n  waivers:\n{}{tail}", lines(entry, 4));
    }
    let mut meant = Config::parse(&out).ok()?;
    // Where the new one stands among the others does not matter.
    let order = |config: &mut Config| {
        config
            .spec
            .waivers
            .sort_by_key(|entry| format!("{entry:?}"));
    };
    order(&mut meant);
    order(&mut wanted);
    (meant == wanted).then_some(out)
}

/// The entry as YAML. JSON strings are YAML strings, and hold any text on one line.
fn lines(entry: &WaiverEntry, indent: usize) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut fields = vec![("rule", Some(entry.rule.clone()))];
    fields.push(("path", entry.path.as_deref().map(quoted)));
    fields.push(("fingerprint", entry.fingerprint.as_deref().map(quoted)));
    fields.push(("reason", Some(quoted(&entry.reason))));
    fields.push(("approvedBy", entry.approved_by.as_deref().map(quoted)));
    fields.push(("until", entry.until.as_deref().map(quoted)));
    let given = fields
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)));
    given
        .enumerate()
        .map(|(index, (key, value))| {
            let lead = if index == 0 { "- " } else { "  " };
            format!("{}{lead}{key}: {value}\n", " ".repeat(indent))
        })
        .collect()
}
