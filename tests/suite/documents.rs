//! What the documents show is run: every command of the README, every manifest of the rule guide,
//! every path that either names.

use crate::world::{command, project, read, stderr, stdout};
use preop::examples::{run_fact, run_rule};
use preop::manifest::Source;
use preop::rule;

/// Fenced blocks of a Markdown text, with the word after the fence.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut current: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut current, line.strip_prefix("```")) {
            (None, Some(language)) => current = Some((language.trim().to_owned(), String::new())),
            (Some(_), Some(_)) => out.extend(current.take()),
            (Some((_, body)), None) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {}
        }
    }
    out
}

#[test]
fn every_manifest_of_the_rule_guide_holds() {
    let guide = read(&project("rules/README.md"));
    let mut count = 0;
    for (_, body) in blocks(&guide) {
        if !body.starts_with("apiVersion") {
            continue;
        }
        count += 1;
        let name = body
            .lines()
            .find_map(|line| line.trim().strip_prefix("name: "))
            .map(|name| name.split_whitespace().next().unwrap_or(""))
            .expect("a manifest has a name");
        let mut manifests: Vec<Source> = rule::embedded()
            .into_iter()
            .filter(|source| source.stem() != name)
            .collect();
        let path = format!("guide/{name}.yaml");
        manifests.push(Source::new(path.as_str(), body.as_str()));
        let rules =
            rule::load(&manifests, true).unwrap_or_else(|p| panic!("{}", p.render(100, false)));
        for rule in rules.rules.iter().filter(|rule| *rule.path == *path) {
            for example in &rule.examples {
                let verdict = run_rule(&rules, rule, example);
                assert!(verdict.holds(), "{name}: {}: {verdict}", example.name.value);
            }
        }
        for fact in rules.facts.iter().filter(|fact| *fact.path == *path) {
            for example in &fact.examples {
                let verdict = run_fact(&rules, fact, example);
                assert!(verdict.holds(), "{name}: {}: {verdict}", example.name.value);
            }
        }
    }
    assert!(count >= 2, "the guide shows a rule and a fact");
}

/// Words of a shell line, those between double quotes as one.
fn quoted(words: &[&str]) -> Vec<String> {
    let line = words.join(" ");
    let mut out = Vec::new();
    for (index, part) in line.split('"').enumerate() {
        if index % 2 == 1 {
            out.push(part.to_owned());
        } else {
            out.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    out
}

#[test]
fn every_command_of_the_readme_runs() {
    let readme = read(&project("README.md"));
    let mut count = 0;
    // What one command writes, a later one reads.
    let folder = tempfile::tempdir().expect("a folder");
    for (language, body) in blocks(&readme) {
        if language != "sh" {
            continue;
        }
        for line in body.lines().map(str::trim) {
            let words: Vec<&str> = line
                .split('#')
                .next()
                .unwrap_or("")
                .split_whitespace()
                .collect();
            let arguments = match words.as_slice() {
                ["preop", rest @ ..] => rest.to_vec(),
                ["cargo", "run", "--release", "--", rest @ ..] => rest.to_vec(),
                ["cargo", "test" | "bench" | "install", ..] | ["git" | "cd", ..] | [] => continue,
                other => panic!("the README shows {other:?}, which no test runs"),
            };
            let arguments: Vec<String> = quoted(&arguments)
                .iter()
                .map(|word| word.replace("OUT/", &format!("{}/", folder.path().display())))
                .collect();
            let output = command(&arguments)
                .current_dir(project("."))
                .output()
                .expect("it ends");
            let code = output.status.code();
            assert!(
                matches!(code, Some(0 | 1)),
                "`{line}` ends with {code:?}\n{}{}",
                stdout(&output),
                stderr(&output)
            );
            count += 1;
        }
    }
    assert!(count >= 5, "the README shows {count} commands");
}

#[test]
fn every_path_that_the_documents_name_is_there() {
    for document in ["README.md", "rules/README.md"] {
        let text = read(&project(document));
        for part in text.split('`').skip(1).step_by(2) {
            let looks_like_ours = [
                "src/",
                "tests/",
                "fixtures/",
                "benches/",
                ".ci/",
                ".github/",
            ]
            .iter()
            .any(|folder| part.starts_with(folder));
            if looks_like_ours && !part.contains(['*', ' ', '<']) {
                let path = part.split(':').next().unwrap_or(part);
                assert!(project(path).exists(), "{document} names `{part}`");
            }
        }
    }
}
