//! The page in a real browser: filters from the keyboard, light and dark, print, no network, no
//! script, names and contrast.
//!
//! Where no Chromium is installed the tests say so and pass; `.ci/run` installs one.

mod drive;

use super::rendered;
use super::sample::{HOSTILE, sample_report};
use drive::Browser;
use preop::render::Format;
use serde_json::{Value, json};

/// What runs in the page to look at it; the page itself runs nothing.
const CHECKS: &str = include_str!("checks.js");

fn opened() -> Option<Browser> {
    Browser::open(&rendered(&sample_report(), Format::Html))
}

/// Numbers of the issues that can be seen.
fn visible(browser: &mut Browser) -> Vec<String> {
    let seen = browser.evaluate(
        "JSON.stringify([...document.querySelectorAll('.issue')].filter(e => e.checkVisibility()).map(e => e.dataset.severity + ' ' + e.dataset.status))",
    );
    serde_json::from_str(seen.as_str().expect("text")).expect("a list")
}

fn checked(browser: &mut Browser) -> Value {
    let found = browser.evaluate(&format!("({CHECKS})()"));
    serde_json::from_str(found.as_str().expect("text")).expect("JSON")
}

#[test]
fn filters_work_from_the_keyboard() {
    let Some(mut browser) = opened() else { return };
    let all = visible(&mut browser);
    assert!(
        all.iter().any(|issue| issue.starts_with("critical ")),
        "{all:?}"
    );
    assert!(
        all.iter().any(|issue| issue.ends_with(" waived")),
        "{all:?}"
    );
    let names = browser.evaluate(
        "JSON.stringify([...document.querySelectorAll('.filters input')].map(e => e.id))",
    );
    let names: Vec<String> = serde_json::from_str(names.as_str().expect("text")).expect("a list");
    for kind in ["severity", "status", "category", "service"] {
        assert!(
            names.iter().any(|name| name.starts_with(kind)),
            "{kind}: {names:?}"
        );
    }
    for name in &names {
        browser.tab_to(&format!("#{name}"));
        browser.press(" ", "Space", 32);
        let (kind, value) = name.split_once('-').expect("a kind and a value");
        let left = browser.evaluate(&format!(
            "[...document.querySelectorAll('.issue[data-{kind}=\"{value}\"]')].filter(e => e.checkVisibility()).length"
        ));
        assert_eq!(left, json!(0), "{name} hides its issues");
        let shown = browser
            .evaluate("getComputedStyle(document.querySelector('.shown'), '::before').content");
        assert!(shown.as_str().expect("text").contains("shown"), "{shown}");
        assert!(visible(&mut browser).len() < all.len(), "{name}");
        browser.press(" ", "Space", 32);
        assert_eq!(visible(&mut browser), all, "{name} shows them again");
    }
    browser.tab_to("#severity-critical");
    browser.press(" ", "Space", 32);
    browser.tab_to(".filters button");
    browser.press("Enter", "Enter", 13);
    assert_eq!(visible(&mut browser), all, "the button shows all");
}

#[test]
fn an_issue_opens_from_the_keyboard_and_the_first_key_skips_to_them() {
    let Some(mut browser) = opened() else { return };
    browser.press("Tab", "Tab", 9);
    let first = browser.evaluate("document.activeElement.getAttribute('href')");
    assert_eq!(first, "#issues");
    let closed = "[...document.querySelectorAll('.issue')].find(e => !e.open).id";
    let id = browser.evaluate(closed);
    let id = id
        .as_str()
        .filter(|id| !id.is_empty())
        .expect("a closed issue")
        .to_owned();
    browser.tab_to(&format!("#{id} > summary"));
    browser.press("Enter", "Enter", 13);
    let body = browser.evaluate(&format!(
        "document.querySelector('#{id} .body').checkVisibility()"
    ));
    assert_eq!(body, json!(true), "{id}");
}

#[test]
fn names_roles_order_and_contrast_hold_in_light_and_dark() {
    let Some(mut browser) = opened() else { return };
    let mut grounds = Vec::new();
    for (scheme, width) in [
        ("light", 1280),
        ("dark", 1280),
        ("light", 400),
        ("dark", 400),
    ] {
        browser.look(scheme, "screen", width);
        browser.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)");
        let found = checked(&mut browser);
        assert_eq!(found["problems"], json!([]), "{scheme} {width}");
        assert!(found["texts"].as_u64().expect("a number") > 100, "{found}");
        grounds.push(found["ground"].clone());
    }
    assert_ne!(grounds[0], grounds[1], "dark is dark");
}

#[test]
fn the_checks_find_what_is_wrong() {
    let page = rendered(&sample_report(), Format::Html);
    for (from, to, words) in [
        (
            "--faint: light-dark(#5b6675",
            "--faint: light-dark(#b9c2cf",
            "contrast",
        ),
        ("<legend>Severity</legend>", "", "a group without a name"),
        ("<h2>", "<h4>", "a level of headings is skipped"),
        ("lang=\"en\"", "", "no language"),
    ] {
        let worse = page.replacen(from, to, 1);
        assert_ne!(page, worse, "{from}");
        let Some(mut browser) = Browser::open(&worse) else {
            return;
        };
        let problems = checked(&mut browser)["problems"].to_string();
        assert!(problems.contains(words), "{words}: {problems}");
    }
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let page = rendered(&sample_report(), Format::Html);
    let planted = page.replace(
        "</main>",
        "<script>document.title = 'acted'</script><img src='http://192.0.2.1/x.png' onerror=\"document.title='acted'\"></main>",
    );
    assert_ne!(page, planted);
    let Some(mut browser) = Browser::open(&planted) else {
        return;
    };
    let title = browser.evaluate("document.title");
    assert!(
        title
            .as_str()
            .expect("text")
            .starts_with("Production readiness"),
        "{title}"
    );
    let requests = browser.requests();
    assert!(
        requests.iter().all(|address| address.starts_with("file:")),
        "{requests:?}"
    );
    let Some(mut browser) = opened() else { return };
    let active = "document.querySelectorAll('script, iframe, object, embed, link, img, [onclick], [onerror], base').length";
    assert_eq!(browser.evaluate(active), json!(0));
    let text = browser.evaluate("document.body.innerText");
    assert!(
        text.as_str()
            .expect("text")
            .contains("<script>alert(1)</script>"),
        "shown as text: {HOSTILE}"
    );
    assert_eq!(browser.requests().len(), 1, "the page and nothing else");
}

#[test]
fn print_shows_every_issue_and_no_controls() {
    let Some(mut browser) = opened() else { return };
    browser.look("dark", "print", 800);
    let found = browser.evaluate(
        "JSON.stringify({filters: document.querySelector('.filters').checkVisibility(), closed: [...document.querySelectorAll('.issue')].filter(e => !e.querySelector('.body').getBoundingClientRect().height).length, ground: getComputedStyle(document.body).backgroundColor})",
    );
    let found: Value = serde_json::from_str(found.as_str().expect("text")).expect("JSON");
    assert_eq!(
        found,
        json!({"filters": false, "closed": 0, "ground": "rgb(255, 255, 255)"})
    );
    assert!(browser.pdf().starts_with("JVBERi0"), "a PDF in base64");
}

#[test]
fn the_score_and_the_steps_up_are_those_of_the_report() {
    let Some(mut browser) = opened() else { return };
    let report = sample_report();
    let text = browser.evaluate("document.body.innerText");
    let text = text.as_str().expect("text");
    assert!(text.contains(report.score.verdict.as_str()));
    let rows = browser.evaluate("JSON.stringify([...document.querySelectorAll('[aria-label=\"The way up\"] tbody tr')].map(r => [...r.cells].map(c => c.innerText.trim())))");
    let rows: Vec<Vec<String>> = serde_json::from_str(rows.as_str().expect("text")).expect("rows");
    assert_eq!(rows.len(), 1 + report.score.what_if.len());
    for (row, step) in rows.iter().skip(1).zip(&report.score.what_if) {
        assert_eq!(row[1], step.score.expect("a score").to_string());
        assert_eq!(row[3], step.verdict.as_str());
    }
}
