//! What the changes to the HIPAA Security Rule proposed in 2025 would mean here: shown only when
//! asked for, always called proposed, and without any effect on the score.

use super::doc::{Doc, cell};
use super::{Audit, numbers, system};
use crate::model::{ChecklistState, Issue};

/// The proposal, as people cite it.
const SOURCE: &str = "90 FR 898, 6 January 2025, RIN 0945-AA22, <https://www.federalregister.gov/documents/2025/01/06/2024-30983/>";
/// What was known of it, and when.
const STATUS: &str = "not final as far as sources of September 2026 show";

/// What is proposed, in our words; which rules see a part of it; which attestations speak to it.
struct Row {
    about: &'static str,
    proposed: &'static str,
    rules: &'static [&'static str],
    attestations: &'static [&'static str],
}

const ROWS: [Row; 13] = [
    Row {
        about: "Inventory and network map",
        proposed: "a written inventory of technology and a map of the flow of patient data, renewed every 12 months and on change",
        rules: &["ops-risk-analysis-missing", "ops-vendor-register-missing"],
        attestations: &[],
    },
    Row {
        about: "Risk analysis in detail",
        proposed: "written, built on the inventory, with likelihood and impact of each threat",
        rules: &["ops-risk-analysis-missing"],
        attestations: &["risk-analysis"],
    },
    Row {
        about: "Encryption",
        proposed: "of patient data at rest and in transit, with few exceptions",
        rules: &[
            "hipaa-encryption-at-rest",
            "iac-encryption-disabled",
            "phi-over-cleartext",
            "backing-service-cleartext",
            "tls-not-enforced",
        ],
        attestations: &["tls-edge"],
    },
    Row {
        about: "Multi-factor authentication",
        proposed: "for access to systems with patient data, with few exceptions",
        rules: &["authn-missing", "auth-primitives-weak"],
        attestations: &["mfa-enforced"],
    },
    Row {
        about: "Scans and penetration tests",
        proposed: "a vulnerability scan every 6 months, a penetration test every 12",
        rules: &["ci-no-vulnerability-scanning"],
        attestations: &["pentest"],
    },
    Row {
        about: "Patches in time",
        proposed: "critical ones within 15 days, high ones within 30",
        rules: &[
            "config-runtime-eol",
            "config-floating-dependency",
            "ci-no-vulnerability-scanning",
        ],
        attestations: &[],
    },
    Row {
        about: "Restore within 72 hours",
        proposed: "written procedures to restore critical systems and data, ranked by criticality",
        rules: &["ops-dr-plan-missing", "db-backup-unverified"],
        attestations: &["backup-restore-drill", "dr-approved"],
    },
    Row {
        about: "Backup apart",
        proposed: "technical controls of their own for backup and recovery",
        rules: &["db-backup-missing", "iac-recovery-disabled"],
        attestations: &["backup-restore-drill"],
    },
    Row {
        about: "Segments, ports, extra software",
        proposed: "network segments, protection from malware, no extraneous software, unused ports off, one configuration",
        rules: &[
            "k8s-no-network-policy",
            "compose-datastore-port-exposed",
            "iac-public-exposure",
            "docker-runs-as-root",
        ],
        attestations: &[],
    },
    Row {
        about: "End of access",
        proposed: "notice of changed access within 24 hours, and no access for those who left after an hour",
        rules: &["hipaa-access-model-missing", "hipaa-session-timeout"],
        attestations: &["access-review"],
    },
    Row {
        about: "Incident response",
        proposed: "a written plan, tested",
        rules: &["ops-incident-plan-missing"],
        attestations: &["postmortem-process"],
    },
    Row {
        about: "Yearly audit",
        proposed: "an audit against the rule every 12 months",
        rules: &[],
        attestations: &["hipaa-audit"],
    },
    Row {
        about: "Vendors verified",
        proposed: "written verification of each business associate every year, and notice within 24 hours when a contingency plan starts",
        rules: &["phi-vendor-baa", "ops-vendor-register-missing"],
        attestations: &["baa-signed"],
    },
];

/// The kind of a safeguard as the proposal would have it.
pub(super) fn kind(audit: &Audit<'_>, kind: &str) -> String {
    if audit.style.proposed && kind == "addressable" {
        "addressable (proposed: required)".to_owned()
    } else {
        kind.to_owned()
    }
}

pub(super) fn section(doc: &mut Doc, audit: &Audit<'_>) {
    if !audit.style.proposed {
        return;
    }
    doc.heading(3, "Proposed in 2025, not law");
    doc.paragraph(&format!(
        "Proposed changes to the HIPAA Security Rule ({SOURCE}), {STATUS}. Nothing of this table counts for score, \
         gates or verdict. The proposal would also end the difference between required and addressable, with limited \
         exceptions."
    ));
    let rows: Vec<Vec<String>> = ROWS.iter().map(|row| line(audit, row)).collect();
    doc.table(
        &[
            "About",
            "Proposed",
            "Here today",
            "Open issues",
            "To attest",
        ],
        &rows,
    );
}

fn line(audit: &Audit<'_>, row: &Row) -> Vec<String> {
    let open: Vec<&Issue<'_>> = audit
        .issues
        .iter()
        .filter(|issue| row.rules.contains(&issue.rule))
        .collect();
    let applies = row
        .rules
        .iter()
        .any(|rule| system::standing_of(audit, rule).is_some());
    let items = audit.report.checklist.iter().filter_map(|item| {
        let id = item.attestation.as_ref()?.id.as_str();
        row.attestations.contains(&id).then_some((id, item.state))
    });
    let items: Vec<(&str, ChecklistState)> = items.collect();
    let attested = !items.is_empty()
        && items
            .iter()
            .all(|(_, state)| *state == ChecklistState::Attested);
    let status = match (open.is_empty(), applies, attested) {
        (false, ..) => "**counter-evidence found**",
        (true, _, true) => "attested",
        (true, true, false) => "nothing against it visible",
        (true, false, false) => "not visible to static analysis",
    };
    let waiting: Vec<String> = row
        .attestations
        .iter()
        .filter(|id| {
            items
                .iter()
                .any(|(own, state)| own == *id && *state == ChecklistState::Manual)
        })
        .map(|id| format!("`{id}`"))
        .collect();
    vec![
        row.about.to_owned(),
        cell(row.proposed),
        status.to_owned(),
        numbers(open),
        if waiting.is_empty() {
            "–".to_owned()
        } else {
            waiting.join(", ")
        },
    ]
}
