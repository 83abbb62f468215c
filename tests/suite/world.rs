//! Helpers: the project's own folders, the embedded rules, the program with a scrubbed
//! environment, and text that is compared or rewritten.

use preop::model::Report;
use preop::rule::{self, RuleSet};
use preop::source::Disk;
use preop::{Plan, audit};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

/// The library, compiled and validated once for all tests.
pub static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
    rule::load(&rule::embedded(), true)
        .unwrap_or_else(|problems| panic!("{}", problems.render(100, false)))
});

/// A file or folder of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A fixture repository.
pub fn fixture(name: &str) -> PathBuf {
    project("fixtures").join(name)
}

/// The report on a folder.
pub fn report(path: &Path) -> Report {
    let disk = Disk::new(path).expect("the folder is there");
    audit(&disk, &RULES, &Plan::default()).expect("the folder can be audited")
}

/// Reads a text file of the project.
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Runs the program as a user would, with nothing of the caller's environment.
pub fn preop<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(arguments: I) -> Output {
    command(arguments).output().expect("the program starts")
}

/// The program with arguments, not started yet.
pub fn command<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(arguments: I) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_preop"));
    command.env_clear().env("TERM", "dumb").args(arguments);
    command
}

/// Standard output as text.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the report is UTF-8")
}

/// Standard error as text.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are UTF-8")
}

/// Compares `text` with a stored file; `PREOP_BLESS=1` stores it instead.
pub fn stored(path: &str, text: &str) {
    let file = project(path);
    if std::env::var("PREOP_BLESS").is_ok_and(|value| value == "1") {
        std::fs::create_dir_all(file.parent().expect("a stored file lies in a folder"))
            .expect("folder");
        std::fs::write(&file, text).expect("the stored file can be written");
        return;
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    if known != text {
        let diff: Vec<String> = differences(&known, text);
        panic!(
            "{path} differs; look, then run `PREOP_BLESS=1 cargo test`\n{}",
            diff.join("\n")
        );
    }
}

/// Lines that only one of two texts has, at most forty.
fn differences(old: &str, new: &str) -> Vec<String> {
    let gone = old
        .lines()
        .filter(|line| !new.lines().any(|other| other == *line))
        .map(|line| format!("- {line}"));
    let come = new
        .lines()
        .filter(|line| !old.lines().any(|other| other == *line))
        .map(|line| format!("+ {line}"));
    gone.take(20).chain(come.take(20)).collect()
}
