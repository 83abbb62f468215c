//! The checklist of the launch, by area: what is in place, what is not, what a person has to say.

use super::doc::{Doc, code, text};
use super::{Audit, numbers};
use crate::model::{ChecklistItem, ChecklistState, Issue};

pub(super) fn section(doc: &mut Doc, audit: &Audit<'_>) {
    doc.heading(2, "Production readiness checklist");
    let items = &audit.report.checklist;
    if items.is_empty() {
        doc.paragraph("Left out: the report carries no checklist.");
        return;
    }
    let mut areas: Vec<&str> = Vec::new();
    for item in items {
        if !areas.contains(&item.area.as_str()) {
            areas.push(&item.area);
        }
    }
    doc.paragraph(
        "`[x]` is in place or attested, `[ ]` is not, `[?]` cannot be determined. Behind each stand the place, the \
         issue, or the name under which a person attests it in `preop.yaml`.",
    );
    for area in areas {
        doc.heading(3, &text(area));
        let own = items.iter().filter(|item| item.area == area);
        let (absent, shown): (Vec<&ChecklistItem>, Vec<&ChecklistItem>) =
            own.partition(|item| item.state == ChecklistState::NotApplicable);
        doc.list(shown.into_iter().map(|item| line(audit, item)));
        if !absent.is_empty() {
            let names: Vec<String> = absent.iter().map(|item| text(&item.item)).collect();
            doc.paragraph(&format!("Does not apply here: {}.", names.join("; ")));
        }
    }
}

fn line(audit: &Audit<'_>, item: &ChecklistItem) -> String {
    let (mark, what) = match item.state {
        ChecklistState::Pass => ("[x]", ""),
        ChecklistState::Attested => ("[x]", "attested"),
        ChecklistState::Fail => ("[ ]", ""),
        ChecklistState::Unknown => ("[?]", "cannot be determined"),
        ChecklistState::Manual => ("[ ]", "to attest"),
        ChecklistState::NotApplicable => ("[-]", "does not apply"),
    };
    let own: Vec<&Issue<'_>> = audit
        .issues
        .iter()
        .filter(|i| item.rules.iter().any(|rule| rule == i.rule))
        .collect();
    let mut notes: Vec<String> = Vec::new();
    let id = item
        .attestation
        .as_ref()
        .map(|attestation| code(&attestation.id));
    notes.extend((!what.is_empty()).then(|| match id {
        Some(id) => format!("{what}, {id}"),
        None => what.to_owned(),
    }));
    notes.extend((!item.note.is_empty()).then(|| text(&item.note)));
    notes.extend((!own.is_empty()).then(|| numbers(own)));
    let notes = if notes.is_empty() {
        String::new()
    } else {
        format!(" ({})", notes.join("; "))
    };
    format!("{mark} {}{notes}", text(&item.item))
}
