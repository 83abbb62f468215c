//! The formats that programs read: their schemas, their limits, and what they must hold.

use super::sample::{HOSTILE, at, clean_report, empty_report, sample_report};
use super::{json, list, rendered};
use preop::render::Format;
use serde_json::Value;

#[test]
fn json_says_everything_and_nothing_twice() {
    let report = sample_report();
    let document = json(&report, Format::Json);
    let schema = schemars::schema_for!(preop::render::json::v1::ReadinessReport);
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    if let Err(error) = validator.validate(&document) {
        panic!("{error}");
    }
    assert_eq!(list(&document["findings"]).len(), report.findings().len());
    assert!(
        list(&document["results"])
            .iter()
            .all(|result| result.get("findings").is_none())
    );
    assert_eq!(
        document["findings"][0]["location"]["path"],
        "backend/app/routes.py"
    );
    let hostile = list(&document["findings"])
        .iter()
        .find(|finding| finding["message"].as_str().unwrap().contains(HOSTILE));
    assert!(hostile.is_some(), "text comes back as it was");
    let known: preop::render::json::v1::ReadinessReport = serde_json::from_value(document).unwrap();
    assert_eq!(known.kind, "ReadinessReport");
}

#[test]
fn yaml_is_the_same_document() {
    let report = sample_report();
    let yaml: Value = serde_yaml::from_str(&rendered(&report, Format::Yaml)).unwrap();
    assert_eq!(yaml, json(&report, Format::Json));
}

#[test]
fn sarif_is_valid_and_accepted_by_github() {
    // One pattern of the published schema has a bracket too many, and is no regular expression.
    let published = include_str!("../schema/sarif-schema-2.1.0.json");
    let schema: Value = serde_json::from_str(&published.replace("{2}]?$", "{2}$")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in [sample_report(), empty_report(), clean_report()] {
        let document = json(&report, Format::Sarif);
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
        let run = &document["runs"][0];
        let rules = list(&run["tool"]["driver"]["rules"]);
        for result in list(&run["results"]) {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
            assert!(!result["message"]["text"].as_str().unwrap().is_empty());
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(
                uri.bytes().all(|byte| byte.is_ascii_graphic()) && !uri.starts_with('.'),
                "{uri}"
            );
            let region = &place["region"];
            assert_eq!(region["startLine"], region["endLine"]);
            assert!(region["endColumn"].as_u64() > region["startColumn"].as_u64());
        }
        for rule in rules {
            assert!(list(&rule["properties"]["tags"]).len() <= 10);
            for text in ["shortDescription", "fullDescription", "help"] {
                assert!(!rule[text]["text"].as_str().unwrap().is_empty());
            }
        }
    }
}

#[test]
fn sarif_points_at_the_line_of_a_planted_marker() {
    let text = "a: 1\nb: 2\nneedle: here\nc: 3\n";
    let line = text
        .lines()
        .position(|line| line.contains("needle"))
        .unwrap()
        + 1;
    let mut report = sample_report();
    let finding = &mut report.results[1].findings[0];
    finding.location = at("marker.yaml", u32::try_from(line).unwrap(), 1, 3, 7);
    let document = json(&report, Format::Sarif);
    let result = list(&document["runs"][0]["results"])
        .iter()
        .map(|result| &result["locations"][0]["physicalLocation"])
        .find(|place| place["artifactLocation"]["uri"] == "marker.yaml");
    assert_eq!(result.unwrap()["region"]["startLine"], 3);
}

#[test]
fn github_annotates_the_worst_and_no_more_than_it_keeps() {
    let mut report = sample_report();
    let many = report.results[8].findings.clone();
    report.results[8].findings = many.iter().cycle().take(40).cloned().collect();
    let text = rendered(&report, Format::Github);
    assert_eq!(text.matches("\n::error ").count() + 1, 10);
    assert_eq!(text.matches("::notice ").count(), 1);
    let columns = text.lines().filter(|line| line.contains("col="));
    for line in columns {
        let value = |name: &str| {
            line.split_once(name)
                .unwrap()
                .1
                .split([',', ':'])
                .next()
                .unwrap()
                .to_owned()
        };
        assert_eq!(value("line="), value("endLine="));
    }
}

#[test]
fn gitlab_fingerprints_are_distinct() {
    let document = json(&sample_report(), Format::Gitlab);
    let prints: std::collections::BTreeSet<&str> = list(&document)
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(prints.len(), list(&document).len());
}

#[test]
fn junit_is_well_formed() {
    for report in [sample_report(), empty_report(), clean_report()] {
        let text = rendered(&report, Format::Junit);
        let mut open: Vec<&str> = Vec::new();
        for tag in text
            .split('<')
            .skip(2)
            .map(|tag| tag.split_once('>').unwrap().0)
        {
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name));
            } else if !tag.ends_with('/') {
                open.push(tag.split(' ').next().unwrap());
            }
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        }
        assert!(open.is_empty());
    }
}

#[test]
fn a_report_read_back_renders_the_same() {
    let report = sample_report();
    let read = preop::render::json::read(&rendered(&report, Format::Json)).unwrap();
    for format in Format::ALL {
        assert!(
            rendered(&read, format) == rendered(&report, format),
            "{}",
            format.as_str()
        );
    }
}

#[test]
fn reports_that_are_none_are_refused() {
    let text = rendered(&sample_report(), Format::Json);
    for (what, text) in [
        ("not JSON", "not a report".to_owned()),
        ("kind", text.replace("\"ReadinessReport\"", "\"Rule\"")),
        (
            "path",
            text.replace("\"backend/app/config.py\"", "\"../../etc/passwd\""),
        ),
        ("severity", text.replace("\"critical\"", "\"terrible\"")),
    ] {
        assert!(preop::render::json::read(&text).is_err(), "{what}");
    }
}
