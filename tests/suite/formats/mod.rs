//! One report in every format: snapshots, and what must hold whatever they say.

mod sample;

use preop::model::{Report, Status};
use preop::render::{Format, Style, render};
use sample::{clean_report, empty_report, sample_report};

fn rendered(report: &Report, format: Format) -> String {
    styled(report, format, Style::default())
}

fn styled(report: &Report, format: Format, style: Style) -> String {
    let mut out = Vec::new();
    render(report, format, &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
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
