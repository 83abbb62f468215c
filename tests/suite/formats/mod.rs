//! One report in every format: snapshots, and what must hold whatever they say.

mod sample;

use preop::model::{Report, Status};
use preop::render::{Format, Style, render};
use sample::{HOSTILE, clean_report, empty_report, sample_report};
use serde_json::Value;

fn rendered(report: &Report, format: Format) -> String {
    styled(report, format, Style::default())
}

fn styled(report: &Report, format: Format, style: Style) -> String {
    let mut out = Vec::new();
    render(report, format, &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn json(report: &Report, format: Format) -> Value {
    serde_json::from_str(&rendered(report, format)).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

#[test]
fn every_format_looks_as_reviewed() {
    let report = sample_report();
    for format in Format::ALL {
        insta::assert_snapshot!(format.as_str(), rendered(&report, format));
    }
}

#[test]
fn the_terminal_looks_as_reviewed_at_every_width() {
    let report = sample_report();
    for width in [50, 120] {
        let text = styled(
            &report,
            Format::Terminal,
            Style {
                colour: false,
                width,
            },
        );
        insta::assert_snapshot!(format!("terminal-{width}"), text);
    }
    insta::assert_snapshot!(
        "terminal-empty",
        rendered(&empty_report(), Format::Terminal)
    );
    insta::assert_snapshot!(
        "terminal-clean",
        rendered(&clean_report(), Format::Terminal)
    );
    insta::assert_snapshot!(
        "markdown-clean",
        rendered(&clean_report(), Format::Markdown)
    );
}

#[test]
fn terminal_lines_fit_the_terminal() {
    let report = sample_report();
    for width in [40, 60, 80, 120] {
        for format in [Format::Terminal, Format::Wide] {
            let text = styled(
                &report,
                format,
                Style {
                    colour: false,
                    width,
                },
            );
            for line in text.lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }
}

/// Is the character one that a reader cannot see, or that changes what is around it?
fn acts(c: char) -> bool {
    c.is_control() && c != '\n' || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
}

#[test]
fn no_text_from_the_repository_acts() {
    for format in Format::ALL {
        let text = rendered(&sample_report(), format);
        assert!(!text.contains(acts), "{}", format.as_str());
        assert!(!text.contains("##["), "{}", format.as_str());
        let commands = text
            .lines()
            .filter(|line| line.trim_start().starts_with("::"));
        for line in commands {
            let ours = ["::error file=", "::warning file=", "::notice title="];
            assert!(
                ours.iter().any(|start| line.starts_with(start)),
                "{}: {line}",
                format.as_str()
            );
        }
    }
}

#[test]
fn colour_is_ours_alone() {
    let text = styled(
        &sample_report(),
        Format::Wide,
        Style {
            colour: true,
            width: 100,
        },
    );
    let mut rest = text.as_str();
    let mut codes = 0;
    while let Some((_, after)) = rest.split_once('\u{1b}') {
        let end = after.find('m').unwrap();
        assert!(
            after[1..end]
                .chars()
                .all(|c| c.is_ascii_digit() || c == ';'),
            "{}",
            &after[..end]
        );
        assert!(after.starts_with('['));
        codes += 1;
        rest = &after[end..];
    }
    assert!(codes > 20);
    let plain: String = {
        let without = |text: &str| text.split_once('m').map(|(_, rest)| rest.to_owned());
        text.split("\u{1b}[")
            .enumerate()
            .map(|(index, part)| {
                if index == 0 {
                    part.to_owned()
                } else {
                    without(part).unwrap()
                }
            })
            .collect()
    };
    assert!(!plain.contains(acts));
}

#[test]
fn every_open_finding_and_every_gap_is_in_every_format() {
    let report = sample_report();
    let annotated = rendered(&report, Format::Github)
        .matches("::error file=")
        .count()
        + rendered(&report, Format::Github)
            .matches("::warning file=")
            .count();
    let open: Vec<_> = report
        .findings()
        .into_iter()
        .filter(|finding| finding.status == Status::Open)
        .collect();
    assert_eq!(annotated + 1, open.len(), "all but the one of severity low");
    for format in Format::ALL {
        let text = rendered(&report, format);
        for finding in &open {
            let plain = finding.location.path.as_str();
            let known =
                text.contains(plain) || plain.contains('\u{1b}') || text.contains(&finding.rule);
            let summed = matches!(format, Format::Terminal | Format::Github);
            assert!(known || summed, "{}: {}", format.as_str(), finding.rule);
        }
        assert!(text.contains("data/export.json"), "{}", format.as_str());
    }
    for format in Format::ALL
        .into_iter()
        .filter(|format| *format != Format::Gitlab)
    {
        assert!(
            rendered(&report, format).contains("backup-missing"),
            "{}",
            format.as_str()
        );
        let loosened = rendered(&report, format);
        assert!(
            loosened.contains("behind the ward proxy"),
            "{}",
            format.as_str()
        );
    }
}

#[test]
fn every_format_bears_an_audit_of_nothing() {
    for format in Format::ALL {
        let text = rendered(&empty_report(), format);
        let says = text.to_lowercase();
        let silent = matches!(
            format,
            Format::Gitlab | Format::Sarif | Format::Json | Format::Yaml
        );
        assert!(
            silent || says.contains("inconclusive") || says.contains("no answer"),
            "{text}"
        );
    }
    assert_eq!(
        json(&empty_report(), Format::Json)["status"]["score"],
        Value::Null
    );
}

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
    finding.location = sample::at("marker.yaml", u32::try_from(line).unwrap(), 1, 3, 7);
    let document = json(&report, Format::Sarif);
    let result = list(&document["runs"][0]["results"])
        .iter()
        .map(|result| &result["locations"][0]["physicalLocation"])
        .find(|place| place["artifactLocation"]["uri"] == "marker.yaml");
    assert_eq!(result.unwrap()["region"]["startLine"], 3);
}

#[test]
fn html_runs_nothing_and_loads_nothing() {
    let page = rendered(&sample_report(), Format::Html);
    for tag in [
        "<script",
        "<img",
        "<iframe",
        "<link",
        "<object",
        "javascript:alert(1)\"",
        "@import",
        "url(",
    ] {
        assert!(!page.contains(tag), "{tag}");
    }
    assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let targets = page.split("href=\"").skip(1);
    for target in targets {
        assert!(
            target.starts_with('#') || target.starts_with("https://"),
            "{}",
            &target[..30]
        );
    }
}

#[test]
fn markdown_shows_strangers_text_as_code_only() {
    let document = rendered(&sample_report(), Format::Markdown);
    let mut fence = None;
    for line in document.lines() {
        let ticks = line.chars().take_while(|c| *c == '`').count();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            Some(open) if ticks >= open => fence = None,
            Some(_) => {}
            None => {
                let prose = without_code(line);
                for act in ["<script", "![", "@team", "](", "](http"] {
                    assert!(!prose.contains(act), "{act} in {line}");
                }
            }
        }
    }
    assert_eq!(fence, None, "every block of code is closed");
}

/// The line without its code spans, by the rule of CommonMark: a span ends at a run of as many
/// backticks as it began with.
fn without_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let ticks = from.chars().take_while(|c| *c == '`').count();
        let inner = &from[ticks..];
        let mut at = 0;
        let end = loop {
            let Some(next) = inner[at..].find('`').map(|next| at + next) else {
                break None;
            };
            let run = inner[next..].chars().take_while(|c| *c == '`').count();
            if run == ticks {
                break Some(next + run);
            }
            at = next + run;
        };
        match end {
            Some(end) => rest = &inner[end..],
            None => {
                out.push_str(&from[..ticks]);
                rest = inner;
            }
        }
    }
    out + rest
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
fn rendering_twice_gives_the_same_bytes() {
    for format in Format::ALL {
        let style = Style {
            colour: true,
            width: 72,
        };
        assert_eq!(
            styled(&sample_report(), format, style),
            styled(&sample_report(), format, style),
            "{}",
            format.as_str()
        );
    }
}
