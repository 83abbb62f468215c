//! Text from the audited repository cannot act, in any format.

use super::sample::sample_report;
use super::{rendered, styled};
use preop::render::{Format, Style};

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
            ..Style::default()
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

/// The line without its code spans, by the rule of `CommonMark`: a span ends at a run of as many
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
        if let Some(end) = end {
            rest = &inner[end..];
        } else {
            out.push_str(&from[..ticks]);
            rest = inner;
        }
    }
    out + rest
}
