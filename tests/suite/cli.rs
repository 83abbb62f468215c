//! The program as a user runs it: exit codes, messages for mistakes, pipes, help.

use crate::world::{command, fixture, preop, project, stderr, stdout, stored};
use std::io::Read;
use std::process::Stdio;

fn code(arguments: &[&str]) -> i32 {
    preop(arguments).status.code().expect("no signal")
}

fn path(name: &str) -> String {
    fixture(name).to_str().expect("UTF-8").to_owned()
}

#[test]
fn exit_codes_tell_what_happened() {
    assert_eq!(code(&["audit", &path("exemplary")]), 0, "ready");
    assert_eq!(code(&["audit", &path("medspa-platform")]), 1, "not ready");
    assert_eq!(code(&["audit", "/does/not/exist"]), 2, "missing target");
    assert_eq!(code(&["audit", "--no-such-flag"]), 2, "wrong flag");
    let empty = tempfile::tempdir().expect("a folder");
    assert_eq!(
        code(&["audit", empty.path().to_str().expect("UTF-8")]),
        3,
        "nothing to audit"
    );
}

#[test]
fn no_format_changes_the_exit_code() {
    for format in [
        "terminal", "wide", "json", "yaml", "sarif", "markdown", "html", "junit", "github",
        "gitlab",
    ] {
        assert_eq!(
            code(&["audit", "-f", format, &path("medspa-platform")]),
            1,
            "{format}"
        );
        assert_eq!(
            code(&["audit", "-f", format, &path("exemplary")]),
            0,
            "{format}"
        );
    }
}

#[test]
fn gates_decide_and_are_named() {
    let output = preop(["audit", "--min-score", "100", &path("bed-management")]);
    assert_eq!(output.status.code(), Some(1));
    let output = preop([
        "audit",
        "--fail-on",
        "info",
        "-f",
        "json",
        &path("exemplary"),
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn mistakes_name_the_thing_and_the_next_step() {
    for (arguments, words) in [
        (
            vec!["audit", "/does/not/exist"],
            vec!["`/does/not/exist` does not exist", "help:"],
        ),
        (vec!["audit", "-f", "pdf"], vec!["pdf", "terminal"]),
        (
            vec!["audit", "--rule", "compose-obsolete-versoin"],
            vec![
                "there is no rule",
                "did you mean `compose-obsolete-version`?",
            ],
        ),
        (
            vec!["audit", "--profile", "standrad"],
            vec!["there is no profile", "did you mean `standard`?"],
        ),
        (
            vec!["explain", "obsolete-version"],
            vec![
                "there is no rule `obsolete-version`",
                "compose-obsolete-version",
            ],
        ),
        (
            vec!["rules", "test", "/no/such/rules"],
            vec!["/no/such/rules", "help:"],
        ),
        (
            vec!["audit", "--fail-on", "grave"],
            vec!["grave", "critical"],
        ),
        (vec!["audit", "--as-of", "tomorrow"], vec!["YYYY-MM-DD"]),
    ] {
        let output = preop(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = stderr(&output);
        for word in words {
            assert!(
                said.contains(word),
                "{arguments:?} should say {word:?}:\n{said}"
            );
        }
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let mut child = command(["audit", "-f", "json", &path("medspa-platform")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut out = child.stdout.take().expect("a pipe");
    let mut first = [0; 16];
    out.read_exact(&mut first).expect("some output");
    drop(out);
    let output = child.wait_with_output().expect("it ends");
    assert_ne!(output.status.code(), Some(101), "a panic");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_full_disk_is_said() {
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else {
        eprintln!("skipped: this system has no /dev/full");
        return;
    };
    let output = command(["audit", &path("bare")])
        .stdout(full)
        .output()
        .expect("it ends");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn reports_go_to_files_and_an_old_file_survives_a_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.sarif");
    let report = format!("sarif={}", file.display());
    assert_eq!(code(&["audit", "--report", &report, &path("exemplary")]), 0);
    let text = std::fs::read_to_string(&file).expect("the report is there");
    assert!(text.contains("\"2.1.0\""));
    let nowhere = format!("sarif={}/no/such/folder/x.sarif", folder.path().display());
    assert_eq!(
        code(&["audit", "--report", &nowhere, &path("exemplary")]),
        2
    );
}

#[test]
fn an_isolated_audit_trusts_nothing_of_the_target() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::write(
        at("compose.yaml"),
        "version: '3'\nservices: {db: {image: 'postgres:16', ports: ['5432:5432']}}\n",
    )
    .expect("file");
    let config = "apiVersion: preop.dev/v1\nkind: Config\nspec:\n  exclude: [compose.yaml]\n";
    std::fs::write(at("preop.yaml"), config).expect("file");
    let root = folder.path().to_str().expect("UTF-8");
    let trusting = stdout(&preop(["audit", "-f", "json", root]));
    assert!(
        !trusting.contains("\"rule\": \"compose-datastore-port-exposed\",\n      \"severity\""),
        "excluded"
    );
    assert!(
        trusting.contains("paths `compose.yaml` are not audited"),
        "{trusting}"
    );
    let isolated = stdout(&preop(["audit", "--isolated", "-f", "wide", root]));
    assert!(
        isolated.contains("compose-datastore-port-exposed"),
        "{isolated}"
    );
}

#[test]
fn a_comment_accepts_a_finding_and_the_report_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "services:\n  db:\n    image: postgres:16\n    ports:\n      - '5432:5432'  # preop:ignore[compose-datastore-port-exposed] the host has no other network\n";
    std::fs::write(folder.path().join("compose.yaml"), text).expect("file");
    let root = folder.path().to_str().expect("UTF-8");
    let report = stdout(&preop([
        "audit",
        "-f",
        "json",
        "--rule",
        "compose-datastore-port-exposed",
        root,
    ]));
    let json: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(json["findings"][0]["status"], "waived", "{report}");
}

#[test]
fn output_that_is_not_for_a_terminal_has_no_colour() {
    let plain = preop(["audit", &path("bed-management")]);
    assert!(!stdout(&plain).contains('\u{1b}'));
    let output = command(["audit", "--color", "always", &path("bed-management")])
        .output()
        .expect("it ends");
    assert!(stdout(&output).contains('\u{1b}'));
    let output = command(["audit", &path("bed-management")])
        .env("FORCE_COLOR", "1")
        .env("NO_COLOR", "1")
        .output()
        .expect("it ends");
    assert!(!stdout(&output).contains('\u{1b}'), "NO_COLOR wins");
}

#[test]
fn a_new_rule_is_a_rule_that_works() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().to_str().expect("UTF-8");
    let made = preop(["rules", "new", "pager-number-in-code", "--to", to]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let file = folder.path().join("pager-number-in-code.yaml");
    let tested = preop(["rules", "test", file.to_str().expect("UTF-8")]);
    assert_eq!(
        tested.status.code(),
        Some(0),
        "{}{}",
        stdout(&tested),
        stderr(&tested)
    );
    let again = preop(["rules", "new", "pager-number-in-code", "--to", to]);
    assert_eq!(
        again.status.code(),
        Some(2),
        "an existing rule is never overwritten"
    );
}

#[test]
fn rules_of_a_folder_run_beside_the_library() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().to_str().expect("UTF-8");
    preop(["rules", "new", "left-over-word", "--to", to]);
    let target = tempfile::tempdir().expect("a folder");
    std::fs::write(
        target.path().join("app.py"),
        "replace-me-with-what-is-wrong\n",
    )
    .expect("file");
    let output = preop([
        "audit",
        "--rules",
        to,
        "-f",
        "wide",
        target.path().to_str().expect("UTF-8"),
    ]);
    assert!(
        stdout(&output).contains("left-over-word"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_schema_is_json() {
    for kind in ["rule", "fact", "profile"] {
        let output = preop(["rules", "schema", "--kind", kind]);
        let schema: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        assert!(schema["properties"]["spec"].is_object(), "{kind}");
    }
}

#[test]
fn the_help_of_every_command_is_reviewed() {
    let mut text = String::new();
    for arguments in [
        vec!["--help"],
        vec!["audit", "--help"],
        vec!["explain", "--help"],
        vec!["facts", "--help"],
        vec!["rules", "--help"],
        vec!["rules", "test", "--help"],
    ] {
        let output = preop(&arguments);
        assert_eq!(output.status.code(), Some(0));
        text.push_str(&format!(
            "$ preop {}\n{}\n",
            arguments.join(" "),
            stdout(&output)
        ));
    }
    stored("tests/suite/snapshots/help.txt", &text);
}

#[test]
fn facts_show_services_and_routes() {
    let output = preop(["facts", &path("monorepo")]);
    let shown = stdout(&output);
    assert!(shown.contains("service "), "{shown}");
    assert!(shown.contains("route "), "{shown}");
    assert!(project("rules").is_dir());
}
