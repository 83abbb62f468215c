//! Attestations: what no scanner can see, the list of it, and who has stated what.
//!
//! A statement changes the wording of the verdict and a line of the checklist, never the score. One
//! that is malformed, unknown or expired is as if it were absent, and that is said.

#[cfg(test)]
mod tests;
mod vendors;

pub use vendors::{Vendor, vendors};

use super::day::is_date;
use super::{AttestationEntry, Config};
use crate::model::{Attestation, ChecklistItem, ChecklistState, Statement};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The list, as written.
const LIST: &str = include_str!("list.yaml");

/// Something that only a person can state.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What people write in the configuration.
    pub id: String,
    /// Area of the checklist.
    pub area: String,
    /// A sentence that is true once it is so.
    #[serde(rename = "item")]
    pub sentence: String,
    /// Rules that see a part of it, or families of them with a final `*`.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Requirements of HIPAA.
    #[serde(default)]
    pub controls: Vec<String>,
}

/// The manifest around the list. Its envelope is read so that a misspelt key is an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct List {
    #[serde(rename = "apiVersion")]
    _api_version: super::ApiVersion,
    #[serde(rename = "kind")]
    _kind: ListKind,
    #[serde(rename = "metadata")]
    _metadata: std::collections::BTreeMap<String, String>,
    spec: Vec<Item>,
}

#[derive(Deserialize)]
enum ListKind {
    #[serde(rename = "AttestationList")]
    List,
}

static ITEMS: LazyLock<Vec<Item>> = LazyLock::new(|| {
    // A test reads the list; a build in which it cannot be read does not leave this house.
    serde_saphyr::from_str::<List>(LIST).map_or_else(|_| Vec::new(), |list| list.spec)
});

/// Everything that only a person can state, in order of area.
pub fn items() -> &'static [Item] {
    &ITEMS
}

/// The item that is stated for each vendor apart.
const BY_VENDOR: &str = "baa-signed";

/// One line of the checklist for every item, and what does not hold, as sentences.
///
/// `open` names the rules that have an open finding: an item shows those it has to do with. The
/// agreement with vendors has a line for each of `vendors`, and for each that a statement names.
pub fn checklist(
    config: Option<&Config>,
    as_of: Option<&str>,
    open: &BTreeSet<&str>,
    vendors: &[Vendor],
) -> (Vec<ChecklistItem>, Vec<String>) {
    let entries = config.map_or(&[][..], |config| &config.spec.attestations);
    let mut said = Vec::new();
    let mut held: Vec<&AttestationEntry> = Vec::new();
    let mut broken: Vec<&AttestationEntry> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        match weakness(entry, as_of) {
            None => held.push(entry),
            Some(why) => {
                said.push(format!(
                    "configuration, attestation {} states nothing: {why}",
                    index + 1
                ));
                broken.push(entry);
            }
        }
    }
    let dated = entries
        .iter()
        .filter(|entry| entry.expires.is_some())
        .count();
    if as_of.is_none() && dated > 0 {
        let noun = if dated == 1 {
            "attestation"
        } else {
            "attestations"
        };
        said.push(format!(
            "no date was given, so the expiry of {dated} {noun} was not checked"
        ));
    }
    let word = Word { held, broken, open };
    let lines = items()
        .iter()
        .flat_map(|item| match item.id.as_str() {
            BY_VENDOR => agreements(item, &word, vendors),
            _ => vec![word.line(item, None)],
        })
        .collect();
    (lines, said)
}

/// The agreement with each vendor: those that the repository shows, and those that people name.
fn agreements(item: &Item, word: &Word<'_>, vendors: &[Vendor]) -> Vec<ChecklistItem> {
    let is = |name: &str| {
        let name = name.to_lowercase();
        move |vendor: &Vendor| vendor.name.to_lowercase() == name
    };
    let mut all: Vec<Vendor> = vendors.to_vec();
    for name in word.held.iter().filter_map(|entry| entry.vendor()) {
        if !all.iter().any(is(name)) {
            all.push(Vendor {
                name: name.to_owned(),
                does: "named by a statement".to_owned(),
                place: String::new(),
            });
        }
    }
    if all.is_empty() {
        return vec![word.line(item, None)];
    }
    all.iter()
        .map(|vendor| word.line(item, Some(vendor)))
        .collect()
}

/// What people have stated.
struct Word<'a> {
    held: Vec<&'a AttestationEntry>,
    broken: Vec<&'a AttestationEntry>,
    open: &'a BTreeSet<&'a str>,
}

impl Word<'_> {
    /// The line of an item, or of one vendor of it.
    fn line(&self, item: &Item, vendor: Option<&Vendor>) -> ChecklistItem {
        let speaks = |entry: &&&AttestationEntry| {
            let own = entry.vendor().is_none_or(|name| {
                vendor.is_some_and(|vendor| vendor.name.to_lowercase() == name.to_lowercase())
            });
            entry.id == item.id && own
        };
        // Where several statements speak of one item, all of them have to hold.
        let broken = self.broken.iter().any(|entry| speaks(&entry));
        let statements: Vec<Statement> = self
            .held
            .iter()
            .filter(|entry| !broken && speaks(entry))
            .map(|entry| statement(entry))
            .collect();
        let mut line = line(item, statements, self.open);
        if let Some(vendor) = vendor {
            line.item = format!(
                "A business associate agreement with {} ({}) is signed, or no patient data reaches it",
                vendor.name, vendor.does
            );
            if line.state == ChecklistState::Manual && !vendor.place.is_empty() {
                line.note = format!("seen at {}", vendor.place);
            }
            if let Some(attestation) = &mut line.attestation {
                attestation.vendor = Some(vendor.name.clone());
            }
        }
        line
    }
}

fn line(item: &Item, statements: Vec<Statement>, open: &BTreeSet<&str>) -> ChecklistItem {
    let said: Vec<String> = statements
        .iter()
        .map(|statement| {
            let until = statement
                .expires
                .as_deref()
                .map_or(String::new(), |day| format!(", until {day}"));
            format!(
                "{}, {}, {}{until}",
                statement.by, statement.date, statement.evidence
            )
        })
        .collect();
    ChecklistItem {
        area: item.area.clone(),
        item: item.sentence.clone(),
        state: if statements.is_empty() {
            ChecklistState::Manual
        } else {
            ChecklistState::Attested
        },
        rules: open
            .iter()
            .filter(|rule| item.rules.iter().any(|pattern| names(pattern, rule)))
            .map(|rule| (*rule).to_owned())
            .collect(),
        note: said.join("; "),
        attestation: Some(Attestation {
            id: item.id.clone(),
            vendor: None,
            controls: item.controls.clone(),
            statements,
        }),
    }
}

fn names(pattern: &str, rule: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(family) => rule.starts_with(family),
        None => rule == pattern,
    }
}

fn statement(entry: &AttestationEntry) -> Statement {
    Statement {
        by: entry.by.trim().to_owned(),
        date: entry.date.clone(),
        evidence: entry.evidence.trim().to_owned(),
        expires: entry.expires.clone(),
    }
}

/// Why a statement does not hold; `None` if it does.
fn weakness(entry: &AttestationEntry, as_of: Option<&str>) -> Option<String> {
    let id = &entry.id;
    if !items().iter().any(|item| item.id == *id) {
        let known = items().iter().map(|item| item.id.as_str());
        let meant = crate::manifest::closest(id, known)
            .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Some(format!("there is no attestation `{id}`{meant}"));
    }
    if let Some(vendor) = entry.vendor().filter(|_| entry.id != BY_VENDOR) {
        return Some(format!(
            "`{id}` names the vendor `{vendor}`, but only `{BY_VENDOR}` is stated for each vendor"
        ));
    }
    for (word, text) in [("by", &entry.by), ("evidence", &entry.evidence)] {
        if text.trim().is_empty() {
            return Some(format!("`{id}` has an empty `{word}`"));
        }
    }
    for day in std::iter::once(&entry.date).chain(&entry.expires) {
        if !is_date(day) {
            return Some(format!(
                "`{id}` names `{day}`, which is no date of the form YYYY-MM-DD"
            ));
        }
    }
    let today = as_of?;
    if today < entry.date.as_str() {
        return Some(format!(
            "`{id}` is dated {}, after the day of this report",
            entry.date
        ));
    }
    let expires = entry.expires.as_deref()?;
    (today > expires).then(|| format!("`{id}` expired on {expires} and is open again"))
}
