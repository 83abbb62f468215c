//! `preop rules import`: a configuration of gitleaks becomes rules that lint, prove themselves
//! and find what they found there.

use crate::world::{fixture, preop, stderr, stdout};
use std::path::Path;

fn import(folder: &Path) -> (Vec<String>, String) {
    let file = fixture("gitleaks.toml");
    let rules = folder.join("rules");
    let paths = [
        file.to_str().expect("UTF-8"),
        rules.to_str().expect("UTF-8"),
    ];
    let output = preop(["rules", "import", paths[0], "--output", paths[1]]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).is_empty(), "{}", stdout(&output));
    let mut names: Vec<String> = std::fs::read_dir(&rules)
        .expect("rules")
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    names.sort();
    (names, stderr(&output))
}

#[test]
fn rules_are_carried_over_and_losses_are_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let (names, said) = import(folder.path());
    assert_eq!(
        names,
        [
            "gitleaks-acme-ehr-token.yaml",
            "gitleaks-acme-key-file.yaml",
            "gitleaks-acme-portal.yaml",
            "gitleaks-acme-second-group.yaml",
        ],
        "{said}"
    );
    for part in [
        "imported 4 of 6 rules",
        "`extend` is not followed",
        "commits are not excused",
        "look at the line",
        "gitleaks-look-around: left out: look-around",
        "gitleaks-without-words: left out:",
    ] {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
}

#[test]
fn imported_rules_lint_prove_themselves_and_find() {
    let folder = tempfile::tempdir().expect("a folder");
    import(folder.path());
    let rules = folder.path().join("rules");
    let rules = rules.to_str().expect("UTF-8");
    for task in ["lint", "test"] {
        let output = preop(["rules", task, rules]);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}{}",
            stdout(&output),
            stderr(&output)
        );
    }
    let target = tempfile::tempdir().expect("a folder");
    let token = ["acme", "_", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"].concat();
    let id = ["QX7M", "2RT9", "KD4W", "8ZPL"].concat();
    for (path, text) in [
        ("src/a.py", format!("TOKEN = '{token}'\n")),
        ("vendor/b.py", format!("TOKEN = '{token}'\n")),
        ("app.conf", format!("acme-user={id}\n")),
        ("app.txt", format!("acme-user={id}\n")),
        ("deploy/clinic.ACMEKEY", "0\n".to_owned()),
    ] {
        let file = target.path().join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("folder");
        std::fs::write(file, text).expect("file");
    }
    let root = target.path().to_str().expect("UTF-8");
    let output = preop(["audit", "--rules", rules, "-f", "json", root]);
    let text = stdout(&output);
    assert!(
        !text.contains(&token[..20]) && !text.contains(&id),
        "a value is printed"
    );
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut found: Vec<String> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| {
            finding["rule"]
                .as_str()
                .is_some_and(|rule| rule.starts_with("gitleaks-"))
        })
        .map(|finding| {
            format!(
                "{} {}",
                finding["rule"].as_str().unwrap_or("?"),
                finding["location"]["path"].as_str().unwrap_or("?")
            )
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "gitleaks-acme-ehr-token src/a.py",
            "gitleaks-acme-key-file deploy/clinic.ACMEKEY",
            "gitleaks-acme-second-group app.conf",
        ]
    );
}

#[test]
fn without_a_folder_the_rules_go_to_standard_output() {
    let file = fixture("gitleaks.toml");
    let output = preop(["rules", "import", file.to_str().expect("UTF-8")]);
    assert_eq!(stdout(&output).matches("kind: Rule").count(), 4);
}

#[test]
fn what_is_no_configuration_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x.toml");
    for text in ["rules = 3\n", "title = 'no rules'\n", "not toml"] {
        std::fs::write(&file, text).expect("a file");
        let output = preop(["rules", "import", file.to_str().expect("UTF-8")]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(stderr(&output).contains("help:"), "{}", stderr(&output));
    }
}
