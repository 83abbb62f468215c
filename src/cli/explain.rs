//! `preop explain`: the page of one rule.

use super::args::RuleArgs;
use super::terminal::Terminal;
use super::{Failure, library, write_out};
use preop::model::RuleCard;
use preop::rule::Rule;

/// Prints the page of `name`.
pub(crate) fn run(name: &str, args: &RuleArgs, terminal: &Terminal) -> Result<u8, Failure> {
    let chosen = library::choose_with_examples(args, None)?;
    let known: Vec<&str> = chosen
        .rules
        .rules
        .iter()
        .map(|rule| rule.card.name.as_str())
        .collect();
    let rule = chosen.rules.rule(name).ok_or_else(|| {
        Failure::usage(
            format!("there is no rule `{name}`"),
            library::suggestion(name, &known),
        )
    })?;
    write_out(page(rule, terminal.width).as_bytes())?;
    Ok(0)
}

/// What a rule is, as text.
fn page(rule: &Rule, width: usize) -> String {
    let card = &rule.card;
    let width = width.min(100);
    let mut out = format!(
        "{}\n{}\n\n",
        card.title,
        "=".repeat(card.title.chars().count())
    );
    for (label, value) in facts(card) {
        out.push_str(&format!("{label:<12} {value}\n"));
    }
    section(&mut out, "Why it matters", &card.rationale, width);
    section(&mut out, "What to do", &card.remediation, width);
    if let Some(verify) = &card.verify {
        section(&mut out, "How to check", verify, width);
    }
    if let Some(when) = &rule.when {
        section(&mut out, "Applies when", &when.source(), width);
    }
    let adjusted: Vec<String> = rule.adjust.iter().map(adjustment).collect();
    list(&mut out, "Changes of severity", &adjusted);
    for (word, bad) in [("Found here", true), ("Not found here", false)] {
        let Some(example) = rule
            .examples
            .iter()
            .find(|example| example.bad.is_some() == bad)
        else {
            continue;
        };
        out.push_str(&format!("\n{word} ({})\n\n", example.name.value));
        for (path, text) in example.bad.iter().chain(&example.good).flatten() {
            out.push_str(&format!("    # {path}\n"));
            for line in text.lines() {
                out.push_str(&format!("    {line}\n"));
            }
        }
    }
    let controls: Vec<String> = card.controls.iter().map(control).collect();
    list(&mut out, "Controls", &controls);
    list(&mut out, "References", &card.references);
    out
}

fn facts(card: &RuleCard) -> Vec<(&'static str, String)> {
    vec![
        ("rule", card.name.clone()),
        ("category", card.category.clone()),
        ("severity", card.severity.to_string()),
        ("confidence", card.confidence.to_string()),
        ("threatens", card.theme.clone()),
        ("effort", format!("{} minutes for one", card.effort_minutes)),
    ]
}

fn adjustment(adjust: &preop::rule::Adjust) -> String {
    let mut to = Vec::new();
    to.extend(
        adjust
            .severity
            .map(|severity| format!("severity {severity}")),
    );
    to.extend(
        adjust
            .confidence
            .map(|confidence| format!("confidence {confidence}")),
    );
    format!("{}: {}", to.join(", "), adjust.because)
}

fn control(control: &preop::model::Control) -> String {
    let mut out = format!("{} {}", control.standard, control.id);
    for extra in [&control.kind, &control.relation].into_iter().flatten() {
        out.push_str(&format!(", {extra}"));
    }
    out
}

fn section(out: &mut String, heading: &str, text: &str, width: usize) {
    out.push_str(&format!("\n{heading}\n\n"));
    for paragraph in text.split("\n\n") {
        out.push_str(&wrap(paragraph, width.saturating_sub(2)));
    }
}

fn list(out: &mut String, heading: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    out.push_str(&format!("\n{heading}\n\n"));
    for item in items {
        out.push_str(&format!("  - {item}\n"));
    }
}

/// Fills lines of at most `width` characters, indented by two.
fn wrap(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            out.push_str(&format!("  {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        out.push_str(&format!("  {line}\n"));
    }
    out
}
