//! No secret value and nothing that identifies a patient leaves, in any format: values are planted
//! in every kind of file, and every output, error and message is searched for parts of them.

mod plants;

use crate::world::{RULES, command, stderr, stdout};
use plants::Values;
use preop::model::Report;
use preop::render::{Format, Style, render};
use preop::source::Disk;
use preop::{Plan, audit};
use std::collections::BTreeSet;
use std::path::Path;
use tempfile::TempDir;

/// Longest part of a value that an output may hold.
const TOLERATED: usize = 7;

fn write(root: &Path, files: &[(&str, String)]) {
    for (name, text) in files {
        let file = root.join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("folder");
        std::fs::write(file, text).expect("file");
    }
}

/// A repository full of values.
fn planted(seed: u64) -> (TempDir, Values) {
    let folder = tempfile::tempdir().expect("a folder");
    let values = Values::new(seed);
    write(folder.path(), &values.files());
    (folder, values)
}

/// Values of which `output` holds more than is tolerated, with the line that does.
fn leaks(output: &str, values: &[String]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for value in values {
        let parts = value.len().saturating_sub(TOLERATED);
        let leaks = |line: &&str| (0..parts).any(|at| line.contains(&value[at..=at + TOLERATED]));
        if (0..parts).any(|at| output.contains(&value[at..=at + TOLERATED])) {
            let line = output.lines().find(leaks).unwrap_or("over several lines");
            out.insert(format!("{}: {line}", &value[..4]));
        }
    }
    out
}

fn report(root: &Path) -> Report {
    let disk = Disk::new(root).expect("the folder is there");
    audit(&disk, &RULES, &Plan::default()).expect("the folder can be audited")
}

#[test]
fn no_format_holds_a_value_from_any_kind_of_file() {
    let mut wrong = BTreeSet::new();
    for seed in 1..4 {
        let (folder, values) = planted(seed);
        let report = report(folder.path());
        assert!(report.findings().len() > 25, "the values are found");
        for format in Format::ALL {
            let style = Style {
                colour: format == Format::Wide,
                width: 120,
                ..Style::default()
            };
            let mut out = Vec::new();
            render(&report, format, &style, &mut out).expect("it renders");
            let text = String::from_utf8(out).expect("UTF-8");
            for leak in leaks(&text, &values.all()) {
                wrong.insert(format!("{}: {leak}", format.as_str()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", Vec::from_iter(wrong).join("\n"));
}

#[test]
fn no_command_prints_a_value() {
    let (folder, values) = planted(7);
    let root = folder.path().to_str().expect("UTF-8");
    let file = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (configuration, broken) = (file("preop.yaml"), file("broken.yaml"));
    let commands: [&[&str]; 7] = [
        &["audit", root],
        &["audit", "--history", "-f", "json", root],
        &["audit", "--isolated", "-f", "wide", root],
        &["facts", root],
        &["rules", "lint", &broken],
        &["rules", "import", &configuration],
        &["explain", &values.token],
    ];
    let mut wrong = Vec::new();
    for arguments in commands {
        let output = command(arguments).output().expect("it ends");
        for (stream, text) in [("stdout", stdout(&output)), ("stderr", stderr(&output))] {
            for leak in leaks(&text, &values.all()) {
                wrong.push(format!("{} {stream}: {leak}", arguments[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_mistake_in_the_configuration_shows_no_value() {
    let (folder, values) = planted(8);
    let token = &values.token;
    for text in [
        format!("apiVersion: preop.dev/v1\nkind: Config\nspec:\n  profle: {token}\n"),
        format!("apiVersion: preop.dev/v1\nkind: Config\nspec: {token}\n"),
        format!("apiVersion: preop.dev/v1\nkind: {token}\nspec: [\n"),
        format!("apiVersion: preop.dev/v1\nkind: Config\nspec:\n  profile: {token}\n"),
    ] {
        write(folder.path(), &[("preop.yaml", text.clone())]);
        let output = command(["audit"])
            .arg(folder.path())
            .output()
            .expect("it ends");
        assert_eq!(output.status.code(), Some(2), "{text}");
        let shown = stderr(&output);
        let leaks = leaks(&shown, &values.all());
        assert!(leaks.is_empty(), "{leaks:?}\n{shown}");
    }
}

#[test]
fn the_planted_values_are_found() {
    let (folder, _) = planted(9);
    let report = report(folder.path());
    let found: BTreeSet<&str> = report
        .findings()
        .iter()
        .map(|finding| finding.rule.as_str())
        .collect();
    for rule in [
        "secret-token-gitlab",
        "secret-token-stripe",
        "secret-connection-string",
        "secret-private-key",
        "secret-privileged-jwt",
    ] {
        assert!(found.contains(rule), "{rule} finds nothing: {found:?}");
    }
}

#[test]
fn a_file_may_be_called_after_a_secret() {
    let values = Values::new(10);
    let folder = tempfile::tempdir().expect("a folder");
    let name = format!("keys/{}.py", values.stripe);
    let text = format!("KEY = \"{}\"\n", values.stripe);
    write(folder.path(), &[(&name, text)]);
    let report = report(folder.path());
    let mut out = Vec::new();
    let style = Style {
        colour: false,
        width: 100,
        ..Style::default()
    };
    render(&report, Format::Json, &style, &mut out).expect("it renders");
    let text = String::from_utf8(out).expect("UTF-8");
    let leaks = leaks(&text, &values.all());
    assert!(leaks.is_empty(), "{leaks:?}");
}
