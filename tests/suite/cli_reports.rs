//! Stored reports, baselines, waivers, attestations and profiles, as a user meets them.

use crate::world::{fixture, preop, stderr, stdout};
use serde_json::Value;
use std::path::Path;

fn path(name: &str) -> String {
    fixture(name).to_str().expect("UTF-8").to_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A small repository with a data store that everybody can reach.
fn clinic() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let compose = "services:\n  db:\n    image: postgres:16\n    ports:\n      - '5432:5432'\n";
    std::fs::write(folder.path().join("compose.yaml"), compose).expect("file");
    folder
}

fn audited(folder: &Path, more: &[&str]) -> (Option<i32>, Value) {
    let mut arguments = vec!["audit", "-f", "json", text(folder)];
    arguments.extend(more);
    let output = preop(&arguments);
    let json = serde_json::from_str(&stdout(&output))
        .unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
    (output.status.code(), json)
}

#[test]
fn a_stored_report_renders_to_the_bytes_of_the_audit() {
    let folder = tempfile::tempdir().expect("a folder");
    let stored = folder.path().join("report.json");
    let report = format!("json={}", stored.display());
    preop(["audit", "--report", &report, &path("simulation-chat")]);
    for format in preop::render::Format::ALL {
        let audit = preop(["audit", "-f", format.as_str(), &path("simulation-chat")]);
        let render = preop(["render", text(&stored), "-f", format.as_str()]);
        assert_eq!(render.status.code(), Some(0), "{}", stderr(&render));
        assert_eq!(stdout(&audit), stdout(&render), "{}", format.as_str());
    }
    let file = folder.path().join("page.html");
    let page = format!("html={}", file.display());
    assert_eq!(
        preop(["render", text(&stored), "--report", &page])
            .status
            .code(),
        Some(0)
    );
    assert!(
        std::fs::read_to_string(file)
            .expect("page")
            .starts_with("<!DOCTYPE html>")
    );
}

#[test]
fn a_comparison_exits_1_only_when_something_got_worse() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(format!("{name}.json"));
    for name in ["exemplary", "bare"] {
        let report = format!("json={}", file(name).display());
        preop(["audit", "--report", &report, &path(name)]);
    }
    let diff =
        |old: &str, new: &str| preop(["diff", "-f", "json", text(&file(old)), text(&file(new))]);
    assert_eq!(diff("bare", "bare").status.code(), Some(0));
    let worse = diff("exemplary", "bare");
    let json: Value = serde_json::from_str(&stdout(&worse)).expect("JSON");
    assert_eq!(json["kind"], "ReadinessDiff");
    assert_eq!(worse.status.code(), Some(i32::from(json["worse"] == true)));
    let missing = preop(["diff", "/no/such.json", text(&file("bare"))]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("help:"));
    assert_eq!(preop(["diff", "-", "-"]).status.code(), Some(2));
}

#[test]
fn a_baseline_lets_known_findings_pass_and_no_new_ones() {
    let folder = clinic();
    let baseline = folder.path().join("known.yaml");
    let written = preop([
        "baseline",
        "write",
        "--file",
        text(&baseline),
        text(folder.path()),
    ]);
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    let gate = ["--baseline", text(&baseline), "--fail-on-new"];
    let (code, json) = audited(folder.path(), &gate);
    assert_eq!(code, Some(0), "{json}");
    assert_eq!(json["findings"][0]["status"], "known");
    std::fs::write(
        folder.path().join("docker-compose.override.yml"),
        "services:\n  cache:\n    image: redis:7\n    ports: ['6379:6379']\n",
    )
    .expect("file");
    let (code, _) = audited(folder.path(), &gate);
    assert_eq!(code, Some(1), "a new finding fails the gate");
    std::fs::write(folder.path().join("compose.yaml"), "services: {}\n").expect("file");
    let pruned = preop([
        "baseline",
        "prune",
        "--file",
        text(&baseline),
        text(folder.path()),
    ]);
    assert!(
        stdout(&pruned).starts_with("dropped "),
        "{}",
        stderr(&pruned)
    );
    assert!(
        !stdout(&pruned).starts_with("dropped 0,"),
        "{}",
        stdout(&pruned)
    );
    assert_eq!(
        preop(["audit", "--fail-on-new", text(folder.path())])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn a_waiver_is_written_into_a_configuration_that_keeps_its_comments() {
    let folder = clinic();
    let config = folder.path().join("preop.yaml");
    assert_eq!(preop(["init", text(folder.path())]).status.code(), Some(0));
    assert_eq!(
        preop(["init", text(folder.path())]).status.code(),
        Some(2),
        "never overwritten"
    );
    let root = text(folder.path());
    let waive = |at: &str, reason: &str| {
        preop([
            "waive",
            "compose-datastore-port-exposed",
            "--in",
            root,
            "--at",
            at,
            "--reason",
            reason,
        ])
    };
    let wrong = waive("compose.yaml:1", "the host has no other network");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("at line 5"), "{}", stderr(&wrong));
    assert_eq!(waive("compose.yaml:5", "short").status.code(), Some(2));
    let done = waive(
        "compose.yaml:5",
        "the host has no \"other\" network: # none",
    );
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    let text = std::fs::read_to_string(&config).expect("file");
    assert!(text.contains("# A named choice of rules"), "comments stay");
    let (_, json) = audited(folder.path(), &[]);
    let own = json["findings"].as_array().expect("findings").iter();
    let mut own = own.filter(|f| f["rule"] == "compose-datastore-port-exposed");
    assert!(own.all(|finding| finding["status"] == "waived"), "{json}");
}

#[test]
fn a_waiver_makes_a_configuration_where_there_is_none() {
    let folder = clinic();
    let root = text(folder.path());
    let done = preop([
        "waive",
        "compose-datastore-port-exposed",
        "--in",
        root,
        "--reason",
        "the host has no other network",
    ]);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(folder.path().join("preop.yaml").exists());
    std::fs::write(
        folder.path().join("preop.yaml"),
        "{apiVersion: preop.dev/v1, kind: Config, spec: {}}\n",
    )
    .expect("file");
    let refused = preop([
        "waive",
        "compose-datastore-port-exposed",
        "--in",
        root,
        "--reason",
        "the host has no other network",
    ]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("add this below `spec.waivers`"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn attestations_change_the_words_and_never_the_score() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("notes.py"), "x = 1\n").expect("file");
    let (_, before) = audited(folder.path(), &["--as-of", "2026-11-22"]);
    let config = "apiVersion: preop.dev/v1\nkind: Config\nspec:\n  attestations:\n    - {id: cdn, by: J. Roe, date: 2026-10-01, evidence: OPS-9, expires: 2026-12-31}\n    - {id: pentest, by: J. Roe, date: 2025-10-01, evidence: OPS-2, expires: 2026-10-01}\n";
    std::fs::write(folder.path().join("preop.yaml"), config).expect("file");
    let (_, after) = audited(folder.path(), &["--as-of", "2026-11-22"]);
    for field in ["verdict", "score", "scoreRaw", "coverage", "gates"] {
        assert_eq!(before["status"][field], after["status"][field], "{field}");
    }
    let state = |report: &Value, id: &str| {
        let list = report["checklist"].as_array().expect("checklist").clone();
        let own = list
            .into_iter()
            .find(|item| item["attestation"]["id"] == id);
        own.expect("the item")["state"].clone()
    };
    assert_eq!(state(&before, "cdn"), "manual");
    assert_eq!(state(&after, "cdn"), "attested");
    assert_eq!(state(&after, "pentest"), "manual", "expired is open");
    assert!(
        after["loosenings"]
            .to_string()
            .contains("`pentest` expired on 2026-10-01")
    );
}

#[test]
fn what_people_state_is_no_evidence_for_any_rule() {
    let folder = tempfile::tempdir().expect("a folder");
    let fixture = fixture("bed-management");
    for entry in walkdir::WalkDir::new(&fixture) {
        let entry = entry.expect("the fixture can be walked");
        let to = folder
            .path()
            .join(entry.path().strip_prefix(&fixture).expect("below"));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(to).expect("a folder");
        } else {
            std::fs::copy(entry.path(), to).expect("a file");
        }
    }
    let (_, before) = audited(folder.path(), &["--as-of", "2026-11-22"]);
    let mut config = "apiVersion: preop.dev/v1\nkind: Config\nspec:\n  attestations:\n".to_owned();
    for item in preop::waive::attestation_items() {
        config.push_str(&format!(
            "    - {{id: {}, by: J. Roe, date: 2026-10-01, evidence: \"{}\"}}\n",
            item.id,
            item.sentence.replace('"', "'")
        ));
    }
    std::fs::write(folder.path().join("preop.yaml"), config).expect("file");
    for flags in [&["--as-of", "2026-11-22"][..], &["--isolated"]] {
        let (_, after) = audited(folder.path(), flags);
        let found = |report: &Value| -> Vec<(String, String)> {
            let list = report["findings"].as_array().expect("findings").iter();
            list.map(|f| (f["rule"].to_string(), f["fingerprint"].to_string()))
                .collect()
        };
        assert_eq!(found(&before), found(&after), "{flags:?}");
        for field in ["verdict", "score", "scoreRaw", "coverage", "gates"] {
            assert_eq!(before["status"][field], after["status"][field], "{field}");
        }
    }
}

#[test]
fn ready_is_subject_to_open_attestations() {
    let (_, json) = audited(Path::new(&path("exemplary")), &[]);
    let message = json["status"]["conditions"][0]["message"]
        .as_str()
        .expect("text");
    assert!(
        message.contains("subject to") && message.ends_with("open attestations"),
        "{message}"
    );
}

#[test]
fn profiles_choose_rules_that_exist() {
    let count = |profile: &str| {
        let output = preop(["rules", "list", "--json", "--profile", profile]);
        let list: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        list.as_array().expect("a list").len()
    };
    let all = count("standard");
    assert_eq!(count("strict"), all);
    for profile in ["baseline", "hipaa", "prototype"] {
        let some = count(profile);
        assert!(some > 20 && some < all, "{profile} runs {some} of {all}");
    }
    let rules = &crate::world::RULES;
    for profile in &rules.profiles {
        let spec = &profile.spec;
        let named = spec.select.rules.iter().chain(&spec.exclude.rules);
        for name in named.chain(spec.severity.keys()) {
            assert!(
                rules.rule(name).is_some(),
                "{} names `{name}`",
                profile.name
            );
        }
    }
    let listed = stdout(&preop(["rules", "list", "--profile", "prototype"]));
    assert!(listed.contains("profile `prototype`"), "{listed}");
}

#[test]
fn what_is_written_fits_its_schema() {
    let schema = |kind: &str| -> Value {
        let output = preop(["rules", "schema", "--kind", kind]);
        serde_json::from_str(&stdout(&output)).expect("JSON")
    };
    let (_, report) = audited(Path::new(&path("simulation-chat")), &[]);
    let form = schema("ReadinessReport");
    let problems: Vec<String> = jsonschema::validator_for(&form)
        .expect("a schema")
        .iter_errors(&report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{problems:?}");
    for kind in ["config", "baseline", "diff"] {
        assert!(schema(kind)["properties"].is_object(), "{kind}");
    }
}
