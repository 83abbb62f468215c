//! One report in every format: snapshots, and what must hold whatever they say.

mod browser;
mod document;
mod harmless;
mod machines;
mod numbers;
mod sample;
mod stored;

use preop::model::{Report, Status};
use preop::render::{Format, Style, render};
use sample::{clean_report, empty_report, sample_report};
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
                ..Style::default()
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
                    ..Style::default()
                },
            );
            for line in text.lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }
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
            let summed = matches!(
                format,
                Format::Terminal | Format::Github | Format::Summary | Format::Comment
            );
            assert!(known || summed, "{}: {}", format.as_str(), finding.rule);
        }
        assert!(text.contains("data/export.json"), "{}", format.as_str());
    }
    for format in Format::ALL
        .into_iter()
        .filter(|format| !matches!(format, Format::Gitlab | Format::Summary))
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
fn rendering_twice_gives_the_same_bytes() {
    for format in Format::ALL {
        let style = Style {
            colour: true,
            width: 72,
            ..Style::default()
        };
        assert_eq!(
            styled(&sample_report(), format, style),
            styled(&sample_report(), format, style),
            "{}",
            format.as_str()
        );
    }
}
