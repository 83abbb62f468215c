//! Same repository, rules and version: same bytes, for any thread count and any root path.

use crate::world::{RULES, fixture, report};
use preop::model::{Finding, Report};
use preop::render::{Format, Style, render};
use preop::rule::{self, RuleSet};
use preop::source::Disk;
use preop::{Plan, audit};
use std::collections::BTreeSet;
use std::path::Path;

fn json(path: &Path, threads: usize) -> String {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(16 << 20)
        .build()
        .expect("a pool");
    pool.install(|| {
        let disk = Disk::new(path).expect("the folder is there");
        let report = audit(&disk, &RULES, &Plan::default()).expect("an audit");
        let mut out = Vec::new();
        let style = Style {
            colour: false,
            width: 100,
            ..Style::default()
        };
        render(&report, Format::Json, &style, &mut out).expect("memory takes all");
        String::from_utf8(out).expect("JSON is UTF-8")
    })
}

#[test]
fn thread_counts_do_not_matter() {
    for name in ["bed-management", "monorepo"] {
        let one = json(&fixture(name), 1);
        assert!(
            one == json(&fixture(name), 2),
            "{name}: two threads differ from one"
        );
        assert!(
            one == json(&fixture(name), 8),
            "{name}: eight threads differ from one"
        );
    }
}

#[test]
fn the_root_path_and_the_order_of_creation_do_not_matter() {
    let original = fixture("monorepo");
    let folder = tempfile::tempdir().expect("a folder");
    let copies = ["a/monorepo", "b/deeper/monorepo"].map(|name| folder.path().join(name));
    for (index, copy) in copies.iter().enumerate() {
        let mut files: Vec<_> = walkdir::WalkDir::new(&original)
            .into_iter()
            .map(|entry| entry.expect("the fixture can be walked").into_path())
            .filter(|path| path.is_file())
            .collect();
        files.sort();
        if index == 1 {
            files.reverse();
        }
        for file in files {
            let to = copy.join(file.strip_prefix(&original).expect("below"));
            std::fs::create_dir_all(to.parent().expect("a folder")).expect("folder");
            std::fs::copy(&file, &to).expect("copy");
        }
    }
    let [one, other] = copies.map(|copy| json(&copy, 2));
    assert!(
        one == other,
        "the same tree at two places gives two reports"
    );
}

#[test]
fn a_category_alone_says_what_the_whole_library_says_of_it() {
    let categories: BTreeSet<String> = RULES
        .rules
        .iter()
        .map(|rule| rule.card.category.clone())
        .collect();
    assert!(categories.len() > 10);
    let said = |report: &Report, category: &str| -> BTreeSet<String> {
        let of_category = |finding: &&Finding| {
            let rule = RULES.rule(&finding.rule);
            rule.is_some_and(|rule| rule.card.category == category)
        };
        report
            .findings()
            .into_iter()
            .filter(of_category)
            .map(|it| {
                format!(
                    "{} {} {:?} {}",
                    it.rule, it.location, it.severity, it.message
                )
            })
            .collect()
    };
    let narrowed: Vec<(&String, RuleSet)> = categories
        .iter()
        .map(|category| {
            let only = rule::library(std::slice::from_ref(category));
            (category, only.expect("the library"))
        })
        .collect();
    for system in ["ehr-viewer", "medspa-platform"] {
        let whole = report(&fixture(system));
        for (category, rules) in &narrowed {
            let plan = Plan {
                inventory: false,
                ..Plan::default()
            };
            let disk = Disk::new(&fixture(system)).expect("the folder is there");
            let alone = audit(&disk, rules, &plan).expect("the folder can be audited");
            assert_eq!(
                said(&alone, category),
                said(&whole, category),
                "{category} in {system}"
            );
        }
    }
}
