//! `preop audit --history` on real repositories: what was deleted, merged, packed, cut off or
//! broken. The repositories are made with git, which the program itself never runs.

use crate::world::{command, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A repository in a temporary folder. `None` where there is no git to make one with.
struct Repository {
    _holder: TempDir,
    root: PathBuf,
    /// Commits made so far: every one is a day later than the one before.
    day: u32,
}

impl Repository {
    fn new() -> Option<Self> {
        let holder = tempfile::tempdir().expect("a folder");
        let root = holder.path().join("clinic");
        std::fs::create_dir(&root).expect("a folder");
        let out = Self {
            _holder: holder,
            root,
            day: 0,
        };
        Command::new("git").arg("--version").output().ok()?;
        out.git(&["init", "-q", "-b", "main", "."]);
        Some(out)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let date = format!("2024-03-{:02}T12:00:00Z", self.day + 1);
        Command::new("git")
            .current_dir(&self.root)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date)
            .args(["-c", "user.name=n", "-c", "user.email=n@clinic.test"])
            .args([
                "-c",
                "protocol.file.allow=always",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .output()
            .expect("git runs")
    }

    fn git(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "git {arguments:?}: {errors}");
    }

    /// The leading digits of what `name` stands for.
    fn short(&self, name: &str) -> String {
        let output = self.run(&["rev-parse", "--short=7", name]);
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Writes files (deletes those without text) and commits everything.
    fn commit(&mut self, files: &[(&str, Option<&str>)]) -> String {
        for (path, text) in files {
            let file = self.root.join(path);
            match text {
                Some(text) => {
                    std::fs::create_dir_all(file.parent().expect("a folder")).expect("folder");
                    std::fs::write(file, text).expect("file");
                }
                None => std::fs::remove_file(file).expect("it was there"),
            }
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "work"]);
        self.day += 1;
        self.short("HEAD")
    }

    fn loose(&self, name: &str) -> PathBuf {
        let output = self.run(&["rev-parse", name]);
        let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        self.root.join(".git/objects").join(&id[..2]).join(&id[2..])
    }
}

fn token() -> String {
    ["sk_live", "_", "51Hq8ZkLm3NpQrStUvWxYz72"].concat()
}

fn env() -> String {
    format!("STRIPE_SECRET_KEY={}\n", token())
}

/// A repository whose first commit has a token and whose second has none.
fn deleted() -> Option<(Repository, String)> {
    let mut repository = Repository::new()?;
    let first = repository.commit(&[(".env", Some(&env())), ("README.md", Some("clinic\n"))]);
    repository.commit(&[(".env", None)]);
    Some((repository, first))
}

fn audit(root: &Path) -> serde_json::Value {
    let output = command(["audit", "--history", "--category", "secrets", "-f", "json"])
        .arg(root)
        .output()
        .expect("it ends");
    assert!(
        matches!(output.status.code(), Some(0 | 1 | 3)),
        "{output:?}"
    );
    let text = stdout(&output);
    assert!(!text.contains(&token()[..12]), "the value is printed");
    serde_json::from_str(&text).expect("JSON")
}

/// `rule path message` of every finding.
fn findings(report: &serde_json::Value) -> Vec<String> {
    let all = report["findings"].as_array().expect("findings");
    let mut out: Vec<String> = all
        .iter()
        .map(|finding| {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or("?").to_owned();
            format!(
                "{} {}: {}",
                text(&finding["rule"]),
                text(&finding["location"]["path"]),
                text(&finding["message"])
            )
        })
        .collect();
    out.sort();
    out
}

/// Outcome and reason of the rule about the history.
fn outcome(report: &serde_json::Value) -> (String, String) {
    let results = report["results"].as_array().expect("results");
    let result = results
        .iter()
        .find(|result| result["rule"] == "secret-in-git-history")
        .expect("the rule is judged");
    let text = |key: &str| result[key].as_str().unwrap_or_default().to_owned();
    (text("outcome"), text("reason"))
}

fn told(path: &str, commit: &str, first: &str, last: &str) -> String {
    format!(
        "secret-in-git-history {path}@{commit}: a value that `secret-token-stripe` reports is gone \
         from `{path}`, but not from the git history: first in {first}, last in {last}"
    )
}

#[test]
fn a_deleted_secret_is_found_loose_and_packed() {
    let Some((repository, first)) = deleted() else {
        return;
    };
    let day = format!("{first} (2024-03-01)");
    let want = [told(".env", &first, &day, &day)];
    assert_eq!(findings(&audit(&repository.root)), want);
    repository.git(&["gc", "-q", "--prune=now"]);
    let packs = std::fs::read_dir(repository.root.join(".git/objects/pack")).expect("packs");
    assert!(packs.count() >= 2, "git packs");
    assert_eq!(findings(&audit(&repository.root)), want);
}

#[test]
fn first_and_last_commit_span_all_versions_of_the_file() {
    let Some(mut repository) = Repository::new() else {
        return;
    };
    let first = repository.commit(&[(".env", Some(&env()))]);
    repository.commit(&[(".env", Some(&format!("A=1\n{}", env())))]);
    let last = repository.commit(&[("README.md", Some("clinic\n"))]);
    repository.commit(&[(".env", Some("A=1\n"))]);
    let want = told(
        ".env",
        &first,
        &format!("{first} (2024-03-01)"),
        &format!("{last} (2024-03-03)"),
    );
    assert_eq!(findings(&audit(&repository.root)), [want]);
}

#[test]
fn branches_tags_and_merges_are_followed() {
    let Some(mut repository) = Repository::new() else {
        return;
    };
    repository.commit(&[("README.md", Some("clinic\n"))]);
    repository.git(&["checkout", "-q", "-b", "feature"]);
    let merged = repository.commit(&[("a.env", Some(&env()))]);
    repository.commit(&[("a.env", None)]);
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["merge", "-q", "--no-ff", "-m", "merge", "feature"]);
    repository.git(&["branch", "-q", "-D", "feature"]);
    let day = format!("{merged} (2024-03-02)");
    let want = told("a.env", &merged, &day, &day);
    assert_eq!(findings(&audit(&repository.root)), [want]);

    // A branch that nobody merged, kept by an annotated tag alone.
    let other = ["sk_live", "_", "82Kd4mQw9RtYp2LsXvBn6HjGc"].concat();
    repository.git(&["checkout", "-q", "--orphan", "other"]);
    repository.commit(&[("b.env", Some(&format!("STRIPE_SECRET_KEY={other}\n")))]);
    repository.git(&["tag", "-a", "-m", "t", "kept"]);
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["branch", "-q", "-D", "other"]);
    repository.git(&["pack-refs", "--all"]);
    assert_eq!(findings(&audit(&repository.root)).len(), 2);
}

#[test]
fn a_value_that_the_files_still_hold_is_reported_there() {
    let Some(mut repository) = Repository::new() else {
        return;
    };
    let first = repository.commit(&[("old/.env", Some(&env()))]);
    repository.commit(&[("old/.env", None), ("new/.env", Some(&env()))]);
    let report = audit(&repository.root);
    let all = findings(&report);
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(
        all[0].starts_with("secret-token-stripe new/.env:"),
        "{all:?}"
    );
    let notes = report["findings"][0]["notes"].to_string();
    let want = format!("in the git history since {first} (2024-03-01)");
    assert!(notes.contains(&want), "{notes}");
    assert_eq!(outcome(&report).0, "pass");
}

#[test]
fn every_value_that_one_file_held_is_a_finding() {
    let Some(mut repository) = Repository::new() else {
        return;
    };
    let password =
        |value: &str| format!("PORT=1\nDB_PASSWORD={value}\nMAIL_PASSWORD=ward-7-mail\n");
    let values = ["h0spital-one-1", "h0spital-two-2", "h0spital-three-3"];
    for value in values {
        repository.commit(&[("ops/prod.env", Some(&password(value)))]);
    }
    repository.git(&["mv", "ops/prod.env", "ops/live.env"]);
    let moved = repository.commit(&[("README.md", Some("clinic\n"))]);
    repository.commit(&[("ops/live.env", None)]);
    let all = findings(&audit(&repository.root));
    assert_eq!(all.len(), 4, "three passwords and what stayed: {all:?}");
    let until = all
        .iter()
        .filter(|finding| finding.contains(&format!("last in {moved}")));
    assert_eq!(until.count(), 2, "{all:?}");
}

#[test]
fn a_short_value_of_one_file_is_not_that_of_another() {
    let Some(mut repository) = Repository::new() else {
        return;
    };
    let fallback = |name: &str| format!("import os\nKEY = os.getenv(\"{name}\", \"ward7\")\n");
    repository.commit(&[
        (
            "auth/key.py",
            Some(&(fallback("JWT_SECRET") + &fallback("SIGNING_SECRET"))),
        ),
        ("mail/key.py", Some(&fallback("COOKIE_SECRET"))),
    ]);
    repository.commit(&[("auth/key.py", None)]);
    let all = findings(&audit(&repository.root));
    let gone = all
        .iter()
        .filter(|finding| finding.starts_with("secret-in-git-history auth/"));
    assert_eq!(gone.count(), 2, "one for each variable: {all:?}");
    assert_eq!(all.len(), 3, "and the one that the files hold: {all:?}");
}

#[test]
fn a_comment_beside_the_value_still_accepts_it() {
    let Some(mut repository) = Repository::new() else {
        return;
    };
    let line = format!("key = \"{}\"  # gitleaks:allow\n", token());
    repository.commit(&[("app/pay.py", Some(&line)), ("README.md", Some("clinic\n"))]);
    repository.commit(&[("app/pay.py", None)]);
    let report = audit(&repository.root);
    assert_eq!(report["findings"][0]["status"], "waived", "{report}");
}

#[test]
fn a_shallow_clone_is_no_pass() {
    let Some((repository, _)) = deleted() else {
        return;
    };
    let from = format!("file://{}", repository.root.display());
    repository.git(&["clone", "-q", "--depth", "1", &from, "../shallow"]);
    let report = audit(&repository.root.with_file_name("shallow"));
    let (outcome, reason) = outcome(&report);
    assert_eq!(outcome, "unknown");
    assert!(reason.contains("shallow clone"), "{reason}");
    let skipped = report["skipped"].to_string();
    assert!(skipped.contains("shallow clone"), "{skipped}");
}

#[test]
fn a_partial_clone_is_no_pass() {
    let Some((repository, _)) = deleted() else {
        return;
    };
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", repository.root.display());
    repository.git(&["clone", "-q", "--filter=blob:none", &from, "../partial"]);
    let (outcome, reason) = outcome(&audit(&repository.root.with_file_name("partial")));
    assert_eq!(
        (outcome.as_str(), reason.contains("in earlier commits")),
        ("unknown", true),
        "{reason}"
    );
}

#[test]
fn missing_and_broken_objects_are_said() {
    let Some((repository, first)) = deleted() else {
        return;
    };
    let blob = repository.loose(&format!("{first}:.env"));
    let tree = repository.loose(&format!("{first}^{{tree}}"));
    for (object, damage) in [(&blob, Some("nonsense")), (&blob, None), (&tree, None)] {
        std::fs::remove_file(object).expect("a loose object");
        if let Some(text) = damage {
            std::fs::write(object, text).expect("it can be written");
        }
        let report = audit(&repository.root);
        assert_eq!(outcome(&report).0, "unknown", "{object:?} {damage:?}");
        assert!(report["skipped"].to_string().contains(".git (history)"));
        if damage.is_none() {
            std::fs::write(object, "").expect("it can be written");
        }
    }
}

#[test]
fn nothing_outside_the_repository_is_followed() {
    let Some((repository, _)) = deleted() else {
        return;
    };
    let from = repository.root.to_str().expect("UTF-8").to_owned();
    repository.git(&["clone", "-q", "--shared", &from, "../borrower"]);
    let borrower = repository.root.with_file_name("borrower");
    let (state, reason) = outcome(&audit(&borrower));
    assert_eq!(
        (state.as_str(), reason.contains("borrowed")),
        ("unknown", true),
        "{reason}"
    );

    let objects = borrower.join(".git/objects");
    std::fs::remove_dir_all(&objects).expect("objects");
    std::os::unix::fs::symlink(repository.root.join(".git/objects"), &objects).expect("a link");
    let report = audit(&borrower);
    assert_eq!(outcome(&report).0, "unknown");
    assert!(findings(&report).is_empty());
}

#[test]
fn no_configuration_is_obeyed_and_no_fifo_waited_for() {
    let Some((repository, _)) = deleted() else {
        return;
    };
    let marker = repository.root.with_file_name("marker");
    let touch = format!("touch {}", marker.display());
    for key in ["core.fsmonitor", "core.sshCommand", "core.pager"] {
        repository.git(&["config", key, &touch]);
    }
    repository.git(&["config", "core.worktree", "/"]);
    assert_eq!(findings(&audit(&repository.root)).len(), 1);
    let fifo = repository.root.join(".git/objects/pack/pack-0.idx");
    let made = Command::new("mkfifo").arg(&fifo).status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(outcome(&audit(&repository.root)).0, "unknown");
    }
    assert!(!marker.exists(), "a program of the configuration ran");
}

#[test]
fn a_worktree_and_a_folder_without_git() {
    let Some((repository, _)) = deleted() else {
        return;
    };
    repository.git(&["worktree", "add", "-q", "../beside"]);
    let beside = repository.root.with_file_name("beside");
    assert_eq!(findings(&audit(&beside)).len(), 1);

    let plain = tempfile::tempdir().expect("a folder");
    std::fs::write(plain.path().join("a.py"), "x = 1\n").expect("a file");
    let (state, reason) = outcome(&audit(plain.path()));
    assert_eq!(
        (state.as_str(), reason.contains("no history")),
        ("unknown", true),
        "{reason}"
    );
}

#[test]
fn unasked_the_history_is_not_read_and_the_report_says_so() {
    let Some((repository, _)) = deleted() else {
        return;
    };
    let output = command(["audit", "--category", "secrets", "-f", "json"])
        .arg(&repository.root)
        .output()
        .expect("it ends");
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let (state, reason) = outcome(&report);
    assert_eq!(
        (state.as_str(), reason.contains("--history")),
        ("notApplicable", true)
    );
}
