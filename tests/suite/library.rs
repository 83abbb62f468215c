//! The rule files themselves: names, folders, prose, order.

use crate::world::{RULES, project, read};
use preop::manifest::{self, Source};
use preop::model::MatcherId;
use preop::rule::need::Clue;
use preop::rule::search::Search;
use preop::rule::{self, Matcher};
use std::collections::BTreeSet;

/// Categories of the catalogue; a folder outside them is a mistake.
const CATEGORIES: [&str; 19] = [
    "api",
    "cicd",
    "compose",
    "concurrency",
    "configuration",
    "containers",
    "data",
    "frontend",
    "healthcare",
    "integrity",
    "kubernetes",
    "lifecycle",
    "messaging",
    "observability",
    "operations",
    "platforms",
    "reliability",
    "secrets",
    "testing",
];

#[test]
fn every_manifest_is_in_order() {
    assert!(RULES.rules.len() >= 45, "{} rules", RULES.rules.len());
}

#[test]
fn folders_are_categories_and_hold_nothing_else() {
    for entry in walkdir::WalkDir::new(project("rules")) {
        let entry = entry.expect("rules can be walked");
        if entry.file_type().is_dir() {
            continue;
        }
        let path = entry.path();
        let known = path.extension().is_some_and(|ext| ext == "yaml")
            || path == project("rules/README.md")
            || path.starts_with(project("rules/schema"));
        assert!(known, "{} is no manifest", path.display());
    }
    for source in rule::embedded() {
        if manifest::kind(&source).expect("a kind") == "Rule" {
            let loaded: rule::spec::RuleManifest = manifest::load(&source).expect("a rule");
            assert_eq!(loaded.metadata.category, source.folder(), "{}", source.path);
            assert!(CATEGORIES.contains(&source.folder()), "{}", source.path);
        }
    }
}

#[test]
fn prose_is_written_as_prose() {
    let mut wrong = Vec::new();
    for rule in &RULES.rules {
        let card = &rule.card;
        let mut expect = |held: bool, what: &str| {
            if !held {
                wrong.push(format!("{}: {what}", card.name));
            }
        };
        expect(
            card.title.split_whitespace().count() <= 8,
            "the title has more than eight words",
        );
        expect(
            !card.title.ends_with('.'),
            "the title ends with a full stop",
        );
        expect(
            !rule.message.ends_with('.'),
            "the message ends with a full stop",
        );
        expect(
            !rule.message.contains('\n'),
            "the message has more than one line",
        );
        expect(
            card.rationale.ends_with('.'),
            "the rationale does not end with a full stop",
        );
        expect(
            card.remediation.ends_with(['.', '`']),
            "the remediation does not end with a full stop",
        );
        expect(
            !card.name.starts_with("no-") && !card.name.starts_with("check-"),
            "the name states a remedy",
        );
        expect(
            card.references
                .iter()
                .all(|url| url.starts_with("https://")),
            "a reference is not https",
        );
        expect(
            card.positive != card.title,
            "`positive` is missing: the title states a defect",
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_tidy() {
    let mut wrong = Vec::new();
    for source in rule::embedded() {
        for (number, line) in source.text.lines().enumerate() {
            // Examples keep what the language under audit needs, such as the tabs of Go.
            let example = line.starts_with("          ");
            if line.trim_end() != line || (!example && line.contains('\t')) {
                wrong.push(format!(
                    "{}:{}: trailing blank or tab",
                    source.path,
                    number + 1
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unknown_keys_are_refused_with_a_suggestion() {
    let text = read(&project("rules/compose/compose-obsolete-version.yaml"))
        .replace("  severity:", "  severty:");
    let source = Source::new("rules/compose/compose-obsolete-version.yaml", text);
    let problems = rule::load(&[source], true)
        .err()
        .expect("a misspelt key is an error");
    let shown = problems.render(100, false);
    assert!(shown.contains("unknown key `severty`"), "{shown}");
    assert!(shown.contains("did you mean `severity`?"), "{shown}");
    assert!(
        shown.contains("compose-obsolete-version.yaml:10"),
        "{shown}"
    );
}

#[test]
fn all_problems_of_all_files_are_shown_at_once() {
    let good = read(&project("rules/compose/compose-obsolete-version.yaml"));
    let one = Source::new(
        "x/compose-obsolete-version.yaml",
        good.replace("effort: 2m", "effort: soon"),
    );
    let two = Source::new("x/other-name.yaml", good);
    let problems = rule::load(&[one, two], true).err().expect("both are wrong");
    let files: BTreeSet<&str> = problems.0.iter().map(manifest::Problem::path).collect();
    assert_eq!(files.len(), 2, "{problems}");
}

/// Words that stand in nearly every file of some language: needing no others spares no parse.
const COMMON: [&str; 16] = [
    "import", "const", "return", "class", "function", "export", "public", "async", "await", "self",
    "this", "get", "name", "from", "string", "def",
];

#[test]
fn no_matcher_makes_every_file_be_parsed() {
    let mut broad = BTreeSet::new();
    let mut check = |name: &str, id: MatcherId| {
        let Some(Matcher::Code(code)) = RULES.matcher(id) else {
            return;
        };
        // A regex of its own keeps the matcher from most files.
        let matches =
            |regex: &str, text: &str| Search::new(regex, false).matches_any(text.as_bytes());
        if code.contains().is_some_and(|regex| !matches(regex, "")) {
            return;
        }
        for (language, need) in code.needs(&code.languages().collect()) {
            let plain = COMMON.join(" ");
            let stands = |clue: &Clue| match clue {
                Clue::Literal(literal) => COMMON.contains(&literal.text.as_str()),
                Clue::Regex(regex) => matches(regex, &plain),
            };
            if need.holds(&stands) {
                broad.insert(format!("{name} in {}", language.as_str()));
            }
        }
    };
    for rule in &RULES.rules {
        let unless = rule.unless.iter().flat_map(|unless| &unless.sources);
        for source in rule.sources.iter().chain(unless) {
            if let rule::Source::Scan(id) = source {
                check(&rule.card.name, *id);
            }
        }
    }
    for fact in &RULES.facts {
        for id in &fact.sources {
            check(&fact.name, *id);
        }
    }
    assert!(broad.is_empty(), "{broad:#?}");
}

#[test]
fn messages_name_what_hits_know() {
    for rule in &RULES.rules {
        let opens = rule.message.matches('{').count();
        let closes = rule.message.matches('}').count();
        assert_eq!(opens, closes, "{}: {}", rule.card.name, rule.message);
    }
}
