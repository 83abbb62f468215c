//! Statements that hold, that ended, and that never were.

use super::*;

fn config(entries: &str) -> Config {
    let text = format!("apiVersion: preop.dev/v1\nkind: Config\nspec:\n  attestations:\n{entries}");
    Config::parse(&text).unwrap()
}

const DRILL: &str = "    - {id: backup-restore-drill, by: J. Roe, date: 2026-10-01, evidence: OPS-12, expires: 2026-12-31}\n";

fn state(lines: &[ChecklistItem], id: &str) -> ChecklistState {
    let own = |item: &&ChecklistItem| item.attestation.as_ref().is_some_and(|a| a.id == id);
    lines.iter().find(own).unwrap().state
}

#[test]
fn the_list_can_be_read_and_is_in_order() {
    serde_saphyr::from_str::<List>(LIST).unwrap();
    let ids: BTreeSet<&str> = items().iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids.len(), items().len(), "every id stands once");
    assert!(items().len() >= 50);
    for item in items() {
        assert!(!item.sentence.ends_with('.'), "{}", item.id);
        for control in &item.controls {
            assert!(control.starts_with("164."), "{}: {control}", item.id);
        }
    }
}

#[test]
fn a_statement_holds_until_its_last_day() {
    let config = config(DRILL);
    for (day, want) in [
        (None, ChecklistState::Attested),
        (Some("2026-12-31"), ChecklistState::Attested),
        (Some("2027-01-01"), ChecklistState::Manual),
        (Some("2026-09-30"), ChecklistState::Manual),
    ] {
        let (lines, said) = checklist(Some(&config), day, &BTreeSet::new(), &[]);
        assert_eq!(state(&lines, "backup-restore-drill"), want, "{day:?}");
        assert_eq!(said.is_empty(), day == Some("2026-12-31"), "{said:?}");
        assert_eq!(lines.len(), items().len());
    }
}

#[test]
fn what_does_not_hold_is_said() {
    for (entry, words) in [
        (
            "    - {id: backup-restore-dril, by: J, date: 2026-10-01, evidence: E}\n",
            "did you mean `backup-restore-drill`?",
        ),
        (
            "    - {id: cdn, by: ' ', date: 2026-10-01, evidence: E}\n",
            "empty `by`",
        ),
        (
            "    - {id: cdn, by: J, date: yesterday, evidence: E}\n",
            "no date",
        ),
        (
            "    - {id: cdn, by: J, date: 2026-10-01, evidence: E, expires: 2026-11-01}\n",
            "expired on 2026-11-01",
        ),
    ] {
        let (_, said) = checklist(
            Some(&config(entry)),
            Some("2026-11-22"),
            &BTreeSet::new(),
            &[],
        );
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains(words), "{said:?}");
    }
}

#[test]
fn of_several_statements_all_have_to_hold() {
    let two = "    - {id: baa-signed, by: J, date: 2026-10-01, evidence: vendor A}\n    \
               - {id: baa-signed, by: J, date: 2026-10-01, evidence: vendor B, expires: 2026-11-01}\n";
    let (lines, _) = checklist(
        Some(&config(two)),
        Some("2026-10-15"),
        &BTreeSet::new(),
        &[],
    );
    assert_eq!(state(&lines, "baa-signed"), ChecklistState::Attested);
    let (lines, _) = checklist(
        Some(&config(two)),
        Some("2026-11-22"),
        &BTreeSet::new(),
        &[],
    );
    assert_eq!(state(&lines, "baa-signed"), ChecklistState::Manual);
}

#[test]
fn an_item_names_the_open_rules_it_has_to_do_with() {
    let open = BTreeSet::from(["secret-private-key", "authn-missing"]);
    let (lines, _) = checklist(None, None, &open, &[]);
    let rotation = lines
        .iter()
        .find(|line| line.attestation.as_ref().unwrap().id == "secrets-rotation")
        .unwrap();
    assert_eq!(rotation.rules, ["secret-private-key"]);
}

#[test]
fn each_vendor_has_a_line_and_a_statement_of_its_own() {
    let vendor = |name: &str| Vendor {
        name: name.to_owned(),
        does: "mail".to_owned(),
        place: "package.json:3".to_owned(),
    };
    let vendors = [vendor("OpenAI"), vendor("Twilio")];
    let states = |config: Option<&Config>| -> Vec<(String, ChecklistState)> {
        let (lines, said) = checklist(config, None, &BTreeSet::new(), &vendors);
        assert!(said.is_empty(), "{said:?}");
        let own = |line: ChecklistItem| Some((line.attestation?.vendor?, line.state));
        lines.into_iter().filter_map(own).collect()
    };
    use ChecklistState::{Attested, Manual};
    let all = |first, second| vec![("OpenAI".to_owned(), first), ("Twilio".to_owned(), second)];
    assert_eq!(states(None), all(Manual, Manual));
    let one = "    - {id: baa-signed, vendor: twilio, by: J, date: 2026-10-01, evidence: E}\n";
    assert_eq!(states(Some(&config(one))), all(Manual, Attested));
    let every = "    - {id: baa-signed, by: J, date: 2026-10-01, evidence: E}\n";
    assert_eq!(states(Some(&config(every))), all(Attested, Attested));
    let further = "    - {id: baa-signed, vendor: Acme, by: J, date: 2026-10-01, evidence: E}\n";
    let mut want = all(Manual, Manual);
    want.push(("Acme".to_owned(), Attested));
    assert_eq!(states(Some(&config(further))), want);
    let stray = "    - {id: cdn, vendor: Acme, by: J, date: 2026-10-01, evidence: E}\n";
    let (_, said) = checklist(Some(&config(stray)), None, &BTreeSet::new(), &vendors);
    assert!(said[0].contains("only `baa-signed`"), "{said:?}");
}
